/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the others wait for one receiver when much is announced at once: nobody who takes what comes as fast as a wire brings it is to be cut off for
 * being behind, and nobody who does not is to stop the talk. Pure.
 *
 * Whoever is more than AHOYD_PATIENCE_BEHIND behind is waited for, for AHOYD_PATIENCE_US in all and besides as long as they take AHOYD_PATIENCE_RATE: a wait
 * that is used up comes back only with bytes that are taken. And no portion waits longer than AHOYD_PATIENCE_PORTION_US, whoever is behind. */

/* Bytes. */
#define AHOYD_PATIENCE_BEHIND (1024 * 1024)
/* Bytes a second: a wire of ten megabits brings more. */
#define AHOYD_PATIENCE_RATE (1024 * 1024)
#define AHOYD_PATIENCE_US (G_GINT64_CONSTANT (250) * 1000)
#define AHOYD_PATIENCE_PORTION_US (G_GINT64_CONSTANT (100) * 1000)
/* Until it is looked again. */
#define AHOYD_PATIENCE_LOOK_US (G_GINT64_CONSTANT (5) * 1000)

/* With one receiver. Zero it. */
typedef struct {
  gint64  used;   /* microseconds that the others have waited, less what was taken for it */
  gint64  waited; /* monotonic time of the last look, when the others are waiting; 0: they are not */
  guint64 taken;  /* bytes, at the last look at which they were behind */
} AhoydPatience;

/* Whether the others wait (on) for a receiver who is behind by so much, and has @taken so many bytes in all, at @now (monotonic µs). */
gboolean ahoyd_patience_has (AhoydPatience *patience,
                             guint64        taken,
                             gint64         now);
/* They are not behind. */
void     ahoyd_patience_rest (AhoydPatience *patience);

/* With all of them, for one portion. @since (in and out): when the wait for it began; 0: not yet. @wanted: whether somebody is waited for.
 * Returns: microseconds until the next look; 0: the portion comes now. */
gint64   ahoyd_patience_pace (gint64   *since,
                              gboolean  wanted,
                              gint64    now);

G_END_DECLS
