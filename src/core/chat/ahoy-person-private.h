/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What core, and nobody else, does with a person. */

#pragma once

#include "core/chat/ahoy-person.h"

G_BEGIN_DECLS

/* @skeleton: ahoy_name_skeleton() of @name; what this person is known by. Starts offline. */
AhoyPerson *ahoy_person_new (const char *name,
                             const char *skeleton);

const char *ahoy_person_get_skeleton (AhoyPerson *self);
/* @name: has the person's skeleton, in another spelling. */
void ahoy_person_set_name (AhoyPerson *self,
                           const char *name);
void ahoy_person_set_online (AhoyPerson *self,
                             gboolean    online);
void ahoy_person_set_self (AhoyPerson *self,
                           gboolean    is_self);
/* @away: NULL when they are here. */
void ahoy_person_set_away (AhoyPerson *self,
                           const char *away);

/* What is known of their key: see ahoy-person.h. @key and @known: NULL for none. */
void ahoy_person_set_key (AhoyPerson *self,
                          const char *key,
                          const char *known,
                          gint64      known_since,
                          gboolean    verified);

/* The server knows them again although they have no key: see "kept". */
void ahoy_person_set_held (AhoyPerson *self,
                           gboolean    held);

/* The tint of whoever has this key, or is known by this skeleton: the same in every run and on every machine. */
guint ahoy_tint_of (const char *key_or_skeleton);

G_END_DECLS
