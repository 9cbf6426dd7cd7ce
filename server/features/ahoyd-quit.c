/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `Q`: leaving on purpose. PROTOCOL.md, "Types". */

#include "features/ahoyd-features.h"

/* Characters that somebody may say about it. */
#define REASON_MAX_CHARS 200

static void
on_quit (AhoydSession     *session,
         const AhoyPacket *packet,
         gpointer          self)
{
  g_autofree char *reason = NULL;

  if (packet->text != NULL && *packet->text != '\0')
    reason = g_utf8_substring (packet->text, 0, MIN (g_utf8_strlen (packet->text, -1), REASON_MAX_CHARS));
  ahoyd_session_leave (session, reason);
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_QUIT, AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, on_quit },
};

const AhoydFeature ahoyd_quit = { .name = "quit", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs) };
