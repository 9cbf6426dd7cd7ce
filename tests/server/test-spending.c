/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-spending: whose allowance a connection uses up, and how long it waits. */

#include "net/ahoyd-spending.h"

#include "server/cmocka-all.h"

#define NOW ((gint64) 1000 * G_USEC_PER_SEC)
#define RATE 10
#define BURST 20

typedef struct {
  AhoydConfig        *config;
  AhoydAddressLimits *address_limits;
  AhoydPurses        *purses;
  AhoydSpending       spendings[2]; /* from one address */
} Fixture;

static void
come (Fixture       *f,
      AhoydSpending *spending)
{
  const struct sockaddr from = { .sa_family = AF_UNIX };
  AhoydAddressLimit    *address_limit;

  assert_int_equal (ahoyd_address_limits_enter (f->address_limits, &from, NOW, &address_limit), AHOYD_WELCOME);
  ahoyd_spending_init (spending, f->config, f->address_limits, f->purses, address_limit);
}

static int
setup (void **state)
{
  Fixture                 *f = g_new0 (Fixture, 1);
  AhoydAddressLimitsConfig limits = { .max_waiting = 2, .max_failures = 1, .person = ahoyd_allowance_terms (RATE, BURST, 0) };

  f->config = ahoyd_config_new ();
  f->config->rate = RATE;
  f->config->burst = BURST;
  f->config->rate_bytes = 0;
  f->address_limits = ahoyd_address_limits_new (&limits, 0);
  f->purses = ahoyd_purses_new ();
  for (guint i = 0; i < G_N_ELEMENTS (f->spendings); i++)
    come (f, &f->spendings[i]);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < G_N_ELEMENTS (f->spendings); i++)
    ahoyd_spending_clear (&f->spendings[i], NOW);
  ahoyd_purses_free (f->purses);
  ahoyd_address_limits_free (f->address_limits);
  ahoyd_config_free (f->config);
  g_free (f);
  return 0;
}

/* Until it is somebody's each has its own; then both have one. */
static void
test_a_person_has_one_allowance (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoyd_spending_take (&f->spendings[0], BURST, 0, NOW), 0);
  assert_int_equal (ahoyd_spending_take (&f->spendings[1], BURST, 0, NOW), 0);
  assert_true (ahoyd_spending_take (&f->spendings[0], 1, 0, NOW) > 0);
  ahoyd_spending_settle (&f->spendings[0], "alice");
  assert_int_equal (ahoyd_spending_take (&f->spendings[0], BURST, 0, NOW), 0);
  ahoyd_spending_settle (&f->spendings[1], "alice");
  assert_int_equal (ahoyd_spending_take (&f->spendings[1], 1, 0, NOW), G_USEC_PER_SEC / RATE);
}

/* Coming back fills nothing. */
static void
test_it_outlives_the_connection (void **state)
{
  Fixture *f = *state;

  ahoyd_spending_settle (&f->spendings[0], "alice");
  ahoyd_spending_take (&f->spendings[0], BURST, 0, NOW);
  ahoyd_spending_clear (&f->spendings[0], NOW);
  come (f, &f->spendings[0]);
  ahoyd_spending_settle (&f->spendings[0], "alice");
  assert_true (ahoyd_spending_take (&f->spendings[0], 1, 0, NOW) > 0);
}

/* Whoever has logged in does not wait any more, and their leaving makes no room for those who do. */
static void
test_who_waits_is_counted (void **state)
{
  Fixture              *f = *state;
  const struct sockaddr from = { .sa_family = AF_UNIX };
  AhoydSpending         third;
  AhoydAddressLimit    *address_limit;

  assert_int_equal (ahoyd_address_limits_enter (f->address_limits, &from, NOW, &address_limit), AHOYD_CROWDED);
  ahoyd_spending_settle (&f->spendings[0], "alice");
  come (f, &third);
  ahoyd_spending_clear (&f->spendings[0], NOW);
  assert_int_equal (ahoyd_address_limits_enter (f->address_limits, &from, NOW, &address_limit), AHOYD_CROWDED);
  f->spendings[0] = third;
}

/* A new connection is no way out for a place from which too much came. */
static void
test_the_place_is_in_debt (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoyd_spending_get_debt_of_place (&f->spendings[1], NOW), 0);
  ahoyd_spending_take (&f->spendings[0], AHOYD_ADDRESS_LIMITS_PEOPLE * (BURST + RATE), 0, NOW);
  assert_int_equal (ahoyd_spending_get_debt_of_place (&f->spendings[1], NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_spending_take (&f->spendings[1], 0, 0, NOW), G_USEC_PER_SEC);
}

static void
test_a_debt_is_a_minute_at_most (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoyd_spending_take (&f->spendings[0], BURST + 59 * RATE, 0, NOW), 59 * G_USEC_PER_SEC);
  assert_int_equal (ahoyd_spending_take (&f->spendings[0], 1000 * RATE, 0, NOW), G_TIME_SPAN_MINUTE);
}

static void
test_work (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoyd_spending_work (&f->spendings[0], AHOYD_WORK_BURST, NOW), 0);
  assert_int_equal (ahoyd_spending_work (&f->spendings[0], AHOYD_WORK_RATE, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_spending_work (&f->spendings[1], AHOYD_WORK_BURST, NOW), 0); /* each connection has its own */
}

static void
test_failures_and_places (void **state)
{
  Fixture                       *f = *state;
  const AhoydAddressLimitsConfig narrow = { .max_here = 1, .max_failures = 1 };

  assert_true (ahoyd_spending_fail (&f->spendings[0], NOW));
  assert_false (ahoyd_spending_fail (&f->spendings[1], NOW));
  assert_true (ahoyd_spending_has_place (&f->spendings[0]));
  ahoyd_address_limits_set_limits (f->address_limits, &narrow);
  assert_false (ahoyd_spending_has_place (&f->spendings[0]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_person_has_one_allowance, setup, teardown),
    cmocka_unit_test_setup_teardown (test_it_outlives_the_connection, setup, teardown),
    cmocka_unit_test_setup_teardown (test_who_waits_is_counted, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_place_is_in_debt, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_debt_is_a_minute_at_most, setup, teardown),
    cmocka_unit_test_setup_teardown (test_work, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_and_places, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
