/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Discovery datagrams of both dialects: what is read, what is refused, what is written. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-discovery.h"
#include "wire/ahoy-limits.h"

#define BYTES(literal) (literal), sizeof (literal) - 1
#define R "REQUEST FOR IP ADDRESS AND SERVERPORT"
#define N "0123456789abcdef"

static void
test_requests (void **state)
{
  static const struct {
    const char *data;
    gsize       len;
    gboolean    ok;
    const char *nonce; /* NULL: classic */
  } cases[] = {
    { BYTES (R), TRUE, NULL },
    { BYTES (R "\0"), TRUE, NULL },
    { BYTES (R "\n"), TRUE, NULL },
    { BYTES (R "\r"), TRUE, NULL },
    { BYTES (R "\r\n"), TRUE, NULL },
    { BYTES (R "\r\n\0"), TRUE, NULL },
    { BYTES (R "\n\0"), TRUE, NULL },
    { BYTES (R "\0\r\n"), TRUE, NULL },
    { BYTES (R "\037v=2\037nonce=" N), TRUE, N },
    { BYTES (R "\037nonce=" N "\037v=2"), TRUE, N },
    { BYTES (R "\037v=3\037nonce=FFFFFFFFFFFFFFFF"), TRUE, "FFFFFFFFFFFFFFFF" },
    { BYTES (R "\037v=2\037nonce=" N "\037later=\377\001\037\037x"), TRUE, N },
    { BYTES (R "\037v=2\037nonce=" N "\037nonce=ffffffffffffffff"), TRUE, N },

    { BYTES (""), FALSE, NULL },
    { BYTES ("REQUEST FOR IP ADDRESS AND SERVERPOR"), FALSE, NULL },
    { BYTES ("request for ip address and serverport"), FALSE, NULL },
    { BYTES (" " R), FALSE, NULL },
    { BYTES (R " "), FALSE, NULL },
    { BYTES (R "\0\0"), FALSE, NULL },
    { BYTES (R "\n\n"), FALSE, NULL },
    { BYTES (R "\n\r"), FALSE, NULL },
    { BYTES (R R), FALSE, NULL },
    { BYTES (R "x"), FALSE, NULL },
    { BYTES (R "\037"), FALSE, NULL },
    { BYTES (R "\037v=2"), FALSE, NULL },
    { BYTES (R "\037nonce=" N), FALSE, NULL },
    { BYTES (R "\037v=1\037nonce=" N), FALSE, NULL },
    { BYTES (R "\037v=\037nonce=" N), FALSE, NULL },
    { BYTES (R "\037v=+2\037nonce=" N), FALSE, NULL },
    { BYTES (R "\037v=2x\037nonce=" N), FALSE, NULL },
    { BYTES (R "\037v=99999999999999999999\037nonce=" N), FALSE, NULL },
    { BYTES (R "\037v=2\037nonce=0123456789abcde"), FALSE, NULL },
    { BYTES (R "\037v=2\037nonce=0123456789abcdef0"), FALSE, NULL },
    { BYTES (R "\037v=2\037nonce=0123456789abcdeg"), FALSE, NULL },
    { BYTES (R "\037v=2\037nonce=" N "\0"), FALSE, NULL },
    { BYTES (R "\037v=2\037nonce=" N "\037help=1"), TRUE, N },
    { BYTES (R "\037v=2\037nonce=" N "\037help=0"), TRUE, N },
    { BYTES (R "\037v=2\037nonce=" N "\037help=2"), FALSE, NULL },
    { BYTES (R "\037v=2\037nonce=" N "\037help="), FALSE, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AhoyDiscoveryRequest request;

      assert_int_equal (ahoy_discovery_request_parse (&request, (const guint8 *) cases[i].data, cases[i].len), cases[i].ok);
      assert_int_equal (request.extended, cases[i].nonce != NULL);
      assert_string_equal (request.nonce, cases[i].nonce != NULL ? cases[i].nonce : "");
    }
}

static void
test_neighbours (void **state)
{
  static const char *const good[] = { "10.77.2.2", "fd77::2", "2001:db8::1" };
  static const char *const bad[] = { "", "hall.example", "10.77.2", "10.77.2.2:1", "127.0.0.1", "::1", "0.0.0.0",
                                     "::", "169.254.1.1", "fe80::1", "fe80::1%2", "224.0.0.1", "ff12::1", "255.255.255.255",
                                     "10.1.1.1 ", "::ffff:127.0.0.1", "::ffff:10.1.1.1" };
  AhoyDiscoveryRequest     request = { .extended = TRUE, .nonce = N, .help = TRUE };
  AhoyDiscoveryRequest     read;
  g_autoptr (GBytes)       written = ahoy_discovery_request_write (&request);

  assert_true (ahoy_discovery_request_parse (&read, g_bytes_get_data (written, NULL), g_bytes_get_size (written)));
  assert_true (read.help);

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      AhoyDiscoveryReply reply = { .port = 24690, .extended = TRUE, .nonce = N, .id = "abcdefghijklmnopqrstuvwxyz", .name = "Hall", .users = 300, .tls = TRUE, .at = (char *) good[i] };
      /* As much as may be sent for the request that asks for it. */
      g_autoptr (GBytes)          data = ahoy_discovery_reply_write (&reply, 3 * g_bytes_get_size (written));
      g_auto (AhoyDiscoveryReply) again = { 0 };

      assert_true (ahoy_discovery_reply_parse (&again, g_bytes_get_data (data, NULL), g_bytes_get_size (data)));
      assert_string_equal (again.at, good[i]);
      assert_string_equal (again.name, "Hall");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char            *data = g_strdup_printf ("24690\037v=2\037nonce=" N "\037id=abc\037at=%s", bad[i]);
      g_auto (AhoyDiscoveryReply) reply = { 0 };

      assert_false (ahoy_discovery_reply_parse (&reply, (const guint8 *) data, strlen (data)));
      assert_null (reply.at);
    }
}

static void
test_request_length_limit (void **state)
{
  g_autoptr (GString)  data = g_string_new (R "\037v=2\037nonce=" N "\037pad=");
  AhoyDiscoveryRequest request;

  while (data->len < AHOY_DISCOVERY_MAX)
    g_string_append_c (data, 'x');
  assert_true (ahoy_discovery_request_parse (&request, (const guint8 *) data->str, data->len));
  g_string_append_c (data, 'x');
  assert_false (ahoy_discovery_request_parse (&request, (const guint8 *) data->str, data->len));
}

static void
test_request_round_trip (void **state)
{
  AhoyDiscoveryRequest extended = { .extended = TRUE };
  AhoyDiscoveryRequest classic = { 0 };
  AhoyDiscoveryRequest read;
  g_autoptr (GBytes)   classic_bytes = ahoy_discovery_request_write (&classic);
  g_autoptr (GBytes)   extended_bytes = NULL;

  assert_int_equal (g_bytes_get_size (classic_bytes), 37);
  assert_memory_equal (g_bytes_get_data (classic_bytes, NULL), R, 37);

  ahoy_nonce_fill (extended.nonce);
  extended_bytes = ahoy_discovery_request_write (&extended);
  assert_int_equal (g_bytes_get_size (extended_bytes), 64);
  assert_true (ahoy_discovery_request_parse (&read, g_bytes_get_data (extended_bytes, NULL), g_bytes_get_size (extended_bytes)));
  assert_true (read.extended);
  assert_string_equal (read.nonce, extended.nonce);
}

static void
test_nonces_are_fresh (void **state)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 1000; i++)
    {
      AhoyNonce nonce;

      ahoy_nonce_fill (nonce);
      assert_int_equal (strlen (nonce), 16);
      assert_int_equal (strspn (nonce, "0123456789abcdef"), 16);
      assert_true (g_hash_table_add (seen, g_strdup (nonce)));
    }
}

static void
test_classic_replies (void **state)
{
  static const struct {
    const char *data;
    gsize       len;
    guint16     port; /* 0: not a reply */
  } cases[] = {
    { BYTES ("24690"), 24690 },
    { BYTES ("1"), 1 },
    { BYTES ("65535"), 65535 },
    { BYTES ("08080"), 8080 },
    { BYTES ("24690\0"), 24690 },
    { BYTES ("24690\r\n"), 24690 },
    { BYTES ("24690\n\0\0\0\0\0"), 24690 },

    { BYTES (""), 0 },
    { BYTES ("0"), 0 },
    { BYTES ("65536"), 0 },
    { BYTES ("18446744073709576306"), 0 }, /* 2^64 + 24690 */
    { BYTES ("-1"), 0 },
    { BYTES ("+80"), 0 },
    { BYTES (" 80"), 0 },
    { BYTES ("80 "), 0 },
    { BYTES ("0x50"), 0 },
    { BYTES ("80a"), 0 },
    { BYTES ("80\0a"), 0 },
    { BYTES ("\0"), 0 },
    { BYTES ("\n80"), 0 },
    { BYTES (R), 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AhoyDiscoveryReply) reply = { 0 };

      assert_int_equal (ahoy_discovery_reply_parse (&reply, (const guint8 *) cases[i].data, cases[i].len), cases[i].port != 0);
      assert_int_equal (reply.port, cases[i].port);
      assert_false (reply.extended);
      assert_null (reply.id);
      assert_null (reply.name);
    }
}

static void
test_extended_replies (void **state)
{
  static const struct {
    const char *data;
    gsize       len;
    const char *name; /* NULL: not a reply */
    guint       users;
    gboolean    tls;
  } cases[] = {
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037name=Office\037users=12\037tls=1"), "Office", 12, TRUE },
    { BYTES ("24690\037tls=0\037users=0\037name=\037id=abc\037nonce=" N "\037v=2"), "", 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc"), "", 0, FALSE },
    { BYTES ("24690\037v=3\037nonce=" N "\037id=abc\037name=a=b, c\037new=\001\377"), "a=b, c", 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037name=first\037name=second\037id=xyz\037users=1\037users=2"), "first", 1, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037name=办公室"), "办公室", 0, FALSE },

    { BYTES ("24690\037"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037id=abc"), NULL, 0, FALSE },
    { BYTES ("24690\037nonce=" N "\037id=abc"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id="), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=a b"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037name=\xff"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037name=a\nb"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037users=many"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037users=4294967296"), NULL, 0, FALSE },
    { BYTES ("24690\037v=2\037nonce=" N "\037id=abc\037tls=2"), NULL, 0, FALSE },
    { BYTES ("0\037v=2\037nonce=" N "\037id=abc"), NULL, 0, FALSE },
    { BYTES ("\037v=2\037nonce=" N "\037id=abc"), NULL, 0, FALSE },
    { BYTES ("24690\n\037v=2\037nonce=" N "\037id=abc"), NULL, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (AhoyDiscoveryReply) reply = { 0 };
      gboolean                    ok = ahoy_discovery_reply_parse (&reply, (const guint8 *) cases[i].data, cases[i].len);

      assert_int_equal (ok, cases[i].name != NULL);
      if (!ok)
        {
          assert_null (reply.id);
          assert_null (reply.name);
          continue;
        }
      assert_true (reply.extended);
      assert_int_equal (reply.port, 24690);
      assert_string_equal (reply.nonce, N);
      assert_string_equal (reply.id, "abc");
      assert_string_equal (reply.name, cases[i].name);
      assert_int_equal (reply.users, cases[i].users);
      assert_int_equal (reply.tls, cases[i].tls);
    }
}

static void
test_reply_round_trip (void **state)
{
  AhoyDiscoveryReply          classic = { .port = 24690 };
  AhoyDiscoveryReply          extended = { .port = 1234, .extended = TRUE, .nonce = N, .id = (char *) "mxv3q5", .name = (char *) "The \xe8\x88\xb9\n hall", .users = 3, .tls = TRUE };
  g_autoptr (GBytes)          classic_bytes = ahoy_discovery_reply_write (&classic, 111);
  g_autoptr (GBytes)          extended_bytes = ahoy_discovery_reply_write (&extended, 192);
  g_auto (AhoyDiscoveryReply) read = { 0 };

  assert_int_equal (g_bytes_get_size (classic_bytes), 5);
  assert_memory_equal (g_bytes_get_data (classic_bytes, NULL), "24690", 5);

  assert_true (ahoy_discovery_reply_parse (&read, g_bytes_get_data (extended_bytes, NULL), g_bytes_get_size (extended_bytes)));
  assert_int_equal (read.port, 1234);
  assert_string_equal (read.nonce, N);
  assert_string_equal (read.id, "mxv3q5");
  assert_string_equal (read.name, "The \xe8\x88\xb9  hall"); /* a control character is a space */
  assert_int_equal (read.users, 3);
  assert_true (read.tls);
}

/* The name gives way, between characters; everything else must fit or there is no reply. */
static void
test_reply_fits (void **state)
{
  AhoyDiscoveryReply     reply = { .port = 24690, .extended = TRUE, .nonce = N, .id = (char *) "abcdefghijklmnopqrstuvwxyz", .name = (char *) "a\xc3\xa9\xe4\xbd\xa0\xf0\x9f\x9a\xa2"
                                                                                                                                                  "e\xcc\x81\xcc\x82z",
                                   .users = 1 };
  const gsize            full = strlen (reply.name);
  gsize                  fixed = 0;
  g_autoptr (GHashTable) lengths = g_hash_table_new (NULL, NULL);

  for (gsize max = 0; max <= AHOY_DISCOVERY_MAX; max++)
    {
      g_autoptr (GBytes)          bytes = ahoy_discovery_reply_write (&reply, max);
      g_auto (AhoyDiscoveryReply) read = { 0 };

      if (bytes == NULL)
        {
          assert_int_equal (fixed, 0);
          continue;
        }
      if (fixed == 0)
        fixed = max;
      assert_true (g_bytes_get_size (bytes) <= max);
      assert_true (ahoy_discovery_reply_parse (&read, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
      assert_true (g_str_has_prefix (reply.name, read.name));
      assert_string_equal (read.id, reply.id);
      g_hash_table_add (lengths, GSIZE_TO_POINTER (strlen (read.name)));
      if (max >= fixed + full)
        assert_string_equal (read.name, reply.name);
    }

  assert_true (fixed > 0);
  /* "", a, é, 你, the ship, the e with both its accents, z */
  assert_int_equal (g_hash_table_size (lengths), 7);
  assert_true (g_hash_table_contains (lengths, GSIZE_TO_POINTER (full - 1)));
  assert_false (g_hash_table_contains (lengths, GSIZE_TO_POINTER (full - 3)));
}

static void
test_longest_reply_is_three_requests (void **state)
{
  g_autofree char   *name = g_strnfill (400, 'n');
  AhoyDiscoveryReply reply = { .port = 65535, .extended = TRUE, .nonce = N, .id = (char *) "abcdefghijklmnopqrstuvwxyz", .name = name, .users = G_MAXUINT, .tls = TRUE };
  g_autoptr (GBytes) bytes = ahoy_discovery_reply_write (&reply, 64 * AHOY_DISCOVERY_AMPLIFICATION);
  AhoyDiscoveryReply classic = { .port = 65535 };
  g_autoptr (GBytes) short_bytes = ahoy_discovery_reply_write (&classic, 4);

  assert_non_null (bytes);
  assert_int_equal (g_bytes_get_size (bytes), 192);
  assert_null (short_bytes);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_requests),
    cmocka_unit_test (test_neighbours),
    cmocka_unit_test (test_request_length_limit),
    cmocka_unit_test (test_request_round_trip),
    cmocka_unit_test (test_nonces_are_fresh),
    cmocka_unit_test (test_classic_replies),
    cmocka_unit_test (test_extended_replies),
    cmocka_unit_test (test_reply_round_trip),
    cmocka_unit_test (test_reply_fits),
    cmocka_unit_test (test_longest_reply_is_three_requests),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
