/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The TLS transport: a GnuTLS session over the non-blocking socket.
 *
 * Out. What GnuTLS has to send, records, handshake messages and alerts, is only collected (push), in a buffer that all sessions share. Each
 * operation ends with one write of it. So GnuTLS never finds the socket full; what the kernel did not take is the session's own "late"
 * ciphertext, and as long as there is some nothing more is encrypted.
 *
 * In. One read a turn into a buffer that all sessions share, and GnuTLS is called until it has taken all of it: an unfinished record is the
 * only thing it keeps. In the handshake it reads from the socket itself, piece by piece, and so never past the handshake's end.
 *
 * What follows good records, an end or a fault, is told by the next read ("held").
 *
 * An idle session owns what GnuTLS owns, and nothing else. */

#include "wire/ahoy-transport.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "wire/ahoy-limits.h"
#include "wire/ahoy-tls-private.h"

/* Ciphertext that may wait for the kernel: one turn's records and their overhead, and answers to a few messages of the peer's. */
#define LATE_MAX (2 * AHOY_TLS_WRITE_BUDGET)
/* Warnings that a peer may send in one step of the handshake. */
#define WARNINGS_MAX 8
/* The record types that an answer to our hello can begin with. */
#define RECORD_ALERT 21
#define RECORD_HANDSHAKE 22

typedef struct {
  /* Owned */
  gnutls_session_t session;
  AhoyTls         *tls;
  guint8          *late; /* ciphertext that the kernel did not take */
  gsize            late_len;
  GError          *fault;       /* found behind good records: for the next read */
  char            *fingerprint; /* while it is being proved */

  gsize input_at; /* in the shared input buffer, while a read runs */
  gsize input_len;
  guint heard; /* bytes of the handshake */
  int   fd;
  int   broken; /* errno of the socket, or 0 */
  guint is_server : 1;
  guint is_agreed : 1;   /* the handshake is done */
  guint is_other : 1;    /* what it heard is not TLS */
  guint is_cut : 1;      /* the socket came to its end */
  guint is_too_long : 1; /* the handshake */
  guint peer_done : 1;   /* close_notify came */
  guint said_bye : 1;    /* close_notify went, or no more records can */
} Session;

/* ---- Between GnuTLS and the socket ---- */

static ssize_t
refuse (Session *self,
        int      error)
{
  gnutls_transport_set_errno (self->session, error);
  return -1;
}

static ssize_t
pull_from_socket (Session *self,
                  guint8  *data,
                  size_t   size)
{
  gssize got;

  if (self->heard > AHOY_TLS_HANDSHAKE_MAX)
    {
      self->is_too_long = TRUE;
      return refuse (self, EMSGSIZE);
    }
  do
    got = recv (self->fd, data, size, 0);
  while (got < 0 && errno == EINTR);

  if (got < 0)
    {
      int saved = errno;

      if (saved != EAGAIN && saved != EWOULDBLOCK)
        self->broken = saved;
      return refuse (self, saved);
    }
  self->is_cut = got == 0;
  if (self->heard == 0 && got > 0 && data[0] != RECORD_HANDSHAKE && data[0] != RECORD_ALERT)
    {
      self->is_other = TRUE;
      return refuse (self, EPROTO);
    }
  self->heard += (guint) got;
  return got;
}

static ssize_t
pull (gnutls_transport_ptr_t pointer,
      void                  *data,
      size_t                 size)
{
  Session *self = pointer;
  gsize    n = MIN (size, self->input_len - self->input_at);

  if (!self->is_agreed)
    return pull_from_socket (self, data, size);
  if (n == 0)
    return refuse (self, EAGAIN);
  memcpy (data, self->tls->input + self->input_at, n);
  self->input_at += n;
  return (ssize_t) n;
}

static ssize_t
push (gnutls_transport_ptr_t pointer,
      const void            *data,
      size_t                 size)
{
  Session *self = pointer;

  g_byte_array_append (self->tls->output, data, (guint) size);
  return (ssize_t) size;
}

/* The @sent first bytes of what was late and of what is new now are gone: keeps the others. */
static gboolean
keep_late (Session *self,
           gsize    sent)
{
  GByteArray *output = self->tls->output;
  gsize       skip = MIN (sent, self->late_len);
  gsize       skip_new = sent - skip;
  gsize       len = self->late_len - skip + output->len - skip_new;
  guint8     *late = NULL;

  if (len > LATE_MAX)
    return FALSE;
  if (len > 0)
    {
      late = g_malloc (len);
      if (self->late_len > skip)
        memcpy (late, self->late + skip, self->late_len - skip);
      if (output->len > skip_new)
        memcpy (late + self->late_len - skip, output->data + skip_new, output->len - skip_new);
    }
  g_free (self->late);
  self->late = late;
  self->late_len = len;
  return TRUE;
}

/* Ends each operation: one write of all that there is. */
static AhoyTransportResult
flush (AhoyTransport *transport,
       GError       **error)
{
  Session           *self = transport->state;
  GByteArray        *output = self->tls->output;
  const struct iovec vectors[] = {
    { .iov_base = self->late, .iov_len = self->late_len },
    { .iov_base = output->data, .iov_len = output->len },
  };
  AhoyTransportResult result = AHOY_TRANSPORT_DONE;
  gsize               sent = 0;

  if (self->late_len + output->len == 0)
    return AHOY_TRANSPORT_DONE;

  result = ahoy_transport_write_raw (transport, vectors, G_N_ELEMENTS (vectors), &sent, error);
  if (result != AHOY_TRANSPORT_FAILED && !keep_late (self, sent))
    {
      g_set_error_literal (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD, "The peer asks for answers and takes none");
      result = AHOY_TRANSPORT_FAILED;
    }
  g_byte_array_set_size (output, 0);
  transport->pending = self->late_len;
  return result;
}

/* Says why it is over, if the peer still listens. */
static void
say_alert (AhoyTransport *transport,
           int            code)
{
  Session *self = transport->state;

  if (code == GNUTLS_E_REHANDSHAKE)
    gnutls_alert_send (self->session, GNUTLS_AL_FATAL, GNUTLS_A_NO_RENEGOTIATION);
  else
    gnutls_alert_send_appropriate (self->session, code);
  self->said_bye = TRUE;
  flush (transport, NULL);
}

/* ---- The handshake ---- */

static void
set_error_of_handshake (Session *self,
                        int      code,
                        GError **error)
{
  gboolean hung_up = self->is_cut || self->broken == ECONNRESET || self->broken == EPIPE;

  if (self->is_other)
    g_set_error_literal (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_NOT_TLS, "The peer does not speak TLS");
  else if (hung_up && self->heard == 0 && !self->is_server)
    g_set_error_literal (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HUNG_UP, "The peer hung up when it was greeted in TLS");
  else if (self->broken != 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (self->broken), "recv: %s", g_strerror (self->broken));
  else if (self->is_cut)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The peer hung up in the TLS handshake");
  else if (self->is_too_long)
    g_set_error_literal (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE, "The TLS handshake is too long");
  else if (code == GNUTLS_E_FATAL_ALERT_RECEIVED || code == GNUTLS_E_WARNING_ALERT_RECEIVED)
    g_set_error (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE, "The peer refused the TLS handshake: %s",
                 gnutls_alert_get_name (gnutls_alert_get (self->session)));
  else
    g_set_error (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE, "The TLS handshake failed: %s", gnutls_strerror (code));
}

static AhoyTransportResult
tls_shake (AhoyTransport *transport,
           GError       **error)
{
  Session            *self = transport->state;
  AhoyTransportResult result;
  int                 code;

  if (self->late_len > 0 && (result = flush (transport, error)) != AHOY_TRANSPORT_DONE)
    return result;

  for (guint warnings = 0;; warnings++)
    {
      code = gnutls_handshake (self->session);
      if (code >= 0 || code == GNUTLS_E_AGAIN || gnutls_error_is_fatal (code) || warnings == WARNINGS_MAX)
        break;
    }

  if (code == GNUTLS_E_SUCCESS && self->fingerprint == NULL && !self->is_server)
    code = GNUTLS_E_NO_CERTIFICATE_FOUND; /* a client may be nobody, but not a server */
  if (code < 0 && code != GNUTLS_E_AGAIN)
    {
      set_error_of_handshake (self, code, error);
      say_alert (transport, code);
      return AHOY_TRANSPORT_FAILED;
    }
  result = flush (transport, error);
  if (code == GNUTLS_E_AGAIN)
    return result == AHOY_TRANSPORT_FAILED ? result : AHOY_TRANSPORT_BLOCKED;
  self->is_agreed = TRUE;
  transport->peer_fingerprint = g_steal_pointer (&self->fingerprint);
  transport->held = gnutls_record_check_pending (self->session) > 0;
  return result == AHOY_TRANSPORT_FAILED ? result : AHOY_TRANSPORT_DONE;
}

/* ---- Records ---- */

static GError *
error_of_record (Session *self,
                 int      code)
{
  if (code == GNUTLS_E_FATAL_ALERT_RECEIVED)
    return g_error_new (AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD, "The peer ended the TLS session: %s",
                        gnutls_alert_get_name (gnutls_alert_get (self->session)));
  if (code == GNUTLS_E_REHANDSHAKE)
    return g_error_new_literal (AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD, "The peer asked for a new TLS handshake");
  return g_error_new (AHOY_TLS_ERROR, AHOY_TLS_ERROR_RECORD, "TLS: %s", gnutls_strerror (code));
}

/* Decrypts all that is in the shared input buffer. GnuTLS also says "again" when it took a message that is its own business, so only that
 * nothing is left says that it is done. Returns: bytes. */
static gsize
open_records (AhoyTransport *transport,
              guint8        *buffer,
              gsize          size)
{
  Session *self = transport->state;
  gsize    n = 0;

  for (;;)
    {
      gsize  before = self->input_at;
      gssize got = gnutls_record_recv (self->session, buffer + n, size - n);

      if (got > 0)
        {
          n += (gsize) got;
          continue;
        }
      self->peer_done = got == 0;
      if (got == 0 || (got == GNUTLS_E_AGAIN && self->input_at == self->input_len))
        return n;
      if (got == GNUTLS_E_REHANDSHAKE || gnutls_error_is_fatal ((int) got) || self->input_at == before)
        {
          self->fault = error_of_record (self, (int) got);
          say_alert (transport, (int) got);
          return n;
        }
    }
}

static AhoyTransportResult
tls_read (AhoyTransport *transport,
          guint8        *buffer,
          gsize          size,
          gsize         *n,
          GError       **error)
{
  Session *self = transport->state;
  gboolean was_held = transport->held;

  transport->held = FALSE;
  if (self->fault == NULL && !self->peer_done)
    {
      AhoyTransportResult result = ahoy_transport_read_raw (transport, self->tls->input, sizeof self->tls->input, &self->input_len, error);

      if (result == AHOY_TRANSPORT_CLOSED)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "The connection was cut without a good-bye in TLS");
          return AHOY_TRANSPORT_FAILED;
        }
      if (result == AHOY_TRANSPORT_FAILED || (result == AHOY_TRANSPORT_BLOCKED && !was_held))
        return result;

      *n = open_records (transport, buffer, size);
      self->input_at = self->input_len = 0;
      if (self->fault == NULL)
        flush (transport, &self->fault);
      if (*n > 0 || (self->fault == NULL && !self->peer_done))
        {
          transport->held = self->fault != NULL || self->peer_done;
          return AHOY_TRANSPORT_DONE;
        }
    }

  if (self->fault == NULL)
    return AHOY_TRANSPORT_CLOSED;
  g_propagate_error (error, g_error_copy (self->fault));
  return AHOY_TRANSPORT_FAILED;
}

/* Copies from @vectors what fits in a record, from byte @from on. Returns: bytes. */
static gsize
gather (const struct iovec *vectors,
        guint               n_vectors,
        gsize               from,
        guint8             *plain,
        gsize               size)
{
  gsize n = 0;

  for (guint i = 0; i < n_vectors && n < size; i++)
    {
      gsize skip = MIN (from, vectors[i].iov_len);
      gsize part = MIN (vectors[i].iov_len - skip, size - n);

      memcpy (plain + n, (const guint8 *) vectors[i].iov_base + skip, part);
      from -= skip;
      n += part;
    }
  return n;
}

/* @n (out): bytes that are in records now. Returns: 0 or what GnuTLS says. */
static int
seal_records (Session            *self,
              const struct iovec *vectors,
              guint               n_vectors,
              gsize              *n)
{
  gsize len;

  while (*n < AHOY_TLS_WRITE_BUDGET && (len = gather (vectors, n_vectors, *n, self->tls->plain, MIN (AHOY_TLS_WRITE_BUDGET - *n, AHOY_TLS_RECORD_MAX))) > 0)
    {
      /* A peer may have asked for records that are smaller. */
      for (gsize sealed = 0; sealed < len;)
        {
          gssize taken = gnutls_record_send (self->session, self->tls->plain + sealed, len - sealed);

          if (taken < 0)
            return (int) taken;
          sealed += (gsize) taken;
        }
      *n += len;
    }
  return 0;
}

static AhoyTransportResult
tls_write (AhoyTransport      *transport,
           const struct iovec *vectors,
           guint               n_vectors,
           gsize              *n,
           GError            **error)
{
  Session            *self = transport->state;
  AhoyTransportResult result;
  int                 code;

  if (self->late_len > 0 && (result = flush (transport, error)) != AHOY_TRANSPORT_DONE)
    return result;

  code = self->said_bye ? GNUTLS_E_INVALID_SESSION : seal_records (self, vectors, n_vectors, n);
  result = flush (transport, error);
  if (code < 0 && result != AHOY_TRANSPORT_FAILED)
    {
      g_propagate_error (error, error_of_record (self, code));
      result = AHOY_TRANSPORT_FAILED;
    }
  return result;
}

static void
say_bye (Session *self)
{
  if (self->is_agreed && !self->said_bye)
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
  self->said_bye = TRUE;
}

static AhoyTransportResult
tls_shut_down (AhoyTransport *transport)
{
  Session            *self = transport->state;
  AhoyTransportResult result;

  say_bye (self);
  result = flush (transport, NULL);
  if (result != AHOY_TRANSPORT_BLOCKED)
    shutdown (transport->fd, SHUT_WR);
  return result;
}

static void
tls_clear (AhoyTransport *transport)
{
  Session *self = transport->state;

  if (self->peer_done)
    {
      say_bye (self); /* a good-bye deserves one */
      flush (transport, NULL);
    }
  gnutls_deinit (self->session);
  g_clear_error (&self->fault);
  g_free (self->late);
  g_free (self->fingerprint);
  ahoy_tls_unref (self->tls);
  g_free (self);
}

static const AhoyTransportOps tls_ops = {
  .read = tls_read,
  .write = tls_write,
  .shut_down = tls_shut_down,
  .clear = tls_clear,
  .shake = tls_shake,
};

gboolean
ahoy_transport_secure (AhoyTransport *transport,
                       AhoyTls       *tls,
                       gboolean       as_server,
                       GError       **error)
{
  const unsigned int flags = GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS;
  Session           *self = g_new0 (Session, 1);
  int                code = gnutls_init (&self->session, flags | (as_server ? GNUTLS_SERVER : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT));

  if (code >= 0 && (code = gnutls_priority_set (self->session, tls->priorities)) >= 0)
    code = gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
  if (code < 0)
    {
      g_set_error (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE, "A TLS session cannot be made: %s", gnutls_strerror (code));
      g_clear_pointer (&self->session, gnutls_deinit);
      g_free (self);
      return FALSE;
    }
  if (as_server)
    gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUEST);
  gnutls_handshake_set_max_packet_length (self->session, AHOY_TLS_HANDSHAKE_MESSAGE_MAX);
  ahoy_tls_peer_watch (self->session, &self->fingerprint);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_push_function (self->session, push);

  self->tls = ahoy_tls_ref (tls);
  self->fd = transport->fd;
  self->is_server = as_server != FALSE;
  transport->ops = &tls_ops;
  transport->state = self;
  return TRUE;
}
