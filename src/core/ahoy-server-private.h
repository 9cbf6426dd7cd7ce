/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What only core may do with a server. */

#pragma once

#include "core/ahoy-server.h"

G_BEGIN_DECLS

/* Anybody's text: it is tidied. */
void ahoy_server_set_name      (AhoyServer *self,
                                const char *name);
/* What an extended reply told. From then on the server is extended. @users: -1: it did not tell. */
void ahoy_server_set_extended  (AhoyServer *self,
                                const char *id,
                                const char *name,
                                int         users,
                                gboolean    tls);
/* It answered the search: what is not known of it now, it has not. So does one that is extended. */
void     ahoy_server_set_heard (AhoyServer *self);
gboolean ahoy_server_get_heard (AhoyServer *self);
/* It turned out to be no more than that. */
void ahoy_server_set_classic   (AhoyServer *self);
void ahoy_server_set_host      (AhoyServer *self,
                                const char *host);
void ahoy_server_set_address   (AhoyServer *self,
                                const char *host,
                                guint16     port);
void ahoy_server_set_last_used (AhoyServer *self,
                                gboolean    last_used);
/* Before anybody else knows it. */
void ahoy_server_set_own       (AhoyServer *self);

G_END_DECLS
