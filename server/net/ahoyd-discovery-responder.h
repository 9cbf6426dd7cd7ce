/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "control/ahoyd-stats.h"
#include "net/ahoyd-answers.h"
#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

/* Answers "is there a chat server?" on UDP. PROTOCOL.md, "Discovery". Over IPv4 broadcast is what finds servers, over IPv6 a multicast group,
 * which is listened to on every interface that is up, whenever it comes.
 *
 * Several servers of one machine may share the port, and each hears a broadcast. A server that serves only some addresses hears
 * what comes in on their interfaces (and from this machine), and answers from that address, because it is the one that the asker will connect
 * to. */

typedef struct _AhoydDiscoveryResponder AhoydDiscoveryResponder;

/* @addresses (element-type GInetSocketAddress): the ones that are served; empty: all. @port: 0: any that is free. @stats (borrowed).
 * A machine without IPv6 is no error where IPv4 is served too: that is logged.
 * Returns: (transfer full): NULL with a G_IO_ERROR whose message is a sentence for the operator. */
AhoydDiscoveryResponder *ahoyd_discovery_responder_new (AhoyPoll            *poll,
                                                        GPtrArray           *addresses,
                                                        guint16              port,
                                                        AhoydStats          *stats,
                                                        AhoydAnswersDescribe describe,
                                                        gpointer             data,
                                                        GError             **error);
void                     ahoyd_discovery_responder_free (AhoydDiscoveryResponder *responder);

guint16 ahoyd_discovery_responder_get_port (AhoydDiscoveryResponder *responder);
/* Returns: (transfer full): what it listens to, for the operator: "UDP port 24690, over IPv4 and over IPv6 (ff12::8000:6072 on eth0)". */
char *ahoyd_discovery_responder_to_string (AhoydDiscoveryResponder *responder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDiscoveryResponder, ahoyd_discovery_responder_free)

G_END_DECLS
