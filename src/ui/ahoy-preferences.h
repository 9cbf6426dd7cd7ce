/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <adwaita.h>

#include "core/connector/ahoy-connector.h"

G_BEGIN_DECLS

/* The preferences window. Every change is kept at once. Property "connector" (AhoyConnector, construct). */

#define AHOY_TYPE_PREFERENCES (ahoy_preferences_get_type ())
G_DECLARE_FINAL_TYPE (AhoyPreferences, ahoy_preferences, AHOY, PREFERENCES, AdwPreferencesWindow)

/* Shows it over @parent; when it is open already that one comes to the front. */
void ahoy_preferences_present (GtkWindow     *parent,
                               AhoyConnector *connector);

G_END_DECLS
