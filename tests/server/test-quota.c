/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-quota, ahoyd-allowance, ahoyd-purses: what may be taken at once, what must be paid off first, and by whom. */

#include "state/ahoyd-purses.h"

#include "server/cmocka-all.h"

#define NOW ((gint64) 1000 * G_USEC_PER_SEC)
#define RATE 500000
#define BURST 1000000

static const AhoydQuotaTerms terms = { RATE, BURST };

static void
test_a_burst_is_free (void **state)
{
  AhoydQuota quota = { 0 };

  for (guint i = 0; i < 1000; i++)
    assert_int_equal (ahoyd_quota_take (&quota, &terms, BURST / 1000, NOW), 0);
}

static void
test_more_than_a_burst_is_a_debt (void **state)
{
  AhoydQuota quota = { 0 };

  assert_int_equal (ahoyd_quota_take (&quota, &terms, BURST, NOW), 0);
  assert_int_equal (ahoyd_quota_take (&quota, &terms, RATE / 2, NOW), G_USEC_PER_SEC / 2);
  /* and it can grow: whoever takes on credit waits longer */
  assert_int_equal (ahoyd_quota_take (&quota, &terms, RATE / 2, NOW), G_USEC_PER_SEC);
}

static void
test_time_pays_it_off (void **state)
{
  AhoydQuota quota = { 0 };
  gint64     debt;

  ahoyd_quota_take (&quota, &terms, BURST, NOW);
  debt = ahoyd_quota_take (&quota, &terms, RATE, NOW);
  assert_int_equal (debt, G_USEC_PER_SEC);
  assert_int_equal (ahoyd_quota_take (&quota, &terms, 0, NOW + debt), 0);
  assert_true (ahoyd_quota_take (&quota, &terms, 1, NOW + debt) > 0);
}

static void
test_a_pause_does_not_save_more_than_a_burst (void **state)
{
  AhoydQuota quota = { 0 };
  gint64     later = NOW + (gint64) 3600 * G_USEC_PER_SEC;

  ahoyd_quota_take (&quota, &terms, 1, NOW);
  assert_int_equal (ahoyd_quota_take (&quota, &terms, BURST, later), 0);
  assert_true (ahoyd_quota_take (&quota, &terms, RATE, later) > 0);
}

static void
test_the_rate_is_kept_for_ever (void **state)
{
  AhoydQuota quota = { 0 };

  for (guint i = 0; i < 10000; i++)
    assert_int_equal (ahoyd_quota_take (&quota, &terms, RATE / 100, NOW + i * (G_USEC_PER_SEC / 100)), 0);
}

/* Whatever the numbers: after a burst, each second's worth is a second's debt, to the microsecond and no less. */
static void
test_exact (void **state)
{
  static const struct {
    guint64 rate, burst, cost;
    gint64  debt; /* of the first that is on credit */
  } rows[] = {
    { 1, 1, 1, G_USEC_PER_SEC },
    { 10, 40, 1, G_USEC_PER_SEC / 10 },
    { 3, 7, 1, 333334 },        /* not a µs too early */
    { 3000000, 3000000, 1, 1 }, /* less than a µs is not nothing */
    { 7, 7, 7, G_USEC_PER_SEC },
    { 65536, 262144, 16384, G_USEC_PER_SEC / 4 },
    { 1000000000, 4000000000, 20000, 20 },
    { 1, 0, 1, G_USEC_PER_SEC }, /* nothing is free */
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const AhoydQuotaTerms row = { rows[i].rate, rows[i].burst };
      AhoydQuota            quota = { 0 };

      assert_int_equal (ahoyd_quota_take (&quota, &row, row.burst, NOW), 0);
      assert_int_equal (ahoyd_quota_take (&quota, &row, rows[i].cost, NOW), rows[i].debt);
      assert_int_equal (ahoyd_quota_take (&quota, &row, 0, NOW + rows[i].debt), 0);
    }
}

/* A million small ones are as dear as one large. */
static void
test_nothing_is_rounded_away (void **state)
{
  const AhoydQuotaTerms row = { 3000000, 0 };
  AhoydQuota            quota = { 0 };
  gint64                debt = 0;

  for (guint i = 0; i < 3000000; i++)
    debt = ahoyd_quota_take (&quota, &row, 1, NOW);
  assert_int_equal (debt, G_USEC_PER_SEC);
  /* Nor is what time gives back, however often it is looked at. */
  for (gint64 at = NOW; at < NOW + debt; at++)
    assert_int_equal (ahoyd_quota_take (&quota, &row, 0, at), NOW + debt - at);
  assert_int_equal (ahoyd_quota_take (&quota, &row, 0, NOW + debt), 0);
  assert_true (ahoyd_quota_is_full (&quota, &row, NOW + debt));
}

static void
test_nothing_overflows (void **state)
{
  static const AhoydQuotaTerms extremes[] = { { 1, 0 }, { 1, G_MAXUINT64 }, { G_MAXUINT64, 0 }, { G_MAXUINT64, G_MAXUINT64 } };

  for (guint i = 0; i < G_N_ELEMENTS (extremes); i++)
    {
      AhoydQuota quota = { 0 };
      gint64     first = ahoyd_quota_take (&quota, &extremes[i], G_MAXUINT64, 0);

      assert_true (first >= 0);
      assert_true (ahoyd_quota_take (&quota, &extremes[i], G_MAXUINT64, 1) >= 0);
      assert_true (ahoyd_quota_take (&quota, &extremes[i], 0, G_MAXINT64) >= 0);
    }
}

static void
test_a_clock_that_stands_or_goes_back (void **state)
{
  AhoydQuota quota = { 0 };
  gint64     debt;

  ahoyd_quota_take (&quota, &terms, BURST, NOW);
  debt = ahoyd_quota_take (&quota, &terms, RATE, NOW);
  assert_int_equal (ahoyd_quota_take (&quota, &terms, 0, NOW - 1), debt);
  assert_int_equal (ahoyd_quota_take (&quota, &terms, 0, NOW + 1), debt - 1);
}

static void
test_no_rate_is_no_limit (void **state)
{
  const AhoydQuotaTerms none = { 0, 0 };
  AhoydQuota            quota = { 0 };

  for (guint i = 0; i < 10; i++)
    assert_int_equal (ahoyd_quota_take (&quota, &none, G_MAXUINT64, NOW), 0);
  assert_true (ahoyd_quota_is_full (&quota, &none, NOW));
}

static void
test_an_allowance_has_two_sides (void **state)
{
  const AhoydAllowanceTerms person = ahoyd_allowance_terms (10, 40, 1000);
  const AhoydAllowanceTerms fixture = ahoyd_allowance_times (&person, 16);
  AhoydAllowance            allowance = { 0 };

  assert_int_equal (ahoyd_allowance_take (&allowance, &person, 40, 4000, NOW), 0);
  assert_int_equal (ahoyd_allowance_take (&allowance, &person, 1, 0, NOW), G_USEC_PER_SEC / 10);
  assert_int_equal (ahoyd_allowance_take (&allowance, &person, 0, 500, NOW), G_USEC_PER_SEC / 2); /* the longer one */
  assert_false (ahoyd_allowance_is_full (&allowance, &person, NOW + 4 * G_USEC_PER_SEC));
  assert_true (ahoyd_allowance_is_full (&allowance, &person, NOW + 5 * G_USEC_PER_SEC));

  allowance = (AhoydAllowance){ 0 };
  assert_int_equal (ahoyd_allowance_take (&allowance, &fixture, 640, 64000, NOW), 0);
  assert_int_equal (ahoyd_allowance_take (&allowance, &fixture, 160, 0, NOW), G_USEC_PER_SEC);
}

static void
test_coming_back_does_not_fill_a_purse (void **state)
{
  const AhoydAllowanceTerms person = ahoyd_allowance_terms (10, 40, 0);
  g_autoptr (AhoydPurses)   purses = ahoyd_purses_new ();
  AhoydPurse               *purse = ahoyd_purses_hold (purses, "alice");

  assert_int_equal (ahoyd_allowance_take (ahoyd_purse_open (purse), &person, 40, 0, NOW), 0);
  assert_ptr_equal (ahoyd_purses_hold (purses, "alice"), purse); /* two connections, one purse */
  assert_ptr_not_equal (ahoyd_purses_hold (purses, "bob"), purse);
  ahoyd_purses_release (purses, purse, &person, NOW);
  ahoyd_purses_release (purses, purse, &person, NOW);
  assert_ptr_equal (ahoyd_purses_hold (purses, "alice"), purse);
  assert_int_equal (ahoyd_allowance_take (ahoyd_purse_open (purse), &person, 1, 0, NOW), G_USEC_PER_SEC / 10);

  /* When it is full again nothing is remembered. */
  ahoyd_purses_release (purses, purse, &person, NOW + 5 * G_USEC_PER_SEC);
  assert_int_equal (ahoyd_purses_get_n (purses), 1); /* bob's */
}

static void
test_so_many_purses_and_no_more (void **state)
{
  const AhoydAllowanceTerms person = ahoyd_allowance_terms (1, 1, 0);
  g_autoptr (AhoydPurses)   purses = ahoyd_purses_new ();

  for (guint i = 0; i < 3 * AHOYD_PURSES_REMEMBERED; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest %u", i);
      AhoydPurse      *purse = ahoyd_purses_hold (purses, name);

      ahoyd_allowance_take (ahoyd_purse_open (purse), &person, 100, 0, NOW);
      ahoyd_purses_release (purses, purse, &person, NOW);
    }
  assert_int_equal (ahoyd_purses_get_n (purses), AHOYD_PURSES_REMEMBERED);
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
    cmocka_unit_test (test_exact),
    cmocka_unit_test (test_nothing_is_rounded_away),
    cmocka_unit_test (test_nothing_overflows),
    cmocka_unit_test (test_a_clock_that_stands_or_goes_back),
    cmocka_unit_test (test_no_rate_is_no_limit),
    cmocka_unit_test (test_an_allowance_has_two_sides),
    cmocka_unit_test (test_coming_back_does_not_fill_a_purse),
    cmocka_unit_test (test_so_many_purses_and_no_more),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
