/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/features/ahoy-feature.h"

G_BEGIN_DECLS

/* AhoyFeatureSet is the features of one chat: it calls each of them when something has happened. See ahoy-feature.h for what they are told. */

/* Returns: (transfer full) (element-type AhoyTable): the tables of @features, NULL-terminated: the database must have them before a set is made. */
GPtrArray *ahoy_feature_set_list_tables (const AhoyFeature *const *features);

/* Starts them all. @features (borrowed): NULL-terminated, outlives the set. @chat (borrowed): outlives the set. */
AhoyFeatureSet *ahoy_feature_set_new (const AhoyFeature *const *features,
                                      const AhoyChatParts      *chat);
/* Stops them all. */
void ahoy_feature_set_free (AhoyFeatureSet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyFeatureSet, ahoy_feature_set_free)

/* Hands @packet to the feature that takes it. Returns: FALSE: none does. */
gboolean ahoy_feature_set_take (AhoyFeatureSet   *self,
                                const AhoyPacket *packet);

/* Each of these is for the feature called @name, which must be one of them. */
void        ahoy_feature_set_wish (AhoyFeatureSet   *self,
                                   const char       *name,
                                   AhoyConversation *conversation,
                                   const char       *text);
const char *ahoy_feature_set_get (AhoyFeatureSet *self,
                                  const char     *name);

/* Each of these asks the features one by one, until one returns TRUE. Returns: FALSE: none did. */
gboolean ahoy_feature_set_answer (AhoyFeatureSet          *self,
                                  const AhoyStoredMessage *stored);
gboolean ahoy_feature_set_refused (AhoyFeatureSet *self,
                                   const char     *code);

/* Each of these calls the function of that name of each feature. */
void ahoy_feature_set_attended (AhoyFeatureSet   *self,
                                AhoyConversation *conversation);
void ahoy_feature_set_load_older (AhoyFeatureSet   *self,
                                  AhoyConversation *conversation);
void ahoy_feature_set_opened (AhoyFeatureSet   *self,
                              const AhoyNewest *newest);
void ahoy_feature_set_closed (AhoyFeatureSet *self);
void ahoy_feature_set_begun (AhoyFeatureSet   *self,
                             AhoyConversation *conversation);
void ahoy_feature_set_restored (AhoyFeatureSet   *self,
                                AhoyConversation *conversation,
                                GPtrArray        *messages);
void ahoy_feature_set_written (AhoyFeatureSet *self);
void ahoy_feature_set_parted (AhoyFeatureSet *self,
                              guint64         first,
                              guint           parting);
void ahoy_feature_set_rejoined (AhoyFeatureSet          *self,
                                const AhoyPlace         *copy,
                                const AhoyStoredMessage *stored,
                                AhoyConversation        *where);
void ahoy_feature_set_online (AhoyFeatureSet *self);
void ahoy_feature_set_met (AhoyFeatureSet *self,
                           guint64         last);
void ahoy_feature_set_caught_up (AhoyFeatureSet *self);
void ahoy_feature_set_offline (AhoyFeatureSet *self);
void ahoy_feature_set_described (AhoyFeatureSet   *self,
                                 AhoyPerson       *person,
                                 const AhoyPacket *packet);
void ahoy_feature_set_said (AhoyFeatureSet          *self,
                            AhoyConversation        *where,
                            const AhoyStoredMessage *stored);
void ahoy_feature_set_ponged (AhoyFeatureSet *self,
                              guint64         n);
void ahoy_feature_set_describe (AhoyFeatureSet *self,
                                AhoyMessage    *message);
void ahoy_feature_set_due (AhoyFeatureSet *self,
                           GPtrArray      *due);
void ahoy_feature_set_thawed (AhoyFeatureSet   *self,
                              AhoyConversation *conversation);

G_END_DECLS
