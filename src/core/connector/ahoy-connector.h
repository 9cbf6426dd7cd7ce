/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/chat/ahoy-chat.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/connector/ahoy-memory.h"
#include "core/discovery/ahoy-finder.h"
#include "core/discovery/ahoy-neighbour.h"
#include "core/identity/ahoy-keyring.h"

G_BEGIN_DECLS

/* The way from "not connected" to "online": one step at a time, each with one clear way forward, over a search, a host and a chat. No widgets: a command
 * line can use it, too. Main thread.
 *
 * Properties:
 *   "memory" (AhoyMemory), "chat" (AhoyChat), "neighbour" (AhoyNeighbour), "keyring" (AhoyKeyring), "known-servers" (AhoyKnownServers): construct, never
 *   change;
 *   "step" (AhoyStep; notify);
 *   "name" (string; read-write, never NULL; notify): what was typed as one's name;
 *   "finder" (AhoyFinder; notify): of the last search; NULL: there was none yet;
 *   "aim" (string; notify): address of the server that is asked or connected to; NULL: whoever answers;
 *   "hosting" (boolean; notify): a server runs as our child. */

#define AHOY_TYPE_CONNECTOR (ahoy_connector_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConnector, ahoy_connector, AHOY, CONNECTOR, GObject)

/* @chat connects as @keyring and @known_servers say, and @neighbour tells of its server; all but @chat are nullable. */
AhoyConnector *ahoy_connector_new (AhoyMemory       *memory,
                                   AhoyChat         *chat,
                                   AhoyNeighbour    *neighbour,
                                   AhoyKeyring      *keyring,
                                   AhoyKnownServers *known_servers);

/* For this run, instead of what the memory says. */
void ahoy_connector_set_discovery_port (AhoyConnector *self,
                                        guint16        port);
/* For this run: the address that ahoy_connector_look() asks instead of everybody. NULL: everybody. */
void ahoy_connector_set_address (AhoyConnector *self,
                                 const char    *address);
/* Nobody looks: the last used server is taken from among several without asking, and trouble is tried again every AHOY_TRY_AGAIN_PATIENCE_S seconds.
 * (Where nobody was found, and when the network changes, it tries again by itself in any case: a session that starts before its network is there.) */
void ahoy_connector_set_unattended (AhoyConnector *self,
                                    gboolean       unattended);

/* "Connect": looks for servers; in step REFUSED asks again under the name as it is now. Nothing happens while the name is not allowed. */
void ahoy_connector_look (AhoyConnector *self);
/* Shows where an address can be typed. */
void ahoy_connector_ask_address (AhoyConnector *self);
/* Returns: FALSE when @address is none; nothing has happened then. */
gboolean ahoy_connector_look_at (AhoyConnector *self,
                                 const char    *address);
/* One of several. */
void ahoy_connector_choose (AhoyConnector *self,
                            AhoyServer    *server);
/* Starts a server on this computer and connects to it. @server_name: what others see in their lists. */
void ahoy_connector_host (AhoyConnector *self,
                          const char    *server_name);
/* In TROUBLE with HOST_LOG: the same, and the log that is of no use is set aside first. */
void ahoy_connector_host_anew (AhoyConnector *self);
void ahoy_connector_stop_hosting (AhoyConnector *self);
/* What was tried last, again. */
void ahoy_connector_retry (AhoyConnector *self);
/* In CHANGED: the person wants the server that was met, in place of the one that was known. Connects to it. */
void ahoy_connector_accept_server (AhoyConnector *self);
/* In REPLACED: comes back, which ends the other connection. In TALKING: connects anew, as who the keyring says one is now. */
void ahoy_connector_reconnect (AhoyConnector *self);
/* Back to step NAME, from wherever; disconnects. A hosted server goes on. */
void ahoy_connector_cancel (AhoyConnector *self);

AhoyStep    ahoy_connector_get_step (AhoyConnector *self);
const char *ahoy_connector_get_name (AhoyConnector *self);
void        ahoy_connector_set_name (AhoyConnector *self,
                                     const char    *name);
const char *ahoy_connector_get_aim (AhoyConnector *self);
gboolean    ahoy_connector_get_hosting (AhoyConnector *self);
/* Talking on the server that runs here, and not on another one while that goes on. */
gboolean    ahoy_connector_is_at_own_server (AhoyConnector *self);
AhoyTrouble ahoy_connector_get_trouble (AhoyConnector *self);
/* Untranslated, what the server's program said; NULL: nothing. */
const char *ahoy_connector_get_host_error (AhoyConnector *self);
AhoyChat   *ahoy_connector_get_chat (AhoyConnector *self);
/* Returns: (transfer none) (nullable): of the last search; the same until the next one starts. */
AhoyFinder *ahoy_connector_get_finder (AhoyConnector *self);
guint16     ahoy_connector_get_discovery_port (AhoyConnector *self);
AhoyMemory *ahoy_connector_get_memory (AhoyConnector *self);
/* Returns: (transfer none) (nullable). */
AhoyKeyring      *ahoy_connector_get_keyring (AhoyConnector *self);
AhoyKnownServers *ahoy_connector_get_known_servers (AhoyConnector *self);

G_END_DECLS
