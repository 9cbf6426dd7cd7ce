/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Listens to what the kernel says about interfaces. */

#include "net/ahoyd-links.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

/* Messages dropped in one loop turn; what is left wakes us again. */
#define READ_BUDGET 64

struct _AhoydLinks {
  /* Owned */
  AhoyPollWatch watch;
  int           fd;
  /* Borrowed */
  AhoydLinksChanged changed;
  gpointer          data;
};

static void
on_ready (AhoyPollWatch *watch,
          guint          events)
{
  AhoydLinks *self = (AhoydLinks *) watch;
  char        byte;

  /* ENOBUFS: there was more than the socket holds. All the same, something has changed. */
  for (guint i = 0; i < READ_BUDGET; i++)
    if (recv (self->fd, &byte, sizeof byte, MSG_DONTWAIT | MSG_TRUNC) < 0 && errno != ENOBUFS && errno != EINTR)
      break;
  self->changed (self->data);
}

static int
open_socket (void)
{
  struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_IFINFO };
  int                fd = socket (AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);

  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) < 0)
    {
      int why = errno;

      close (fd);
      errno = why;
      return -1;
    }
  return fd;
}

AhoydLinks *
ahoyd_links_new (AhoyPoll         *poll,
                 AhoydLinksChanged changed,
                 gpointer          data,
                 GError          **error)
{
  g_autoptr (AhoydLinks) self = NULL;

  g_return_val_if_fail (poll != NULL && changed != NULL, NULL);

  self = g_new0 (AhoydLinks, 1);
  self->watch.on_ready = on_ready;
  self->changed = changed;
  self->data = data;
  self->fd = open_socket ();
  if (self->fd < 0)
    {
      int why = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why), "Cannot follow the network interfaces: %s", g_strerror (why));
      return NULL;
    }
  if (!ahoy_poll_add (poll, &self->watch, self->fd, EPOLLIN, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ahoyd_links_free (AhoydLinks *links)
{
  g_return_if_fail (links != NULL);

  ahoy_poll_remove (&links->watch);
  if (links->fd >= 0)
    close (links->fd);
  g_free (links);
}
