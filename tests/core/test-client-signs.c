/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An extended server: receipts, typing, away, rooms, and signs of life. */

#include "extended-fixture.h"

#include <string.h>

#include "core/chat/ahoy-client-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/features/ahoy-typists.h"

static gint64 slept;

static gint64
asleep (void)
{
  return slept;
}

static void
restart_with (Extended *e,
              guint     idle,
              guint     impatient,
              guint     pong)
{
  slept = 0;
  e->timings.session.asleep = asleep;
  e->timings.session.keepalive.idle = idle;
  e->timings.session.keepalive.impatient = impatient;
  e->timings.session.keepalive.pong = pong;
  extended_restart (e);
}

static void
whispers_are_acknowledged (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "one");
  fake_extended_say (e->server, "bob", "alice", "two");
  fake_extended_say (e->server, "carol", NULL, "three");
  extended_await_frame (e, "^id=2|what=delivered>R");
  extended_sync (e);
  assert_null (fake_extended_find (e->server, "what=seen"));
  assert_null (fake_extended_find (e->server, "^id=3|"));
  ahoy_conversation_set_attended (extended_with (e, "bob"), TRUE);
  extended_await_frame (e, "^id=2|what=seen>R");

  /* They know: it is not said again. */
  extended_sync (e);
  extended_restart (e);
  g_ptr_array_set_size (e->server->received, 0);
  extended_online (e);
  extended_sync (e);
  assert_null (fake_extended_find (e->server, ">R"));
}

/* What went down with a connection is said again. */
static void
a_receipt_may_be_lost (void **state)
{
  Extended *e = *state;

  extended_online (e);
  e->server->pongs = FALSE;
  fake_extended_say (e->server, "bob", "alice", "one");
  extended_await_frame (e, "^id=1|what=delivered>R");
  extended_restart (e);
  g_ptr_array_set_size (e->server->received, 0);
  extended_online (e);
  extended_await_frame (e, "^id=1|what=delivered>R");
}

static void
our_whispers_are_followed (void **state)
{
  Extended *e = *state;

  extended_online (e);
  extended_send (e, "bob", "one");
  extended_send (e, "bob", "two");
  extended_send (e, "carol", "three");
  extended_await_log (e, NULL, "alice>bob: one (sent) | alice>bob: two (sent) | alice>carol: three (sent)");
  fake_extended_send (e->server, "^id=2|what=delivered|by=bob>R");
  extended_await_log (e, NULL, "alice>bob: one (delivered) | alice>bob: two (delivered) | alice>carol: three (sent)");
  fake_extended_send (e->server, "^id=1|what=seen|by=bob>R");
  extended_await_log (e, "bob", "alice>bob: one (seen) | alice>bob: two (delivered)");
  extended_restart (e);
  extended_online (e);
  extended_await_log (e, "bob", "alice>bob: one (seen) | alice>bob: two (delivered)");
}

/* No server has a second room yet; what is said in one is for that room all the same, on its way out, in the window, and when it comes back. */
static void
a_second_room_is_spoken_to (void **state)
{
  Extended         *e = *state;
  AhoyConversation *room;
  AhoyMessage      *message;
  g_autofree char  *echo = NULL;
  g_autofree char  *log = NULL;

  e->server->loses_echoes = TRUE;
  extended_online (e);
  room = ahoy_roster_add_room (e->client->roster, 7);
  message = ahoy_client_send (e->client, room, "hi");
  assert_non_null (message);
  assert_false (ahoy_message_is_private (message));
  extended_await_frame (e, "room=7");
  assert_non_null (fake_extended_find (e->server, "hi"));
  assert_non_null (strstr (fake_extended_find (e->server, "hi"), "room=7"));

  echo = g_strdup_printf ("^id=1|time=1000|from=alice|room=7|cid=%s>4hi", ahoy_message_get_cid (message));
  fake_extended_send (e->server, echo);
  fake_extended_send (e->server, "^id=2|time=2000|from=bob|room=7>4ahoy");
  fake_extended_send (e->server, "^id=3|time=3000|from=bob|room=8>4nobody hears this");
  extended_sync (e);
  extended_await_log (e, NULL, "");
  log = fixture_log (room);
  assert_string_equal (log, "alice: hi (sent) | bob: ahoy");
}

static const char *const *
typists (AhoyConversation *conversation)
{
  return ahoy_typists_get_names (ahoy_typists_of (conversation));
}

static void
typing_is_told (void **state)
{
  Extended         *e = *state;
  AhoyConversation *bob, *everyone;

  e->typing.lasts = 30;
  extended_restart (e);
  extended_online (e);
  bob = extended_with (e, "bob");
  everyone = extended_with (e, NULL);
  ahoy_client_note_typing (e->client, bob);
  ahoy_client_note_typing (e->client, bob);
  ahoy_client_note_typing (e->client, everyone);
  extended_await_frame (e, "^to=bob>T");
  extended_sync (e);
  assert_int_equal (fake_extended_count (e->server, "^to=bob>T"), 1);
  assert_non_null (fake_extended_find (e->server, "T"));

  fake_extended_send (e->server, "^from=bob|to=alice>T");
  WAIT_UNTIL (g_strv_contains (typists (bob), "bob"));
  assert_null (typists (everyone)[0]);
  WAIT_UNTIL (typists (bob)[0] == NULL);
}

static void
who_has_spoken_types_no_more (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_send (e->server, "^from=bob>T");
  fake_extended_send (e->server, "^from=carol>T");
  WAIT_UNTIL (g_strv_length ((char **) typists (extended_with (e, NULL))) == 2);
  fake_extended_say (e->server, "bob", NULL, "there");
  WAIT_UNTIL (g_strv_length ((char **) typists (extended_with (e, NULL))) == 1);
  fake_extended_drop (e->server);
  WAIT_UNTIL (typists (extended_with (e, NULL))[0] == NULL);
}

static void
a_room_that_is_not_here_passes_by (void **state)
{
  Extended *e = *state;

  extended_online (e);
  fake_extended_send (e->server, "^id=1|time=1|from=bob|room=7>4elsewhere");
  fake_extended_send (e->server, "^from=bob|room=7>T");
  fake_extended_send (e->server, "^from=carol>T");
  WAIT_UNTIL (g_strv_contains (typists (extended_with (e, NULL)), "carol"));
  assert_false (g_strv_contains (typists (extended_with (e, NULL)), "bob"));
  fake_extended_send (e->server, "^id=2|time=2|from=bob>4here");
  extended_await_log (e, NULL, "bob: here");
}

static void
away_is_told (void **state)
{
  Extended   *e = *state;
  AhoyPerson *bob;

  extended_online (e);
  bob = ahoy_conversation_get_person (extended_with (e, "bob"));
  fake_extended_send (e->server, "^from=bob>Alunch");
  WAIT_UNTIL (g_strcmp0 (ahoy_person_get_away (bob), "lunch") == 0);
  fake_extended_send (e->server, "^from=bob>A");
  WAIT_UNTIL (ahoy_person_get_away (bob) == NULL);
  fake_extended_send (e->server, "^from=bob>Alunch");
  WAIT_UNTIL (g_strcmp0 (ahoy_person_get_away (bob), "lunch") == 0);
  fake_extended_send (e->server, "^from=bob>A\u200b\u2800"); /* another server may not know it for nothing */
  WAIT_UNTIL (ahoy_person_get_away (bob) == NULL);
  fake_extended_send (e->server, "^away=tea>2dave");
  WAIT_UNTIL (ahoy_client_find_conversation (e->client, "dave"));
  assert_string_equal (ahoy_person_get_away (ahoy_conversation_get_person (extended_with (e, "dave"))), "tea");

  ahoy_client_set_away (e->client, "  out ");
  extended_await_frame (e, "Aout");
  g_ptr_array_set_size (e->server->received, 0);
  extended_cut (e);
  extended_await_frame (e, "Aout");
  ahoy_client_set_away (e->client, NULL);
  assert_null (ahoy_client_get_away (e->client));
}

static void
silence_is_asked_about (void **state)
{
  Extended *e = *state;

  restart_with (e, 20, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  extended_online (e);
  WAIT_UNTIL (e->server->n_pings >= 3);
  assert_int_equal (e->server->n_connections, 1);
  fake_extended_send (e->server, "^n=77>P");
  extended_await_frame (e, "^n=77>p");
}

static void
a_dead_connection_is_noticed (void **state)
{
  Extended *e = *state;

  restart_with (e, TEST_LOOP_DEADLINE_MS, 10, 10);
  extended_online (e);
  e->server->mute = TRUE;
  e->server->fails = "dropped";
  e->server->n_fails = 1;
  extended_send (e, NULL, "typed on a dead line");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  e->server->mute = FALSE;
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE && e->client->session->caught_up);
  extended_await_log (e, NULL, "alice: typed on a dead line (sent)");
  assert_int_equal (e->server->log->len, 1);
}

static void
after_sleep_it_asks_at_once (void **state)
{
  Extended *e = *state;

  restart_with (e, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS, TEST_LOOP_DEADLINE_MS);
  extended_online (e);
  assert_int_equal (e->server->n_pings, 0);
  slept = 5 * G_USEC_PER_SEC;
  WAIT_UNTIL (e->server->n_pings == 1);
}

static void
reasons_of_a_refusal_are_known (void **state)
{
  Extended *e = *state;

  e->server->mute = TRUE;
  extended_connect (e);
  WAIT_UNTIL (e->server->n_frames == 1);
  e->server->mute = FALSE;
  fake_extended_send (e->server, "^reason=look-alike>0alice");
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_REFUSED);
  assert_int_equal (ahoy_client_get_refusal (e->client), AHOY_REFUSAL_LOOK_ALIKE);
  ahoy_client_retry_name (e->client, "anna");
  WAIT_UNTIL (e->client->session->caught_up);
  assert_int_equal (e->server->n_connections, 1);
}

/* While no pong says that they know. */
static void
a_receipt_is_said_once_on_a_connection (void **state)
{
  Extended *e = *state;

  e->server->pongs = FALSE;
  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "psst");
  WAIT_UNTIL (fake_extended_count (e->server, "^id=1|what=delivered>R") == 1);
  ahoy_conversation_set_attended (extended_with (e, "bob"), TRUE);
  WAIT_UNTIL (fake_extended_count (e->server, "^id=1|what=seen>R") == 1);
  assert_int_equal (fake_extended_count (e->server, "^id=1|what=delivered>R"), 1);
}

/* A ping that no connection answers any more is forgotten with it. */
static void
a_new_connection_asks_anew (void **state)
{
  Extended *e = *state;

  e->server->pongs = FALSE;
  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "psst");
  WAIT_UNTIL (fake_extended_count (e->server, "^id=1|what=delivered>R") == 1);
  e->server->pongs = TRUE;
  extended_cut (e);
  WAIT_UNTIL (fake_extended_count (e->server, "^id=1|what=delivered>R") == 2);
  extended_sync (e);
  extended_cut (e);
  extended_sync (e);
  assert_int_equal (fake_extended_count (e->server, "^id=1|what=delivered>R"), 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (whispers_are_acknowledged),
    EXTENDED_TEST (a_receipt_may_be_lost),
    EXTENDED_TEST (our_whispers_are_followed),
    EXTENDED_TEST (a_second_room_is_spoken_to),
    EXTENDED_TEST (typing_is_told),
    EXTENDED_TEST (who_has_spoken_types_no_more),
    EXTENDED_TEST (a_room_that_is_not_here_passes_by),
    EXTENDED_TEST (away_is_told),
    EXTENDED_TEST (silence_is_asked_about),
    EXTENDED_TEST (a_dead_connection_is_noticed),
    EXTENDED_TEST (after_sleep_it_asks_at_once),
    EXTENDED_TEST (reasons_of_a_refusal_are_known),
    EXTENDED_TEST (a_receipt_is_said_once_on_a_connection),
    EXTENDED_TEST (a_new_connection_asks_anew),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
