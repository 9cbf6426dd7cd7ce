/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Watches over whispers until their connection is down. */

#include "state/ahoyd-farewells.h"

#include "state/ahoyd-held.h"

struct _AhoydFarewells {
  /* Owned */
  GQueue going; /* Farewell.node */
  /* Borrowed */
  AhoydStore *store;
};

typedef struct {
  AhoydFarewells *owner;
  GList           node;
  AhoyLink       *link;
  AhoydAckTracker ack_tracker;
  char           *skeleton;
} Farewell;

static void
note_taken (Farewell *farewell)
{
  gboolean more;
  guint64  id = ahoyd_ack_tracker_take (&farewell->ack_tracker, ahoy_link_get_bytes_taken (farewell->link, &more));

  if (id > 0)
    ahoyd_held_taken (farewell->owner->store, farewell->skeleton, id);
}

static void
farewell_free (Farewell *farewell)
{
  g_queue_unlink (&farewell->owner->going, &farewell->node);
  ahoyd_ack_tracker_clear (&farewell->ack_tracker);
  ahoy_link_unref (farewell->link);
  g_free (farewell->skeleton);
  g_free (farewell);
}

static void
on_closed (AhoyLink *link,
           gpointer  data)
{
  Farewell *farewell = data;

  note_taken (farewell);
  farewell_free (farewell);
}

AhoydFarewells *
ahoyd_farewells_new (AhoydStore *store)
{
  AhoydFarewells *self;

  g_return_val_if_fail (store != NULL, NULL);

  self = g_new0 (AhoydFarewells, 1);
  self->store = store;
  return self;
}

void
ahoyd_farewells_free (AhoydFarewells *farewells)
{
  GList *node;

  g_return_if_fail (farewells != NULL);

  while ((node = farewells->going.head) != NULL)
    {
      Farewell *farewell = node->data;

      ahoy_link_close_then (farewell->link, NULL, NULL);
      note_taken (farewell);
      farewell_free (farewell);
    }
  g_free (farewells);
}

void
ahoyd_farewells_say (AhoydFarewells  *farewells,
                     AhoyLink        *link,
                     AhoydAckTracker *ack_tracker,
                     const char      *skeleton)
{
  Farewell *farewell;

  g_return_if_fail (farewells != NULL && link != NULL && ack_tracker != NULL && skeleton != NULL);

  farewell = g_new0 (Farewell, 1);
  farewell->owner = farewells;
  farewell->link = ahoy_link_ref (link);
  farewell->ack_tracker = *ack_tracker;
  *ack_tracker = (AhoydAckTracker){ 0 };
  farewell->skeleton = g_strdup (skeleton);
  farewell->node.data = farewell;
  g_queue_push_tail_link (&farewells->going, &farewell->node);
  note_taken (farewell);
  ahoy_link_close_then (link, on_closed, farewell);
}
