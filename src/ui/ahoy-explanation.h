/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What a status page explains. Its description is Pango markup, so a sentence with a name in it that has an ampersand or a less-than sign
 * would not be shown at all: whoever chooses the name could take the sentence away.
 * @text: plain, in the user's language. */
void ahoy_explanation_show (AdwStatusPage *page,
                            const char    *text);

G_END_DECLS
