/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-patience: how long the others wait for one receiver. */

#include "net/ahoyd-patience.h"

#include "server/cmocka-all.h"

#define MS G_GINT64_CONSTANT (1000)

/* Looks every 5 ms for @ms; the receiver takes so many bytes in each of them. Returns: for how many milliseconds the others waited. */
static gint64
wait_for (AhoydPatience *patience,
          guint64       *taken,
          gint64        *now,
          gint64         ms,
          guint          bytes)
{
  gint64 waited = 0;

  for (gint64 end = *now + ms * MS; *now < end; *now += AHOYD_PACE_LOOK_US, *taken += bytes)
    if (ahoyd_patience_look (patience, *taken, *now))
      waited += AHOYD_PACE_LOOK_US / MS;
  return waited;
}

static void
test_who_takes_what_a_wire_brings (void **state)
{
  AhoydPatience patience = { 0 };
  guint64       taken = 0;
  gint64        now = 1;

  assert_int_equal (wait_for (&patience, &taken, &now, 60000, AHOYD_PATIENCE_RATE / 200 + 1), 60000);
}

static void
test_who_takes_nothing (void **state)
{
  AhoydPatience patience = { 0 };
  guint64       taken = 0;
  gint64        now = 1;

  assert_in_range (wait_for (&patience, &taken, &now, 60000, 0), 245, 255);
}

/* A byte now and then, just before patience ends, buys nothing. */
static void
test_who_takes_next_to_nothing (void **state)
{
  AhoydPatience patience = { 0 };
  guint64       taken = 0;
  gint64        now = 1;
  gint64        waited = 0;

  for (guint i = 0; i < 200; i++, taken++)
    waited += wait_for (&patience, &taken, &now, 240, 0);
  assert_in_range (waited, 245, 260);
}

/* Whoever stops and takes by turns is waited for no longer than what it takes is worth. */
static void
test_who_oscillates (void **state)
{
  AhoydPatience patience = { 0 };
  guint64       taken = 0;
  gint64        now = 1;
  gint64        waited = 0;

  for (guint i = 0; i < 40; i++)
    {
      waited += wait_for (&patience, &taken, &now, 1000, 0);
      taken += AHOYD_PATIENCE_RATE / 10;
      ahoyd_patience_rest (&patience); /* it has caught up for a moment */
    }
  assert_in_range (waited, 245, 250 + 40 * 105);
}

/* Who took more than it owed has nothing put by: it is waited for no longer than others. */
static void
test_no_credit (void **state)
{
  AhoydPatience patience = { 0 };
  guint64       taken = 0;
  gint64        now = 1;

  assert_int_equal (wait_for (&patience, &taken, &now, 1000, AHOYD_PATIENCE_RATE), 1000);
  assert_in_range (wait_for (&patience, &taken, &now, 60000, 0), 245, 255);
}

/* Time in which they were not behind is not held against them. */
static void
test_after_a_rest (void **state)
{
  AhoydPatience patience = { 0 };

  assert_true (ahoyd_patience_look (&patience, 0, 1));
  ahoyd_patience_rest (&patience);
  assert_true (ahoyd_patience_look (&patience, 0, 1 + 60000 * MS));
}

/* How long portions wait until one does not have to. @n: portions. */
static gint64
pace_portions (AhoydPace           *pace,
               AhoydPatienceVerdict most,
               guint                n,
               gint64              *now)
{
  gint64 begin = *now;

  for (guint i = 0; i < n; i++)
    while (ahoyd_pace_look (pace, most, *now) > 0)
      *now += AHOYD_PACE_LOOK_US;
  return *now - begin;
}

/* Whoever is behind, and however many: a portion is never held up for long. */
static void
test_a_portion (void **state)
{
  AhoydPace pace = { 0 };
  gint64    now = 1;

  assert_int_equal (pace_portions (&pace, AHOYD_PATIENCE_NONE, 100, &now), 0);
  assert_int_equal (pace_portions (&pace, AHOYD_PATIENCE_STILL, 1, &now), AHOYD_PACE_PORTION_US);
  assert_int_equal (pace_portions (&pace, AHOYD_PATIENCE_TAKES, 1, &now), AHOYD_PACE_PORTION_US);
  assert_int_equal (pace_portions (&pace, AHOYD_PATIENCE_NONE, 100, &now), 0);
}

/* However many come, each with a patience of its own: portions that wait for them all the time are soon let go. */
static void
test_credit_is_for_all (void **state)
{
  AhoydPace pace = { 0 };
  gint64    now = 1;
  gint64    waited = pace_portions (&pace, AHOYD_PATIENCE_STILL, 1000, &now);

  /* What comes back while it is spent is little beside it. */
  assert_in_range (waited, AHOYD_PACE_CREDIT_US, AHOYD_PACE_CREDIT_US + AHOYD_PACE_CREDIT_US / AHOYD_PACE_BACK * 2);
  for (guint i = 0; i < 100; i++)
    {
      now += G_USEC_PER_SEC / 10;
      waited = pace_portions (&pace, AHOYD_PATIENCE_STILL, 10, &now);
      assert_true (waited <= G_USEC_PER_SEC / 10 / AHOYD_PACE_BACK + 2 * AHOYD_PACE_LOOK_US);
    }
  /* Who takes what a wire brings is still waited for a little, and for long again after a while. */
  assert_true (pace_portions (&pace, AHOYD_PATIENCE_TAKES, 10, &now) >= 10 * AHOYD_PACE_FREE_US);
  now += AHOYD_PACE_BACK * AHOYD_PACE_CREDIT_US;
  assert_int_equal (pace_portions (&pace, AHOYD_PATIENCE_STILL, 1, &now), AHOYD_PACE_PORTION_US);
}

static void
test_verdicts (void **state)
{
  AhoydPatience patience = { 0 };
  gint64        now = 1;

  assert_int_equal (ahoyd_patience_look (&patience, 1000, now), AHOYD_PATIENCE_TAKES);
  now += G_USEC_PER_SEC / 10;
  assert_int_equal (ahoyd_patience_look (&patience, 1000 + AHOYD_PATIENCE_RATE / 10 + 1, now), AHOYD_PATIENCE_TAKES);
  now += G_USEC_PER_SEC / 10;
  assert_int_equal (ahoyd_patience_look (&patience, 1000 + AHOYD_PATIENCE_RATE / 10 + 2, now), AHOYD_PATIENCE_STILL);
  now += G_USEC_PER_SEC;
  assert_int_equal (ahoyd_patience_look (&patience, 1000 + AHOYD_PATIENCE_RATE / 10 + 2, now), AHOYD_PATIENCE_NONE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_who_takes_what_a_wire_brings),
    cmocka_unit_test (test_who_takes_nothing),
    cmocka_unit_test (test_who_takes_next_to_nothing),
    cmocka_unit_test (test_who_oscillates),
    cmocka_unit_test (test_no_credit),
    cmocka_unit_test (test_after_a_rest),
    cmocka_unit_test (test_a_portion),
    cmocka_unit_test (test_credit_is_for_all),
    cmocka_unit_test (test_verdicts),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
