/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/discovery/ahoy-discovery-scanner-private.h"

G_BEGIN_DECLS

/* The last rung of a search: asks every address of the small subnets this computer is in, one by one. DISCOVERY.md, "Asking".
 * A firewall that watches connections lets the answer to such a question in, which it does not do for the answer to a broadcast; and a
 * network that carries no broadcasts from one member to another may carry this. Main thread. */

typedef struct _AhoySweep AhoySweep;

/* Addresses asked in one turn, and how many in one search at most: subnets that would go beyond are not asked. */
#define AHOY_SWEEP_BATCH 8
#define AHOY_SWEEP_MAX 512
/* Larger subnets are not asked. */
#define AHOY_SWEEP_SUBNET_MAX 256

/* Every address was asked. The sweep may be freed in here. */
typedef void (*AhoySweepFunc) (gpointer data);

/* @probes (AhoyProbe): gets one for each subnet. @turn_ms: between two batches. */
AhoySweep *ahoy_sweep_new (guint16                  discovery_port,
                           GListStore              *probes,
                           guint                    turn_ms,
                           AhoyDiscoveryScannerFunc on_reply,
                           AhoySweepFunc            on_asked,
                           gpointer                 data);
/* Asks the first batch, and the others by and by. Returns: FALSE when there is no subnet to ask; nothing is told then. The sweep may be
 * freed meanwhile, by who looks at the probes. */
gboolean ahoy_sweep_start (AhoySweep *self);
/* Closes everything; nothing is told after it. */
void ahoy_sweep_free (AhoySweep *self);

G_END_DECLS
