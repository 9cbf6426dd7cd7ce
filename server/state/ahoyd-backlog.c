/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much of what was said may wait for the log. */

#include "state/ahoyd-backlog.h"

gboolean
ahoyd_backlog_stops (guint64  own,
                     guint64  all,
                     guint    n_online,
                     gboolean stopped)
{
  guint64 share = MIN (AHOYD_BACKLOG_PERSON, AHOYD_BACKLOG_ALL / MAX (n_online, 1));

  if (own == 0)
    return FALSE;
  return all >= AHOYD_BACKLOG_ALL || own >= (stopped ? share / 2 : share);
}
