/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-owner-table.h"
#include "store/ahoyd-people-table.h"
#include "store/ahoyd-store.h"
#include "store/ahoyd-taken-table.h"
#include "store/ahoyd-tenure-table.h"

/* What a store knows of names, said and asked in one call each. */

#define OWNERS(store) (ahoyd_store_get_rows (store, &ahoyd_owner_table))
#define PEOPLE(store) (ahoyd_store_get_rows (store, &ahoyd_people_table))
#define TAKEN(store) (ahoyd_store_get_rows (store, &ahoyd_taken_table))
#define TENURES(store) (ahoyd_store_get_rows (store, &ahoyd_tenure_table))

static inline const char *
owner_of (AhoydStore *store,
          const char *skeleton)
{
  const AhoydOwnerRow *row = ahoyd_owner_find (OWNERS (store), skeleton);

  return row != NULL ? row->key : NULL;
}

static inline void
on_owner_kept (const GError *error,
               gpointer      data)
{
}

static inline void
set_owner_of (AhoydStore *store,
              const char *skeleton,
              const char *key)
{
  ahoyd_owner_set (OWNERS (store), skeleton, key, 0, on_owner_kept, NULL);
}
