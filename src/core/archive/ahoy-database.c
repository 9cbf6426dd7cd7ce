/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A profile's database, kept by a thread of its own.
 *
 * It has the shape of the server's log: this thread makes jobs, the worker's runs all writing ones it finds as one transaction and then those that
 * read, and the answers come back in order. What cannot be written waits in the writer, which is asked again now and then. What a job writes or reads
 * is not known here: the tables' own files make it. */

#include "core/archive/ahoy-database.h"

#include "core/archive/ahoy-database-writer.h"
#include "core/archive/ahoy-read.h"
#include "core/archive/ahoy-search-index.h"
#include "core/archive/ahoy-tables.h"
#include "disk/ahoy-worker.h"

/* Messages indexed before anything else gets its turn: some 50 ms. */
#define INDEX_AT_ONCE 500
/* Between two attempts to write what could not be written; milliseconds. */
#define RETRY_MS 5000
/* Of what waits for that: more than people say while a disk is full. */
#define WAITING_MAX (64 * 1024 * 1024)

struct _AhoyDatabase {
  /* Owned */
  AhoyWorker         *worker;
  const AhoyTable   **tables;
  AhoyDatabaseFile   *file;   /* the worker's thread */
  AhoyDatabaseWriter *writer; /* the worker's thread */
  GHashTable         *asked;  /* Job that will be answered */
  GMainContext       *context;
  GSource            *retry; /* NULL: nothing waits to be written */
  guint               retry_ms;
  guint64             pushed;  /* the number of the last write */
  guint64             written; /* that of the last one on the disk, as far as we know */
  gboolean            failing;
  gboolean            indexing;
  /* Borrowed */
  AhoyDatabaseFailed failed;
  gpointer           failed_data;
  GArray            *watches; /* Watch */
};

typedef struct {
  AhoyDatabaseWritten written;
  gpointer            data;
} Watch;

/* One write, one read, or neither: what waits to be written is tried again. */
typedef struct {
  AhoyJob    job;
  AhoyWrite *write;
  AhoyRead  *read;
  GError    *error;
  /* As it was when this was done. */
  guint64 written;
  guint   waiting;

  /* Who asked; NULL: nobody waits for this. */
  AhoyDatabaseWrote on_wrote;
  AhoyDatabaseRead  on_read;
  gpointer          data;
} Job;

static void
job_free (AhoyJob *base)
{
  Job *job = (Job *) base;

  g_clear_error (&job->error);
  g_clear_pointer (&job->write, ahoy_write_unref);
  g_clear_pointer (&job->read, ahoy_read_free);
  g_free (job);
}

/* ---- The worker's thread ---- */

/* Each run of writing jobs is one transaction. */
static void
write_run (AhoyDatabase *self,
           const GList  *from,
           const GList  *until)
{
  g_autoptr (GPtrArray) writes = g_ptr_array_new ();
  g_autoptr (GError)    error = NULL;
  guint                 n;

  for (const GList *l = from; l != until; l = l->next)
    g_ptr_array_add (writes, ((Job *) l->data)->write);
  n = ahoy_database_writer_write (self->writer, writes, &error);
  for (const GList *l = from; l != until; l = l->next)
    {
      if (n > 0)
        n--;
      else
        ((Job *) l->data)->error = g_error_copy (error);
    }
}

static void
read_one (AhoyDatabase *self,
          Job          *job)
{
  if (job->read == NULL)
    {
      ahoy_database_writer_flush (self->writer, &job->error);
      return;
    }
  if (job->read->type->flush)
    ahoy_database_writer_flush (self->writer, NULL); /* what is read is what is on the disk */
  job->read->type->run (job->read, self->file, &job->error);
}

static void
note_written (AhoyDatabase *self,
              Job          *job)
{
  job->written = ahoy_database_writer_get_written (self->writer);
  job->waiting = ahoy_database_writer_get_waiting (self->writer);
}

/* Whoever reads sees what was written before. */
static void
work (const GList *jobs,
      gpointer     data)
{
  AhoyDatabase *self = data;

  while (jobs != NULL)
    {
      const GList *from = jobs;

      while (jobs != NULL && ((Job *) jobs->data)->write != NULL)
        jobs = jobs->next;
      if (jobs != from)
        write_run (self, from, jobs);
      for (const GList *l = from; l != jobs; l = l->next)
        note_written (self, l->data);
      if (jobs != NULL)
        {
          read_one (self, jobs->data);
          note_written (self, jobs->data);
          jobs = jobs->next;
        }
    }
}

/* ---- The context's thread ---- */

static void push (AhoyDatabase *self,
                  Job          *job);
static Job *job_new (void);

static gboolean
on_retry (gpointer data)
{
  AhoyDatabase *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  push (self, job_new ());
  return G_SOURCE_REMOVE;
}

static void
plan_retry (AhoyDatabase *self)
{
  if (self->retry != NULL)
    return;
  self->retry = g_timeout_source_new (self->retry_ms);
  g_source_set_callback (self->retry, on_retry, self, NULL);
  g_source_attach (self->retry, self->context);
}

static void
note_outcome (AhoyDatabase *self,
              const Job    *job)
{
  const gboolean failing = job->error != NULL || (self->failing && job->waiting > 0);

  if (job->waiting > 0)
    plan_retry (self);
  if (failing != self->failing && self->failed != NULL)
    self->failed (job->error, self->failed_data);
  self->failing = failing;
  if (job->written <= self->written)
    return;
  self->written = job->written;
  for (guint i = 0; i < self->watches->len; i++)
    {
      const Watch watch = g_array_index (self->watches, Watch, i);

      watch.written (watch.data);
    }
}

static void
on_done (AhoyJob *base,
         gpointer data)
{
  Job          *job = (Job *) base;
  AhoyDatabase *self = data;

  note_outcome (self, job);
  if (!g_hash_table_remove (self->asked, job))
    return;
  if (job->on_wrote != NULL)
    job->on_wrote (job->write, job->error, job->data);
  else
    job->on_read (job->read, job->error, job->data);
}

static Job *
job_new (void)
{
  Job *job = g_new0 (Job, 1);

  job->job.done = on_done;
  job->job.free = job_free;
  return job;
}

static void
push (AhoyDatabase *self,
      Job          *job)
{
  if (job->on_wrote != NULL || job->on_read != NULL)
    g_hash_table_add (self->asked, job);
  ahoy_worker_push (self->worker, &job->job);
}

AhoyDatabase *
ahoy_database_open (const char             *path,
                    const AhoyTable *const *more,
                    GMainContext           *context,
                    AhoyDatabaseFailed      failed,
                    gpointer                data,
                    GError                **error)
{
  g_autofree const AhoyTable **tables = ahoy_tables_with (more);
  AhoyDatabase                *self;
  AhoyDatabaseFile            *file;

  g_return_val_if_fail (path != NULL, NULL);

  file = ahoy_database_file_open (path, tables, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (AhoyDatabase, 1);
  self->tables = g_steal_pointer (&tables);
  self->file = file;
  self->writer = ahoy_database_writer_new (file, WAITING_MAX);
  self->watches = g_array_new (FALSE, FALSE, sizeof (Watch));
  self->context = g_main_context_ref (context != NULL ? context : g_main_context_get_thread_default () != NULL ? g_main_context_get_thread_default ()
                                                                                                               : g_main_context_default ());
  self->retry_ms = RETRY_MS;
  self->asked = g_hash_table_new (NULL, NULL);
  self->failed = failed;
  self->failed_data = data;
  self->worker = ahoy_worker_new ("ahoy-database", context, work, self);
  return self;
}

void
ahoy_database_close (AhoyDatabase *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->worker, ahoy_worker_free);
  ahoy_database_writer_flush (self->writer, NULL); /* what still cannot be written, the server sends again */
  g_clear_pointer (&self->writer, ahoy_database_writer_free);
  g_clear_pointer (&self->file, ahoy_database_file_close);
  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  g_main_context_unref (self->context);
  g_array_unref (self->watches);
  g_hash_table_unref (self->asked);
  g_free (self->tables);
  g_free (self);
}

void
ahoy_database_set_retry (AhoyDatabase *self,
                         guint         ms)
{
  g_return_if_fail (self != NULL);

  self->retry_ms = ms;
}

void
ahoy_database_watch (AhoyDatabase       *self,
                     AhoyDatabaseWritten written,
                     gpointer            data)
{
  const Watch watch = { written, data };

  g_return_if_fail (self != NULL && written != NULL);

  g_array_append_val (self->watches, watch);
}

guint64
ahoy_database_get_pushed (AhoyDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pushed;
}

guint64
ahoy_database_get_written (AhoyDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->written;
}

static gboolean
asked_by (gpointer key,
          gpointer value,
          gpointer data)
{
  return ((Job *) key)->data == data;
}

void
ahoy_database_forget_asker (AhoyDatabase *self,
                            gpointer      data)
{
  g_return_if_fail (self != NULL);

  g_hash_table_foreach_remove (self->asked, asked_by, data);
  for (guint i = self->watches->len; i > 0; i--)
    {
      if (g_array_index (self->watches, Watch, i - 1).data == data)
        g_array_remove_index (self->watches, i - 1);
    }
}

void
ahoy_database_write (AhoyDatabase     *self,
                     gint64            archive,
                     AhoyWrite        *write,
                     AhoyDatabaseWrote done,
                     gpointer          data)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && write != NULL);

  job = job_new ();
  job->write = write;
  job->on_wrote = done;
  job->data = data;
  write->archive = archive;
  write->number = ++self->pushed;
  push (self, job);
}

void
ahoy_database_read (AhoyDatabase    *self,
                    AhoyRead        *read,
                    AhoyDatabaseRead done,
                    gpointer         data)
{
  Job *job;

  g_return_if_fail (self != NULL && read != NULL && done != NULL);

  job = job_new ();
  job->read = read;
  job->on_read = done;
  job->data = data;
  push (self, job);
}

static void
on_indexed (AhoyRead     *fill,
            const GError *error,
            gpointer      data)
{
  AhoyDatabase *self = data;

  self->indexing = FALSE;
  if (error == NULL && ahoy_search_index_has_more (fill))
    ahoy_database_index (self);
}

void
ahoy_database_index (AhoyDatabase *self)
{
  g_return_if_fail (self != NULL);

  if (self->indexing)
    return;
  self->indexing = TRUE;
  ahoy_database_read (self, ahoy_search_index_fill (INDEX_AT_ONCE), on_indexed, self);
}

guint
ahoy_database_get_n_pending (AhoyDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ahoy_worker_get_n_pending (self->worker);
}
