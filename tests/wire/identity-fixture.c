/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Folders with keys in them. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "identity-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

int
identity_set_up (void **state)
{
  IdentityFixture *fixture = g_new0 (IdentityFixture, 1);

  fixture->dir = g_dir_make_tmp ("ahoy-identity-XXXXXX", NULL);
  assert_non_null (fixture->dir);
  fixture->path = identity_path (fixture, "identity.pem");
  fixture->mark = identity_path (fixture, "identity.id");
  *state = fixture;
  return 0;
}

int
identity_tear_down (void **state)
{
  IdentityFixture *fixture = *state;
  GDir            *dir = g_dir_open (fixture->dir, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = identity_path (fixture, name);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->mark);
  g_free (fixture);
  return 0;
}

char *
identity_path (IdentityFixture *fixture,
               const char      *name)
{
  return g_build_filename (fixture->dir, name, NULL);
}

guint
identity_n_files (IdentityFixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  guint            n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

char *
identity_contents (IdentityFixture *fixture,
                   const char      *name)
{
  g_autofree char *path = identity_path (fixture, name);
  char            *contents = NULL;

  assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  return contents;
}

void
identity_write (IdentityFixture *fixture,
                const char      *name,
                const char      *contents)
{
  g_autofree char *path = identity_path (fixture, name);

  assert_true (g_file_set_contents (path, contents, -1, NULL));
}

static char *
run (IdentityFixture *fixture,
     const char      *line)
{
  const char *const  argv[] = { "sh", "-ec", line, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char   *complaints = NULL;
  char              *output = NULL;
  int                status = -1;

  if (!g_spawn_sync (fixture->dir, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &complaints, &status, &error) || !g_spawn_check_wait_status (status, &error))
    fail_msg ("%s: %s\n%s", line, error->message, complaints);
  return output;
}

void
identity_run (IdentityFixture *fixture,
              const char      *line)
{
  g_free (run (fixture, line));
}

char *
identity_second_opinion (IdentityFixture *fixture,
                         const char      *name,
                         const char      *options)
{
  g_autofree char *line = g_strdup_printf ("openssl pkey -in '%s' %s -pubout -outform DER | openssl sha256 -binary |"
                                           " base32 -w 0 | tr -d = | tr A-Z a-z",
                                           name, options);

  return run (fixture, line);
}

void
identity_limit_files (gint64 bytes)
{
  struct rlimit limit;

  assert_int_equal (getrlimit (RLIMIT_FSIZE, &limit), 0);
  limit.rlim_cur = bytes < 0 ? limit.rlim_max : (rlim_t) bytes;
  signal (SIGXFSZ, bytes < 0 ? SIG_DFL : SIG_IGN);
  assert_int_equal (setrlimit (RLIMIT_FSIZE, &limit), 0);
}
