/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-answers.h"

G_BEGIN_DECLS

/* Has the machine's Avahi say by mDNS that here is a chat server. DISCOVERY.md, "Discovery by DNS".
 *
 * Without a system bus, and without Avahi on it, it waits until there is one, and starts none. Nothing here blocks, fails or ends anything else. A server
 * that serves only some addresses is published on their interfaces, and one that serves only this machine is not. */

typedef struct _AhoydPublisher AhoydPublisher;

/* @addresses (borrowed): as ahoyd_discovery_responder_new() takes them. @describe: as for answers; it is called whenever the server is published.
 * Returns: (transfer full). */
AhoydPublisher *ahoyd_publisher_new (GMainContext        *context,
                                     GPtrArray           *addresses,
                                     AhoydAnswersDescribe describe,
                                     gpointer             data);
/* What @describe tells has changed. */
void ahoyd_publisher_update (AhoydPublisher *publisher);
/* Nothing is published any more. */
void ahoyd_publisher_free (AhoydPublisher *publisher);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydPublisher, ahoyd_publisher_free)

G_END_DECLS
