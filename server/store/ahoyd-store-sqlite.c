/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The log in an SQLite file, on a thread of its own.
 *
 * This is the main thread's side: it makes what is to be written, and announces what came of it. What the worker's thread does with it is in
 * ahoyd-log-writer.c, and reading in ahoyd-log-reader.c. A message that cannot be written is rejected; a row is written again when something could be.
 * Nothing here waits for more to come: the length of a commit is the length of a group. */

#include "store/ahoyd-store-sqlite.h"

#include <string.h>

#include "disk/ahoy-worker.h"
#include "store/ahoyd-log-writer.h"

#define LOOK_EVERY_S 3600
/* Bytes that are written in one transaction: so that the one under way is soon done, whatever else waits. */
#define GROUP_BYTES (1024 * 1024)
/* Bytes that are announced in one turn, so that each receiver is written to before the next. */
#define SLICE_BYTES (64 * 1024)
/* What a message is besides its text. */
#define MESSAGE_OVERHEAD 128
/* A disk that was full is tried again so often. */
#define OPEN_EVERY_S 2

typedef struct {
  AhoydStore store;

  /* Owned */
  AhoydLogWriter *writer; /* the worker's, once that runs */
  AhoyWorker     *worker;
  AhoydLogReader *reader;
  GSource        *look_source;
  GSource        *open_source; /* armed while the log could not be opened for want of room */
  guint64         last_announced;
  guint           n_pending;         /* appended, not announced */
  gboolean        forgetting;        /* retention has been asked for, and has not answered */
  gboolean        forget_complained; /* the operator knows that nothing can be taken away */
} SqliteStore;

static const AhoydStoreClass sqlite_class;

static void push_forget (SqliteStore *self,
                         gboolean     look);

/* The worker's thread. */
static void
work (const GList *jobs,
      gpointer     data)
{
  ahoyd_log_writer_work (((SqliteStore *) data)->writer, jobs);
}

/* The main thread. */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* The first of a row of failures is worth a line, and so is its end. */
static void
tell_operator (SqliteStore  *self,
               const GError *error)
{
  if (error != NULL && !self->store.unwritable)
    g_critical ("The log cannot be written, so nothing can be said until this is mended: %s", error->message);
  else if (error == NULL && self->store.unwritable)
    g_message ("The log can be written again.");
  ahoyd_store_note_writable (&self->store, error == NULL);
  if (error != NULL)
    return;
  for (guint i = 0; i < self->store.tables->len; i++)
    ahoyd_table_write_again (self->store.tables->pdata[i]);
}

static void
append_done (SqliteStore *self,
             AhoydWrite  *job)
{
  self->n_pending--;
  tell_operator (self, job->error);
  if (job->error == NULL && !job->repeated && !job->event->only_repeat)
    {
      ahoyd_store_note_run (&self->store, TRUE);
      self->last_announced = job->event->id;
      ahoyd_log_reader_grown (self->reader, self->last_announced);
    }
  ahoyd_store_announce (&self->store, job->event, job->repeated, job->error);
}

static void
note_unwritten (SqliteStore *self,
                AhoydWrite  *job)
{
  for (guint i = 0; i < self->store.tables->len; i++)
    if (ahoyd_table_get_class (self->store.tables->pdata[i]) == job->table)
      ahoyd_table_note_unwritten (self->store.tables->pdata[i], g_steal_pointer (&job->row));
}

static void
row_done (SqliteStore *self,
          AhoydWrite  *job)
{
  tell_operator (self, job->error);
  if (job->error != NULL)
    note_unwritten (self, job);
  if (job->keeping.kept != NULL)
    job->keeping.kept (job->error, job->keeping.data);
}

static void
run_done (SqliteStore  *self,
          const GError *error)
{
  tell_operator (self, error);
  ahoyd_store_note_run (&self->store, error == NULL);
}

static void
tell_forgetting (SqliteStore  *self,
                 const GError *error)
{
  if (error != NULL && !self->forget_complained)
    g_warning ("Old messages could not be taken away: %s", error->message);
  self->forget_complained = error != NULL;
}

static void
retention_done (SqliteStore *self,
                AhoydWrite  *job)
{
  const AhoydStoreListener *events = self->store.events;

  if (job->forget_error != NULL)
    tell_forgetting (self, job->forget_error);
  for (guint i = 0; job->news.lines != NULL && i < job->news.lines->len; i++)
    g_message ("%s", (const char *) job->news.lines->pdata[i]);
  for (guint i = 0; job->news.gone != NULL && events != NULL && events->gone != NULL && i < job->news.gone->len; i++)
    events->gone (job->news.gone->pdata[i], self->store.events_data);
  for (guint i = 0; job->news.whispers != NULL && i < job->news.whispers->len; i++)
    {
      const AhoydForgotWhisper *whisper = job->news.whispers->pdata[i];

      ahoyd_store_forget_whisper (&self->store, whisper->sender, whisper->recipient, whisper->id);
    }
  if (job->more)
    push_forget (self, FALSE);
}

static void
open_done (SqliteStore *self,
           AhoydWrite  *job)
{
  tell_operator (self, job->error);
  if (job->error != NULL)
    return;
  clear_source (&self->open_source);
  push_forget (self, TRUE);
}

static void
on_done (AhoyJob *base,
         gpointer data)
{
  AhoydWrite  *job = (AhoydWrite *) base;
  SqliteStore *self = data;

  switch (job->kind)
    {
    case AHOYD_WRITE_APPEND:
      append_done (self, job);
      break;
    case AHOYD_WRITE_ROW:
      row_done (self, job);
      break;
    case AHOYD_WRITE_RUN:
      run_done (self, job->error);
      break;
    case AHOYD_WRITE_OPEN:
      open_done (self, job);
      break;
    case AHOYD_WRITE_FORGET:
      self->forgetting = FALSE;
      tell_forgetting (self, job->error);
      break;
    case AHOYD_WRITE_KEEP:
      push_forget (self, TRUE);
      break;
    default:
      g_assert_not_reached ();
    }
  retention_done (self, job);
}

static void
job_free (AhoyJob *job)
{
  ahoyd_write_free ((AhoydWrite *) job);
}

static AhoydWrite *
job_new (AhoydWriteKind kind)
{
  AhoydWrite *job = g_new0 (AhoydWrite, 1);

  job->job.done = on_done;
  job->job.free = job_free;
  job->kind = kind;
  return job;
}

/* At most one that goes on is under way. */
static void
push_forget (SqliteStore *self,
             gboolean     look)
{
  AhoydWrite *job;

  if (self->forgetting && !look)
    return;
  self->forgetting = TRUE;
  job = job_new (AHOYD_WRITE_FORGET);
  job->look = look;
  ahoy_worker_push (self->worker, &job->job);
}

static gboolean
on_look_time (gpointer data)
{
  push_forget (data, TRUE);
  return G_SOURCE_CONTINUE;
}

void
ahoyd_store_sqlite_look (AhoydStore *store)
{
  g_return_if_fail (store != NULL && store->klass == &sqlite_class);

  push_forget ((SqliteStore *) store, TRUE);
}

static void
sqlite_append (AhoydStore *store,
               AhoydEvent *event)
{
  SqliteStore *self = (SqliteStore *) store;
  AhoydWrite  *job = job_new (AHOYD_WRITE_APPEND);

  job->event = event;
  job->job.weight = MESSAGE_OVERHEAD + strlen (event->text);
  self->n_pending++;
  ahoy_worker_push (self->worker, &job->job);
}

static AhoydPage *
sqlite_page (AhoydStore           *store,
             const AhoydPageQuery *query,
             AhoydPageReady        ready,
             gpointer              data)
{
  return ahoyd_log_reader_ask (((SqliteStore *) store)->reader, query, ready, data);
}

static AhoydKeeping *
sqlite_write_row (AhoydStore  *store,
                  AhoydTable  *table,
                  gpointer     row,
                  AhoydRowKept kept,
                  gpointer     data)
{
  SqliteStore *self = (SqliteStore *) store;
  AhoydWrite  *job = job_new (AHOYD_WRITE_ROW);

  job->table = ahoyd_table_get_class (table);
  job->row = row;
  job->keeping = (AhoydKeeping){ kept, data };
  ahoy_worker_push (self->worker, &job->job);
  return kept != NULL ? &job->keeping : NULL;
}

static void
sqlite_set_keep (AhoydStore      *store,
                 const AhoydKeep *keep)
{
  SqliteStore *self = (SqliteStore *) store;
  AhoydWrite  *job = job_new (AHOYD_WRITE_KEEP);

  job->keep = *keep;
  ahoy_worker_push (self->worker, &job->job);
}

static void
sqlite_keep_run (AhoydStore *store)
{
  SqliteStore *self = (SqliteStore *) store;

  ahoy_worker_push (self->worker, &job_new (AHOYD_WRITE_RUN)->job);
}

static guint64
sqlite_get_last (AhoydStore *store)
{
  return ((SqliteStore *) store)->last_announced;
}

static guint
sqlite_get_n_pending (AhoydStore *store)
{
  return ((SqliteStore *) store)->n_pending;
}

static gint64
on_pace (gpointer data)
{
  SqliteStore              *self = data;
  const AhoydStoreListener *events = self->store.events;

  return events != NULL && events->pace != NULL ? events->pace (self->store.events_data) : 0;
}

static void
sqlite_flush (AhoydStore *store)
{
  ahoy_worker_drain (((SqliteStore *) store)->worker);
}

static gboolean
is_append (const AhoyJob *job,
           gpointer       data)
{
  return ((const AhoydWrite *) job)->kind == AHOYD_WRITE_APPEND;
}

static void
sqlite_give_up (AhoydStore *store)
{
  SqliteStore *self = (SqliteStore *) store;

  ahoyd_log_writer_hurry (self->writer);
  self->n_pending -= ahoy_worker_drop (self->worker, is_append);
}

static gboolean
is_no_row (const AhoyJob *job,
           gpointer       data)
{
  AhoydWriteKind kind = ((const AhoydWrite *) job)->kind;

  return kind != AHOYD_WRITE_ROW && kind != AHOYD_WRITE_RUN;
}

static void
sqlite_free (AhoydStore *store)
{
  SqliteStore *self = (SqliteStore *) store;

  ahoyd_log_writer_hurry (self->writer);
  clear_source (&self->look_source);
  clear_source (&self->open_source);
  if (self->worker != NULL)
    ahoy_worker_drop (self->worker, is_no_row);
  g_clear_pointer (&self->worker, ahoy_worker_free);
  g_clear_pointer (&self->reader, ahoyd_log_reader_free);
  g_clear_pointer (&self->writer, ahoyd_log_writer_free);
  ahoyd_store_clear (store);
  g_free (self);
}

static const AhoydStoreClass sqlite_class = {
  .append = sqlite_append,
  .page = sqlite_page,
  .write_row = sqlite_write_row,
  .set_keep = sqlite_set_keep,
  .keep_run = sqlite_keep_run,
  .get_last = sqlite_get_last,
  .get_n_pending = sqlite_get_n_pending,
  .flush = sqlite_flush,
  .give_up = sqlite_give_up,
  .free = sqlite_free,
};

static gboolean
load_tables (SqliteStore   *self,
             AhoydDatabase *db,
             GError       **error)
{
  for (guint i = 0; i < self->store.tables->len; i++)
    if (!ahoyd_database_load_table (db, self->store.tables->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_state (SqliteStore   *self,
            AhoydDatabase *db,
            GError       **error)
{
  return ahoyd_database_last (db, &self->last_announced, error) && ahoyd_database_read_runs (db, self->store.runs, error) &&
         load_tables (self, db, error) && ahoyd_database_load_mailboxes (db, &self->store, error);
}

/* There is no room to open the log as it should be. */
static gboolean
read_without_room (SqliteStore  *self,
                   const char   *path,
                   const GError *full,
                   GError      **error)
{
  g_autoptr (GError)        inner = NULL;
  g_autoptr (AhoydDatabase) db = ahoyd_database_open_alone (path, &inner);

  if (db == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s (and so it cannot even be read: %s)", full->message, inner->message);
      return FALSE;
    }
  if (!read_state (self, db, error))
    return FALSE;
  g_critical ("The disk is full: %s. What was said before can be read; nothing new can be said until there is room, which is looked for all the time.",
              full->message);
  ahoyd_store_note_writable (&self->store, FALSE);
  return TRUE;
}

static gboolean
open_first (SqliteStore *self,
            const char  *path,
            GError     **error)
{
  g_autoptr (GError) inner = NULL;
  AhoydDatabase     *db = ahoyd_log_writer_open (self->writer, self->store.tables, &inner);

  if (db != NULL)
    return read_state (self, db, error);
  if (g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return read_without_room (self, path, inner, error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

static gboolean
on_open_time (gpointer data)
{
  SqliteStore *self = data;

  ahoy_worker_push (self->worker, &job_new (AHOYD_WRITE_OPEN)->job);
  return G_SOURCE_CONTINUE;
}

static GSource *
add_timeout (SqliteStore  *self,
             GMainContext *context,
             guint         seconds,
             GSourceFunc   func)
{
  GSource *source = g_timeout_source_new_seconds (seconds);

  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, context);
  return source;
}

AhoydStore *
ahoyd_store_sqlite_new (const AhoydStoreSqliteOptions *options,
                        GMainContext                  *context,
                        GError                       **error)
{
  SqliteStore *self;
  gboolean     has_room;

  g_return_val_if_fail (options != NULL && options->path != NULL, NULL);

  self = g_new0 (SqliteStore, 1);
  ahoyd_store_init (&self->store, &sqlite_class);
  for (guint i = 0; options->tables != NULL && options->tables[i] != NULL; i++)
    ahoyd_store_add_table (&self->store, options->tables[i]);
  self->writer = ahoyd_log_writer_new (options->path, options->durability, options->clock != NULL ? options->clock : &ahoyd_clock_of_computer,
                                       &options->keep);
  if (!open_first (self, options->path, error))
    {
      sqlite_free (&self->store);
      return NULL;
    }

  has_room = ahoyd_log_writer_is_open (self->writer);
  ahoyd_store_begin_run (&self->store, self->last_announced + 1);
  self->reader = ahoyd_log_reader_new (options->path, context, &options->reading);
  ahoyd_log_reader_pause (self->reader, TRUE);
  ahoyd_log_reader_unpause (self->reader, !has_room);
  if (self->last_announced > 0)
    ahoyd_log_reader_grown (self->reader, self->last_announced);
  ahoyd_log_writer_begin (self->writer, self->store.run, self->reader);

  self->worker = ahoy_worker_new ("ahoyd-store", context, work, self);
  ahoy_worker_set_portions (self->worker, GROUP_BYTES, SLICE_BYTES);
  ahoy_worker_set_pace (self->worker, on_pace);
  self->look_source = add_timeout (self, context, LOOK_EVERY_S, on_look_time);
  if (has_room)
    push_forget (self, TRUE);
  else
    self->open_source = add_timeout (self, context, OPEN_EVERY_S, on_open_time);
  return &self->store;
}
