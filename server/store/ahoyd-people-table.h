/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "store/ahoyd-name-rows.h"

G_BEGIN_DECLS

/* The table `people`: who is remembered for good, and by which secret a name is held. It has a row for each name that somebody owns, or something in the log is from or
 * for; ahoyd-known.h says what becomes of the others. */

extern const AhoydTableClass ahoyd_people_table;

/* In SQL, of a row about @skeleton: they are remembered. */
#define AHOYD_IS_PERSON(skeleton) "EXISTS (SELECT 1 FROM people p WHERE p.skeleton = " skeleton " AND p.name IS NOT NULL)"

/* Returns: (transfer none) (nullable): as they wrote it last; until the name's row is changed; NULL: they are not remembered. */
const char *ahoyd_people_get_name (AhoydNameRows *people,
                                   const char    *skeleton);
/* @name: nullable. */
void ahoyd_people_set_name (AhoydNameRows *people,
                            const char    *skeleton,
                            const char    *name);

/* Returns: (transfer none) (nullable): the hash of the secret that holds the name; until the name's row is changed; NULL: none does. */
const char *ahoyd_people_get_secret (AhoydNameRows *people,
                                     const char    *skeleton);
/* @secret: nullable. */
void ahoyd_people_set_secret (AhoydNameRows *people,
                              const char    *skeleton,
                              const char    *secret);

G_END_DECLS
