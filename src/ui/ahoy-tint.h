/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the style classes that give an avatar the steady colour of @tint. */
char **ahoy_tint_classes (guint tint);
/* Gives @avatar the steady colour of @tint (style.css, "avatars"), in place of the one libadwaita would make of the name. */
void ahoy_tint_avatar (AdwAvatar *avatar,
                       guint      tint);

G_END_DECLS
