/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* States 1 and 5: one's name, and Connect. */

#include "ahoy-config.h"

#include "ui/ahoy-connect-page.h"

#include "ui/ahoy-error-text.h"

struct _AhoyConnectPage {
  AhoyPage parent_instance;

  /* Template */
  GtkEntry    *name_entry;
  GtkLabel    *problem_label;
  GtkRevealer *problem_revealer;
  GtkWidget   *host_button;
  GtkWidget   *hosting_box;

  /* Owned */
  char *refused_name; /* NULL: none was refused since the page was entered */
};

G_DEFINE_FINAL_TYPE (AhoyConnectPage, ahoy_connect_page, AHOY_TYPE_PAGE)

static char *
dup_problem (AhoyConnectPage *self,
             AhoyConnector   *connector)
{
  const char *name = ahoy_connector_get_name (connector);

  if (g_strcmp0 (name, self->refused_name) == 0)
    return ahoy_error_text_refusal (ahoy_chat_get_refusal (ahoy_connector_get_chat (connector)), name);
  return ahoy_error_text_name_problem (name);
}

static void
update_problem (AhoyConnectPage *self)
{
  g_autofree char *problem = dup_problem (self, ahoy_page_get_connector (AHOY_PAGE (self)));
  GtkWidget       *entry = GTK_WIDGET (self->name_entry);

  /* An alert that says nothing is for nobody's ears. */
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
  gtk_revealer_set_reveal_child (self->problem_revealer, problem != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               problem != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (problem != NULL)
    {
      gtk_label_set_label (self->problem_label, problem);
      gtk_widget_add_css_class (entry, "error");
      gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, problem, -1);
    }
  else
    {
      gtk_widget_remove_css_class (entry, "error");
      gtk_accessible_reset_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

static void
on_activate (AhoyConnectPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.connect", NULL);
}

static void
update_hosting (AhoyConnectPage *self)
{
  gboolean hosting = ahoy_connector_get_hosting (ahoy_page_get_connector (AHOY_PAGE (self)));

  gtk_widget_set_visible (self->host_button, !hosting);
  gtk_widget_set_visible (self->hosting_box, hosting);
}

static void
ahoy_connect_page_attached (AhoyPage      *page,
                            AhoyConnector *connector)
{
  AhoyConnectPage *self = AHOY_CONNECT_PAGE (page);

  g_object_bind_property (connector, "name", self->name_entry, "text", G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_object (connector, "notify::name", G_CALLBACK (update_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (connector, "notify::hosting", G_CALLBACK (update_hosting), self, G_CONNECT_SWAPPED);
  update_hosting (self);
}

static void
ahoy_connect_page_stepped (AhoyPage *page,
                           AhoyStep  step)
{
  AhoyConnectPage *self = AHOY_CONNECT_PAGE (page);

  if (step != AHOY_STEP_NAME && step != AHOY_STEP_REFUSED)
    return;

  g_clear_pointer (&self->refused_name, g_free);
  if (step == AHOY_STEP_REFUSED)
    self->refused_name = g_strdup (ahoy_connector_get_name (ahoy_page_get_connector (page)));
  update_problem (self);
}

/* The entry, all of it selected: typing replaces the name. */
static gboolean
ahoy_connect_page_grab_focus (GtkWidget *widget)
{
  AhoyConnectPage *self = AHOY_CONNECT_PAGE (widget);

  gtk_editable_select_region (GTK_EDITABLE (self->name_entry), 0, -1);
  return gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
}

static void
ahoy_connect_page_finalize (GObject *object)
{
  g_free (AHOY_CONNECT_PAGE (object)->refused_name);

  G_OBJECT_CLASS (ahoy_connect_page_parent_class)->finalize (object);
}

static void
ahoy_connect_page_class_init (AhoyConnectPageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  object_class->finalize = ahoy_connect_page_finalize;
  widget_class->grab_focus = ahoy_connect_page_grab_focus;
  page_class->attached = ahoy_connect_page_attached;
  page_class->stepped = ahoy_connect_page_stepped;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-connect-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectPage, name_entry);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectPage, problem_revealer);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectPage, host_button);
  gtk_widget_class_bind_template_child (widget_class, AhoyConnectPage, hosting_box);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
ahoy_connect_page_init (AhoyConnectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
