/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-text-match: what it means that a message holds a text. */

#include "store/ahoyd-text-match.h"

#include <string.h>

#include "server/cmocka-all.h"

static gboolean
holds (const char *text,
       const char *wanted)
{
  g_autoptr (AhoydTextMatch) match = ahoyd_text_match_new (wanted);

  return ahoyd_text_match_find (match, text);
}

static void
test_what_holds_what (void **state)
{
  static const struct {
    const char *text;
    const char *wanted;
    gboolean    holds;
  } cases[] = {
    { "An apple a day", "apple", TRUE },
    { "An apple a day", "An apple a day", TRUE },
    { "An apple a day", "An apple a day.", FALSE },
    { "An Apple a day", "aPPLE", TRUE },
    { "", "a", FALSE },
    { "a", "a", TRUE },
    { "ab", "ba", FALSE },
    { "100% sure", "%", TRUE },
    { "100 sure", "%", FALSE },
    { "under_score", "_s", TRUE },
    { "underXscore", "r_s", FALSE },
    { "ÄPFEL", "äpfel", TRUE },
    { "äpfel", "ÄPFEL", TRUE },
    { "apfel", "äpfel", FALSE },
    { "ОДИССЕЙ", "одиссей", TRUE },
    { "ΟΔΥΣΣΕΥΣ", "οδυσσευς", TRUE }, /* a final sigma */
    { "οδυσσευς", "ΟΔΥΣΣΕΥΣ", TRUE },
    { "你好，世界", "世界", TRUE },
    { "你好，世界", "界世", FALSE },
    { "STRASSE", "straße", FALSE }, /* one character for one */
    { "Iı", "ıı", FALSE },
    { "aaaaaaab", "aaab", TRUE },
    { "aabaabaaab", "aabaaab", TRUE },
    { "abababac", "ababac", TRUE },
    { "abababab", "ababac", FALSE },
    { "🙂🙃🙂", "🙃🙂", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (holds (cases[i].text, cases[i].wanted) != cases[i].holds)
      fail_msg ("%s in %s", cases[i].wanted, cases[i].text);
}

/* Against the plain way, with texts that begin like what is wanted again and again. */
static void
test_as_the_plain_way (void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 20000; i++)
    {
      char text[24] = "";
      char wanted[8] = "";

      for (guint n = (guint) g_rand_int_range (rand, 0, 23); n > 0; n--)
        strcat (text, g_rand_boolean (rand) ? "a" : "b");
      for (guint n = (guint) g_rand_int_range (rand, 1, 7); n > 0; n--)
        strcat (wanted, g_rand_boolean (rand) ? "a" : "b");
      if (holds (text, wanted) != (strstr (text, wanted) != NULL))
        fail_msg ("%s in %s", wanted, text);
    }
}

/* What the index keeps is folded already, and what is looked for is folded too. */
static void
test_folding_twice_changes_nothing (void **state)
{
  for (gunichar c = 1; c <= 0x10ffff; c++)
    if (ahoyd_text_fold_char (ahoyd_text_fold_char (c)) != ahoyd_text_fold_char (c))
      fail_msg ("U+%04X", c);
}

static void
test_folding_a_text (void **state)
{
  g_autofree char *folded = ahoyd_text_fold ("ÄB\tc你🙂Ω");

  assert_string_equal (folded, "äb\tc你🙂ω");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_holds_what),
    cmocka_unit_test (test_as_the_plain_way),
    cmocka_unit_test (test_folding_twice_changes_nothing),
    cmocka_unit_test (test_folding_a_text),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
