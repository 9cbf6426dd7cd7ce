/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @text says @name as a word of its own, in any case. Scripts that put no spaces between words (Chinese, Japanese, Thai, …)
 * have no such words to see: there it is enough that the name is in the text. Both UTF-8. Pure, thread-safe. */
gboolean ahoy_text_mentions (const char *text,
                             const char *name);

G_END_DECLS
