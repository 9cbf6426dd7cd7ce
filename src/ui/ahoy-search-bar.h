/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"

G_BEGIN_DECLS

/* Finds a text in a conversation, from the newest message to the oldest.
 *
 * Properties (notify): "conversation" AhoyConversation or NULL, "active" (it is open).
 * Signals:
 *   "show-message" (guint position): the match at this position of the conversation is the chosen one.
 * Actions: search.older, search.newer. */

#define AHOY_TYPE_SEARCH_BAR (ahoy_search_bar_get_type ())
G_DECLARE_FINAL_TYPE (AhoySearchBar, ahoy_search_bar, AHOY, SEARCH_BAR, GtkWidget)

void ahoy_search_bar_open (AhoySearchBar *self);

G_END_DECLS
