/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server one could talk to: found, typed or remembered. Main thread.
 *
 * Properties (all notify): "id" (string, NULL when it speaks only the classic protocol), "name" (display name; NULL: unknown),
 * "host" (numeric address, or the host name that was typed), "port" (TCP), "users" (people online, -1 unknown), "tls", "extended",
 * "last-used" (the one that worked last time), "known" (the person has been there before, or so it claims: only TLS proves that), "namesake" (string:
 * the id of another server that the person knows under this name; NULL: none). */

#define AHOY_TYPE_SERVER (ahoy_server_get_type ())
G_DECLARE_FINAL_TYPE (AhoyServer, ahoy_server, AHOY, SERVER, GObject)

AhoyServer *ahoy_server_new (const char *host,
                             guint16     port);

const char *ahoy_server_get_id (AhoyServer *self);
const char *ahoy_server_get_name (AhoyServer *self);
const char *ahoy_server_get_host (AhoyServer *self);
guint16     ahoy_server_get_port (AhoyServer *self);
int         ahoy_server_get_users (AhoyServer *self);
gboolean    ahoy_server_get_tls (AhoyServer *self);
gboolean    ahoy_server_get_extended (AhoyServer *self);
gboolean    ahoy_server_get_last_used (AhoyServer *self);
/* It runs here as our child (AhoyHost): others reach it under other addresses. Never changes. */
gboolean    ahoy_server_get_own (AhoyServer *self);
gboolean    ahoy_server_get_known (AhoyServer *self);
const char *ahoy_server_get_namesake (AhoyServer *self);
/* Returns: (transfer full): "192.168.1.7:24690", "[fe80::1%eth0]:24690"; what people may type. */
char *ahoy_server_dup_address (AhoyServer *self);

/* Parses `host`, `host:port`, `[v6]:port`, `v6`. White space around is ignored; the default port is @default_port.
 * Returns: FALSE with a G_IO_ERROR_INVALID_ARGUMENT. @host (out) (transfer full), @port (out). */
gboolean ahoy_server_parse_address (const char *text,
                                    guint16     default_port,
                                    char      **host,
                                    guint16    *port,
                                    GError    **error);

G_END_DECLS
