/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A classic server inside the test. */

#include "support/fake-classic.h"

#include <string.h>

#define STX "\x02"
#define ETX "\x03"

typedef struct {
  FakeClassic       *server; /* borrowed; NULL once dropped */
  GSocketConnection *connection;
  GCancellable      *cancellable;
  GByteArray        *in;
  char              *name; /* NULL before the log-in */
  char               chunk[4096];
} Peer;

static void
peer_free (gpointer data)
{
  Peer *peer = data;

  g_object_unref (peer->connection);
  g_object_unref (peer->cancellable);
  g_byte_array_unref (peer->in);
  g_free (peer->name);
  g_free (peer);
}

static void
peer_write (Peer       *peer,
            const char *bytes,
            gsize       len)
{
  /* Loopback takes what a test sends; a peer that has gone is noticed by its read. */
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer->connection)), bytes, len, NULL, NULL, NULL);
}

static void
peer_send (Peer       *peer,
           const char *frame)
{
  g_autofree char *bytes = g_strconcat (STX, frame, ETX, NULL);

  peer_write (peer, bytes, strlen (bytes));
}

/* What the server says by itself, in its charset. */
static void
peer_say (Peer       *peer,
          char        type,
          const char *body)
{
  const char      *charset = peer->server->charset;
  g_autofree char *encoded = charset ? g_convert_with_fallback (body, -1, charset, "UTF-8", "?", NULL, NULL, NULL) : g_strdup (body);
  g_autofree char *frame = g_strdup_printf ("%c%s", type, encoded);

  peer_send (peer, frame);
}

/* The peer's read ends later, and frees it. */
static void
peer_drop (Peer *peer)
{
  FakeClassic *server = peer->server;

  if (!server)
    return;
  peer->server = NULL;
  server->n_open--;
  g_ptr_array_remove (server->peers, peer);
  g_cancellable_cancel (peer->cancellable);
  g_io_stream_close (G_IO_STREAM (peer->connection), NULL, NULL);
}

static void
log_in (Peer       *peer,
        const char *name)
{
  FakeClassic *server = peer->server;

  if (server->hangs_up)
    {
      peer_drop (peer);
      return;
    }
  if (server->refusals > 0)
    {
      server->refusals--;
      peer_say (peer, '0', name);
      return;
    }
  if (!server->accepts)
    return;
  g_free (peer->name);
  peer->name = g_strdup (name);
  for (guint i = 0; i < server->roster->len; i++)
    peer_say (peer, '1', server->roster->pdata[i]);
  peer_say (peer, '1', name);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the test's formats */
static char *
format_say (FakeClassic *self,
            const char  *from,
            const char  *text)
{
  return g_strdup_printf (self->say_format, from, text);
}

static char *
format_whisper (FakeClassic *self,
                const char  *from,
                const char  *to,
                const char  *text)
{
  return g_strdup_printf (self->whisper_format, from, to, text);
}
#pragma GCC diagnostic pop

static void
take (Peer       *peer,
      const char *frame)
{
  FakeClassic     *server = peer->server;
  g_autofree char *body = NULL;
  g_autofree char *line = NULL;

  g_ptr_array_add (server->received, g_strdup (frame));
  server->n_frames = server->received->len;
  if (server->dumb)
    return;

  body = server->charset && !g_utf8_validate (frame + 1, -1, NULL) ? g_convert (frame + 1, -1, "UTF-8", server->charset, NULL, NULL, NULL)
                                                                   : g_strdup (frame + 1);
  if (frame[0] == '1')
    {
      log_in (peer, body);
    }
  else if (frame[0] == '3' && server->echoes && peer->name)
    {
      line = format_say (server, peer->name, body);
      peer_say (peer, '4', line);
    }
  else if (frame[0] == '2' && server->echoes_whispers && peer->name)
    {
      char *comma = strchr (body, ',');

      if (!comma)
        return;
      *comma = '\0';
      line = format_whisper (server, peer->name, body, comma + 1);
      peer_say (peer, '4', line);
    }
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

  g_byte_array_append (peer->in, (const guint8 *) peer->chunk, n);
  while (peer->server)
    {
      guint8          *end = memchr (peer->in->data, ETX[0], peer->in->len);
      g_autofree char *frame = NULL;

      if (!end)
        break;
      frame = g_strndup ((char *) peer->in->data + 1, end - peer->in->data - 1);
      g_byte_array_remove_range (peer->in, 0, end - peer->in->data + 1);
      take (peer, frame);
    }
  g_input_stream_read_async (G_INPUT_STREAM (source), peer->chunk, sizeof peer->chunk, G_PRIORITY_DEFAULT, peer->cancellable, on_read,
                             peer);
}

static gboolean
on_incoming (FakeClassic       *self,
             GSocketConnection *connection)
{
  Peer *peer = g_new0 (Peer, 1);

  peer->server = self;
  peer->connection = g_object_ref (connection);
  peer->cancellable = g_cancellable_new ();
  peer->in = g_byte_array_new ();
  g_ptr_array_add (self->peers, peer);
  self->n_connections++;
  self->n_open++;
  if (self->greeting)
    peer_write (peer, self->greeting, strlen (self->greeting));
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), peer->chunk, sizeof peer->chunk, G_PRIORITY_DEFAULT,
                             peer->cancellable, on_read, peer);
  return TRUE;
}

static void
listen_on (FakeClassic *self,
           guint16      port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError)         error = NULL;

  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                      &effective, &error))
    g_error ("The fake server cannot listen: %s", error->message);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (on_incoming), self);
  g_socket_service_start (self->service);
}

FakeClassic *
fake_classic_new (void)
{
  FakeClassic *self = g_new0 (FakeClassic, 1);

  self->accepts = self->echoes = self->echoes_whispers = TRUE;
  self->say_format = "%s: %s";
  self->whisper_format = "[whisper] %s to %s: %s";
  self->roster = g_ptr_array_new_with_free_func (g_free);
  self->received = g_ptr_array_new_with_free_func (g_free);
  self->peers = g_ptr_array_new ();
  listen_on (self, 0);
  return self;
}

void
fake_classic_free (FakeClassic *self)
{
  fake_classic_drop (self);
  fake_classic_stop (self);
  while (g_main_context_iteration (NULL, FALSE)) /* the cancelled reads */
    ;
  g_ptr_array_unref (self->roster);
  g_ptr_array_unref (self->received);
  g_ptr_array_unref (self->peers);
  g_free (self);
}

void
fake_classic_send (FakeClassic *self,
                   const char  *frame)
{
  for (guint i = 0; i < self->peers->len; i++)
    peer_send (self->peers->pdata[i], frame);
}

void
fake_classic_send_bytes (FakeClassic *self,
                         const char  *bytes,
                         gsize        len)
{
  for (guint i = 0; i < self->peers->len; i++)
    peer_write (self->peers->pdata[i], bytes, len);
}

void
fake_classic_drop (FakeClassic *self)
{
  while (self->peers->len > 0)
    peer_drop (self->peers->pdata[0]);
}

void
fake_classic_stop (FakeClassic *self)
{
  if (!self->service)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
}

void
fake_classic_restart (FakeClassic *self)
{
  if (!self->service)
    listen_on (self, self->port);
}
