/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "features/ahoyd-mark-table.h"
#include "store/ahoyd-store.h"

/* One mark, of all those that a store has. */

typedef struct {
  const char *to; /* NULL: anybody */
  guint64     id;
  guint       n;
} WantedMark;

static inline void
mark_found (const char *to,
            guint64     id,
            gpointer    data)
{
  WantedMark *wanted = data;

  if (wanted->to != NULL && !g_str_equal (to, wanted->to))
    return;
  wanted->id = id;
  wanted->n++;
}

static inline guint64
mark_of (AhoydStore   *store,
         const char   *from,
         const char   *to,
         AhoydMarkWhat what)
{
  WantedMark wanted = { .to = to };

  ahoyd_marks_each (ahoyd_store_get_rows (store, &ahoyd_mark_table), from, what, mark_found, &wanted);
  return wanted.id;
}

static inline guint
count_marks (AhoydStore   *store,
             const char   *from,
             AhoydMarkWhat what)
{
  WantedMark wanted = { 0 };

  ahoyd_marks_each (ahoyd_store_get_rows (store, &ahoyd_mark_table), from, what, mark_found, &wanted);
  return wanted.n;
}

static inline void
set_mark (AhoydStore   *store,
          const char   *from,
          const char   *to,
          AhoydMarkWhat what,
          guint64       id)
{
  ahoyd_marks_raise (ahoyd_store_get_rows (store, &ahoyd_mark_table), from, to, what, id);
}
