/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-connection.h"
#include "core/connection/ahoy-keepalive.h"

G_BEGIN_DECLS

/* Asks an extended server over its connection whether it is there: AhoyKeepalive with a timer and pings. PROTOCOL.md, "Keep-alive". Main thread. */

/* All are set. */
typedef struct {
  /* By which clocks it is judged. */
  AhoyMoment (*now) (gpointer data);
  /* Whether something that was said has not come back. */
  gboolean (*waits) (gpointer data);
  /* There is no doubt that it is there: again and again. */
  void (*on_fine) (gpointer data);
  /* It does not answer, and may have moved: again and again. */
  void (*on_doubtful) (gpointer data);
  /* It has not answered for too long. Nobody looks any more. */
  void (*on_gone) (gpointer data);
} AhoyHeartbeatEvents;

/* Only the functions below write it; whoever holds it may read it. */
typedef struct {
  /* Owned */
  AhoyKeepalive keepalive;
  guint         watch_id;
  guint64       n;    /* of the last ping, over all connections */
  gboolean      deaf; /* nothing is read */

  /* Borrowed */
  AhoyConnection            *connection;
  const AhoyHeartbeatEvents *events;
  gpointer                   data;
} AhoyHeartbeat;

/* All must outlive it. */
AhoyHeartbeat *ahoy_heartbeat_new (AhoyConnection            *connection,
                                   const AhoyKeepaliveTiming *timing,
                                   const AhoyHeartbeatEvents *events,
                                   gpointer                   data);
void           ahoy_heartbeat_free (AhoyHeartbeat *self);

/* The connection, which is extended, is online. */
void ahoy_heartbeat_start (AhoyHeartbeat *self);
/* The connection is gone. */
void ahoy_heartbeat_stop (AhoyHeartbeat *self);

/* Sends a ping for a reason of the caller's. Returns: the number that the pong comes back with. */
guint64 ahoy_heartbeat_ping (AhoyHeartbeat *self);
/* Asks at once, when it was not asked already. */
void ahoy_heartbeat_ask (AhoyHeartbeat *self);
/* Something was written that is to come back. */
void ahoy_heartbeat_note_written (AhoyHeartbeat *self);
/* The server gives no sign until @until, perhaps; g_get_monotonic_time(). */
void ahoy_heartbeat_excuse (AhoyHeartbeat *self,
                            gint64         until);
/* Reads, or not: a server that is not listened to cannot show that it is there. */
void ahoy_heartbeat_set_reading (AhoyHeartbeat *self,
                                 gboolean       reading);
/* It was asked, and nothing has come since. */
gboolean ahoy_heartbeat_is_silent (const AhoyHeartbeat *self);

G_END_DECLS
