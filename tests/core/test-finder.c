/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The search, against fake servers on the loopback of a network of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "core/discovery/ahoy-interfaces-private.h"
#include "core/discovery/ahoy-probe-private.h"
#include "core/finder-fixture.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

static void
test_extended_server (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;
  AhoyServer               *server;
  gint64                    start = g_get_monotonic_time ();

  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "The Library"));
  finder = search (beacon, &patient);

  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_FOUND);
  assert_int_equal (ahoy_finder_get_diagnosis (finder), AHOY_DIAGNOSIS_NONE);
  assert_int_equal (n_servers (finder), 1);
  server = server_at (finder, 0);
  assert_string_equal (ahoy_server_get_host (server), "127.0.0.1");
  assert_int_equal (ahoy_server_get_port (server), 24690);
  assert_string_equal (ahoy_server_get_id (server), "abc");
  assert_string_equal (ahoy_server_get_name (server), "The Library");
  assert_int_equal (ahoy_server_get_users (server), 3);
  assert_false (ahoy_server_get_tls (server));
  assert_true (ahoy_server_get_extended (server));
  assert_false (ahoy_server_get_last_used (server));

  /* It was over with the window, not with the patience. */
  assert_true (g_get_monotonic_time () - start >= patient.window * 1000);
  assert_true (ahoy_probe_get_replies (probe_of (finder, AHOY_PROBE_THIS_COMPUTER)) >= 1);
}

static void
test_classic_server (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;
  AhoyServer               *server;

  fake_responder_answer_classic (beacon, "5000");
  finder = search (beacon, &patient);

  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_FOUND);
  assert_int_equal (n_servers (finder), 1);
  server = server_at (finder, 0);
  assert_int_equal (ahoy_server_get_port (server), 5000);
  assert_null (ahoy_server_get_id (server));
  assert_null (ahoy_server_get_name (server));
  assert_int_equal (ahoy_server_get_users (server), -1);
  assert_false (ahoy_server_get_extended (server));
}

static void
test_a_server_of_ipv6_alone_on_this_computer (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("::1", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "Library"));
  finder = search (beacon, &patient);

  assert_int_equal (n_servers (finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (finder, 0)), "::1");
  assert_true (ahoy_probe_get_replies (probe_of (finder, AHOY_PROBE_THIS_COMPUTER)) >= 1);
}

static void
test_somebody_tells_of_a_server (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  /* The second is a claim that nobody can check anywhere; it is no reply at all. */
  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "Lab") "|at=10.9.8.7");
  fake_responder_answer_extended (beacon, EXTENDED ("24690", "def", "Here") "|at=127.0.0.1");
  finder = search (beacon, &patient);

  assert_int_equal (n_servers (finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (finder, 0)), "10.9.8.7");
  assert_string_equal (ahoy_server_get_id (server_at (finder, 0)), "abc");
}

static void
test_both_dialects_are_one_server (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_classic (beacon, "24690");
  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "Library"));
  finder = search (beacon, &patient);

  assert_int_equal (n_servers (finder), 1);
  assert_true (ahoy_server_get_extended (server_at (finder, 0)));
  assert_true (fake_responder_get_n_classic (beacon) >= 1);
}

static void
test_an_old_server_may_answer_everything_classically (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_classic (beacon, "24690");
  fake_responder_answer_extended (beacon, "24690");
  finder = search (beacon, &patient);

  assert_int_equal (n_servers (finder), 1);
  assert_false (ahoy_server_get_extended (server_at (finder, 0)));
}

static void
test_what_is_no_reply (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;
  g_autofree char          *padding = g_strnfill (600, 'x');
  g_autofree char          *huge = g_strconcat (EXTENDED ("24690", "huge", ""), padding, NULL);

  fake_responder_answer_extended (beacon, "24690|v=2|nonce=0123456789abcdef|id=forged|name=x|users=1|tls=0");
  fake_responder_answer_extended (beacon, "24690|v=2|nonce=|id=forged|name=x|users=1|tls=0");
  fake_responder_answer_extended (beacon, "24690|v=2|id=forged|name=x|users=1|tls=0");
  fake_responder_answer_extended (beacon, EXTENDED ("0", "abc", "port zero"));
  fake_responder_answer_extended (beacon, EXTENDED ("65536", "abc", "port too high"));
  fake_responder_answer_extended (beacon, huge);
  fake_responder_answer_classic (beacon, "0");
  fake_responder_answer_classic (beacon, "65536");
  fake_responder_answer_classic (beacon, "");
  fake_responder_answer_classic (beacon, "hello");
  fake_responder_answer_classic (beacon, "24690 and more");
  fake_responder_answer_classic (beacon, "-1");
  fake_responder_answer_classic (beacon, padding);
  finder = search (beacon, &brief);

  assert_true (fake_responder_get_n_classic (beacon) > 0 && fake_responder_get_n_extended (beacon) > 0);
  assert_int_equal (n_servers (finder), 0);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_NONE);
  assert_int_equal (ahoy_probe_get_replies (probe_of (finder, AHOY_PROBE_THIS_COMPUTER)), 0);
}

static void
test_two_servers_on_one_port (void **state)
{
  g_autoptr (FakeResponder) one = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (FakeResponder) two = fake_responder_new ("0.0.0.0", fake_responder_get_port (one));
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_extended (one, EXTENDED ("24690", "one", "One"));
  fake_responder_answer_extended (two, EXTENDED ("24691", "two", "Two"));
  fake_responder_answer_classic (two, "24691");
  finder = search (one, &patient);

  assert_int_equal (n_servers (finder), 2);
  assert_int_equal (ahoy_server_get_port (server_at (finder, 0)) + ahoy_server_get_port (server_at (finder, 1)), 24690 + 24691);
}

static void
test_one_id_is_one_server (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = NULL;

  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "Library"));
  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "Library"));
  fake_responder_answer_extended (beacon, EXTENDED ("24691", "abc", "Library"));
  finder = search (beacon, &patient);

  assert_int_equal (n_servers (finder), 1);
  assert_int_equal (ahoy_server_get_port (server_at (finder, 0)), 24690);
}

static void
test_nobody (void **state)
{
  g_autoptr (FakeResponder) silent = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = search (silent, &brief);
  AhoyProbe                *computer = probe_of (finder, AHOY_PROBE_THIS_COMPUTER);
  AhoyProbe                *limited = probe_of (finder, AHOY_PROBE_LIMITED);

  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_NONE);
  assert_int_equal (ahoy_finder_get_diagnosis (finder), AHOY_DIAGNOSIS_NO_NETWORK);
  assert_int_equal (n_servers (finder), 0);
  assert_int_equal (fake_responder_get_n_classic (silent), AHOY_FINDER_ATTEMPTS);
  assert_int_equal (fake_responder_get_n_extended (silent), AHOY_FINDER_ATTEMPTS);
  assert_int_equal (fake_responder_get_n_nonces (silent), AHOY_FINDER_ATTEMPTS);

  assert_string_equal (ahoy_probe_get_interface (computer), "lo");
  assert_string_equal (ahoy_probe_get_target (computer), "127.255.255.255");
  assert_int_equal (ahoy_probe_get_sent (computer), 2 * AHOY_FINDER_ATTEMPTS);
  assert_int_equal (ahoy_probe_get_error (computer), 0);
  assert_true (ahoy_probe_get_echo_heard (computer));
  assert_int_equal (ahoy_probe_get_replies (computer), 0);

  /* There is no route for it; the search went on all the same. */
  assert_string_equal (ahoy_probe_get_target (limited), "255.255.255.255");
  assert_int_equal (ahoy_probe_get_sent (limited), 0);
  assert_int_equal (ahoy_probe_get_error (limited), ENETUNREACH);
  assert_false (ahoy_probe_get_echo_heard (limited));
}

static void
test_attempts_come_when_the_protocol_says (void **state)
{
  g_autoptr (FakeResponder) silent = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = ahoy_finder_new (fake_responder_get_port (silent));
  const gint64              due[] = { 0, 300, 900, 2100 };
  gint64                    start = g_get_monotonic_time ();

  ahoy_finder_start (finder);
  wait_over (finder);

  assert_true (g_get_monotonic_time () - start >= 4000 * 1000);
  assert_int_equal (fake_responder_get_n_nonces (silent), G_N_ELEMENTS (due));
  for (guint i = 0; i < G_N_ELEMENTS (due); i++)
    {
      /* Timers may be late, and never early. */
      assert_true (fake_responder_get_heard_at (silent, i) - start >= due[i] * 1000);
    }
}

static void
test_a_server_may_come_late (void **state)
{
  g_autoptr (FakeResponder) first = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (FakeResponder) late = NULL;
  g_autoptr (AhoyFinder)    finder = make_finder (first, &patient);

  ahoy_finder_start (finder);
  late = fake_responder_new ("0.0.0.0", fake_responder_get_port (first));
  fake_responder_answer_extended (late, EXTENDED ("24690", "late", "Late"));
  wait_over (finder);

  assert_int_equal (n_servers (finder), 1);
}

/* The kernel finds out about them in its own time. */
static void
wait_for_carriers (guint n)
{
  gint64 deadline = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;

  for (guint found = 0; found < n;)
    {
      g_autoptr (GPtrArray) list = ahoy_interfaces_list (NULL);

      assert_true (g_get_monotonic_time () < deadline);
      found = list->len;
      if (found < n)
        g_usleep (10 * 1000);
    }
}

static gboolean
has_echoed (gpointer finder)
{
  GListModel *probes = ahoy_finder_get_probes (finder);

  for (guint i = 0; i < g_list_model_get_n_items (probes); i++)
    {
      g_autoptr (AhoyProbe) probe = g_list_model_get_item (probes, i);

      if (ahoy_probe_get_kind (probe) == AHOY_PROBE_INTERFACE && ahoy_probe_get_echo_heard (probe))
        return TRUE;
    }

  return FALSE;
}

static void
test_an_interface_may_come_late (void **state)
{
  g_autoptr (FakeResponder) silent = fake_responder_new ("0.0.0.0", 0);
  /* The first attempt is before it, the others are after it: nothing goes on meanwhile, and no clock ends it. */
  const AhoyFinderTiming timing = { .attempts = { 0, 20, 40, 60 }, .give_up = 10 * TEST_LOOP_DEADLINE_MS };
  g_autoptr (AhoyFinder) finder = make_finder (silent, &timing);
  AhoyProbe             *probe;

  test_netns_ip ("link add eth7 type veth peer name wlan7");
  ahoy_finder_start (finder);
  assert_int_equal (g_list_model_get_n_items (ahoy_finder_get_probes (finder)), 4); /* lo, the limited one, mDNS, no domain */
  test_netns_ip ("link set wlan7 up");
  test_netns_ip ("link set eth7 up");
  test_netns_ip ("addr add 10.9.8.7/23 dev eth7");
  wait_for_carriers (2);
  assert_true (test_loop_until (NULL, has_echoed, finder, TEST_LOOP_DEADLINE_MS));
  ahoy_finder_stop (finder);
  test_netns_ip ("link del eth7");

  probe = probe_of (finder, AHOY_PROBE_INTERFACE);
  assert_string_equal (ahoy_probe_get_interface (probe), "eth7");
  assert_string_equal (ahoy_probe_get_address (probe), "10.9.8.7");
  assert_string_equal (ahoy_probe_get_target (probe), "10.9.9.255");
  assert_true (ahoy_probe_get_sent (probe) > 0);
  assert_true (ahoy_probe_get_echo_heard (probe));
  assert_int_equal (ahoy_probes_diagnose (ahoy_finder_get_probes (finder)), AHOY_DIAGNOSIS_NO_SERVER);
}

static void
test_listening_for_the_echo_takes_nothing_away (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = make_finder (beacon, &brief);

  /* Bound before the finder's sockets; unicast comes to it all the same, and so do broadcasts. */
  ahoy_finder_set_last_used (finder, "127.0.0.1", fake_responder_get_port (beacon), NULL);
  ahoy_finder_start (finder);
  wait_over (finder);

  assert_true (ahoy_probe_get_echo_heard (probe_of (finder, AHOY_PROBE_THIS_COMPUTER)));
  assert_int_equal (ahoy_probe_get_sent (probe_of (finder, AHOY_PROBE_ADDRESS)), 2 * AHOY_FINDER_ATTEMPTS);
  assert_int_equal (fake_responder_get_n_classic (beacon), 2 * AHOY_FINDER_ATTEMPTS);
  assert_int_equal (fake_responder_get_n_extended (beacon), 2 * AHOY_FINDER_ATTEMPTS);
}

static void
test_last_used_is_first (void **state)
{
  g_autoptr (FakeResponder) one = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = make_finder (one, &patient);

  for (int i = 0; i < 3; i++)
    {
      g_autofree char *reply = g_strdup_printf ("%d|v=2|nonce=@NONCE@|id=id%d|name=|users=0|tls=0", 5000 + i, i);

      fake_responder_answer_extended (one, reply);
    }

  ahoy_finder_set_last_used (finder, "192.0.2.1", 1, "id2"); /* it has moved, but it is the same */
  ahoy_finder_start (finder);
  wait_over (finder);

  assert_int_equal (n_servers (finder), 3);
  assert_string_equal (ahoy_server_get_id (server_at (finder, 0)), "id2");
  assert_true (ahoy_server_get_last_used (server_at (finder, 0)));
  assert_string_equal (ahoy_server_get_id (server_at (finder, 1)), "id0");
  assert_false (ahoy_server_get_last_used (server_at (finder, 1)));
  assert_string_equal (ahoy_server_get_id (server_at (finder, 2)), "id1");

  /* The next search knows it still. */
  ahoy_finder_start (finder);
  assert_int_equal (n_servers (finder), 0);
  wait_over (finder);
  assert_string_equal (ahoy_server_get_id (server_at (finder, 0)), "id2");
}

static void
test_last_used_is_asked_by_unicast (void **state)
{
  g_autoptr (FakeResponder) deaf = fake_responder_new ("127.0.0.1", 0); /* hears no broadcast */
  g_autoptr (AhoyFinder)    finder = make_finder (deaf, &patient);

  fake_responder_answer_classic (deaf, "24690");
  ahoy_finder_set_last_used (finder, "localhost", 24690, NULL);
  ahoy_finder_start (finder);
  wait_over (finder);

  assert_int_equal (n_servers (finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (finder, 0)), "127.0.0.1");
  assert_true (ahoy_server_get_last_used (server_at (finder, 0)));
}

static void
test_stop (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = make_finder (beacon, &patient);
  g_autoptr (AhoyFinder)    next = NULL;

  fake_responder_answer_classic (beacon, "24690");
  ahoy_finder_start (finder);
  ahoy_finder_stop (finder);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_IDLE);

  /* Another search gets its answer; the stopped one hears nothing of it, nor of its own. */
  next = search (beacon, &patient);
  assert_int_equal (n_servers (next), 1);
  assert_int_equal (n_servers (finder), 0);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_IDLE);

  ahoy_finder_start (finder);
  wait_over (finder);
  assert_int_equal (n_servers (finder), 1);
  ahoy_finder_stop (finder); /* it is over: what it found stays */
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_FOUND);
}

static void
on_found_stop (AhoyFinder *finder)
{
  ahoy_finder_stop (finder);
}

static void
test_stopping_from_within_is_safe (void **state)
{
  g_autoptr (FakeResponder) beacon = fake_responder_new ("0.0.0.0", 0);
  g_autoptr (AhoyFinder)    finder = make_finder (beacon, &patient);
  g_autoptr (AhoyFinder)    eager = make_finder (beacon, &patient);

  fake_responder_answer_extended (beacon, EXTENDED ("24690", "abc", "Library"));
  fake_responder_answer_classic (beacon, "24690");
  g_signal_connect_swapped (ahoy_finder_get_servers (finder), "items-changed", G_CALLBACK (on_found_stop), finder);
  ahoy_finder_start (finder);
  wait_over (finder);
  assert_int_equal (ahoy_finder_get_state (finder), AHOY_FINDER_IDLE);
  assert_int_equal (n_servers (finder), 1);

  g_signal_connect_swapped (ahoy_finder_get_probes (eager), "items-changed", G_CALLBACK (on_found_stop), eager);
  ahoy_finder_start (eager);
  assert_int_equal (ahoy_finder_get_state (eager), AHOY_FINDER_IDLE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_extended_server),
    cmocka_unit_test (test_classic_server),
    cmocka_unit_test (test_a_server_of_ipv6_alone_on_this_computer),
    cmocka_unit_test (test_somebody_tells_of_a_server),
    cmocka_unit_test (test_both_dialects_are_one_server),
    cmocka_unit_test (test_an_old_server_may_answer_everything_classically),
    cmocka_unit_test (test_what_is_no_reply),
    cmocka_unit_test (test_two_servers_on_one_port),
    cmocka_unit_test (test_one_id_is_one_server),
    cmocka_unit_test (test_nobody),
    cmocka_unit_test (test_attempts_come_when_the_protocol_says),
    cmocka_unit_test (test_a_server_may_come_late),
    cmocka_unit_test (test_an_interface_may_come_late),
    cmocka_unit_test (test_listening_for_the_echo_takes_nothing_away),
    cmocka_unit_test (test_last_used_is_first),
    cmocka_unit_test (test_last_used_is_asked_by_unicast),
    cmocka_unit_test (test_stop),
    cmocka_unit_test (test_stopping_from_within_is_safe),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
