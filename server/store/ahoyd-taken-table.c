/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which whispers wait for whom. */

#include "store/ahoyd-taken-table.h"

#include "store/ahoyd-owner-table.h"

static const char write_sql[] = "INSERT OR REPLACE INTO taken (skeleton, id) VALUES (?1, ?2)";
static const char delete_sql[] = "DELETE FROM taken WHERE skeleton = ?1";

static void
row_free (gpointer data)
{
  g_free (((AhoydTakenRow *) data)->skeleton);
  g_free (data);
}

static gboolean
row_says (gconstpointer data)
{
  const AhoydTakenRow *row = data;

  return row->taken > 0 || row->held > 0;
}

static void
row_read (gpointer      data,
          sqlite3_stmt *stmt)
{
  AhoydTakenRow *row = data;

  row->taken = MAX (row->taken, (guint64) sqlite3_column_int64 (stmt, 1));
  row->held = MAX (row->held, (guint64) sqlite3_column_int64 (stmt, 2));
}

static gboolean
row_write (gconstpointer data,
           AhoySqlite   *file,
           GError      **error)
{
  const AhoydTakenRow *row = data;
  sqlite3_stmt        *stmt = ahoy_sqlite_statement (file, row->taken > 0 ? write_sql : delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, row->skeleton);
  if (row->taken > 0)
    sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) row->taken);
  return ahoy_sqlite_run (file, stmt, error);
}

/* What was committed counts. */
static const AhoydNameRowClass row_class = {
  .size = sizeof (AhoydTakenRow),
  .load_sql = "SELECT skeleton, id, 0 FROM taken UNION ALL"
              " SELECT recipient_skeleton, 0, max (id) FROM events WHERE recipient_skeleton IS NOT NULL GROUP BY recipient_skeleton",
  .says = row_says,
  .read = row_read,
};

static gpointer
rows_new (AhoydTable *table)
{
  return ahoyd_name_rows_new (table, &row_class);
}

const AhoydTableClass ahoyd_taken_table = {
  .name = "taken",
  .tidy_sql = "DELETE FROM taken WHERE " AHOYD_NAME_IS_FREE ("taken.skeleton"),
  .rows_new = rows_new,
  .rows_free = ahoyd_name_rows_free,
  .load = ahoyd_name_rows_load,
  .current = ahoyd_name_rows_current,
  .row_hash = ahoyd_name_row_hash,
  .row_equal = ahoyd_name_row_equal,
  .row_free = row_free,
  .row_write = row_write,
};

guint64
ahoyd_taken_get (AhoydNameRows *taken,
                 const char    *skeleton)
{
  const AhoydTakenRow *row = ahoyd_name_rows_find (taken, skeleton);

  return row != NULL ? row->taken : 0;
}

void
ahoyd_taken_set (AhoydNameRows *taken,
                 const char    *skeleton,
                 guint64        id)
{
  AhoydTakenRow *row;

  if (ahoyd_taken_get (taken, skeleton) == id)
    return;
  row = ahoyd_name_rows_edit (taken, skeleton);
  row->taken = id;
  ahoyd_name_rows_write (taken, row, NULL, NULL);
}

guint64
ahoyd_taken_get_held (AhoydNameRows *taken,
                      const char    *skeleton)
{
  const AhoydTakenRow *row = ahoyd_name_rows_find (taken, skeleton);

  return row != NULL ? row->held : 0;
}

void
ahoyd_taken_raise_held (AhoydNameRows *taken,
                        const char    *skeleton,
                        guint64        id)
{
  AhoydTakenRow *row;

  if (ahoyd_taken_get_held (taken, skeleton) >= id)
    return;
  row = ahoyd_name_rows_edit (taken, skeleton);
  row->held = id;
  ahoyd_name_rows_settle (taken, row);
}

void
ahoyd_taken_drop (AhoydNameRows *taken,
                  const char    *skeleton)
{
  AhoydTakenRow *row;

  if (ahoyd_name_rows_find (taken, skeleton) == NULL)
    return;
  row = ahoyd_name_rows_edit (taken, skeleton);
  row->taken = 0;
  row->held = 0;
  ahoyd_name_rows_write (taken, row, NULL, NULL);
}

void
ahoyd_taken_each (AhoydNameRows  *taken,
                  AhoydTakenFound found,
                  gpointer        data)
{
  ahoyd_name_rows_each (taken, (AhoydNameRowFound) found, data);
}
