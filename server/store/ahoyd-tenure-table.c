/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* From when a name is whose it is now. */

#include "store/ahoyd-tenure-table.h"

#include "store/ahoyd-owner-table.h"

typedef struct {
  char   *skeleton;
  guint64 released; /* 0: there is no such row */
} Row;

static const char write_sql[] = "INSERT OR REPLACE INTO tenures (skeleton, released) VALUES (?1, ?2)";
static const char delete_sql[] = "DELETE FROM tenures WHERE skeleton = ?1";

static void
row_free (gpointer data)
{
  g_free (((Row *) data)->skeleton);
  g_free (data);
}

static gboolean
row_says (gconstpointer data)
{
  return ((const Row *) data)->released > 0;
}

static void
row_read (gpointer      data,
          sqlite3_stmt *stmt)
{
  ((Row *) data)->released = (guint64) sqlite3_column_int64 (stmt, 1);
}

static gboolean
row_write (gconstpointer data,
           AhoySqlite   *file,
           GError      **error)
{
  const Row    *row = data;
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, row_says (row) ? write_sql : delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, row->skeleton);
  if (row_says (row))
    sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) row->released);
  return ahoy_sqlite_run (file, stmt, error);
}

static const AhoydNameRowClass row_class = {
  .size = sizeof (Row),
  .load_sql = "SELECT skeleton, released FROM tenures",
  .says = row_says,
  .read = row_read,
};

static gpointer
rows_new (AhoydTable *table)
{
  return ahoyd_name_rows_new (table, &row_class);
}

const AhoydTableClass ahoyd_tenure_table = {
  .name = "tenures",
  .tidy_sql = "DELETE FROM tenures WHERE " AHOYD_NAME_IS_FREE ("tenures.skeleton"),
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
ahoyd_tenure_get_released (AhoydNameRows *tenures,
                           const char    *skeleton)
{
  const Row *row = ahoyd_name_rows_find (tenures, skeleton);

  return row != NULL ? row->released : 0;
}

void
ahoyd_tenure_set_released (AhoydNameRows *tenures,
                           const char    *skeleton,
                           guint64        released)
{
  Row *row;

  if (ahoyd_tenure_get_released (tenures, skeleton) == released)
    return;
  row = ahoyd_name_rows_edit (tenures, skeleton);
  row->released = released;
  ahoyd_name_rows_write (tenures, row, NULL, NULL);
}
