/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What this person has seen and still owes, kept on disk by a thread of its own.
 *
 * The same shape as the server's log: this thread makes jobs, the worker's runs all writing ones it finds as one transaction and then those that
 * read, and the answers come back in order. A group that fails is tried again one by one. */

#include "core/ahoy-history.h"

#include "disk/ahoy-worker.h"

/* Messages indexed before anything else gets its turn: some 50 ms. */
#define INDEX_AT_ONCE 500

struct _AhoyHistory {
  /* Owned */
  AhoyWorker      *worker;
  AhoyHistoryFile *file; /* the worker's thread */
  GPtrArray       *unparted; /* Parting that could not be written yet, in order; the worker's thread */
  GHashTable      *asked; /* Job that will be answered */
  gboolean         failing;
  gboolean         indexing;
  /* Borrowed */
  AhoyHistoryFailed failed;
  gpointer          failed_data;
};

typedef enum {
  JOB_LOAD,
  JOB_KEEP,
  JOB_OWE,
  JOB_DROP,
  JOB_MARK,
  JOB_KNOW,
  JOB_PART,
  JOB_RUNS,
  JOB_PAGE,
  JOB_INDEX,
} JobKind;

typedef struct {
  gint64  account;
  guint64 first;
  guint   parting;
} Parting;

typedef struct {
  AhoyJob job;
  JobKind kind;
  GError *error;
  gint64  account;

  /* JOB_LOAD: server and name. JOB_DROP: cid. JOB_MARK: kind and key. */
  char     *first;
  char     *second;
  AhoyPlace value;

  Parting       parting; /* JOB_PART */
  AhoyRunMarks *runs;    /* JOB_RUNS */
  AhoyPlace     copy;    /* JOB_KEEP: the answer */
  AhoyRecord       *record; /* JOB_KEEP, JOB_OWE */
  AhoyAcquaintance *acquaintance; /* JOB_KNOW */
  AhoyHistoryQuery  query;  /* JOB_PAGE; JOB_LOAD: its limit */
  AhoyHistoryLoaded loaded; /* JOB_LOAD; JOB_PAGE: newest and more */

  /* Who asked; NULL: nobody waits for this. */
  AhoyHistoryLoad on_load;
  AhoyHistoryPage on_page;
  AhoyHistoryKept on_kept;
  AhoyHistoryPlaced on_placed;
  gpointer        data;
} Job;

static void
job_free (AhoyJob *base)
{
  Job *job = (Job *) base;

  g_clear_error (&job->error);
  g_clear_pointer (&job->record, ahoy_record_free);
  g_clear_pointer (&job->acquaintance, ahoy_acquaintance_free);
  g_clear_pointer (&job->loaded.newest, g_ptr_array_unref);
  g_clear_pointer (&job->loaded.outbox, g_ptr_array_unref);
  g_clear_pointer (&job->loaded.people, g_ptr_array_unref);
  g_clear_pointer (&job->loaded.marks, g_hash_table_unref);
  g_clear_pointer (&job->loaded.runs, ahoy_run_marks_free);
  g_clear_pointer (&job->runs, ahoy_run_marks_free);
  ahoy_place_clear (&job->value);
  ahoy_place_clear (&job->copy);
  ahoy_place_clear (&job->query.before);
  g_free (job->first);
  g_free (job->second);
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
on_mark_found (const char *kind,
               const char *key,
               const AhoyPlace *value,
               gpointer    data)
{
  Job *job = data;

  g_hash_table_replace (job->loaded.marks, mark_name (kind, key), ahoy_place_copy (value));
}

static void
load (AhoyHistoryFile *file,
      Job             *job)
{
  AhoyHistoryLoaded *loaded = &job->loaded;

  loaded->marks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ahoy_place_free);
  if (ahoy_history_file_account (file, job->first, job->second, &loaded->account, &job->error) &&
      ahoy_history_file_last (file, loaded->account, &loaded->last, &job->error) &&
      ahoy_history_file_partings (file, loaded->account, &loaded->partings, &job->error) &&
      ahoy_history_file_marks (file, loaded->account, on_mark_found, job, &job->error)) {
    loaded->runs = ahoy_history_file_runs (file, loaded->account, &job->error);
    if (loaded->runs != NULL)
      loaded->outbox = ahoy_history_file_outbox (file, loaded->account, &job->error);
    if (loaded->outbox != NULL)
      loaded->people = ahoy_history_file_people (file, loaded->account, &job->error);
    if (loaded->people != NULL)
      loaded->newest = ahoy_history_file_page (file, loaded->account, &job->query, &loaded->more, &job->error);
  }
  if (job->error != NULL)
    loaded->account = 0;
}

static gboolean
job_writes (const Job *job)
{
  return job->kind == JOB_KEEP || job->kind == JOB_OWE || job->kind == JOB_DROP || job->kind == JOB_MARK || job->kind == JOB_KNOW ||
         job->kind == JOB_PART || job->kind == JOB_RUNS;
}

static gboolean
part (AhoyHistoryFile  *file,
      const Parting    *parting,
      GError          **error)
{
  return ahoy_history_file_part (file, parting->account, parting->first, parting->parting, error);
}

static gboolean
write_one (AhoyHistoryFile  *file,
           Job              *job,
           GError          **error)
{
  switch (job->kind)
    {
    case JOB_KEEP:
      return ahoy_history_file_keep (file, job->account, job->record, &job->copy, error);
    case JOB_OWE:
      return ahoy_history_file_owe (file, job->account, job->record, error);
    case JOB_DROP:
      return ahoy_history_file_drop (file, job->account, job->first, error);
    case JOB_MARK:
      return ahoy_history_file_mark (file, job->account, job->first, job->second, &job->value, error);
    case JOB_KNOW:
      return ahoy_history_file_know (file, job->account, job->acquaintance, error);
    case JOB_PART:
      return part (file, &job->parting, error);
    case JOB_RUNS:
      return ahoy_history_file_set_runs (file, job->account, job->runs, error);
    case JOB_LOAD:
    case JOB_PAGE:
    case JOB_INDEX:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* Those that could not be written when it was their turn come before all else. */
static gboolean
part_first (AhoyHistory  *self,
            GError      **error)
{
  for (guint i = 0; i < self->unparted->len; i++)
    {
      if (!part (self->file, self->unparted->pdata[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_group (AhoyHistory  *self,
             const GList  *from,
             const GList  *until,
             GError      **error)
{
  gboolean written = ahoy_history_file_begin (self->file, error) && part_first (self, error);

  for (const GList *l = from; written && l != until; l = l->next)
    written = write_one (self->file, l->data, error);
  if (written && ahoy_history_file_commit (self->file, error))
    {
      g_ptr_array_set_size (self->unparted, 0);
      return TRUE;
    }
  ahoy_history_file_rollback (self->file);
  return FALSE;
}

static void
write_run (AhoyHistory *self,
           const GList *from,
           const GList *until)
{
  if (write_group (self, from, until, NULL))
    return;
  for (const GList *l = from; l != until; l = l->next)
    {
      Job *job = l->data;

      if (!write_group (self, l, l->next, &job->error) && job->kind == JOB_PART)
        g_ptr_array_add (self->unparted, g_memdup2 (&job->parting, sizeof job->parting));
    }
}

static void
read_one (AhoyHistoryFile *file,
          Job             *job)
{
  switch (job->kind)
    {
    case JOB_LOAD:
      load (file, job);
      break;
    case JOB_PAGE:
      job->loaded.newest = ahoy_history_file_page (file, job->account, &job->query, &job->loaded.more, &job->error);
      break;
    case JOB_INDEX:
      if (!ahoy_history_file_begin (file, &job->error))
        break;
      if (!ahoy_history_file_index (file, INDEX_AT_ONCE, &job->loaded.more, &job->error) || !ahoy_history_file_commit (file, &job->error))
        ahoy_history_file_rollback (file);
      break;
    case JOB_KEEP:
    case JOB_OWE:
    case JOB_DROP:
    case JOB_MARK:
    case JOB_KNOW:
    case JOB_PART:
    case JOB_RUNS:
    default:
      g_return_if_reached ();
    }
}

/* Each run of writing jobs is one transaction; whoever reads in between sees what was written before. */
static void
work (const GList *jobs,
      gpointer     data)
{
  AhoyHistory *self = data;

  while (jobs != NULL)
    {
      const GList *from = jobs;

      while (jobs != NULL && job_writes (jobs->data))
        jobs = jobs->next;
      if (jobs != from)
        write_run (self, from, jobs);
      if (jobs != NULL)
        {
          read_one (self->file, jobs->data);
          jobs = jobs->next;
        }
    }
}

/* The context's thread. */

static void
note_outcome (AhoyHistory  *self,
              const GError *error)
{
  if (error != NULL && !self->failing && self->failed != NULL)
    self->failed (error, self->failed_data);
  self->failing = error != NULL;
}

static void
answer (Job *job)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  AhoyHistoryLoaded loaded = job->loaded;

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
    job->on_placed (job->record, ahoy_place_is_copy (&job->copy) && job->error == NULL ? &job->copy : NULL, job->error, job->data);
}

static void
on_done (AhoyJob  *base,
         gpointer  data)
{
  Job *job = (Job *) base;
  AhoyHistory *self = data;

  note_outcome (self, job->error);
  if (job->kind == JOB_INDEX)
    {
      self->indexing = FALSE;
      if (job->error == NULL && job->loaded.more)
        ahoy_history_index (self);
    }
  if (g_hash_table_remove (self->asked, job))
    answer (job);
}

static Job *
job_new (JobKind kind,
         gint64  account)
{
  Job *job = g_new0 (Job, 1);

  job->job.done = on_done;
  job->job.free = job_free;
  job->kind = kind;
  job->account = account;
  return job;
}

static void
push (AhoyHistory *self,
      Job         *job)
{
  if (job->on_load != NULL || job->on_page != NULL || job->on_kept != NULL || job->on_placed != NULL)
    g_hash_table_add (self->asked, job);
  ahoy_worker_push (self->worker, &job->job);
}

AhoyHistory *
ahoy_history_open (const char         *path,
                   GMainContext       *context,
                   AhoyHistoryFailed   failed,
                   gpointer            data,
                   GError            **error)
{
  AhoyHistory *self;
  AhoyHistoryFile *file;

  g_return_val_if_fail (path != NULL, NULL);

  file = ahoy_history_file_open (path, error);
  if (file == NULL)
    return NULL;
  self = g_new0 (AhoyHistory, 1);
  self->file = file;
  self->unparted = g_ptr_array_new_with_free_func (g_free);
  self->asked = g_hash_table_new (NULL, NULL);
  self->failed = failed;
  self->failed_data = data;
  self->worker = ahoy_worker_new ("ahoy-history", context, work, self);
  return self;
}

void
ahoy_history_close (AhoyHistory *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->worker, ahoy_worker_free);
  g_clear_pointer (&self->file, ahoy_history_file_close);
  g_hash_table_unref (self->asked);
  g_ptr_array_unref (self->unparted);
  g_free (self);
}

static gboolean
asked_by (gpointer key,
          gpointer value,
          gpointer data)
{
  return ((Job *) key)->data == data;
}

void
ahoy_history_forget_asker (AhoyHistory *self,
                           gpointer     data)
{
  g_return_if_fail (self != NULL);

  g_hash_table_foreach_remove (self->asked, asked_by, data);
}

void
ahoy_history_load (AhoyHistory     *self,
                   const char      *server,
                   const char      *self_skeleton,
                   guint            newest,
                   AhoyHistoryLoad  done,
                   gpointer         data)
{
  Job *job;

  g_return_if_fail (self != NULL && server != NULL && self_skeleton != NULL && newest > 0);

  job = job_new (JOB_LOAD, 0);
  job->first = g_strdup (server);
  job->second = g_strdup (self_skeleton);
  job->query.limit = newest;
  job->on_load = done;
  job->data = data;
  push (self, job);
}

gint64
ahoy_history_loaded_mark (const AhoyHistoryLoaded *loaded,
                          const char              *kind,
                          const char              *key,
                          gint64                   otherwise)
{
  g_autofree char *name = mark_name (kind, key);
  const AhoyPlace *value = loaded->marks != NULL ? g_hash_table_lookup (loaded->marks, name) : NULL;

  return value != NULL ? (gint64) value->id : otherwise;
}

void
ahoy_history_keep (AhoyHistory      *self,
                   gint64            account,
                   AhoyRecord       *record,
                   AhoyHistoryPlaced done,
                   gpointer          data)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && record != NULL && record->id != 0);

  job = job_new (JOB_KEEP, account);
  job->record = record;
  job->on_placed = done;
  job->data = data;
  push (self, job);
}

void
ahoy_history_owe (AhoyHistory     *self,
                  gint64           account,
                  AhoyRecord      *record,
                  AhoyHistoryKept  done,
                  gpointer         data)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && record != NULL && record->cid != NULL);

  job = job_new (JOB_OWE, account);
  job->record = record;
  job->on_kept = done;
  job->data = data;
  push (self, job);
}

void
ahoy_history_drop (AhoyHistory *self,
                   gint64       account,
                   const char  *cid)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && cid != NULL);

  job = job_new (JOB_DROP, account);
  job->first = g_strdup (cid);
  push (self, job);
}

void
ahoy_history_mark (AhoyHistory     *self,
                   gint64           account,
                   const char      *kind,
                   const char      *key,
                   const AhoyPlace *value)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && kind != NULL && key != NULL && value != NULL);

  job = job_new (JOB_MARK, account);
  job->first = g_strdup (kind);
  job->second = g_strdup (key);
  ahoy_place_set (&job->value, value->id, value->path);
  push (self, job);
}

void
ahoy_history_know (AhoyHistory      *self,
                   gint64            account,
                   AhoyAcquaintance *acquaintance)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && acquaintance != NULL);

  job = job_new (JOB_KNOW, account);
  job->acquaintance = acquaintance;
  push (self, job);
}

void
ahoy_history_part (AhoyHistory *self,
                   gint64       account,
                   guint64      first,
                   guint        parting)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && first != 0);

  job = job_new (JOB_PART, account);
  job->parting = (Parting){ account, first, parting };
  push (self, job);
}

void
ahoy_history_set_runs (AhoyHistory  *self,
                       gint64        account,
                       AhoyRunMarks *runs)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && runs != NULL);

  job = job_new (JOB_RUNS, account);
  job->runs = runs;
  push (self, job);
}

void
ahoy_history_page (AhoyHistory            *self,
                   gint64                  account,
                   const AhoyHistoryQuery *query,
                   AhoyHistoryPage         done,
                   gpointer                data)
{
  Job *job;

  g_return_if_fail (self != NULL && account != 0 && query != NULL && query->limit > 0 && done != NULL);

  job = job_new (JOB_PAGE, account);
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
ahoy_history_index (AhoyHistory *self)
{
  g_return_if_fail (self != NULL);

  if (self->indexing)
    return;
  self->indexing = TRUE;
  push (self, job_new (JOB_INDEX, 0));
}

guint
ahoy_history_get_n_pending (AhoyHistory *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return ahoy_worker_get_n_pending (self->worker);
}
