/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* A conversation as it is shown in AhoySidebar. It names its list row for screen readers.
 *
 * Properties (notify): "conversation" AhoyConversation or NULL. */

#define AHOY_TYPE_CONVERSATION_ROW (ahoy_conversation_row_get_type ())
G_DECLARE_FINAL_TYPE (AhoyConversationRow, ahoy_conversation_row, AHOY, CONVERSATION_ROW, GtkWidget)

AhoyConversation *ahoy_conversation_row_get_conversation (AhoyConversationRow *self);

G_END_DECLS
