/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* The messages of a conversation as AhoyTimelineItem, for one list view. Lazy: an item lives while somebody holds it, and being asked for one
 * costs the same whatever the length.
 *
 * What is added at the end is held back until ahoy_timeline_model_flush(), so that a burst is one change of the list for each frame.
 *
 * Properties (notify): "conversation" AhoyConversation or NULL, "pending" (messages held back). */

#define AHOY_TYPE_TIMELINE_MODEL (ahoy_timeline_model_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTimelineModel, ahoy_timeline_model, AHOY, TIMELINE_MODEL, GObject)

AhoyConversation *ahoy_timeline_model_get_conversation (AhoyTimelineModel *self);
void              ahoy_timeline_model_set_conversation (AhoyTimelineModel *self,
                                                        AhoyConversation  *conversation);
guint             ahoy_timeline_model_get_pending (AhoyTimelineModel *self);
/* Shows what was held back. */
void ahoy_timeline_model_flush (AhoyTimelineModel *self);
/* Writes the days anew when today is not what it was. */
void ahoy_timeline_model_check_day (AhoyTimelineModel *self);

/* Returns: (transfer none): the message at @position, or NULL past the end. Makes no item. */
AhoyMessage *ahoy_timeline_model_peek_message (AhoyTimelineModel *self,
                                               guint              position);
/* Where @message is, looked for from the end; G_MAXUINT: nowhere, or @message is NULL. */
guint ahoy_timeline_model_find (AhoyTimelineModel *self,
                                AhoyMessage       *message);

G_END_DECLS
