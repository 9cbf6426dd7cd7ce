/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The store that keeps nothing for long: it gives order and ids, and remembers the newest messages. */

#include "store/ahoyd-store-memory.h"

#include <string.h>

#include "store/ahoyd-text-match.h"

typedef struct {
  AhoydStore store;

  /* Owned */
  GSource    *source;   /* ready while something is pending */
  GQueue      appended; /* AhoydEvent, oldest first */
  GQueue      keepings; /* AhoydKeeping, in the order set */
  GQueue      pages;    /* PendingPage, in the order asked for */
  GQueue      log;      /* AhoydEvent, oldest first, at most `keep` */
  GHashTable *said;     /* AhoydEvent in log that have a cid, by sender and cid */
  GHashTable *mentions; /* skeleton -> GUINT_TO_POINTER (messages in log from or for them, one from and for them twice) */
  guint       keep;
  guint64     last_appended;
  guint64     last_committed;
  guint       n_pending; /* appended, not announced */
} MemoryStore;

typedef struct {
  GSource      source;
  MemoryStore *owner;
} CommitSource;

typedef struct {
  AhoydPage       page;
  AhoydPageQuery *query;
} PendingPage;

static guint
said_hash (gconstpointer data)
{
  const AhoydEvent *event = data;

  return g_str_hash (event->from_skeleton) ^ g_str_hash (event->cid);
}

static gboolean
said_equal (gconstpointer a,
            gconstpointer b)
{
  const AhoydEvent *one = a;
  const AhoydEvent *other = b;

  return strcmp (one->from_skeleton, other->from_skeleton) == 0 && strcmp (one->cid, other->cid) == 0;
}

static void
pending_page_free (gpointer data)
{
  PendingPage *pending = data;

  ahoyd_page_query_free (pending->query);
  g_free (pending);
}

static void
mention (MemoryStore *self,
         const char  *skeleton)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->mentions, skeleton));

  g_hash_table_insert (self->mentions, g_strdup (skeleton), GUINT_TO_POINTER (n + 1));
}

/* One message less. */
static void
unmention (MemoryStore *self,
           const char  *skeleton)
{
  const AhoydStoreListener *events = self->store.events;
  guint                     n = GPOINTER_TO_UINT (g_hash_table_lookup (self->mentions, skeleton));

  if (n > 1)
    {
      g_hash_table_insert (self->mentions, g_strdup (skeleton), GUINT_TO_POINTER (n - 1));
      return;
    }
  g_hash_table_remove (self->mentions, skeleton);
  if (events->gone != NULL)
    events->gone (skeleton, self->store.events_data);
}

static void
forget_oldest (MemoryStore *self)
{
  g_autoptr (AhoydEvent) oldest = g_queue_pop_head (&self->log);

  if (oldest->cid != NULL)
    g_hash_table_remove (self->said, oldest);
  unmention (self, oldest->from_skeleton);
  if (oldest->target_skeleton != NULL)
    {
      unmention (self, oldest->target_skeleton);
      ahoyd_store_forget_whisper (&self->store, oldest->from_skeleton, oldest->target_skeleton, oldest->id);
    }
}

static void
commit (MemoryStore *self,
        AhoydEvent  *event)
{
  AhoydEvent *first = event->cid != NULL ? g_hash_table_lookup (self->said, event) : NULL;

  self->n_pending--;
  if (first != NULL)
    {
      event->id = first->id;
      event->time = first->time;
      event->first = ahoyd_event_ref (first);
      ahoyd_store_announce (&self->store, event, TRUE, NULL);
      return;
    }
  if (event->only_repeat)
    {
      ahoyd_store_announce (&self->store, event, FALSE, NULL);
      return;
    }

  event->id = ++self->last_appended;
  event->time = g_get_real_time () / 1000;
  self->last_committed = event->id;
  g_queue_push_tail (&self->log, ahoyd_event_ref (event));
  if (event->cid != NULL)
    g_hash_table_add (self->said, event);
  mention (self, event->from_skeleton);
  if (event->target_skeleton != NULL)
    mention (self, event->target_skeleton);
  if (self->log.length > self->keep)
    forget_oldest (self);
  ahoyd_store_announce (&self->store, event, FALSE, NULL);
}

static gboolean
wanted (const AhoydPageQuery *query,
        const AhoydTextMatch *match,
        const AhoydEvent     *event)
{
  return ahoyd_page_query_wants (query, event->id, event->from_skeleton, ahoyd_event_get_compared_target (event)) &&
         (match == NULL || ahoyd_text_match_find (match, event->text));
}

static void
answer (MemoryStore *self,
        PendingPage *pending)
{
  const AhoydPageQuery      *query = pending->query;
  g_autoptr (AhoydTextMatch) match = query->text != NULL ? ahoyd_text_match_new (query->text) : NULL;
  g_auto (AhoydPageDraft)    draft = { 0 };
  AhoydPageResult            result = { .reached = query->before - 1 };

  if (pending->page.ready == NULL)
    return;
  for (GList *l = query->newest ? self->log.tail : self->log.head; l != NULL && !result.more; l = query->newest ? l->prev : l->next)
    {
      if (!wanted (query, match, l->data))
        continue;
      result.more = !ahoyd_page_draft_add (&draft, query, ahoyd_event_ref (l->data));
      if (result.more)
        result.reached = ((AhoydEvent *) l->data)->id - 1;
    }
  result.messages = ahoyd_page_draft_end (&draft, query);
  pending->page.ready (&result, pending->page.data);
}

static void
run_turn (MemoryStore *self)
{
  GQueue batch = self->appended;
  GQueue keepings = self->keepings;
  GQueue pages = self->pages;

  /* What listeners append and ask for meanwhile is the next turn's. */
  g_queue_init (&self->appended);
  g_queue_init (&self->keepings);
  g_queue_init (&self->pages);
  g_source_set_ready_time (self->source, -1);
  for (AhoydEvent *event; (event = g_queue_pop_head (&batch)) != NULL; ahoyd_event_unref (event))
    commit (self, event);
  for (AhoydKeeping *keeping; (keeping = g_queue_pop_head (&keepings)) != NULL; g_free (keeping))
    if (keeping->kept != NULL)
      keeping->kept (NULL, keeping->data);
  for (PendingPage *pending; (pending = g_queue_pop_head (&pages)) != NULL; pending_page_free (pending))
    answer (self, pending);
}

static gboolean
on_turn (GSource    *source,
         GSourceFunc func,
         gpointer    data)
{
  run_turn (((CommitSource *) source)->owner);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs commit_source_funcs = { .dispatch = on_turn };

static void
memory_append (AhoydStore *store,
               AhoydEvent *event)
{
  MemoryStore *self = (MemoryStore *) store;

  self->n_pending++;
  g_queue_push_tail (&self->appended, event);
  g_source_set_ready_time (self->source, 0);
}

static AhoydPage *
memory_page (AhoydStore           *store,
             const AhoydPageQuery *query,
             AhoydPageReady        ready,
             gpointer              data)
{
  MemoryStore *self = (MemoryStore *) store;
  PendingPage *pending = g_new0 (PendingPage, 1);

  pending->query = ahoyd_page_query_copy (query);
  pending->page.ready = ready;
  pending->page.data = data;
  g_queue_push_tail (&self->pages, pending);
  g_source_set_ready_time (self->source, 0);
  return &pending->page;
}

/* The table keeps it in memory, and that is all this store promises. */
static AhoydKeeping *
memory_write_row (AhoydStore  *store,
                  AhoydTable  *table,
                  gpointer     row,
                  AhoydRowKept kept,
                  gpointer     data)
{
  MemoryStore  *self = (MemoryStore *) store;
  AhoydKeeping *keeping;

  ahoyd_table_get_class (table)->row_free (row);
  if (kept == NULL)
    return NULL;
  keeping = g_new0 (AhoydKeeping, 1);
  keeping->kept = kept;
  keeping->data = data;
  g_queue_push_tail (&self->keepings, keeping);
  g_source_set_ready_time (self->source, 0);
  return keeping;
}

static guint64
memory_get_last (AhoydStore *store)
{
  return ((MemoryStore *) store)->last_committed;
}

static guint
memory_get_n_pending (AhoydStore *store)
{
  return ((MemoryStore *) store)->n_pending;
}

static void
memory_flush (AhoydStore *store)
{
  MemoryStore *self = (MemoryStore *) store;

  while (!g_queue_is_empty (&self->appended) || !g_queue_is_empty (&self->keepings))
    run_turn (self);
}

/* Nothing takes long here. */
static void
memory_give_up (AhoydStore *store)
{
}

static void
memory_free (AhoydStore *store)
{
  MemoryStore *self = (MemoryStore *) store;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_hash_table_unref (self->said);
  g_hash_table_unref (self->mentions);
  g_queue_clear_full (&self->appended, (GDestroyNotify) ahoyd_event_unref);
  g_queue_clear_full (&self->log, (GDestroyNotify) ahoyd_event_unref);
  g_queue_clear_full (&self->keepings, g_free);
  g_queue_clear_full (&self->pages, pending_page_free);
  ahoyd_store_clear (store);
  g_free (self);
}

static const AhoydStoreClass memory_class = {
  .append = memory_append,
  .page = memory_page,
  .write_row = memory_write_row,
  .get_last = memory_get_last,
  .get_n_pending = memory_get_n_pending,
  .flush = memory_flush,
  .give_up = memory_give_up,
  .free = memory_free,
};

AhoydStore *
ahoyd_store_memory_new (GMainContext *context,
                        guint         keep)
{
  MemoryStore *self;

  g_return_val_if_fail (keep > 0, NULL);

  self = g_new0 (MemoryStore, 1);
  ahoyd_store_init (&self->store, &memory_class);
  ahoyd_store_begin_run (&self->store, 1);
  self->keep = keep;
  self->said = g_hash_table_new (said_hash, said_equal);
  self->mentions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->source = g_source_new (&commit_source_funcs, sizeof (CommitSource));
  ((CommitSource *) self->source)->owner = self;
  g_source_set_static_name (self->source, "ahoyd-store-memory");
  g_source_attach (self->source, context);
  return &self->store;
}
