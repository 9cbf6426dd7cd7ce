/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* By which key somebody is known. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive/ahoy-known-key.h"

static void
assert_known (const AhoyKnownKey *known_key,
              const char         *expected)
{
  g_autofree char *told = g_strdup_printf ("%s %s/%s %d%s%s", known_key->person, known_key->key != NULL ? known_key->key : "-",
                                           known_key->known != NULL ? known_key->known : "-", (int) known_key->since, known_key->verified ? " verified" : "",
                                           ahoy_known_key_changed (known_key) ? " changed" : "");

  assert_string_equal (told, expected);
}

/* The first key is the known one. */
static void
test_to_meet (void **state)
{
  g_autoptr (AhoyKnownKey) bob = ahoy_known_key_meet ("bob", "k1", 5);
  g_autoptr (AhoyKnownKey) carol = ahoy_known_key_meet ("carol", NULL, 5);

  assert_known (bob, "bob k1/k1 5");
  assert_known (carol, "carol -/- 0");
}

/* Another key, or none, is no longer one that somebody has compared; the known one stays until it is accepted. */
static void
test_another_key (void **state)
{
  static const char *const others[] = { "k2", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (AhoyKnownKey) bob = ahoy_known_key_meet ("bob", "k1", 5);

      bob->verified = TRUE;
      assert_false (ahoy_known_key_note (bob, "k1"));
      assert_known (bob, "bob k1/k1 5 verified");
      assert_true (ahoy_known_key_note (bob, others[i]));
      assert_known (bob, others[i] != NULL ? "bob k2/k1 5 changed" : "bob -/k1 5 changed");
      assert_false (ahoy_known_key_note (bob, others[i]));
      assert_true (ahoy_known_key_note (bob, "k1"));
      assert_known (bob, "bob k1/k1 5"); /* who was it in between? */
    }
}

static void
test_to_accept (void **state)
{
  g_autoptr (AhoyKnownKey) bob = ahoy_known_key_meet ("bob", "k1", 5);

  bob->verified = TRUE;
  ahoy_known_key_note (bob, "k2");
  ahoy_known_key_accept (bob, 7);
  assert_known (bob, "bob k2/k2 7");
  ahoy_known_key_note (bob, NULL);
  ahoy_known_key_accept (bob, 9);
  assert_known (bob, "bob -/- 0");
}

static void
test_a_copy_is_its_own (void **state)
{
  g_autoptr (AhoyKnownKey) bob = ahoy_known_key_meet ("bob", "k1", 5);
  g_autoptr (AhoyKnownKey) copy = NULL;

  bob->verified = TRUE;
  copy = ahoy_known_key_new (bob);
  ahoy_known_key_note (bob, "k2");
  assert_known (copy, "bob k1/k1 5 verified");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_to_meet),
    cmocka_unit_test (test_another_key),
    cmocka_unit_test (test_to_accept),
    cmocka_unit_test (test_a_copy_is_its_own),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
