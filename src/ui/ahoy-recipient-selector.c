/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom one writes to. */

#include "ui/ahoy-recipient-selector.h"

#include "ui/ahoy-sentences.h"

/* With more than this many the list has a search entry. */
#define SEARCH_FROM 12
#define MAX_CHARS 24

struct _AhoyRecipientSelector {
  GtkWidget parent_instance;

  /* Template */
  GtkDropDown *drop_down;

  /* Owned */
  AhoyConversationList *people;
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

/* Names can be longer than the window is wide. Behind them a mark on who came back under another key. */
static void
on_setup (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *mark = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (mark, "error");
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, "max-width-chars", MAX_CHARS, NULL));
  gtk_box_append (GTK_BOX (box), mark);
  gtk_list_item_set_child (item, box);
}

static void
update_row (GtkListItem *item)
{
  AhoyConversation *conversation = gtk_list_item_get_item (item);
  AhoyPerson       *person = conversation != NULL ? ahoy_conversation_get_person (conversation) : NULL;
  GtkWidget        *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget        *mark = gtk_widget_get_next_sibling (label);
  const char       *trust = conversation != NULL ? ahoy_sentence_trust (conversation) : NULL;

  if (conversation == NULL)
    return;

  gtk_widget_set_visible (mark, person != NULL && ahoy_person_get_changed (person));
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, trust != NULL ? trust : "", -1);
  gtk_label_set_label (GTK_LABEL (label), ahoy_sentence_title (conversation));
  if (person == NULL || ahoy_person_get_online (person))
    gtk_widget_remove_css_class (label, "dim-label");
  else
    gtk_widget_add_css_class (label, "dim-label");
}

static void
on_bind (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  AhoyPerson *person = ahoy_conversation_get_person (gtk_list_item_get_item (item));

  if (person != NULL)
    g_signal_connect_object (person, "notify", G_CALLBACK (update_row), item, G_CONNECT_SWAPPED);
  update_row (item);
}

static void
on_unbind (GtkSignalListItemFactory *factory,
           GtkListItem              *item)
{
  AhoyPerson *person = ahoy_conversation_get_person (gtk_list_item_get_item (item));

  if (person != NULL)
    g_signal_handlers_disconnect_by_func (person, update_row, item);
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
  if (self->people != NULL)
    g_signal_handlers_disconnect_by_func (self->people, on_items_changed, self);
  g_set_object (&self->people, people);
  if (people != NULL)
    g_signal_connect_object (people, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
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

  set_people (self, NULL);
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

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-recipient-selector.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyRecipientSelector, drop_down);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_item);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_unbind);
}

static void
ahoy_recipient_selector_init (AhoyRecipientSelector *self)
{
  g_autoptr (GtkExpression) title = ahoy_conversation_list_new_title_expression ();

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
