/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `T`, `A`, `P`, `p` and `Q`: typing, away, still here, and leaving on purpose. PROTOCOL.md, "Typing and away", "Keep-alive". */

#include "net/ahoyd-dispatch.h"
#include "wire/ahoy-blank.h"
#include "wire/ahoy-name.h"

void
ahoyd_handle_typing (AhoydSession     *session,
                     const AhoyPacket *packet)
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

void
ahoyd_handle_away (AhoydSession     *session,
                   const AhoyPacket *packet)
{
  const char *status = ahoy_text_is_blank (packet->text) ? "" : packet->text;

  if (g_utf8_strlen (status, -1) > AHOYD_AWAY_MAX_CHARS)
    ahoyd_session_error (session, "too-long", NULL, "What you say about being away is too long (%d characters at most).", AHOYD_AWAY_MAX_CHARS);
  else
    ahoyd_hub_set_away (ahoyd_session_get_context (session)->hub, ahoyd_session_get_person (session), status);
}

void
ahoyd_handle_ping (AhoydSession     *session,
                   const AhoyPacket *packet)
{
  const AhoyPacket pong = { .kind = AHOY_PACKET_PONG, .n = packet->n };

  ahoyd_session_send (session, &pong);
}

/* That it came is all there is to know: the link notes when it last heard something. */
void
ahoyd_handle_pong (AhoydSession     *session,
                   const AhoyPacket *packet)
{
}

void
ahoyd_handle_quit (AhoydSession     *session,
                   const AhoyPacket *packet)
{
  g_autofree char *reason = NULL;

  if (packet->text != NULL && *packet->text != '\0')
    reason = g_utf8_substring (packet->text, 0, MIN (g_utf8_strlen (packet->text, -1), AHOYD_AWAY_MAX_CHARS));
  ahoyd_session_leave (session, reason);
}
