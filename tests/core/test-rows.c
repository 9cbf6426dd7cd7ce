/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A table that the house does not know: one AhoyTable is all it takes. */

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-rows.h"
#include "core/archive/ahoy-write.h"

/* ---- The toy: what one person collected, by id ---- */

static const char add_sql[] = "INSERT INTO toys (account, id, text) VALUES (?1, ?2, ?3)";
static const char load_sql[] = "SELECT text FROM toys WHERE account = ?1 ORDER BY id DESC LIMIT ?2";
static const char part_sql[] = "DELETE FROM toys WHERE account = ?1 AND id >= ?2";

typedef struct {
  AhoyWrite   write;
  guint64     id;
  const char *text;
} Add;

static guint n_cleared;

static gboolean
add_run (AhoyWrite        *write,
         AhoyDatabaseFile *file,
         GError          **error)
{
  const Add    *add = (const Add *) write;
  sqlite3_stmt *stmt = ahoy_table_prepare (file->sqlite, add_sql, write->archive, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) add->id);
  ahoy_sqlite_bind_text (stmt, 3, add->text);
  return ahoy_sqlite_run (file->sqlite, stmt, error);
}

static void
add_clear (AhoyWrite *write)
{
  n_cleared++;
}

static const AhoyWriteType add_type = { .run = add_run, .clear = add_clear };

static gpointer
rows_new (void)
{
  return g_string_new (NULL);
}

static void
rows_free (gpointer rows)
{
  g_string_free (rows, TRUE);
}

static gboolean
load (AhoySqlite *file,
      gint64      archive,
      guint       newest,
      gpointer    rows,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, load_sql, archive, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, newest);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    g_string_append_printf (rows, "%s ", (const char *) sqlite3_column_text (stmt, 0));
  return ahoy_table_end (file, stmt, code, error);
}

static gboolean
part (AhoySqlite *file,
      gint64      archive,
      guint64     first,
      guint       parting,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, part_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) first);
  return ahoy_sqlite_run (file, stmt, error);
}

static void
part_rows (gpointer rows,
           guint64  first,
           guint    parting)
{
  g_string_append_printf (rows, "(%u) ", parting);
}

static void
rejoin_rows (gpointer         rows,
             const AhoyPlace *copy,
             guint64          id)
{
  g_string_append_printf (rows, "[%u] ", (guint) id);
}

static const AhoyTable toy_table = {
  .name = "toys",
  .create = "CREATE TABLE IF NOT EXISTS toys (account INTEGER NOT NULL, id INTEGER NOT NULL, text TEXT NOT NULL) STRICT",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
  .part = part,
  .part_rows = part_rows,
  .rejoin_rows = rejoin_rows,
};

static const AhoyTable        nothing_table = { .name = "nothing" }; /* every function may be missing */
static const AhoyTable *const tables[] = { &nothing_table, &toy_table, NULL };

/* ---- The tests ---- */

typedef struct {
  AhoyDatabaseFile *file;
  char             *dir;
  char             *path;
  gint64            archive;
} Fixture;

static void
open_file (Fixture *f)
{
  f->file = ahoy_database_file_open (f->path, tables, NULL);
  assert_non_null (f->file);
  assert_true (ahoy_account_table_find (f->file->sqlite, "server-a", "alice", &f->archive, NULL));
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->dir = g_dir_make_tmp ("ahoy-rows-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "history.sqlite", NULL);
  open_file (f);
  n_cleared = 0;
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_database_file_close (f->file);
  g_unlink (f->path);
  g_rmdir (f->dir);
  g_free (f->path);
  g_free (f->dir);
  g_free (f);
  return 0;
}

static void
run (Fixture   *f,
     AhoyWrite *write)
{
  write->archive = f->archive;
  assert_true (write->type->run (write, f->file, NULL));
  ahoy_write_unref (write);
}

static void
add (Fixture    *f,
     guint64     id,
     const char *text)
{
  Add *write = ahoy_write_new (&add_type, sizeof *write);

  write->id = id;
  write->text = text;
  run (f, &write->write);
}

static void
assert_rows (Fixture    *f,
             guint       newest,
             const char *expected)
{
  g_autoptr (AhoyRows) rows = ahoy_rows_new (tables);

  assert_true (ahoy_rows_load (rows, f->file->sqlite, f->archive, newest, NULL));
  assert_string_equal (((GString *) ahoy_rows_get (rows, &toy_table))->str, expected);
}

static void
test_a_toy (void **state)
{
  Fixture *f = *state;

  add (f, 1, "ball");
  add (f, 2, "kite");
  assert_int_equal (n_cleared, 2);
  assert_rows (f, 9, "kite ball ");
  assert_rows (f, 1, "kite ");
  ahoy_database_file_close (f->file);
  open_file (f); /* it is there, and is not made again */
  assert_rows (f, 9, "kite ball ");
  run (f, ahoy_write_new_part (2, 1));
  assert_rows (f, 9, "ball ");
}

static void
test_in_memory (void **state)
{
  Fixture             *f = *state;
  g_autoptr (AhoyRows) rows = ahoy_rows_new (tables);
  GString             *taken;

  add (f, 1, "ball");
  assert_true (ahoy_rows_load (rows, f->file->sqlite, f->archive, 9, NULL));
  ahoy_rows_part (rows, 2, 3);
  ahoy_rows_rejoin (rows, &(AhoyPlace){ 1, NULL }, 4);
  taken = ahoy_rows_take (rows, &toy_table);
  assert_string_equal (taken->str, "ball (3) [4] ");
  assert_string_equal (((GString *) ahoy_rows_get (rows, &toy_table))->str, "");
  g_string_free (taken, TRUE);
  assert_null (ahoy_rows_get (rows, &nothing_table));
}

static void
test_a_disk_that_fails (void **state)
{
  Fixture             *f = *state;
  g_autoptr (AhoyRows) rows = ahoy_rows_new (tables);
  g_autoptr (GError)   error = NULL;

  assert_true (ahoy_sqlite_exec (f->file->sqlite, "DROP TABLE toys", NULL));
  assert_false (ahoy_rows_load (rows, f->file->sqlite, f->archive, 9, &error));
  assert_non_null (error);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_a_toy),
    TEST (test_in_memory),
    TEST (test_a_disk_that_fails),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
