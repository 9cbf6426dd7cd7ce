/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The features of one running server. */

#include "features/ahoyd-feature-set.h"

typedef struct {
  const AhoydFeature *feature; /* Borrowed */
  gpointer            self;    /* Owned: until it stops */
} Running;

/* A session that features are being told of: one of them may close it. */
typedef struct _Walk Walk;
struct _Walk {
  Walk         *outer;
  AhoydSession *session; /* Borrowed; NULL: it was closed */
};

struct _AhoydFeatureSet {
  /* Owned */
  AhoydDispatch *dispatch;
  GArray        *running; /* Running, in the order of the list */
  GHashTable    *online;  /* AhoydSession (borrowed) -> how many of them were told that it is online */
  /* Borrowed */
  Walk *walks; /* the innermost; each is on the stack of its function */
};

static const Running *
nth (AhoydFeatureSet *self,
     guint            i)
{
  return &g_array_index (self->running, Running, i);
}

/* --- The set --- */

GPtrArray *
ahoyd_feature_set_list_tables (const AhoydFeature *const *features)
{
  GPtrArray *tables = g_ptr_array_new ();

  g_return_val_if_fail (features != NULL, tables);

  for (guint i = 0; features[i] != NULL; i++)
    if (features[i]->table != NULL)
      g_ptr_array_add (tables, (gpointer) features[i]->table);
  g_ptr_array_add (tables, NULL);
  return tables;
}

AhoydFeatureSet *
ahoyd_feature_set_new (const AhoydFeature *const *features,
                       const AhoydFeatureHost    *host)
{
  AhoydFeatureSet *set;

  g_return_val_if_fail (features != NULL && host != NULL, NULL);

  set = g_new0 (AhoydFeatureSet, 1);
  set->running = g_array_new (FALSE, FALSE, sizeof (Running));
  set->dispatch = ahoyd_dispatch_new (host->hub);
  set->online = g_hash_table_new (NULL, NULL);
  for (guint i = 0; features[i] != NULL; i++)
    {
      Running running = { features[i], NULL };

      if (running.feature->start != NULL)
        running.self = running.feature->start (host);
      for (gsize n = 0; n < running.feature->n_verbs; n++)
        ahoyd_dispatch_add (set->dispatch, &running.feature->verbs[n], running.self);
      g_array_append_val (set->running, running);
    }
  return set;
}

void
ahoyd_feature_set_free (AhoydFeatureSet *set)
{
  g_return_if_fail (set != NULL && set->walks == NULL);

  for (guint i = set->running->len; i > 0; i--)
    if (nth (set, i - 1)->feature->stop != NULL)
      nth (set, i - 1)->feature->stop (nth (set, i - 1)->self);
  g_array_unref (set->running);
  g_hash_table_unref (set->online);
  ahoyd_dispatch_free (set->dispatch);
  g_free (set);
}

AhoydDispatch *
ahoyd_feature_set_get_dispatch (AhoydFeatureSet *set)
{
  g_return_val_if_fail (set != NULL, NULL);

  return set->dispatch;
}

void
ahoyd_feature_set_describe (AhoydFeatureSet *set,
                            AhoydPerson     *person,
                            AhoyPacket      *packet)
{
  g_return_if_fail (set != NULL && person != NULL && packet != NULL);

  for (guint i = 0; i < set->running->len; i++)
    if (nth (set, i)->feature->describe != NULL)
      nth (set, i)->feature->describe (person, packet, nth (set, i)->self);
}

void
ahoyd_feature_set_committed (AhoydFeatureSet  *set,
                             const AhoydEvent *event)
{
  g_return_if_fail (set != NULL && event != NULL);

  for (guint i = 0; i < set->running->len; i++)
    if (nth (set, i)->feature->committed != NULL)
      nth (set, i)->feature->committed (event, nth (set, i)->self);
}

void
ahoyd_feature_set_replayed (AhoydFeatureSet  *set,
                            AhoydPerson      *person,
                            const AhoydEvent *event)
{
  g_return_if_fail (set != NULL && person != NULL && event != NULL);

  for (guint i = 0; i < set->running->len; i++)
    if (nth (set, i)->feature->replayed != NULL)
      nth (set, i)->feature->replayed (person, event, nth (set, i)->self);
}

void
ahoyd_feature_set_forgotten (AhoydFeatureSet *set,
                             const char      *skeleton)
{
  g_return_if_fail (set != NULL && skeleton != NULL);

  for (guint i = 0; i < set->running->len; i++)
    if (nth (set, i)->feature->forgotten != NULL)
      nth (set, i)->feature->forgotten (skeleton, nth (set, i)->self);
}

/* --- What happens to sessions --- */

void
ahoyd_feature_set_packet (AhoydFeatureSet *self, AhoydSession *session, const AhoyPacket *packet)
{
  ahoyd_dispatch (self->dispatch, session, packet);
}

void
ahoyd_feature_set_replaced (AhoydFeatureSet *self, AhoydPerson *person)
{
  for (guint i = 0; i < self->running->len; i++)
    if (nth (self, i)->feature->replaced != NULL)
      nth (self, i)->feature->replaced (person, nth (self, i)->self);
}

gboolean
ahoyd_feature_set_online (AhoydFeatureSet *self, AhoydSession *session)
{
  Walk walk = { self->walks, session };

  self->walks = &walk;
  for (guint i = 0; i < self->running->len && walk.session != NULL; i++)
    {
      g_hash_table_insert (self->online, session, GUINT_TO_POINTER (i + 1));
      if (nth (self, i)->feature->online != NULL)
        nth (self, i)->feature->online (session, nth (self, i)->self);
    }
  self->walks = walk.outer;
  return walk.session != NULL;
}

gboolean
ahoyd_feature_set_caught_up (AhoydFeatureSet *self, AhoydSession *session)
{
  Walk walk = { self->walks, session };

  self->walks = &walk;
  for (guint i = 0; i < self->running->len && walk.session != NULL; i++)
    if (nth (self, i)->feature->caught_up != NULL)
      nth (self, i)->feature->caught_up (session, nth (self, i)->self);
  self->walks = walk.outer;
  return walk.session != NULL;
}

void
ahoyd_feature_set_offline (AhoydFeatureSet *self, AhoydSession *session)
{
  const guint told = GPOINTER_TO_UINT (g_hash_table_lookup (self->online, session));

  for (guint i = told; i > 0; i--)
    if (nth (self, i - 1)->feature->offline != NULL)
      nth (self, i - 1)->feature->offline (session, nth (self, i - 1)->self);
}

void
ahoyd_feature_set_ended (AhoydFeatureSet *self, AhoydSession *session)
{
  g_hash_table_remove (self->online, session);
  for (Walk *walk = self->walks; walk != NULL; walk = walk->outer)
    if (walk->session == session)
      walk->session = NULL;
}
