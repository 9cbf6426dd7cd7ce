/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Four words": a key in words that two people can compare by ear. Pure; any thread. */

#define AHOY_VERIFICATION_WORDS_N 4
#define AHOY_VERIFICATION_WORDS_LIST 2048
#define AHOY_VERIFICATION_WORD_MAX_CHARS 6

/* Takes tens of milliseconds of the processor, on purpose: whoever looks for a key with somebody else's words pays that for each.
 * @id_or_fingerprint: nullable; both have the same words. @indices (out).
 * Returns: FALSE: it is neither. */
gboolean ahoy_verification_words_of (const char *id_or_fingerprint,
                                     guint       indices[AHOY_VERIFICATION_WORDS_N]);
/* @index: below AHOY_VERIFICATION_WORDS_LIST. Returns: the English word there. */
const char *ahoy_verification_words_get (guint index);
/* Returns: (transfer full) (nullable): the four in English with a space between; NULL: @id_or_fingerprint is neither. */
char *ahoy_verification_words_join (const char *id_or_fingerprint);

G_END_DECLS
