/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Jobs in order on one thread, together when they queued up together, and back again. */

#include "disk/ahoy-worker.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

typedef struct {
  AhoyWorker *worker;
  GMainContext *context;

  /* Written on the worker's thread, read after it was joined or drained */
  GArray *worked;  /* guint: the numbers, in order */
  GArray *batches; /* guint: how many came together */
  GThread *worked_on;
  sem_t entered;
  sem_t gate;
  gboolean gated;

  /* The context's thread */
  GArray *finished;
  GThread *finished_on;
  guint again; /* push this many more from `done` */
} Fixture;

typedef struct {
  AhoyJob job;
  Fixture *fixture;
  guint number;
  gint *freed;
} Job;

static void push (Fixture *f, guint number, gint *freed);

static void
on_done (AhoyJob  *job,
         gpointer  data)
{
  Job *self = (Job *) job;
  Fixture *f = data;

  f->finished_on = g_thread_self ();
  g_array_append_val (f->finished, self->number);
  if (f->again > 0)
    {
      f->again--;
      push (f, self->number + 1, self->freed);
    }
}

static void
job_free (AhoyJob *job)
{
  Job *self = (Job *) job;

  if (self->freed)
    g_atomic_int_inc (self->freed);
  g_free (self);
}

static void
push (Fixture *f,
      guint    number,
      gint    *freed)
{
  Job *self = g_new0 (Job, 1);

  self->job.done = on_done;
  self->job.free = job_free;
  self->fixture = f;
  self->number = number;
  self->freed = freed;
  ahoy_worker_push (f->worker, &self->job);
}

static void
work (const GList *jobs,
      gpointer     data)
{
  Fixture *f = data;
  guint n = 0;

  f->worked_on = g_thread_self ();
  for (const GList *l = jobs; l; l = l->next)
    {
      g_array_append_val (f->worked, ((Job *) l->data)->number);
      n++;
    }
  g_array_append_val (f->batches, n);

  if (f->gated)
    {
      sem_post (&f->entered);
      sem_wait (&f->gate);
    }
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->worked = g_array_new (FALSE, FALSE, sizeof (guint));
  f->batches = g_array_new (FALSE, FALSE, sizeof (guint));
  f->finished = g_array_new (FALSE, FALSE, sizeof (guint));
  sem_init (&f->entered, 0, 0);
  sem_init (&f->gate, 0, 0);
  f->worker = ahoy_worker_new ("test-worker-with-a-long-name", f->context, work, f);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_pointer (&f->worker, ahoy_worker_free);
  g_array_unref (f->worked);
  g_array_unref (f->batches);
  g_array_unref (f->finished);
  g_main_context_unref (f->context);
  sem_destroy (&f->entered);
  sem_destroy (&f->gate);
  g_free (f);
  return 0;
}

static void
finish_all (Fixture *f)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (ahoy_worker_get_n_pending (f->worker) > 0 && g_get_monotonic_time () < deadline)
    {
      if (!g_main_context_iteration (f->context, FALSE))
        g_thread_yield ();
    }
}

static void
in_order (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 1000; i++)
    push (f, i, NULL);
  finish_all (f);

  assert_int_equal (f->finished->len, 1000);
  for (guint i = 0; i < 1000; i++)
    {
      assert_int_equal (g_array_index (f->worked, guint, i), i);
      assert_int_equal (g_array_index (f->finished, guint, i), i);
    }
  assert_ptr_equal (f->finished_on, g_thread_self ());
  assert_ptr_not_equal (f->worked_on, g_thread_self ());
}

static void
what_queued_comes_together (void **state)
{
  Fixture *f = *state;

  f->gated = TRUE;
  push (f, 0, NULL);
  sem_wait (&f->entered); /* the worker holds job 0 */
  for (guint i = 1; i <= 64; i++)
    push (f, i, NULL);
  sem_post (&f->gate);
  sem_wait (&f->entered);
  f->gated = FALSE; /* the worker is between the two semaphores, or past them only after this */
  sem_post (&f->gate);
  finish_all (f);

  assert_int_equal (f->batches->len, 2);
  assert_int_equal (g_array_index (f->batches, guint, 0), 1);
  assert_int_equal (g_array_index (f->batches, guint, 1), 64);
  assert_int_equal (f->finished->len, 65);
}

static void
done_may_push (void **state)
{
  Fixture *f = *state;

  f->again = 20;
  push (f, 0, NULL);
  finish_all (f);

  assert_int_equal (f->finished->len, 21);
  assert_int_equal (g_array_index (f->finished, guint, 20), 20);
}

static void
drain_waits_and_finishes (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 100; i++)
    push (f, i, NULL);
  ahoy_worker_drain (f->worker);

  assert_int_equal (f->finished->len, 100);
  assert_int_equal (ahoy_worker_get_n_pending (f->worker), 0);
}

static void
free_works_but_tells_nobody (void **state)
{
  Fixture *f = *state;
  gint freed = 0;

  for (guint i = 0; i < 100; i++)
    push (f, i, &freed);
  g_clear_pointer (&f->worker, ahoy_worker_free);

  assert_int_equal (f->worked->len, 100);
  assert_int_equal (f->finished->len, 0);
  assert_int_equal (freed, 100);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (in_order, setup, teardown),
    cmocka_unit_test_setup_teardown (what_queued_comes_together, setup, teardown),
    cmocka_unit_test_setup_teardown (done_may_push, setup, teardown),
    cmocka_unit_test_setup_teardown (drain_waits_and_finishes, setup, teardown),
    cmocka_unit_test_setup_teardown (free_works_but_tells_nobody, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
