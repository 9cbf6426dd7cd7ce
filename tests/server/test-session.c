/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-session, ahoyd-chat, ahoyd-dispatch and the handlers: what one connection may say when, and what it is answered. */

#include "net/ahoyd-session.h"

#include <string.h>
#include <sys/socket.h>

#include "net/ahoyd-dispatch.h"
#include "net/ahoyd-quota.h"
#include "ahoyd-chat.h"
#include "features/ahoyd-feature-set.h"
#include "features/ahoyd-features.h"
#include "features/ahoyd-mark-table.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "store/ahoyd-store-memory.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_serve (*state);
  return 0;
}

static int
setup_impatient (void **state)
{
  ServerFixture *fixture;

  server_fixture_setup (state);
  fixture = *state;
  fixture->config->login_timeout_ms = 2000; /* in which somebody can log in, however busy the machine is */
  server_fixture_serve (fixture);
  return 0;
}

static int
setup_motd (void **state)
{
  ServerFixture *fixture;

  server_fixture_setup (state);
  fixture = *state;
  fixture->config->motd = g_strdup ("Welcome.\n\nBe kind.");
  server_fixture_serve (fixture);
  return 0;
}

/* The table holds nothing for what clients do not send, and each verb belongs to one state. */
static void
test_the_table (void **state)
{
  static const struct
  {
    AhoyPacketKind kind;
    guint          states;
    AhoydCost      cost;
  } rows[] = {
    { AHOY_PACKET_LOGIN, AHOYD_STATE_LOBBY, AHOYD_COST_EVERYONE },
    { AHOY_PACKET_SAY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE },
    { AHOY_PACKET_WHISPER, AHOYD_STATE_ONLINE, AHOYD_COST_ONE },
    { AHOY_PACKET_HISTORY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE },
    { AHOY_PACKET_RECEIPT, AHOYD_STATE_ONLINE, AHOYD_COST_ONE },
    { AHOY_PACKET_TYPING, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE },
    { AHOY_PACKET_AWAY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE },
    { AHOY_PACKET_PING, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE },
    { AHOY_PACKET_PONG, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE },
    { AHOY_PACKET_QUIT, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE },
  };
  const AhoydFeatureHost nothing = { 0 };
  AhoydFeatureSet       *features = ahoyd_feature_set_new (ahoyd_features (), &nothing);
  guint                  found = 0;

  for (int kind = AHOY_PACKET_UNKNOWN; kind <= AHOY_PACKET_PONG + 1; kind++)
    found += ahoyd_dispatch_find (ahoyd_feature_set_get_dispatch (features), &(const AhoyPacket){ .kind = kind }) != NULL;
  assert_int_equal (found, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const AhoydVerb *verb = ahoyd_dispatch_find (ahoyd_feature_set_get_dispatch (features), &(const AhoyPacket){ .kind = rows[i].kind });

      assert_non_null (verb);
      assert_int_equal (verb->states, rows[i].states);
      assert_int_equal (verb->cost, rows[i].cost);
    }
  ahoyd_feature_set_free (features);
}

static void
test_log_in_talk_leave (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer      *bob = server_fixture_log_in (fixture, "bob", "alice", NULL);
  TestPeer      *carol = server_fixture_log_in (fixture, "carol", "alice", "bob", NULL);

  test_peer_send (bob, "<3hello, all>");
  test_peer_expect (alice, "<4bob: hello, all>");
  test_peer_expect (bob, "<4bob: hello, all>");
  test_peer_expect (carol, "<4bob: hello, all>");
  shutdown (bob->fd, SHUT_RDWR);
  test_peer_expect (alice, "<3bob>");
  test_peer_expect (carol, "<3bob>");
  assert_int_equal (ahoyd_server_get_n_online (fixture->server), 2);
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 2);
}

static void
test_names_refused (void **state)
{
  ServerFixture           *fixture = *state;
  TestPeer                *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer                *other = server_fixture_connect (fixture);
  static const char *const bad[] = { "", " ", "alice", " ALICE", "\xd0\xb0lice", "a,b", "*", "[x", "a\nb", "\xe2\x80\x8b" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *asked = g_strdup_printf ("<1%s>", bad[i]);
      g_autofree char *refused = g_strdup_printf ("<0%s>", bad[i]);

      test_peer_send (other, asked);
      test_peer_expect (other, refused); /* as it was sent */
    }
  test_peer_send (other, "<1 bob >");
  test_peer_expect (other, "<1alice><1bob>");
  test_peer_expect (alice, "<2bob>");
}

static void
test_only_a_log_in_before_the_log_in (void **state)
{
  ServerFixture           *fixture = *state;
  TestPeer                *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer                *other = server_fixture_connect (fixture);
  static const char *const early[] = { "<3hello>", "<2alice,hello>", "<9what>", "<2no comma>" };

  for (guint i = 0; i < G_N_ELEMENTS (early); i++)
    {
      g_autofree char *notice = NULL;

      test_peer_send (other, early[i]);
      notice = test_peer_expect_notice (other);
    }
  test_peer_expect_nothing (alice);
  test_peer_send (other, "<1bob>");
  test_peer_expect (other, "<1alice><1bob>");
}

static void
test_no_second_log_in (void **state)
{
  TestPeer        *alice = server_fixture_log_in (*state, "alice", NULL);
  g_autofree char *notice = NULL;

  test_peer_send (alice, "<1alicia><3me>");
  notice = test_peer_expect_notice (alice);
  assert_non_null (strstr (notice, "alice"));
  test_peer_expect (alice, "<4alice: me>");
}

static void
test_unknown_types_and_headings_are_ignored (void **state)
{
  TestPeer *alice = server_fixture_log_in (*state, "alice", NULL);

  test_peer_send (alice, "<9what><0x><4alice: forged><Hx><~>\x01v=2\x1f"
                         "cid=0123456789abcdef<3hello>");
  test_peer_expect (alice, "<4alice: hello>");
  test_peer_expect_nothing (alice);
}

static void
test_faults_get_one_notice_and_the_end (void **state)
{
  ServerFixture    *fixture = *state;
  TestPeer         *alice = server_fixture_log_in (fixture, "alice", NULL);
  g_autofree char  *long_body = g_strdup_printf ("\x02"
                                                  "3%*s\x03",
                                                 AHOY_BODY_MAX + 1, "x");
  const char *const bad[] = { "hello", "<3a\x07>", "<3a<3b>", "<\x01x>", "\x01"
                                                                         "a\x01",
                              "<3\xff\xff>", long_body };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      TestPeer        *peer = server_fixture_connect (fixture);
      g_autofree char *notice = NULL;

      test_peer_send (peer, "<1eve>");
      test_peer_expect (peer, "<1alice><1eve>");
      test_peer_expect (alice, "<2eve>");
      test_peer_send (peer, bad[i]);
      notice = test_peer_expect_notice (peer);
      assert_true (strlen (notice) > 10);
      test_peer_expect_end (peer);
      test_peer_expect (alice, "<3eve>");
      assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 1);
    }
}

static void
test_a_session_speaks_its_charset (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer      *ming = server_fixture_connect (fixture);

  test_peer_send (ming, "<1\xd0\xa1\xc3\xf7>"); /* 小明 */
  test_peer_expect (ming, "<1alice><1\xd0\xa1\xc3\xf7>");
  test_peer_expect (alice, "<2小明>");
  test_peer_send (alice, "<2小明,你>");
  test_peer_expect (alice, "<4[whisper] alice to 小明: 你>");
  test_peer_expect (ming, "<4[whisper] alice to \xd0\xa1\xc3\xf7: \xc4\xe3>");
}

static void
test_the_lobby_closes (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice = server_fixture_log_in (fixture, "alice", NULL);
  TestPeer        *silent = server_fixture_connect (fixture);
  TestPeer        *refused = server_fixture_connect (fixture);
  g_autofree char *notice = NULL;
  g_autofree char *other = NULL;

  test_peer_send (refused, "<1*>");
  test_peer_expect (refused, "<0*>");
  notice = test_peer_expect_notice (silent);
  test_peer_expect_end (silent);
  other = test_peer_expect_notice (refused);
  test_peer_expect_end (refused);
  test_peer_send (alice, "<3still here>");
  test_peer_expect (alice, "<4alice: still here>");
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 1);
}

static void
test_the_message_of_the_day (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice = server_fixture_log_in (fixture, "alice", NULL);

  test_peer_expect (alice, "<4* Welcome.><4* Be kind.>");
  test_peer_expect_nothing (alice);
}

/* Whoever made more work than their share is not read from for a while: nothing is lost, and it goes on. */
static void
test_a_debt_is_waited_for (void **state)
{
  ServerFixture        *fixture = *state;
  const struct sockaddr from = { .sa_family = AF_UNIX };
  g_autoptr (AhoyTls)   tls = ahoy_tls_new (NULL, NULL);
  AhoydStats            stats = { 0 };
  AhoydChatParts        parts;
  AhoydChat            *chat;
  AhoydSession         *session;
  AhoydAddressLimit    *address_limit;
  TestPeer             *peer;
  gint64                charged;
  int                   fds[2];

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  parts = (AhoydChatParts){
    .config = fixture->config,
    .poll = ahoy_poll_new (fixture->context, NULL),
    .tls = tls,
    .store = ahoyd_store_memory_new (fixture->context, 1),
    .address_limits = ahoyd_address_limits_new (&(const AhoydAddressLimitsConfig){ .max_waiting = 1, .max_failures = 1 }, 0),
    .stats = &stats,
    .server_id = "mxv3q5lr2t4ycw7bn6ke3jdpoa",
  };
  ahoyd_store_add_table (parts.store, &ahoyd_mark_table);
  chat = ahoyd_chat_new (&parts, ahoyd_features (), NULL, NULL);
  assert_int_equal (ahoyd_address_limits_enter (parts.address_limits, &from, 0, &address_limit), AHOYD_WELCOME);
  session = ahoyd_chat_add (chat, fds[0], address_limit, 1, NULL);
  peer = test_peer_new (fixture->context, fds[1]);
  test_peer_send (peer, "<1alice>");
  test_peer_expect (peer, "<1alice>");
  assert_int_equal (ahoyd_address_limits_enter (parts.address_limits, &from, 0, &address_limit), AHOYD_WELCOME); /* the first waits no more */
  ahoyd_address_limits_leave (parts.address_limits, address_limit, TRUE);

  charged = g_get_monotonic_time ();
  ahoyd_session_charge (session, AHOYD_WORK_BURST + AHOYD_WORK_RATE / 10);
  test_peer_send (peer, "<3one><3two>");
  test_peer_expect (peer, "<4alice: one><4alice: two>");
  assert_true (g_get_monotonic_time () - charged >= G_USEC_PER_SEC / 10);

  /* And it may end in debt. */
  ahoyd_session_charge (session, AHOYD_WORK_RATE);
  ahoyd_session_close (session, NULL);
  assert_int_equal (ahoyd_chat_get_n_sessions (chat), 0);
  test_peer_expect_end (peer);

  test_peer_free (peer);
  ahoyd_chat_free (chat);
  ahoyd_store_free (parts.store);
  assert_int_equal (ahoyd_address_limits_get_n (parts.address_limits), 0);
  ahoyd_address_limits_free (parts.address_limits);
  assert_true (test_loop_settle (fixture->context));
  ahoy_poll_unref (parts.poll);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_table),
    cmocka_unit_test_setup_teardown (test_log_in_talk_leave, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_names_refused, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_only_a_log_in_before_the_log_in, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_no_second_log_in, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_unknown_types_and_headings_are_ignored, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_faults_get_one_notice_and_the_end, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_session_speaks_its_charset, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_the_lobby_closes, setup_impatient, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_the_message_of_the_day, setup_motd, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_debt_is_waited_for, server_fixture_setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
