/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "fixture.h"

#include <string.h>

#include <glib/gstdio.h>

#include "core/chat/ahoy-check.h"

static void
a_profile_keeps_everything_in_its_folder (void **state)
{
  char                    *folder;
  AhoySettings            *settings = fixture_make_settings (&folder);
  g_autofree char         *file = g_build_filename (folder, "settings.ini", NULL);
  g_autofree char         *dir = ahoy_memory_dup_server_dir (AHOY_MEMORY (settings));
  g_autofree char         *host = NULL;
  g_autofree char         *id = NULL;
  g_autofree char         *name = NULL;
  g_autoptr (AhoySettings) again = NULL;
  guint16                  port;

  assert_true (g_str_has_prefix (dir, folder));
  assert_false (ahoy_memory_get_last_server (AHOY_MEMORY (settings), &host, &port, &id));
  ahoy_memory_set_name (AHOY_MEMORY (settings), "alice");
  ahoy_memory_set_last_server (AHOY_MEMORY (settings), "192.168.1.7", 4711, "abc");
  g_settings_sync ();
  assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));

  again = ahoy_settings_new (folder, NULL);
  name = ahoy_memory_dup_name (AHOY_MEMORY (again));
  assert_string_equal (name, "alice");
  assert_true (ahoy_memory_get_last_server (AHOY_MEMORY (again), &host, &port, &id));
  assert_string_equal (host, "192.168.1.7");
  assert_int_equal (port, 4711);
  assert_string_equal (id, "abc");

  fixture_drop_settings (settings, folder);
}

static void
a_server_without_id_has_none (void **state)
{
  char            *folder;
  AhoySettings    *settings = fixture_make_settings (&folder);
  g_autofree char *host = NULL;
  g_autofree char *id = NULL;
  guint16          port;

  ahoy_memory_set_last_server (AHOY_MEMORY (settings), "server", 24690, NULL);
  assert_true (ahoy_memory_get_last_server (AHOY_MEMORY (settings), &host, &port, &id));
  assert_null (id);

  fixture_drop_settings (settings, folder);
}

static void
a_name_that_is_not_allowed_is_not_proposed (void **state)
{
  char            *folder;
  AhoySettings    *settings = fixture_make_settings (&folder);
  g_autofree char *name = NULL;

  ahoy_memory_set_name (AHOY_MEMORY (settings), "*");
  name = ahoy_memory_dup_name (AHOY_MEMORY (settings));
  assert_string_not_equal (name, "*");
  assert_true (*name == '\0' || ahoy_check_name (name) == AHOY_NAME_PROBLEM_NONE);

  fixture_drop_settings (settings, folder);
}

static void
a_folder_that_cannot_be_made_is_an_error (void **state)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoySettings) settings = ahoy_settings_new ("/proc/no/such/folder", &error);

  assert_null (settings);
  assert_non_null (error);
  assert_non_null (strstr (error->message, "/proc/no/such/folder"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_profile_keeps_everything_in_its_folder),
    cmocka_unit_test (a_server_without_id_has_none),
    cmocka_unit_test (a_name_that_is_not_allowed_is_not_proposed),
    cmocka_unit_test (a_folder_that_cannot_be_made_is_an_error),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
