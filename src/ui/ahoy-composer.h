/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-chat.h"
#include "ui/ahoy-conversation-list.h"

G_BEGIN_DECLS

/* Where one writes: recipient, text, Send. The text is the draft of the conversation.
 *
 * Choosing another recipient here takes the text along when nothing was written to them yet; then, and when they left meanwhile, Send asks first.
 * Going to another conversation in any other way leaves the text behind as that conversation's draft.
 *
 * Properties (notify): "chat" AhoyChat, "people" AhoyConversationList, "conversation" AhoyConversation (notifies also when
 * something about its person changes), "excess" (int64, read-only): bytes by which the text is over what a message may hold; negative: bytes left.
 * Actions: composer.send, composer.emoji. */

#define AHOY_TYPE_COMPOSER (ahoy_composer_get_type ())
G_DECLARE_FINAL_TYPE (AhoyComposer, ahoy_composer, AHOY, COMPOSER, GtkWidget)

void ahoy_composer_set_conversation (AhoyComposer     *self,
                                     AhoyConversation *conversation);

G_END_DECLS
