/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A small window with text of which a part can be selected: rows of a list can only be chosen whole. */

#define AHOY_TYPE_TEXT_WINDOW (ahoy_text_window_get_type ())
G_DECLARE_FINAL_TYPE (AhoyTextWindow, ahoy_text_window, AHOY, TEXT_WINDOW, AdwWindow)

GtkWidget *ahoy_text_window_new (const char *text);

G_END_DECLS
