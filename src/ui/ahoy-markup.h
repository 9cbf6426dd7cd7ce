/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people write, made safe to show. Pure functions. */

/* Returns: (transfer full): @text as Pango markup in which everything is escaped and what ahoy-hyperlink.h finds are links. Nothing in @text can
 * become markup otherwise, and what would show an address backwards is left out. */
char *ahoy_markup_from_text (const char *text);
/* Whether @uri is one of the kinds that ahoy_markup_from_text() makes links of: nothing else is ever opened. */
gboolean ahoy_markup_may_open (const char *uri);
/* Whether @text is nothing but a few emoji. */
gboolean ahoy_markup_only_emoji (const char *text);

G_END_DECLS
