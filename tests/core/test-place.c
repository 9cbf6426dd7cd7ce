/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/archive/ahoy-place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ONE "00000001"
#define TWO "00000002"
#define ID(n) "000000000000000" #n

static void
order (void **state)
{
  static const AhoyPlace rising[] = {
    { 0, (char *) ONE ID (1) },
    { 0, (char *) ONE "~" },
    { 1, NULL },
    { 3, NULL },
    { 3, (char *) ONE ID (4) },
    { 3, (char *) ONE ID (5) },
    { 3, (char *) ONE "~" },
    { 3, (char *) TWO ID (3) ONE ID (4) },
    { 3, (char *) TWO ID (3) ONE "~" },
    { 3, (char *) TWO ID (4) },
    { 3, (char *) TWO "~" },
    { 4, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rising); i++)
    {
      for (gsize k = 0; k < G_N_ELEMENTS (rising); k++)
        {
          const int found = ahoy_place_compare (&rising[i], &rising[k]);

          assert_true (i < k ? found < 0 : i > k ? found > 0
                                                 : found == 0);
        }
    }
  assert_int_equal (ahoy_place_compare (&(AhoyPlace){ 3, NULL }, &(AhoyPlace){ 3, (char *) "" }), 0);
}

static void
parting (void **state)
{
  static const struct {
    AhoyPlace before;
    guint64   first;
    guint     nth;
    AhoyPlace after;
  } table[] = {
    { { 3, NULL }, 4, 1, { 3, NULL } },
    { { 4, NULL }, 4, 1, { 3, (char *) ONE ID (4) } },
    { { 5, NULL }, 4, 1, { 3, (char *) ONE ID (5) } },
    { { 5, NULL }, 1, 1, { 0, (char *) ONE ID (5) } },
    { { 5, NULL }, 0, 1, { 5, NULL } },
    /* Another parting, behind, at, and before the first. */
    { { 3, (char *) ONE ID (4) }, 5, 2, { 3, (char *) ONE ID (4) } },
    { { 3, (char *) ONE ID (4) }, 4, 2, { 3, (char *) ONE ID (4) } },
    { { 3, (char *) ONE ID (4) }, 3, 2, { 2, (char *) TWO ID (3) ONE ID (4) } },
    { { 3, (char *) ONE "~" }, 3, 2, { 2, (char *) TWO ID (3) ONE "~" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (AhoyPlace) place = { 0 };

      ahoy_place_set (&place, table[i].before.id, table[i].before.path);
      assert_int_equal (ahoy_place_part (&place, table[i].first, table[i].nth), ahoy_place_compare (&table[i].before, &table[i].after) != 0);
      assert_int_equal (ahoy_place_compare (&place, &table[i].after), 0);
    }
}

static void
rejoining (void **state)
{
  const AhoyPlace copy = { 3, (char *) ONE ID (5) };
  static const struct {
    AhoyPlace before;
    AhoyPlace after;
  } table[] = {
    { { 3, NULL }, { 3, NULL } },
    { { 4, NULL }, { 4, NULL } },
    { { 3, (char *) ONE ID (4) }, { 3, (char *) ONE ID (4) } },
    { { 3, (char *) ONE ID (5) }, { 5, NULL } },
    { { 3, (char *) ONE ID (6) }, { 5, (char *) ONE ID (6) } },
    { { 3, (char *) ONE "~" }, { 5, (char *) ONE "~" } },
    { { 3, (char *) TWO ID (4) }, { 5, (char *) TWO ID (4) } },
    { { 2, (char *) ONE ID (6) }, { 2, (char *) ONE ID (6) } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (AhoyPlace) place = { 0 };

      ahoy_place_set (&place, table[i].before.id, table[i].before.path);
      ahoy_place_rejoin (&place, &copy, 5);
      assert_int_equal (ahoy_place_compare (&place, &table[i].after), 0);
    }
}

static void
lines (void **state)
{
  g_auto (GStrv) one = ahoy_place_ends (&(AhoyPlace){ 3, (char *) ONE ID (4) });
  g_auto (GStrv) two = ahoy_place_ends (&(AhoyPlace){ 2, (char *) TWO ID (3) ONE ID (4) });
  g_auto (GStrv) none = ahoy_place_ends (&(AhoyPlace){ 2, NULL });

  assert_int_equal (g_strv_length (one), 1);
  assert_string_equal (one[0], ONE "~");
  assert_int_equal (g_strv_length (two), 2);
  assert_string_equal (two[0], TWO ID (3) ONE "~");
  assert_string_equal (two[1], TWO "~");
  assert_null (none[0]);
}

static void
what_it_is (void **state)
{
  assert_false (ahoy_place_is_copy (&(AhoyPlace){ 3, NULL }));
  assert_true (ahoy_place_is_copy (&(AhoyPlace){ 3, (char *) ONE ID (4) }));
  assert_false (ahoy_place_is_copy (&(AhoyPlace){ 3, (char *) ONE "~" }));
  assert_int_equal (ahoy_place_get_original (&(AhoyPlace){ 3, (char *) ONE ID (4) "~" }), 3); /* a line had none */
  assert_int_equal (ahoy_place_get_original (&(AhoyPlace){ 3, NULL }), 3);
  assert_int_equal (ahoy_place_get_original (&(AhoyPlace){ 3, (char *) ONE ID (4) }), 4);
  assert_int_equal (ahoy_place_get_original (&(AhoyPlace){ 2, (char *) TWO ID (3) ONE "00000000000000ff" }), 255);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (order),
    cmocka_unit_test (parting),
    cmocka_unit_test (rejoining),
    cmocka_unit_test (lines),
    cmocka_unit_test (what_it_is),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
