/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/connector/ahoy-connector.h"

G_BEGIN_DECLS

/* The window: the page that belongs to the connector's step, or the chat.
 *
 * Properties: "connector" (construct), "watched" (AhoyConversation that is shown while the window is active, NULL: none; notify).
 * Actions: win.connect, win.cancel, win.retry, win.ask-address, win.host, win.stop-hosting, win.disconnect, win.retry-now, win.away,
 * win.come-back. */

#define AHOY_TYPE_WINDOW (ahoy_window_get_type ())
G_DECLARE_FINAL_TYPE (AhoyWindow, ahoy_window, AHOY, WINDOW, AdwApplicationWindow)

AhoyWindow *ahoy_window_new (AdwApplication *app,
                             AhoyConnector  *connector);

void ahoy_window_open_everyone (AhoyWindow *self);
/* Nothing happens when there is no conversation with anybody called @name. */
void ahoy_window_open_person (AhoyWindow *self,
                              const char *name);

AhoyConversation *ahoy_window_get_watched (AhoyWindow *self);

/* Above the chat, until the person closes it: why what is said is not kept. NULL: it is. */
void ahoy_window_set_history_problem (AhoyWindow *self,
                                      const char *problem);

G_END_DECLS
