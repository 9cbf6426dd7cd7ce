/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Keys that others can read: made private where they are ours, complained of where they are an operator's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity-fixture.h"
#include "wire/ahoy-identity.h"
#include "wire/ahoy-secret-file.h"

static GString *warnings;

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         data)
{
  if (!(level & G_LOG_LEVEL_WARNING))
    return g_log_writer_default (level, fields, n_fields, data);
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_string_append_printf (warnings, "%s\n", (const char *) fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

static int
set_up (void **state)
{
  warnings = g_string_new (NULL);
  return identity_set_up (state);
}

static int
tear_down (void **state)
{
  g_string_free (warnings, TRUE);
  return identity_tear_down (state);
}

static guint
mode_of (const char *path)
{
  GStatBuf info;

  assert_int_equal (g_stat (path, &info), 0);
  return info.st_mode & 07777;
}

/* One line, which names the file and the mode; or none. */
static void
assert_warned (const char *path,
               const char *mode)
{
  if (path == NULL)
    {
      assert_string_equal (warnings->str, "");
      return;
    }
  assert_non_null (strstr (warnings->str, path));
  assert_non_null (strstr (warnings->str, mode));
  assert_ptr_equal (strchr (warnings->str, '\n'), warnings->str + warnings->len - 1);
  g_string_truncate (warnings, 0);
}

static void
test_our_own (void **state)
{
  static const struct {
    guint       mode;
    guint       after;
    const char *said; /* NULL: nothing */
  } cases[] = {
    { 0600, 0600, NULL },
    { 0400, 0400, NULL }, /* an owner may protect it from themselves */
    { 0644, 0600, "0644" },
    { 0640, 0600, "0640" },
    { 0602, 0600, "0602" },
    { 0777, 0600, "0777" },
    { 0444, 0400, "0444" },
  };
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) made = ahoy_identity_load_or_create (fixture->path, "alice", NULL);

  assert_warned (NULL, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AhoyIdentity) identity = NULL;
      g_autoptr (AhoyIdentity) again = NULL;

      assert_int_equal (g_chmod (fixture->path, (int) cases[i].mode), 0);
      identity = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
      assert_non_null (identity);
      assert_string_equal (ahoy_identity_get_pem (identity), ahoy_identity_get_pem (made));
      assert_int_equal (mode_of (fixture->path), cases[i].after);
      assert_warned (cases[i].said != NULL ? fixture->path : NULL, cases[i].said);

      again = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
      assert_non_null (again);
      assert_warned (NULL, NULL); /* said once */
    }
}

/* Whatever somebody put there is theirs. */
static void
test_what_is_no_key_is_left_alone (void **state)
{
  IdentityFixture *fixture = *state;

  identity_write (fixture, "identity.pem", "my diary");
  assert_int_equal (g_chmod (fixture->path, 0644), 0);
  assert_null (ahoy_identity_load_or_create (fixture->path, "alice", NULL));
  assert_int_equal (mode_of (fixture->path), 0644);
  assert_warned (NULL, NULL);
}

static void
test_an_operators (void **state)
{
  IdentityFixture *fixture = *state;
  g_autofree char *key = identity_path (fixture, "key.pem");
  g_autofree char *certificate = identity_path (fixture, "certificate.pem");
  g_autoptr (AhoyIdentity) private = NULL;
  g_autoptr (AhoyIdentity) open = NULL;

  identity_run (fixture, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out certificate.pem -subj /CN=x");
  assert_int_equal (g_chmod (key, 0600), 0);
  assert_int_equal (g_chmod (certificate, 0644), 0); /* everybody gets to see that */
  private = ahoy_identity_load_pair (key, certificate, NULL);
  assert_non_null (private);
  assert_warned (NULL, NULL);

  assert_int_equal (g_chmod (key, 0644), 0);
  open = ahoy_identity_load_pair (key, certificate, NULL);
  assert_non_null (open);
  assert_warned (key, "0644");
  assert_int_equal (mode_of (key), 0644);
}

/* As Debian has them: root's, and readable by a group that the server is in. */
static void
test_one_that_a_group_lends (void **state)
{
  IdentityFixture *fixture = *state;
  guint            mode = 0;

  assert_true (ahoy_secret_file_write (fixture->path, "key", -1, NULL));
  assert_int_equal (g_chmod (fixture->path, 0640), 0);
  assert_true (ahoy_secret_file_is_open (fixture->path, &mode));
  assert_int_equal (mode, 0640);
  if (chown (fixture->path, 12345, (gid_t) -1) < 0)
    {
      assert_true (errno == EPERM || errno == EINVAL); /* only root may, and only where that user is known */
      return;
    }
  assert_false (ahoy_secret_file_is_open (fixture->path, &mode));
  for (guint bit = 1; bit < 0100; bit <<= 1)
    {
      assert_int_equal (g_chmod (fixture->path, (int) (0640 | bit)), 0);
      assert_true (ahoy_secret_file_is_open (fixture->path, &mode) == (bit != 0040));
    }
}

static void
test_what_cannot_be_private (void **state)
{
  IdentityFixture   *fixture = *state;
  g_autoptr (GError) error = NULL;
  guint              mode;

  assert_false (ahoy_secret_file_is_open (fixture->path, &mode));
  assert_false (ahoy_secret_file_tighten (fixture->path, &error));
  assert_true (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  assert_non_null (strstr (error->message, fixture->path));
  assert_false (ahoy_secret_file_is_open (fixture->dir, &mode)); /* no file */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_our_own, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_what_is_no_key_is_left_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_an_operators, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_one_that_a_group_lends, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_what_cannot_be_private, set_up, tear_down),
  };

  g_log_set_writer_func (on_log, NULL, NULL); /* only once in a process */
  return cmocka_run_group_tests (tests, NULL, NULL);
}
