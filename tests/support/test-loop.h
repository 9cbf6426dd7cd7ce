/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* Iterating a context in tests: always until something is true or a deadline has passed, never for a while. */

/* A wait that should end well: long enough for a loaded machine under sanitizers. */
#define TEST_LOOP_DEADLINE_MS 20000

typedef gboolean (*TestLoopPredicate) (gpointer data);

/* Iterates @context (NULL: the default) until @predicate is true. FALSE when @deadline_ms passed first. */
gboolean test_loop_until (GMainContext     *context,
                          TestLoopPredicate predicate,
                          gpointer          data,
                          guint             deadline_ms);

/* The same for the commonest question: until *@value >= @at_least. */
gboolean test_loop_until_count (GMainContext *context,
                                const guint  *value,
                                guint         at_least);

/* Iterates @context as long as something is ready: what could happen without anything new from outside has happened. FALSE when that never
 * ends (10,000 iterations): something spins. */
gboolean test_loop_settle (GMainContext *context);
