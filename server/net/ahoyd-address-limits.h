/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <sys/socket.h>

#include "net/ahoyd-allowance.h"

G_BEGIN_DECLS

/* Where connections come from, and how much of the server each address has: how many of its connections are here and how many of these wait in the
 * lobby, how many of its log-ins failed lately, and what is left of its allowance. What one IPv6 computer can choose its
 * addresses from, a /64, is counted besides, but a whole local network may be in it: it may have AHOYD_ADDRESS_LIMITS_NETWORK times as much.
 *
 * Bounded: an address is known while somebody is here from there, which the limits on clients and on rejector bound, and of the others only the
 * AHOYD_ADDRESS_LIMITS_REMEMBERED latest with failed log-ins, and as many that have used up some of their allowance. Pure. */

typedef struct _AhoydAddressLimits AhoydAddressLimits;
/* One of them, held by those who came from there. */
typedef struct _AhoydAddressLimit AhoydAddressLimit;

#define AHOYD_ADDRESS_LIMITS_REMEMBERED 4096
/* Microseconds in which failed log-ins are counted, and for which an address with too many is barred. */
#define AHOYD_ADDRESS_LIMITS_MINUTE_US (60 * G_TIME_SPAN_SECOND)
/* How many addresses' share a /64 has. */
#define AHOYD_ADDRESS_LIMITS_NETWORK 16
/* How many people's allowance an address has: a class or an office may be behind it. */
#define AHOYD_ADDRESS_LIMITS_PEOPLE 16

typedef enum {
  AHOYD_WELCOME,
  AHOYD_CROWDED, /* too many wait there already */
  AHOYD_BARRED,  /* too many log-ins failed */
  AHOYD_FILLED,  /* too many are here from there: only who takes somebody's place may come */
} AhoydWelcome;

typedef struct {
  guint               max_here;     /* of one address; 0: any number */
  guint               max_waiting;  /* of these, not logged in; 0: any number */
  guint               max_failures; /* a minute; 0: any number */
  AhoydAllowanceTerms person;       /* what one person may send */
} AhoydAddressLimitsConfig;

/* @secret: so that nobody can choose which addresses share a place in the table. */
AhoydAddressLimits *ahoyd_address_limits_new (const AhoydAddressLimitsConfig *limits,
                                              guint64                         secret);
/* Sets other limits, from now on; nobody who is here is turned away for it. */
void ahoyd_address_limits_set_limits (AhoydAddressLimits             *address_limits,
                                      const AhoydAddressLimitsConfig *limits);
/* Frees the table; nobody is here any more. */
void ahoyd_address_limits_free (AhoydAddressLimits *address_limits);

/* Somebody comes from @address (of any family) at @now (monotonic µs), and waits. @address_limit (out): until ahoyd_address_limits_leave(); NULL when they are CROWDED
 * or BARRED. */
AhoydWelcome ahoyd_address_limits_enter (AhoydAddressLimits    *address_limits,
                                         const struct sockaddr *address,
                                         gint64                 now,
                                         AhoydAddressLimit    **address_limit);
/* They are logged in: they wait no more. */
void ahoyd_address_limits_settle (AhoydAddressLimits *address_limits,
                                  AhoydAddressLimit  *address_limit);
/* They are gone. @waiting: they had not settled. */
void ahoyd_address_limits_leave (AhoydAddressLimits *address_limits,
                                 AhoydAddressLimit  *address_limit,
                                 gboolean            waiting);
/* Whether there is a place for each who is here from there. */
gboolean ahoyd_address_limits_have_place (AhoydAddressLimits *address_limits,
                                          AhoydAddressLimit  *address_limit);
/* A log-in of theirs was refused. Returns: FALSE when that was one too many. */
gboolean ahoyd_address_limits_fail (AhoydAddressLimits *address_limits,
                                    AhoydAddressLimit  *address_limit,
                                    gint64              now);
/* They sent that; as ahoyd_allowance_take(). */
gint64 ahoyd_address_limits_spend (AhoydAddressLimits *address_limits,
                                   AhoydAddressLimit  *address_limit,
                                   guint64             messages,
                                   guint64             bytes,
                                   gint64              now);

/* How many are known, the networks among them. */
guint ahoyd_address_limits_get_n (AhoydAddressLimits *address_limits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydAddressLimits, ahoyd_address_limits_free)

G_END_DECLS
