/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-table.h"

G_BEGIN_DECLS

/* The tables that every store has, NULL-terminated. A new one is a line here. */
extern const AhoydTableClass *const ahoyd_tables[];

G_END_DECLS
