/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-message.h"

G_BEGIN_DECLS

/* The log of what was said. PROTOCOL.md, "Ids".
 *
 * Handlers append; the store stamps each message with its id and time, keeps it as well as it promises to, and only then announces it, in
 * id order. What it announces is what people see, so nobody ever sees what a crash would take back. An announcement
 * never comes from inside ahoyd_store_append(), but from the main context the store was made for.
 *
 * Not thread-safe, whatever threads an implementation has inside: the thread that iterates that context. */

typedef struct _AhoydStore AhoydStore;

typedef void (*AhoydStoreCommitted) (AhoydMessage *message,
                                     gpointer      data);

/* What an implementation is: the struct below comes first in its own. */
typedef struct {
  void    (*append) (AhoydStore   *store,
                     AhoydMessage *message);
  guint64 (*get_last) (AhoydStore *store);
  guint   (*get_n_pending) (AhoydStore *store);
  void    (*free) (AhoydStore *store);
} AhoydStoreClass;

struct _AhoydStore {
  /*< protected >*/
  const AhoydStoreClass *klass;
  AhoydStoreCommitted    committed;
  gpointer               committed_data;
};

/* Who hears of committed messages: one listener, which stays until the store is freed. */
void    ahoyd_store_on_committed (AhoydStore          *store,
                                  AhoydStoreCommitted  committed,
                                  gpointer             data);

/* @message (transfer full): not stamped yet; the store is the only one to change it from now on. */
void    ahoyd_store_append       (AhoydStore   *store,
                                  AhoydMessage *message);

/* The id of the newest committed message; 0: none. */
guint64 ahoyd_store_get_last     (AhoydStore *store);
/* How many messages were appended and are not announced yet: whoever wants to stop waits for 0. */
guint   ahoyd_store_get_n_pending (AhoydStore *store);

/* Appended messages that were not announced yet are not announced any more. */
void    ahoyd_store_free         (AhoydStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydStore, ahoyd_store_free)

G_END_DECLS
