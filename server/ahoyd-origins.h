/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <sys/socket.h>

#include "ahoyd-allowance.h"

G_BEGIN_DECLS

/* Where connections come from, and how much of the server each origin has: how many of its connections are here and how many of these wait in the
 * lobby, how many of its log-ins failed lately, and what is left of its allowance. An origin is an address. What one IPv6 computer can choose its
 * addresses from, a /64, is counted besides, but a whole local network may be in it: it may have AHOYD_ORIGINS_NETWORK times as much.
 *
 * Bounded: an origin is known while somebody is here from there, which the limits on clients and on regrets bound, and of the others only the
 * AHOYD_ORIGINS_REMEMBERED latest with failed log-ins, and as many that have used up some of their allowance. Pure. */

typedef struct _AhoydOrigins AhoydOrigins;
/* One of them, held by those who came from there. */
typedef struct _AhoydOrigin AhoydOrigin;

#define AHOYD_ORIGINS_REMEMBERED 4096
/* Microseconds in which failed log-ins are counted, and for which an origin with too many is barred. */
#define AHOYD_ORIGINS_MINUTE_US (60 * G_TIME_SPAN_SECOND)
/* How many addresses' share a /64 has. */
#define AHOYD_ORIGINS_NETWORK 16
/* How many people's allowance an address has: a class or an office may be behind it. */
#define AHOYD_ORIGINS_PEOPLE 16

typedef enum {
  AHOYD_WELCOME,
  AHOYD_CROWDED, /* too many wait there already */
  AHOYD_BARRED,  /* too many log-ins failed */
  AHOYD_FILLED,  /* too many are here from there: only who takes somebody's place may come */
} AhoydWelcome;

typedef struct {
  guint               max_here;     /* of one address; 0: any number. So with the next two */
  guint               max_waiting;  /* of these, not logged in */
  guint               max_failures; /* a minute */
  AhoydAllowanceTerms person;       /* what one person may send */
} AhoydOriginsLimits;

/* @secret: so that nobody can choose which origins share a place in the table. */
AhoydOrigins *ahoyd_origins_new  (const AhoydOriginsLimits *limits,
                                  guint64                   secret);
/* From now on; nobody who is here is turned away for it. */
void          ahoyd_origins_set_limits (AhoydOrigins             *origins,
                                        const AhoydOriginsLimits *limits);
/* Nobody is here any more. */
void          ahoyd_origins_free (AhoydOrigins *origins);

/* Somebody comes from @address (of any family) at @now (monotonic µs), and waits. @origin (out): until ahoyd_origins_leave(); NULL when they are CROWDED
 * or BARRED. */
AhoydWelcome ahoyd_origins_enter (AhoydOrigins           *origins,
                                  const struct sockaddr  *address,
                                  gint64                  now,
                                  AhoydOrigin           **origin);
/* They are logged in: they wait no more. */
void         ahoyd_origins_settle (AhoydOrigins *origins,
                                   AhoydOrigin  *origin);
/* They are gone. @waiting: they had not settled. */
void         ahoyd_origins_leave (AhoydOrigins *origins,
                                  AhoydOrigin  *origin,
                                  gboolean      waiting);
/* Whether there is a place for each who is here from there. */
gboolean     ahoyd_origins_have_place (AhoydOrigins *origins,
                                       AhoydOrigin  *origin);
/* A log-in of theirs was refused. Returns: FALSE when that was one too many. */
gboolean     ahoyd_origins_fail  (AhoydOrigins *origins,
                                  AhoydOrigin  *origin,
                                  gint64        now);
/* They sent that; as ahoyd_allowance_take(). */
gint64       ahoyd_origins_spend (AhoydOrigins *origins,
                                  AhoydOrigin  *origin,
                                  guint64       messages,
                                  guint64       bytes,
                                  gint64        now);

/* How many are known, the networks among them. */
guint        ahoyd_origins_get_n (AhoydOrigins *origins);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydOrigins, ahoyd_origins_free)

G_END_DECLS
