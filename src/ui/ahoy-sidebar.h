/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-chat.h"
#include "ui/ahoy-conversation-list.h"

G_BEGIN_DECLS

/* Everyone, the people, how many are online, and the main menu. Sits in AhoyChatView: choosing a row by click or Enter activates "chat.write".
 *
 * Properties (notify): "chat" AhoyChat, "people" AhoyConversationList, "conversation" AhoyConversation (the chosen one; filtering does not change it),
 * "menu-model" GMenuModel, "window-controls" (at the end of the header bar). */

#define AHOY_TYPE_SIDEBAR (ahoy_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (AhoySidebar, ahoy_sidebar, AHOY, SIDEBAR, GtkWidget)

/* Opens the filter and puts the cursor in it. */
void ahoy_sidebar_find_people (AhoySidebar *self);

G_END_DECLS
