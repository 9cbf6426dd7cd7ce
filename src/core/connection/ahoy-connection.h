/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-server.h"
#include "core/connection/ahoy-way.h"
#include "wire/ahoy-packet.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* The client's connection to a server: one at a time, from the first dialing on. PROTOCOL.md, "Connections", "TLS" and "Text of classic peers". Main thread.
 *
 * It tries the server's places, shakes hands where that is wanted, sends the log-in and minds its deadline, finds out which dialect and which charset the
 * server speaks, and turns frames into packets. It decides nothing about names, states, or who the server is, and never tries again by itself. What it
 * has learned about the server (TLS or not, the charset) it keeps for the next connection, until ahoy_connection_forget(). */

typedef struct _AhoyConnection AhoyConnection;

/* Milliseconds. */
typedef struct {
  guint connect; /* for a TCP connection */
  guint stagger; /* until another place of the same server is tried as well */
  guint grace;   /* for places that are silent, once others have answered */
  guint log_in;  /* for the next sign that a log-in goes on */
} AhoyConnectionTiming;

/* All but on_drained are set. Each may close, abort, open anew, and free the connection. */
typedef struct {
  /* There is a connection, to @host and @port, and nothing was said on it. @id: the server that has proved to be there, by its key; NULL: it is plain. */
  void (*on_up) (AhoyConnection *connection,
                 const char     *host,
                 guint16         port,
                 const char     *id,
                 gpointer        data);
  /* @packet and what it points to are gone when this returns. */
  void (*on_packet) (AhoyConnection   *connection,
                     const AhoyPacket *packet,
                     gpointer          data);
  /* The server may be dialed in either way, and knows nothing of TLS: the hint is PLAIN now, and it waits to be dialed again. */
  void (*on_no_tls) (AhoyConnection *connection,
                     gpointer        data);
  /* No place was the wanted server. @places: AhoyRacePlace, all that were tried. */
  void (*on_nowhere) (AhoyConnection *connection,
                      GPtrArray      *places,
                      gpointer        data);
  /* The connection ended, the log-in was not answered, or no attempt could be made. It can still be asked what it was; abort it then. */
  void (*on_down) (AhoyConnection *connection,
                   AhoyFailure     reason,
                   gpointer        data);
  /* After ahoy_connection_notify_drained(): little is queued. Once. NULL where that is never called. */
  void (*on_drained) (AhoyConnection *connection,
                      gpointer        data);
} AhoyConnectionEvents;

/* @timing, @events and @data must outlive it. */
AhoyConnection *ahoy_connection_new (const AhoyConnectionTiming *timing,
                                     const AhoyConnectionEvents *events,
                                     gpointer                    data);
/* Aborts it. */
void ahoy_connection_free (AhoyConnection *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyConnection, ahoy_connection_free)

/* ---- Down ---- */

/* Aborts what there is, and dials @server. @way: not UNKNOWN. @id: the one that has to be proved; NULL: whichever is there. @tls: nullable when @way is PLAIN.
 * @more: addresses as ahoy_server_parse_address() reads them, that are tried after all others where there is TLS; NULL: none. */
void ahoy_connection_open (AhoyConnection    *self,
                           AhoyServer        *server,
                           AhoyWay            way,
                           const char        *id,
                           AhoyTls           *tls,
                           const char *const *more);
/* Asks for a name, in the extended dialect if the server should know it: its answer tells whether it does. */
void ahoy_connection_log_in (AhoyConnection   *self,
                             const AhoyPacket *log_in,
                             gboolean          extended);
/* The log-in goes on: its deadline starts again. */
void ahoy_connection_expect (AhoyConnection *self);
/* The log-in is answered. */
void ahoy_connection_settle (AhoyConnection *self);
/* In the dialect and the charset of the connection, which is open. */
void ahoy_connection_send (AhoyConnection   *self,
                           const AhoyPacket *packet);
/* Asks for one on_drained, of the connection that is open. */
void ahoy_connection_notify_drained (AhoyConnection *self);
void ahoy_connection_set_reading (AhoyConnection *self,
                                  gboolean        reading);
/* Orderly: says good-bye, and what is queued is still written. Nothing is called any more. */
void ahoy_connection_close (AhoyConnection *self);
/* At once, and likewise. Nothing happens when there is neither a connection nor an attempt at one. */
void ahoy_connection_abort (AhoyConnection *self);

/* ---- What it is ---- */

/* There is an attempt that has no connection yet. */
gboolean ahoy_connection_is_dialing (const AhoyConnection *self);
/* Since when; g_get_monotonic_time(). 0: it is not. */
gint64 ahoy_connection_get_dialing_since (const AhoyConnection *self);
/* There is a connection. So for all below. */
gboolean ahoy_connection_is_open (const AhoyConnection *self);
gboolean ahoy_connection_is_logging_in (const AhoyConnection *self);
/* The server has shown that it speaks the extended dialect. */
gboolean ahoy_connection_is_extended (const AhoyConnection *self);
gboolean ahoy_connection_is_secure (const AhoyConnection *self);
/* Bytes that are queued and not written yet. */
gsize ahoy_connection_get_queued (const AhoyConnection *self);
/* When the last byte came; g_get_monotonic_time(). */
gint64 ahoy_connection_get_last_heard (const AhoyConnection *self);
/* Returns: (transfer none) (nullable). */
GSocketAddress *ahoy_connection_get_peer (const AhoyConnection *self);

/* ---- What it has learned ---- */

/* How the attempt or the connection is dialed. */
AhoyWay ahoy_connection_get_way (const AhoyConnection *self);
/* How the server has to be dialed next. UNKNOWN: attempts have taught us nothing. */
AhoyWay ahoy_connection_get_hint (const AhoyConnection *self);
void    ahoy_connection_set_hint (AhoyConnection *self,
                                  AhoyWay         hint);
/* The server has answered: whatever charset it has shown to speak is ours from now on. Returns: whether the log-in went out in the wrong one. */
gboolean ahoy_connection_learn_charset (AhoyConnection *self);
/* Bytes of @line on the wire, in whichever charset that is more. */
gsize ahoy_connection_measure (const AhoyConnection *self,
                               const char           *line);
/* Another server from now on. */
void ahoy_connection_forget (AhoyConnection *self);

G_END_DECLS
