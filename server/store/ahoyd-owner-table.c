/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which key owns a name. */

#include "store/ahoyd-owner-table.h"

static const char write_sql[] = "INSERT OR REPLACE INTO owners (skeleton, key, since, seen) VALUES (?1, ?2, ?3, ?4)";
static const char delete_sql[] = "DELETE FROM owners WHERE skeleton = ?1";

static void
row_own (gpointer data)
{
  AhoydOwnerRow *row = data;

  row->key = g_strdup (row->key);
}

static void
row_free (gpointer data)
{
  AhoydOwnerRow *row = data;

  g_free (row->skeleton);
  g_free (row->key);
  g_free (row);
}

static gboolean
row_says (gconstpointer data)
{
  return ((const AhoydOwnerRow *) data)->key != NULL;
}

static void
row_read (gpointer      data,
          sqlite3_stmt *stmt)
{
  AhoydOwnerRow *row = data;

  row->key = g_strdup ((const char *) sqlite3_column_text (stmt, 1));
  row->since = sqlite3_column_int64 (stmt, 2);
  row->seen = sqlite3_column_int64 (stmt, 3);
}

static gboolean
row_write (gconstpointer data,
           AhoySqlite   *file,
           GError      **error)
{
  const AhoydOwnerRow *row = data;
  sqlite3_stmt        *stmt = ahoy_sqlite_statement (file, row->key != NULL ? write_sql : delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, row->skeleton);
  if (row->key != NULL)
    {
      ahoy_sqlite_bind_text (stmt, 2, row->key);
      sqlite3_bind_int64 (stmt, 3, row->since);
      sqlite3_bind_int64 (stmt, 4, row->seen);
    }
  return ahoy_sqlite_run (file, stmt, error);
}

static const AhoydNameRowClass row_class = {
  .size = sizeof (AhoydOwnerRow),
  .load_sql = "SELECT skeleton, key, since, seen FROM owners",
  .own = row_own,
  .says = row_says,
  .read = row_read,
};

static gpointer
rows_new (AhoydTable *table)
{
  return ahoyd_name_rows_new (table, &row_class);
}

const AhoydTableClass ahoyd_owner_table = {
  .name = "owners",
  .rows_new = rows_new,
  .rows_free = ahoyd_name_rows_free,
  .load = ahoyd_name_rows_load,
  .current = ahoyd_name_rows_current,
  .row_hash = ahoyd_name_row_hash,
  .row_equal = ahoyd_name_row_equal,
  .row_free = row_free,
  .row_write = row_write,
};

const AhoydOwnerRow *
ahoyd_owner_find (AhoydNameRows *owners,
                  const char    *skeleton)
{
  return ahoyd_name_rows_find (owners, skeleton);
}

AhoydKeeping *
ahoyd_owner_set (AhoydNameRows *owners,
                 const char    *skeleton,
                 const char    *key,
                 gint64         since,
                 AhoydRowKept   kept,
                 gpointer       data)
{
  AhoydOwnerRow *row = ahoyd_name_rows_edit (owners, skeleton);

  if (row->key != key)
    {
      g_free (row->key);
      row->key = g_strdup (key);
    }
  row->since = since;
  return ahoyd_name_rows_write (owners, row, kept, data);
}

void
ahoyd_owner_set_seen (AhoydNameRows *owners,
                      const char    *skeleton,
                      gint64         seen)
{
  AhoydOwnerRow *row;

  if (ahoyd_owner_find (owners, skeleton) == NULL)
    return;
  row = ahoyd_name_rows_edit (owners, skeleton);
  row->seen = seen;
  ahoyd_name_rows_write (owners, row, NULL, NULL);
}

void
ahoyd_owner_each (AhoydNameRows  *owners,
                  AhoydOwnerFound found,
                  gpointer        data)
{
  ahoyd_name_rows_each (owners, (AhoydNameRowFound) found, data);
}
