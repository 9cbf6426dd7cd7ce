/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The list of features. */

#include "features/ahoyd-features.h"

const AhoydFeature *const *
ahoyd_features (void)
{
  static const AhoydFeature *const all[] = {
    &ahoyd_log_in,
    &ahoyd_talk,
    &ahoyd_history,
    &ahoyd_receipts,
    &ahoyd_typing,
    &ahoyd_away,
    &ahoyd_ping,
    &ahoyd_quit,
    NULL,
  };

  return all;
}
