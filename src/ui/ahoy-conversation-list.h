/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* The conversations of a chat as they are shown: Everyone, then who is online, then who is not, each by name as the user's language sorts.
 *
 * A list model sorts what it is given once; this one takes whoever comes, goes or is renamed out and puts them in again, so that only they are sorted anew.
 *
 * Properties: "conversations" (GListModel of AhoyConversation, read-write, NULL: empty). */

#define AHOY_TYPE_CONVERSATION_LIST (ahoy_conversation_list_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConversationList, ahoy_conversation_list, AHOY, CONVERSATION_LIST, GObject)

void ahoy_conversation_list_set_conversations (AhoyConversationList *self,
                                               GListModel           *conversations);
/* Returns: (transfer full): an expression for the title of an AhoyConversation, for lists that search or show it. */
GtkExpression *ahoy_conversation_list_new_title_expression (void);

G_END_DECLS
