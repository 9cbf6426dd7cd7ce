/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/discovery/ahoy-finder.h"

G_BEGIN_DECLS

/* Looks again and again for one server that is away: by its id, wherever it may be now. PROTOCOL.md, "Discovery". Main thread.
 *
 * Each search is short and asks as ahoy_finder_start() does, and besides the address where the server was. What it hears are claims. The
 * longer the server is away the rarer it looks, at moments of its own: where many look for one server, they do not all shout at once. */

typedef struct _AhoyTracker AhoyTracker;

/* Milliseconds. */
typedef struct {
  guint            first; /* before the first search */
  guint            least; /* between two; it grows with the time that the server is away … */
  guint            most;  /* … but no longer than this */
  guint            soon;  /* before a search that somebody has asked for; more that are asked for until then are the same one */
  AhoyFinderTiming search;
} AhoyTrackerTiming;

#define AHOY_TRACKER_TIMING                                   \
  {                                                           \
    .first = 1000, .least = 3000, .most = 30000, .soon = 200, \
    .search = {.attempts = { 0, 500, 60000, 60000 },          \
               .give_up = 1500,                               \
               .give_up_typed = 1500,                         \
               .window = 300 }                                \
  }

/* Somebody claims to be the server that is looked for, at the address of @server (transfer none). It may be called again and again. */
typedef void (*AhoyTrackerFound) (AhoyServer *server,
                                  gpointer    data);

/* @discovery_port: UDP port servers listen on. */
AhoyTracker *ahoy_tracker_new (guint16                  discovery_port,
                               const AhoyTrackerTiming *timing,
                               AhoyTrackerFound         found,
                               gpointer                 data);
void         ahoy_tracker_free (AhoyTracker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyTracker, ahoy_tracker_free)

/* The server with @id is away; it was at @host and @port. Nothing happens when that one is looked for already. */
void ahoy_tracker_start (AhoyTracker *self,
                         const char  *host,
                         guint16      port,
                         const char  *id);
/* Everything may be different now: it looks soon, and as often as at first. Nothing happens when nobody is looked for. */
void ahoy_tracker_hasten (AhoyTracker *self);
/* Searches that are over since _start(). */
guint ahoy_tracker_get_n_ended (AhoyTracker *self);

G_END_DECLS
