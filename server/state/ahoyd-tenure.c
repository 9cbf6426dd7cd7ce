/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whose a name is, and from when on. */

#include "state/ahoyd-tenure.h"

#include <gnutls/gnutls.h>
#include <string.h>

char *
ahoyd_tenure_hash (const AhoydServerContext *server_context,
                   const char               *skeleton,
                   const char               *secret)
{
  g_autofree char *salted = NULL;

  g_return_val_if_fail (server_context != NULL && skeleton != NULL && secret != NULL, NULL);

  /* None of them holds a line end. */
  salted = g_strjoin ("\n", "ahoyd secret", server_context->server_id, skeleton, secret, NULL);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, salted, -1);
}

gboolean
ahoyd_tenure_is_held_by (const AhoydServerContext *server_context,
                         const char               *skeleton,
                         const char               *hash)
{
  const char *held_by;

  g_return_val_if_fail (server_context != NULL && skeleton != NULL, FALSE);

  held_by = ahoyd_known_get_secret (server_context->known, skeleton);
  return held_by != NULL && hash != NULL && strlen (held_by) == strlen (hash) && gnutls_memcmp (held_by, hash, strlen (hash)) == 0;
}

gboolean
ahoyd_tenure_is_kept (const AhoydServerContext *server_context,
                      const char               *skeleton)
{
  g_return_val_if_fail (server_context != NULL && skeleton != NULL, FALSE);

  return ahoyd_owners_find (server_context->owners, skeleton) != NULL || ahoyd_known_get_secret (server_context->known, skeleton) != NULL;
}

/* Whether there may be something from or for the name, in the log or on its way there, that was said since its tenure began. Names are cheap to make
 * up: nothing is written for those of whom there is nothing. */
static gboolean
has_past (const AhoydServerContext *server_context,
          const char               *skeleton)
{
  return ahoyd_store_get_fact (server_context->store, "person", skeleton) != NULL ||
         ahoyd_store_get_number (server_context->store, "held", skeleton) > ahoyd_owners_get_released (server_context->owners, skeleton) ||
         ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (server_context->store), skeleton, NULL) > 0 ||
         ahoyd_hub_is_heard (server_context->hub, skeleton);
}

static void
end (const AhoydServerContext *server_context,
     const char               *skeleton)
{
  if (has_past (server_context, skeleton))
    ahoyd_owners_cut_off (server_context->owners, skeleton);
  ahoyd_known_set_secret (server_context->known, skeleton, NULL);
}

void
ahoyd_tenure_begin (const AhoydServerContext *server_context,
                    const char               *skeleton,
                    const char               *key,
                    const char               *hash)
{
  const char *owner;

  g_return_if_fail (server_context != NULL && skeleton != NULL);

  owner = ahoyd_owners_find (server_context->owners, skeleton);
  g_return_if_fail (owner == NULL || g_strcmp0 (owner, key) == 0);

  if (owner == NULL && !ahoyd_tenure_is_held_by (server_context, skeleton, hash))
    end (server_context, skeleton);
}

static void
on_settled (const char *skeleton,
            guint64     until,
            guint64     last,
            gpointer    data)
{
  const AhoydServerContext *server_context = data;
  AhoydPerson              *person = ahoyd_hub_find (server_context->hub, skeleton);

  if (person != NULL && ahoyd_person_get_whispers_after (person) == until)
    ahoyd_person_set_whispers_after (person, last);
}

void
ahoyd_tenure_note_written (const AhoydServerContext *server_context)
{
  g_return_if_fail (server_context != NULL);

  ahoyd_owners_note_written (server_context->owners, on_settled, (gpointer) server_context);
}

void
ahoyd_tenure_leave (const AhoydServerContext *server_context,
                    const char               *skeleton,
                    const char               *key)
{
  g_return_if_fail (server_context != NULL && skeleton != NULL);

  /* A name that was released is theirs until they leave. */
  if (key != NULL ? g_strcmp0 (ahoyd_owners_find (server_context->owners, skeleton), key) != 0 : !ahoyd_tenure_is_kept (server_context, skeleton))
    end (server_context, skeleton);
}
