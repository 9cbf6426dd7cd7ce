/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The real server, as a program of its own. */

#include "ahoyd-fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

void
ahoyd_fixture_open (AhoydFixture *h)
{
  h->dir = g_dir_make_tmp ("ahoy-test-XXXXXX", NULL);
  ahoyd_fixture_start (h);
}

void
ahoyd_fixture_start (AhoydFixture *h)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError)              error = NULL;
  g_autofree char                *port = g_strdup_printf ("--port=%u", h->port);
  g_autofree char                *rate = g_strdup_printf ("--rate=%u", h->rate);
  g_autofree char                *data = g_strdup_printf ("--data-dir=%s/data", h->dir);
  unsigned int                    tcp = 0;
  int                             ready[2];
  FILE                           *lines;

  assert_true (pipe (ready) == 0);
  g_subprocess_launcher_take_fd (launcher, ready[1], 3);
  h->ahoyd = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("AHOYD"), "--bind=127.0.0.1", "--no-discovery", "--ready-fd=3",
                                          rate, port, data, NULL);
  assert_null (error);
  g_clear_object (&launcher); /* and our end for writing: a server that dies is an end of file */
  lines = fdopen (ready[0], "r");
  assert_int_equal (fscanf (lines, "tcp=%u", &tcp), 1);
  fclose (lines);
  h->port = tcp;
}

void
ahoyd_fixture_kill (AhoydFixture *h)
{
  g_subprocess_send_signal (h->ahoyd, SIGKILL);
  g_subprocess_wait (h->ahoyd, NULL, NULL);
  g_clear_object (&h->ahoyd);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
ahoyd_fixture_forget (AhoydFixture *h)
{
  g_autofree char *data = g_build_filename (h->dir, "data", NULL);

  remove_tree (data);
}

void
ahoyd_fixture_close (AhoydFixture *h)
{
  ahoyd_fixture_kill (h);
  remove_tree (h->dir);
  g_free (h->dir);
}
