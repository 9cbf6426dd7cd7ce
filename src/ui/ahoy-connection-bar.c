/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The thin bar of state 7, while a connection is lost. */

#include "ui/ahoy-connection-bar.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"

struct _AhoyConnectionBar {
  AhoyChatBin parent_instance;
};

G_DEFINE_FINAL_TYPE (AhoyConnectionBar, ahoy_connection_bar, AHOY_TYPE_CHAT_BIN)

static void
ahoy_connection_bar_class_init (AhoyConnectionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-connection-bar.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "countdown_label", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "spinner", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_reconnecting);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_trying);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_next_attempt);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_reconnecting);
}

static void
ahoy_connection_bar_init (AhoyConnectionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
