/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What was left behind on other servers. */

#include "core/archive/ahoy-aside.h"

struct _AhoyAside {
  /* Owned */
  GHashTable *left; /* "server\037skeleton" -> AhoyAsideLeft */
};

AhoyAside *
ahoy_aside_new (void)
{
  AhoyAside *self = g_new0 (AhoyAside, 1);

  self->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ahoy_aside_left_free);
  return self;
}

void
ahoy_aside_free (AhoyAside *self)
{
  g_hash_table_unref (self->left);
  g_free (self);
}

AhoyAsideLeft *
ahoy_aside_left_new (void)
{
  AhoyAsideLeft *left = g_new0 (AhoyAsideLeft, 1);

  left->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  left->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return left;
}

void
ahoy_aside_left_free (AhoyAsideLeft *left)
{
  g_ptr_array_unref (left->waiting);
  g_hash_table_unref (left->drafts);
  g_free (left);
}

void
ahoy_aside_leave (AhoyAside     *self,
                  const char    *server,
                  const char    *skeleton,
                  AhoyAsideLeft *left)
{
  g_autoptr (AhoyAsideLeft) before = ahoy_aside_take (self, server, skeleton);
  GHashTableIter            iter;
  gpointer                  name, draft;

  if (before)
    {
      g_ptr_array_extend_and_steal (before->waiting, g_steal_pointer (&left->waiting));
      left->waiting = g_steal_pointer (&before->waiting);
      before->waiting = g_ptr_array_new ();
      g_hash_table_iter_init (&iter, before->drafts);
      while (g_hash_table_iter_next (&iter, &name, &draft))
        if (!g_hash_table_contains (left->drafts, name))
          g_hash_table_insert (left->drafts, g_strdup (name), g_strdup (draft));
    }
  if (left->waiting->len > 0 || g_hash_table_size (left->drafts) > 0)
    g_hash_table_insert (self->left, g_strconcat (server, "\037", skeleton, NULL), left);
  else
    ahoy_aside_left_free (left);
}

AhoyAsideLeft *
ahoy_aside_take (AhoyAside  *self,
                 const char *server,
                 const char *skeleton)
{
  g_autofree char *key = g_strconcat (server, "\037", skeleton, NULL);
  g_autofree char *stored = NULL;
  AhoyAsideLeft   *left = NULL;

  g_hash_table_steal_extended (self->left, key, (gpointer *) &stored, (gpointer *) &left);
  return left;
}

guint
ahoy_aside_get_n (AhoyAside  *self,
                  const char *server,
                  const char *skeleton)
{
  g_autofree char *key = g_strconcat (server, "\037", skeleton, NULL);
  AhoyAsideLeft   *left = g_hash_table_lookup (self->left, key);

  return left ? left->waiting->len : 0;
}
