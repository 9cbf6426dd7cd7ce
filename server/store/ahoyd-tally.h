/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "disk/ahoy-sqlite.h"

G_BEGIN_DECLS

/* Running totals of the log, in its file and with its transactions: what each author's messages take, and how many repeats are remembered. */

typedef struct _AhoydTally AhoydTally;

/* Registers the SQL function message_size (sender, sender_skeleton, recipient, recipient_skeleton, cid, text), and counts what there is when that was
 * not done before, or by another rule, unless nobody @writes. */
AhoydTally *ahoyd_tally_new (AhoySqlite *file,
                             gboolean    writes,
                             GError    **error);
void        ahoyd_tally_free (AhoydTally *tally);

/* What a message takes in the file, more or less: its row, its entries in the indexes, and in that of the words. @names: bytes of sender and recipient,
 * as shown and as compared; @skeletons: of the latter alone; @cid, @text: bytes. */
guint64 ahoyd_tally_size (gsize names,
                          gsize skeletons,
                          gsize cid,
                          gsize text);

/* One message more (@sign 1) or less (-1) by that author. */
void ahoyd_tally_count (AhoydTally *tally,
                        const char *author,
                        int         sign,
                        guint64     size);
void ahoyd_tally_count_said (AhoydTally *tally,
                             gint64      change);

/* Within a transaction: writes what was counted in it. Adds those whose last message was taken away to @ended (nullable) (element-type utf8). */
gboolean ahoyd_tally_write (AhoydTally *tally,
                            GPtrArray  *ended,
                            GError    **error);
/* How that transaction ended. */
void ahoyd_tally_commit (AhoydTally *tally);
void ahoyd_tally_rollback (AhoydTally *tally);

/* By now, with what the open transaction has changed; authors: what it has written. */
guint64 ahoyd_tally_get_bytes (AhoydTally *tally);
guint64 ahoyd_tally_get_n_authors (AhoydTally *tally);
guint64 ahoyd_tally_get_n_said (AhoydTally *tally);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydTally, ahoyd_tally_free)

G_END_DECLS
