/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells whoever started the server how it is. */

#include "ahoyd-ready.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ahoy-config.h"

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

static void
notify (const char *state)
{
#ifdef HAVE_SYSTEMD
  sd_notify (0, state);
#endif
}

gboolean
ahoyd_ready_serving (int       fd,
                     guint16   tcp,
                     guint16   udp,
                     GError  **error)
{
  g_autofree char *line = g_strdup_printf ("tcp=%u udp=%u\n", tcp, udp);
  gssize written;
  int why;

  notify ("READY=1");
  if (fd < 0)
    return TRUE;

  /* A pipe takes a line as short as this whole or not at all. */
  do
    written = write (fd, line, strlen (line));
  while (written < 0 && errno == EINTR);
  why = errno;
  close (fd);
  if (written >= 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why), "Cannot write to the descriptor of --ready-fd: %s", g_strerror (why));
  return FALSE;
}

void
ahoyd_ready_stopping (void)
{
  notify ("STOPPING=1");
}

void
ahoyd_ready_status (const char *status)
{
  g_autofree char *state = g_strdup_printf ("STATUS=%s", status);

  notify (state);
}
