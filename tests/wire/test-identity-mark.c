/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The mark beside the key: whoever was somebody does not become somebody else unasked. And the files themselves. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity-fixture.h"
#include "wire/ahoy-identity.h"
#include "wire/ahoy-secret-file.h"

static AhoyIdentity *
load (IdentityFixture *fixture,
      GError         **error)
{
  return ahoy_identity_load_or_create (fixture->path, "alice", error);
}

/* Not even tried: nothing new in the folder, and the mark as it was. */
static void
assert_refused (IdentityFixture *fixture,
                GIOErrorEnum     code)
{
  g_autofree char   *mark = identity_contents (fixture, "identity.id");
  guint              n_files = identity_n_files (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char   *mark_after = NULL;

  assert_null (load (fixture, &error));
  if (!g_error_matches (error, G_IO_ERROR, (int) code))
    fail_msg ("not %d but: %s", code, error->message);
  assert_non_null (strstr (error->message, fixture->path));
  mark_after = identity_contents (fixture, "identity.id");
  assert_string_equal (mark_after, mark);
  assert_int_equal (identity_n_files (fixture), n_files);
}

static void
assert_mark (IdentityFixture *fixture,
             AhoyIdentity    *identity)
{
  g_autofree char *mark = identity_contents (fixture, "identity.id");
  g_autofree char *expected = g_strconcat (ahoy_identity_get_fingerprint (identity), "\n", NULL);

  assert_string_equal (mark, expected);
}

static void
test_gone (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);
  g_autoptr (AhoyIdentity) second = NULL;

  assert_mark (fixture, first);
  assert_int_equal (g_remove (fixture->path), 0);
  assert_refused (fixture, G_IO_ERROR_NOT_FOUND);

  /* As the error says. */
  assert_int_equal (g_remove (fixture->mark), 0);
  second = load (fixture, NULL);
  assert_non_null (second);
  assert_string_not_equal (ahoy_identity_get_fingerprint (second), ahoy_identity_get_fingerprint (first));
  assert_mark (fixture, second);
}

static void
test_put_back (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);
  g_autoptr (AhoyIdentity) again = NULL;

  assert_int_equal (g_remove (fixture->path), 0);
  assert_refused (fixture, G_IO_ERROR_NOT_FOUND);
  identity_write (fixture, "identity.pem", ahoy_identity_get_pem (first));
  again = load (fixture, NULL);
  assert_string_equal (ahoy_identity_get_fingerprint (again), ahoy_identity_get_fingerprint (first));
}

static void
test_empty (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);

  identity_write (fixture, "identity.pem", "");
  assert_refused (fixture, G_IO_ERROR_INVALID_DATA);
}

static void
test_somebody_else (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *other_path = identity_path (fixture, "other.pem");
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);
  g_autoptr (AhoyIdentity) other = ahoy_identity_load_or_create (other_path, "bob", NULL);
  g_autoptr (AhoyIdentity) accepted = NULL;

  identity_write (fixture, "identity.pem", ahoy_identity_get_pem (other));
  assert_refused (fixture, G_IO_ERROR_WRONG_ETAG);

  assert_int_equal (g_remove (fixture->mark), 0);
  accepted = load (fixture, NULL);
  assert_string_equal (ahoy_identity_get_fingerprint (accepted), ahoy_identity_get_fingerprint (other));
  assert_mark (fixture, accepted);
}

static void
test_locked_by_somebody (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);

  identity_run (fixture, "openssl pkcs8 -topk8 -in identity.pem -passout pass:p -out locked && mv locked identity.pem");
  assert_refused (fixture, G_IO_ERROR_PERMISSION_DENIED);
}

/* Made by an older version. */
static void
test_key_without_mark (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);
  g_autoptr (AhoyIdentity) again = NULL;

  assert_int_equal (g_remove (fixture->mark), 0);
  again = load (fixture, NULL);
  assert_string_equal (ahoy_identity_get_fingerprint (again), ahoy_identity_get_fingerprint (first));
  assert_mark (fixture, again);
}

/* A mark that says nothing says nothing against the key; but it says that there was one. */
static void
test_mark_that_says_nothing (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);
  g_autoptr (AhoyIdentity) again = NULL;

  identity_write (fixture, "identity.id", "");
  again = load (fixture, NULL);
  assert_non_null (again);
  assert_mark (fixture, first);

  identity_write (fixture, "identity.id", "");
  assert_int_equal (g_remove (fixture->path), 0);
  assert_refused (fixture, G_IO_ERROR_NOT_FOUND);
}

/* Stopped while one replaced the other. */
static void
test_mark_of_two (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *other_path = identity_path (fixture, "other.pem");
  g_autoptr (AhoyIdentity) first = load (fixture, NULL);
  g_autoptr (AhoyIdentity) other = ahoy_identity_load_or_create (other_path, "bob", NULL);
  g_autofree char         *both = g_strconcat (ahoy_identity_get_fingerprint (first), "\n", ahoy_identity_get_fingerprint (other), "\n", NULL);
  AhoyIdentity *const      either[] = { first, other };

  for (gsize i = 0; i < G_N_ELEMENTS (either); i++)
    {
      g_autoptr (AhoyIdentity) found = NULL;

      identity_write (fixture, "identity.id", both);
      identity_write (fixture, "identity.pem", ahoy_identity_get_pem (either[i]));
      found = load (fixture, NULL);
      assert_string_equal (ahoy_identity_get_fingerprint (found), ahoy_identity_get_fingerprint (either[i]));
      assert_mark (fixture, either[i]);
    }
}

static void
test_any_file_name (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *path = identity_path (fixture, "key");
  g_autofree char         *mark = identity_path (fixture, "key.id");
  g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, "x", NULL);

  assert_non_null (identity);
  assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));
}

/* Whatever a program before us thought of permissions. */
static void
test_umask (void **state)
{
  static const mode_t masks[] = { 0, 0777, 0277 };
  IdentityFixture    *fixture = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (masks); i++)
    {
      g_autofree char         *name = g_strdup_printf ("%zu.pem", i);
      g_autofree char         *path = identity_path (fixture, name);
      g_autofree char         *mark_name = g_strdup_printf ("%zu.id", i);
      g_autofree char         *mark = identity_path (fixture, mark_name);
      g_autoptr (AhoyIdentity) identity = NULL;
      mode_t                   before = umask (masks[i]);
      GStatBuf                 info;

      identity = ahoy_identity_load_or_create (path, "x", NULL);
      umask (before);
      assert_non_null (identity);
      assert_int_equal (g_stat (path, &info), 0);
      assert_int_equal (info.st_mode & 07777, 0600);
      assert_int_equal (g_stat (mark, &info), 0);
      assert_int_equal (info.st_mode & 07777, 0600);
    }
}

/* What it leads to is not there today: a stick that is not plugged in. */
static void
test_link_that_leads_nowhere (void **state)
{
  IdentityFixture   *fixture = *state;
  g_autoptr (GError) error = NULL;
  GStatBuf           info;

  assert_int_equal (symlink ("stick.pem", fixture->path), 0);
  assert_null (load (fixture, &error));
  assert_true (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  assert_non_null (strstr (error->message, fixture->path));
  assert_int_equal (identity_n_files (fixture), 1);
  assert_int_equal (g_lstat (fixture->path, &info), 0);
  assert_true (S_ISLNK (info.st_mode));
}

static void
test_a_full_disk (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) later = NULL;
  g_autoptr (GError)       error = NULL;

  identity_limit_files (0);
  assert_null (load (fixture, &error));
  identity_limit_files (-1);
  assert_true (error->domain == G_FILE_ERROR);
  assert_int_equal (identity_n_files (fixture), 0);

  later = load (fixture, NULL);
  assert_non_null (later);
}

static void
test_secret_files (void **state)
{
  IdentityFixture   *fixture = *state;
  g_autofree char   *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize              len;

  assert_true (ahoy_secret_file_write (fixture->path, "ab\0cd", 5, NULL));
  text = ahoy_secret_file_read (fixture->path, 5, &len, NULL);
  assert_int_equal (len, 5);
  assert_memory_equal (text, "ab\0cd", 6);
  assert_null (ahoy_secret_file_read (fixture->path, 4, &len, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA));
  assert_int_equal (identity_n_files (fixture), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_gone, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_put_back, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_empty, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_somebody_else, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_locked_by_somebody, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_key_without_mark, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_mark_that_says_nothing, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_mark_of_two, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_any_file_name, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_umask, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_link_that_leads_nowhere, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_a_full_disk, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_secret_files, identity_set_up, identity_tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
