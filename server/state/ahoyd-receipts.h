/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-hub.h"
#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* How far whispers have come. PROTOCOL.md, "Receipts". All of it is facts in the store, so it outlives the process:
 *
 *   held            somebody's skeleton                    the newest whisper to them (a store knows this by itself, too)
 *   taken           somebody's skeleton                    the newest whisper that reached them
 *   delivered:FROM  skeleton of the one FROM whispered to  the newest of those that was delivered
 *   seen:FROM       the same                               the newest that was seen
 *   person          somebody's skeleton                    their name, as they logged in last, if it is to be remembered: see ahoyd-known.h */

/* @message is a whisper that was just committed. */
void ahoyd_receipts_note_whisper (AhoydStore         *store,
                                  const AhoydMessage *message);

/* The questions to the store about receipts of messages that nobody remembers. They outlive the session that sent the receipt: who says "seen" and hangs up
 * has said it. */
typedef struct _AhoydReceipts AhoydReceipts;

AhoydReceipts *ahoyd_receipts_new (AhoydStore *store,
                                   AhoydHub   *hub);
void           ahoyd_receipts_free (AhoydReceipts *self);

/* A question was answered. */
typedef void (*AhoydReceiptAnswered) (gpointer data);

/* @reader says that they have the message with @id, and @seen: have looked at it. Its sender is told if they are here. Ignored when it is no whisper that they may see.
 * Nobody is told when the sender's name was released after it: it is somebody else's.
 * Returns: TRUE: nobody here remembers that message and the store had to be asked; @answered comes when it has said, unless ahoyd_receipts_stop_asking(). */
gboolean ahoyd_receipts_take (AhoydReceipts       *self,
                              AhoydPerson         *reader,
                              guint64              id,
                              gboolean             seen,
                              AhoydReceiptAnswered answered,
                              gpointer             data);
/* Nobody waits for the answers with @data any more; what was said with them counts. */
void ahoyd_receipts_stop_asking (AhoydReceipts *self,
                                 gpointer       data);

/* @message was handed to somebody again: a receipt for it is likely, and the store need not be asked. */
void ahoyd_receipts_remember (AhoydReceipts      *self,
                              const AhoydMessage *message);

/* Everything up to @id has reached the person with that skeleton. */
void ahoyd_receipts_taken (AhoydStore *store,
                           const char *skeleton,
                           guint64     id);

/* The whispers that wait for somebody: after @after, up to @until. FALSE when there are none. */
gboolean ahoyd_receipts_held (AhoydStore *store,
                              const char *skeleton,
                              guint64    *after,
                              guint64    *until);

/* All that is known of the name with that skeleton goes. */
void ahoyd_receipts_drop (AhoydStore *store,
                          const char *skeleton);

/* The name with that skeleton is somebody else's from now on: what is known of its owner goes, and whispers up to @until wait for
 * nobody. */
void ahoyd_receipts_forget (AhoydStore *store,
                            const char *skeleton,
                            guint64     until);

/* Tells @person how far their own whispers have come. */
void ahoyd_receipts_tell (AhoydStore  *store,
                          AhoydHub    *hub,
                          AhoydPerson *person);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydReceipts, ahoyd_receipts_free)

G_END_DECLS
