/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "wire/ahoy-discovery.h"

G_BEGIN_DECLS

/* DISCOVERY.md, "Discovery by DNS": what a server says of itself in DNS records, no resolver. Pure, thread-safe. */

#define AHOY_SERVICE_TYPE "_ahoy._tcp"
/* The service and the protocol, as GResolver wants them. */
#define AHOY_SERVICE "ahoy"
#define AHOY_SERVICE_PROTOCOL "tcp"

/* Bytes of an instance's name: one DNS label. */
#define AHOY_SERVICE_NAME_MAX 63

/* Returns: (transfer full): what @name is called as an instance of the service: on one line, and in as many bytes as there may be, cut between
 * characters. */
char *ahoy_service_name (const char *name);

/* Returns: (transfer floating): the strings of the TXT record, "aay" as Avahi takes them, that tell @reply's id, name and tls. */
GVariant *ahoy_service_txt_new (const AhoyDiscoveryReply *reply);
/* What @txt ("aay", anybody's bytes) tells of the instance @name (anybody's, UTF-8 or not) on @port. One without an id is not extended. How many
 * people are there is never told.
 * Returns: FALSE when it is nothing of ours. Clear @reply afterwards. */
gboolean ahoy_service_txt_parse (AhoyDiscoveryReply *reply,
                                 const char         *name,
                                 guint               port,
                                 GVariant           *txt);

G_END_DECLS
