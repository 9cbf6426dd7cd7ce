/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thread that does jobs in order, and the way back.
 *
 * Two queues under one lock: `todo` goes to the thread, `done` comes back. Each side takes the whole of its queue at once, so the lock is held
 * for a few instructions. The lock is a pthread one, because ThreadSanitizer understands it where it does not understand GMutex. */

#define _GNU_SOURCE /* pthread_setname_np */
#include "disk/ahoy-worker.h"

#include <pthread.h>

struct _AhoyWorker {
  /* Owned */
  pthread_t       thread;
  pthread_mutex_t lock;
  pthread_cond_t  changed; /* something to do, something done, or the end */
  GQueue          todo;    /* under the lock */
  GQueue          done;    /* under the lock */
  gboolean        working; /* under the lock */
  gboolean        ending;  /* under the lock */
  GSource        *wake;    /* ready while `done` is not empty */
  guint           n_pending;
  char           *name;

  /* Borrowed */
  AhoyWork work;
  gpointer data;
};

static void
append_all (GQueue *to,
            GQueue *from)
{
  GList *link;

  while ((link = g_queue_pop_head_link (from)))
    g_queue_push_tail_link (to, link);
}

static void *
run (void *data)
{
  AhoyWorker *worker = data;
  GQueue batch = G_QUEUE_INIT;

  pthread_setname_np (pthread_self (), worker->name);

  pthread_mutex_lock (&worker->lock);
  for (;;)
    {
      while (g_queue_is_empty (&worker->todo) && !worker->ending)
        pthread_cond_wait (&worker->changed, &worker->lock);
      if (g_queue_is_empty (&worker->todo))
        break;

      batch = worker->todo;
      g_queue_init (&worker->todo);
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
finish_jobs (AhoyWorker *worker)
{
  GQueue done;
  GList *link;

  pthread_mutex_lock (&worker->lock);
  done = worker->done;
  g_queue_init (&worker->done);
  g_source_set_ready_time (worker->wake, -1);
  pthread_mutex_unlock (&worker->lock);

  worker->n_pending -= done.length;

  while ((link = g_queue_pop_head_link (&done)))
    {
      AhoyJob *job = link->data;

      if (job->done)
        job->done (job, worker->data);
      if (job->free)
        job->free (job);
    }
}

static gboolean
on_wake (gpointer data)
{
  finish_jobs (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_wake (GSource     *source,
               GSourceFunc  callback,
               gpointer     data)
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
  g_queue_init (&worker->done);

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
  free_jobs (&worker->done);
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

  job->link = (GList) { .data = job };
  worker->n_pending++;

  pthread_mutex_lock (&worker->lock);
  g_queue_push_tail_link (&worker->todo, &job->link);
  pthread_cond_broadcast (&worker->changed);
  pthread_mutex_unlock (&worker->lock);
}

void
ahoy_worker_drain (AhoyWorker *worker)
{
  g_return_if_fail (worker);

  pthread_mutex_lock (&worker->lock);
  while (worker->working || !g_queue_is_empty (&worker->todo))
    pthread_cond_wait (&worker->changed, &worker->lock);
  pthread_mutex_unlock (&worker->lock);

  finish_jobs (worker);
}

guint
ahoy_worker_get_n_pending (AhoyWorker *worker)
{
  g_return_val_if_fail (worker, 0);

  return worker->n_pending;
}
