/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-table.h"

G_BEGIN_DECLS

/* The tables that every profile's database has, NULL-terminated. */
extern const AhoyTable *const ahoy_tables[];

/* Returns: (transfer container): those and @more (nullable), NULL-terminated. */
const AhoyTable **ahoy_tables_with (const AhoyTable *const *more);

G_END_DECLS
