/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A message where it stands in its conversation. */

#include "ui/ahoy-timeline-item.h"

#include "ui/ahoy-sentences.h"

struct _AhoyTimelineItem {
  GObject parent_instance;

  /* Owned */
  AhoyMessage *message;
  AhoyMessage *previous;
  GHashTable  *registry;
  gboolean     starts_group;
  gboolean     starts_day;
  gboolean     first_unread;
};

G_DEFINE_FINAL_TYPE (AhoyTimelineItem, ahoy_timeline_item, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
follows_on (AhoyMessage *message,
            AhoyMessage *previous)
{
  return ahoy_message_get_kind (message) == AHOY_MESSAGE_CHAT && ahoy_message_get_kind (previous) == AHOY_MESSAGE_CHAT &&
         g_strcmp0 (ahoy_message_get_from (message), ahoy_message_get_from (previous)) == 0 &&
         g_strcmp0 (ahoy_message_get_to (message), ahoy_message_get_to (previous)) == 0 &&
         ahoy_message_is_own (message) == ahoy_message_is_own (previous) &&
         ahoy_message_is_private (message) == ahoy_message_is_private (previous) &&
         ahoy_sentence_same_minute (ahoy_message_get_time (message), ahoy_message_get_time (previous));
}

static void
place (AhoyTimelineItem *self)
{
  AhoyMessage *message = self->message;
  AhoyMessage *previous = self->previous;

  self->starts_day = previous == NULL || !ahoy_sentence_same_day (ahoy_message_get_time (message), ahoy_message_get_time (previous));
  self->starts_group = self->starts_day || self->first_unread || !follows_on (message, previous);
}

static void
on_changed (AhoyTimelineItem *self)
{
  place (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ahoy_timeline_item_dispose (GObject *object)
{
  AhoyTimelineItem *self = AHOY_TIMELINE_ITEM (object);

  if (self->registry != NULL)
    g_hash_table_remove (self->registry, self->message);
  g_clear_pointer (&self->registry, g_hash_table_unref);

  G_OBJECT_CLASS (ahoy_timeline_item_parent_class)->dispose (object);
}

static void
ahoy_timeline_item_finalize (GObject *object)
{
  AhoyTimelineItem *self = AHOY_TIMELINE_ITEM (object);

  g_clear_object (&self->previous);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (ahoy_timeline_item_parent_class)->finalize (object);
}

static void
ahoy_timeline_item_class_init (AhoyTimelineItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ahoy_timeline_item_dispose;
  object_class->finalize = ahoy_timeline_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ahoy_timeline_item_init (AhoyTimelineItem *self)
{
}

AhoyTimelineItem *
ahoy_timeline_item_new (AhoyMessage *message,
                        GHashTable  *registry)
{
  AhoyTimelineItem *self;

  g_return_val_if_fail (AHOY_IS_MESSAGE (message), NULL);
  g_return_val_if_fail (registry != NULL, NULL);

  self = g_object_new (AHOY_TYPE_TIMELINE_ITEM, NULL);
  self->message = g_object_ref (message);
  self->registry = g_hash_table_ref (registry);
  g_hash_table_insert (registry, message, self);
  g_signal_connect_object (message, "notify", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  place (self);

  return self;
}

AhoyMessage *
ahoy_timeline_item_get_message (AhoyTimelineItem *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_ITEM (self), NULL);

  return self->message;
}

gboolean
ahoy_timeline_item_get_starts_group (AhoyTimelineItem *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_ITEM (self), FALSE);

  return self->starts_group;
}

gboolean
ahoy_timeline_item_get_starts_day (AhoyTimelineItem *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_ITEM (self), FALSE);

  return self->starts_day;
}

gboolean
ahoy_timeline_item_get_first_unread (AhoyTimelineItem *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_ITEM (self), FALSE);

  return self->first_unread;
}

void
ahoy_timeline_item_set_previous (AhoyTimelineItem *self,
                                 AhoyMessage      *previous)
{
  g_return_if_fail (AHOY_IS_TIMELINE_ITEM (self));
  g_return_if_fail (previous == NULL || AHOY_IS_MESSAGE (previous));

  if (self->previous == previous)
    return;

  if (self->previous != NULL)
    g_signal_handlers_disconnect_by_func (self->previous, on_changed, self);
  g_set_object (&self->previous, previous);
  if (previous != NULL)
    g_signal_connect_object (previous, "notify::time", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  on_changed (self);
}

void
ahoy_timeline_item_set_first_unread (AhoyTimelineItem *self,
                                     gboolean          first_unread)
{
  g_return_if_fail (AHOY_IS_TIMELINE_ITEM (self));

  if (self->first_unread == first_unread)
    return;

  self->first_unread = first_unread;
  on_changed (self);
}

void
ahoy_timeline_item_day_changed (AhoyTimelineItem *self)
{
  g_return_if_fail (AHOY_IS_TIMELINE_ITEM (self));

  if (self->starts_day)
    on_changed (self);
}
