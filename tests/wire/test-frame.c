/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The frame scanner: grammar, limits, and that the way the bytes arrive never changes what comes out. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-frame.h"
#include "wire/ahoy-limits.h"

#define BYTES(literal) (literal), sizeof (literal) - 1

/* What came out of a stream, as text: "h[heading]t[type]b[body];" per frame, "!code" for a fault. */
typedef struct {
  GString *log;
  guint    n_frames;
  gsize    longest_wait; /* bytes that were kept for an unfinished frame */
} Taken;

/* Feeds @len bytes in pieces of @piece (0: all at once), keeping the buffer as a link would. */
static void
feed (Taken        *taken,
      const guint8 *data,
      gsize         len,
      gsize         piece)
{
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  AhoyFrameScanner       scanner = { 0 };
  gsize                  at = 0;

  taken->log = g_string_new (NULL);
  taken->n_frames = 0;
  taken->longest_wait = 0;

  while (at < len)
    {
      gsize n = piece == 0 ? len : MIN (piece, len - at);

      g_byte_array_append (buffer, data + at, (guint) n);
      at += n;
      for (;;)
        {
          AhoyFrameFault  fault;
          AhoyFrame       frame;
          gsize           used = 0;
          AhoyFrameResult result = ahoy_frame_take (&scanner, buffer->data, buffer->len, &used, &frame, &fault);

          assert_true (used <= buffer->len);
          if (result == AHOY_FRAME_FAULTY)
            {
              g_string_append_printf (taken->log, "!%s", ahoy_frame_fault_code (fault));
              return;
            }
          assert_int_equal (fault, AHOY_FRAME_FAULT_NONE);
          if (result == AHOY_FRAME_TAKEN)
            {
              if (frame.heading != NULL)
                {
                  g_string_append (taken->log, "h[");
                  g_string_append_len (taken->log, frame.heading, (gssize) frame.heading_len);
                  g_string_append_c (taken->log, ']');
                }
              else
                {
                  assert_int_equal (frame.heading_len, 0);
                }
              g_string_append_printf (taken->log, "t[%c]b[", frame.type);
              g_string_append_len (taken->log, frame.body, (gssize) frame.body_len);
              g_string_append (taken->log, "];");
              taken->n_frames++;
            }
          if (used > 0)
            g_byte_array_remove_range (buffer, 0, (guint) used);
          if (result == AHOY_FRAME_NEED_MORE)
            break;
        }
      taken->longest_wait = MAX (taken->longest_wait, buffer->len);
    }
}

static void
taken_clear (Taken *taken)
{
  g_string_free (taken->log, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Taken, taken_clear)

static void
assert_taken (const char *data,
              gsize       len,
              gsize       piece,
              const char *expected)
{
  g_auto (Taken) taken = { 0 };

  feed (&taken, (const guint8 *) data, len, piece);
  assert_string_equal (taken.log->str, expected);
}

/* clang-format off */
static const struct {
  const char *data;
  gsize       len;
  const char *expected;
} streams[] = {
  /* well-formed */
  { BYTES (""), "" },
  { BYTES ("\002" "1alice\003"), "t[1]b[alice];" },
  { BYTES ("\002" "3\003"), "t[3]b[];" },
  { BYTES ("\002 \003"), "t[ ]b[];" },
  { BYTES ("\002~\003"), "t[~]b[];" },
  { BYTES ("\0023a\tb\nc\003"), "t[3]b[a\tb\nc];" },
  { BYTES ("\0023\xe4\xbd\xa0\xe5\xa5\xbd\003"), "t[3]b[\xe4\xbd\xa0\xe5\xa5\xbd];" },
  { BYTES ("\0023\xc4\xe3\xba\xc3\003"), "t[3]b[\xc4\xe3\xba\xc3];" }, /* GBK: charsets are not the scanner's */
  { BYTES ("\002" "1a\003\002" "2b\003\002" "3c\003"), "t[1]b[a];t[2]b[b];t[3]b[c];" },
  { BYTES ("\001v=2\037agent=x\002" "1alice\003"), "h[v=2\037agent=x]t[1]b[alice];" },
  { BYTES ("\001\002" "1a\003"), "h[]t[1]b[a];" },
  { BYTES ("\001a=1\002" "1x\003\002" "3y\003\001b=2\002" "4z\003"), "h[a=1]t[1]b[x];t[3]b[y];h[b=2]t[4]b[z];" },
  /* what old clients put between frames */
  { BYTES ("\0\r\n"), "" },
  { BYTES ("\002" "1a\003\0"), "t[1]b[a];" },
  { BYTES ("\r\n\0\002" "1a\003\0\r\n\n\0\001\002" "3b\003\r\n"), "t[1]b[a];h[]t[3]b[b];" },
  /* unfinished */
  { BYTES ("\002"), "" },
  { BYTES ("\001"), "" },
  { BYTES ("\001abc"), "" },
  { BYTES ("\002" "1alice"), "" },
  { BYTES ("\002" "1a\003\002" "3"), "t[1]b[a];" },
  /* broken */
  { BYTES ("1alice\003"), "!start" },
  { BYTES ("\003"), "!start" },
  { BYTES (" \002" "1a\003"), "!start" },
  { BYTES ("GET / HTTP/1.0\r\n\r\n"), "!start" },
  { BYTES ("\x16\x03\x01"), "!start" },
  { BYTES ("\xff"), "!start" },
  { BYTES ("\002\003"), "!type" },
  { BYTES ("\002\002"), "!type" },
  { BYTES ("\002\xe4"), "!type" },
  { BYTES ("\002\x7f"), "!type" },
  { BYTES ("\001a\001"), "!heading" },
  { BYTES ("\001a\003"), "!heading" },
  { BYTES ("\001a\n"), "!heading" },
  { BYTES ("\001\0"), "!heading" },
  { BYTES ("\0021a\001"), "!control" },
  { BYTES ("\0021a\002"), "!control" },
  { BYTES ("\0021a\0"), "!control" },
  { BYTES ("\0021a\r"), "!control" },
  { BYTES ("\0021a\x1b[2J"), "!control" },
  { BYTES ("\0021a\037"), "!control" },
  /* what came before the fault still counts */
  { BYTES ("\002" "1a\003\002" "3b\003x\002" "3c\003"), "t[1]b[a];t[3]b[b];!start" },
};
/* clang-format on */

static void
test_streams_whole (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    assert_taken (streams[i].data, streams[i].len, 0, streams[i].expected);
}

static void
test_streams_in_pieces (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    for (gsize piece = 1; piece <= streams[i].len; piece++)
      assert_taken (streams[i].data, streams[i].len, piece, streams[i].expected);
}

/* Two reads, cut at every position; the scanner must not depend on where. */
static void
test_every_split_position (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++)
    for (gsize cut = 0; cut <= streams[i].len; cut++)
      {
        const guint8       *data = (const guint8 *) streams[i].data;
        AhoyFrameScanner    scanner = { 0 };
        g_autoptr (GString) log = g_string_new (NULL);
        AhoyFrameResult     result = AHOY_FRAME_NEED_MORE;
        gsize               start = 0;

        for (int round = 0; round < 2 && result != AHOY_FRAME_FAULTY; round++)
          {
            gsize end = round == 0 ? cut : streams[i].len;

            do
              {
                AhoyFrameFault fault;
                AhoyFrame      frame;
                gsize          used;

                result = ahoy_frame_take (&scanner, data + start, end - start, &used, &frame, &fault);
                start += used;
                if (result == AHOY_FRAME_TAKEN)
                  g_string_append_printf (log, "%s%.*s%st[%c]b[%.*s];", frame.heading != NULL ? "h[" : "", (int) frame.heading_len,
                                          frame.heading != NULL ? frame.heading : "", frame.heading != NULL ? "]" : "", frame.type,
                                          (int) frame.body_len, frame.body);
                else if (result == AHOY_FRAME_FAULTY)
                  g_string_append_printf (log, "!%s", ahoy_frame_fault_code (fault));
              }
            while (result == AHOY_FRAME_TAKEN);
          }
        assert_string_equal (log->str, streams[i].expected);
      }
}

static void
test_thousand_frames_in_one_read (void **state)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GString)    expected = g_string_new (NULL);
  g_auto (Taken)         taken = { 0 };

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char   *body = g_strdup_printf ("message %d", i);
      g_autofree char   *heading = g_strdup_printf ("id=%d", i);
      gboolean           extended = i % 3 == 0;
      g_autoptr (GBytes) frame = ahoy_frame_encode (extended ? heading : NULL, -1, '4', body, -1);
      gsize              len;
      const guint8      *data = g_bytes_get_data (frame, &len);

      g_byte_array_append (bytes, data, (guint) len);
      if (extended)
        g_string_append_printf (expected, "h[%s]", heading);
      g_string_append_printf (expected, "t[4]b[%s];", body);
    }

  feed (&taken, bytes->data, bytes->len, 0);
  assert_int_equal (taken.n_frames, 1000);
  assert_string_equal (taken.log->str, expected->str);
  assert_taken ((const char *) bytes->data, bytes->len, 1, expected->str);
  assert_taken ((const char *) bytes->data, bytes->len, 7, expected->str);
  assert_taken ((const char *) bytes->data, bytes->len, 4096, expected->str);
}

/* SOH heading STX type body ETX, with so many bytes in the heading (-1: none) and in the body. */
static GByteArray *
frame_of_size (gssize heading_len,
               gsize  body_len)
{
  GByteArray *bytes = g_byte_array_new ();

  if (heading_len >= 0)
    {
      g_byte_array_append (bytes, (const guint8 *) "\001", 1);
      for (gssize i = 0; i < heading_len; i++)
        g_byte_array_append (bytes, (const guint8 *) "h", 1);
    }
  g_byte_array_append (bytes, (const guint8 *) "\0024", 2);
  for (gsize i = 0; i < body_len; i++)
    g_byte_array_append (bytes, (const guint8 *) "b", 1);
  g_byte_array_append (bytes, (const guint8 *) "\003", 1);
  return bytes;
}

static void
test_limits (void **state)
{
  static const struct {
    gssize      heading;
    gsize       body;
    const char *fault; /* NULL: taken */
  } cases[] = {
    { -1, AHOY_BODY_MAX - 1, NULL },
    { -1, AHOY_BODY_MAX, NULL },
    { -1, AHOY_BODY_MAX + 1, "!body-size" },
    { 0, AHOY_BODY_MAX, NULL },
    { 0, AHOY_BODY_MAX + 1, "!body-size" },
    { AHOY_HEADING_MAX - 1, 0, NULL },
    { AHOY_HEADING_MAX, 0, NULL },
    { AHOY_HEADING_MAX + 1, 0, "!heading-size" },
    { AHOY_HEADING_MAX, AHOY_BODY_MAX, NULL },
    { AHOY_HEADING_MAX, AHOY_BODY_MAX + 1, "!body-size" },
    { AHOY_HEADING_MAX + 1, AHOY_BODY_MAX, "!heading-size" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 0; piece <= 2; piece++)
      {
        g_autoptr (GByteArray) bytes = frame_of_size (cases[i].heading, cases[i].body);
        g_auto (Taken)         taken = { 0 };

        feed (&taken, bytes->data, bytes->len, piece == 2 ? 4093 : piece);
        if (cases[i].fault == NULL)
          {
            assert_int_equal (taken.n_frames, 1);
            assert_true (bytes->len <= AHOY_FRAME_MAX);
            assert_null (strchr (taken.log->str, '!'));
          }
        else
          {
            assert_int_equal (taken.n_frames, 0);
            assert_string_equal (taken.log->str, cases[i].fault);
          }
      }
}

/* The fault comes with the first byte too many, not when the frame ends: nobody is made to keep more than a frame. */
static void
test_limits_bound_the_buffer (void **state)
{
  g_autoptr (GByteArray) longest = frame_of_size (AHOY_HEADING_MAX, AHOY_BODY_MAX);
  AhoyFrameScanner       scanner = { 0 };
  AhoyFrameFault         fault;
  AhoyFrame              frame;
  gsize                  used;

  assert_int_equal (longest->len, AHOY_FRAME_MAX);
  assert_int_equal (ahoy_frame_take (&scanner, longest->data, longest->len - 1, &used, &frame, &fault), AHOY_FRAME_NEED_MORE);
  assert_int_equal (used, 0);
  longest->data[longest->len - 1] = 'b';
  assert_int_equal (ahoy_frame_take (&scanner, longest->data, longest->len, &used, &frame, &fault), AHOY_FRAME_FAULTY);
  assert_int_equal (fault, AHOY_FRAME_FAULT_BODY_SIZE);
  /* and it stays a fault */
  assert_int_equal (ahoy_frame_take (&scanner, longest->data, longest->len, &used, &frame, &fault), AHOY_FRAME_FAULTY);
  assert_int_equal (fault, AHOY_FRAME_FAULT_BODY_SIZE);
}

static AhoyFrameFault
fault_of_byte_at (const char *before,
                  guint8      byte)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  AhoyFrameScanner       scanner = { 0 };
  AhoyFrameFault         fault;
  AhoyFrame              frame;
  gsize                  used;

  g_byte_array_append (bytes, (const guint8 *) before, (guint) strlen (before));
  g_byte_array_append (bytes, &byte, 1);
  ahoy_frame_take (&scanner, bytes->data, bytes->len, &used, &frame, &fault);
  return fault;
}

static void
test_every_byte_everywhere (void **state)
{
  for (int byte = 0; byte < 256; byte++)
    {
      gboolean       c0 = byte < 0x20;
      AhoyFrameFault at_start = byte == 0 || byte == '\r' || byte == '\n' || byte == AHOY_SOH || byte == AHOY_STX ? AHOY_FRAME_FAULT_NONE
                                                                                                                  : AHOY_FRAME_FAULT_START;
      AhoyFrameFault in_heading = c0 && byte != AHOY_US && byte != AHOY_STX ? AHOY_FRAME_FAULT_HEADING : AHOY_FRAME_FAULT_NONE;
      AhoyFrameFault as_type = byte >= ' ' && byte <= '~' ? AHOY_FRAME_FAULT_NONE : AHOY_FRAME_FAULT_TYPE;
      AhoyFrameFault in_body = c0 && byte != '\t' && byte != '\n' && byte != AHOY_ETX ? AHOY_FRAME_FAULT_CONTROL : AHOY_FRAME_FAULT_NONE;

      assert_int_equal (fault_of_byte_at ("", (guint8) byte), at_start);
      assert_int_equal (fault_of_byte_at ("\001", (guint8) byte), in_heading);
      assert_int_equal (fault_of_byte_at ("\001k=v", (guint8) byte), in_heading);
      assert_int_equal (fault_of_byte_at ("\002", (guint8) byte), as_type);
      assert_int_equal (fault_of_byte_at ("\001k=v\002", (guint8) byte), as_type);
      assert_int_equal (fault_of_byte_at ("\0024", (guint8) byte), in_body);
      assert_int_equal (fault_of_byte_at ("\0024body", (guint8) byte), in_body);
    }
}

/* A frame that arrives byte by byte costs no more than one that arrives whole: the scanner remembers what it has looked at. With 16 KiB
 * bodies a scanner that started over would look at 134 million bytes a frame. */
static void
test_scanning_resumes (void **state)
{
  g_autoptr (GByteArray) bytes = frame_of_size (100, AHOY_BODY_MAX);
  g_autofree guint8     *spoilt = g_malloc0 (bytes->len);
  AhoyFrameScanner       scanner = { 0 };
  AhoyFrameFault         fault;
  AhoyFrame              frame;
  gsize                  used;

  for (gsize len = 1; len < bytes->len; len++)
    {
      spoilt[len - 1] = bytes->data[len - 1];
      assert_int_equal (ahoy_frame_take (&scanner, spoilt, len, &used, &frame, &fault), AHOY_FRAME_NEED_MORE);
      assert_int_equal (scanner.scanned, len);
      spoilt[len - 1] = '\0'; /* which no frame may have: nobody looks there again */
    }
  assert_int_equal (ahoy_frame_take (&scanner, bytes->data, bytes->len, &used, &frame, &fault), AHOY_FRAME_TAKEN);
  assert_int_equal (frame.body_len, AHOY_BODY_MAX);
}

static void
assert_encoded (GBytes     *frame,
                const char *expected,
                gsize       expected_len)
{
  gsize       len;
  const void *data;

  assert_non_null (frame);
  data = g_bytes_get_data (frame, &len);
  assert_int_equal (len, expected_len);
  assert_memory_equal (data, expected, len);
}

static void
test_encode (void **state)
{
  g_autoptr (GBytes) classic = ahoy_frame_encode (NULL, 0, '1', "alice", -1);
  g_autoptr (GBytes) empty = ahoy_frame_encode (NULL, -1, 'C', "", 0);
  g_autoptr (GBytes) extended = ahoy_frame_encode ("v=2\037a=b", -1, '3', "one\ntwo!", 7);
  g_autoptr (GBytes) no_fields = ahoy_frame_encode ("", -1, 'P', "", -1);
  g_autofree char   *heading = g_strnfill (AHOY_HEADING_MAX, 'h');
  g_autofree char   *body = g_strnfill (AHOY_BODY_MAX, 'b');
  g_autoptr (GBytes) longest = ahoy_frame_encode (heading, -1, '4', body, -1);

  assert_encoded (classic, BYTES ("\002"
                                  "1alice\003"));
  assert_encoded (empty, BYTES ("\002C\003"));
  assert_encoded (extended, BYTES ("\001v=2\037a=b\002"
                                   "3one\ntwo\003"));
  assert_encoded (no_fields, BYTES ("\001\002P\003"));
  assert_int_equal (g_bytes_get_size (longest), AHOY_FRAME_MAX);
}

static void
test_plain_text (void **state)
{
  for (int byte = 0; byte < 256; byte++)
    {
      char text[3] = { 'a', (char) byte, 'z' };

      assert_int_equal (ahoy_text_is_plain (text, 3), byte >= ' ' || byte == '\t' || byte == '\n');
    }
  assert_true (ahoy_text_is_plain ("", -1));
  assert_true (ahoy_text_is_plain ("\001", 0));
  assert_false (ahoy_text_is_plain ("abc\003", -1));
}

static void
test_clean_text (void **state)
{
  static const struct {
    const char *text;
    const char *clean;
  } cases[] = {
    { "", "" },
    { "hello", "hello" },
    { "a\r\nb\rc\nd\n\re", "a\nb\nc\nd\n\ne" },
    { "\r\r\n\r", "\n\n\n" },
    { "\001\002tab\there\003\x1b[0m\x7f", "tab\there[0m\x7f" },
    { "\xe4\xbd\xa0\r\n\xe5\xa5\xbd", "\xe4\xbd\xa0\n\xe5\xa5\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = ahoy_text_clean (cases[i].text);

      assert_string_equal (clean, cases[i].clean);
      assert_true (ahoy_text_is_plain (clean, -1));
    }
}

static void
test_fault_codes (void **state)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int fault = AHOY_FRAME_FAULT_NONE; fault <= AHOY_FRAME_FAULT_CONTROL; fault++)
    {
      const char *code = ahoy_frame_fault_code ((AhoyFrameFault) fault);

      assert_non_null (code);
      assert_true (g_hash_table_add (seen, (gpointer) code));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_streams_whole),
    cmocka_unit_test (test_streams_in_pieces),
    cmocka_unit_test (test_every_split_position),
    cmocka_unit_test (test_thousand_frames_in_one_read),
    cmocka_unit_test (test_limits),
    cmocka_unit_test (test_limits_bound_the_buffer),
    cmocka_unit_test (test_every_byte_everywhere),
    cmocka_unit_test (test_scanning_resumes),
    cmocka_unit_test (test_encode),
    cmocka_unit_test (test_plain_text),
    cmocka_unit_test (test_clean_text),
    cmocka_unit_test (test_fault_codes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
