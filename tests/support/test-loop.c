/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Iterating a context in tests. */

#include "support/test-loop.h"

#define SETTLE_MAX 10000

static gboolean
on_deadline (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

gboolean
test_loop_until (GMainContext     *context,
                 TestLoopPredicate predicate,
                 gpointer          data,
                 guint             deadline_ms)
{
  g_autoptr (GSource) deadline = g_timeout_source_new (deadline_ms);
  gboolean            late = FALSE;
  gboolean            met;

  g_source_set_callback (deadline, on_deadline, &late, NULL);
  g_source_attach (deadline, context);
  while (!(met = predicate (data)) && !late)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (deadline);

  return met;
}

typedef struct {
  const guint *value;
  guint        at_least;
} Count;

static gboolean
count_reached (gpointer data)
{
  const Count *count = data;

  return *count->value >= count->at_least;
}

gboolean
test_loop_until_count (GMainContext *context,
                       const guint  *value,
                       guint         at_least)
{
  Count count = { value, at_least };

  return test_loop_until (context, count_reached, &count, TEST_LOOP_DEADLINE_MS);
}

gboolean
test_loop_settle (GMainContext *context)
{
  for (guint i = 0; i < SETTLE_MAX; i++)
    {
      if (!g_main_context_iteration (context, FALSE))
        return TRUE;
    }
  return FALSE;
}
