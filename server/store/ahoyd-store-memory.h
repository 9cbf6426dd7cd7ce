/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* A store that promises nothing beyond order: what it announces is gone with the process, so it keeps nothing that nobody can ask for.
 * Announces at @context's next turn everything appended in this one.
 * Returns: (transfer full). */
AhoydStore *ahoyd_store_memory_new (GMainContext *context);

G_END_DECLS
