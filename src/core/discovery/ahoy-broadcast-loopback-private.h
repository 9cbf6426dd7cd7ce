/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <netinet/in.h>

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* Hears whether our own broadcasts and multicasts come back.
 *
 * A broadcast comes back only to sockets on the port it was sent to, and the finder's own is on another. So a second one
 * listens there, bound to the broadcast address itself and not to every address: it gets what was broadcast and nothing
 * else. On Linux a unicast datagram goes to one of the sockets that share a port; a socket that could take it would keep
 * requests from a server on this computer. */

/* Somebody's extended request was broadcast, or sent to the group: then @broadcast is INADDR_ANY. @index: of the interface it came in by. */
typedef void (*AhoyBroadcastLoopbackFunc) (struct in_addr broadcast,
                                           int            index,
                                           const char    *nonce,
                                           gpointer       data);

/* Returns: (transfer full) (nullable): attached to the default context; g_source_destroy() ends it. NULL where one
 * cannot listen: somebody has the port to themselves. */
GSource *ahoy_broadcast_loopback_listen (struct in_addr            broadcast,
                                         guint16                   port,
                                         AhoyBroadcastLoopbackFunc func,
                                         gpointer                  data);
/* Like ahoy_broadcast_loopback_listen(), for what is sent to @group (IPv6), with its scope and port. */
GSource *ahoy_broadcast_loopback_listen_group (GInetSocketAddress       *group,
                                               AhoyBroadcastLoopbackFunc func,
                                               gpointer                  data);

G_END_DECLS
