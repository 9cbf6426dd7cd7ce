/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Who has been here before, so that others may whisper to them while they are away. PROTOCOL.md, "Whispers to people who are away".
 *
 * A name is remembered for good, as the fact `person` (ahoyd-receipts.h), while a key owns it or something in the log is from or for it. Names are cheap to make up, so
 * of all others only those that were here last are remembered, and not beyond the life of the process. */

/* So many. */
#define AHOYD_KNOWN_MAX 1024

typedef struct _AhoydKnown AhoydKnown;

AhoydKnown *ahoyd_known_new  (AhoydStore *store);
void        ahoyd_known_free (AhoydKnown *known);

/* Somebody is here under @name. */
void        ahoyd_known_note_seen   (AhoydKnown *known,
                                     const char *skeleton,
                                     const char *name);
/* @message was just committed: whom it is from and for is remembered as long as it is there. */
void        ahoyd_known_note_said   (AhoydKnown         *known,
                                     const AhoydMessage *message);
/* Nothing in the log is from or for the name any more. What was known of it goes, unless somebody has come to own it meanwhile. */
void        ahoyd_known_forget      (AhoydKnown *known,
                                     const char *skeleton);

/* Returns: (transfer none) (nullable): the name as it was written last, until the next call; NULL: never here, or forgotten. */
const char *ahoyd_known_find        (AhoydKnown *known,
                                     const char *skeleton);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydKnown, ahoyd_known_free)

G_END_DECLS
