/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "core/ahoy-conversation.h"

G_BEGIN_DECLS

/* Asks whether what was begun for one conversation is to go to another, or to somebody who has left meanwhile.
 *
 * @begun_for: the same as @conversation when that person has left. @kept: they will get it when they come back.
 * Returns: (transfer none): an AdwMessageDialog to present; its response "send" means yes. */
GtkWidget *ahoy_send_question_new (GtkWindow        *parent,
                                   AhoyConversation *conversation,
                                   AhoyConversation *begun_for,
                                   gboolean          kept);

G_END_DECLS
