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
  g_autoptr (AhoyConversation) everyone = ahoy_conversation_new (NULL);

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
  g_autoptr (AhoyConversation) with_bob = ahoy_conversation_new (bob);

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
  g_autoptr (AhoyConversation) with_bob = ahoy_conversation_new (bob);

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
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
