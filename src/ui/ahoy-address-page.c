/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page where an address is typed instead of a search. */

#include "ahoy-config.h"

#include "ui/ahoy-address-page.h"
#include "ui/ahoy-settings.h"

struct _AhoyAddressPage {
  AhoyPage parent_instance;

  /* Template */
  GtkEntry    *address_entry;
  GtkWidget   *problem_label;
  GtkRevealer *problem_revealer;
};

G_DEFINE_FINAL_TYPE (AhoyAddressPage, ahoy_address_page, AHOY_TYPE_PAGE)

static gboolean
is_address (const char *text)
{
  g_autofree char *host = NULL;
  guint16          port;

  /* The default port does not matter for that. */
  return ahoy_server_parse_address (text, 1, &host, &port, NULL);
}

static void
on_changed (AhoyAddressPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->address_entry));
  gboolean    empty = *text == '\0';
  gboolean    fine = is_address (text);

  /* Nothing typed yet is no mistake. */
  gtk_widget_set_visible (self->problem_label, !fine && !empty);
  gtk_revealer_set_reveal_child (self->problem_revealer, !fine && !empty);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->address_entry), GTK_ACCESSIBLE_STATE_INVALID,
                               fine || empty ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  if (fine || empty)
    gtk_widget_remove_css_class (GTK_WIDGET (self->address_entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->address_entry), "error");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "address.connect", fine);
}

static void
on_connect (GtkWidget  *widget,
            const char *action,
            GVariant   *parameter)
{
  AhoyAddressPage *self = AHOY_ADDRESS_PAGE (widget);

  ahoy_connector_look_at (ahoy_page_get_connector (AHOY_PAGE (self)), gtk_editable_get_text (GTK_EDITABLE (self->address_entry)));
}

static void
on_activate (AhoyAddressPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "address.connect", NULL);
}

static void
ahoy_address_page_attached (AhoyPage      *page,
                            AhoyConnector *connector)
{
  AhoyAddressPage *self = AHOY_ADDRESS_PAGE (page);
  g_autofree char *address = g_settings_get_string (ahoy_settings_get_store (AHOY_SETTINGS (ahoy_connector_get_memory (connector))), "address");

  gtk_editable_set_text (GTK_EDITABLE (self->address_entry), address);
  on_changed (self);
}

static gboolean
ahoy_address_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (AHOY_ADDRESS_PAGE (widget)->address_entry));
}

static void
ahoy_address_page_class_init (AhoyAddressPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  widget_class->grab_focus = ahoy_address_page_grab_focus;
  page_class->attached = ahoy_address_page_attached;

  gtk_widget_class_install_action (widget_class, "address.connect", NULL, on_connect);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-address-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyAddressPage, address_entry);
  gtk_widget_class_bind_template_child (widget_class, AhoyAddressPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyAddressPage, problem_revealer);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
ahoy_address_page_init (AhoyAddressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
