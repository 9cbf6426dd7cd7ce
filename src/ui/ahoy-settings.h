/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connector/ahoy-memory.h"

G_BEGIN_DECLS

/* What is remembered between runs, and where. With a profile everything is under its folder; without one settings are in GSettings'
 * default place and data in the XDG folders. The name, the last server, and what else a connector remembers are reached as an AhoyMemory. Main thread. */

#define AHOY_TYPE_SETTINGS (ahoy_settings_get_type ())
G_DECLARE_FINAL_TYPE (AhoySettings, ahoy_settings, AHOY, SETTINGS, GObject)

/* @profile: a folder (nullable); made when missing, mode 0700.
 * Returns: (transfer full): NULL with an error for people when the folder cannot be made or the schema is not installed. */
AhoySettings *ahoy_settings_new (const char *profile,
                                 GError    **error);

/* For binding to properties and for keys that need no more than a get or set. */
GSettings *ahoy_settings_get_store (AhoySettings *self);

/* Returns: (transfer full): the file of what was said and what is owed; its folder is made. */
char *ahoy_settings_dup_history_path (AhoySettings *self);
/* Returns: (transfer full): the file of who one is, and of the servers one knows; their folder is made. */
char *ahoy_settings_dup_identity_path (AhoySettings *self);
char *ahoy_settings_dup_pins_path (AhoySettings *self);

G_END_DECLS
