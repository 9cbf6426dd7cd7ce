/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What each person has left of their allowance. */

#include "state/ahoyd-purses.h"

struct _AhoydPurse {
  char          *skeleton;
  AhoydAllowance allowance;
  guint          holders;
  GList          node; /* in the owner's `left`; data: NULL while it is held */
};

struct _AhoydPurses {
  /* Owned */
  GHashTable *known; /* skeleton -> AhoydPurse */
  GQueue      left;  /* AhoydPurse.node: the one that was let go first, first */
};

static void
purse_free (gpointer data)
{
  AhoydPurse *purse = data;

  g_free (purse->skeleton);
  g_free (purse);
}

AhoydPurses *
ahoyd_purses_new (void)
{
  AhoydPurses *self = g_new0 (AhoydPurses, 1);

  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, purse_free);
  g_queue_init (&self->left);
  return self;
}

void
ahoyd_purses_free (AhoydPurses *purses)
{
  g_return_if_fail (purses != NULL);

  g_hash_table_unref (purses->known);
  g_free (purses);
}

static void
unlink_purse (AhoydPurses *self,
              AhoydPurse  *purse)
{
  g_queue_unlink (&self->left, &purse->node);
  purse->node.data = NULL;
}

static void
forget_first (AhoydPurses *self)
{
  AhoydPurse *purse = g_queue_peek_head (&self->left);

  unlink_purse (self, purse);
  g_hash_table_remove (self->known, purse->skeleton);
}

AhoydPurse *
ahoyd_purses_hold (AhoydPurses *purses,
                   const char  *skeleton)
{
  AhoydPurse *purse;

  g_return_val_if_fail (purses != NULL && skeleton != NULL, NULL);

  purse = g_hash_table_lookup (purses->known, skeleton);
  if (purse == NULL)
    {
      purse = g_new0 (AhoydPurse, 1);
      purse->skeleton = g_strdup (skeleton);
      g_hash_table_insert (purses->known, purse->skeleton, purse);
    }
  else if (purse->node.data != NULL)
    {
      unlink_purse (purses, purse);
    }
  purse->holders++;
  return purse;
}

void
ahoyd_purses_release (AhoydPurses               *purses,
                      AhoydPurse                *purse,
                      const AhoydAllowanceTerms *terms,
                      gint64                     now)
{
  AhoydPurse *first;

  g_return_if_fail (purses != NULL && terms != NULL);
  g_return_if_fail (purse != NULL && purse->holders > 0);

  if (--purse->holders > 0)
    return;
  purse->node.data = purse;
  g_queue_push_tail_link (&purses->left, &purse->node);
  while ((first = g_queue_peek_head (&purses->left)) != NULL &&
         (purses->left.length > AHOYD_PURSES_REMEMBERED || ahoyd_allowance_is_full (&first->allowance, terms, now)))
    forget_first (purses);
}

AhoydAllowance *
ahoyd_purse_open (AhoydPurse *purse)
{
  g_return_val_if_fail (purse != NULL, NULL);

  return &purse->allowance;
}

guint
ahoyd_purses_get_n (AhoydPurses *purses)
{
  g_return_val_if_fail (purses != NULL, 0);

  return g_hash_table_size (purses->known);
}
