/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An extended server inside the test. */

#include "support/fake-extended.h"

#include <stdlib.h>
#include <string.h>

/* How TLS begins. */
#define HELLO 0x16

typedef struct {
  FakeExtended      *server; /* borrowed; NULL once dropped */
  GSocketConnection *connection;
  GIOStream         *stream; /* the connection, or TLS on it */
  GCancellable      *cancellable;
  GByteArray        *in;
  char              *name; /* NULL before the log-in */
  char               chunk[4096];
} Peer;

static void
peer_free (Peer *peer)
{
  g_object_unref (peer->stream);
  g_object_unref (peer->connection);
  g_object_unref (peer->cancellable);
  g_byte_array_unref (peer->in);
  g_free (peer->name);
  g_free (peer);
}

static void
message_free (gpointer data)
{
  FakeMessage *message = data;

  g_free ((char *) message->from);
  g_free ((char *) message->to);
  g_free ((char *) message->cid);
  g_free ((char *) message->text);
  g_free (message);
}

static void
peer_send (Peer       *peer,
           const char *frame)
{
  GString    *bytes = g_string_new (frame);
  const char *start;

  if (!peer->server || peer->server->mute)
    {
      g_string_free (bytes, TRUE);
      return;
    }
  if (frame[0] == '^')
    {
      for (char *c = bytes->str; *c != '>'; c++)
        *c = *c == '^' ? '\001' : *c == '|' ? '\037'
                                            : *c;
      start = strchr (bytes->str, '>');
      bytes->str[start - bytes->str] = '\002';
    }
  else
    {
      g_string_prepend_c (bytes, '\002');
    }
  g_string_append_c (bytes, '\003');
  g_output_stream_write_all (g_io_stream_get_output_stream (peer->stream), bytes->str, bytes->len, NULL, NULL, NULL);
  g_string_free (bytes, TRUE);
}

G_GNUC_PRINTF (2, 3)
static void
peer_sendf (Peer       *peer,
            const char *format,
            ...)
{
  g_autofree char *frame = NULL;
  va_list          args;

  va_start (args, format);
  frame = g_strdup_vprintf (format, args);
  va_end (args);
  peer_send (peer, frame);
}

/* The peer's read ends later, and frees it. */
static void
peer_drop (Peer *peer)
{
  if (!peer->server)
    return;
  g_ptr_array_remove (peer->server->peers, peer);
  peer->server = NULL;
  g_cancellable_cancel (peer->cancellable);
  g_socket_close (g_socket_connection_get_socket (peer->connection), NULL);
}

static char *
field (const char *frame,
       const char *key)
{
  const char      *end = frame[0] == '^' ? strchr (frame, '>') : NULL;
  g_autofree char *heading = end ? g_strndup (frame + 1, end - frame - 1) : g_strdup ("");
  g_auto (GStrv)   fields = g_strsplit (heading, "|", -1);
  const gsize      len = strlen (key);

  for (guint i = 0; fields[i]; i++)
    {
      if (strncmp (fields[i], key, len) == 0 && fields[i][len] == '=')
        return g_strdup (fields[i] + len + 1);
    }
  return NULL;
}

static void
show (Peer              *peer,
      const FakeMessage *message,
      gboolean           replay)
{
  GString       *frame = g_string_new (NULL);
  const gboolean own = g_str_equal (message->from, peer->name);

  if (message->to && !own && !g_str_equal (message->to, peer->name))
    {
      g_string_free (frame, TRUE);
      return;
    }
  g_string_printf (frame, "^id=%" G_GUINT64_FORMAT "|time=%" G_GUINT64_FORMAT "|from=%s", message->id, message->time, message->from);
  if (message->to)
    g_string_append_printf (frame, "|to=%s", message->to);
  if (own && message->cid && (!replay || peer->server->replays_cids))
    g_string_append_printf (frame, "|cid=%s", message->cid);
  if (replay)
    g_string_append (frame, "|replay=1");
  g_string_append_printf (frame, ">4%s", message->text);
  peer_send (peer, frame->str);
  g_string_free (frame, TRUE);
}

static guint64
newest (FakeExtended *self)
{
  return self->log->len > 0 ? ((FakeMessage *) self->log->pdata[self->log->len - 1])->id : 0;
}

static gboolean
has_parted (FakeExtended *self,
            guint64       since)
{
  return self->run && self->parted != 0 && since >= self->parted;
}

static char *
welcome_fields (FakeExtended *self,
                guint64       since)
{
  GString *fields = g_string_new (NULL);

  if (self->run)
    g_string_append_printf (fields, "|run=%s", self->run);
  if (has_parted (self, since))
    g_string_append_printf (fields, "|parted=%" G_GUINT64_FORMAT, self->parted);
  return g_string_free (fields, FALSE);
}

static void
log_in (Peer       *peer,
        const char *frame,
        const char *name)
{
  FakeExtended    *server = peer->server;
  g_autofree char *since = field (frame, "since");
  g_autofree char *since_server = field (frame, "since-server");
  const gboolean   resumes = g_strcmp0 (since_server, server->id) == 0;
  guint64          from = since ? strtoull (since, NULL, 10) : 0;
  g_autofree char *told = welcome_fields (server, resumes ? from : 0);

  if (server->refuses)
    {
      peer_sendf (peer, "^reason=%s>0%s", server->refuses, name);
      return;
    }
  g_free (peer->name);
  peer->name = g_strdup (name);
  if (!server->classic)
    peer_sendf (peer, "^v=2|id=%s|name=Office|self=%s|last=%" G_GUINT64_FORMAT "|keep=365%s>W%s",
                server->welcomes_as ? server->welcomes_as : server->id, name, newest (server), told, server->motd ? server->motd : "");
  for (guint i = 0; i < server->roster->len; i++)
    {
      const char *who = server->roster->pdata[i];

      if (who[0] == '^')
        peer_send (peer, who);
      else
        peer_sendf (peer, "1%s", who);
    }
  if (server->key)
    peer_sendf (peer, "^key=%s>1%s", server->key, name);
  else
    peer_sendf (peer, "1%s", name);
  if (server->classic)
    return;
  if (has_parted (server, from))
    from = server->parted - 1;
  if (server->breaks > 0)
    {
      server->breaks--;
      peer_send (peer, "^code=history>Eno");
      peer_drop (peer);
      return;
    }
  for (guint i = 0; resumes && from <= newest (server) && i < server->log->len; i++)
    {
      const FakeMessage *message = server->log->pdata[i];

      if (message->id > from)
        show (peer, message, TRUE);
    }
  if (server->catches_up)
    peer_sendf (peer, "^last=%" G_GUINT64_FORMAT ">C", newest (server));
}

static FakeMessage *
store (FakeExtended *self,
       const char   *from,
       const char   *to,
       const char   *cid,
       const char   *text)
{
  FakeMessage *message = g_new0 (FakeMessage, 1);

  message->id = newest (self) + 1;
  message->time = 1000 * message->id;
  message->from = g_strdup (from);
  message->to = g_strdup (to);
  message->cid = g_strdup (cid);
  message->text = g_strdup (text);
  g_ptr_array_add (self->log, message);
  return message;
}

static void
take_chat (Peer       *peer,
           const char *frame,
           const char *to,
           const char *text)
{
  FakeExtended    *server = peer->server;
  g_autofree char *cid = field (frame, "cid");
  FakeMessage     *message = NULL;

  if (server->fails && server->n_fails > 0)
    {
      server->n_fails--;
      peer_sendf (peer, "^code=%s|cid=%s>Eno", server->fails, cid ? cid : "");
      return;
    }
  for (guint i = 0; cid && i < server->log->len; i++)
    {
      FakeMessage *before = server->log->pdata[i];

      if (g_strcmp0 (before->cid, cid) == 0)
        message = before;
    }
  if (!message)
    message = store (server, peer->name, to, cid, text);
  if (!server->loses_echoes)
    show (peer, message, FALSE);
}

static gboolean
concerns (const FakeMessage *message,
          const char        *name,
          const char        *with)
{
  if (!with)
    return message->to == NULL;
  return message->to && ((g_str_equal (message->from, name) && g_str_equal (message->to, with)) ||
                         (g_str_equal (message->from, with) && g_str_equal (message->to, name)));
}

static void
answer_history (Peer       *peer,
                const char *frame)
{
  FakeExtended         *server = peer->server;
  g_autofree char      *before = field (frame, "before");
  g_autofree char      *limit = field (frame, "limit");
  g_autofree char      *with = field (frame, "with");
  const guint64         bound = before ? strtoull (before, NULL, 10) : G_MAXUINT64;
  const guint           max = limit ? strtoul (limit, NULL, 10) : 100;
  g_autoptr (GPtrArray) page = g_ptr_array_new ();
  gboolean              more = FALSE;

  if (server->n_unread > 0)
    {
      server->n_unread--;
      peer_send (peer, "^code=history>Enot now");
      return;
    }
  for (guint i = server->log->len; i > 0 && !more; i--)
    {
      FakeMessage *message = server->log->pdata[i - 1];

      if (message->id >= bound || !concerns (message, peer->name, with))
        continue;
      more = page->len == max;
      if (!more)
        g_ptr_array_add (page, message);
    }
  for (guint i = page->len; i > 0; i--)
    show (peer, page->pdata[i - 1], TRUE);
  peer_sendf (peer, "^more=%d>h", more);
}

static void
take (Peer       *peer,
      const char *frame)
{
  FakeExtended *server = peer->server;
  const char   *packet = frame[0] == '^' ? strchr (frame, '>') + 1 : frame;
  const char   *comma = strchr (packet, ',');

  if (packet[0] == 'P')
    {
      g_autofree char *n = field (frame, "n");

      server->n_pings++;
      if (server->pongs)
        peer_sendf (peer, "^n=%s>p", n);
      return;
    }
  g_ptr_array_add (server->received, g_strdup (frame));
  server->n_frames = server->received->len;
  if (packet[0] == '1')
    {
      log_in (peer, frame, packet + 1);
    }
  else if (server->classic && packet[0] == '3')
    {
      peer_sendf (peer, "4%s: %s", peer->name, packet + 1);
    }
  else if (packet[0] == '3')
    {
      take_chat (peer, frame, NULL, packet + 1);
    }
  else if (packet[0] == '2' && comma)
    {
      g_autofree char *to = g_strndup (packet + 1, comma - packet - 1);

      take_chat (peer, frame, to, comma + 1);
    }
  else if (packet[0] == 'H')
    {
      answer_history (peer, frame);
    }
}

static void read_on (Peer *peer);

static void
take_hello (Peer *peer)
{
  peer->server->n_hellos++;
  if (peer->server->hello == FAKE_HELLO_ANSWERED)
    peer_send (peer, "4* What was that?");
  if (peer->server->hello != FAKE_HELLO_IGNORED)
    peer_drop (peer);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  Peer  *peer = data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (n <= 0 || !peer->server)
    {
      peer_drop (peer);
      peer_free (peer);
      return;
    }
  if (peer->in->len == 0 && peer->chunk[0] == HELLO)
    {
      take_hello (peer);
      n = 0;
    }
  g_byte_array_append (peer->in, (const guint8 *) peer->chunk, n);
  while (peer->server)
    {
      guint8          *end = peer->in->len == 0 ? NULL : memchr (peer->in->data, '\003', peer->in->len);
      g_autofree char *frame = NULL;

      if (!end)
        break;
      frame = g_strndup ((char *) peer->in->data, end - peer->in->data);
      g_byte_array_remove_range (peer->in, 0, end - peer->in->data + 1);
      for (char *c = frame; *c; c++)
        *c = *c == '\001' ? '^' : *c == '\037' ? '|'
                                : *c == '\002' ? '>'
                                               : *c;
      take (peer, frame[0] == '^' ? frame : frame + 1);
    }
  read_on (peer);
}

static void
read_on (Peer *peer)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (peer->stream), peer->chunk, sizeof peer->chunk, G_PRIORITY_DEFAULT, peer->cancellable,
                             on_read, peer);
}

static gboolean
on_certificate (GTlsConnection      *connection,
                GTlsCertificate     *certificate,
                GTlsCertificateFlags errors,
                gpointer             data)
{
  return TRUE;
}

static void
on_shaken (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Peer                  *peer = data;
  const gboolean         shaken = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL);
  GTlsCertificate       *certificate = shaken ? g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (source)) : NULL;
  g_autoptr (GByteArray) der = NULL;

  if (!shaken || !peer->server)
    {
      peer_drop (peer);
      peer_free (peer);
      return;
    }
  g_clear_pointer (&peer->server->peer, g_bytes_unref);
  if (certificate)
    {
      g_object_get (certificate, "certificate", &der, NULL);
      peer->server->peer = g_bytes_new (der->data, der->len);
    }
  peer->server->n_secured++;
  read_on (peer);
}

static gboolean
on_incoming (FakeExtended      *self,
             GSocketConnection *connection)
{
  Peer *peer = g_new0 (Peer, 1);

  peer->server = self;
  peer->connection = g_object_ref (connection);
  peer->cancellable = g_cancellable_new ();
  peer->in = g_byte_array_new ();
  g_ptr_array_add (self->peers, peer);
  self->n_connections++;
  if (self->certificate)
    {
      peer->stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
      g_assert_nonnull (peer->stream);
      g_object_set (peer->stream, "authentication-mode", G_TLS_AUTHENTICATION_REQUESTED, "require-close-notify", FALSE, NULL);
      g_signal_connect (peer->stream, "accept-certificate", G_CALLBACK (on_certificate), NULL);
      g_tls_connection_handshake_async (G_TLS_CONNECTION (peer->stream), G_PRIORITY_DEFAULT, peer->cancellable, on_shaken, peer);
      return TRUE;
    }
  peer->stream = g_object_ref (G_IO_STREAM (connection));
  read_on (peer);
  return TRUE;
}

/* @port: 0: a free one. */
static void
listen_on (FakeExtended *self,
           guint16       port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError)         error = NULL;

  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective,
                                      &error))
    g_error ("The fake server cannot listen: %s", error->message);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);
}

FakeExtended *
fake_extended_new (void)
{
  FakeExtended *self = g_new0 (FakeExtended, 1);

  self->id = "server-a";
  self->catches_up = self->replays_cids = self->pongs = TRUE;
  self->roster = g_ptr_array_new_with_free_func (g_free);
  self->log = g_ptr_array_new_with_free_func (message_free);
  self->received = g_ptr_array_new_with_free_func (g_free);
  self->peers = g_ptr_array_new ();
  listen_on (self, 0);
  return self;
}

void
fake_extended_stop (FakeExtended *self)
{
  if (!self->service)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}

void
fake_extended_restart (FakeExtended *self)
{
  if (!self->service)
    listen_on (self, self->port);
}

void
fake_extended_free (FakeExtended *self)
{
  fake_extended_drop (self);
  fake_extended_stop (self);
  while (g_main_context_iteration (NULL, FALSE)) /* the cancelled reads */
    ;
  g_ptr_array_unref (self->roster);
  g_ptr_array_unref (self->log);
  g_ptr_array_unref (self->received);
  g_ptr_array_unref (self->peers);
  g_clear_pointer (&self->peer, g_bytes_unref);
  g_free (self);
}

void
fake_extended_send (FakeExtended *self,
                    const char   *frame)
{
  for (guint i = 0; i < self->peers->len; i++)
    peer_send (self->peers->pdata[i], frame);
}

guint64
fake_extended_store (FakeExtended *self,
                     const char   *from,
                     const char   *to,
                     const char   *text)
{
  return store (self, from, to, NULL, text)->id;
}

guint64
fake_extended_say (FakeExtended *self,
                   const char   *from,
                   const char   *to,
                   const char   *text)
{
  FakeMessage *message = store (self, from, to, NULL, text);

  for (guint i = 0; i < self->peers->len; i++)
    {
      Peer *peer = self->peers->pdata[i];

      if (peer->name)
        show (peer, message, FALSE);
    }
  return message->id;
}

void
fake_extended_drop (FakeExtended *self)
{
  while (self->peers->len > 0)
    peer_drop (self->peers->pdata[0]);
}

const char *
fake_extended_find (FakeExtended *self,
                    const char   *part)
{
  for (guint i = self->received->len; i > 0; i--)
    {
      if (strstr (self->received->pdata[i - 1], part))
        return self->received->pdata[i - 1];
    }
  return NULL;
}

guint
fake_extended_count (FakeExtended *self,
                     const char   *part)
{
  guint n = 0;

  for (guint i = 0; i < self->received->len; i++)
    n += strstr (self->received->pdata[i], part) != NULL;
  return n;
}
