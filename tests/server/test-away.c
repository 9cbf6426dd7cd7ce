/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is away, and what they say about it. PROTOCOL.md, "Typing and away". */

#include <string.h>

#include "server/cmocka-all.h"
#include "server/server-fixture.h"

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_serve (*state);
  return 0;
}

/* What somebody new is told of who is here. */
static char *
roster_of (ServerFixture *fixture,
           const char    *name)
{
  TestPeer        *peer = server_fixture_connect (fixture);
  g_autofree char *own = g_strdup_printf ("\x01v=2<1%s>", name);

  test_peer_send (peer, own);
  return test_peer_read_until (peer, "<C>");
}

static void
test_away_and_back (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  g_autofree char *during = NULL;
  g_autofree char *after = NULL;

  test_peer_send (alice, "<Aat lunch>");
  test_peer_expect (alice, "\x01"
                           "from=alice<Aat lunch>");
  test_peer_expect (bob, "\x01"
                         "from=alice<Aat lunch>");
  during = roster_of (*state, "carol");
  assert_non_null (strstr (during, "away=at lunch<1alice>"));
  assert_null (strstr (during, "away=at lunch<1bob>"));
  g_free (test_peer_read_until (bob, "<2carol>"));

  /* Blank is no status. */
  test_peer_send (alice, "<A  >");
  test_peer_expect (bob, "\x01"
                         "from=alice<A>");
  after = roster_of (*state, "dave");
  assert_null (strstr (after, "away="));
}

/* What is so already is said once. */
static void
test_nothing_new (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  test_peer_send (alice, "<A><Agone><Agone><Aaway>");
  test_peer_expect (bob, "\x01"
                         "from=alice<Agone>\x01"
                         "from=alice<Aaway>");
}

static void
test_how_long (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  g_autofree char *longest = g_strnfill (200, 's');
  g_autofree char *sent = g_strdup_printf ("<A%s>", longest);
  g_autofree char *told = g_strdup_printf ("\x01"
                                           "from=alice<A%s>",
                                           longest);
  g_autofree char *too_long = g_strdup_printf ("<A%ss>", longest);
  g_autofree char *error = NULL;

  test_peer_send (alice, too_long);
  error = test_peer_read_until (alice, ">");
  assert_non_null (strstr (error, "code=too-long<E"));
  test_peer_send (alice, sent);
  test_peer_expect (bob, told);
}

/* It ends with the person, not with the first message of the next one of that name. */
static void
test_it_ends_with_leaving (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  g_autofree char *left = NULL;
  g_autofree char *joined = NULL;

  test_peer_send (alice, "<Agone>");
  test_peer_expect (bob, "\x01"
                         "from=alice<Agone>");
  test_peer_send (alice, "<Q>");
  left = test_peer_read_until (bob, "<3alice>");
  g_free (roster_of (*state, "alice"));
  joined = test_peer_read_until (bob, "<2alice>");
  assert_null (strstr (joined, "away="));
}

/* Whoever takes the place of their ghost is back: the others are told, and the roster says so. */
static void
test_it_ends_with_another_log_in (void **state)
{
  TestPeer        *first = server_fixture_connect (*state);
  TestPeer        *bob;
  TestPeer        *second;
  g_autofree char *roster = NULL;
  g_autofree char *last = NULL;

  test_peer_send (first, "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1alice>");
  g_free (test_peer_read_until (first, "<C>"));
  bob = server_fixture_enter (*state, "bob");
  test_peer_send (first, "<Agone>");
  test_peer_expect (bob, "\x01"
                         "from=alice<Agone>");
  g_free (test_peer_read_until (first, "<Agone>"));
  second = server_fixture_connect (*state);
  test_peer_send (second, "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1alice>");
  roster = test_peer_read_until (second, "<C>");
  assert_null (strstr (roster, "away="));
  test_peer_expect (bob, "\x01"
                         "from=alice<A>");
  test_peer_expect_nothing (bob);
  test_peer_expect_nothing (second);
  /* The ghost hears nothing of it. */
  last = test_peer_read_until (first, ">");
  assert_non_null (strstr (last, "code=replaced<E"));
  test_peer_expect_end (first);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_away_and_back, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_nothing_new, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_how_long, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_it_ends_with_leaving, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_it_ends_with_another_log_in, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
