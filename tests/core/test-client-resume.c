/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An extended server: nothing lost and nothing twice, over broken connections and new starts. */

#include "extended-fixture.h"

#include <string.h>

#include "core/connection/ahoy-server-private.h"

static void
the_log_in_asks_for_the_dialect (void **state)
{
  Extended *e = *state;

  extended_online (e);
  assert_true (g_str_has_prefix (e->server->received->pdata[0], "^v=2|agent=ahoy/"));
  assert_null (strstr (e->server->received->pdata[0], "since"));
  assert_true (g_str_has_suffix (e->server->received->pdata[0], ">1alice"));
  assert_int_equal (ahoy_client_get_n_online (e->client), 3);
}

static void
a_classic_answer_is_taken_as_it_is (void **state)
{
  Extended *e = *state;

  e->server->classic = TRUE;
  e->server->catches_up = FALSE;
  extended_online (e);
  extended_send (e, NULL, "hi");
  extended_await_log (e, NULL, "alice: hi (sent)");
  assert_non_null (fake_extended_find (e->server, "3hi"));
  assert_null (fake_extended_find (e->server, "cid="));

  /* And nothing of it waits when it is extended again. */
  e->server->classic = FALSE;
  e->server->catches_up = TRUE;
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  assert_int_equal (fake_extended_count (e->server, "3hi"), 1);
}

static void
an_echo_carries_id_and_time (void **state)
{
  Extended    *e = *state;
  AhoyMessage *message;

  extended_online (e);
  message = extended_send (e, NULL, "hi, all");
  assert_int_equal (ahoy_message_get_state (message), AHOY_MESSAGE_WAITING);
  extended_await_log (e, NULL, "alice: hi, all (sent)");
  assert_int_equal (ahoy_message_get_id (message), 1);
  assert_int_equal (ahoy_message_get_time (message), 1000);
  fake_extended_say (e->server, "bob", NULL, "hello");
  fake_extended_say (e->server, "bob", "alice", "psst");
  extended_await_log (e, NULL, "alice: hi, all (sent) | bob: hello | bob>alice: psst");
  extended_await_log (e, "bob", "bob>alice: psst");
  WAIT_UNTIL (strcmp (e->messages->str, "bob: hello | bob: psst | ") == 0);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, NULL)), 1);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 1);
}

static void
what_was_missed_is_replayed (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  extended_await_log (e, NULL, "bob: one");
  fake_extended_store (e->server, "bob", NULL, "two");
  fake_extended_store (e->server, "bob", "alice", "three");
  extended_cut (e);
  extended_await_log (e, NULL, "bob: one | bob: two | bob>alice: three");
  assert_non_null (fake_extended_find (e->server, "|since=1|since-server=server-a|secret="));
  fake_extended_say (e->server, "bob", NULL, "four");
  extended_await_log (e, NULL, "bob: one | bob: two | bob>alice: three | bob: four");
}

static void
a_new_start_shows_the_past_and_goes_on (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  fake_extended_say (e->server, "bob", "alice", "two");
  extended_send (e, "bob", "three");
  extended_await_log (e, "bob", "bob>alice: two | alice>bob: three (sent)");
  fake_extended_drop (e->server);
  extended_restart (e);
  fake_extended_store (e->server, "bob", NULL, "four");

  extended_connect (e);
  extended_await_log (e, NULL, "bob: one | bob>alice: two | alice>bob: three (sent)"); /* before the server has said a word */
  WAIT_UNTIL (e->client->session->caught_up);
  extended_await_log (e, NULL, "bob: one | bob>alice: two | alice>bob: three (sent) | bob: four");
  extended_await_log (e, "bob", "bob>alice: two | alice>bob: three (sent)");
  assert_non_null (fake_extended_find (e->server, "|since=3|since-server=server-a|secret="));
}

/* Nobody has said anything while we were there; what is said afterwards is still behind us. */
static void
an_empty_position_is_one_too (void **state)
{
  Extended *e = *state;

  extended_online (e);
  extended_restart (e);
  fake_extended_store (e->server, "bob", NULL, "one");
  extended_online (e);
  extended_await_log (e, NULL, "bob: one");
}

static void
without_a_history_a_run_is_remembered (void **state)
{
  Extended *e = *state;

  extended_renew_without_history (e);
  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  extended_await_log (e, NULL, "bob: one");
  fake_extended_store (e->server, "bob", NULL, "two");
  extended_cut (e);
  extended_await_log (e, NULL, "bob: one | bob: two");
  extended_send (e, NULL, "three");
  extended_await_log (e, NULL, "bob: one | bob: two | alice: three (sent)");
}

static void
a_lost_echo_is_asked_for (void **state)
{
  Extended *e = *state;

  for (int replays_cids = 0; replays_cids < 2; replays_cids++)
    {
      e->server->replays_cids = replays_cids;
      extended_online (e);
      e->server->loses_echoes = TRUE;
      extended_send (e, NULL, "one");
      extended_send (e, "bob", "two");
      extended_await_frame (e, ">2bob,two");
      e->server->loses_echoes = FALSE;
      if (replays_cids)
        extended_restart (e);
      else
        extended_cut (e);
      if (replays_cids)
        extended_online (e);
      WAIT_UNTIL (ahoy_client_get_n_waiting (e->client) == 0);
      extended_sync (e);
      extended_await_log (e, NULL,
                          replays_cids ? "alice: one (sent) | alice>bob: two (sent) | alice: one (sent) | alice>bob: two (sent)"
                                       : "alice: one (sent) | alice>bob: two (sent)");
      assert_int_equal (e->server->log->len, 2 * (replays_cids + 1));
    }
}

static void
the_outbox_survives_in_order (void **state)
{
  Extended        *e = *state;
  g_autofree char *cid = NULL;

  extended_online (e);
  e->server->mute = TRUE;
  e->server->fails = "dropped"; /* nothing is stored, nothing is answered */
  e->server->n_fails = 100;
  extended_send (e, NULL, "one");
  extended_send (e, "bob", "two");
  extended_await_frame (e, ">2bob,two");
  cid = g_strndup (strstr (fake_extended_find (e->server, ">3one"), "cid="), strlen ("cid=") + 16);
  extended_restart (e);
  e->server->mute = FALSE;
  e->server->fails = NULL;
  e->server->catches_up = FALSE;

  extended_online (e);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 2);
  extended_send (e, NULL, "three");
  extended_await_log (e, NULL, "alice: one (waiting) | alice>bob: two (waiting) | alice: three (waiting)");
  assert_int_equal (fake_extended_count (e->server, "one"), 1); /* not before the replay is over */
  fake_extended_send (e->server, "^last=0>C");
  extended_await_log (e, NULL, "alice: one (sent) | alice>bob: two (sent) | alice: three (sent)");
  extended_await_log (e, "bob", "alice>bob: two (sent)");
  assert_int_equal (fake_extended_count (e->server, cid), 2);

  e->server->catches_up = TRUE;
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  extended_sync (e);
  assert_int_equal (e->server->log->len, 3);
}

static void
a_server_that_cannot_store_is_asked_again (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->fails = "storage";
  e->server->n_fails = 5;
  extended_send (e, NULL, "one");
  extended_send (e, NULL, "two");
  extended_await_log (e, NULL, "alice: one (sent) | alice: two (sent)");
  assert_int_equal (e->server->log->len, 2);
}

static void
a_refusal_is_final (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->fails = "unknown-name";
  e->server->n_fails = 1;
  extended_send (e, "bob", "one");
  extended_send (e, NULL, "two");
  extended_await_log (e, NULL, "alice>bob: one (failed) | ?bob | alice: two (sent)");
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  extended_await_log (e, NULL, "alice: two (sent)");
}

/* Whoever is away and has no key gets nothing: it is said below what was written, not kept as if it waited. */
static void
nobody_waits_for_who_is_not_kept (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->fails = "not-here";
  e->server->n_fails = 1;
  extended_send (e, "bob", "one");
  extended_await_log (e, "bob", "alice>bob: one (failed) | -bob");
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
}

/* Returns: (transfer full): what the last log-in showed; NULL: nothing. */
static char *
dup_secret (Extended *e)
{
  const char *log_in = fake_extended_find (e->server, ">1alice");
  const char *secret = strstr (log_in, "|secret=");

  return secret ? g_strndup (secret + strlen ("|secret="), strcspn (secret + strlen ("|secret="), "|>")) : NULL;
}

/* By which the server knows us again where we have no key. */
static void
a_secret_is_made_once_for_each_server (void **state)
{
  Extended        *e = *state;
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *other = NULL;
  g_autofree char *none = NULL;

  extended_online (e);
  first = dup_secret (e);
  assert_non_null (first);
  assert_int_equal (strlen (first), 32);
  assert_int_equal (strspn (first, "0123456789abcdef"), 32);

  extended_restart (e);
  extended_online (e);
  again = dup_secret (e);
  assert_string_equal (again, first);

  extended_end (e);
  e->server->id = "server-b";
  ahoy_server_set_extended (e->address, "server-b", NULL, -1, FALSE);
  extended_restart (e);
  extended_online (e);
  other = dup_secret (e);
  assert_non_null (other);
  assert_string_not_equal (other, first);

  /* One that cannot be kept would be good for nothing but promises. */
  extended_renew_without_history (e);
  extended_online (e);
  none = dup_secret (e);
  assert_null (none);
}

/* The server knows nothing of runs. */
static void
a_log_that_was_lost_is_told_of (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  fake_extended_say (e->server, "bob", NULL, "two");
  extended_await_log (e, NULL, "bob: one | bob: two");
  e->server->mute = TRUE;
  e->server->fails = "dropped";
  e->server->n_fails = 1;
  extended_send (e, NULL, "kept");
  extended_await_frame (e, ">3kept");
  e->server->mute = FALSE;
  g_ptr_array_set_size (e->server->log, 1);
  extended_cut (e);
  extended_await_log (e, NULL, "bob: one | bob: two | ~ | alice: kept (sent)");
  fake_extended_say (e->server, "bob", NULL, "other three");
  extended_await_log (e, NULL, "bob: one | bob: two | ~ | alice: kept (sent) | bob: other three");
  extended_restart (e);
  extended_online (e);
  extended_await_log (e, NULL, "bob: one | bob: two | ~ | alice: kept (sent) | bob: other three");
}

static void
another_server_at_the_address_is_another (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  extended_await_log (e, NULL, "bob: one");
  e->server->id = "server-b";
  g_ptr_array_set_size (e->server->log, 0);
  extended_cut (e);
  extended_await_log (e, NULL, "");
  assert_string_equal (ahoy_server_get_id (e->address), "server-b");
  fake_extended_say (e->server, "bob", NULL, "else");
  extended_await_log (e, NULL, "bob: else");
}

static void
another_name_takes_along_what_waits (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->mute = TRUE;
  e->server->fails = "dropped";
  e->server->n_fails = 1;
  extended_send (e, NULL, "one");
  extended_await_frame (e, ">3one");
  e->server->mute = FALSE;
  ahoy_client_connect (e->client, e->address, "alicia");
  WAIT_UNTIL (e->client->session->caught_up);
  extended_await_log (e, NULL, "alicia: one (sent)");
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
}

/* Whatever it is doing, it can be ended. */
static void
every_state_can_be_left (void **state)
{
  Extended *e = *state;

  extended_connect (e); /* loading */
  extended_restart (e);

  extended_connect (e);
  WAIT_UNTIL (e->server->n_frames > 0); /* logging in */
  extended_restart (e);

  e->server->catches_up = FALSE;
  extended_online (e); /* replay */
  extended_send (e, NULL, "waits");
  extended_restart (e);

  e->server->catches_up = TRUE;
  extended_online (e);
  e->server->mute = TRUE;
  fake_extended_say (e->server, "bob", "alice", "unseen");
  ahoy_conversation_load_older (extended_with (e, NULL));
  extended_send (e, NULL, "also"); /* on its way to the disk */
  extended_restart (e);

  e->server->mute = FALSE;
  extended_online (e);
  extended_cut (e);
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  extended_restart (e);
  extended_online (e);
  ahoy_client_disconnect (e->client);
  extended_await_frame (e, "Q");
  WAIT_UNTIL (test_loop_settle (NULL));
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_OFFLINE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (the_log_in_asks_for_the_dialect),
    EXTENDED_TEST (a_classic_answer_is_taken_as_it_is),
    EXTENDED_TEST (an_echo_carries_id_and_time),
    EXTENDED_TEST (what_was_missed_is_replayed),
    EXTENDED_TEST (a_new_start_shows_the_past_and_goes_on),
    EXTENDED_TEST (an_empty_position_is_one_too),
    EXTENDED_TEST (without_a_history_a_run_is_remembered),
    EXTENDED_TEST (a_lost_echo_is_asked_for),
    EXTENDED_TEST (the_outbox_survives_in_order),
    EXTENDED_TEST (a_server_that_cannot_store_is_asked_again),
    EXTENDED_TEST (a_refusal_is_final),
    EXTENDED_TEST (nobody_waits_for_who_is_not_kept),
    EXTENDED_TEST (a_secret_is_made_once_for_each_server),
    EXTENDED_TEST (a_log_that_was_lost_is_told_of),
    EXTENDED_TEST (another_server_at_the_address_is_another),
    EXTENDED_TEST (another_name_takes_along_what_waits),
    EXTENDED_TEST (every_state_can_be_left),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
