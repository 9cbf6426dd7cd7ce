/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far whispers have come. */

#include "state/ahoyd-receipts.h"

/* Of more than these nobody waits for the answer any more. */
#define QUESTIONS_MAX 4096
/* Whispers handed over again whose senders are remembered. */
#define REMEMBERED_MAX 4096

struct _AhoydReceipts {
  /* Owned */
  GQueue      questions;  /* Question.node */
  GQueue      remembered; /* Remembered, oldest first */
  GHashTable *by_id;      /* the same, by id */
  /* Borrowed */
  AhoydStore *store;
  AhoydHub   *hub;
};

/* Which message is it? */
typedef struct {
  AhoydReceipts       *owner;
  AhoydPage           *page;
  GList                node;
  char                *name; /* of who sent the receipt */
  char                *skeleton;
  gboolean             seen;
  AhoydReceiptAnswered answered; /* NULL: nobody waits */
  gpointer             data;
} Question;

/* Who whispered to whom. */
typedef struct {
  guint64 id;
  char   *from;
  char   *to;
} Remembered;

static char *
kind_for (const char *what,
          const char *from_skeleton)
{
  return g_strconcat (what, ":", from_skeleton, NULL);
}

void
ahoyd_receipts_note_whisper (AhoydStore         *store,
                             const AhoydMessage *message)
{
  g_return_if_fail (store != NULL);
  g_return_if_fail (message != NULL && message->to_skeleton != NULL);

  ahoyd_store_raise_number (store, "held", message->to_skeleton, message->id);
  /* It may be for whoever had the name before. */
  ahoyd_mailboxes_take (ahoyd_store_get_mailboxes (store), message->to_skeleton,
                        ahoyd_store_get_number (store, "released", message->to_skeleton));
}

void
ahoyd_receipts_taken (AhoydStore *store,
                      const char *skeleton,
                      guint64     id)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  ahoyd_store_raise_number (store, "taken", skeleton, id);
  ahoyd_mailboxes_take (ahoyd_store_get_mailboxes (store), skeleton, id);
}

/* Whether the name of the one with the skeleton @from was released since @id: whoever has it now is somebody else (ahoyd-owners.h keeps the mark). */
static gboolean
is_from_before (AhoydReceipts *self,
                const char    *from,
                guint64        id)
{
  return id <= ahoyd_store_get_number (self->store, "released", from);
}

/* The one with @skeleton says that they have the whisper with @id, which the one with the skeleton @from sent them. */
static void
take (AhoydReceipts *self,
      const char    *name,
      const char    *skeleton,
      const char    *from,
      guint64        id,
      gboolean       seen)
{
  const char      *what = seen ? "seen" : "delivered";
  g_autofree char *kind = kind_for (what, from);
  AhoydPerson     *sender;

  ahoyd_receipts_taken (self->store, skeleton, id);
  if (is_from_before (self, from, id) || !ahoyd_store_raise_number (self->store, kind, skeleton, id))
    return;
  sender = ahoyd_hub_find (self->hub, from);
  if (sender != NULL)
    {
      AhoyPacket packet = { .kind = AHOY_PACKET_RECEIPT, .id = id, .what = what, .by = name };

      ahoyd_hub_tell (self->hub, sender, &packet);
    }
}

static void
question_free (Question *question)
{
  g_queue_unlink (&question->owner->questions, &question->node);
  g_free (question->name);
  g_free (question->skeleton);
  g_free (question);
}

static void
on_found (const AhoydPageResult *result,
          gpointer               data)
{
  Question *question = data;

  if (result->messages->len == 1)
    {
      const AhoydMessage *message = result->messages->pdata[0];

      take (question->owner, question->name, question->skeleton, message->from_skeleton, message->id, question->seen);
    }
  if (question->answered != NULL)
    question->answered (question->data);
  question_free (question);
}

/* Returns: whether it is known what that message is; then the receipt counts by now, if it is for a whisper to @reader. */
static gboolean
take_known (AhoydReceipts *self,
            AhoydPerson   *reader,
            guint64        id,
            gboolean       seen)
{
  const char         *skeleton = ahoyd_person_get_skeleton (reader);
  const AhoydMessage *recent = ahoyd_hub_find_recent (self->hub, id);
  const Remembered   *old = recent == NULL ? g_hash_table_lookup (self->by_id, &id) : NULL;
  const char         *from = recent != NULL ? recent->from_skeleton : old != NULL ? old->from
                                                                                  : NULL;
  const char         *to = recent != NULL ? recent->to_skeleton : old != NULL ? old->to
                                                                              : NULL;

  if (from == NULL)
    return FALSE;
  if (g_strcmp0 (to, skeleton) == 0)
    take (self, ahoyd_person_get_name (reader), skeleton, from, id, seen);
  return TRUE;
}

gboolean
ahoyd_receipts_take (AhoydReceipts       *self,
                     AhoydPerson         *reader,
                     guint64              id,
                     gboolean             seen,
                     AhoydReceiptAnswered answered,
                     gpointer             data)
{
  const char    *skeleton;
  Question      *question;
  AhoydPageQuery query;

  g_return_val_if_fail (self != NULL && reader != NULL, FALSE);

  /* The newest whisper to them is known: what is newer is none. */
  skeleton = ahoyd_person_get_skeleton (reader);
  if (id <= ahoyd_person_get_whispers_after (reader) || id > ahoyd_store_get_number (self->store, "held", skeleton) ||
      take_known (self, reader, id, seen) || self->questions.length >= QUESTIONS_MAX)
    return FALSE;

  question = g_new0 (Question, 1);
  question->owner = self;
  question->name = g_strdup (ahoyd_person_get_name (reader));
  question->skeleton = g_strdup (skeleton);
  question->seen = seen;
  question->answered = answered;
  question->data = data;
  question->node.data = question;
  g_queue_push_tail_link (&self->questions, &question->node);
  query = (AhoydPageQuery){ .scope = AHOYD_PAGE_HELD, .viewer = skeleton, .after = id - 1, .before = id + 1, .limit = 1 };
  question->page = ahoyd_store_page (self->store, &query, on_found, question);
  return TRUE;
}

void
ahoyd_receipts_stop_asking (AhoydReceipts *self,
                            gpointer       data)
{
  g_return_if_fail (self != NULL);

  for (GList *node = self->questions.head; node != NULL; node = node->next)
    {
      Question *question = node->data;

      if (question->data == data)
        question->answered = NULL;
    }
}

static void
remembered_free (gpointer data)
{
  Remembered *old = data;

  g_free (old->from);
  g_free (old->to);
  g_free (old);
}

void
ahoyd_receipts_remember (AhoydReceipts      *self,
                         const AhoydMessage *message)
{
  Remembered *old;

  g_return_if_fail (self != NULL && message != NULL);

  if (message->to == NULL || g_hash_table_contains (self->by_id, &message->id))
    return;
  old = g_new0 (Remembered, 1);
  old->id = message->id;
  old->from = g_strdup (message->from_skeleton);
  old->to = g_strdup (message->to_skeleton);
  g_queue_push_tail (&self->remembered, old);
  g_hash_table_insert (self->by_id, &old->id, old);
  if (self->remembered.length > REMEMBERED_MAX)
    {
      old = g_queue_pop_head (&self->remembered);
      g_hash_table_remove (self->by_id, &old->id);
      remembered_free (old);
    }
}

gboolean
ahoyd_receipts_held (AhoydStore *store,
                     const char *skeleton,
                     guint64    *after,
                     guint64    *until)
{
  g_return_val_if_fail (store != NULL && skeleton != NULL, FALSE);
  g_return_val_if_fail (after != NULL && until != NULL, FALSE);

  *after = ahoyd_store_get_number (store, "taken", skeleton);
  *until = ahoyd_store_get_number (store, "held", skeleton);
  return *until > *after;
}

void
ahoyd_receipts_drop (AhoydStore *store,
                     const char *skeleton)
{
  g_autofree char *delivered = NULL;
  g_autofree char *seen = NULL;

  g_return_if_fail (store != NULL && skeleton != NULL);

  delivered = kind_for ("delivered", skeleton);
  seen = kind_for ("seen", skeleton);
  ahoyd_store_drop_facts (store, delivered);
  ahoyd_store_drop_facts (store, seen);
  ahoyd_store_set_fact (store, "person", skeleton, NULL);
  ahoyd_store_set_fact (store, "held", skeleton, NULL);
  ahoyd_store_set_fact (store, "taken", skeleton, NULL);
}

void
ahoyd_receipts_forget (AhoydStore *store,
                       const char *skeleton,
                       guint64     until)
{
  ahoyd_receipts_drop (store, skeleton);
  ahoyd_receipts_taken (store, skeleton, until);
}

typedef struct {
  AhoydStore  *store;
  AhoydHub    *hub;
  AhoydPerson *person;
  const char  *what;
} Telling;

static void
tell_one (const char *key,
          const char *value,
          gpointer    data)
{
  Telling         *telling = data;
  const char      *by = ahoyd_store_get_fact (telling->store, "person", key);
  const AhoyPacket packet = {
    .kind = AHOY_PACKET_RECEIPT,
    .id = g_ascii_strtoull (value, NULL, 10),
    .what = telling->what,
    .by = by,
  };

  if (by != NULL) /* else: that name was given up */
    ahoyd_hub_tell (telling->hub, telling->person, &packet);
}

void
ahoyd_receipts_tell (AhoydStore  *store,
                     AhoydHub    *hub,
                     AhoydPerson *person)
{
  static const char *const whats[] = { "delivered", "seen" };

  g_return_if_fail (store != NULL && hub != NULL && person != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (whats); i++)
    {
      g_autofree char *kind = kind_for (whats[i], ahoyd_person_get_skeleton (person));
      Telling          telling = { store, hub, person, whats[i] };

      ahoyd_store_each_fact (store, kind, tell_one, &telling);
    }
}

AhoydReceipts *
ahoyd_receipts_new (AhoydStore *store,
                    AhoydHub   *hub)
{
  AhoydReceipts *self;

  g_return_val_if_fail (store != NULL && hub != NULL, NULL);

  self = g_new0 (AhoydReceipts, 1);
  self->store = store;
  self->hub = hub;
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  return self;
}

void
ahoyd_receipts_free (AhoydReceipts *self)
{
  GList *node;

  g_return_if_fail (self != NULL);

  while ((node = self->questions.head) != NULL)
    {
      Question *question = node->data;

      ahoyd_store_page_cancel (question->page);
      question_free (question);
    }
  g_hash_table_unref (self->by_id);
  g_queue_clear_full (&self->remembered, remembered_free);
  g_free (self);
}
