/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page of state 3: choose one of several servers. */

#include "ahoy-config.h"

#include "ui/ahoy-servers-page.h"

#include <glib/gi18n.h>

#include "ui/ahoy-explanation.h"
#include "ui/ahoy-server-row.h"

struct _AhoyServersPage {
  AhoyPage parent_instance;

  /* Template */
  AdwStatusPage *status_page;
  GtkListBox    *servers_list;

  /* Owned */
  GSignalGroup *watch;
};

G_DEFINE_FINAL_TYPE (AhoyServersPage, ahoy_servers_page, AHOY_TYPE_PAGE)

static GtkWidget *
make_row (gpointer item,
          gpointer data)
{
  return g_object_new (AHOY_TYPE_SERVER_ROW, "server", item, NULL);
}

static void
choose (AhoyServersPage *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->servers_list);

  if (row != NULL)
    ahoy_connector_choose (ahoy_page_get_connector (AHOY_PAGE (self)), ahoy_server_row_get_server (AHOY_SERVER_ROW (row)));
}

/* The first one is the one used last. Whatever else answers, the choice stays. */
static void
on_servers_changed (AhoyServersPage *self)
{
  /* One alone is here because it does not encrypt and the person knows others that do. More may answer while the list is looked at. */
  gboolean alone = gtk_list_box_get_row_at_index (self->servers_list, 1) == NULL;

  adw_status_page_set_title (self->status_page, alone ? _ ("This Chat Is Not Encrypted") : _ ("Which Chat?"));
  ahoy_explanation_show (self->status_page,
                         alone ? _ ("Only this chat server answered. It does not encrypt, as the ones you know do: others on this network could read along.")
                               : _ ("Several chat servers were found."));
  if (gtk_list_box_get_selected_row (self->servers_list) == NULL)
    gtk_list_box_select_row (self->servers_list, gtk_list_box_get_row_at_index (self->servers_list, 0));
}

static void
ahoy_servers_page_stepped (AhoyPage *page,
                           AhoyStep  step)
{
  AhoyServersPage *self = AHOY_SERVERS_PAGE (page);
  GListModel      *servers;

  if (step != AHOY_STEP_CHOOSING)
    return;

  servers = ahoy_finder_get_servers (ahoy_connector_get_finder (ahoy_page_get_connector (page)));
  gtk_list_box_bind_model (self->servers_list, servers, make_row, NULL, NULL);
  g_signal_group_set_target (self->watch, servers);
  on_servers_changed (self);
}

static gboolean
ahoy_servers_page_grab_focus (GtkWidget *widget)
{
  AhoyServersPage *self = AHOY_SERVERS_PAGE (widget);
  GtkListBoxRow   *row = gtk_list_box_get_selected_row (self->servers_list);

  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
ahoy_servers_page_dispose (GObject *object)
{
  g_clear_object (&AHOY_SERVERS_PAGE (object)->watch);

  G_OBJECT_CLASS (ahoy_servers_page_parent_class)->dispose (object);
}

static void
ahoy_servers_page_class_init (AhoyServersPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ahoy_servers_page_dispose;
  widget_class->grab_focus = ahoy_servers_page_grab_focus;
  page_class->stepped = ahoy_servers_page_stepped;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-servers-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyServersPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, AhoyServersPage, servers_list);
  gtk_widget_class_bind_template_callback (widget_class, choose);
}

static void
ahoy_servers_page_init (AhoyServersPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->watch = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_data (self->watch, "items-changed", G_CALLBACK (on_servers_changed), self, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}
