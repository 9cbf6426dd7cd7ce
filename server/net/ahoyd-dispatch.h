/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-session.h"

G_BEGIN_DECLS

/* The table: what a peer may send, when, what it costs, and who handles it. */

typedef enum {
  AHOYD_COST_ONE,      /* at most the sender and one other hear of it */
  AHOYD_COST_EVERYONE, /* everybody does */
} AhoydCost;

/* May close the session, and must then not touch it again. */
typedef void (*AhoydHandler) (AhoydSession     *session,
                              const AhoyPacket *packet);

typedef struct {
  guint        states; /* AhoydState, or-ed */
  AhoydCost    cost;
  guint        messages; /* that it counts as: what others hear of, or the log works for */
  AhoydHandler handle;
} AhoydVerb;

/* Returns: NULL for what clients do not send, or what this server does not know. */
const AhoydVerb *ahoyd_dispatch_find (AhoyPacketKind kind);

/* Hands @packet to its handler; answers with a notice what may not be said now. The session may be gone afterwards. */
void ahoyd_dispatch (AhoydSession     *session,
                     const AhoyPacket *packet);

/* The handlers, by the file they are in. */

/* ahoyd-handle-login.c */
void ahoyd_handle_login (AhoydSession     *session,
                         const AhoyPacket *packet);
/* ahoyd-handle-talk.c */
void ahoyd_handle_say (AhoydSession     *session,
                       const AhoyPacket *packet);
void ahoyd_handle_whisper (AhoydSession     *session,
                           const AhoyPacket *packet);
/* ahoyd-handle-history.c */
void ahoyd_handle_history (AhoydSession     *session,
                           const AhoyPacket *packet);
void ahoyd_handle_receipt (AhoydSession     *session,
                           const AhoyPacket *packet);
/* ahoyd-handle-presence.c */
void ahoyd_handle_typing (AhoydSession     *session,
                          const AhoyPacket *packet);
void ahoyd_handle_away (AhoydSession     *session,
                        const AhoyPacket *packet);
void ahoyd_handle_ping (AhoydSession     *session,
                        const AhoyPacket *packet);
void ahoyd_handle_pong (AhoydSession     *session,
                        const AhoyPacket *packet);
void ahoyd_handle_quit (AhoydSession     *session,
                        const AhoyPacket *packet);

G_END_DECLS
