/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/features/ahoy-typing.h"
#include "core/features/ahoy-typists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS G_GINT64_CONSTANT (1000)

/* Longer than any test. */
static const AhoyTypingTiming timing = { .every = 3000, .lasts = 3600000 };

typedef struct {
  AhoyRoster       *roster;
  AhoyTyping       *typing;
  AhoyConversation *everyone;
  AhoyConversation *workshop;
  AhoyConversation *bob;
  GString          *said; /* "everyone 7 bob " */
} Fixture;

static void
on_send (const AhoyPacket *packet,
         gpointer          data)
{
  Fixture *f = data;

  g_assert (packet->kind == AHOY_PACKET_TYPING);
  if (ahoy_target_is_everyone (packet->target))
    g_string_append (f->said, "everyone ");
  else if (ahoy_target_is_person (packet->target))
    g_string_append_printf (f->said, "%s ", packet->target.person);
  else
    g_string_append_printf (f->said, "%" G_GUINT64_FORMAT " ", packet->target.room);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->said = g_string_new (NULL);
  f->roster = ahoy_roster_new (NULL, NULL);
  f->typing = ahoy_typing_new (f->roster, &timing, on_send, f);
  ahoy_roster_set_self (f->roster, "alice");
  ahoy_roster_begin (f->roster);
  ahoy_roster_list (f->roster, "alice", TRUE);
  ahoy_roster_list (f->roster, "bob", TRUE);
  ahoy_roster_commit (f->roster, NULL, NULL);
  f->everyone = ahoy_roster_get_everyone (f->roster);
  f->workshop = ahoy_roster_add_room (f->roster, 7);
  f->bob = ahoy_roster_conversation_with (f->roster, ahoy_roster_find (f->roster, "bob"));
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_typing_free (f->typing);
  ahoy_roster_free (f->roster);
  g_string_free (f->said, TRUE);
  g_free (f);
  return 0;
}

static void
take (Fixture    *f,
      const char *from,
      AhoyTarget  target)
{
  ahoy_typing_take (f->typing, &(AhoyPacket){ .kind = AHOY_PACKET_TYPING, .from = from, .target = target });
}

/* Returns: the first who writes there; "" for nobody. */
static const char *
writes_in (AhoyConversation *conversation)
{
  const char *name = ahoy_typists_get_names (ahoy_typists_of (conversation))[0];

  return name ? name : "";
}

static void
is_said_now_and_then (void **state)
{
  Fixture *f = *state;

  ahoy_typing_write (f->typing, f->bob, 1);
  ahoy_typing_write (f->typing, f->everyone, 1);
  ahoy_typing_write (f->typing, f->workshop, 1);
  ahoy_typing_write (f->typing, f->bob, 3000 * MS);
  assert_string_equal (f->said->str, "bob everyone 7 ");
  ahoy_typing_write (f->typing, f->bob, 3000 * MS + 1);
  assert_string_equal (f->said->str, "bob everyone 7 bob ");
}

static void
is_not_said_to_who_is_away (void **state)
{
  Fixture *f = *state;

  g_object_ref (f->bob);
  ahoy_roster_leave (f->roster, "bob");
  ahoy_typing_write (f->typing, f->bob, 1);
  assert_string_equal (f->said->str, "");
  g_object_unref (f->bob);
}

static void
another_connection_knows_nothing_of_it (void **state)
{
  Fixture *f = *state;

  ahoy_typing_write (f->typing, f->everyone, 1);
  take (f, "bob", ahoy_target_room (AHOY_ROOM_EVERYONE));
  ahoy_typing_go_offline (f->typing);
  assert_string_equal (writes_in (f->everyone), "");
  ahoy_typing_write (f->typing, f->everyone, 2);
  assert_string_equal (f->said->str, "everyone everyone ");
}

static void
others_are_shown_where_they_write (void **state)
{
  Fixture *f = *state;

  take (f, "bob", ahoy_target_person ("alice"));
  assert_string_equal (writes_in (f->bob), "bob");
  assert_string_equal (writes_in (f->everyone), "");
  take (f, "bob", ahoy_target_room (7));
  assert_string_equal (writes_in (f->workshop), "bob");
  assert_string_equal (writes_in (f->everyone), "");
  ahoy_typing_note_said (f->typing, f->workshop, "bob");
  assert_string_equal (writes_in (f->workshop), "");
  assert_string_equal (writes_in (f->bob), "bob");
}

static void
some_are_not_shown (void **state)
{
  Fixture *f = *state;

  take (f, "alice", ahoy_target_room (AHOY_ROOM_EVERYONE));
  take (f, "carol", ahoy_target_room (AHOY_ROOM_EVERYONE));
  take (f, "bob", ahoy_target_room (8));
  assert_string_equal (writes_in (f->everyone), "");
  assert_string_equal (writes_in (f->workshop), "");
  ahoy_typing_note_said (f->typing, f->everyone, "carol");
}

#define TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (is_said_now_and_then),
    TEST (is_not_said_to_who_is_away),
    TEST (another_connection_knows_nothing_of_it),
    TEST (others_are_shown_where_they_write),
    TEST (some_are_not_shown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
