/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The domains of this computer, whose name servers may know of a chat server. DISCOVERY.md, "Discovery by DNS". Thread-safe. */

#define AHOY_DOMAINS_MAX 4

/* Returns: (transfer full): those of this computer, each once, and AHOY_DOMAINS_MAX at most. Reads /etc/resolv.conf. */
GStrv ahoy_domains_list (void);
/* Like ahoy_domains_list(), from what is given instead of read. @host_name: its domain comes first, when it has one. @localdomain (nullable): what the environment says of search
 * domains, in place of @resolv_conf. @resolv_conf (nullable): as resolv.conf(5) has it; the last "search" or "domain" counts. */
GStrv ahoy_domains_parse (const char *host_name,
                          const char *localdomain,
                          const char *resolv_conf);
/* Whether @host, as typed, may be a domain that has a server's address: a name of several parts that name servers know. */
gboolean ahoy_domains_may_be (const char *host);

G_END_DECLS
