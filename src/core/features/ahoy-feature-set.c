/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The features of one chat. */

#include "core/features/ahoy-feature-set.h"

typedef struct {
  const AhoyFeature *feature; /* Borrowed */
  gpointer           self;    /* Owned: until it stops */
} Running;

struct _AhoyFeatureSet {
  /* Owned */
  guint   n;
  Running running[]; /* in the order of the list */
};

GPtrArray *
ahoy_feature_set_list_tables (const AhoyFeature *const *features)
{
  GPtrArray *tables = g_ptr_array_new ();

  for (guint i = 0; features[i]; i++)
    if (features[i]->table)
      g_ptr_array_add (tables, (gpointer) features[i]->table);
  g_ptr_array_add (tables, NULL);
  return tables;
}

AhoyFeatureSet *
ahoy_feature_set_new (const AhoyFeature *const *features,
                      const AhoyChatParts      *chat)
{
  AhoyFeatureSet *self;
  guint           n = 0;

  while (features[n])
    n++;
  self = g_malloc0 (sizeof *self + n * sizeof (Running));
  for (; self->n < n; self->n++)
    {
      Running *running = &self->running[self->n];

      running->feature = features[self->n];
      if (running->feature->start)
        running->self = running->feature->start (chat, running->feature->options);
    }
  return self;
}

void
ahoy_feature_set_free (AhoyFeatureSet *self)
{
  for (guint i = self->n; i > 0; i--)
    if (self->running[i - 1].feature->stop)
      self->running[i - 1].feature->stop (self->running[i - 1].self);
  g_free (self);
}

gboolean
ahoy_feature_set_take (AhoyFeatureSet   *self,
                       const AhoyPacket *packet)
{
  for (guint i = 0; i < self->n; i++)
    {
      const AhoyFeature *feature = self->running[i].feature;

      for (gsize v = 0; v < feature->n_verbs; v++)
        {
          if (feature->verbs[v].kind != packet->kind || (packet->kind == AHOY_PACKET_UNKNOWN && feature->verbs[v].type != packet->type))
            continue;
          feature->verbs[v].take (packet, self->running[i].self);
          return TRUE;
        }
    }
  return FALSE;
}

static const Running *
find (AhoyFeatureSet *self,
      const char     *name)
{
  for (guint i = 0; i < self->n; i++)
    if (g_str_equal (self->running[i].feature->name, name))
      return &self->running[i];
  return NULL;
}

void
ahoy_feature_set_wish (AhoyFeatureSet   *self,
                       const char       *name,
                       AhoyConversation *conversation,
                       const char       *text)
{
  const Running *running = find (self, name);

  g_return_if_fail (running && running->feature->wish);

  running->feature->wish (conversation, text, running->self);
}

const char *
ahoy_feature_set_get (AhoyFeatureSet *self,
                      const char     *name)
{
  const Running *running = find (self, name);

  g_return_val_if_fail (running && running->feature->get, NULL);

  return running->feature->get (running->self);
}

void
ahoy_feature_set_attended (AhoyFeatureSet   *self,
                           AhoyConversation *conversation)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->attended)
      self->running[i].feature->attended (conversation, self->running[i].self);
}

void
ahoy_feature_set_load_older (AhoyFeatureSet   *self,
                             AhoyConversation *conversation)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->load_older)
      self->running[i].feature->load_older (conversation, self->running[i].self);
}

void
ahoy_feature_set_opened (AhoyFeatureSet   *self,
                         const AhoyNewest *newest)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->opened)
      self->running[i].feature->opened (newest, self->running[i].self);
}

void
ahoy_feature_set_closed (AhoyFeatureSet *self)
{
  for (guint i = self->n; i > 0; i--)
    if (self->running[i - 1].feature->closed)
      self->running[i - 1].feature->closed (self->running[i - 1].self);
}

void
ahoy_feature_set_begun (AhoyFeatureSet   *self,
                        AhoyConversation *conversation)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->begun)
      self->running[i].feature->begun (conversation, self->running[i].self);
}

void
ahoy_feature_set_restored (AhoyFeatureSet   *self,
                           AhoyConversation *conversation,
                           GPtrArray        *messages)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->restored)
      self->running[i].feature->restored (conversation, messages, self->running[i].self);
}

void
ahoy_feature_set_written (AhoyFeatureSet *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->written)
      self->running[i].feature->written (self->running[i].self);
}

void
ahoy_feature_set_parted (AhoyFeatureSet *self,
                         guint64         first,
                         guint           parting)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->parted)
      self->running[i].feature->parted (first, parting, self->running[i].self);
}

void
ahoy_feature_set_rejoined (AhoyFeatureSet          *self,
                           const AhoyPlace         *copy,
                           const AhoyStoredMessage *stored,
                           AhoyConversation        *where)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->rejoined)
      self->running[i].feature->rejoined (copy, stored, where, self->running[i].self);
}

void
ahoy_feature_set_online (AhoyFeatureSet *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->online)
      self->running[i].feature->online (self->running[i].self);
}

void
ahoy_feature_set_met (AhoyFeatureSet *self,
                      guint64         last)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->met)
      self->running[i].feature->met (last, self->running[i].self);
}

void
ahoy_feature_set_caught_up (AhoyFeatureSet *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->caught_up)
      self->running[i].feature->caught_up (self->running[i].self);
}

void
ahoy_feature_set_offline (AhoyFeatureSet *self)
{
  for (guint i = self->n; i > 0; i--)
    if (self->running[i - 1].feature->offline)
      self->running[i - 1].feature->offline (self->running[i - 1].self);
}

void
ahoy_feature_set_described (AhoyFeatureSet   *self,
                            AhoyPerson       *person,
                            const AhoyPacket *packet)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->described)
      self->running[i].feature->described (person, packet, self->running[i].self);
}

void
ahoy_feature_set_said (AhoyFeatureSet          *self,
                       AhoyConversation        *where,
                       const AhoyStoredMessage *stored)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->said)
      self->running[i].feature->said (where, stored, self->running[i].self);
}

gboolean
ahoy_feature_set_answer (AhoyFeatureSet          *self,
                         const AhoyStoredMessage *stored)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->answer && self->running[i].feature->answer (stored, self->running[i].self))
      return TRUE;
  return FALSE;
}

gboolean
ahoy_feature_set_refused (AhoyFeatureSet *self,
                          const char     *code)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->refused && self->running[i].feature->refused (code, self->running[i].self))
      return TRUE;
  return FALSE;
}

void
ahoy_feature_set_ponged (AhoyFeatureSet *self,
                         guint64         n)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->ponged)
      self->running[i].feature->ponged (n, self->running[i].self);
}

void
ahoy_feature_set_describe (AhoyFeatureSet *self,
                           AhoyMessage    *message)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->describe)
      self->running[i].feature->describe (message, self->running[i].self);
}

void
ahoy_feature_set_due (AhoyFeatureSet *self,
                      GPtrArray      *due)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->due)
      self->running[i].feature->due (due, self->running[i].self);
}

void
ahoy_feature_set_thawed (AhoyFeatureSet   *self,
                         AhoyConversation *conversation)
{
  for (guint i = 0; i < self->n; i++)
    if (self->running[i].feature->thawed)
      self->running[i].feature->thawed (conversation, self->running[i].self);
}
