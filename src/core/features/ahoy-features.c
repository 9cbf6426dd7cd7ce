/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The list of features. */

#include "core/features/ahoy-features.h"

const AhoyFeature *const *
ahoy_features (void)
{
  static const AhoyFeature *const all[] = {
    &ahoy_known_keys,
    &ahoy_receipts,
    &ahoy_history,
    &ahoy_typing,
    &ahoy_away,
    NULL,
  };

  return all;
}
