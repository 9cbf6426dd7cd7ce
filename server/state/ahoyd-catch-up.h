/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-hub.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Hands somebody who came back what was said without them, in order and once, while others go on talking. PROTOCOL.md, "Replay".
 *
 * Their output is catching up until this is done: what is committed meanwhile is not sent to them live, because it comes in its turn. Far back it is
 * read from the store, a page at a time and the next when the peer has taken the last; the end comes from what the hub remembers, all
 * at once, so that there is an end however much is said. */

typedef struct _AhoydCatchUp AhoydCatchUp;

/* All has been handed over, and the output is live. Or, with @error (transfer none), the log could not be read, and what they have got may lack anything: they
 * must not be told that it is all. The one who made the catch-up frees it before this returns. */
typedef void (*AhoydCaughtUp) (const GError *error,
                               gpointer      data);

typedef struct {
  AhoydHub        *hub;
  AhoydStore      *store;
  AhoydPeerOutput *output;
  AhoydPerson     *person; /* whose eyes, and whose output; must outlive this */
} AhoydCatchUpParts;

/* Everything they may see after @since; and before that, whispers to them after @held_after and up to @held_until (0: none).
 * Nothing is called back from inside. Free it to stop. */
AhoydCatchUp *ahoyd_catch_up_new (const AhoydCatchUpParts *parts,
                                  guint64                  since,
                                  guint64                  held_after,
                                  guint64                  held_until,
                                  AhoydCaughtUp            done,
                                  gpointer                 data);
void          ahoyd_catch_up_free (AhoydCatchUp *self);

/* The peer has taken most of what was queued for it. */
void ahoyd_catch_up_go_on (AhoydCatchUp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydCatchUp, ahoyd_catch_up_free)

G_END_DECLS
