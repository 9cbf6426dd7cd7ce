/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* The sockets that wait for connections: one for each address, all with one port number. */

typedef struct _AhoydListener AhoydListener;

/* @fd (transfer full): a connection, non-blocking. @from: who that is. */
typedef void (*AhoydListenerAccepted) (int                    fd,
                                       const struct sockaddr *from,
                                       gpointer               data);

/* @addresses: (element-type GInetSocketAddress) whose port does not matter; empty: every IPv4 and IPv6 address, as far as the kernel has these
 * families. @port: 0: any that is free for all of them.
 * Returns: (transfer full): NULL with a G_IO_ERROR whose message names the address; ADDRESS_IN_USE when that is why. */
AhoydListener *ahoyd_listener_new (AhoyPoll             *poll,
                                   GMainContext         *context,
                                   GPtrArray            *addresses,
                                   guint16               port,
                                   AhoydListenerAccepted accepted,
                                   gpointer              data,
                                   GError              **error);
void           ahoyd_listener_free (AhoydListener *listener);

guint16 ahoyd_listener_get_port (AhoydListener *listener);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydListener, ahoyd_listener_free)

G_END_DECLS
