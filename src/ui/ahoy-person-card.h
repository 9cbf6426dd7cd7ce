/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/chat/ahoy-chat.h"

G_BEGIN_DECLS

/* What is known about a person, in a popover: since when, their four words, whether you verified them; loud when they came back under another key.
 *
 * Properties (read-write; notify): "chat" AhoyChat, "conversation" AhoyConversation (with the person; NULL or Everyone: nothing is shown);
 * read-only (notify): "person" AhoyPerson, whom it shows; NULL while it is hidden. */

#define AHOY_TYPE_PERSON_CARD (ahoy_person_card_get_type ())
G_DECLARE_FINAL_TYPE (AhoyPersonCard, ahoy_person_card, AHOY, PERSON_CARD, GtkPopover)

void ahoy_person_card_set_conversation (AhoyPersonCard   *self,
                                        AhoyConversation *conversation);

G_END_DECLS
