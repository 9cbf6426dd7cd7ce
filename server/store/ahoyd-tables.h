/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-table.h"

G_BEGIN_DECLS

/* The tables that every store has, NULL-terminated. A new one is a line here; what only a feature knows of comes with the feature.
 *
 * They are tidied, read and, where that failed before, written in this order: by what is written first a name may become somebody else's, and what is not theirs
 * must be written by then. */
extern const AhoydTableClass *const ahoyd_tables[];

G_END_DECLS
