/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Names over the world's scripts: what is one, what is none, and who could be mistaken for whom. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

static void
assert_normal (const char *name,
               const char *expected)
{
  AhoyNameVerdict  verdict = AHOY_NAME_INVALID;
  g_autofree char *normal = ahoy_name_normalize (name, &verdict);

  assert_int_equal (verdict, AHOY_NAME_OK);
  assert_non_null (normal);
  assert_string_equal (normal, expected);
}

static void
test_allowed (void **state)
{
  /* clang-format off */
  static const char *const names[] = {
    "a", "alice", "Alice Liddell", "O'Neill", "x:y", "12:30", "a to b", "a*", "a[1]", "alice@office", "<alice>", "#1", "42",
    "Zoë", "Łukasz", "İbrahim", "ırmak", "Groß", "Nguyễn Văn Á",
    "Алиса", "Ђорђе", "Αλίκη", "艾丽丝", "愛麗絲", "アリス", "ありす", "ｱﾘｽ", "앨리스",
    "أليس", "עליס", "ऐलिस", "अक्षय", "อลิซ", "น้ำ", "অ্যালিস", "ஆலிஸ்", "አሊስ", "Ալիսա", "ალისა",
    "🚢", "🚢 captain", "❤️", "❤", "☎︎", "1️⃣", "👍🏽", "🇨🇳", "♜", "½", "ℕ", "艾丽丝，张",
    "Zhang 伟", "Tanaka たろう 太郎", "Kim 철수", "ㄅㄆ Bo", "⭐ Anna", "a:", ":-)",
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      AhoyNameVerdict  verdict = AHOY_NAME_INVALID;
      g_autofree char *normal = ahoy_name_normalize (names[i], &verdict);
      g_autofree char *again = NULL;
      g_autofree char *skeleton = NULL;

      if (verdict != AHOY_NAME_OK)
        fail_msg ("%s: verdict %d", names[i], verdict);
      again = ahoy_name_normalize (normal, NULL);
      assert_string_equal (again, normal);
      skeleton = ahoy_name_skeleton (normal);
      assert_string_not_equal (skeleton, "");
    }
}

static void
test_refused (void **state)
{
  /* clang-format off */
  static const struct {
    const char     *name;
    AhoyNameVerdict verdict;
  } cases[] = {
    { "", AHOY_NAME_EMPTY },
    { "   ", AHOY_NAME_EMPTY },
    { "\t\r\n ", AHOY_NAME_EMPTY },
    { "\xc2\xa0\xe3\x80\x80\xe2\x80\xa8", AHOY_NAME_EMPTY }, /* spaces of other kinds */
    { "*", AHOY_NAME_RESERVED },
    { "*alice", AHOY_NAME_RESERVED },
    { " * alice", AHOY_NAME_RESERVED },
    { "[alice]", AHOY_NAME_RESERVED },
    { "[", AHOY_NAME_RESERVED },
    { "［whisper］", AHOY_NAME_RESERVED }, /* fullwidth */
    { "＊", AHOY_NAME_RESERVED },
    { "﹡small", AHOY_NAME_RESERVED },
    { "\u2731 This server", AHOY_NAME_RESERVED }, /* heavy asterisk */
    { "\u2605", AHOY_NAME_RESERVED },              /* star */
    { "\u2744\ufe0f", AHOY_NAME_RESERVED },        /* snowflake */
    { "\u3010whisper\u3011", AHOY_NAME_RESERVED },
    { "\u2045whisper] a", AHOY_NAME_RESERVED },
    { "\uff62a", AHOY_NAME_RESERVED },
    { "\u2552whisper] a", AHOY_NAME_RESERVED },    /* corners of boxes */
    { "\u256dwhisper] a", AHOY_NAME_RESERVED },
    { "\u228fwhisper] a", AHOY_NAME_RESERVED },    /* square image of */
    { "\u205c This server", AHOY_NAME_RESERVED },  /* dotted cross */
    { "x: y", AHOY_NAME_COLON },
    { "alice: I owe you", AHOY_NAME_COLON },
    { "alice:\u00a0I quit", AHOY_NAME_COLON },
    { "alice:\u3000I quit", AHOY_NAME_COLON },
    { "alice:\u0332 I quit", AHOY_NAME_COLON },    /* underlined */
    { "alice\ua789 I quit", AHOY_NAME_COLON },     /* a letter that is a colon */
    { "alice\u2236 I quit", AHOY_NAME_COLON },     /* ratio */
    { "alice\u2982 I quit", AHOY_NAME_COLON },     /* Z notation */
    { "alice\u2237 I quit", AHOY_NAME_COLON },     /* proportion */
    { "alice\U0001d108 I quit", AHOY_NAME_COLON }, /* repeat dots */
    { "alice\uff1aI", AHOY_NAME_COLON },           /* fullwidth: the space is in it */
    { "alice\uff1a", AHOY_NAME_COLON },
    { "alice\ufe55I", AHOY_NAME_COLON },           /* small */
    { "\u0430lice", AHOY_NAME_MIXED },             /* Cyrillic and Latin */
    { "Alic\u0395", AHOY_NAME_MIXED },             /* Latin and Greek */
    { "\u13b7ike", AHOY_NAME_MIXED },              /* Cherokee and Latin */
    { "\u0418\u0432\u0430\u043d \u738b", AHOY_NAME_MIXED }, /* Cyrillic and Han */
    { ",", AHOY_NAME_COMMA },
    { "alice,bob", AHOY_NAME_COMMA },
    { "alice,", AHOY_NAME_COMMA },
    { "ali\x01" "ce", AHOY_NAME_INVISIBLE },
    { "ali\tce", AHOY_NAME_INVISIBLE },
    { "ali\nce", AHOY_NAME_INVISIBLE },
    { "ali\x7f" "ce", AHOY_NAME_INVISIBLE },
    { "ali\xc2\x85" "ce", AHOY_NAME_INVISIBLE },     /* NEL */
    { "ali\xc2\xad" "ce", AHOY_NAME_INVISIBLE },     /* soft hyphen */
    { "ali\xcd\x8f" "ce", AHOY_NAME_INVISIBLE },     /* combining grapheme joiner */
    { "ali\xd8\x9c" "ce", AHOY_NAME_INVISIBLE },     /* Arabic letter mark */
    { "ali\xe1\x85\x9f" "ce", AHOY_NAME_INVISIBLE }, /* Hangul choseong filler */
    { "ali\xe1\xa0\x8e" "ce", AHOY_NAME_INVISIBLE }, /* Mongolian vowel separator */
    { "ali\xe2\x80\x8b" "ce", AHOY_NAME_INVISIBLE }, /* zero width space */
    { "ali\xe2\x80\x8c" "ce", AHOY_NAME_INVISIBLE }, /* zero width non-joiner */
    { "ali\xe2\x80\x8d" "ce", AHOY_NAME_INVISIBLE }, /* zero width joiner */
    { "ali\xe2\x80\x8e" "ce", AHOY_NAME_INVISIBLE }, /* left-to-right mark */
    { "ali\xe2\x80\xa8" "ce", AHOY_NAME_INVISIBLE }, /* line separator */
    { "ali\xe2\x80\xa9" "ce", AHOY_NAME_INVISIBLE }, /* paragraph separator */
    { "\xe2\x80\xae" "ecila", AHOY_NAME_INVISIBLE }, /* right-to-left override */
    { "\xe2\x81\xa6" "alice\xe2\x81\xa9", AHOY_NAME_INVISIBLE }, /* isolate */
    { "alice\xe2\x81\xa0", AHOY_NAME_INVISIBLE },    /* word joiner */
    { "alice\xef\xbb\xbf", AHOY_NAME_INVISIBLE },    /* byte order mark */
    { "\xe3\x85\xa4", AHOY_NAME_INVISIBLE },         /* Hangul filler */
    { "\xef\xbe\xa0", AHOY_NAME_INVISIBLE },         /* halfwidth Hangul filler */
    { "\xe2\xa0\x80", AHOY_NAME_INVISIBLE },         /* blank Braille pattern */
    { "\xef\xbf\xbc", AHOY_NAME_INVISIBLE },         /* object replacement */
    { "a\xf3\xa0\x81\xa1", AHOY_NAME_INVISIBLE },    /* tag a */
    { "a\xf3\xa0\x84\x80", AHOY_NAME_INVISIBLE },    /* variation selector 17 */
    { "a\xef\xb8\x8f", AHOY_NAME_INVISIBLE },        /* VS16, but not after an emoji */
    { "\xef\xb8\x8f", AHOY_NAME_INVISIBLE },
    { "\xe2\x9d\xa4\xef\xb8\x8f\xef\xb8\x8f", AHOY_NAME_INVISIBLE }, /* two of them */
    { "\xe2\x9d\xa4\xef\xb8\x80", AHOY_NAME_INVISIBLE }, /* VS1 */
    { "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", AHOY_NAME_INVISIBLE }, /* joined by a zero width joiner */
    { "\xcc\x81", AHOY_NAME_INVISIBLE },             /* an accent on nothing */
    { "\xcc\x81" "alice", AHOY_NAME_INVISIBLE },
    { "a \xcc\x81", AHOY_NAME_INVISIBLE },           /* an accent on a space */
    { "\xe2\x83\x9d", AHOY_NAME_INVISIBLE },         /* an enclosing circle round nothing */
    { "\xff", AHOY_NAME_INVALID },
    { "ali\xc3", AHOY_NAME_INVALID },
    { "\xc0\xaf", AHOY_NAME_INVALID },               /* overlong */
    { "\xed\xa0\x80", AHOY_NAME_INVALID },           /* a surrogate */
    { "\xee\x80\x80", AHOY_NAME_INVALID },           /* private use */
    { "\xf4\x8f\xbf\xbd", AHOY_NAME_INVALID },       /* private use, plane 16 */
    { "\xef\xbf\xbf", AHOY_NAME_INVALID },           /* noncharacter */
    { "\xcd\xb8", AHOY_NAME_INVALID },               /* unassigned */
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AhoyNameVerdict verdict = AHOY_NAME_OK;
      char           *normal = ahoy_name_normalize (cases[i].name, &verdict);

      if (normal != NULL || verdict != cases[i].verdict)
        fail_msg ("case %zu (%s): verdict %d", i, cases[i].name, verdict);
    }
}

static void
test_trimmed_and_composed (void **state)
{
  assert_normal ("  alice\r\n", "alice");
  assert_normal ("\xe3\x80\x80\xe8\x89\xbe\xe4\xb8\xbd\xe4\xb8\x9d\xe3\x80\x80", "\xe8\x89\xbe\xe4\xb8\xbd\xe4\xb8\x9d");
  assert_normal ("a  b", "a  b");
  assert_normal ("Zoe\xcc\x88", "Zo\xc3\xab");
  assert_normal ("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c"); /* jamo to one syllable */
  assert_normal ("\xe2\x84\xab", "\xc3\x85");                             /* angstrom sign */
  assert_normal ("\xef\xbc\xa1", "\xef\xbc\xa1");                         /* NFC keeps fullwidth letters */
}

static void
test_length_is_characters_after_composition (void **state)
{
  g_autoptr (GString) ascii = g_string_new (NULL);
  g_autoptr (GString) decomposed = g_string_new ("  ");
  g_autoptr (GString) astral = g_string_new (NULL);
  AhoyNameVerdict     verdict;

  for (int i = 0; i < AHOY_NAME_MAX_CHARS; i++)
    {
      g_string_append_c (ascii, 'a');
      g_string_append (decomposed, "e\xcc\x81");
      g_string_append (astral, "\xf0\x9f\x9a\xa2");
    }
  g_string_append (decomposed, " \r\n");

  assert_normal (ascii->str, ascii->str);
  assert_normal (astral->str, astral->str);
  {
    g_autofree char *composed = ahoy_name_normalize (decomposed->str, &verdict);

    assert_int_equal (verdict, AHOY_NAME_OK);
    assert_int_equal (g_utf8_strlen (composed, -1), AHOY_NAME_MAX_CHARS);
  }

  g_string_append_c (ascii, 'a');
  g_string_append_c (astral, 'a');
  assert_null (ahoy_name_normalize (ascii->str, &verdict));
  assert_int_equal (verdict, AHOY_NAME_TOO_LONG);
  assert_null (ahoy_name_normalize (astral->str, &verdict));
  assert_int_equal (verdict, AHOY_NAME_TOO_LONG);
  assert_null (ahoy_name_normalize (ascii->str, NULL));
}

static void
test_same_person (void **state)
{
  static const char *const pairs[][2] = {
    { "alice", "alice" },
    { "alice", "ALICE" },
    { "alice", "аlicе" }, /* Cyrillic а and е */
    { "sasha", "ѕаѕһа" }, /* all Cyrillic */
    { "Ο", "O" },         /* Greek and Latin */
    { "Alice", "Ａｌｉｃｅ" },
    { "Alice", "𝔸𝕝𝕚𝕔𝕖" },
    { "Alice", "𝐀𝓵𝗶𝚌𝑒" },
    { "ｱﾘｽ", "アリス" },
    { "カ", "力" }, /* kana and Han */
    { "straße", "STRASSE" },
    { "İstanbul", "istanbul" },
    { "ısparta", "isparta" },
    { "I", "i" },
    { "Zoë", "Zoe\xcc\x88" },
    { "α\xcd\x85\xcc\x93", "α\xcc\x93\xcd\x85" }, /* marks in another order */
    { "alice", "al\xc2\xadice" },
    { "alice", "al\xe2\x80\x8bice" },
    { "❤️", "❤" },
    { "Σίσυφος", "ΣΊΣΥΦΟΣ" },
    { "0live", "Olive" },
    { "user1", "userl" },
    { "rnom", "mom" },
    { "a b", "a  b" },
    { "a b", "a\xc2\xa0"
             "b" },
    { "a b", "a\xe3\x80\x80"
             "b" },
    { "Ꮇike", "Mike" }, /* Cherokee */
    { "①", "1" },
    { "Ⅳ", "iv" },
    { "ﬁn", "fin" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (!ahoy_name_equal (pairs[i][0], pairs[i][1]) || !ahoy_name_equal (pairs[i][1], pairs[i][0]))
      fail_msg ("%s and %s should be the same", pairs[i][0], pairs[i][1]);
}

static void
test_different_people (void **state)
{
  static const char *const pairs[][2] = {
    { "alice", "bob" },
    { "alice", "alice2" },
    { "alice", "alic" },
    { "alice", "al ice" },
    { "Ian", "Lan" },
    { "Zoë", "Zoe" },
    { "王", "玉" },
    { "张伟", "张玮" },
    { "アリス", "ありす" },
    { "Алиса", "Алёна" },
    { "🚢", "🚣" },
    { "❤", "♥" },
    { "أليس", "إليس" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (ahoy_name_equal (pairs[i][0], pairs[i][1]))
      fail_msg ("%s and %s should be different", pairs[i][0], pairs[i][1]);
}

/* A skeleton is a key: every name of one person must give the same one, so making the skeleton of a skeleton changes nothing.
 * All of the BMP and the planes with letters, one character at a time; also the proof that no allowed name has an empty one. */
static void
test_skeletons_are_stable (void **state)
{
  for (gunichar c = 0x20; c < 0x20000; c++)
    {
      char             text[8] = { 0 };
      g_autofree char *skeleton = NULL;
      g_autofree char *again = NULL;
      g_autofree char *normal = NULL;

      if (!g_unichar_validate (c) || (c >= 0x4e00 && c < 0xa000) || (c >= 0xac00 && c < 0xd7a4)) /* Han and Hangul: 32,000 of a kind */
        continue;
      g_unichar_to_utf8 (c, text);
      skeleton = ahoy_name_skeleton (text);
      again = ahoy_name_skeleton (skeleton);
      normal = ahoy_name_normalize (text, NULL);
      if (strcmp (skeleton, again) != 0)
        fail_msg ("U+%04X: %s, then %s", c, skeleton, again);
      if (normal != NULL && skeleton[0] == '\0')
        fail_msg ("U+%04X has an empty skeleton", c);
    }
}

static void
test_skeleton_of_anything (void **state)
{
  g_autofree char *empty = ahoy_name_skeleton ("");
  g_autofree char *blank = ahoy_name_skeleton (" \t ");
  g_autofree char *spaces = ahoy_name_skeleton ("  a \n b  ");
  g_autofree char *filler = g_strnfill (AHOY_BODY_MAX, 'M');
  g_autofree char *grown = ahoy_name_skeleton (filler);

  assert_string_equal (empty, "");
  assert_string_equal (blank, "");
  assert_string_equal (spaces, "a b");
  assert_int_equal (strlen (grown), 2 * AHOY_BODY_MAX); /* rnrnrn… */
}

int
main (void)
{
  /* clang-format off */
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_allowed),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_trimmed_and_composed),
    cmocka_unit_test (test_length_is_characters_after_composition),
    cmocka_unit_test (test_same_person),
    cmocka_unit_test (test_different_people),
    cmocka_unit_test (test_skeletons_are_stable),
    cmocka_unit_test (test_skeleton_of_anything),
  };
  /* clang-format on */

  return cmocka_run_group_tests (tests, NULL, NULL);
}
