/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-event.h"

G_BEGIN_DECLS

/* What its sender is told of a whisper that is not stored. PROTOCOL.md, "Errors". @why: not AHOYD_REFUSAL_NONE. */

/* Returns: (transfer none): the code. */
const char *ahoyd_refusal_code (AhoydRefusal why);
/* Returns: (transfer full): the sentence. */
char *ahoyd_refusal_text (AhoydRefusal why,
                          const char  *to);

G_END_DECLS
