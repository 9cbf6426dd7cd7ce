/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-event.h"

G_BEGIN_DECLS

/* How much waits for each person: the whispers to them that have not reached them, those that are only on their way into the log among them. It is
 * exact, also after a restart, since it is read from the log then; what bounds it is whoever asks ahoyd_mailboxes_have_room() first.
 *
 * Memory: some bytes for each whisper that waits, but of one person never more than of AHOYD_MAILBOX_WHISPERS: of those who are here and never say
 * that they have theirs only the newest are told apart, which are enough for no room. Pure. */

typedef struct _AhoydMailboxes AhoydMailboxes;

/* What may wait for one person who is away, and of this from one other, so that nobody fills the mailbox for all: whispers and bytes of text. */
#define AHOYD_MAILBOX_WHISPERS 2000
#define AHOYD_MAILBOX_BYTES (1024 * 1024)
#define AHOYD_MAILBOX_WHISPERS_OF_ONE 200
#define AHOYD_MAILBOX_BYTES_OF_ONE (256 * 1024)

AhoydMailboxes *ahoyd_mailboxes_new (void);
void            ahoyd_mailboxes_free (AhoydMailboxes *mailboxes);

/* At start, by increasing @id: this one waits. @size: bytes of text. */
void ahoyd_mailboxes_load (AhoydMailboxes *mailboxes,
                           const char     *to_skeleton,
                           const char     *from_skeleton,
                           guint64         id,
                           gsize           size);

gboolean ahoyd_mailboxes_have_room (AhoydMailboxes   *mailboxes,
                                    const AhoydEvent *whisper);
/* @whisper is on its way into the log; then it is there, with an id above all others', or it will never be. */
void ahoyd_mailboxes_expect (AhoydMailboxes   *mailboxes,
                             const AhoydEvent *whisper);
void ahoyd_mailboxes_keep (AhoydMailboxes   *mailboxes,
                           const AhoydEvent *whisper);
void ahoyd_mailboxes_give_up (AhoydMailboxes   *mailboxes,
                              const AhoydEvent *whisper);
/* Everything up to @id has reached them, or waits for nobody any more. */
void ahoyd_mailboxes_take (AhoydMailboxes *mailboxes,
                           const char     *to_skeleton,
                           guint64         id);
/* That one is not in the log any more. */
void ahoyd_mailboxes_forget (AhoydMailboxes *mailboxes,
                             const char     *to_skeleton,
                             guint64         id);

/* How many wait for that person. @size (out) (optional): bytes of text. */
guint ahoyd_mailboxes_count (AhoydMailboxes *mailboxes,
                             const char     *to_skeleton,
                             guint64        *size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydMailboxes, ahoyd_mailboxes_free)

G_END_DECLS
