/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of everything a peer may send. */

#include "net/ahoyd-dispatch.h"

#define N_KINDS (AHOY_PACKET_PONG + 1)
#define N_TYPES 128

typedef struct {
  const AhoydVerb *verb; /* NULL: nobody takes it */
  gpointer         self;
} Row;

struct _AhoydDispatch {
  /* Owned */
  Row rows[N_KINDS];  /* by kind */
  Row types[N_TYPES]; /* of those of no kind, by type */
  /* Borrowed */
  AhoydHub *hub;
};

/* Returns: (transfer none) (nullable): where the row of what is of that kind, or of none and that type, is or would be. */
static Row *
place_of (AhoydDispatch *self,
          AhoyPacketKind kind,
          char           type)
{
  if (kind == AHOY_PACKET_UNKNOWN)
    return g_ascii_isgraph (type) ? &self->types[(guchar) type] : NULL;
  return (guint) kind < N_KINDS ? &self->rows[kind] : NULL;
}

AhoydDispatch *
ahoyd_dispatch_new (AhoydHub *hub)
{
  AhoydDispatch *self = g_new0 (AhoydDispatch, 1);

  self->hub = hub;
  return self;
}

void
ahoyd_dispatch_free (AhoydDispatch *dispatch)
{
  g_return_if_fail (dispatch != NULL);

  g_free (dispatch);
}

void
ahoyd_dispatch_add (AhoydDispatch   *dispatch,
                    const AhoydVerb *verb,
                    gpointer         self)
{
  Row *row;

  g_return_if_fail (dispatch != NULL && verb != NULL && verb->handle != NULL);

  row = place_of (dispatch, verb->kind, verb->type);
  g_return_if_fail (row != NULL && row->verb == NULL);

  *row = (Row){ verb, self };
}

static const Row *
find_row (AhoydDispatch    *self,
          const AhoyPacket *packet)
{
  const Row *row = place_of (self, packet->kind, packet->type);

  return row != NULL && row->verb != NULL ? row : NULL;
}

const AhoydVerb *
ahoyd_dispatch_find (AhoydDispatch    *dispatch,
                     const AhoyPacket *packet)
{
  const Row *row;

  g_return_val_if_fail (dispatch != NULL && packet != NULL, NULL);

  row = find_row (dispatch, packet);
  return row != NULL ? row->verb : NULL;
}

static guint
price (AhoydDispatch *self,
       const Row     *row)
{
  if (row != NULL && row->verb->cost == AHOYD_COST_EVERYONE)
    return 1 + ahoyd_hub_get_n_online (self->hub);
  return 1;
}

/* Whether there is such a room, for somebody who is not in it there is none; of people the handlers know more. */
static gboolean
is_known (AhoydDispatch *self,
          AhoydSession  *session,
          AhoyTarget     target)
{
  AhoydPerson *person = ahoyd_session_get_person (session);
  AhoydRoom   *room;

  if (ahoy_target_is_person (target) || ahoy_target_is_everyone (target))
    return TRUE;
  room = ahoyd_hub_find_room (self->hub, target.room);
  return room != NULL && person != NULL && ahoyd_room_has (room, person);
}

void
ahoyd_dispatch (AhoydDispatch    *dispatch,
                AhoydSession     *session,
                const AhoyPacket *packet)
{
  const Row *row;
  AhoydState state;

  g_return_if_fail (dispatch != NULL && session != NULL && packet != NULL);

  row = find_row (dispatch, packet);
  state = ahoyd_session_get_state (session);

  ahoyd_session_charge (session, price (dispatch, row));
  if (row != NULL && (row->verb->states & state) != 0)
    {
      ahoyd_session_count_messages (session, row->verb->messages);
      if (!is_known (dispatch, session, packet->target))
        {
          ahoyd_session_error (session, "no-room", packet->cid, "There is no such room here.");
          return;
        }
      row->verb->handle (session, packet, row->self);
      return;
    }
  /* What is not known is ignored; that is how the dialects grow. Who is answered for nothing has that counted. */
  if (row == NULL && state != AHOYD_STATE_LOBBY)
    return;
  ahoyd_session_count_messages (session, 1);
  if (state == AHOYD_STATE_LOBBY)
    ahoyd_session_error (session, "not-now", NULL, "Please log in first.");
  else
    ahoyd_session_error (session, "not-now", NULL, "You are logged in as %s already.", ahoyd_person_get_name (ahoyd_session_get_person (session)));
}
