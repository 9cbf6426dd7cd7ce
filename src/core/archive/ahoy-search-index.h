/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-read.h"

G_BEGIN_DECLS

/* The search index finds any three characters in a row in the messages, in any script, whatever the case of ASCII letters. It is filled a little at a time,
 * when nothing else is to be done; what is not in it yet is looked for in every message, and so is what is shorter than three characters. */

/* Returns: (transfer none): the condition on a row of `messages` that it holds @text, in SQL, with parameters 5 and 6. */
const char *ahoy_search_index_condition (const char *text);
/* Binds them. */
void ahoy_search_index_bind (sqlite3_stmt *stmt,
                             const char   *text);

/* The read that puts up to @limit messages into the index. Returns: (transfer full). */
AhoyRead *ahoy_search_index_fill (guint limit);
/* Once it was read: whether there are more. */
gboolean ahoy_search_index_has_more (AhoyRead *fill);

G_END_DECLS
