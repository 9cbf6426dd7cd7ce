/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `R`: how far whispers have come. PROTOCOL.md, "Receipts".
 *
 * That is a table of its own (ahoyd-mark-table.h), so it outlives the process.
 *
 * Nobody remembers who sent a message that was handed over long ago, so that the store is asked. Such a question outlives the session that sent the
 * receipt: who says "seen" and hangs up has said it. */

#include "features/ahoyd-features.h"
#include "features/ahoyd-mark-table.h"
#include "state/ahoyd-held.h"
#include "store/ahoyd-people-table.h"
#include "store/ahoyd-taken-table.h"
#include "store/ahoyd-tenure-table.h"

/* Of more than these nobody waits for the answer any more; and of so many for one session. */
#define QUESTIONS_MAX 4096
#define SESSION_QUESTIONS_MAX 16
/* What a question costs, see ahoyd_session_charge(). */
#define WORK_LOOKUP 25
/* Whispers handed over again whose senders are remembered. */
#define REMEMBERED_MAX 4096

typedef struct {
  /* Owned */
  GQueue      questions;  /* Question.node */
  GQueue      remembered; /* Remembered, oldest first */
  GHashTable *by_id;      /* the same, by id */
  /* Borrowed */
  AhoydStore    *store;
  AhoydMarks    *marks;  /* the store's */
  AhoydNameRows *people; /* the same */
  AhoydHub      *hub;
} Receipts;

/* A session some of whose receipts the store is asked about: its slot. */
typedef struct {
  /* Owned */
  guint n; /* questions */
  /* Borrowed */
  Receipts     *owner;
  AhoydSession *session;
} Asker;

/* Which message is it? */
typedef struct {
  /* Owned */
  GList    node;
  char    *name; /* of who sent the receipt */
  char    *skeleton;
  gboolean seen;
  /* Borrowed */
  Receipts  *owner;
  AhoydPage *page;
  Asker     *asker; /* NULL: it has left */
} Question;

/* Who whispered to whom. */
typedef struct {
  guint64 id;
  char   *from;
  char   *to;
} Remembered;

static const char *const whats[] = { [AHOYD_MARK_DELIVERED] = "delivered", [AHOYD_MARK_SEEN] = "seen" };

static GQuark asker_quark (void);
G_DEFINE_QUARK (ahoyd_receipts_asker, asker)

/* --- Who asks --- */

static void
asker_free (gpointer data)
{
  Asker *asker = data;

  for (GList *node = asker->owner->questions.head; node != NULL; node = node->next)
    {
      Question *question = node->data;

      if (question->asker == asker)
        question->asker = NULL;
    }
  g_free (asker);
}

static Asker *
asker_of (Receipts     *self,
          AhoydSession *session)
{
  Asker *asker = ahoyd_session_get_slot (session, asker_quark ());

  if (asker == NULL)
    {
      asker = g_new0 (Asker, 1);
      asker->owner = self;
      asker->session = session;
      ahoyd_session_set_slot (session, asker_quark (), asker, asker_free);
    }
  return asker;
}

/* With too many of them nothing more is read from the session. */
static void
note_asked (Asker *asker)
{
  if (++asker->n == SESSION_QUESTIONS_MAX)
    ahoyd_session_pause (asker->session);
}

static void
note_answered (Asker *asker)
{
  if (asker->n-- == SESSION_QUESTIONS_MAX)
    ahoyd_session_resume (asker->session);
}

/* --- Receipts --- */

/* Whether the name of the one with the skeleton @from was released since @id: whoever has it now is somebody else (ahoyd-owners.h keeps the mark). */
static gboolean
is_from_before (Receipts   *self,
                const char *from,
                guint64     id)
{
  return id <= ahoyd_tenure_get_released (ahoyd_store_get_rows (self->store, &ahoyd_tenure_table), from);
}

/* The one with @skeleton says that they have the whisper with @id, which the one with the skeleton @from sent them. Nobody is told when the sender's
 * name was released after it: it is somebody else's. */
static void
take (Receipts   *self,
      const char *name,
      const char *skeleton,
      const char *from,
      guint64     id,
      gboolean    seen)
{
  AhoydMarkWhat what = seen ? AHOYD_MARK_SEEN : AHOYD_MARK_DELIVERED;
  AhoydPerson  *sender;

  ahoyd_held_taken (self->store, skeleton, id);
  if (is_from_before (self, from, id) || !ahoyd_marks_raise (self->marks, from, skeleton, what, id))
    return;
  sender = ahoyd_hub_find (self->hub, from);
  if (sender != NULL)
    {
      AhoyPacket packet = { .kind = AHOY_PACKET_RECEIPT, .id = id, .what = whats[what], .by = name };

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
      const AhoydEvent *event = result->messages->pdata[0];

      take (question->owner, question->name, question->skeleton, event->from_skeleton, event->id, question->seen);
    }
  if (question->asker != NULL)
    note_answered (question->asker);
  question_free (question);
}

/* Returns: whether it is known what that message is; then the receipt counts by now, if it is for a whisper to @reader. */
static gboolean
take_known (Receipts    *self,
            AhoydPerson *reader,
            guint64      id,
            gboolean     seen)
{
  const char       *skeleton = ahoyd_person_get_skeleton (reader);
  const AhoydEvent *recent = ahoyd_hub_find_recent (self->hub, id);
  const Remembered *old = recent == NULL ? g_hash_table_lookup (self->by_id, &id) : NULL;

  if (recent == NULL && old == NULL)
    return FALSE;
  if (g_strcmp0 (recent != NULL ? recent->target_skeleton : old->to, skeleton) == 0)
    take (self, ahoyd_person_get_name (reader), skeleton, recent != NULL ? recent->from_skeleton : old->from, id, seen);
  return TRUE;
}

static void
ask (Receipts     *self,
     AhoydSession *session,
     guint64       id,
     gboolean      seen)
{
  AhoydPerson   *reader = ahoyd_session_get_person (session);
  const char    *skeleton = ahoyd_person_get_skeleton (reader);
  Question      *question = g_new0 (Question, 1);
  AhoydPageQuery query = { .scope = AHOYD_PAGE_HELD, .viewer = skeleton, .after = id - 1, .before = id + 1, .limit = 1 };

  question->owner = self;
  question->name = g_strdup (ahoyd_person_get_name (reader));
  question->skeleton = g_strdup (skeleton);
  question->seen = seen;
  question->asker = asker_of (self, session);
  question->node.data = question;
  g_queue_push_tail_link (&self->questions, &question->node);
  question->page = ahoyd_store_page (self->store, &query, on_found, question);
  ahoyd_session_charge (session, WORK_LOOKUP);
  note_asked (question->asker);
}

/* Its sender is told if they are here. Ignored when it is about no whisper that the reader may see. */
static void
on_receipt (AhoydSession     *session,
            const AhoyPacket *packet,
            gpointer          data)
{
  Receipts    *self = data;
  AhoydPerson *reader = ahoyd_session_get_person (session);
  gboolean     seen = g_strcmp0 (packet->what, "seen") == 0;

  if (!seen && g_strcmp0 (packet->what, "delivered") != 0) /* some later version's word */
    return;
  /* The newest whisper to them is known: what is newer is none. */
  if (packet->id <= ahoyd_person_get_whispers_after (reader) ||
      packet->id > ahoyd_taken_get_held (ahoyd_store_get_rows (self->store, &ahoyd_taken_table), ahoyd_person_get_skeleton (reader)))
    return;
  if (!take_known (self, reader, packet->id, seen) && self->questions.length < QUESTIONS_MAX)
    ask (self, session, packet->id, seen);
}

static void
remembered_free (gpointer data)
{
  Remembered *old = data;

  g_free (old->from);
  g_free (old->to);
  g_free (old);
}

/* A receipt for it is likely, and the store need not be asked. */
static void
replayed (AhoydPerson      *person,
          const AhoydEvent *event,
          gpointer          data)
{
  Receipts   *self = data;
  Remembered *old;

  if (!ahoy_target_is_person (event->target) || g_hash_table_contains (self->by_id, &event->id))
    return;
  old = g_new0 (Remembered, 1);
  old->id = event->id;
  old->from = g_strdup (event->from_skeleton);
  old->to = g_strdup (event->target_skeleton);
  g_queue_push_tail (&self->remembered, old);
  g_hash_table_insert (self->by_id, &old->id, old);
  if (self->remembered.length > REMEMBERED_MAX)
    {
      old = g_queue_pop_head (&self->remembered);
      g_hash_table_remove (self->by_id, &old->id);
      remembered_free (old);
    }
}

/* --- What was missed --- */

typedef struct {
  Receipts    *self;
  AhoydPerson *person;
  const char  *what;
} Telling;

static void
tell_one (const char *to,
          guint64     id,
          gpointer    data)
{
  Telling         *telling = data;
  const char      *by = ahoyd_people_get_name (telling->self->people, to);
  const AhoyPacket packet = {
    .kind = AHOY_PACKET_RECEIPT,
    .id = id,
    .what = telling->what,
    .by = by,
  };

  if (by != NULL) /* else: that name was given up */
    ahoyd_hub_tell (telling->self->hub, telling->person, &packet);
}

/* Tells them how far their own whispers have come. */
static void
caught_up (AhoydSession *session,
           gpointer      data)
{
  Receipts    *self = data;
  AhoydPerson *person = ahoyd_session_get_person (session);

  if (!ahoyd_session_is_extended (session))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (whats); i++)
    {
      Telling telling = { self, person, whats[i] };

      ahoyd_marks_each (self->marks, ahoyd_person_get_skeleton (person), (AhoydMarkWhat) i, tell_one, &telling);
    }
}

static void
forgotten (const char *skeleton,
           gpointer    data)
{
  ahoyd_marks_drop (((Receipts *) data)->marks, skeleton);
}

/* --- Life --- */

static gpointer
start (const AhoydFeatureHost *host)
{
  Receipts *self = g_new0 (Receipts, 1);

  self->store = host->store;
  self->marks = ahoyd_store_get_rows (self->store, &ahoyd_mark_table);
  self->people = ahoyd_store_get_rows (self->store, &ahoyd_people_table);
  self->hub = host->hub;
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  return self;
}

static void
stop (gpointer data)
{
  Receipts *self = data;
  GList    *node;

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

static const AhoydVerb verbs[] = {
  { AHOY_PACKET_RECEIPT, AHOYD_STATE_ONLINE, AHOYD_COST_ONE, 0, on_receipt },
};

const AhoydFeature ahoyd_receipts = {
  .name = "receipts",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .table = &ahoyd_mark_table,
  .start = start,
  .stop = stop,
  .caught_up = caught_up,
  .replayed = replayed,
  .forgotten = forgotten,
};
