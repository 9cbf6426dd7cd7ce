/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "ahoyd-envelope.h"
#include "ahoyd-stats.h"
#include "store/ahoyd-message.h"

G_BEGIN_DECLS

/* Who is here, and everything that more than one person hears. A message reaches people only through ahoyd_hub_committed(); presence
 * and notices, which are not stored, go out at once.
 *
 * Somebody who leaves while the store still holds something they said is gone for themselves, but the others are told only after
 * they have seen that: never "alice left", then "alice: bye". */

typedef struct _AhoydHub AhoydHub;
/* Somebody's place here. */
typedef struct _AhoydPerson AhoydPerson;

/* Somebody came or left. */
typedef void (*AhoydHubChanged) (gpointer data);

/* @charset (borrowed): for peers of AHOYD_WRITING_CLASSIC_LEGACY. @stats (borrowed). */
AhoydHub *ahoyd_hub_new  (AhoyCharset     *charset,
                          AhoydStats      *stats,
                          AhoydHubChanged  changed,
                          gpointer         data);
/* Nobody is told anything. */
void      ahoyd_hub_free (AhoydHub *hub);

/* Lets @name in, unless somebody is here whose name has that @skeleton. The newcomer is told who is here, themselves last; the others
 * that they joined.
 * @session: never 0, never used twice. @outlet (borrowed) until ahoyd_hub_leave().
 * Returns: (transfer none) (nullable): NULL when the name is taken. Belongs to the hub until ahoyd_hub_leave(). */
AhoydPerson *ahoyd_hub_join (AhoydHub          *hub,
                             guint64            session,
                             const char        *name,
                             const char        *skeleton,
                             const AhoydOutlet *outlet);
void         ahoyd_hub_leave (AhoydHub    *hub,
                              AhoydPerson *person);

/* Returns: (transfer none) (nullable): who is here under a name with that skeleton. */
AhoydPerson *ahoyd_hub_find          (AhoydHub    *hub,
                                      const char  *skeleton);
const char  *ahoyd_person_get_name   (AhoydPerson *person);
const char  *ahoyd_person_get_skeleton (AhoydPerson *person);
guint        ahoyd_hub_get_n_online  (AhoydHub    *hub);

/* @message is on its way into the store: its ahoyd_hub_committed() will follow. */
void         ahoyd_hub_appended  (AhoydHub     *hub,
                                  AhoydPerson  *sender);
/* Hands a stored message to everybody whom it is for: everyone, or its recipient and its sender. */
void         ahoyd_hub_committed (AhoydHub     *hub,
                                  AhoydMessage *message);
/* It did not come into the store: nobody hears of it. */
void         ahoyd_hub_withdrawn (AhoydHub     *hub,
                                  AhoydMessage *message);
/* Tells everybody something that is not stored. */
void         ahoyd_hub_relay     (AhoydHub         *hub,
                                  const AhoyPacket *packet);
/* The same, and it is the last that anybody hears: all that is left for them is to leave, each without a word to the others. */
void         ahoyd_hub_dismiss   (AhoydHub         *hub,
                                  const AhoyPacket *packet);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydHub, ahoyd_hub_free)

G_END_DECLS
