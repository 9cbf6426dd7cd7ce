/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Characters by what people see in them, where a chat line depends on it. PROTOCOL.md, "Names" and "Classic chat lines". Pure, thread-safe. */

/* `*` begins a notice: asterisks, and stars and flowers that a small font or a terminal draws like one. Emoji that are drawn in colour
 * unasked are none. */
gboolean ahoy_sign_is_star (gunichar c);

/* `[` begins a whisper: opening brackets that are square, or have a square's corner. */
gboolean ahoy_sign_is_bracket (gunichar c);

/* `:` ends the name of who speaks, with a space behind it: everything that is two dots above each other. */
gboolean ahoy_sign_is_colon (gunichar c);

/* Returns: whether @c is drawn as a space or as nothing at all, though Unicode may call it a symbol or a letter. White space is so, too. */
gboolean ahoy_sign_is_empty (gunichar c);

/* Returns: whether a font that has @c draws nothing, and @c is no white space: fillers, variation selectors, tags, joiners, blank signs. */
gboolean ahoy_sign_is_unseen (gunichar c);

/* Returns: whether @c is a colon that has the space behind it in itself. */
gboolean ahoy_sign_is_wide_colon (gunichar c);

/* Marks that draw a line, a stroke or a frame over or through what they are put on and its neighbours. */
gboolean ahoy_sign_is_line (gunichar c);

/* The ASCII character that @c is drawn like, where UTS #39 does not say so: small capitals, letters and digits in circles and squares, upright strokes.
 * Any other is drawn like itself. */
gunichar ahoy_sign_drawn_like (gunichar c);

/* What nobody sees and what a terminal obeys: control characters but tabs and line ends, what turns the direction of text round, what is left out
 * unasked. Joiners and variation selectors, which languages and emoji need, are none. */
gboolean ahoy_sign_is_hiding (gunichar c);

G_END_DECLS
