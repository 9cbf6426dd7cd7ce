/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* Who owns a name: the first key that logs in under it. PROTOCOL.md, "Owning a name". That is a table of the store (ahoyd-owner-table.h), and so is what was the newest
 * message when the tenure of whoever had the name ended (ahoyd-tenure-table.h): an operator released it, or see ahoyd-tenure.h. Whispers up to it are for nobody who has
 * it after that, and nor are receipts for them. */

typedef struct _AhoydOwners AhoydOwners;
/* A claim (or a release) that is not committed yet. */
typedef struct _AhoydClaim AhoydClaim;

/* It is theirs as long as this server runs; and for ever, unless there is an @error: then the store goes on trying. */
typedef void (*AhoydClaimed) (const GError *error,
                              gpointer      data);

AhoydOwners *ahoyd_owners_new (AhoydStore *store);
/* Nobody waits for a claim any more. */
void ahoyd_owners_free (AhoydOwners *owners);

/* Returns: (transfer none) (nullable): the fingerprint of the key that owns the name with this skeleton. */
const char *ahoyd_owners_find (AhoydOwners *owners,
                               const char  *skeleton);
/* How many names that key owns. */
guint ahoyd_owners_count (AhoydOwners *owners,
                          const char  *key);
/* The owner is here, or just was. */
void ahoyd_owners_note_seen (AhoydOwners *owners,
                             const char  *skeleton);
/* The owner writes it so now: before anybody who comes later is compared with it. Nothing happens when nobody owns it. */
void ahoyd_owners_note_name (AhoydOwners *owners,
                             const char  *skeleton,
                             const char  *name);
/* Whether @name could be mistaken for one that another key owns than @key (NULL: none). See ahoyd-looks.h. */
gboolean ahoyd_owners_has_look_alike (AhoydOwners *owners,
                                      const char  *name,
                                      const char  *key);

/* From now on the name is @key's; nobody else's it must be. Whoever logs in is answered when that is committed: @claimed comes later, once.
 * Returns: (transfer none) (nullable): to cancel with, until @claimed; NULL when it is @key's and committed already, and @claimed does
 * not come. */
AhoydClaim *ahoyd_owners_claim (AhoydOwners *owners,
                                const char  *skeleton,
                                const char  *key,
                                AhoydClaimed claimed,
                                gpointer     data);
/* @claimed will not come; the name stays claimed (or released). */
void ahoyd_claim_cancel (AhoydClaim *claim);

/* The name is nobody's any more; who is here stays. What was known of its owner is forgotten, and no later one is shown the whispers
 * of before. @released comes when that is committed, as with a claim.
 * Returns: (transfer none) (nullable): to cancel with, as a claim; NULL when nobody owns it. */
AhoydClaim *ahoyd_owners_release (AhoydOwners *owners,
                                  const char  *skeleton,
                                  AhoydClaimed released,
                                  gpointer     data);
/* What was whispered from and to the name until now is nobody's: its tenure has ended. */
void ahoyd_owners_cut_off (AhoydOwners *owners,
                           const char  *skeleton);
/* The store is done with one more message, and whoever is to hear of it has: what was cut off may be known exactly now. Not @until is the last id of that, but @last. */
typedef void (*AhoydSettled) (const char *skeleton,
                              guint64     until,
                              guint64     last,
                              gpointer    data);
void ahoyd_owners_note_written (AhoydOwners *owners,
                                AhoydSettled settled,
                                gpointer     data);
/* Whispers up to this id are for nobody who has the name now; 0: there were none. */
guint64 ahoyd_owners_get_released (AhoydOwners *owners,
                                   const char  *skeleton);

typedef struct {
  const char *name; /* as it was written last */
  const char *skeleton;
  const char *key;
  gint64      since; /* seconds since 1970 UTC */
  gint64      seen;
} AhoydOwned;

/* Calls @found for each owned name; it must not claim or release any. */
typedef void (*AhoydOwnedFunc) (const AhoydOwned *owned,
                                gpointer          data);
void ahoyd_owners_each (AhoydOwners   *owners,
                        AhoydOwnedFunc found,
                        gpointer       data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydOwners, ahoyd_owners_free)

G_END_DECLS
