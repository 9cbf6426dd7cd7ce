/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The list of Everyone and the people. */

#include "ui/ahoy-sidebar.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-conversation-row.h"
#include "ui/ahoy-person-card.h"
#include "ui/ahoy-server-button.h"

struct _AhoySidebar {
  GtkWidget parent_instance;

  /* Template */
  GtkWidget          *header;
  GtkWidget          *search_bar;
  GtkWidget          *search_entry;
  GtkWidget          *scrolled;
  GtkListView        *view;
  GtkSingleSelection *selection;
  GListModel         *filtered;
  GtkStringFilter    *filter;
  AhoyPersonCard     *card;

  /* Owned */
  AhoyChat             *chat;
  AhoyConversationList *people;
  AhoyConversation     *conversation;
  GMenuModel           *menu_model;
  gboolean              window_controls;
};

G_DEFINE_FINAL_TYPE (AhoySidebar, ahoy_sidebar, GTK_TYPE_WIDGET)

enum {
  PROP_CHAT = 1,
  PROP_PEOPLE,
  PROP_CONVERSATION,
  PROP_MENU_MODEL,
  PROP_WINDOW_CONTROLS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The selection follows the conversation, not the other way round, when rows come, go or are filtered out. */
static void
select_conversation (AhoySidebar *self)
{
  guint n = g_list_model_get_n_items (self->filtered);
  guint position = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < n && self->conversation != NULL; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (self->filtered, i);

      if (conversation == self->conversation)
        {
          position = i;
          break;
        }
    }

  gtk_single_selection_set_selected (self->selection, position);
}

static void
set_conversation (AhoySidebar      *self,
                  AhoyConversation *conversation)
{
  if (!g_set_object (&self->conversation, conversation))
    return;

  select_conversation (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

static void
on_items_changed (AhoySidebar *self)
{
  if (gtk_single_selection_get_selected_item (self->selection) != (gpointer) self->conversation)
    select_conversation (self);
}

static void
on_selected_item (AhoySidebar *self)
{
  AhoyConversation *conversation = gtk_single_selection_get_selected_item (self->selection);

  if (conversation != NULL)
    set_conversation (self, conversation);
}

static void
open_at (AhoySidebar *self,
         guint        position)
{
  g_autoptr (AhoyConversation) conversation = g_list_model_get_item (self->filtered, position);

  if (conversation == NULL)
    return;

  set_conversation (self, conversation);
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "chat.write", NULL);
}

static void
on_activate (AhoySidebar *self,
             guint        position)
{
  open_at (self, position);
}

/* The row of a list item, or what is in it. */
static GtkWidget *
find_row (GtkWidget *widget)
{
  GtkWidget *row = widget != NULL ? gtk_widget_get_ancestor (widget, AHOY_TYPE_CONVERSATION_ROW) : NULL;

  if (row == NULL && widget != NULL && AHOY_IS_CONVERSATION_ROW (gtk_widget_get_first_child (widget)))
    row = gtk_widget_get_first_child (widget);

  return row;
}

/* What is known about the person of that row; nothing about Everyone. */
static gboolean
show_card (AhoySidebar *self,
           GtkWidget   *row)
{
  AhoyConversation *conversation = row != NULL ? ahoy_conversation_row_get_conversation (AHOY_CONVERSATION_ROW (row)) : NULL;
  graphene_rect_t   bounds;

  if (conversation == NULL || ahoy_conversation_is_everyone (conversation) || !gtk_widget_compute_bounds (row, GTK_WIDGET (self), &bounds))
    return FALSE;

  ahoy_person_card_set_conversation (self->card, conversation);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->card),
                               &(GdkRectangle){ bounds.origin.x, bounds.origin.y, bounds.size.width, bounds.size.height });
  gtk_popover_popup (GTK_POPOVER (self->card));

  return TRUE;
}

static void
on_secondary (GtkGesture  *gesture,
              int          n_press,
              double       x,
              double       y,
              AhoySidebar *self)
{
  if (show_card (self, find_row (gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT))))
    gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
on_long_press (GtkGesture  *gesture,
               double       x,
               double       y,
               AhoySidebar *self)
{
  on_secondary (gesture, 1, x, y, self);
}

/* About the person whose row has the keyboard. */
static void
about_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  show_card (AHOY_SIDEBAR (widget), find_row (gtk_root_get_focus (gtk_widget_get_root (widget))));
}

static void
on_released (GtkGestureClick *gesture,
             int              n_press,
             double           x,
             double           y,
             AhoySidebar     *self)
{
  GtkWidget *row = find_row (gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT));

  if (row == NULL)
    return;

  set_conversation (self, ahoy_conversation_row_get_conversation (AHOY_CONVERSATION_ROW (row)));
  gtk_widget_activate_action (GTK_WIDGET (self), "chat.write", NULL);
}

static void
on_search_activate (AhoySidebar *self)
{
  open_at (self, 0);
}

static void
on_search_mode (AhoySidebar *self)
{
  if (gtk_search_bar_get_search_mode (GTK_SEARCH_BAR (self->search_bar)))
    gtk_widget_grab_focus (self->search_entry);
  else
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}

static gboolean
ahoy_sidebar_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_SIDEBAR (widget)->view));
}

static void
ahoy_sidebar_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  AhoySidebar *self = AHOY_SIDEBAR (object);

  switch (id)
    {
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_PEOPLE:
      g_value_set_object (value, self->people);
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_MENU_MODEL:
      g_value_set_object (value, self->menu_model);
      break;
    case PROP_WINDOW_CONTROLS:
      g_value_set_boolean (value, self->window_controls);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_sidebar_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  AhoySidebar *self = AHOY_SIDEBAR (object);

  switch (id)
    {
    case PROP_CHAT:
      g_set_object (&self->chat, g_value_get_object (value));
      break;
    case PROP_PEOPLE:
      g_set_object (&self->people, g_value_get_object (value));
      break;
    case PROP_CONVERSATION:
      set_conversation (self, g_value_get_object (value));
      break;
    case PROP_MENU_MODEL:
      g_set_object (&self->menu_model, g_value_get_object (value));
      break;
    case PROP_WINDOW_CONTROLS:
      self->window_controls = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_sidebar_dispose (GObject *object)
{
  AhoySidebar *self = AHOY_SIDEBAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_SIDEBAR);
  g_clear_object (&self->chat);
  g_clear_object (&self->people);
  g_clear_object (&self->conversation);
  g_clear_object (&self->menu_model);

  G_OBJECT_CLASS (ahoy_sidebar_parent_class)->dispose (object);
}

static void
ahoy_sidebar_class_init (AhoySidebarClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_sidebar_get_property;
  object_class->set_property = ahoy_sidebar_set_property;
  object_class->dispose = ahoy_sidebar_dispose;
  widget_class->grab_focus = ahoy_sidebar_grab_focus;

  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PEOPLE] = g_param_spec_object ("people", NULL, NULL, AHOY_TYPE_CONVERSATION_LIST, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MENU_MODEL] = g_param_spec_object ("menu-model", NULL, NULL, G_TYPE_MENU_MODEL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_WINDOW_CONTROLS] = g_param_spec_boolean ("window-controls", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_PERSON_CARD);
  g_type_ensure (AHOY_TYPE_CONVERSATION_ROW);
  g_type_ensure (AHOY_TYPE_SERVER_BUTTON);
  gtk_widget_class_install_action (widget_class, "sidebar.about", NULL, about_action);
  gtk_widget_class_set_css_name (widget_class, "sidebar");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, header);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, scrolled);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, view);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, selection);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, filtered);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, filter);
  gtk_widget_class_bind_template_child (widget_class, AhoySidebar, card);
  gtk_widget_class_bind_template_callback (widget_class, on_items_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_long_press);
  gtk_widget_class_bind_template_callback (widget_class, on_secondary);
  gtk_widget_class_bind_template_callback (widget_class, on_selected_item);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_released);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_search_mode);
}

static void
ahoy_sidebar_init (AhoySidebar *self)
{
  g_autoptr (GtkExpression) title = ahoy_conversation_list_new_title_expression ();

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_string_filter_set_expression (self->filter, title);
  gtk_search_bar_connect_entry (GTK_SEARCH_BAR (self->search_bar), GTK_EDITABLE (self->search_entry));
  gtk_search_bar_set_key_capture_widget (GTK_SEARCH_BAR (self->search_bar), GTK_WIDGET (self->view));
}

void
ahoy_sidebar_find_people (AhoySidebar *self)
{
  g_return_if_fail (AHOY_IS_SIDEBAR (self));

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (self->search_bar), TRUE);
  gtk_widget_grab_focus (self->search_entry);
}
