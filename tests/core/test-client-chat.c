/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Talk, whispers, notices, and who comes and goes: with a server as the protocol's page has it. */

#include "client-fixture.h"

#include <string.h>

#include "wire/ahoy-limits.h"

static int
setup (void **state)
{
  Fixture *f;

  fixture_setup (state);
  f = *state;
  g_ptr_array_add (f->server->roster, g_strdup ("bob"));
  g_ptr_array_add (f->server->roster, g_strdup ("carol"));
  fixture_online (f);
  return 0;
}

/* Returns: (transfer none): the model holds it. */
static AhoyMessage *
message_at (AhoyConversation *conversation,
            guint             position)
{
  g_autoptr (AhoyMessage) message = g_list_model_get_item (ahoy_conversation_get_messages (conversation), position);

  assert_non_null (message);
  return message;
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

static const char *
last_received (Fixture *f)
{
  return f->server->received->pdata[f->server->received->len - 1];
}

static void
others_speak (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *everyone = fixture_with (f, NULL);
  AhoyMessage      *message;

  fake_classic_send (f->server, "4bob: hi: all");
  fake_classic_send (f->server, "4carol: line one\nline two");
  WAIT_UNTIL (f->n_messages == 2);
  fixture_assert_log (f, NULL, "bob: hi: all | carol: line one\nline two");
  fixture_assert_log (f, "bob", "");
  assert_int_equal (ahoy_conversation_get_unread (everyone), 2);
  assert_string_equal (f->messages->str, "bob: hi: all | carol: line one\nline two | ");
  assert_ptr_equal (f->conversations->pdata[0], everyone);

  message = message_at (everyone, 0);
  assert_false (ahoy_message_is_own (message));
  assert_false (ahoy_message_is_private (message));
  assert_int_equal (ahoy_message_get_tint (message), ahoy_person_get_tint (ahoy_conversation_get_person (fixture_with (f, "bob"))));
  assert_true (ahoy_message_get_time (message) > G_GINT64_CONSTANT (1700000000000));
}

static void
others_whisper (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *everyone = fixture_with (f, NULL);
  AhoyConversation *bob = fixture_with (f, "bob");

  fake_classic_send (f->server, "4[whisper] bob to alice: psst");
  WAIT_UNTIL (f->n_messages == 1);
  fixture_assert_log (f, NULL, "bob>alice: psst");
  fixture_assert_log (f, "bob", "bob>alice: psst");
  assert_ptr_equal (message_at (everyone, 0), message_at (bob, 0));
  assert_true (ahoy_message_is_private (message_at (bob, 0)));
  assert_ptr_equal (f->conversations->pdata[0], bob);
  assert_int_equal (ahoy_conversation_get_unread (bob), 1);
  assert_int_equal (ahoy_conversation_get_unread (everyone), 0); /* one whisper is one thing to read */
}

static void
attended_conversations_stay_read (void **state)
{
  Fixture *f = *state;

  ahoy_conversation_set_attended (fixture_with (f, "bob"), TRUE);
  fake_classic_send (f->server, "4[whisper] bob to alice: psst");
  WAIT_UNTIL (f->n_messages == 1);
  assert_int_equal (ahoy_conversation_get_unread (fixture_with (f, "bob")), 0);
}

static void
your_name_is_noticed (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "4bob: Alice, look");
  fake_classic_send (f->server, "4bob: no malice");
  WAIT_UNTIL (f->n_messages == 2);
  assert_true (ahoy_message_is_mention (message_at (fixture_with (f, NULL), 0)));
  assert_false (ahoy_message_is_mention (message_at (fixture_with (f, NULL), 1)));
  say (f, NULL, "I am alice");
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  assert_false (ahoy_message_is_mention (message_at (fixture_with (f, NULL), 2)));
}

static void
notices_and_strange_lines (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "4* welcome");
  fake_classic_send (f->server, "4~~ dave waves ~~");
  fake_classic_send (f->server, "4dave: not here, not believed");
  fake_classic_send (f->server, "4");
  WAIT_UNTIL (f->n_messages >= 3);
  fixture_sync (f);
  fixture_assert_log (f, NULL, "* welcome | = ~~ dave waves ~~ | = dave: not here, not believed | = ");
}

static void
unknown_frames_are_ignored (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "Zzz");
  fake_classic_send (f->server, "1");
  fake_classic_send (f->server, "0alice");
  fake_classic_send (f->server, "4bob: on");
  WAIT_UNTIL (f->n_messages == 1);
  assert_int_equal (ahoy_client_get_state (f->client), AHOY_CLIENT_ONLINE);
  fixture_assert_people (f, "bob carol");
}

static void
says_wait_for_their_echo (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message = say (f, NULL, "hello");

  assert_int_equal (ahoy_message_get_state (message), AHOY_MESSAGE_WAITING);
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 1);
  fixture_assert_log (f, NULL, "alice: hello (waiting)");
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
  assert_string_equal (last_received (f), "3hello");
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 0);
  fixture_sync (f);
  fixture_assert_log (f, NULL, "alice: hello (sent)");
  assert_int_equal (f->n_messages, 0); /* not news */
  assert_ptr_not_equal (ahoy_conversation_get_first_unread (fixture_with (f, NULL)), message);
}

static void
whispers_stand_in_both_panes (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message = say (f, "bob", "psst, you");

  assert_true (ahoy_message_is_private (message));
  assert_string_equal (ahoy_message_get_to (message), "bob");
  fixture_assert_log (f, NULL, "alice>bob: psst, you (waiting)");
  fixture_assert_log (f, "bob", "alice>bob: psst, you (waiting)");
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
  assert_string_equal (last_received (f), "2bob,psst, you");
  fixture_assert_log (f, "bob", "alice>bob: psst, you (sent)");
  fixture_assert_log (f, "carol", "");
  assert_ptr_equal (message_at (fixture_with (f, "bob"), 0), message);
}

static void
everyone_has_one_order (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *one, *two;

  f->server->echoes = FALSE;
  one = say (f, NULL, "one");
  two = say (f, NULL, "two");
  WAIT_UNTIL (f->server->n_frames == 3);
  fake_classic_send (f->server, "4bob: before");
  fake_classic_send (f->server, "4alice: one");
  fake_classic_send (f->server, "4bob: between");
  fake_classic_send (f->server, "4alice: two");
  fake_classic_send (f->server, "4bob: after");
  WAIT_UNTIL (f->n_messages == 3);
  fixture_assert_log (f, NULL, "bob: before | alice: one (sent) | bob: between | alice: two (sent) | bob: after");
  assert_int_equal (ahoy_message_get_state (one), AHOY_MESSAGE_SENT);
  assert_int_equal (ahoy_message_get_state (two), AHOY_MESSAGE_SENT);
}

static void
echoes_find_their_own (void **state)
{
  Fixture *f = *state;

  f->server->echoes = f->server->echoes_whispers = FALSE;
  say (f, NULL, "same");
  say (f, "bob", "same");
  say (f, "carol", "same");
  say (f, NULL, "same");
  WAIT_UNTIL (f->server->n_frames == 5);
  fake_classic_send (f->server, "4[whisper] alice to carol: same");
  fake_classic_send (f->server, "4alice: same");
  fixture_sync (f);
  /* What was passed over was not taken: the server answers in order. */
  fixture_assert_log (f, "carol", "alice>carol: same (sent)");
  fixture_assert_log (f, "bob", "alice>bob: same (failed)");
  fixture_assert_log (f, NULL, "alice>bob: same (failed) | alice>carol: same (sent) | alice: same (sent) | alice: same (waiting)");
}

static void
a_thousand_at_once (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *everyone = fixture_with (f, NULL);
  GListModel       *messages = ahoy_conversation_get_messages (everyone);

  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d", i);

      say (f, NULL, text);
    }
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 1000);
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  assert_int_equal (g_list_model_get_n_items (messages), 1000);
  for (int i = 0; i < 1000; i++)
    assert_int_equal (atoi (ahoy_message_get_text (message_at (everyone, i))), i);
}

static void
a_burst_is_one_change (void **state)
{
  Fixture              *f = *state;
  AhoyConversation     *everyone = fixture_with (f, NULL);
  g_autoptr (GPtrArray) changes = g_ptr_array_new ();
  g_autoptr (GPtrArray) unread = g_ptr_array_new ();
  g_autoptr (GString)   bytes = g_string_new (NULL);

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (bytes, "\x02"
                                   "4bob: %d\x03",
                            i);
  g_signal_connect_swapped (ahoy_conversation_get_messages (everyone), "items-changed", G_CALLBACK (g_ptr_array_add), changes);
  g_signal_connect_swapped (everyone, "notify::unread", G_CALLBACK (g_ptr_array_add), unread);
  fake_classic_send_bytes (f->server, bytes->str, bytes->len);
  WAIT_UNTIL (f->n_messages == 1000);
  assert_int_equal (ahoy_conversation_get_unread (everyone), 1000);
  assert_in_range (changes->len, 1, 20); /* one for each read: the kernel may cut it up */
  assert_int_equal (unread->len, changes->len);
}

static void
what_is_typed_is_cleaned (void **state)
{
  Fixture *f = *state;

  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), ""));
  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), " \n\t "));
  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), "\xe2\x80\x8b\xe3\x80\x80")); /* zero-width, ideographic space */
  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), "\x01\x02\x03"));
  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), "\u2800\u3164 \u0301\ufe0f"));
  say (f, NULL, "  a\x02\x03"
                "b\r\nc\n\n");
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  assert_string_equal (last_received (f), "3  ab\nc");
  fixture_assert_log (f, NULL, "alice:   ab\nc (sent)");
}

static void
limits_count_what_the_server_adds (void **state)
{
  Fixture          *f = *state;
  g_autofree char  *text = g_strnfill (AHOY_BODY_MAX, 'x');
  AhoyConversation *everyone = fixture_with (f, NULL);
  AhoyConversation *bob = fixture_with (f, "bob");

  assert_int_equal (ahoy_client_text_excess (f->client, everyone, text), strlen ("alice: "));
  assert_int_equal (ahoy_client_text_excess (f->client, bob, text), strlen ("[whisper] alice to bob: "));
  assert_int_equal (ahoy_client_text_excess (f->client, everyone, ""), (int) strlen ("alice: ") - AHOY_BODY_MAX);
  assert_int_equal (ahoy_client_text_excess (f->client, everyone, "中"), (int) strlen ("alice: 中") - AHOY_BODY_MAX);

  text[AHOY_BODY_MAX - strlen ("alice: ") + 1] = '\0';
  assert_int_equal (ahoy_client_text_excess (f->client, everyone, text), 1);
  assert_null (ahoy_client_send (f->client, everyone, text));
  text[AHOY_BODY_MAX - strlen ("alice: ")] = '\0';
  assert_int_equal (ahoy_client_text_excess (f->client, everyone, text), 0);
  say (f, NULL, text);
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  text[AHOY_BODY_MAX - strlen ("[whisper] alice to bob: ")] = '\0';
  say (f, "bob", text);
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
}

static void
joins_and_leaves_are_one_line (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "2dave");
  fake_classic_send (f->server, "2erin");
  fake_classic_send (f->server, "3bob");
  fake_classic_send (f->server, "2dave");
  fake_classic_send (f->server, "3nobody");
  fake_classic_send (f->server, "2alice");
  fake_classic_send (f->server, "3alice");
  fixture_sync (f);
  fixture_assert_log (f, NULL, "+dave,erin -bob");
  fixture_assert_people (f, "carol dave erin");
  assert_int_equal (ahoy_client_get_n_online (f->client), 4);
  assert_int_equal (ahoy_conversation_get_unread (fixture_with (f, NULL)), 1); /* the mark */

  fake_classic_send (f->server, "2bob"); /* the mark stands between */
  fixture_sync (f);
  fixture_assert_log (f, NULL, "+dave,erin -bob | +bob -");
}

static void
coming_and_going_within_a_line_is_nothing (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "2dave");
  fake_classic_send (f->server, "3dave");
  fixture_sync (f);
  fixture_assert_log (f, NULL, "");
  fake_classic_send (f->server, "3bob");
  fake_classic_send (f->server, "2bob");
  fixture_sync (f);
  fixture_assert_log (f, NULL, "");
  fixture_assert_people (f, "carol bob");
}

static void
a_persons_pane_tells_of_them_once_there_is_talk (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "4[whisper] bob to alice: brb");
  fake_classic_send (f->server, "3bob");
  fixture_sync (f);
  fixture_assert_log (f, "bob", "bob>alice: brb | + -bob");
  fixture_assert_people (f, "bob(off) carol");
  fake_classic_send (f->server, "2bob");
  fixture_sync (f);
  fixture_assert_log (f, "bob", "bob>alice: brb");
  fixture_assert_people (f, "bob carol");
}

static void
who_left_stays_while_there_is_something (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *bob = fixture_with (f, "bob");
  AhoyConversation *carol = fixture_with (f, "carol");

  ahoy_conversation_set_draft (bob, "hold on");
  ahoy_conversation_set_attended (carol, TRUE);
  fake_classic_send (f->server, "3bob");
  fake_classic_send (f->server, "3carol");
  fixture_sync (f);
  fixture_assert_people (f, "bob(off) carol(off)");
  ahoy_conversation_set_draft (bob, "");
  WAIT_UNTIL (!ahoy_client_find_conversation (f->client, "bob"));
  ahoy_conversation_set_attended (carol, FALSE);
  WAIT_UNTIL (!ahoy_client_find_conversation (f->client, "carol"));
}

static void
people_are_the_same_when_they_come_back (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyPerson) bob = g_object_ref (ahoy_conversation_get_person (fixture_with (f, "bob")));

  fake_classic_send (f->server, "3bob");
  fixture_sync (f);
  assert_false (ahoy_person_get_online (bob));
  assert_null (ahoy_client_find_conversation (f->client, "bob"));
  fake_classic_send (f->server, "2Bob");
  fixture_sync (f);
  assert_ptr_equal (ahoy_conversation_get_person (fixture_with (f, "bob")), bob);
  assert_string_equal (ahoy_person_get_name (bob), "Bob");
}

static void
strangers_are_forgotten_in_the_end (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyPerson) first = NULL;

  fake_classic_send (f->server, "2stranger");
  fixture_sync (f);
  first = g_object_ref (ahoy_conversation_get_person (fixture_with (f, "stranger")));
  fake_classic_send (f->server, "3stranger");
  for (int i = 0; i < 1000; i++)
    {
      g_autofree char *joined = g_strdup_printf ("2passer %d", i);
      g_autofree char *left = g_strdup_printf ("3passer %d", i);

      fake_classic_send (f->server, joined);
      fake_classic_send (f->server, left);
    }
  fake_classic_send (f->server, "2stranger");
  fixture_sync (f);
  assert_ptr_not_equal (ahoy_conversation_get_person (fixture_with (f, "stranger")), first);
  fixture_assert_people (f, "bob carol stranger");
}

static void
last_words_of_who_just_left (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "3bob");
  fake_classic_send (f->server, "4bob: and another thing");
  fake_classic_send (f->server, "4[whisper] bob to alice: bye");
  WAIT_UNTIL (f->n_messages == 2);
  fixture_assert_log (f, NULL, "+ -bob | bob: and another thing | bob>alice: bye");
  fixture_assert_log (f, "bob", "bob>alice: bye");
  fixture_assert_people (f, "carol bob(off)");
}

static void
a_whisper_that_nobody_got (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message;

  f->server->echoes_whispers = FALSE;
  message = say (f, "bob", "there?");
  WAIT_UNTIL (f->server->n_frames == 2);
  fake_classic_send (f->server, "3bob");
  fake_classic_send (f->server, "4* bob is not here");
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_FAILED);
  fixture_sync (f);
  fixture_assert_log (f, "bob", "+ -bob | alice>bob: there? (failed) | * bob is not here");
  fixture_assert_log (f, NULL, "+ -bob | alice>bob: there? (failed) | * bob is not here");
  assert_int_equal (ahoy_client_get_n_waiting (f->client), 0);

  /* The same words again, later, are not taken for the first. */
  fake_classic_send (f->server, "2bob");
  f->server->echoes_whispers = TRUE;
  fixture_sync (f);
  message = say (f, "bob", "there?");
  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
}

static void
other_notices_are_not_about_a_whisper (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *message = say (f, "bob", "psst");

  WAIT_UNTIL (ahoy_message_get_state (message) == AHOY_MESSAGE_SENT);
  fake_classic_send (f->server, "4* lunch is ready");
  fixture_sync (f);
  fixture_assert_log (f, "bob", "alice>bob: psst (sent)");
}

static void
whispers_between_others_are_nobodys_pane (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "4[whisper] bob to carol: you too?");
  WAIT_UNTIL (f->n_messages == 1);
  fixture_assert_log (f, NULL, "bob>carol: you too?");
  fixture_assert_log (f, "bob", "");
  fixture_assert_log (f, "carol", "");
}

static void
nothing_is_sent_offline_or_to_a_gone_pane (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyConversation) bob = g_object_ref (fixture_with (f, "bob"));

  fake_classic_send (f->server, "3bob");
  fixture_sync (f);
  assert_null (ahoy_client_send (f->client, bob, "hi"));
  ahoy_client_disconnect (f->client);
  assert_null (ahoy_client_send (f->client, fixture_with (f, NULL), "hi"));
  fixture_assert_log (f, NULL, "+ -bob");
}

static void
names_in_every_script (void **state)
{
  Fixture *f = *state;

  fake_classic_send (f->server, "2王小明");
  fake_classic_send (f->server, "4王小明: 大家好");
  WAIT_UNTIL (f->n_messages == 1);
  say (f, "王小明", "你好");
  WAIT_UNTIL (ahoy_client_get_n_waiting (f->client) == 0);
  assert_string_equal (last_received (f), "2王小明,你好");
  fixture_assert_log (f, NULL, "+王小明 - | 王小明: 大家好 | alice>王小明: 你好 (sent)");
}

int
main (void)
{
#define CHAT_TEST(test) cmocka_unit_test_setup_teardown (test, setup, fixture_teardown)
  const struct CMUnitTest tests[] = {
    CHAT_TEST (others_speak),
    CHAT_TEST (others_whisper),
    CHAT_TEST (attended_conversations_stay_read),
    CHAT_TEST (your_name_is_noticed),
    CHAT_TEST (notices_and_strange_lines),
    CHAT_TEST (unknown_frames_are_ignored),
    CHAT_TEST (says_wait_for_their_echo),
    CHAT_TEST (whispers_stand_in_both_panes),
    CHAT_TEST (everyone_has_one_order),
    CHAT_TEST (echoes_find_their_own),
    CHAT_TEST (a_thousand_at_once),
    CHAT_TEST (a_burst_is_one_change),
    CHAT_TEST (what_is_typed_is_cleaned),
    CHAT_TEST (limits_count_what_the_server_adds),
    CHAT_TEST (joins_and_leaves_are_one_line),
    CHAT_TEST (coming_and_going_within_a_line_is_nothing),
    CHAT_TEST (a_persons_pane_tells_of_them_once_there_is_talk),
    CHAT_TEST (who_left_stays_while_there_is_something),
    CHAT_TEST (people_are_the_same_when_they_come_back),
    CHAT_TEST (strangers_are_forgotten_in_the_end),
    CHAT_TEST (last_words_of_who_just_left),
    CHAT_TEST (a_whisper_that_nobody_got),
    CHAT_TEST (other_notices_are_not_about_a_whisper),
    CHAT_TEST (whispers_between_others_are_nobodys_pane),
    CHAT_TEST (nothing_is_sent_offline_or_to_a_gone_pane),
    CHAT_TEST (names_in_every_script),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
