/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What happened since the start; plain counters that whoever knows counts up. */
typedef struct {
  guint64 connections; /* accepted */
  guint64 secure;      /* of these, over TLS */
  guint64 handshakes_failed;
  guint64 full;    /* turned away by --max-clients, or --max-clients-per-address */
  guint64 crowded; /* turned away by --max-pending-per-address */
  guint64 barred;  /* turned away by --failed-logins-per-minute */
  guint64 slowed;  /* times that a peer was not read for what it had sent */
  guint64 logins;
  guint64 names_refused;
  guint64 messages;    /* committed */
  guint64 deliveries;  /* messages times receivers */
  guint64 faults;      /* peers that broke the protocol */
  guint64 overflows;   /* peers that took their messages too slowly */
  guint64 discoveries; /* answered */
} AhoydStats;

/* Returns: (transfer full): one line for the log. */
char *ahoyd_stats_to_string (const AhoydStats *stats);

G_END_DECLS
