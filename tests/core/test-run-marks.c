/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/archive/ahoy-run-marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"
#define C "cccccccccccccccc"

static void
assert_told (AhoyRunMarks *marks,
             guint64       position,
             gsize         max,
             const char   *expected)
{
  g_autofree char *value = ahoy_run_marks_write (marks, position, max);

  if (expected)
    assert_string_equal (value, expected);
  else
    assert_null (value);
}

static void
what_is_a_run (void **state)
{
  static const char *const none[] = { NULL, "", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF" };
  g_autoptr (AhoyRunMarks) marks = ahoy_run_marks_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    assert_false (ahoy_run_marks_enter (marks, none[i], 1));
  assert_int_equal (ahoy_run_marks_get_n (marks), 0);
  assert_true (ahoy_run_marks_enter (marks, "0123456789abcdef", 1));
}

static void
a_run_goes_along_until_the_next (void **state)
{
  g_autoptr (AhoyRunMarks) marks = ahoy_run_marks_new ();

  assert_told (marks, 5, 1024, NULL);
  assert_false (ahoy_run_marks_enter (marks, NULL, 0));
  assert_false (ahoy_run_marks_enter (marks, "none", 0));
  assert_told (marks, 5, 1024, NULL);
  assert_true (ahoy_run_marks_enter (marks, A, 0));
  assert_told (marks, 5, 1024, A ":5");
  assert_false (ahoy_run_marks_enter (marks, A, 7));
  assert_true (ahoy_run_marks_enter (marks, B, 8));
  assert_told (marks, 20, 1024, B ":20," A ":8");
  assert_true (ahoy_run_marks_enter (marks, A, 21)); /* a snapshot was taken up again */
  assert_told (marks, 30, 1024, A ":30," B ":21");
  ahoy_run_marks_clamp (marks, 12);
  assert_true (ahoy_run_marks_enter (marks, C, 12));
  assert_told (marks, 12, 1024, C ":12," A ":12," B ":12");
}

static void
it_is_the_same_after_it_was_kept (void **state)
{
  g_autoptr (AhoyRunMarks) marks = ahoy_run_marks_new ();
  g_autoptr (AhoyRunMarks) again = ahoy_run_marks_new ();
  g_autofree char         *before = NULL;

  ahoy_run_marks_enter (marks, A, 1);
  ahoy_run_marks_enter (marks, B, 2);
  ahoy_run_marks_enter (marks, C, 3);
  before = ahoy_run_marks_write (marks, 9, 1024);
  for (guint i = ahoy_run_marks_get_n (marks); i > 0; i -= 2) /* in any order */
    {
      ahoy_run_marks_add (again, ahoy_run_marks_get (marks, i - 1));
      if (i == 1)
        break;
    }
  ahoy_run_marks_add (again, ahoy_run_marks_get (marks, 1));
  ahoy_run_marks_add (again, &(AhoyRunMark){ .run = "no run", .nth = 7 });
  assert_told (again, 9, 1024, before);
}

/* After any number of runs: the newest ones are all there, there is always one from about as long ago as one asks for, and the first. */
static void
many_are_thinned_out (void **state)
{
  g_autoptr (AhoyRunMarks) marks = ahoy_run_marks_new ();

  for (guint64 n = 1; n <= 3000; n++)
    {
      g_autofree char *run = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", n);
      guint            n_marks;

      assert_true (ahoy_run_marks_enter (marks, run, 10 * (n - 1)));
      n_marks = ahoy_run_marks_get_n (marks);
      assert_int_equal (n_marks, MIN (n, AHOY_RUN_MARKS_MAX));
      for (guint i = 0; i < MIN (n, AHOY_RUN_MARKS_RECENT); i++)
        assert_int_equal (ahoy_run_marks_get (marks, i)->nth, n - i);
      assert_int_equal (ahoy_run_marks_get (marks, n_marks - 1)->nth, 1);
      for (guint i = 1; i < n_marks; i++)
        {
          const guint64 age = n - ahoy_run_marks_get (marks, i - 1)->nth;

          assert_true (ahoy_run_marks_get (marks, i)->nth < ahoy_run_marks_get (marks, i - 1)->nth);
          assert_true (n - ahoy_run_marks_get (marks, i)->nth <= 2 * age + 1);
        }
    }
}

static void
as_many_as_fit_are_told (void **state)
{
  static const gsize       maxima[] = { 0, 17, 18, 19, 200, 1024 };
  g_autoptr (AhoyRunMarks) marks = ahoy_run_marks_new ();

  for (guint64 n = 1; n <= 100; n++)
    {
      g_autofree char *run = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", n);

      ahoy_run_marks_enter (marks, run, G_MAXINT64);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (maxima); i++)
    {
      g_autofree char *value = ahoy_run_marks_write (marks, 1, maxima[i]);

      assert_true (!value || strlen (value) <= maxima[i]);
      assert_int_equal (value != NULL, maxima[i] >= 18);
      assert_true (!value || g_str_has_prefix (value, "0000000000000064:1"));
      assert_true (maxima[i] < 1024 || strlen (value) > 1024 - 50);
      assert_true (maxima[i] < 1024 || strstr (value, ",0000000000000001:"));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_is_a_run),
    cmocka_unit_test (a_run_goes_along_until_the_next),
    cmocka_unit_test (it_is_the_same_after_it_was_kept),
    cmocka_unit_test (many_are_thinned_out),
    cmocka_unit_test (as_many_as_fit_are_told),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
