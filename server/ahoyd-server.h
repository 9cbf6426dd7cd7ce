/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-config.h"
#include "features/ahoyd-feature.h"

G_BEGIN_DECLS

/* The server: what listens, what is wired to what, and its life from first socket to last goodbye. */

typedef struct _AhoydServer AhoydServer;

/* Serves when this returns. @config (borrowed): parsed, and outliving the server. @features (borrowed): NULL-terminated: what it can do, and who handles
 * it. @context: the server's; NULL: the default one.
 * Returns: (transfer full): NULL with a GError whose message is a sentence for the operator. */
AhoydServer *ahoyd_server_new (const AhoydConfig         *config,
                               const AhoydFeature *const *features,
                               GMainContext              *context,
                               GError                   **error);
/* What can change while the server serves has changed in its config. Nobody is dropped for it. */
void ahoyd_server_reload (AhoydServer *server);
/* Does not wait for anybody to hear the goodbye. */
void ahoyd_server_free (AhoydServer *server);

guint16 ahoyd_server_get_port (AhoydServer *server);
/* 0: no discovery. */
guint16     ahoyd_server_get_discovery_port (AhoydServer *server);
const char *ahoyd_server_get_id (AhoydServer *server);
guint       ahoyd_server_get_n_sessions (AhoydServer *server);
guint       ahoyd_server_get_n_online (AhoydServer *server);

/* Says goodbye to everybody and calls @stopped when all have heard it, or after a few seconds. Only once. */
void ahoyd_server_stop (AhoydServer *server,
                        void (*stopped) (gpointer data),
                        gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydServer, ahoyd_server_free)

G_END_DECLS
