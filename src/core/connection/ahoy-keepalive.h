/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-moment.h"

G_BEGIN_DECLS

/* Whether the server at the other end is still there. Pure: it is told what happens and asked, every "watch" milliseconds, what to do; it has no timer
 * and no clock. PROTOCOL.md, "Keep-alive".
 *
 * A cable that was pulled says nothing. So whoever has heard nothing for a while asks, and a server that gives no sign at all is gone. It is asked
 * sooner when something that was written should have come back, and at once when the computer slept or the network changed. A server that has said
 * that it takes a break is not suspected, nor is one that is not listened to. */

/* Milliseconds. */
typedef struct {
  guint idle;      /* without a byte, until the server is asked whether it is there */
  guint pong;      /* for a byte after that */
  guint impatient; /* after something was written that is to come back, and did not, until it is asked */
  guint watch;     /* between two looks at all that; 0: nobody looks */
} AhoyKeepaliveTiming;

/* Only the functions below write it; whoever holds it may read it. */
typedef struct {
  gint64     asked;         /* not answered yet; 0: it was not asked */
  gint64     written;       /* something that is to come back */
  gint64     excused_until; /* it said that it does not listen */
  AhoyMoment looked;

  /* Borrowed */
  const AhoyKeepaliveTiming *timing;
} AhoyKeepalive;

typedef enum {
  AHOY_KEEPALIVE_FINE,
  AHOY_KEEPALIVE_ASK,      /* all was fine, and now it is to be asked */
  AHOY_KEEPALIVE_DEAF,     /* we do not listen, so nobody can tell */
  AHOY_KEEPALIVE_ASKED,    /* it may still answer */
  AHOY_KEEPALIVE_DOUBTFUL, /* likewise, but it may have moved, and nobody can tell us so there */
  AHOY_KEEPALIVE_GONE,
} AhoyKeepaliveLook;

/* @timing must outlive it. */
void ahoy_keepalive_init (AhoyKeepalive             *self,
                          const AhoyKeepaliveTiming *timing);
/* A connection begins. */
void ahoy_keepalive_start (AhoyKeepalive *self,
                           AhoyMoment     at);

/* Something was written that is to come back. */
void ahoy_keepalive_on_written (AhoyKeepalive *self,
                                gint64         now);
/* The server takes a break until @until. */
void ahoy_keepalive_excuse (AhoyKeepalive *self,
                            gint64         until);
/* Somebody has a reason to ask at once. Returns: FALSE: it was asked already. */
gboolean ahoy_keepalive_ask (AhoyKeepalive *self,
                             gint64         now);

/* @heard: when the last byte came; @waits: something that was written has not come back; @deaf: we do not listen. */
AhoyKeepaliveLook ahoy_keepalive_look (AhoyKeepalive *self,
                                       AhoyMoment     at,
                                       gint64         heard,
                                       gboolean       waits,
                                       gboolean       deaf);
/* It was asked whether it is there, and nothing has come since. */
gboolean ahoy_keepalive_is_silent (const AhoyKeepalive *self,
                                   gint64               heard);

G_END_DECLS
