/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `A`: who is away, and what they say about it. PROTOCOL.md, "Typing and away". */

#include "features/ahoyd-features.h"
#include "wire/ahoy-blank.h"

static void
on_away (AhoydSession     *session,
         const AhoyPacket *packet,
         gpointer          self)
{
  const char *status = ahoy_text_is_blank (packet->text) ? "" : packet->text;

  if (g_utf8_strlen (status, -1) > AHOYD_AWAY_MAX_CHARS)
    ahoyd_session_error (session, "too-long", NULL, "What you say about being away is too long (%d characters at most).", AHOYD_AWAY_MAX_CHARS);
  else
    ahoyd_hub_set_away (ahoyd_session_get_context (session)->hub, ahoyd_session_get_person (session), status);
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_AWAY, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, on_away },
};

const AhoydFeature ahoyd_away = { .name = "away", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs) };
