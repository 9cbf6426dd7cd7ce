/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is done to the log's file, on the thread that writes it.
 *
 * What there is to write goes into one transaction. When that fails it is tried again one by one, so that a single message that cannot be stored takes no
 * other with it. */

#include "store/ahoyd-log-writer.h"

/* A disk that was full is tried again so often. */
#define OPEN_AGAIN_US G_USEC_PER_SEC

struct _AhoydLogWriter {
  /* Owned */
  AhoydDatabase  *db;        /* NULL: there was no room for it yet */
  AhoydRetention *retention; /* NULL then, too */
  AhoydKeep       keep;
  gint64          open_again; /* monotonic time before which that is not tried */
  /* Borrowed */
  AhoydLogReader   *reader;
  const AhoydClock *clock;
  /* Atomic */
  int hurry;
  /* Immutable, owned */
  char           *path;
  char           *run;
  AhoydDurability durability;
};

void
ahoyd_write_free (AhoydWrite *write)
{
  g_return_if_fail (write != NULL);

  g_clear_error (&write->error);
  g_clear_error (&write->forget_error);
  ahoyd_retention_news_clear (&write->news);
  g_clear_pointer (&write->event, ahoyd_event_unref);
  if (write->row != NULL)
    write->table->row_free (write->row);
  g_free (write);
}

/* --- Writing --- */

static gboolean
is_written (const AhoydWrite *write)
{
  return write->kind == AHOYD_WRITE_APPEND || write->kind == AHOYD_WRITE_ROW || write->kind == AHOYD_WRITE_RUN;
}

static gboolean
write_one (AhoydLogWriter *self,
           AhoydWrite     *write,
           GError        **error)
{
  if (write->kind == AHOYD_WRITE_ROW)
    return ahoyd_database_write_row (self->db, write->table, write->row, error);
  if (write->kind == AHOYD_WRITE_RUN)
    return ahoyd_database_keep_run (self->db, error);
  return ahoyd_database_append (self->db, write->event, self->clock->real (self->clock->data), &write->repeated, error);
}

/* Takes back the stamps of a group that did not get into the log. */
static void
unstamp (const GList *from,
         const GList *until)
{
  for (const GList *l = from; l != until; l = l->next)
    {
      AhoydWrite *write = l->data;

      if (write->kind != AHOYD_WRITE_APPEND)
        continue;
      write->event->id = 0;
      g_clear_pointer (&write->event->first, ahoyd_event_unref);
    }
}

static gboolean
write_group (AhoydLogWriter *self,
             const GList    *from,
             const GList    *until,
             GError        **error)
{
  gboolean written = ahoyd_database_begin (self->db, error) && ahoyd_retention_note_clock (self->retention, error);

  for (const GList *l = from; written && l != until; l = l->next)
    if (is_written (l->data))
      written = write_one (self, l->data, error);

  if (written && ahoyd_database_commit (self->db, error))
    {
      ahoyd_retention_noted (self->retention);
      return TRUE;
    }
  ahoyd_database_rollback (self->db);
  unstamp (from, until);
  return FALSE;
}

static void
fail (AhoydWrite   *write,
      const GError *error)
{
  if (write->kind != AHOYD_WRITE_KEEP && write->error == NULL)
    write->error = g_error_copy (error);
}

/* One by one what failed together: unless somebody else has the file, who will have it for all of them, or there is no time. */
static void
write_all (AhoydLogWriter *self,
           const GList    *writes)
{
  g_autoptr (GError) error = NULL;

  if (write_group (self, writes, NULL, &error))
    return;
  for (const GList *l = writes; l != NULL; l = l->next)
    {
      if (!is_written (l->data))
        continue;
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) || g_atomic_int_get (&self->hurry) != 0)
        fail (l->data, error);
      else
        write_group (self, l, l->next, &((AhoydWrite *) l->data)->error);
    }
}

/* There is no log to write. What is to be kept of it is noted for when there is. */
static void
fail_all (AhoydLogWriter *self,
          const GList    *writes,
          const GError   *error)
{
  for (const GList *l = writes; l != NULL; l = l->next)
    {
      AhoydWrite *write = l->data;

      if (write->kind == AHOYD_WRITE_KEEP)
        self->keep = write->keep;
      fail (write, error);
    }
}

/* --- The file --- */

/* What goes with an open file. */
static gboolean
set_out (AhoydLogWriter *self,
         GError        **error)
{
  ahoyd_database_set_hurry (self->db, &self->hurry);
  self->retention = ahoyd_retention_new (self->db, self->clock, &self->keep, error);
  if (self->retention == NULL)
    g_clear_pointer (&self->db, ahoyd_database_close);
  return self->retention != NULL;
}

/* Where there was no room to open the log it is read by somebody who has it alone: they let go of it meanwhile. */
static gboolean
open_at_last (AhoydLogWriter *self,
              GError        **error)
{
  gint64 now = g_get_monotonic_time ();

  if (self->db != NULL)
    return TRUE;
  if (now < self->open_again || !ahoyd_database_has_room (self->path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s: the disk is full", self->path);
      return FALSE;
    }
  ahoyd_log_reader_pause (self->reader, TRUE);
  self->db = ahoyd_database_open (self->path, self->durability, error);
  ahoyd_log_reader_unpause (self->reader, self->db == NULL);
  self->open_again = now + OPEN_AGAIN_US;
  if (self->db == NULL)
    return FALSE;
  ahoyd_database_set_run (self->db, self->run);
  return set_out (self, error);
}

AhoydDatabase *
ahoyd_log_writer_open (AhoydLogWriter  *writer,
                       const GPtrArray *tables,
                       GError         **error)
{
  g_return_val_if_fail (writer != NULL && writer->db == NULL && tables != NULL, NULL);

  writer->db = ahoyd_database_open (writer->path, writer->durability, error);
  if (writer->db == NULL || !set_out (writer, error))
    return NULL;
  /* What there is no room for now is done the next time. */
  ahoyd_database_tidy (writer->db, tables, NULL);
  return writer->db;
}

gboolean
ahoyd_log_writer_is_open (AhoydLogWriter *writer)
{
  g_return_val_if_fail (writer != NULL, FALSE);

  return writer->db != NULL;
}

void
ahoyd_log_writer_begin (AhoydLogWriter *writer,
                        const char     *run,
                        AhoydLogReader *reader)
{
  g_return_if_fail (writer != NULL && writer->run == NULL);
  g_return_if_fail (run != NULL && reader != NULL);

  writer->run = g_strdup (run);
  writer->reader = reader;
  if (writer->db != NULL)
    ahoyd_database_set_run (writer->db, run);
}

/* --- Its turn --- */

static void
forget (AhoydLogWriter *self,
        AhoydWrite     *write)
{
  if (!write->look || ahoyd_retention_look (self->retention, &write->error))
    ahoyd_retention_go_on (self->retention, &write->more, &write->error);
}

/* @n messages may have been added; @before: what all messages took until then. */
static void
make_room (AhoydLogWriter *self,
           guint           n,
           guint64         before,
           AhoydWrite     *write)
{
  guint64 after = ahoyd_database_get_bytes (self->db);

  if (n > 0 && after > before)
    ahoyd_retention_make_room (self->retention, n, after - before, &write->more, &write->forget_error);
}

void
ahoyd_log_writer_work (AhoydLogWriter *self,
                       const GList    *writes)
{
  g_autoptr (GError) error = NULL;
  guint64            before;
  gboolean           any = FALSE;
  guint              n = 0;

  g_return_if_fail (self != NULL && writes != NULL);

  if (!open_at_last (self, &error))
    {
      fail_all (self, writes, error);
      return;
    }
  before = ahoyd_database_get_bytes (self->db);
  for (const GList *l = writes; l != NULL; l = l->next)
    {
      any |= is_written (l->data);
      n += ((AhoydWrite *) l->data)->kind == AHOYD_WRITE_APPEND;
    }
  if (any)
    write_all (self, writes);
  make_room (self, n, before, writes->data);
  ahoyd_log_reader_let_journal_end (self->reader, self->db);

  for (const GList *l = writes; l != NULL; l = l->next)
    {
      AhoydWrite *write = l->data;

      if (write->kind == AHOYD_WRITE_FORGET)
        forget (self, write);
      else if (write->kind == AHOYD_WRITE_KEEP)
        ahoyd_retention_set_keep (self->retention, &write->keep);
    }
  ahoyd_retention_take_news (self->retention, &((AhoydWrite *) writes->data)->news);
}

/* --- Its life --- */

AhoydLogWriter *
ahoyd_log_writer_new (const char       *path,
                      AhoydDurability   durability,
                      const AhoydClock *clock,
                      const AhoydKeep  *keep)
{
  AhoydLogWriter *self;

  g_return_val_if_fail (path != NULL && clock != NULL && keep != NULL, NULL);

  self = g_new0 (AhoydLogWriter, 1);
  self->path = g_strdup (path);
  self->durability = durability;
  self->clock = clock;
  self->keep = *keep;
  return self;
}

void
ahoyd_log_writer_hurry (AhoydLogWriter *writer)
{
  g_return_if_fail (writer != NULL);

  g_atomic_int_set (&writer->hurry, TRUE);
}

static void
end_retention (AhoydLogWriter *self)
{
  g_auto (AhoydRetentionNews) news = { 0 };

  ahoyd_retention_look (self->retention, NULL);
  ahoyd_retention_take_news (self->retention, &news);
  for (guint i = 0; news.lines != NULL && i < news.lines->len; i++)
    g_message ("%s", (const char *) news.lines->pdata[i]);
}

void
ahoyd_log_writer_free (AhoydLogWriter *writer)
{
  g_return_if_fail (writer != NULL);

  if (writer->retention != NULL)
    end_retention (writer);
  g_clear_pointer (&writer->retention, ahoyd_retention_free);
  g_clear_pointer (&writer->db, ahoyd_database_close);
  g_free (writer->path);
  g_free (writer->run);
  g_free (writer);
}
