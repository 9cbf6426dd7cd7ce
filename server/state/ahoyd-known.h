/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Who has been here before, so that others may whisper to them while they are away. PROTOCOL.md, "Whispers to people who are away".
 *
 * A name is remembered for good, in a table of the store (ahoyd-people-table.h), while a key owns it or something in the log is from or for it. Names are cheap to make up, so
 * of all others only those are remembered that are here, or were here last, and not beyond the life of the process.
 *
 * So is the secret by which it is held (ahoyd-tenure.h says what that means); nobody owns the name then. */

/* So many. */
#define AHOYD_KNOWN_MAX 1024

typedef struct _AhoydKnown AhoydKnown;

AhoydKnown *ahoyd_known_new (AhoydStore *store);
void        ahoyd_known_free (AhoydKnown *known);

/* Somebody is here under @name, until ahoyd_known_note_left(). */
void ahoyd_known_note_seen (AhoydKnown *known,
                            const char *skeleton,
                            const char *name);
void ahoyd_known_note_left (AhoydKnown *known,
                            const char *skeleton,
                            const char *name);
/* @event is about to be appended: by what whom it is from and for are held will be on the disk before it. */
void ahoyd_known_note_saying (AhoydKnown       *known,
                              const AhoydEvent *event);
/* It was, and did not get into the log. */
void ahoyd_known_note_lost (AhoydKnown       *known,
                            const AhoydEvent *event);
/* @event was just committed: whom it is from and for is remembered as long as it is there. */
void ahoyd_known_note_said (AhoydKnown       *known,
                            const AhoydEvent *event);
/* Nothing in the log is from or for the name any more. What was known of it goes, unless somebody has come to own it meanwhile; where a secret
 * holds it, it is like any name of which nothing was said. @here (nullable): the name of whoever is here under it. */
void ahoyd_known_forget (AhoydKnown *known,
                         const char *skeleton,
                         const char *here);

/* By what the name is held: a hash; NULL: by nothing. Somebody is here under it then, or it is remembered. */
void ahoyd_known_set_secret (AhoydKnown *known,
                             const char *skeleton,
                             const char *secret);
/* Returns: (transfer none) (nullable): until the next call. */
const char *ahoyd_known_get_secret (AhoydKnown *known,
                                    const char *skeleton);

/* Returns: (transfer none) (nullable): the name as it was written last, until the next call; NULL: never here, or forgotten. */
const char *ahoyd_known_find (AhoydKnown *known,
                              const char *skeleton);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydKnown, ahoyd_known_free)

G_END_DECLS
