/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A table of the log's file: its rows in RAM, and what of them is still to be written. */

#include "store/ahoyd-table.h"

struct _AhoydTable {
  /* Owned */
  gpointer    rows;
  GHashTable *unwritten; /* rows, by their keys, whose change is in RAM only */
  /* Borrowed */
  const AhoydTableClass *klass;
  AhoydTableWrite        write;
  gpointer               data;
};

AhoydTable *
ahoyd_table_new (const AhoydTableClass *klass,
                 AhoydTableWrite        write,
                 gpointer               data)
{
  AhoydTable *self;

  g_return_val_if_fail (klass != NULL && write != NULL, NULL);

  self = g_new0 (AhoydTable, 1);
  self->klass = klass;
  self->write = write;
  self->data = data;
  self->unwritten = g_hash_table_new_full (klass->row_hash, klass->row_equal, klass->row_free, NULL);
  self->rows = klass->rows_new (self);
  return self;
}

void
ahoyd_table_free (AhoydTable *table)
{
  g_return_if_fail (table != NULL);

  table->klass->rows_free (table->rows);
  g_hash_table_unref (table->unwritten);
  g_free (table);
}

const AhoydTableClass *
ahoyd_table_get_class (AhoydTable *table)
{
  g_return_val_if_fail (table != NULL, NULL);

  return table->klass;
}

gpointer
ahoyd_table_get_rows (AhoydTable *table)
{
  g_return_val_if_fail (table != NULL, NULL);

  return table->rows;
}

/* Where nothing can be made, what was never made has no rows. */
static gboolean
make (AhoydTable *self,
      AhoySqlite *file,
      gboolean   *is_there,
      GError    **error)
{
  gint64           n = 1;
  g_autofree char *sql = NULL;
  gboolean         done = TRUE;

  if (self->klass->create_sql != NULL && sqlite3_db_readonly (ahoy_sqlite_get (file), "main") == 0)
    {
      done = ahoy_sqlite_exec (file, self->klass->create_sql, error);
    }
  else if (self->klass->create_sql != NULL)
    {
      sql = g_strdup_printf ("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '%s'", self->klass->name);
      done = ahoy_sqlite_number (file, sql, &n, error);
    }
  *is_there = n > 0;
  return done;
}

gboolean
ahoyd_table_tidy (AhoydTable *table,
                  AhoySqlite *file,
                  GError    **error)
{
  gboolean is_there = FALSE;

  g_return_val_if_fail (table != NULL && file != NULL, FALSE);

  return table->klass->tidy_sql == NULL ||
         (make (table, file, &is_there, error) && (!is_there || ahoy_sqlite_exec (file, table->klass->tidy_sql, error)));
}

gboolean
ahoyd_table_load (AhoydTable *table,
                  AhoySqlite *file,
                  GError    **error)
{
  gboolean is_there = FALSE;

  g_return_val_if_fail (table != NULL && file != NULL, FALSE);

  return make (table, file, &is_there, error) && (!is_there || table->klass->load (table->rows, file, error));
}

void
ahoyd_table_forget (AhoydTable *table,
                    const char *from,
                    const char *to,
                    guint64     id)
{
  g_return_if_fail (table != NULL && from != NULL && to != NULL);

  if (table->klass->forget != NULL)
    table->klass->forget (table->rows, from, to, id);
}

void
ahoyd_table_write (AhoydTable *table,
                   gpointer    row)
{
  g_return_if_fail (table != NULL && row != NULL);

  table->write (table, row, NULL, NULL, table->data);
}

AhoydKeeping *
ahoyd_table_keep (AhoydTable  *table,
                  gpointer     row,
                  AhoydRowKept kept,
                  gpointer     data)
{
  g_return_val_if_fail (table != NULL && row != NULL && kept != NULL, NULL);

  return table->write (table, row, kept, data, table->data);
}

void
ahoyd_keeping_cancel (AhoydKeeping *keeping)
{
  g_return_if_fail (keeping != NULL && keeping->kept != NULL);

  keeping->kept = NULL;
}

void
ahoyd_table_note_unwritten (AhoydTable *table,
                            gpointer    row)
{
  g_return_if_fail (table != NULL && row != NULL);

  g_hash_table_add (table->unwritten, row);
}

void
ahoyd_table_write_again (AhoydTable *table)
{
  g_autoptr (GHashTable) unwritten = NULL;
  GHashTableIter         iter;
  gpointer               key;

  g_return_if_fail (table != NULL);

  if (g_hash_table_size (table->unwritten) == 0)
    return;
  unwritten = g_steal_pointer (&table->unwritten);
  table->unwritten = g_hash_table_new_full (table->klass->row_hash, table->klass->row_equal, table->klass->row_free, NULL);
  g_hash_table_iter_init (&iter, unwritten);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    ahoyd_table_write (table, table->klass->current (table->rows, key));
}
