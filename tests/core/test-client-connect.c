/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Coming online, and everything that can be in the way the first time. */

#include "client-fixture.h"

#include <string.h>

static AhoyClientState
state_of (Fixture *f)
{
  return ahoy_client_get_state (f->client);
}

/* The people who are told of everything else. */
static void
add_to_roster (Fixture    *f,
               const char *name)
{
  g_ptr_array_add (f->server->roster, g_strdup (name));
}

static void
starts_offline (void **state)
{
  Fixture               *f = *state;
  g_autoptr (GListModel) conversations = NULL;
  int                    st;

  assert_int_equal (state_of (f), AHOY_CLIENT_OFFLINE);
  assert_int_equal (ahoy_client_get_n_online (f->client), 0);
  assert_null (ahoy_client_get_name (f->client));
  assert_null (ahoy_client_get_server (f->client));
  assert_int_equal (g_list_model_get_n_items (ahoy_client_get_conversations (f->client)), 1);
  g_object_get (f->client, "conversations", &conversations, "state", &st, NULL);
  assert_ptr_equal (conversations, ahoy_client_get_conversations (f->client));
  assert_int_equal (st, AHOY_CLIENT_OFFLINE);
  ahoy_client_disconnect (f->client);
  ahoy_client_retry_now (f->client);
  ahoy_client_retry_name (f->client, "bob");
  assert_string_equal (f->states->str, "");
}

static void
comes_online_with_the_roster (void **state)
{
  Fixture *f = *state;

  add_to_roster (f, "bob");
  add_to_roster (f, "Carol");
  ahoy_client_connect (f->client, f->address, "  alice ");
  assert_int_equal (state_of (f), AHOY_CLIENT_CONNECTING);
  assert_ptr_equal (ahoy_client_get_server (f->client), f->address);
  assert_string_equal (ahoy_client_get_name (f->client), "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);

  assert_string_equal (f->states->str, "connecting online ");
  assert_string_equal (f->server->received->pdata[0], "1alice");
  assert_int_equal (ahoy_client_get_n_online (f->client), 3);
  fixture_assert_people (f, "bob Carol");
  fixture_assert_log (f, NULL, "");
  assert_non_null (ahoy_client_find_conversation (f->client, "CAROL"));
  assert_null (ahoy_client_find_conversation (f->client, "alice"));
  assert_null (ahoy_client_find_conversation (f->client, "nobody"));
}

static void
a_big_roster_is_one_change (void **state)
{
  Fixture              *f = *state;
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  GListModel           *conversations = ahoy_client_get_conversations (f->client);

  for (int i = 0; i < 1000; i++)
    g_ptr_array_add (f->server->roster, g_strdup_printf ("person %d", i));
  g_signal_connect_swapped (conversations, "items-changed", G_CALLBACK (g_ptr_array_add), changes);
  fixture_online (f);
  assert_int_equal (changes->len, 1);
  assert_int_equal (g_list_model_get_n_items (conversations), 1001);
  assert_int_equal (ahoy_client_get_n_online (f->client), 1001);
}

static void
takes_the_spelling_of_the_server (void **state)
{
  Fixture *f = *state;

  f->server->dumb = TRUE;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->server->n_frames == 1);
  fake_classic_send (f->server, "1Alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
  assert_string_equal (ahoy_client_get_name (f->client), "Alice");
}

static void
people_may_come_and_go_meanwhile (void **state)
{
  Fixture *f = *state;

  f->server->dumb = TRUE;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->server->n_frames == 1);
  fake_classic_send (f->server, "1bob");
  fake_classic_send (f->server, "1carol");
  fake_classic_send (f->server, "3bob");
  fake_classic_send (f->server, "2dave");
  fake_classic_send (f->server, "3nobody");
  fake_classic_send (f->server, "1alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
  fixture_assert_people (f, "carol dave");
  fixture_assert_log (f, NULL, "");
}

static void
nobody_listens (void **state)
{
  Fixture *f = *state;

  fake_classic_stop (f->server);
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_UNREACHABLE);
  assert_int_equal (state_of (f), AHOY_CLIENT_OFFLINE);
  assert_string_equal (f->states->str, "connecting offline ");

  /* The next attempt starts clean. */
  fake_classic_restart (f->server);
  ahoy_client_connect (f->client, f->address, "alice");
  assert_int_equal (ahoy_client_get_failure (f->client), AHOY_FAILURE_NONE);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
}

static void
unknown_host (void **state)
{
  Fixture *f = *state;
  /* No resolver asks the network about a label of more than 63 letters. */
  g_autofree char       *too_long_a_label = g_strnfill (64, 'a');
  g_autoptr (AhoyServer) nowhere = fixture_found (too_long_a_label, f->server->port);

  ahoy_client_connect (f->client, nowhere, "alice");
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_UNREACHABLE);
}

static void
names_are_looked_up (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) by_name = fixture_found ("localhost", f->server->port);

  ahoy_client_connect (f->client, by_name, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
}

static void
never_answers (void **state)
{
  Fixture *f = *state;

  f->timings.session.connection.log_in = 20;
  fixture_renew (f);
  f->server->dumb = TRUE;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_TIMEOUT);
  WAIT_UNTIL (f->server->n_open == 0);
}

static void
connects_to_nothing_that_answers (void **state)
{
  Fixture                   *f = *state;
  g_autoptr (GSocket)        deaf = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (AhoyServer)     server = NULL;
  g_autoptr (GPtrArray)      fillers = g_ptr_array_new_with_free_func (g_object_unref);

  /* A queue that is full: the kernel answers no further SYN, as a host that is switched off would not. */
  g_socket_set_listen_backlog (deaf, 0);
  assert_true (g_socket_bind (deaf, any, FALSE, NULL) && g_socket_listen (deaf, NULL));
  address = g_socket_get_local_address (deaf, NULL);
  for (int i = 0; i < 4; i++)
    {
      GSocket *filler = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

      g_ptr_array_add (fillers, filler);
      g_socket_set_blocking (filler, FALSE);
      g_socket_connect (filler, address, NULL, NULL);
    }
  f->timings.session.connection.connect = 30;
  fixture_renew (f);
  server = fixture_found ("127.0.0.1", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  ahoy_client_connect (f->client, server, "alice");
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_UNREACHABLE);
}

static void
something_else_answers (void **state)
{
  Fixture *f = *state;

  f->server->greeting = "SSH-2.0-OpenSSH_9.2\r\n";
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_NOT_AHOY);
}

static void
closes_instead_of_answering (void **state)
{
  Fixture *f = *state;

  f->server->hangs_up = TRUE;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_CLOSED);
}

static void
dies_within_the_roster (void **state)
{
  Fixture *f = *state;

  f->server->dumb = TRUE;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->server->n_frames == 1);
  fake_classic_send (f->server, "1bob");
  fake_classic_send_bytes (f->server, "\x02"
                                      "1car",
                           5);
  fake_classic_drop (f->server);
  WAIT_UNTIL (f->n_failed == 1);
  assert_int_equal (f->failure, AHOY_FAILURE_CLOSED);
  fixture_assert_people (f, "");

  f->server->dumb = FALSE;
  fixture_online (f);
  fixture_assert_people (f, "");
}

static void
another_name_on_the_same_connection (void **state)
{
  Fixture *f = *state;

  f->server->refusals = 2;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (f->client), AHOY_REFUSAL_UNSPECIFIED);
  ahoy_client_retry_name (f->client, "alice2");
  assert_int_equal (ahoy_client_get_refusal (f->client), AHOY_REFUSAL_NONE);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  ahoy_client_retry_name (f->client, "alice3");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);

  assert_string_equal (ahoy_client_get_name (f->client), "alice3");
  assert_string_equal (f->states->str, "connecting refused connecting refused connecting online ");
  assert_int_equal (f->server->n_connections, 1);
  assert_int_equal (f->n_failed, 0);
}

static void
another_name_after_the_server_hung_up (void **state)
{
  Fixture *f = *state;

  f->server->refusals = 1;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  fake_classic_drop (f->server);
  WAIT_UNTIL (f->server->n_open == 0 && test_loop_settle (NULL));
  assert_int_equal (state_of (f), AHOY_CLIENT_REFUSED);
  ahoy_client_retry_name (f->client, "bob");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
  assert_int_equal (f->server->n_connections, 2);
  assert_int_equal (f->n_failed, 0);
}

static void
the_server_hangs_up_on_the_other_name (void **state)
{
  Fixture *f = *state;

  f->server->refusals = 1;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  f->server->dumb = TRUE;
  ahoy_client_retry_name (f->client, "bob");
  WAIT_UNTIL (f->server->n_frames == 2);
  f->server->dumb = FALSE;
  fake_classic_drop (f->server); /* its patience was over just then */
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
  assert_int_equal (f->server->n_connections, 2);
  assert_int_equal (f->n_failed, 0);
}

static void
invalid_names_need_no_server (void **state)
{
  Fixture *f = *state;

  ahoy_client_connect (f->client, f->address, "a,b");
  assert_int_equal (state_of (f), AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (f->client), AHOY_REFUSAL_INVALID);
  ahoy_client_retry_name (f->client, "*");
  assert_int_equal (state_of (f), AHOY_CLIENT_REFUSED);
  assert_int_equal (f->server->n_connections, 0);
  ahoy_client_retry_name (f->client, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
}

static void
hurry_up_is_not_shown (void **state)
{
  Fixture *f = *state;

  f->server->refusals = 1;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  fake_classic_send (f->server, "4* log in first");
  fake_classic_drop (f->server);
  WAIT_UNTIL (f->server->n_open == 0 && test_loop_settle (NULL));
  fixture_assert_log (f, NULL, "");
}

static void
disconnects_on_purpose (void **state)
{
  Fixture *f = *state;

  add_to_roster (f, "bob");
  fixture_online (f);
  ahoy_client_disconnect (f->client);
  assert_int_equal (state_of (f), AHOY_CLIENT_OFFLINE);
  assert_int_equal (ahoy_client_get_n_online (f->client), 0);
  fixture_assert_people (f, "");
  WAIT_UNTIL (f->server->n_open == 0);
  assert_int_equal (f->n_failed, 0);
  assert_string_equal (f->states->str, "offline ");
}

static void
cancels_an_attempt (void **state)
{
  Fixture *f = *state;

  ahoy_client_connect (f->client, f->address, "alice");
  ahoy_client_disconnect (f->client);
  assert_int_equal (state_of (f), AHOY_CLIENT_OFFLINE);
  fixture_online (f);
  assert_int_equal (f->n_failed, 0);
}

static void
connecting_elsewhere_leaves_here (void **state)
{
  Fixture               *f = *state;
  FakeClassic           *other = fake_classic_new ();
  g_autoptr (AhoyServer) elsewhere = fixture_found ("127.0.0.1", other->port);

  add_to_roster (f, "bob");
  fixture_online (f);
  fake_classic_send (f->server, "4bob: hi");
  WAIT_UNTIL (f->n_messages == 1);
  ahoy_client_connect (f->client, elsewhere, "alice");
  fixture_assert_log (f, NULL, "");
  fixture_assert_people (f, "");
  assert_int_equal (ahoy_conversation_get_unread (fixture_with (f, NULL)), 0);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE && f->server->n_open == 0);
  assert_int_equal (other->n_open, 1);
  ahoy_client_disconnect (f->client);
  WAIT_UNTIL (other->n_open == 0);
  fake_classic_free (other);
}

static void
the_same_server_keeps_the_talk (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) same = fixture_found ("127.0.0.1", f->server->port);

  add_to_roster (f, "bob");
  fixture_online (f);
  fake_classic_send (f->server, "4bob: hi");
  WAIT_UNTIL (f->n_messages == 1);
  ahoy_client_disconnect (f->client);
  fixture_assert_log (f, NULL, "bob: hi");
  ahoy_client_connect (f->client, same, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
  fixture_assert_log (f, NULL, "bob: hi"); /* and who came and went in between is nobody's business */
  fixture_assert_people (f, "bob");
}

/* Teardown checks that the client is finalised; here it goes from each state, with the loop running on. */
static void
go (Fixture *f)
{
  g_assert_finalize_object (g_steal_pointer (&f->client));
  WAIT_UNTIL (f->server->n_open == 0);
}

static void
goes_while_dialing (void **state)
{
  Fixture *f = *state;

  ahoy_client_connect (f->client, f->address, "alice");
  go (f);
}

static void
goes_while_logging_in (void **state)
{
  Fixture *f = *state;

  f->server->dumb = TRUE;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (f->server->n_frames == 1);
  go (f);
}

static void
goes_while_refused (void **state)
{
  Fixture *f = *state;

  f->server->refusals = 1;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  go (f);
}

static void
goes_while_online (void **state)
{
  Fixture *f = *state;

  f->server->echoes = FALSE;
  fixture_online (f);
  assert_non_null (ahoy_client_send (f->client, fixture_with (f, NULL), "bye"));
  go (f);
  assert_string_equal (f->server->received->pdata[1], "3bye"); /* what was said is still said */
}

static void
goes_while_reconnecting (void **state)
{
  Fixture *f = *state;

  f->timings.session.reconnect.first = f->timings.session.reconnect.max = TEST_LOOP_DEADLINE_MS;
  fixture_renew (f);
  fixture_online (f);
  fake_classic_drop (f->server);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_RECONNECTING);
  assert_non_null (ahoy_client_send (f->client, fixture_with (f, NULL), "wait"));
  go (f);
}

static void
goes_while_dialing_again (void **state)
{
  Fixture *f = *state;

  fixture_online (f);
  fake_classic_drop (f->server);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_RECONNECTING);
  ahoy_client_retry_now (f->client);
  go (f);
}

static void
on_message_disconnect (AhoyClient *client)
{
  ahoy_client_disconnect (client);
}

static void
may_be_disconnected_from_a_signal (void **state)
{
  Fixture *f = *state;

  add_to_roster (f, "bob");
  fixture_online (f);
  g_signal_connect (f->client, "message", G_CALLBACK (on_message_disconnect), NULL);
  fake_classic_send_bytes (f->server, "\x02"
                                      "4bob: one\x03\x02"
                                      "4bob: two\x03",
                           22);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_OFFLINE);
  WAIT_UNTIL (f->server->n_open == 0);
  fixture_assert_log (f, NULL, "bob: one | bob: two");
}

static void
may_be_disconnected_while_the_roster_comes (void **state)
{
  Fixture *f = *state;

  add_to_roster (f, "bob");
  g_signal_connect (f->client, "notify::n-online", G_CALLBACK (on_message_disconnect), NULL);
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_OFFLINE);
  WAIT_UNTIL (f->server->n_open == 0);
  assert_string_equal (f->states->str, "connecting offline ");
}

static void
on_failed_connect (AhoyClient *client,
                   GParamSpec *pspec,
                   Fixture    *f)
{
  if (ahoy_client_get_state (client) != AHOY_CLIENT_OFFLINE)
    return;
  f->server->hangs_up = FALSE;
  ahoy_client_connect (client, f->address, "alice");
}

static void
may_be_connected_again_from_a_signal (void **state)
{
  Fixture *f = *state;

  f->server->hangs_up = TRUE;
  g_signal_connect (f->client, "notify::state", G_CALLBACK (on_failed_connect), f);
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
  assert_int_equal (f->n_failed, 0); /* that would be said of the new attempt */
}

static void
on_online_go (AhoyClient *client,
              GParamSpec *pspec,
              Fixture    *f)
{
  if (ahoy_client_get_state (client) == AHOY_CLIENT_ONLINE)
    g_clear_object (&f->client);
}

static void
may_be_dropped_from_a_signal (void **state)
{
  Fixture *f = *state;
  gpointer gone = f->client;

  g_object_add_weak_pointer (gone, &gone);
  g_signal_connect (f->client, "notify::state", G_CALLBACK (on_online_go), f);
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (gone == NULL);
  WAIT_UNTIL (f->server->n_open == 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CLIENT_TEST (starts_offline),
    CLIENT_TEST (comes_online_with_the_roster),
    CLIENT_TEST (a_big_roster_is_one_change),
    CLIENT_TEST (takes_the_spelling_of_the_server),
    CLIENT_TEST (people_may_come_and_go_meanwhile),
    CLIENT_TEST (nobody_listens),
    CLIENT_TEST (unknown_host),
    CLIENT_TEST (names_are_looked_up),
    CLIENT_TEST (never_answers),
    CLIENT_TEST (connects_to_nothing_that_answers),
    CLIENT_TEST (something_else_answers),
    CLIENT_TEST (closes_instead_of_answering),
    CLIENT_TEST (dies_within_the_roster),
    CLIENT_TEST (another_name_on_the_same_connection),
    CLIENT_TEST (another_name_after_the_server_hung_up),
    CLIENT_TEST (the_server_hangs_up_on_the_other_name),
    CLIENT_TEST (invalid_names_need_no_server),
    CLIENT_TEST (hurry_up_is_not_shown),
    CLIENT_TEST (disconnects_on_purpose),
    CLIENT_TEST (cancels_an_attempt),
    CLIENT_TEST (connecting_elsewhere_leaves_here),
    CLIENT_TEST (the_same_server_keeps_the_talk),
    CLIENT_TEST (goes_while_dialing),
    CLIENT_TEST (goes_while_logging_in),
    CLIENT_TEST (goes_while_refused),
    CLIENT_TEST (goes_while_online),
    CLIENT_TEST (goes_while_reconnecting),
    CLIENT_TEST (goes_while_dialing_again),
    CLIENT_TEST (may_be_disconnected_from_a_signal),
    CLIENT_TEST (may_be_disconnected_while_the_roster_comes),
    CLIENT_TEST (may_be_connected_again_from_a_signal),
    CLIENT_TEST (may_be_dropped_from_a_signal),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
