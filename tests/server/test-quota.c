/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-quota: what may be taken at once, what must be paid off first. */

#include "ahoyd-quota.h"

#include "server/cmocka-all.h"

#define NOW ((gint64) 1000 * G_USEC_PER_SEC)

static void
test_a_burst_is_free (void **state)
{
  AhoydQuota quota = { 0 };

  for (guint i = 0; i < 1000; i++)
    assert_int_equal (ahoyd_quota_take (&quota, AHOYD_QUOTA_BURST / 1000, NOW), 0);
}

static void
test_more_than_a_burst_is_a_debt (void **state)
{
  AhoydQuota quota = { 0 };

  assert_int_equal (ahoyd_quota_take (&quota, AHOYD_QUOTA_BURST, NOW), 0);
  assert_int_equal (ahoyd_quota_take (&quota, AHOYD_QUOTA_RATE / 2, NOW), G_USEC_PER_SEC / 2);
  /* and it can grow: whoever takes on credit waits longer */
  assert_int_equal (ahoyd_quota_take (&quota, AHOYD_QUOTA_RATE / 2, NOW), G_USEC_PER_SEC);
}

static void
test_time_pays_it_off (void **state)
{
  AhoydQuota quota = { 0 };
  gint64 debt;

  ahoyd_quota_take (&quota, AHOYD_QUOTA_BURST, NOW);
  debt = ahoyd_quota_take (&quota, AHOYD_QUOTA_RATE, NOW);
  assert_int_equal (debt, G_USEC_PER_SEC);
  assert_int_equal (ahoyd_quota_take (&quota, 0, NOW + debt), 0);
  assert_true (ahoyd_quota_take (&quota, 1, NOW + debt) > 0);
}

static void
test_a_pause_does_not_save_more_than_a_burst (void **state)
{
  AhoydQuota quota = { 0 };
  gint64 later = NOW + (gint64) 3600 * G_USEC_PER_SEC;

  ahoyd_quota_take (&quota, 1, NOW);
  assert_int_equal (ahoyd_quota_take (&quota, AHOYD_QUOTA_BURST, later), 0);
  assert_true (ahoyd_quota_take (&quota, AHOYD_QUOTA_RATE, later) > 0);
}

static void
test_the_rate_is_kept_for_ever (void **state)
{
  AhoydQuota quota = { 0 };

  for (guint i = 0; i < 10000; i++)
    assert_int_equal (ahoyd_quota_take (&quota, AHOYD_QUOTA_RATE / 100, NOW + i * (G_USEC_PER_SEC / 100)), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_burst_is_free),
    cmocka_unit_test (test_more_than_a_burst_is_a_debt),
    cmocka_unit_test (test_time_pays_it_off),
    cmocka_unit_test (test_a_pause_does_not_save_more_than_a_burst),
    cmocka_unit_test (test_the_rate_is_kept_for_ever),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
