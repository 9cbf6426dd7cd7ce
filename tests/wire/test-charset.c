/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Charsets of classic peers: which may be used, what is read as what, what is sent back. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-charset.h"
#include "wire/ahoy-frame.h"

#define UNKNOWN AHOY_CHARSET_USE_UNKNOWN
#define UTF8 AHOY_CHARSET_USE_UTF8
#define LEGACY AHOY_CHARSET_USE_LEGACY

static void
test_which_charsets (void **state)
{
  /* clang-format off */
  static const char *const usable[] = {
    "GB18030", "GBK", "GB2312", "Big5", "BIG5-HKSCS", "Shift_JIS", "EUC-JP", "CP932", "EUC-KR", "CP949", "ISO-8859-1", "ISO-8859-15",
    "windows-1251", "windows-1252", "KOI8-R", "TIS-620", "UTF-8",
  };
  static const char *const refused[] = {
    "UTF-16", "UTF-16LE", "UCS-2", "UTF-32", "UTF-7", "ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN", "EBCDIC-US", "no-such-charset", "",
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (usable); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autoptr (AhoyCharset) charset = ahoy_charset_new (usable[i], &error);

      if (charset == NULL)
        fail_msg ("%s", error->message);
      assert_string_equal (ahoy_charset_name (charset), usable[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      AhoyCharset       *charset = ahoy_charset_new (refused[i], &error);

      if (charset != NULL)
        fail_msg ("%s was accepted", refused[i]);
      assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED));
      assert_non_null (strstr (error->message, refused[i]));
    }
}

static void
test_what_is_read (void **state)
{
  static const struct {
    const char    *charset;
    AhoyCharsetUse before;
    const char    *bytes;
    const char    *text; /* NULL: neither */
    AhoyCharsetUse after;
  } cases[] = {
    /* ASCII proves nothing */
    { "GB18030", UNKNOWN, "", "", UNKNOWN },
    { "GB18030", UNKNOWN, "hello\tall\n", "hello\tall\n", UNKNOWN },
    { "GB18030", LEGACY, "hello", "hello", LEGACY },
    { "GB18030", UTF8, "hello", "hello", UTF8 },
    /* the first that fits is what the peer speaks */
    { "GB18030", UNKNOWN, "你好", "你好", UTF8 },
    { "GB18030", UNKNOWN, "\xc4\xe3\xba\xc3", "你好", LEGACY },
    { "GBK", UNKNOWN, "\xc4\xe3\xba\xc3", "你好", LEGACY },
    { "Big5", UNKNOWN, "\xa7\x41\xa6\x6e", "你好", LEGACY },
    { "Shift_JIS", UNKNOWN, "\x82\xb1\x82\xf1", "こん", LEGACY },
    { "EUC-KR", UNKNOWN, "\xbe\xc8\xb3\xe7", "안녕", LEGACY },
    { "ISO-8859-1", UNKNOWN, "caf\xe9", "café", LEGACY },
    { "windows-1251", UNKNOWN, "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", LEGACY },
    { "GB18030", UNKNOWN, "\x94\x39\xda\x33", "💩", LEGACY },
    /* the same bytes, two readings: legacy text can be UTF-8 by accident, until the peer has shown what it speaks */
    { "GB18030", UNKNOWN, "\xd0\xa1", "С", UTF8 },
    { "GB18030", LEGACY, "\xd0\xa1", "小", LEGACY },
    { "GB18030", UTF8, "\xd0\xa1", "С", UTF8 },
    /* nobody who speaks UTF-8 sends anything else: that was the accident */
    { "GB18030", UTF8, "\xc4\xe3\xba\xc3", "你好", LEGACY },
    { "EUC-KR", LEGACY, "🚢", "🚢", UTF8 },
    /* neither */
    { "GB18030", UNKNOWN, "\xff\xff", NULL, UNKNOWN },
    { "GB18030", LEGACY, "\xff", NULL, LEGACY },
    { "GB18030", UTF8, "\xff", NULL, UTF8 },
    { "GB18030", UNKNOWN, "half \xc4", NULL, UNKNOWN },
    { "EUC-KR", UNKNOWN, "\xb0 ", NULL, UNKNOWN },
    { "UTF-8", UNKNOWN, "\xc4\xe3", NULL, UNKNOWN },
    /* surrogates and overlong forms are not UTF-8 */
    { "UTF-8", UNKNOWN, "\xed\xa0\x80", NULL, UNKNOWN },
    { "UTF-8", UNKNOWN, "\xc0\xaf", NULL, UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AhoyCharset) charset = ahoy_charset_new (cases[i].charset, NULL);
      AhoyCharsetUse          use = cases[i].before;
      g_autofree char        *text = ahoy_charset_decode (charset, &use, cases[i].bytes, strlen (cases[i].bytes));

      if (g_strcmp0 (text, cases[i].text) != 0 || use != cases[i].after)
        fail_msg ("case %zu: %s, use %d", i, text, use);
      if (text != NULL)
        assert_true (g_utf8_validate (text, -1, NULL));
    }
}

static void
test_nul_and_pieces (void **state)
{
  g_autoptr (AhoyCharset) charset = ahoy_charset_new ("GB18030", NULL);
  AhoyCharsetUse          use = UNKNOWN;
  g_autofree char        *part = NULL;
  g_autofree char        *none = NULL;

  assert_null (ahoy_charset_decode (charset, &use, "a\0b", 3));
  part = ahoy_charset_decode (charset, &use, "\xc4\xe3junk after", 2);
  assert_string_equal (part, "你");
  none = ahoy_charset_decode (charset, &use, NULL, 0);
  assert_string_equal (none, "");
  assert_int_equal (use, LEGACY);
}

/* A converter that stopped in the middle of one text must not colour the next. */
static void
test_no_state_between_texts (void **state)
{
  g_autoptr (AhoyCharset) charset = ahoy_charset_new ("BIG5-HKSCS", NULL);

  for (int i = 0; i < 3; i++)
    {
      AhoyCharsetUse   use = LEGACY;
      g_autofree char *text = NULL;

      assert_null (ahoy_charset_decode (charset, &use, "\xa7\x41\xa6", 3));
      text = ahoy_charset_decode (charset, &use, "\xa7\x41\xa6\x6e", 4);
      assert_string_equal (text, "你好");
    }
}

static void
test_what_is_sent (void **state)
{
  static const struct {
    const char *charset;
    const char *text;
    const char *bytes;
  } cases[] = {
    { "GB18030", "", "" },
    { "GB18030", "hello\n", "hello\n" },
    { "GB18030", "你好", "\xc4\xe3\xba\xc3" },
    { "GB18030", "💩", "\x94\x39\xda\x33" },
    { "GBK", "你💩好", "\xc4\xe3?\xba\xc3" },
    { "ISO-8859-1", "café 你好!", "caf\xe9 ?\?!" },
    { "ISO-8859-1", "💩", "?" },
    { "windows-1251", "Привет, 王", "\xcf\xf0\xe8\xe2\xe5\xf2, ?" },
    { "EUC-KR", "안녕 ä", "\xbe\xc8\xb3\xe7 ?" },
    { "BIG5-HKSCS", "Ê", "\x88\x66" }, /* held back until it is known that no mark follows */
    { "BIG5-HKSCS", "Ê💩", "\x88\x66?" },
    { "BIG5-HKSCS", "Ê\xcc\x84", "\x88\x62" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AhoyCharset) charset = ahoy_charset_new (cases[i].charset, NULL);
      const char             *rest;
      gsize                   len;
      g_autofree char        *bytes = ahoy_charset_encode (charset, cases[i].text, 1000, &rest, &len);

      if (strcmp (bytes, cases[i].bytes) != 0)
        fail_msg ("case %zu", i);
      assert_int_equal (len, strlen (bytes));
      assert_string_equal (rest, "");
    }
}

/* Cut anywhere, the pieces are whole characters, fit, and together are the text. */
static void
test_pieces_that_fit (void **state)
{
  static const char *const charsets[] = { "GB18030", "GBK", "BIG5-HKSCS", "Shift_JIS", "EUC-KR", "ISO-8859-1" };
  static const char        text[] = "Ahoy, é 你好 Ê\xcc\x84Ê こんにちは 안녕 💩💩 the end";

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      g_autoptr (AhoyCharset) charset = ahoy_charset_new (charsets[i], NULL);
      gsize                   whole_len;
      g_autofree char        *whole = ahoy_charset_encode (charset, text, 1000, NULL, &whole_len);

      for (gsize max = 16; max < whole_len + 10; max++)
        {
          g_autoptr (GString) joined = g_string_new (NULL);
          const char         *rest = text;

          while (*rest != '\0')
            {
              AhoyCharsetUse   use = LEGACY;
              const char      *from = rest;
              gsize            len;
              g_autofree char *piece = ahoy_charset_encode (charset, rest, max, &rest, &len);
              g_autofree char *read = ahoy_charset_decode (charset, &use, piece, len);

              assert_true (rest > from);
              assert_true (len <= max);
              assert_non_null (read);
              g_string_append_len (joined, piece, (gssize) len);
            }
          /* A mark that is cut from its letter is another way to write the same. */
          if (strcmp (charsets[i], "BIG5-HKSCS") != 0)
            assert_string_equal (joined->str, whole);
        }
    }
}

/* Whatever is sent, no byte of it can be mistaken for the frame around it. */
static void
test_frames_survive (void **state)
{
  /* clang-format off */
  static const char *const charsets[] = {
    "GB18030", "GBK", "Big5", "BIG5-HKSCS", "Shift_JIS", "EUC-JP", "EUC-KR", "ISO-8859-1", "windows-1251",
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    {
      g_autoptr (AhoyCharset) charset = ahoy_charset_new (charsets[i], NULL);
      g_autoptr (GString)     bmp = g_string_new (NULL);
      g_autofree char        *bytes = NULL;
      gsize                   len;

      for (gunichar c = 0x20; c < 0x10000; c++)
        if (g_unichar_validate (c))
          g_string_append_unichar (bmp, c);
      bytes = ahoy_charset_encode (charset, bmp->str, G_MAXSIZE, NULL, &len);
      assert_true (len > 60000);
      assert_true (ahoy_text_is_plain (bytes, (gssize) len));
    }
}

static gpointer
convert_often (gpointer data)
{
  AhoyCharset *charset = data;

  for (int i = 0; i < 2000; i++)
    {
      AhoyCharsetUse   use = UNKNOWN;
      gsize            len;
      g_autofree char *bytes = ahoy_charset_encode (charset, "你好, 世界", 100, NULL, &len);
      g_autofree char *text = ahoy_charset_decode (charset, &use, bytes, len);

      if (g_strcmp0 (text, "你好, 世界") != 0)
        return GINT_TO_POINTER (1);
    }
  return NULL;
}

static void
test_shared_between_threads (void **state)
{
  g_autoptr (AhoyCharset) charset = ahoy_charset_new ("GBK", NULL);
  GThread                *threads[4];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("charset", convert_often, charset);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    assert_null (g_thread_join (threads[i]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_which_charsets),
    cmocka_unit_test (test_what_is_read),
    cmocka_unit_test (test_nul_and_pieces),
    cmocka_unit_test (test_no_state_between_texts),
    cmocka_unit_test (test_what_is_sent),
    cmocka_unit_test (test_pieces_that_fit),
    cmocka_unit_test (test_frames_survive),
    cmocka_unit_test (test_shared_between_threads),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
