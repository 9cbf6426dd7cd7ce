/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The runs that a log grew in. */

#include "store/ahoyd-runs.h"

#include <string.h>

struct _AhoydRuns {
  /* Owned */
  GArray *runs; /* AhoydRun, in their order */
};

/* Makes 16 hex digits at @text the name of a run. Returns: FALSE when they are none. */
static gboolean
read_name (const char *text,
           gsize       len,
           char        name[AHOYD_RUN_LEN + 1])
{
  if (len != AHOYD_RUN_LEN)
    return FALSE;
  for (guint i = 0; i < AHOYD_RUN_LEN; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
      name[i] = g_ascii_tolower (text[i]);
    }
  name[AHOYD_RUN_LEN] = '\0';
  return TRUE;
}

AhoydRuns *
ahoyd_runs_new (void)
{
  AhoydRuns *runs = g_new0 (AhoydRuns, 1);

  runs->runs = g_array_new (FALSE, FALSE, sizeof (AhoydRun));
  return runs;
}

void
ahoyd_runs_free (AhoydRuns *runs)
{
  g_return_if_fail (runs != NULL);

  g_array_unref (runs->runs);
  g_free (runs);
}

void
ahoyd_run_name (char name[AHOYD_RUN_LEN + 1])
{
  g_snprintf (name, AHOYD_RUN_LEN + 1, "%08x%08x", g_random_int (), g_random_int ());
}

void
ahoyd_runs_add (AhoydRuns  *runs,
                const char *run,
                guint64     first)
{
  AhoydRun added = { .first = first };

  g_return_if_fail (runs != NULL && run != NULL);

  if (read_name (run, strlen (run), added.run))
    g_array_append_val (runs->runs, added);
}

/* "RUN:ID" of @len bytes. Returns: FALSE when it is not that. */
static gboolean
read_mark (const char *text,
           gsize       len,
           char        name[AHOYD_RUN_LEN + 1],
           guint64    *id)
{
  g_autofree char *digits = NULL;

  if (len <= AHOYD_RUN_LEN + 1 || text[AHOYD_RUN_LEN] != ':' || !read_name (text, AHOYD_RUN_LEN, name))
    return FALSE;
  digits = g_strndup (text + AHOYD_RUN_LEN + 1, len - AHOYD_RUN_LEN - 1);
  return g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, id, NULL);
}

/* What somebody who came up to @id in the run @name shares with the log. Returns: FALSE when the log does not know that run. */
static gboolean
find_shared (AhoydRuns  *self,
             const char *name,
             guint64     id,
             guint64     last,
             guint64    *shared)
{
  for (guint i = self->runs->len; i > 0; i--)
    {
      if (strcmp (g_array_index (self->runs, AhoydRun, i - 1).run, name) != 0)
        continue;
      *shared = i < self->runs->len ? g_array_index (self->runs, AhoydRun, i).first : last + 1;
      *shared = MIN (MAX (*shared, 1) - 1, id);
      return TRUE;
    }
  return FALSE;
}

guint64
ahoyd_runs_get_parted (AhoydRuns  *runs,
                       guint64     since,
                       const char *marks,
                       guint64     last)
{
  gboolean told = FALSE;
  guint64  shared = 0;

  g_return_val_if_fail (runs != NULL, 0);

  for (const char *at = marks; at != NULL; at = strchr (at, ','))
    {
      char    name[AHOYD_RUN_LEN + 1];
      guint64 id = 0;

      if (*at == ',')
        at++;
      if (!read_mark (at, strcspn (at, ","), name, &id))
        continue;
      told = TRUE;
      if (find_shared (runs, name, id, last, &shared))
        break;
    }
  if (!told)
    shared = last;
  /* Whatever the marks say, the log has nothing beyond its end. */
  shared = MIN (shared, last);
  return shared < since ? shared + 1 : 0;
}
