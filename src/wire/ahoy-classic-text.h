/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Text in classic lines": what somebody said, as it is put behind their name for a program that only shows it. Pure, thread-safe. */

/* What every line but the first begins with, and the line end before it: no line of anything else does. */
#define AHOY_CLASSIC_CONTINUED "\n  | "

/* Marks that may sit on one character: as many as the letters of any script need, too few to paint over other lines. */
#define AHOY_CLASSIC_MARKS_MAX 6

/* Returns: (transfer full): @text (UTF-8) with its line ends marked, and without what would hide, turn round or draw over other text. */
char *ahoy_classic_text (const char *text);

/* Returns: (transfer full): @text without the marks, as near to what was said as it gets. */
char *ahoy_classic_text_unmark (const char *text);

G_END_DECLS
