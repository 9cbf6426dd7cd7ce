/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the tests of the window share. */

#include "fixture.h"

#include <string.h>

#include <glib/gstdio.h>

#include "core/chat/ahoy-client.h"
#include "core/discovery/ahoy-finder-private.h"
#include "support/test-loop.h"

struct _FakeServer {
  GSocketService *service;
  GSocket        *udp;
  GSource        *asked;
  GCancellable   *hang_up; /* ends every connection's thread */
  GMutex          lock;    /* of hang_up */
  guint16         port;
  guint16         discovery_port;
};

AhoySettings *
fixture_make_settings (char **folder)
{
  g_autoptr (GError) error = NULL;
  AhoySettings      *settings;

  *folder = g_dir_make_tmp ("ahoy-test-XXXXXX", NULL);
  settings = ahoy_settings_new (*folder, &error);
  assert_null (error);

  return settings;
}

void
fixture_drop_settings (AhoySettings *settings,
                       char         *folder)
{
  g_autofree char *file = g_build_filename (folder, "settings.ini", NULL);

  g_object_unref (settings);
  g_unlink (file);
  g_rmdir (folder);
  g_free (folder);
}

AhoyConnector *
fixture_make_connector (AhoySettings     *settings,
                        AhoyKeyring      *keyring,
                        AhoyKnownServers *known_servers)
{
  g_autoptr (AhoyClient)    client = ahoy_client_new_full (NULL, keyring, known_servers);
  g_autoptr (AhoyNeighbour) neighbour = ahoy_neighbour_new (client);

  return ahoy_connector_new (AHOY_MEMORY (settings), AHOY_CHAT (client), neighbour, keyring, known_servers);
}

static GCancellable *
take_hang_up (FakeServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_object_ref (self->hang_up);
}

/* One person, in a thread of their own; until they leave. */
static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection      *connection,
               GObject                *source,
               gpointer                data)
{
  FakeServer              *self = data;
  g_autoptr (GCancellable) hang_up = take_hang_up (self);
  GInputStream            *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream           *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GString)      frame = g_string_new (NULL);
  char                     byte;

  while (g_input_stream_read (in, &byte, 1, hang_up, NULL) == 1)
    {
      g_string_append_c (frame, byte);
      if (byte != 0x03)
        continue;
      if (frame->len > 3 && frame->str[1] == '1')
        {
          g_autofree char *name = g_strndup (frame->str + 2, frame->len - 3);
          g_autofree char *answer = g_strdup_printf ("\x02%c%s\x03", strcmp (name, "taken") == 0 ? '0' : '1', name);

          g_output_stream_write_all (out, answer, strlen (answer), NULL, NULL, NULL);
        }
      g_string_truncate (frame, 0);
    }

  return TRUE;
}

static gboolean
on_asked (GSocket     *udp,
          GIOCondition condition,
          gpointer     data)
{
  FakeServer                *self = data;
  g_autoptr (GSocketAddress) from = NULL;
  g_autofree char           *port = g_strdup_printf ("%u", self->port);
  char                       request[512];
  gssize                     len = g_socket_receive_from (udp, &from, request, sizeof request, NULL, NULL);

  if (len == (gssize) strlen ("REQUEST FOR IP ADDRESS AND SERVERPORT"))
    g_socket_send_to (udp, from, port, strlen (port), NULL, NULL);

  return G_SOURCE_CONTINUE;
}

/* No thread has anything to do with it any more. */
static void
on_service_gone (gpointer  data,
                 GClosure *run)
{
  FakeServer *self = data;

  g_object_unref (self->hang_up);
  g_mutex_clear (&self->lock);
  g_free (self);
}

FakeServer *
fake_server_new (guint16 discovery_port)
{
  FakeServer                *self = g_new0 (FakeServer, 1);
  g_autoptr (GError)         error = NULL;
  g_autoptr (GInetAddress)   any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (any, discovery_port);
  g_autoptr (GSocketAddress) got = NULL;

  g_mutex_init (&self->lock);
  self->hang_up = g_cancellable_new ();
  self->service = g_threaded_socket_service_new (8);
  g_signal_connect_data (self->service, "run", G_CALLBACK (on_connection), self, on_service_gone, 0);
  self->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  assert_null (error);

  self->udp = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  assert_null (error);
  g_socket_bind (self->udp, wanted, TRUE, &error);
  assert_null (error);
  got = g_socket_get_local_address (self->udp, &error);
  self->discovery_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  self->asked = g_socket_create_source (self->udp, G_IO_IN, NULL);
  g_source_set_callback (self->asked, G_SOURCE_FUNC (on_asked), self, NULL);
  g_source_attach (self->asked, NULL);

  return self;
}

void
fake_server_hang_up (FakeServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_cancellable_cancel (self->hang_up);
  g_object_unref (self->hang_up);
  self->hang_up = g_cancellable_new ();
}

void
fake_server_free (FakeServer *self)
{
  g_source_destroy (self->asked);
  g_source_unref (self->asked);
  g_object_unref (self->udp);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
}

guint16
fake_server_get_port (FakeServer *self)
{
  return self->port;
}

guint16
fake_server_get_discovery_port (FakeServer *self)
{
  return self->discovery_port;
}

void
fixture_be_patient (AhoyConnector *connector)
{
  const AhoyFinderTiming patient = { .attempts = { 0, 300, 900, 2100 }, .give_up = 10000, .give_up_typed = 10000, .window = 2000 };

  ahoy_finder_set_timing (ahoy_connector_get_finder (connector), &patient);
}

typedef struct {
  AhoyConnector *connector;
  AhoyStep       step;
} Wait;

static gboolean
is_at_step (gpointer data)
{
  const Wait *wait = data;

  return ahoy_connector_get_step (wait->connector) == wait->step;
}

void
fixture_wait_for_step (AhoyConnector *connector,
                       AhoyStep       step)
{
  Wait wait = { connector, step };

  test_loop_until (NULL, is_at_step, &wait, TEST_LOOP_DEADLINE_MS);
  assert_int_equal (ahoy_connector_get_step (connector), step);
}

typedef struct {
  AhoyChat       *chat;
  AhoyClientState state;
} ClientWait;

static gboolean
is_client_at (gpointer data)
{
  const ClientWait *wait = data;

  return ahoy_chat_get_state (wait->chat) == wait->state;
}

gboolean
fixture_wait_for_client (AhoyConnector  *connector,
                         AhoyClientState state)
{
  ClientWait wait = { ahoy_connector_get_chat (connector), state };

  return test_loop_until (NULL, is_client_at, &wait, TEST_LOOP_DEADLINE_MS);
}
