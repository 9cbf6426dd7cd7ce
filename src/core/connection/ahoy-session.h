/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-connection.h"
#include "core/connection/ahoy-heartbeat.h"
#include "core/connection/ahoy-reconnect.h"
#include "core/connection/ahoy-relocation.h"
#include "core/connection/ahoy-server-trust.h"

G_BEGIN_DECLS

/* One person's life on one server's network: reached, logged in, refused, lost, tried again. PROTOCOL.md, "Sessions" and "Keep-alive". Main thread.
 *
 *   OFFLINE ── connect ──▶ CONNECTING ── accepted ──▶ ONLINE ── lost ──▶ RECONNECTING
 *      ▲          failed ──┘ │  ▲                       ▲                  │  │
 *      └─────────────────────┤  └─ retry_name ─┐        └──── accepted ────┘  │
 *                            └── refused ──▶ REFUSED ◀── refused for long ────┘
 *
 * It decides when to dial, what to make of an end, and what to make of a verdict about the server. It knows nothing of what is said, and of people
 * no more than one name: whoever owns it turns packets into answers, and tells it of them. */

typedef struct {
  AhoyConnectionTiming connection;
  AhoyReconnectTiming  reconnect;
  AhoyKeepaliveTiming  keepalive;
  AhoyTrackerTiming    track; /* while the connection is lost */
  gint64 (*asleep) (void);    /* microseconds the computer has slept since it started */
} AhoySessionTiming;

/* All are set. The owner is a GObject, and held while it is told. Each but waits() may close the session, or connect anew. */
typedef struct {
  /* One of "state", "refusal", "failure", "name", "server", "retry-in" and "secure" has. */
  void (*on_changed) (const char *property,
                      gpointer    owner);
  /* Before "state" tells of it: another server than before is wanted. */
  void (*on_another_server) (gpointer owner);
  /* There is a connection: it is to be asked for the name by ahoy_connection_log_in(), now or when that is possible. */
  void (*on_ask) (gpointer owner);
  void (*on_packet) (const AhoyPacket *packet,
                     gpointer          owner);
  /* The log-in is accepted; before and after "state" tells of it. @again: it was online before. */
  void (*on_accepted) (gboolean again,
                       gpointer owner);
  void (*on_online) (gpointer owner);
  /* Little is queued on the connection: ahoy_connection_notify_drained() was called. */
  void (*on_drained) (gpointer owner);
  /* The connection is gone. @written: all that was sent had gone out. */
  void (*on_hung_up) (gboolean written,
                      gpointer owner);
  /* It ended by itself: whatever is not shown yet is shown now, before anything is decided. */
  void (*on_cut) (gpointer owner);
  /* Before "state" tells of it: RECONNECTING; OFFLINE. */
  void (*on_lost) (gpointer owner);
  void (*on_over) (gpointer owner);
  /* OFFLINE by itself, for "failure". */
  void (*on_failed) (gpointer owner);
  /* Whether something that was said has not come back. */
  gboolean (*waits) (gpointer owner);
} AhoySessionEvents;

/* Only the functions below write it; whoever holds it may read it. */
typedef struct {
  /* Owned */
  AhoyServerTrust *trust;
  AhoyConnection  *connection; /* always the same one */
  AhoyHeartbeat   *heartbeat;
  AhoyRelocation  *relocation;
  AhoyServer      *server;  /* NULL: none yet */
  char            *name;    /* the server's spelling of it, once it is accepted; NULL: none yet */
  AhoyTrustVerdict stopped; /* KEY_CHANGED and DOWNGRADED: why */
  AhoyReconnect    reconnect;
  AhoyClientState  state;
  AhoyRefusal      refusal;
  AhoyFailure      failure;
  guint            retry_in; /* seconds until the next attempt while RECONNECTING, 0 while one is under way */
  guint            retry_id; /* the next attempt, or the next second until then */
  gulong           network_id;
  gboolean         secure;      /* the connection, or in RECONNECTING the last one, is encrypted */
  gboolean         asked_again; /* the log-in under way is not the first on its connection */
  gboolean         caught_up;

  /* Borrowed */
  const AhoySessionTiming *timing;
  const AhoySessionEvents *events;
  gpointer                 owner;
} AhoySession;

/* @timing, @events and @owner (GObject) must outlive it. @trust (transfer full). */
AhoySession *ahoy_session_new (AhoyServerTrust         *trust,
                               const AhoySessionTiming *timing,
                               const AhoySessionEvents *events,
                               gpointer                 owner);
/* After ahoy_session_shut(). */
void ahoy_session_free (AhoySession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoySession, ahoy_session_free)

/* ---- What a person wants ---- */

/* From any state. @name: one that no server would take goes to REFUSED at once. */
void ahoy_session_connect (AhoySession *self,
                           AhoyServer  *server,
                           const char  *name);
/* In REFUSED. */
void ahoy_session_retry_name (AhoySession *self,
                              const char  *name);
/* In RECONNECTING: tries at once. */
void ahoy_session_retry_now (AhoySession *self);
/* It is over, from any state, and nobody tries again by himself. @reason: NONE: on purpose, so what is queued is still written. Else "failure" tells. */
void ahoy_session_close (AhoySession *self,
                         AhoyFailure  reason);
/* The owner goes away: as that, but the state stays and nobody is told that it is over. */
void ahoy_session_shut (AhoySession *self);
/* After a full stop: the server that was met is the right one from now on. */
void ahoy_session_accept_server (AhoySession *self);
/* UDP port on which a server that was lost is looked for; 0: it is not. */
void ahoy_session_set_discovery_port (AhoySession *self,
                                      guint16      port);

/* ---- What the server says ---- */

/* How its welcome calls it. Returns: FALSE when that was the end of the connection. */
gboolean ahoy_session_judge_welcome (AhoySession *self,
                                     const char  *id,
                                     const char  *name);
/* The log-in is accepted, under @name. */
void ahoy_session_accept (AhoySession *self,
                          const char  *name);
void ahoy_session_refuse (AhoySession *self,
                          AhoyRefusal  refusal);
/* It takes no log-in without TLS. Returns: FALSE: this one was with TLS, or is over. */
gboolean ahoy_session_require_tls (AhoySession *self);
/* It has told all that was said meanwhile: an extended connection counts from then on. */
void ahoy_session_note_caught_up (AhoySession *self);

/* ---- What the owner does ---- */

/* An attempt to reach the server and log in, in place of the connection that is there. */
void ahoy_session_redial (AhoySession *self);
/* Whether to log in as to an extended server. */
gboolean ahoy_session_expects_extended (AhoySession *self);

G_END_DECLS
