/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-turn.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct {
  AhoyTurn         *turn;
  GObject          *owner;
  AhoyConversation *one;
  AhoyConversation *two;
  GString          *log;       /* "due 1 2, thawed 1, news 1 hi, " */
  gboolean          let_go;    /* the owner goes when it is told */
  gboolean          touches;   /* who is told touches the first again */
  gboolean          was_shown; /* the window had heard of it before ending() was over */
} Fixture;

static guint64
number_of (AhoyConversation *conversation)
{
  return ahoy_conversation_get_target (conversation).room;
}

static guint
n_lines (AhoyConversation *conversation)
{
  return g_list_model_get_n_items (ahoy_conversation_get_messages (conversation));
}

static Fixture *
fixture_of (gpointer owner)
{
  return g_object_get_data (owner, "fixture");
}

static void
on_ending (GPtrArray *due,
           gpointer   owner)
{
  Fixture *f = fixture_of (owner);

  g_string_append (f->log, "due");
  for (guint i = 0; i < due->len; i++)
    g_string_append_printf (f->log, " %" G_GUINT64_FORMAT, number_of (due->pdata[i]));
  g_string_append (f->log, ", ");
  f->was_shown = n_lines (f->one) > 0;
  if (f->let_go)
    g_clear_object (&f->owner);
}

static void
on_thawed (AhoyConversation *conversation,
           gpointer          owner)
{
  Fixture *f = fixture_of (owner);

  g_string_append_printf (f->log, "thawed %" G_GUINT64_FORMAT ", ", number_of (conversation));
  if (f->touches)
    {
      f->touches = FALSE;
      ahoy_turn_touch (f->turn, f->one);
    }
}

static void
on_news (AhoyConversation *conversation,
         AhoyMessage      *message,
         gpointer          owner)
{
  g_string_append_printf (fixture_of (owner)->log, "news %" G_GUINT64_FORMAT " %s, ", number_of (conversation), ahoy_message_get_text (message));
}

static const AhoyTurnEvents events = { .ending = on_ending, .thawed = on_thawed, .news = on_news };

static void
on_owner_gone (gpointer data)
{
  Fixture *f = data;

  g_clear_pointer (&f->turn, ahoy_turn_free);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_data_full (f->owner, "fixture", f, on_owner_gone);
  f->turn = ahoy_turn_new (&events, f->owner);
  f->one = ahoy_conversation_new_room (1);
  f->two = ahoy_conversation_new_room (2);
  f->log = g_string_new (NULL);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_object (&f->owner);
  g_object_unref (f->one);
  g_object_unref (f->two);
  g_string_free (f->log, TRUE);
  g_free (f);
  return 0;
}

/* Returns: what was told in that; to be freed. */
static char *
iterate (Fixture *f)
{
  char *told;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  told = g_strdup (f->log->str);
  g_string_truncate (f->log, 0);
  return told;
}

static void
say (Fixture          *f,
     AhoyConversation *conversation,
     const char       *text)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("bob", ahoy_conversation_get_target (conversation), text, 0, 0, 0);

  ahoy_conversation_append (ahoy_turn_touch (f->turn, conversation), message, TRUE);
  ahoy_turn_announce (f->turn, conversation, message);
}

static void
turn_is_shown_at_its_end (void **state)
{
  Fixture         *f = *state;
  g_autofree char *told = NULL;
  g_autofree char *later = NULL;

  say (f, f->two, "a");
  say (f, f->one, "b");
  say (f, f->two, "c");
  assert_int_equal (n_lines (f->two), 0);
  told = iterate (f);
  assert_string_equal (told, "due, thawed 2, thawed 1, news 2 a, news 1 b, news 2 c, ");
  assert_false (f->was_shown);
  assert_int_equal (n_lines (f->two), 2);
  later = iterate (f);
  assert_string_equal (later, "");
}

static void
due_is_told_once_and_in_order (void **state)
{
  Fixture         *f = *state;
  g_autofree char *told = NULL;
  g_autofree char *again = NULL;

  ahoy_turn_set_due (f->turn, f->two);
  ahoy_turn_set_due (f->turn, f->one);
  ahoy_turn_set_due (f->turn, f->two);
  told = iterate (f);
  assert_string_equal (told, "due 2 1, thawed 2, thawed 1, ");
  ahoy_turn_set_due (f->turn, f->two);
  again = iterate (f);
  assert_string_equal (again, "due 2, thawed 2, ");
}

static void
ends_when_it_is_told_to (void **state)
{
  Fixture         *f = *state;
  g_autofree char *told = NULL;

  say (f, f->one, "a");
  ahoy_turn_end (f->turn);
  assert_int_equal (n_lines (f->one), 1);
  told = iterate (f);
  assert_string_equal (told, "due, thawed 1, news 1 a, "); /* and no second time by itself */
}

static void
what_the_end_touches_is_the_next_turn_s (void **state)
{
  Fixture         *f = *state;
  g_autofree char *told = NULL;

  f->touches = TRUE;
  say (f, f->two, "a");
  told = iterate (f);
  assert_string_equal (told, "due, thawed 2, news 2 a, due, thawed 1, ");
}

static void
owner_may_go_while_it_is_told (void **state)
{
  Fixture         *f = *state;
  g_autofree char *told = NULL;

  f->let_go = TRUE;
  say (f, f->one, "a");
  told = iterate (f);
  assert_string_equal (told, "due, thawed 1, news 1 a, ");
  assert_null (f->turn);
}

static void
who_goes_is_told_no_news (void **state)
{
  Fixture         *f = *state;
  g_autofree char *told = NULL;

  say (f, f->one, "a");
  ahoy_turn_shut (f->turn);
  say (f, f->one, "b");
  told = iterate (f);
  assert_string_equal (told, "");
  ahoy_turn_end (f->turn);
  assert_string_equal (f->log->str, "due, thawed 1, ");
}

#define TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (turn_is_shown_at_its_end),
    TEST (due_is_told_once_and_in_order),
    TEST (ends_when_it_is_told_to),
    TEST (what_the_end_touches_is_the_next_turn_s),
    TEST (owner_may_go_while_it_is_told),
    TEST (who_goes_is_told_no_news),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
