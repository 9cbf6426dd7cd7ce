/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What only core may do with a server. */

#pragma once

#include "core/connection/ahoy-server.h"

G_BEGIN_DECLS

/* What an extended reply told. From then on the server is extended. @name: anybody's text, which is tidied. @users: -1: it did not tell. */
void ahoy_server_set_extended (AhoyServer *self,
                               const char *id,
                               const char *name,
                               int         users,
                               gboolean    tls);
/* It answered the search: what is not known of it now, it has not. So does one that is extended. */
void     ahoy_server_set_heard (AhoyServer *self);
gboolean ahoy_server_get_heard (AhoyServer *self);
/* It turned out to be no more than that. */
void ahoy_server_set_classic (AhoyServer *self);
/* Its id is no mere claim: it was proved there, or told by who must know. Another one is then no wrong claim but another server. */
void     ahoy_server_set_sure (AhoyServer *self,
                               gboolean    sure);
gboolean ahoy_server_get_sure (AhoyServer *self);
/* @namesake: nullable. */
void ahoy_server_set_known (AhoyServer *self,
                            gboolean    known,
                            const char *namesake);
void ahoy_server_set_last_used (AhoyServer *self,
                                gboolean    last_used);
/* Before anybody else knows it. */
void ahoy_server_set_own (AhoyServer *self);

/* Its places: all addresses from where its id was claimed, in the order in which to try them. The first is its "host" and "port". A claim is no
 * proof: the right one may be any of them, and no lie may keep the client from it. */
#define AHOY_SERVER_PLACES_MAX 16
guint ahoy_server_get_n_places (AhoyServer *self);
/* Returns: (transfer none): the host. @port (out). */
const char *ahoy_server_get_place (AhoyServer *self,
                                   guint       i,
                                   guint16    *port);
/* @first: before all others, and in place of the last when there are too many. Else it may be drawn in place of another one then. Returns: FALSE: there
 * are too many of this host, or it was not drawn. */
gboolean ahoy_server_add_place (AhoyServer *self,
                                const char *host,
                                guint16     port,
                                gboolean    first);
/* That is where it is: its only place. */
void ahoy_server_set_place (AhoyServer *self,
                            const char *host,
                            guint16     port);

/* By their ids; where one has none, by their addresses. */
gboolean ahoy_server_is_same (AhoyServer *a,
                              AhoyServer *b);

G_END_DECLS
