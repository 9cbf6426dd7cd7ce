/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Reads pages of the log on a connection and a thread of its own. */

#include "store/ahoyd-log-reader.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "disk/ahoy-worker.h"
#include "store/ahoyd-log-pages.h"

#define SLICE_MS 50
/* A page that is not searched for ends with its last message; its time is only for a log in which these lie far apart. */
#define PAGE_SLICES 10
#define INDEX_AFTER_MS 1000
/* While people talk on: how long the index waits between two helpings. */
#define INDEX_PAUSE_MS 250
/* Whoever talks goes before whoever looks something up. */
#define NICENESS 10
/* After an error of the index: it is nothing but a help. */
#define INDEX_RETRY_US (60 * G_USEC_PER_SEC)

/* Bytes that SQLite's journal may have. */
#define JOURNAL_BYTES (16 * 1024 * 1024)
/* Until a pause is looked for again. */
#define PAUSE_LOOK_US 200

struct _AhoydLogReader {
  /* Owned, main thread */
  AhoyWorker *worker;
  GSource    *index_time;
  guint64     last;
  guint64     index_asked; /* `last` when the index was told to go on */
  gboolean    indexing;    /* a job is under way */
  gboolean    complained;  /* the operator knows that the log cannot be read */

  /* Owned, under the lock, which is held while something is read */
  pthread_mutex_t   lock;
  AhoySqlite       *log; /* NULL: not opened yet */
  AhoydSearchIndex *index;
  AhoydReadBudget   budget;
  gint64            slice_us;    /* 0: any */
  gint64            index_retry; /* monotonic time before which there is no index */
  gboolean          alone;
  gboolean          nice;

  /* Atomic */
  int stop;
  int paused; /* somebody waits for the lock: it is theirs first */

  /* The writer's thread */
  goffset journal_max; /* size at which it is emptied */

  /* Immutable */
  char         *journal;
  char         *path;
  char         *index_path;
  guint         index_after_ms;
  GMainContext *context;
};

typedef enum {
  JOB_PAGE,
  JOB_INDEX,
} JobKind;

typedef struct {
  AhoyJob         job;
  JobKind         kind;
  GError         *error;
  AhoydPage       page;
  AhoydPageQuery *query;
  AhoydPageDraft  draft;
  AhoydPageResult result;
  guint64         last; /* JOB_INDEX */
  gboolean        more; /* JOB_INDEX */
} Job;

static void
job_free (AhoyJob *base)
{
  Job *job = (Job *) base;

  g_clear_error (&job->error);
  g_clear_pointer (&job->query, ahoyd_page_query_free);
  ahoyd_page_draft_clear (&job->draft);
  g_free (job);
}

/* --- The reader's thread --- */

static void
be_nice (AhoydLogReader *self)
{
  if (!self->nice && setpriority (PRIO_PROCESS, (id_t) syscall (SYS_gettid), NICENESS) != 0)
    g_debug ("The reader goes before others");
  self->nice = TRUE;
}

static gboolean
open_log (AhoydLogReader *self,
          GError        **error)
{
  if (self->log != NULL)
    return TRUE;
  self->log = ahoyd_database_open_reading (self->path, self->alone, error);
  return self->log != NULL;
}

static void
lose_index (AhoydLogReader *self,
            const GError   *error)
{
  g_info ("Searches look through the log for a while: %s", error->message);
  g_clear_pointer (&self->index, ahoyd_search_index_close);
  self->index_retry = g_get_monotonic_time () + INDEX_RETRY_US;
}

/* Nothing is written when there is no room. */
static void
open_index (AhoydLogReader *self)
{
  g_autoptr (GError) error = NULL;

  if (self->index != NULL || self->alone || g_get_monotonic_time () < self->index_retry)
    return;
  self->index = ahoyd_search_index_open (self->index_path, self->log, &error);
  if (self->index == NULL)
    lose_index (self, error);
}

static void
close_all (AhoydLogReader *self)
{
  g_clear_pointer (&self->index, ahoyd_search_index_close);
  g_clear_pointer (&self->log, ahoy_sqlite_close);
}

static void
read_page (AhoydLogReader *self,
           Job            *job)
{
  AhoydPageResult *result = &job->result;

  if (g_atomic_int_get (&job->page.cancelled))
    return;
  self->budget.slice_us = self->slice_us * (job->query->text != NULL ? 1 : PAGE_SLICES);
  ahoyd_read_budget_begin (&self->budget);
  if (open_log (self, &job->error))
    {
      ahoyd_log_pages_attend (self->log, &self->budget);
      if (job->query->text != NULL)
        open_index (self);
      ahoyd_log_pages_make (self->log, self->index, &self->budget, job->query, &job->draft, &result->more, &result->reached, &job->error);
    }
  result->spent = ahoyd_read_budget_get_spent (&self->budget);
}

static void
fill_index (AhoydLogReader *self,
            Job            *job)
{
  g_autoptr (GError) error = NULL;

  if (!open_log (self, NULL))
    return;
  ahoyd_log_pages_attend (self->log, NULL);
  open_index (self);
  if (self->index != NULL && !ahoyd_search_index_fill (self->index, job->last, &self->stop, &job->more, &error))
    lose_index (self, error);
}

static void
work (const GList *jobs,
      gpointer     data)
{
  AhoydLogReader *self = data;

  be_nice (self);
  for (const GList *l = jobs; l != NULL; l = l->next)
    {
      Job *job = l->data;

      while (g_atomic_int_get (&self->paused) != 0)
        g_usleep (PAUSE_LOOK_US);
      pthread_mutex_lock (&self->lock);
      if (job->kind == JOB_PAGE)
        read_page (self, job);
      else
        fill_index (self, job);
      pthread_mutex_unlock (&self->lock);
    }
}

/* --- The main thread --- */

static void
clear_index_time (AhoydLogReader *self)
{
  if (self->index_time != NULL)
    g_source_destroy (self->index_time);
  g_clear_pointer (&self->index_time, g_source_unref);
}

/* Once is enough: whoever wants to read will come again and again. */
static void
tell_operator (AhoydLogReader *self,
               const GError   *error)
{
  if (!self->complained)
    g_critical ("The log cannot be read, and people do not get what they missed: %s", error->message);
  self->complained = TRUE;
}

static void
page_done (AhoyJob *base,
           gpointer data)
{
  AhoydLogReader       *self = data;
  Job                  *job = (Job *) base;
  g_autoptr (GPtrArray) none = NULL;

  if (job->error != NULL && !g_error_matches (job->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    tell_operator (self, job->error);
  if (job->page.ready == NULL)
    return;
  if (job->error != NULL || job->draft.messages == NULL)
    none = g_ptr_array_new ();
  job->result.messages = none != NULL ? none : job->draft.messages;
  job->result.error = job->error;
  job->page.ready (&job->result, job->page.data);
}

static Job *
job_new (JobKind kind)
{
  Job *job = g_new0 (Job, 1);

  job->job.free = job_free;
  job->job.weight = 1;
  job->kind = kind;
  return job;
}

static void go_on_indexing (AhoydLogReader *self,
                            guint           ms);

static void
index_done (AhoyJob *base,
            gpointer data)
{
  AhoydLogReader *self = data;
  Job            *job = (Job *) base;

  self->indexing = FALSE;
  if (job->more && self->last == self->index_asked)
    go_on_indexing (self, 0);
  else if (job->more || self->last > self->index_asked)
    go_on_indexing (self, INDEX_PAUSE_MS);
}

static gboolean
on_index_time (gpointer data)
{
  AhoydLogReader *self = data;
  Job            *job = job_new (JOB_INDEX);

  clear_index_time (self);
  job->job.done = index_done;
  job->job.patient = TRUE;
  job->last = self->last;
  self->index_asked = self->last;
  self->indexing = TRUE;
  ahoy_worker_push (self->worker, &job->job);
  return G_SOURCE_REMOVE;
}

static void
go_on_indexing (AhoydLogReader *self,
                guint           ms)
{
  if (self->index_time != NULL || self->indexing)
    return;
  self->index_time = g_timeout_source_new (ms);
  g_source_set_callback (self->index_time, on_index_time, self, NULL);
  g_source_attach (self->index_time, self->context);
}

AhoydLogReader *
ahoyd_log_reader_new (const char             *path,
                      GMainContext           *context,
                      const AhoydReadOptions *options)
{
  AhoydLogReader  *self;
  AhoydReadOptions usual = { 0 };

  g_return_val_if_fail (path != NULL, NULL);

  if (options == NULL)
    options = &usual;
  self = g_new0 (AhoydLogReader, 1);
  self->path = g_strdup (path);
  self->journal = g_strconcat (path, "-wal", NULL);
  self->journal_max = JOURNAL_BYTES;
  self->index_path = g_strconcat (path, ".search", NULL);
  self->context = context != NULL ? g_main_context_ref (context) : g_main_context_ref_thread_default ();
  self->index_after_ms = options->index_after_ms > 0 ? options->index_after_ms : INDEX_AFTER_MS;
  self->budget.slice_rows = options->slice_rows;
  if (options->slice_rows == 0)
    self->slice_us = (options->slice_ms > 0 ? options->slice_ms : SLICE_MS) * G_TIME_SPAN_MILLISECOND;
  self->budget.stop = &self->stop;
  pthread_mutex_init (&self->lock, NULL);
  self->worker = ahoy_worker_new ("ahoyd-reader", context, work, self);
  ahoy_worker_set_portions (self->worker, 1, 1);
  return self;
}

static gboolean
is_any (const AhoyJob *job,
        gpointer       data)
{
  return TRUE;
}

void
ahoyd_log_reader_free (AhoydLogReader *reader)
{
  g_return_if_fail (reader != NULL);

  clear_index_time (reader);
  g_atomic_int_set (&reader->stop, TRUE);
  ahoy_worker_drop (reader->worker, is_any);
  ahoy_worker_free (reader->worker);
  close_all (reader);
  pthread_mutex_destroy (&reader->lock);
  g_main_context_unref (reader->context);
  g_free (reader->path);
  g_free (reader->journal);
  g_free (reader->index_path);
  g_free (reader);
}

AhoydPage *
ahoyd_log_reader_ask (AhoydLogReader       *reader,
                      const AhoydPageQuery *query,
                      AhoydPageReady        ready,
                      gpointer              data)
{
  Job *job;

  g_return_val_if_fail (reader != NULL && query != NULL && query->before > 0 && ready != NULL, NULL);

  job = job_new (JOB_PAGE);
  job->job.done = page_done;
  job->job.patient = query->text != NULL;
  job->query = ahoyd_page_query_copy (query);
  job->page.ready = ready;
  job->page.data = data;
  ahoy_worker_push (reader->worker, &job->job);
  return &job->page;
}

void
ahoyd_log_reader_grown (AhoydLogReader *reader,
                        guint64         last)
{
  reader->last = last;
  if (reader->index_time == NULL && !reader->indexing)
    go_on_indexing (reader, reader->index_after_ms);
}

void
ahoyd_log_reader_pause (AhoydLogReader *reader,
                        gboolean        close)
{
  g_atomic_int_set (&reader->paused, TRUE);
  pthread_mutex_lock (&reader->lock);
  if (close)
    close_all (reader);
}

void
ahoyd_log_reader_unpause (AhoydLogReader *reader,
                          gboolean        alone)
{
  reader->alone = alone;
  g_atomic_int_set (&reader->paused, FALSE);
  pthread_mutex_unlock (&reader->lock);
}

void
ahoyd_log_reader_let_journal_end (AhoydLogReader *reader,
                                  AhoydDatabase  *db)
{
  struct stat info;

  if (stat (reader->journal, &info) != 0 || info.st_size < reader->journal_max)
    return;
  ahoyd_log_reader_pause (reader, FALSE);
  ahoyd_database_empty_journal (db);
  ahoyd_log_reader_unpause (reader, FALSE);
  reader->journal_max = JOURNAL_BYTES + (stat (reader->journal, &info) == 0 ? info.st_size : 0);
}
