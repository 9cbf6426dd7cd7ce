/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gtk/gtk.h>

#include "ui/ahoy-intent.h"

G_BEGIN_DECLS

/* Asks whether a message is to go to @conversation all the same.
 *
 * @begun_for: for RECIPIENT. @kept: for LEFT: they will get it when they come back.
 * Returns: (transfer none): an AdwMessageDialog to present; its response "send" means yes. */
GtkWidget *ahoy_send_question_new (GtkWindow        *parent,
                                   AhoySendDoubt     doubt,
                                   AhoyConversation *conversation,
                                   AhoyConversation *begun_for,
                                   gboolean          kept);

G_END_DECLS
