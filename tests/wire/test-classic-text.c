/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whatever somebody says, no line of what a classic peer gets is anybody else's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-charset.h"
#include "wire/ahoy-classic-text.h"
#include "wire/ahoy-classic.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"
#include "wire/ahoy-packet.h"
#include "wire/ahoy-signs.h"

#define N_TEXTS 3000

static void
assert_text (const char *text,
             const char *expected)
{
  g_autofree char *line = ahoy_classic_text (text);

  assert_string_equal (line, expected);
}

static void
test_line_ends_are_marked (void **state)
{
  assert_text ("", "");
  assert_text ("one line\tof it", "one line\tof it");
  assert_text ("\n", "\n  | ");
  assert_text ("a\nb", "a\n  | b");
  assert_text ("a\n\nb\n", "a\n  | \n  | b\n  | ");
  /* clang-format off */
  assert_text ("a\xc2\x85" "b\u2028c\u2029d", "a\n  | b\n  | c\n  | d");
  /* clang-format on */
  assert_text ("a\r\nb", "a\n  | b");
}

static void
test_what_hides_is_dropped (void **state)
{
  /* clang-format off */
  assert_text ("a\x7f" "b\xc2\x80" "c\xc2\x9b" "d", "abcd");
  assert_text ("\u202eabc\u202c \u2066x\u2069 \u200e\u200f\u061c.", "abc x .");
  assert_text ("a\ufeff" "b\u00ad" "c\u2060" "d\U000e0041" "e\ufff9" "f", "abcdef");
  assert_text ("s\u0336t\u0332r\u0305i\u20ddk\u0338" "e", "strike");
  /* clang-format on */
}

static void
test_what_languages_need_stays (void **state)
{
  /* clang-format off */
  static const char *const texts[] = {
    "Ze\u0301 Jose\u0301", "=\u0338", "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0915\u094d\u200d\u0937",
    "\u05e9\u05c1\u05bc\u05b8\u05dc\u05d5\u05b9\u05dd", "\u0e19\u0e49\u0e33\u200b", "\U0001f469\u200d\U0001f680", "1\ufe0f\u20e3",
    "\u845b\U000e0100", "\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66", "x\u0302\u0308\u0323",
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_text (texts[i], texts[i]);
}

static void
test_marks_do_not_pile_up (void **state)
{
  g_autoptr (GString) pile = g_string_new ("a");
  g_autofree char    *line = NULL;

  for (int i = 0; i < 200; i++)
    g_string_append (pile, "\u0301");
  g_string_append (pile, "b\u0301");
  line = ahoy_classic_text (pile->str);
  assert_int_equal (g_utf8_strlen (line, -1), 1 + AHOY_CLASSIC_MARKS_MAX + 2);
}

static void
test_marks_come_off (void **state)
{
  static const char *const texts[] = { "", "one", "\n", "a\nb\n\nc", "  | ", "a |\n | b" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *line = ahoy_classic_text (texts[i]);
      g_autofree char *said = ahoy_classic_text_unmark (line);

      assert_string_equal (said, texts[i]);
    }
}

/* What somebody who wants to fake a line would put together. */
static char *
make_text (GRand *random)
{
  /* clang-format off */
  static const char *const pieces[] = {
    "\n", "\n", "\u2028", "\u2029", "\xc2\x85", "* ", "*", "This server is stopping", "alice", ": ", ":", "\uff1a", "bob", "[whisper] ", " to ", "I quit", " ",
    "  | ", " |", "\t", "\u202e", "\u2066", "\u2069", "\u200f", "\x7f", "\xc2\x9b", "\u0336", "\u0301", "\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "\u4f60\u597d", "\u00e4", "\U0001f6a2", "\u05d0\u05d1", "\ufeff", "\U000e0041", "hello",
  };
  /* clang-format on */
  g_autoptr (GString) text = g_string_new (NULL);
  int                 n = g_rand_int_range (random, 0, 40);
  int                 times = g_rand_int_range (random, 0, 50) == 0 ? 400 : 1; /* over several frames */

  for (int i = 0; i < n * times && text->len < AHOY_BODY_MAX - 32; i++)
    g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Everybody who may have a name. */
static gboolean
may_be (const char *name,
        gpointer    data)
{
  g_autofree char *normal = ahoy_name_normalize (name, NULL);

  return g_strcmp0 (normal, name) == 0;
}

static void
assert_harmless_body (const char *body,
                      const char *prefix)
{
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);

  assert_true (g_str_has_prefix (body, prefix));
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_auto (AhoyClassicLine) line = { 0 };

      assert_true (g_str_has_prefix (lines[i], "  | "));
      ahoy_classic_line_parse (&line, lines[i], may_be, NULL);
      assert_int_equal (line.kind, AHOY_CLASSIC_LINE_PLAIN);
    }
  for (const char *c = body; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      assert_false (ahoy_sign_is_hiding (character) || character == 0x85 || character == 0x2028 || character == 0x2029);
    }
}

static void
assert_harmless (GBytes      *bytes,
                 AhoyCharset *charset,
                 const char  *prefix)
{
  gsize         len;
  const guint8 *data = g_bytes_get_data (bytes, &len);

  while (len > 0)
    {
      AhoyFrameScanner scanner = { 0 };
      AhoyFrameFault   fault;
      AhoyFrame        frame;
      gsize            used;
      g_autofree char *body = NULL;
      AhoyCharsetUse   use = charset != NULL ? AHOY_CHARSET_USE_LEGACY : AHOY_CHARSET_USE_UTF8;

      assert_int_equal (ahoy_frame_take (&scanner, data, len, &used, &frame, &fault), AHOY_FRAME_TAKEN);
      assert_in_range (frame.body_len, 0, AHOY_BODY_MAX);
      assert_int_equal (frame.type, '4');
      body = charset != NULL ? ahoy_charset_decode (charset, &use, frame.body, frame.body_len) : g_strndup (frame.body, frame.body_len);
      assert_non_null (body);
      assert_harmless_body (body, prefix);
      data += used;
      len -= used;
    }
}

static void
test_no_line_is_anybody_elses (void **state)
{
  static const char *const charsets[] = { "GB18030", "ISO-8859-1", "Shift_JIS" };
  const struct {
    AhoyPacket  packet;
    const char *prefix;
  } kinds[] = {
    { { AHOY_PACKET_CHAT, .from = "carol" }, "carol: " },
    { { AHOY_PACKET_CHAT, .from = "carol", .target = AHOY_TARGET_INIT_PERSON ("dave") }, "[whisper] carol to dave: " },
    { { AHOY_PACKET_NOTICE }, "* " },
    { { AHOY_PACKET_ERROR, .code = "storage" }, "* " },
  };
  g_autoptr (GRand)     random = g_rand_new_with_seed (7);
  g_autoptr (GPtrArray) legacy = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_charset_free);

  for (gsize i = 0; i < G_N_ELEMENTS (charsets); i++)
    g_ptr_array_add (legacy, ahoy_charset_new (charsets[i], NULL));
  for (guint i = 0; i < N_TEXTS; i++)
    {
      g_autofree char   *text = make_text (random);
      AhoyPacket         packet = kinds[i % G_N_ELEMENTS (kinds)].packet;
      const char        *prefix = kinds[i % G_N_ELEMENTS (kinds)].prefix;
      AhoyCharset       *charset = legacy->pdata[i % legacy->len];
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GBytes) legacy_bytes = NULL;

      packet.text = text;
      bytes = ahoy_packet_encode (&packet, AHOY_TO_CLIENT, AHOY_DIALECT_CLASSIC);
      legacy_bytes = ahoy_packet_encode_legacy (&packet, AHOY_TO_CLIENT, charset);
      assert_harmless (bytes, NULL, prefix);
      assert_harmless (legacy_bytes, charset, prefix);
    }
}

/* What a client sends is its user's text, and extended peers get it as it was written. */
static void
test_nothing_else_is_touched (void **state)
{
  static const char  text[] = "a\n\u202e* b\x7f";
  AhoyPacket         say = { AHOY_PACKET_SAY, .text = text };
  AhoyPacket         chat = { AHOY_PACKET_CHAT, .id = 1, .time = 1, .from = "alice", .text = text };
  g_autoptr (GBytes) said = ahoy_packet_encode (&say, AHOY_TO_SERVER, AHOY_DIALECT_CLASSIC);
  g_autoptr (GBytes) heard = ahoy_packet_encode (&chat, AHOY_TO_CLIENT, AHOY_DIALECT_EXTENDED);

  assert_int_equal (g_bytes_get_size (said), strlen (text) + 3);
  assert_non_null (g_strstr_len (g_bytes_get_data (heard, NULL), (gssize) g_bytes_get_size (heard), text));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_line_ends_are_marked),
    cmocka_unit_test (test_what_hides_is_dropped),
    cmocka_unit_test (test_what_languages_need_stays),
    cmocka_unit_test (test_marks_do_not_pile_up),
    cmocka_unit_test (test_marks_come_off),
    cmocka_unit_test (test_no_line_is_anybody_elses),
    cmocka_unit_test (test_nothing_else_is_touched),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
