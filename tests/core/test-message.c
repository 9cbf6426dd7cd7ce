/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-message-private.h"

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

static char *
presence_text (AhoyMessage *message)
{
  g_autofree char *joined = g_strjoinv (",", (char **) ahoy_message_get_joined (message));
  g_autofree char *left = g_strjoinv (",", (char **) ahoy_message_get_left (message));

  return g_strdup_printf ("+%s -%s", joined, left);
}

static void
chat_says_what_it_was_made_of (void **state)
{
  g_autoptr (AhoyMessage) own = ahoy_message_new_chat ("alice", ahoy_target_person ("bob"), "hi", 12, 34, AHOY_MESSAGE_OWN);
  g_autoptr (AhoyMessage) theirs = ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "alice!", 13, 35, AHOY_MESSAGE_MENTION);

  assert_int_equal (ahoy_message_get_kind (own), AHOY_MESSAGE_CHAT);
  assert_int_equal (ahoy_message_get_state (own), AHOY_MESSAGE_WAITING);
  assert_string_equal (ahoy_message_get_from (own), "alice");
  assert_string_equal (ahoy_message_get_to (own), "bob");
  assert_string_equal (ahoy_message_get_text (own), "hi");
  assert_int_equal (ahoy_message_get_time (own), 12);
  assert_int_equal (ahoy_message_get_tint (own), 34);
  assert_true (ahoy_message_is_own (own));
  assert_true (ahoy_message_is_private (own));
  assert_false (ahoy_message_is_mention (own));
  assert_null (ahoy_message_get_joined (own));
  assert_null (ahoy_message_get_left (own));

  assert_int_equal (ahoy_message_get_state (theirs), AHOY_MESSAGE_RECEIVED);
  assert_null (ahoy_message_get_to (theirs));
  assert_false (ahoy_message_is_own (theirs));
  assert_true (ahoy_message_is_mention (theirs));
}

static void
notice_and_plain_are_from_nobody (void **state)
{
  g_autoptr (AhoyMessage) notice = ahoy_message_new_notice ("going down", 1);
  g_autoptr (AhoyMessage) plain = ahoy_message_new_plain ("<?> hi", 2);

  assert_int_equal (ahoy_message_get_kind (notice), AHOY_MESSAGE_NOTICE);
  assert_int_equal (ahoy_message_get_kind (plain), AHOY_MESSAGE_PLAIN);
  assert_null (ahoy_message_get_from (notice));
  assert_null (ahoy_message_get_from (plain));
  assert_string_equal (ahoy_message_get_text (plain), "<?> hi");
}

static void
target_is_a_copy (void **state)
{
  char                    name[] = "bob";
  g_autoptr (AhoyMessage) whisper = ahoy_message_new_chat ("alice", ahoy_target_person (name), "hi", 12, 34, 0);
  g_autoptr (AhoyMessage) said = ahoy_message_new_chat ("alice", ahoy_target_room (7), "hi", 12, 34, 0);

  name[0] = 'r';
  assert_true (ahoy_target_equal (ahoy_message_get_target (whisper), ahoy_target_person ("bob")));
  assert_true (ahoy_target_equal (ahoy_message_get_target (said), ahoy_target_room (7)));
  assert_false (ahoy_message_is_private (said));
  assert_null (ahoy_message_get_to (said));
}

static void
properties_read (void **state)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("alice", ahoy_target_person ("bob"), "hi", 12, 34, 0);
  g_autofree char        *from = NULL;
  g_autofree char        *to = NULL;
  g_autofree char        *text = NULL;
  gboolean                is_private, own, mention;
  gint64                  time;
  guint                   tint;
  int                     kind, st;

  g_object_get (message, "from", &from, "to", &to, "text", &text, "private", &is_private, "own", &own, "mention", &mention,
                "time", &time, "tint", &tint, "kind", &kind, "state", &st, NULL);
  assert_string_equal (from, "alice");
  assert_string_equal (to, "bob");
  assert_string_equal (text, "hi");
  assert_true (is_private);
  assert_false (own);
  assert_false (mention);
  assert_int_equal (time, 12);
  assert_int_equal (tint, 34);
  assert_int_equal (kind, AHOY_MESSAGE_CHAT);
  assert_int_equal (st, AHOY_MESSAGE_RECEIVED);
}

static void
state_and_time_notify_when_they_change (void **state)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), "hi", 12, 34, AHOY_MESSAGE_OWN);
  g_autoptr (GString)     seen = g_string_new (NULL);

  g_signal_connect (message, "notify", G_CALLBACK (on_notify), seen);
  ahoy_message_set_state (message, AHOY_MESSAGE_SENT);
  ahoy_message_set_state (message, AHOY_MESSAGE_SENT);
  ahoy_message_set_time (message, 13);
  ahoy_message_set_time (message, 13);
  assert_string_equal (seen->str, "state time ");
  assert_int_equal (ahoy_message_get_state (message), AHOY_MESSAGE_SENT);
  assert_int_equal (ahoy_message_get_time (message), 13);
}

static void
presence_condenses (void **state)
{
  g_autoptr (AhoyMessage) line = ahoy_message_new_presence (1);
  g_autoptr (GString)     seen = g_string_new (NULL);
  g_autofree char        *text = NULL;
  g_autofree char        *later = NULL;
  g_auto (GStrv)          joined = NULL;

  g_signal_connect (line, "notify", G_CALLBACK (on_notify), seen);
  assert_true (ahoy_message_note_presence (line, "alice", TRUE));
  assert_true (ahoy_message_note_presence (line, "bob", TRUE));
  assert_true (ahoy_message_note_presence (line, "bob", TRUE));
  assert_true (ahoy_message_note_presence (line, "carol", FALSE));
  text = presence_text (line);
  assert_string_equal (text, "+alice,bob -carol");
  assert_string_equal (seen->str, "joined joined left ");

  g_object_get (line, "joined", &joined, NULL);
  assert_int_equal (g_strv_length (joined), 2);

  assert_true (ahoy_message_note_presence (line, "alice", FALSE)); /* came and went */
  assert_true (ahoy_message_note_presence (line, "carol", TRUE));  /* went and came back */
  later = presence_text (line);
  assert_string_equal (later, "+bob -");
  assert_false (ahoy_message_note_presence (line, "bob", FALSE)); /* nothing happened after all */
  assert_null (ahoy_message_get_joined (line)[0]);
  assert_null (ahoy_message_get_left (line)[0]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (chat_says_what_it_was_made_of),
    cmocka_unit_test (notice_and_plain_are_from_nobody),
    cmocka_unit_test (target_is_a_copy),
    cmocka_unit_test (properties_read),
    cmocka_unit_test (state_and_time_notify_when_they_change),
    cmocka_unit_test (presence_condenses),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
