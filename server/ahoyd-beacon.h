/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "ahoyd-stats.h"
#include "wire/ahoy-discovery.h"
#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* Answers "is there a chat server?" on UDP. PROTOCOL.md, "Discovery". IPv4: broadcast is what finds servers.
 *
 * Several servers of one machine may share the port, and each hears a broadcast. A server that serves only some addresses hears
 * what comes in on their interfaces (and from this machine), and answers from that address, because it is the one that the asker will connect
 * to. */

typedef struct _AhoydBeacon AhoydBeacon;

/* Fills in @reply's port, id, name, users and tls; the strings stay the caller's and must live until it is called again. */
typedef void (*AhoydBeaconDescribe) (AhoyDiscoveryReply *reply,
                                     gpointer            data);

/* Whether a server with these addresses (element-type GInetSocketAddress; empty: all) can be found by IPv4 at all. */
gboolean     ahoyd_beacon_is_possible (GPtrArray *addresses);

/* @port: 0: any that is free. @stats (borrowed).
 * Returns: (transfer full): NULL with a G_IO_ERROR whose message is a sentence for the operator. */
AhoydBeacon *ahoyd_beacon_new  (AhoyPoll             *poll,
                                GPtrArray            *addresses,
                                guint16               port,
                                AhoydStats           *stats,
                                AhoydBeaconDescribe   describe,
                                gpointer              data,
                                GError              **error);
void         ahoyd_beacon_free (AhoydBeacon          *beacon);

guint16      ahoyd_beacon_get_port (AhoydBeacon *beacon);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydBeacon, ahoyd_beacon_free)

G_END_DECLS
