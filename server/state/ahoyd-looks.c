/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Names by what they look like. */

#include "state/ahoyd-looks.h"

#include "wire/ahoy-name.h"

struct _AhoydLooks {
  /* Owned */
  GHashTable *names;   /* skeleton -> Name */
  GHashTable *holders; /* look -> GHashTable of holder -> GUINT_TO_POINTER (names that look so) */
};

typedef struct {
  char  *holder;
  char **looks;
} Name;

static void
name_free (gpointer data)
{
  Name *name = data;

  g_free (name->holder);
  g_strfreev (name->looks);
  g_free (name);
}

static void
count (AhoydLooks *self,
       const char *look,
       const char *holder,
       int         change)
{
  GHashTable *holders = g_hash_table_lookup (self->holders, look);
  guint       n;

  if (holders == NULL)
    {
      holders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->holders, g_strdup (look), holders);
    }
  n = GPOINTER_TO_UINT (g_hash_table_lookup (holders, holder)) + (guint) change;
  if (n > 0)
    g_hash_table_insert (holders, g_strdup (holder), GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (holders, holder);
  if (g_hash_table_size (holders) == 0)
    g_hash_table_remove (self->holders, look);
}

AhoydLooks *
ahoyd_looks_new (void)
{
  AhoydLooks *self = g_new0 (AhoydLooks, 1);

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, name_free);
  self->holders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  return self;
}

void
ahoyd_looks_free (AhoydLooks *looks)
{
  g_return_if_fail (looks != NULL);

  g_hash_table_unref (looks->names);
  g_hash_table_unref (looks->holders);
  g_free (looks);
}

void
ahoyd_looks_put (AhoydLooks *looks,
                 const char *skeleton,
                 const char *name,
                 const char *holder)
{
  Name *entry;

  g_return_if_fail (looks != NULL && skeleton != NULL && name != NULL && holder != NULL);

  ahoyd_looks_remove (looks, skeleton);
  entry = g_new0 (Name, 1);
  entry->holder = g_strdup (holder);
  entry->looks = ahoy_name_looks (name);
  for (guint i = 0; entry->looks[i] != NULL; i++)
    count (looks, entry->looks[i], holder, 1);
  g_hash_table_insert (looks->names, g_strdup (skeleton), entry);
}

void
ahoyd_looks_remove (AhoydLooks *looks,
                    const char *skeleton)
{
  const Name *entry;

  g_return_if_fail (looks != NULL && skeleton != NULL);

  entry = g_hash_table_lookup (looks->names, skeleton);
  if (entry == NULL)
    return;
  for (guint i = 0; entry->looks[i] != NULL; i++)
    count (looks, entry->looks[i], entry->holder, -1);
  g_hash_table_remove (looks->names, skeleton);
}

gboolean
ahoyd_looks_like_another (AhoydLooks *looks,
                          const char *name,
                          const char *self)
{
  g_auto (GStrv) glances = NULL;

  g_return_val_if_fail (looks != NULL && name != NULL, FALSE);

  glances = ahoy_name_glances (name);
  for (guint i = 0; glances[i] != NULL; i++)
    {
      GHashTable *holders = g_hash_table_lookup (looks->holders, glances[i]);

      if (holders != NULL && (self == NULL || g_hash_table_size (holders) > 1 || !g_hash_table_contains (holders, self)))
        return TRUE;
    }
  return FALSE;
}
