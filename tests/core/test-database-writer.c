/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What cannot be written waits, and nothing passes it. */

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/archive/ahoy-database-writer.h"
#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-database.h"
#include "core/archive/ahoy-load.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-message-table.h"
#include "core/archive/ahoy-outbox-table.h"
#include "core/archive/ahoy-tables.h"
#include "disk/ahoy-sqlite.h"
#include "support/test-loop.h"

typedef struct {
  GMainContext *context;
  AhoyDatabase *history;
  char         *dir;
  char         *path;
  gint64        archive;
  guint         n_loaded;
  guint         partings;
  char         *newest;
  char         *outbox;
  guint         n_kept;
  guint         n_watched;
  GString      *told;
} Fixture;

static char *
texts (GPtrArray *stored_messages)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < stored_messages->len; i++)
    g_string_append_printf (all, i > 0 ? " %s" : "%s", ((AhoyStoredMessage *) stored_messages->pdata[i])->text);
  return g_string_free (all, FALSE);
}

static void
on_loaded (AhoyRead     *read,
           const GError *error,
           gpointer      data)
{
  Fixture             *f = data;
  g_autoptr (AhoyRows) rows = ahoy_load_take_rows (read);

  f->n_loaded++;
  f->archive = ahoy_load_get_archive (read);
  f->partings = ((AhoyAccount *) ahoy_rows_get (rows, &ahoy_account_table))->partings;
  g_free (f->newest);
  f->newest = texts (((AhoyNewest *) ahoy_rows_get (rows, &ahoy_message_table))->messages);
  g_free (f->outbox);
  f->outbox = texts (ahoy_rows_get (rows, &ahoy_outbox_table));
}

static void
load (Fixture *f)
{
  f->n_loaded = 0;
  ahoy_database_read (f->history, ahoy_load_new ("server-a", "alice", 9), on_loaded, f);
  assert_true (test_loop_until_count (f->context, &f->n_loaded, 1));
}

static void
on_disk_state (const GError *error,
               gpointer      data)
{
  Fixture *f = data;

  g_string_append (f->told, error != NULL ? "failed " : "over ");
}

static void
on_more_written (gpointer data)
{
  Fixture *f = data;

  f->n_watched++;
}

static void
reopen (Fixture *f)
{
  g_clear_pointer (&f->history, ahoy_database_close);
  f->history = ahoy_database_open (f->path, NULL, f->context, on_disk_state, f, NULL);
  assert_non_null (f->history);
  ahoy_database_set_retry (f->history, 5);
  ahoy_database_watch (f->history, on_more_written, f);
  load (f);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->dir = g_dir_make_tmp ("ahoy-writer-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "history.sqlite", NULL);
  f->told = g_string_new (NULL);
  *state = f;
  reopen (f);
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_database_close (f->history);
  g_unlink (f->path);
  g_rmdir (f->dir);
  g_main_context_unref (f->context);
  g_string_free (f->told, TRUE);
  g_free (f->newest);
  g_free (f->outbox);
  g_free (f->path);
  g_free (f->dir);
  g_free (f);
  return 0;
}

static void
on_placed (AhoyWrite    *keep,
           const GError *error,
           gpointer      data)
{
  Fixture *f = data;

  f->n_kept++;
  g_string_append_printf (f->told, "%s ", ahoy_message_table_get_kept (keep)->text);
}

static AhoyWrite *
keep_of (guint64     id,
         const char *text)
{
  return ahoy_message_table_keep (ahoy_stored_message_new (&(AhoyStoredMessage){ .id = id, .from = (char *) "bob", .text = (char *) text }));
}

static void
keep (Fixture    *f,
      guint64     id,
      const char *text)
{
  ahoy_database_write (f->history, f->archive, keep_of (id, text), on_placed, f);
}

static sqlite3 *
forbid (Fixture    *f,
        const char *when)
{
  g_autofree char *sql = g_strdup_printf ("CREATE TRIGGER no BEFORE %s BEGIN SELECT raise (ABORT, 'no'); END", when);
  sqlite3         *db = NULL;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  sqlite3_busy_timeout (db, TEST_LOOP_DEADLINE_MS); /* it may just be tried again, on its thread */
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  return db;
}

static void
allow (sqlite3 *db)
{
  assert_int_equal (sqlite3_exec (db, "DROP TRIGGER no", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
}

/* What somebody else sees in the file: the newest id, and the mark. */
static char *
on_disk (Fixture *f)
{
  sqlite3      *db = NULL;
  sqlite3_stmt *stmt = NULL;
  char         *found;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, "SELECT (SELECT group_concat(id) FROM messages), (SELECT group_concat(value) FROM marks)", -1, &stmt, NULL),
                    SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  found = g_strdup_printf ("%s/%s", (const char *) sqlite3_column_text (stmt, 0), (const char *) sqlite3_column_text (stmt, 1));
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return found;
}

static gboolean
all_is_written (gpointer data)
{
  Fixture *f = data;

  return ahoy_database_get_written (f->history) == ahoy_database_get_pushed (f->history);
}

/* The second of three cannot be written. The third, the marks behind it and what is owed wait for it, also when it is only the second that cannot. */
static void
test_nothing_passes_what_failed (void **state)
{
  Fixture         *f = *state;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  sqlite3         *db = NULL;

  db = forbid (f, "INSERT ON messages WHEN new.id = 2");
  keep (f, 1, "one");
  keep (f, 2, "two");
  keep (f, 3, "three");
  ahoy_database_write (f->history, f->archive, ahoy_mark_table_set ("position", ahoy_target_room (AHOY_ROOM_EVERYONE), &(AhoyPlace){ 3, NULL }), NULL, NULL);
  ahoy_database_write (
    f->history, f->archive,
    ahoy_outbox_table_owe (ahoy_stored_message_new (&(AhoyStoredMessage){ .from = (char *) "alice", .text = (char *) "owed", .cid = (char *) "00000000000000aa" })),
    NULL, NULL);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 3));
  keep (f, 4, "four"); /* later, by itself */
  assert_true (test_loop_until_count (f->context, &f->n_kept, 4));
  before = on_disk (f);
  assert_string_equal (before, "1/(null)");
  assert_string_equal (f->told->str, "one failed two three four ");
  assert_int_equal (ahoy_database_get_written (f->history), 1);

  /* It is tried again by itself, and then it is over. */
  allow (db);
  f->n_watched = 0;
  assert_true (test_loop_until (f->context, all_is_written, f, TEST_LOOP_DEADLINE_MS));
  after = on_disk (f);
  assert_string_equal (after, "1,2,3,4/3");
  assert_true (g_str_has_suffix (f->told->str, "four over "));
  assert_int_equal (f->n_watched, 1);
  load (f);
  assert_string_equal (f->outbox, "owed");
  assert_string_equal (f->newest, "one two three four");
}

static void
on_page (AhoyRead     *page,
         const GError *error,
         gpointer      data)
{
  Fixture *f = data;

  f->n_kept++;
}

/* That something can be read does not mean that it is over. */
static void
test_reading_is_no_sign (void **state)
{
  Fixture *f = *state;
  sqlite3 *db = NULL;

  ahoy_database_set_retry (f->history, TEST_LOOP_DEADLINE_MS);
  db = forbid (f, "INSERT ON messages");
  keep (f, 1, "one");
  ahoy_database_read (f->history, ahoy_message_table_read (f->archive, &(AhoyPageQuery){ .limit = 1 }), on_page, f);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 2));
  assert_string_equal (f->told->str, "failed one ");

  /* Whoever loads sees what there is room for by then. */
  allow (db);
  load (f);
  assert_string_equal (f->newest, "one");
  assert_string_equal (f->told->str, "failed one over ");
}

/* So is it at the end. */
static void
test_the_end_is_another_try (void **state)
{
  Fixture *f = *state;
  sqlite3 *db = NULL;

  db = forbid (f, "UPDATE ON accounts");
  ahoy_database_write (f->history, f->archive, ahoy_write_new_part (4, 1), NULL, NULL);
  keep (f, 1, "one");
  assert_true (test_loop_until_count (f->context, &f->n_kept, 1));
  allow (db);
  reopen (f);
  assert_string_equal (f->newest, "one");
  assert_int_equal (f->partings, 1);
}

static guint
write_now (AhoyDatabaseWriter *writer,
           guint64             number,
           const char         *text)
{
  g_autoptr (GPtrArray) writes = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_write_unref);
  AhoyWrite            *write = keep_of (number, text);

  write->archive = 1;
  write->number = number;
  g_ptr_array_add (writes, write);
  return ahoy_database_writer_write (writer, writes, NULL);
}

/* What has been written makes room for others to wait. */
static void
test_it_may_wait_time_and_again (void **state)
{
  Fixture            *f = *state;
  g_autofree char    *big = g_strnfill (1000, 'x');
  AhoyDatabaseFile   *file;
  AhoyDatabaseWriter *writer;

  g_clear_pointer (&f->history, ahoy_database_close);
  file = ahoy_database_file_open (f->path, ahoy_tables, NULL);
  writer = ahoy_database_writer_new (file, 3000);
  for (guint i = 0; i < 4; i++)
    {
      sqlite3 *db = forbid (f, "INSERT ON messages");

      assert_int_equal (write_now (writer, 2 * i + 1, big), 0);
      assert_int_equal (write_now (writer, 2 * i + 2, big), 0);
      assert_int_equal (ahoy_database_writer_get_waiting (writer), 2);
      allow (db);
      assert_true (ahoy_database_writer_flush (writer, NULL));
      assert_int_equal (ahoy_database_writer_get_written (writer), 2 * i + 2);
    }
  ahoy_database_writer_free (writer);
  ahoy_database_file_close (file);
  reopen (f);
}

/* What waits has an end, and behind that nothing is written any more. */
static void
test_more_than_can_wait (void **state)
{
  Fixture            *f = *state;
  g_autofree char    *big = g_strnfill (1000, 'x');
  g_autofree char    *found = NULL;
  AhoyDatabaseFile   *file;
  AhoyDatabaseWriter *writer;
  sqlite3            *db = NULL;

  g_clear_pointer (&f->history, ahoy_database_close);
  file = ahoy_database_file_open (f->path, ahoy_tables, NULL);
  writer = ahoy_database_writer_new (file, 3000);
  db = forbid (f, "INSERT ON messages");
  for (guint i = 1; i <= 6; i++)
    {
      g_autoptr (GPtrArray) writes = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_write_unref);
      g_autoptr (GError)    error = NULL;
      AhoyWrite            *write = keep_of (i, i < 4 ? big : "small");

      if (i == 5)
        allow (db);
      write->archive = 1;
      write->number = i;
      g_ptr_array_add (writes, write);
      assert_int_equal (ahoy_database_writer_write (writer, writes, &error), 0);
      assert_non_null (error);
    }
  assert_int_equal (ahoy_database_writer_get_waiting (writer), 0);
  assert_int_equal (ahoy_database_writer_get_written (writer), 2);
  found = on_disk (f);
  assert_string_equal (found, "1,2/(null)");
  ahoy_database_writer_free (writer);
  ahoy_database_file_close (file);
  reopen (f);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_nothing_passes_what_failed),
    TEST (test_reading_is_no_sign),
    TEST (test_the_end_is_another_try),
    TEST (test_it_may_wait_time_and_again),
    TEST (test_more_than_can_wait),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
