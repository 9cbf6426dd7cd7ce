/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
  AhoyRoster *roster;
  GPtrArray  *made; /* AhoyConversation, not held */
  GString    *seen; /* what changed while the roster was away */
} Fixture;

static void
on_made (AhoyConversation *conversation,
         gpointer          data)
{
  g_ptr_array_add (((Fixture *) data)->made, conversation);
}

static void
on_nothing (AhoyConversation *conversation,
            gpointer          data)
{
}

static const AhoyConversationEvents events = { .made = on_made, .attended = on_nothing, .load_older = on_nothing };

static void
on_difference (AhoyPerson *person,
               gboolean    joined,
               gpointer    data)
{
  g_string_append_printf (((Fixture *) data)->seen, "%c%s ", joined ? '+' : '-', ahoy_person_get_name (person));
}

static void
log_in (Fixture    *f,
        const char *name)
{
  ahoy_roster_set_self (f->roster, "alice");
  ahoy_roster_begin (f->roster);
  ahoy_roster_list (f->roster, "alice", TRUE);
  ahoy_roster_list (f->roster, name, TRUE);
  ahoy_roster_commit (f->roster, on_difference, f);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->made = g_ptr_array_new ();
  f->seen = g_string_new (NULL);
  f->roster = ahoy_roster_new (&events, f);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_roster_free (f->roster);
  g_ptr_array_unref (f->made);
  g_string_free (f->seen, TRUE);
  g_free (f);
  return 0;
}

static void
assert_listed (Fixture          *f,
               guint             position,
               AhoyConversation *conversation)
{
  g_autoptr (AhoyConversation) there = g_list_model_get_item (ahoy_roster_get_conversations (f->roster), position);

  assert_ptr_equal (there, conversation);
}

static guint
n_listed (Fixture *f)
{
  return g_list_model_get_n_items (ahoy_roster_get_conversations (f->roster));
}

static void
rooms_stand_above_people (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *workshop;

  log_in (f, "bob");
  workshop = ahoy_roster_add_room (f->roster, 7);
  ahoy_roster_join (f->roster, "carol");

  assert_int_equal (n_listed (f), 4);
  assert_listed (f, 0, ahoy_roster_get_everyone (f->roster));
  assert_listed (f, 1, workshop);
  assert_listed (f, 2, ahoy_roster_find_conversation (f->roster, ahoy_roster_find (f->roster, "bob")));
  assert_listed (f, 3, ahoy_roster_find_conversation (f->roster, ahoy_roster_find (f->roster, "carol")));
}

static void
a_room_is_found_by_its_number (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *workshop = ahoy_roster_add_room (f->roster, 7);

  assert_ptr_equal (ahoy_roster_find_room (f->roster, AHOY_ROOM_EVERYONE), ahoy_roster_get_everyone (f->roster));
  assert_ptr_equal (ahoy_roster_find_room (f->roster, 7), workshop);
  assert_ptr_equal (ahoy_roster_add_room (f->roster, 7), workshop);
  assert_null (ahoy_roster_find_room (f->roster, 8));
  assert_int_equal (n_listed (f), 2);
  assert_int_equal (f->made->len, 1);
  assert_ptr_equal (f->made->pdata[0], workshop);
}

static void
another_server_has_no_room_but_everyone_s (void **state)
{
  Fixture *f = *state;

  log_in (f, "bob");
  ahoy_roster_add_room (f->roster, 7);
  ahoy_conversation_set_draft (ahoy_roster_get_everyone (f->roster), "hi");
  ahoy_roster_reset (f->roster);

  assert_int_equal (n_listed (f), 1);
  assert_listed (f, 0, ahoy_roster_get_everyone (f->roster));
  assert_int_equal (ahoy_roster_get_n_online (f->roster), 0);
  assert_null (ahoy_roster_find_room (f->roster, 7));
  assert_string_equal (ahoy_conversation_get_draft (ahoy_roster_get_everyone (f->roster)), "");
  log_in (f, "carol");
  assert_int_equal (n_listed (f), 2);
  assert_int_equal (ahoy_roster_get_n_online (f->roster), 2);
}

static void
rooms_stay_when_nobody_is_known (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *workshop = ahoy_roster_add_room (f->roster, 7);

  log_in (f, "bob");
  ahoy_roster_lose (f->roster);
  log_in (f, "carol");

  assert_string_equal (f->seen->str, "-bob +carol ");
  assert_int_equal (n_listed (f), 3); /* nothing was said with bob */
  assert_listed (f, 1, workshop);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (rooms_stand_above_people, setup, teardown),
    cmocka_unit_test_setup_teardown (a_room_is_found_by_its_number, setup, teardown),
    cmocka_unit_test_setup_teardown (another_server_has_no_room_but_everyone_s, setup, teardown),
    cmocka_unit_test_setup_teardown (rooms_stay_when_nobody_is_known, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
