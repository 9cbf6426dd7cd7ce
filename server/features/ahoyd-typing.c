/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `T`: who is writing. PROTOCOL.md, "Typing and away". */

#include "features/ahoyd-features.h"
#include "wire/ahoy-name.h"

static void
on_typing (AhoydSession     *session,
           const AhoyPacket *packet,
           gpointer          self)
{
  AhoydHub    *hub = ahoyd_session_get_context (session)->hub;
  AhoydPerson *to = NULL;

  if (packet->to != NULL)
    {
      g_autofree char *skeleton = ahoy_name_skeleton (packet->to);

      to = ahoyd_hub_find (hub, skeleton);
      if (to == NULL)
        return; /* they have left: nobody is interested */
    }
  if (ahoyd_session_may_relay (session))
    ahoyd_hub_typing (hub, ahoyd_session_get_person (session), to);
}

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_TYPING, AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, on_typing },
};

const AhoydFeature ahoyd_typing = { .name = "typing", .verbs = verbs, .n_verbs = G_N_ELEMENTS (verbs) };
