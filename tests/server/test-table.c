/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A table of the log, with a toy that touches no file of the store: who may not come in, and why. */

#include <string.h>

#include "server/cmocka-all.h"
#include "server/store-fixture.h"
#include "store/ahoyd-table.h"

typedef struct {
  char *who;
  char *why; /* NULL: they may */
} Ban;

typedef struct {
  AhoydTable *table;
  GHashTable *bans; /* Ban, by who */
} Bans;

static void
ban_free (gpointer data)
{
  Ban *ban = data;

  g_free (ban->who);
  g_free (ban->why);
  g_free (ban);
}

static Ban *
ban_new (const char *who,
         const char *why)
{
  Ban *ban = g_new0 (Ban, 1);

  ban->who = g_strdup (who);
  ban->why = g_strdup (why);
  return ban;
}

static guint
ban_hash (gconstpointer ban)
{
  return g_str_hash (((const Ban *) ban)->who);
}

static gboolean
ban_equal (gconstpointer a,
           gconstpointer b)
{
  return g_str_equal (((const Ban *) a)->who, ((const Ban *) b)->who);
}

static gboolean
ban_write (gconstpointer data,
           AhoySqlite   *file,
           GError      **error)
{
  static const char write_sql[] = "INSERT OR REPLACE INTO bans (who, why) VALUES (?1, ?2)";
  static const char delete_sql[] = "DELETE FROM bans WHERE who = ?1";
  const Ban        *ban = data;
  sqlite3_stmt     *stmt = ahoy_sqlite_statement (file, ban->why != NULL ? write_sql : delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, ban->who);
  if (ban->why != NULL)
    ahoy_sqlite_bind_text (stmt, 2, ban->why);
  return ahoy_sqlite_run (file, stmt, error);
}

static gpointer
bans_new (AhoydTable *table)
{
  Bans *bans = g_new0 (Bans, 1);

  bans->table = table;
  bans->bans = g_hash_table_new_full (ban_hash, ban_equal, ban_free, NULL);
  return bans;
}

static void
bans_free (gpointer data)
{
  Bans *bans = data;

  g_hash_table_unref (bans->bans);
  g_free (bans);
}

static gboolean
bans_load (gpointer    data,
           AhoySqlite *file,
           GError    **error)
{
  static const char load_sql[] = "SELECT who, why FROM bans";
  sqlite3_stmt     *stmt = ahoy_sqlite_statement (file, load_sql, error);

  if (stmt == NULL)
    return FALSE;
  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_hash_table_add (((Bans *) data)->bans,
                      ban_new ((const char *) sqlite3_column_text (stmt, 0), (const char *) sqlite3_column_text (stmt, 1)));
  ahoy_sqlite_reset (stmt);
  return TRUE;
}

static const char *
why_not (Bans       *bans,
         const char *who)
{
  const Ban  wanted = { (char *) who, NULL };
  const Ban *ban = g_hash_table_lookup (bans->bans, &wanted);

  return ban != NULL ? ban->why : NULL;
}

static gpointer
bans_current (gpointer      data,
              gconstpointer key)
{
  const char *who = ((const Ban *) key)->who;

  return ban_new (who, why_not (data, who));
}

static const AhoydTableClass ban_table = {
  .name = "bans",
  .create_sql = "CREATE TABLE IF NOT EXISTS bans (who TEXT PRIMARY KEY, why TEXT NOT NULL) STRICT, WITHOUT ROWID",
  .tidy_sql = "DELETE FROM bans WHERE why = 'until this ends'",
  .rows_new = bans_new,
  .rows_free = bans_free,
  .load = bans_load,
  .current = bans_current,
  .row_hash = ban_hash,
  .row_equal = ban_equal,
  .row_free = ban_free,
  .row_write = ban_write,
};

static void
set_ban (Bans       *bans,
         const char *who,
         const char *why)
{
  const Ban wanted = { (char *) who, NULL };

  if (why != NULL)
    g_hash_table_add (bans->bans, ban_new (who, why));
  else
    g_hash_table_remove (bans->bans, &wanted);
  ahoyd_table_write (bans->table, ban_new (who, why));
}

/* --- Over a store --- */

static void
check_store (StoreFixture *f)
{
  Bans *bans = ahoyd_store_get_rows (f->store, &ban_table);

  assert_null (why_not (bans, "mallory"));
  set_ban (bans, "mallory", "he knows");
  set_ban (bans, "eve", "she listens");
  set_ban (bans, "mallory", "he knows why");
  set_ban (bans, "eve", NULL);
  set_ban (bans, "trudy", "until this ends");
  assert_string_equal (why_not (bans, "mallory"), "he knows why");
  assert_null (why_not (bans, "eve"));
}

static void
test_in_memory (void **state)
{
  StoreFixture *f = *state;

  ahoyd_store_add_table (f->store, &ban_table);
  check_store (f);
}

static void
test_on_the_disk (void **state)
{
  StoreFixture *f = *state;
  Bans         *bans;

  f->table = &ban_table;
  assert_true (store_fixture_reopen (f, NULL));
  check_store (f);
  assert_true (store_fixture_reopen (f, NULL));
  bans = ahoyd_store_get_rows (f->store, &ban_table);
  assert_string_equal (why_not (bans, "mallory"), "he knows why");
  assert_null (why_not (bans, "eve"));
  assert_null (why_not (bans, "trudy")); /* tidied away */
  /* Without it nobody minds what it left. */
  f->table = NULL;
  assert_true (store_fixture_reopen (f, NULL));
}

/* --- By itself --- */

static AhoydKeeping *
on_write (AhoydTable  *table,
          gpointer     row,
          AhoydRowKept kept,
          gpointer     kept_data,
          gpointer     data)
{
  g_ptr_array_add (data, row);
  return NULL;
}

/* What could not be written is written once, as it is by then. */
static void
test_written_again (void **state)
{
  g_autoptr (GPtrArray)  written = g_ptr_array_new_with_free_func (ban_free);
  g_autoptr (AhoydTable) table = ahoyd_table_new (&ban_table, on_write, written);
  Bans                  *bans = ahoyd_table_get_rows (table);
  const Ban             *ban;

  set_ban (bans, "mallory", "one");
  set_ban (bans, "mallory", "two");
  set_ban (bans, "eve", "three");
  assert_int_equal (written->len, 3);
  ahoyd_table_note_unwritten (table, g_ptr_array_steal_index (written, 0));
  ahoyd_table_note_unwritten (table, g_ptr_array_steal_index (written, 0));
  g_ptr_array_set_size (written, 0);
  set_ban (bans, "mallory", "four");
  g_ptr_array_set_size (written, 0);

  ahoyd_table_write_again (table);
  assert_int_equal (written->len, 1);
  ban = written->pdata[0];
  assert_string_equal (ban->who, "mallory");
  assert_string_equal (ban->why, "four");
  ahoyd_table_write_again (table);
  assert_int_equal (written->len, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_in_memory, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_on_the_disk, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test (test_written_again),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
