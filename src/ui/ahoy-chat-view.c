/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The view that one has while online: people, messages, composer. */

#include "ui/ahoy-chat-view.h"

#include <adwaita.h>

#include "ui/ahoy-announcer.h"
#include "ui/ahoy-closures.h"
#include "ui/ahoy-composer.h"
#include "ui/ahoy-conversation-list.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-pace-line.h"
#include "ui/ahoy-person-card.h"
#include "ui/ahoy-search-bar.h"
#include "ui/ahoy-sidebar.h"
#include "ui/ahoy-subject.h"
#include "ui/ahoy-timeline.h"
#include "ui/ahoy-typing-line.h"

struct _AhoyChatView {
  GtkWidget parent_instance;

  /* Template */
  AdwLeaflet           *leaflet;
  AhoyConversationList *people;
  AhoySidebar          *sidebar;
  GtkWidget            *content;
  GtkMenuButton        *about;
  AhoySearchBar        *search;
  AhoyTimeline         *timeline;
  AhoyComposer         *composer;

  /* Owned */
  AhoyChat         *chat;
  AhoyConversation *conversation;
  AhoySubject      *subject;
  GMenuModel       *menu_model;
};

G_DEFINE_FINAL_TYPE (AhoyChatView, ahoy_chat_view, GTK_TYPE_WIDGET)

enum {
  PROP_CHAT = 1,
  PROP_CONVERSATION,
  PROP_MENU_MODEL,
  PROP_READING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
on_leaflet (AhoyChatView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READING]);
}

static void
on_show_message (AhoyChatView *self,
                 guint         position)
{
  ahoy_timeline_show_message (self->timeline, position);
}

/* Somebody who is gone may be taken out of the list while they are chosen. */
static void
on_items_changed (AhoyChatView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->people));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (conversation == self->conversation)
        return;
    }

  ahoy_chat_view_set_conversation (self, self->chat != NULL ? ahoy_chat_get_everyone (self->chat) : NULL);
}

/* Going from one conversation to the next in the order of the sidebar, round the ends. */
static void
step (AhoyChatView *self,
      int           direction)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->people));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->people), i);

      if (conversation == self->conversation)
        {
          g_autoptr (AhoyConversation) next = g_list_model_get_item (G_LIST_MODEL (self->people), (i + n + direction) % n);

          ahoy_chat_view_set_conversation (self, next);
          return;
        }
    }
}

static void
next_conversation (GtkWidget  *widget,
                   const char *action,
                   GVariant   *parameter)
{
  step (AHOY_CHAT_VIEW (widget), 1);
}

static void
previous_conversation (GtkWidget  *widget,
                       const char *action,
                       GVariant   *parameter)
{
  step (AHOY_CHAT_VIEW (widget), -1);
}

static void
write_action (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->content);
  gtk_widget_grab_focus (GTK_WIDGET (self->composer));
}

static void
about (GtkWidget  *widget,
       const char *action,
       GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->content);
  gtk_menu_button_popup (self->about);
}

static void
everyone (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  if (self->chat == NULL)
    return;

  ahoy_chat_view_set_conversation (self, ahoy_chat_get_everyone (self->chat));
  write_action (widget, action, parameter);
}

static void
focus_people (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
  gtk_widget_grab_focus (GTK_WIDGET (self->sidebar));
}

static void
find_people (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (self->sidebar));
  ahoy_sidebar_find_people (self->sidebar);
}

static void
search (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->content);
  ahoy_search_bar_open (self->search);
}

static void
newest (GtkWidget  *widget,
        const char *action,
        GVariant   *parameter)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (widget);

  ahoy_timeline_go_to_newest (self->timeline);
  write_action (widget, action, parameter);
}

/* People, messages, composer, and round again; those that are in sight. */
static void
step_region (AhoyChatView *self,
             int           direction)
{
  GtkWidget *regions[] = { GTK_WIDGET (self->sidebar), GTK_WIDGET (self->timeline), GTK_WIDGET (self->composer) };
  const int  n = G_N_ELEMENTS (regions);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  int        at = direction > 0 ? n - 1 : 0;

  for (int i = 0; i < n; i++)
    {
      if (focus != NULL && (focus == regions[i] || gtk_widget_is_ancestor (focus, regions[i])))
        at = i;
    }

  for (int i = 1; i < n; i++)
    {
      GtkWidget *region = regions[(at + n + i * direction) % n];

      if (gtk_widget_get_child_visible (region) && gtk_widget_get_mapped (region) && gtk_widget_grab_focus (region))
        return;
    }
}

static void
next_region (GtkWidget  *widget,
             const char *action,
             GVariant   *parameter)
{
  step_region (AHOY_CHAT_VIEW (widget), 1);
}

static void
previous_region (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  step_region (AHOY_CHAT_VIEW (widget), -1);
}

static gboolean
ahoy_chat_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_CHAT_VIEW (widget)->composer));
}

static void
ahoy_chat_view_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (object);

  switch (id)
    {
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_CONVERSATION:
      g_value_set_object (value, self->conversation);
      break;
    case PROP_MENU_MODEL:
      g_value_set_object (value, self->menu_model);
      break;
    case PROP_READING:
      g_value_set_boolean (value, ahoy_chat_view_get_reading (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_chat_view_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (object);

  switch (id)
    {
    case PROP_CHAT:
      ahoy_chat_view_set_chat (self, g_value_get_object (value));
      break;
    case PROP_CONVERSATION:
      ahoy_chat_view_set_conversation (self, g_value_get_object (value));
      break;
    case PROP_MENU_MODEL:
      g_set_object (&self->menu_model, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_chat_view_dispose (GObject *object)
{
  AhoyChatView *self = AHOY_CHAT_VIEW (object);

  if (self->chat != NULL)
    ahoy_chat_view_set_chat (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), AHOY_TYPE_CHAT_VIEW);
  g_clear_object (&self->subject);
  g_clear_object (&self->menu_model);

  G_OBJECT_CLASS (ahoy_chat_view_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  static const struct {
    const char                 *name;
    GtkWidgetActionActivateFunc activate;
    guint                       keyval;
    GdkModifierType             modifiers;
  } actions[] = {
    { "chat.next-conversation", next_conversation, GDK_KEY_Down, GDK_ALT_MASK },
    { "chat.previous-conversation", previous_conversation, GDK_KEY_Up, GDK_ALT_MASK },
    { "chat.everyone", everyone, GDK_KEY_1, GDK_CONTROL_MASK },
    { "chat.find-people", find_people, GDK_KEY_k, GDK_CONTROL_MASK },
    { "chat.focus-people", focus_people, 0, 0 },
    { "chat.search", search, GDK_KEY_f, GDK_CONTROL_MASK },
    { "chat.newest", newest, GDK_KEY_Escape, 0 },
    { "chat.next-region", next_region, GDK_KEY_F6, 0 },
    { "chat.previous-region", previous_region, GDK_KEY_F6, GDK_SHIFT_MASK },
    { "chat.write", write_action, 0, 0 },
    { "chat.about", about, GDK_KEY_Return, GDK_ALT_MASK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_class_install_action (widget_class, actions[i].name, NULL, actions[i].activate);
      if (actions[i].keyval != 0)
        gtk_widget_class_add_binding_action (widget_class, actions[i].keyval, actions[i].modifiers, actions[i].name, NULL);
    }
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_ALT_MASK, "chat.about", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_1, GDK_CONTROL_MASK, "chat.everyone", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Down, GDK_ALT_MASK, "chat.next-conversation", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Up, GDK_ALT_MASK, "chat.previous-conversation", NULL);
}

static void
ahoy_chat_view_class_init (AhoyChatViewClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ahoy_chat_view_get_property;
  object_class->set_property = ahoy_chat_view_set_property;
  object_class->dispose = ahoy_chat_view_dispose;
  widget_class->grab_focus = ahoy_chat_view_grab_focus;

  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONVERSATION] = g_param_spec_object ("conversation", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MENU_MODEL] = g_param_spec_object ("menu-model", NULL, NULL, G_TYPE_MENU_MODEL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_READING] = g_param_spec_boolean ("reading", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (AHOY_TYPE_ANNOUNCER);
  g_type_ensure (AHOY_TYPE_COMPOSER);
  g_type_ensure (AHOY_TYPE_PACE_LINE);
  g_type_ensure (AHOY_TYPE_CONVERSATION_LIST);
  g_type_ensure (AHOY_TYPE_PERSON_CARD);
  g_type_ensure (AHOY_TYPE_SEARCH_BAR);
  g_type_ensure (AHOY_TYPE_SIDEBAR);
  g_type_ensure (AHOY_TYPE_TIMELINE);
  g_type_ensure (AHOY_TYPE_TYPING_LINE);
  gtk_widget_class_set_css_name (widget_class, "chat");
  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-chat-view.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_about);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_avatar_classes);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_changed);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_person);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_person_name);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_presence);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_title);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, people);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, sidebar);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, content);
  gtk_widget_class_bind_template_child_full (widget_class, "title", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, about);
  gtk_widget_class_bind_template_child_full (widget_class, "about_avatar", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "about_mark", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, search);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, timeline);
  gtk_widget_class_bind_template_child (widget_class, AhoyChatView, composer);
  gtk_widget_class_bind_template_callback (widget_class, on_items_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_leaflet);
  gtk_widget_class_bind_template_callback (widget_class, on_show_message);
  install_actions (widget_class);
}

static void
ahoy_chat_view_init (AhoyChatView *self)
{
  self->subject = ahoy_subject_new (self, properties[PROP_CONVERSATION]);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
ahoy_chat_view_set_chat (AhoyChatView *self,
                         AhoyChat     *chat)
{
  g_return_if_fail (AHOY_IS_CHAT_VIEW (self));
  g_return_if_fail (chat == NULL || AHOY_IS_CHAT (chat));

  if (!g_set_object (&self->chat, chat))
    return;

  ahoy_conversation_list_set_conversations (self->people, chat != NULL ? ahoy_chat_get_conversations (chat) : NULL);
  ahoy_chat_view_set_conversation (self, chat != NULL ? ahoy_chat_get_everyone (chat) : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHAT]);
}

AhoyConversation *
ahoy_chat_view_get_conversation (AhoyChatView *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT_VIEW (self), NULL);

  return self->conversation;
}

void
ahoy_chat_view_set_conversation (AhoyChatView     *self,
                                 AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_CHAT_VIEW (self));
  g_return_if_fail (conversation == NULL || AHOY_IS_CONVERSATION (conversation));

  /* Whoever has no choice of their own means everyone. */
  if (conversation == NULL && self->chat != NULL)
    conversation = ahoy_chat_get_everyone (self->chat);
  if (self->conversation == conversation)
    return;

  g_set_object (&self->conversation, conversation);
  ahoy_subject_set (self->subject, conversation);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.about", ahoy_closure_is_person (NULL, conversation));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONVERSATION]);
}

gboolean
ahoy_chat_view_get_reading (AhoyChatView *self)
{
  g_return_val_if_fail (AHOY_IS_CHAT_VIEW (self), FALSE);

  return self->leaflet != NULL &&
         (!adw_leaflet_get_folded (self->leaflet) || adw_leaflet_get_visible_child (self->leaflet) == self->content);
}
