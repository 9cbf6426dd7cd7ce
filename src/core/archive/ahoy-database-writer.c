/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is written to the history's file, in order. */

#include "core/archive/ahoy-database-writer.h"

#include <string.h>

/* Writes that waited go into one transaction, so many at most: what fails has then not cost much. */
#define GROUP_MAX 200

struct _AhoyHistoryWriter {
  /* Owned */
  GQueue   waiting; /* AhoyDatabaseWrite */
  gsize    size;    /* bytes of these, roughly */
  gsize    max;
  guint64  written;
  gboolean over; /* something was refused: nothing may pass it */

  /* Borrowed */
  AhoyDatabaseFile *file;
};

/* ---- A write ---- */

AhoyDatabaseWrite *
ahoy_database_write_new (AhoyDatabaseWriteKind kind,
                         gint64                archive)
{
  AhoyDatabaseWrite *write = g_new0 (AhoyDatabaseWrite, 1);

  write->refs = 1;
  write->kind = kind;
  write->archive = archive;
  return write;
}

AhoyDatabaseWrite *
ahoy_database_write_ref (AhoyDatabaseWrite *write)
{
  g_atomic_int_inc (&write->refs);
  return write;
}

void
ahoy_database_write_unref (AhoyDatabaseWrite *write)
{
  if (!g_atomic_int_dec_and_test (&write->refs)) /* inline, so that ThreadSanitizer sees it */
    return;
  g_clear_pointer (&write->stored, ahoy_stored_message_free);
  g_clear_pointer (&write->known_key, ahoy_known_key_free);
  g_clear_pointer (&write->runs, ahoy_run_marks_free);
  ahoy_place_clear (&write->place);
  g_free (write->first);
  g_free (write->second);
  g_free (write);
}

static gsize
size_of (const AhoyDatabaseWrite *write)
{
  return sizeof *write + (write->stored != NULL && write->stored->text != NULL ? strlen (write->stored->text) : 0);
}

/* ---- The writer ---- */

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
  g_queue_clear_full (&self->waiting, (GDestroyNotify) ahoy_database_write_unref);
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

/* @copy (out). */
static gboolean
write_one (AhoyDatabaseFile        *file,
           const AhoyDatabaseWrite *write,
           AhoyPlace               *copy,
           GError                 **error)
{
  switch (write->kind)
    {
    case AHOY_DATABASE_KEEP:
      return ahoy_database_file_keep (file, write->archive, write->stored, copy, error);
    case AHOY_DATABASE_OWE:
      return ahoy_database_file_owe (file, write->archive, write->stored, error);
    case AHOY_DATABASE_DROP:
      return ahoy_database_file_drop (file, write->archive, write->first, error);
    case AHOY_DATABASE_MARK:
      return ahoy_database_file_mark (file, write->archive, write->first, write->second, &write->place, error);
    case AHOY_DATABASE_KNOW:
      return ahoy_database_file_know (file, write->archive, write->known_key, error);
    case AHOY_DATABASE_PART:
      return ahoy_database_file_part (file, write->archive, write->place.id, write->parting, error);
    case AHOY_DATABASE_RUNS:
      return ahoy_database_file_set_runs (file, write->archive, write->runs, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* The first @n that wait. */
static gboolean
write_waiting (AhoyDatabaseWriter *self,
               guint               n,
               GError            **error)
{
  gboolean     written = ahoy_database_file_begin (self->file, error);
  const GList *link = self->waiting.head;

  for (guint i = 0; written && i < n; i++, link = link->next)
    {
      g_auto (AhoyPlace) copy = { 0 };

      written = write_one (self->file, link->data, &copy, error);
    }
  if (!written || !ahoy_database_file_commit (self->file, error))
    {
      ahoy_database_file_rollback (self->file);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      AhoyDatabaseWrite *write = g_queue_pop_head (&self->waiting);

      self->size -= size_of (write);
      self->written = write->number;
      ahoy_database_write_unref (write);
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

/* Attempts from @from up to @until, as one transaction. */
static gboolean
write_group (AhoyDatabaseWriter *self,
             GPtrArray          *attempts,
             guint               from,
             guint               until,
             GError            **error)
{
  gboolean written = ahoy_database_file_begin (self->file, error);

  for (guint i = from; written && i < until; i++)
    {
      AhoyDatabaseAttempt *attempt = attempts->pdata[i];

      written = write_one (self->file, attempt->write, &attempt->copy, error);
    }
  if (!written || !ahoy_database_file_commit (self->file, error))
    {
      ahoy_database_file_rollback (self->file);
      return FALSE;
    }
  self->written = ((AhoyDatabaseAttempt *) attempts->pdata[until - 1])->write->number;
  return TRUE;
}

/* From @from on nothing is on the disk, because of @error (transfer full). */
static void
put_off (AhoyDatabaseWriter *self,
         GPtrArray          *attempts,
         guint               from,
         GError             *error)
{
  for (guint i = from; i < attempts->len; i++)
    {
      AhoyDatabaseAttempt *attempt = attempts->pdata[i];

      ahoy_place_clear (&attempt->copy);
      attempt->error = g_error_copy (error);
      self->over = self->over || self->size + size_of (attempt->write) > self->max;
      if (self->over)
        continue;
      self->size += size_of (attempt->write);
      g_queue_push_tail (&self->waiting, ahoy_database_write_ref (attempt->write));
    }
  g_error_free (error);
}

void
ahoy_database_writer_write (AhoyDatabaseWriter *self,
                            GPtrArray          *attempts)
{
  GError *error = NULL;

  if (!ahoy_database_writer_flush (self, &error))
    {
      put_off (self, attempts, 0, error);
      return;
    }
  if (self->over)
    {
      put_off (self, attempts, 0, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "more could not be written than can be remembered"));
      return;
    }
  if (attempts->len == 0 || write_group (self, attempts, 0, attempts->len, NULL))
    return;
  for (guint i = 0; i < attempts->len; i++)
    {
      if (!write_group (self, attempts, i, i + 1, &error))
        {
          put_off (self, attempts, i, error);
          return;
        }
    }
}
