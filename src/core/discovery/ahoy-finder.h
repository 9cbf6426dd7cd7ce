/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/connection/ahoy-server.h"
#include "core/discovery/ahoy-probe.h"

G_BEGIN_DECLS

/* Finds servers on the LAN. PROTOCOL.md, "Discovery". Main thread; no thread of its own.
 *
 * Both requests go in each attempt, from one ephemeral UDP socket, to 255.255.255.255, to the directed broadcast address
 * of every IPv4 interface that is up and has a carrier, to the IPv6 group on every interface that has an IPv6 address, to 127.255.255.255, to
 * ::1 and to the address that worked last time.
 * Attempts at 0, 0.3, 0.9 and 2.1 s; it gives up at 4 s; 250 ms after the first reply it is over too. A send that fails
 * is recorded in its probe and ends nothing.
 *
 * When nobody has answered after 1.5 s, the addresses of the subnets we are in that have no more than 256 are asked one by one, 80 a
 * second and 512 at most; the search then ends half a second after the last one, if that is later.
 *
 * Beside these requests it asks this computer's Avahi (mDNS) and the name servers of its domains (SRV): DISCOVERY.md, "Discovery by DNS". What any of them
 * finds counts as a reply.
 *
 * Properties: "state" AhoyFinderState, "diagnosis" AhoyDiagnosis (both notify; with NONE the diagnosis is there first). */

#define AHOY_TYPE_FINDER (ahoy_finder_get_type ())
G_DECLARE_FINAL_TYPE (AhoyFinder, ahoy_finder, AHOY, FINDER, GObject)

/* @discovery_port: UDP port servers listen on. */
AhoyFinder *ahoy_finder_new (guint16 discovery_port);

/* The server that worked last time: from the next _start() on, its @host (an address, or a name, which is resolved) is asked besides the
 * broadcasts, and it gets "last-used". It is known again by @id (NULL: it has none), else by host and @port. @host NULL: there is none. */
void ahoy_finder_set_last_used (AhoyFinder *self,
                                const char *host,
                                guint16     port,
                                const char *id);

/* Whether single addresses are asked too, TRUE at first. Searches that nobody asked for should not do it often: each address that
 * nobody has costs the network three broadcasts. From the next _start() on. */
void ahoy_finder_set_sweeps (AhoyFinder *self,
                             gboolean    sweeps);
/* @known_servers (nullable): those that the person knows: from the next _start() on they get "known", and those that are called like one "namesake". */
void ahoy_finder_set_pins (AhoyFinder       *self,
                           AhoyKnownServers *known_servers);

/* Nobody was at the places of @server when they were tried: what is said of them is overlooked from the next _start() on. */
void ahoy_finder_overlook (AhoyFinder *self,
                           AhoyServer *server);

#define AHOY_FINDER_ATTEMPTS 4

/* Milliseconds from the start of the search. */
typedef struct {
  guint attempts[AHOY_FINDER_ATTEMPTS];
  guint give_up;
  guint give_up_typed; /* when one address was typed: it can be tried directly */
  guint window;        /* after the first reply */
  guint sweep;         /* when the addresses of small subnets are asked one by one, if nobody answered until then; 0: never */
  guint sweep_turn;    /* between two of its batches */
  guint sweep_settle;  /* after its last one */
} AhoyFinderTiming;

/* Faster or slower than people wait for: @timing is copied. From the next search on; of one that is under way, what has not begun yet. */
void ahoy_finder_set_timing (AhoyFinder             *self,
                             const AhoyFinderTiming *timing);

/* Forgets what was found, and looks. */
void ahoy_finder_start (AhoyFinder *self);
/* Looks only at one typed address ("host", "host:port", "[v6]:port"): the port is TCP's, so the request goes to the
 * discovery port there, and to the typed port too where they differ. When no answer comes within 1 s there is one server
 * all the same: the address itself (with the protocol's default port when none was typed), to be tried directly; so this
 * ends in FOUND, or in IDLE by _stop(). Should the server that answers on the typed port name another one, there are two
 * to choose from. Names are resolved (asynchronously); one that may be a domain, without a port, stands for the servers that its SRV records name, and for
 * a host only when there are none.
 * Returns: FALSE with a G_IO_ERROR_INVALID_ARGUMENT when it is no address; nothing is started. */
gboolean ahoy_finder_start_at (AhoyFinder *self,
                               const char *address,
                               GError    **error);
/* To IDLE when LOOKING; what was found so far stays listed. */
void ahoy_finder_stop (AhoyFinder *self);

AhoyFinderState ahoy_finder_get_state (AhoyFinder *self);
AhoyDiagnosis   ahoy_finder_get_diagnosis (AhoyFinder *self);
/* AhoyServer, the last used one first, then those that the person knows, then the others, each as they answered. Merged by server id, else by address and port. */
GListModel *ahoy_finder_get_servers (AhoyFinder *self);
/* AhoyProbe, one for each target of this search; interfaces that are up without an IPv4 address are listed too, and those with an IPv6 address once more. */
GListModel *ahoy_finder_get_probes (AhoyFinder *self);
guint16     ahoy_finder_get_port (AhoyFinder *self);

G_END_DECLS
