/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-session.h"
#include "state/ahoyd-hub.h"

G_BEGIN_DECLS

/* Pauses a session while too much of what its person said waits for the log. How much that is: ahoyd-backlog.h. */

/* The person of @session has said something that waits for the log. */
void ahoyd_backpressure_update (AhoydHub     *hub,
                                AhoydSession *session);
/* @event waits no more, and the hub knows. */
void ahoyd_backpressure_note_written (AhoydHub         *hub,
                                      const AhoydEvent *event);

G_END_DECLS
