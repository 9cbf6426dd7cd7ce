/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* Says who is writing in a conversation just now. Takes the same room when nobody is, so that the messages do not jump.
 *
 * Properties: "conversation" AhoyConversation or NULL. */

#define AHOY_TYPE_TYPING_LINE (ahoy_typing_line_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTypingLine, ahoy_typing_line, AHOY, TYPING_LINE, GtkWidget)

G_END_DECLS
