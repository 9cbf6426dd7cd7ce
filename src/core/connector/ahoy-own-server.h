/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-known-servers.h"
#include "core/connector/ahoy-memory.h"
#include "core/hosting/ahoy-host.h"

G_BEGIN_DECLS

/* The server that a person hosts on this computer: an AhoyHost that is made when it is wanted for the first time, and known as no stranger from then on.
 * Main thread.
 *
 * Signal "changed" (): its state is another one. */

#define AHOY_TYPE_OWN_SERVER (ahoy_own_server_get_type ())
G_DECLARE_FINAL_TYPE (AhoyOwnServer, ahoy_own_server, AHOY, OWN_SERVER, GObject)

/* @known_servers: nullable. */
AhoyOwnServer *ahoy_own_server_new (AhoyMemory       *memory,
                                    AhoyKnownServers *known_servers);

/* @server_name: what others see in their lists. @person (a name) and @key (nullable): whose chat it is, see ahoy_host_set_claim(). @anew: a log that is
 * lost or damaged is set aside first. One that runs is left alone. */
void ahoy_own_server_start (AhoyOwnServer *self,
                            const char    *server_name,
                            const char    *person,
                            const char    *key,
                            guint16        discovery_port,
                            gboolean       anew);
void ahoy_own_server_stop (AhoyOwnServer *self);

/* STOPPED also when there never was one. */
AhoyHostState ahoy_own_server_get_state (AhoyOwnServer *self);
gboolean      ahoy_own_server_is_running (AhoyOwnServer *self);
/* Returns: (transfer none) (nullable): while it runs. */
AhoyServer *ahoy_own_server_get_server (AhoyOwnServer *self);
/* Returns: (transfer none): the own server when @server is that one, on whichever way it was found; else @server. */
AhoyServer *ahoy_own_server_prefer (AhoyOwnServer *self,
                                    AhoyServer    *server);
/* Untranslated, what the server's program said; NULL: nothing. */
const char *ahoy_own_server_get_error_text (AhoyOwnServer *self);
gboolean    ahoy_own_server_get_log_lost (AhoyOwnServer *self);

G_END_DECLS
