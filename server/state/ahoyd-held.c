/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which whispers wait for whom. */

#include "state/ahoyd-held.h"

#include "store/ahoyd-people-table.h"
#include "store/ahoyd-taken-table.h"
#include "store/ahoyd-tenure-table.h"

static AhoydNameRows *
get_taken (AhoydStore *store)
{
  return ahoyd_store_get_rows (store, &ahoyd_taken_table);
}

void
ahoyd_held_note (AhoydStore       *store,
                 const AhoydEvent *event)
{
  g_return_if_fail (store != NULL);
  g_return_if_fail (event != NULL && event->target_skeleton != NULL);

  ahoyd_taken_raise_held (get_taken (store), event->target_skeleton, event->id);
  /* It may be for whoever had the name before. */
  ahoyd_mailboxes_take (ahoyd_store_get_mailboxes (store), event->target_skeleton,
                        ahoyd_tenure_get_released (ahoyd_store_get_rows (store, &ahoyd_tenure_table), event->target_skeleton));
}

void
ahoyd_held_taken (AhoydStore *store,
                  const char *skeleton,
                  guint64     id)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  if (id > ahoyd_taken_get (get_taken (store), skeleton))
    ahoyd_taken_set (get_taken (store), skeleton, id);
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

  *after = ahoyd_taken_get (get_taken (store), skeleton);
  *until = ahoyd_taken_get_held (get_taken (store), skeleton);
  return *until > *after;
}

void
ahoyd_held_drop (AhoydStore *store,
                 const char *skeleton)
{
  g_return_if_fail (store != NULL && skeleton != NULL);

  ahoyd_store_forget_name (store, skeleton);
  ahoyd_people_set_name (ahoyd_store_get_rows (store, &ahoyd_people_table), skeleton, NULL);
  ahoyd_taken_drop (get_taken (store), skeleton);
}

void
ahoyd_held_forget (AhoydStore *store,
                   const char *skeleton,
                   guint64     until)
{
  ahoyd_held_drop (store, skeleton);
  ahoyd_held_taken (store, skeleton, until);
}
