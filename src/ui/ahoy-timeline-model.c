/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The messages of a conversation as items that know their neighbour.
 *
 * Items are made when asked for and found again by their message in the registry, which holds no reference. Only items that are alive (some two
 * hundred, those a list view keeps rows for) are told about changes beside them; the others find out when they are made. */

#include "ui/ahoy-timeline-model.h"

#include "ui/ahoy-sentences.h"
#include "ui/ahoy-timeline-item.h"

struct _AhoyTimelineModel {
  GObject parent_instance;

  /* Owned */
  AhoyConversation *conversation;
  GListModel       *messages;
  AhoyMessage      *first_unread;
  GSignalGroup     *unread;
  GSignalGroup     *watch;
  GHashTable       *registry; /* AhoyMessage -> AhoyTimelineItem, neither held */
  guint             shown;    /* how many of the messages this list has; the rest is pending */
  gint64            day;      /* microseconds: when the days were last looked at */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AhoyTimelineModel, ahoy_timeline_model, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum {
  PROP_CONVERSATION = 1,
  PROP_PENDING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *list)
{
  return AHOY_TYPE_TIMELINE_ITEM;
}

static guint
get_n_items (GListModel *list)
{
  return AHOY_TIMELINE_MODEL (list)->shown;
}

AhoyMessage *
ahoy_timeline_model_peek_message (AhoyTimelineModel *self,
                                  guint              position)
{
  g_autoptr (AhoyMessage) message = NULL;

  g_return_val_if_fail (AHOY_IS_TIMELINE_MODEL (self), NULL);

  if (position >= self->shown)
    return NULL;
  message = g_list_model_get_item (self->messages, position);

  return message; /* the conversation holds it */
}

static AhoyMessage *
peek_previous (AhoyTimelineModel *self,
               guint              position)
{
  return position > 0 ? ahoy_timeline_model_peek_message (self, position - 1) : NULL;
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  AhoyTimelineModel *self = AHOY_TIMELINE_MODEL (list);
  AhoyMessage       *message = ahoy_timeline_model_peek_message (self, position);
  AhoyTimelineItem  *item;

  if (message == NULL)
    return NULL;
  item = g_hash_table_lookup (self->registry, message);
  if (item != NULL)
    return g_object_ref (item);

  item = ahoy_timeline_item_new (message, self->registry);
  ahoy_timeline_item_set_previous (item, peek_previous (self, position));
  ahoy_timeline_item_set_first_unread (item, message == self->first_unread);

  return item;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* Tells the item at @position, if it is alive, who stands before it now. */
static void
refresh_neighbour (AhoyTimelineModel *self,
                   guint              position)
{
  AhoyMessage      *message = ahoy_timeline_model_peek_message (self, position);
  AhoyTimelineItem *item = message != NULL ? g_hash_table_lookup (self->registry, message) : NULL;

  if (item != NULL)
    ahoy_timeline_item_set_previous (item, peek_previous (self, position));
}

static void
mark_unread (AhoyTimelineModel *self,
             gboolean           marked)
{
  AhoyTimelineItem *item = self->first_unread != NULL ? g_hash_table_lookup (self->registry, self->first_unread) : NULL;

  if (item != NULL)
    ahoy_timeline_item_set_first_unread (item, marked);
}

guint
ahoy_timeline_model_find (AhoyTimelineModel *self,
                          AhoyMessage       *message)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_MODEL (self), G_MAXUINT);

  for (guint i = message != NULL ? self->shown : 0; i-- > 0;)
    {
      if (ahoy_timeline_model_peek_message (self, i) == message)
        return i;
    }

  return G_MAXUINT;
}

static void
on_first_unread (AhoyTimelineModel *self)
{
  AhoyMessage *first_unread = self->conversation != NULL ? ahoy_conversation_get_first_unread (self->conversation) : NULL;

  if (first_unread == self->first_unread)
    return;

  mark_unread (self, FALSE);
  g_set_object (&self->first_unread, first_unread);
  mark_unread (self, TRUE);
}

static void
change (AhoyTimelineModel *self,
        guint              position,
        guint              removed,
        guint              added)
{
  self->shown = self->shown - removed + added;
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  refresh_neighbour (self, position + added);
}

static void
on_items_changed (AhoyTimelineModel *self,
                  guint              position,
                  guint              removed,
                  guint              added)
{
  /* At the end, or among those held back: they wait for the frame. */
  if (position < self->shown)
    change (self, position, MIN (removed, self->shown - position), position + removed <= self->shown ? added : 0);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
}

static void
ahoy_timeline_model_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  AhoyTimelineModel *self = AHOY_TIMELINE_MODEL (object);

  switch (id)
    {
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_PENDING:
      g_value_set_uint (value, ahoy_timeline_model_get_pending (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_timeline_model_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATION:
      ahoy_timeline_model_set_conversation (AHOY_TIMELINE_MODEL (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_timeline_model_dispose (GObject *object)
{
  AhoyTimelineModel *self = AHOY_TIMELINE_MODEL (object);

  g_clear_object (&self->unread);
  g_clear_object (&self->watch);
  g_clear_object (&self->first_unread);
  g_clear_object (&self->messages);
  g_clear_object (&self->conversation);
  self->shown = 0;

  G_OBJECT_CLASS (ahoy_timeline_model_parent_class)->dispose (object);
}

static void
ahoy_timeline_model_finalize (GObject *object)
{
  AhoyTimelineModel *self = AHOY_TIMELINE_MODEL (object);

  g_hash_table_unref (self->registry);

  G_OBJECT_CLASS (ahoy_timeline_model_parent_class)->finalize (object);
}

static void
ahoy_timeline_model_class_init (AhoyTimelineModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ahoy_timeline_model_get_property;
  object_class->set_property = ahoy_timeline_model_set_property;
  object_class->dispose = ahoy_timeline_model_dispose;
  object_class->finalize = ahoy_timeline_model_finalize;

  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PENDING] = g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_timeline_model_init (AhoyTimelineModel *self)
{
  self->unread = g_signal_group_new (AHOY_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->unread, "notify::first-unread", G_CALLBACK (on_first_unread), self);
  self->watch = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->watch, "items-changed", G_CALLBACK (on_items_changed), self);
  self->registry = g_hash_table_new (NULL, NULL);
  self->day = g_get_real_time ();
}

AhoyConversation *
ahoy_timeline_model_get_conversation (AhoyTimelineModel *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_MODEL (self), NULL);

  return self->conversation;
}

void
ahoy_timeline_model_set_conversation (AhoyTimelineModel *self,
                                      AhoyConversation  *conversation)
{
  guint old;

  g_return_if_fail (AHOY_IS_TIMELINE_MODEL (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (self->conversation == conversation)
    return;

  g_signal_group_set_target (self->watch, NULL);
  g_signal_group_set_target (self->unread, NULL);
  mark_unread (self, FALSE);
  g_clear_object (&self->first_unread);
  g_clear_object (&self->messages);
  g_set_object (&self->conversation, conversation);
  old = self->shown;
  self->shown = 0;
  /* A whisper stands in two conversations: what is alive of the last one knows other neighbours. */
  g_hash_table_unref (self->registry);
  self->registry = g_hash_table_new (NULL, NULL);

  if (conversation != NULL)
    {
      self->messages = g_object_ref (ahoy_conversation_get_messages (conversation));
      g_set_object (&self->first_unread, ahoy_conversation_get_first_unread (conversation));
      self->shown = g_list_model_get_n_items (self->messages);
      g_signal_group_set_target (self->watch, self->messages);
      g_signal_group_set_target (self->unread, conversation);
    }

  g_list_model_items_changed (G_LIST_MODEL (self), 0, old, self->shown);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
}

guint
ahoy_timeline_model_get_pending (AhoyTimelineModel *self)
{
  g_return_val_if_fail (AHOY_IS_TIMELINE_MODEL (self), 0);

  return self->messages != NULL ? g_list_model_get_n_items (self->messages) - self->shown : 0;
}

void
ahoy_timeline_model_flush (AhoyTimelineModel *self)
{
  guint pending;

  g_return_if_fail (AHOY_IS_TIMELINE_MODEL (self));

  pending = ahoy_timeline_model_get_pending (self);
  if (pending == 0)
    return;

  change (self, self->shown, 0, pending);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
}

void
ahoy_timeline_model_check_day (AhoyTimelineModel *self)
{
  gint64         now = g_get_real_time ();
  GHashTableIter iter;
  gpointer       item;

  g_return_if_fail (AHOY_IS_TIMELINE_MODEL (self));

  if (ahoy_sentence_same_day (now / 1000, self->day / 1000))
    return;

  self->day = now;
  g_hash_table_iter_init (&iter, self->registry);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    ahoy_timeline_item_day_changed (item);
}
