/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-hub.h"
#include "state/ahoyd-known.h"
#include "state/ahoyd-owners.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Whose a name is, and from when on: what was whispered in one tenure is never shown in another. PROTOCOL.md, "Tenures".
 *
 * A name is held by a key (ahoyd-owners.h), by a secret (ahoyd-known.h), or by nobody beyond a session. Where a tenure ends the name is marked as a
 * released one is; that is decided when somebody logs in, from what is stored, so that it holds after any crash, and noted when a session ends. */

typedef struct _AhoydTenures AhoydTenures;

/* @hub, @owners, @known (borrowed) outlive it; @known and @owners are over @store (borrowed). @server_id is copied. */
AhoydTenures *ahoyd_tenures_new (AhoydHub    *hub,
                                 AhoydStore  *store,
                                 AhoydOwners *owners,
                                 AhoydKnown  *known,
                                 const char  *server_id);
void          ahoyd_tenures_free (AhoydTenures *tenures);

/* Returns: (transfer none): what it works with, as it was given. */
AhoydOwners *ahoyd_tenures_get_owners (AhoydTenures *tenures);
AhoydKnown  *ahoyd_tenures_get_known (AhoydTenures *tenures);

/* Returns: (transfer full): what is kept of a secret. */
char *ahoyd_tenures_hash (AhoydTenures *tenures,
                          const char   *skeleton,
                          const char   *secret);

/* Whether that is what the name is held by. @hash: NULL: none was shown. */
gboolean ahoyd_tenures_is_held_by (AhoydTenures *tenures,
                                   const char   *skeleton,
                                   const char   *hash);

/* Whether whispers for whoever has that name wait while they are away. */
gboolean ahoyd_tenures_is_kept (AhoydTenures *tenures,
                                const char   *skeleton);

/* Somebody who may have the name gets it, and nobody else is here under it. Unless they have shown the right secret (@hash: nullable) or own it (@key: nullable),
 * this is the end of the tenure of whoever had it. */
void ahoyd_tenures_begin (AhoydTenures *tenures,
                          const char   *skeleton,
                          const char   *key,
                          const char   *hash);

/* The store is done with one more message. */
void ahoyd_tenures_note_written (AhoydTenures *tenures);

/* Somebody with @key (NULL: none) is about to leave: a tenure that nothing holds ends. */
void ahoyd_tenures_leave (AhoydTenures *tenures,
                          const char   *skeleton,
                          const char   *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydTenures, ahoyd_tenures_free)

G_END_DECLS
