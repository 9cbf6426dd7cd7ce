/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Names that are somebody's before anybody can log in. */

#include "state/ahoyd-claims.h"

#include "ahoyd-config.h"
#include "state/ahoyd-tenure.h"
#include "wire/ahoy-name.h"

static void
on_claimed (const GError *error,
            gpointer      data)
{
  const AhoydConfigClaim *claim = data;

  if (error != NULL)
    g_warning ("The name '%s' is claimed only as long as this server runs: %s", claim->name, error->message);
}

static void
make_one (const AhoydConfigClaim   *claim,
          const AhoydServerContext *server_context)
{
  g_autofree char *skeleton = ahoy_name_skeleton (claim->name);
  const char      *owner = ahoyd_owners_find (server_context->owners, skeleton);

  if (owner != NULL && !g_str_equal (owner, claim->key))
    {
      g_message ("The name '%s' stays whose it is: another key than the claimed one owns it", claim->name);
      return;
    }
  if (owner == NULL && ahoyd_owners_has_look_alike (server_context->owners, claim->name, claim->key))
    {
      g_message ("The name '%s' cannot be claimed: it looks like one that another key owns", claim->name);
      return;
    }
  ahoyd_tenure_begin (server_context, skeleton, claim->key, NULL);
  ahoyd_owners_claim (server_context->owners, skeleton, claim->key, on_claimed, (gpointer) claim);
  ahoyd_owners_note_name (server_context->owners, skeleton, claim->name);
  /* As they write it themselves once they come. */
  if (ahoyd_known_find (server_context->known, skeleton) == NULL)
    ahoyd_known_note_seen (server_context->known, skeleton, claim->name);
}

void
ahoyd_claims_make (const AhoydServerContext *server_context,
                   GPtrArray                *claims)
{
  g_return_if_fail (server_context != NULL && claims != NULL);

  for (guint i = 0; i < claims->len; i++)
    make_one (claims->pdata[i], server_context);
  if (claims->len > 0)
    ahoyd_store_flush (server_context->store);
}
