/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A client that remembers servers, and the servers it meets. */

#include "trust-fixture.h"

#include "core/connection/ahoy-server-private.h"
#include "wire/ahoy-identity.h"

TrustKey *
trust_make_key (Extended   *e,
                const char *name)
{
  g_autofree char         *path = g_strdup_printf ("%s/%s.pem", e->dir, name);
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, name, &error);
  TrustKey                *key = g_new0 (TrustKey, 1);

  assert_non_null (identity);
  key->id = g_strdup (ahoy_identity_get_id (identity));
  key->certificate = g_tls_certificate_new_from_pem (ahoy_identity_get_pem (identity), -1, &error);
  assert_non_null (key->certificate);
  return key;
}

void
trust_key_free (TrustKey *key)
{
  g_object_unref (key->certificate);
  g_free (key->id);
  g_free (key);
}

void
trust_set_key (Extended *e,
               TrustKey *key)
{
  e->server->certificate = key ? key->certificate : NULL;
  if (key)
    e->server->id = key->id;
}

void
trust_find (Extended   *e,
            const char *id,
            gboolean    tls)
{
  g_object_unref (e->address);
  e->address = ahoy_server_new ("127.0.0.1", e->server->port);
  ahoy_server_set_heard (e->address);
  if (id)
    ahoy_server_set_extended (e->address, id, "Office", 1, tls);
}

void
trust_type (Extended *e)
{
  g_object_unref (e->address);
  e->address = ahoy_server_new ("127.0.0.1", e->server->port);
}

void
trust_begin (Extended *e,
             TrustKey *key)
{
  g_autofree char   *path = g_build_filename (e->dir, "identity.pem", NULL);
  g_autoptr (GError) error = NULL;

  e->keyring = ahoy_keyring_open (path, "alice", &error);
  assert_non_null (e->keyring);
  e->known_servers = ahoy_known_servers_open (NULL, &error);
  assert_non_null (e->known_servers);
  extended_restart (e);
  trust_set_key (e, key);
  trust_find (e, key ? key->id : e->server->id, key != NULL);
}

void
trust_begin_known (Extended *e,
                   TrustKey *key)
{
  trust_begin (e, key);
  extended_online (e);
}

AhoyServerVerdict
trust_check (Extended   *e,
             const char *id,
             gboolean    secure)
{
  return ahoy_known_servers_check (e->known_servers, "127.0.0.1", e->server->port, id, secure, NULL);
}

void
trust_await_stop (Extended   *e,
                  AhoyFailure failure,
                  const char *known,
                  const char *met)
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

void
trust_assert_quiet (Extended *e)
{
  const guint n = e->server->n_connections;

  for (int i = 0; i < 5; i++)
    fixture_iterate ();
  assert_true (test_loop_settle (NULL));
  assert_int_equal (e->server->n_connections, n);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_OFFLINE);
}

guint
trust_n_log_ins (Extended *e)
{
  return fake_extended_count (e->server, "1alice");
}
