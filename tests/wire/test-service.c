/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a server says of itself in DNS records, and what is believed of it. */

#include "wire/ahoy-service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define ID "c2alzjlkmo6rmx4vb57z6be6sx"
#define LETTERS_60 "012345678901234567890123456789012345678901234567890123456789"

/* Returns: (transfer full): the strings of a TXT record; @record has a line for each. */
static GVariant *
make_txt (const char *record)
{
  g_auto (GStrv)  lines = g_strsplit (record, "\n", -1);
  GVariantBuilder strings = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));

  for (guint i = 0; lines[i] != NULL; i++)
    g_variant_builder_add_value (&strings, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, lines[i], strlen (lines[i]), 1));
  return g_variant_ref_sink (g_variant_builder_end (&strings));
}

static void
test_names (void **state)
{
  static const struct {
    const char *name;
    const char *instance;
  } table[] = {
    { "Hall", "Hall" },
    { " Hall\n2 ", "Hall 2" },
    { "", "Ahoy" },
    { " \t\n", "Ahoy" },
    { "a\xff", "a\xef\xbf\xbd" },
    { LETTERS_60 "abc", LETTERS_60 "abc" },
    { LETTERS_60 "abcd", LETTERS_60 "abc" },
    { LETTERS_60 "ab\xc3\xa9", LETTERS_60 "ab" },  /* not in the middle of a character */
    { LETTERS_60 "abe\xcc\x81", LETTERS_60 "ab" }, /* nor before the mark that belongs to one */
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *instance = ahoy_service_name (table[i].name);

      assert_string_equal (instance, table[i].instance);
    }
}

static void
test_records (void **state)
{
  static const struct {
    const char *record;
    guint       port;
    gboolean    ours;
    gboolean    extended;
    gboolean    tls;
    const char *name;
  } table[] = {
    { "v=2\nid=" ID "\ntls=1\nname=The hall", 24690, TRUE, TRUE, TRUE, "The hall" },
    { "V=2\nID=" ID "\nTLS=1", 24690, TRUE, TRUE, TRUE, "instance" },
    { "v=3\nid=" ID "\ntls=2", 65535, TRUE, TRUE, FALSE, "instance" },
    { "v=2\nid=" ID "\nname=", 1, TRUE, TRUE, FALSE, "instance" },
    { "v=2\nid=" ID "\nname=a\tb", 1, TRUE, TRUE, FALSE, "a b" },
    { "v=2\nv=1\nid=" ID, 1, TRUE, TRUE, FALSE, "instance" }, /* the first counts */
    /* written by hand, or for a classic server */
    { "", 24690, TRUE, FALSE, FALSE, NULL },
    { "id=" ID, 24690, TRUE, FALSE, FALSE, NULL },
    { "v=2", 24690, TRUE, FALSE, FALSE, NULL },
    { "idx=" ID "\nv=2", 24690, TRUE, FALSE, FALSE, NULL },
    /* nothing of ours */
    { "v=2\nid=" ID, 0, FALSE, FALSE, FALSE, NULL },
    { "v=2\nid=" ID, 65536, FALSE, FALSE, FALSE, NULL },
    { "v=1\nid=" ID, 1, FALSE, FALSE, FALSE, NULL },
    { "v=two\nid=" ID, 1, FALSE, FALSE, FALSE, NULL },
    { "v=2\nid=a b", 1, FALSE, FALSE, FALSE, NULL },
    { "v=2\nid=", 1, FALSE, FALSE, FALSE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GVariant)        txt = make_txt (table[i].record);
      g_auto (AhoyDiscoveryReply) reply = { 0 };

      if (ahoy_service_txt_parse (&reply, "instance", table[i].port, txt) != table[i].ours)
        fail_msg ("%u: %s", i, table[i].record);
      assert_int_equal (reply.port, table[i].ours ? table[i].port : 0);
      assert_int_equal (reply.extended, table[i].extended);
      assert_int_equal (reply.tls, table[i].tls);
      if (g_strcmp0 (reply.name, table[i].name) != 0 || g_strcmp0 (reply.id, table[i].extended ? ID : NULL) != 0)
        fail_msg ("%u: “%s” of %s", i, reply.name, reply.id);
    }
}

static void
test_what_is_written_is_read (void **state)
{
  AhoyDiscoveryReply          reply = { .port = 7, .extended = TRUE, .id = (char *) ID, .name = (char *) "Hall", .users = 5, .tls = TRUE };
  g_autoptr (GVariant)        txt = g_variant_ref_sink (ahoy_service_txt_new (&reply));
  g_auto (AhoyDiscoveryReply) read = { 0 };

  assert_true (ahoy_service_txt_parse (&read, "other", 7, txt));
  assert_string_equal (read.id, ID);
  assert_string_equal (read.name, "Hall");
  assert_true (read.tls);
  assert_int_equal (read.users, AHOY_USERS_UNKNOWN);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_names),
    cmocka_unit_test (test_records),
    cmocka_unit_test (test_what_is_written_is_read),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
