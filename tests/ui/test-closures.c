/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of values. No display. */

#include "ui/ahoy-closures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/connection/ahoy-server-private.h"

/* Takes @text. */
static void
assert_text (char       *text,
             const char *expected)
{
  if (expected == NULL)
    assert_null (text);
  else
    assert_string_equal (text, expected);
  g_free (text);
}

/* Takes @classes. */
static void
assert_classes (char      **classes,
                const char *expected)
{
  assert_text (g_strjoinv (" ", classes), expected);
  g_strfreev (classes);
}

static void
the_connection_bar_is_there_while_reconnecting (void **state)
{
  for (AhoyClientState s = AHOY_CLIENT_OFFLINE; s <= AHOY_CLIENT_RECONNECTING; s++)
    {
      assert_int_equal (ahoy_closure_is_reconnecting (NULL, s), s == AHOY_CLIENT_RECONNECTING);
      assert_int_equal (ahoy_closure_is_trying (NULL, s, 0), s == AHOY_CLIENT_RECONNECTING);
      assert_false (ahoy_closure_is_trying (NULL, s, 1));
    }
  assert_text (ahoy_closure_reconnecting (NULL, FALSE), "Reconnecting…");
  assert_text (ahoy_closure_reconnecting (NULL, TRUE), "The server cannot read its history. Trying again…");
}

static void
a_countdown_begins_at_three_seconds (void **state)
{
  g_autoptr (AhoyServer) known = ahoy_server_new ("10.0.0.1", 5);

  assert_text (ahoy_closure_next_attempt (NULL, 0, NULL), "");
  assert_text (ahoy_closure_next_attempt (NULL, 2, NULL), "");
  assert_text (ahoy_closure_next_attempt (NULL, 3, NULL), "Next attempt in 3 seconds");
  assert_text (ahoy_closure_next_attempt (NULL, 3, known), "Next attempt in 3 seconds");
  ahoy_server_set_extended (known, "0123", NULL, -1, TRUE);
  assert_text (ahoy_closure_next_attempt (NULL, 30, known), "Next attempt in 30 seconds; also looking for it at other addresses");
}

static void
what_is_not_so_is_not_said (void **state)
{
  assert_false (ahoy_closure_is_set (NULL, NULL));
  assert_false (ahoy_closure_is_set (NULL, ""));
  assert_true (ahoy_closure_is_set (NULL, "x"));
  assert_text (ahoy_closure_away (NULL, NULL), "");
  assert_text (ahoy_closure_away (NULL, "lunch"), "You are away: lunch");
  assert_text (ahoy_closure_slowed (NULL, FALSE), "");
  assert_text (ahoy_closure_slowed (NULL, TRUE), "The server takes only so many messages at a time; the rest follows by itself.");
  assert_text (ahoy_closure_typing (NULL, NULL), "");
  assert_text (ahoy_closure_typing (NULL, (const char *[]){ "bob", NULL }), "bob is writing…");
}

static void
of_nobody_there_is_nothing_to_say (void **state)
{
  assert_text (ahoy_closure_title (NULL, NULL), "");
  assert_text (ahoy_closure_presence (NULL, NULL), "");
  assert_text (ahoy_closure_spoken (NULL, NULL), "");
  assert_text (ahoy_closure_trust (NULL, NULL), "");
  assert_text (ahoy_closure_about (NULL, NULL), "");
  assert_text (ahoy_closure_person_name (NULL, NULL), "");
  assert_text (ahoy_closure_avatar_icon (NULL, NULL), NULL);
  assert_text (ahoy_closure_badge (NULL, NULL), "0");
  assert_false (ahoy_closure_shows_presence (NULL, NULL));
  assert_false (ahoy_closure_has_unread (NULL, NULL));
  assert_false (ahoy_closure_is_person (NULL, NULL));
  assert_false (ahoy_closure_has_changed (NULL, NULL));
  assert_false (ahoy_closure_is_verified (NULL, NULL));
  assert_classes (ahoy_closure_row_classes (NULL, NULL), "");
  assert_text (ahoy_closure_server_name (NULL, NULL), "");
  assert_text (ahoy_closure_probe_place (NULL, NULL), "");
}

static void
everyone_is_no_person (void **state)
{
  g_autoptr (AhoyConversation) everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);

  assert_text (ahoy_closure_title (NULL, everyone), "Everyone");
  assert_text (ahoy_closure_presence (NULL, everyone), "");
  assert_text (ahoy_closure_person_name (NULL, everyone), "");
  assert_text (ahoy_closure_avatar_icon (NULL, everyone), "system-users-symbolic");
  assert_text (ahoy_closure_about (NULL, everyone), "");
  assert_false (ahoy_closure_is_person (NULL, everyone));
  assert_false (ahoy_closure_shows_presence (NULL, everyone));
  assert_classes (ahoy_closure_row_classes (NULL, everyone), "");
  assert_classes (ahoy_closure_avatar_classes (NULL, everyone), "tinted tint0");
}

static void
a_person_is_here_away_or_gone (void **state)
{
  g_autoptr (AhoyPerson)       bob = ahoy_person_new ("bob", "bob");
  g_autoptr (AhoyConversation) with_bob = ahoy_conversation_new_person (bob);

  assert_text (ahoy_closure_title (NULL, with_bob), "bob");
  assert_text (ahoy_closure_presence (NULL, with_bob), "offline");
  assert_true (ahoy_closure_shows_presence (NULL, with_bob));
  assert_classes (ahoy_closure_row_classes (NULL, with_bob), "offline");
  assert_classes (ahoy_closure_recipient_classes (NULL, with_bob), "dim-label");

  ahoy_person_set_online (bob, TRUE);
  assert_text (ahoy_closure_presence (NULL, with_bob), "online");
  assert_false (ahoy_closure_shows_presence (NULL, with_bob));
  assert_classes (ahoy_closure_row_classes (NULL, with_bob), "");
  assert_classes (ahoy_closure_recipient_classes (NULL, with_bob), "");

  ahoy_person_set_away (bob, "lunch");
  assert_text (ahoy_closure_presence (NULL, with_bob), "away: lunch");
  assert_true (ahoy_closure_shows_presence (NULL, with_bob));
  assert_classes (ahoy_closure_row_classes (NULL, with_bob), "");
}

static void
a_changed_key_is_never_verified (void **state)
{
  g_autoptr (AhoyPerson)       bob = ahoy_person_new ("bob", "bob");
  g_autoptr (AhoyConversation) with_bob = ahoy_conversation_new_person (bob);

  assert_text (ahoy_closure_about (NULL, with_bob), "About bob");

  ahoy_person_set_key (bob, "a", "a", 1, TRUE);
  assert_true (ahoy_closure_is_verified (NULL, with_bob));
  assert_false (ahoy_closure_has_changed (NULL, with_bob));
  assert_text (ahoy_closure_trust (NULL, with_bob), "verified");
  assert_text (ahoy_closure_about (NULL, with_bob), "About bob, verified");

  ahoy_person_set_key (bob, "b", "a", 1, TRUE);
  assert_false (ahoy_closure_is_verified (NULL, with_bob));
  assert_true (ahoy_closure_has_changed (NULL, with_bob));
  assert_text (ahoy_closure_about (NULL, with_bob), "About bob, came back with other words");
}

static void
a_server_is_known_or_new (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);

  assert_text (ahoy_closure_server_name (NULL, server), "10.0.0.1:5");
  assert_false (ahoy_closure_server_is_known (NULL, server));
  assert_false (ahoy_closure_server_encrypts (NULL, server));

  ahoy_server_set_extended (server, NULL, NULL, -1, TRUE);
  ahoy_server_set_known (server, TRUE, NULL);
  assert_true (ahoy_closure_server_is_known (NULL, server));
  assert_true (ahoy_closure_server_encrypts (NULL, server));
  assert_text (ahoy_closure_server_known (NULL, server), "Known");

  ahoy_server_set_last_used (server, TRUE);
  assert_text (ahoy_closure_server_known (NULL, server), "Last used");
}

static void
the_composer_says_who_will_see_it (void **state)
{
  g_autoptr (AhoyPerson)       bob = ahoy_person_new ("bob", "bob");
  g_autoptr (AhoyConversation) with_bob = ahoy_conversation_new_person (bob);
  g_autoptr (AhoyConversation) everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyServer)       classic = ahoy_server_new ("10.0.0.1", 5);

  assert_text (ahoy_closure_placeholder (NULL, everyone), "Message to everyone");
  assert_text (ahoy_closure_placeholder (NULL, with_bob), "Private message to bob");
  assert_classes (ahoy_closure_composer_classes (NULL, everyone), "");
  assert_classes (ahoy_closure_composer_classes (NULL, with_bob), "whisper");
  assert_text (ahoy_closure_whispering_to (NULL, everyone, classic), "");
  assert_text (ahoy_closure_whispering_to (NULL, with_bob, NULL), "bob is offline and may not get this");
  ahoy_person_set_online (bob, TRUE);
  assert_text (ahoy_closure_whispering_to (NULL, with_bob, classic), "Only bob will see this");
}

static void
the_limit_is_mentioned_near_it (void **state)
{
  static const struct {
    gint64      excess;
    gboolean    shown;
    const char *text;
  } cases[] = {
    { G_MININT64, FALSE, "" },
    { -512, FALSE, "" },
    { -511, TRUE, "511 bytes left" },
    { -1, TRUE, "1 byte left" },
    { 0, TRUE, "0 bytes left" },
    { 1, TRUE, "Too long by 1 byte" },
    { 2, TRUE, "Too long by 2 bytes" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_int_equal (ahoy_closure_shows_excess (NULL, cases[i].excess), cases[i].shown);
      assert_text (ahoy_closure_excess (NULL, cases[i].excess), cases[i].text);
      assert_classes (ahoy_closure_excess_classes (NULL, cases[i].excess), cases[i].excess > 0 ? "excess caption numeric error" : "excess caption numeric");
      assert_text (ahoy_closure_send_tooltip (NULL, cases[i].excess), cases[i].excess > 0 ? "The message is too long" : "Send");
    }
}

static void
the_window_has_a_title_and_a_way_back (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);

  assert_text (ahoy_closure_window_title (NULL, AHOY_STEP_NAME, server), "Ahoy");
  assert_text (ahoy_closure_window_title (NULL, AHOY_STEP_TALKING, NULL), "Ahoy");
  assert_text (ahoy_closure_window_title (NULL, AHOY_STEP_TALKING, server), "10.0.0.1:5 – Ahoy");
  assert_false (ahoy_closure_has_back (NULL, AHOY_STEP_NAME));
  assert_false (ahoy_closure_has_back (NULL, AHOY_STEP_LOOKING));
  assert_false (ahoy_closure_has_back (NULL, AHOY_STEP_TALKING));
  assert_true (ahoy_closure_has_back (NULL, AHOY_STEP_ADDRESS));
  assert_true (ahoy_closure_has_back (NULL, AHOY_STEP_TROUBLE));
}

static void
the_way_to_the_newest_counts (void **state)
{
  g_autoptr (AhoyPerson)       tom = ahoy_person_new ("Tom & <b>Jerry", "tom");
  g_autoptr (AhoyConversation) with_tom = ahoy_conversation_new_person (tom);

  assert_text (ahoy_closure_newest (NULL, 0), "↓");
  assert_text (ahoy_closure_newest (NULL, 2), "↓ 2 new");
  assert_text (ahoy_closure_newest_spoken (NULL, 0), "Newest Messages");
  assert_text (ahoy_closure_newest_spoken (NULL, 1), "1 new message");
  assert_text (ahoy_closure_empty (NULL, NULL), "What you write here is seen by everyone");
  assert_text (ahoy_closure_empty (NULL, with_tom), "What you write here is seen by Tom &amp; &lt;b&gt;Jerry only");
}

static void
a_chat_has_a_name_and_a_lock (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);

  assert_text (ahoy_closure_chat_name (NULL, NULL, AHOY_CLIENT_OFFLINE), "Ahoy");
  assert_text (ahoy_closure_chat_name (NULL, server, AHOY_CLIENT_ONLINE), "Ahoy");
  ahoy_server_set_extended (server, NULL, "Workshop", -1, TRUE);
  assert_text (ahoy_closure_chat_name (NULL, server, AHOY_CLIENT_ONLINE), "Workshop");
  assert_text (ahoy_closure_chat_spoken (NULL, server, AHOY_CLIENT_ONLINE, TRUE), "About this chat: Workshop, encrypted");
  assert_text (ahoy_closure_chat_spoken (NULL, server, AHOY_CLIENT_ONLINE, FALSE), "About this chat: Workshop, not encrypted");
  assert_text (ahoy_closure_n_online (NULL, 2), "2 online");
  assert_text (ahoy_closure_encrypted (NULL, TRUE), "Encrypted");
  assert_text (ahoy_closure_encrypted (NULL, FALSE), "Not encrypted");
  assert_text (ahoy_closure_lock_icon (NULL, TRUE), "channel-secure-symbolic");
  assert_classes (ahoy_closure_lock_classes (NULL, TRUE), "");
  assert_classes (ahoy_closure_lock_classes (NULL, FALSE), "warning");
  assert_true (ahoy_closure_not (NULL, FALSE));
  assert_false (ahoy_closure_not (NULL, TRUE));
  assert_classes (ahoy_closure_problem_classes (NULL, NULL), "");
  assert_classes (ahoy_closure_problem_classes (NULL, "in use"), "error");
}

static void
a_chat_proves_itself_by_its_words (void **state)
{
  const struct {
    gboolean    own;
    gboolean    secure;
    const char *id;
    const char *words; /* "": none */
    const char *hint;
  } rows[] = {
    { FALSE, FALSE, "", "", "Others on this network can read along" },
    { FALSE, TRUE, "abcdefghijklmnopqrstuvwxyz", " · ", "Compare these four words with somebody beside you." },
    { TRUE, TRUE, "abcdefghijklmnopqrstuvwxyz", " · ", "Tell the address to whoever does not find this chat." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);
      g_autofree char       *words = NULL;
      g_autofree char       *hint = NULL;

      ahoy_server_set_extended (server, "abcdefghijklmnopqrstuvwxyz", "Hall", 2, TRUE);
      if (rows[i].own)
        ahoy_server_set_own (server);
      words = ahoy_closure_server_words (NULL, server, rows[i].secure);
      hint = ahoy_closure_server_hint (NULL, server, words);
      assert_int_equal (ahoy_closure_is_own (NULL, server), rows[i].own);
      assert_text (ahoy_closure_server_id (NULL, server, rows[i].secure), rows[i].id);
      assert_int_equal (*words != '\0', *rows[i].words != '\0');
      assert_non_null (strstr (words, rows[i].words));
      assert_true (g_str_has_prefix (hint, rows[i].hint));
    }
}

static void
ones_own_chat_has_addresses_to_tell (void **state)
{
  g_autoptr (AhoyServer)       server = ahoy_server_new ("127.0.0.1", 24690);
  g_autoptr (AhoyOwnAddresses) addresses = ahoy_own_addresses_new ();
  g_auto (GStrv)               told = ahoy_own_addresses_dup (addresses, 24690);
  g_autofree char             *lines = g_strjoinv ("\n", told);
  g_autofree char             *shown = NULL;
  g_autofree char             *invitation = NULL;

  assert_text (ahoy_closure_server_address (NULL, server), "127.0.0.1:24690");
  assert_false (ahoy_closure_has_addresses (NULL, server, addresses)); /* somebody else's */
  assert_text (ahoy_closure_invitation (NULL, server, addresses, ""), NULL);

  ahoy_server_set_own (server);
  assert_false (ahoy_closure_has_addresses (NULL, server, NULL));
  assert_text (ahoy_closure_own_addresses (NULL, server, NULL), "");
  assert_int_equal (ahoy_closure_has_addresses (NULL, server, addresses), *told != NULL);
  shown = ahoy_closure_own_addresses (NULL, server, addresses);
  invitation = ahoy_closure_invitation (NULL, server, addresses, "a · b · c · d");
  assert_string_not_equal (shown, "");
  if (*told != NULL)
    assert_string_equal (shown, lines);
  assert_int_equal (invitation != NULL, *told != NULL);
  if (invitation != NULL)
    assert_true (g_str_has_suffix (invitation, "a · b · c · d"));

  assert_text (ahoy_closure_copy_label (NULL, FALSE), "Copy Address and Words");
  assert_text (ahoy_closure_copy_label (NULL, TRUE), "Copied");
  assert_text (ahoy_closure_server_address (NULL, NULL), "");
  assert_text (ahoy_closure_server_words (NULL, NULL, TRUE), "");
}

static void
a_key_says_who_somebody_is (void **state)
{
  const struct {
    const char *key;
    gboolean    kept;
    const char *hint;
    const char *alarm;
  } rows[] = {
    { "k", TRUE, "If they are the same, this really is bob.", "bob came back with other words than before." },
    { "k", FALSE, "Compare these words with bob", "accept only if the new words are theirs." },
    { NULL, TRUE, "bob is here without a key", "bob came back without the key they had before." },
    { NULL, FALSE, "nothing waits for them while they are away.", "before you accept." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hint = ahoy_closure_key_hint (NULL, "bob", rows[i].key, rows[i].kept);
      g_autofree char *alarm = ahoy_closure_key_alarm (NULL, "bob", rows[i].key);

      assert_non_null (strstr (hint, rows[i].hint));
      assert_non_null (strstr (alarm, rows[i].alarm));
      assert_int_equal (ahoy_closure_may_verify (NULL, rows[i].key, FALSE), rows[i].key != NULL);
      assert_false (ahoy_closure_may_verify (NULL, rows[i].key, TRUE));
    }
}

static void
a_card_tells_of_a_person (void **state)
{
  g_autofree char *since = ahoy_closure_known_since (NULL, 1772546600);

  assert_text (ahoy_closure_here (NULL, FALSE, "x"), "offline");
  assert_text (ahoy_closure_here (NULL, TRUE, NULL), "online");
  assert_text (ahoy_closure_here (NULL, TRUE, ""), "away");
  assert_text (ahoy_closure_here (NULL, TRUE, "at lunch"), "away: at lunch");
  assert_classes (ahoy_closure_tint (NULL, 5), "tinted tint5");
  assert_text (ahoy_closure_about_name (NULL, "bob"), "About bob");
  assert_text (ahoy_closure_words_title (NULL, "bob"), "The four words of bob");
  assert_text (ahoy_closure_verified_with (NULL, "bob"), "I have compared the words with bob");
  assert_text (ahoy_closure_known_since (NULL, 0), "");
  assert_true (g_str_has_prefix (since, "Known since "));
}

#define MOMENT G_GINT64_CONSTANT (1772546600000)

/* Takes @message, which stands alone. */
static AhoyTimelineItem *
make_item (AhoyMessage *message)
{
  g_autoptr (GHashTable)  registry = g_hash_table_new (NULL, NULL);
  g_autoptr (AhoyMessage) owned = message;

  return ahoy_timeline_item_new (owned, registry);
}

static void
a_row_without_a_message_is_empty (void **state)
{
  assert_classes (ahoy_closure_message_classes (NULL, NULL), "");
  assert_false (ahoy_closure_starts_day (NULL, NULL));
  assert_text (ahoy_closure_day (NULL, NULL), "");
  assert_false (ahoy_closure_first_unread (NULL, NULL));
  assert_false (ahoy_closure_has_author (NULL, NULL));
  assert_text (ahoy_closure_author (NULL, NULL), "");
  assert_classes (ahoy_closure_author_classes (NULL, NULL), "tinted tint0");
  assert_text (ahoy_closure_privacy (NULL, NULL), "");
  assert_text (ahoy_closure_message_time (NULL, NULL), "");
  assert_text (ahoy_closure_message_markup (NULL, NULL), "");
  assert_text (ahoy_closure_message_spoken (NULL, NULL), "");
  assert_false (ahoy_closure_has_state (NULL, NULL));
  assert_text (ahoy_closure_state (NULL, NULL), "");
  assert_text (ahoy_closure_state_icon (NULL, NULL), NULL);
}

static void
a_message_has_its_author_above_it (void **state)
{
  const struct {
    AhoyMessage *message;
    const char  *classes;
    const char  *author; /* "": nobody's */
    const char  *privacy;
    const char  *icon;
    const char  *markup;
    int          indent;
  } rows[] = {
    { ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "1 < 2", MOMENT, 3, 0), "chat first", "bob", "", NULL, "1 &lt; 2", 48 },
    { ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "alice!", MOMENT, 3, AHOY_MESSAGE_MENTION),
      "chat first mention", "bob", "", NULL, "alice!", 48 },
    { ahoy_message_new_chat ("bob", ahoy_target_person ("alice"), "psst", MOMENT, 3, 0), "chat first private", "bob", "→ you, private", NULL, "psst", 48 },
    { ahoy_message_new_chat ("alice", ahoy_target_person ("bob"), "psst", MOMENT, 3, AHOY_MESSAGE_OWN),
      "chat first own private", "alice", "→ bob, private", NULL, "psst", 48 },
    { ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "👍", MOMENT, 3, 0), "chat first emoji", "bob", "", NULL, "👍", 48 },
    { ahoy_message_new_notice ("closing", MOMENT), "notice first", "Notice", "", "ahoy-notice-symbolic", "closing", 48 },
    { ahoy_message_new_plain ("*** hello", MOMENT), "plain first", "", "", "ahoy-notice-symbolic", "*** hello", 48 },
    { ahoy_message_new_about (AHOY_MESSAGE_UNKNOWN_NAME, "dave", MOMENT), "undelivered first", "", "", "ahoy-notice-symbolic",
      "Not delivered: nobody called dave was ever on this server.", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (AhoyTimelineItem) item = make_item (rows[i].message);
      gboolean                     named = rows[i].author[0] != '\0';

      assert_classes (ahoy_closure_message_classes (NULL, item), rows[i].classes);
      assert_int_equal (ahoy_closure_has_author (NULL, item), named);
      assert_text (ahoy_closure_author (NULL, item), rows[i].author);
      assert_int_equal (ahoy_closure_author_has_initials (NULL, item), rows[i].icon == NULL);
      assert_text (ahoy_closure_author_icon (NULL, item), rows[i].icon);
      assert_text (ahoy_closure_privacy (NULL, item), rows[i].privacy);
      assert_text (ahoy_closure_message_markup (NULL, item), rows[i].markup);
      assert_int_equal (ahoy_closure_message_indent (NULL, item), rows[i].indent);
      assert_true (ahoy_closure_message_xalign (NULL, item) == (rows[i].indent > 0 ? 0.0f : 0.5f));
      assert_int_equal (ahoy_closure_message_justify (NULL, item), rows[i].indent > 0 ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_CENTER);
    }
}

static void
what_follows_on_has_no_author (void **state)
{
  g_autoptr (AhoyMessage)      before = ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "one", MOMENT, 3, 0);
  g_autoptr (AhoyTimelineItem) item = make_item (ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "two", MOMENT, 3, 0));
  g_autofree char             *time = ahoy_closure_message_time (NULL, item);
  g_autofree char             *day = ahoy_closure_day (NULL, item);

  assert_classes (ahoy_closure_author_classes (NULL, item), "tinted tint3");
  assert_string_not_equal (time, "");
  assert_string_not_equal (day, "");
  assert_true (ahoy_closure_starts_day (NULL, item));

  ahoy_timeline_item_set_previous (item, before);
  assert_classes (ahoy_closure_message_classes (NULL, item), "chat");
  assert_false (ahoy_closure_starts_day (NULL, item));
  assert_text (ahoy_closure_day (NULL, item), "");
  assert_false (ahoy_closure_has_author (NULL, item));
  assert_text (ahoy_closure_author (NULL, item), "");
  assert_text (ahoy_closure_message_time (NULL, item), "");

  assert_false (ahoy_closure_first_unread (NULL, item));
  ahoy_timeline_item_set_first_unread (item, TRUE);
  assert_true (ahoy_closure_first_unread (NULL, item));
  assert_true (ahoy_closure_has_author (NULL, item));
}

static void
ones_own_message_tells_what_became_of_it (void **state)
{
  const struct {
    AhoyMessageState state;
    const char      *word;
    const char      *icon;
    const char      *classes;
  } states[] = {
    { AHOY_MESSAGE_RECEIVED, "", NULL, "state" },
    { AHOY_MESSAGE_WAITING, "Waiting", "ahoy-waiting-symbolic", "state loud" },
    { AHOY_MESSAGE_SENT, "Sent", "ahoy-sent-symbolic", "state" },
    { AHOY_MESSAGE_DELIVERED, "Delivered", "ahoy-delivered-symbolic", "state" },
    { AHOY_MESSAGE_SEEN, "Seen", "ahoy-seen-symbolic", "state" },
    { AHOY_MESSAGE_FAILED, "Not sent", "dialog-warning-symbolic", "state loud" },
  };
  AhoyMessage                 *message = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), "hi", MOMENT, 3, AHOY_MESSAGE_OWN);
  g_autoptr (AhoyTimelineItem) item = make_item (message);

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      ahoy_message_set_state (message, states[i].state);
      assert_int_equal (ahoy_closure_has_state (NULL, item), states[i].state != AHOY_MESSAGE_RECEIVED);
      assert_text (ahoy_closure_state (NULL, item), states[i].word);
      assert_text (ahoy_closure_state_icon (NULL, item), states[i].icon);
      assert_classes (ahoy_closure_state_classes (NULL, item), states[i].classes);
      assert_classes (ahoy_closure_message_classes (NULL, item),
                      states[i].state == AHOY_MESSAGE_FAILED ? "chat first own failed" : "chat first own");
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_connection_bar_is_there_while_reconnecting),
    cmocka_unit_test (a_countdown_begins_at_three_seconds),
    cmocka_unit_test (what_is_not_so_is_not_said),
    cmocka_unit_test (of_nobody_there_is_nothing_to_say),
    cmocka_unit_test (everyone_is_no_person),
    cmocka_unit_test (a_person_is_here_away_or_gone),
    cmocka_unit_test (a_changed_key_is_never_verified),
    cmocka_unit_test (a_server_is_known_or_new),
    cmocka_unit_test (a_chat_proves_itself_by_its_words),
    cmocka_unit_test (ones_own_chat_has_addresses_to_tell),
    cmocka_unit_test (a_key_says_who_somebody_is),
    cmocka_unit_test (a_card_tells_of_a_person),
    cmocka_unit_test (a_row_without_a_message_is_empty),
    cmocka_unit_test (a_message_has_its_author_above_it),
    cmocka_unit_test (what_follows_on_has_no_author),
    cmocka_unit_test (ones_own_message_tells_what_became_of_it),
    cmocka_unit_test (the_way_to_the_newest_counts),
    cmocka_unit_test (a_chat_has_a_name_and_a_lock),
    cmocka_unit_test (the_composer_says_who_will_see_it),
    cmocka_unit_test (the_limit_is_mentioned_near_it),
    cmocka_unit_test (the_window_has_a_title_and_a_way_back),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
