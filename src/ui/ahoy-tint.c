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

void
ahoy_tint_avatar (AdwAvatar *avatar,
                  guint      tint)
{
  g_auto (GStrv) classes = ahoy_tint_classes (tint);

  g_return_if_fail (ADW_IS_AVATAR (avatar));

  gtk_widget_set_css_classes (GTK_WIDGET (avatar), (const char **) classes);
}
