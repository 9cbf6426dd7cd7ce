/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-chat.h"

G_BEGIN_DECLS

/* What one sees while online: people, messages, composer. Folds into one column when narrow.
 *
 * Properties (notify): "chat" AhoyChat, "conversation" AhoyConversation (the chosen one; Everyone unless another is chosen; NULL only without a
 * chat), "menu-model" GMenuModel of the main menu, "reading" (read-only: the messages are in sight, that is, not folded away behind the people).
 * Actions: chat.next-conversation, chat.previous-conversation, chat.everyone, chat.focus-people, chat.search, chat.newest, chat.next-region,
 * chat.previous-region, chat.write, chat.about. Their keys work wherever the focus is inside. */

#define AHOY_TYPE_CHAT_VIEW (ahoy_chat_view_get_type ())
G_DECLARE_FINAL_TYPE (AhoyChatView, ahoy_chat_view, AHOY, CHAT_VIEW, GtkWidget)

void              ahoy_chat_view_set_chat (AhoyChatView *self,
                                           AhoyChat     *chat);
AhoyConversation *ahoy_chat_view_get_conversation (AhoyChatView *self);
void              ahoy_chat_view_set_conversation (AhoyChatView     *self,
                                                   AhoyConversation *conversation);
gboolean          ahoy_chat_view_get_reading (AhoyChatView *self);

G_END_DECLS
