/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The store that keeps nothing: it gives order and ids. */

#include "store/ahoyd-store-memory.h"

typedef struct {
  AhoydStore store;

  /* Owned */
  GSource *source;   /* ready while something is pending */
  GQueue   appended; /* AhoydMessage, oldest first */
  guint64  last_appended;
  guint64  last_committed;
} MemoryStore;

typedef struct {
  GSource      source;
  MemoryStore *owner;
} CommitSource;

static gboolean
on_turn (GSource     *source,
         GSourceFunc  func,
         gpointer     data)
{
  MemoryStore *self = ((CommitSource *) source)->owner;
  GQueue batch = self->appended;

  /* What listeners append meanwhile is the next turn's. */
  g_queue_init (&self->appended);
  g_source_set_ready_time (source, -1);
  for (AhoydMessage *message; (message = g_queue_pop_head (&batch)) != NULL; ahoyd_message_unref (message))
    {
      self->last_committed = message->id;
      if (self->store.committed != NULL)
        self->store.committed (message, self->store.committed_data);
    }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs commit_source_funcs = { .dispatch = on_turn };

static void
memory_append (AhoydStore   *store,
               AhoydMessage *message)
{
  MemoryStore *self = (MemoryStore *) store;

  message->id = ++self->last_appended;
  message->time = g_get_real_time () / 1000;
  g_queue_push_tail (&self->appended, message);
  g_source_set_ready_time (self->source, 0);
}

static guint64
memory_get_last (AhoydStore *store)
{
  return ((MemoryStore *) store)->last_committed;
}

static guint
memory_get_n_pending (AhoydStore *store)
{
  return ((MemoryStore *) store)->appended.length;
}

static void
memory_free (AhoydStore *store)
{
  MemoryStore *self = (MemoryStore *) store;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_queue_clear_full (&self->appended, (GDestroyNotify) ahoyd_message_unref);
  g_free (self);
}

static const AhoydStoreClass memory_class = { memory_append, memory_get_last, memory_get_n_pending, memory_free };

AhoydStore *
ahoyd_store_memory_new (GMainContext *context)
{
  MemoryStore *self = g_new0 (MemoryStore, 1);

  self->store.klass = &memory_class;
  g_queue_init (&self->appended);
  self->source = g_source_new (&commit_source_funcs, sizeof (CommitSource));
  ((CommitSource *) self->source)->owner = self;
  g_source_set_static_name (self->source, "ahoyd-store-memory");
  g_source_attach (self->source, context);
  return &self->store;
}
