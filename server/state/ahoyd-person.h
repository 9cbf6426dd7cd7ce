/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-encoded-packet.h"

G_BEGIN_DECLS

/* Somebody's place here. It outlives the session that made it when another one takes it over. */
typedef struct _AhoydPerson AhoydPerson;
/* Adds what else there is to say of @person to @packet, which says that they are here. Its strings are borrowed until that is encoded. */
typedef void (*AhoydPersonDescribe) (AhoydPerson *person,
                                     AhoyPacket  *packet,
                                     gpointer     data);

/* Who somebody says to be, and can prove. */
typedef struct {
  const char *name;
  const char *skeleton;
  const char *key;            /* fingerprint; NULL: nothing was proved */
  gboolean    kept;           /* the name is held by a secret: whispers wait for them */
  guint64     whispers_after; /* whispers up to this id were for somebody else who had that name */
} AhoydWho;

const char *ahoyd_person_get_name (AhoydPerson *person);
const char *ahoyd_person_get_skeleton (AhoydPerson *person);
/* Returns: (nullable): the fingerprint of their key. */
const char *ahoyd_person_get_key (AhoydPerson *person);
/* Whispers up to this id are not theirs to see. */
guint64 ahoyd_person_get_whispers_after (AhoydPerson *person);
/* Sets ahoyd_person_get_whispers_after() anew: what it was set to was no more than a bound. */
void ahoyd_person_set_whispers_after (AhoydPerson *person,
                                      guint64      id);
/* Whether what is said now goes to them at once, and they cannot say that they have it: classic peers. */
gboolean ahoyd_person_takes_silently (AhoydPerson *person);
/* What somebody else keeps about them, under a key of its own (as G_DEFINE_QUARK() makes them); freed with @destroy (nullable) when it is set anew and when they
 * are forgotten. Returns: (transfer none) (nullable). */
gpointer ahoyd_person_get_slot (AhoydPerson *person,
                                GQuark       key);
/* Sets what ahoyd_person_get_slot() returns. @data (transfer full) (nullable). */
void ahoyd_person_set_slot (AhoydPerson   *person,
                            GQuark         key,
                            gpointer       data,
                            GDestroyNotify destroy);
/* Bytes that they said and that are on their way into the store. */
guint64 ahoyd_person_get_backlog (AhoydPerson *person);

G_END_DECLS
