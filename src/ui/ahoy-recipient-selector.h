/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-conversation.h"
#include "ui/ahoy-conversation-list.h"

G_BEGIN_DECLS

/* Whom one writes to: a drop-down with Everyone and each person.
 *
 * Properties (notify): "people" AhoyConversationList, "conversation" AhoyConversation (the chosen one). */

#define AHOY_TYPE_RECIPIENT_SELECTOR (ahoy_recipient_selector_get_type ())
G_DECLARE_FINAL_TYPE (AhoyRecipientSelector, ahoy_recipient_selector, AHOY, RECIPIENT_SELECTOR, GtkWidget)

AhoyConversation *ahoy_recipient_selector_get_conversation (AhoyRecipientSelector *self);
void              ahoy_recipient_selector_set_conversation (AhoyRecipientSelector *self,
                                                            AhoyConversation      *conversation);

G_END_DECLS
