/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Messages: kept once, read in pages, lost by the server and found again. */

#include "database-fixture.h"

#include <string.h>
#include <sqlite3.h>

#include "core/archive/ahoy-mark-table.h"
#include "support/test-loop.h"

static void
on_placed (AhoyWrite    *keep,
           const GError *error,
           gpointer      data)
{
  DatabaseFixture         *f = data;
  const AhoyStoredMessage *stored = ahoy_message_table_get_kept (keep);
  const AhoyPlace         *copy = error == NULL ? ahoy_message_table_get_copy (keep) : NULL;

  f->n_errors += error != NULL;
  f->n_kept++;
  g_string_append_printf (f->placed, "%s:%s ", stored->text, copy != NULL ? copy->path : "new");
}

static void
keep_again (DatabaseFixture *f,
            guint64          id,
            const char      *text,
            gint64           time)
{
  AhoyStoredMessage stored = { .id = id, .time = time, .from = (char *) "bob", .text = (char *) text };

  ahoy_database_write (f->database, f->archive, ahoy_message_table_keep (ahoy_stored_message_new (&stored)), on_placed, f);
}

/* A file that allows no more than it holds already, until it is let go. */
static void
lock (DatabaseFixture *f,
      sqlite3        **db)
{
  assert_int_equal (sqlite3_open (f->path, db), SQLITE_OK);
  sqlite3_busy_timeout (*db, TEST_LOOP_DEADLINE_MS); /* it may just be tried again, on its thread */
  assert_int_equal (sqlite3_exec (*db, "CREATE TRIGGER no BEFORE UPDATE ON accounts BEGIN SELECT raise (ABORT, 'no'); END", NULL, NULL, NULL),
                    SQLITE_OK);
}

static void
test_a_message_is_kept_once (void **state)
{
  DatabaseFixture *f = *state;

  database_keep (f, 7, "bob", NULL, "first", NULL);
  database_keep (f, 7, "bob", NULL, "again", NULL);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "first");
}

static void
test_pages (void **state)
{
  DatabaseFixture *f = *state;

  database_keep (f, 1, "bob", NULL, "p1", NULL);
  database_keep (f, 2, "alice", "bob", "ab", NULL);
  database_keep (f, 3, "carol", "alice", "ca", NULL);
  database_keep (f, 4, "bob", "alice", "ba", NULL);
  database_keep (f, 5, "bob", NULL, "p2", NULL);

  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "p1 ab ca ba p2");
  assert_false (f->more);
  assert_string_equal (database_page (f, (AhoyPageQuery){ .limit = 2 }), "ba p2");
  assert_true (f->more);
  assert_string_equal (database_page (f, (AhoyPageQuery){ .limit = 2, .before.id = 4 }), "ab ca");
  assert_true (f->more);
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "ab ba");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob"), .before.id = 4 }), "ab");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("nobody") }), "");
}

/* What is said in one room is in no other conversation. */
static void
test_rooms (void **state)
{
  DatabaseFixture *f = *state;

  for (guint64 id = 1; id <= 6; id++)
    {
      g_autofree char        *text = g_strdup_printf ("m%u", (guint) id);
      const AhoyStoredMessage stored = { .id = id, .from = (char *) "bob", .text = text, .target = ahoy_target_room (id % 3) };

      database_put (f, ahoy_message_table_keep (ahoy_stored_message_new (&stored)));
    }
  database_keep (f, 7, "bob", "alice", "whispered", NULL);
  database_mark (f, "floor", ahoy_target_room (1), 4);
  database_mark (f, "floor", ahoy_target_room (1), 5);
  database_mark (f, "floor", ahoy_target_room (AHOY_ROOM_EVERYONE), 6);
  database_mark (f, "floor", ahoy_target_person ("1"), 7);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "m3 m6 whispered");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = { .room = 1 } }), "m1 m4");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = { .room = 2 }, .before.id = 5 }), "m2");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = { .room = 3 } }), "");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = { .room = 2 }, .text = "m" }), "m2 m5");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .everywhere = TRUE }), "m1 m2 m3 m4 m5 m6 whispered");
  database_reopen (f);
  assert_int_equal (f->floor_mark, 6);
  assert_string_equal (f->newest, "m5 m6 whispered");
  {
    g_autofree char *marks = database_query (f, "SELECT ifnull(room, person || '!') || ' ' || value FROM marks ORDER BY value");

    assert_string_equal (marks, "1 5,0 6,1! 7");
  }
}

/* Copies stand behind what is shared, in the order they were in; searches find them; marks go no further than what is shared. */
static void
test_what_the_server_lost_stays (void **state)
{
  DatabaseFixture *f = *state;

  database_know (f, "bob", "k1", "k1", TRUE);
  database_keep (f, 3, "bob", NULL, "three", NULL);
  database_keep (f, 4, "bob", "alice", "four", NULL);
  database_keep (f, 5, "bob", NULL, "five", NULL);
  database_mark (f, "read", ahoy_target_person ("bob"), 4);
  database_mark (f, "told-seen", ahoy_target_person ("bob"), 4);
  database_mark (f, "floor", ahoy_target_room (AHOY_ROOM_EVERYONE), 2);
  database_owe (f, "owed", "00000000000000a1");
  database_part (f, 4, 1);
  database_keep (f, 4, "bob", NULL, "new-four", NULL);
  database_keep (f, 6, "bob", NULL, "new-six", NULL);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "three four five new-four new-six");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .before = { 3, (char *) "000000010000000000000005" } }), "three four");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .before.id = 6, .limit = 2 }), "five new-four");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "four");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "our" }), "four new-four");
  database_reopen (f);
  assert_int_equal (f->read_mark, 3);
  assert_int_equal (f->told_mark, 3);
  assert_int_equal (f->floor_mark, 2);
  database_part (f, 1, 2);
  database_keep (f, 1, "bob", NULL, "one", NULL);
  database_reopen (f);
  assert_int_equal (f->n_errors, 0);
  assert_int_equal (f->last, 1);
  assert_int_equal (f->partings, 2);
  assert_int_equal (f->read_mark, 0);
  assert_int_equal (f->told_mark, 0);
  assert_int_equal (f->floor_mark, 1);
  assert_string_equal (f->outbox, "owed");
  assert_string_equal (f->people, "bob k1/k1 9+ ");
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "three four five new-four new-six one");
}

/* Only what is the same in all is the same. */
static void
test_what_the_server_has_after_all (void **state)
{
  DatabaseFixture *f = *state;

  for (guint i = 3; i <= 6; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%u", i);

      database_keep (f, i, "bob", NULL, text, NULL);
    }
  database_mark (f, "read", ahoy_target_person ("bob"), 5);
  database_part (f, 4, 1);
  keep_again (f, 4, "m4", 4000);
  keep_again (f, 5, "m5", 5001);
  keep_again (f, 6, "m6", 6000);
  keep_again (f, 7, "m7", 7000);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 4));
  assert_string_equal (f->placed->str, "m4:000000010000000000000004 m5:new m6:000000010000000000000006 m7:new ");
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "m3 m4 m5 m5 m6 m7");
  database_reopen (f);
  assert_int_equal (f->n_errors, 0);
  assert_int_equal (f->read_mark, 4); /* the lost m5 */
}

/* Nothing of what the server has now is mixed with what it had. */
/* The same words of another kind, or in another room, are others. */
static void
test_what_the_server_says_otherwise (void **state)
{
  DatabaseFixture        *f = *state;
  const AhoyStoredMessage others[] = {
    { .id = 4, .time = 4000, .from = (char *) "bob", .text = (char *) "m4", .kind = (AhoyEventKind) 1 },
    { .id = 5, .time = 5000, .from = (char *) "bob", .text = (char *) "m5", .target = { .room = 7 } },
    { .id = 6, .time = 6000, .from = (char *) "carol", .text = (char *) "m6" },
  };

  database_keep (f, 4, "bob", NULL, "m4", NULL);
  database_keep (f, 5, "bob", NULL, "m5", NULL);
  database_keep (f, 6, "bob", NULL, "m6", NULL);
  database_part (f, 4, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    ahoy_database_write (f->database, f->archive, ahoy_message_table_keep (ahoy_stored_message_new (&others[i])), on_placed, f);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 3));
  assert_string_equal (f->placed->str, "m4:new m5:new m6:new ");
}

static void
test_a_parting_that_cannot_be_written (void **state)
{
  DatabaseFixture *f = *state;
  sqlite3         *db = NULL;

  database_keep (f, 4, "bob", NULL, "four", NULL);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "four");
  lock (f, &db);
  database_part (f, 4, 1);
  keep_again (f, 4, "new-four", 9);
  keep_again (f, 5, "new-five", 10);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 2));
  assert_int_equal (f->n_errors, 2);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "four");
  assert_int_equal (sqlite3_exec (db, "DROP TRIGGER no", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
  keep_again (f, 6, "new-six", 11);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 3));
  assert_int_equal (f->n_errors, 2);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "four new-four new-five new-six");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_a_message_is_kept_once),
    DATABASE_TEST (test_pages),
    DATABASE_TEST (test_rooms),
    DATABASE_TEST (test_what_the_server_lost_stays),
    DATABASE_TEST (test_what_the_server_has_after_all),
    DATABASE_TEST (test_what_the_server_says_otherwise),
    DATABASE_TEST (test_a_parting_that_cannot_be_written),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
