/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-session.h"
#include "state/ahoyd-hub.h"

G_BEGIN_DECLS

/* The dispatch table: what a peer may send, when, what it costs, and who handles it. Its rows come from the features, see features/ahoyd-feature.h. */

typedef enum {
  AHOYD_COST_ONE,      /* at most the sender and one other hear of it */
  AHOYD_COST_EVERYONE, /* everybody does */
} AhoydCost;

/* @self: of whoever added the row. A handler may close @session, and must then not touch it again. */
typedef void (*AhoydHandler) (AhoydSession     *session,
                              const AhoyPacket *packet,
                              gpointer          self);

typedef struct {
  AhoyPacketKind kind;   /* UNKNOWN: what is of no kind, but of @type */
  guint          states; /* AhoydState, or-ed */
  AhoydCost      cost;
  guint          messages; /* that it counts as: what others hear of, or the log works for */
  AhoydHandler   handle;
  char           type; /* of a frame in the extended dialect, for UNKNOWN alone: a printable ASCII character */
} AhoydVerb;

typedef struct _AhoydDispatch AhoydDispatch;

/* @hub (borrowed): outlives the table. */
AhoydDispatch *ahoyd_dispatch_new (AhoydHub *hub);
void           ahoyd_dispatch_free (AhoydDispatch *dispatch);

/* Adds a row. @verb (borrowed): outlives the table, and is the only one for its packet. @self: for its handler. */
void ahoyd_dispatch_add (AhoydDispatch   *dispatch,
                         const AhoydVerb *verb,
                         gpointer         self);

/* Returns: (transfer none) (nullable): NULL for what clients do not send, or what this server does not know. */
const AhoydVerb *ahoyd_dispatch_find (AhoydDispatch    *dispatch,
                                      const AhoyPacket *packet);

/* Hands @packet, which came over @session, to its handler; answers with a notice what may not be said now. The session may be gone afterwards. */
void ahoyd_dispatch (AhoydDispatch    *dispatch,
                     AhoydSession     *session,
                     const AhoyPacket *packet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydDispatch, ahoyd_dispatch_free)

G_END_DECLS
