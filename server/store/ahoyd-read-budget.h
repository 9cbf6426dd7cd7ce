/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one question to the log may cost: so much time of a processor, and, for tests, which cannot measure that, so many rows. */

typedef struct {
  gint64     slice_us;   /* of the thread that reads; 0: any */
  guint      slice_rows; /* a row that is looked at, or a kilobyte of text; 0: any */
  const int *stop;       /* (nullable) atomic: not 0 ends everything at once */

  /*< private >*/
  gint64   begun;
  guint    rows;
  guint    unchecked;
  gboolean over;
} AhoydReadBudget;

/* A new question, on the thread that begins it. */
void ahoyd_read_budget_begin (AhoydReadBudget *budget);
/* Returns: FALSE when there is no more to spend, from then on. */
gboolean ahoyd_read_budget_take (AhoydReadBudget *budget,
                                 guint            rows);
/* Whether it is well over what there is, as only a query that looks at much within one step comes to be. */
gboolean ahoyd_read_budget_is_overdrawn (const AhoydReadBudget *budget);
/* Microseconds of the processor since it began. */
gint64 ahoyd_read_budget_get_spent (const AhoydReadBudget *budget);

G_END_DECLS
