/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One blocking client. */

#include "bench-peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "bench-fail.h"

#define STX 0x02
#define ETX 0x03
#define BUFFER_SIZE (1024 * 1024)
#define DEADLINE_S 60
/* On their way at the same time. */
#define FILL_BYTES 200000

BenchPeer *
bench_peer_connect (guint16 port)
{
  return bench_peer_connect_from (port, 1);
}

BenchPeer *
bench_peer_connect_from (guint16 port,
                         guint8  host)
{
  BenchPeer         *self = g_new0 (BenchPeer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_in source = { .sin_family = AF_INET, .sin_addr.s_addr = htonl ((INADDR_LOOPBACK & ~0xffu) | host) };
  struct timeval     deadline = { DEADLINE_S, 0 };
  int                on = 1;

  self->buffer = g_malloc (BUFFER_SIZE);
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || bind (self->fd, (struct sockaddr *) &source, sizeof source) < 0 ||
      connect (self->fd, (struct sockaddr *) &address, sizeof address) < 0)
    bench_fail ("Connecting: %s", g_strerror (errno));
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (self->fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
  setsockopt (self->fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);

  return self;
}

void
bench_peer_free (BenchPeer *self)
{
  close (self->fd);
  g_free (self->buffer);
  g_free (self);
}

void
bench_peer_send (BenchPeer  *self,
                 const char *bytes,
                 gsize       len)
{
  if (send (self->fd, bytes, len, MSG_NOSIGNAL) != (gssize) len)
    bench_fail ("Writing: %s", g_strerror (errno));
}

char
bench_peer_read (BenchPeer     *self,
                 const guint8 **frame,
                 gsize         *len)
{
  for (;;)
    {
      const guint8 *begin = self->buffer + self->at;
      const guint8 *end = memchr (begin, ETX, self->len - self->at);
      const guint8 *stx;
      gssize        got;

      if (end != NULL)
        {
          *frame = begin;
          *len = (gsize) (end - begin) + 1;
          self->at += *len;
          stx = memchr (begin, STX, *len);
          if (stx == NULL)
            bench_fail ("A frame without a type");
          return (char) stx[1];
        }
      memmove (self->buffer, begin, self->len - self->at);
      self->len -= self->at;
      self->at = 0;
      got = recv (self->fd, self->buffer + self->len, BUFFER_SIZE - self->len, 0);
      if (got <= 0)
        bench_fail ("The connection was lost: %s", got < 0 ? g_strerror (errno) : "closed");
      self->len += (gsize) got;
    }
}

void
bench_peer_wait (BenchPeer *self,
                 char       type)
{
  const guint8 *frame;
  gsize         len;

  while (bench_peer_read (self, &frame, &len) != type)
    ;
}

void
bench_peer_log_in (BenchPeer  *self,
                   const char *name)
{
  g_autofree char *frame = g_strdup_printf ("\0021%s\003", name);
  const guint8    *got;
  gsize            len;

  bench_peer_send (self, frame, strlen (frame));
  while (bench_peer_read (self, &got, &len) != '1' || len != strlen (frame) || memcmp (got, frame, len) != 0)
    ;
}

void
bench_peer_fill (guint16 port,
                 guint   n,
                 gsize   size)
{
  g_autoptr (BenchPeer) talker = bench_peer_connect (port);
  g_autofree char      *text = g_strnfill (size, 'x');
  g_autofree char      *frame = g_strdup_printf ("\0023%s\003", text);
  guint                 step = (guint) MAX (FILL_BYTES / size, 1);
  g_autoptr (GString)   batch = g_string_new (NULL);

  bench_peer_log_in (talker, "talker");
  for (guint left = n; left > 0; left -= MIN (left, step))
    {
      g_string_truncate (batch, 0);
      for (guint i = 0; i < MIN (left, step); i++)
        g_string_append (batch, frame);
      bench_peer_send (talker, batch->str, batch->len);
      for (guint i = 0; i < MIN (left, step); i++)
        bench_peer_wait (talker, '4');
    }
}
