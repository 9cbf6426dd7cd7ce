/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The door to whichever store there is. */

#include "store/ahoyd-store.h"

void
ahoyd_store_on_committed (AhoydStore          *store,
                          AhoydStoreCommitted  committed,
                          gpointer             data)
{
  g_return_if_fail (store != NULL);
  g_return_if_fail (store->committed == NULL);

  store->committed = committed;
  store->committed_data = data;
}

void
ahoyd_store_append (AhoydStore   *store,
                    AhoydMessage *message)
{
  g_return_if_fail (store != NULL);
  g_return_if_fail (message != NULL && message->id == 0);

  store->klass->append (store, message);
}

guint64
ahoyd_store_get_last (AhoydStore *store)
{
  g_return_val_if_fail (store != NULL, 0);

  return store->klass->get_last (store);
}

guint
ahoyd_store_get_n_pending (AhoydStore *store)
{
  g_return_val_if_fail (store != NULL, 0);

  return store->klass->get_n_pending (store);
}

void
ahoyd_store_free (AhoydStore *store)
{
  g_return_if_fail (store != NULL);

  store->klass->free (store);
}
