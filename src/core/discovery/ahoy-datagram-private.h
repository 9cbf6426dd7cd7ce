/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <netinet/in.h>

G_BEGIN_DECLS

/* UDP with what GSocket does not tell: which interface a datagram came in by (or shall leave by), and the errno of a send that failed.
 * Nothing here blocks. */

/* A socket that broadcasts, bound to @address (INADDR_ANY or, to hear broadcasts and nothing else, a broadcast address)
 * and @port (0: any free).
 * @share: others may be bound to the same port. */
GSocket *ahoy_datagram_open_ipv4 (struct in_addr address,
                                  guint16        port,
                                  gboolean       share,
                                  GError       **error);
/* To send from, on a port that the system chooses. A multicast leaves by the interface that the address's scope says, and is not routed on. */
GSocket *ahoy_datagram_open_ipv6 (GError **error);
/* A socket that hears what is sent to @group (multicast, IPv6) and @port on the interface of @group's scope, and nothing else. Others may be bound
 * to the same. */
GSocket *ahoy_datagram_open_group (GInetSocketAddress *group,
                                   GError            **error);

/* @index and @source: leave by that interface with that address (IP_PKTINFO, IPv4 only); 0: as the routes say, or the scope of an IPv6 address.
 * Returns: 0, else the errno. */
int ahoy_datagram_send (GSocket        *socket,
                        GSocketAddress *to,
                        int             index,
                        struct in_addr  source,
                        GBytes         *data);

/* @sender (out) (transfer full), @index (out): of the interface, 0 where the kernel does not tell.
 * Returns: the datagram's length, more than @size when it was cut; -1 when none is waiting. */
gssize ahoy_datagram_receive (GSocket         *socket,
                              GSocketAddress **sender,
                              int             *index,
                              void            *buffer,
                              gsize            size);

G_END_DECLS
