/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An extended server: what stands above the first line, what is unread, and how much of it is in memory. */

#include "extended-fixture.h"

#include <sqlite3.h>
#include <string.h>

static guint
n_messages (AhoyConversation *conversation)
{
  return g_list_model_get_n_items (ahoy_conversation_get_messages (conversation));
}

/* Every message with an id, in order, each once. Returns: how many. */
static guint
count_in_order (AhoyConversation *conversation)
{
  GListModel *messages = ahoy_conversation_get_messages (conversation);
  guint64     last = 0;
  guint       n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (messages); i++)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, i);
      guint64                 id = ahoy_message_get_id (message);

      if (id == 0)
        continue;
      assert_true (id > last);
      last = id;
      n++;
    }
  return n;
}

static void
store_many (Extended   *e,
            guint       n,
            const char *to)
{
  for (guint i = 0; i < n; i++)
    fake_extended_store (e->server, "bob", to, "old");
}

static void
load_older (AhoyConversation *conversation)
{
  assert_true (ahoy_conversation_get_has_older (conversation));
  ahoy_conversation_load_older (conversation);
  assert_true (ahoy_conversation_get_loading_older (conversation));
  WAIT_UNTIL (!ahoy_conversation_get_loading_older (conversation));
}

/* From the server, a page at a time, until it has no more; and then it is on the disk. */
static void
a_stranger_asks_the_server (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone;

  store_many (e, 150, NULL);
  store_many (e, 3, "alice");
  extended_online (e);
  everyone = extended_with (e, NULL);
  fake_extended_say (e->server, "bob", NULL, "new");
  WAIT_UNTIL (n_messages (everyone) == 1);
  load_older (everyone);
  assert_non_null (fake_extended_find (e->server, "^before=154|limit=100>H"));
  assert_int_equal (count_in_order (everyone), 101);
  load_older (everyone);
  assert_int_equal (count_in_order (everyone), 151);
  assert_false (ahoy_conversation_get_has_older (everyone));

  load_older (extended_with (e, "bob"));
  assert_non_null (fake_extended_find (e->server, "|with=bob>H"));
  assert_int_equal (count_in_order (extended_with (e, "bob")), 3);
  assert_false (ahoy_conversation_get_has_older (extended_with (e, "bob")));

  extended_restart (e);
  extended_online (e);
  assert_int_equal (count_in_order (extended_with (e, NULL)), 154);
  assert_false (ahoy_conversation_get_has_older (extended_with (e, NULL)));
  assert_int_equal (fake_extended_count (e->server, ">H"), 3);
}

/* @n messages were read and are on the disk, and the newest of them are shown when the window opens again. Returns: (transfer none): where. */
static AhoyConversation *
come_back_to (Extended *e,
              guint     n)
{
  AhoyConversation *everyone;

  extended_online (e);
  store_many (e, n, NULL);
  extended_cut (e);
  WAIT_UNTIL (count_in_order (extended_with (e, NULL)) == n);
  extended_restart (e);
  extended_online (e);
  everyone = extended_with (e, NULL);
  assert_int_equal (count_in_order (everyone), 300);
  return everyone;
}

/* The newest are there at once, the rest is read from the disk and the server is not asked. */
static void
the_disk_comes_first (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone = come_back_to (e, 700);

  while (ahoy_conversation_get_has_older (everyone))
    load_older (everyone);
  assert_int_equal (count_in_order (everyone), 700);
  assert_int_equal (fake_extended_count (e->server, ">H"), 0);
}

static void
change_disk (Extended   *e,
             const char *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (e->path, &db), SQLITE_OK);
  sqlite3_busy_timeout (db, 60000); /* the client may be writing */
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

/* What cannot be read just now is no end. */
static void
a_disk_that_cannot_be_read_is_asked_again (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone = come_back_to (e, 350);

  change_disk (e, "ALTER TABLE messages RENAME TO astray");
  load_older (everyone);
  assert_true (ahoy_conversation_get_older_failed (everyone));
  assert_true (ahoy_conversation_get_has_older (everyone));
  change_disk (e, "ALTER TABLE astray RENAME TO messages");
  load_older (everyone);
  assert_false (ahoy_conversation_get_older_failed (everyone));
  assert_int_equal (count_in_order (everyone), 350);
}

static void
what_waits_stays_below (void **state)
{
  Extended *e = *state;

  store_many (e, 2, NULL);
  extended_online (e);
  e->server->fails = "dropped";
  e->server->n_fails = 0;
  e->server->loses_echoes = TRUE;
  extended_send (e, NULL, "mine");
  extended_await_frame (e, ">3mine");
  load_older (extended_with (e, NULL));
  extended_await_log (e, NULL, "bob: old | bob: old | alice: mine (waiting)");
}

/* Somebody who was away for long: all of it is kept, little of it is held. */
static void
memory_is_bounded (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone;
  guint             n;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "first");
  extended_await_log (e, NULL, "bob: first");
  store_many (e, 6000, NULL);
  extended_cut (e);
  everyone = extended_with (e, NULL);
  WAIT_UNTIL (ahoy_archive_get_position (e->client->parts.archive) == 6001);
  WAIT_UNTIL (ahoy_database_get_written (e->history) == ahoy_database_get_pushed (e->history) && test_loop_settle (NULL));
  assert_true (n_messages (everyone) <= 2500);
  assert_true (ahoy_conversation_get_has_older (everyone));
  n = count_in_order (everyone);
  ahoy_conversation_set_held (everyone, TRUE);
  load_older (everyone);
  assert_int_equal (count_in_order (everyone), n + 100);
  fake_extended_say (e->server, "bob", NULL, "more");
  WAIT_UNTIL (count_in_order (everyone) == n + 101);
  while (ahoy_conversation_get_has_older (everyone))
    load_older (everyone);
  assert_int_equal (count_in_order (everyone), 6002);
  assert_int_equal (fake_extended_count (e->server, ">H"), 0);
}

/* A disk that takes nothing for a while: what comes in meanwhile stays in the kernel and at the server, not in our memory. */
static void
reading_waits_for_the_disk (void **state)
{
  Extended *e = *state;
  sqlite3  *db = NULL;
  guint64   position;

  extended_online (e);
  assert_int_equal (sqlite3_open (e->path, &db), SQLITE_OK);
  sqlite3_busy_timeout (db, 60000);
  assert_int_equal (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
  store_many (e, 12000, NULL);
  fake_extended_drop (e->server);
  WAIT_UNTIL (e->client->session->heartbeat->deaf);
  position = ahoy_archive_get_position (e->client->parts.archive);
  WAIT_UNTIL (test_loop_settle (NULL));
  assert_int_equal (ahoy_archive_get_position (e->client->parts.archive), position);
  assert_true (position < 12000);
  assert_int_equal (sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
  WAIT_UNTIL (ahoy_archive_get_position (e->client->parts.archive) == 12000 && e->client->session->caught_up);
  WAIT_UNTIL (!e->client->session->heartbeat->deaf);
}

static void
unread_survives (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "one");
  extended_await_log (e, "bob", "bob>alice: one");
  ahoy_conversation_set_attended (extended_with (e, "bob"), TRUE);
  WAIT_UNTIL (test_loop_settle (NULL));
  ahoy_conversation_set_attended (extended_with (e, "bob"), FALSE);
  fake_extended_say (e->server, "bob", "alice", "two");
  fake_extended_say (e->server, "bob", NULL, "three");
  extended_await_log (e, NULL, "bob>alice: one | bob>alice: two | bob: three");
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 1);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, NULL)), 1);
  assert_string_equal (ahoy_message_get_text (ahoy_conversation_get_first_unread (extended_with (e, "bob"))), "two");
}

static void
without_a_connection_it_ends_soon (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone;

  store_many (e, 150, NULL);
  extended_online (e);
  everyone = extended_with (e, NULL);
  e->server->mute = TRUE;
  ahoy_conversation_load_older (everyone);
  extended_await_frame (e, ">H");
  fake_extended_drop (e->server);
  WAIT_UNTIL (!ahoy_conversation_get_loading_older (everyone));
  assert_true (ahoy_conversation_get_has_older (everyone));
  e->server->mute = FALSE;
  WAIT_UNTIL (e->client->session->caught_up);
  load_older (everyone);
  assert_int_equal (count_in_order (everyone), 100);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (a_stranger_asks_the_server),
    EXTENDED_TEST (the_disk_comes_first),
    EXTENDED_TEST (a_disk_that_cannot_be_read_is_asked_again),
    EXTENDED_TEST (what_waits_stays_below),
    EXTENDED_TEST (memory_is_bounded),
    EXTENDED_TEST (reading_waits_for_the_disk),
    EXTENDED_TEST (unread_survives),
    EXTENDED_TEST (without_a_connection_it_ends_soon),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
