/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "ui/ahoy-profile.h"

G_BEGIN_DECLS

/* Stands where the window would while the identity or the known servers cannot be read: says which file it is and what can be done. Nobody chats under
 * another identity without knowing it.
 * Its buttons activate app.try-again and app.quit. */

#define AHOY_TYPE_BROKEN_WINDOW (ahoy_broken_window_get_type ())
G_DECLARE_FINAL_TYPE (AhoyBrokenWindow, ahoy_broken_window, AHOY, BROKEN_WINDOW, AdwApplicationWindow)

AhoyBrokenWindow *ahoy_broken_window_new (AdwApplication *app);

/* @state: not FINE. @path: the file that cannot be used; @error: why. From the second call on it says that it was tried again, and why that was in vain. */
void ahoy_broken_window_tell (AhoyBrokenWindow *self,
                              AhoyProfileState  state,
                              const char       *path,
                              const GError     *error);

G_END_DECLS
