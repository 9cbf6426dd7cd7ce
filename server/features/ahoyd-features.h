/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "features/ahoyd-feature.h"

G_BEGIN_DECLS

/* The list of the features that this server has: the one place that knows their names. */

/* Each is in the file of its name. */
extern const AhoydFeature ahoyd_log_in;
extern const AhoydFeature ahoyd_talk;
extern const AhoydFeature ahoyd_history;
extern const AhoydFeature ahoyd_receipts;
extern const AhoydFeature ahoyd_typing;
extern const AhoydFeature ahoyd_away;
extern const AhoydFeature ahoyd_ping;
extern const AhoydFeature ahoyd_quit;

/* Returns: (transfer none) (array zero-terminated=1): all of them, in the order in which they hear of things. */
const AhoydFeature *const *ahoyd_features (void);

G_END_DECLS
