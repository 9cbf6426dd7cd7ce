/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "wire/ahoy-frame.h"
#include "wire/ahoy-target.h"

G_BEGIN_DECLS

/* PROTOCOL.md, "Types": the vocabulary. One row per type and direction says what a frame means in each dialect; nothing outside
 * ahoy-packet-table.c knows a type letter or a heading key. Pure and thread-safe. Text is UTF-8 here: charsets are the caller's. */

/* What `v` says of the extended dialect as it is here. A higher one says at least as much. */
#define AHOY_EXTENDED_VERSION 2

typedef enum {
  AHOY_DIALECT_CLASSIC,
  AHOY_DIALECT_EXTENDED,
} AhoyDialect;

typedef enum {
  AHOY_TO_SERVER,
  AHOY_TO_CLIENT,
} AhoyDirection;

typedef enum {
  AHOY_PACKET_UNKNOWN, /* a type that the table does not know; extended: type, heading, text. Who knows it neither ignores it: that is how the dialect grows */

  /* client to server */
  AHOY_PACKET_LOGIN,   /* name; extended: version, agent, since, since_server, since_runs, secret */
  AHOY_PACKET_WHISPER, /* target (a person), text; extended: cid, re */
  AHOY_PACKET_SAY,     /* text; extended: target (a room), cid, re */
  AHOY_PACKET_HISTORY, /* H: before, limit, target, query */
  AHOY_PACKET_QUIT,    /* Q: text (reason) */

  /* server to client */
  AHOY_PACKET_REFUSED,     /* name; extended: reason */
  AHOY_PACKET_ONLINE,      /* name; extended: key, since, kept, away */
  AHOY_PACKET_JOINED,      /* name; extended: key, since, kept, away */
  AHOY_PACKET_LEFT,        /* name; extended: key, since, kept, away, reason */
  AHOY_PACKET_CHAT,        /* text; extended: id, time, from, target, cid, re, replay. Classic: the whole line, see ahoy-classic.h */
  AHOY_PACKET_WELCOME,     /* W: version, server_id, server_name, self, last, keep_days, run, parted, hidden, text (message of the day) */
  AHOY_PACKET_CAUGHT_UP,   /* C: last */
  AHOY_PACKET_HISTORY_END, /* h: more */
  AHOY_PACKET_NOTICE,      /* N: level, text */
  AHOY_PACKET_ERROR,       /* E: code, cid, wait_ms, text */

  /* both ways */
  AHOY_PACKET_RECEIPT, /* R: id, what, (to client) by */
  AHOY_PACKET_TYPING,  /* T: target, (to client) from */
  AHOY_PACKET_AWAY,    /* A: text, (to client) from */
  AHOY_PACKET_PING,    /* P: n */
  AHOY_PACKET_PONG,    /* p: n */
} AhoyPacketKind;

/* A packet is what a frame says. Strings are NULL when absent, owned by the packet when it was decoded and borrowed when it is to be encoded (the
 * encoder only reads). Numbers are 0 when absent. */
typedef struct {
  AhoyPacketKind kind;

  const char *name; /* whose log-in, presence or refusal */
  const char *text; /* the body people read */
  const char *from;
  AhoyTarget  target; /* whom it is said to, or whose past is asked for */

  guint64     id;   /* of a stored message; strictly increasing on one server */
  gint64      time; /* milliseconds since 1970 UTC */
  guint64     re;   /* id replied to */
  const char *cid;  /* 16 hex digits, chosen by the client */
  gboolean    replay;

  guint       version; /* v= */
  const char *agent;
  guint64     since; /* log-in: last id held. Presence: milliseconds since 1970 UTC */
  const char *since_server;
  const char *since_runs; /* "RUN:ID,RUN:ID": how far the client came in each run of the server's log, see PROTOCOL.md, "Runs" */
  const char *secret;     /* what a client that proves no key shows to have its name kept, see PROTOCOL.md, "Tenures" */
  const char *key;        /* fingerprint */
  gboolean    kept;       /* presence: no key has the name, but a secret: whispers wait for them */
  const char *away;
  const char *reason;

  const char *server_id;
  const char *server_name;
  const char *self;
  guint64     last;
  guint       keep_days;
  const char *run;    /* of the server's log: 16 hex digits */
  gboolean    hidden; /* the server does not want to be told of, see DISCOVERY.md, "Neighbours" */
  guint64     parted; /* the first id from which on the server's log is not the one the client holds; 0: it is */

  guint64     before;
  guint       limit;
  const char *query;
  gboolean    more;

  const char *what; /* "delivered" or "seen" */
  const char *by;
  const char *level;
  const char *code;
  guint       wait_ms;
  guint64     n;

  /* UNKNOWN: as it came, or is to be written. */
  char        type;    /* '\0': nothing can be made of it */
  const char *heading; /* "key=value" with AHOY_US between them; see ahoy_packet_dup_field() and ahoy_heading_append() */

  /*< private >*/
  char *storage; /* backs every string of a decoded packet */
} AhoyPacket;

#define AHOY_PACKET_INIT \
  {                      \
    0                    \
  }

/* Fills @packet from a frame whose body is @text (UTF-8, NUL-terminated, already through the charset). The heading is read only in the
 * extended dialect, or for the log-in that asks for it: its `v` decides the dialect of the session.
 * A frame whose type means nothing in this direction and dialect gives kind UNKNOWN and TRUE: in the extended dialect with what is in it, so that a
 * capability can have words of its own which are in no table.
 * Returns: FALSE with a G_IO_ERROR_INVALID_DATA when a known type lacks what it must have (a whisper without a comma, an id that is no
 * number, a heading that is not UTF-8). The packet is then cleared. */
gboolean ahoy_packet_decode (AhoyPacket      *packet,
                             const AhoyFrame *frame,
                             const char      *text,
                             AhoyDirection    direction,
                             AhoyDialect      dialect,
                             GError         **error);

/* Reads a field, the first of that key, of a packet of kind UNKNOWN. Returns: (transfer full) (nullable): NULL: it has none. */
char *ahoy_packet_dup_field (const AhoyPacket *packet,
                             const char       *key);
/* Adds a field to the heading of a packet of kind UNKNOWN. @value: any UTF-8; it loses what may not be in a heading. @key: plain, without "=". */
void ahoy_heading_append (GString    *heading,
                          const char *key,
                          const char *value);

/* Returns: (transfer full) (nullable): the frame in that dialect and direction, or NULL when that dialect has no way to say it (a
 * classic peer never receives a byte it would not understand). Heading values lose control characters and what is longer than
 * AHOY_HEADING_VALUE_MAX. Text must be plain; in the extended dialect also within AHOY_BODY_MAX. In the classic one a text that does
 * not fit beside the names goes on in more frames of the same shape, all in these bytes.
 * Lines for people (CHAT, NOTICE, ERROR) have their text made harmless in classic: see ahoy-classic-text.h.
 * CHAT in classic: the line of @from (and of @target, when that is a person), or @text alone when there is none. NOTICE and ERROR in classic: a notice line. */
GBytes *ahoy_packet_encode (const AhoyPacket *packet,
                            AhoyDirection     direction,
                            AhoyDialect       dialect);

/* Like ahoy_packet_encode() in the classic dialect, with the body in @charset (see ahoy-charset.h): for peers that proved to use it. */
struct _AhoyCharset;
GBytes *ahoy_packet_encode_legacy (const AhoyPacket    *packet,
                                   AhoyDirection        direction,
                                   struct _AhoyCharset *charset);

/* Frees what ahoy_packet_decode() made and zeroes the packet. */
void ahoy_packet_clear (AhoyPacket *packet);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyPacket, ahoy_packet_clear)

G_END_DECLS
