/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where a message stands in what one person holds of one server's history. */

#include "core/archive/ahoy-place.h"

#include <string.h>

/* Characters of a path: a parting, and a parting with what follows it. */
#define PARTING_LEN 8
#define STEP_LEN (PARTING_LEN + 16)

static const char *
path_of (const AhoyPlace *place)
{
  return place->path ? place->path : "";
}

void
ahoy_place_set (AhoyPlace  *place,
                guint64     id,
                const char *path)
{
  char *copy = path && *path ? g_strdup (path) : NULL;

  g_free (place->path);
  place->path = copy;
  place->id = id;
}

void
ahoy_place_clear (AhoyPlace *place)
{
  g_clear_pointer (&place->path, g_free);
  place->id = 0;
}

AhoyPlace *
ahoy_place_copy (const AhoyPlace *place)
{
  AhoyPlace *copy = g_new0 (AhoyPlace, 1);

  ahoy_place_set (copy, place->id, place->path);
  return copy;
}

void
ahoy_place_free (AhoyPlace *place)
{
  ahoy_place_clear (place);
  g_free (place);
}

int
ahoy_place_compare (const AhoyPlace *a,
                    const AhoyPlace *b)
{
  if (a->id != b->id)
    return a->id < b->id ? -1 : 1;
  return strcmp (path_of (a), path_of (b));
}

/* Whether it is the place of the line that says what was lost. */
static gboolean
is_end (const AhoyPlace *place)
{
  return g_str_has_suffix (path_of (place), AHOY_PLACE_END);
}

gboolean
ahoy_place_is_copy (const AhoyPlace *place)
{
  return *path_of (place) != '\0' && !is_end (place);
}

gboolean
ahoy_place_part (AhoyPlace *place,
                 guint64    first,
                 guint      parting)
{
  char *path;

  if (first == 0 || place->id < first)
    return FALSE;
  /* The file does the same in SQL: ahoy-database-file.c. */
  path = g_strdup_printf ("%08x%016" G_GINT64_MODIFIER "x%s", parting, place->id, path_of (place));
  g_free (place->path);
  place->path = path;
  place->id = first - 1;
  return TRUE;
}

gboolean
ahoy_place_rejoin (AhoyPlace       *place,
                   const AhoyPlace *copy,
                   guint64          id)
{
  if (place->id != copy->id || strcmp (path_of (place), path_of (copy)) < 0)
    return FALSE;
  if (strcmp (path_of (place), path_of (copy)) == 0)
    g_clear_pointer (&place->path, g_free);
  place->id = id;
  return TRUE;
}

char **
ahoy_place_ends (const AhoyPlace *copy)
{
  g_autoptr (GPtrArray) ends = g_ptr_array_new ();
  const char           *path = path_of (copy);

  for (gsize at = strlen (path) / STEP_LEN; at-- > 0;)
    g_ptr_array_add (ends, g_strdup_printf ("%.*s" AHOY_PLACE_END, (int) (at * STEP_LEN + PARTING_LEN), path));
  g_ptr_array_add (ends, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&ends), FALSE);
}

guint64
ahoy_place_get_original (const AhoyPlace *place)
{
  const char *path = path_of (place);
  const gsize len = strlen (path);

  return len < STEP_LEN || is_end (place) ? place->id : g_ascii_strtoull (path + len - (STEP_LEN - PARTING_LEN), NULL, 16);
}
