/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-person-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    data)
{
  g_string_append_printf (data, "%s ", pspec->name);
}

static void
starts_offline (void **state)
{
  g_autoptr (AhoyPerson) person = ahoy_person_new ("Alice", "alice");
  gboolean               is_self = TRUE;

  g_object_get (person, "self", &is_self, NULL);
  assert_string_equal (ahoy_person_get_name (person), "Alice");
  assert_string_equal (ahoy_person_get_skeleton (person), "alice");
  assert_false (ahoy_person_get_online (person));
  assert_false (is_self);
  assert_null (ahoy_person_get_away (person));
}

static void
notifies_what_changed_and_nothing_else (void **state)
{
  g_autoptr (AhoyPerson) person = ahoy_person_new ("Alice", "alice");
  g_autoptr (GString)    seen = g_string_new (NULL);

  g_signal_connect (person, "notify", G_CALLBACK (on_notify), seen);
  ahoy_person_set_online (person, TRUE);
  ahoy_person_set_online (person, TRUE);
  ahoy_person_set_name (person, "ALICE");
  ahoy_person_set_name (person, "ALICE");
  ahoy_person_set_away (person, "lunch");
  ahoy_person_set_away (person, "lunch");
  ahoy_person_set_self (person, TRUE);
  ahoy_person_set_self (person, TRUE);
  assert_string_equal (seen->str, "online name away self ");
}

static void
properties_read (void **state)
{
  g_autoptr (AhoyPerson) person = ahoy_person_new ("Alice", "alice");
  g_autofree char       *name = NULL;
  g_autofree char       *away = NULL;
  gboolean               online, is_self;
  guint                  tint;

  ahoy_person_set_online (person, TRUE);
  ahoy_person_set_away (person, "lunch");
  g_object_get (person, "name", &name, "away", &away, "online", &online, "self", &is_self, "tint", &tint, NULL);
  assert_string_equal (name, "Alice");
  assert_string_equal (away, "lunch");
  assert_true (online);
  assert_false (is_self);
  assert_int_equal (tint, ahoy_tint_of ("alice"));
}

static void
tint_is_of_the_skeleton_and_steady (void **state)
{
  g_autoptr (AhoyPerson) a = ahoy_person_new ("Alice", "alice");
  g_autoptr (AhoyPerson) b = ahoy_person_new ("ALICE", "alice");
  g_autoptr (AhoyPerson) c = ahoy_person_new ("Bob", "bob");

  assert_int_equal (ahoy_person_get_tint (a), ahoy_person_get_tint (b));
  assert_int_not_equal (ahoy_person_get_tint (a), ahoy_person_get_tint (c));
  assert_int_equal (ahoy_tint_of (""), 2166136261u); /* FNV-1a's published values */
  assert_int_equal (ahoy_tint_of ("a"), 0xe40c292cu);
}

static void
a_key_is_known_until_another_comes (void **state)
{
  g_autoptr (AhoyPerson) person = ahoy_person_new ("Alice", "alice");
  g_autoptr (GString)    notified = g_string_new (NULL);
  g_autofree char       *key = NULL;
  g_autofree char       *known = NULL;
  gint64                 since;
  gboolean               changed, verified;

  assert_null (ahoy_person_get_key (person));
  assert_false (ahoy_person_get_changed (person));
  ahoy_person_set_key (person, "k1", "k1", 7, TRUE);
  assert_string_equal (ahoy_person_get_key (person), "k1");
  assert_int_equal (ahoy_person_get_known_since (person), 7);
  assert_true (ahoy_person_get_verified (person));
  assert_false (ahoy_person_get_changed (person));
  assert_int_equal (ahoy_person_get_tint (person), ahoy_tint_of ("k1"));

  g_signal_connect (person, "notify", G_CALLBACK (on_notify), notified);
  ahoy_person_set_key (person, "k1", "k1", 7, TRUE);
  assert_string_equal (notified->str, "");
  ahoy_person_set_key (person, "k2", "k1", 7, FALSE);
  assert_true (ahoy_person_get_changed (person));
  assert_non_null (strstr (notified->str, "changed "));
  assert_non_null (strstr (notified->str, "verified "));
  assert_non_null (strstr (notified->str, "tint "));
  assert_null (strstr (notified->str, "known"));
  g_object_get (person, "key", &key, "known-key", &known, "known-since", &since, "changed", &changed, "verified", &verified, NULL);
  assert_string_equal (key, "k2");
  assert_string_equal (known, "k1");
  assert_int_equal (since, 7);
  assert_true (changed);
  assert_false (verified);

  ahoy_person_set_key (person, NULL, "k1", 7, FALSE);
  assert_true (ahoy_person_get_changed (person));
  assert_int_equal (ahoy_person_get_tint (person), ahoy_tint_of ("alice"));
  ahoy_person_set_key (person, NULL, NULL, 0, FALSE);
  assert_false (ahoy_person_get_changed (person));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (starts_offline),
    cmocka_unit_test (notifies_what_changed_and_nothing_else),
    cmocka_unit_test (properties_read),
    cmocka_unit_test (tint_is_of_the_skeleton_and_steady),
    cmocka_unit_test (a_key_is_known_until_another_comes),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
