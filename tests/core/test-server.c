/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Servers and the addresses that people type. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/connection/ahoy-server-private.h"

static void
assert_address (const char *text,
                const char *host,
                guint16     port)
{
  g_autofree char   *got_host = NULL;
  guint16            got_port = 0;
  g_autoptr (GError) error = NULL;

  if (!ahoy_server_parse_address (text, 24690, &got_host, &got_port, &error))
    fail_msg ("\"%s\" was refused: %s", text, error->message);
  assert_string_equal (got_host, host);
  assert_int_equal (got_port, port);
}

static void
assert_no_address (const char *text)
{
  char              *host = NULL;
  guint16            port = 7;
  g_autoptr (GError) error = NULL;

  if (ahoy_server_parse_address (text, 24690, &host, &port, &error))
    fail_msg ("\"%s\" was taken as \"%s\" port %u", text, host, port);
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  assert_null (host);
  assert_int_equal (port, 7);
}

static void
test_addresses (void **state)
{
  assert_address ("192.168.1.7", "192.168.1.7", 24690);
  assert_address ("192.168.1.7:5000", "192.168.1.7", 5000);
  assert_address (" \t192.168.1.7:65535\n", "192.168.1.7", 65535);
  assert_address ("library-pc", "library-pc", 24690);
  assert_address ("chat_box.local:1", "chat_box.local", 1);
  assert_address ("chat.example.", "chat.example.", 24690);
  assert_address ("7of9", "7of9", 24690);
  assert_address ("bücherei:24691", "bücherei", 24691);
  assert_address ("[::1]", "::1", 24690);
  assert_address ("[::1]:5000", "::1", 5000);
  assert_address ("::1", "::1", 24690);
  assert_address ("fe80::1%eth0", "fe80::1%eth0", 24690);
  assert_address ("[fe80::1%2]:24691", "fe80::1%2", 24691);
}

static void
test_addresses_of_an_input_method (void **state)
{
  assert_address ("１９２．１６８．１．７：５０００", "192.168.1.7", 5000);
  assert_address ("192。168。1。7", "192.168.1.7", 24690);
}

static void
test_not_addresses (void **state)
{
  assert_no_address ("");
  assert_no_address ("   ");
  assert_no_address (":5000");
  assert_no_address ("host:");
  assert_no_address ("host:0");
  assert_no_address ("host:65536");
  assert_no_address ("host:+5");
  assert_no_address ("host: 5");
  assert_no_address ("host:5x");
  assert_no_address ("host name");
  assert_no_address ("http://host");
  assert_no_address ("me@host");
  assert_no_address ("a..b");
  assert_no_address (".");
  assert_no_address ("-host");
  assert_no_address ("192.168.1");
  assert_no_address ("192.168.1.256");
  assert_no_address ("10");
  assert_no_address ("[::1");
  assert_no_address ("[::1]5000");
  assert_no_address ("[::1]:");
  assert_no_address ("[192.168.1.7]:5000");
  assert_no_address ("[host]:5000");
  assert_no_address ("1::2::3");
  assert_no_address ("fe80::1%");
  assert_no_address ("a\xff");
}

static void
test_new_server_knows_only_its_address (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);
  g_autofree char       *address = ahoy_server_dup_address (server);

  assert_string_equal (ahoy_server_get_host (server), "192.168.1.7");
  assert_int_equal (ahoy_server_get_port (server), 24690);
  assert_string_equal (address, "192.168.1.7:24690");
  assert_null (ahoy_server_get_id (server));
  assert_null (ahoy_server_get_name (server));
  assert_int_equal (ahoy_server_get_users (server), -1);
  assert_false (ahoy_server_get_tls (server));
  assert_false (ahoy_server_get_extended (server));
  assert_false (ahoy_server_get_last_used (server));
}

static void
test_address_can_be_typed_again (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("fe80::1%2", 24691);
  g_autofree char       *address = ahoy_server_dup_address (server);

  assert_string_equal (address, "[fe80::1%2]:24691");
  assert_address (address, "fe80::1%2", 24691);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    data)
{
  g_string_append_printf (data, "%s ", pspec->name);
}

static void
test_changes_notify_once (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);
  g_autoptr (GString)    seen = g_string_new (NULL);

  g_signal_connect (server, "notify", G_CALLBACK (on_notify), seen);

  ahoy_server_set_extended (server, "abc", "Library", 3, TRUE);
  assert_string_equal (ahoy_server_get_id (server), "abc");
  assert_string_equal (ahoy_server_get_name (server), "Library");
  assert_int_equal (ahoy_server_get_users (server), 3);
  assert_true (ahoy_server_get_tls (server));
  assert_true (ahoy_server_get_extended (server));
  for (const char *const *p = (const char *const[]){ "id ", "name ", "users ", "tls ", "extended ", NULL }; *p != NULL; p++)
    assert_non_null (strstr (seen->str, *p));

  g_string_truncate (seen, 0);
  ahoy_server_set_extended (server, "abc", "Library", 3, TRUE);
  assert_string_equal (seen->str, "");
  ahoy_server_set_extended (server, "abc", "Library", 4, TRUE);
  assert_string_equal (seen->str, "users ");

  g_string_truncate (seen, 0);
  ahoy_server_set_last_used (server, TRUE);
  ahoy_server_set_last_used (server, TRUE);
  ahoy_server_set_place (server, "127.0.0.1", 24690);
  assert_string_equal (seen->str, "last-used host ");
}

static void
test_no_more_than_classic (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 24690);

  assert_false (ahoy_server_get_heard (server));
  ahoy_server_set_extended (server, "a", "Library", 3, TRUE);
  assert_true (ahoy_server_get_heard (server));
  ahoy_server_set_classic (server);
  assert_null (ahoy_server_get_id (server));
  assert_false (ahoy_server_get_tls (server));
  assert_false (ahoy_server_get_extended (server));
  assert_true (ahoy_server_get_heard (server));
  assert_string_equal (ahoy_server_get_name (server), "Library");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_addresses),
    cmocka_unit_test (test_addresses_of_an_input_method),
    cmocka_unit_test (test_not_addresses),
    cmocka_unit_test (test_new_server_knows_only_its_address),
    cmocka_unit_test (test_address_can_be_typed_again),
    cmocka_unit_test (test_changes_notify_once),
    cmocka_unit_test (test_no_more_than_classic),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
