/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Hears whether our own broadcasts and multicasts come back. */

#include "core/ahoy-echo-private.h"

#include "core/ahoy-datagram-private.h"
#include "wire/ahoy-limits.h"

/* Datagrams in one turn of the loop: a flood on the port must not stop the window. */
#define TURN_MAX 32

typedef struct {
  struct in_addr broadcast;
  AhoyEchoFunc   func;
  gpointer       data;
} Echo;

static gboolean
on_readable (GSocket      *socket,
             GIOCondition  condition,
             gpointer      data)
{
  Echo *echo = data;
  GSource *source = g_main_current_source ();

  for (int i = 0; i < TURN_MAX && !g_source_is_destroyed (source); i++)
    {
      guint8 buffer[AHOY_DISCOVERY_MAX];
      AhoyDiscoveryRequest request;
      g_autoptr (GSocketAddress) sender = NULL;
      int index;
      gssize len = ahoy_datagram_receive (socket, &sender, &index, buffer, sizeof buffer);

      if (len < 0)
        break;
      if (len <= AHOY_DISCOVERY_MAX && ahoy_discovery_request_parse (&request, buffer, len) && request.extended)
        echo->func (echo->broadcast, index, request.nonce, echo->data);
    }

  return G_SOURCE_CONTINUE;
}

/* @socket (nullable). */
static GSource *
listen_on (GSocket        *socket,
           struct in_addr  broadcast,
           AhoyEchoFunc    func,
           gpointer        data)
{
  GSource *source;
  Echo *echo;

  if (socket == NULL)
    return NULL;

  echo = g_new0 (Echo, 1);
  echo->broadcast = broadcast;
  echo->func = func;
  echo->data = data;

  source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), echo, g_free);
  g_source_attach (source, NULL);
  return source;
}

GSource *
ahoy_echo_listen (struct in_addr broadcast,
                  guint16        port,
                  AhoyEchoFunc   func,
                  gpointer       data)
{
  g_autoptr (GSocket) socket = ahoy_datagram_open_ipv4 (broadcast, port, TRUE, NULL);

  return listen_on (socket, broadcast, func, data);
}

GSource *
ahoy_echo_listen_group (GInetSocketAddress *group,
                        AhoyEchoFunc        func,
                        gpointer            data)
{
  g_autoptr (GSocket) socket = ahoy_datagram_open_group (group, NULL);

  return listen_on (socket, (struct in_addr) { htonl (INADDR_ANY) }, func, data);
}
