/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What it means that a message holds a text: its characters in a row, where each counts as what ahoyd_text_fold_char() makes of it. The one
 * answer to that, whoever asks. Pure. PROTOCOL.md, "History". */

typedef struct _AhoydTextMatch AhoydTextMatch;

/* Upper and lower case are the same, one character for one. */
gunichar ahoyd_text_fold_char (gunichar c);
/* Returns: (transfer full): all of @text (UTF-8) so. */
char *ahoyd_text_fold (const char *text);

/* @wanted: UTF-8, not empty. */
AhoydTextMatch *ahoyd_text_match_new (const char *wanted);
void            ahoyd_text_match_free (AhoydTextMatch *match);
/* Takes as long as @text (UTF-8) is, whatever is wanted. */
gboolean ahoyd_text_match_find (const AhoydTextMatch *match,
                                const char           *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydTextMatch, ahoyd_text_match_free)

G_END_DECLS
