/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Text in which there is nothing to read. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire/ahoy-blank.h"

static void
test_nothing_to_read (void **state)
{
  static const char *const blank[] = {
    "",
    " ",
    "\t\n ",
    "\u00a0",
    "\u3000\u2003",
    "\xc2\x85",
    "\u2028\u2029",
    "\x1f\xc2\x9f",
    "\u200b", /* zero width */
    "\u200b \u200c \u200d\u2060",
    "\ufeff",
    "\u00ad",
    "\u200e\u200f\u061c", /* directions */
    "\u202e\u202c\u2066\u2069",
    "\u0301", /* marks with nothing under them */
    " \u0301\u0336",
    "\u20dd",
    "\u093e", /* a vowel sign of Devanagari alone */
    "\u034f",
    "\ufe0f", /* variation selectors alone */
    "\ufe0e \u200d",
    "\U000e0100",
    "\U000e0041\U000e007f", /* tags */
    "\u180e\u180b",
    "\u2800", /* what looks like a space */
    "\u3164",
    "\u115f\u1160",
    "\uffa0",
    "\ufffc",
    "\U00013441\U00013442",
    "\U0001d159",
    "\u2061\u206a\ufff9",
  };

  assert_true (ahoy_text_is_blank (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (blank); i++)
    if (!ahoy_text_is_blank (blank[i]))
      fail_msg ("row %zu is said to have something to read", i);
}

static void
test_something_to_read (void **state)
{
  static const char *const seen[] = {
    "a",
    " . ",
    "\u200b!",
    "你好",
    "e\u0301",
    "\u0915\u094d\u200d\u0937", /* a joiner between letters */
    "\u0645\u06cc\u200c\u062e",
    "\u2764\ufe0f", /* emoji */
    "👍",
    "👨\u200d👩\u200d👧",
    "🇩🇪",
    "🏴\U000e0067\U000e0062\U000e007f",
    "1\ufe0f\u20e3",
    "\u0600", /* a format character that is drawn */
    "\ufffd",
    "\u2801",
    "\ue000", /* somebody's own font may have it */
    "_",
    "\u00b4",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (seen); i++)
    if (ahoy_text_is_blank (seen[i]))
      fail_msg ("row %zu is said to be blank: %s", i, seen[i]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nothing_to_read),
    cmocka_unit_test (test_something_to_read),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
