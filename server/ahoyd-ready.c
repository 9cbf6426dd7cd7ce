/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells whoever started the server how it is. */

#include "ahoyd-ready.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* sd_notify(3), "Notes": one datagram to a socket that the environment names, by its path or, after an @, in the abstract namespace. It never waits:
 * a service manager that does not listen is no reason for people to. */
static gboolean
notify (const char *state)
{
  const char        *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize              len = path != NULL ? strlen (path) : 0;
  gboolean           told;
  int                fd;

  if (len < 2 || len > sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
    return TRUE;
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  memcpy (address.sun_path, path, len);
  if (path[0] == '@')
    address.sun_path[0] = '\0';
  told = sendto (fd, state, strlen (state), MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *) &address,
                 (socklen_t) (offsetof (struct sockaddr_un, sun_path) + len)) >= 0;
  close (fd);
  return told;
}

gboolean
ahoyd_ready_serving (int         fd,
                     guint16     tcp,
                     guint16     udp,
                     const char *id,
                     GError    **error)
{
  /* Whoever reads more than they know of it passes that over: there may be more one day. */
  g_autofree char *line = g_strdup_printf ("tcp=%u udp=%u id=%s tls=1\n", tcp, udp, id);
  gssize           written;
  int              why;

  if (!notify ("READY=1"))
    g_warning ("The service manager cannot be told that the server is ready: %s", g_strerror (errno));
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
ahoyd_ready_reloading (void)
{
  g_autofree char *state = g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());

  notify (state);
}

void
ahoyd_ready_reloaded (void)
{
  notify ("READY=1");
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
