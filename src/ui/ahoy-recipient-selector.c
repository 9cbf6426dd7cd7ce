/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The drop-down that chooses whom one writes to. */

#include "ui/ahoy-recipient-selector.h"

#include "ui/ahoy-recipient-row.h"

/* With more than this many the list has a search entry. */
#define SEARCH_FROM 12

struct _AhoyRecipientSelector {
  GtkWidget parent_instance;

  /* Template */
  GtkDropDown *drop_down;

  /* Owned */
  AhoyConversationList *people;
  GSignalGroup         *watch; /* of the people */
  AhoyConversation     *conversation;
};

G_DEFINE_FINAL_TYPE (AhoyRecipientSelector, ahoy_recipient_selector, GTK_TYPE_WIDGET)

enum {
  PROP_PEOPLE = 1,
  PROP_CONVERSATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
find_conversation (AhoyRecipientSelector *self)
{
  guint n = self->people != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->people)) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (conversation == self->conversation)
        return i;
    }

  return GTK_INVALID_LIST_POSITION;
}

static void
select_conversation (AhoyRecipientSelector *self)
{
  if (gtk_drop_down_get_selected_item (self->drop_down) != (gpointer) self->conversation)
    gtk_drop_down_set_selected (self->drop_down, find_conversation (self));
}

static void
on_selected_item (AhoyRecipientSelector *self)
{
  AhoyConversation *conversation = gtk_drop_down_get_selected_item (self->drop_down);

  /* When the chosen one is taken out of the list the drop-down chooses the next. Nobody else did. */
  if (conversation == NULL || (self->conversation != NULL && find_conversation (self) == GTK_INVALID_LIST_POSITION))
    return;

  ahoy_recipient_selector_set_conversation (self, conversation);
}

static void
on_items_changed (AhoyRecipientSelector *self)
{
  gtk_drop_down_set_enable_search (self->drop_down, g_list_model_get_n_items (G_LIST_MODEL (self->people)) > SEARCH_FROM);
  select_conversation (self);
}

static void
set_people (AhoyRecipientSelector *self,
            AhoyConversationList  *people)
{
  g_set_object (&self->people, people);
  g_signal_group_set_target (self->watch, people);
}

static void
ahoy_recipient_selector_get_property (GObject    *object,
                                      guint       id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  AhoyRecipientSelector *self = AHOY_RECIPIENT_SELECTOR (object);

  switch (id)
    {
    case PROP_PEOPLE:
      g_value_set_object (value, self->people);
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_recipient_selector_set_property (GObject      *object,
                                      guint         id,
                                      const GValue *value,
                                      GParamSpec   *pspec)
{
  AhoyRecipientSelector *self = AHOY_RECIPIENT_SELECTOR (object);

  switch (id)
    {
    case PROP_PEOPLE:
      set_people (self, g_value_get_object (value));
      break;
    case PROP_CONVERSATION:
      ahoy_recipient_selector_set_conversation (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_recipient_selector_dispose (GObject *object)
{
  AhoyRecipientSelector *self = AHOY_RECIPIENT_SELECTOR (object);

  g_clear_object (&self->watch);
  g_clear_object (&self->people);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_RECIPIENT_SELECTOR);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (ahoy_recipient_selector_parent_class)->dispose (object);
}

static void
ahoy_recipient_selector_class_init (AhoyRecipientSelectorClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_recipient_selector_get_property;
  object_class->set_property = ahoy_recipient_selector_set_property;
  object_class->dispose = ahoy_recipient_selector_dispose;

  properties[PROP_PEOPLE] = g_param_spec_object ("people", NULL, NULL, AHOY_TYPE_CONVERSATION_LIST, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_RECIPIENT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-recipient-selector.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyRecipientSelector, drop_down);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_item);
}

static void
ahoy_recipient_selector_init (AhoyRecipientSelector *self)
{
  g_autoptr (GtkExpression) title = ahoy_conversation_list_new_title_expression ();

  self->watch = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_data (self->watch, "items-changed", G_CALLBACK (on_items_changed), self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_drop_down_set_expression (self->drop_down, title);
}

AhoyConversation *
ahoy_recipient_selector_get_conversation (AhoyRecipientSelector *self)
{
  g_return_val_if_fail (AHOY_IS_RECIPIENT_SELECTOR (self), NULL);

  return self->conversation;
}

void
ahoy_recipient_selector_set_conversation (AhoyRecipientSelector *self,
                                          AhoyConversation      *conversation)
{
  g_return_if_fail (AHOY_IS_RECIPIENT_SELECTOR (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  if (!g_set_object (&self->conversation, conversation))
    return;

  select_conversation (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}
