/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The UDP half of a server, saying whatever a test wants it to. */

#include "support/fake-responder.h"

#include <string.h>

#define REQUEST "REQUEST FOR IP ADDRESS AND SERVERPORT"
#define HELP "\x1fhelp=1"

struct _FakeResponder {
  GSocket   *socket;
  GSource   *source;
  GPtrArray *classic;  /* replies */
  GPtrArray *extended; /* replies */
  GPtrArray *nonces;
  GArray    *heard_at;
  guint      n_classic;
  guint      n_extended;
  guint16    port;
};

static void
answer (FakeResponder  *self,
        GPtrArray      *replies,
        const char     *nonce,
        GSocketAddress *to)
{
  for (guint i = 0; i < replies->len; i++)
    {
      g_auto (GStrv)   parts = g_strsplit (g_ptr_array_index (replies, i), "@NONCE@", -1);
      g_autofree char *reply = g_strjoinv (nonce, parts);

      g_strdelimit (reply, "|", 0x1f);
      g_socket_send_to (self->socket, to, reply, strlen (reply), NULL, NULL);
    }
}

static gboolean
on_request (GSocket     *socket,
            GIOCondition condition,
            gpointer     data)
{
  FakeResponder             *self = data;
  char                       buffer[1024] = { 0 };
  g_autoptr (GSocketAddress) from = NULL;
  gssize                     len = g_socket_receive_from (socket, &from, buffer, sizeof buffer - 1, NULL, NULL);
  gint64                     now = g_get_monotonic_time ();

  /* A server takes no notice of it. */
  if (len > (gssize) strlen (HELP) && g_str_has_suffix (buffer, HELP))
    {
      len -= strlen (HELP);
      buffer[len] = '\0';
    }
  if (len == strlen (REQUEST) && strcmp (buffer, REQUEST) == 0)
    {
      self->n_classic++;
      answer (self, self->classic, "", from);
    }
  else if (g_str_has_prefix (buffer, REQUEST "\x1fv=2\x1fnonce=") && len == strlen (REQUEST "\x1fv=2\x1fnonce=0123456789abcdef"))
    {
      const char *nonce = buffer + strlen (REQUEST "\x1fv=2\x1fnonce=");

      self->n_extended++;
      if (!g_ptr_array_find_with_equal_func (self->nonces, nonce, g_str_equal, NULL))
        {
          g_ptr_array_add (self->nonces, g_strdup (nonce));
          g_array_append_val (self->heard_at, now);
        }
      answer (self, self->extended, nonce, from);
    }

  return G_SOURCE_CONTINUE;
}

FakeResponder *
fake_responder_new (const char *host,
                    guint16     port)
{
  FakeResponder             *self = g_new0 (FakeResponder, 1);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GError)         error = NULL;

  self->socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_assert_no_error (error);
  g_socket_bind (self->socket, address, TRUE, &error);
  g_assert_no_error (error);
  local = g_socket_get_local_address (self->socket, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local));

  self->classic = g_ptr_array_new_with_free_func (g_free);
  self->extended = g_ptr_array_new_with_free_func (g_free);
  self->nonces = g_ptr_array_new_with_free_func (g_free);
  self->heard_at = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_request), self, NULL);
  g_source_attach (self->source, NULL);

  return self;
}

void
fake_responder_free (FakeResponder *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_object_unref (self->socket);
  g_ptr_array_unref (self->classic);
  g_ptr_array_unref (self->extended);
  g_ptr_array_unref (self->nonces);
  g_array_unref (self->heard_at);
  g_free (self);
}

guint16
fake_responder_get_port (FakeResponder *self)
{
  return self->port;
}

void
fake_responder_answer_classic (FakeResponder *self,
                               const char    *reply)
{
  g_ptr_array_add (self->classic, g_strdup (reply));
}

void
fake_responder_answer_extended (FakeResponder *self,
                                const char    *reply)
{
  g_ptr_array_add (self->extended, g_strdup (reply));
}

guint
fake_responder_get_n_classic (FakeResponder *self)
{
  return self->n_classic;
}

guint
fake_responder_get_n_extended (FakeResponder *self)
{
  return self->n_extended;
}

guint
fake_responder_get_n_nonces (FakeResponder *self)
{
  return self->nonces->len;
}

gint64
fake_responder_get_heard_at (FakeResponder *self,
                             guint          i)
{
  return g_array_index (self->heard_at, gint64, i);
}
