/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-purses: whose allowance is remembered, and for how long. */

#include "state/ahoyd-purses.h"

#include "server/cmocka-all.h"

#define RATE 10
#define BURST 10

/* Holds the purse of @skeleton, spends so many messages from it at @now and lets it go. Returns: how long what they owe takes. */
static gint64
spend (AhoydPurses *purses,
       const char  *skeleton,
       guint64      messages,
       gint64       now)
{
  const AhoydAllowanceTerms terms = ahoyd_allowance_terms (RATE, BURST, 0);
  AhoydPurse               *purse = ahoyd_purses_hold (purses, skeleton);
  gint64                    debt = ahoyd_allowance_take (ahoyd_purse_open (purse), &terms, messages, 0, now);

  ahoyd_purses_release (purses, purse, &terms, now);
  return debt;
}

/* Coming back does not fill it; time does, and what is full is forgotten. */
static void
test_until_it_is_full (void **state)
{
  g_autoptr (AhoydPurses) purses = ahoyd_purses_new ();
  const gint64            now = G_USEC_PER_SEC;

  assert_int_equal (spend (purses, "alice", BURST, now), 0);
  assert_int_equal (ahoyd_purses_get_n (purses), 1);
  assert_int_equal (spend (purses, "alice", 1, now), G_USEC_PER_SEC / RATE);
  assert_int_equal (spend (purses, "bob", 0, now), 0); /* full, but behind one that is not */
  assert_int_equal (ahoyd_purses_get_n (purses), 2);
  assert_int_equal (spend (purses, "carol", 0, now + 2 * G_USEC_PER_SEC), 0);
  assert_int_equal (ahoyd_purses_get_n (purses), 0);
}

static void
test_while_it_is_held (void **state)
{
  g_autoptr (AhoydPurses)   purses = ahoyd_purses_new ();
  const AhoydAllowanceTerms terms = ahoyd_allowance_terms (RATE, BURST, 0);
  AhoydPurse               *purse = ahoyd_purses_hold (purses, "alice");

  assert_ptr_equal (ahoyd_purses_hold (purses, "alice"), purse);
  ahoyd_purses_release (purses, purse, &terms, 0);
  assert_int_equal (ahoyd_purses_get_n (purses), 1);
  ahoyd_purses_release (purses, purse, &terms, 0);
  assert_int_equal (ahoyd_purses_get_n (purses), 0);
}

/* However many come and go, the one that was let go first is forgotten first. */
static void
test_no_more_than_so_many (void **state)
{
  g_autoptr (AhoydPurses) purses = ahoyd_purses_new ();
  const gint64            now = G_USEC_PER_SEC;

  for (guint i = 0; i <= AHOYD_PURSES_REMEMBERED; i++)
    {
      g_autofree char *skeleton = g_strdup_printf ("%u", i);

      assert_int_equal (spend (purses, skeleton, BURST, now), 0);
      assert_int_equal (ahoyd_purses_get_n (purses), MIN (i + 1, AHOYD_PURSES_REMEMBERED));
    }
  assert_int_equal (spend (purses, "1", 1, now), G_USEC_PER_SEC / RATE);
  assert_int_equal (spend (purses, "0", 1, now), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_until_it_is_full),
    cmocka_unit_test (test_while_it_is_held),
    cmocka_unit_test (test_no_more_than_so_many),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
