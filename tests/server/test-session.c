/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-session, ahoyd-dispatch and the handlers: what one connection may say when, and what it is answered. */

#include "ahoyd-session.h"

#include <string.h>
#include <sys/socket.h>

#include "ahoyd-dispatch.h"
#include "ahoyd-quota.h"
#include "server/cmocka-all.h"
#include "server/test-house.h"
#include "store/ahoyd-store-memory.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

static int
setup (void **state)
{
  test_house_setup (state);
  test_house_serve (*state);
  return 0;
}

static int
setup_impatient (void **state)
{
  TestHouse *house;

  test_house_setup (state);
  house = *state;
  house->config->login_timeout_ms = 2000; /* in which somebody can log in, however busy the machine is */
  test_house_serve (house);
  return 0;
}

static int
setup_motd (void **state)
{
  TestHouse *house;

  test_house_setup (state);
  house = *state;
  house->config->motd = g_strdup ("Welcome.\n\nBe kind.");
  test_house_serve (house);
  return 0;
}

/* The table holds nothing for what clients do not send, and each verb belongs to one state. */
static void
test_the_table (void **state)
{
  for (int kind = AHOY_PACKET_UNKNOWN; kind <= AHOY_PACKET_PONG + 1; kind++)
    {
      const AhoydVerb *verb = ahoyd_dispatch_find (kind);

      switch (kind)
        {
        case AHOY_PACKET_LOGIN:
          assert_ptr_equal (verb->handle, ahoyd_handle_login);
          assert_int_equal (verb->states, AHOYD_STATE_LOBBY);
          break;
        case AHOY_PACKET_SAY:
          assert_ptr_equal (verb->handle, ahoyd_handle_say);
          assert_int_equal (verb->states, AHOYD_STATE_ONLINE);
          assert_int_equal (verb->cost, AHOYD_COST_EVERYONE);
          break;
        case AHOY_PACKET_WHISPER:
          assert_ptr_equal (verb->handle, ahoyd_handle_whisper);
          assert_int_equal (verb->states, AHOYD_STATE_ONLINE);
          assert_int_equal (verb->cost, AHOYD_COST_ONE);
          break;
        case AHOY_PACKET_HISTORY:
        case AHOY_PACKET_RECEIPT:
        case AHOY_PACKET_TYPING:
        case AHOY_PACKET_AWAY:
          assert_non_null (verb);
          assert_int_equal (verb->states, AHOYD_STATE_ONLINE);
          break;
        case AHOY_PACKET_PING:
        case AHOY_PACKET_PONG:
        case AHOY_PACKET_QUIT:
          assert_non_null (verb);
          assert_int_equal (verb->states, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE);
          break;
        default:
          assert_null (verb);
        }
    }
}

static void
test_log_in_talk_leave (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *bob = test_house_log_in (house, "bob", "alice", NULL);
  TestPeer *carol = test_house_log_in (house, "carol", "alice", "bob", NULL);

  test_peer_send (bob, "<3hello, all>");
  test_peer_expect (alice, "<4bob: hello, all>");
  test_peer_expect (bob, "<4bob: hello, all>");
  test_peer_expect (carol, "<4bob: hello, all>");
  shutdown (bob->fd, SHUT_RDWR);
  test_peer_expect (alice, "<3bob>");
  test_peer_expect (carol, "<3bob>");
  assert_int_equal (ahoyd_server_get_n_online (house->server), 2);
  assert_int_equal (ahoyd_server_get_n_sessions (house->server), 2);
}

static void
test_whispers (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *bob = test_house_log_in (house, "bob", "alice", NULL);
  TestPeer *carol = test_house_log_in (house, "carol", "alice", "bob", NULL);
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
test_names_refused (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *other = test_house_connect (house);
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
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *other = test_house_connect (house);
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
  TestPeer *alice = test_house_log_in (*state, "alice", NULL);
  g_autofree char *notice = NULL;

  test_peer_send (alice, "<1alicia><3me>");
  notice = test_peer_expect_notice (alice);
  assert_non_null (strstr (notice, "alice"));
  test_peer_expect (alice, "<4alice: me>");
}

static void
test_unknown_types_and_headings_are_ignored (void **state)
{
  TestPeer *alice = test_house_log_in (*state, "alice", NULL);

  test_peer_send (alice, "<9what><0x><4alice: forged><Hx><~>\x01v=2\x1f" "cid=0123456789abcdef<3hello>");
  test_peer_expect (alice, "<4alice: hello>");
  test_peer_expect_nothing (alice);
}

static void
test_blank_text_is_nothing (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *bob = test_house_log_in (house, "bob", "alice", NULL);

  test_peer_send (alice, "<3><3 ><3\n\t><3\xe3\x80\x80><2bob,><2bob, ><3\u200b><3\u0301 \u2060><3\u2800\u3164><2bob,\ufe0f>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_send (alice, "<3 x >");
  test_peer_expect (bob, "<4alice:  x >");
}

static void
test_faults_get_one_notice_and_the_end (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  g_autofree char *long_body = g_strdup_printf ("\x02" "3%*s\x03", AHOY_BODY_MAX + 1, "x");
  const char *const bad[] = { "hello", "<3a\x07>", "<3a<3b>", "<\x01x>", "\x01" "a\x01", "<3\xff\xff>", long_body };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      TestPeer *peer = test_house_connect (house);
      g_autofree char *notice = NULL;

      test_peer_send (peer, "<1eve>");
      test_peer_expect (peer, "<1alice><1eve>");
      test_peer_expect (alice, "<2eve>");
      test_peer_send (peer, bad[i]);
      notice = test_peer_expect_notice (peer);
      assert_true (strlen (notice) > 10);
      test_peer_expect_end (peer);
      test_peer_expect (alice, "<3eve>");
      assert_int_equal (ahoyd_server_get_n_sessions (house->server), 1);
    }
}

static void
test_a_line_longer_than_a_frame (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  g_autofree char *text = g_strnfill (AHOY_BODY_MAX, 'z');
  g_autofree char *say = g_strdup_printf ("<3%s>", text);
  const gsize first = AHOY_BODY_MAX - strlen ("alice: ");
  g_autofree char *heard = g_strdup_printf ("<4alice: %.*s><4alice: %s>", (int) first, text, text + first);

  test_peer_send (alice, say);
  test_peer_expect (alice, heard); /* nothing lost, and no frame passes the limit */
}

static void
test_a_session_speaks_its_charset (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *ming = test_house_connect (house);

  test_peer_send (ming, "<1\xd0\xa1\xc3\xf7>"); /* 小明 */
  test_peer_expect (ming, "<1alice><1\xd0\xa1\xc3\xf7>");
  test_peer_expect (alice, "<2小明>");
  test_peer_send (alice, "<2小明,你>");
  test_peer_expect (alice, "<4[whisper] alice to 小明: 你>");
  test_peer_expect (ming, "<4[whisper] alice to \xd0\xa1\xc3\xf7: \xc4\xe3>");
}

static void
test_last_words_come_before_the_leave (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *bob = test_house_log_in (house, "bob", "alice", NULL);

  test_peer_send (bob, "<3bye>");
  shutdown (bob->fd, SHUT_WR);
  test_peer_expect (alice, "<4bob: bye><3bob>");
}

static void
test_the_lobby_closes (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);
  TestPeer *silent = test_house_connect (house);
  TestPeer *refused = test_house_connect (house);
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
  assert_int_equal (ahoyd_server_get_n_sessions (house->server), 1);
}

static void
test_the_message_of_the_day (void **state)
{
  TestHouse *house = *state;
  TestPeer *alice = test_house_log_in (house, "alice", NULL);

  test_peer_expect (alice, "<4* Welcome.><4* Be kind.>");
  test_peer_expect_nothing (alice);
}

/* One session on a socket pair, without a server: the parts it works with and no more. */
typedef struct {
  AhoydHouse    house;
  AhoydStats    stats;
  AhoydSession *session;
  TestPeer     *peer;
} Bare;

static void
on_time_up (AhoydLobbySeat *seat,
            gpointer        data)
{
}

static void
on_ended (AhoydSession *session,
          gpointer      data)
{
  ((Bare *) data)->session = NULL;
}

static void
on_changed (gpointer data)
{
}

static void
on_committed (AhoydMessage *message,
              gpointer      data)
{
  ahoyd_hub_committed (data, message);
}

static void
on_other (AhoydMessage *message,
          gpointer      data)
{
  fail_msg ("A classic message is neither repeated nor rejected here");
}

static void
on_rejected (AhoydMessage *message,
             const GError *error,
             gpointer      data)
{
  on_other (message, data);
}

static const AhoydStoreEvents store_events = { on_committed, on_other, on_rejected };

/* Whoever made more work than their share is not read from for a while: nothing is lost, and it goes on. */
static void
test_a_debt_is_waited_for (void **state)
{
  TestHouse *house = *state;
  const struct sockaddr from = { .sa_family = AF_UNIX };
  g_autoptr (AhoyTls) tls = ahoy_tls_new (NULL, NULL);
  Bare bare = { 0 };
  AhoydOrigin *origin;
  gint64 charged;
  int fds[2];

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  bare.house = (AhoydHouse) {
    .config = house->config,
    .context = house->context,
    .poll = ahoy_poll_new (house->context, NULL),
    .tls = tls,
    .lobby = ahoyd_lobby_new (house->context, 60000, on_time_up, NULL),
    .origins = ahoyd_origins_new (&(const AhoydOriginsLimits) { .max_waiting = 1, .max_failures = 1 }, 0),
    .purses = ahoyd_purses_new (),
    .hub = ahoyd_hub_new (house->config->classic_charset, &bare.stats, on_changed, NULL),
    .store = ahoyd_store_memory_new (house->context, 1),
    .stats = &bare.stats,
  };
  bare.house.owners = ahoyd_owners_new (bare.house.store);
  bare.house.known = ahoyd_known_new (bare.house.store);
  bare.house.farewells = ahoyd_farewells_new (bare.house.store);
  ahoyd_store_listen (bare.house.store, &store_events, bare.house.hub);
  assert_int_equal (ahoyd_origins_enter (bare.house.origins, &from, 0, &origin), AHOYD_WELCOME);
  bare.session = ahoyd_session_new (&bare.house, fds[0], origin, 1, on_ended, &bare, NULL);
  bare.peer = test_peer_new (house->context, fds[1]);
  test_peer_send (bare.peer, "<1alice>");
  test_peer_expect (bare.peer, "<1alice>");
  assert_int_equal (ahoyd_origins_enter (bare.house.origins, &from, 0, &origin), AHOYD_WELCOME); /* the lobby is behind them */
  ahoyd_origins_leave (bare.house.origins, origin, TRUE);

  charged = g_get_monotonic_time ();
  ahoyd_session_charge (bare.session, AHOYD_WORK_BURST + AHOYD_WORK_RATE / 10);
  test_peer_send (bare.peer, "<3one><3two>");
  test_peer_expect (bare.peer, "<4alice: one><4alice: two>");
  assert_true (g_get_monotonic_time () - charged >= G_USEC_PER_SEC / 10);

  /* And it may end in debt. */
  ahoyd_session_charge (bare.session, AHOYD_WORK_RATE);
  ahoyd_session_close (bare.session, NULL);
  assert_null (bare.session);
  test_peer_expect_end (bare.peer);

  test_peer_free (bare.peer);
  ahoyd_farewells_free (bare.house.farewells);
  ahoyd_known_free (bare.house.known);
  ahoyd_owners_free (bare.house.owners);
  ahoyd_store_free (bare.house.store);
  ahoyd_hub_free (bare.house.hub);
  assert_int_equal (ahoyd_origins_get_n (bare.house.origins), 0);
  ahoyd_origins_free (bare.house.origins);
  assert_int_equal (ahoyd_purses_get_n (bare.house.purses), 0);
  ahoyd_purses_free (bare.house.purses);
  ahoyd_lobby_free (bare.house.lobby);
  assert_true (test_loop_settle (house->context));
  ahoy_poll_unref (bare.house.poll);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_table),
    cmocka_unit_test_setup_teardown (test_log_in_talk_leave, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_whispers, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_names_refused, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_only_a_log_in_before_the_log_in, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_no_second_log_in, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_unknown_types_and_headings_are_ignored, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_blank_text_is_nothing, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_faults_get_one_notice_and_the_end, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_a_line_longer_than_a_frame, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_a_session_speaks_its_charset, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_last_words_come_before_the_leave, setup, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_the_lobby_closes, setup_impatient, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_the_message_of_the_day, setup_motd, test_house_teardown),
    cmocka_unit_test_setup_teardown (test_a_debt_is_waited_for, test_house_setup, test_house_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
