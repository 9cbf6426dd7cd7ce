/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Four words: a list that never changes, and the way from a key to its words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-verification-words.h"

/* `sha256sum src/wire/four-words.txt`. A list that gives another sum is another list: people would read each other words that do not
 * match. */
static const char frozen[] = "41aad9b31d05b1743552c2406a55e5b67a67a7e7ad152389e65f9ca30d3babf3";

static void
test_frozen (void **state)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < AHOY_VERIFICATION_WORDS_LIST; i++)
    {
      g_checksum_update (checksum, (const guchar *) ahoy_verification_words_get (i), -1);
      g_checksum_update (checksum, (const guchar *) "\n", 1);
    }
  assert_string_equal (g_checksum_get_string (checksum), frozen);
}

static void
test_sorted_and_short (void **state)
{
  for (guint i = 0; i < AHOY_VERIFICATION_WORDS_LIST; i++)
    {
      const char *word = ahoy_verification_words_get (i);

      assert_in_range (strlen (word), 3, AHOY_VERIFICATION_WORD_MAX_CHARS);
      assert_int_equal (strspn (word, "abcdefghijklmnopqrstuvwxyz"), strlen (word));
      if (i > 0)
        assert_true (strcmp (ahoy_verification_words_get (i - 1), word) < 0);
    }
}

/* Four letters are enough to tell which word it is, and none begins another one. */
static void
test_beginnings (void **state)
{
  for (guint i = 1; i < AHOY_VERIFICATION_WORDS_LIST; i++)
    {
      const char *before = ahoy_verification_words_get (i - 1);

      assert_true (strncmp (before, ahoy_verification_words_get (i), MIN (strlen (before), 4)) != 0);
    }
}

/* Nor is a word another one when one letter of it was changed, left out or added. */
static void
test_one_letter_apart (void **state)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < AHOY_VERIFICATION_WORDS_LIST; i++)
    {
      const char *word = ahoy_verification_words_get (i);

      for (gsize at = 0; at < strlen (word); at++)
        {
          g_autofree char *changed = g_strdup (word);

          changed[at] = '.';
          if (!g_hash_table_add (seen, g_steal_pointer (&changed)))
            fail_msg ("“%s” is one letter from another word", word);
        }
    }

  for (guint i = 0; i < AHOY_VERIFICATION_WORDS_LIST; i++)
    g_hash_table_add (seen, g_strdup (ahoy_verification_words_get (i)));
  for (guint i = 0; i < AHOY_VERIFICATION_WORDS_LIST; i++)
    {
      const char *word = ahoy_verification_words_get (i);

      for (gsize at = 0; at < strlen (word); at++)
        {
          g_autofree char *shorter = g_strdup_printf ("%.*s%s", (int) at, word, word + at + 1);

          if (g_hash_table_contains (seen, shorter))
            fail_msg ("“%s” is “%s” and a letter", word, shorter);
        }
    }
}

/* By Python's hashlib:
 *   n = int.from_bytes (hashlib.pbkdf2_hmac ('sha256', id[:26].encode (), b'ahoy four words', 65536)[:6], 'big') >> 4
 *   [n >> 33 & 2047, n >> 22 & 2047, n >> 11 & 2047, n & 2047] */
static const struct {
  const char *key;
  guint       indices[AHOY_VERIFICATION_WORDS_N];
  const char *words;
} vectors[] = {
  { "c2alzjlkmo6rmx4vb57z6be6sxxkh62pkufhsrtw7c2bf43cmbta", { 147, 1117, 919, 1913 }, "aviary little herd upside" },
  { "c2alzjlkmo6rmx4vb57z6be6sx", { 147, 1117, 919, 1913 }, "aviary little herd upside" },
  { "ody3m5sezzjoc42rxvgsdvyxsxtejdozmexlwwx2hcvawmimx26a", { 1480, 1566, 1156, 951 }, "rattle satin maple hummus" },
  { "aaaaaaaaaaaaaaaaaaaaaaaaaa", { 235, 836, 277, 1724 }, "boast gleam browse stir" },
  { "77777777777777777777777777", { 525, 1870, 2012, 287 }, "demo turkey work bulge" },
  { "abcdefghijklmnopqrstuvwxyz", { 1336, 85, 1073, 1739 }, "parent anorak larch suburb" },
};

static void
test_of_a_key (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      guint            indices[AHOY_VERIFICATION_WORDS_N];
      g_autofree char *words = ahoy_verification_words_join (vectors[i].key);

      assert_true (ahoy_verification_words_of (vectors[i].key, indices));
      assert_memory_equal (indices, vectors[i].indices, sizeof indices);
      assert_string_equal (words, vectors[i].words);
    }
}

static void
test_of_no_key (void **state)
{
  guint indices[AHOY_VERIFICATION_WORDS_N];

  assert_false (ahoy_verification_words_of (NULL, indices));
  assert_false (ahoy_verification_words_of ("", indices));
  assert_false (ahoy_verification_words_of ("hall", indices));
  assert_false (ahoy_verification_words_of ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", indices));
  assert_false (ahoy_verification_words_of ("abcdefghijklmnopqrstuvwxyz2", indices));
  assert_null (ahoy_verification_words_join ("hall"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_frozen),
    cmocka_unit_test (test_sorted_and_short),
    cmocka_unit_test (test_beginnings),
    cmocka_unit_test (test_one_letter_apart),
    cmocka_unit_test (test_of_a_key),
    cmocka_unit_test (test_of_no_key),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
