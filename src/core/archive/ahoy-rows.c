/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one archive has in memory of every table. */

#include "core/archive/ahoy-rows.h"

struct _AhoyRows {
  /* Owned */
  gpointer *rows; /* one of each table */

  /* Borrowed */
  const AhoyTable *const *tables;
};

AhoyRows *
ahoy_rows_new (const AhoyTable *const *tables)
{
  AhoyRows *self = g_new0 (AhoyRows, 1);
  gsize     n = 0;

  while (tables[n] != NULL)
    n++;
  self->tables = tables;
  self->rows = g_new0 (gpointer, n + 1);
  for (gsize i = 0; i < n; i++)
    self->rows[i] = tables[i]->rows_new != NULL ? tables[i]->rows_new () : NULL;
  return self;
}

void
ahoy_rows_free (AhoyRows *self)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->rows[i] != NULL)
        self->tables[i]->rows_free (self->rows[i]);
    }
  g_free (self->rows);
  g_free (self);
}

gboolean
ahoy_rows_load (AhoyRows   *self,
                AhoySqlite *file,
                gint64      archive,
                guint       newest,
                GError    **error)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->tables[i]->load != NULL && !self->tables[i]->load (file, archive, newest, self->rows[i], error))
        return FALSE;
    }
  return TRUE;
}

static gpointer *
find (AhoyRows        *self,
      const AhoyTable *table)
{
  gsize i = 0;

  while (self->tables[i] != table)
    g_assert (self->tables[i++] != NULL);
  return &self->rows[i];
}

gpointer
ahoy_rows_get (AhoyRows        *self,
               const AhoyTable *table)
{
  return *find (self, table);
}

gpointer
ahoy_rows_take (AhoyRows        *self,
                const AhoyTable *table)
{
  gpointer *rows = find (self, table);
  gpointer  taken = *rows;

  *rows = table->rows_new ();
  return taken;
}

void
ahoy_rows_part (AhoyRows *self,
                guint64   first,
                guint     parting)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->tables[i]->part_rows != NULL)
        self->tables[i]->part_rows (self->rows[i], first, parting);
    }
}

void
ahoy_rows_rejoin (AhoyRows        *self,
                  const AhoyPlace *copy,
                  guint64          id)
{
  for (gsize i = 0; self->tables[i] != NULL; i++)
    {
      if (self->tables[i]->rejoin_rows != NULL)
        self->tables[i]->rejoin_rows (self->rows[i], copy, id);
    }
}
