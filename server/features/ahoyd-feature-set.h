/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "features/ahoyd-feature.h"

G_BEGIN_DECLS

/* The features of one running server: calls each of them when something has happened. See ahoyd-feature.h for what they are told. */

typedef struct _AhoydFeatureSet AhoydFeatureSet;

/* Returns: (transfer full) (element-type AhoydTableClass): the tables of @features, NULL-terminated: the store must have them before a set is made. */
GPtrArray *ahoyd_feature_set_list_tables (const AhoydFeature *const *features);

/* Starts them all. @features (borrowed): NULL-terminated, outlives the set. @host (borrowed): outlives the set. */
AhoydFeatureSet *ahoyd_feature_set_new (const AhoydFeature *const *features,
                                        const AhoydFeatureHost    *host);
/* Stops them all. There is no session any more. */
void ahoyd_feature_set_free (AhoydFeatureSet *set);

/* Returns: (transfer none): the table of what they take. */
AhoydDispatch *ahoyd_feature_set_get_dispatch (AhoydFeatureSet *set);

/* Hands @packet, which has come over @session, to the feature that takes it. The session may be gone afterwards. */
void ahoyd_feature_set_packet (AhoydFeatureSet  *set,
                               AhoydSession     *session,
                               const AhoyPacket *packet);
/* @session is about to be freed, be it logged in or not: no feature is told of it any more. */
void ahoyd_feature_set_ended (AhoydFeatureSet *set,
                              AhoydSession    *session);

/* Each of these calls the function of that name of each feature. Returns: FALSE: one of them has closed @session. */
gboolean ahoyd_feature_set_online (AhoydFeatureSet *set,
                                   AhoydSession    *session);
gboolean ahoyd_feature_set_caught_up (AhoydFeatureSet *set,
                                      AhoydSession    *session);

/* Each of these calls the function of that name of each feature. */
void ahoyd_feature_set_replaced (AhoydFeatureSet *set,
                                 AhoydPerson     *person);
void ahoyd_feature_set_offline (AhoydFeatureSet *set,
                                AhoydSession    *session);
void ahoyd_feature_set_describe (AhoydFeatureSet *set,
                                 AhoydPerson     *person,
                                 AhoyPacket      *packet);
void ahoyd_feature_set_committed (AhoydFeatureSet  *set,
                                  const AhoydEvent *event);
void ahoyd_feature_set_replayed (AhoydFeatureSet  *set,
                                 AhoydPerson      *person,
                                 const AhoydEvent *event);
void ahoyd_feature_set_forgotten (AhoydFeatureSet *set,
                                  const char      *skeleton);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydFeatureSet, ahoyd_feature_set_free)

G_END_DECLS
