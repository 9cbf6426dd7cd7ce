/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-reading-gate: when a link is read, and that what came meanwhile is not lost. */

#include "net/ahoyd-reading-gate.h"

#include <sys/socket.h>

#include "server/cmocka-all.h"
#include "server/test-peer.h"
#include "support/test-loop.h"

typedef struct {
  GMainContext    *context;
  AhoyPoll        *poll;
  AhoyLink        *link;
  TestPeer        *peer;
  AhoydReadingGate gate;
  guint            n_frames;
} Fixture;

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  ((Fixture *) data)->n_frames++;
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
}

static int
setup (void **state)
{
  static const AhoyLinkEvents events = { on_frame, on_fault, on_ended };
  Fixture                    *f = g_new0 (Fixture, 1);
  int                         fds[2];

  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  f->link = ahoy_link_new (f->poll, fds[0], &events, f, NULL);
  f->peer = test_peer_new (f->context, fds[1]);
  ahoyd_reading_gate_init (&f->gate, f->link, f->context);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoyd_reading_gate_clear (&f->gate);
  ahoy_link_unref (f->link);
  test_peer_free (f->peer);
  ahoy_poll_unref (f->poll);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

/* Sends a frame more. Returns: how many have been read. */
static guint
send_one (Fixture *f)
{
  test_peer_send (f->peer, "<3x>");
  assert_true (test_loop_settle (f->context));
  return f->n_frames;
}

static void
test_pauses_are_counted (void **state)
{
  Fixture *f = *state;

  assert_true (ahoyd_reading_gate_is_open (&f->gate));
  assert_int_equal (send_one (f), 1);
  ahoyd_reading_gate_pause (&f->gate);
  ahoyd_reading_gate_pause (&f->gate);
  assert_int_equal (send_one (f), 1);
  ahoyd_reading_gate_resume (&f->gate);
  assert_false (ahoyd_reading_gate_is_open (&f->gate));
  assert_int_equal (send_one (f), 1);
  ahoyd_reading_gate_resume (&f->gate);
  assert_true (ahoyd_reading_gate_is_open (&f->gate));
  assert_int_equal (send_one (f), 4); /* nothing is lost */
}

/* Of two debts the longer one is waited for, in whatever order they come. */
static void
test_the_longer_debt (void **state)
{
  static const gint64 debts[][2] = { { 20, 3600 * 1000 }, { 3600 * 1000, 20 } };
  Fixture            *f = *state;
  const gint64        now = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (debts); i++)
    {
      ahoyd_reading_gate_owe (&f->gate, debts[i][0] * G_TIME_SPAN_MILLISECOND, now);
      ahoyd_reading_gate_owe (&f->gate, debts[i][1] * G_TIME_SPAN_MILLISECOND, now);
      assert_true (ahoyd_reading_gate_is_in_debt (&f->gate));
      assert_int_equal (g_source_get_ready_time (f->gate.debt), now + G_TIME_SPAN_HOUR);
      ahoyd_reading_gate_clear (&f->gate);
    }
}

static void
test_a_debt_is_paid_by_time (void **state)
{
  Fixture *f = *state;

  ahoyd_reading_gate_owe (&f->gate, 0, g_get_monotonic_time ());
  assert_false (ahoyd_reading_gate_is_in_debt (&f->gate));
  ahoyd_reading_gate_owe (&f->gate, 1, g_get_monotonic_time ());
  assert_true (ahoyd_reading_gate_is_in_debt (&f->gate));
  assert_false (ahoyd_reading_gate_is_open (&f->gate));
  test_peer_send (f->peer, "<3x>");
  assert_true (test_loop_until_count (f->context, &f->n_frames, 1));
  assert_false (ahoyd_reading_gate_is_in_debt (&f->gate));

  /* Nor is one too long to be counted from now ever over at once. */
  ahoyd_reading_gate_owe (&f->gate, G_MAXINT64, g_get_monotonic_time ());
  assert_int_equal (send_one (f), 1);
}

static void
test_shut_for_good (void **state)
{
  Fixture *f = *state;

  ahoyd_reading_gate_owe (&f->gate, G_TIME_SPAN_HOUR, g_get_monotonic_time ());
  ahoyd_reading_gate_pause (&f->gate);
  assert_false (ahoyd_reading_gate_is_shut (&f->gate));
  ahoyd_reading_gate_shut (&f->gate);
  ahoyd_reading_gate_resume (&f->gate);
  assert_true (ahoyd_reading_gate_is_shut (&f->gate));
  assert_false (ahoyd_reading_gate_is_in_debt (&f->gate));
  assert_false (ahoyd_reading_gate_is_open (&f->gate));
  ahoyd_reading_gate_owe (&f->gate, 1, g_get_monotonic_time ());
  assert_false (ahoyd_reading_gate_is_in_debt (&f->gate));
  assert_int_equal (send_one (f), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_pauses_are_counted, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_longer_debt, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_debt_is_paid_by_time, setup, teardown),
    cmocka_unit_test_setup_teardown (test_shut_for_good, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
