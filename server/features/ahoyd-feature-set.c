/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The features of one running server. */

#include "features/ahoyd-feature-set.h"

typedef struct {
  const AhoydFeature *feature; /* Borrowed */
  gpointer            self;    /* Owned: until it stops */
} Running;

struct _AhoydFeatureSet {
  /* Owned */
  GArray *running; /* Running, in the order of the list */
};

AhoydFeatureSet *
ahoyd_feature_set_new (const AhoydFeature *const *features,
                       const AhoydServerContext  *server_context)
{
  AhoydFeatureSet *set;

  g_return_val_if_fail (features != NULL && server_context != NULL && server_context->dispatch != NULL, NULL);

  set = g_new0 (AhoydFeatureSet, 1);
  set->running = g_array_new (FALSE, FALSE, sizeof (Running));
  for (guint i = 0; features[i] != NULL; i++)
    {
      Running running = { features[i], NULL };

      if (running.feature->start != NULL)
        running.self = running.feature->start (server_context);
      for (gsize n = 0; n < running.feature->n_verbs; n++)
        ahoyd_dispatch_add (server_context->dispatch, &running.feature->verbs[n], running.self);
      g_array_append_val (set->running, running);
    }
  return set;
}

void
ahoyd_feature_set_free (AhoydFeatureSet *set)
{
  g_return_if_fail (set != NULL);

  for (guint i = set->running->len; i > 0; i--)
    {
      const Running *running = &g_array_index (set->running, Running, i - 1);

      if (running->feature->stop != NULL)
        running->feature->stop (running->self);
    }
  g_array_unref (set->running);
  g_free (set);
}
