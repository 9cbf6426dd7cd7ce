/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* The asking half of a search: whom to ask, the sockets, and what happened to each request and reply (the probes). It
 * knows nothing of time: each ahoy_discovery_scanner_ask() is one attempt. Main thread. */

typedef struct _AhoyDiscoveryScanner AhoyDiscoveryScanner;

/* A reply to this search. @sender: where it came from. The scanner may be freed in here. */
typedef void (*AhoyDiscoveryScannerFunc) (GSocketAddress           *sender,
                                          const AhoyDiscoveryReply *reply,
                                          gpointer                  data);

/* @discovery_port: where servers listen. @probes (AhoyProbe): gets one for each target. */
AhoyDiscoveryScanner *ahoy_discovery_scanner_new (guint16                  discovery_port,
                                                  GListStore              *probes,
                                                  AhoyDiscoveryScannerFunc on_reply,
                                                  gpointer                 data);
/* Closes everything; no reply is told after it. */
void ahoy_discovery_scanner_free (AhoyDiscoveryScanner *self);

/* To ask this computer and all that is on its networks. */
void ahoy_discovery_scanner_add_broadcasts (AhoyDiscoveryScanner *self);
/* To ask @address, on its port and on @port as well (0: there is no other). When an attempt is under way it is asked at once. */
void ahoy_discovery_scanner_add_address (AhoyDiscoveryScanner *self,
                                         GSocketAddress       *address,
                                         guint16               port);
/* One attempt. @own (out) (transfer full) (nullable): this computer's addresses, as ahoy_interfaces_list() tells them; NULL when
 * only addresses are asked. */
void ahoy_discovery_scanner_ask (AhoyDiscoveryScanner *self,
                                 GHashTable          **own);
/* From the next attempt on, who is online on a server is asked for it as well. */
void ahoy_discovery_scanner_set_help (AhoyDiscoveryScanner *self,
                                      gboolean              help);
/* Whether @address is one of those that were added. */
gboolean ahoy_discovery_scanner_was_asked (AhoyDiscoveryScanner *self,
                                           GSocketAddress       *address);

/* "192.168.1.7", "fe80::1%eth0". */
char *ahoy_discovery_scanner_host_text (GSocketAddress *address);

G_END_DECLS
