/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who has been here before. */

#include "ahoyd-known.h"

#include "ahoyd-receipts.h"

typedef struct {
  GList node;
  char *skeleton;
  char *name;
} Guest;

struct _AhoydKnown {
  /* Owned */
  GHashTable *guests; /* skeleton -> Guest, of those that only this knows */
  GQueue      order;  /* Guest.node; the one not seen the longest first */
  /* Borrowed */
  AhoydStore *store;
};

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_free (guest->skeleton);
  g_free (guest->name);
  g_free (guest);
}

static void
drop_guest (AhoydKnown *self,
            Guest      *guest)
{
  g_queue_unlink (&self->order, &guest->node);
  g_hash_table_remove (self->guests, guest->skeleton);
}

AhoydKnown *
ahoyd_known_new (AhoydStore *store)
{
  AhoydKnown *self;

  g_return_val_if_fail (store != NULL, NULL);

  self = g_new0 (AhoydKnown, 1);
  self->store = store;
  self->guests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, guest_free);
  return self;
}

void
ahoyd_known_free (AhoydKnown *known)
{
  g_return_if_fail (known != NULL);

  g_hash_table_unref (known->guests);
  g_free (known);
}

/* For good. */
static void
remember (AhoydKnown *self,
          const char *skeleton,
          const char *name)
{
  Guest *guest = g_hash_table_lookup (self->guests, skeleton);

  if (guest != NULL)
    drop_guest (self, guest);
  ahoyd_store_set_fact (self->store, "person", skeleton, name);
}

void
ahoyd_known_note_seen (AhoydKnown *known,
                       const char *skeleton,
                       const char *name)
{
  Guest *guest;

  g_return_if_fail (known != NULL && skeleton != NULL && name != NULL);

  if (ahoyd_store_get_fact (known->store, "person", skeleton) != NULL || ahoyd_store_get_fact (known->store, "owner", skeleton) != NULL)
    {
      remember (known, skeleton, name);
      return;
    }
  guest = g_hash_table_lookup (known->guests, skeleton);
  if (guest == NULL)
    {
      guest = g_new0 (Guest, 1);
      guest->node.data = guest;
      guest->skeleton = g_strdup (skeleton);
      g_hash_table_insert (known->guests, guest->skeleton, guest);
    }
  else
    {
      g_queue_unlink (&known->order, &guest->node);
    }
  g_free (guest->name);
  guest->name = g_strdup (name);
  g_queue_push_tail_link (&known->order, &guest->node);
  if (known->order.length > AHOYD_KNOWN_MAX)
    drop_guest (known, g_queue_peek_head (&known->order));
}

static void
note (AhoydKnown *self,
      guint64     id,
      const char *skeleton,
      const char *name)
{
  /* What was said before the name was released is nobody's. */
  if (ahoyd_store_get_fact (self->store, "person", skeleton) == NULL && id > ahoyd_store_get_number (self->store, "released", skeleton))
    remember (self, skeleton, name);
}

void
ahoyd_known_note_said (AhoydKnown         *known,
                       const AhoydMessage *message)
{
  g_return_if_fail (known != NULL && message != NULL && message->id != 0);

  note (known, message->id, message->from_skeleton, message->from);
  if (message->to != NULL)
    note (known, message->id, message->to_skeleton, message->to);
}

void
ahoyd_known_forget (AhoydKnown *known,
                    const char *skeleton)
{
  guint64 released;

  g_return_if_fail (known != NULL && skeleton != NULL);

  if (ahoyd_store_get_fact (known->store, "owner", skeleton) != NULL)
    return;
  ahoyd_receipts_drop (known->store, skeleton);
  /* What is on its way into the log may be from before the name was released. */
  released = ahoyd_store_get_number (known->store, "released", skeleton);
  if (released > 0 && released <= ahoyd_store_get_last (known->store))
    ahoyd_store_set_fact (known->store, "released", skeleton, NULL);
}

const char *
ahoyd_known_find (AhoydKnown *known,
                  const char *skeleton)
{
  const char *name;
  Guest *guest;

  g_return_val_if_fail (known != NULL && skeleton != NULL, NULL);

  name = ahoyd_store_get_fact (known->store, "person", skeleton);
  if (name != NULL)
    return name;
  guest = g_hash_table_lookup (known->guests, skeleton);
  return guest != NULL ? guest->name : NULL;
}
