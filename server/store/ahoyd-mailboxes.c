/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much waits for each person. */

#include "store/ahoyd-mailboxes.h"

#include <string.h>

/* What is from one other, what is on its way into the log included. */
typedef struct {
  char   *from;
  guint   n;
  guint64 size;
} Share;

typedef struct {
  guint64 id;
  Share  *share;
  guint32 size;
} Letter;

typedef struct {
  /* Owned */
  char       *to;
  GHashTable *shares;  /* skeleton -> Share */
  GArray     *letters; /* Letter, by id; what is before `first` is gone */
  guint       first;
  guint       n; /* in all, what is on its way into the log included */
  guint64     size;
} Mailbox;

struct _AhoydMailboxes {
  /* Owned */
  GHashTable *boxes; /* skeleton -> Mailbox; none is empty */
};

static void
share_free (gpointer data)
{
  Share *share = data;

  g_free (share->from);
  g_free (share);
}

static void
mailbox_free (gpointer data)
{
  Mailbox *box = data;

  g_hash_table_unref (box->shares);
  g_array_unref (box->letters);
  g_free (box->to);
  g_free (box);
}

AhoydMailboxes *
ahoyd_mailboxes_new (void)
{
  AhoydMailboxes *self = g_new0 (AhoydMailboxes, 1);

  self->boxes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, mailbox_free);
  return self;
}

void
ahoyd_mailboxes_free (AhoydMailboxes *mailboxes)
{
  g_return_if_fail (mailboxes != NULL);

  g_hash_table_unref (mailboxes->boxes);
  g_free (mailboxes);
}

static Mailbox *
find (AhoydMailboxes *self,
      const char     *to)
{
  return g_hash_table_lookup (self->boxes, to);
}

static Mailbox *
find_or_add (AhoydMailboxes *self,
             const char     *to)
{
  Mailbox *box = find (self, to);

  if (box != NULL)
    return box;
  box = g_new0 (Mailbox, 1);
  box->to = g_strdup (to);
  box->shares = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, share_free);
  box->letters = g_array_new (FALSE, FALSE, sizeof (Letter));
  g_hash_table_insert (self->boxes, box->to, box);
  return box;
}

static Share *
share_of (Mailbox    *box,
          const char *from)
{
  Share *share = g_hash_table_lookup (box->shares, from);

  if (share != NULL)
    return share;
  share = g_new0 (Share, 1);
  share->from = g_strdup (from);
  g_hash_table_insert (box->shares, share->from, share);
  return share;
}

static void
add (Mailbox *box,
     Share   *share,
     gsize    size)
{
  box->n++;
  box->size += size;
  share->n++;
  share->size += size;
}

static void
subtract (Mailbox *box,
          Share   *share,
          gsize    size)
{
  box->n--;
  box->size -= size;
  share->n--;
  share->size -= size;
  if (share->n == 0)
    g_hash_table_remove (box->shares, share->from);
}

static void
drop_when_empty (AhoydMailboxes *self,
                 Mailbox        *box)
{
  if (box->n == 0)
    g_hash_table_remove (self->boxes, box->to);
}

static void
drop_first (Mailbox *box)
{
  const Letter letter = g_array_index (box->letters, Letter, box->first);

  subtract (box, letter.share, letter.size);
  box->first++;
  if (box->first * 2 < box->letters->len)
    return;
  g_array_remove_range (box->letters, 0, box->first);
  box->first = 0;
}

/* It is counted already. */
static void
put (Mailbox *box,
     Share   *share,
     guint64  id,
     gsize    size)
{
  const Letter letter = { id, share, (guint32) size };

  g_array_append_val (box->letters, letter);
  if (box->letters->len - box->first > AHOYD_MAILBOX_WHISPERS)
    drop_first (box);
}

void
ahoyd_mailboxes_load (AhoydMailboxes *mailboxes,
                      const char     *to_skeleton,
                      const char     *from_skeleton,
                      guint64         id,
                      gsize           size)
{
  Mailbox *box;
  Share   *share;

  g_return_if_fail (mailboxes != NULL && to_skeleton != NULL && from_skeleton != NULL);

  box = find_or_add (mailboxes, to_skeleton);
  share = share_of (box, from_skeleton);
  add (box, share, size);
  put (box, share, id, size);
}

gboolean
ahoyd_mailboxes_have_room (AhoydMailboxes   *mailboxes,
                           const AhoydEvent *whisper)
{
  const Mailbox *box;
  const Share   *share;
  gsize          size;

  g_return_val_if_fail (mailboxes != NULL && whisper != NULL && whisper->target_skeleton != NULL, FALSE);

  size = strlen (whisper->text);
  box = find (mailboxes, whisper->target_skeleton);
  if (box == NULL)
    return TRUE;
  if (box->n >= AHOYD_MAILBOX_WHISPERS || box->size + size > AHOYD_MAILBOX_BYTES)
    return FALSE;
  share = g_hash_table_lookup (box->shares, whisper->from_skeleton);
  return share == NULL || (share->n < AHOYD_MAILBOX_WHISPERS_OF_ONE && share->size + size <= AHOYD_MAILBOX_BYTES_OF_ONE);
}

void
ahoyd_mailboxes_expect (AhoydMailboxes   *mailboxes,
                        const AhoydEvent *whisper)
{
  Mailbox *box;

  g_return_if_fail (mailboxes != NULL && whisper != NULL && whisper->target_skeleton != NULL);

  box = find_or_add (mailboxes, whisper->target_skeleton);
  add (box, share_of (box, whisper->from_skeleton), strlen (whisper->text));
}

void
ahoyd_mailboxes_keep (AhoydMailboxes   *mailboxes,
                      const AhoydEvent *whisper)
{
  Mailbox *box;

  g_return_if_fail (mailboxes != NULL && whisper != NULL && whisper->target_skeleton != NULL);

  box = find (mailboxes, whisper->target_skeleton);
  g_return_if_fail (box != NULL);
  put (box, share_of (box, whisper->from_skeleton), whisper->id, strlen (whisper->text));
}

void
ahoyd_mailboxes_give_up (AhoydMailboxes   *mailboxes,
                         const AhoydEvent *whisper)
{
  Mailbox *box;

  g_return_if_fail (mailboxes != NULL && whisper != NULL && whisper->target_skeleton != NULL);

  box = find (mailboxes, whisper->target_skeleton);
  g_return_if_fail (box != NULL);
  subtract (box, share_of (box, whisper->from_skeleton), strlen (whisper->text));
  drop_when_empty (mailboxes, box);
}

void
ahoyd_mailboxes_take (AhoydMailboxes *mailboxes,
                      const char     *to_skeleton,
                      guint64         id)
{
  Mailbox *box;

  g_return_if_fail (mailboxes != NULL && to_skeleton != NULL);

  box = find (mailboxes, to_skeleton);
  if (box == NULL)
    return;
  while (box->first < box->letters->len && g_array_index (box->letters, Letter, box->first).id <= id)
    drop_first (box);
  drop_when_empty (mailboxes, box);
}

void
ahoyd_mailboxes_forget (AhoydMailboxes *mailboxes,
                        const char     *to_skeleton,
                        guint64         id)
{
  Mailbox *box;

  g_return_if_fail (mailboxes != NULL && to_skeleton != NULL);

  box = find (mailboxes, to_skeleton);
  if (box == NULL)
    return;
  for (guint i = box->first; i < box->letters->len; i++)
    {
      const Letter letter = g_array_index (box->letters, Letter, i);

      if (letter.id < id)
        continue;
      if (letter.id == id)
        {
          subtract (box, letter.share, letter.size);
          g_array_remove_index (box->letters, i);
        }
      break;
    }
  drop_when_empty (mailboxes, box);
}

guint
ahoyd_mailboxes_count (AhoydMailboxes *mailboxes,
                       const char     *to_skeleton,
                       guint64        *size)
{
  const Mailbox *box;

  g_return_val_if_fail (mailboxes != NULL && to_skeleton != NULL, 0);

  box = find (mailboxes, to_skeleton);
  if (size != NULL)
    *size = box != NULL ? box->size : 0;
  return box != NULL ? box->n : 0;
}
