/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How long the others wait for one receiver. */

#include "ahoyd-patience.h"

gboolean
ahoyd_patience_has (AhoydPatience *patience,
                    guint64        taken,
                    gint64         now)
{
  guint64 news = taken - patience->taken;

  patience->taken = taken;
  if (patience->waited != 0)
    patience->used += now - patience->waited;
  /* More than they owe is no credit: the first wait is the longest. */
  patience->used -= MIN (patience->used, (gint64) (MIN (news, G_MAXUINT32) * G_USEC_PER_SEC / AHOYD_PATIENCE_RATE));
  patience->waited = patience->used < AHOYD_PATIENCE_US ? now : 0;
  return patience->waited != 0;
}

void
ahoyd_patience_rest (AhoydPatience *patience)
{
  patience->waited = 0;
}

gint64
ahoyd_patience_pace (gint64   *since,
                     gboolean  wanted,
                     gint64    now)
{
  if (wanted && *since == 0)
    *since = now;
  if (wanted && now - *since < AHOYD_PATIENCE_PORTION_US)
    return AHOYD_PATIENCE_LOOK_US;
  *since = 0;
  return 0;
}
