/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* Where connections come from, and how much of the server's patience each origin has left: how many of its connections wait in the
 * lobby, and how many of its log-ins failed lately. An origin is an IPv4 address, or what one IPv6 computer can choose from: a /64, or
 * on one link an interface's own number. Who is logged in does not count any more.
 *
 * Bounded: an origin is known while somebody waits there, which the limits on clients and on regrets bound, and of the others with failed
 * log-ins only the AHOYD_ORIGINS_REMEMBERED latest are. Pure. */

typedef struct _AhoydOrigins AhoydOrigins;
/* One of them, held by those who wait. */
typedef struct _AhoydOrigin AhoydOrigin;

#define AHOYD_ORIGINS_REMEMBERED 4096
/* Microseconds in which failed log-ins are counted, and for which an origin with too many is barred. */
#define AHOYD_ORIGINS_MINUTE_US (60 * G_TIME_SPAN_SECOND)

typedef enum {
  AHOYD_WELCOME,
  AHOYD_CROWDED, /* too many wait there already */
  AHOYD_BARRED,  /* too many log-ins failed */
} AhoydWelcome;

/* @max_waiting, @max_failures (a minute): 0: any number. @secret: so that nobody can choose which origins share a place in the table. */
AhoydOrigins *ahoyd_origins_new  (guint   max_waiting,
                                  guint   max_failures,
                                  guint64 secret);
/* From now on; nobody who waits is turned away for it. */
void          ahoyd_origins_set_limits (AhoydOrigins *origins,
                                        guint         max_waiting,
                                        guint         max_failures);
/* Nobody waits any more. */
void          ahoyd_origins_free (AhoydOrigins *origins);

/* Somebody comes from @address (of any family) at @now (monotonic µs). @origin (out): NULL unless they are welcome; else until
 * ahoyd_origins_leave(). */
AhoydWelcome ahoyd_origins_enter (AhoydOrigins           *origins,
                                  const struct sockaddr  *address,
                                  gint64                  now,
                                  AhoydOrigin           **origin);
/* They are logged in, or gone. */
void         ahoyd_origins_leave (AhoydOrigins *origins,
                                  AhoydOrigin  *origin);
/* A log-in of theirs was refused. Returns: FALSE when that was one too many. */
gboolean     ahoyd_origins_fail  (AhoydOrigins *origins,
                                  AhoydOrigin  *origin,
                                  gint64        now);

/* How many are known. */
guint        ahoyd_origins_get_n (AhoydOrigins *origins);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydOrigins, ahoyd_origins_free)

G_END_DECLS
