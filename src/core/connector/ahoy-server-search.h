/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/connector/ahoy-memory.h"
#include "core/discovery/ahoy-finder.h"

G_BEGIN_DECLS

/* Which server it is to be: one search, and those that go on from it. DISCOVERY.md. Main thread.
 *
 * The finder is made anew for every search, so that what the last one found stays readable until then. Whoever is first to answer may have lied, and the
 * search is over soon after that. So where a claim led to nobody, ahoy_server_search_further() goes on without what was claimed of these places, and
 * only when that finds nobody either it is said what became of the last one.
 *
 * Property "finder" (AhoyFinder; notify): of the last search; NULL: there was none yet.
 *
 * Signals:
 *   "ended" (AhoyServerSearchEnd, AhoyServer * (nullable)): what came of a search, once. The server is the first that was found.
 *   "quiet-ended" (): a quiet search has found nobody. One that has found somebody takes the place of the last one, and is "ended". */

#define AHOY_TYPE_SERVER_SEARCH (ahoy_server_search_get_type ())
G_DECLARE_FINAL_TYPE (AhoyServerSearch, ahoy_server_search, AHOY, SERVER_SEARCH, GObject)

/* @known_servers: nullable. */
AhoyServerSearch *ahoy_server_search_new (AhoyMemory       *memory,
                                          AhoyKnownServers *known_servers);

/* Of the next search. 0, as at first: what the memory says. */
void    ahoy_server_search_set_discovery_port (AhoyServerSearch *self,
                                               guint16           port);
guint16 ahoy_server_search_get_discovery_port (AhoyServerSearch *self);
/* Of the next search. @timing: static; NULL: as searches are. */
void ahoy_server_search_set_timing (AhoyServerSearch       *self,
                                    const AhoyFinderTiming *timing);

/* Looks for whoever answers. */
void ahoy_server_search_start (AhoyServerSearch *self);
/* Looks at one address; see ahoy_finder_start_at(). */
void ahoy_server_search_start_at (AhoyServerSearch *self,
                                  const char       *address);
/* Goes on without the places of @server, at which nobody was. Returns: FALSE: enough claims led to nobody; it does not go on. */
gboolean ahoy_server_search_further (AhoyServerSearch *self,
                                     AhoyServer       *server);
/* Whatever is under way ends without a word. */
void ahoy_server_search_stop (AhoyServerSearch *self);

/* Looks beside what is shown. @sweeps: single addresses are asked, too. */
void     ahoy_server_search_look_quietly (AhoyServerSearch *self,
                                          gboolean          sweeps);
void     ahoy_server_search_stop_quiet (AhoyServerSearch *self);
gboolean ahoy_server_search_is_quiet (AhoyServerSearch *self);

/* Returns: (transfer none) (nullable): the same until the next search starts. */
AhoyFinder *ahoy_server_search_get_finder (AhoyServerSearch *self);

G_END_DECLS
