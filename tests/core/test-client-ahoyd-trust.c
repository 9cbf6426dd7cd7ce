/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Clients with identities on the real server ($AHOYD), over TLS: who is who, and who is not. */

#include "ahoyd-fixture.h"

#include <string.h>

#include "core/connection/ahoy-known-servers.h"
#include "core/identity/ahoy-keyring.h"

/* One person at one computer. */
typedef struct {
  AhoyKeyring      *keyring;
  AhoyKnownServers *known_servers;
  AhoyClient       *client;
} Someone;

typedef struct {
  AhoydFixture fixture;
  AhoyServer  *server;
  Someone      alice;
  Someone      bob;
} Talk;

static void
come (Talk       *t,
      Someone    *someone,
      const char *name)
{
  AhoyClientTimings timings = ahoy_client_timings;

  timings.session.reconnect.first = timings.session.reconnect.max = 20;
  if (!someone->known_servers)
    someone->known_servers = ahoy_known_servers_open (NULL, NULL);
  someone->client = ahoy_client_new_with_timings (&timings, NULL, someone->keyring, someone->known_servers);
  ahoy_client_connect (someone->client, t->server, name);
  WAIT_UNTIL (ahoy_client_get_state (someone->client) != AHOY_CLIENT_CONNECTING);
}

/* With the identity that is kept under @key. */
static void
come_as (Talk       *t,
         Someone    *someone,
         const char *name,
         const char *key)
{
  g_autofree char   *path = g_strdup_printf ("%s/%s.pem", t->fixture.dir, key);
  g_autoptr (GError) error = NULL;

  someone->keyring = ahoy_keyring_open (path, name, &error);
  assert_non_null (someone->keyring);
  come (t, someone, name);
}

static void
leave (Someone *someone)
{
  g_assert_finalize_object (someone->client);
  g_clear_object (&someone->keyring);
  g_clear_object (&someone->known_servers);
}

static int
setup (void **state)
{
  Talk *t = g_new0 (Talk, 1);

  ahoyd_fixture_open (&t->fixture);
  t->server = ahoy_server_new ("127.0.0.1", t->fixture.port);
  come_as (t, &t->alice, "alice", "a");
  come_as (t, &t->bob, "bob", "b");
  assert_int_equal (ahoy_client_get_state (t->bob.client), AHOY_CLIENT_ONLINE);
  WAIT_UNTIL (ahoy_client_get_n_online (t->alice.client) == 2);
  *state = t;
  return 0;
}

static int
teardown (void **state)
{
  Talk *t = *state;

  leave (&t->alice);
  leave (&t->bob);
  g_object_unref (t->server);
  ahoyd_fixture_close (&t->fixture);
  g_free (t);
  return 0;
}

static AhoyConversation *
pane (Someone    *someone,
      const char *with)
{
  AhoyConversation *conversation = with ? ahoy_client_find_conversation (someone->client, with) : ahoy_client_get_everyone (someone->client);

  assert_non_null (conversation);
  return conversation;
}

static gboolean
reads (Someone    *someone,
       const char *with,
       const char *expected)
{
  g_autofree char *log = fixture_log (pane (someone, with));

  return strcmp (log, expected) == 0;
}

static void
each_knows_the_others_key (void **state)
{
  Talk       *t = *state;
  AhoyPerson *bob = ahoy_conversation_get_person (pane (&t->alice, "bob"));
  AhoyPerson *alice = ahoy_conversation_get_person (pane (&t->bob, "alice"));

  assert_true (ahoy_client_get_secure (t->alice.client));
  assert_true (ahoy_client_get_secure (t->bob.client));
  assert_non_null (ahoy_server_get_id (t->server));
  assert_string_equal (ahoy_person_get_key (bob), ahoy_keyring_get_key (t->bob.keyring));
  assert_string_equal (ahoy_person_get_key (alice), ahoy_keyring_get_key (t->alice.keyring));
  assert_string_equal (ahoy_person_get_known_key (alice), ahoy_keyring_get_key (t->alice.keyring));
  assert_non_null (ahoy_client_send (t->alice.client, pane (&t->alice, "bob"), "psst"));
  WAIT_UNTIL (reads (&t->bob, "alice", "alice>bob: psst"));
  WAIT_UNTIL (ahoy_client_get_n_waiting (t->alice.client) == 0);
}

static void
a_name_has_an_owner (void **state)
{
  Talk   *t = *state;
  Someone mallory = { 0 };

  /* Also when the owner is away. */
  ahoy_client_disconnect (t->alice.client);
  WAIT_UNTIL (ahoy_client_get_n_online (t->bob.client) == 1);
  come_as (t, &mallory, "Alice", "m");
  assert_int_equal (ahoy_client_get_state (mallory.client), AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (mallory.client), AHOY_REFUSAL_OWNED);
  leave (&mallory);

  memset (&mallory, 0, sizeof mallory);
  come (t, &mallory, "alice"); /* nobody at all */
  assert_int_equal (ahoy_client_get_refusal (mallory.client), AHOY_REFUSAL_OWNED);
  leave (&mallory);

  ahoy_client_connect (t->alice.client, t->server, "alice");
  WAIT_UNTIL (ahoy_client_get_state (t->alice.client) == AHOY_CLIENT_ONLINE);
}

static void
the_same_key_takes_over (void **state)
{
  Talk   *t = *state;
  Someone again = { 0 };

  assert_non_null (ahoy_client_send (t->alice.client, pane (&t->alice, "bob"), "one"));
  WAIT_UNTIL (reads (&t->bob, "alice", "alice>bob: one"));
  come_as (t, &again, "alice", "a");
  assert_int_equal (ahoy_client_get_state (again.client), AHOY_CLIENT_ONLINE);
  WAIT_UNTIL (ahoy_client_get_state (t->alice.client) == AHOY_CLIENT_OFFLINE);
  assert_int_equal (ahoy_client_get_failure (t->alice.client), AHOY_FAILURE_REPLACED);
  assert_non_null (ahoy_client_send (again.client, pane (&again, "bob"), "two"));
  WAIT_UNTIL (reads (&t->bob, "alice", "alice>bob: one | alice>bob: two")); /* and nobody came or went */
  assert_int_equal (ahoy_client_get_n_online (t->bob.client), 2);
  assert_int_equal (ahoy_client_get_state (again.client), AHOY_CLIENT_ONLINE);
  leave (&again);
}

static void
a_server_that_comes_back (void **state)
{
  Talk *t = *state;

  ahoyd_fixture_kill (&t->fixture);
  WAIT_UNTIL (ahoy_client_get_state (t->alice.client) == AHOY_CLIENT_RECONNECTING);
  ahoyd_fixture_start (&t->fixture);
  WAIT_UNTIL (ahoy_client_get_state (t->alice.client) == AHOY_CLIENT_ONLINE);
  assert_true (ahoy_client_get_secure (t->alice.client));
}

static void
a_server_that_is_another (void **state)
{
  Talk            *t = *state;
  g_autofree char *before = g_strdup (ahoy_server_get_id (t->server));

  assert_non_null (ahoy_client_send (t->alice.client, pane (&t->alice, NULL), "hi"));
  WAIT_UNTIL (ahoy_client_get_n_waiting (t->alice.client) == 0);
  ahoyd_fixture_kill (&t->fixture);
  ahoyd_fixture_forget (&t->fixture);
  ahoyd_fixture_start (&t->fixture);
  WAIT_UNTIL (ahoy_client_get_state (t->alice.client) == AHOY_CLIENT_OFFLINE);
  assert_int_equal (ahoy_client_get_failure (t->alice.client), AHOY_FAILURE_KEY_CHANGED);
  assert_string_equal (ahoy_client_get_known_id (t->alice.client), before);
  assert_true (reads (&t->alice, NULL, "+bob - | alice: hi (sent)"));

  ahoy_client_accept_server (t->alice.client);
  ahoy_client_connect (t->alice.client, t->server, "alice");
  WAIT_UNTIL (ahoy_client_get_state (t->alice.client) == AHOY_CLIENT_ONLINE);
  assert_string_not_equal (ahoy_server_get_id (t->server), before);
  assert_true (ahoy_client_get_secure (t->alice.client));
}

int
main (void)
{
#define TALK_TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    TALK_TEST (each_knows_the_others_key),
    TALK_TEST (a_name_has_an_owner),
    TALK_TEST (the_same_key_takes_over),
    TALK_TEST (a_server_that_comes_back),
    TALK_TEST (a_server_that_is_another),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
