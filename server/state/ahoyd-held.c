/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which whispers wait for whom. */

#include "state/ahoyd-held.h"

void
ahoyd_held_note (AhoydStore       *store,
                 const AhoydEvent *event)
{
  g_return_if_fail (store != NULL);
  g_return_if_fail (event != NULL && event->target_skeleton != NULL);

  ahoyd_store_raise_number (store, "held", event->target_skeleton, event->id);
  /* It may be for whoever had the name before. */
  ahoyd_mailboxes_take (ahoyd_store_get_mailboxes (store), event->target_skeleton,
                        ahoyd_store_get_number (store, "released", event->target_skeleton));
}

void
ahoyd_held_taken (AhoydStore *store,
                  const char *skeleton,
                  guint64     id)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  ahoyd_store_raise_number (store, "taken", skeleton, id);
  ahoyd_mailboxes_take (ahoyd_store_get_mailboxes (store), skeleton, id);
}

gboolean
ahoyd_held_get (AhoydStore *store,
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
ahoyd_held_drop (AhoydStore *store,
                 const char *skeleton)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  ahoyd_store_forget_name (store, skeleton);
  ahoyd_store_set_fact (store, "person", skeleton, NULL);
  ahoyd_store_set_fact (store, "held", skeleton, NULL);
  ahoyd_store_set_fact (store, "taken", skeleton, NULL);
}

void
ahoyd_held_forget (AhoydStore *store,
                   const char *skeleton,
                   guint64     until)
{
  ahoyd_held_drop (store, skeleton);
  ahoyd_held_taken (store, skeleton, until);
}
