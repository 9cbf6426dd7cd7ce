/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `1`: logging in. PROTOCOL.md, "Names". What is decided about it: state/ahoyd-log-in.h. */

#include "features/ahoyd-features.h"

static void
on_log_in (AhoydSession     *session,
           const AhoyPacket *packet,
           gpointer          self)
{
  ahoyd_log_in_ask (self, session, packet);
}

static gpointer
start (const AhoydFeatureHost *host)
{
  return host->log_in;
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_LOGIN, AHOYD_STATE_LOBBY, AHOYD_COST_EVERYONE, 0, on_log_in },
};

const AhoydFeature ahoyd_log_in = { .name = "log-in", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs), .start = start };
