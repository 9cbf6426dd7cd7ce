/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An extended server that cannot do at once what it is asked: nothing is lost, nothing is taken for more than it is. */

#include "extended-fixture.h"

#include <string.h>

#define MANY 400
/* As in ahoy-send-window.c. */
#define UNANSWERED_MAX 32

static void
send_many (Extended *e,
           guint     n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%u", i);

      extended_send (e, NULL, text);
    }
}

static guint
n_said (Extended *e)
{
  return fake_extended_count (e->server, ">3m");
}

/* Only a few are on their way, so that whatever else is said is heard soon; and all of it goes out, in order, once. */
static void
a_long_outbox_is_paced (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->loses_echoes = TRUE;
  send_many (e, MANY);
  WAIT_UNTIL (n_said (e) == UNANSWERED_MAX);
  extended_sync (e);
  assert_int_equal (n_said (e), UNANSWERED_MAX);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), MANY);
  e->server->loses_echoes = FALSE;
  extended_cut (e);
  WAIT_UNTIL (ahoy_client_get_n_waiting (e->client) == 0);
  assert_int_equal (e->server->log->len, MANY);
  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%u", i);

      assert_string_equal (((FakeMessage *) e->server->log->pdata[i])->text, text);
    }
  assert_int_equal (e->server->n_connections, 2);
}

static void
large_ones_are_fewer (void **state)
{
  Extended        *e = *state;
  g_autofree char *large = g_strnfill (15000, 'm');

  extended_online (e);
  e->server->loses_echoes = TRUE;
  for (guint i = 0; i < 20; i++)
    extended_send (e, NULL, large);
  WAIT_UNTIL (n_said (e) == 5);
  extended_sync (e);
  assert_int_equal (n_said (e), 5);
}

static void
a_slow_server_is_told_of (void **state)
{
  Extended        *e = *state;
  g_autofree char *cid = NULL;
  g_autofree char *echo = NULL;

  extended_online (e);
  fake_extended_send (e->server, "^code=slow-down|wait=600000>Eslowly");
  extended_sync (e);
  assert_false (ahoy_client_get_slowed (e->client)); /* nothing of ours waits */

  e->server->loses_echoes = TRUE;
  extended_send (e, NULL, "mine");
  extended_await_frame (e, ">3mine");
  fake_extended_send (e->server, "^code=slow-down|wait=600000>Eslowly");
  WAIT_UNTIL (ahoy_client_get_slowed (e->client));
  extended_await_log (e, NULL, "alice: mine (waiting)"); /* and no line says anything */
  assert_int_equal (fake_extended_count (e->server, ">3mine"), 1);

  /* Again, and for a moment: then it is over by itself, but not before what waited is through. */
  fake_extended_send (e->server, "^code=slow-down|wait=1>Eslowly");
  extended_sync (e);
  assert_true (ahoy_client_get_slowed (e->client));
  cid = g_strndup (strstr (fake_extended_find (e->server, ">3mine"), "cid="), strlen ("cid=") + 16);
  echo = g_strdup_printf ("^id=1|time=1000|from=alice|%s>4mine", cid);
  fake_extended_send (e->server, echo);
  WAIT_UNTIL (!ahoy_client_get_slowed (e->client));
  assert_int_equal (fake_extended_count (e->server, ">3mine"), 1);
  assert_int_equal (e->server->n_connections, 1);

  extended_send (e, NULL, "another");
  extended_await_frame (e, ">3another");
  fake_extended_send (e->server, "^code=slow-down|wait=600000>Eslowly");
  WAIT_UNTIL (ahoy_client_get_slowed (e->client));
  e->server->loses_echoes = FALSE;
  extended_cut (e);
  assert_false (ahoy_client_get_slowed (e->client));
  extended_await_log (e, NULL, "alice: mine (sent) | alice: another (sent)");
}

/* It does not listen, so it does not answer: that is no sign of death. */
static void
a_slow_server_is_not_dead (void **state)
{
  Extended *e = *state;
  guint     n_pings;

  e->timings.session.keepalive.idle = 1;
  extended_restart (e);
  extended_online (e);
  e->server->loses_echoes = TRUE;
  extended_send (e, NULL, "mine");
  extended_await_frame (e, ">3mine");
  fake_extended_send (e->server, "^code=slow-down|wait=600000>Eslowly");
  WAIT_UNTIL (ahoy_client_get_slowed (e->client));
  e->server->pongs = FALSE;
  e->client->timings.session.keepalive.pong = 1;
  n_pings = e->server->n_pings;
  WAIT_UNTIL (e->server->n_pings >= n_pings + 5);
  assert_int_equal (ahoy_client_get_state (e->client), AHOY_CLIENT_ONLINE);
  assert_int_equal (e->server->n_connections, 1);

  /* When the time is over it is one. */
  fake_extended_send (e->server, "^code=slow-down|wait=1>Eslowly");
  WAIT_UNTIL (e->server->n_connections > 1);
}

static void
a_full_mailbox_is_told_of (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->fails = "mailbox-full";
  e->server->n_fails = 1;
  extended_send (e, "bob", "one");
  extended_send (e, "bob", "two");
  extended_await_log (e, NULL, "alice>bob: one (failed) | %bob | alice>bob: two (sent)");
  extended_await_log (e, "bob", "alice>bob: one (failed) | %bob | alice>bob: two (sent)");
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 1);
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
}

/* What came is no end of anything: it comes back, slower each time, and says after a while what is wrong. */
static void
a_replay_that_breaks (void **state)
{
  Extended *e = *state;

  e->timings.session.reconnect.stable = 0; /* a connection that works need not last to count */
  extended_restart (e);
  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  extended_await_log (e, NULL, "bob: one");
  fake_extended_store (e->server, "bob", NULL, "two");
  e->server->breaks = 3;
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  extended_send (e, NULL, "mine");
  assert_false (ahoy_client_get_history_broken (e->client));
  WAIT_UNTIL (ahoy_client_get_history_broken (e->client));
  assert_true (e->client->session->reconnect.attempts >= 2);
  assert_false (e->client->session->caught_up);
  assert_int_equal (fake_extended_count (e->server, ">3mine"), 0);
  WAIT_UNTIL (e->client->session->caught_up);
  assert_false (ahoy_client_get_history_broken (e->client));
  extended_await_log (e, NULL, "bob: one | bob: two | alice: mine (sent)");
  assert_int_equal (e->server->breaks, 0);
  assert_int_equal (fake_extended_count (e->server, "|since=1|"), 4);
}

static void
older_messages_that_cannot_be_read (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone;

  fake_extended_store (e->server, "bob", NULL, "old");
  extended_online (e);
  everyone = extended_with (e, NULL);
  e->server->n_unread = 1;
  ahoy_conversation_load_older (everyone);
  WAIT_UNTIL (ahoy_conversation_get_older_failed (everyone));
  assert_false (ahoy_conversation_get_loading_older (everyone));
  assert_true (ahoy_conversation_get_has_older (everyone)); /* not "there is nothing" */
  ahoy_conversation_load_older (everyone);
  assert_false (ahoy_conversation_get_older_failed (everyone));
  extended_await_log (e, NULL, "bob: old");
  assert_false (ahoy_conversation_get_has_older (everyone));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (a_long_outbox_is_paced),
    EXTENDED_TEST (large_ones_are_fewer),
    EXTENDED_TEST (a_slow_server_is_told_of),
    EXTENDED_TEST (a_slow_server_is_not_dead),
    EXTENDED_TEST (a_full_mailbox_is_told_of),
    EXTENDED_TEST (a_replay_that_breaks),
    EXTENDED_TEST (older_messages_that_cannot_be_read),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
