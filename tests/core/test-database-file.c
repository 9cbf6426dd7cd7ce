/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The schema: every older file opens, and becomes what a new one is. */

#include "database-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "support/test-loop.h"

static void
test_a_newer_file_is_left_alone (void **state)
{
  DatabaseFixture   *f = *state;
  g_autoptr (GError) error = NULL;
  sqlite3           *db = NULL;

  g_clear_pointer (&f->database, ahoy_database_close);
  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, "PRAGMA user_version = 77", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
  assert_null (ahoy_database_open (f->path, NULL, f->context, NULL, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED));
}

static void
test_every_golden_one_opens (void **state)
{
  DatabaseFixture         *f = *state;
  static const char *const files[] = { "history-1.sql", "history-2.sql", "history-3.sql", "history-4.sql", "history-5.sql" };
  static const char *const people[] = {
    "",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
  };

  char secret[33];

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_clear_pointer (&f->database, ahoy_database_close);
      assert_int_equal (g_unlink (f->path), 0);
      database_run_golden (f->path, files[i]);
      database_reopen (f);
      assert_int_equal (f->archive, 1);
      assert_int_equal (f->last, 42);
      assert_string_equal (f->newest, "hello 你好");
      assert_string_equal (f->outbox, "owed");
      assert_int_equal (f->read_mark, 41);
      assert_string_equal (f->people, people[i]);
      assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "你好" }), "你好");
      database_know (f, "dave", "k", "k", TRUE);
      assert_int_equal (g_str_equal (f->secret, "00112233445566778899aabbccddeeff"), i >= 3);
      g_strlcpy (secret, f->secret, sizeof secret);
      database_reopen (f);
      assert_int_equal (strlen (secret), 32);
      assert_string_equal (f->secret, secret);
      assert_non_null (strstr (f->people, "dave k/k 9+"));
      assert_int_equal (f->n_errors, 0);
    }
}

/* A server had lost its log twice, when that meant to begin anew. */
static void
test_what_was_put_aside_is_back (void **state)
{
  static const char sql[] =
    "UPDATE accounts SET server = 'server-a#1' WHERE account = 1; UPDATE outbox SET account = 4; UPDATE people SET account = 4 WHERE account = 1;"
    "INSERT INTO accounts VALUES (3, 'server-a#3', 'alice'), (4, 'server-a', 'alice');"
    "INSERT INTO messages VALUES (4, 3, 41, 1, 'bob', NULL, NULL, NULL, 0, 'second'), (5, 4, 7, 1, 'bob', NULL, NULL, NULL, 0, 'third');"
    "INSERT INTO marks VALUES (3, 'read', 'bob', 40)";
  DatabaseFixture *f = *state;
  sqlite3         *db = NULL;

  g_clear_pointer (&f->database, ahoy_database_close);
  assert_int_equal (g_unlink (f->path), 0);
  database_run_golden (f->path, "history-2.sql");
  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
  database_reopen (f);
  assert_int_equal (f->archive, 4);
  assert_int_equal (f->last, 7);
  assert_int_equal (f->partings, 2);
  assert_int_equal (f->read_mark, -1);
  assert_string_equal (f->outbox, "owed");
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "hello 你好 second third");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "你好");
  ahoy_database_index (f->database);
  assert_true (test_loop_until (f->context, database_nothing_pending, f->database, TEST_LOOP_DEADLINE_MS));
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "econ" }), "second");
  database_part (f, 1, 3); /* what is in the index stays in it */
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "hird" }), "third");
  database_load_as (f, "server-b", "alice");
  assert_string_equal (f->newest, "elsewhere");
  assert_int_equal (f->partings, 0);
}

/* Before schema 5, everyone was a NULL among messages, and no text among marks. */
static void
test_targets_of_older_files (void **state)
{
  static const char sql[] =
    "INSERT INTO outbox VALUES (6, 1, '00000000000000cc', 1700000000004, 'alice', 'Bob', 'bob', 0, 'whispered');"
    "INSERT INTO marks VALUES (1, 'read', '', 40, '00000001000000000000002a'), (1, 'floor', '', 7, ''), (1, 'position', '', 43, ''),"
    " (1, 'told-seen', 'bob', 39, '')";
  DatabaseFixture *f = *state;
  g_autofree char *messages = NULL;
  g_autofree char *outbox = NULL;
  g_autofree char *marks = NULL;

  g_clear_pointer (&f->database, ahoy_database_close);
  assert_int_equal (g_unlink (f->path), 0);
  database_run_golden (f->path, "history-4.sql");
  database_exec (f, sql);
  database_reopen (f);
  assert_int_equal (f->read_mark, 41);
  assert_int_equal (f->told_mark, 39);
  assert_int_equal (f->floor_mark, 7);
  assert_string_equal (f->newest, "hello 你好");
  assert_string_equal (f->outbox, "owed whispered");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "你好");

  messages = database_query (f, "SELECT kind || ' ' || ifnull('room ' || room, 'to ' || recipient) FROM messages ORDER BY rowid");
  assert_string_equal (messages, "0 room 0,0 to bob,0 room 0");
  outbox = database_query (f, "SELECT kind || ' ' || ifnull('room ' || room, 'to ' || recipient) FROM outbox ORDER BY seq");
  assert_string_equal (outbox, "0 room 0,0 to Bob");
  marks = database_query (f, "SELECT kind || ' ' || ifnull(room, person) || ' ' || value || path FROM marks ORDER BY 1");
  assert_string_equal (marks, "floor 0 7,position 0 43,read 0 4000000001000000000000002a,read bob 41,told-seen bob 39");
}

/* What a new file looks like, and one that came from the first version, is what the newest golden one says. */
static void
test_a_new_file_is_the_golden_one (void **state)
{
  DatabaseFixture *f = *state;
  g_autofree char *other = g_strdup_printf ("%s.golden", f->path);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS golden", other);

  database_run_golden (other, "history-5.sql");
  for (int old = 0; old < 2; old++)
    {
      sqlite3      *db = NULL;
      sqlite3_stmt *stmt = NULL;

      if (old)
        {
          assert_int_equal (g_unlink (f->path), 0);
          database_run_golden (f->path, "history-1.sql");
          database_reopen (f);
        }
      g_clear_pointer (&f->database, ahoy_database_close);
      assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
      assert_int_equal (sqlite3_exec (db, attach, NULL, NULL, NULL), SQLITE_OK);
      /* Table by table, column by column, index by index; not the text, which bears comments. */
      assert_int_equal (
        sqlite3_prepare_v2 (
          db,
          "SELECT count(*) FROM (SELECT * FROM (SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM main.sqlite_schema m,"
          " pragma_table_info(m.name, 'main') c EXCEPT SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM golden.sqlite_schema m,"
          " pragma_table_info(m.name, 'golden') c)"
          " UNION ALL SELECT name, '', '', 0, 0 FROM (SELECT name FROM main.sqlite_schema EXCEPT SELECT name FROM golden.sqlite_schema)"
          " UNION ALL SELECT name, '', '', 0, 0 FROM (SELECT name FROM golden.sqlite_schema EXCEPT SELECT name FROM main.sqlite_schema))",
          -1, &stmt, NULL),
        SQLITE_OK);
      assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
      assert_int_equal (sqlite3_column_int (stmt, 0), 0);
      sqlite3_finalize (stmt);
      sqlite3_close (db);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_a_newer_file_is_left_alone),
    DATABASE_TEST (test_every_golden_one_opens),
    DATABASE_TEST (test_what_was_put_aside_is_back),
    DATABASE_TEST (test_targets_of_older_files),
    DATABASE_TEST (test_a_new_file_is_the_golden_one),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
