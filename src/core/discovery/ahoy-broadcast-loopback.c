/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Hears whether our own broadcasts and multicasts come back. */

#include "core/discovery/ahoy-broadcast-loopback-private.h"

#include "core/discovery/ahoy-datagram-private.h"
#include "wire/ahoy-limits.h"

/* Datagrams in one turn of the loop: a flood on the port must not stop the window. */
#define TURN_MAX 32

typedef struct {
  struct in_addr            broadcast;
  AhoyBroadcastLoopbackFunc func;
  gpointer                  data;
} Loopback;

static gboolean
on_readable (GSocket     *socket,
             GIOCondition condition,
             gpointer     data)
{
  Loopback *loopback = data;
  GSource  *source = g_main_current_source ();

  for (int i = 0; i < TURN_MAX && !g_source_is_destroyed (source); i++)
    {
      guint8                     buffer[AHOY_DISCOVERY_MAX];
      AhoyDiscoveryRequest       request;
      g_autoptr (GSocketAddress) sender = NULL;
      int                        index;
      gssize                     len = ahoy_datagram_receive (socket, &sender, &index, buffer, sizeof buffer);

      if (len < 0)
        break;
      if (len <= AHOY_DISCOVERY_MAX && ahoy_discovery_request_parse (&request, buffer, len) && request.extended)
        loopback->func (loopback->broadcast, index, request.nonce, loopback->data);
    }

  return G_SOURCE_CONTINUE;
}

/* @socket (nullable). */
static GSource *
listen_on (GSocket                  *socket,
           struct in_addr            broadcast,
           AhoyBroadcastLoopbackFunc func,
           gpointer                  data)
{
  GSource  *source;
  Loopback *loopback;

  if (socket == NULL)
    return NULL;

  loopback = g_new0 (Loopback, 1);
  loopback->broadcast = broadcast;
  loopback->func = func;
  loopback->data = data;

  source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (on_readable), loopback, g_free);
  g_source_attach (source, NULL);
  return source;
}

GSource *
ahoy_broadcast_loopback_listen (struct in_addr            broadcast,
                                guint16                   port,
                                AhoyBroadcastLoopbackFunc func,
                                gpointer                  data)
{
  g_autoptr (GSocket) socket = ahoy_datagram_open_ipv4 (broadcast, port, TRUE, NULL);

  return listen_on (socket, broadcast, func, data);
}

GSource *
ahoy_broadcast_loopback_listen_group (GInetSocketAddress       *group,
                                      AhoyBroadcastLoopbackFunc func,
                                      gpointer                  data)
{
  g_autoptr (GSocket) socket = ahoy_datagram_open_group (group, NULL);

  return listen_on (socket, (struct in_addr){ htonl (INADDR_ANY) }, func, data);
}
