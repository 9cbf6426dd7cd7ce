/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-packet.h"

G_BEGIN_DECLS

/* How packets are written: the table that ahoy-packet.c walks, and nobody else's business. */

/* How the value of a heading field is written, and so what type its member has. */
typedef enum {
  FIELD_TEXT,   /* const char *: anything without control characters */
  FIELD_CID,    /* const char *: 16 hex digits */
  FIELD_SECRET, /* const char *: AHOY_SECRET_MIN to AHOY_SECRET_MAX visible ASCII characters */
  FIELD_NUMBER, /* guint64 */
  FIELD_TIME,   /* gint64, not negative */
  FIELD_COUNT,  /* guint */
  FIELD_FLAG,   /* gboolean: 0 or 1 */
} AhoyPacketFieldType;

typedef struct {
  const char         *key; /* NULL: the row has no more fields */
  AhoyPacketFieldType type;
  gsize               offset; /* of the member in AhoyPacket */
  gboolean            required;
} AhoyPacketField;

/* What is between the type and ETX. */
typedef enum {
  BODY_NONE,    /* nothing; what is there is ignored */
  BODY_NAME,    /* name */
  BODY_TEXT,    /* text */
  BODY_ADDRESS, /* person "," text: names cannot hold a comma, text may */
  BODY_LINE,    /* text, written as the line of from (and of a person); read as it is */
  BODY_NOTICE,  /* text, written as a notice line; never read: the reader meets such a line as BODY_LINE */
} AhoyPacketBody;

#define AHOY_PACKET_MAX_FIELDS 9

typedef struct {
  AhoyPacketKind  kind;
  AhoyDirection   direction;
  char            classic; /* its type in the classic dialect, '\0': cannot be said */
  AhoyPacketBody  classic_body;
  char            extended;
  AhoyPacketBody  body;
  AhoyPacketField fields[AHOY_PACKET_MAX_FIELDS + 1];
} AhoyPacketRow;

/* How a type is read. Returns: (nullable): static. */
const AhoyPacketRow *ahoy_packet_table_row_of_type (char          type,
                                                    AhoyDirection direction,
                                                    AhoyDialect   dialect);
/* How a packet is written. Returns: (nullable): static. */
const AhoyPacketRow *ahoy_packet_table_row_of_kind (AhoyPacketKind kind,
                                                    AhoyDirection  direction);

G_END_DECLS
