/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One event of the server's log: a copy has all of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive/ahoy-stored-message.h"

static void
test_a_copy_is_its_own (void **state)
{
  char                          name[] = "Bob", peer[] = "bob", text[] = "psst";
  g_autoptr (AhoyStoredMessage) copy = NULL;

  copy = ahoy_stored_message_new (
    &(AhoyStoredMessage){ .id = 7, .time = 5, .from = (char *) "alice", .target = ahoy_target_person (name), .peer = peer, .cid = (char *) "c", .re = 3, .text = text });
  *name = *peer = *text = 'x';
  assert_int_equal (copy->kind, AHOY_EVENT_SAID);
  assert_int_equal (copy->id, 7);
  assert_int_equal (copy->re, 3);
  assert_string_equal (copy->target.person, "Bob");
  assert_string_equal (copy->cid, "c");
  assert_string_equal (copy->text, "psst");
  assert_string_equal (copy->peer, "bob");
}

/* It stands at its id, where nothing else is said. */
static void
test_its_place (void **state)
{
  AhoyStoredMessage             fields = { .id = 7, .from = (char *) "bob", .text = (char *) "hi", .target = { .room = 3 } };
  g_autoptr (AhoyStoredMessage) usual = ahoy_stored_message_new (&fields);
  g_autoptr (AhoyStoredMessage) lost = NULL;

  fields.place = (AhoyPlace){ 5, (char *) "000000010000000000000007" };
  lost = ahoy_stored_message_new (&fields);
  assert_int_equal (usual->place.id, 7);
  assert_null (usual->place.path);
  assert_int_equal (lost->place.id, 5);
  assert_string_equal (lost->place.path, "000000010000000000000007");
  assert_true (ahoy_target_equal (usual->target, ahoy_target_room (3)));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_copy_is_its_own),
    cmocka_unit_test (test_its_place),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
