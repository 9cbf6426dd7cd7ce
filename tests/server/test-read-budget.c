/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one question to the log may cost. */

#include "server/cmocka-all.h"
#include "store/ahoyd-read-budget.h"

static void
test_rows (void **state)
{
  AhoydReadBudget budget = { .slice_rows = 10 };

  ahoyd_read_budget_begin (&budget);
  assert_true (ahoyd_read_budget_take (&budget, 9));
  assert_true (ahoyd_read_budget_take (&budget, 1));
  assert_false (ahoyd_read_budget_take (&budget, 1));
  assert_false (ahoyd_read_budget_take (&budget, 0));
  /* The next question has all of it again. */
  ahoyd_read_budget_begin (&budget);
  assert_true (ahoyd_read_budget_take (&budget, 10));
}

static void
test_any (void **state)
{
  AhoydReadBudget budget = { 0 };

  ahoyd_read_budget_begin (&budget);
  for (guint i = 0; i < 1000; i++)
    assert_true (ahoyd_read_budget_take (&budget, 1000));
  assert_false (ahoyd_read_budget_is_overdrawn (&budget));
}

/* However fast the machine is, it is spent in the end, and told of. */
static void
test_time (void **state)
{
  AhoydReadBudget budget = { .slice_us = 1000 };

  ahoyd_read_budget_begin (&budget);
  while (ahoyd_read_budget_take (&budget, 1))
    ;
  assert_true (ahoyd_read_budget_get_spent (&budget) > 1000);
  while (!ahoyd_read_budget_is_overdrawn (&budget))
    ;
  assert_true (ahoyd_read_budget_get_spent (&budget) > 2000);
}

static void
test_stop (void **state)
{
  int             stop = 0;
  AhoydReadBudget budget = { .stop = &stop };

  ahoyd_read_budget_begin (&budget);
  assert_true (ahoyd_read_budget_take (&budget, 100));
  assert_false (ahoyd_read_budget_is_overdrawn (&budget));
  g_atomic_int_set (&stop, 1);
  assert_true (ahoyd_read_budget_is_overdrawn (&budget));
  assert_false (ahoyd_read_budget_take (&budget, 100));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_rows),
    cmocka_unit_test (test_any),
    cmocka_unit_test (test_time),
    cmocka_unit_test (test_stop),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
