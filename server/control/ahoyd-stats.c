/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What happened since the start. */

#include "control/ahoyd-stats.h"

char *
ahoyd_stats_to_string (const AhoydStats *stats)
{
  GString *line = g_string_new (NULL);
  const struct {
    const char *name;
    guint64     value;
  } rows[] = {
    { "connections", stats->connections },
    { "secure", stats->secure },
    { "handshakes-failed", stats->handshakes_failed },
    { "full", stats->full },
    { "crowded", stats->crowded },
    { "barred", stats->barred },
    { "slowed", stats->slowed },
    { "logins", stats->logins },
    { "names-refused", stats->names_refused },
    { "messages", stats->messages },
    { "deliveries", stats->deliveries },
    { "faults", stats->faults },
    { "overflows", stats->overflows },
    { "discoveries", stats->discoveries },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_string_append_printf (line, "%s%s=%" G_GUINT64_FORMAT, i > 0 ? " " : "", rows[i].name, rows[i].value);
  return g_string_free (line, FALSE);
}
