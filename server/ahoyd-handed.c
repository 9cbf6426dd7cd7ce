/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whispers on their way to a peer that cannot say that it has them. */

#include "ahoyd-handed.h"

typedef struct {
  guint64 id;
  guint64 bytes;
} Mark;

void
ahoyd_handed_add (AhoydHanded *handed,
                  guint64      id,
                  guint64      bytes)
{
  const Mark mark = { id, bytes };

  g_return_if_fail (handed != NULL);

  if (handed->marks == NULL)
    handed->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  if (handed->marks->len >= AHOYD_HANDED_MAX)
    g_array_index (handed->marks, Mark, handed->marks->len - 1) = mark;
  else
    g_array_append_val (handed->marks, mark);
}

guint64
ahoyd_handed_take (AhoydHanded *handed,
                   guint64      bytes)
{
  guint64 id = 0;
  guint n = 0;

  g_return_val_if_fail (handed != NULL, 0);

  if (handed->marks == NULL)
    return 0;
  for (; n < handed->marks->len && g_array_index (handed->marks, Mark, n).bytes <= bytes; n++)
    id = g_array_index (handed->marks, Mark, n).id;
  if (n == handed->marks->len)
    ahoyd_handed_clear (handed);
  else
    g_array_remove_range (handed->marks, 0, n);
  return id;
}

gboolean
ahoyd_handed_waits (const AhoydHanded *handed)
{
  return handed->marks != NULL;
}

void
ahoyd_handed_clear (AhoydHanded *handed)
{
  g_return_if_fail (handed != NULL);

  g_clear_pointer (&handed->marks, g_array_unref);
}
