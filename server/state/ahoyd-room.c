/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is in a room. */

#include "state/ahoyd-room.h"

#include "state/ahoyd-person-private.h"

struct _AhoydRoom {
  /* Owned */
  GQueue    members; /* AhoydMembership.in_room */
  AhoyChunk chunks[AHOYD_N_ENCODINGS];
  guint64   number;
};

/* Returns: (nullable): a person is in a few rooms and a room has a thousand members, so the person's list is looked through. */
static AhoydMembership *
find (AhoydRoom   *self,
      AhoydPerson *person)
{
  for (GList *node = ahoyd_person_get_memberships (person)->head; node != NULL; node = node->next)
    {
      AhoydMembership *membership = node->data;

      if (membership->room == self)
        return membership;
    }
  return NULL;
}

static void
membership_end (AhoydMembership *membership)
{
  g_queue_unlink (&membership->room->members, &membership->in_room);
  g_queue_unlink (ahoyd_person_get_memberships (membership->person), &membership->in_person);
  g_free (membership);
}

AhoydRoom *
ahoyd_room_new (guint64 number)
{
  AhoydRoom *self = g_new0 (AhoydRoom, 1);

  g_queue_init (&self->members);
  self->number = number;
  return self;
}

void
ahoyd_room_free (AhoydRoom *room)
{
  g_return_if_fail (room != NULL);

  while (room->members.head != NULL)
    membership_end (room->members.head->data);
  for (guint i = 0; i < AHOYD_N_ENCODINGS; i++)
    ahoy_chunk_clear (&room->chunks[i]);
  g_free (room);
}

guint64
ahoyd_room_get_number (AhoydRoom *room)
{
  g_return_val_if_fail (room != NULL, AHOY_ROOM_EVERYONE);

  return room->number;
}

void
ahoyd_room_add (AhoydRoom   *room,
                AhoydPerson *person)
{
  AhoydMembership *membership;

  g_return_if_fail (room != NULL && person != NULL);

  if (find (room, person) != NULL)
    return;
  membership = g_new0 (AhoydMembership, 1);
  membership->room = room;
  membership->person = person;
  membership->in_room.data = membership;
  membership->in_person.data = membership;
  g_queue_push_tail_link (&room->members, &membership->in_room);
  g_queue_push_tail_link (ahoyd_person_get_memberships (person), &membership->in_person);
}

void
ahoyd_room_remove (AhoydRoom   *room,
                   AhoydPerson *person)
{
  AhoydMembership *membership;

  g_return_if_fail (room != NULL && person != NULL);

  membership = find (room, person);
  if (membership != NULL)
    membership_end (membership);
}

gboolean
ahoyd_room_has (AhoydRoom   *room,
                AhoydPerson *person)
{
  g_return_val_if_fail (room != NULL && person != NULL, FALSE);

  return find (room, person) != NULL;
}

const GQueue *
ahoyd_room_get_members (AhoydRoom *room)
{
  g_return_val_if_fail (room != NULL, NULL);

  return &room->members;
}

AhoyChunk *
ahoyd_room_get_chunks (AhoydRoom *room)
{
  g_return_val_if_fail (room != NULL, NULL);

  return room->chunks;
}

void
ahoyd_room_remove_from_all (AhoydPerson *person)
{
  GQueue *memberships;

  g_return_if_fail (person != NULL);

  memberships = ahoyd_person_get_memberships (person);
  while (memberships->head != NULL)
    membership_end (memberships->head->data);
}
