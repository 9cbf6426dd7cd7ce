/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is asked about before a text is sent, and how often. No display. */

#include "ui/ahoy-intent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-person-private.h"

typedef struct {
  AhoyIntent       *intent;
  AhoyPerson       *bob;
  AhoyConversation *with_bob;
  AhoyConversation *everyone;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->intent = ahoy_intent_new ();
  f->bob = ahoy_person_new ("bob", "bob");
  f->with_bob = ahoy_conversation_new_person (f->bob);
  f->everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  ahoy_person_set_online (f->bob, TRUE);
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_intent_free (f->intent);
  g_assert_finalize_object (f->everyone);
  g_assert_finalize_object (f->with_bob);
  g_assert_finalize_object (f->bob);
  g_free (f);

  return 0;
}

static void
whom_it_was_begun_for_needs_no_question (void **state)
{
  Fixture *f = *state;

  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);
  ahoy_intent_begin (f->intent, f->with_bob);
  assert_ptr_equal (ahoy_intent_get_begun_for (f->intent), f->with_bob);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);
}

static void
somebody_else_is_asked_about_once (void **state)
{
  Fixture *f = *state;

  ahoy_intent_begin (f->intent, f->everyone);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_RECIPIENT);
  ahoy_intent_settle (f->intent, AHOY_SEND_DOUBT_RECIPIENT, f->with_bob, NULL);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);
}

static void
a_text_that_comes_along_keeps_whom_it_was_for (void **state)
{
  Fixture *f = *state;

  ahoy_intent_begin (f->intent, f->everyone);
  ahoy_intent_hold (f->intent, TRUE);
  ahoy_intent_begin (f->intent, NULL);
  ahoy_intent_begin (f->intent, f->with_bob);
  ahoy_intent_hold (f->intent, FALSE);
  assert_ptr_equal (ahoy_intent_get_begun_for (f->intent), f->everyone);
  ahoy_intent_begin (f->intent, NULL);
  assert_null (ahoy_intent_get_begun_for (f->intent));
}

static void
who_left_meanwhile_is_asked_about (void **state)
{
  Fixture *f = *state;

  ahoy_intent_begin (f->intent, f->with_bob);
  ahoy_person_set_online (f->bob, FALSE);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_LEFT);
  ahoy_intent_settle (f->intent, AHOY_SEND_DOUBT_LEFT, f->with_bob, NULL);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);

  /* Who was not there when it was begun has not left. */
  ahoy_intent_begin (f->intent, f->with_bob);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);
}

static void
another_key_is_asked_about_once_for_that_key (void **state)
{
  Fixture *f = *state;

  ahoy_person_set_key (f->bob, "b", "a", 1, FALSE);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_KEY);
  ahoy_intent_settle (f->intent, AHOY_SEND_DOUBT_KEY, f->with_bob, ahoy_intent_key_of (f->bob));
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);

  ahoy_person_set_key (f->bob, "c", "a", 1, FALSE);
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_KEY);

  ahoy_person_set_key (f->bob, NULL, "a", 1, FALSE);
  assert_string_equal (ahoy_intent_key_of (f->bob), "");
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_KEY);
  ahoy_intent_settle (f->intent, AHOY_SEND_DOUBT_KEY, f->with_bob, "");
  assert_int_equal (ahoy_intent_find_doubt (f->intent, f->with_bob), AHOY_SEND_DOUBT_NONE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (whom_it_was_begun_for_needs_no_question, setup, teardown),
    cmocka_unit_test_setup_teardown (somebody_else_is_asked_about_once, setup, teardown),
    cmocka_unit_test_setup_teardown (a_text_that_comes_along_keeps_whom_it_was_for, setup, teardown),
    cmocka_unit_test_setup_teardown (who_left_meanwhile_is_asked_about, setup, teardown),
    cmocka_unit_test_setup_teardown (another_key_is_asked_about_once_for_that_key, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
