/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"

G_BEGIN_DECLS

/* What a person types, judged without a server. Pure; any thread. */

/* PROTOCOL.md, "Names". @name: NULL is an empty one.
 * Returns: NONE when there is a server that may take it. */
AhoyNameProblem ahoy_check_name (const char *name);
/* PROTOCOL.md, "Blank text".
 * Returns: TRUE when there is nothing to read in @text: it is not sent, and servers do not take it. */
gboolean ahoy_check_is_blank (const char *text);
/* Returns: whether nobody sees @c, though it is no white space. */
gboolean ahoy_check_is_unseen (gunichar c);

G_END_DECLS
