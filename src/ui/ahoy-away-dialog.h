/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/chat/ahoy-chat.h"

G_BEGIN_DECLS

/* Asks what the others are to read while you are away, and tells @chat. */
void ahoy_away_dialog_present (GtkWindow *parent,
                               AhoyChat  *chat);

G_END_DECLS
