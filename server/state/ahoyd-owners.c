/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who owns a name. */

#include "state/ahoyd-owners.h"

#include "state/ahoyd-held.h"
#include "state/ahoyd-looks.h"
#include "store/ahoyd-owner-table.h"
#include "store/ahoyd-people-table.h"
#include "store/ahoyd-taken-table.h"
#include "store/ahoyd-tenure-table.h"

/* Somebody who comes and goes all the time is no reason to write all the time. */
#define SEEN_INTERVAL_S 60

struct _AhoydOwners {
  /* Owned */
  GQueue      claims;    /* AhoydClaim.node: not committed, and releases as well */
  GHashTable *counts;    /* key -> GUINT_TO_POINTER (names it owns), where that is not 0 */
  AhoydLooks *looks;     /* the owned names; a holder is a key */
  GQueue      cuts;      /* Cut, whose ids are not known exactly yet, oldest first */
  guint64     n_written; /* messages that the store was done with */
  /* Borrowed */
  AhoydStore    *store;
  AhoydNameRows *rows; /* who owns what; the store's, as the others */
  AhoydNameRows *tenures;
  AhoydNameRows *people;
};

/* What was on its way into the log when a tenure ended belongs to it; how many of these get an id is known when the last of them is there. */
typedef struct {
  char   *skeleton;
  guint64 until;
  guint64 mark; /* of n_written: then */
} Cut;

struct _AhoydClaim {
  AhoydOwners  *owners;
  GList         node;
  AhoydKeeping *keeping;
  char         *skeleton;
  AhoydClaimed  claimed; /* NULL: cancelled */
  gpointer      data;
};

static void
cut_free (gpointer data)
{
  Cut *cut = data;

  g_free (cut->skeleton);
  g_free (cut);
}

static void
claim_free (AhoydClaim *claim)
{
  g_queue_unlink (&claim->owners->claims, &claim->node);
  g_free (claim->skeleton);
  g_free (claim);
}

static void
on_kept (const GError *error,
         gpointer      data)
{
  AhoydClaim  *claim = data;
  AhoydClaimed claimed = claim->claimed;
  gpointer     claimed_data = claim->data;

  claim_free (claim);
  if (claimed != NULL)
    claimed (error, claimed_data);
}

/* @key: nullable: nobody's. */
static void
count (AhoydOwners *self,
       const char  *key,
       int          change)
{
  guint n;

  if (key == NULL)
    return;
  n = ahoyd_owners_count (self, key) + (guint) change;
  if (n > 0)
    g_hash_table_insert (self->counts, g_strdup (key), GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->counts, key);
}

/* As the owner wrote it last. */
static const char *
shown_name (AhoydOwners *self,
            const char  *skeleton)
{
  const char *name = ahoyd_people_get_name (self->people, skeleton);

  return name != NULL ? name : skeleton;
}

static void
load_one (const AhoydOwnerRow *row,
          gpointer             data)
{
  AhoydOwners *self = data;

  count (self, row->key, 1);
  ahoyd_looks_put (self->looks, row->skeleton, shown_name (self, row->skeleton), row->key);
}

/* Makes the name @key's (NULL: nobody's). */
static AhoydClaim *
set_owner (AhoydOwners *self,
           const char  *skeleton,
           const char  *key,
           gint64       since,
           AhoydClaimed claimed,
           gpointer     data)
{
  AhoydClaim *claim = g_new0 (AhoydClaim, 1);

  count (self, key, 1);
  count (self, ahoyd_owners_find (self, skeleton), -1);
  if (key != NULL)
    ahoyd_looks_put (self->looks, skeleton, shown_name (self, skeleton), key);
  else
    ahoyd_looks_remove (self->looks, skeleton);
  claim->owners = self;
  claim->node.data = claim;
  claim->skeleton = g_strdup (skeleton);
  claim->claimed = claimed;
  claim->data = data;
  g_queue_push_tail_link (&self->claims, &claim->node);
  claim->keeping = ahoyd_owner_set (self->rows, skeleton, key, since, on_kept, claim);
  return claim;
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
is_settled (AhoydOwners *self,
            const char  *skeleton)
{
  for (GList *node = self->claims.head; node != NULL; node = node->next)
    if (g_str_equal (((AhoydClaim *) node->data)->skeleton, skeleton))
      return FALSE;
  return TRUE;
}

AhoydOwners *
ahoyd_owners_new (AhoydStore *store)
{
  AhoydOwners *self;

  g_return_val_if_fail (store != NULL, NULL);

  self = g_new0 (AhoydOwners, 1);
  self->store = store;
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->looks = ahoyd_looks_new ();
  self->rows = ahoyd_store_get_rows (store, &ahoyd_owner_table);
  self->tenures = ahoyd_store_get_rows (store, &ahoyd_tenure_table);
  self->people = ahoyd_store_get_rows (store, &ahoyd_people_table);
  ahoyd_owner_each (self->rows, load_one, self);
  return self;
}

void
ahoyd_owners_free (AhoydOwners *owners)
{
  GList *node;

  g_return_if_fail (owners != NULL);

  while ((node = owners->claims.head) != NULL)
    {
      AhoydClaim *claim = node->data;

      ahoyd_keeping_cancel (claim->keeping);
      claim_free (claim);
    }
  g_queue_clear_full (&owners->cuts, cut_free);
  ahoyd_looks_free (owners->looks);
  g_hash_table_unref (owners->counts);
  g_free (owners);
}

const char *
ahoyd_owners_find (AhoydOwners *owners,
                   const char  *skeleton)
{
  const AhoydOwnerRow *row;

  g_return_val_if_fail (owners != NULL && skeleton != NULL, NULL);

  row = ahoyd_owner_find (owners->rows, skeleton);
  return row != NULL ? row->key : NULL;
}

guint
ahoyd_owners_count (AhoydOwners *owners,
                    const char  *key)
{
  g_return_val_if_fail (owners != NULL && key != NULL, 0);

  return GPOINTER_TO_UINT (g_hash_table_lookup (owners->counts, key));
}

void
ahoyd_owners_note_seen (AhoydOwners *owners,
                        const char  *skeleton)
{
  gint64               now = now_s ();
  const AhoydOwnerRow *row;

  g_return_if_fail (owners != NULL && skeleton != NULL);

  row = ahoyd_owner_find (owners->rows, skeleton);
  /* A clock that was set back is believed, too. */
  if (row != NULL && (now < row->seen || now - row->seen >= SEEN_INTERVAL_S))
    ahoyd_owner_set_seen (owners->rows, skeleton, now);
}

void
ahoyd_owners_note_name (AhoydOwners *owners,
                        const char  *skeleton,
                        const char  *name)
{
  const char *owner;

  g_return_if_fail (owners != NULL && skeleton != NULL && name != NULL);

  owner = ahoyd_owners_find (owners, skeleton);
  if (owner != NULL)
    ahoyd_looks_put (owners->looks, skeleton, name, owner);
}

gboolean
ahoyd_owners_has_look_alike (AhoydOwners *owners,
                             const char  *name,
                             const char  *key)
{
  g_return_val_if_fail (owners != NULL && name != NULL, FALSE);

  return ahoyd_looks_like_another (owners->looks, name, key);
}

AhoydClaim *
ahoyd_owners_claim (AhoydOwners *owners,
                    const char  *skeleton,
                    const char  *key,
                    AhoydClaimed claimed,
                    gpointer     data)
{
  const AhoydOwnerRow *row;

  g_return_val_if_fail (owners != NULL && skeleton != NULL, NULL);
  g_return_val_if_fail (key != NULL && claimed != NULL, NULL);

  row = ahoyd_owner_find (owners->rows, skeleton);
  g_return_val_if_fail (row == NULL || g_str_equal (row->key, key), NULL);

  if (row != NULL && is_settled (owners, skeleton))
    return NULL;
  return set_owner (owners, skeleton, key, row != NULL ? row->since : now_s (), claimed, data);
}

void
ahoyd_claim_cancel (AhoydClaim *claim)
{
  g_return_if_fail (claim != NULL && claim->claimed != NULL);

  claim->claimed = NULL;
}

/* The newest one of a name is the one that counts. */
static void
note_cut (AhoydOwners *self,
          const char  *skeleton,
          guint64      until,
          guint        n_pending)
{
  GList *next;
  Cut   *cut;

  for (GList *node = self->cuts.head; node != NULL; node = next)
    {
      next = node->next;
      if (!g_str_equal (((Cut *) node->data)->skeleton, skeleton))
        continue;
      cut_free (node->data);
      g_queue_delete_link (&self->cuts, node);
    }
  if (n_pending == 0)
    return;
  cut = g_new (Cut, 1);
  *cut = (Cut){ g_strdup (skeleton), until, self->n_written + n_pending };
  g_queue_push_tail (&self->cuts, cut);
}

void
ahoyd_owners_cut_off (AhoydOwners *owners,
                      const char  *skeleton)
{
  guint   n_pending;
  guint64 until;

  g_return_if_fail (owners != NULL && skeleton != NULL);

  /* What is on its way into the log was said before this, too. A crash in between leaves the name whose it was, and less to be read under it. */
  n_pending = ahoyd_store_get_n_pending (owners->store);
  until = ahoyd_store_get_last (owners->store) + n_pending;
  if (until > ahoyd_tenure_get_released (owners->tenures, skeleton))
    ahoyd_tenure_set_released (owners->tenures, skeleton, until);
  ahoyd_held_forget (owners->store, skeleton, until);
  note_cut (owners, skeleton, until, n_pending);
}

/* What was cut off ends at @last. */
static void
lower (AhoydOwners *self,
       const Cut   *cut,
       guint64      last)
{
  AhoydNameRows *taken = ahoyd_store_get_rows (self->store, &ahoyd_taken_table);

  if (ahoyd_tenure_get_released (self->tenures, cut->skeleton) == cut->until)
    ahoyd_tenure_set_released (self->tenures, cut->skeleton, last);
  if (ahoyd_taken_get (taken, cut->skeleton) == cut->until)
    ahoyd_taken_set (taken, cut->skeleton, last);
}

void
ahoyd_owners_note_written (AhoydOwners *owners,
                           AhoydSettled settled,
                           gpointer     data)
{
  guint64 last;
  Cut    *cut;

  g_return_if_fail (owners != NULL && settled != NULL);

  last = ahoyd_store_get_last (owners->store);
  owners->n_written++;
  while ((cut = g_queue_peek_head (&owners->cuts)) != NULL && cut->mark <= owners->n_written)
    {
      g_queue_pop_head (&owners->cuts);
      if (last < cut->until)
        {
          lower (owners, cut, last);
          settled (cut->skeleton, cut->until, last, data);
        }
      cut_free (cut);
    }
}

AhoydClaim *
ahoyd_owners_release (AhoydOwners *owners,
                      const char  *skeleton,
                      AhoydClaimed released,
                      gpointer     data)
{
  g_return_val_if_fail (owners != NULL && skeleton != NULL && released != NULL, NULL);

  if (ahoyd_owners_find (owners, skeleton) == NULL)
    return NULL;
  ahoyd_owners_cut_off (owners, skeleton);
  return set_owner (owners, skeleton, NULL, 0, released, data);
}

guint64
ahoyd_owners_get_released (AhoydOwners *owners,
                           const char  *skeleton)
{
  g_return_val_if_fail (owners != NULL && skeleton != NULL, 0);

  return ahoyd_tenure_get_released (owners->tenures, skeleton);
}

typedef struct {
  AhoydOwners   *self;
  AhoydOwnedFunc found;
  gpointer       data;
} Listing;

static void
list_one (const AhoydOwnerRow *row,
          gpointer             data)
{
  const Listing   *listing = data;
  const AhoydOwned owned = {
    .name = shown_name (listing->self, row->skeleton),
    .skeleton = row->skeleton,
    .key = row->key,
    .since = row->since,
    .seen = row->seen,
  };

  listing->found (&owned, listing->data);
}

void
ahoyd_owners_each (AhoydOwners   *owners,
                   AhoydOwnedFunc found,
                   gpointer       data)
{
  Listing listing;

  g_return_if_fail (owners != NULL && found != NULL);

  listing = (Listing){ owners, found, data };
  ahoyd_owner_each (owners->rows, list_one, &listing);
}
