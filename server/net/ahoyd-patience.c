/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How long the others wait for one receiver. */

#include "net/ahoyd-patience.h"

/* Microseconds in which so many bytes would be taken. */
static gint64
worth (guint64 bytes)
{
  return (gint64) (MIN (bytes, G_MAXUINT32) * G_USEC_PER_SEC / AHOYD_PATIENCE_RATE);
}

AhoydPatienceVerdict
ahoyd_patience_look (AhoydPatience *patience,
                     guint64        taken,
                     gint64         now)
{
  gint64 waited = patience->waited != 0 ? now - patience->waited : 0;
  gint64 earned = worth (taken - patience->taken);

  patience->taken = taken;
  /* More than they owe is no credit: the first wait is the longest. */
  patience->used = MAX (patience->used + waited - earned, 0);
  patience->waited = patience->used < AHOYD_PATIENCE_US ? now : 0;
  if (patience->waited == 0)
    return AHOYD_PATIENCE_NONE;
  return earned >= waited ? AHOYD_PATIENCE_TAKES : AHOYD_PATIENCE_STILL;
}

void
ahoyd_patience_rest (AhoydPatience *patience)
{
  patience->waited = 0;
}

gint64
ahoyd_pace_look (AhoydPace           *pace,
                 AhoydPatienceVerdict most,
                 gint64               now)
{
  gint64   passed = now - pace->looked;
  gint64   waited = pace->since != 0 ? now - pace->since : 0;
  gboolean is_free = most == AHOYD_PATIENCE_TAKES && waited < AHOYD_PACE_FREE_US;

  pace->owed = MAX (pace->owed - passed / AHOYD_PACE_BACK, 0) + (pace->on_credit ? passed : 0);
  pace->looked = now;
  if (is_free || (most != AHOYD_PATIENCE_NONE && waited < AHOYD_PACE_PORTION_US && pace->owed < AHOYD_PACE_CREDIT_US))
    {
      pace->since = now - waited;
      pace->on_credit = !is_free;
      return AHOYD_PACE_LOOK_US;
    }
  pace->since = 0;
  pace->on_credit = FALSE;
  return 0;
}
