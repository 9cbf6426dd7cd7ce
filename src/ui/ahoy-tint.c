/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The colours people have. */

#include "ui/ahoy-tint.h"

/* As many as style.css has. */
#define N_TINTS 14

char **
ahoy_tint_classes (guint tint)
{
  g_autofree char *name = g_strdup_printf ("tint%u", tint % N_TINTS);
  const char      *classes[] = { "tinted", name, NULL };

  return g_strdupv ((char **) classes);
}
