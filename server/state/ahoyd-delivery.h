/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-session.h"
#include "state/ahoyd-hub.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Hands people what was said without them, and writes down which whispers have arrived. PROTOCOL.md, "Replay", "Receipts".
 *
 * Who comes back is caught up (ahoyd-catch-up.h). An extended peer says itself what it has; a whisper to a classic one has arrived when its computer has acknowledged
 * the bytes (ahoyd-ack-tracker.h), also while the connection is being closed (ahoyd-farewells.h). */

typedef struct _AhoydDelivery AhoydDelivery;

/* All that @session missed was handed over; that it was all is still to be said. Returns: FALSE: the session was closed. */
typedef gboolean (*AhoydDelivered) (AhoydSession *session,
                                    gpointer      data);

/* @hub, @store (borrowed): outlive it. */
AhoydDelivery *ahoyd_delivery_new (AhoydHub      *hub,
                                   AhoydStore    *store,
                                   AhoydDelivered delivered,
                                   gpointer       data);
/* What has arrived by now is written down, and nobody looks any more. There is no session any more. */
void ahoyd_delivery_free (AhoydDelivery *delivery);

/* @session has logged in: hands it what came after @since, when it @resumes; else what was whispered to its person and never reached them. */
void ahoyd_delivery_begin (AhoydDelivery *delivery,
                           AhoydSession  *session,
                           gboolean       resumes,
                           guint64        since);
/* @session hands nothing over any more: its person is about to leave. */
void ahoyd_delivery_stop (AhoydDelivery *delivery,
                          AhoydSession  *session);

/* What AhoydSessionEvents tells of @session. */
void     ahoyd_delivery_drained (AhoydDelivery *delivery,
                                 AhoydSession  *session);
gboolean ahoyd_delivery_closing (AhoydDelivery *delivery,
                                 AhoydSession  *session,
                                 AhoyLink      *link);

/* Writes down what has arrived at the peer of @session. Often enough that little is handed over twice. */
void ahoyd_delivery_look (AhoydDelivery *delivery,
                          AhoydSession  *session);
/* @event is a whisper that was just committed, and handed to whoever is here. */
void ahoyd_delivery_note_whisper (AhoydDelivery    *delivery,
                                  const AhoydEvent *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDelivery, ahoyd_delivery_free)

G_END_DECLS
