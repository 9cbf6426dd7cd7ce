/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-store.h"

G_BEGIN_DECLS

/* A store that promises nothing beyond the life of the process. It keeps the newest @keep messages for those who ask for pages.
 * Announces at @context's next turn everything appended in this one.
 * Returns: (transfer full). */
AhoydStore *ahoyd_store_memory_new (GMainContext *context,
                                    guint         keep);

G_END_DECLS
