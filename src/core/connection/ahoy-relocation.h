/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-tracker.h"

G_BEGIN_DECLS

/* Where a server is now, when it is not where it was. PROTOCOL.md, "Discovery" and "TLS". Main thread.
 *
 * While the connection is lost, and to a server that has an id, the network is searched beside the attempts to reconnect. Whoever claims that id at another
 * address is dialed there, and has to pass all that the server had to pass where it was. Only then the server's address is that one: the claim may be a
 * lie, so the attempt costs nothing but itself, and is followed by one at the address that is known. */

/* Somebody claims to be the server, at the address of @found (transfer none): again and again. */
typedef void (*AhoyRelocationFound) (AhoyServer *found,
                                     gpointer    data);

/* Only the functions below write it; whoever holds it may read it. */
typedef struct {
  /* Owned */
  AhoyTracker *tracker;        /* NULL: nobody is looked for */
  AhoyServer  *claim;          /* an address where somebody claims to be it, to be tried; NULL: none */
  AhoyServer  *astray;         /* the server, while it is tried where it is only claimed; NULL: it is not */
  AhoyServer  *home;           /* its known address meanwhile */
  guint16      discovery_port; /* 0: nothing is searched */

  /* Borrowed */
  const AhoyTrackerTiming *timing;
  AhoyRelocationFound      found;
  gpointer                 data;
} AhoyRelocation;

/* @timing and @data must outlive it. */
AhoyRelocation *ahoy_relocation_new (const AhoyTrackerTiming *timing,
                                     AhoyRelocationFound      found,
                                     gpointer                 data);
void            ahoy_relocation_free (AhoyRelocation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyRelocation, ahoy_relocation_free)

/* UDP port servers listen on, from the next search on. 0, as at first: nobody looks. */
void ahoy_relocation_set_discovery_port (AhoyRelocation *self,
                                         guint16         port);

/* @server is away, or nothing is heard of it any more. Nothing happens when it is looked for already, or has no id. */
void ahoy_relocation_search (AhoyRelocation *self,
                             AhoyServer     *server);
/* Everything may be different now: looks soon. */
void ahoy_relocation_hasten (AhoyRelocation *self);
/* It is back, or not coming back. An address that was only tried is no longer the server's. */
void ahoy_relocation_stop (AhoyRelocation *self);
/* Whether the search has not shown yet that it is nowhere else. */
gboolean ahoy_relocation_is_open (const AhoyRelocation *self);

/* Remembers where @found is, as a place to try. Returns: FALSE: that is where @server is, and no other place. */
gboolean ahoy_relocation_claim (AhoyRelocation *self,
                                AhoyServer     *server,
                                AhoyServer     *found);
/* The place to try is none any more. */
void ahoy_relocation_forget_claim (AhoyRelocation *self);
/* The address of @server is the one that is to be tried, until it is settled or given up. Returns: FALSE when there is none. */
gboolean ahoy_relocation_go_astray (AhoyRelocation *self,
                                    AhoyServer     *server);
/* Its address is the known one again. Returns: FALSE when it was. */
gboolean ahoy_relocation_go_home (AhoyRelocation *self);
/* Its address is the known one from now on: the server has shown that it is there. */
void ahoy_relocation_settle (AhoyRelocation *self);
/* Whether what is dialed is an address where somebody claims to be the server: whatever is wrong there says nothing about the server. */
gboolean ahoy_relocation_is_astray (const AhoyRelocation *self);

G_END_DECLS
