/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "state/ahoyd-encoded-packet.h"
#include "state/ahoyd-person.h"

G_BEGIN_DECLS

/* A room: who is in it, and so who hears what is said there. PROTOCOL.md, "Rooms".
 *
 * A membership is a record of its own that is linked into two lists, the room's and the person's, so that it ends with either of them: the death of one
 * leaves nothing behind in the other. On the server's main context. */

typedef struct _AhoydRoom AhoydRoom;

typedef struct {
  /*< private >*/
  GList in_room;   /* in the room's list; data: this record */
  GList in_person; /* in the person's list; data: this record */
  /*< public >*/
  AhoydRoom   *room;
  AhoydPerson *person;
} AhoydMembership;

/* @number: as it is on the wire, AHOY_ROOM_EVERYONE for the room that everybody is in. */
AhoydRoom *ahoyd_room_new (guint64 number);
/* Its memberships end; its members are told nothing. */
void ahoyd_room_free (AhoydRoom *room);

guint64 ahoyd_room_get_number (AhoydRoom *room);

/* @person becomes a member, the last one in the list; nothing happens when they are one. */
void ahoyd_room_add (AhoydRoom   *room,
                     AhoydPerson *person);
/* Nothing happens when they are no member. */
void     ahoyd_room_remove (AhoydRoom   *room,
                            AhoydPerson *person);
gboolean ahoyd_room_has (AhoydRoom   *room,
                         AhoydPerson *person);

/* Returns: (transfer none) (element-type AhoydMembership): the members, in the order in which they became such. Nobody becomes or ceases to be one while the
 * list is walked. */
const GQueue *ahoyd_room_get_members (AhoydRoom *room);

/* Returns: (transfer none): AHOYD_N_ENCODINGS chunks, to which is appended what all members hear, and nothing else. */
AhoyChunk *ahoyd_room_get_chunks (AhoydRoom *room);

/* @person ceases to be a member of any room. */
void ahoyd_room_remove_from_all (AhoydPerson *person);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoydRoom, ahoyd_room_free)

G_END_DECLS
