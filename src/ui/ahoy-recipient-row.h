/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* A conversation in the list of recipients: its name, and a mark on who came back under another key. Property "conversation" (AhoyConversation or NULL; read-write;
 * notifies also when something about it changes). */

#define AHOY_TYPE_RECIPIENT_ROW (ahoy_recipient_row_get_type ())
G_DECLARE_FINAL_TYPE (AhoyRecipientRow, ahoy_recipient_row, AHOY, RECIPIENT_ROW, GtkWidget)

G_END_DECLS
