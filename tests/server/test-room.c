/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-room: memberships, and that they end with the room as with the person. */

#include "state/ahoyd-room.h"

#include <string.h>

#include "server/cmocka-all.h"
#include "state/ahoyd-person-private.h"

typedef struct {
  AhoydRoom   *rooms[2];
  AhoydPerson *people[3];
} Fixture;

static int
setup (void **state)
{
  static const char *const names[] = { "a", "b", "c" };
  Fixture                 *f = g_new0 (Fixture, 1);

  for (guint i = 0; i < G_N_ELEMENTS (f->rooms); i++)
    f->rooms[i] = ahoyd_room_new (i + 7);
  for (guint i = 0; i < G_N_ELEMENTS (f->people); i++)
    f->people[i] = ahoyd_person_new (&(const AhoydWho){ .name = names[i], .skeleton = names[i] }, 1);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < G_N_ELEMENTS (f->rooms); i++)
    g_clear_pointer (&f->rooms[i], ahoyd_room_free);
  for (guint i = 0; i < G_N_ELEMENTS (f->people); i++)
    g_clear_pointer (&f->people[i], ahoyd_person_free);
  g_free (f);
  return 0;
}

/* Returns: (transfer full): the names of the members, in order. */
static char *
names_in (AhoydRoom *room)
{
  GString *names = g_string_new (NULL);

  for (GList *node = ahoyd_room_get_members (room)->head; node != NULL; node = node->next)
    {
      AhoydMembership *membership = node->data;

      assert_ptr_equal (membership->room, room);
      g_string_append (names, ahoyd_person_get_name (membership->person));
    }
  return g_string_free (names, FALSE);
}

static void
check_names (AhoydRoom  *room,
             const char *expected)
{
  g_autofree char *names = names_in (room);

  assert_string_equal (names, expected);
  assert_int_equal (ahoyd_room_get_members (room)->length, strlen (expected));
}

static guint
n_rooms_of (AhoydPerson *person)
{
  return ahoyd_person_get_memberships (person)->length;
}

static void
test_members (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoyd_room_get_number (f->rooms[1]), 8);
  check_names (f->rooms[0], "");
  ahoyd_room_add (f->rooms[0], f->people[2]);
  ahoyd_room_add (f->rooms[0], f->people[0]);
  ahoyd_room_add (f->rooms[0], f->people[2]); /* is one */
  ahoyd_room_add (f->rooms[1], f->people[2]);
  check_names (f->rooms[0], "ca");
  check_names (f->rooms[1], "c");
  assert_true (ahoyd_room_has (f->rooms[0], f->people[0]));
  assert_false (ahoyd_room_has (f->rooms[1], f->people[0]));
  assert_false (ahoyd_room_has (f->rooms[0], f->people[1]));
  assert_int_equal (n_rooms_of (f->people[2]), 2);

  ahoyd_room_remove (f->rooms[0], f->people[1]); /* is none */
  ahoyd_room_remove (f->rooms[0], f->people[2]);
  check_names (f->rooms[0], "a");
  check_names (f->rooms[1], "c");
  assert_int_equal (n_rooms_of (f->people[2]), 1);
}

static void
test_a_person_dies (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 3; i++)
    ahoyd_room_add (f->rooms[0], f->people[i]);
  ahoyd_room_add (f->rooms[1], f->people[1]);
  g_clear_pointer (&f->people[1], ahoyd_person_free);
  check_names (f->rooms[0], "ac");
  check_names (f->rooms[1], "");
}

static void
test_a_room_dies (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 3; i++)
    ahoyd_room_add (f->rooms[0], f->people[i]);
  ahoyd_room_add (f->rooms[1], f->people[1]);
  g_clear_pointer (&f->rooms[0], ahoyd_room_free);
  assert_int_equal (n_rooms_of (f->people[0]), 0);
  assert_int_equal (n_rooms_of (f->people[1]), 1);
  check_names (f->rooms[1], "b");
}

static void
test_out_of_all (void **state)
{
  Fixture *f = *state;

  ahoyd_room_add (f->rooms[0], f->people[0]);
  ahoyd_room_add (f->rooms[1], f->people[0]);
  ahoyd_room_add (f->rooms[1], f->people[1]);
  ahoyd_room_remove_from_all (f->people[0]);
  ahoyd_room_remove_from_all (f->people[0]);
  check_names (f->rooms[0], "");
  check_names (f->rooms[1], "b");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_members, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_person_dies, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_room_dies, setup, teardown),
    cmocka_unit_test_setup_teardown (test_out_of_all, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
