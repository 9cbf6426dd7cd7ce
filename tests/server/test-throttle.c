/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-throttle: so many a second, for each source, in no more memory. */

#include "net/ahoyd-throttle.h"

#include "server/cmocka-all.h"

#define PER_SECOND 20
#define SECRET 12345
#define NOW ((gint64) 1000 * G_USEC_PER_SEC)
#define ALICE 0x0100007fu
#define BOB 0x0200007fu

static int
setup (void **state)
{
  *state = ahoyd_throttle_new (PER_SECOND, SECRET);
  return 0;
}

static int
teardown (void **state)
{
  ahoyd_throttle_free (*state);
  return 0;
}

static guint
count_allowed (AhoydThrottle *throttle,
               guint32        source,
               guint          n,
               gint64         now)
{
  guint allowed = 0;

  for (guint i = 0; i < n; i++)
    allowed += ahoyd_throttle_allow (throttle, source, 0, now);
  return allowed;
}

static void
test_so_many_and_no_more (void **state)
{
  assert_int_equal (count_allowed (*state, ALICE, 100, NOW), PER_SECOND);
}

static void
test_a_second_later_again (void **state)
{
  count_allowed (*state, ALICE, 100, NOW);
  assert_int_equal (count_allowed (*state, ALICE, 100, NOW + G_USEC_PER_SEC - 1), 0);
  assert_int_equal (count_allowed (*state, ALICE, 100, NOW + G_USEC_PER_SEC), PER_SECOND);
}

/* Not twice as many round the turn of a second either. */
static void
test_in_any_second (void **state)
{
  gint64 given[10 * PER_SECOND];
  guint  n = 0;

  for (gint64 now = NOW; now < NOW + 5 * G_USEC_PER_SEC; now += 7000)
    if (ahoyd_throttle_allow (*state, ALICE, 0, now))
      given[n++] = now;
  assert_in_range (n, 5 * PER_SECOND - 5, 5 * PER_SECOND + 1);
  for (guint i = PER_SECOND; i < n; i++)
    assert_true (given[i] - given[i - PER_SECOND] >= G_USEC_PER_SEC);
}

static void
test_sources_are_counted_apart (void **state)
{
  assert_int_equal (count_allowed (*state, ALICE, 100, NOW), PER_SECOND);
  assert_int_equal (count_allowed (*state, BOB, 100, NOW), PER_SECOND);
}

/* Both halves of an IPv6 address count. */
static void
test_the_halves_are_told_apart (void **state)
{
  guint allowed = 0;

  for (guint i = 0; i < PER_SECOND; i++)
    allowed += ahoyd_throttle_allow (*state, ALICE, BOB, NOW) + ahoyd_throttle_allow (*state, BOB, ALICE, NOW);
  assert_int_equal (allowed, 2 * PER_SECOND);
  assert_false (ahoyd_throttle_allow (*state, ALICE, BOB, NOW));
  assert_true (ahoyd_throttle_allow (*state, ALICE, 0, NOW));
}

/* A flood from forged addresses takes no memory, and all together get no more than the slots give. */
static void
test_a_million_sources (void **state)
{
  guint allowed = 0;

  for (guint32 source = 0; source < 1000000; source++)
    allowed += ahoyd_throttle_allow (*state, source, 0, NOW);
  assert_in_range (allowed, 1024 * PER_SECOND / 2, 1024 * PER_SECOND);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_so_many_and_no_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_second_later_again, setup, teardown),
    cmocka_unit_test_setup_teardown (test_in_any_second, setup, teardown),
    cmocka_unit_test_setup_teardown (test_sources_are_counted_apart, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_halves_are_told_apart, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_million_sources, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
