/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The rung of a search that asks name servers for the chat servers of domains: SRV records. DISCOVERY.md, "Discovery by DNS". By GIO's resolver; main
 * thread; nothing blocks.
 *
 * A record has a host and a port and no id: who is there is asked as at any other address, and its replies are told to this rung. */

typedef struct _AhoySrv AhoySrv;

/* The rung may be freed in all of these. */
typedef struct {
  /* A record and where its host is: @addresses (element-type GInetAddress). */
  void (*target) (const char *host,
                  guint16     port,
                  GList      *addresses,
                  gpointer    data);
  /* Nobody answered there in time. The records come as they are to be tried, by priority and weight. */
  void (*unheard) (const char *host,
                   guint16     port,
                   gpointer    data);
  /* There is no record, or nobody who knows in time. Once. */
  void (*none) (gpointer data);
} AhoySrvEvents;

/* @patience: milliseconds for replies, and before that for name servers. @probes (AhoyProbe): gets a row for each domain, or one that there is none.
 * @events: static. */
AhoySrv *ahoy_srv_new (const char *const   *domains,
                       guint                patience,
                       GListStore          *probes,
                       const AhoySrvEvents *events,
                       gpointer             data);
/* Ends the question; nothing is told after it. */
void ahoy_srv_free (AhoySrv *self);

/* @sender answered that it serves @port. Returns: (transfer none) (nullable): the host of the record that this is; NULL: of none. */
const char *ahoy_srv_note_reply (AhoySrv        *self,
                                 GSocketAddress *sender,
                                 guint16         port);
/* Whether there is a record. */
gboolean ahoy_srv_has_target (AhoySrv *self);
/* Tells those that nobody answered for, now. */
void ahoy_srv_hurry (AhoySrv *self);

G_END_DECLS
