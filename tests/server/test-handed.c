/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-handed: which whispers have arrived with so many bytes. */

#include "ahoyd-handed.h"

#include "server/cmocka-all.h"

static void
test_in_order (void **state)
{
  AhoydHanded handed = { 0 };

  assert_false (ahoyd_handed_waits (&handed));
  assert_int_equal (ahoyd_handed_take (&handed, 1000), 0);
  ahoyd_handed_add (&handed, 5, 100);
  ahoyd_handed_add (&handed, 7, 200);
  ahoyd_handed_add (&handed, 9, 300);
  assert_true (ahoyd_handed_waits (&handed));
  assert_int_equal (ahoyd_handed_take (&handed, 99), 0);
  assert_int_equal (ahoyd_handed_take (&handed, 100), 5);
  assert_int_equal (ahoyd_handed_take (&handed, 150), 0); /* no news */
  assert_int_equal (ahoyd_handed_take (&handed, 300), 9);
  assert_false (ahoyd_handed_waits (&handed));
  /* One that was lost never arrives. */
  ahoyd_handed_add (&handed, 11, G_MAXUINT64);
  assert_int_equal (ahoyd_handed_take (&handed, 1 << 30), 0);
  ahoyd_handed_clear (&handed);
}

static void
test_many (void **state)
{
  AhoydHanded handed = { 0 };
  const guint n = AHOYD_HANDED_MAX + 100;

  for (guint i = 1; i <= n; i++)
    ahoyd_handed_add (&handed, i, 10 * i);
  assert_int_equal (ahoyd_handed_take (&handed, 10), 1);
  /* Rather too late than too early. */
  assert_int_equal (ahoyd_handed_take (&handed, 10 * n - 1), AHOYD_HANDED_MAX - 1);
  assert_int_equal (ahoyd_handed_take (&handed, 10 * n), n);
  assert_false (ahoyd_handed_waits (&handed));
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
