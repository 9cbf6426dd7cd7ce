/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

/* A classic server inside the test, on a free port of 127.0.0.1 and in the default main context. Written from the protocol's page with
 * nothing of ours, so that what our client and server both get wrong is seen. Change the fields at any time; what it does not do by
 * itself is sent with _send(). */

typedef struct {
  /* What it does by itself. */
  gboolean    accepts; /* answers a log-in with the people of `roster` and the newcomer (TRUE from the start) */
  gboolean    echoes;  /* says come back to who said them (TRUE from the start) */
  gboolean    echoes_whispers;
  gboolean    dumb;           /* reads, and never answers */
  gboolean    hangs_up;       /* closes when a log-in comes */
  const char *greeting;       /* bytes sent to whoever connects, before anything else */
  guint       refusals;       /* log-ins to refuse before one is accepted */
  const char *say_format;     /* two %s: name, text ("%s: %s" from the start) */
  const char *whisper_format; /* three %s: from, to, text */
  const char *charset;        /* of what it says by itself; NULL: the bytes as they came */

  /* What it knows. */
  GPtrArray *roster;        /* char *: who is there besides whoever logs in */
  GPtrArray *received;      /* char *: type and body of every frame that came, on any connection */
  guint      n_frames;      /* = received->len, to wait for */
  guint      n_connections; /* ever */
  guint      n_open;
  guint16    port;

  /*< private >*/
  GSocketService *service;
  GPtrArray      *peers;
} FakeClassic;

FakeClassic *fake_classic_new (void);
void         fake_classic_free (FakeClassic *self);

/* One frame, type and body, to everybody who is connected. */
void fake_classic_send (FakeClassic *self,
                        const char  *frame);
/* Bytes as they are. */
void fake_classic_send_bytes (FakeClassic *self,
                              const char  *bytes,
                              gsize        len);
/* Closes every connection; it goes on listening. */
void fake_classic_drop (FakeClassic *self);
/* Stops listening on its port, and listens there again. */
void fake_classic_stop (FakeClassic *self);
void fake_classic_restart (FakeClassic *self);
