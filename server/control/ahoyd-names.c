/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What an operator may ask about names. */

#include "control/ahoyd-names.h"

#include <string.h>

#include "wire/ahoy-name.h"

typedef struct {
  AhoydHub  *hub;
  GPtrArray *lines;
} Listing;

static void
add_line (const AhoydOwned *owned,
          gpointer          data)
{
  Listing         *listing = data;
  AhoydPerson     *person = listing->hub != NULL ? ahoyd_hub_find (listing->hub, owned->skeleton) : NULL;
  gboolean         here = person != NULL && g_strcmp0 (ahoyd_person_get_key (person), owned->key) == 0;
  g_autofree char *seen = here ? g_strdup ("now") : g_strdup_printf ("%" G_GINT64_FORMAT, owned->seen);

  g_ptr_array_add (listing->lines, g_strdup_printf ("%s\t%s\t%" G_GINT64_FORMAT "\t%s\n", owned->name, owned->key, owned->since, seen));
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
ahoyd_names_list (AhoydOwners *owners,
                  AhoydHub    *hub)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  Listing               listing = { hub, lines };

  g_return_val_if_fail (owners != NULL, NULL);

  ahoyd_owners_each (owners, add_line, &listing);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv (NULL, (char **) lines->pdata);
}

AhoydClaim *
ahoyd_names_release (AhoydOwners *owners,
                     const char  *name,
                     AhoydClaimed released,
                     gpointer     data,
                     char       **refusal)
{
  g_autofree char *normal = NULL;
  g_autofree char *skeleton = NULL;
  AhoydClaim      *claim = NULL;

  g_return_val_if_fail (owners != NULL && name != NULL && released != NULL && refusal != NULL, NULL);

  /* What is not allowed any more may be owned since it was. */
  if (g_utf8_validate (name, -1, NULL))
    {
      normal = ahoy_name_normalize (name, NULL);
      skeleton = ahoy_name_skeleton (name);
      claim = ahoyd_owners_release (owners, skeleton, released, data);
    }
  if (claim == NULL)
    *refusal = normal != NULL ? g_strdup_printf ("Nobody owns the name '%s'", normal) : g_strdup ("That is not a name that anybody can have");
  return claim;
}
