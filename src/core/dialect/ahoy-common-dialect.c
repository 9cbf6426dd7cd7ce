/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What both dialects have. */

#include "core/dialect/ahoy-common-dialect.h"

#include "core/chat/ahoy-timeline.h"
#include "core/features/ahoy-feature-set.h"
#include "wire/ahoy-name.h"

static void
describe (const AhoyChatParts *chat,
          const AhoyPacket    *packet)
{
  AhoyPerson *person = ahoy_roster_find (chat->roster, packet->name);

  if (person)
    ahoy_feature_set_described (chat->features, person, packet);
}

/* Somebody is here, or no longer. While logging in that is the roster; afterwards it is news. */
static void
note_presence (const AhoyChatParts *chat,
               const AhoyPacket    *packet)
{
  const gboolean online = packet->kind != AHOY_PACKET_LEFT;
  AhoyPerson    *person;

  if (*packet->name == '\0')
    return;
  if (ahoy_connection_is_logging_in (chat->connection))
    {
      ahoy_roster_list (chat->roster, packet->name, online);
      describe (chat, packet);
      return;
    }
  if (chat->session->state != AHOY_CLIENT_ONLINE)
    return;
  person = online ? ahoy_roster_join (chat->roster, packet->name) : ahoy_roster_leave (chat->roster, packet->name);
  describe (chat, packet);
  if (!person)
    return;
  if (packet->kind != AHOY_PACKET_ONLINE)
    ahoy_timeline_show_presence (chat, person, online);
  g_object_notify (chat->chat, "n-online");
}

static void
on_online (const AhoyChatParts *chat,
           const AhoyPacket    *packet)
{
  const gboolean logging_in = ahoy_connection_is_logging_in (chat->connection);

  note_presence (chat, packet);
  if (!logging_in)
    return;
  if (ahoy_name_equal (packet->name, chat->session->name))
    ahoy_session_accept (chat->session, packet->name);
  else
    ahoy_connection_expect (chat->connection);
}

static void
on_refused (const AhoyChatParts *chat,
            const AhoyPacket    *packet)
{
  static const struct {
    const char *reason;
    AhoyRefusal refusal;
  } reasons[] = {
    { "in-use", AHOY_REFUSAL_IN_USE },
    { "invalid", AHOY_REFUSAL_INVALID },
    { "look-alike", AHOY_REFUSAL_LOOK_ALIKE },
    { "owned", AHOY_REFUSAL_OWNED },
    { "banned", AHOY_REFUSAL_BANNED },
    { "full", AHOY_REFUSAL_FULL },
    { "too-many", AHOY_REFUSAL_TOO_MANY },
  };
  AhoyRefusal refusal = AHOY_REFUSAL_UNSPECIFIED;

  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      if (g_strcmp0 (packet->reason, reasons[i].reason) == 0)
        refusal = reasons[i].refusal;
    }
  if (ahoy_connection_is_logging_in (chat->connection))
    ahoy_session_refuse (chat->session, refusal);
}

gboolean
ahoy_common_dialect_take (const AhoyChatParts *chat,
                          const AhoyPacket    *packet)
{
  switch (packet->kind)
    {
    case AHOY_PACKET_ONLINE:
      on_online (chat, packet);
      return TRUE;
    case AHOY_PACKET_JOINED:
    case AHOY_PACKET_LEFT:
      note_presence (chat, packet);
      return TRUE;
    case AHOY_PACKET_REFUSED:
      on_refused (chat, packet);
      return TRUE;
    default:
      return FALSE;
    }
}
