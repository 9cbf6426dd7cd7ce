/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What this person has seen and still owes, kept on disk by a thread of its own.
 *
 * The same shape as the server's log: this thread makes jobs, the worker's runs all writing ones it finds as one transaction and then those that
 * read, and the answers come back in order. What cannot be written waits in the writer, which is asked again now and then. */

#include "core/archive/ahoy-database.h"

#include "core/archive/ahoy-database-writer.h"
#include "disk/ahoy-worker.h"

/* Messages indexed before anything else gets its turn: some 50 ms. */
#define INDEX_AT_ONCE 500
/* Between two attempts to write what could not be written; milliseconds. */
#define RETRY_MS 5000
/* Of what waits for that: more than people say while a disk is full. */
#define WAITING_MAX (64 * 1024 * 1024)

struct _AhoyHistory {
  /* Owned */
  AhoyWorker         *worker;
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

typedef enum {
  JOB_LOAD,
  JOB_WRITE,
  JOB_FLUSH,
  JOB_PAGE,
  JOB_INDEX,
} JobKind;

typedef struct {
  AhoyJob job;
  JobKind kind;
  GError *error;
  gint64  archive;
  /* As it was when this was done. */
  guint64 written;
  guint   waiting;

  AhoyDatabaseAttempt attempt;       /* JOB_WRITE: its error is the job's once it is done */
  char               *server;        /* JOB_LOAD */
  char               *self_skeleton; /* JOB_LOAD */
  AhoyPageQuery       query;         /* JOB_PAGE; JOB_LOAD: its limit */
  AhoyDatabaseLoaded  loaded;        /* JOB_LOAD; JOB_PAGE: newest and more */

  /* Who asked; NULL: nobody waits for this. */
  AhoyDatabaseLoad   on_load;
  AhoyDatabasePage   on_page;
  AhoyDatabaseKept   on_kept;
  AhoyDatabasePlaced on_placed;
  gpointer           data;
} Job;

static void
job_free (AhoyJob *base)
{
  Job *job = (Job *) base;

  g_clear_error (&job->error);
  g_clear_pointer (&job->attempt.write, ahoy_database_write_unref);
  ahoy_place_clear (&job->attempt.copy);
  g_clear_pointer (&job->loaded.newest, g_ptr_array_unref);
  g_clear_pointer (&job->loaded.outbox, g_ptr_array_unref);
  g_clear_pointer (&job->loaded.people, g_ptr_array_unref);
  g_clear_pointer (&job->loaded.marks, g_hash_table_unref);
  g_clear_pointer (&job->loaded.runs, ahoy_run_marks_free);
  g_clear_pointer (&job->loaded.secret, g_free);
  ahoy_place_clear (&job->query.before);
  g_free (job->server);
  g_free (job->self_skeleton);
  g_free ((char *) job->query.peer);
  g_free ((char *) job->query.text);
  g_free (job);
}

static char *
mark_name (const char *kind,
           const char *key)
{
  return g_strconcat (kind, "\037", key, NULL);
}

/* The worker's thread. */

static void
on_mark_found (const char      *kind,
               const char      *key,
               const AhoyPlace *value,
               gpointer         data)
{
  Job *job = data;

  g_hash_table_replace (job->loaded.marks, mark_name (kind, key), ahoy_place_copy (value));
}

/* One that is not on the disk is none: whoever showed it once must be able to show it again. */
static void
make_secret (AhoyDatabaseFile   *file,
             AhoyDatabaseLoaded *loaded)
{
  g_autoptr (GError) error = NULL;

  if (loaded->secret == NULL && ahoy_database_file_make_secret (file, loaded->archive, &error))
    ahoy_database_file_secret (file, loaded->archive, &loaded->secret, &error);
  if (error != NULL)
    g_debug ("There is no secret for the server: %s", error->message);
}

static void
load (AhoyDatabaseFile *file,
      Job              *job)
{
  AhoyDatabaseLoaded *loaded = &job->loaded;

  loaded->marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ahoy_place_free);
  if (ahoy_database_file_account (file, job->server, job->self_skeleton, &loaded->archive, &job->error) &&
      ahoy_database_file_secret (file, loaded->archive, &loaded->secret, &job->error) &&
      ahoy_database_file_last (file, loaded->archive, &loaded->last, &job->error) &&
      ahoy_database_file_partings (file, loaded->archive, &loaded->partings, &job->error) &&
      ahoy_database_file_marks (file, loaded->archive, on_mark_found, job, &job->error))
    {
      loaded->runs = ahoy_database_file_runs (file, loaded->archive, &job->error);
      if (loaded->runs != NULL)
        loaded->outbox = ahoy_database_file_outbox (file, loaded->archive, &job->error);
      if (loaded->outbox != NULL)
        loaded->people = ahoy_database_file_people (file, loaded->archive, &job->error);
      if (loaded->people != NULL)
        loaded->newest = ahoy_database_file_page (file, loaded->archive, &job->query, &loaded->more, &job->error);
    }
  if (job->error != NULL)
    loaded->archive = 0;
  else
    make_secret (file, loaded);
}

/* Each run of writing jobs is one transaction. */
static void
write_run (AhoyDatabase *self,
           const GList  *from,
           const GList  *until)
{
  g_autoptr (GPtrArray) attempts = g_ptr_array_new ();

  for (const GList *l = from; l != until; l = l->next)
    g_ptr_array_add (attempts, &((Job *) l->data)->attempt);
  ahoy_database_writer_write (self->writer, attempts);
  for (const GList *l = from; l != until; l = l->next)
    {
      Job *job = l->data;

      job->error = g_steal_pointer (&job->attempt.error);
    }
}

static void
do_one (AhoyDatabase *self,
        Job          *job)
{
  switch (job->kind)
    {
    case JOB_LOAD:
      ahoy_database_writer_flush (self->writer, NULL); /* what is loaded is what is on the disk, and the server has the rest */
      load (self->file, job);
      break;
    case JOB_FLUSH:
      ahoy_database_writer_flush (self->writer, &job->error);
      break;
    case JOB_PAGE:
      job->loaded.newest = ahoy_database_file_page (self->file, job->archive, &job->query, &job->loaded.more, &job->error);
      break;
    case JOB_INDEX:
      if (!ahoy_database_file_begin (self->file, &job->error))
        break;
      if (!ahoy_database_file_index (self->file, INDEX_AT_ONCE, &job->loaded.more, &job->error) ||
          !ahoy_database_file_commit (self->file, &job->error))
        ahoy_database_file_rollback (self->file);
      break;
    case JOB_WRITE:
    default:
      g_return_if_reached ();
    }
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

      while (jobs != NULL && ((Job *) jobs->data)->kind == JOB_WRITE)
        jobs = jobs->next;
      if (jobs != from)
        write_run (self, from, jobs);
      for (const GList *l = from; l != jobs; l = l->next)
        note_written (self, l->data);
      if (jobs != NULL)
        {
          do_one (self, jobs->data);
          note_written (self, jobs->data);
          jobs = jobs->next;
        }
    }
}

/* The context's thread. */

static void push (AhoyDatabase *self,
                  Job          *job);
static Job *job_new (JobKind kind,
                     gint64  archive);

static gboolean
on_retry (gpointer data)
{
  AhoyDatabase *self = data;

  g_clear_pointer (&self->retry, g_source_unref);
  push (self, job_new (JOB_FLUSH, 0));
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
answer (Job *job)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  AhoyDatabaseLoaded    loaded = job->loaded;

  if (loaded.newest == NULL)
    loaded.newest = none;
  if (loaded.outbox == NULL)
    loaded.outbox = none;
  if (loaded.people == NULL)
    loaded.people = none;
  if (job->on_load != NULL)
    job->on_load (&loaded, job->error, job->data);
  else if (job->on_page != NULL)
    job->on_page (loaded.newest, loaded.more, job->error, job->data);
  else if (job->on_kept != NULL)
    job->on_kept (job->error, job->data);
  else if (job->on_placed != NULL)
    job->on_placed (job->attempt.write->stored, ahoy_place_is_copy (&job->attempt.copy) ? &job->attempt.copy : NULL, job->error, job->data);
}

static void
on_done (AhoyJob *base,
         gpointer data)
{
  Job          *job = (Job *) base;
  AhoyDatabase *self = data;

  note_outcome (self, job);
  if (job->kind == JOB_INDEX)
    {
      self->indexing = FALSE;
      if (job->error == NULL && job->loaded.more)
        ahoy_database_index (self);
    }
  if (g_hash_table_remove (self->asked, job))
    answer (job);
}

static Job *
job_new (JobKind kind,
         gint64  archive)
{
  Job *job = g_new0 (Job, 1);

  job->job.done = on_done;
  job->job.free = job_free;
  job->kind = kind;
  job->archive = archive;
  return job;
}

static void
push (AhoyDatabase *self,
      Job          *job)
{
  if (job->on_load != NULL || job->on_page != NULL || job->on_kept != NULL || job->on_placed != NULL)
    g_hash_table_add (self->asked, job);
  ahoy_worker_push (self->worker, &job->job);
}

static Job *
job_new_write (AhoyDatabase         *self,
               AhoyDatabaseWriteKind kind,
               gint64                archive)
{
  Job *job = job_new (JOB_WRITE, archive);

  job->attempt.write = ahoy_database_write_new (kind, archive);
  job->attempt.write->number = ++self->pushed;
  return job;
}

AhoyDatabase *
ahoy_database_open (const char        *path,
                    GMainContext      *context,
                    AhoyDatabaseFailed failed,
                    gpointer           data,
                    GError           **error)
{
  AhoyDatabase     *self;
  AhoyDatabaseFile *file;

  g_return_val_if_fail (path != NULL, NULL);

  file = ahoy_database_file_open (path, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (AhoyDatabase, 1);
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
ahoy_database_load (AhoyDatabase    *self,
                    const char      *server,
                    const char      *self_skeleton,
                    guint            newest,
                    AhoyDatabaseLoad done,
                    gpointer         data)
{
  Job *job;

  g_return_if_fail (self != NULL && server != NULL && self_skeleton != NULL && newest > 0);

  job = job_new (JOB_LOAD, 0);
  job->server = g_strdup (server);
  job->self_skeleton = g_strdup (self_skeleton);
  job->query.limit = newest;
  job->on_load = done;
  job->data = data;
  push (self, job);
}

gint64
ahoy_database_loaded_mark (const AhoyDatabaseLoaded *loaded,
                           const char               *kind,
                           const char               *key,
                           gint64                    otherwise)
{
  g_autofree char *name = mark_name (kind, key);
  const AhoyPlace *value = loaded->marks != NULL ? g_hash_table_lookup (loaded->marks, name) : NULL;

  return value != NULL ? (gint64) value->id : otherwise;
}

void
ahoy_database_keep (AhoyDatabase      *self,
                    gint64             archive,
                    AhoyStoredMessage *stored,
                    AhoyDatabasePlaced done,
                    gpointer           data)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && stored != NULL && stored->id != 0);

  job = job_new_write (self, AHOY_DATABASE_KEEP, archive);
  job->attempt.write->stored = stored;
  job->on_placed = done;
  job->data = data;
  push (self, job);
}

void
ahoy_database_owe (AhoyDatabase      *self,
                   gint64             archive,
                   AhoyStoredMessage *stored,
                   AhoyDatabaseKept   done,
                   gpointer           data)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && stored != NULL && stored->cid != NULL);

  job = job_new_write (self, AHOY_DATABASE_OWE, archive);
  job->attempt.write->stored = stored;
  job->on_kept = done;
  job->data = data;
  push (self, job);
}

void
ahoy_database_drop (AhoyDatabase *self,
                    gint64        archive,
                    const char   *cid)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && cid != NULL);

  job = job_new_write (self, AHOY_DATABASE_DROP, archive);
  job->attempt.write->first = g_strdup (cid);
  push (self, job);
}

void
ahoy_database_mark (AhoyDatabase    *self,
                    gint64           archive,
                    const char      *kind,
                    const char      *key,
                    const AhoyPlace *value)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && kind != NULL && key != NULL && value != NULL);

  job = job_new_write (self, AHOY_DATABASE_MARK, archive);
  job->attempt.write->first = g_strdup (kind);
  job->attempt.write->second = g_strdup (key);
  ahoy_place_set (&job->attempt.write->place, value->id, value->path);
  push (self, job);
}

void
ahoy_database_know (AhoyDatabase *self,
                    gint64        archive,
                    AhoyKnownKey *known_key)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && known_key != NULL);

  job = job_new_write (self, AHOY_DATABASE_KNOW, archive);
  job->attempt.write->known_key = known_key;
  push (self, job);
}

void
ahoy_database_part (AhoyDatabase *self,
                    gint64        archive,
                    guint64       first,
                    guint         parting)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && first != 0);

  job = job_new_write (self, AHOY_DATABASE_PART, archive);
  job->attempt.write->place.id = first;
  job->attempt.write->parting = parting;
  push (self, job);
}

void
ahoy_database_set_runs (AhoyDatabase *self,
                        gint64        archive,
                        AhoyRunMarks *runs)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && runs != NULL);

  job = job_new_write (self, AHOY_DATABASE_RUNS, archive);
  job->attempt.write->runs = runs;
  push (self, job);
}

void
ahoy_database_page (AhoyDatabase        *self,
                    gint64               archive,
                    const AhoyPageQuery *query,
                    AhoyDatabasePage     done,
                    gpointer             data)
{
  Job *job;

  g_return_if_fail (self != NULL && archive != 0 && query != NULL && query->limit > 0 && done != NULL);

  job = job_new (JOB_PAGE, archive);
  job->query = *query;
  job->query.before = (AhoyPlace){ 0 };
  ahoy_place_set (&job->query.before, query->before.id, query->before.path);
  job->query.peer = g_strdup (query->peer);
  job->query.text = g_strdup (query->text);
  job->on_page = done;
  job->data = data;
  push (self, job);
}

void
ahoy_database_index (AhoyDatabase *self)
{
  g_return_if_fail (self != NULL);

  if (self->indexing)
    return;
  self->indexing = TRUE;
  push (self, job_new (JOB_INDEX, 0));
}

guint
ahoy_database_get_n_pending (AhoyDatabase *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ahoy_worker_get_n_pending (self->worker);
}
