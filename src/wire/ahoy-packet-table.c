/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The vocabulary: for each packet and direction, how it is written in either dialect. A new type is a new row, a new field a new cell. */

#include "wire/ahoy-packet-table.h"

#define OPTIONAL(key, type, member)                        \
  {                                                        \
    key, type, G_STRUCT_OFFSET (AhoyPacket, member), FALSE \
  }
#define REQUIRED(key, type, member)                       \
  {                                                       \
    key, type, G_STRUCT_OFFSET (AhoyPacket, member), TRUE \
  }

/* clang-format off */
static const AhoyPacketRow rows[] = {
  /* kind                     direction       classic             extended */
  { AHOY_PACKET_LOGIN,        AHOY_TO_SERVER, '1', BODY_NAME,     '1', BODY_NAME,
    { OPTIONAL ("v", FIELD_COUNT, version),
      OPTIONAL ("agent", FIELD_TEXT, agent),
      OPTIONAL ("since", FIELD_NUMBER, since),
      OPTIONAL ("since-server", FIELD_TEXT, since_server),
      OPTIONAL ("since-runs", FIELD_TEXT, since_runs),
      OPTIONAL ("secret", FIELD_SECRET, secret) } },
  { AHOY_PACKET_WHISPER,      AHOY_TO_SERVER, '2', BODY_ADDRESS,  '2', BODY_ADDRESS,
    { OPTIONAL ("cid", FIELD_CID, cid),
      OPTIONAL ("re", FIELD_NUMBER, re) } },
  { AHOY_PACKET_SAY,          AHOY_TO_SERVER, '3', BODY_TEXT,     '3', BODY_TEXT,
    { OPTIONAL ("room", FIELD_NUMBER, target.room),
      OPTIONAL ("cid", FIELD_CID, cid),
      OPTIONAL ("re", FIELD_NUMBER, re) } },
  { AHOY_PACKET_HISTORY,      AHOY_TO_SERVER, '\0', BODY_NONE,    'H', BODY_NONE,
    { OPTIONAL ("before", FIELD_NUMBER, before),
      OPTIONAL ("limit", FIELD_COUNT, limit),
      OPTIONAL ("with", FIELD_TEXT, target.person),
      OPTIONAL ("room", FIELD_NUMBER, target.room),
      OPTIONAL ("query", FIELD_TEXT, query) } },
  { AHOY_PACKET_QUIT,         AHOY_TO_SERVER, '\0', BODY_NONE,    'Q', BODY_TEXT, { { NULL } } },

  { AHOY_PACKET_REFUSED,      AHOY_TO_CLIENT, '0', BODY_NAME,     '0', BODY_NAME,
    { OPTIONAL ("reason", FIELD_TEXT, reason) } },
  { AHOY_PACKET_ONLINE,       AHOY_TO_CLIENT, '1', BODY_NAME,     '1', BODY_NAME,
    { OPTIONAL ("key", FIELD_TEXT, key),
      OPTIONAL ("since", FIELD_NUMBER, since),
      OPTIONAL ("kept", FIELD_FLAG, kept),
      OPTIONAL ("away", FIELD_TEXT, away) } },
  { AHOY_PACKET_JOINED,       AHOY_TO_CLIENT, '2', BODY_NAME,     '2', BODY_NAME,
    { OPTIONAL ("key", FIELD_TEXT, key),
      OPTIONAL ("since", FIELD_NUMBER, since),
      OPTIONAL ("kept", FIELD_FLAG, kept),
      OPTIONAL ("away", FIELD_TEXT, away) } },
  { AHOY_PACKET_LEFT,         AHOY_TO_CLIENT, '3', BODY_NAME,     '3', BODY_NAME,
    { OPTIONAL ("key", FIELD_TEXT, key),
      OPTIONAL ("since", FIELD_NUMBER, since),
      OPTIONAL ("kept", FIELD_FLAG, kept),
      OPTIONAL ("away", FIELD_TEXT, away),
      OPTIONAL ("reason", FIELD_TEXT, reason) } },
  { AHOY_PACKET_CHAT,         AHOY_TO_CLIENT, '4', BODY_LINE,     '4', BODY_TEXT,
    { REQUIRED ("id", FIELD_NUMBER, id),
      REQUIRED ("time", FIELD_TIME, time),
      REQUIRED ("from", FIELD_TEXT, from),
      OPTIONAL ("to", FIELD_TEXT, target.person),
      OPTIONAL ("room", FIELD_NUMBER, target.room),
      OPTIONAL ("cid", FIELD_CID, cid),
      OPTIONAL ("re", FIELD_NUMBER, re),
      OPTIONAL ("replay", FIELD_FLAG, replay) } },
  { AHOY_PACKET_WELCOME,      AHOY_TO_CLIENT, '\0', BODY_NONE,    'W', BODY_TEXT,
    { REQUIRED ("v", FIELD_COUNT, version),
      REQUIRED ("id", FIELD_TEXT, server_id),
      OPTIONAL ("name", FIELD_TEXT, server_name),
      REQUIRED ("self", FIELD_TEXT, self),
      REQUIRED ("last", FIELD_NUMBER, last),
      OPTIONAL ("keep", FIELD_COUNT, keep_days),
      OPTIONAL ("run", FIELD_TEXT, run),
      OPTIONAL ("parted", FIELD_NUMBER, parted),
      OPTIONAL ("hidden", FIELD_FLAG, hidden) } },
  { AHOY_PACKET_CAUGHT_UP,    AHOY_TO_CLIENT, '\0', BODY_NONE,    'C', BODY_NONE,
    { REQUIRED ("last", FIELD_NUMBER, last) } },
  { AHOY_PACKET_HISTORY_END,  AHOY_TO_CLIENT, '\0', BODY_NONE,    'h', BODY_NONE,
    { REQUIRED ("more", FIELD_FLAG, more) } },
  { AHOY_PACKET_NOTICE,       AHOY_TO_CLIENT, '4', BODY_NOTICE,   'N', BODY_TEXT,
    { OPTIONAL ("level", FIELD_TEXT, level) } },
  { AHOY_PACKET_ERROR,        AHOY_TO_CLIENT, '4', BODY_NOTICE,   'E', BODY_TEXT,
    { OPTIONAL ("code", FIELD_TEXT, code),
      OPTIONAL ("cid", FIELD_CID, cid),
      OPTIONAL ("wait", FIELD_COUNT, wait_ms) } },

  { AHOY_PACKET_RECEIPT,      AHOY_TO_SERVER, '\0', BODY_NONE,    'R', BODY_NONE,
    { REQUIRED ("id", FIELD_NUMBER, id),
      REQUIRED ("what", FIELD_TEXT, what) } },
  { AHOY_PACKET_RECEIPT,      AHOY_TO_CLIENT, '\0', BODY_NONE,    'R', BODY_NONE,
    { REQUIRED ("id", FIELD_NUMBER, id),
      REQUIRED ("what", FIELD_TEXT, what),
      REQUIRED ("by", FIELD_TEXT, by) } },
  { AHOY_PACKET_TYPING,       AHOY_TO_SERVER, '\0', BODY_NONE,    'T', BODY_NONE,
    { OPTIONAL ("to", FIELD_TEXT, target.person),
      OPTIONAL ("room", FIELD_NUMBER, target.room) } },
  { AHOY_PACKET_TYPING,       AHOY_TO_CLIENT, '\0', BODY_NONE,    'T', BODY_NONE,
    { OPTIONAL ("to", FIELD_TEXT, target.person),
      OPTIONAL ("room", FIELD_NUMBER, target.room),
      REQUIRED ("from", FIELD_TEXT, from) } },
  { AHOY_PACKET_AWAY,         AHOY_TO_SERVER, '\0', BODY_NONE,    'A', BODY_TEXT, { { NULL } } },
  { AHOY_PACKET_AWAY,         AHOY_TO_CLIENT, '\0', BODY_NONE,    'A', BODY_TEXT,
    { REQUIRED ("from", FIELD_TEXT, from) } },
  { AHOY_PACKET_PING,         AHOY_TO_SERVER, '\0', BODY_NONE,    'P', BODY_NONE,
    { OPTIONAL ("n", FIELD_NUMBER, n) } },
  { AHOY_PACKET_PING,         AHOY_TO_CLIENT, '\0', BODY_NONE,    'P', BODY_NONE,
    { OPTIONAL ("n", FIELD_NUMBER, n) } },
  { AHOY_PACKET_PONG,         AHOY_TO_SERVER, '\0', BODY_NONE,    'p', BODY_NONE,
    { OPTIONAL ("n", FIELD_NUMBER, n) } },
  { AHOY_PACKET_PONG,         AHOY_TO_CLIENT, '\0', BODY_NONE,    'p', BODY_NONE,
    { OPTIONAL ("n", FIELD_NUMBER, n) } },
};
/* clang-format on */

/* Where two rows share a classic type, the first is how it is read. */
const AhoyPacketRow *
ahoy_packet_table_row_of_type (char          type,
                               AhoyDirection direction,
                               AhoyDialect   dialect)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].direction == direction && type == (dialect == AHOY_DIALECT_CLASSIC ? rows[i].classic : rows[i].extended))
      return &rows[i];
  return NULL;
}

const AhoyPacketRow *
ahoy_packet_table_row_of_kind (AhoyPacketKind kind,
                               AhoyDirection  direction)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].kind == kind && rows[i].direction == direction)
      return &rows[i];
  return NULL;
}
