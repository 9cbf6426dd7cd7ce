/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An extended server whose log is set back: what it no longer has is kept in its place, and what it has instead is not missed. */

#include "extended-fixture.h"

#include <string.h>

#define RUN_A "aaaaaaaaaaaaaaaa"
#define RUN_B "bbbbbbbbbbbbbbbb"
#define RUN_C "cccccccccccccccc"

/* One to five are held, all said by bob. */
static void
hold_five (Extended *e)
{
  e->server->run = RUN_A;
  extended_online (e);
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      fake_extended_say (e->server, "bob", NULL, text);
    }
  extended_await_log (e, NULL, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5");
}

/* The log has only the first @n, and is another one from there on. */
static void
set_back (Extended   *e,
          guint       n,
          const char *run)
{
  g_ptr_array_set_size (e->server->log, n);
  e->server->run = run;
  e->server->parted = n + 1;
}

static void
say_anew (Extended   *e,
          const char *text)
{
  const guint64 id = fake_extended_store (e->server, "bob", NULL, text);

  ((FakeMessage *) e->server->log->pdata[e->server->log->len - 1])->time = 1000000 + id;
}

static void
await_caught_up (Extended *e)
{
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE && e->client->session->caught_up && !ahoy_placer_is_busy (e->client->placer));
}

/* It reads so now, and after a new start. */
static void
assert_log (Extended   *e,
            const char *expected)
{
  extended_await_log (e, NULL, expected);
  extended_restart (e);
  extended_connect (e);
  extended_await_log (e, NULL, expected);
  await_caught_up (e);
  extended_sync (e);
  extended_await_log (e, NULL, expected);
}

static void
the_runs_are_told (void **state)
{
  Extended *e = *state;

  hold_five (e);
  extended_restart (e);
  extended_online (e);
  extended_await_frame (e, "|since=5|since-server=server-a|since-runs=" RUN_A ":5|secret=");
  e->server->run = RUN_B;
  extended_cut (e);
  fake_extended_say (e->server, "bob", NULL, "6");
  extended_await_log (e, NULL, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | bob: 6");
  extended_restart (e);
  extended_online (e);
  extended_await_frame (e, "|since=6|since-server=server-a|since-runs=" RUN_B ":6," RUN_A ":5|secret=");
  set_back (e, 2, RUN_C);
  extended_cut (e);
  extended_cut (e);
  extended_await_frame (e, "|since=2|since-server=server-a|since-runs=" RUN_C ":2," RUN_B ":2," RUN_A ":2|secret=");
}

static void
what_was_lost_is_kept (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 3, RUN_B);
  say_anew (e, "new 4");
  say_anew (e, "new 5");
  say_anew (e, "new 6");
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 4 | bob: new 5 | bob: new 6");
  extended_await_frame (e, "|since=6|since-server=server-a|since-runs=" RUN_B ":6," RUN_A ":3|secret=");
  fake_extended_say (e->server, "bob", NULL, "7");
  extended_await_log (e, NULL, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 4 | bob: new 5 | bob: new 6 | bob: 7");
}

/* Found out at the log-in of a new start, and nothing is said instead. */
static void
it_is_found_out_after_a_start (void **state)
{
  Extended *e = *state;

  hold_five (e);
  extended_end (e);
  fake_extended_drop (e->server);
  set_back (e, 3, RUN_B);
  extended_restart (e);
  extended_online (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~");
}

static void
all_may_be_lost (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 0, RUN_B);
  say_anew (e, "new 1");
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 1");
}

static void
it_may_happen_again_and_again (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 3, RUN_B);
  say_anew (e, "new 4");
  say_anew (e, "new 5");
  extended_cut (e);
  await_caught_up (e);

  /* Further down. */
  set_back (e, 4, RUN_C);
  say_anew (e, "newer 5");
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 4 | bob: new 5 | ~ | bob: newer 5");

  /* At the same id as the first time. */
  set_back (e, 3, RUN_A);
  say_anew (e, "third 4");
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 4 | bob: new 5 | ~ | bob: newer 5 | ~ | bob: third 4");

  /* Before all of that. */
  set_back (e, 1, RUN_B);
  say_anew (e, "fourth 2");
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 4 | bob: new 5 | ~ | bob: newer 5 | ~ | bob: third 4 | ~ | bob: fourth 2");
}

/* Only one line, where nothing was said between two partings. */
static void
twice_the_same_is_said_once (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 3, RUN_B);
  extended_cut (e);
  await_caught_up (e);
  set_back (e, 2, RUN_C);
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~");
}

/* The server knows less of what we share than there is. */
static void
what_it_has_after_all_is_shown_once (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 4, RUN_B);
  e->server->parted = 2;
  say_anew (e, "new 5");
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 5");

  /* And all of it: nothing was lost. */
  e->server->parted = 3;
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 5");
}

static void
the_same_without_a_history (void **state)
{
  Extended *e = *state;

  extended_renew_without_history (e);
  hold_five (e);
  set_back (e, 4, RUN_B);
  e->server->parted = 2;
  say_anew (e, "new 5");
  extended_cut (e);
  await_caught_up (e);
  extended_await_log (e, NULL, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 5");
}

/* The window holds only the newest; the server has more of the rest than it says. */
static void
far_above_what_is_loaded (void **state)
{
  Extended         *e = *state;
  GListModel       *messages;
  AhoyConversation *everyone;
  guint             n = 0;

  e->server->run = RUN_A;
  extended_online (e);
  for (guint i = 1; i <= 700; i++)
    fake_extended_store (e->server, "bob", NULL, "old");
  extended_cut (e);
  WAIT_UNTIL (ahoy_archive_get_position (e->client->parts.archive) == 700);
  extended_end (e);
  fake_extended_drop (e->server);
  set_back (e, 650, RUN_B);
  e->server->parted = 100;
  say_anew (e, "new");
  extended_restart (e);
  extended_online (e);
  await_caught_up (e);
  everyone = extended_with (e, NULL);
  ahoy_conversation_set_held (everyone, TRUE);
  while (ahoy_conversation_get_has_older (everyone))
    {
      ahoy_conversation_load_older (everyone);
      WAIT_UNTIL (!ahoy_conversation_get_loading_older (everyone));
    }
  messages = ahoy_conversation_get_messages (everyone);
  assert_int_equal (g_list_model_get_n_items (messages), 702);
  for (guint i = 0; i < 702; i++)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, i);

      n += ahoy_message_get_kind (message) == AHOY_MESSAGE_SET_BACK;
      if (i < 650)
        assert_int_equal (ahoy_message_get_id (message), i + 1);
      else if (i < 700)
        assert_int_equal (ahoy_message_get_time (message), 1000 * (i + 1));
    }
  assert_int_equal (n, 1);
  assert_int_equal (fake_extended_count (e->server, ">H"), 0);
}

static void
unread_and_receipts_go_along (void **state)
{
  Extended *e = *state;

  e->server->run = RUN_A;
  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "one");
  extended_await_log (e, "bob", "bob>alice: one");
  ahoy_conversation_set_attended (extended_with (e, "bob"), TRUE);
  extended_await_frame (e, "^id=1|what=seen>R");
  WAIT_UNTIL (ahoy_archive_get_mark (e->client->parts.archive, "told-seen", ahoy_target_person ("bob"), 0) == 1);
  ahoy_conversation_set_attended (extended_with (e, "bob"), FALSE);
  fake_extended_say (e->server, "bob", "alice", "two");
  extended_await_frame (e, "^id=2|what=delivered>R");
  WAIT_UNTIL (ahoy_archive_get_mark (e->client->parts.archive, "told-delivered", ahoy_target_person ("bob"), 0) == 2);

  /* The first was read, the second was not; neither is the server's any more. */
  set_back (e, 0, RUN_B);
  fake_extended_store (e->server, "bob", "alice", "other one");
  ((FakeMessage *) e->server->log->pdata[0])->time = 7;
  extended_cut (e);
  await_caught_up (e);
  extended_await_log (e, "bob", "bob>alice: one | bob>alice: two | ~ | bob>alice: other one");
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 2);
  WAIT_UNTIL (fake_extended_count (e->server, "^id=1|what=delivered>R") == 2);
  extended_restart (e);
  extended_online (e);
  extended_await_log (e, "bob", "bob>alice: one | bob>alice: two | ~ | bob>alice: other one");
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 2);
  assert_string_equal (ahoy_message_get_text (ahoy_conversation_get_first_unread (extended_with (e, "bob"))), "two");
  assert_int_equal (fake_extended_count (e->server, "|what=seen>R"), 1);

  /* Looked at: that holds, too. */
  ahoy_conversation_set_attended (extended_with (e, "bob"), TRUE);
  WAIT_UNTIL (fake_extended_count (e->server, "^id=1|what=seen>R") == 2);
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, "bob")), 0);
}

/* Those that were lost are looked at, and nothing came instead. */
static void
what_was_lost_can_be_read (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 3, RUN_B);
  extended_cut (e);
  await_caught_up (e);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, NULL)), 5);
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, NULL)), 5);
  ahoy_conversation_set_attended (extended_with (e, NULL), TRUE);
  WAIT_UNTIL (test_loop_settle (NULL));
  extended_restart (e);
  extended_online (e);
  assert_int_equal (ahoy_conversation_get_unread (extended_with (e, NULL)), 0);
  say_anew (e, "new 4");
  extended_cut (e);
  await_caught_up (e);
  WAIT_UNTIL (ahoy_conversation_get_unread (extended_with (e, NULL)) == 1);
}

/* Ours among them: not said again; and what waits goes out. */
static void
ours_are_kept_and_what_waits_goes_out (void **state)
{
  Extended *e = *state;

  e->server->run = RUN_A;
  extended_online (e);
  extended_send (e, NULL, "lost");
  extended_await_log (e, NULL, "alice: lost (sent)");
  e->server->mute = TRUE;
  e->server->fails = "dropped";
  e->server->n_fails = 1;
  extended_send (e, NULL, "waits");
  extended_await_frame (e, ">3waits");
  e->server->mute = FALSE;
  set_back (e, 0, RUN_B);
  extended_cut (e);
  await_caught_up (e);
  assert_log (e, "alice: lost (sent) | ~ | alice: waits (sent)");
  assert_int_equal (fake_extended_count (e->server, ">3lost"), 1);
}

/* The parting is on the disk, what comes after it is not. */
static void
a_crash_in_between_does_no_harm (void **state)
{
  Extended *e = *state;

  hold_five (e);
  set_back (e, 3, RUN_B);
  e->server->catches_up = FALSE;
  fake_extended_drop (e->server);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_RECONNECTING);
  WAIT_UNTIL (ahoy_client_get_state (e->client) == AHOY_CLIENT_ONLINE);
  e->server->parted = 0; /* the histories do not part any more: we say since=3 */
  say_anew (e, "new 4");
  say_anew (e, "new 5");
  e->server->catches_up = TRUE;
  extended_restart (e);
  extended_online (e);
  await_caught_up (e);
  assert_log (e, "bob: 1 | bob: 2 | bob: 3 | bob: 4 | bob: 5 | ~ | bob: new 4 | bob: new 5");
  assert_non_null (fake_extended_find (e->server, "|since=3|"));
}

/* What the server has from before we met it is still asked for, and stands above. */
static void
older_pages_go_above_what_is_kept (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone;

  e->server->run = RUN_A;
  for (guint i = 0; i < 3; i++)
    fake_extended_store (e->server, "bob", NULL, "before");
  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "4");
  extended_await_log (e, NULL, "bob: 4");
  set_back (e, 2, RUN_B);
  say_anew (e, "new 3");
  extended_cut (e);
  await_caught_up (e);
  everyone = extended_with (e, NULL);
  assert_true (ahoy_conversation_get_has_older (everyone));
  ahoy_conversation_load_older (everyone);
  extended_await_log (e, NULL, "bob: before | bob: before | bob: 4 | ~ | bob: new 3");
  assert_non_null (fake_extended_find (e->server, "^before=3|limit=100>H"));
  assert_log (e, "bob: before | bob: before | bob: 4 | ~ | bob: new 3");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (the_runs_are_told),
    EXTENDED_TEST (what_was_lost_is_kept),
    EXTENDED_TEST (it_is_found_out_after_a_start),
    EXTENDED_TEST (all_may_be_lost),
    EXTENDED_TEST (it_may_happen_again_and_again),
    EXTENDED_TEST (twice_the_same_is_said_once),
    EXTENDED_TEST (what_it_has_after_all_is_shown_once),
    EXTENDED_TEST (the_same_without_a_history),
    EXTENDED_TEST (far_above_what_is_loaded),
    EXTENDED_TEST (unread_and_receipts_go_along),
    EXTENDED_TEST (what_was_lost_can_be_read),
    EXTENDED_TEST (ours_are_kept_and_what_waits_goes_out),
    EXTENDED_TEST (a_crash_in_between_does_no_harm),
    EXTENDED_TEST (older_pages_go_above_what_is_kept),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
