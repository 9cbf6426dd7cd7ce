/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* The message pane: one conversation, newest at the bottom.
 *
 * Properties (notify): "conversation" AhoyConversation or NULL, "following" (the newest message is in sight and kept there), "n-new" (messages that came
 * in below since it isn't).
 * Actions: timeline.newest, timeline.copy, timeline.select-text, timeline.menu. */

#define AHOY_TYPE_TIMELINE (ahoy_timeline_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTimeline, ahoy_timeline, AHOY, TIMELINE, GtkWidget)

AhoyConversation *ahoy_timeline_get_conversation (AhoyTimeline *self);
void              ahoy_timeline_set_conversation (AhoyTimeline     *self,
                                                  AhoyConversation *conversation);
/* Returns: FALSE when the newest is in sight already. */
gboolean ahoy_timeline_go_to_newest (AhoyTimeline *self);
/* Brings the message at @position of the conversation into sight and chooses it alone. */
void ahoy_timeline_show_message (AhoyTimeline *self,
                                 guint         position);

G_END_DECLS
