/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-sentences.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"

/* 2026-03-03 14:03:20 UTC, a Tuesday. */
#define MOMENT G_GINT64_CONSTANT (1772546600000)
#define MINUTE (60 * G_GINT64_CONSTANT (1000))
#define DAY (24 * 60 * MINUTE)

static void
check (char       *sentence,
       const char *expected)
{
  g_autofree char *owned = sentence;

  assert_string_equal (owned, expected);
}

static void
test_times (void **state)
{
  check (ahoy_sentence_time (MOMENT), "14:03");
  check (ahoy_sentence_date_time (MOMENT), "Tuesday, 3 March 2026, 14:03");
  check (ahoy_sentence_day (MOMENT, MOMENT * 1000), "Today");
  check (ahoy_sentence_day (MOMENT, (MOMENT + DAY) * 1000), "Yesterday");
  check (ahoy_sentence_day (MOMENT, (MOMENT + 3 * DAY) * 1000), "Tuesday, 3 March");
  check (ahoy_sentence_day (MOMENT, (MOMENT + 400 * DAY) * 1000), "Tuesday, 3 March 2026");
  assert_true (ahoy_sentence_same_minute (MOMENT, MOMENT + 30 * 1000));
  assert_false (ahoy_sentence_same_minute (MOMENT, MOMENT + MINUTE));
  assert_true (ahoy_sentence_same_day (MOMENT, MOMENT + 60 * MINUTE));
  assert_false (ahoy_sentence_same_day (MOMENT, MOMENT + 12 * 60 * MINUTE));
}

/* A server can claim any time. */
static void
test_impossible_times (void **state)
{
  check (ahoy_sentence_time (G_MAXINT64), "00:00");
  check (ahoy_sentence_time (G_MININT64), "00:00");
}

static void
test_presence (void **state)
{
  const char *const one[] = { "alice", NULL };
  const char *const two[] = { "alice", "bob", NULL };
  const char *const three[] = { "alice", "bob", "carol", NULL };
  const char *const five[] = { "alice", "bob", "carol", "dave", "erin", NULL };

  check (ahoy_sentence_presence (one, NULL), "alice joined");
  check (ahoy_sentence_presence (NULL, two), "alice and bob left");
  check (ahoy_sentence_presence (three, NULL), "alice, bob and carol joined");
  check (ahoy_sentence_presence (five, NULL), "alice, bob and 3 others joined");
  check (ahoy_sentence_presence (NULL, five), "alice, bob and 3 others left");
  check (ahoy_sentence_presence (two, one), "alice and bob joined; alice left");
  check (ahoy_sentence_presence (NULL, NULL), "");
}

static void
test_messages (void **state)
{
  g_autoptr (AhoyMessage) said = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), "100 %s", MOMENT, 0, 0);
  g_autoptr (AhoyMessage) heard = ahoy_message_new_chat ("alice", ahoy_target_person ("bob"), "psst", MOMENT, 0, 0);
  g_autoptr (AhoyMessage) whispered = ahoy_message_new_chat ("bob", ahoy_target_person ("alice"), "psst", MOMENT, 0, AHOY_MESSAGE_OWN);
  g_autoptr (AhoyMessage) notice = ahoy_message_new_notice ("closing", MOMENT);
  g_autoptr (AhoyMessage) plain = ahoy_message_new_plain ("*** hello", MOMENT);
  g_autoptr (AhoyMessage) presence = ahoy_message_new_presence (MOMENT);
  g_autoptr (AhoyMessage) set_back = ahoy_message_new_set_back (MOMENT, &(AhoyPlace){ 3, (char *) "00000001~" });
  g_autoptr (AhoyMessage) unknown = ahoy_message_new_about (AHOY_MESSAGE_UNKNOWN_NAME, "dave", MOMENT);
  g_autoptr (AhoyMessage) not_here = ahoy_message_new_about (AHOY_MESSAGE_NOT_HERE, "erin", MOMENT);
  g_autoptr (AhoyMessage) full = ahoy_message_new_about (AHOY_MESSAGE_MAILBOX_FULL, "bob", MOMENT);

  ahoy_message_note_presence (presence, "carol", TRUE);
  check (ahoy_sentence_message (said), "alice, 14:03: 100 %s");
  check (ahoy_sentence_message (heard), "alice to bob, private, 14:03: psst");
  check (ahoy_sentence_message (notice), "Notice, 14:03: closing");
  check (ahoy_sentence_message (plain), "14:03: *** hello");
  check (ahoy_sentence_message (presence), "14:03: carol joined");
  check (ahoy_sentence_body (presence), "carol joined");
  check (ahoy_sentence_message (set_back),
         "The server’s history was set back. It no longer has the messages above; this computer keeps them.");
  assert_true (ahoy_sentence_is_talk (notice));
  assert_false (ahoy_sentence_is_talk (presence));
  assert_false (ahoy_sentence_is_talk (set_back));
  check (ahoy_sentence_message (unknown), "14:03: Not delivered: nobody called dave was ever on this server.");
  check (ahoy_sentence_message (not_here), "14:03: Not delivered: erin is not here, and nothing is kept for people who have no key.");
  assert_false (ahoy_sentence_is_talk (not_here));
  check (ahoy_sentence_message (full), "14:03: Not delivered: bob has so many messages waiting already that the server keeps no more for them.");
  assert_false (ahoy_sentence_is_talk (full));
  assert_null (ahoy_sentence_privacy (said));
  check (ahoy_sentence_privacy (heard), "→ you, private");
  check (ahoy_sentence_privacy (whispered), "→ alice, private");
}

static void
test_typing (void **state)
{
  const char *const nobody[] = { NULL };
  const char *const one[] = { "bob", NULL };
  const char *const two[] = { "bob", "carol", NULL };
  const char *const three[] = { "bob", "carol", "dave", NULL };

  assert_null (ahoy_sentence_typing (NULL));
  assert_null (ahoy_sentence_typing (nobody));
  check (ahoy_sentence_typing (one), "bob is writing…");
  check (ahoy_sentence_typing (two), "bob and carol are writing…");
  check (ahoy_sentence_typing (three), "3 people are writing…");
}

static void
test_whispering (void **state)
{
  g_autoptr (AhoyPerson) bob = ahoy_person_new ("bob", "bob");

  check (ahoy_sentence_whispering_to (bob, FALSE), "bob is offline and may not get this");
  check (ahoy_sentence_whispering_to (bob, TRUE), "bob is offline and may not get this");
  ahoy_person_set_held (bob, TRUE);
  check (ahoy_sentence_whispering_to (bob, TRUE), "bob is offline and will get this later");
  check (ahoy_sentence_whispering_to (bob, FALSE), "bob is offline and may not get this");
  ahoy_person_set_online (bob, TRUE);
  check (ahoy_sentence_whispering_to (bob, TRUE), "Only bob will see this");
  ahoy_person_set_held (bob, FALSE);
  check (ahoy_sentence_whispering_to (bob, FALSE), "Only bob will see this");
  check (ahoy_sentence_whispering_to (bob, TRUE), "Only bob will see this, and only while they are here: they have no key");
  ahoy_person_set_key (bob, "aaaa", "aaaa", 1, FALSE);
  check (ahoy_sentence_whispering_to (bob, TRUE), "Only bob will see this");
  ahoy_person_set_online (bob, FALSE);
  check (ahoy_sentence_whispering_to (bob, TRUE), "bob is offline and will get this later");
}

static void
test_states (void **state)
{
  assert_null (ahoy_sentence_state (AHOY_MESSAGE_RECEIVED));
  for (AhoyMessageState code = AHOY_MESSAGE_WAITING; code <= AHOY_MESSAGE_FAILED; code++)
    {
      assert_non_null (ahoy_sentence_state (code));
      assert_non_null (ahoy_sentence_state_icon (code));
      for (AhoyMessageState other = AHOY_MESSAGE_WAITING; other < code; other++)
        assert_string_not_equal (ahoy_sentence_state (code), ahoy_sentence_state (other));
    }
}

static void
test_conversations (void **state)
{
  g_autoptr (AhoyPerson)       person = ahoy_person_new ("bob", "bob");
  g_autoptr (AhoyConversation) bob = ahoy_conversation_new_person (person);
  g_autoptr (AhoyConversation) everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage)      message = ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "hi", MOMENT, 0, 0);

  check (ahoy_sentence_conversation (everyone), "Everyone");
  check (ahoy_sentence_conversation (bob), "bob, offline");
  ahoy_person_set_online (person, TRUE);
  check (ahoy_sentence_conversation (bob), "bob, online");
  ahoy_conversation_append (bob, message, TRUE);
  ahoy_conversation_append (bob, message, TRUE);
  check (ahoy_sentence_conversation (bob), "bob, online, 2 unread");
  ahoy_conversation_append (everyone, message, TRUE);
  check (ahoy_sentence_conversation (everyone), "Everyone, 1 unread");
  ahoy_person_set_away (person, "lunch");
  check (ahoy_sentence_presence_of (bob), "away: lunch");
  ahoy_person_set_away (person, "");
  check (ahoy_sentence_presence_of (bob), "away");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_times),
    cmocka_unit_test (test_impossible_times),
    cmocka_unit_test (test_presence),
    cmocka_unit_test (test_messages),
    cmocka_unit_test (test_states),
    cmocka_unit_test (test_typing),
    cmocka_unit_test (test_whispering),
    cmocka_unit_test (test_conversations),
  };

  g_setenv ("TZ", "UTC", TRUE);

  return cmocka_run_group_tests (tests, NULL, NULL);
}
