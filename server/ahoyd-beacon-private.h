/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The beacon's two families, each with its socket and its way of knowing which address was asked. */

#pragma once

#include <gio/gio.h>

#include "ahoyd-answers.h"
#include "ahoyd-stats.h"
#include "wire/ahoy-poll.h"

G_BEGIN_DECLS

typedef struct _AhoydBeaconIpv4 AhoydBeaconIpv4;
typedef struct _AhoydBeaconIpv6 AhoydBeaconIpv6;

/* Whether a server with these addresses (as for ahoyd_beacon_new()) serves one of the family. */
gboolean         ahoyd_beacon_ipv4_is_served (GPtrArray *addresses);
gboolean         ahoyd_beacon_ipv6_is_served (GPtrArray *addresses);

/* As ahoyd_beacon_new(); the addresses of the other family say nothing. @answers, @stats (borrowed). */
AhoydBeaconIpv4 *ahoyd_beacon_ipv4_new  (AhoyPoll         *poll,
                                         GPtrArray        *addresses,
                                         guint16           port,
                                         AhoydAnswers     *answers,
                                         AhoydStats       *stats,
                                         GError          **error);
void             ahoyd_beacon_ipv4_free (AhoydBeaconIpv4  *ipv4);
AhoydBeaconIpv6 *ahoyd_beacon_ipv6_new  (AhoyPoll         *poll,
                                         GPtrArray        *addresses,
                                         guint16           port,
                                         AhoydAnswers     *answers,
                                         AhoydStats       *stats,
                                         GError          **error);
void             ahoyd_beacon_ipv6_free (AhoydBeaconIpv6  *ipv6);

guint16 ahoyd_beacon_ipv4_get_port (AhoydBeaconIpv4 *ipv4);
guint16 ahoyd_beacon_ipv6_get_port (AhoydBeaconIpv6 *ipv6);
/* Returns: (transfer full): where the group is listened to: "eth0, wlan0"; for the operator. */
char   *ahoyd_beacon_ipv6_dup_interfaces (AhoydBeaconIpv6 *ipv6);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydBeaconIpv4, ahoyd_beacon_ipv4_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydBeaconIpv6, ahoyd_beacon_ipv6_free)

G_END_DECLS
