/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-poll: the order of a turn, and callbacks that remove watches. */

#include "wire/ahoy-poll.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/test-loop.h"

typedef struct {
  GMainContext *context;
  AhoyPoll     *poll;
  GString      *log; /* what was called, in order */
} Fixture;

/* A watch on an eventfd, with a name, that writes the log and then does what it was told. */
typedef struct _Probe Probe;
struct _Probe {
  AhoyPollWatch watch;
  Fixture      *fixture;
  char          name;
  int           fd;
  guint         n_ready;
  guint         n_flush;
  guint         last_events;
  gboolean      keep_readable;
  Probe        *flush_on_ready; /* ask for its flush */
  Probe        *flush_on_flush;
  Probe        *remove_on_ready; /* remove it */
  Probe        *remove_on_flush;
  gboolean      free_on_ready; /* remove and free the probe itself */
};

static void
probe_free (Probe *probe)
{
  ahoy_poll_remove (&probe->watch);
  close (probe->fd);
  g_free (probe);
}

static void
on_ready (AhoyPollWatch *watch,
          guint          events)
{
  Probe  *probe = (Probe *) watch;
  guint64 value;

  g_string_append_printf (probe->fixture->log, "%s%c ready", probe->fixture->log->len > 0 ? ", " : "", probe->name);
  probe->n_ready++;
  probe->last_events = events;
  if (!probe->keep_readable && read (probe->fd, &value, sizeof value) < 0)
    g_string_append (probe->fixture->log, " (nothing)");
  if (probe->flush_on_ready != NULL)
    ahoy_poll_want_flush (&probe->flush_on_ready->watch);
  if (probe->remove_on_ready != NULL)
    ahoy_poll_remove (&probe->remove_on_ready->watch);
  if (probe->free_on_ready)
    probe_free (probe);
}

static void
on_flush (AhoyPollWatch *watch)
{
  Probe *probe = (Probe *) watch;

  g_string_append_printf (probe->fixture->log, "%s%c flush", probe->fixture->log->len > 0 ? ", " : "", probe->name);
  probe->n_flush++;
  if (probe->flush_on_flush != NULL)
    ahoy_poll_want_flush (&probe->flush_on_flush->watch);
  if (probe->remove_on_flush != NULL)
    ahoy_poll_remove (&probe->remove_on_flush->watch);
}

static Probe *
probe_new (Fixture *fixture,
           char     name)
{
  Probe *probe = g_new0 (Probe, 1);

  probe->watch.on_ready = on_ready;
  probe->watch.on_flush = on_flush;
  probe->fixture = fixture;
  probe->name = name;
  probe->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  assert_true (probe->fd >= 0);
  assert_true (ahoy_poll_add (fixture->poll, &probe->watch, probe->fd, EPOLLIN, NULL));

  return probe;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Probe, probe_free)

static void
make_readable (Probe *probe)
{
  guint64 one = 1;

  assert_int_equal (write (probe->fd, &one, sizeof one), sizeof one);
}

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->context = g_main_context_new ();
  fixture->poll = ahoy_poll_new (fixture->context, NULL);
  fixture->log = g_string_new (NULL);
  *state = fixture;

  return fixture->poll != NULL ? 0 : -1;
}

static int
tear_down (void **state)
{
  Fixture *fixture = *state;

  ahoy_poll_unref (fixture->poll);
  g_string_free (fixture->log, TRUE);
  g_main_context_unref (fixture->context);
  g_free (fixture);

  return 0;
}

static void
turn (Fixture *fixture)
{
  g_main_context_iteration (fixture->context, FALSE);
}

static void
test_ready_again_while_unread (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');

  turn (fixture);
  assert_string_equal (fixture->log->str, "");

  a->keep_readable = TRUE;
  make_readable (a);
  turn (fixture);
  turn (fixture);
  a->keep_readable = FALSE;
  turn (fixture);
  turn (fixture);
  assert_string_equal (fixture->log->str, "a ready, a ready, a ready");
  assert_int_equal (a->last_events, EPOLLIN);
}

static void
test_edge_is_not_missed (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');

  a->keep_readable = TRUE;
  ahoy_poll_modify (&a->watch, EPOLLIN | EPOLLET);
  make_readable (a);
  turn (fixture);
  turn (fixture);
  assert_string_equal (fixture->log->str, "a ready");
}

static void
test_modify (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');

  make_readable (a);
  ahoy_poll_modify (&a->watch, 0);
  turn (fixture);
  assert_int_equal (a->n_ready, 0);

  ahoy_poll_modify (&a->watch, EPOLLIN | EPOLLOUT);
  turn (fixture);
  assert_int_equal (a->n_ready, 1);
  assert_int_equal (a->last_events, EPOLLIN | EPOLLOUT);
}

static void
test_input_before_output (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');
  g_autoptr (Probe) b = probe_new (fixture, 'b');
  g_autoptr (Probe) c = probe_new (fixture, 'c');

  a->flush_on_ready = c;
  b->flush_on_ready = c;
  make_readable (a);
  make_readable (b);
  turn (fixture);
  turn (fixture);
  assert_string_equal (fixture->log->str, "a ready, b ready, c flush");
}

static void
test_flush_alone_wakes_the_loop (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');

  ahoy_poll_want_flush (&a->watch);
  ahoy_poll_want_flush (&a->watch);
  assert_true (test_loop_until_count (fixture->context, &a->n_flush, 1));
  turn (fixture);
  assert_string_equal (fixture->log->str, "a flush");
}

static void
test_flush_from_flush_is_next_turn (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');

  a->flush_on_flush = a;
  ahoy_poll_want_flush (&a->watch);
  turn (fixture);
  assert_int_equal (a->n_flush, 1);
  a->flush_on_flush = NULL;
  turn (fixture);
  assert_int_equal (a->n_flush, 2);
  turn (fixture);
  assert_int_equal (a->n_flush, 2);
}

static void
test_remove_each_other (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');
  g_autoptr (Probe) b = probe_new (fixture, 'b');

  a->remove_on_ready = b;
  b->remove_on_ready = a;
  make_readable (a);
  make_readable (b);
  turn (fixture);
  turn (fixture);
  assert_int_equal (a->n_ready + b->n_ready, 1);
}

static void
test_remove_and_free_oneself (void **state)
{
  Fixture          *fixture = *state;
  Probe            *a = probe_new (fixture, 'a');
  g_autoptr (Probe) b = probe_new (fixture, 'b');

  /* It also waits for a flush: that must not come to freed memory. */
  a->flush_on_ready = a;
  a->free_on_ready = TRUE;
  b->keep_readable = TRUE;
  make_readable (a);
  make_readable (b);
  turn (fixture);
  turn (fixture);
  assert_string_equal (fixture->log->str, "a ready, b ready, b ready");
}

static void
test_remove_while_waiting_for_flush (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');
  g_autoptr (Probe) b = probe_new (fixture, 'b');
  g_autoptr (Probe) c = probe_new (fixture, 'c');

  a->remove_on_flush = b;
  ahoy_poll_want_flush (&a->watch);
  ahoy_poll_want_flush (&b->watch);
  ahoy_poll_want_flush (&c->watch);
  turn (fixture);
  turn (fixture);
  assert_string_equal (fixture->log->str, "a flush, c flush");
}

static void
test_remove_what_waits_for_the_next_turn (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');
  g_autoptr (Probe) b = probe_new (fixture, 'b');

  /* In one second half: a asks for b's next flush, then removes b. */
  a->flush_on_flush = b;
  a->remove_on_flush = b;
  ahoy_poll_want_flush (&a->watch);
  turn (fixture);
  turn (fixture);
  assert_string_equal (fixture->log->str, "a flush");
}

static void
test_remove_twice_and_add_again (void **state)
{
  Fixture          *fixture = *state;
  g_autoptr (Probe) a = probe_new (fixture, 'a');

  ahoy_poll_want_flush (&a->watch);
  ahoy_poll_remove (&a->watch);
  ahoy_poll_remove (&a->watch);
  make_readable (a);
  turn (fixture);
  assert_string_equal (fixture->log->str, "");

  assert_true (ahoy_poll_add (fixture->poll, &a->watch, a->fd, EPOLLIN, NULL));
  turn (fixture);
  assert_string_equal (fixture->log->str, "a ready");
}

static void
test_add_refused (void **state)
{
  Fixture           *fixture = *state;
  AhoyPollWatch      watch = { .on_ready = on_ready };
  g_autoptr (GError) error = NULL;

  assert_false (ahoy_poll_add (fixture->poll, &watch, -1, EPOLLIN, &error));
  assert_non_null (error);
  assert_true (error->domain == G_IO_ERROR);
  ahoy_poll_remove (&watch);
}

static void
test_more_than_one_batch (void **state)
{
  enum {
    N = 1500
  };
  Fixture           *fixture = *state;
  g_autofree Probe **probes = g_new0 (Probe *, N);
  struct rlimit      limit;
  guint              served = 0;
  guint              unfair = 0;

  assert_int_equal (getrlimit (RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  assert_int_equal (setrlimit (RLIMIT_NOFILE, &limit), 0);

  for (guint i = 0; i < N; i++)
    {
      probes[i] = probe_new (fixture, 'p');
      probes[i]->keep_readable = TRUE; /* always ready: who is served first must not be served for ever */
      make_readable (probes[i]);
    }
  turn (fixture);
  turn (fixture);
  for (guint i = 0; i < N; i++)
    {
      served += probes[i]->n_ready > 0;
      unfair += probes[i]->n_ready > 2;
    }
  for (guint i = 0; i < N; i++)
    probe_free (probes[i]);

  assert_int_equal (served, N);
  assert_int_equal (unfair, 0);
}

static void
on_ready_drop_all (AhoyPollWatch *watch,
                   guint          events)
{
  ahoy_poll_remove (watch);
}

static void
test_last_reference_goes_in_a_turn (void **state)
{
  Fixture      *fixture = *state;
  AhoyPoll     *poll = ahoy_poll_new (fixture->context, NULL);
  AhoyPollWatch watch = { .on_ready = on_ready_drop_all };
  int           fd = eventfd (1, EFD_CLOEXEC);

  assert_true (ahoy_poll_add (poll, &watch, fd, EPOLLIN, NULL));
  ahoy_poll_unref (poll); /* the watch keeps it */
  turn (fixture);
  assert_null (watch.poll);
  turn (fixture); /* and nothing is left in the context */
  close (fd);
}

static void
on_shared_freed (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_shared_lives_as_long (void **state)
{
  Fixture  *fixture = *state;
  AhoyPoll *poll = ahoy_poll_new (fixture->context, NULL);
  guint     n_freed = 0;

  assert_null (ahoy_poll_get_shared (poll));
  ahoy_poll_set_shared (poll, &n_freed, on_shared_freed);
  assert_ptr_equal (ahoy_poll_get_shared (poll), &n_freed);
  assert_int_equal (n_freed, 0);
  ahoy_poll_unref (poll);
  assert_int_equal (n_freed, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_ready_again_while_unread, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_edge_is_not_missed, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_modify, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_input_before_output, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_flush_alone_wakes_the_loop, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_flush_from_flush_is_next_turn, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_remove_each_other, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_remove_and_free_oneself, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_remove_while_waiting_for_flush, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_remove_what_waits_for_the_next_turn, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_remove_twice_and_add_again, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_add_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_more_than_one_batch, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_last_reference_goes_in_a_turn, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_shared_lives_as_long, set_up, tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
