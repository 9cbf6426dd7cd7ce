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
make_one (const AhoydConfigClaim *claim,
          AhoydTenures           *tenures)
{
  AhoydOwners     *owners = ahoyd_tenures_get_owners (tenures);
  AhoydKnown      *known = ahoyd_tenures_get_known (tenures);
  g_autofree char *skeleton = ahoy_name_skeleton (claim->name);
  const char      *owner = ahoyd_owners_find (owners, skeleton);

  if (owner != NULL && !g_str_equal (owner, claim->key))
    {
      g_message ("The name '%s' stays whose it is: another key than the claimed one owns it", claim->name);
      return;
    }
  if (owner == NULL && ahoyd_owners_has_look_alike (owners, claim->name, claim->key))
    {
      g_message ("The name '%s' cannot be claimed: it looks like one that another key owns", claim->name);
      return;
    }
  ahoyd_tenures_begin (tenures, skeleton, claim->key, NULL);
  ahoyd_owners_claim (owners, skeleton, claim->key, on_claimed, (gpointer) claim);
  ahoyd_owners_note_name (owners, skeleton, claim->name);
  /* As they write it themselves once they come. */
  if (ahoyd_known_find (known, skeleton) == NULL)
    ahoyd_known_note_seen (known, skeleton, claim->name);
}

void
ahoyd_claims_make (AhoydTenures *tenures,
                   AhoydStore   *store,
                   GPtrArray    *claims)
{
  g_return_if_fail (tenures != NULL && store != NULL && claims != NULL);

  for (guint i = 0; i < claims->len; i++)
    make_one (claims->pdata[i], tenures);
  if (claims->len > 0)
    ahoyd_store_flush (store);
}
