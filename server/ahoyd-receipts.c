/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far whispers have come. */

#include "ahoyd-receipts.h"

/* Of more than these nobody waits for the answer any more. */
#define QUESTIONS_MAX 4096

struct _AhoydReceipts {
  /* Owned */
  GQueue      questions; /* Question.node */
  /* Borrowed */
  AhoydStore *store;
  AhoydHub   *hub;
};

/* Which message is it? */
typedef struct {
  AhoydReceipts *owner;
  AhoydPage     *page;
  GList          node;
  char          *name; /* of who sent the receipt */
  char          *skeleton;
  gboolean       seen;
} Question;

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
}

void
ahoyd_receipts_taken (AhoydStore *store,
                      const char *skeleton,
                      guint64     id)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  ahoyd_store_raise_number (store, "taken", skeleton, id);
}

/* @message is a whisper to the one with @skeleton, who says that they have it. */
static void
take (AhoydReceipts      *self,
      const char         *name,
      const char         *skeleton,
      const AhoydMessage *message,
      gboolean            seen)
{
  const char *what = seen ? "seen" : "delivered";
  g_autofree char *kind = kind_for (what, message->from_skeleton);
  AhoydPerson *sender;

  ahoyd_receipts_taken (self->store, skeleton, message->id);
  if (!ahoyd_store_raise_number (self->store, kind, skeleton, message->id))
    return;
  sender = ahoyd_hub_find (self->hub, message->from_skeleton);
  if (sender != NULL)
    {
      AhoyPacket packet = { .kind = AHOY_PACKET_RECEIPT, .id = message->id, .what = what, .by = name };

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
on_found (GPtrArray    *messages,
          gboolean      more,
          const GError *error,
          gpointer      data)
{
  Question *question = data;

  if (messages->len == 1)
    take (question->owner, question->name, question->skeleton, messages->pdata[0], question->seen);
  question_free (question);
}

void
ahoyd_receipts_take (AhoydReceipts *self,
                     AhoydPerson   *reader,
                     guint64        id,
                     gboolean       seen)
{
  const char *skeleton;
  const AhoydMessage *recent;
  Question *question;
  AhoydPageQuery query;

  g_return_if_fail (self != NULL && reader != NULL);

  if (id <= ahoyd_person_get_whispers_after (reader) || id > ahoyd_store_get_last (self->store))
    return;
  skeleton = ahoyd_person_get_skeleton (reader);
  recent = ahoyd_hub_find_recent (self->hub, id);
  if (recent != NULL)
    {
      if (g_strcmp0 (recent->to_skeleton, skeleton) == 0)
        take (self, ahoyd_person_get_name (reader), skeleton, recent, seen);
      return;
    }
  if (self->questions.length >= QUESTIONS_MAX)
    return;

  question = g_new0 (Question, 1);
  question->owner = self;
  question->name = g_strdup (ahoyd_person_get_name (reader));
  question->skeleton = g_strdup (skeleton);
  question->seen = seen;
  question->node.data = question;
  g_queue_push_tail_link (&self->questions, &question->node);
  query = (AhoydPageQuery) { .scope = AHOYD_PAGE_HELD, .viewer = skeleton, .after = id - 1, .before = id + 1, .limit = 1 };
  question->page = ahoyd_store_page (self->store, &query, on_found, question);
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
ahoyd_receipts_forget (AhoydStore *store,
                       const char *skeleton,
                       guint64     until)
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
  Telling *telling = data;
  const char *by = ahoyd_store_get_fact (telling->store, "person", key);
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
      Telling telling = { store, hub, person, whats[i] };

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
  g_free (self);
}
