/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The plain transport: a non-blocking stream socket. */

#include "wire/ahoy-transport.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/ahoy-limits.h"

/* What -1 from a socket call means. */
static AhoyTransportResult
refused (const char *call,
         GError    **error)
{
  int saved = errno;

  if (saved == EAGAIN || saved == EWOULDBLOCK)
    return AHOY_TRANSPORT_BLOCKED;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s: %s", call, g_strerror (saved));
  return AHOY_TRANSPORT_FAILED;
}

AhoyTransportResult
ahoy_transport_peek_raw (AhoyTransport *transport,
                         guint8        *first,
                         GError       **error)
{
  gssize got;

  do
    got = recv (transport->fd, first, 1, MSG_PEEK);
  while (got < 0 && errno == EINTR);

  if (got < 0)
    return refused ("recv", error);
  return got > 0 ? AHOY_TRANSPORT_DONE : AHOY_TRANSPORT_CLOSED;
}

AhoyTransportResult
ahoy_transport_read_raw (AhoyTransport *transport,
                         guint8        *buffer,
                         gsize          size,
                         gsize         *n,
                         GError       **error)
{
  gssize got;

  do
    got = recv (transport->fd, buffer, size, 0);
  while (got < 0 && errno == EINTR);

  if (got < 0)
    return refused ("recv", error);
  if (got == 0)
    return AHOY_TRANSPORT_CLOSED;
  *n = (gsize) got;
  return AHOY_TRANSPORT_DONE;
}

AhoyTransportResult
ahoy_transport_write_raw (AhoyTransport      *transport,
                          const struct iovec *vectors,
                          guint               n_vectors,
                          gsize              *n,
                          GError            **error)
{
  struct msghdr message = { .msg_iov = (struct iovec *) vectors, .msg_iovlen = n_vectors };
  gsize         offered = 0;
  gssize        taken;

  do
    taken = sendmsg (transport->fd, &message, MSG_NOSIGNAL);
  while (taken < 0 && errno == EINTR);

  if (taken < 0)
    return refused ("sendmsg", error);
  *n = (gsize) taken;
  for (guint i = 0; i < n_vectors; i++)
    offered += vectors[i].iov_len;
  return *n < offered ? AHOY_TRANSPORT_BLOCKED : AHOY_TRANSPORT_DONE;
}

static AhoyTransportResult
plain_shut_down (AhoyTransport *transport)
{
  shutdown (transport->fd, SHUT_WR);
  return AHOY_TRANSPORT_DONE;
}

static const AhoyTransportOps plain_ops = {
  .read = ahoy_transport_read_raw,
  .write = ahoy_transport_write_raw,
  .shut_down = plain_shut_down,
};

static void
set_option (int fd,
            int level,
            int option,
            int value)
{
  if (setsockopt (fd, level, option, &value, sizeof value) < 0)
    g_debug ("setsockopt %d/%d: %s", level, option, g_strerror (errno));
}

static gboolean
is_tcp (int fd)
{
  int       protocol = 0;
  socklen_t len = sizeof protocol;

  return getsockopt (fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) == 0 && protocol == IPPROTO_TCP;
}

gboolean
ahoy_transport_init_plain (AhoyTransport *transport,
                           int            fd,
                           GError       **error)
{
  g_autoptr (GError) local = NULL;

  if (!g_unix_set_fd_nonblocking (fd, TRUE, &local))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, local->message);
      return FALSE;
    }

  if (is_tcp (fd))
    {
      set_option (fd, IPPROTO_TCP, TCP_NODELAY, 1); /* we gather ourselves */
      set_option (fd, SOL_SOCKET, SO_KEEPALIVE, 1);
      set_option (fd, IPPROTO_TCP, TCP_KEEPIDLE, AHOY_TCP_KEEPALIVE_IDLE_S);
      set_option (fd, IPPROTO_TCP, TCP_KEEPINTVL, AHOY_TCP_KEEPALIVE_INTERVAL_S);
      set_option (fd, IPPROTO_TCP, TCP_KEEPCNT, AHOY_TCP_KEEPALIVE_COUNT);
      set_option (fd, IPPROTO_TCP, TCP_USER_TIMEOUT, AHOY_TCP_USER_TIMEOUT_MS);
    }

  *transport = (AhoyTransport){ .ops = &plain_ops, .fd = fd };
  return TRUE;
}

void
ahoy_transport_close (AhoyTransport *transport)
{
  if (transport->ops->clear != NULL)
    transport->ops->clear (transport);
  g_free (transport->peer_fingerprint);
  close (transport->fd);
  *transport = (AhoyTransport){ .fd = -1 };
}
