/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server the client takes for which: over TLS with a server that is not ours, and with everybody who stands in its place. */

#include "extended-fixture.h"

#include <string.h>

#include "core/ahoy-keyring.h"
#include "core/ahoy-pins.h"
#include "core/ahoy-server-private.h"
#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-identity.h"

typedef struct {
  char            *id;
  GTlsCertificate *certificate;
} Key;

static Key *
make_key (Extended   *e,
          const char *name)
{
  g_autofree char *path = g_strdup_printf ("%s/%s.pem", e->dir, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, name, &error);
  Key *key = g_new0 (Key, 1);

  assert_non_null (identity);
  key->id = g_strdup (ahoy_identity_get_id (identity));
  key->certificate = g_tls_certificate_new_from_pem (ahoy_identity_get_pem (identity), -1, &error);
  assert_non_null (key->certificate);
  return key;
}

static void
key_free (Key *key)
{
  g_object_unref (key->certificate);
  g_free (key->id);
  g_free (key);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, key_free)

/* The server has this key from now on; NULL: it does not speak TLS. */
static void
set_key (Extended *e,
         Key      *key)
{
  e->server->certificate = key ? key->certificate : NULL;
  if (key)
    e->server->id = key->id;
}

/* As a search finds it. @id: NULL: classic. */
static void
find (Extended   *e,
      const char *id,
      gboolean    tls)
{
  g_object_unref (e->address);
  e->address = ahoy_server_new ("127.0.0.1", e->server->port);
  ahoy_server_set_heard (e->address);
  if (id)
    ahoy_server_set_extended (e->address, id, "Office", 1, tls);
}

/* Nobody answered; somebody has typed it. */
static void
type (Extended *e)
{
  g_object_unref (e->address);
  e->address = ahoy_server_new ("127.0.0.1", e->server->port);
}

/* A client with an identity and pins, and a server with @key that it does not know. */
static void
begin (Extended *e,
       Key      *key)
{
  g_autofree char *path = g_build_filename (e->dir, "identity.pem", NULL);
  g_autoptr (GError) error = NULL;

  e->keyring = ahoy_keyring_open (path, "alice", &error);
  assert_non_null (e->keyring);
  e->pins = ahoy_pins_open (NULL, &error);
  assert_non_null (e->pins);
  extended_restart (e);
  set_key (e, key);
  find (e, key ? key->id : e->server->id, key != NULL);
}

/* The same, and it has been there. */
static void
begin_known (Extended *e,
             Key      *key)
{
  begin (e, key);
  extended_online (e);
}

static AhoyPin
check (Extended   *e,
       const char *id,
       gboolean    secure)
{
  return ahoy_pins_check (e->pins, "127.0.0.1", e->server->port, NULL, id, secure, NULL);
}

static void
await_stop (Extended    *e,
            AhoyFailure  failure,
            const char  *known,
            const char  *met)
{
  WAIT_UNTIL (e->n_failed > 0);
  assert_int_equal (e->n_failed, 1);
  e->n_failed = 0;
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_OFFLINE);
  assert_int_equal (ahoy_client_get_failure (e->client), failure);
  assert_int_equal (g_strcmp0 (ahoy_client_get_known_id (e->client), known), 0);
  assert_int_equal (g_strcmp0 (ahoy_client_get_met_id (e->client), met), 0);
  assert_false (ahoy_client_get_secure (e->client));
}

/* Nothing happens any more by itself. */
static void
assert_quiet (Extended *e)
{
  const guint n = e->server->n_connections;

  for (int i = 0; i < 5; i++)
    fixture_iterate ();
  assert_true (test_loop_settle (NULL));
  assert_int_equal (e->server->n_connections, n);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_OFFLINE);
}

/* How often somebody asked for a name. */
static guint
n_log_ins (Extended *e)
{
  return fake_extended_count (e->server, "1alice");
}

/* ---- What is dialed ---- */

static void
what_is_claimed_and_proved_is_learned (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autofree char *shown = NULL;

  begin (e, key);
  assert_false (ahoy_client_get_secure (e->client));
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_NEW);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (e->server->n_secured, 1);
  shown = ahoy_fingerprint_of_der (g_bytes_get_data (e->server->peer, NULL), g_bytes_get_size (e->server->peer));
  assert_string_equal (shown, ahoy_keyring_get_key (e->keyring));
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_SAME);
  assert_true (ahoy_pins_has_secure (e->pins));

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
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin (e, key);
  type (e);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (e->server->n_connections, 1);
  assert_string_equal (ahoy_server_get_id (e->address), key->id);
  assert_string_equal (ahoy_server_get_name (e->address), "Office");
  assert_true (ahoy_server_get_tls (e->address));
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_SAME);
}

static void
and_plainly_when_nobody_knows_tls_there (void **state)
{
  Extended *e = *state;

  begin (e, NULL);
  for (int hello = FAKE_HELLO_ANSWERED; hello <= FAKE_HELLO_IGNORED; hello++)
    {
      e->server->hello = hello;
      type (e);
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
      ahoy_pins_forget (e->pins, e->server->id, NULL);
    }
}

static void
what_answered_the_search_is_believed (void **state)
{
  Extended *e = *state;

  begin (e, NULL);
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  find (e, NULL, FALSE);
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

  begin (e, NULL);
  find (e, "server-a", TRUE);
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_HANDSHAKE, NULL, NULL);
  assert_int_equal (e->server->n_hellos, 1);
  assert_int_equal (n_log_ins (e), 0);
  e->server->hello = FAKE_HELLO_HUNG_UP;
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_CLOSED, NULL, NULL);
  assert_int_equal (n_log_ins (e), 0);
}

static void
without_a_keyring_nobody_is_shown (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  set_key (e, key);
  find (e, key->id, TRUE);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_null (e->server->peer);
}

static void
an_imported_identity_is_shown_next (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (GError) error = NULL;
  g_autofree char *other_path = g_build_filename (e->dir, "other.pem", NULL);
  g_autofree char *copy = g_build_filename (e->dir, "copy.pem", NULL);
  g_autofree char *shown = NULL;
  g_autoptr (AhoyKeyring) other = ahoy_keyring_open (other_path, "alice", &error);

  begin_known (e, key);
  assert_true (ahoy_keyring_export (other, copy, "secret", &error));
  assert_true (ahoy_keyring_import (e->keyring, copy, "secret", &error));
  extended_cut (e);
  shown = ahoy_fingerprint_of_der (g_bytes_get_data (e->server->peer, NULL), g_bytes_get_size (e->server->peer));
  assert_string_equal (shown, ahoy_keyring_get_key (other));
}

/* ---- Who is met ---- */

static void
another_key_than_was_claimed (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");

  begin (e, other);
  find (e, key->id, TRUE);
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  assert_int_equal (n_log_ins (e), 0);
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_NEW);
  assert_int_equal (check (e, other->id, TRUE), AHOY_PIN_NEW);
  assert_quiet (e);
}

static void
another_claim_is_not_even_dialed (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");
  guint n;

  begin_known (e, key);
  ahoy_client_disconnect (e->client);
  set_key (e, other);
  n = e->server->n_connections;
  for (int tls = 0; tls < 2; tls++)
    {
      find (e, other->id, tls);
      extended_connect (e);
      await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
      assert_quiet (e);
    }
  assert_int_equal (e->server->n_connections, n);
}

/* Under the address that was typed; under the name it has elsewhere. */
static void
another_server_in_its_place (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");

  begin_known (e, key);
  ahoy_client_disconnect (e->client);
  set_key (e, other);
  type (e);
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  assert_int_equal (n_log_ins (e), 1);
  assert_null (ahoy_server_get_id (e->address));

  g_object_unref (e->address);
  e->address = ahoy_server_new ("localhost", e->server->port); /* which nobody knows */
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
}

static void
the_right_one_at_another_address (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  ahoy_client_disconnect (e->client);
  g_object_unref (e->address);
  e->address = ahoy_server_new ("localhost", e->server->port);
  extended_online (e);
  assert_int_equal (ahoy_pins_check (e->pins, "localhost", e->server->port, NULL, NULL, FALSE, NULL), AHOY_PIN_DOWNGRADED);
}

static void
a_welcome_that_lies (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");

  begin (e, key);
  e->server->welcomes_as = other->id;
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, other->id, key->id);
  assert_int_equal (n_log_ins (e), 1);
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_NEW);
}

static void
who_is_refused_has_not_learned (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin (e, key);
  e->server->refuses = "owned";
  extended_connect (e);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (e->client), AHOY_REFUSAL_OWNED);
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_NEW);
  e->server->refuses = NULL;
  ahoy_client_retry_name (e->client, "alison");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_SAME);
}

static void
another_try_meets_another_server (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");

  begin (e, key);
  e->server->refuses = "owned";
  extended_connect (e);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
  fake_extended_drop (e->server);
  WAIT_UNTIL (e->client->link == NULL);
  set_key (e, other);
  ahoy_client_retry_name (e->client, "alison");
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  assert_null (fake_extended_find (e->server, "1alison"));
}

static void
accepting_moves_the_address (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");

  begin_known (e, key);
  set_key (e, other);
  fake_extended_drop (e->server);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  ahoy_conversation_set_draft (extended_with (e, NULL), "where were we");
  ahoy_client_accept_server (e->client);
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, NULL)), "where were we");
  assert_int_equal (ahoy_client_get_failure (e->client), AHOY_FAILURE_NONE);
  assert_null (ahoy_client_get_known_id (e->client));
  assert_null (ahoy_client_get_met_id (e->client));
  assert_int_equal (check (e, other->id, TRUE), AHOY_PIN_SAME);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  ahoy_client_disconnect (e->client);

  /* The old one is a known one still. */
  set_key (e, key);
  type (e);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
}

/* Somebody answers searches in the name of a server that is known, from another address. */
static void
a_known_id_is_no_proof (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");
  const guint port = e->server->port;

  begin_known (e, key);
  ahoy_client_disconnect (e->client);
  for (int i = 0; i < 3; i++)
    {
      set_key (e, i < 2 ? other : NULL);
      g_object_unref (e->address);
      e->address = ahoy_server_new ("localhost", port);
      ahoy_server_set_extended (e->address, key->id, "Office", 1, i == 0);
      extended_connect (e);
      await_stop (e, i < 2 ? AHOY_FAILURE_KEY_CHANGED : AHOY_FAILURE_DOWNGRADED, key->id, i < 2 ? other->id : key->id);
    }
  assert_int_equal (n_log_ins (e), 1);
}

/* ---- Less than before ---- */

static void
tls_that_was_stripped (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  ahoy_client_disconnect (e->client);
  set_key (e, NULL);
  for (int i = 0; i < 4; i++)
    {
      if (i == 0)
        find (e, key->id, TRUE);
      else if (i == 1)
        find (e, key->id, FALSE);
      else if (i == 2)
        find (e, NULL, FALSE);
      else
        type (e);
      e->server->n_hellos = 0;
      extended_connect (e);
      await_stop (e, AHOY_FAILURE_DOWNGRADED, key->id, i == 1 ? key->id : NULL);
      assert_int_equal (e->server->n_hellos, 1);
      assert_quiet (e);
    }
  assert_int_equal (n_log_ins (e), 1); /* long ago */
}

static void
a_reply_that_denies_tls_is_not_believed (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  for (int classic = 0; classic < 2; classic++)
    {
      ahoy_client_disconnect (e->client);
      find (e, classic ? NULL : key->id, FALSE);
      extended_online (e);
      assert_true (ahoy_client_get_secure (e->client));
    }
}

static void
silence_is_no_reason_to_talk_plainly (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  ahoy_client_disconnect (e->client);
  set_key (e, NULL);
  e->server->hello = FAKE_HELLO_IGNORED;
  type (e);
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_TIMEOUT, NULL, NULL);
  assert_int_equal (n_log_ins (e), 1);
}

static void
a_classic_answer_inside_tls (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin (e, key);
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  type (e);
  extended_online (e); /* somebody's tunnel to an old server: nothing is known to speak against it */
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (check (e, key->id, TRUE), AHOY_PIN_NEW);
  ahoy_client_disconnect (e->client);

  e->server->classic = FALSE;
  e->server->catches_up = TRUE;
  extended_online (e);
  e->server->classic = TRUE;
  fake_extended_drop (e->server);
  await_stop (e, AHOY_FAILURE_DOWNGRADED, key->id, key->id);
}

static void
a_plain_server_is_known_too (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, NULL);
  assert_int_equal (check (e, "server-a", FALSE), AHOY_PIN_SAME);
  assert_false (ahoy_pins_has_secure (e->pins));

  /* Only classic now; asked as one that is known. */
  ahoy_client_disconnect (e->client);
  e->server->classic = TRUE;
  find (e, NULL, FALSE);
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_DOWNGRADED, "server-a", NULL);
  e->server->classic = FALSE;

  /* Another one, says its welcome. */
  e->server->id = key->id;
  find (e, NULL, FALSE);
  extended_connect (e);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, "server-a", key->id);

  /* The same one. */
  e->server->id = "server-a";
  extended_online (e);
}

static void
a_plain_server_may_learn_tls (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin (e, NULL);
  e->server->id = key->id;
  find (e, key->id, FALSE);
  extended_online (e);
  assert_int_equal (check (e, key->id, FALSE), AHOY_PIN_SAME);
  ahoy_client_disconnect (e->client);
  set_key (e, key);
  find (e, key->id, TRUE);
  extended_online (e);
  assert_true (ahoy_client_get_secure (e->client));
  assert_int_equal (check (e, key->id, FALSE), AHOY_PIN_DOWNGRADED);
}

static void
a_notice_before_the_log_in_says_nothing (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  e->server->mute = TRUE;
  fake_extended_drop (e->server);
  WAIT_UNTIL (n_log_ins (e) == 2);
  e->server->mute = FALSE;
  fake_extended_send (e->server, "4* Not so fast.");
  extended_await_log (e, NULL, "* Not so fast.");
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (e->n_failed, 0);
}

static void
a_server_that_requires_tls_gets_it_at_once (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin (e, NULL);
  e->server->id = key->id;
  find (e, key->id, FALSE); /* as it was then */
  e->server->mute = TRUE;
  extended_connect (e);
  WAIT_UNTIL (n_log_ins (e) == 1);
  e->server->mute = FALSE;
  set_key (e, key);
  fake_extended_send (e->server, "^code=tls-required>EOver TLS, please.");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_true (ahoy_client_get_secure (e->client));

  /* And one that does not know what it wants is not asked for ever. */
  ahoy_client_disconnect (e->client);
  ahoy_pins_forget (e->pins, key->id, NULL);
  set_key (e, NULL);
  find (e, key->id, FALSE);
  e->server->mute = TRUE;
  extended_connect (e);
  WAIT_UNTIL (n_log_ins (e) == 3);
  e->server->mute = FALSE;
  fake_extended_send (e->server, "^code=tls-required>EOver TLS, please.");
  await_stop (e, AHOY_FAILURE_HANDSHAKE, NULL, NULL);
}

/* ---- While reconnecting ---- */

static void
a_stop_keeps_what_was_said (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  g_autoptr (Key) other = make_key (e, "b");

  begin_known (e, key);
  fake_extended_say (e->server, "bob", "alice", "hi");
  extended_await_log (e, "bob", "bob>alice: hi");
  ahoy_conversation_set_draft (extended_with (e, "bob"), "as I was say");
  ahoy_conversation_set_draft (extended_with (e, "carol"), "and you");
  set_key (e, other);
  fake_extended_drop (e->server);
  await_stop (e, AHOY_FAILURE_KEY_CHANGED, key->id, other->id);
  assert_quiet (e);
  extended_await_log (e, "bob", "bob>alice: hi");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "bob")), "as I was say");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "carol")), "and you");

  set_key (e, key); /* the right one is back */
  extended_online (e);
  extended_await_log (e, "bob", "bob>alice: hi");
  assert_string_equal (ahoy_conversation_get_draft (extended_with (e, "bob")), "as I was say");
}

static void
what_waits_is_for_nobody_else (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");
  guint n_plain;

  begin_known (e, key);
  e->server->mute = TRUE;
  e->server->fails = "dropped";
  e->server->n_fails = 100;
  extended_send (e, NULL, "for them alone");
  extended_await_frame (e, ">3for them alone");
  e->server->mute = FALSE;
  e->server->fails = NULL;
  set_key (e, NULL);
  fake_extended_drop (e->server);
  await_stop (e, AHOY_FAILURE_DOWNGRADED, key->id, NULL);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 1);
  assert_int_equal (fake_extended_count (e->server, "for them alone"), 1);

  ahoy_client_accept_server (e->client);
  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  n_plain = n_log_ins (e);
  extended_online (e);
  assert_int_equal (n_log_ins (e), n_plain + 1);
  assert_false (ahoy_client_get_secure (e->client));
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  extended_send (e, NULL, "who are you?");
  extended_await_log (e, NULL, "alice: who are you? (sent)");
  assert_int_equal (fake_extended_count (e->server, "for them alone"), 1);

  /* It is still owed to whom it was said. */
  ahoy_client_disconnect (e->client);
  e->server->classic = FALSE;
  e->server->catches_up = TRUE;
  set_key (e, key);
  find (e, key->id, TRUE);
  extended_online (e);
  WAIT_UNTIL (fake_extended_count (e->server, "for them alone") == 2);
}

static void
a_server_that_goes_down_is_waited_for (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  set_key (e, NULL);
  e->server->hello = FAKE_HELLO_HUNG_UP;
  fake_extended_drop (e->server);
  WAIT_UNTIL (e->server->n_hellos >= 3);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
  set_key (e, key);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_int_equal (e->n_failed, 0);
  assert_true (ahoy_client_get_secure (e->client));
}

static void
a_plain_server_that_wants_tls_gets_it (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin (e, NULL);
  e->server->id = key->id;
  find (e, key->id, FALSE);
  extended_online (e);
  set_key (e, key); /* and the plain log-in is no TLS: it hangs up */
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  assert_true (ahoy_client_get_secure (e->client));
}

static void
replaced_is_for_good (void **state)
{
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  fake_extended_say (e->server, "bob", NULL, "hi");
  extended_await_log (e, NULL, "bob: hi");
  fake_extended_send (e->server, "^code=replaced>EYou are here twice.");
  await_stop (e, AHOY_FAILURE_REPLACED, NULL, NULL);
  assert_quiet (e);
  extended_await_log (e, NULL, "bob: hi");
  ahoy_client_accept_server (e->client); /* there is nothing to accept */
  assert_int_equal (ahoy_client_get_failure (e->client), AHOY_FAILURE_REPLACED);
  extended_online (e);
  assert_int_equal (ahoy_client_get_failure (e->client), AHOY_FAILURE_NONE);
  extended_await_log (e, NULL, "bob: hi");
}

static void
a_name_that_somebody_owns_is_no_ghost (void **state)
{
  static const struct {
    const char *reason;
    AhoyRefusal refusal;
  } refusals[] = { { "owned", AHOY_REFUSAL_OWNED }, { "in-use", AHOY_REFUSAL_IN_USE } };
  Extended *e = *state;
  g_autoptr (Key) key = make_key (e, "a");

  begin_known (e, key);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      const guint n = n_log_ins (e);

      e->server->refuses = refusals[i].reason;
      fake_extended_drop (e->server);
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
      assert_int_equal (ahoy_client_get_refusal (e->client), refusals[i].refusal);
      assert_int_equal (n_log_ins (e), n + 1);
      e->server->refuses = NULL;
      ahoy_client_retry_name (e->client, "alice");
      WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
    }
}

/* Whom the server cannot know by a key has the patience of before. */
static void
a_plain_ghost_is_waited_for (void **state)
{
  Extended *e = *state;

  begin_known (e, NULL);
  e->server->refuses = "in-use";
  fake_extended_drop (e->server);
  WAIT_UNTIL (n_log_ins (e) >= 4);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_RECONNECTING);
  e->server->refuses = NULL;
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
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
    EXTENDED_TEST (another_claim_is_not_even_dialed),
    EXTENDED_TEST (another_server_in_its_place),
    EXTENDED_TEST (the_right_one_at_another_address),
    EXTENDED_TEST (a_welcome_that_lies),
    EXTENDED_TEST (who_is_refused_has_not_learned),
    EXTENDED_TEST (another_try_meets_another_server),
    EXTENDED_TEST (accepting_moves_the_address),
    EXTENDED_TEST (a_known_id_is_no_proof),
    EXTENDED_TEST (tls_that_was_stripped),
    EXTENDED_TEST (a_reply_that_denies_tls_is_not_believed),
    EXTENDED_TEST (silence_is_no_reason_to_talk_plainly),
    EXTENDED_TEST (a_classic_answer_inside_tls),
    EXTENDED_TEST (a_plain_server_is_known_too),
    EXTENDED_TEST (a_plain_server_may_learn_tls),
    EXTENDED_TEST (a_notice_before_the_log_in_says_nothing),
    EXTENDED_TEST (a_server_that_requires_tls_gets_it_at_once),
    EXTENDED_TEST (a_stop_keeps_what_was_said),
    EXTENDED_TEST (what_waits_is_for_nobody_else),
    EXTENDED_TEST (a_server_that_goes_down_is_waited_for),
    EXTENDED_TEST (a_plain_server_that_wants_tls_gets_it),
    EXTENDED_TEST (replaced_is_for_good),
    EXTENDED_TEST (a_name_that_somebody_owns_is_no_ghost),
    EXTENDED_TEST (a_plain_ghost_is_waited_for),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
