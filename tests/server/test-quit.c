/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Leaving on purpose. PROTOCOL.md, "Types". */

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

static void
test_with_a_reason (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  g_autofree char *left = NULL;

  test_peer_send (bob, "<Qtea time>");
  left = test_peer_read_until (alice, ">");
  assert_non_null (strstr (left, "reason=tea time<3bob>"));
  test_peer_expect_end (bob);
}

static void
test_without (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");

  test_peer_send (bob, "<Q>");
  test_peer_expect (alice, "<3bob>");
}

/* A long one is cut: who leaves hears no error any more. */
static void
test_a_long_reason (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  g_autofree char *longest = g_strnfill (200, 'r');
  g_autofree char *sent = g_strdup_printf ("<Q%srrr>", longest);
  g_autofree char *told = g_strdup_printf ("reason=%s<3bob>", longest);
  g_autofree char *left = NULL;

  test_peer_send (bob, sent);
  left = test_peer_read_until (alice, ">");
  assert_true (g_str_has_suffix (left, told));
}

/* Who never logged in leaves without anybody hearing of it. */
static void
test_before_the_log_in (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *nobody = server_fixture_connect (*state);

  test_peer_send (nobody, "\x01v=2<1,>");
  g_free (test_peer_read_until (nobody, "<0,>"));
  test_peer_send (nobody, "<Q>");
  test_peer_expect_end (nobody);
  test_peer_expect_nothing (alice);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_with_a_reason, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_without, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_long_reason, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_before_the_log_in, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
