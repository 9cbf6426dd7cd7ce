/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-ack-tracker: which whispers have arrived with so many bytes. */

#include "state/ahoyd-ack-tracker.h"

#include "server/cmocka-all.h"

static void
test_in_order (void **state)
{
  AhoydAckTracker ack_tracker = { 0 };

  assert_false (ahoyd_ack_tracker_waits (&ack_tracker));
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 1000), 0);
  ahoyd_ack_tracker_add (&ack_tracker, 5, 100);
  ahoyd_ack_tracker_add (&ack_tracker, 7, 200);
  ahoyd_ack_tracker_add (&ack_tracker, 9, 300);
  assert_true (ahoyd_ack_tracker_waits (&ack_tracker));
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 99), 0);
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 100), 5);
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 150), 0); /* no news */
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 300), 9);
  assert_false (ahoyd_ack_tracker_waits (&ack_tracker));
  /* One that was lost never arrives. */
  ahoyd_ack_tracker_add (&ack_tracker, 11, G_MAXUINT64);
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 1 << 30), 0);
  ahoyd_ack_tracker_clear (&ack_tracker);
}

static void
test_many (void **state)
{
  AhoydAckTracker ack_tracker = { 0 };
  const guint     n = AHOYD_ACK_TRACKER_MAX + 100;

  for (guint i = 1; i <= n; i++)
    ahoyd_ack_tracker_add (&ack_tracker, i, 10 * i);
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 10), 1);
  /* Rather too late than too early. */
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 10 * n - 1), AHOYD_ACK_TRACKER_MAX - 1);
  assert_int_equal (ahoyd_ack_tracker_take (&ack_tracker, 10 * n), n);
  assert_false (ahoyd_ack_tracker_waits (&ack_tracker));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_in_order),
    cmocka_unit_test (test_many),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
