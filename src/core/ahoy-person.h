/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Somebody on the server. Main thread. The same object for as long as the client knows the name, also across leaving and coming back.
 *
 * Properties (notify): "name", "online", "self" (it is you), "away" (text, NULL: here), "tint" (0..: steady number made of the key, or
 * of the name's skeleton without one; the UI takes a colour from it). */

#define AHOY_TYPE_PERSON (ahoy_person_get_type ())
G_DECLARE_FINAL_TYPE (AhoyPerson, ahoy_person, AHOY, PERSON, GObject)

const char *ahoy_person_get_name   (AhoyPerson *self);
gboolean    ahoy_person_get_online (AhoyPerson *self);
gboolean    ahoy_person_is_self    (AhoyPerson *self);
const char *ahoy_person_get_away   (AhoyPerson *self);
guint       ahoy_person_get_tint   (AhoyPerson *self);

G_END_DECLS
