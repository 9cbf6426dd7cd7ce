/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/features/ahoy-feature.h"

G_BEGIN_DECLS

/* What every chat can do. A new feature is a line here and one in ahoy-features.c. */

extern const AhoyFeature ahoy_away;
extern const AhoyFeature ahoy_history;
extern const AhoyFeature ahoy_known_keys;
extern const AhoyFeature ahoy_receipts;
extern const AhoyFeature ahoy_typing;

/* Returns: (transfer none): the list, NULL-terminated. */
const AhoyFeature *const *ahoy_features (void);

G_END_DECLS
