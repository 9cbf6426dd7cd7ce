/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The server is lost and comes back. */

#include "client-fixture.h"

#include <string.h>

static gint64 slept;

static gint64
asleep (void)
{
  return slept;
}

static AhoyClientState
state_of (Fixture *f)
{
  return ahoy_client_get_state (f->client);
}

static void
add_to_roster (Fixture    *f,
               const char *name)
{
  g_ptr_array_add (f->server->roster, g_strdup (name));
}

/* Online with bob and carol. @backoff: before every attempt to reconnect; ms. */
static void
begin (Fixture *f,
       guint    backoff)
{
  slept = 0;
  f->timings.session.asleep = asleep;
  f->timings.session.reconnect.first = f->timings.session.reconnect.max = backoff;
  fixture_renew (f);
  add_to_roster (f, "bob");
  add_to_roster (f, "carol");
  fixture_online (f);
}

static void
cut (Fixture *f)
{
  fake_classic_drop (f->server);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_RECONNECTING);
}

static void
back (Fixture *f)
{
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_ONLINE);
}

static AhoyMessage *
say (Fixture    *f,
     const char *to,
     const char *text)
{
  AhoyMessage *message = ahoy_client_send (f->client, fixture_with (f, to), text);

  assert_non_null (message);
  return message;
}

static void
comes_back_by_itself (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *bob;

  begin (f, 5);
  bob = fixture_with (f, "bob");
  fake_classic_send (f->server, "4bob: hi");
  WAIT_UNTIL (f->n_messages == 1);
  cut (f);
  back (f);
  assert_string_equal (f->states->str, "reconnecting online ");
  assert_int_equal (f->n_failed, 0);
  assert_int_equal (ahoy_client_get_n_online (f->client), 3);
  assert_ptr_equal (fixture_with (f, "bob"), bob);
  fixture_assert_log (f, NULL, "bob: hi"); /* nobody left, nobody joined */
  fixture_assert_people (f, "bob carol");
}

static void
comes_back_when_the_server_does (void **state)
{
  Fixture *f = *state;

  begin (f, 2);
  fake_classic_stop (f->server);
  cut (f);
  assert_int_equal (ahoy_client_get_n_online (f->client), 0);
  fixture_assert_people (f, "bob(off) carol(off)");
  for (int attempts = 0; attempts < 3; attempts++)
    { /* one second of countdown at most, none while dialing */
      WAIT_UNTIL (f->client->session->reconnect.due != 0);
      WAIT_UNTIL (ahoy_connection_is_dialing (f->client->session->connection));
    }
  assert_int_equal (f->n_failed, 0);
  fake_classic_restart (f->server);
  back (f);
  fixture_assert_people (f, "bob carol");
}

static void
only_differences_are_told (void **state)
{
  Fixture *f = *state;

  begin (f, 5);
  fake_classic_send (f->server, "4[whisper] bob to alice: hi");
  WAIT_UNTIL (f->n_messages == 1);
  g_ptr_array_remove_index (f->server->roster, 0);
  add_to_roster (f, "dave");
  add_to_roster (f, "erin");
  cut (f);
  back (f);
  fixture_assert_log (f, NULL, "bob>alice: hi | +dave,erin -bob");
  fixture_assert_log (f, "bob", "bob>alice: hi | + -bob");
  fixture_assert_people (f, "bob(off) carol dave erin");

  g_ptr_array_set_size (f->server->roster, 0);
  add_to_roster (f, "bob");
  cut (f);
  back (f);
  fixture_assert_log (f, NULL, "bob>alice: hi | + -carol"); /* all in one line, and what cancels out is gone from it */
  fixture_assert_people (f, "bob");
}

static void
a_roster_cut_short_is_no_difference (void **state)
{
  Fixture *f = *state;

  begin (f, 5);
  f->server->dumb = TRUE;
  cut (f);
  WAIT_UNTIL (f->server->n_frames == 2);
  fake_classic_send (f->server, "1dave");
  fake_classic_drop (f->server);
  f->server->dumb = FALSE;
  back (f);
  fixture_assert_log (f, NULL, "");
  fixture_assert_people (f, "bob carol");
}

static void
what_is_typed_waits (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS);
  cut (f);
  say (f, NULL, "one");
  say (f, "bob", "two");
  say (f, NULL, "three");
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 3);
  fixture_assert_log (f, NULL, "alice: one (waiting) | alice>bob: two (waiting) | alice: three (waiting)");
  ahoy_client_retry_now (f->client);
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  assert_string_equal (f->server->received->pdata[2], "3one");
  assert_string_equal (f->server->received->pdata[3], "2bob,two");
  assert_string_equal (f->server->received->pdata[4], "3three");
  fixture_assert_log (f, NULL, "alice: one (sent) | alice>bob: two (sent) | alice: three (sent)");
}

/* More than a link queues: it is given out in portions. */
static void
a_mountain_waits (void **state)
{
  Fixture         *f = *state;
  g_autofree char *text = g_strnfill (16000, 'x');

  begin (f, TEST_LOOP_DEADLINE_MS);
  cut (f);
  for (int i = 0; i < 400; i++)
    {
      text[0] = 'a' + i % 26;
      say (f, NULL, text);
    }
  ahoy_client_retry_now (f->client);
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  assert_string_equal (f->states->str, "reconnecting online ");
  assert_int_equal (f->server->n_frames, 402);
  for (int i = 0; i < 400; i++)
    assert_int_equal (((char *) f->server->received->pdata[i + 2])[1], 'a' + i % 26);
}

static void
what_was_not_echoed_is_said_again (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *lost;

  begin (f, 5);
  say (f, NULL, "heard");
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  f->server->echoes = FALSE;
  lost = say (f, NULL, "lost");
  WAIT_UNTIL (f->server->n_frames == 3);
  f->server->echoes = TRUE;
  cut (f);
  assert_int_equal (ahoy_message_get_state (lost), AHOY_MESSAGE_WAITING);
  WAIT_UNTIL (ahoy_message_get_state (lost) == AHOY_MESSAGE_SENT);
  assert_int_equal (f->server->n_frames, 5); /* log-in, heard, lost, log-in, lost */
  assert_string_equal (f->server->received->pdata[4], "3lost");
  fixture_assert_log (f, NULL, "alice: heard (sent) | alice: lost (sent)");
}

static void
what_a_silent_server_took_is_not (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *first;

  f->timings.echo = 10;
  f->server->echoes = FALSE;
  begin (f, 5);
  first = say (f, NULL, "first");
  WAIT_UNTIL (ahoy_message_get_state (first) == AHOY_MESSAGE_SENT);
  say (f, NULL, "second");
  WAIT_UNTIL (f->server->n_frames == 3);
  cut (f);
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 0);
  back (f);
  fixture_sync (f);
  assert_int_equal (f->server->n_frames, 4);
}

/* More waits than the client queues at once, and no echo tells it to go on. */
static void
a_long_wait_goes_out_whole (void **state)
{
  Fixture         *f = *state;
  g_autofree char *text = g_strnfill (15000, 'a');
  guint            before;

  f->server->echoes = FALSE;
  begin (f, TEST_LOOP_DEADLINE_MS);
  cut (f);
  for (guint i = 0; i < 150; i++)
    say (f, NULL, text);
  before = f->server->n_frames;
  back (f);
  WAIT_UNTIL (f->server->n_frames == before + 1 + 150); /* the log-in, too */
}

static void
waiting_survives_a_disconnect (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS);
  cut (f);
  say (f, NULL, "later");
  ahoy_client_disconnect (f->client);
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 1);
  fixture_assert_log (f, NULL, "alice: later (waiting)");
  fixture_online (f);
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  fixture_assert_log (f, NULL, "alice: later (sent)");
}

static void
waiting_does_not_follow_to_another_server (void **state)
{
  Fixture               *f = *state;
  FakeClassic           *other = fake_classic_new ();
  g_autoptr (AhoyServer) elsewhere = fixture_found ("127.0.0.1", other->port);

  begin (f, TEST_LOOP_DEADLINE_MS);
  cut (f);
  say (f, NULL, "for these ears only");
  ahoy_client_connect (f->client, elsewhere, "alice");
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 0);
  back (f);
  ahoy_client_disconnect (f->client);
  WAIT_UNTIL (other->n_open == 0);
  assert_int_equal (other->n_frames, 1);
  fake_classic_free (other);
}

static void
seconds_are_counted_down (void **state)
{
  Fixture *f = *state;
  guint    first;

  /* So many that even a machine that stands still now and then shows some of them. */
  begin (f, 100 * 1000);
  cut (f);
  g_object_get (f->client, "retry-in", &first, NULL);
  assert_in_range (first, 60, 100);
  WAIT_UNTIL (f->client->session->retry_in < first);
  assert_true (f->client->session->retry_in > 0);
  f->client->session->reconnect.due = g_get_monotonic_time () + 10 * 1000; /* the rest has passed */
  WAIT_UNTIL (f->client->session->retry_in == 0);
  back (f);
}

static void
backs_off (void **state)
{
  Fixture *f = *state;
  gint64   delays[6];

  f->timings.session.reconnect.first = 4;
  f->timings.session.reconnect.max = 40;
  fixture_renew (f);
  fixture_online (f);
  fake_classic_stop (f->server);
  fake_classic_drop (f->server);
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    {
      gint64 now;

      WAIT_UNTIL (f->client->session->reconnect.due != 0 && f->client->session->reconnect.attempts == i + 1);
      now = g_get_monotonic_time ();
      delays[i] = f->client->session->reconnect.due - now;
    }
  /* 4, 8, 16, 32, 40, 40 ms, a quarter more or less; what has passed before we look makes it less. */
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    assert_true (delays[i] <= MIN (4 << i, 40) * 1250);
  assert_true (delays[5] <= 40 * 1000);
  assert_int_equal (state_of (f), AHOY_CLIENT_RECONNECTING);
}

static void
a_short_visit_does_not_reset_the_backoff (void **state)
{
  Fixture *f = *state;

  begin (f, 2);
  cut (f);
  back (f);
  cut (f);
  assert_int_equal (f->client->session->reconnect.attempts, 2);
  back (f);
  f->client->timings.session.reconnect.stable = 0;
  cut (f);
  assert_int_equal (f->client->session->reconnect.attempts, 1);
}

static void
tries_at_once_when_the_network_changes (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS * 10);
  cut (f);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE); /* "not available" to it: so what */
  back (f);
}

static void
dials_anew_when_the_network_changes (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS * 10);
  cut (f);
  ahoy_client_retry_now (f->client);
  assert_true (ahoy_connection_is_dialing (f->client->session->connection));
  f->client->session->asked_again = TRUE; /* which no new attempt is */
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  assert_true (ahoy_connection_is_dialing (f->client->session->connection));
  assert_false (f->client->session->asked_again);
  back (f);
}

static void
dials_anew_also_the_first_time (void **state)
{
  Fixture *f = *state;

  ahoy_client_connect (f->client, f->address, "alice");
  f->client->session->asked_again = TRUE; /* which no new attempt is */
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  assert_true (ahoy_connection_is_dialing (f->client->session->connection));
  assert_false (f->client->session->asked_again);
  back (f);
}

/* Nobody asks for a better name on a connection that may be dead. */
static void
a_refused_name_waits_for_another_connection (void **state)
{
  Fixture *f = *state;

  f->server->refusals = 1;
  ahoy_client_connect (f->client, f->address, "alice");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  WAIT_UNTIL (f->server->n_open == 0);
  assert_int_equal (state_of (f), AHOY_CLIENT_REFUSED);
  ahoy_client_retry_name (f->client, "alice2");
  back (f);
  assert_int_equal (f->server->n_connections, 2);
}

static void
tries_at_once_after_sleep (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS * 10);
  cut (f);
  slept = G_TIME_SPAN_HOUR;
  back (f);
}

static void
tries_at_once_when_asked (void **state)
{
  Fixture *f = *state;

  begin (f, TEST_LOOP_DEADLINE_MS * 10);
  cut (f);
  ahoy_client_retry_now (f->client);
  assert_int_equal (f->client->session->retry_in, 0);
  ahoy_client_retry_now (f->client); /* one is under way */
  back (f);
  assert_int_equal (f->server->n_connections, 2);
}

static void
our_own_ghost_has_the_name (void **state)
{
  Fixture *f = *state;

  begin (f, 3);
  f->server->refusals = 3;
  cut (f);
  back (f);
  assert_string_equal (f->states->str, "reconnecting online ");
  assert_int_equal (f->server->n_connections, 2); /* asked again on the same connection */
  assert_int_equal (f->server->n_frames, 5);
}

static void
a_server_that_hangs_up_on_refused_names (void **state)
{
  Fixture *f = *state;

  begin (f, 3);
  f->server->refusals = 1;
  cut (f);
  WAIT_UNTIL (f->server->n_frames == 2);
  fake_classic_drop (f->server);
  back (f);
  assert_string_equal (f->states->str, "reconnecting online ");
}

static void
the_name_is_somebody_elses_now (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message;

  f->timings.session.reconnect.ghost = 20;
  begin (f, 3);
  fake_classic_send (f->server, "4bob: hi");
  WAIT_UNTIL (f->n_messages == 1);
  f->server->refusals = 1000;
  cut (f);
  message = say (f, NULL, "wait for me");
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (f->client), AHOY_REFUSAL_UNSPECIFIED);
  assert_int_equal (f->client->session->retry_in, 0);
  fixture_assert_log (f, NULL, "bob: hi | alice: wait for me (waiting)");
  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), "not now"));

  f->server->refusals = 0;
  ahoy_client_retry_name (f->client, "alice2");
  back (f);
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
}

static void
garbage_is_a_lost_connection (void **state)
{
  Fixture *f = *state;

  begin (f, 5);
  fake_classic_send_bytes (f->server, "HTTP/1.1 400\r\n", 14);
  WAIT_UNTIL (state_of (f) == AHOY_CLIENT_RECONNECTING);
  back (f);
}

static void
a_half_frame_is_a_lost_connection (void **state)
{
  Fixture *f = *state;

  begin (f, 5);
  fake_classic_send_bytes (f->server, "\x02"
                                      "4bob: ha",
                           9);
  cut (f);
  back (f);
  fixture_assert_log (f, NULL, "");
}

static void
an_attempt_that_is_not_answered (void **state)
{
  Fixture *f = *state;

  begin (f, 5);
  f->server->dumb = TRUE;
  f->client->timings.session.connection.log_in = 50;
  cut (f);
  WAIT_UNTIL (f->server->n_connections >= 4);
  assert_int_equal (state_of (f), AHOY_CLIENT_RECONNECTING);
  f->client->timings.session.connection.log_in = TEST_LOOP_DEADLINE_MS;
  f->server->dumb = FALSE;
  back (f);
}

static void
you_may_have_had_enough (void **state)
{
  Fixture *f = *state;

  begin (f, 2);
  fake_classic_stop (f->server);
  cut (f);
  ahoy_client_disconnect (f->client);
  assert_int_equal (state_of (f), AHOY_CLIENT_OFFLINE);
  assert_int_equal (f->client->session->retry_in, 0);
  fixture_assert_people (f, "");
  assert_int_equal (f->n_failed, 0);
}

static void
as_somebody_else_next_time (void **state)
{
  Fixture *f = *state;

  begin (f, 5);
  fake_classic_send (f->server, "4[whisper] bob to alice: hi");
  WAIT_UNTIL (f->n_messages == 1);
  ahoy_client_disconnect (f->client);
  g_ptr_array_remove_index (f->server->roster, 0);
  add_to_roster (f, "alice");
  ahoy_client_connect (f->client, f->address, "bob");
  back (f);
  fixture_assert_people (f, "carol alice"); /* nobody whispers to themselves */
  assert_null (ahoy_client_find_conversation (f->client, "bob"));
  assert_int_equal (ahoy_client_get_n_online (f->client), 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CLIENT_TEST (comes_back_by_itself),
    CLIENT_TEST (comes_back_when_the_server_does),
    CLIENT_TEST (only_differences_are_told),
    CLIENT_TEST (a_roster_cut_short_is_no_difference),
    CLIENT_TEST (what_is_typed_waits),
    CLIENT_TEST (a_mountain_waits),
    CLIENT_TEST (what_was_not_echoed_is_said_again),
    CLIENT_TEST (what_a_silent_server_took_is_not),
    CLIENT_TEST (a_long_wait_goes_out_whole),
    CLIENT_TEST (waiting_survives_a_disconnect),
    CLIENT_TEST (waiting_does_not_follow_to_another_server),
    CLIENT_TEST (seconds_are_counted_down),
    CLIENT_TEST (backs_off),
    CLIENT_TEST (a_short_visit_does_not_reset_the_backoff),
    CLIENT_TEST (tries_at_once_when_the_network_changes),
    CLIENT_TEST (dials_anew_when_the_network_changes),
    CLIENT_TEST (dials_anew_also_the_first_time),
    CLIENT_TEST (a_refused_name_waits_for_another_connection),
    CLIENT_TEST (tries_at_once_after_sleep),
    CLIENT_TEST (tries_at_once_when_asked),
    CLIENT_TEST (our_own_ghost_has_the_name),
    CLIENT_TEST (a_server_that_hangs_up_on_refused_names),
    CLIENT_TEST (the_name_is_somebody_elses_now),
    CLIENT_TEST (garbage_is_a_lost_connection),
    CLIENT_TEST (a_half_frame_is_a_lost_connection),
    CLIENT_TEST (an_attempt_that_is_not_answered),
    CLIENT_TEST (you_may_have_had_enough),
    CLIENT_TEST (as_somebody_else_next_time),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
