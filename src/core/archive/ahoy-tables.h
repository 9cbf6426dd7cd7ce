/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-table.h"

G_BEGIN_DECLS

/* The tables of a profile's database, NULL-terminated. */
extern const AhoyTable *const ahoy_tables[];

G_END_DECLS
