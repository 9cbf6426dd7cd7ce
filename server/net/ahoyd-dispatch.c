/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of everything a peer may send. */

#include "net/ahoyd-dispatch.h"

static const AhoydVerb verbs[] = {
  [AHOY_PACKET_LOGIN] = { AHOYD_STATE_LOBBY, AHOYD_COST_EVERYONE, 0, ahoyd_handle_login },
  [AHOY_PACKET_WHISPER] = { AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 1, ahoyd_handle_whisper },
  [AHOY_PACKET_SAY] = { AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, ahoyd_handle_say },
  [AHOY_PACKET_HISTORY] = { AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, ahoyd_handle_history },
  [AHOY_PACKET_RECEIPT] = { AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, ahoyd_handle_receipt },
  [AHOY_PACKET_TYPING] = { AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, ahoyd_handle_typing },
  [AHOY_PACKET_AWAY] = { AHOYD_STATE_ONLINE, AHOYD_COST_EVERYONE, 1, ahoyd_handle_away },
  [AHOY_PACKET_PING] = { AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, ahoyd_handle_ping },
  [AHOY_PACKET_PONG] = { AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, ahoyd_handle_pong },
  [AHOY_PACKET_QUIT] = { AHOYD_STATE_LOBBY | AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, ahoyd_handle_quit },
};

static guint
price (AhoydSession    *session,
       const AhoydVerb *verb)
{
  if (verb != NULL && verb->cost == AHOYD_COST_EVERYONE)
    return 1 + ahoyd_hub_get_n_online (ahoyd_session_get_context (session)->hub);
  return 1;
}

const AhoydVerb *
ahoyd_dispatch_find (AhoyPacketKind kind)
{
  if ((guint) kind >= G_N_ELEMENTS (verbs) || verbs[kind].handle == NULL)
    return NULL;
  return &verbs[kind];
}

void
ahoyd_dispatch (AhoydSession     *session,
                const AhoyPacket *packet)
{
  const AhoydVerb *verb = ahoyd_dispatch_find (packet->kind);
  AhoydState       state = ahoyd_session_get_state (session);

  ahoyd_session_charge (session, price (session, verb));
  if (verb != NULL && (verb->states & state) != 0)
    {
      ahoyd_session_count_messages (session, verb->messages);
      verb->handle (session, packet);
      return;
    }
  /* What is not known is ignored; that is how the dialects grow. Who is answered for nothing has that counted. */
  if (verb == NULL && state != AHOYD_STATE_LOBBY)
    return;
  ahoyd_session_count_messages (session, 1);
  if (state == AHOYD_STATE_LOBBY)
    ahoyd_session_error (session, "not-now", NULL, "Please log in first.");
  else
    ahoyd_session_error (session, "not-now", NULL, "You are logged in as %s already.", ahoyd_person_get_name (ahoyd_session_get_person (session)));
}
