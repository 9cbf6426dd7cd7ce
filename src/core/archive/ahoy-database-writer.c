/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is written to the profile's database, in order. */

#include "core/archive/ahoy-database-writer.h"

#include <gio/gio.h>

/* Writes that waited go into one transaction, so many at most: what fails has then not cost much. */
#define GROUP_MAX 200

struct _AhoyDatabaseWriter {
  /* Owned */
  GQueue   waiting; /* AhoyWrite */
  gsize    size;    /* bytes of these, roughly */
  gsize    max;
  guint64  written;
  gboolean over; /* something was refused: nothing may pass it */

  /* Borrowed */
  AhoyDatabaseFile *file;
};

AhoyDatabaseWriter *
ahoy_database_writer_new (AhoyDatabaseFile *file,
                          gsize             max)
{
  AhoyDatabaseWriter *self = g_new0 (AhoyDatabaseWriter, 1);

  self->file = file;
  self->max = max;
  g_queue_init (&self->waiting);
  return self;
}

void
ahoy_database_writer_free (AhoyDatabaseWriter *self)
{
  g_queue_clear_full (&self->waiting, (GDestroyNotify) ahoy_write_unref);
  g_free (self);
}

guint
ahoy_database_writer_get_waiting (AhoyDatabaseWriter *self)
{
  return self->waiting.length;
}

guint64
ahoy_database_writer_get_written (AhoyDatabaseWriter *self)
{
  return self->written;
}

static gboolean
write_one (AhoyDatabaseWriter *self,
           AhoyWrite          *write,
           GError            **error)
{
  return write->type->run (write, self->file, error);
}

/* The first @n that wait. */
static gboolean
write_waiting (AhoyDatabaseWriter *self,
               guint               n,
               GError            **error)
{
  gboolean     written = ahoy_sqlite_begin (self->file->sqlite, error);
  const GList *link = self->waiting.head;

  for (guint i = 0; written && i < n; i++, link = link->next)
    written = write_one (self, link->data, error);
  if (!written || !ahoy_sqlite_commit (self->file->sqlite, error))
    {
      ahoy_sqlite_rollback (self->file->sqlite);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      AhoyWrite *write = g_queue_pop_head (&self->waiting);

      self->size -= write->size;
      self->written = write->number;
      ahoy_write_unref (write);
    }
  return TRUE;
}

gboolean
ahoy_database_writer_flush (AhoyDatabaseWriter *self,
                            GError            **error)
{
  guint n = GROUP_MAX;

  while (self->waiting.length > 0)
    {
      n = MIN (n, self->waiting.length);
      if (write_waiting (self, n, n > 1 ? NULL : error))
        continue;
      if (n == 1)
        return FALSE;
      n = 1; /* there may be room for some */
    }
  return TRUE;
}

/* Writes from @from up to @until, as one transaction. */
static gboolean
write_group (AhoyDatabaseWriter *self,
             GPtrArray          *writes,
             guint               from,
             guint               until,
             GError            **error)
{
  gboolean written = ahoy_sqlite_begin (self->file->sqlite, error);

  for (guint i = from; written && i < until; i++)
    written = write_one (self, writes->pdata[i], error);
  if (!written || !ahoy_sqlite_commit (self->file->sqlite, error))
    {
      ahoy_sqlite_rollback (self->file->sqlite);
      return FALSE;
    }
  self->written = ((AhoyWrite *) writes->pdata[until - 1])->number;
  return TRUE;
}

/* From @from on nothing is on the disk. Returns: @from. */
static guint
put_off (AhoyDatabaseWriter *self,
         GPtrArray          *writes,
         guint               from)
{
  for (guint i = from; i < writes->len; i++)
    {
      AhoyWrite *write = writes->pdata[i];

      self->over = self->over || self->size + write->size > self->max;
      if (self->over)
        continue;
      self->size += write->size;
      g_queue_push_tail (&self->waiting, ahoy_write_ref (write));
    }
  return from;
}

guint
ahoy_database_writer_write (AhoyDatabaseWriter *self,
                            GPtrArray          *writes,
                            GError            **error)
{
  if (!ahoy_database_writer_flush (self, error))
    return put_off (self, writes, 0);
  if (self->over)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "more could not be written than can be remembered");
      return put_off (self, writes, 0);
    }
  if (writes->len == 0 || write_group (self, writes, 0, writes->len, NULL))
    return writes->len;
  for (guint i = 0; i < writes->len; i++)
    {
      if (!write_group (self, writes, i, i + 1, error))
        return put_off (self, writes, i);
    }
  return writes->len;
}
