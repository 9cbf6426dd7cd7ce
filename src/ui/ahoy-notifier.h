/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "core/chat/ahoy-chat.h"
#include "ui/ahoy-settings.h"

G_BEGIN_DECLS

/* Tells of whispers and of one's name in Everyone while nobody looks. One notification a conversation, replaced when more comes, at most once in
 * AHOY_NOTIFIER_PAUSE_S, and withdrawn once the conversation is looked at. Main thread. */

#define AHOY_NOTIFIER_PAUSE_S 5

#define AHOY_TYPE_NOTIFIER (ahoy_notifier_get_type ())
G_DECLARE_FINAL_TYPE (AhoyNotifier, ahoy_notifier, AHOY, NOTIFIER, GObject)

/* @app: borrowed, must outlive this; its actions app.open-everyone and app.open-person(s), which takes the person's name, show where it
 * was said. */
AhoyNotifier *ahoy_notifier_new (GApplication *app,
                                 AhoyChat     *chat,
                                 AhoySettings *settings);

/* The conversation that is shown in an active window; NULL: none. */
void ahoy_notifier_set_watched (AhoyNotifier     *self,
                                AhoyConversation *watched);

G_END_DECLS
