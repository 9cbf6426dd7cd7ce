/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether the clock can be believed. */

#include "store/ahoyd-clock-watch.h"

gboolean
ahoyd_clock_watch_start (AhoydClockWatch        *watch,
                         const AhoydClockPast   *past,
                         const AhoydClockSample *now)
{
  gint64   gap;
  gboolean jumped;

  g_return_val_if_fail (watch != NULL && past != NULL && now != NULL, FALSE);

  watch->last = *now;
  watch->held = AHOYD_CLOCK_HOLD_MS;
  if (!past->is_known)
    return FALSE;
  gap = now->real - past->real;
  jumped = gap < -AHOYD_CLOCK_TOLERANCE_MS || gap > AHOYD_CLOCK_GAP_MS;
  watch->held = jumped ? 0 : CLAMP (past->held, 0, AHOYD_CLOCK_HOLD_MS);
  return jumped;
}

gboolean
ahoyd_clock_watch_feed (AhoydClockWatch        *watch,
                        const AhoydClockSample *now)
{
  gint64 passed;
  gint64 off;

  g_return_val_if_fail (watch != NULL && now != NULL, FALSE);

  passed = MAX (now->elapsed - watch->last.elapsed, 0);
  off = now->real - watch->last.real - passed;
  watch->last = *now;
  if (ABS (off) > AHOYD_CLOCK_TOLERANCE_MS)
    {
      watch->held = 0;
      return TRUE;
    }
  watch->held = MIN (watch->held + passed, AHOYD_CLOCK_HOLD_MS);
  return FALSE;
}

gboolean
ahoyd_clock_watch_is_trusted (const AhoydClockWatch *watch)
{
  g_return_val_if_fail (watch != NULL, FALSE);

  return watch->held >= AHOYD_CLOCK_HOLD_MS;
}
