/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The door to whichever store there is, and its tables, whose rows all stores keep in memory for reading. */

#include "store/ahoyd-store.h"

#include "store/ahoyd-tables.h"

void
ahoyd_store_init (AhoydStore            *store,
                  const AhoydStoreClass *klass)
{
  store->klass = klass;
  store->mailboxes = ahoyd_mailboxes_new ();
  store->runs = ahoyd_runs_new ();
  store->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoyd_table_free);
  for (guint i = 0; ahoyd_tables[i] != NULL; i++)
    ahoyd_store_add_table (store, ahoyd_tables[i]);
}

void
ahoyd_store_clear (AhoydStore *store)
{
  g_clear_pointer (&store->tables, g_ptr_array_unref);
  g_clear_pointer (&store->mailboxes, ahoyd_mailboxes_free);
  g_clear_pointer (&store->runs, ahoyd_runs_free);
}

static AhoydKeeping *
write_row (AhoydTable  *table,
           gpointer     row,
           AhoydRowKept kept,
           gpointer     kept_data,
           gpointer     data)
{
  AhoydStore *store = data;

  return store->klass->write_row (store, table, row, kept, kept_data);
}

void
ahoyd_store_add_table (AhoydStore            *store,
                       const AhoydTableClass *table)
{
  g_ptr_array_add (store->tables, ahoyd_table_new (table, write_row, store));
}

void
ahoyd_store_forget_whisper (AhoydStore *store,
                            const char *from,
                            const char *to,
                            guint64     id)
{
  ahoyd_mailboxes_forget (store->mailboxes, to, id);
  for (guint i = 0; i < store->tables->len; i++)
    ahoyd_table_forget (store->tables->pdata[i], from, to, id);
}

void
ahoyd_store_note_writable (AhoydStore *store,
                           gboolean    writable)
{
  store->unwritable = !writable;
}

void
ahoyd_store_note_run (AhoydStore *store,
                      gboolean    kept)
{
  store->run_kept |= kept;
  store->run_asked = store->run_kept;
}

static gboolean
is_expected (const AhoydEvent *event)
{
  return event->target_skeleton != NULL && !event->only_repeat;
}

void
ahoyd_store_announce (AhoydStore   *store,
                      AhoydEvent   *event,
                      gboolean      repeated,
                      const GError *error)
{
  const AhoydStoreListener *events = store->events;
  gboolean                  expected = is_expected (event);
  gboolean                  committed = error == NULL && !repeated && !event->only_repeat;

  if (expected && committed)
    ahoyd_mailboxes_keep (store->mailboxes, event);
  else if (expected)
    ahoyd_mailboxes_give_up (store->mailboxes, event);

  if (error != NULL)
    events->rejected (event, error, store->events_data);
  else if (repeated)
    events->repeated (event, store->events_data);
  else if (event->only_repeat)
    events->refused (event, store->events_data);
  else
    events->committed (event, store->events_data);
}

void
ahoyd_store_begin_run (AhoydStore *store,
                       guint64     first)
{
  ahoyd_run_name (store->run);
  ahoyd_runs_add (store->runs, store->run, first);
}

void
ahoyd_store_listen (AhoydStore               *store,
                    const AhoydStoreListener *events,
                    gpointer                  data)
{
  g_return_if_fail (store != NULL && events != NULL);
  g_return_if_fail (store->events == NULL);

  store->events = events;
  store->events_data = data;
}

void
ahoyd_store_unlisten (AhoydStore *store)
{
  g_return_if_fail (store != NULL);

  store->events = NULL;
}

void
ahoyd_store_append (AhoydStore *store,
                    AhoydEvent *event)
{
  g_return_if_fail (store != NULL && store->events != NULL);
  g_return_if_fail (event != NULL && event->id == 0);

  if (is_expected (event))
    ahoyd_mailboxes_expect (store->mailboxes, event);
  store->klass->append (store, event);
}

AhoydPage *
ahoyd_store_page (AhoydStore           *store,
                  const AhoydPageQuery *query,
                  AhoydPageReady        ready,
                  gpointer              data)
{
  AhoydPageQuery announced;

  g_return_val_if_fail (store != NULL && ready != NULL, NULL);
  g_return_val_if_fail (query != NULL && query->viewer != NULL && query->limit > 0, NULL);
  g_return_val_if_fail ((query->scope == AHOYD_PAGE_WITH) == (query->with != NULL), NULL);

  /* What is in the log already but not announced yet will reach its people by the announcement. */
  announced = *query;
  if (announced.before == 0 || announced.before > ahoyd_store_get_last (store))
    announced.before = ahoyd_store_get_last (store) + 1;
  return store->klass->page (store, &announced, ready, data);
}

void
ahoyd_store_page_cancel (AhoydPage *page)
{
  g_return_if_fail (page != NULL && page->ready != NULL);

  page->ready = NULL;
  g_atomic_int_set (&page->cancelled, TRUE);
}

guint64
ahoyd_store_get_last (AhoydStore *store)
{
  g_return_val_if_fail (store != NULL, 0);

  return store->klass->get_last (store);
}

AhoydMailboxes *
ahoyd_store_get_mailboxes (AhoydStore *store)
{
  g_return_val_if_fail (store != NULL, NULL);

  return store->mailboxes;
}

guint
ahoyd_store_get_n_pending (AhoydStore *store)
{
  g_return_val_if_fail (store != NULL, 0);

  return store->klass->get_n_pending (store);
}

const char *
ahoyd_store_get_run (AhoydStore *store)
{
  g_return_val_if_fail (store != NULL, NULL);

  if (!store->run_asked && store->klass->keep_run != NULL)
    store->klass->keep_run (store);
  store->run_asked = TRUE;
  return store->run_kept || !store->unwritable ? store->run : NULL;
}

guint64
ahoyd_store_get_parted (AhoydStore *store,
                        guint64     since,
                        const char *marks)
{
  g_return_val_if_fail (store != NULL, 0);

  return ahoyd_runs_get_parted (store->runs, since, marks, ahoyd_store_get_last (store));
}

gpointer
ahoyd_store_get_rows (AhoydStore            *store,
                      const AhoydTableClass *table)
{
  g_return_val_if_fail (store != NULL && table != NULL, NULL);

  for (guint i = 0; i < store->tables->len; i++)
    if (ahoyd_table_get_class (store->tables->pdata[i]) == table)
      return ahoyd_table_get_rows (store->tables->pdata[i]);
  g_return_val_if_reached (NULL);
}

void
ahoyd_store_forget_name (AhoydStore *store,
                         const char *skeleton)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  if (store->events != NULL && store->events->forgotten != NULL)
    store->events->forgotten (skeleton, store->events_data);
}

void
ahoyd_store_set_keep (AhoydStore      *store,
                      const AhoydKeep *keep)
{
  g_return_if_fail (store != NULL && keep != NULL);

  if (store->klass->set_keep != NULL)
    store->klass->set_keep (store, keep);
}

void
ahoyd_store_flush (AhoydStore *store)
{
  g_return_if_fail (store != NULL);

  store->klass->flush (store);
}

void
ahoyd_store_give_up (AhoydStore *store)
{
  g_return_if_fail (store != NULL);

  store->klass->give_up (store);
}

void
ahoyd_store_free (AhoydStore *store)
{
  g_return_if_fail (store != NULL);

  store->klass->free (store);
}
