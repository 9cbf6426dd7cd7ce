/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <netinet/in.h>

G_BEGIN_DECLS

/* The interfaces that a LAN may be behind: up, with a carrier, able to broadcast (and so to multicast), not loopback. A tunnel or modem
 * (point-to-point) is none, nor is what is up without a carrier (no cable, no Wi-Fi joined, a bridge without a member),
 * nor a member of a bridge or bond without an address of its own. Not GNetworkMonitor: that one means "there is a
 * default route". Thread-safe; blocks no longer than the kernel takes to answer. */

typedef struct {
  char           *name;
  int             index;
  struct in_addr  address;   /* INADDR_ANY: it has no IPv4 address */
  struct in_addr  netmask;   /* as the next; of no meaning without an address */
  struct in_addr  broadcast; /* directed; 255.255.255.255 where the subnet has none (/31, /32); INADDR_ANY without an address */
  struct in6_addr ipv6;      /* link-local where there is one; "::": it has no IPv6 address that can be used, or not yet (it is made sure first
                                that nobody else has it) */
} AhoyInterface;

void ahoy_interface_free (AhoyInterface *self);

/* AhoyInterface, one for each IPv4 address, those without one last; two addresses with one broadcast address on one interface are one.
 * @own (out) (optional) (transfer full): a set of this computer's addresses as ahoy_interfaces_host_text() writes them, IPv4 and IPv6, those
 * of loopback too.
 * Returns: (transfer full): empty when the kernel does not tell. */
GPtrArray *ahoy_interfaces_list (GHashTable **own);

/* "192.168.1.7", "fe80::1%eth0": a scope's number may be another one after the next start, its name seldom is. The number where the interface has
 * none (any more). */
char *ahoy_interfaces_host_text (GInetSocketAddress *address);

/* Where a broadcast from @address with @netmask goes: 255.255.255.255 when it leaves no room for one. Network byte order. */
struct in_addr ahoy_interfaces_broadcast (struct in_addr address,
                                          struct in_addr netmask);

G_END_DECLS
