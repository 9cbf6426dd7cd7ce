/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The log in an SQLite file, on a thread of its own.
 *
 * Main thread: makes jobs and announces what came of them. Worker's thread: takes the jobs there are, runs the appends and facts of
 * them as one transaction. A group that fails is tried again one by one, so that a single message that cannot be
 * stored takes no other with it. A message that fails alone is rejected; a fact that does is written again when something could be
 * written. Nothing here waits for more to come: the length of a commit is the length of a group. */

#define G_LOG_DOMAIN "ahoyd"

#include "store/ahoyd-store-sqlite.h"

#include <string.h>

#include "disk/ahoy-worker.h"
#include "store/ahoyd-retention.h"

#define LOOK_EVERY_S 3600
/* Bytes that are written in one transaction: so that the one under way is soon done, whatever else waits. */
#define GROUP_BYTES (1024 * 1024)
/* Bytes that are announced in one turn, so that each receiver is written to before the next. */
#define SLICE_BYTES (64 * 1024)
/* What a message is besides its text. */
#define MESSAGE_OVERHEAD 128
/* A disk that was full is tried again so often. */
#define OPEN_EVERY_S 2
#define OPEN_AGAIN_US G_USEC_PER_SEC

typedef struct {
  AhoydStore store;

  /* Owned, main thread */
  AhoyWorker *worker;
  GSource    *look_source;
  guint64     last_announced;
  guint       n_pending; /* appended, not announced */
  gboolean    forgetting; /* a retention job is under way */
  gboolean    complained; /* the operator knows that the log cannot be written */
  gboolean    forget_complained; /* and that nothing can be taken away */
  AhoydLogReader *reader;
  GHashTable *unwritten; /* "KIND\nKEY" of the facts that are in memory only */

  GSource    *open_source; /* armed while the log could not be opened for want of room */

  /* Owned, the worker's thread once it runs */
  AhoydDatabase  *db;        /* NULL: there was no room for it yet */
  AhoydRetention *retention; /* NULL then, too */
  AhoydKeep       keep;
  gint64          open_again; /* monotonic time before which that is not tried */

  /* Borrowed, any thread */
  const AhoydClock *clock;

  /* Atomic */
  int hurry; /* this process is about to end */

  /* Immutable */
  char           *path;
  AhoydDurability durability;
} SqliteStore;

typedef enum {
  JOB_APPEND,
  JOB_FACT,
  JOB_RUN,
  JOB_FORGET,
  JOB_KEEP,
  JOB_OPEN,
} JobKind;

typedef struct {
  AhoyJob      job;
  JobKind      kind;
  SqliteStore *self;
  GError      *error;

  /* JOB_APPEND */
  AhoydMessage *message;
  gboolean      repeated;

  /* JOB_FACT */
  char *fact_kind;
  char *fact_key;
  char *fact_value;
  AhoydKeeping keeping;

  AhoydKeep keep; /* JOB_KEEP */

  gboolean look; /* JOB_FORGET: at the clock, first */

  /* What retention did beside it */
  AhoydRetentionNews news;
  gboolean           more;
  GError            *forget_error;
} Job;

static const AhoydStoreClass sqlite_class;

static void push_forget (SqliteStore *self,
                         gboolean     look);
static AhoydKeeping *sqlite_keep_fact (AhoydStore    *store,
                                       const char    *kind,
                                       const char    *key,
                                       const char    *value,
                                       AhoydFactKept  kept,
                                       gpointer       data);

static void
job_free (AhoyJob *base)
{
  Job *job = (Job *) base;

  g_clear_error (&job->error);
  g_clear_error (&job->forget_error);
  ahoyd_retention_news_clear (&job->news);
  g_clear_pointer (&job->message, ahoyd_message_unref);
  g_free (job->fact_kind);
  g_free (job->fact_key);
  g_free (job->fact_value);
  g_free (job);
}

/* The worker's thread. */

static gboolean
job_writes (const Job *job)
{
  return job->kind == JOB_APPEND || job->kind == JOB_FACT || job->kind == JOB_RUN;
}

static gboolean
write_one (SqliteStore  *self,
           Job          *job,
           GError      **error)
{
  if (job->kind == JOB_FACT)
    return ahoyd_database_set_fact (self->db, job->fact_kind, job->fact_key, job->fact_value, error);

  if (job->kind == JOB_RUN)
    return ahoyd_database_keep_run (self->db, error);
  return ahoyd_database_append (self->db, job->message, self->clock->real (self->clock->data), &job->repeated, error);
}

/* Takes back the stamps of a group that did not get into the log. */
static void
unstamp (const GList *from,
         const GList *until)
{
  for (const GList *l = from; l != until; l = l->next)
    {
      Job *job = l->data;

      if (job->kind != JOB_APPEND)
        continue;
      job->message->id = 0;
      g_clear_pointer (&job->message->first, ahoyd_message_unref);
    }
}

static gboolean
write_group (SqliteStore  *self,
             const GList  *from,
             const GList  *until,
             GError      **error)
{
  gboolean written = ahoyd_database_begin (self->db, error);

  for (const GList *l = from; written && l != until; l = l->next)
    if (job_writes (l->data))
      written = write_one (self, l->data, error);

  if (written && ahoyd_database_commit (self->db, error))
    return TRUE;
  ahoyd_database_rollback (self->db);
  unstamp (from, until);
  return FALSE;
}

static void
fail_job (Job          *job,
          const GError *error)
{
  if (job->kind != JOB_KEEP && job->error == NULL)
    job->error = g_error_copy (error);
}

/* One by one what failed together: unless somebody else has the file, who will have it for all of them, or there is no time. */
static void
write_all (SqliteStore *self,
           const GList *jobs)
{
  g_autoptr (GError) error = NULL;

  if (write_group (self, jobs, NULL, &error))
    return;
  for (const GList *l = jobs; l != NULL; l = l->next)
    {
      if (!job_writes (l->data))
        continue;
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) || g_atomic_int_get (&self->hurry) != 0)
        fail_job (l->data, error);
      else
        write_group (self, l, l->next, &((Job *) l->data)->error);
    }
}

/* There is no log to write. What is to be kept of it is noted for when there is. */
static void
fail_all (SqliteStore  *self,
          const GList  *jobs,
          const GError *error)
{
  for (const GList *l = jobs; l != NULL; l = l->next)
    {
      Job *job = l->data;

      if (job->kind == JOB_KEEP)
        self->keep = job->keep;
      fail_job (job, error);
    }
}

/* What goes with an open file. */
static gboolean
set_out (SqliteStore  *self,
         GError      **error)
{
  ahoyd_database_set_hurry (self->db, &self->hurry);
  self->retention = ahoyd_retention_new (self->db, self->clock, &self->keep, error);
  return self->retention != NULL;
}

/* Where there was no room to open the log it is read by somebody who has it alone: they let go of it meanwhile. */
static gboolean
open_db (SqliteStore  *self,
         GError      **error)
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
  ahoyd_database_set_run (self->db, self->store.run);
  if (set_out (self, error))
    return TRUE;
  g_clear_pointer (&self->db, ahoyd_database_close);
  return FALSE;
}

static void
forget (SqliteStore *self,
        Job         *job)
{
  if (!job->look || ahoyd_retention_look (self->retention, &job->error))
    ahoyd_retention_go_on (self->retention, &job->more, &job->error);
}

/* @n messages may have been added; @before: what all messages took until then. */
static void
make_room (SqliteStore *self,
           guint        n,
           guint64      before,
           Job         *job)
{
  guint64 after = ahoyd_database_get_bytes (self->db);

  if (n > 0 && after > before)
    ahoyd_retention_make_room (self->retention, n, after - before, &job->more, &job->forget_error);
}

static void
work (const GList *jobs,
      gpointer     data)
{
  SqliteStore *self = data;
  g_autoptr (GError) error = NULL;
  guint64 before;
  gboolean any = FALSE;
  guint n = 0;

  if (!open_db (self, &error))
    {
      fail_all (self, jobs, error);
      return;
    }
  before = ahoyd_database_get_bytes (self->db);
  for (const GList *l = jobs; l != NULL; l = l->next)
    {
      any |= job_writes (l->data);
      n += ((Job *) l->data)->kind == JOB_APPEND;
    }
  if (any)
    write_all (self, jobs);
  make_room (self, n, before, jobs->data);
  ahoyd_log_reader_let_journal_end (self->reader, self->db);

  for (const GList *l = jobs; l != NULL; l = l->next)
    {
      Job *job = l->data;

      if (job->kind == JOB_FORGET)
        forget (self, job);
      else if (job->kind == JOB_KEEP)
        ahoyd_retention_set_keep (self->retention, &job->keep);
    }
  ahoyd_retention_take_news (self->retention, &((Job *) jobs->data)->news);
}

/* The main thread. */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* With the values that they have by now. */
static void
write_unwritten (SqliteStore *self)
{
  g_autoptr (GHashTable) facts = g_steal_pointer (&self->unwritten);
  GHashTableIter iter;
  gpointer fact;

  self->unwritten = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, facts);
  while (g_hash_table_iter_next (&iter, &fact, NULL))
    {
      const char *key = strchr (fact, '\n') + 1;
      g_autofree char *kind = g_strndup (fact, key - 1 - (char *) fact);

      sqlite_keep_fact (&self->store, kind, key, ahoyd_store_get_fact (&self->store, kind, key), NULL, NULL);
    }
}

/* The first of a row of failures is worth a line, and so is its end. */
static void
tell_operator (SqliteStore  *self,
               const GError *error)
{
  if (error != NULL && !self->complained)
    g_critical ("The log cannot be written, so nothing can be said until this is mended: %s", error->message);
  else if (error == NULL && self->complained)
    g_message ("The log can be written again.");
  self->complained = error != NULL;
  if (error == NULL && g_hash_table_size (self->unwritten) > 0)
    write_unwritten (self);
}

static void
append_done (SqliteStore *self,
             Job         *job)
{
  self->n_pending--;
  tell_operator (self, job->error);
  if (job->error == NULL && !job->repeated && !job->message->only_repeat)
    {
      self->last_announced = job->message->id;
      ahoyd_log_reader_grown (self->reader, self->last_announced);
    }
  ahoyd_store_announce (&self->store, job->message, job->repeated, job->error);
}

static void
fact_done (SqliteStore *self,
           Job         *job)
{
  tell_operator (self, job->error);
  if (job->error != NULL)
    g_hash_table_add (self->unwritten, g_strconcat (job->fact_kind, "\n", job->fact_key, NULL));
  if (job->keeping.kept != NULL)
    job->keeping.kept (job->error, job->keeping.data);
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
                Job         *job)
{
  const AhoydStoreEvents *events = self->store.events;

  if (job->forget_error != NULL)
    tell_forgetting (self, job->forget_error);
  for (guint i = 0; job->news.lines != NULL && i < job->news.lines->len; i++)
    g_message ("%s", (const char *) job->news.lines->pdata[i]);
  for (guint i = 0; job->news.gone != NULL && events != NULL && events->gone != NULL && i < job->news.gone->len; i++)
    events->gone (job->news.gone->pdata[i], self->store.events_data);
  for (guint i = 0; job->news.whispers != NULL && i < job->news.whispers->len; i++)
    {
      const AhoydForgotWhisper *whisper = job->news.whispers->pdata[i];

      ahoyd_mailboxes_forget (self->store.mailboxes, whisper->recipient, whisper->id);
    }
  if (job->more)
    push_forget (self, FALSE);
}

static void
open_done (SqliteStore *self,
           Job         *job)
{
  tell_operator (self, job->error);
  if (job->error != NULL)
    return;
  clear_source (&self->open_source);
  push_forget (self, TRUE);
}

static void
on_done (AhoyJob  *base,
         gpointer  data)
{
  Job *job = (Job *) base;
  SqliteStore *self = data;

  switch (job->kind)
    {
    case JOB_APPEND:
      append_done (self, job);
      break;
    case JOB_FACT:
      fact_done (self, job);
      break;
    case JOB_RUN:
      tell_operator (self, job->error);
      break;
    case JOB_OPEN:
      open_done (self, job);
      break;
    case JOB_FORGET:
      self->forgetting = FALSE;
      tell_forgetting (self, job->error);
      break;
    case JOB_KEEP:
      push_forget (self, TRUE);
      break;
    default:
      g_assert_not_reached ();
    }
  retention_done (self, job);
}

static Job *
job_new (SqliteStore *self,
         JobKind      kind)
{
  Job *job = g_new0 (Job, 1);

  job->job.done = on_done;
  job->job.free = job_free;
  job->kind = kind;
  job->self = self;
  return job;
}

/* At most one that goes on is under way. */
static void
push_forget (SqliteStore *self,
             gboolean     look)
{
  Job *job;

  if (self->forgetting && !look)
    return;
  self->forgetting = TRUE;
  job = job_new (self, JOB_FORGET);
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
sqlite_append (AhoydStore   *store,
               AhoydMessage *message)
{
  SqliteStore *self = (SqliteStore *) store;
  Job *job = job_new (self, JOB_APPEND);

  job->message = message;
  job->job.weight = MESSAGE_OVERHEAD + strlen (message->text);
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
sqlite_keep_fact (AhoydStore    *store,
                  const char    *kind,
                  const char    *key,
                  const char    *value,
                  AhoydFactKept  kept,
                  gpointer       data)
{
  SqliteStore *self = (SqliteStore *) store;
  Job *job = job_new (self, JOB_FACT);

  job->fact_kind = g_strdup (kind);
  job->fact_key = g_strdup (key);
  job->fact_value = g_strdup (value);
  job->keeping = (AhoydKeeping) { kept, data };
  ahoy_worker_push (self->worker, &job->job);
  return &job->keeping;
}

static void
sqlite_set_keep (AhoydStore      *store,
                 const AhoydKeep *keep)
{
  SqliteStore *self = (SqliteStore *) store;
  Job *job = job_new (self, JOB_KEEP);

  job->keep = *keep;
  ahoy_worker_push (self->worker, &job->job);
}

static void
sqlite_keep_run (AhoydStore *store)
{
  SqliteStore *self = (SqliteStore *) store;

  ahoy_worker_push (self->worker, &job_new (self, JOB_RUN)->job);
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
  SqliteStore *self = data;
  const AhoydStoreEvents *events = self->store.events;

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
  return ((const Job *) job)->kind == JOB_APPEND;
}

static void
sqlite_give_up (AhoydStore *store)
{
  SqliteStore *self = (SqliteStore *) store;

  g_atomic_int_set (&self->hurry, TRUE);
  self->n_pending -= ahoy_worker_drop (self->worker, is_append);
}

static gboolean
is_no_fact (const AhoyJob *job,
            gpointer       data)
{
  return ((const Job *) job)->kind != JOB_FACT && ((const Job *) job)->kind != JOB_RUN;
}

/* The next start is told what the clock says now, and the operator what is left to be told. */
static void
end_retention (SqliteStore *self)
{
  g_auto (AhoydRetentionNews) news = { 0 };

  if (self->retention == NULL)
    return;
  ahoyd_retention_look (self->retention, NULL);
  ahoyd_retention_take_news (self->retention, &news);
  for (guint i = 0; news.lines != NULL && i < news.lines->len; i++)
    g_message ("%s", (const char *) news.lines->pdata[i]);
  g_clear_pointer (&self->retention, ahoyd_retention_free);
}

static void
sqlite_free (AhoydStore *store)
{
  SqliteStore *self = (SqliteStore *) store;

  g_atomic_int_set (&self->hurry, TRUE);
  clear_source (&self->look_source);
  clear_source (&self->open_source);
  if (self->worker != NULL)
    ahoy_worker_drop (self->worker, is_no_fact);
  g_clear_pointer (&self->worker, ahoy_worker_free);
  g_clear_pointer (&self->reader, ahoyd_log_reader_free);
  end_retention (self);
  g_clear_pointer (&self->db, ahoyd_database_close);
  g_clear_pointer (&self->unwritten, g_hash_table_unref);
  ahoyd_store_clear (store);
  g_free (self->path);
  g_free (self);
}

static const AhoydStoreClass sqlite_class = {
  .append = sqlite_append,
  .page = sqlite_page,
  .keep_fact = sqlite_keep_fact,
  .set_keep = sqlite_set_keep,
  .keep_run = sqlite_keep_run,
  .get_last = sqlite_get_last,
  .get_n_pending = sqlite_get_n_pending,
  .flush = sqlite_flush,
  .give_up = sqlite_give_up,
  .free = sqlite_free,
};

static void
on_fact_found (const char *kind,
               const char *key,
               const char *value,
               gpointer    data)
{
  ahoyd_store_load_fact (data, kind, key, value);
}

static gboolean
read_state (SqliteStore    *self,
            AhoydDatabase  *db,
            GError        **error)
{
  return ahoyd_database_last (db, &self->last_announced, error) && ahoyd_database_read_runs (db, self->store.runs, error) &&
         ahoyd_database_each_fact (db, on_fact_found, self, error) &&
         ahoyd_database_load_mailboxes (db, &self->store, error);
}

/* There is no room to open the log as it should be. */
static gboolean
read_without_room (SqliteStore   *self,
                   const GError  *full,
                   GError       **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (AhoydDatabase) db = ahoyd_database_open_alone (self->path, &inner);

  if (db == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "%s (and so it cannot even be read: %s)", full->message, inner->message);
      return FALSE;
    }
  if (!read_state (self, db, error))
    return FALSE;
  g_critical ("The disk is full: %s. What was said before can be read; nothing new can be said until there is room, which is looked for all the time.",
              full->message);
  self->complained = TRUE;
  return TRUE;
}

static gboolean
open_first (SqliteStore  *self,
            GError      **error)
{
  g_autoptr (GError) inner = NULL;

  self->db = ahoyd_database_open (self->path, self->durability, &inner);
  if (self->db != NULL)
    {
      /* What there is no room for now is done the next time. */
      ahoyd_database_tidy (self->db, NULL);
      return read_state (self, self->db, error) && set_out (self, error);
    }
  if (g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return read_without_room (self, inner, error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

static gboolean
on_open_time (gpointer data)
{
  SqliteStore *self = data;

  ahoy_worker_push (self->worker, &job_new (self, JOB_OPEN)->job);
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
ahoyd_store_sqlite_new (const AhoydStoreSqliteOptions  *options,
                        GMainContext                   *context,
                        GError                        **error)
{
  SqliteStore *self;

  g_return_val_if_fail (options != NULL && options->path != NULL, NULL);

  self = g_new0 (SqliteStore, 1);
  ahoyd_store_init (&self->store, &sqlite_class);
  self->path = g_strdup (options->path);
  self->durability = options->durability;
  self->unwritten = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->clock = options->clock != NULL ? options->clock : &ahoyd_clock_of_computer;
  self->keep = options->keep;
  if (!open_first (self, error))
    {
      sqlite_free (&self->store);
      return NULL;
    }

  ahoyd_store_begin_run (&self->store, self->last_announced + 1);
  if (self->db != NULL)
    ahoyd_database_set_run (self->db, self->store.run);

  self->reader = ahoyd_log_reader_new (options->path, context, &options->reading);
  ahoyd_log_reader_pause (self->reader, TRUE);
  ahoyd_log_reader_unpause (self->reader, self->db == NULL);
  if (self->last_announced > 0)
    ahoyd_log_reader_grown (self->reader, self->last_announced);
  if (self->db == NULL)
    self->open_source = add_timeout (self, context, OPEN_EVERY_S, on_open_time);

  self->worker = ahoy_worker_new ("ahoyd-store", context, work, self);
  ahoy_worker_set_portions (self->worker, GROUP_BYTES, SLICE_BYTES);
  ahoy_worker_set_pace (self->worker, on_pace);
  self->look_source = add_timeout (self, context, LOOK_EVERY_S, on_look_time);
  if (self->db != NULL)
    push_forget (self, TRUE);
  return &self->store;
}
