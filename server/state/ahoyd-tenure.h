/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "net/ahoyd-session.h"

G_BEGIN_DECLS

/* Whose a name is, and from when on: what was whispered in one tenure is never shown in another. PROTOCOL.md, "Tenures".
 *
 * A name is held by a key (ahoyd-owners.h), by a secret (ahoyd-known.h), or by nobody beyond a session. Where a tenure ends the name is marked as a
 * released one is; that is decided when somebody logs in, from what is stored, so that it holds after any crash, and noted when a session ends. */

/* Returns: (transfer full): what is kept of a secret. */
char *ahoyd_tenure_hash (const AhoydServerContext *server_context,
                         const char               *skeleton,
                         const char               *secret);

/* Whether that is what the name is held by. @hash: NULL: none was shown. */
gboolean ahoyd_tenure_is_held_by (const AhoydServerContext *server_context,
                                  const char               *skeleton,
                                  const char               *hash);

/* Whether whispers for whoever has that name wait while they are away. */
gboolean ahoyd_tenure_is_kept (const AhoydServerContext *server_context,
                               const char               *skeleton);

/* Somebody who may have the name gets it, and nobody else is here under it. Unless they have shown the right secret (@hash: nullable) or own it (@key: nullable),
 * this is the end of the tenure of whoever had it. */
void ahoyd_tenure_begin (const AhoydServerContext *server_context,
                         const char               *skeleton,
                         const char               *key,
                         const char               *hash);

/* The store is done with one more message. */
void ahoyd_tenure_note_written (const AhoydServerContext *server_context);

/* Somebody with @key (NULL: none) is about to leave: a tenure that nothing holds ends. */
void ahoyd_tenure_leave (const AhoydServerContext *server_context,
                         const char               *skeleton,
                         const char               *key);

G_END_DECLS
