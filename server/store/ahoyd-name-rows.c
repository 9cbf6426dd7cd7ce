/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* All rows of a table, in RAM, where each is about a name. */

#include "store/ahoyd-name-rows.h"

struct _AhoydNameRows {
  /* Owned */
  GHashTable *rows; /* by themselves, that is by their skeletons */
  /* Borrowed */
  AhoydTable              *table;
  const AhoydNameRowClass *klass;
};

/* A row of any table. */
typedef struct {
  char *skeleton;
} Row;

AhoydNameRows *
ahoyd_name_rows_new (AhoydTable              *table,
                     const AhoydNameRowClass *klass)
{
  const AhoydTableClass *table_class = ahoyd_table_get_class (table);
  AhoydNameRows         *self = g_new0 (AhoydNameRows, 1);

  self->rows = g_hash_table_new_full (ahoyd_name_row_hash, ahoyd_name_row_equal, table_class->row_free, NULL);
  self->table = table;
  self->klass = klass;
  return self;
}

void
ahoyd_name_rows_free (gpointer rows)
{
  AhoydNameRows *self = rows;

  g_hash_table_unref (self->rows);
  g_free (self);
}

guint
ahoyd_name_row_hash (gconstpointer row)
{
  return g_str_hash (((const Row *) row)->skeleton);
}

gboolean
ahoyd_name_row_equal (gconstpointer a,
                      gconstpointer b)
{
  return g_str_equal (((const Row *) a)->skeleton, ((const Row *) b)->skeleton);
}

static gpointer
row_new (AhoydNameRows *self,
         const char    *skeleton)
{
  Row *row = g_malloc0 (self->klass->size);

  row->skeleton = g_strdup (skeleton);
  return row;
}

static gpointer
row_copy (AhoydNameRows *self,
          gconstpointer  row)
{
  Row *copy = g_memdup2 (row, self->klass->size);

  copy->skeleton = g_strdup (copy->skeleton);
  if (self->klass->own != NULL)
    self->klass->own (copy);
  return copy;
}

gconstpointer
ahoyd_name_rows_find (AhoydNameRows *rows,
                      const char    *skeleton)
{
  const Row key = { (char *) skeleton };

  g_return_val_if_fail (rows != NULL && skeleton != NULL, NULL);

  return g_hash_table_lookup (rows->rows, &key);
}

gpointer
ahoyd_name_rows_current (gpointer      rows,
                         gconstpointer key)
{
  const char   *skeleton = ((const Row *) key)->skeleton;
  gconstpointer row = ahoyd_name_rows_find (rows, skeleton);

  return row != NULL ? row_copy (rows, row) : row_new (rows, skeleton);
}

gpointer
ahoyd_name_rows_edit (AhoydNameRows *rows,
                      const char    *skeleton)
{
  gpointer row = (gpointer) ahoyd_name_rows_find (rows, skeleton);

  if (row != NULL)
    return row;
  row = row_new (rows, skeleton);
  g_hash_table_add (rows->rows, row);
  return row;
}

void
ahoyd_name_rows_settle (AhoydNameRows *rows,
                        gpointer       row)
{
  g_return_if_fail (rows != NULL && row != NULL);

  if (!rows->klass->says (row))
    g_hash_table_remove (rows->rows, row);
}

AhoydKeeping *
ahoyd_name_rows_write (AhoydNameRows *rows,
                       gpointer       row,
                       AhoydRowKept   kept,
                       gpointer       data)
{
  AhoydKeeping *keeping = NULL;

  g_return_val_if_fail (rows != NULL && row != NULL, NULL);

  if (kept != NULL)
    keeping = ahoyd_table_keep (rows->table, row_copy (rows, row), kept, data);
  else
    ahoyd_table_write (rows->table, row_copy (rows, row));
  ahoyd_name_rows_settle (rows, row);
  return keeping;
}

gboolean
ahoyd_name_rows_load (gpointer    rows,
                      AhoySqlite *file,
                      GError    **error)
{
  AhoydNameRows *self = rows;
  sqlite3_stmt  *stmt = ahoy_sqlite_statement (file, self->klass->load_sql, error);
  int            code;

  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      gpointer row = ahoyd_name_rows_edit (self, (const char *) sqlite3_column_text (stmt, 0));

      self->klass->read (row, stmt);
      ahoyd_name_rows_settle (self, row);
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}

void
ahoyd_name_rows_each (AhoydNameRows    *rows,
                      AhoydNameRowFound found,
                      gpointer          data)
{
  GHashTableIter iter;
  gpointer       row;

  g_return_if_fail (rows != NULL && found != NULL);

  g_hash_table_iter_init (&iter, rows->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    found (row, data);
}
