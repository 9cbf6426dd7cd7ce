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

/* Each of these calls the function of that name of each feature.
 * Returns: FALSE: one of them closed @session, which must not be used any more. */
gboolean ahoyd_feature_set_online (AhoydFeatureSet *set,
                                   AhoydSession    *session);
gboolean ahoyd_feature_set_caught_up (AhoydFeatureSet *set,
                                      AhoydSession    *session);
void     ahoyd_feature_set_replaced (AhoydFeatureSet *set,
                                     AhoydPerson     *person);
void     ahoyd_feature_set_offline (AhoydFeatureSet *set,
                                    AhoydSession    *session);
void     ahoyd_feature_set_describe (AhoydFeatureSet *set,
                                     AhoydPerson     *person,
                                     AhoyPacket      *packet);
void     ahoyd_feature_set_committed (AhoydFeatureSet  *set,
                                      const AhoydEvent *event);
void     ahoyd_feature_set_replayed (AhoydFeatureSet  *set,
                                     AhoydPerson      *person,
                                     const AhoydEvent *event);
void     ahoyd_feature_set_forgotten (AhoydFeatureSet *set,
                                      const char      *skeleton);

/* @session is about to be freed, be it logged in or not: no feature is told of it any more. */
void ahoyd_feature_set_session_ended (AhoydFeatureSet *set,
                                      AhoydSession    *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydFeatureSet, ahoyd_feature_set_free)

G_END_DECLS
