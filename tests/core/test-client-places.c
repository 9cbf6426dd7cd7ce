/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A server that several places claim to be, and what a lie about one can do: nothing. And a laptop that is carried from one known server to another. */

#include "trust-fixture.h"

#include "core/connection/ahoy-server-private.h"

/* Another address where somebody claims, or once was, to be the server. */
static AhoyServer *
found_at (guint16     port,
          const char *id)
{
  AhoyServer *server = ahoy_server_new ("127.0.0.1", port);

  ahoy_server_set_extended (server, id, "Office", 1, TRUE);
  return server;
}

/* The next search finds @first and then the server itself, and both say that they are it. */
static void
find_both (Extended   *e,
           guint16     first,
           const char *id)
{
  g_object_unref (e->address);
  e->address = found_at (first, id);
  assert_true (ahoy_server_add_place (e->address, "127.0.0.1", e->server->port, FALSE));
}

static void
assert_there (Extended   *e,
              const char *id)
{
  AhoyServer *server = ahoy_client_get_server (e->client);

  assert_true (ahoy_client_get_secure (e->client));
  assert_string_equal (ahoy_server_get_id (server), id);
  assert_int_equal (ahoy_server_get_port (server), e->server->port);
  assert_int_equal (ahoy_server_get_n_places (server), 1);
  assert_null (ahoy_client_get_missed_id (e->client));
}

/* Whoever is nearer answers first: as another server, in clear, with nothing, or not at all. */
static void
a_lie_does_not_hold_up (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");
  FakeExtended        *liar = fake_extended_new ();

  trust_begin (e, key);
  for (int known = 0; known < 2; known++)
    for (int i = 0; i < 5; i++)
      {
        liar->certificate = i == 0 ? other->certificate : NULL;
        liar->hello = i == 1 ? FAKE_HELLO_ANSWERED : i == 2 ? FAKE_HELLO_HUNG_UP
                                                            : FAKE_HELLO_IGNORED;
        liar->n_connections = 0;
        find_both (e, i < 4 ? liar->port : 1, key->id);
        if (!known)
          ahoy_known_servers_forget (e->known_servers, key->id, NULL);
        extended_online (e);
        assert_there (e, key->id);
        assert_int_equal (liar->n_connections, i < 4 ? 1 : 0);
        ahoy_client_disconnect (e->client);
      }
  assert_int_equal (fake_extended_count (liar, "1alice"), 0);
  assert_int_equal (trust_n_log_ins (e), 10);
  fake_extended_free (liar);
}

/* Its own reply did not come. */
static void
where_it_was_is_tried_too (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");
  FakeExtended        *liar = fake_extended_new ();

  trust_begin_known (e, key);
  liar->certificate = other->certificate;
  for (int i = 0; i < 2; i++)
    {
      ahoy_client_disconnect (e->client);
      g_object_unref (e->address);
      e->address = found_at (liar->port, key->id);
      extended_online (e);
      assert_there (e, key->id);
    }
  assert_int_equal (fake_extended_count (liar, "1alice"), 0);

  /* And when it is there no more, nothing honest is left. */
  ahoy_client_disconnect (e->client);
  trust_set_key (e, other);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  trust_assert_quiet (e);
  fake_extended_free (liar);
}

static void
a_lie_does_not_end_the_reconnecting (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");
  FakeExtended        *liar = fake_extended_new ();

  trust_begin_known (e, key);
  liar->certificate = other->certificate;
  for (int i = 0; i < 2; i++)
    {
      if (i == 1)
        liar->certificate = NULL;
      trust_set_key (e, NULL); /* it goes down */
      e->server->hello = FAKE_HELLO_HUNG_UP;
      fake_extended_drop (e->server);
      ahoy_server_add_place (ahoy_client_get_server (e->client), "127.0.0.1", liar->port, FALSE);
      liar->n_connections = 0;
      WAIT_UNTIL (liar->n_connections >= 3);
      assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
      trust_set_key (e, key);
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
      assert_there (e, key->id);
    }
  assert_int_equal (e->n_failed, 0);
  fake_extended_free (liar);
}

/* ---- Between two places ---- */

/* Another server, which alice knows too, is at the address of the one where she is. */
static void
carry_to (Extended     *e,
          FakeExtended *there,
          TrustKey     *key)
{
  GPtrArray *log = e->server->log;

  e->server->log = there->log;
  there->log = log;
  trust_set_key (e, key);
  fake_extended_drop (e->server);
}

static void
await_there (Extended   *e,
             const char *id,
             const char *missed)
{
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE && e->client->session->caught_up && g_strcmp0 (ahoy_server_get_id (ahoy_client_get_server (e->client)), id) == 0);
  assert_int_equal (g_strcmp0 (ahoy_client_get_missed_id (e->client), missed), 0);
  assert_true (ahoy_client_get_secure (e->client));
}

static void
carry (Extended *e,
       gboolean  without_history)
{
  g_autoptr (TrustKey) hall = trust_make_key (e, "a");
  g_autoptr (TrustKey) ship = trust_make_key (e, "b");
  FakeExtended        *other = fake_extended_new (); /* the log of whichever is not there */
  guint                n;

  trust_begin (e, hall);
  if (without_history)
    extended_renew_without_history (e);
  assert_true (ahoy_known_servers_learn (e->known_servers, "10.0.0.9", 24690, "Ship", ship->id, TRUE, NULL));
  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "in the hall");
  extended_await_log (e, "bob", "bob>alice: in the hall");

  /* One is on its way and not answered, and two wait, when the lid is closed. */
  e->server->mute = TRUE;
  extended_send (e, NULL, "on its way");
  extended_await_frame (e, "on its way");
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  extended_send (e, NULL, "for the hall");
  extended_send (e, "bob", "for bob");
  ahoy_conversation_set_draft (extended_with (e, NULL), "all of y");
  ahoy_conversation_set_draft (extended_with (e, "bob"), "as I was say");
  n = e->server->n_frames;
  e->server->mute = FALSE;
  carry_to (e, other, ship);
  await_there (e, ship->id, hall->id);
  assert_int_equal (e->n_failed, 0);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, NULL)), "");
  extended_await_log (e, NULL, "");
  extended_send (e, NULL, "ahoy, ship");
  extended_await_log (e, NULL, "alice: ahoy, ship (sent)");
  for (guint i = n; i < e->server->received->len; i++)
    if (strstr (e->server->received->pdata[i], "hall") || strstr (e->server->received->pdata[i], "bob") || strstr (e->server->received->pdata[i], "way"))
      fail_msg ("The ship was told: %s", (char *) e->server->received->pdata[i]);

  carry_to (e, other, hall);
  await_there (e, hall->id, ship->id);
  WAIT_UNTIL (ahoy_client_get_n_waiting (e->client) == 0);
  assert_true (fake_extended_count (e->server, "3on its way") >= 1);
  assert_int_equal (fake_extended_count (e->server, "3for the hall"), 1);
  assert_int_equal (fake_extended_count (e->server, "for bob"), 1);
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, NULL)), "all of y");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "bob")), "as I was say");
  assert_int_equal (e->server->log->len, 4);
  assert_int_equal (other->log->len, 1);
  assert_int_equal (e->n_failed, 0);
  fake_extended_free (other);
}

static void
a_laptop_between_two_places (void **state)
{
  carry (*state, FALSE);
}

static void
and_without_a_disk (void **state)
{
  carry (*state, TRUE);
}

/* The same where it was found, or typed, and not lost. */
static void
the_other_one_is_met_at_once (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) hall = trust_make_key (e, "a");
  g_autoptr (TrustKey) ship = trust_make_key (e, "b");

  trust_begin_known (e, hall);
  ahoy_client_disconnect (e->client);
  assert_true (ahoy_known_servers_learn (e->known_servers, "10.0.0.9", 24690, "Ship", ship->id, TRUE, NULL));
  trust_set_key (e, ship);
  for (int typed = 0; typed < 2; typed++)
    {
      if (typed)
        {
          assert_true (ahoy_known_servers_accept (e->known_servers, "127.0.0.1", e->server->port, "Office", hall->id, TRUE, NULL));
          trust_type (e);
        }
      extended_online (e);
      assert_string_equal (ahoy_server_get_id (ahoy_client_get_server (e->client)), ship->id);
      assert_string_equal (ahoy_client_get_missed_id (e->client), hall->id);
      ahoy_client_disconnect (e->client);
    }

  /* What it looks for is somewhere else: that comes first. */
  {
    FakeExtended *there = fake_extended_new ();

    there->certificate = hall->certificate;
    there->id = hall->id;
    g_object_unref (e->address);
    e->address = found_at (e->server->port, hall->id);
    ahoy_server_add_place (e->address, "127.0.0.1", there->port, FALSE);
    extended_connect (e);
    WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
    assert_string_equal (ahoy_server_get_id (ahoy_client_get_server (e->client)), hall->id);
    assert_int_equal (ahoy_server_get_port (ahoy_client_get_server (e->client)), there->port);
    assert_null (ahoy_client_get_missed_id (e->client));
    ahoy_client_disconnect (e->client);
    fake_extended_free (there);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (a_lie_does_not_hold_up),
    EXTENDED_TEST (where_it_was_is_tried_too),
    EXTENDED_TEST (a_lie_does_not_end_the_reconnecting),
    EXTENDED_TEST (a_laptop_between_two_places),
    EXTENDED_TEST (and_without_a_disk),
    EXTENDED_TEST (the_other_one_is_met_at_once),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
