/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A worker is one thread that does jobs in order, and the way back. Jobs that queue up while it works are handed to it together, so that a database
 * commits as many at once as have come, and never waits for more. Either way can be cut into portions: so that no group takes long, and so
 * that what comes back all at once does not stop the context's thread from doing anything else.
 *
 * The functions here belong to the thread that iterates the context; only the work function runs on the worker's own. */

typedef struct _AhoyWorker AhoyWorker;
typedef struct _AhoyJob    AhoyJob;

/* A job comes first in the caller's own struct. Zero it and set the callbacks. */
struct _AhoyJob {
  /* On the context's thread, in the order of ahoy_worker_push(), after the work was done. May be NULL. */
  void (*done) (AhoyJob *job,
                gpointer data);
  /* After done, or without it when the worker was freed before. May be NULL. Any thread that frees the worker. */
  void (*free) (AhoyJob *job);

  /* What ahoy_worker_set_portions() measures. */
  gsize weight;
  /* All that are not patient go first, whenever they come; patient ones are worked on one at a time. */
  gboolean patient;

  /*< private >*/
  GList link;
};

/* On the worker's thread: @jobs has one link or more, each link's data an AhoyJob. The links stay where they are. */
typedef void (*AhoyWork) (const GList *jobs,
                          gpointer     data);

/* @context (NULL: the thread's default): where `done` runs, with @data. @data (borrowed) must outlive the worker. */
AhoyWorker *ahoy_worker_new (const char   *name,
                             GMainContext *context,
                             AhoyWork      work,
                             gpointer      data);
/* Waits until everything pushed has been worked on (blocks), ends the thread, and frees all jobs; those not yet `done` are not done
 * any more. Patient ones that were not begun are not worked on either. */
void ahoy_worker_free (AhoyWorker *worker);

/* Hands @job (transfer full) to the worker's thread. */
void ahoy_worker_push (AhoyWorker *worker,
                       AhoyJob    *job);

/* Before the first push. No more than @work of weight comes to the work function together, and no more than @done is handed back in one turn of the
 * context, in which others have theirs too (0: any). A single job may weigh more. */
void ahoy_worker_set_portions (AhoyWorker *worker,
                               gsize       work,
                               gsize       done);

/* On the context's thread, when a portion was handed back and there is more: microseconds to wait before it asks again; 0: go on. */
typedef gint64 (*AhoyWorkerPace) (gpointer data);
void ahoy_worker_set_pace (AhoyWorker    *worker,
                           AhoyWorkerPace pace);

/* Tells whether a job that was not begun is to go; with the worker's data. */
typedef gboolean (*AhoyJobFilter) (const AhoyJob *job,
                                   gpointer       data);
/* Frees the jobs that were not begun and that the function picks, without `done`. Returns: how many. */
guint ahoy_worker_drop (AhoyWorker   *worker,
                        AhoyJobFilter filter);

/* Waits (blocks) until everything pushed so far has been worked on, and runs what is `done` here and now. */
void ahoy_worker_drain (AhoyWorker *worker);

/* Returns: how many jobs were pushed and are not yet done. */
guint ahoy_worker_get_n_pending (AhoyWorker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyWorker, ahoy_worker_free)

G_END_DECLS
