/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who has been here before. */

#include "state/ahoyd-known.h"

#include "state/ahoyd-held.h"
#include "store/ahoyd-owner-table.h"
#include "store/ahoyd-people-table.h"
#include "store/ahoyd-tenure-table.h"

typedef struct {
  GList    node;
  char    *skeleton;
  char    *name;
  char    *secret; /* NULL: held by none */
  gboolean here;   /* and so not in the order */
} Guest;

struct _AhoydKnown {
  /* Owned */
  GHashTable *guests; /* skeleton -> Guest, of those that only this knows */
  GQueue      order;  /* Guest.node of those who left; the one not seen the longest first */
  /* Borrowed */
  AhoydStore    *store;
  AhoydNameRows *people; /* the store's, as the others */
  AhoydNameRows *owners;
  AhoydNameRows *tenures;
};

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  g_free (guest->skeleton);
  g_free (guest->name);
  g_free (guest->secret);
  g_free (guest);
}

static void
drop_guest (AhoydKnown *self,
            Guest      *guest)
{
  if (!guest->here)
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
  self->people = ahoyd_store_get_rows (store, &ahoyd_people_table);
  self->owners = ahoyd_store_get_rows (store, &ahoyd_owner_table);
  self->tenures = ahoyd_store_get_rows (store, &ahoyd_tenure_table);
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

static gboolean
is_person (AhoydKnown *self,
           const char *skeleton)
{
  return ahoyd_people_get_name (self->people, skeleton) != NULL;
}

/* For good. */
static void
remember (AhoydKnown *self,
          const char *skeleton,
          const char *name)
{
  Guest *guest = g_hash_table_lookup (self->guests, skeleton);

  if (guest != NULL && guest->secret != NULL)
    ahoyd_people_set_secret (self->people, skeleton, guest->secret);
  if (guest != NULL)
    drop_guest (self, guest);
  ahoyd_people_set_name (self->people, skeleton, name);
}

/* Whoever is only remembered while there is room.
 * Returns: (transfer none) (nullable): they are in no order; NULL: they are remembered for good. */
static Guest *
take_guest (AhoydKnown *self,
            const char *skeleton,
            const char *name)
{
  Guest *guest;

  if (is_person (self, skeleton) || ahoyd_owner_find (self->owners, skeleton) != NULL)
    {
      remember (self, skeleton, name);
      return NULL;
    }
  guest = g_hash_table_lookup (self->guests, skeleton);
  if (guest == NULL)
    {
      guest = g_new0 (Guest, 1);
      guest->node.data = guest;
      guest->skeleton = g_strdup (skeleton);
      g_hash_table_insert (self->guests, guest->skeleton, guest);
    }
  else if (!guest->here)
    {
      g_queue_unlink (&self->order, &guest->node);
    }
  guest->here = TRUE;
  g_free (guest->name);
  guest->name = g_strdup (name);
  return guest;
}

void
ahoyd_known_note_seen (AhoydKnown *known,
                       const char *skeleton,
                       const char *name)
{
  g_return_if_fail (known != NULL && skeleton != NULL && name != NULL);

  take_guest (known, skeleton, name);
}

void
ahoyd_known_note_left (AhoydKnown *known,
                       const char *skeleton,
                       const char *name)
{
  Guest *guest;

  g_return_if_fail (known != NULL && skeleton != NULL && name != NULL);

  guest = take_guest (known, skeleton, name);
  if (guest == NULL)
    return;
  guest->here = FALSE;
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
  if (!is_person (self, skeleton) && id > ahoyd_tenure_get_released (self->tenures, skeleton))
    remember (self, skeleton, name);
}

void
ahoyd_known_note_said (AhoydKnown       *known,
                       const AhoydEvent *event)
{
  g_return_if_fail (known != NULL && event != NULL && event->id != 0);

  note (known, event->id, event->from_skeleton, event->from);
  if (ahoy_target_is_person (event->target))
    note (known, event->id, event->target_skeleton, event->target.person);
}

/* @said: a message from or for them is about to be in the log; FALSE: it will not be there. */
static void
write_secret (AhoydKnown *self,
              const char *skeleton,
              gboolean    said)
{
  const Guest *guest = g_hash_table_lookup (self->guests, skeleton);

  if (guest != NULL && guest->secret != NULL)
    ahoyd_people_set_secret (self->people, skeleton, said ? guest->secret : NULL);
}

void
ahoyd_known_note_saying (AhoydKnown       *known,
                         const AhoydEvent *event)
{
  g_return_if_fail (known != NULL && event != NULL);

  write_secret (known, event->from_skeleton, TRUE);
  if (ahoy_target_is_person (event->target))
    write_secret (known, event->target_skeleton, TRUE);
}

void
ahoyd_known_note_lost (AhoydKnown       *known,
                       const AhoydEvent *event)
{
  g_return_if_fail (known != NULL && event != NULL);

  write_secret (known, event->from_skeleton, FALSE);
  if (ahoy_target_is_person (event->target))
    write_secret (known, event->target_skeleton, FALSE);
}

void
ahoyd_known_forget (AhoydKnown *known,
                    const char *skeleton,
                    const char *here)
{
  g_autofree char *secret = NULL;
  g_autofree char *name = NULL;
  guint64          released;

  g_return_if_fail (known != NULL && skeleton != NULL);

  if (ahoyd_owner_find (known->owners, skeleton) != NULL)
    return;
  secret = g_strdup (ahoyd_known_get_secret (known, skeleton));
  name = g_strdup (here != NULL ? here : ahoyd_known_find (known, skeleton));
  ahoyd_held_drop (known->store, skeleton);
  ahoyd_people_set_secret (known->people, skeleton, NULL);
  /* What is on its way into the log may be from before the name was released. */
  released = ahoyd_tenure_get_released (known->tenures, skeleton);
  if (released > 0 && released <= ahoyd_store_get_last (known->store))
    ahoyd_tenure_set_released (known->tenures, skeleton, 0);
  /* Something may be on its way to those who are held by a secret. */
  if (name == NULL || (here == NULL && secret == NULL))
    return;
  ahoyd_known_note_seen (known, skeleton, name);
  ahoyd_known_set_secret (known, skeleton, secret);
  if (here == NULL)
    ahoyd_known_note_left (known, skeleton, name);
}

void
ahoyd_known_set_secret (AhoydKnown *known,
                        const char *skeleton,
                        const char *secret)
{
  Guest *guest;

  g_return_if_fail (known != NULL && skeleton != NULL);

  if (secret == NULL || is_person (known, skeleton))
    ahoyd_people_set_secret (known->people, skeleton, secret);
  guest = g_hash_table_lookup (known->guests, skeleton);
  if (guest == NULL || g_strcmp0 (guest->secret, secret) == 0)
    return;
  g_free (guest->secret);
  guest->secret = g_strdup (secret);
}

const char *
ahoyd_known_get_secret (AhoydKnown *known,
                        const char *skeleton)
{
  const char  *secret;
  const Guest *guest;

  g_return_val_if_fail (known != NULL && skeleton != NULL, NULL);

  secret = ahoyd_people_get_secret (known->people, skeleton);
  if (secret != NULL)
    return secret;
  guest = g_hash_table_lookup (known->guests, skeleton);
  return guest != NULL ? guest->secret : NULL;
}

const char *
ahoyd_known_find (AhoydKnown *known,
                  const char *skeleton)
{
  const char *name;
  Guest      *guest;

  g_return_val_if_fail (known != NULL && skeleton != NULL, NULL);

  name = ahoyd_people_get_name (known->people, skeleton);
  if (name != NULL)
    return name;
  guest = g_hash_table_lookup (known->guests, skeleton);
  return guest != NULL ? guest->name : NULL;
}
