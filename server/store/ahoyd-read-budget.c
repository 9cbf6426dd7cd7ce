/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one question to the log may cost. */

#include "store/ahoyd-read-budget.h"

#include <time.h>

/* Rows between two looks at the clock, which costs about as much as these. */
#define CLOCK_EVERY 32

static gint64
thread_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
is_stopped (const AhoydReadBudget *budget)
{
  return budget->stop != NULL && g_atomic_int_get (budget->stop) != 0;
}

void
ahoyd_read_budget_begin (AhoydReadBudget *budget)
{
  budget->begun = thread_time ();
  budget->rows = 0;
  budget->unchecked = 0;
  budget->over = FALSE;
}

gboolean
ahoyd_read_budget_take (AhoydReadBudget *budget,
                        guint            rows)
{
  budget->rows += rows;
  budget->unchecked += rows;
  if (budget->slice_rows > 0 && budget->rows > budget->slice_rows)
    budget->over = TRUE;
  if (budget->unchecked >= CLOCK_EVERY)
    {
      budget->unchecked = 0;
      if (is_stopped (budget) || (budget->slice_us > 0 && thread_time () - budget->begun > budget->slice_us))
        budget->over = TRUE;
    }
  return !budget->over;
}

gboolean
ahoyd_read_budget_is_overdrawn (const AhoydReadBudget *budget)
{
  return is_stopped (budget) || (budget->slice_us > 0 && thread_time () - budget->begun > 2 * budget->slice_us);
}

gint64
ahoyd_read_budget_get_spent (const AhoydReadBudget *budget)
{
  return thread_time () - budget->begun;
}
