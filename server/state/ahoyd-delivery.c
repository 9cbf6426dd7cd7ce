/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Hands people what was said without them. */

#include "state/ahoyd-delivery.h"

#include "state/ahoyd-ack-tracker.h"
#include "state/ahoyd-catch-up.h"
#include "state/ahoyd-farewells.h"
#include "state/ahoyd-held.h"
#include "store/ahoyd-taken-table.h"

struct _AhoydDelivery {
  /* Owned */
  AhoydFarewells *farewells;
  /* Borrowed */
  AhoydHub      *hub;
  AhoydStore    *store;
  AhoydDelivered delivered;
  gpointer       data;
};

/* What is on its way to one session: its slot, from its log-in to its end. */
typedef struct {
  /* Owned */
  AhoydCatchUp   *catch_up;    /* NULL: caught up */
  AhoydAckTracker ack_tracker; /* classic: whispers that may not have arrived */
  char           *skeleton;    /* of the one who is to have them */
  /* Borrowed */
  AhoydDelivery *owner;
  AhoydSession  *session;
} Round;

static G_DEFINE_QUARK (ahoyd - delivery - round, round)

  static void round_free (gpointer data)
{
  Round *round = data;

  g_clear_pointer (&round->catch_up, ahoyd_catch_up_free);
  ahoyd_ack_tracker_clear (&round->ack_tracker);
  g_free (round->skeleton);
  g_free (round);
}

/* Returns: (nullable): NULL: it has not logged in. */
static Round *
round_of (AhoydSession *session)
{
  return ahoyd_session_get_slot (session, round_quark ());
}

static void
note_taken (Round *round)
{
  AhoyLink *link = ahoyd_session_get_output (round->session)->link;
  gboolean  more;
  guint64   id;

  if (!ahoyd_ack_tracker_waits (&round->ack_tracker))
    return;
  id = ahoyd_ack_tracker_take (&round->ack_tracker, ahoy_link_get_bytes_taken (link, &more));
  if (id > 0)
    ahoyd_held_taken (round->owner->store, round->skeleton, id);
}

/* Everything up to the whisper @id is queued. */
static void
hand (Round  *round,
      guint64 id)
{
  note_taken (round);
  ahoyd_ack_tracker_add (&round->ack_tracker, id, ahoy_link_get_bytes_sent (ahoyd_session_get_output (round->session)->link));
}

static void
on_caught_up (const GError *error,
              gpointer      data)
{
  Round        *round = data;
  AhoydStore   *store = round->owner->store;
  AhoydSession *session = round->session;
  AhoyPacket    packet = { .kind = AHOY_PACKET_CAUGHT_UP, .last = ahoyd_store_get_last (store) };

  g_clear_pointer (&round->catch_up, ahoyd_catch_up_free);
  /* Who is not told how far they are comes back, and asks for it again. */
  if (error != NULL)
    {
      ahoyd_session_error (session, "history", NULL, "What you missed cannot be read at the moment. Please come back later.");
      ahoyd_session_close (session, NULL);
      return;
    }
  if (!ahoyd_session_is_extended (session))
    hand (round, ahoyd_taken_get_held (ahoyd_store_get_rows (store, &ahoyd_taken_table), round->skeleton));
  if (round->owner->delivered (session, round->owner->data))
    ahoyd_session_send (session, &packet);
}

AhoydDelivery *
ahoyd_delivery_new (AhoydHub      *hub,
                    AhoydStore    *store,
                    AhoydDelivered delivered,
                    gpointer       data)
{
  AhoydDelivery *self;

  g_return_val_if_fail (hub != NULL && store != NULL && delivered != NULL, NULL);

  self = g_new0 (AhoydDelivery, 1);
  self->farewells = ahoyd_farewells_new (store);
  self->hub = hub;
  self->store = store;
  self->delivered = delivered;
  self->data = data;
  return self;
}

void
ahoyd_delivery_free (AhoydDelivery *delivery)
{
  g_return_if_fail (delivery != NULL);

  ahoyd_farewells_free (delivery->farewells);
  g_free (delivery);
}

void
ahoyd_delivery_begin (AhoydDelivery *delivery,
                      AhoydSession  *session,
                      gboolean       resumes,
                      guint64        since)
{
  AhoydPerson      *person;
  AhoydCatchUpParts parts;
  Round            *round;
  guint64           last;
  guint64           after = 0;
  guint64           until = 0;

  g_return_if_fail (delivery != NULL && session != NULL && round_of (session) == NULL);

  person = ahoyd_session_get_person (session);
  last = ahoyd_store_get_last (delivery->store);
  round = g_new0 (Round, 1);
  round->owner = delivery;
  round->session = session;
  round->skeleton = g_strdup (ahoyd_person_get_skeleton (person));
  ahoyd_session_set_slot (session, round_quark (), round, round_free);

  if (!resumes)
    ahoyd_held_get (delivery->store, round->skeleton, &after, &until);
  parts = (AhoydCatchUpParts){ delivery->hub, delivery->store, ahoyd_session_get_output (session), person };
  round->catch_up = ahoyd_catch_up_new (&parts, resumes ? MIN (since, last) : last, after, MIN (until, last), on_caught_up, round);
}

void
ahoyd_delivery_stop (AhoydDelivery *delivery,
                     AhoydSession  *session)
{
  Round *round;

  g_return_if_fail (delivery != NULL && session != NULL);

  round = round_of (session);
  if (round != NULL)
    g_clear_pointer (&round->catch_up, ahoyd_catch_up_free);
}

void
ahoyd_delivery_drained (AhoydDelivery *delivery,
                        AhoydSession  *session)
{
  Round *round;

  g_return_if_fail (delivery != NULL && session != NULL);

  round = round_of (session);
  if (round != NULL && round->catch_up != NULL)
    ahoyd_catch_up_go_on (round->catch_up);
}

gboolean
ahoyd_delivery_closing (AhoydDelivery *delivery,
                        AhoydSession  *session,
                        AhoyLink      *link)
{
  Round *round;

  g_return_val_if_fail (delivery != NULL && session != NULL && link != NULL, FALSE);

  round = round_of (session);
  if (round == NULL || !ahoyd_ack_tracker_waits (&round->ack_tracker))
    return FALSE;
  ahoyd_farewells_say (delivery->farewells, link, &round->ack_tracker, round->skeleton);
  return TRUE;
}

void
ahoyd_delivery_look (AhoydDelivery *delivery,
                     AhoydSession  *session)
{
  Round *round;

  g_return_if_fail (delivery != NULL && session != NULL);

  round = round_of (session);
  if (round != NULL)
    note_taken (round);
}

void
ahoyd_delivery_note_whisper (AhoydDelivery    *delivery,
                             const AhoydEvent *event)
{
  AhoydPerson *recipient;

  g_return_if_fail (delivery != NULL && event != NULL);

  ahoyd_held_note (delivery->store, event);
  recipient = ahoyd_hub_find (delivery->hub, event->target_skeleton);
  if (recipient != NULL && ahoyd_person_takes_silently (recipient))
    hand (round_of (ahoyd_session_find (recipient)), event->id);
}
