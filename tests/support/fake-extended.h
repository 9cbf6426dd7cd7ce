/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

/* An extended server inside the test, for one client, on a free port of 127.0.0.1 and in the default main context. Written from the protocol's page
 * with nothing of ours. It has a log, replays what is behind `since`, and knows repeats by their cid. Frames are written with '^' for SOH, '|' for US and
 * '>' for STX: "^v=2|agent=x>1alice" and "3hi" for one without a heading. Change the fields at any time; what it does not do by itself is sent
 * with _send(). */

typedef struct {
  guint64     id;
  const char *from;
  const char *to; /* NULL: everyone */
  const char *cid;
  const char *text;
  guint64     time; /* 1000 * id from the start */
} FakeMessage;

/* What one without TLS does when it is greeted in TLS. */
typedef enum {
  FAKE_HELLO_ANSWERED, /* says in clear that it has no idea, and hangs up */
  FAKE_HELLO_HUNG_UP,
  FAKE_HELLO_IGNORED,
} FakeHello;

typedef struct {
  /* What it does by itself. */
  const char      *id; /* of the server */
  const char      *motd;
  GTlsCertificate *certificate; /* borrowed; NULL: it does not speak TLS. With one it speaks nothing else, with GIO's own implementation */
  FakeHello        hello;
  const char      *refuses;      /* every log-in, for this reason; NULL: none */
  const char      *welcomes_as;  /* calls itself so in the welcome; NULL: by its id */
  const char      *key;          /* of whoever logs in; NULL: none */
  gboolean         classic;      /* answers like a classic server */
  gboolean         mute;         /* reads, and never answers any more */
  gboolean         loses_echoes; /* stores, and does not answer */
  gboolean         catches_up;   /* sends C after the replay (TRUE from the start) */
  gboolean         replays_cids; /* TRUE from the start */
  gboolean         pongs;        /* TRUE from the start */
  const char      *fails;        /* code of the E that every say and whisper gets; NULL: they are stored */
  guint            n_fails;      /* and so many of them, then it goes on */
  guint            breaks;       /* so many replays end in the middle: it cannot read its log, says so, and closes */
  guint            n_unread;     /* so many H it cannot answer */
  const char      *run;          /* of its log; NULL: it knows nothing of runs */
  guint64          parted;       /* its log was set back: from this id on it is another one. 0: it was not */

  /* What it knows. */
  GPtrArray *roster;   /* char *: who is there besides whoever logs in: "bob", or the frame: "^key=abc>1bob" */
  GPtrArray *log;      /* FakeMessage * */
  GPtrArray *received; /* char *: every frame that came, on any connection, pings left out */
  guint      n_frames; /* = received->len, to wait for */
  guint      n_pings;
  guint      n_connections;
  guint      n_secured; /* TLS handshakes done */
  guint      n_hellos;  /* in TLS, while it does not speak it */
  GBytes    *peer;      /* the last certificate that a client showed, DER; NULL: it showed none */
  guint16    port;

  /*< private >*/
  GSocketService *service;
  GPtrArray      *peers;
} FakeExtended;

FakeExtended *fake_extended_new (void);
void          fake_extended_free (FakeExtended *self);
/* Listens no more; connections stay. */
void fake_extended_stop (FakeExtended *self);
/* Listens again, where it did. */
void fake_extended_restart (FakeExtended *self);

/* To everybody who is logged in. */
void fake_extended_send (FakeExtended *self,
                         const char   *frame);
/* Somebody else says something: stored, and shown when somebody is logged in. Returns: its id. */
guint64 fake_extended_say (FakeExtended *self,
                           const char   *from,
                           const char   *to,
                           const char   *text);
/* Only stored. */
guint64 fake_extended_store (FakeExtended *self,
                             const char   *from,
                             const char   *to,
                             const char   *text);
/* Closes every connection; it goes on listening. */
void fake_extended_drop (FakeExtended *self);
/* The last frame that came and holds @part; NULL: none. */
const char *fake_extended_find (FakeExtended *self,
                                const char   *part);
guint       fake_extended_count (FakeExtended *self,
                                 const char   *part);
