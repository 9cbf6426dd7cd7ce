/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-ack-tracker.h"
#include "store/ahoyd-store.h"
#include "wire/ahoy-link.h"

G_BEGIN_DECLS

/* Connections that are closed in good order while whispers are on their way to their peers: what arrives until the end is written down. PROTOCOL.md,
 * "Receipts". */

typedef struct _AhoydFarewells AhoydFarewells;

AhoydFarewells *ahoyd_farewells_new (AhoydStore *store);
/* What has arrived by now is written down; the rest counts as lost, as nobody looks any more. Before the store is freed. */
void ahoyd_farewells_free (AhoydFarewells *farewells);

/* Closes @link in good order. @ack_tracker (transfer full; empty afterwards): what it was handed. @skeleton: of the one who is to have it. */
void ahoyd_farewells_say (AhoydFarewells  *farewells,
                          AhoyLink        *link,
                          AhoydAckTracker *ack_tracker,
                          const char      *skeleton);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydFarewells, ahoyd_farewells_free)

G_END_DECLS
