/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
names_have_a_problem_or_none (void **state)
{
  static const struct {
    const char     *name;
    AhoyNameProblem problem;
  } names[] = {
    { "alice", AHOY_NAME_PROBLEM_NONE },
    { "王小明", AHOY_NAME_PROBLEM_NONE },
    { NULL, AHOY_NAME_PROBLEM_EMPTY },
    { "", AHOY_NAME_PROBLEM_EMPTY },
    { "  ", AHOY_NAME_PROBLEM_EMPTY },
    { "0123456789012345678901234567890123456789012345678901234567890123456789", AHOY_NAME_PROBLEM_TOO_LONG },
    { "*", AHOY_NAME_PROBLEM_BEGINNING },
    { "a,b", AHOY_NAME_PROBLEM_COMMA },
    { "a: b", AHOY_NAME_PROBLEM_COLON },
    { "p\xd0\xb0ypal", AHOY_NAME_PROBLEM_MIXED },
    { "a\x01", AHOY_NAME_PROBLEM_CHARACTER },
    { "a\xe2\x80\xae"
      "b",
      AHOY_NAME_PROBLEM_CHARACTER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AhoyNameProblem problem = ahoy_check_name (names[i].name);

      if (problem != names[i].problem)
        fail_msg ("“%s”: %u instead of %u", names[i].name, problem, names[i].problem);
    }
}

static void
blank_is_what_nobody_can_read (void **state)
{
  assert_true (ahoy_check_is_blank (""));
  assert_true (ahoy_check_is_blank (" \n\t"));
  assert_true (ahoy_check_is_blank ("\xe2\x80\x8b")); /* zero width */
  assert_false (ahoy_check_is_blank (" . "));
}

static void
what_nobody_sees (void **state)
{
  static const gunichar unseen[] = { 0xad, 0x34f, 0x3164, 0x200b, 0x2800, 0xfe0e, 0xfffc, 0x13441, 0x1d159, 0xe0041 };
  static const gunichar seen[] = { 'a', ' ', '\n', 0x301, 0x3000, 0x4f60, 0x1f6a2 };

  for (guint i = 0; i < G_N_ELEMENTS (unseen); i++)
    if (!ahoy_check_is_unseen (unseen[i]))
      fail_msg ("U+%04X", unseen[i]);
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    if (ahoy_check_is_unseen (seen[i]))
      fail_msg ("U+%04X", seen[i]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (names_have_a_problem_or_none),
    cmocka_unit_test (blank_is_what_nobody_can_read),
    cmocka_unit_test (what_nobody_sees),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
