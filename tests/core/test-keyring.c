/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Our own identity: opened, carried to another computer, and its four words. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>

#include "core/identity/ahoy-key-words.h"
#include "core/identity/ahoy-keyring-private.h"

typedef struct {
  char *dir;
  char *path; /* nothing there yet */
  char *copy; /* nor there */
} Fixture;

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->dir = g_dir_make_tmp ("ahoy-keyring-XXXXXX", NULL);
  assert_non_null (fixture->dir);
  fixture->path = g_build_filename (fixture->dir, "identity.pem", NULL);
  fixture->copy = g_build_filename (fixture->dir, "copy.pem", NULL);
  *state = fixture;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture    *fixture = *state;
  GDir       *dir = g_dir_open (fixture->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->copy);
  g_free (fixture);
  return 0;
}

static void
count (GObject    *object,
       GParamSpec *spec,
       guint      *n)
{
  (*n)++;
}

static void
test_opened (void **state)
{
  Fixture                *fixture = *state;
  g_autoptr (AhoyKeyring) made = ahoy_keyring_open (fixture->path, "alice", NULL);
  g_autoptr (AhoyKeyring) found = ahoy_keyring_open (fixture->path, "alice", NULL);
  g_autofree char        *key = NULL;

  assert_non_null (made);
  assert_int_equal (strlen (ahoy_keyring_get_key (made)), 52);
  assert_string_equal (ahoy_keyring_get_key (found), ahoy_keyring_get_key (made));
  assert_string_equal (ahoy_identity_get_fingerprint (ahoy_keyring_get_identity (made)), ahoy_keyring_get_key (made));
  g_object_get (made, "key", &key, NULL);
  assert_string_equal (key, ahoy_keyring_get_key (made));
}

/* One person with two computers. */
static void
test_carried_over (void **state)
{
  Fixture                *fixture = *state;
  g_autofree char        *other_path = g_build_filename (fixture->dir, "other.pem", NULL);
  g_autoptr (AhoyKeyring) one = ahoy_keyring_open (fixture->path, "alice", NULL);
  g_autoptr (AhoyKeyring) other = ahoy_keyring_open (other_path, "alice", NULL);
  g_autoptr (AhoyKeyring) reopened = NULL;
  g_autoptr (GError)      error = NULL;
  guint                   n_notified = 0;

  g_signal_connect (other, "notify::key", G_CALLBACK (count), &n_notified);
  assert_true (ahoy_keyring_export (one, fixture->copy, "correct horse", &error));
  assert_null (error);

  assert_false (ahoy_keyring_import (other, fixture->copy, "wrong horse", &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED));
  assert_string_not_equal (ahoy_keyring_get_key (other), ahoy_keyring_get_key (one));
  assert_int_equal (n_notified, 0);
  g_clear_error (&error);

  assert_true (ahoy_keyring_import (other, fixture->copy, "correct horse", &error));
  assert_null (error);
  assert_string_equal (ahoy_keyring_get_key (other), ahoy_keyring_get_key (one));
  assert_int_equal (n_notified, 1);

  reopened = ahoy_keyring_open (other_path, "alice", NULL);
  assert_string_equal (ahoy_keyring_get_key (reopened), ahoy_keyring_get_key (one));
}

static void
test_lost_and_restored (void **state)
{
  Fixture                *fixture = *state;
  g_autoptr (AhoyKeyring) mine = ahoy_keyring_open (fixture->path, "alice", NULL);
  g_autoptr (AhoyKeyring) restored = NULL;
  g_autoptr (GError)      error = NULL;

  assert_true (ahoy_keyring_export (mine, fixture->copy, "x", NULL));
  assert_int_equal (g_remove (fixture->path), 0);
  assert_null (ahoy_keyring_open (fixture->path, "alice", &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  assert_non_null (strstr (error->message, fixture->path));
  assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));

  restored = ahoy_keyring_restore (fixture->path, fixture->copy, "x", NULL);
  assert_non_null (restored);
  assert_string_equal (ahoy_keyring_get_key (restored), ahoy_keyring_get_key (mine));
  g_clear_object (&restored);
  restored = ahoy_keyring_open (fixture->path, "alice", NULL);
  assert_string_equal (ahoy_keyring_get_key (restored), ahoy_keyring_get_key (mine));
}

/* PROTOCOL.md's own example. */
static void
test_words (void **state)
{
  g_autofree char *of_key = ahoy_key_words ("c2alzjlkmo6rmx4vb57z6be6sxxkh62pkufhsrtw7c2bf43cmbta");
  g_autofree char *of_id = ahoy_key_words ("c2alzjlkmo6rmx4vb57z6be6sx");

  assert_string_equal (of_key, "aviary little herd upside");
  assert_string_equal (of_id, of_key);
  assert_null (ahoy_key_words ("hall"));
  assert_null (ahoy_key_words (NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_opened, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_carried_over, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_lost_and_restored, set_up, tear_down),
    cmocka_unit_test (test_words),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
