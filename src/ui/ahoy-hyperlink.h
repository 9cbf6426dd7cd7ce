/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where people see an address in what they write: http, https and mailto ones, `www.` names, and bare mail addresses. A link ends where they think it
 * does, or there is none: what is opened is what is shown. In all of a text it takes time in proportion to its length. Pure. */

/* @at: somewhere in @text (UTF-8), to which the caller has come step by step. @prefix (out): what is missing in front of it to be opened.
 * @skip (out): bytes from @at on in which no link begins, when none does.
 * Returns: how many bytes from @at on are a link; 0: none. */
gsize ahoy_hyperlink_length (const char  *text,
                             const char  *at,
                             const char **prefix,
                             gsize       *skip);

/* Whether @uri begins with a scheme that may be opened. */
gboolean ahoy_hyperlink_has_scheme (const char *uri);

G_END_DECLS
