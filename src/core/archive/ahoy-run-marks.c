/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far one person came in each run of a server's log. */

#include "core/archive/ahoy-run-marks.h"

#include <string.h>

#define RUN_LEN 16

struct _AhoyRunMarks {
  /* Owned */
  GArray *marks; /* AhoyRunMark, the newest first */
};

AhoyRunMarks *
ahoy_run_marks_new (void)
{
  AhoyRunMarks *self = g_new0 (AhoyRunMarks, 1);

  self->marks = g_array_new (FALSE, FALSE, sizeof (AhoyRunMark));
  return self;
}

void
ahoy_run_marks_free (AhoyRunMarks *self)
{
  g_array_unref (self->marks);
  g_free (self);
}

AhoyRunMarks *
ahoy_run_marks_copy (AhoyRunMarks *self)
{
  AhoyRunMarks *copy = g_new0 (AhoyRunMarks, 1);

  copy->marks = g_array_copy (self->marks);
  return copy;
}

/* 16 hex digits in lower case. */
static gboolean
is_run (const char *run)
{
  return run && strlen (run) == RUN_LEN && strspn (run, "0123456789abcdef") == RUN_LEN;
}

static AhoyRunMark *
mark_at (GArray *marks,
         guint   i)
{
  return &g_array_index (marks, AhoyRunMark, i);
}

/* Drops the one whose loss widens the row least, seen from the newest: so the spaces grow with the age, and no reach of the past is without one. The
 * newest ones stay, and the oldest. */
static void
thin (GArray *marks)
{
  guint  best = marks->len - 2;
  double least = G_MAXDOUBLE;

  for (guint i = AHOY_RUN_MARKS_RECENT; i + 1 < marks->len; i++)
    {
      const guint64 newest = mark_at (marks, 0)->nth;
      const double  before = (double) (newest - mark_at (marks, i - 1)->nth) + 1;
      const double  after = (double) (newest - mark_at (marks, i + 1)->nth) + 1;

      if (after / before < least)
        {
          least = after / before;
          best = i;
        }
    }
  g_array_remove_index (marks, best);
}

static void
bound (GArray *marks)
{
  while (marks->len > AHOY_RUN_MARKS_MAX)
    thin (marks);
}

void
ahoy_run_marks_add (AhoyRunMarks      *self,
                    const AhoyRunMark *mark)
{
  guint at = 0;

  if (!is_run (mark->run))
    return;
  while (at < self->marks->len && mark_at (self->marks, at)->nth > mark->nth)
    at++;
  g_array_insert_val (self->marks, at, *mark);
  bound (self->marks);
}

gboolean
ahoy_run_marks_enter (AhoyRunMarks *self,
                      const char   *run,
                      guint64       position)
{
  AhoyRunMark fresh = { .nth = 1, .id = position };

  if (!is_run (run))
    return FALSE;
  if (self->marks->len > 0)
    {
      AhoyRunMark *newest = mark_at (self->marks, 0);

      newest->id = position;
      if (strcmp (newest->run, run) == 0)
        return FALSE;
      fresh.nth = newest->nth + 1;
    }
  for (guint i = self->marks->len; i > 0; i--)
    {
      if (strcmp (mark_at (self->marks, i - 1)->run, run) == 0)
        g_array_remove_index (self->marks, i - 1);
    }
  memcpy (fresh.run, run, RUN_LEN + 1);
  g_array_prepend_val (self->marks, fresh);
  bound (self->marks);
  return TRUE;
}

void
ahoy_run_marks_clamp (AhoyRunMarks *self,
                      guint64       id)
{
  for (guint i = 0; i < self->marks->len; i++)
    mark_at (self->marks, i)->id = MIN (mark_at (self->marks, i)->id, id);
}

guint
ahoy_run_marks_get_n (AhoyRunMarks *self)
{
  return self->marks->len;
}

const AhoyRunMark *
ahoy_run_marks_get (AhoyRunMarks *self,
                    guint         i)
{
  g_return_val_if_fail (i < self->marks->len, NULL);

  return mark_at (self->marks, i);
}

static char *
write_all (GArray *marks)
{
  GString *value = g_string_new (NULL);

  for (guint i = 0; i < marks->len; i++)
    {
      const AhoyRunMark *mark = mark_at (marks, i);

      g_string_append_printf (value, "%s%s:%" G_GUINT64_FORMAT, i > 0 ? "," : "", mark->run, mark->id);
    }
  return g_string_free (value, FALSE);
}

char *
ahoy_run_marks_write (AhoyRunMarks *self,
                      guint64       position,
                      gsize         max)
{
  g_autoptr (GArray) told = g_array_copy (self->marks);
  g_autofree char   *value = NULL;

  if (told->len == 0)
    return NULL;
  mark_at (told, 0)->id = position;
  value = write_all (told);
  while (strlen (value) > max)
    {
      if (told->len > AHOY_RUN_MARKS_RECENT + 1)
        thin (told);
      else
        g_array_set_size (told, told->len - 1);
      g_free (value);
      value = write_all (told);
    }
  return *value ? g_steal_pointer (&value) : NULL;
}
