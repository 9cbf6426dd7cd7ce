/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: whether there is nothing to read in @text (UTF-8, nullable), whatever nobody sees it is made of. PROTOCOL.md, "Blank text". Pure, thread-safe. */
gboolean ahoy_text_is_blank (const char *text);

G_END_DECLS
