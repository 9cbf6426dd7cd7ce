/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    data)
{
  g_string_append_printf (data, "%s ", pspec->name);
}

/* Returns: (transfer none): the conversation's. */
static AhoyMessage *
hear (AhoyConversation *conversation,
      const char       *text)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), text, 0, 0, 0);

  ahoy_conversation_append (conversation, message, TRUE);
  return message;
}

static guint
n_messages (AhoyConversation *conversation)
{
  return g_list_model_get_n_items (ahoy_conversation_get_messages (conversation));
}

static void
is_a_room_s_or_a_person_s (void **state)
{
  g_autoptr (AhoyPerson)       bob = ahoy_person_new ("Bob", "bob");
  g_autoptr (AhoyConversation) workshop = ahoy_conversation_new_room (7);
  g_autoptr (AhoyConversation) one = ahoy_conversation_new_person (bob);
  g_autoptr (AhoyConversation) all = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyPerson)       person = NULL;
  g_autoptr (GListModel)       messages = NULL;

  assert_ptr_equal (ahoy_conversation_get_person (one), bob);
  assert_false (ahoy_conversation_is_room (one));
  assert_false (ahoy_conversation_is_everyone (one));
  assert_string_equal (ahoy_conversation_get_target (one).person, "bob");
  assert_string_equal (ahoy_conversation_get_addressee (one).person, "Bob");
  assert_null (ahoy_conversation_get_person (all));
  assert_true (ahoy_conversation_is_room (all));
  assert_true (ahoy_conversation_is_everyone (all));
  assert_true (ahoy_target_is_everyone (ahoy_conversation_get_target (all)));
  assert_null (ahoy_conversation_get_person (workshop));
  assert_true (ahoy_conversation_is_room (workshop));
  assert_false (ahoy_conversation_is_everyone (workshop));
  assert_true (ahoy_target_equal (ahoy_conversation_get_target (workshop), ahoy_target_room (7)));
  assert_true (ahoy_target_equal (ahoy_conversation_get_addressee (workshop), ahoy_target_room (7)));
  g_object_get (one, "person", &person, "messages", &messages, NULL);
  assert_ptr_equal (person, bob);
  assert_ptr_equal (messages, ahoy_conversation_get_messages (one));
}

static void
counts_what_nobody_saw (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage)      quiet = ahoy_message_new_notice ("…", 0);
  AhoyMessage                 *first;

  ahoy_conversation_append (conversation, quiet, FALSE);
  assert_int_equal (ahoy_conversation_get_unread (conversation), 0);
  assert_null (ahoy_conversation_get_first_unread (conversation));
  first = hear (conversation, "one");
  hear (conversation, "two");
  ahoy_conversation_note_presence (conversation, "carol", TRUE, 0);
  assert_int_equal (ahoy_conversation_get_unread (conversation), 2);
  assert_ptr_equal (ahoy_conversation_get_first_unread (conversation), first);
}

static void
attending_reads_but_keeps_the_line (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  AhoyMessage                 *first = hear (conversation, "one");
  AhoyMessage                 *later;

  ahoy_conversation_set_attended (conversation, TRUE);
  assert_int_equal (ahoy_conversation_get_unread (conversation), 0);
  assert_ptr_equal (ahoy_conversation_get_first_unread (conversation), first);
  hear (conversation, "two");
  assert_int_equal (ahoy_conversation_get_unread (conversation), 0);
  assert_ptr_equal (ahoy_conversation_get_first_unread (conversation), first);

  ahoy_conversation_set_attended (conversation, FALSE);
  assert_ptr_equal (ahoy_conversation_get_first_unread (conversation), first);
  later = hear (conversation, "three"); /* the line moves to what is new now */
  hear (conversation, "four");
  assert_ptr_equal (ahoy_conversation_get_first_unread (conversation), later);
  assert_int_equal (ahoy_conversation_get_unread (conversation), 2);

  ahoy_conversation_forget_unread (conversation);
  assert_null (ahoy_conversation_get_first_unread (conversation));
  assert_int_equal (ahoy_conversation_get_unread (conversation), 0);
}

static void
draft_is_never_null (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (GString)          seen = g_string_new (NULL);

  assert_string_equal (ahoy_conversation_get_draft (conversation), "");
  g_signal_connect (conversation, "notify", G_CALLBACK (on_notify), seen);
  ahoy_conversation_set_draft (conversation, "hal");
  ahoy_conversation_set_draft (conversation, "hal");
  assert_string_equal (ahoy_conversation_get_draft (conversation), "hal");
  g_object_set (conversation, "draft", NULL, NULL);
  g_object_set (conversation, "attended", TRUE, NULL);
  assert_string_equal (ahoy_conversation_get_draft (conversation), "");
  assert_true (ahoy_conversation_get_attended (conversation));
  assert_string_equal (seen->str, "draft draft attended ");
}

static void
presence_is_one_line_between_messages (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage)      line = NULL;

  assert_false (ahoy_conversation_has_messages (conversation));
  ahoy_conversation_note_presence (conversation, "carol", TRUE, 5);
  ahoy_conversation_note_presence (conversation, "dave", TRUE, 6);
  assert_true (ahoy_conversation_has_messages (conversation));
  assert_int_equal (n_messages (conversation), 1);
  line = g_list_model_get_item (ahoy_conversation_get_messages (conversation), 0);
  assert_int_equal (ahoy_message_get_kind (line), AHOY_MESSAGE_PRESENCE);
  assert_int_equal (ahoy_message_get_time (line), 5);
  assert_string_equal (ahoy_message_get_joined (line)[1], "dave");

  hear (conversation, "hi");
  ahoy_conversation_note_presence (conversation, "dave", FALSE, 7);
  assert_int_equal (n_messages (conversation), 3);
  assert_non_null (ahoy_message_get_joined (line)[1]); /* what was said after it, it says no more */
  ahoy_conversation_note_presence (conversation, "dave", TRUE, 8);
  assert_int_equal (n_messages (conversation), 2);
}

static void
waiting_messages_do_not_split_the_line (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage)      own = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), "hi", 0, 0, AHOY_MESSAGE_OWN);

  ahoy_conversation_note_presence (conversation, "carol", TRUE, 5);
  ahoy_conversation_append_waiting (conversation, own);
  ahoy_conversation_note_presence (conversation, "dave", TRUE, 6);
  assert_int_equal (n_messages (conversation), 2);
  ahoy_conversation_settle (conversation, own);
  ahoy_conversation_note_presence (conversation, "erin", TRUE, 7);
  assert_int_equal (n_messages (conversation), 3);
  assert_int_equal (ahoy_conversation_get_unread (conversation), 0);
}

static void
frozen_it_is_silent (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (GString)          seen = g_string_new (NULL);
  g_autoptr (AhoyMessage)      line = NULL;

  ahoy_conversation_note_presence (conversation, "carol", TRUE, 5);
  line = g_list_model_get_item (ahoy_conversation_get_messages (conversation), 0);
  g_signal_connect (conversation, "notify", G_CALLBACK (on_notify), seen);
  g_signal_connect (line, "notify", G_CALLBACK (on_notify), seen);

  assert_true (ahoy_conversation_freeze (conversation));
  assert_false (ahoy_conversation_freeze (conversation));
  ahoy_conversation_note_presence (conversation, "dave", TRUE, 5);
  ahoy_conversation_note_presence (conversation, "erin", TRUE, 5);
  hear (conversation, "one");
  hear (conversation, "two");
  assert_string_equal (seen->str, "");
  assert_int_equal (n_messages (conversation), 1);
  ahoy_conversation_thaw (conversation);
  assert_int_equal (n_messages (conversation), 3);
  assert_non_null (strstr (seen->str, "joined "));
  assert_non_null (strstr (seen->str, "unread "));
  assert_ptr_equal (strstr (seen->str, "joined "), g_strrstr (seen->str, "joined ")); /* once */

  /* A line that comes to nothing while frozen leaves nothing frozen behind. */
  g_string_truncate (seen, 0);
  ahoy_conversation_clear (conversation);
  ahoy_conversation_note_presence (conversation, "fay", TRUE, 5);
  ahoy_conversation_freeze (conversation);
  ahoy_conversation_note_presence (conversation, "fay", FALSE, 5);
  ahoy_conversation_thaw (conversation);
  assert_int_equal (n_messages (conversation), 0);
}

static void
clearing_keeps_the_draft (void **state)
{
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);

  hear (conversation, "one");
  ahoy_conversation_set_draft (conversation, "wait");
  ahoy_conversation_clear (conversation);
  assert_false (ahoy_conversation_has_messages (conversation));
  assert_int_equal (ahoy_conversation_get_unread (conversation), 0);
  assert_null (ahoy_conversation_get_first_unread (conversation));
  assert_string_equal (ahoy_conversation_get_draft (conversation), "wait");
}

static void
dies_frozen (void **state)
{
  AhoyConversation       *conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage) line = NULL;
  g_autoptr (GString)     seen = g_string_new (NULL);

  ahoy_conversation_note_presence (conversation, "carol", TRUE, 5);
  line = g_list_model_get_item (ahoy_conversation_get_messages (conversation), 0);
  g_signal_connect (line, "notify", G_CALLBACK (on_notify), seen);
  ahoy_conversation_freeze (conversation);
  ahoy_conversation_note_presence (conversation, "dave", TRUE, 5);
  g_assert_finalize_object (conversation);
  assert_string_equal (seen->str, "joined ");
}

/* What is known of a whisper of ours only grows, and what never went or has failed is not told of. */
static void
states_only_rise (void **state)
{
  static const struct {
    AhoyMessageState before, told, after;
    guint64          id, up_to;
    const char      *by;
  } table[] = {
    { AHOY_MESSAGE_SENT, AHOY_MESSAGE_DELIVERED, AHOY_MESSAGE_DELIVERED, 5, 5, "bob" },
    { AHOY_MESSAGE_SENT, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_SEEN, 5, 9, "Bob" },
    { AHOY_MESSAGE_DELIVERED, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_SEEN, 5, 5, "bob" },
    { AHOY_MESSAGE_SEEN, AHOY_MESSAGE_DELIVERED, AHOY_MESSAGE_SEEN, 5, 5, "bob" },
    { AHOY_MESSAGE_DELIVERED, AHOY_MESSAGE_SENT, AHOY_MESSAGE_DELIVERED, 5, 5, "bob" },
    { AHOY_MESSAGE_SENT, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_SENT, 5, 4, "bob" },
    { AHOY_MESSAGE_SENT, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_SENT, 0, 5, "bob" },
    { AHOY_MESSAGE_SENT, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_SENT, 5, 5, "carol" },
    { AHOY_MESSAGE_WAITING, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_WAITING, 5, 5, "bob" },
    { AHOY_MESSAGE_FAILED, AHOY_MESSAGE_SEEN, AHOY_MESSAGE_FAILED, 5, 5, "bob" },
  };
  g_autoptr (AhoyPerson) bob = ahoy_person_new ("bob", "bob");

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_person (bob);
      g_autoptr (AhoyMessage)      message = ahoy_message_new_chat ("alice", ahoy_target_person ("bob"), "psst", 0, 0, AHOY_MESSAGE_OWN);

      ahoy_message_set_id (message, table[i].id);
      ahoy_message_set_state (message, table[i].before);
      ahoy_conversation_append (conversation, message, FALSE);
      ahoy_conversation_raise_states (conversation, table[i].by, table[i].up_to, table[i].told);
      assert_int_equal (ahoy_message_get_state (message), table[i].after);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (is_a_room_s_or_a_person_s),
    cmocka_unit_test (counts_what_nobody_saw),
    cmocka_unit_test (attending_reads_but_keeps_the_line),
    cmocka_unit_test (draft_is_never_null),
    cmocka_unit_test (presence_is_one_line_between_messages),
    cmocka_unit_test (waiting_messages_do_not_split_the_line),
    cmocka_unit_test (frozen_it_is_silent),
    cmocka_unit_test (clearing_keeps_the_draft),
    cmocka_unit_test (states_only_rise),
    cmocka_unit_test (dies_frozen),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
