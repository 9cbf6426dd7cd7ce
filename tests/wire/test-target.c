/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom something is said to. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/ahoy-target.h"

static void
nothing_is_everyone (void **state)
{
  const AhoyTarget zero = { 0 };
  const AhoyTarget everyone = AHOY_TARGET_INIT_EVERYONE;

  assert_true (ahoy_target_is_everyone (zero));
  assert_true (ahoy_target_equal (zero, everyone));
  assert_false (ahoy_target_is_person (zero));
}

static void
each_is_itself_alone (void **state)
{
  const AhoyTarget initialized = AHOY_TARGET_INIT_PERSON ("bob");
  g_autofree char *bob = g_strdup ("bob");
  const AhoyTarget all[] = {
    ahoy_target_room (AHOY_ROOM_EVERYONE),
    ahoy_target_room (1),
    ahoy_target_room (G_MAXUINT64),
    ahoy_target_person (""),
    ahoy_target_person ("alice"),
    ahoy_target_person (bob),
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    for (guint j = 0; j < G_N_ELEMENTS (all); j++)
      assert_int_equal (ahoy_target_equal (all[i], all[j]), i == j);
  assert_true (ahoy_target_equal (initialized, all[5]));
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      assert_int_equal (ahoy_target_is_everyone (all[i]), i == 0);
      assert_int_equal (ahoy_target_is_person (all[i]), i >= 3);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_is_everyone),
    cmocka_unit_test (each_is_itself_alone),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
