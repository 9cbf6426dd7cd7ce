/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server the client takes for which: over TLS with a server that is not ours, and with everybody who stands in its place. */

#include "trust-fixture.h"

#include "core/connection/ahoy-server-private.h"
#include "wire/ahoy-fingerprint.h"

/* ---- What is dialed ---- */

static void
what_is_claimed_and_proved_is_learned (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autofree char     *shown = NULL;

  trust_begin (e, key);
  assert_false (ahoy_client_get_secure (e->client));
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_NEW);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (e->server->n_secured, 1);
  shown = ahoy_fingerprint_of_der (g_bytes_get_data (e->server->peer, NULL), g_bytes_get_size (e->server->peer));
  assert_string_equal (shown, ahoy_keyring_get_key (e->keyring));
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_SAME);
  assert_true (ahoy_known_servers_has_secure (e->known_servers));

  extended_send (e, NULL, "hi");
  extended_await_log (e, NULL, "alice: hi (sent)");
  extended_cut (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (e->server->n_secured, 2);
  ahoy_client_disconnect (e->client);
  assert_false (ahoy_client_get_secure (e->client));
}

static void
a_typed_address_is_tried_over_tls_first (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin (e, key);
  trust_type (e);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (e->server->n_connections, 1);
  assert_string_equal (ahoy_server_get_id (e->address), key->id);
  assert_string_equal (ahoy_server_get_name (e->address), "Office");
  assert_true (ahoy_server_get_tls (e->address));
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_SAME);
}

static void
and_plainly_when_nobody_knows_tls_there (void **state)
{
  Extended *e = *state;

  trust_begin (e, NULL);
  for (int hello = FAKE_HELLO_ANSWERED; hello <= FAKE_HELLO_IGNORED; hello++)
    {
      e->server->hello = hello;
      trust_type (e);
      e->server->n_hellos = e->server->n_connections = 0;
      extended_connect (e);
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
      assert_false (ahoy_client_get_secure (e->client));
      assert_int_equal (e->server->n_hellos, 1);
      fake_extended_drop (e->server);
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
      assert_int_equal (e->server->n_hellos, 1); /* it was asked already */
      ahoy_client_disconnect (e->client);
      ahoy_known_servers_forget (e->known_servers, e->server->id, NULL);
    }
}

static void
what_answered_the_search_is_believed (void **state)
{
  Extended *e = *state;

  trust_begin (e, NULL);
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  trust_find (e, NULL, FALSE);
  extended_online (e);
  assert_int_equal (e->server->n_hellos, 0);
  assert_false (ahoy_client_get_secure (e->client));
  assert_non_null (fake_extended_find (e->server, "1alice"));
  assert_null (fake_extended_find (e->server, "v=2"));
}

static void
what_claims_tls_gets_nothing_else (void **state)
{
  Extended *e = *state;

  trust_begin (e, NULL);
  trust_find (e, "server-a", TRUE);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_HANDSHAKE, NULL, NULL);
  assert_int_equal (e->server->n_hellos, 1);
  assert_int_equal (trust_n_log_ins (e), 0);
  e->server->hello = FAKE_HELLO_HUNG_UP;
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_CLOSED, NULL, NULL);
  assert_int_equal (trust_n_log_ins (e), 0);
}

static void
without_a_keyring_nobody_is_shown (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_set_key (e, key);
  trust_find (e, key->id, TRUE);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_null (e->server->peer);
}

static void
an_imported_identity_is_shown_next (void **state)
{
  Extended               *e = *state;
  g_autoptr (TrustKey)    key = trust_make_key (e, "a");
  g_autoptr (GError)      error = NULL;
  g_autofree char        *other_path = g_build_filename (e->dir, "other.pem", NULL);
  g_autofree char        *copy = g_build_filename (e->dir, "copy.pem", NULL);
  g_autofree char        *shown = NULL;
  g_autoptr (AhoyKeyring) other = ahoy_keyring_open (other_path, "alice", &error);

  trust_begin_known (e, key);
  assert_true (ahoy_keyring_export (other, copy, "secret", &error));
  assert_true (ahoy_keyring_import (e->keyring, copy, "secret", &error));
  extended_cut (e);
  shown = ahoy_fingerprint_of_der (g_bytes_get_data (e->server->peer, NULL), g_bytes_get_size (e->server->peer));
  assert_string_equal (shown, ahoy_keyring_get_key (other));
}

/* ---- Who is met ---- */

/* Nobody knows the one that was claimed, nor the one that is there: the reply may be forged, and the proof is not. */
static void
another_key_than_was_claimed (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");

  trust_begin (e, other);
  trust_find (e, key->id, TRUE);
  extended_online (e);
  assert_string_equal (ahoy_server_get_id (ahoy_client_get_server (e->client)), other->id);
  assert_string_equal (ahoy_server_get_id (e->address), key->id); /* as it was found */
  assert_null (ahoy_client_get_missed_id (e->client));
  assert_int_equal (trust_check (e, other->id, TRUE), AHOY_SERVER_VERDICT_SAME);
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_CHANGED);
}

static void
another_claim_is_no_reason_to_stop (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");
  guint                n;

  trust_begin_known (e, key);
  for (int tls = 0; tls < 2; tls++)
    {
      ahoy_client_disconnect (e->client);
      n = e->server->n_connections;
      trust_find (e, other->id, tls);
      extended_online (e);
      assert_int_equal (e->server->n_connections, n + 1);
      assert_true (ahoy_client_get_secure (e->client));
      assert_string_equal (ahoy_server_get_id (ahoy_client_get_server (e->client)), key->id);
      assert_null (ahoy_client_get_missed_id (e->client));
    }

  ahoy_client_disconnect (e->client);
  n = trust_n_log_ins (e);
  trust_set_key (e, other); /* and that is one */
  for (int tls = 0; tls < 2; tls++)
    {
      trust_find (e, other->id, tls);
      extended_connect (e);
      trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
      trust_assert_quiet (e);
    }
  assert_int_equal (trust_n_log_ins (e), n);
}

/* Under the address that was typed. Under another address it is another one, whatever it is called. */
static void
another_server_in_its_place (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");

  trust_begin_known (e, key);
  ahoy_client_disconnect (e->client);
  trust_set_key (e, other);
  trust_type (e);
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  assert_int_equal (trust_n_log_ins (e), 1);
  assert_null (ahoy_server_get_id (e->address));

  g_object_unref (e->address);
  e->address = ahoy_server_new ("localhost", e->server->port); /* which nobody knows */
  extended_online (e);
  assert_string_equal (ahoy_server_get_id (e->address), other->id);
  assert_string_equal (ahoy_server_get_name (e->address), "Office");
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_SAME);
}

static void
the_right_one_at_another_address (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin_known (e, key);
  ahoy_client_disconnect (e->client);
  g_object_unref (e->address);
  e->address = ahoy_server_new ("localhost", e->server->port);
  extended_online (e);
  assert_int_equal (ahoy_known_servers_check (e->known_servers, "localhost", e->server->port, NULL, FALSE, NULL), AHOY_SERVER_VERDICT_DOWNGRADED);
}

static void
a_welcome_that_lies (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");

  trust_begin (e, key);
  e->server->welcomes_as = other->id;
  extended_connect (e);
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, other->id, key->id);
  assert_int_equal (trust_n_log_ins (e), 1);
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_NEW);
}

static void
who_is_refused_has_not_learned (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");

  trust_begin (e, key);
  e->server->refuses = "owned";
  extended_connect (e);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (e->client), AHOY_REFUSAL_OWNED);
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_NEW);
  e->server->refuses = NULL;
  ahoy_client_retry_name (e->client, "alison");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (trust_check (e, key->id, TRUE), AHOY_SERVER_VERDICT_SAME);
}

static void
another_try_meets_another_server (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");

  trust_begin (e, key);
  e->server->refuses = "owned";
  extended_connect (e);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
  fake_extended_drop (e->server);
  WAIT_UNTIL (!ahoy_connection_is_open (e->client->session->connection));
  trust_set_key (e, other);
  ahoy_client_retry_name (e->client, "alison");
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  assert_null (fake_extended_find (e->server, "1alison"));
}

static void
accepting_moves_the_address (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");

  trust_begin_known (e, key);
  trust_set_key (e, other);
  fake_extended_drop (e->server);
  trust_await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  ahoy_conversation_set_draft (extended_with (e, NULL), "where were we");
  ahoy_client_accept_server (e->client);
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, NULL)), "where were we");
  assert_int_equal (ahoy_client_get_failure (e->client), AHOY_FAILURE_NONE);
  assert_null (ahoy_client_get_known_id (e->client));
  assert_null (ahoy_client_get_met_id (e->client));
  assert_int_equal (trust_check (e, other->id, TRUE), AHOY_SERVER_VERDICT_SAME);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  ahoy_client_disconnect (e->client);

  /* The old one is a known one still. */
  trust_set_key (e, key);
  trust_type (e);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
}

/* Somebody answers searches in the name of a server that is known, from another address. */
static void
a_known_id_is_no_proof (void **state)
{
  Extended            *e = *state;
  g_autoptr (TrustKey) key = trust_make_key (e, "a");
  g_autoptr (TrustKey) other = trust_make_key (e, "b");
  const guint          port = e->server->port;

  trust_begin_known (e, key);
  ahoy_client_disconnect (e->client);
  for (int i = 0; i < 3; i++)
    {
      trust_set_key (e, i < 2 ? other : NULL);
      g_object_unref (e->address);
      e->address = ahoy_server_new ("localhost", port);
      ahoy_server_set_extended (e->address, key->id, "Office", 1, i == 0);
      extended_connect (e);
      trust_await_stop (e, i < 2 ? AHOY_FAILURE_KEY_CHANGED : AHOY_FAILURE_DOWNGRADED, key->id, i < 2 ? other->id : key->id);
    }
  assert_int_equal (trust_n_log_ins (e), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (what_is_claimed_and_proved_is_learned),
    EXTENDED_TEST (a_typed_address_is_tried_over_tls_first),
    EXTENDED_TEST (and_plainly_when_nobody_knows_tls_there),
    EXTENDED_TEST (what_answered_the_search_is_believed),
    EXTENDED_TEST (what_claims_tls_gets_nothing_else),
    EXTENDED_TEST (without_a_keyring_nobody_is_shown),
    EXTENDED_TEST (an_imported_identity_is_shown_next),
    EXTENDED_TEST (another_key_than_was_claimed),
    EXTENDED_TEST (another_claim_is_no_reason_to_stop),
    EXTENDED_TEST (another_server_in_its_place),
    EXTENDED_TEST (the_right_one_at_another_address),
    EXTENDED_TEST (a_welcome_that_lies),
    EXTENDED_TEST (who_is_refused_has_not_learned),
    EXTENDED_TEST (another_try_meets_another_server),
    EXTENDED_TEST (accepting_moves_the_address),
    EXTENDED_TEST (a_known_id_is_no_proof),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
