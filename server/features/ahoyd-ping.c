/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `P` and `p`: whether the other side is still there. PROTOCOL.md, "Keep-alive". */

#include "features/ahoyd-features.h"

static void
on_ping (AhoydSession     *session,
         const AhoyPacket *packet,
         gpointer          self)
{
  const AhoyPacket pong = { .kind = AHOY_PACKET_PONG, .n = packet->n };

  ahoyd_session_send (session, &pong);
}

/* That it came is all there is to know: the link notes when it last heard something. */
static void
on_pong (AhoydSession     *session,
         const AhoyPacket *packet,
         gpointer          self)
{
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_PING, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, on_ping },
  { AHOY_PACKET_PONG, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, on_pong },
};

const AhoydFeature ahoyd_ping = { .name = "ping", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs) };
