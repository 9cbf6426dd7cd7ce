/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "features/ahoyd-feature.h"

G_BEGIN_DECLS

/* The features of one running server: calls each of them when something has happened. See ahoyd-feature.h for what they are told. */

typedef struct _AhoydFeatureSet AhoydFeatureSet;

/* Returns: (transfer full) (element-type AhoydTableClass): the tables of @features, NULL-terminated: the store must have them before a set is made. */
GPtrArray *ahoyd_feature_set_list_tables (const AhoydFeature *const *features);

/* Starts them all. @features (borrowed): NULL-terminated, outlives the set. @server_context (borrowed): outlives the set. */
AhoydFeatureSet *ahoyd_feature_set_new (const AhoydFeature *const *features,
                                        const AhoydServerContext  *server_context);
/* Stops them all. There is no session any more. */
void ahoyd_feature_set_free (AhoydFeatureSet *set);

/* Makes the set the one who hears of the sessions of @server_context. */
void ahoyd_feature_set_listen (AhoydFeatureSet    *set,
                               AhoydServerContext *server_context);

/* Returns: (transfer none): the table of what they take. */
AhoydDispatch *ahoyd_feature_set_get_dispatch (AhoydFeatureSet *set);

/* Each of these calls the function of that name of each feature. */
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
