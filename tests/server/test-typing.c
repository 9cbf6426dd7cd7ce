/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is writing. PROTOCOL.md, "Typing and away". */

#include <time.h>

#include "server/cmocka-all.h"
#include "server/server-fixture.h"

/* While this is not 0 it is the time: monotonic µs. */
static gint64 frozen;

/* Instead of GLib's. */
gint64
g_get_monotonic_time (void)
{
  struct timespec now;

  if (frozen != 0)
    return frozen;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_serve (*state);
  return 0;
}

static int
teardown (void **state)
{
  frozen = 0;
  return server_fixture_teardown (state);
}

static void
test_to_everyone (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");
  TestPeer *carol = server_fixture_enter (*state, "carol");

  test_peer_send (alice, "<T>");
  test_peer_expect (bob, "\x01"
                         "from=alice<T>");
  test_peer_expect (carol, "\x01"
                           "from=alice<T>");
  test_peer_expect_nothing (alice);
}

static void
test_to_one (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");
  TestPeer *carol = server_fixture_enter (*state, "carol");

  test_peer_send (alice, "\x01to=BOB<T>");
  test_peer_expect (bob, "\x01to=bob\x1f"
                         "from=alice<T>");
  test_peer_send (carol, "\x01to=carol<T>\x01to=nobody<T>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_expect_nothing (carol);
}

/* Classic peers have no word for it. */
static void
test_classic_peers (void **state)
{
  TestPeer *alice = server_fixture_log_in (*state, "alice", NULL);
  TestPeer *bob = server_fixture_enter (*state, "bob");

  test_peer_send (bob, "<T>");
  test_peer_send (bob, "\x01to=alice<T>");
  test_peer_send (alice, "<T>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
}

/* At most twice a second from one session, and each session for itself. */
static void
test_how_often (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  frozen = g_get_monotonic_time ();
  test_peer_send (alice, "<T><T><T>");
  test_peer_expect (bob, "\x01"
                         "from=alice<T>");
  test_peer_send (bob, "<T>");
  test_peer_expect (alice, "\x01"
                           "from=bob<T>");
  frozen += G_USEC_PER_SEC / 2 - 1;
  test_peer_send (alice, "<T>");
  test_peer_expect_nothing (bob);
  frozen++;
  test_peer_send (alice, "<T>");
  test_peer_expect (bob, "\x01"
                         "from=alice<T>");
}

/* Who is not there is no reason to wait. */
static void
test_nobody_does_not_count (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  frozen = g_get_monotonic_time ();
  test_peer_send (alice, "\x01to=nobody<T><T>");
  test_peer_expect (bob, "\x01"
                         "from=alice<T>");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_to_everyone, setup, teardown),
    cmocka_unit_test_setup_teardown (test_to_one, setup, teardown),
    cmocka_unit_test_setup_teardown (test_classic_peers, setup, teardown),
    cmocka_unit_test_setup_teardown (test_how_often, setup, teardown),
    cmocka_unit_test_setup_teardown (test_nobody_does_not_count, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
