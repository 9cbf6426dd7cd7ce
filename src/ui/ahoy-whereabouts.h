/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/chat/ahoy-chat.h"
#include "core/connection/ahoy-known-servers.h"
#include "ui/ahoy-announcer.h"

G_BEGIN_DECLS

/* Says calmly, once, that one is in another chat than one may think: in another one that is known, because the computer was carried there, or in one
 * that only has the name of one that is known. PROTOCOL.md, "TLS". Main thread. */

typedef struct _AhoyWhereabouts AhoyWhereabouts;

/* @known_servers: nullable: nobody is known, and there is nothing to say. @toasts, @announcer: where it is seen and heard; must outlive it. */
AhoyWhereabouts *ahoy_whereabouts_new (AhoyChat         *chat,
                                       AhoyKnownServers *known_servers,
                                       AdwToastOverlay  *toasts,
                                       AhoyAnnouncer    *announcer);
void             ahoy_whereabouts_free (AhoyWhereabouts *self);

G_END_DECLS
