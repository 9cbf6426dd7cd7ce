/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The window: shows the page of the connector's step, or the chat. */

#include "ahoy-config.h"

#include "ui/ahoy-window.h"

#include <glib/gi18n.h>

#include "core/chat/ahoy-check.h"
#include "ui/ahoy-address-page.h"
#include "ui/ahoy-away-bar.h"
#include "ui/ahoy-away-dialog.h"
#include "ui/ahoy-changed-page.h"
#include "ui/ahoy-chat-view.h"
#include "ui/ahoy-closures.h"
#include "ui/ahoy-connect-page.h"
#include "ui/ahoy-connection-bar.h"
#include "ui/ahoy-history-bar.h"
#include "ui/ahoy-look.h"
#include "ui/ahoy-looking-page.h"
#include "ui/ahoy-none-found-page.h"
#include "ui/ahoy-replaced-page.h"
#include "ui/ahoy-servers-page.h"
#include "ui/ahoy-settings.h"
#include "ui/ahoy-stop-hosting.h"
#include "ui/ahoy-trouble-page.h"
#include "ui/ahoy-whereabouts.h"

struct _AhoyWindow {
  AdwApplicationWindow parent_instance;

  /* Template */
  GtkStack     *stack;
  GtkStack     *pages;
  GtkWidget    *history_bar;
  AhoyChatView *chat_view;
  GtkWidget    *toasts;
  GtkWidget    *announcer;
  GMenuModel   *main_menu;

  /* Owned */
  AhoyConnector    *connector;
  GSignalGroup     *steps; /* of the connector */
  GSignalGroup     *talk;  /* of its chat */
  AhoyConversation *watched;
  AhoyWhereabouts  *whereabouts;
};

enum {
  PROP_0,
  PROP_CONNECTOR,
  PROP_WATCHED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyWindow, ahoy_window, ADW_TYPE_APPLICATION_WINDOW)

/* The page of each step; NULL: the chat. */
static const char *const pages[] = {
  [AHOY_STEP_NAME] = "connect",
  [AHOY_STEP_ADDRESS] = "address",
  [AHOY_STEP_LOOKING] = "looking",
  [AHOY_STEP_CHOOSING] = "servers",
  [AHOY_STEP_NONE_FOUND] = "none-found",
  [AHOY_STEP_HOSTING] = "looking",
  [AHOY_STEP_CONNECTING] = "looking",
  [AHOY_STEP_TROUBLE] = "trouble",
  [AHOY_STEP_CHANGED] = "changed",
  [AHOY_STEP_REPLACED] = "replaced",
  [AHOY_STEP_REFUSED] = "connect",
  [AHOY_STEP_TALKING] = NULL,
};

static void
update_watched (AhoyWindow *self)
{
  AhoyConversation *watched = NULL;

  if (self->connector != NULL && ahoy_connector_get_step (self->connector) == AHOY_STEP_TALKING && gtk_window_is_active (GTK_WINDOW (self)) &&
      ahoy_chat_view_get_reading (self->chat_view))
    watched = ahoy_chat_view_get_conversation (self->chat_view);
  if (self->watched == watched)
    return;

  if (self->watched != NULL)
    ahoy_conversation_set_attended (self->watched, FALSE);
  g_set_object (&self->watched, watched);
  if (watched != NULL)
    ahoy_conversation_set_attended (watched, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHED]);
}

static void
update_actions (AhoyWindow *self)
{
  GtkWidget       *widget = GTK_WIDGET (self);
  AhoyChat        *chat = ahoy_connector_get_chat (self->connector);
  AhoyServer      *server = ahoy_chat_get_server (chat);
  AhoyStep         step = ahoy_connector_get_step (self->connector);
  g_autofree char *away = ahoy_chat_dup_away (chat);
  gboolean         named = ahoy_check_name (ahoy_connector_get_name (self->connector)) == AHOY_NAME_PROBLEM_NONE;
  gboolean         stuck = step == AHOY_STEP_NONE_FOUND || step == AHOY_STEP_TROUBLE;
  gboolean         idle = step == AHOY_STEP_NAME || step == AHOY_STEP_REFUSED || stuck;

  gtk_widget_action_set_enabled (widget, "win.connect", named && (step == AHOY_STEP_NAME || step == AHOY_STEP_REFUSED));
  gtk_widget_action_set_enabled (widget, "win.ask-address", named && idle);
  gtk_widget_action_set_enabled (widget, "win.host", named && idle);
  gtk_widget_action_set_enabled (widget, "win.host-anew", named && step == AHOY_STEP_TROUBLE);
  gtk_widget_action_set_enabled (widget, "win.retry", named && stuck);
  gtk_widget_action_set_enabled (widget, "win.cancel", step != AHOY_STEP_NAME && step != AHOY_STEP_TALKING);
  gtk_widget_action_set_enabled (widget, "win.stop-hosting", ahoy_connector_get_hosting (self->connector));
  gtk_widget_action_set_enabled (widget, "win.disconnect", step == AHOY_STEP_TALKING);
  gtk_widget_action_set_enabled (widget, "win.retry-now", step == AHOY_STEP_TALKING);
  /* A classic server has no word for it. */
  gtk_widget_action_set_enabled (widget, "win.away", step == AHOY_STEP_TALKING && server != NULL && ahoy_server_get_extended (server));
  gtk_widget_action_set_enabled (widget, "win.come-back", away != NULL);
}

/* Assistive technologies would find the widgets of the other pages too if those were only covered. */
static GtkWidget *
show_only (GtkStack   *stack,
           const char *name)
{
  GtkWidget *shown = gtk_stack_get_child_by_name (stack, name);

  gtk_widget_set_visible (shown, TRUE);
  gtk_stack_set_visible_child (stack, shown);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, child == shown);

  return shown;
}

static void
on_step (AhoyWindow *self)
{
  AhoyStep step = ahoy_connector_get_step (self->connector);

  update_actions (self);

  if (pages[step] != NULL)
    {
      show_only (self->stack, "door");
      gtk_widget_grab_focus (show_only (self->pages, pages[step]));
    }
  else
    {
      show_only (self->stack, "chat");
      gtk_widget_grab_focus (GTK_WIDGET (self->chat_view));
    }
  update_watched (self);
}

static void
on_connect (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  ahoy_connector_look (AHOY_WINDOW (widget)->connector);
}

static void
on_cancel (GtkWidget  *widget,
           const char *action,
           GVariant   *parameter)
{
  ahoy_connector_cancel (AHOY_WINDOW (widget)->connector);
}

static void
on_retry (GtkWidget  *widget,
          const char *action,
          GVariant   *parameter)
{
  ahoy_connector_retry (AHOY_WINDOW (widget)->connector);
}

static void
on_ask_address (GtkWidget  *widget,
                const char *action,
                GVariant   *parameter)
{
  ahoy_connector_ask_address (AHOY_WINDOW (widget)->connector);
}

static void
on_host (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  AhoyWindow *self = AHOY_WINDOW (widget);
  /* Translators: name of a chat server: %s is the person who runs it. */
  g_autofree char *server_name = g_strdup_printf (_ ("Chat of %s"), ahoy_connector_get_name (self->connector));

  ahoy_connector_host (self->connector, server_name);
}

static void
on_host_anew (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  ahoy_connector_host_anew (AHOY_WINDOW (widget)->connector);
}

static void
on_stop_hosting (GtkWidget  *widget,
                 const char *action,
                 GVariant   *parameter)
{
  ahoy_connector_stop_hosting (AHOY_WINDOW (widget)->connector);
}

static void
on_disconnect_answer (AhoyStopHostingAnswer answer,
                      gpointer              data)
{
  AhoyWindow *self = data;

  if (answer == AHOY_STOP_HOSTING_CANCEL)
    return;
  ahoy_connector_cancel (self->connector);
  if (answer == AHOY_STOP_HOSTING_STOP)
    ahoy_connector_stop_hosting (self->connector);
}

/* A chat hosted here for others is not stopped unasked; one that nobody else is in would only be forgotten. Whoever leaves another one lets it be. */
static void
on_disconnect (GtkWidget  *widget,
               const char *action,
               GVariant   *parameter)
{
  AhoyWindow *self = AHOY_WINDOW (widget);
  guint       others = ahoy_stop_hosting_count_others (self->connector);

  if (!ahoy_connector_is_at_own_server (self->connector))
    ahoy_connector_cancel (self->connector);
  else if (others > 0)
    ahoy_stop_hosting_ask (GTK_WINDOW (self), others, TRUE, on_disconnect_answer, self);
  else
    on_disconnect_answer (AHOY_STOP_HOSTING_STOP, self);
}

static void
on_retry_now (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  ahoy_chat_retry_now (ahoy_connector_get_chat (AHOY_WINDOW (widget)->connector));
}

static void
on_away (GtkWidget  *widget,
         const char *action,
         GVariant   *parameter)
{
  ahoy_away_dialog_present (GTK_WINDOW (widget), ahoy_connector_get_chat (AHOY_WINDOW (widget)->connector));
}

static void
on_come_back (GtkWidget  *widget,
              const char *action,
              GVariant   *parameter)
{
  AhoyWindow *self = AHOY_WINDOW (widget);

  ahoy_chat_set_away (ahoy_connector_get_chat (self->connector), NULL);
  /* The button that had the focus is gone. */
  gtk_widget_grab_focus (GTK_WIDGET (self->chat_view));
}

static void
load_size (AhoyWindow *self)
{
  GSettings *store = ahoy_settings_get_store (AHOY_SETTINGS (ahoy_connector_get_memory (self->connector)));
  int        width, height;

  g_settings_get (store, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (store, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
ahoy_window_unmap (GtkWidget *widget)
{
  AhoyWindow *self = AHOY_WINDOW (widget);
  GSettings  *store = ahoy_settings_get_store (AHOY_SETTINGS (ahoy_connector_get_memory (self->connector)));
  int         width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (store, "window-size", "(ii)", width, height);
  g_settings_set_boolean (store, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));

  GTK_WIDGET_CLASS (ahoy_window_parent_class)->unmap (widget);
}

static void
ahoy_window_constructed (GObject *object)
{
  AhoyWindow *self = AHOY_WINDOW (object);
  AhoyChat   *chat = ahoy_connector_get_chat (self->connector);

  G_OBJECT_CLASS (ahoy_window_parent_class)->constructed (object);

  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); page != NULL; page = gtk_widget_get_next_sibling (page))
    g_object_set (page, "connector", self->connector, NULL);

  /* After the pages, which must be up to date when one of them gets the focus. */
  self->steps = g_signal_group_new (AHOY_TYPE_CONNECTOR);
  g_signal_group_connect_data (self->steps, "notify::step", G_CALLBACK (on_step), self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_group_connect_swapped (self->steps, "notify::name", G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->steps, "notify::hosting", G_CALLBACK (update_actions), self);
  g_signal_group_set_target (self->steps, self->connector);
  self->talk = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->talk, "notify::server", G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->talk, "notify::away", G_CALLBACK (update_actions), self);
  g_signal_group_set_target (self->talk, chat);
  self->whereabouts = ahoy_whereabouts_new (chat, ahoy_connector_get_known_servers (self->connector), ADW_TOAST_OVERLAY (self->toasts),
                                            AHOY_ANNOUNCER (self->announcer));
  load_size (self);
  on_step (self);
}

static void
ahoy_window_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  AhoyWindow *self = AHOY_WINDOW (object);

  switch (id)
    {
    case PROP_CONNECTOR:
      g_value_set_object (value, self->connector);
      break;
    case PROP_WATCHED:
      g_value_set_object (value, self->watched);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_window_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  AhoyWindow *self = AHOY_WINDOW (object);

  switch (id)
    {
    case PROP_CONNECTOR:
      self->connector = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_window_dispose (GObject *object)
{
  AhoyWindow *self = AHOY_WINDOW (object);

  if (self->watched != NULL)
    ahoy_conversation_set_attended (self->watched, FALSE);
  g_clear_object (&self->watched);
  g_clear_pointer (&self->whereabouts, ahoy_whereabouts_free);
  g_clear_object (&self->steps);
  g_clear_object (&self->talk);

  G_OBJECT_CLASS (ahoy_window_parent_class)->dispose (object);
}

static void
ahoy_window_finalize (GObject *object)
{
  g_clear_object (&AHOY_WINDOW (object)->connector);

  G_OBJECT_CLASS (ahoy_window_parent_class)->finalize (object);
}

static void
ahoy_window_class_init (AhoyWindowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = ahoy_window_constructed;
  object_class->dispose = ahoy_window_dispose;
  object_class->finalize = ahoy_window_finalize;
  object_class->get_property = ahoy_window_get_property;
  object_class->set_property = ahoy_window_set_property;
  widget_class->unmap = ahoy_window_unmap;

  properties[PROP_CONNECTOR] = g_param_spec_object ("connector", NULL, NULL, AHOY_TYPE_CONNECTOR,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WATCHED] = g_param_spec_object ("watched", NULL, NULL, AHOY_TYPE_CONVERSATION,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "win.connect", NULL, on_connect);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, on_cancel);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, on_retry);
  gtk_widget_class_install_action (widget_class, "win.ask-address", NULL, on_ask_address);
  gtk_widget_class_install_action (widget_class, "win.host", NULL, on_host);
  gtk_widget_class_install_action (widget_class, "win.host-anew", NULL, on_host_anew);
  gtk_widget_class_install_action (widget_class, "win.stop-hosting", NULL, on_stop_hosting);
  gtk_widget_class_install_action (widget_class, "win.disconnect", NULL, on_disconnect);
  gtk_widget_class_install_action (widget_class, "win.retry-now", NULL, on_retry_now);
  gtk_widget_class_install_action (widget_class, "win.away", NULL, on_away);
  gtk_widget_class_install_action (widget_class, "win.come-back", NULL, on_come_back);

  g_type_ensure (AHOY_TYPE_ADDRESS_PAGE);
  g_type_ensure (AHOY_TYPE_ANNOUNCER);
  g_type_ensure (AHOY_TYPE_AWAY_BAR);
  g_type_ensure (AHOY_TYPE_CHAT_VIEW);
  g_type_ensure (AHOY_TYPE_CHANGED_PAGE);
  g_type_ensure (AHOY_TYPE_CONNECT_PAGE);
  g_type_ensure (AHOY_TYPE_CONNECTION_BAR);
  g_type_ensure (AHOY_TYPE_HISTORY_BAR);
  g_type_ensure (AHOY_TYPE_LOOK);
  g_type_ensure (AHOY_TYPE_LOOKING_PAGE);
  g_type_ensure (AHOY_TYPE_NONE_FOUND_PAGE);
  g_type_ensure (AHOY_TYPE_REPLACED_PAGE);
  g_type_ensure (AHOY_TYPE_SERVERS_PAGE);
  g_type_ensure (AHOY_TYPE_TROUBLE_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-window.ui");
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_has_back);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_window_title);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, history_bar);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, chat_view);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, announcer);
  gtk_widget_class_bind_template_callback (widget_class, update_watched);
  gtk_widget_class_bind_template_child (widget_class, AhoyWindow, main_menu);
}

static void
ahoy_window_init (AhoyWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AhoyWindow *
ahoy_window_new (AdwApplication *app,
                 AhoyConnector  *connector)
{
  g_return_val_if_fail (app == NULL || ADW_IS_APPLICATION (app), NULL);
  g_return_val_if_fail (AHOY_IS_CONNECTOR (connector), NULL);

  return g_object_new (AHOY_TYPE_WINDOW, "application", app, "connector", connector, NULL);
}

static void
open_conversation (AhoyWindow       *self,
                   AhoyConversation *conversation)
{
  ahoy_chat_view_set_conversation (self->chat_view, conversation);
  gtk_widget_activate_action (GTK_WIDGET (self->chat_view), "chat.write", NULL);
}

void
ahoy_window_open_everyone (AhoyWindow *self)
{
  g_return_if_fail (AHOY_IS_WINDOW (self));

  open_conversation (self, ahoy_chat_get_everyone (ahoy_connector_get_chat (self->connector)));
}

void
ahoy_window_open_person (AhoyWindow *self,
                         const char *name)
{
  AhoyConversation *conversation;

  g_return_if_fail (AHOY_IS_WINDOW (self));
  g_return_if_fail (name != NULL);

  conversation = ahoy_chat_find_conversation (ahoy_connector_get_chat (self->connector), name);
  if (conversation != NULL)
    open_conversation (self, conversation);
}

AhoyConversation *
ahoy_window_get_watched (AhoyWindow *self)
{
  g_return_val_if_fail (AHOY_IS_WINDOW (self), NULL);

  return self->watched;
}

void
ahoy_window_set_history_problem (AhoyWindow *self,
                                 const char *problem)
{
  g_return_if_fail (AHOY_IS_WINDOW (self));

  g_object_set (self->history_bar, "problem", problem, NULL);
}
