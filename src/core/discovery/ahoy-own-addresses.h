/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Under which addresses others on the LAN reach this computer, as people may tell them: those of the interfaces that a LAN may be behind. Main thread; asks
 * the kernel, which takes no time to speak of.
 *
 * Signal "changed" (): the network is another one, and so may be what follows. */

#define AHOY_TYPE_OWN_ADDRESSES (ahoy_own_addresses_get_type ())
G_DECLARE_FINAL_TYPE (AhoyOwnAddresses, ahoy_own_addresses, AHOY, OWN_ADDRESSES, GObject)

AhoyOwnAddresses *ahoy_own_addresses_new (void);

/* Each address has @port with it, written as by ahoy_server_dup_address(). They are IPv4; of an interface without, its IPv6 addresses that mean the same for everybody (no link-local ones).
 * Returns: (transfer full): may be empty, also where there is a network. */
GStrv ahoy_own_addresses_dup (AhoyOwnAddresses *self,
                              guint16           port);
/* Returns: whether there is any network that a LAN may be behind. */
gboolean ahoy_own_addresses_has_network (AhoyOwnAddresses *self);

G_END_DECLS
