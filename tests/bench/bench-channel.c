/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Plain or TLS, client's end. */

#include "bench-channel.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench-fail.h"

#define READ_SIZE (256 * 1024)
#define DAY ((time_t) 24 * 3600)

/* What the project's own client would rather have: the server follows the client. */
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1"

struct _BenchTls {
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t                priorities;

  /* Of the channel that is being read. GnuTLS asks for five bytes, then for the record; the kernel is asked once for all of them. */
  guint8  *buffer;
  gsize    len;
  gsize    at;
  gboolean dry; /* the kernel had no more */
};

static void
check (int         result,
       const char *what)
{
  if (result < 0)
    bench_fail ("%s: %s", what, gnutls_strerror (result));
}

BenchTls *
bench_tls_new (void)
{
  BenchTls             *self = g_new0 (BenchTls, 1);
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t     certificate;

  check (gnutls_x509_privkey_init (&key), "Key");
  check (gnutls_x509_crt_init (&certificate), "Certificate");
  check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), "Key");
  check (gnutls_x509_crt_set_version (certificate, 3), "Certificate");
  check (gnutls_x509_crt_set_serial (certificate, "\1", 1), "Certificate");
  check (gnutls_x509_crt_set_dn (certificate, "CN=bench", NULL), "Certificate");
  check (gnutls_x509_crt_set_activation_time (certificate, time (NULL) - DAY), "Certificate");
  check (gnutls_x509_crt_set_expiration_time (certificate, time (NULL) + DAY), "Certificate");
  check (gnutls_x509_crt_set_key (certificate, key), "Certificate");
  check (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), "Certificate");
  check (gnutls_priority_init (&self->priorities, PRIORITIES, NULL), "Priorities");
  check (gnutls_certificate_allocate_credentials (&self->credentials), "Credentials");
  check (gnutls_certificate_set_x509_key (self->credentials, &certificate, 1, key), "Credentials");
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
  self->buffer = g_malloc (READ_SIZE);

  return self;
}

void
bench_tls_free (BenchTls *self)
{
  gnutls_certificate_free_credentials (self->credentials);
  gnutls_priority_deinit (self->priorities);
  g_free (self->buffer);
  g_free (self);
}

static ssize_t
pull (gnutls_transport_ptr_t data,
      void                  *buffer,
      size_t                 size)
{
  BenchChannel *channel = data;
  BenchTls     *tls = channel->tls;
  gsize         part;

  if (tls->at == tls->len)
    {
      gssize got = -1;

      errno = EAGAIN;
      if (!tls->dry)
        got = recv (channel->fd, tls->buffer, READ_SIZE, MSG_DONTWAIT);
      if (got <= 0)
        return got;
      tls->at = 0;
      tls->len = (gsize) got;
      tls->dry = tls->len < READ_SIZE;
    }
  part = MIN (size, tls->len - tls->at);
  memcpy (buffer, tls->buffer + tls->at, part);
  tls->at += part;
  return (gssize) part;
}

static ssize_t
push (gnutls_transport_ptr_t data,
      const void            *buffer,
      size_t                 size)
{
  BenchChannel *channel = data;

  return send (channel->fd, buffer, size, MSG_NOSIGNAL);
}

void
bench_channel_open (BenchChannel *channel,
                    guint16       port,
                    BenchTls     *tls)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int                on = 1;

  *channel = (BenchChannel){ .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .tls = tls };
  if (channel->fd < 0 || connect (channel->fd, (struct sockaddr *) &address, sizeof address) < 0)
    bench_fail ("Connecting: %s", g_strerror (errno));
  setsockopt (channel->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls == NULL)
    return;

  check (gnutls_init (&channel->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS), "Session");
  check (gnutls_priority_set (channel->session, tls->priorities), "Session");
  check (gnutls_credentials_set (channel->session, GNUTLS_CRD_CERTIFICATE, tls->credentials), "Session");
  gnutls_transport_set_ptr (channel->session, channel);
  gnutls_transport_set_pull_function (channel->session, pull);
  gnutls_transport_set_push_function (channel->session, push);
}

void
bench_channel_close (BenchChannel *channel)
{
  if (channel->session != NULL)
    gnutls_deinit (channel->session);
  close (channel->fd);
}

gboolean
bench_channel_shake (BenchChannel *channel)
{
  int result;

  result = gnutls_handshake (channel->session);
  channel->tls->dry = FALSE;
  if (result != GNUTLS_E_SUCCESS && result != GNUTLS_E_AGAIN)
    bench_fail ("Handshake: %s", gnutls_strerror (result));
  /* What is left would be taken for another channel's. */
  if (channel->tls->at < channel->tls->len)
    bench_fail ("The server spoke before it was spoken to");
  channel->secured = result == GNUTLS_E_SUCCESS;
  return channel->secured;
}

void
bench_channel_send (BenchChannel *channel,
                    const char   *bytes,
                    gsize         len)
{
  gssize sent = channel->tls != NULL ? gnutls_record_send (channel->session, bytes, len) : send (channel->fd, bytes, len, MSG_NOSIGNAL);

  if (sent != (gssize) len)
    bench_fail ("Writing: %s", channel->tls != NULL ? gnutls_strerror ((int) sent) : g_strerror (errno));
}

gsize
bench_channel_receive (BenchChannel *channel,
                       guint8       *buffer,
                       gsize         size,
                       gboolean     *more)
{
  BenchTls *tls = channel->tls;
  gssize    got = tls != NULL ? gnutls_record_recv (channel->session, buffer, size) : recv (channel->fd, buffer, size, MSG_DONTWAIT);

  if (tls != NULL ? got == GNUTLS_E_AGAIN : got < 0 && errno == EAGAIN)
    got = 0;
  else if (got <= 0)
    bench_fail ("A connection was lost: %s", got == 0 ? "closed" : tls != NULL ? gnutls_strerror ((int) got)
                                                                               : g_strerror (errno));

  *more = tls != NULL ? got > 0 && (tls->at < tls->len || !tls->dry) : (gsize) got == size;
  if (tls != NULL && !*more)
    tls->dry = FALSE;
  return (gsize) got;
}
