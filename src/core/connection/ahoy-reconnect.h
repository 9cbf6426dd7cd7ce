/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-moment.h"

G_BEGIN_DECLS

/* When a server that was lost is tried again. Pure: it is told what happens, and asked what is due; it has no timer and no clock.
 * PROTOCOL.md, "Sessions".
 *
 * Each attempt waits twice as long as the one before, within a limit, and a little more or less by lot: a room full of clients must not knock all at
 * once when the server comes back. The row begins anew after a connection that lasted, and when everything may be different: the network changed, or the
 * computer slept. Who is refused while reconnecting may have met its own ghost, a connection that the server has not found dead yet; that is worth
 * asking again for a while. */

/* Milliseconds. */
typedef struct {
  guint first;  /* before the first attempt; then twice as long, … */
  guint max;    /* … but no longer than this */
  guint stable; /* a connection that lasted so long counts: the next row begins with the first wait again */
  guint ghost;  /* for so long a refusal may be our ghost's fault */
} AhoyReconnectTiming;

/* Only the functions below write it; whoever holds it may read it. */
typedef struct {
  guint      attempts; /* planned in this row */
  gint64     due;      /* when the next attempt begins; 0: none is planned */
  AhoyMoment planned;
  gint64     online_since;
  gint64     refused_since; /* 0: not refused */

  /* Borrowed */
  const AhoyReconnectTiming *timing;
} AhoyReconnect;

typedef enum {
  AHOY_RECONNECT_WAIT,
  AHOY_RECONNECT_GO,
  AHOY_RECONNECT_GO_AWAKE, /* the computer slept: where the server is may be different, too */
} AhoyReconnectLook;

/* @timing must outlive it. */
void ahoy_reconnect_init (AhoyReconnect             *self,
                          const AhoyReconnectTiming *timing);
/* Nothing is planned, and nothing was. */
void ahoy_reconnect_reset (AhoyReconnect *self);

/* The log-in is accepted. */
void ahoy_reconnect_on_online (AhoyReconnect *self,
                               gint64         now);
/* The connection is lost: plans an attempt. @whole: it was good for what it is for, so that a row may end with it. @lot: 0 to 1. So below. */
void ahoy_reconnect_on_lost (AhoyReconnect *self,
                             AhoyMoment     at,
                             double         lot,
                             gboolean       whole);
/* An attempt came to nothing: plans the next one, if none is planned. */
void ahoy_reconnect_on_failed (AhoyReconnect *self,
                               AhoyMoment     at,
                               double         lot);
/* Refused, perhaps because of our ghost. Returns: whether an attempt was planned; FALSE: that has gone on for too long. */
gboolean ahoy_reconnect_on_refused (AhoyReconnect *self,
                                    AhoyMoment     at,
                                    double         lot);
/* The network is another one. */
void ahoy_reconnect_on_changed (AhoyReconnect *self);
/* An attempt begins: none is planned any more. */
void ahoy_reconnect_on_attempt (AhoyReconnect *self);
/* Refused for good: nothing is planned. */
void ahoy_reconnect_give_up (AhoyReconnect *self);

/* Whether the planned attempt begins now. */
AhoyReconnectLook ahoy_reconnect_look (AhoyReconnect *self,
                                       AhoyMoment     at);
/* Seconds left until the planned attempt, rounded up; 0: none is planned, or now. */
guint ahoy_reconnect_get_seconds (const AhoyReconnect *self,
                                  gint64               now);
/* When to look, or to show other seconds, next. Returns: 0: never. */
gint64 ahoy_reconnect_get_deadline (const AhoyReconnect *self,
                                    gint64               now);

G_END_DECLS
