/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "fixture.h"

#include <glib/gstdio.h>

#include "core/ahoy-core-enum-types.h"
#include "support/fake-responder.h"
#include "support/test-loop.h"
#include "core/connector/ahoy-connector-private.h"

/* Of a server that is hosted here, in the test's own network. */
#define DISCOVERY_PORT 24777
#define SERVER_PORT 24690
#define STRANGER "abcdefghijklmnopqrstuvwxyz"

typedef struct {
  char          *folder;
  AhoySettings  *settings;
  AhoyConnector *connector;
  FakeServer    *server;
} Fixture;

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->settings = fixture_make_settings (&f->folder);
  f->server = fake_server_new (0);
  f->connector = fixture_make_connector (f->settings, NULL, NULL);
  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server));
  ahoy_connector_set_name (f->connector, "alice");
  *state = f;

  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;

  ahoy_connector_cancel (f->connector);
  g_assert_finalize_object (f->connector);
  fake_server_free (f->server);
  fixture_drop_settings (f->settings, f->folder);
  g_free (f);

  return 0;
}

static AhoyClientState
client_state (Fixture *f)
{
  return ahoy_chat_get_state (ahoy_connector_get_chat (f->connector));
}

static void
starts_at_the_name (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
  assert_false (ahoy_connector_get_hosting (f->connector));
  assert_null (ahoy_connector_get_finder (f->connector));
}

static void
goes_nowhere_under_a_bad_name (void **state)
{
  Fixture *f = *state;

  ahoy_connector_set_name (f->connector, "a,b");
  ahoy_connector_look (f->connector);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
  ahoy_connector_host (f->connector, "nobody's");
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
}

static void
finds_one_server_and_talks (void **state)
{
  Fixture         *f = *state;
  g_autofree char *host = NULL;
  g_autofree char *id = NULL;
  g_autofree char *name = NULL;
  guint16          port;

  ahoy_connector_look (f->connector);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_LOOKING);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);

  assert_true (ahoy_memory_get_last_server (AHOY_MEMORY (f->settings), &host, &port, &id));
  assert_int_equal (port, fake_server_get_port (f->server));
  assert_null (id);
  name = g_settings_get_string (ahoy_settings_get_store (f->settings), "name");
  assert_string_equal (name, "alice");

  ahoy_connector_cancel (f->connector);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
  assert_int_equal (client_state (f), AHOY_CLIENT_OFFLINE);
}

static void
shows_that_nobody_answered (void **state)
{
  Fixture *f = *state;

  ahoy_connector_set_discovery_port (f->connector, 1);
  ahoy_connector_look (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_NONE_FOUND);
  assert_int_not_equal (g_list_model_get_n_items (ahoy_finder_get_probes (ahoy_connector_get_finder (f->connector))), 0);

  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server));
  ahoy_connector_retry (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
}

static void
cancels_the_search (void **state)
{
  Fixture *f = *state;

  ahoy_connector_look (f->connector);
  ahoy_connector_cancel (f->connector);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
  assert_int_equal (ahoy_finder_get_state (ahoy_connector_get_finder (f->connector)), AHOY_FINDER_IDLE);
}

static void
lets_choose_among_several (void **state)
{
  Fixture               *f = *state;
  FakeServer            *other = fake_server_new (fake_server_get_discovery_port (f->server));
  g_autoptr (AhoyServer) second = NULL;
  GListModel            *servers;

  ahoy_connector_look (f->connector);
  fixture_be_patient (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_CHOOSING);
  servers = ahoy_finder_get_servers (ahoy_connector_get_finder (f->connector));
  assert_int_equal (g_list_model_get_n_items (servers), 2);

  second = g_list_model_get_item (servers, 1);
  ahoy_connector_choose (f->connector, second);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_ptr_equal (ahoy_chat_get_server (ahoy_connector_get_chat (f->connector)), second);

  ahoy_connector_cancel (f->connector);
  fake_server_free (other);
}

#define KNOWN "abcdefghijklmnopqrstuvwxyz"
#define OTHER "zyxwvutsrqponmlkjihgfedcba"

static FakeResponder *
answer_as (guint16     discovery_port,
           const char *port_and_id)
{
  FakeResponder   *beacon = fake_responder_new ("0.0.0.0", discovery_port);
  g_autofree char *reply = g_strdup_printf ("%s|v=2|nonce=@NONCE@|name=Workshop|users=1|tls=0", port_and_id);

  fake_responder_answer_extended (beacon, reply);
  return beacon;
}

/* Two ids at one address are a claim and a lie, and one of them is known. */
static void
asks_nobody_about_a_lie (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);
  g_autoptr (AhoyConnector)    connector = fixture_make_connector (f->settings, NULL, known_servers);
  g_autoptr (FakeResponder)    liar = answer_as (0, "1|id=" OTHER);
  g_autoptr (FakeResponder)    honest = answer_as (fake_responder_get_port (liar), "1|id=" KNOWN);
  g_autoptr (FakeResponder)    another = NULL;
  g_autoptr (GListModel)       servers = NULL;

  ahoy_connector_set_discovery_port (connector, fake_responder_get_port (liar));
  ahoy_connector_set_name (connector, "alice");
  assert_true (ahoy_known_servers_learn (known_servers, "127.0.0.1", 1, "Workshop", KNOWN, TRUE, NULL));
  ahoy_connector_look (connector);
  servers = g_object_ref (ahoy_finder_get_servers (ahoy_connector_get_finder (connector)));
  fixture_wait_for_step (connector, AHOY_STEP_TROUBLE); /* it was dialed, and nobody listens there */
  assert_int_equal (g_list_model_get_n_items (servers), 2);
  ahoy_connector_cancel (connector);

  another = answer_as (fake_responder_get_port (liar), "2|id=bbbbbbbbbbbbbbbbbbbbbbbbbb");
  ahoy_connector_look (connector);
  fixture_wait_for_step (connector, AHOY_STEP_CHOOSING);
  ahoy_connector_cancel (connector);
}

/* Whoever answers alone is not trusted more for it. */
static void
shows_the_list_when_encryption_is_gone (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);
  g_autoptr (AhoyConnector)    connector = fixture_make_connector (f->settings, NULL, known_servers);
  g_autoptr (AhoyServer)       server = NULL;
  g_autofree char             *address = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (f->server));

  ahoy_connector_set_discovery_port (connector, fake_server_get_discovery_port (f->server));
  ahoy_connector_set_name (connector, "alice");
  ahoy_connector_look (connector);
  fixture_wait_for_step (connector, AHOY_STEP_TALKING);
  ahoy_connector_cancel (connector);

  assert_true (ahoy_known_servers_learn (known_servers, "10.0.0.1", 24690, "Workshop", "abcdefghijklmnopqrstuvwxyz", TRUE, NULL));
  ahoy_connector_look (connector);
  fixture_wait_for_step (connector, AHOY_STEP_CHOOSING);
  assert_int_equal (g_list_model_get_n_items (ahoy_finder_get_servers (ahoy_connector_get_finder (connector))), 1);
  server = g_list_model_get_item (ahoy_finder_get_servers (ahoy_connector_get_finder (connector)), 0);
  ahoy_connector_choose (connector, server);
  fixture_wait_for_step (connector, AHOY_STEP_TALKING);
  ahoy_connector_cancel (connector);

  /* Nobody types an address by mistake. */
  assert_true (ahoy_connector_look_at (connector, address));
  fixture_wait_for_step (connector, AHOY_STEP_TALKING);
  ahoy_connector_cancel (connector);
}

/* Unicast to a discovery port that servers share reaches just one of them, and it is not the one that was typed. */
static void
lets_choose_when_another_one_answers_at_an_address (void **state)
{
  Fixture         *f = *state;
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", fake_server_get_discovery_port (f->server));
  GListModel      *servers;

  assert_true (ahoy_connector_look_at (f->connector, address));
  fixture_wait_for_step (f->connector, AHOY_STEP_CHOOSING);
  servers = ahoy_finder_get_servers (ahoy_connector_get_finder (f->connector));
  assert_int_equal (g_list_model_get_n_items (servers), 2);
}

static void
takes_the_last_used_one_unattended (void **state)
{
  Fixture    *f = *state;
  FakeServer *other = fake_server_new (fake_server_get_discovery_port (f->server));
  AhoyServer *taken;

  ahoy_memory_set_last_server (AHOY_MEMORY (f->settings), "127.0.0.1", fake_server_get_port (other), NULL);
  ahoy_connector_set_unattended (f->connector, TRUE);
  ahoy_connector_look (f->connector);
  fixture_be_patient (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  taken = ahoy_chat_get_server (ahoy_connector_get_chat (f->connector));
  assert_int_equal (ahoy_server_get_port (taken), fake_server_get_port (other));

  ahoy_connector_cancel (f->connector);
  fake_server_free (other);
}

static void
comes_back_to_a_refused_name (void **state)
{
  Fixture *f = *state;

  ahoy_connector_set_name (f->connector, "taken");
  ahoy_connector_look (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_REFUSED);
  assert_string_equal (ahoy_connector_get_name (f->connector), "taken");

  ahoy_connector_look (f->connector);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CONNECTING);
  fixture_wait_for_step (f->connector, AHOY_STEP_REFUSED);

  ahoy_connector_set_name (f->connector, "bob");
  ahoy_connector_look (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
}

static void
goes_to_a_typed_address (void **state)
{
  Fixture         *f = *state;
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (f->server));
  g_autofree char *kept = NULL;

  ahoy_connector_ask_address (f->connector);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_ADDRESS);
  assert_false (ahoy_connector_look_at (f->connector, "no address: at all"));
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_ADDRESS);

  assert_true (ahoy_connector_look_at (f->connector, address));
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  kept = g_settings_get_string (ahoy_settings_get_store (f->settings), "address");
  assert_string_equal (kept, address);
}

static void
goes_to_the_address_of_the_command_line (void **state)
{
  Fixture         *f = *state;
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", fake_server_get_port (f->server));

  ahoy_connector_set_discovery_port (f->connector, 1);
  ahoy_connector_set_address (f->connector, address);
  ahoy_connector_look (f->connector);
  assert_string_equal (ahoy_connector_get_aim (f->connector), address);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
}

static void
tells_that_nothing_is_at_an_address (void **state)
{
  Fixture *f = *state;

  assert_true (ahoy_connector_look_at (f->connector, "127.0.0.1:1"));
  fixture_wait_for_step (f->connector, AHOY_STEP_TROUBLE);
  assert_int_equal (ahoy_connector_get_trouble (f->connector), AHOY_TROUBLE_CONNECT);
  assert_int_equal (ahoy_chat_get_failure (ahoy_connector_get_chat (f->connector)), AHOY_FAILURE_UNREACHABLE);
  assert_string_equal (ahoy_connector_get_aim (f->connector), "127.0.0.1:1");
}

static void
tells_that_hosting_does_not_work (void **state)
{
  Fixture *f = *state;

  g_setenv ("AHOY_AHOYD", "/nonexistent/ahoyd", TRUE);
  ahoy_connector_host (f->connector, "here");
  fixture_wait_for_step (f->connector, AHOY_STEP_TROUBLE);
  g_unsetenv ("AHOY_AHOYD");
  assert_int_equal (ahoy_connector_get_trouble (f->connector), AHOY_TROUBLE_HOST);
  assert_non_null (ahoy_connector_get_host_error (f->connector));
  assert_false (ahoy_connector_get_hosting (f->connector));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* The real server, under @name, up to TALKING. */
static void
host_as (AhoyConnector *connector,
         const char    *name)
{
  g_autofree char *server_name = g_strdup_printf ("Chat of %s", name);
  AhoyServer      *server;

  ahoy_connector_set_name (connector, name);
  ahoy_connector_host (connector, server_name);
  fixture_wait_for_step (connector, AHOY_STEP_TALKING);
  server = ahoy_chat_get_server (ahoy_connector_get_chat (connector));
  assert_true (ahoy_chat_get_secure (ahoy_connector_get_chat (connector)));
  assert_true (ahoy_server_get_own (server));
  assert_true (ahoy_connector_is_at_own_server (connector));
  assert_string_equal (ahoy_server_get_host (server), "127.0.0.1");
  assert_string_equal (ahoy_server_get_name (server), server_name);
  assert_non_null (ahoy_server_get_id (server));
}

static void
stop_hosting (AhoyConnector *connector)
{
  ahoy_connector_cancel (connector);
  ahoy_connector_stop_hosting (connector);
  while (ahoy_connector_get_hosting (connector))
    g_main_context_iteration (NULL, TRUE);
}

/* Whoever was known at that port of this computer, or by that name. */
static void
its_own_server_is_no_stranger (void **state)
{
  Fixture                     *f = *state;
  g_autofree char             *folder = g_dir_make_tmp ("ahoy-test-XXXXXX", NULL);
  g_autofree char             *key = g_build_filename (folder, "key", NULL);
  g_autofree char             *servers = ahoy_memory_dup_server_dir (AHOY_MEMORY (f->settings));
  g_autoptr (AhoyKeyring)      keyring = ahoy_keyring_open (key, "alice", NULL);
  g_autoptr (AhoyKnownServers) known_servers = ahoy_known_servers_open (NULL, NULL);
  g_autoptr (AhoyConnector)    connector = fixture_make_connector (f->settings, keyring, known_servers);
  g_autofree char             *id = NULL;

  g_setenv ("AHOY_AHOYD", g_getenv ("AHOYD"), TRUE);
  ahoy_connector_set_discovery_port (connector, DISCOVERY_PORT);
  assert_true (ahoy_known_servers_learn (known_servers, "127.0.0.1", SERVER_PORT, "Chat of alice", STRANGER, TRUE, NULL));
  host_as (connector, "alice");
  id = g_strdup (ahoy_server_get_id (ahoy_chat_get_server (ahoy_connector_get_chat (connector))));
  assert_string_not_equal (id, STRANGER);

  /* It goes on; whoever finds it comes back to it. */
  ahoy_connector_cancel (connector);
  assert_true (ahoy_connector_get_hosting (connector));
  assert_false (ahoy_connector_is_at_own_server (connector));
  ahoy_connector_look (connector);
  fixture_wait_for_step (connector, AHOY_STEP_TALKING);
  assert_true (ahoy_connector_is_at_own_server (connector));
  stop_hosting (connector);

  /* The other one in its place is still the one that it was. */
  assert_int_equal (ahoy_known_servers_check (known_servers, "127.0.0.1", SERVER_PORT, STRANGER, TRUE, NULL), AHOY_SERVER_VERDICT_SAME);

  /* A new name, and a server that was never met, at the same port. */
  remove_tree (servers);
  host_as (connector, "bob");
  assert_string_not_equal (ahoy_server_get_id (ahoy_chat_get_server (ahoy_connector_get_chat (connector))), id);
  stop_hosting (connector);
  g_clear_object (&connector);
  g_unsetenv ("AHOY_AHOYD");
  remove_tree (servers);
  remove_tree (folder);
}

/* There may be nothing to prove, but the server's key is proved all the same. */
static void
hosts_without_an_identity (void **state)
{
  Fixture         *f = *state;
  g_autofree char *servers = ahoy_memory_dup_server_dir (AHOY_MEMORY (f->settings));

  g_setenv ("AHOY_AHOYD", g_getenv ("AHOYD"), TRUE);
  ahoy_connector_set_discovery_port (f->connector, DISCOVERY_PORT);
  host_as (f->connector, "alice");
  stop_hosting (f->connector);
  g_unsetenv ("AHOY_AHOYD");
  remove_tree (servers);
}

static void
on_step (AhoyConnector *connector,
         GParamSpec    *pspec,
         GString       *steps)
{
  static const char letters[] = "nalcx-t!krRT"; /* in the order of the steps; '-': hosting */

  g_string_append_c (steps, letters[ahoy_connector_get_step (connector)]);
}

static GString *
record_steps (Fixture *f)
{
  GString *steps = g_string_new (NULL);

  g_signal_connect (f->connector, "notify::step", G_CALLBACK (on_step), steps);
  return steps;
}

static gboolean
is_settled (gpointer connector)
{
  return !ahoy_try_again_is_settling (ahoy_connector_get_try_again (connector));
}

static void
change_network (Fixture *f)
{
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE); /* "not available": a LAN without a way out */
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
}

/* Nobody is there to be found. */
static const AhoyFinderTiming in_vain = { .attempts = { 0, 10, 20, 30 }, .give_up = 100, .give_up_typed = 100, .window = 50 };
static const AhoyFinderTiming patient = { .attempts = { 0, 300, 900, 2100 }, .give_up = 10000, .give_up_typed = 10000, .window = 50 };

static void
set_pauses (Fixture *f,
            guint    least,
            guint    most)
{
  const AhoyTryAgainTiming timing = { .settle = 10, .least = least, .most = most, .patience = 1000000 };

  ahoy_try_again_set_timing (ahoy_connector_get_try_again (f->connector), &timing);
}

static gboolean
is_planned (Fixture *f)
{
  return ahoy_try_again_is_planned (ahoy_connector_get_try_again (f->connector));
}

static gboolean
looks_quietly (Fixture *f)
{
  return ahoy_server_search_is_quiet (ahoy_connector_get_search (f->connector));
}

static void
be_stuck_for_long (Fixture *f)
{
  set_pauses (f, 1000000, 1000000);
  ahoy_server_search_set_timing (ahoy_connector_get_search (f->connector), &in_vain);
}

/* The page that says that nobody was found stays until somebody is. */
static void
goes_on_looking_where_nobody_was (void **state)
{
  Fixture            *f = *state;
  g_autoptr (GString) steps = record_steps (f);
  AhoyFinder         *shown;

  be_stuck_for_long (f);
  set_pauses (f, 10, 10);
  ahoy_connector_set_discovery_port (f->connector, 1);
  ahoy_connector_look (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_NONE_FOUND);
  shown = ahoy_connector_get_finder (f->connector);
  while (!looks_quietly (f))
    g_main_context_iteration (NULL, TRUE);
  while (looks_quietly (f))
    g_main_context_iteration (NULL, TRUE);
  assert_ptr_equal (ahoy_connector_get_finder (f->connector), shown); /* it says the same */

  ahoy_server_search_set_timing (ahoy_connector_get_search (f->connector), &patient);
  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server));
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_string_equal (steps->str, "lx"
                                   "tT");
  assert_int_equal (ahoy_finder_get_state (ahoy_connector_get_finder (f->connector)), AHOY_FINDER_FOUND);
  assert_false (looks_quietly (f));
  assert_false (is_planned (f));
  g_signal_handlers_disconnect_by_data (f->connector, steps);
}

/* Who was first to answer sent us to where nobody is, and goes on to do so. */
static void
looks_further_where_a_claim_led_to_nobody (void **state)
{
  Fixture                  *f = *state;
  g_autoptr (GString)       steps = record_steps (f);
  g_autoptr (FakeResponder) liar = answer_as (0, "1|id=" OTHER);
  g_autoptr (FakeResponder) again = answer_as (fake_server_get_discovery_port (f->server), "1|id=" OTHER);

  be_stuck_for_long (f);
  ahoy_server_search_set_timing (ahoy_connector_get_search (f->connector), &patient);
  ahoy_connector_set_discovery_port (f->connector, fake_responder_get_port (liar));
  ahoy_connector_look (f->connector);
  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server)); /* of the next search */
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_string_equal (steps->str, "lt"
                                   "ltT");
  g_signal_handlers_disconnect_by_data (f->connector, steps);
}

static void
exchanges_nobody_for_a_stranger (void **state)
{
  Fixture                  *f = *state;
  g_autoptr (GString)       steps = record_steps (f);
  g_autoptr (FakeResponder) liar = answer_as (0, "1|id=" KNOWN);

  be_stuck_for_long (f);
  ahoy_server_search_set_timing (ahoy_connector_get_search (f->connector), &patient);
  ahoy_memory_set_last_server (AHOY_MEMORY (f->settings), "127.0.0.1", 2, KNOWN);
  ahoy_connector_set_discovery_port (f->connector, fake_responder_get_port (liar));
  ahoy_connector_look (f->connector);
  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server));
  fixture_wait_for_step (f->connector, AHOY_STEP_TROUBLE);
  assert_string_equal (steps->str, "lt"
                                   "l!");
  assert_string_equal (ahoy_connector_get_aim (f->connector), "127.0.0.1:1");
  assert_int_equal (g_list_model_get_n_items (ahoy_finder_get_servers (ahoy_connector_get_finder (f->connector))), 1);
  g_signal_handlers_disconnect_by_data (f->connector, steps);
}

static void
looks_when_the_network_changes (void **state)
{
  Fixture            *f = *state;
  g_autoptr (GString) steps = record_steps (f);

  be_stuck_for_long (f);
  ahoy_connector_set_discovery_port (f->connector, 1);
  ahoy_connector_look (f->connector);
  change_network (f); /* while it looks: it begins anew */
  assert_true (test_loop_until (NULL, is_settled, f->connector, TEST_LOOP_DEADLINE_MS));
  fixture_wait_for_step (f->connector, AHOY_STEP_NONE_FOUND);

  ahoy_server_search_set_timing (ahoy_connector_get_search (f->connector), &patient);
  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server));
  change_network (f);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_string_equal (steps->str, "lx"
                                   "tT");
  g_signal_handlers_disconnect_by_data (f->connector, steps);
}

/* Addresses, then names, then routes: what was in vain is tried a few times more. */
static void
tries_an_address_again_when_the_network_changes (void **state)
{
  Fixture            *f = *state;
  g_autoptr (GString) steps = record_steps (f);

  be_stuck_for_long (f);
  assert_true (ahoy_connector_look_at (f->connector, "127.0.0.1:1"));
  fixture_wait_for_step (f->connector, AHOY_STEP_TROUBLE);
  assert_false (is_planned (f)); /* not by itself */
  g_string_truncate (steps, 0);
  set_pauses (f, 10, 1000000);
  change_network (f);
  while (steps->len < 12)
    g_main_context_iteration (NULL, TRUE);
  assert_string_equal (steps->str, "lt!"
                                   "lt!"
                                   "lt!"
                                   "lt!");
  assert_false (is_planned (f));
  g_signal_handlers_disconnect_by_data (f->connector, steps);
}

static void
leaves_people_alone_when_the_network_changes (void **state)
{
  Fixture                      *f = *state;
  FakeServer                   *other = fake_server_new (fake_server_get_discovery_port (f->server));
  static const AhoyStep         still[] = { AHOY_STEP_NAME, AHOY_STEP_ADDRESS, AHOY_STEP_CHOOSING, AHOY_STEP_REFUSED };
  static const AhoyFinderTiming both = { .attempts = { 0, 100, 200, 300 }, .give_up = 10000, .give_up_typed = 10000, .window = 1000 };

  be_stuck_for_long (f);
  ahoy_server_search_set_timing (ahoy_connector_get_search (f->connector), &both);
  for (gsize i = 0; i < G_N_ELEMENTS (still); i++)
    {
      if (still[i] == AHOY_STEP_REFUSED)
        ahoy_connector_set_name (f->connector, "taken");
      if (still[i] == AHOY_STEP_ADDRESS)
        ahoy_connector_ask_address (f->connector);
      else if (still[i] == AHOY_STEP_CHOOSING)
        ahoy_connector_look (f->connector);
      else if (still[i] == AHOY_STEP_REFUSED)
        {
          g_autoptr (AhoyServer) server = g_list_model_get_item (ahoy_finder_get_servers (ahoy_connector_get_finder (f->connector)), 0);

          ahoy_connector_choose (f->connector, server);
        }
      if (still[i] != AHOY_STEP_NAME)
        fixture_wait_for_step (f->connector, still[i]);
      change_network (f);
      assert_true (test_loop_until (NULL, is_settled, f->connector, TEST_LOOP_DEADLINE_MS));
      assert_int_equal (ahoy_connector_get_step (f->connector), still[i]);
      assert_false (is_planned (f));
    }
  ahoy_connector_cancel (f->connector);
  fake_server_free (other);
}

int
main (void)
{
#define TEST(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    TEST (starts_at_the_name),
    TEST (goes_nowhere_under_a_bad_name),
    TEST (finds_one_server_and_talks),
    TEST (shows_that_nobody_answered),
    TEST (cancels_the_search),
    TEST (lets_choose_among_several),
    TEST (asks_nobody_about_a_lie),
    TEST (shows_the_list_when_encryption_is_gone),
    TEST (lets_choose_when_another_one_answers_at_an_address),
    TEST (takes_the_last_used_one_unattended),
    TEST (comes_back_to_a_refused_name),
    TEST (goes_to_a_typed_address),
    TEST (goes_to_the_address_of_the_command_line),
    TEST (tells_that_nothing_is_at_an_address),
    TEST (tells_that_hosting_does_not_work),
    TEST (its_own_server_is_no_stranger),
    TEST (hosts_without_an_identity),
    TEST (goes_on_looking_where_nobody_was),
    TEST (looks_further_where_a_claim_led_to_nobody),
    TEST (exchanges_nobody_for_a_stranger),
    TEST (looks_when_the_network_changes),
    TEST (tries_an_address_again_when_the_network_changes),
    TEST (leaves_people_alone_when_the_network_changes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
