/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A moment by two clocks, so that what decides by time needs no clock of its own. A value; microseconds.
 *
 * The monotonic clock stands still while the computer sleeps. So a computer that slept is seen by the other one alone. */
typedef struct {
  gint64 now;    /* g_get_monotonic_time() */
  gint64 asleep; /* for so long the computer has slept since it started */
} AhoyMoment;

/* Whether the computer was asleep since @before: everything may be different now. A computer that was only busy has not slept. */
static inline gboolean
ahoy_moment_slept_since (AhoyMoment at,
                         AhoyMoment before)
{
  return at.asleep - before.asleep >= G_USEC_PER_SEC;
}

static inline gint64
ahoy_moment_us (guint ms)
{
  return ms * G_GINT64_CONSTANT (1000);
}

G_END_DECLS
