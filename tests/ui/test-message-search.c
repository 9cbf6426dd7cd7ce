/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-message-search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/chat/ahoy-message-private.h"
#include "support/test-loop.h"

typedef struct {
  GListStore        *messages;
  AhoyMessageSearch *search;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->messages = g_list_store_new (AHOY_TYPE_MESSAGE);
  f->search = g_object_new (AHOY_TYPE_MESSAGE_SEARCH, NULL);
  ahoy_message_search_set_messages (f->search, G_LIST_MODEL (f->messages));
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_object_unref (f->search);
  g_object_unref (f->messages);
  g_free (f);

  return 0;
}

static void
insert (Fixture    *f,
        guint       position,
        const char *text)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), text, 0, 0, 0);

  g_list_store_insert (f->messages, position, message);
}

static gboolean
is_done (gpointer search)
{
  return !ahoy_message_search_is_busy (search);
}

static void
find (Fixture    *f,
      const char *text)
{
  ahoy_message_search_set_text (f->search, text);
  assert_true (test_loop_until (NULL, is_done, f->search, TEST_LOOP_DEADLINE_MS));
}

static void
check (Fixture    *f,
       const char *expected)
{
  GtkBitset          *matches = ahoy_message_search_get_matches (f->search);
  g_autoptr (GString) positions = g_string_new (NULL);

  for (guint i = 0; i < gtk_bitset_get_size (matches); i++)
    g_string_append_printf (positions, "%u ", gtk_bitset_get_nth (matches, i));
  assert_string_equal (positions->str, expected);
}

static void
test_finds (void **state)
{
  Fixture                *f = *state;
  g_autoptr (AhoyMessage) presence = ahoy_message_new_presence (0);

  insert (f, 0, "Hello");
  insert (f, 1, "CAFÉ");
  insert (f, 2, "今天的会议");
  insert (f, 3, "hello again");
  g_list_store_append (f->messages, presence);

  find (f, "hello");
  check (f, "0 3 ");
  find (f, "  hello ");
  check (f, "0 3 ");
  find (f, "cafe\xcc\x81");
  check (f, "1 ");
  find (f, "会议");
  check (f, "2 ");
  find (f, "nothing of that");
  check (f, "");
  find (f, "");
  check (f, "");
  find (f, NULL);
  check (f, "");
}

/* More than one slice, and the list changes in between. */
static void
test_keeps_up (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 5000; i++)
    insert (f, i, i % 1000 == 0 ? "needle" : "hay");
  ahoy_message_search_set_text (f->search, "needle");
  g_main_context_iteration (NULL, FALSE);
  assert_true (ahoy_message_search_is_busy (f->search));
  insert (f, 0, "needle on top");
  insert (f, 5001, "a needle below");
  g_list_store_remove (f->messages, 1);
  assert_true (test_loop_until (NULL, is_done, f->search, TEST_LOOP_DEADLINE_MS));
  check (f, "0 1000 2000 3000 4000 5000 ");

  g_list_store_splice (f->messages, 0, 2500, NULL, 0);
  check (f, "500 1500 2500 ");
  insert (f, 0, "hay");
  check (f, "501 1501 2501 ");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_finds, setup, teardown),
    cmocka_unit_test_setup_teardown (test_keeps_up, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
