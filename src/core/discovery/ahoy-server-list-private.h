/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/connection/ahoy-known-servers.h"
#include "core/connection/ahoy-server.h"
#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* The servers that answered one search, each once. Main thread.
 *
 * An id is one server, wherever its replies come from: they are its places. A reply without an id (classic) is the server that is known at
 * its address and port; where an id turns up for that address later, it becomes that server's. Without an id all addresses of this
 * computer count as one. The first place of a server is the first that answered, except that one where the person met it before beats the
 * others, and 127.0.0.1 beats them all: it stays when the network goes. A link-local one (IPv6) gives way to any other: it means something on this
 * computer only. */

typedef struct _AhoyServerList AhoyServerList;

AhoyServerList *ahoy_server_list_new (void);
void            ahoy_server_list_free (AhoyServerList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyServerList, ahoy_server_list_free)

/* AhoyServer, the last used one first, then those that the person knows, then the others, each in the order they answered. */
GListModel *ahoy_server_list_get_model (AhoyServerList *self);
guint       ahoy_server_list_get_n (AhoyServerList *self);
void        ahoy_server_list_clear (AhoyServerList *self);

/* @own (transfer full): as ahoy_interfaces_list() tells it. */
void ahoy_server_list_set_own (AhoyServerList *self,
                               GHashTable     *own);
/* Tells which server was used last: by @id when it has one, else by address. Survives ahoy_server_list_clear(). */
void ahoy_server_list_set_last_used (AhoyServerList *self,
                                     const char     *host,
                                     guint16         port,
                                     const char     *id);
/* Tells which servers are known. @known_servers: nullable. Survives ahoy_server_list_clear(). */
void ahoy_server_list_set_pins (AhoyServerList   *self,
                                AhoyKnownServers *known_servers);
/* No reply makes a server of that place any more. Survives ahoy_server_list_clear(). */
void ahoy_server_list_overlook (AhoyServerList *self,
                                const char     *host,
                                guint16         port);
/* A name that the last used server was remembered by stands for this address too, until ahoy_server_list_clear(). */
void ahoy_server_list_add_last_used_address (AhoyServerList *self,
                                             const char     *host);

/* @host answered @reply. Returns: (transfer none) (nullable): NULL when it is overlooked, or there are too many; one that is known takes the place of one
 * that is not. */
AhoyServer *ahoy_server_list_add_reply (AhoyServerList           *self,
                                        const char               *host,
                                        const AhoyDiscoveryReply *reply);
/* What @server answered came from @host: a reply from there without an id is @server's, too. It is no place of its own, for @server has a name. */
void ahoy_server_list_add_alias (AhoyServerList *self,
                                 AhoyServer     *server,
                                 const char     *host,
                                 guint16         port);
/* One that nobody answered for. Returns: (transfer none) (nullable): the one that is there already, or a new one; NULL as above. */
AhoyServer *ahoy_server_list_add_unheard (AhoyServerList *self,
                                          const char     *host,
                                          guint16         port);

G_END_DECLS
