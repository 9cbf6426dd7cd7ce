/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The responder's two families, each with its socket and its way of knowing which address was asked. */

#pragma once

#include <gio/gio.h>

#include "control/ahoyd-stats.h"
#include "net/ahoyd-answers.h"
#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

typedef struct _AhoydDiscoveryResponderIpv4 AhoydDiscoveryResponderIpv4;
typedef struct _AhoydDiscoveryResponderIpv6 AhoydDiscoveryResponderIpv6;

/* Whether a server with these addresses (as for ahoyd_discovery_responder_new()) serves one of the family. */
gboolean ahoyd_discovery_responder_ipv4_is_served (GPtrArray *addresses);
gboolean ahoyd_discovery_responder_ipv6_is_served (GPtrArray *addresses);

/* As ahoyd_discovery_responder_new(); the addresses of the other family say nothing. @answers, @stats (borrowed). */
AhoydDiscoveryResponderIpv4 *ahoyd_discovery_responder_ipv4_new (AhoyPoll     *poll,
                                                                 GPtrArray    *addresses,
                                                                 guint16       port,
                                                                 AhoydAnswers *answers,
                                                                 AhoydStats   *stats,
                                                                 GError      **error);
void                         ahoyd_discovery_responder_ipv4_free (AhoydDiscoveryResponderIpv4 *ipv4);
AhoydDiscoveryResponderIpv6 *ahoyd_discovery_responder_ipv6_new (AhoyPoll     *poll,
                                                                 GPtrArray    *addresses,
                                                                 guint16       port,
                                                                 AhoydAnswers *answers,
                                                                 AhoydStats   *stats,
                                                                 GError      **error);
void                         ahoyd_discovery_responder_ipv6_free (AhoydDiscoveryResponderIpv6 *ipv6);

guint16 ahoyd_discovery_responder_ipv4_get_port (AhoydDiscoveryResponderIpv4 *ipv4);
guint16 ahoyd_discovery_responder_ipv6_get_port (AhoydDiscoveryResponderIpv6 *ipv6);
/* Returns: (transfer full): where the group is listened to: "eth0, wlan0"; for the operator. */
char *ahoyd_discovery_responder_ipv6_dup_interfaces (AhoydDiscoveryResponderIpv6 *ipv6);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDiscoveryResponderIpv4, ahoyd_discovery_responder_ipv4_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDiscoveryResponderIpv6, ahoyd_discovery_responder_ipv6_free)

G_END_DECLS
