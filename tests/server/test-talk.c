/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Saying something to everyone, whispering it to one. PROTOCOL.md, "Talking", "Repeats". */

#include <string.h>
#include <sys/socket.h>

#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "wire/ahoy-limits.h"

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_serve (*state);
  return 0;
}

static void
test_to_everyone (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer      *bob = server_fixture_log_in (fixture, "bob", "alice", NULL);
  TestPeer      *carol = server_fixture_log_in (fixture, "carol", "alice", "bob", NULL);

  test_peer_send (bob, "<3one><3two>");
  test_peer_expect (alice, "<4bob: one><4bob: two>");
  test_peer_expect (bob, "<4bob: one><4bob: two>");
  test_peer_expect (carol, "<4bob: one><4bob: two>");
}

static void
test_whispers (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer        *bob = server_fixture_log_in (fixture, "bob", "alice", NULL);
  TestPeer        *carol = server_fixture_log_in (fixture, "carol", "alice", "bob", NULL);
  g_autofree char *absent = NULL;
  g_autofree char *no_name = NULL;
  g_autofree char *no_comma = NULL;

  test_peer_send (alice, "<2BOB ,a, b>");
  test_peer_expect (alice, "<4[whisper] alice to bob: a, b>");
  test_peer_expect (bob, "<4[whisper] alice to bob: a, b>");

  test_peer_send (alice, "<2alice,note>");
  test_peer_expect (alice, "<4[whisper] alice to alice: note>");

  test_peer_send (alice, "<2dave,hello>");
  absent = test_peer_expect_notice (alice);
  assert_non_null (strstr (absent, "dave"));
  test_peer_send (alice, "<2*,hello>");
  no_name = test_peer_expect_notice (alice);
  test_peer_send (alice, "<2bob hello>");
  no_comma = test_peer_expect_notice (alice);
  assert_string_not_equal (no_name, no_comma);

  test_peer_expect_nothing (bob);
  test_peer_expect_nothing (carol);
  test_peer_expect_nothing (alice);
}

static void
test_blank_text_is_nothing (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer      *bob = server_fixture_log_in (fixture, "bob", "alice", NULL);

  test_peer_send (alice, "<3><3 ><3\n\t><3\xe3\x80\x80><2bob,><2bob, ><3\u200b><3\u0301 \u2060><3\u2800\u3164><2bob,\ufe0f>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_send (alice, "<3 x >");
  test_peer_expect (bob, "<4alice:  x >");
}

/* Who waits for an echo is told that none will come. */
static void
test_blank_text_with_a_cid (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  g_autofree char *error = NULL;

  test_peer_send (alice, "\x01"
                         "cid=0123456789abcdef<3 >");
  error = test_peer_read_until (alice, ">");
  assert_non_null (strstr (error, "code=blank"));
  assert_non_null (strstr (error, "cid=0123456789abcdef"));
}

/* What was said before is said once: its sender alone gets it again, with the id of then. */
static void
test_a_repeat (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *heard = NULL;

  test_peer_send (alice, "\x01"
                         "cid=0123456789abcdef<3once>");
  first = test_peer_read_until (alice, ">");
  test_peer_send (alice, "\x01"
                         "cid=0123456789abcdef<3once>");
  again = test_peer_read_until (alice, ">");
  assert_string_equal (first, again);
  heard = test_peer_read_until (bob, ">");
  assert_true (g_str_has_suffix (heard, "<4once>"));
  assert_null (strstr (heard, "cid="));
  test_peer_expect_nothing (bob);
}

static void
test_a_line_longer_than_a_frame (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice = server_fixture_log_in (fixture, "alice", NULL);
  g_autofree char *text = g_strnfill (AHOY_BODY_MAX, 'z');
  g_autofree char *say = g_strdup_printf ("<3%s>", text);
  const gsize      first = AHOY_BODY_MAX - strlen ("alice: ");
  g_autofree char *heard = g_strdup_printf ("<4alice: %.*s><4alice: %s>", (int) first, text, text + first);

  test_peer_send (alice, say);
  test_peer_expect (alice, heard); /* nothing lost, and no frame passes the limit */
}

static void
test_last_words_come_before_the_leave (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer      *bob = server_fixture_log_in (fixture, "bob", "alice", NULL);

  test_peer_send (bob, "<3bye>");
  shutdown (bob->fd, SHUT_WR);
  test_peer_expect (alice, "<4bob: bye><3bob>");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_to_everyone, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_whispers, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_blank_text_is_nothing, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_blank_text_with_a_cid, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_repeat, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_line_longer_than_a_frame, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_last_words_come_before_the_leave, setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
