/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/archive/ahoy-known-key.h"
#include "core/archive/ahoy-table.h"
#include "core/archive/ahoy-write.h"

G_BEGIN_DECLS

/* The table of the people whom an archive knows, and by which key. Its rows in memory are a GHashTable: skeleton (the known key's own) -> AhoyKnownKey. */

extern const AhoyTable ahoy_people_table;

/* Writes @known_key (transfer full) in place of what was known; who is known by no key is forgotten. Returns: (transfer full). */
AhoyWrite *ahoy_people_table_know (AhoyKnownKey *known_key);

G_END_DECLS
