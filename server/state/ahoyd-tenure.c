/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whose a name is, and from when on. */

#include "state/ahoyd-tenure.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "store/ahoyd-people-table.h"
#include "store/ahoyd-taken-table.h"

struct _AhoydTenures {
  /* Owned */
  char *server_id;
  /* Borrowed */
  AhoydHub    *hub;
  AhoydStore  *store;
  AhoydOwners *owners;
  AhoydKnown  *known;
};

AhoydTenures *
ahoyd_tenures_new (AhoydHub    *hub,
                   AhoydStore  *store,
                   AhoydOwners *owners,
                   AhoydKnown  *known,
                   const char  *server_id)
{
  AhoydTenures *self;

  g_return_val_if_fail (hub != NULL && store != NULL && owners != NULL && known != NULL, NULL);

  self = g_new0 (AhoydTenures, 1);
  self->server_id = g_strdup (server_id);
  self->hub = hub;
  self->store = store;
  self->owners = owners;
  self->known = known;
  return self;
}

void
ahoyd_tenures_free (AhoydTenures *tenures)
{
  g_return_if_fail (tenures != NULL);

  g_free (tenures->server_id);
  g_free (tenures);
}

AhoydOwners *
ahoyd_tenures_get_owners (AhoydTenures *tenures)
{
  g_return_val_if_fail (tenures != NULL, NULL);

  return tenures->owners;
}

AhoydKnown *
ahoyd_tenures_get_known (AhoydTenures *tenures)
{
  g_return_val_if_fail (tenures != NULL, NULL);

  return tenures->known;
}

char *
ahoyd_tenures_hash (AhoydTenures *tenures,
                    const char   *skeleton,
                    const char   *secret)
{
  g_autofree char *salted = NULL;

  g_return_val_if_fail (tenures != NULL && skeleton != NULL && secret != NULL, NULL);

  /* None of them holds a line end. */
  salted = g_strjoin ("\n", "ahoyd secret", tenures->server_id, skeleton, secret, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, salted, -1);
}

gboolean
ahoyd_tenures_is_held_by (AhoydTenures *tenures,
                          const char   *skeleton,
                          const char   *hash)
{
  const char *held_by;

  g_return_val_if_fail (tenures != NULL && skeleton != NULL, FALSE);

  held_by = ahoyd_known_get_secret (tenures->known, skeleton);
  return held_by != NULL && hash != NULL && strlen (held_by) == strlen (hash) && gnutls_memcmp (held_by, hash, strlen (hash)) == 0;
}

gboolean
ahoyd_tenures_is_kept (AhoydTenures *tenures,
                       const char   *skeleton)
{
  g_return_val_if_fail (tenures != NULL && skeleton != NULL, FALSE);

  return ahoyd_owners_find (tenures->owners, skeleton) != NULL || ahoyd_known_get_secret (tenures->known, skeleton) != NULL;
}

/* Whether there may be something from or for the name, in the log or on its way there, that was said since its tenure began. Names are cheap to make
 * up: nothing is written for those of whom there is nothing. */
static gboolean
has_past (AhoydTenures *tenures,
          const char   *skeleton)
{
  return ahoyd_people_get_name (ahoyd_store_get_rows (tenures->store, &ahoyd_people_table), skeleton) != NULL ||
         ahoyd_taken_get_held (ahoyd_store_get_rows (tenures->store, &ahoyd_taken_table), skeleton) > ahoyd_owners_get_released (tenures->owners, skeleton) ||
         ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (tenures->store), skeleton, NULL) > 0 ||
         ahoyd_hub_is_heard (tenures->hub, skeleton);
}

static void
end (AhoydTenures *tenures,
     const char   *skeleton)
{
  if (has_past (tenures, skeleton))
    ahoyd_owners_cut_off (tenures->owners, skeleton);
  ahoyd_known_set_secret (tenures->known, skeleton, NULL);
}

void
ahoyd_tenures_begin (AhoydTenures *tenures,
                     const char   *skeleton,
                     const char   *key,
                     const char   *hash)
{
  const char *owner;

  g_return_if_fail (tenures != NULL && skeleton != NULL);

  owner = ahoyd_owners_find (tenures->owners, skeleton);
  g_return_if_fail (owner == NULL || g_strcmp0 (owner, key) == 0);

  if (owner == NULL && !ahoyd_tenures_is_held_by (tenures, skeleton, hash))
    end (tenures, skeleton);
}

static void
on_settled (const char *skeleton,
            guint64     until,
            guint64     last,
            gpointer    data)
{
  AhoydTenures *tenures = data;
  AhoydPerson  *person = ahoyd_hub_find (tenures->hub, skeleton);

  if (person != NULL && ahoyd_person_get_whispers_after (person) == until)
    ahoyd_person_set_whispers_after (person, last);
}

void
ahoyd_tenures_note_written (AhoydTenures *tenures)
{
  g_return_if_fail (tenures != NULL);

  ahoyd_owners_note_written (tenures->owners, on_settled, tenures);
}

void
ahoyd_tenures_leave (AhoydTenures *tenures,
                     const char   *skeleton,
                     const char   *key)
{
  g_return_if_fail (tenures != NULL && skeleton != NULL);

  /* A name that was released is theirs until they leave. */
  if (key != NULL ? g_strcmp0 (ahoyd_owners_find (tenures->owners, skeleton), key) != 0 : !ahoyd_tenures_is_kept (tenures, skeleton))
    end (tenures, skeleton);
}
