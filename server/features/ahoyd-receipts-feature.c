/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `R`: how far whispers have come. PROTOCOL.md, "Receipts". */

#include "features/ahoyd-features.h"

static void
on_answered (gpointer data)
{
  ahoyd_session_answered (data);
}

static void
on_receipt (AhoydSession     *session,
            const AhoyPacket *packet,
            gpointer          self)
{
  const AhoydServerContext *server_context = ahoyd_session_get_context (session);
  gboolean                  seen = g_strcmp0 (packet->what, "seen") == 0;

  if (!seen && g_strcmp0 (packet->what, "delivered") != 0) /* some later version's word */
    return;
  if (!ahoyd_receipts_take (server_context->receipts, ahoyd_session_get_person (session), packet->id, seen, on_answered, session))
    return;
  ahoyd_session_charge (session, AHOYD_WORK_LOOKUP);
  ahoyd_session_ask (session);
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_RECEIPT, AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, on_receipt },
};

const AhoydFeature ahoyd_receipts = { .name = "receipts", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs) };
