/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Somebody on the server. Main thread. The same object for as long as the client knows the name, also across leaving and coming back.
 *
 * Properties (notify): "name", "online", "self" (it is you), "away" (text, NULL: here), "tint" (0..: steady number made of the key, or
 * of the name's skeleton without one; the UI takes a colour from it).
 *
 * And of keys, each of them a fingerprint as ahoy_key_words() takes it: "key" (the one they came with last; NULL: none), "known-key" (the one
 * we knew them by first, or accepted; NULL: none), "known-since" (when that was: seconds since 1970 UTC; 0: never), "changed" ("key" is not
 * "known-key": they came back under another one, or without; until ahoy_client_accept_key(), or until they come with the known one),
 * "verified" (ahoy_client_set_verified(): somebody has compared "known-key"; falls with every change).
 *
 * And "kept": as far as we know an extended server keeps whispers for them while they are away, as they have a key, or something else that it knows
 * them by. Whoever is not kept gets what comes while they are here. PROTOCOL.md, "Whispers to people who are away". */

#define AHOY_TYPE_PERSON (ahoy_person_get_type ())
G_DECLARE_FINAL_TYPE (AhoyPerson, ahoy_person, AHOY, PERSON, GObject)

const char *ahoy_person_get_name (AhoyPerson *self);
gboolean    ahoy_person_get_online (AhoyPerson *self);
const char *ahoy_person_get_away (AhoyPerson *self);
guint       ahoy_person_get_tint (AhoyPerson *self);
const char *ahoy_person_get_key (AhoyPerson *self);
const char *ahoy_person_get_known_key (AhoyPerson *self);
gint64      ahoy_person_get_known_since (AhoyPerson *self);
gboolean    ahoy_person_get_changed (AhoyPerson *self);
gboolean    ahoy_person_get_verified (AhoyPerson *self);
gboolean    ahoy_person_get_kept (AhoyPerson *self);

G_END_DECLS
