/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ui/ahoy-chat-bin.h"

G_BEGIN_DECLS

/* Tells a screen reader, politely, what came in: an element with role status that nobody sees. GTK 4.8 has no call for it.
 *
 * Properties (notify): "chat" AhoyChat or NULL. */

#define AHOY_TYPE_ANNOUNCER (ahoy_announcer_get_type ())
G_DECLARE_FINAL_TYPE (AhoyAnnouncer, ahoy_announcer, AHOY, ANNOUNCER, AhoyChatBin)

/* Says @text as well, at once. */
void ahoy_announcer_say (AhoyAnnouncer *self,
                         const char    *text);

G_END_DECLS
