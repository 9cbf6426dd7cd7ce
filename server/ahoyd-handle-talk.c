/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `3` and `2`: saying something to everyone, whispering it to one. PROTOCOL.md, "Classic types". */

#include "ahoyd-dispatch.h"
#include "wire/ahoy-name.h"

/* Nothing to read is nothing to send: an empty line that somebody's Enter key made is ignored without a word. */
static gboolean
is_blank (const char *text)
{
  if (text == NULL)
    return TRUE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

static void
append (AhoydSession *session,
        const char   *to,
        const char   *to_skeleton,
        const char   *text)
{
  const AhoydHouse *house = ahoyd_session_get_house (session);
  AhoydPerson *sender = ahoyd_session_get_person (session);
  const char *from = ahoyd_person_get_name (sender);
  AhoydMessage said = {
    .from = (char *) from,
    .from_skeleton = (char *) ahoyd_person_get_skeleton (sender),
    .to = (char *) to,
    .to_skeleton = (char *) to_skeleton,
    .text = (char *) text,
    .sender = ahoyd_session_get_serial (session),
  };

  ahoyd_hub_appended (house->hub, sender);
  ahoyd_store_append (house->store, ahoyd_message_new (&said));
}

void
ahoyd_handle_say (AhoydSession     *session,
                  const AhoyPacket *packet)
{
  if (!is_blank (packet->text))
    append (session, NULL, NULL, packet->text);
}

void
ahoyd_handle_whisper (AhoydSession     *session,
                      const AhoyPacket *packet)
{
  g_autofree char *name = NULL;
  g_autofree char *skeleton = NULL;
  AhoydPerson *recipient = NULL;

  if (is_blank (packet->text))
    return;
  name = packet->to != NULL ? ahoy_name_normalize (packet->to, NULL) : NULL;
  if (name != NULL)
    {
      skeleton = ahoy_name_skeleton (name);
      recipient = ahoyd_hub_find (ahoyd_session_get_house (session)->hub, skeleton);
    }
  if (recipient != NULL)
    append (session, ahoyd_person_get_name (recipient), skeleton, packet->text);
  else if (name != NULL)
    ahoyd_session_notice (session, "%s is not here.", name);
  else
    ahoyd_session_notice (session, "Nobody here has such a name.");
}
