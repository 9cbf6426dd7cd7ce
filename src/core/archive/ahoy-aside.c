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

static void
draft_free (gpointer data)
{
  AhoyAsideDraft *draft = data;

  g_free ((char *) draft->target.person);
  g_free (draft->text);
  g_free (draft);
}

AhoyAsideLeft *
ahoy_aside_left_new (void)
{
  AhoyAsideLeft *left = g_new0 (AhoyAsideLeft, 1);

  left->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  left->drafts = g_ptr_array_new_with_free_func (draft_free);
  return left;
}

void
ahoy_aside_left_free (AhoyAsideLeft *left)
{
  g_ptr_array_unref (left->waiting);
  g_ptr_array_unref (left->drafts);
  g_free (left);
}

void
ahoy_aside_left_add_draft (AhoyAsideLeft *left,
                           AhoyTarget     target,
                           const char    *text)
{
  AhoyAsideDraft *draft = g_new0 (AhoyAsideDraft, 1);

  draft->target = target;
  draft->target.person = g_strdup (target.person);
  draft->text = g_strdup (text);
  g_ptr_array_add (left->drafts, draft);
}

static gboolean
has_draft (AhoyAsideLeft *left,
           AhoyTarget     target)
{
  for (guint i = 0; i < left->drafts->len; i++)
    {
      if (ahoy_target_equal (((AhoyAsideDraft *) left->drafts->pdata[i])->target, target))
        return TRUE;
    }
  return FALSE;
}

/* Puts what waits in @before in front, and adds its drafts where there are none. */
static void
join (AhoyAsideLeft *left,
      AhoyAsideLeft *before)
{
  g_ptr_array_extend_and_steal (before->waiting, g_steal_pointer (&left->waiting));
  left->waiting = g_steal_pointer (&before->waiting);
  before->waiting = g_ptr_array_new ();
  for (guint i = 0; i < before->drafts->len; i++)
    {
      const AhoyAsideDraft *draft = before->drafts->pdata[i];

      if (!has_draft (left, draft->target))
        ahoy_aside_left_add_draft (left, draft->target, draft->text);
    }
}

void
ahoy_aside_leave (AhoyAside     *self,
                  const char    *server,
                  const char    *skeleton,
                  AhoyAsideLeft *left)
{
  g_autoptr (AhoyAsideLeft) before = ahoy_aside_take (self, server, skeleton);

  if (before)
    join (left, before);
  if (left->waiting->len > 0 || left->drafts->len > 0)
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
