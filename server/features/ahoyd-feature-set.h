/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "features/ahoyd-feature.h"

G_BEGIN_DECLS

/* The features of one running server: calls each of them when something has happened. See ahoyd-feature.h for what they are told. */

/* Starts them all and adds their rows to the context's dispatch table. @features (borrowed): NULL-terminated, outlives the set.
 * @server_context (borrowed): outlives the set. */
AhoydFeatureSet *ahoyd_feature_set_new (const AhoydFeature *const *features,
                                        const AhoydServerContext  *server_context);
/* Stops them all. There is no session any more. */
void ahoyd_feature_set_free (AhoydFeatureSet *set);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydFeatureSet, ahoyd_feature_set_free)

G_END_DECLS
