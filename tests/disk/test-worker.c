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
  AhoyWorker   *worker;
  GMainContext *context;

  /* Written on the worker's thread, read after it was joined or drained */
  GArray  *worked;  /* guint: the numbers, in order */
  GArray  *batches; /* guint: how many came together */
  GThread *worked_on;
  sem_t    entered;
  sem_t    gate;
  gboolean gated;

  /* The context's thread */
  GArray  *finished;
  GThread *finished_on;
  guint    again;  /* push this many more from `done` */
  gsize    weight; /* of the jobs that are pushed */
  gboolean patient;
  gint64   wait; /* what the pace says */
  guint    asked;
} Fixture;

typedef struct {
  AhoyJob  job;
  Fixture *fixture;
  guint    number;
  gint    *freed;
} Job;

static void push (Fixture *f, guint number, gint *freed);

static void
on_done (AhoyJob *job,
         gpointer data)
{
  Job     *self = (Job *) job;
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
  self->job.weight = f->weight;
  self->job.patient = f->patient;
  ahoy_worker_push (f->worker, &self->job);
}

static void
work (const GList *jobs,
      gpointer     data)
{
  Fixture *f = data;
  guint    n = 0;

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
  gint     freed = 0;

  for (guint i = 0; i < 100; i++)
    push (f, i, &freed);
  g_clear_pointer (&f->worker, ahoy_worker_free);

  assert_int_equal (f->worked->len, 100);
  assert_int_equal (f->finished->len, 0);
  assert_int_equal (freed, 100);
}

/* Holds the worker at job 0, and pushes @n more behind it. */
static void
queue_up (Fixture *f,
          guint    n)
{
  f->gated = TRUE;
  push (f, 0, NULL);
  sem_wait (&f->entered);
  for (guint i = 1; i <= n; i++)
    push (f, i, NULL);
}

/* Lets it work on everything, and waits until that is done. */
static void
let_go (Fixture *f,
        guint    n_batches)
{
  for (guint i = 1; i < n_batches; i++)
    {
      sem_post (&f->gate);
      sem_wait (&f->entered);
    }
  f->gated = FALSE; /* the worker is between the two semaphores */
  sem_post (&f->gate);
}

static void
wait_for_n_done (Fixture *f,
                 guint    n)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (f->finished->len < n && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (f->context, FALSE))
      g_thread_yield ();
}

static void
a_group_has_a_bound (void **state)
{
  Fixture *f = *state;

  ahoy_worker_set_portions (f->worker, 100, 0);
  f->weight = 30;
  queue_up (f, 7);
  let_go (f, 4);
  finish_all (f);

  assert_int_equal (f->batches->len, 4);
  assert_int_equal (g_array_index (f->batches, guint, 1), 3);
  assert_int_equal (g_array_index (f->batches, guint, 2), 3);
  assert_int_equal (g_array_index (f->batches, guint, 3), 1);
  for (guint i = 0; i < 8; i++)
    assert_int_equal (g_array_index (f->finished, guint, i), i);
}

static void
what_weighs_too_much_comes_alone (void **state)
{
  Fixture *f = *state;

  ahoy_worker_set_portions (f->worker, 100, 100);
  f->weight = 1000;
  queue_up (f, 2);
  let_go (f, 3);
  finish_all (f);

  assert_int_equal (f->batches->len, 3);
  assert_int_equal (f->finished->len, 3);
}

/* One turn of the context hands back one portion, and others have theirs in between. */
static void
it_comes_back_in_portions (void **state)
{
  Fixture *f = *state;

  ahoy_worker_set_portions (f->worker, 0, 100);
  f->weight = 40;
  queue_up (f, 9);
  let_go (f, 2);
  wait_for_n_done (f, 1);
  for (guint done = f->finished->len; done < 10; done = f->finished->len)
    {
      wait_for_n_done (f, done + 1);
      assert_in_range (f->finished->len - done, 1, 3);
    }
  for (guint i = 0; i < 10; i++)
    assert_int_equal (g_array_index (f->finished, guint, i), i);
  assert_int_equal (ahoy_worker_get_n_pending (f->worker), 0);
}

static gint64
on_pace (gpointer data)
{
  Fixture *f = data;

  f->asked++;
  return f->wait;
}

static void
it_waits_as_it_is_told (void **state)
{
  Fixture *f = *state;

  ahoy_worker_set_portions (f->worker, 0, 100);
  ahoy_worker_set_pace (f->worker, on_pace);
  f->weight = 50;
  f->wait = G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC;
  queue_up (f, 5);
  let_go (f, 2);
  wait_for_n_done (f, 2);
  while (g_main_context_iteration (f->context, FALSE))
    ;
  assert_in_range (f->finished->len, 1, 3);
  assert_true (f->asked > 0);

  /* And a short wait ends by itself. */
  f->wait = 1;
  ahoy_worker_drain (f->worker); /* what waits for nobody */
  assert_int_equal (f->finished->len, 6);
  f->finished->len = 0;
  f->asked = 0;
  queue_up (f, 5);
  let_go (f, 2);
  f->wait = 1;
  wait_for_n_done (f, 1);
  while (f->asked < 3)
    g_main_context_iteration (f->context, TRUE);
  f->wait = 0;
  finish_all (f);
  assert_int_equal (f->finished->len, 6);
}

static void
the_patient_come_last_and_alone (void **state)
{
  Fixture           *f = *state;
  static const guint order[] = { 0, 4, 5, 1, 2, 3 };

  f->gated = TRUE;
  push (f, 0, NULL);
  sem_wait (&f->entered);
  f->patient = TRUE;
  for (guint i = 1; i <= 3; i++)
    push (f, i, NULL);
  f->patient = FALSE;
  push (f, 4, NULL);
  push (f, 5, NULL);
  let_go (f, 5);
  finish_all (f);

  assert_int_equal (f->batches->len, 5);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    assert_int_equal (g_array_index (f->worked, guint, i), order[i]);
}

static gboolean
is_even (const AhoyJob *job,
         gpointer       data)
{
  return ((const Job *) job)->number % 2 == 0;
}

static void
what_was_not_begun_can_be_dropped (void **state)
{
  Fixture *f = *state;
  gint     freed = 0;

  f->gated = TRUE;
  push (f, 0, &freed); /* is under way, and so is none of them */
  sem_wait (&f->entered);
  for (guint i = 1; i <= 4; i++)
    push (f, i, &freed);
  f->patient = TRUE;
  push (f, 6, &freed);
  assert_int_equal (ahoy_worker_drop (f->worker, is_even), 3);
  assert_int_equal (freed, 3);
  assert_int_equal (ahoy_worker_get_n_pending (f->worker), 3);
  let_go (f, 2);
  finish_all (f);

  assert_int_equal (f->finished->len, 3);
  assert_int_equal (g_array_index (f->finished, guint, 1), 1);
  assert_int_equal (g_array_index (f->finished, guint, 2), 3);
  assert_int_equal (freed, 6);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (in_order, setup, teardown),
    cmocka_unit_test_setup_teardown (what_queued_comes_together, setup, teardown),
    cmocka_unit_test_setup_teardown (done_may_push, setup, teardown),
    cmocka_unit_test_setup_teardown (drain_waits_and_finishes, setup, teardown),
    cmocka_unit_test_setup_teardown (a_group_has_a_bound, setup, teardown),
    cmocka_unit_test_setup_teardown (what_weighs_too_much_comes_alone, setup, teardown),
    cmocka_unit_test_setup_teardown (it_comes_back_in_portions, setup, teardown),
    cmocka_unit_test_setup_teardown (it_waits_as_it_is_told, setup, teardown),
    cmocka_unit_test_setup_teardown (the_patient_come_last_and_alone, setup, teardown),
    cmocka_unit_test_setup_teardown (what_was_not_begun_can_be_dropped, setup, teardown),
    cmocka_unit_test_setup_teardown (free_works_but_tells_nobody, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
