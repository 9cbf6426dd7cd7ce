/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The search at an address that was typed, against fake servers on the loopback of a network of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/finder-fixture.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

static AhoyFinder *
search_at (FakeResponder          *beacon,
           const AhoyFinderTiming *timing,
           const char             *host,
           guint16                 port)
{
  AhoyFinder        *finder = make_finder (beacon, timing);
  g_autofree char   *address = port != 0 ? g_strdup_printf ("%s:%u", host, port) : g_strdup (host);
  g_autoptr (GError) error = NULL;

  assert_true (ahoy_finder_start_at (finder, address, &error));
  assert_null (error);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_LOOKING);
  wait_over (finder);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_FOUND);
  return finder;
}

static void
test_typed_address_answers (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("127.0.0.1", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_extended (beacon, EXTENDED ("5000", "abc", "Library"));
  fake_responder_answer_classic (beacon, "5000");
  finder = search_at (beacon, &patient, "localhost", 0);

  assert_int_equal (n_servers (finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (finder, 0)), "localhost");
  assert_int_equal (ahoy_server_get_port (server_at (finder, 0)), 5000);
  assert_string_equal (ahoy_server_get_id (server_at (finder, 0)), "abc");
  assert_int_equal (ahoy_probe_get_kind (probe_of (finder, AHOY_PROBE_ADDRESS)), AHOY_PROBE_ADDRESS);
}

static void
test_typed_ipv6_address_answers (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("::1", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_extended (beacon, EXTENDED ("5000", "abc", "Library"));
  finder = search_at (beacon, &patient, "[::1]", 5000);
  assert_int_equal (n_servers (finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (finder, 0)), "::1");
  assert_string_equal (ahoy_server_get_id (server_at (finder, 0)), "abc");
  assert_int_equal (ahoy_probe_get_replies (probe_of (finder, AHOY_PROBE_ADDRESS)), 1);
}

static void
test_typed_address_is_silent (void **state)
{
  g_autoptr (FakeResponder) silent = fake_responder_new ("127.0.0.1", 0);
  g_autoptr (AhoyFinder)    plain = search_at (silent, &brief, "127.0.0.1", 0);
  g_autoptr (AhoyFinder)    ported = search_at (silent, &brief, "127.0.0.1", 5000);

  assert_int_equal (n_servers (plain), 1);
  assert_string_equal (ahoy_server_get_host (server_at (plain, 0)), "127.0.0.1");
  assert_int_equal (ahoy_server_get_port (server_at (plain, 0)), 24690);
  assert_false (ahoy_server_get_extended (server_at (plain, 0)));
  assert_int_equal (n_servers (ported), 1);
  assert_int_equal (ahoy_server_get_port (server_at (ported, 0)), 5000);
  assert_true (fake_responder_get_n_classic (silent) > 0);
}

static void
test_typed_port_wins (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("127.0.0.1", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  /* Another server there has the discovery port. */
  fake_responder_answer_extended (beacon, EXTENDED ("24691", "other", "Other"));
  fake_responder_answer_classic (beacon, "24691");
  finder = search_at (beacon, &brief, "127.0.0.1", 5000);

  assert_true (fake_responder_get_n_extended (beacon) > 0);
  assert_int_equal (n_servers (finder), 1);
  assert_int_equal (ahoy_server_get_port (server_at (finder, 0)), 5000);
  assert_false (ahoy_server_get_extended (server_at (finder, 0)));
}

static void
test_typed_port_is_a_discovery_port_of_its_own (void **state)
{
  g_autoptr (FakeResponder) silent = fake_responder_new ("127.0.0.1", 0);
  g_autoptr (FakeResponder) beacon = fake_responder_new ("127.0.0.1", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_extended (beacon, EXTENDED ("24691", "abc", "Library"));
  finder = search_at (silent, &patient, "127.0.0.1", fake_responder_get_port (beacon));

  assert_int_equal (n_servers (finder), 1);
  assert_int_equal (ahoy_server_get_port (server_at (finder, 0)), 24691);
  assert_string_equal (ahoy_server_get_id (server_at (finder, 0)), "abc");
}

static void
test_typed_port_is_the_shared_discovery_port (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("127.0.0.1", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  /* The one who answers is not the one on the typed port: both are offered. */
  fake_responder_answer_extended (beacon, EXTENDED ("24691", "abc", "Library"));
  finder = search_at (beacon, &patient, "127.0.0.1", fake_responder_get_port (beacon));

  assert_int_equal (n_servers (finder), 2);
  assert_int_equal (ahoy_server_get_port (server_at (finder, 0)), 24691);
  assert_int_equal (ahoy_server_get_port (server_at (finder, 1)), fake_responder_get_port (beacon));
}

static void
test_typed_nonsense_starts_nothing (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = make_finder (beacon, &brief);
  g_autoptr (GError)        error = NULL;

  assert_false (ahoy_finder_start_at (finder, "not an address", &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_IDLE);
  assert_true (test_loop_settle (NULL));
  assert_int_equal (fake_responder_get_n_classic (beacon), 0);
}

static void
test_unknown_name_is_tried_directly (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = search_at (beacon, &patient, "no-such-host.invalid", 0);

  assert_int_equal (n_servers (finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (finder, 0)), "no-such-host.invalid");
}

static void
on_gone (gpointer data,
         GObject *where_the_object_was)
{
  *(gboolean *) data = TRUE;
}

static void
test_dispose_while_looking (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  AhoyFinder               *finder = make_finder (beacon, &patient);
  gboolean                  gone = FALSE;

  fake_responder_answer_classic (beacon, "24690");
  g_object_weak_ref (G_OBJECT (finder), on_gone, &gone);
  assert_true (ahoy_finder_start_at (finder, "localhost:5000", NULL)); /* a lookup is under way */
  g_object_unref (finder);
  assert_true (gone);
  assert_true (test_loop_settle (NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_typed_address_answers),
    cmocka_unit_test (test_typed_ipv6_address_answers),
    cmocka_unit_test (test_typed_address_is_silent),
    cmocka_unit_test (test_typed_port_wins),
    cmocka_unit_test (test_typed_port_is_a_discovery_port_of_its_own),
    cmocka_unit_test (test_typed_port_is_the_shared_discovery_port),
    cmocka_unit_test (test_typed_nonsense_starts_nothing),
    cmocka_unit_test (test_unknown_name_is_tried_directly),
    cmocka_unit_test (test_dispose_while_looking),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
