/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The server comes back somewhere else, and somebody says where: who may be right or not. */

#include "trust-fixture.h"

#include "support/fake-responder.h"
#include "support/test-netns.h"

/* What has to be heard is waited for; and a search that nobody answers ends soon, so that another one begins. */
static const AhoyTrackerTiming quick = {
  .first = 10,
  .least = 10,
  .most = 10,
  .soon = 10,
  .search = { .attempts = { 0, 100, 200, 300 }, .give_up = 400, .give_up_typed = 400, .window = 20 },
};

typedef struct {
  Extended      *e;
  TrustKey      *key;
  FakeResponder *beacon; /* silent at first */
} Moved;

static int
setup (void **state)
{
  Moved *m = g_new0 (Moved, 1);
  void  *extended;

  extended_setup (&extended);
  m->e = extended;
  m->e->timings.session.track = quick;
  m->key = trust_make_key (m->e, "a");
  m->beacon = fake_responder_new ("0.0.0.0", 0);
  *state = m;
  return 0;
}

static int
teardown (void **state)
{
  Moved *m = *state;
  void  *extended = m->e;

  extended_teardown (&extended);
  fake_responder_free (m->beacon);
  trust_key_free (m->key);
  g_free (m);
  return 0;
}

/* Online. @key: NULL: without TLS. */
static void
begin (Moved    *m,
       TrustKey *key)
{
  trust_begin (m->e, key);
  ahoy_client_set_discovery_port (m->e->client, fake_responder_get_port (m->beacon));
  extended_online (m->e);
}

/* Another server, with @key (NULL: without TLS). */
static FakeExtended *
start_another (TrustKey *key)
{
  FakeExtended *server = fake_extended_new ();

  if (key)
    {
      server->id = key->id;
      server->certificate = key->certificate;
    }
  return server;
}

static void
claim (Moved        *m,
       FakeExtended *at,
       const char   *id,
       gboolean      tls)
{
  g_autofree char *reply = g_strdup_printf ("%u|v=2|nonce=@NONCE@|id=%s|name=Office|users=0|tls=%d", at->port, id, tls);

  fake_responder_answer_extended (m->beacon, reply);
}

static void
lose (Moved *m)
{
  fake_extended_stop (m->e->server);
  fake_extended_drop (m->e->server);
  WAIT_UNTIL (ahoy_client_get_state (m->e->client) == AHOY_CLIENT_RECONNECTING);
}

static void
await_back (Moved        *m,
            FakeExtended *at)
{
  WAIT_UNTIL (ahoy_client_get_state (m->e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (ahoy_server_get_port (m->e->address), at->port);
  assert_ptr_equal (ahoy_client_get_server (m->e->client), m->e->address);
  assert_null (m->e->client->session->relocation->tracker); /* nobody looks any more */
  assert_null (m->e->client->session->relocation->home);
  assert_int_equal (m->e->n_failed, 0);
}

static void
nothing_is_lost_on_the_way (Moved    *m,
                            TrustKey *key)
{
  Extended         *e = m->e;
  FakeExtended     *there = start_another (key);
  AhoyConversation *bob;

  begin (m, key);
  extended_send (e, NULL, "before");
  extended_await_log (e, NULL, "alice: before (sent)");
  bob = extended_with (e, "bob");
  ahoy_conversation_set_draft (bob, "half a thought");
  lose (m);
  extended_send (e, NULL, "one");
  extended_send (e, "bob", "two");
  extended_send (e, NULL, "three");
  g_ptr_array_add (there->roster, g_strdup ("bob"));
  g_ptr_array_unref (there->log); /* it is the same server */
  there->log = g_ptr_array_ref (e->server->log);
  claim (m, there, e->server->id, key != NULL);
  await_back (m, there);

  extended_await_log (e, NULL, "alice: before (sent) | + -carol | alice: one (sent) | alice>bob: two (sent) | alice: three (sent)");
  assert_ptr_equal (extended_with (e, "bob"), bob);
  assert_string_equal (ahoy_conversation_get_draft (bob), "half a thought");
  assert_int_equal (fake_extended_count (there, "1alice"), 1);
  assert_int_equal (fake_extended_count (there, "one"), 1);
  assert_int_equal (fake_extended_count (there, "two"), 1);
  assert_int_equal (fake_extended_count (there, "three"), 1);
  assert_int_equal (fake_extended_count (there, "before"), 0);
  assert_int_equal (ahoy_known_servers_check (e->known_servers, "127.0.0.1", there->port, e->server->id, key != NULL, NULL), AHOY_SERVER_VERDICT_SAME);
  fake_extended_free (there);
}

static void
it_is_followed (void **state)
{
  Moved *m = *state;

  nothing_is_lost_on_the_way (m, m->key);
}

static void
it_is_followed_without_tls (void **state)
{
  nothing_is_lost_on_the_way (*state, NULL);
}

/* One search is enough where somebody answers it; and the attempts at the address that is known go on beside. */
static void
the_first_search_finds_it (void **state)
{
  Moved        *m = *state;
  FakeExtended *there = start_another (m->key);

  m->e->timings.session.track.first = 1;
  m->e->timings.session.track.least = m->e->timings.session.track.most = TEST_LOOP_DEADLINE_MS;
  m->e->timings.session.track.search.give_up = TEST_LOOP_DEADLINE_MS;
  m->e->timings.session.reconnect.first = m->e->timings.session.reconnect.max = TEST_LOOP_DEADLINE_MS * 10;
  begin (m, m->key);
  claim (m, there, m->key->id, TRUE);
  lose (m);
  await_back (m, there);
  fake_extended_free (there);
}

/* The attempts are far between by then; whoever hears that it is there does not wait for the next one. */
static void
it_is_heard_where_it_was (void **state)
{
  Moved *m = *state;

  m->e->timings.session.reconnect.first = m->e->timings.session.reconnect.max = TEST_LOOP_DEADLINE_MS * 10;
  begin (m, m->key);
  lose (m);
  WAIT_UNTIL (m->e->client->session->relocation->tracker && ahoy_tracker_get_n_ended (m->e->client->session->relocation->tracker) >= 1);
  fake_extended_restart (m->e->server);
  claim (m, m->e->server, m->key->id, TRUE);
  await_back (m, m->e->server);
}

static void
other_servers_are_not_it (void **state)
{
  Moved               *m = *state;
  g_autoptr (TrustKey) other = trust_make_key (m->e, "b");
  FakeExtended        *there = start_another (other);

  begin (m, m->key);
  claim (m, there, other->id, TRUE);
  lose (m);
  WAIT_UNTIL (ahoy_tracker_get_n_ended (m->e->client->session->relocation->tracker) >= 2);
  assert_int_equal (there->n_connections, 0);
  fake_extended_restart (m->e->server);
  await_back (m, m->e->server);
  fake_extended_free (there);
}

/* @liar claims to be the server. It is tried, and that is all. */
static void
a_lie_costs_an_attempt (Moved        *m,
                        FakeExtended *liar,
                        gboolean      tls)
{
  const guint16 port = ahoy_server_get_port (m->e->address);
  AhoyMessage  *message;

  claim (m, liar, m->e->server->id, tls);
  lose (m);
  message = extended_send (m->e, NULL, "for these ears only");
  WAIT_UNTIL (liar->n_connections >= 2); /* it goes on and on */
  assert_int_equal (ahoy_client_get_state (m->e->client), AHOY_CLIENT_RECONNECTING);
  assert_int_equal (m->e->n_failed, 0);
  WAIT_UNTIL (!m->e->client->session->relocation->home);
  assert_int_equal (ahoy_server_get_port (m->e->address), port);
  assert_string_equal (ahoy_server_get_id (m->e->address), m->e->server->id);
  fake_extended_restart (m->e->server);
  await_back (m, m->e->server);
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
  assert_int_equal (fake_extended_count (liar, "for these ears only"), 0);
  if (tls)
    assert_int_equal (liar->n_frames, 0);
  assert_int_equal (trust_check (m->e, m->e->server->id, tls), AHOY_SERVER_VERDICT_SAME);
  fake_extended_free (liar);
}

static void
a_liar_with_another_key (void **state)
{
  Moved               *m = *state;
  g_autoptr (TrustKey) other = trust_make_key (m->e, "b");
  FakeExtended        *liar = start_another (other);

  begin (m, m->key);
  a_lie_costs_an_attempt (m, liar, TRUE);
  assert_int_equal (fake_extended_count (m->e->server, "1alice"), 2);
}

static void
a_liar_without_tls (void **state)
{
  Moved        *m = *state;
  FakeExtended *liar = start_another (NULL);

  liar->id = m->key->id;
  begin (m, m->key);
  a_lie_costs_an_attempt (m, liar, TRUE);
}

/* Where a server that is known itself is supposed to be. */
static void
a_liar_that_is_known (void **state)
{
  Moved               *m = *state;
  g_autoptr (TrustKey) other = trust_make_key (m->e, "b");
  FakeExtended        *liar = start_another (other);

  begin (m, m->key);
  assert_true (ahoy_known_servers_learn (m->e->known_servers, "127.0.0.1", liar->port, "Workshop", other->id, TRUE, NULL));
  a_lie_costs_an_attempt (m, liar, TRUE);
}

static void
a_plain_liar_with_another_id (void **state)
{
  Moved        *m = *state;
  FakeExtended *liar = start_another (NULL);

  liar->id = "server-b";
  begin (m, NULL);
  a_lie_costs_an_attempt (m, liar, FALSE);
}

static void
a_plain_liar_that_is_classic (void **state)
{
  Moved        *m = *state;
  FakeExtended *liar = start_another (NULL);

  liar->classic = TRUE;
  begin (m, NULL);
  a_lie_costs_an_attempt (m, liar, FALSE);
}

static void
a_plain_liar_that_refuses_the_name (void **state)
{
  Moved        *m = *state;
  FakeExtended *liar = start_another (NULL);

  liar->id = m->e->server->id;
  liar->refuses = "banned";
  begin (m, NULL);
  a_lie_costs_an_attempt (m, liar, FALSE);
}

static void
who_has_no_id_is_not_looked_for (void **state)
{
  Moved *m = *state;

  m->e->server->classic = TRUE;
  trust_begin (m->e, NULL);
  ahoy_client_set_discovery_port (m->e->client, fake_responder_get_port (m->beacon));
  trust_find (m->e, NULL, FALSE);
  extended_connect (m->e);
  WAIT_UNTIL (ahoy_client_get_state (m->e->client) == AHOY_CLIENT_ONLINE);
  lose (m);
  WAIT_UNTIL (m->e->client->session->reconnect.attempts >= 3);
  assert_null (m->e->client->session->relocation->tracker);
  assert_int_equal (fake_responder_get_n_extended (m->beacon), 0);
}

/* And whoever has had enough is not looking any more. */
static void
not_after_a_disconnect (void **state)
{
  Moved *m = *state;

  begin (m, m->key);
  assert_null (m->e->client->session->relocation->tracker);
  lose (m);
  assert_non_null (m->e->client->session->relocation->tracker);
  ahoy_client_disconnect (m->e->client);
  assert_null (m->e->client->session->relocation->tracker);
}

/* Its old address is nobody's now: what is sent there is not even refused. */
static void
it_falls_silent_and_is_elsewhere (void **state)
{
  Moved        *m = *state;
  FakeExtended *there = start_another (m->key);
  AhoyMessage  *message;

  m->e->timings.session.keepalive.impatient = 20;
  m->e->timings.session.reconnect.first = m->e->timings.session.reconnect.max = TEST_LOOP_DEADLINE_MS * 10;
  begin (m, m->key);
  m->e->server->mute = TRUE;
  claim (m, there, m->key->id, TRUE);
  message = extended_send (m->e, NULL, "anybody?");
  WAIT_UNTIL (ahoy_server_get_port (m->e->address) == there->port);
  await_back (m, there);
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
  assert_int_equal (fake_extended_count (there, "anybody?"), 1);
  fake_extended_free (there);
}

/* Away for long it looks rarely; when the network changes, at once. */
static void
the_network_changes (void **state)
{
  Moved        *m = *state;
  FakeExtended *there = start_another (m->key);

  m->e->timings.session.reconnect.first = m->e->timings.session.reconnect.max = TEST_LOOP_DEADLINE_MS * 10;
  m->e->timings.session.track.first = TEST_LOOP_DEADLINE_MS * 10;
  begin (m, m->key);
  lose (m);
  claim (m, there, m->key->id, TRUE);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  await_back (m, there);
  fake_extended_free (there);
}

int
main (void)
{
#define MOVED_TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    MOVED_TEST (it_is_followed),
    MOVED_TEST (it_is_followed_without_tls),
    MOVED_TEST (the_first_search_finds_it),
    MOVED_TEST (it_is_heard_where_it_was),
    MOVED_TEST (other_servers_are_not_it),
    MOVED_TEST (a_liar_with_another_key),
    MOVED_TEST (a_liar_without_tls),
    MOVED_TEST (a_liar_that_is_known),
    MOVED_TEST (a_plain_liar_with_another_id),
    MOVED_TEST (a_plain_liar_that_is_classic),
    MOVED_TEST (a_plain_liar_that_refuses_the_name),
    MOVED_TEST (who_has_no_id_is_not_looked_for),
    MOVED_TEST (not_after_a_disconnect),
    MOVED_TEST (it_falls_silent_and_is_elsewhere),
    MOVED_TEST (the_network_changes),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
