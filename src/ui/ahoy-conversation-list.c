/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The conversations in the order they are shown. */

#include "ui/ahoy-conversation-list.h"

#include "ui/ahoy-sentences.h"

struct _AhoyConversationList {
  GObject parent_instance;

  /* Owned */
  GListModel       *conversations;
  GSignalGroup     *watch;
  GListStore       *entries; /* the same conversations; one is replaced by itself when its place may have changed */
  GtkSortListModel *sorted;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AhoyConversationList, ahoy_conversation_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum {
  PROP_CONVERSATIONS = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *list)
{
  return AHOY_TYPE_CONVERSATION;
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (AHOY_CONVERSATION_LIST (list)->sorted));
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (AHOY_CONVERSATION_LIST (list)->sorted), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static int
rank (AhoyConversation *conversation,
      gpointer          data)
{
  AhoyPerson *person = ahoy_conversation_get_person (conversation);

  if (person == NULL)
    return 0;

  return ahoy_person_get_online (person) ? 1 : 2;
}

static char *
title (AhoyConversation *conversation,
       gpointer          data)
{
  return conversation != NULL ? g_strdup (ahoy_sentence_title (conversation)) : NULL;
}

GtkExpression *
ahoy_conversation_list_new_title_expression (void)
{
  return gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (title), NULL, NULL);
}

static GtkSorter *
new_sorter (void)
{
  GtkMultiSorter *sorter = gtk_multi_sorter_new ();
  GtkExpression  *by_rank = gtk_cclosure_expression_new (G_TYPE_INT, NULL, 0, NULL, G_CALLBACK (rank), NULL, NULL);

  gtk_multi_sorter_append (sorter, GTK_SORTER (gtk_numeric_sorter_new (by_rank)));
  gtk_multi_sorter_append (sorter, GTK_SORTER (gtk_string_sorter_new (ahoy_conversation_list_new_title_expression ())));

  return GTK_SORTER (sorter);
}

static void
on_person (AhoyPerson           *person,
           GParamSpec           *pspec,
           AhoyConversationList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->entries));

  if (!g_str_equal (pspec->name, "online") && !g_str_equal (pspec->name, "name"))
    return;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->entries), i);
      gpointer                     replacement = conversation;

      if (ahoy_conversation_get_person (conversation) == person)
        {
          g_list_store_splice (self->entries, i, 1, &replacement, 1);
          return;
        }
    }
}

static void
watch (AhoyConversationList *self,
       AhoyConversation     *conversation,
       gboolean              watched)
{
  AhoyPerson *person = ahoy_conversation_get_person (conversation);

  if (person == NULL)
    return;

  if (watched)
    {
      g_signal_connect_object (person, "notify", G_CALLBACK (on_person), self, 0);
    }
  else
    {
      g_signal_handlers_disconnect_by_func (person, on_person, self);
    }
}

static void
on_items_changed (AhoyConversationList *self,
                  guint                 position,
                  guint                 removed,
                  guint                 added)
{
  g_autoptr (GPtrArray) conversations = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = position; i < position + removed; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->entries), i);

      watch (self, conversation, FALSE);
    }
  for (guint i = position; i < position + added; i++)
    {
      g_ptr_array_add (conversations, g_list_model_get_item (self->conversations, i));
      watch (self, g_ptr_array_index (conversations, i - position), TRUE);
    }
  g_list_store_splice (self->entries, position, removed, conversations->pdata, added);
}

static void
ahoy_conversation_list_set_property (GObject      *object,
                                     guint         id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATIONS:
      ahoy_conversation_list_set_conversations (AHOY_CONVERSATION_LIST (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_list_get_property (GObject    *object,
                                     guint       id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONVERSATIONS:
      g_value_set_object (value, AHOY_CONVERSATION_LIST (object)->conversations);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_conversation_list_dispose (GObject *object)
{
  AhoyConversationList *self = AHOY_CONVERSATION_LIST (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->conversations);

  G_OBJECT_CLASS (ahoy_conversation_list_parent_class)->dispose (object);
}

static void
ahoy_conversation_list_finalize (GObject *object)
{
  AhoyConversationList *self = AHOY_CONVERSATION_LIST (object);

  g_clear_object (&self->sorted);
  g_clear_object (&self->entries);

  G_OBJECT_CLASS (ahoy_conversation_list_parent_class)->finalize (object);
}

static void
ahoy_conversation_list_class_init (AhoyConversationListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ahoy_conversation_list_get_property;
  object_class->set_property = ahoy_conversation_list_set_property;
  object_class->dispose = ahoy_conversation_list_dispose;
  object_class->finalize = ahoy_conversation_list_finalize;

  properties[PROP_CONVERSATIONS] = g_param_spec_object ("conversations", NULL, NULL, G_TYPE_LIST_MODEL,
                                                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_conversation_list_init (AhoyConversationList *self)
{
  self->watch = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->watch, "items-changed", G_CALLBACK (on_items_changed), self);
  self->entries = g_list_store_new (AHOY_TYPE_CONVERSATION);
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->entries)), new_sorter ());
  g_signal_connect_object (self->sorted, "items-changed", G_CALLBACK (g_list_model_items_changed), self, G_CONNECT_SWAPPED);
}

void
ahoy_conversation_list_set_conversations (AhoyConversationList *self,
                                          GListModel           *conversations)
{
  guint old;

  g_return_if_fail (AHOY_IS_CONVERSATION_LIST (self));
  g_return_if_fail (conversations == NULL || G_IS_LIST_MODEL (conversations));

  if (self->conversations == conversations)
    return;

  old = g_list_model_get_n_items (G_LIST_MODEL (self->entries));
  g_set_object (&self->conversations, conversations);
  g_signal_group_set_target (self->watch, conversations);
  on_items_changed (self, 0, old, conversations != NULL ? g_list_model_get_n_items (conversations) : 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATIONS]);
}
