/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page for who connected from another window or computer. */

#include "ahoy-config.h"

#include "ui/ahoy-replaced-page.h"

struct _AhoyReplacedPage {
  AhoyPage parent_instance;

  /* Template */
  GtkWidget *here_button;
};

G_DEFINE_FINAL_TYPE (AhoyReplacedPage, ahoy_replaced_page, AHOY_TYPE_PAGE)

static void
on_here (AhoyReplacedPage *self)
{
  ahoy_connector_reconnect (ahoy_page_get_connector (AHOY_PAGE (self)));
}

static gboolean
ahoy_replaced_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (AHOY_REPLACED_PAGE (widget)->here_button);
}

static void
ahoy_replaced_page_class_init (AhoyReplacedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = ahoy_replaced_page_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-replaced-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyReplacedPage, here_button);
  gtk_widget_class_bind_template_callback (widget_class, on_here);
}

static void
ahoy_replaced_page_init (AhoyReplacedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
