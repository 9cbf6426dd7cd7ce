/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-message.h"

G_BEGIN_DECLS

/* Finds a text in a list of AhoyMessage, the newest first, a slice in each turn of the main loop. Keeps up with the list.
 *
 * Signals:
 *   "changed" (): other matches than before. */

#define AHOY_TYPE_MESSAGE_SEARCH (ahoy_message_search_get_type ())
G_DECLARE_FINAL_TYPE (AhoyMessageSearch, ahoy_message_search, AHOY, MESSAGE_SEARCH, GObject)

/* Setting the messages or the text starts the search anew. White space around @text is ignored; empty or NULL finds nothing. */
void ahoy_message_search_set_messages (AhoyMessageSearch *self,
                                       GListModel        *messages);
void ahoy_message_search_set_text (AhoyMessageSearch *self,
                                   const char        *text);
/* The positions that match, as far as looked. */
GtkBitset *ahoy_message_search_get_matches (AhoyMessageSearch *self);
gboolean   ahoy_message_search_is_busy (AhoyMessageSearch *self);

G_END_DECLS
