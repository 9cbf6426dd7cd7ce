/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* The rung of a search that asks this computer's Avahi who is published by mDNS. DISCOVERY.md, "Discovery by DNS". Main thread; nothing blocks.
 *
 * Avahi is not started for it. Without a system bus, or without Avahi, its row says so and that is all. */

typedef struct _AhoyMdns AhoyMdns;

/* One that is published. @host: an address, with the interface as its scope where it is link-local. The rung may be freed in here. */
typedef void (*AhoyMdnsFunc) (const char               *host,
                              const AhoyDiscoveryReply *reply,
                              gpointer                  data);

/* Asks. @probes (AhoyProbe): gets one row. */
AhoyMdns *ahoy_mdns_new (GListStore  *probes,
                         AhoyMdnsFunc on_reply,
                         gpointer     data);
/* Ends the question; nothing is told after it. */
void ahoy_mdns_free (AhoyMdns *self);

G_END_DECLS
