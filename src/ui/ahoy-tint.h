/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The classes are those of style.css, "avatars"; libadwaita would make a colour of the name.
 * Returns: (transfer full): the style classes that give an avatar the steady colour of @tint. */
char **ahoy_tint_classes (guint tint);

G_END_DECLS
