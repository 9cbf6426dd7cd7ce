/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether the other side is still there. PROTOCOL.md, "Keep-alive". */

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
test_a_question_is_answered (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");

  test_peer_send (alice, "\x01n=18446744073709551615<P>");
  test_peer_expect (alice, "\x01n=18446744073709551615<p>");
  test_peer_send (alice, "<P>");
  test_peer_expect (alice, "<p>");
}

static void
test_an_answer_is_none (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");

  test_peer_send (alice, "\x01n=7<p>");
  test_peer_expect_nothing (alice);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_question_is_answered, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_an_answer_is_none, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
