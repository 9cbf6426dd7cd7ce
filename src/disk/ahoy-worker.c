/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thread that does jobs in order, and the way back.
 *
 * Queues under one lock: `todo` and `patient` go to the thread, `done` comes back. The context's thread takes the whole of `done` at once into a
 * queue of its own, `back`, from which it hands on a portion a turn. The lock is held for a few instructions. It is a pthread one, because
 * ThreadSanitizer understands it where it does not understand GMutex. */

#define _GNU_SOURCE /* pthread_setname_np */
#include "disk/ahoy-worker.h"

#include <pthread.h>

struct _AhoyWorker {
  /* Owned */
  pthread_t       thread;
  pthread_mutex_t lock;
  pthread_cond_t  changed;      /* something to do, something done, or the end */
  GQueue          todo;         /* under the lock */
  GQueue          patient;      /* under the lock */
  GQueue          done;         /* under the lock */
  gboolean        working;      /* under the lock */
  gboolean        ending;       /* under the lock */
  gsize           work_portion; /* set before the first job */
  GSource        *wake;         /* ready while `done` is not empty, or `back` */
  GQueue          back;         /* done, and to be handed back */
  gsize           done_portion;
  gsize           handed; /* weight handed back since the pace was asked for */
  guint           n_pending;
  char           *name;

  /* Borrowed */
  AhoyWork       work;
  AhoyWorkerPace pace;
  gpointer       data;
};

static void
append_all (GQueue *to,
            GQueue *from)
{
  GList *link;

  while ((link = g_queue_pop_head_link (from)))
    g_queue_push_tail_link (to, link);
}

/* Under the lock: moves the first jobs of @from, until they weigh @portion (0: all of them). */
static void
take_portion (GQueue *batch,
              GQueue *from,
              gsize   portion)
{
  gsize  weight = 0;
  GList *link;

  if (portion == 0)
    {
      append_all (batch, from);
      return;
    }
  while ((link = g_queue_peek_head_link (from)) != NULL)
    {
      const AhoyJob *job = link->data;

      if (batch->length > 0 && weight + job->weight > portion)
        break;
      weight += job->weight;
      g_queue_push_tail_link (batch, g_queue_pop_head_link (from));
    }
}

/* Under the lock. Returns: FALSE when there is nothing to do. */
static gboolean
take_batch (AhoyWorker *worker,
            GQueue     *batch)
{
  if (!g_queue_is_empty (&worker->todo))
    take_portion (batch, &worker->todo, worker->work_portion);
  else if (!worker->ending && !g_queue_is_empty (&worker->patient))
    g_queue_push_tail_link (batch, g_queue_pop_head_link (&worker->patient));
  return !g_queue_is_empty (batch);
}

static void *
run (void *data)
{
  AhoyWorker *worker = data;
  GQueue      batch = G_QUEUE_INIT;

  pthread_setname_np (pthread_self (), worker->name);

  pthread_mutex_lock (&worker->lock);
  for (;;)
    {
      while (!take_batch (worker, &batch) && !worker->ending)
        pthread_cond_wait (&worker->changed, &worker->lock);
      if (g_queue_is_empty (&batch))
        break;

      worker->working = TRUE;
      pthread_mutex_unlock (&worker->lock);

      worker->work (batch.head, worker->data);

      pthread_mutex_lock (&worker->lock);
      worker->working = FALSE;
      if (g_queue_is_empty (&worker->done))
        g_source_set_ready_time (worker->wake, 0);
      append_all (&worker->done, &batch);
      pthread_cond_broadcast (&worker->changed);
    }
  pthread_mutex_unlock (&worker->lock);

  return NULL;
}

static void
collect (AhoyWorker *worker)
{
  pthread_mutex_lock (&worker->lock);
  append_all (&worker->back, &worker->done);
  g_source_set_ready_time (worker->wake, -1);
  pthread_mutex_unlock (&worker->lock);
}

/* Hands back jobs until they weigh @portion (0: all there are). */
static void
hand_back (AhoyWorker *worker,
           gsize       portion)
{
  gsize  weight = 0;
  GList *link;

  while ((portion == 0 || weight < portion) && (link = g_queue_pop_head_link (&worker->back)) != NULL)
    {
      AhoyJob *job = link->data;

      weight += job->weight;
      worker->n_pending--;
      if (job->done)
        job->done (job, worker->data);
      if (job->free)
        job->free (job);
    }
  worker->handed += weight;
}

/* Returns: FALSE when it is to be asked again in a while. */
static gboolean
may_go_on (AhoyWorker *worker)
{
  gint64 wait;

  if (worker->pace == NULL || worker->handed < worker->done_portion || g_queue_is_empty (&worker->back))
    return TRUE;
  wait = worker->pace (worker->data);
  if (wait > 0)
    {
      g_source_set_ready_time (worker->wake, g_get_monotonic_time () + wait);
      return FALSE;
    }
  worker->handed = 0;
  return TRUE;
}

static gboolean
on_wake (gpointer data)
{
  AhoyWorker *worker = data;

  collect (worker);
  if (!may_go_on (worker))
    return G_SOURCE_CONTINUE;
  hand_back (worker, worker->done_portion);
  if (!g_queue_is_empty (&worker->back))
    g_source_set_ready_time (worker->wake, 0);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_wake (GSource    *source,
               GSourceFunc callback,
               gpointer    data)
{
  return callback (data);
}

static GSourceFuncs wake_funcs = { .dispatch = dispatch_wake };

AhoyWorker *
ahoy_worker_new (const char   *name,
                 GMainContext *context,
                 AhoyWork      work,
                 gpointer      data)
{
  AhoyWorker *worker;

  g_return_val_if_fail (work, NULL);

  worker = g_new0 (AhoyWorker, 1);
  worker->name = g_strndup (name, 15); /* what the kernel keeps of a thread's name */
  worker->work = work;
  worker->data = data;
  pthread_mutex_init (&worker->lock, NULL);
  pthread_cond_init (&worker->changed, NULL);
  g_queue_init (&worker->todo);
  g_queue_init (&worker->patient);
  g_queue_init (&worker->done);
  g_queue_init (&worker->back);

  worker->wake = g_source_new (&wake_funcs, sizeof (GSource));
  g_source_set_static_name (worker->wake, "AhoyWorker");
  g_source_set_callback (worker->wake, on_wake, worker, NULL);
  g_source_attach (worker->wake, context ? context : g_main_context_get_thread_default ());

  if (pthread_create (&worker->thread, NULL, run, worker) != 0)
    g_error ("The kernel gives no thread for %s", name);

  return worker;
}

static void
free_jobs (GQueue *jobs)
{
  GList *link;

  while ((link = g_queue_pop_head_link (jobs)))
    {
      AhoyJob *job = link->data;

      if (job->free)
        job->free (job);
    }
}

void
ahoy_worker_free (AhoyWorker *worker)
{
  g_return_if_fail (worker);

  pthread_mutex_lock (&worker->lock);
  worker->ending = TRUE;
  pthread_cond_broadcast (&worker->changed);
  pthread_mutex_unlock (&worker->lock);
  pthread_join (worker->thread, NULL);

  g_source_destroy (worker->wake);
  g_source_unref (worker->wake);
  free_jobs (&worker->patient);
  free_jobs (&worker->done);
  free_jobs (&worker->back);
  pthread_cond_destroy (&worker->changed);
  pthread_mutex_destroy (&worker->lock);
  g_free (worker->name);
  g_free (worker);
}

void
ahoy_worker_push (AhoyWorker *worker,
                  AhoyJob    *job)
{
  g_return_if_fail (worker);
  g_return_if_fail (job);

  job->link = (GList){ .data = job };
  worker->n_pending++;

  pthread_mutex_lock (&worker->lock);
  g_queue_push_tail_link (job->patient ? &worker->patient : &worker->todo, &job->link);
  pthread_cond_broadcast (&worker->changed);
  pthread_mutex_unlock (&worker->lock);
}

void
ahoy_worker_set_portions (AhoyWorker *worker,
                          gsize       work,
                          gsize       done)
{
  g_return_if_fail (worker);
  g_return_if_fail (worker->n_pending == 0);

  worker->work_portion = work;
  worker->done_portion = done;
}

void
ahoy_worker_set_pace (AhoyWorker    *worker,
                      AhoyWorkerPace pace)
{
  g_return_if_fail (worker);

  worker->pace = pace;
}

/* Under the lock. */
static void
move_matching (AhoyWorker   *worker,
               GQueue       *to,
               GQueue       *from,
               AhoyJobFilter filter)
{
  GQueue all = *from;
  GList *link;

  g_queue_init (from);
  while ((link = g_queue_pop_head_link (&all)) != NULL)
    g_queue_push_tail_link (filter (link->data, worker->data) ? to : from, link);
}

guint
ahoy_worker_drop (AhoyWorker   *worker,
                  AhoyJobFilter filter)
{
  GQueue dropped = G_QUEUE_INIT;
  guint  n;

  g_return_val_if_fail (worker, 0);
  g_return_val_if_fail (filter, 0);

  pthread_mutex_lock (&worker->lock);
  move_matching (worker, &dropped, &worker->todo, filter);
  move_matching (worker, &dropped, &worker->patient, filter);
  pthread_cond_broadcast (&worker->changed);
  pthread_mutex_unlock (&worker->lock);

  n = dropped.length;
  worker->n_pending -= n;
  free_jobs (&dropped);
  return n;
}

void
ahoy_worker_drain (AhoyWorker *worker)
{
  g_return_if_fail (worker);

  pthread_mutex_lock (&worker->lock);
  while (worker->working || !g_queue_is_empty (&worker->todo) || !g_queue_is_empty (&worker->patient))
    pthread_cond_wait (&worker->changed, &worker->lock);
  pthread_mutex_unlock (&worker->lock);

  collect (worker);
  hand_back (worker, 0);
}

guint
ahoy_worker_get_n_pending (AhoyWorker *worker)
{
  g_return_val_if_fail (worker, 0);

  return worker->n_pending;
}
