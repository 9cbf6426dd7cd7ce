/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What was left behind on servers that we are not on just now. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive/ahoy-aside.h"
#include "core/chat/ahoy-message-private.h"

/* Leaves messages, and drafts as "target=text" with * for everyone, on server-a. */
static void
leave (AhoyAside  *aside,
       const char *who,
       const char *messages,
       const char *drafts)
{
  AhoyAsideLeft *left = ahoy_aside_left_new ();
  g_auto (GStrv) said = g_strsplit (messages, " ", -1);
  g_auto (GStrv) typed = g_strsplit (drafts, " ", -1);

  for (guint i = 0; said[i] != NULL && *said[i] != '\0'; i++)
    g_ptr_array_add (left->waiting, ahoy_message_new_chat (who, ahoy_target_room (AHOY_ROOM_EVERYONE), said[i], 1, 0, AHOY_MESSAGE_OWN));
  for (guint i = 0; typed[i] != NULL && *typed[i] != '\0'; i++)
    {
      g_auto (GStrv) parts = g_strsplit (typed[i], "=", 2);

      ahoy_aside_left_add_draft (left, *parts[0] == '*' ? ahoy_target_room (AHOY_ROOM_EVERYONE) : ahoy_target_person (parts[0]), parts[1]);
    }
  ahoy_aside_leave (aside, "server-a", who, left);
}

static char *
tell (AhoyAsideLeft *left)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; left != NULL && i < left->waiting->len; i++)
    g_string_append_printf (all, "%s ", ahoy_message_get_text (left->waiting->pdata[i]));
  for (guint i = 0; left != NULL && i < left->drafts->len; i++)
    {
      const AhoyAsideDraft *draft = left->drafts->pdata[i];

      g_string_append_printf (all, "%s=%s ", ahoy_target_is_everyone (draft->target) ? "*" : draft->target.person, draft->text);
    }
  return g_string_free (all, FALSE);
}

static void
take (AhoyAside  *aside,
      const char *server,
      const char *who,
      const char *expected)
{
  g_autoptr (AhoyAsideLeft) left = ahoy_aside_take (aside, server, who);
  g_autofree char          *told = tell (left);

  assert_string_equal (told, expected);
  assert_int_equal (left != NULL, *expected != '\0');
}

static void
test_it_goes_to_nobody_else (void **state)
{
  g_autoptr (AhoyAside) aside = ahoy_aside_new ();

  leave (aside, "alice", "one two", "*=hello bob=psst");
  assert_int_equal (ahoy_aside_get_n (aside, "server-a", "alice"), 2);
  assert_int_equal (ahoy_aside_get_n (aside, "server-b", "alice"), 0);
  take (aside, "server-b", "alice", "");
  take (aside, "server-a", "carol", "");
  take (aside, "server-a", "alice", "one two *=hello bob=psst ");
  take (aside, "server-a", "alice", "");
  assert_int_equal (ahoy_aside_get_n (aside, "server-a", "alice"), 0);
}

/* What was said first is first; what was typed last is the draft. */
static void
test_twice (void **state)
{
  g_autoptr (AhoyAside) aside = ahoy_aside_new ();

  leave (aside, "alice", "one", "*=old bob=old");
  leave (aside, "alice", "two", "*=new carol=new");
  take (aside, "server-a", "alice", "one two *=new carol=new bob=old ");
}

static void
test_nothing_is_nothing (void **state)
{
  g_autoptr (AhoyAside) aside = ahoy_aside_new ();

  leave (aside, "alice", "", "");
  take (aside, "server-a", "alice", "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_it_goes_to_nobody_else),
    cmocka_unit_test (test_twice),
    cmocka_unit_test (test_nothing_is_nothing),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
