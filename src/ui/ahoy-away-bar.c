/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The bar that is shown while you are away. */

#include "ui/ahoy-away-bar.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"

struct _AhoyAwayBar {
  AhoyChatBin parent_instance;
};

G_DEFINE_FINAL_TYPE (AhoyAwayBar, ahoy_away_bar, AHOY_TYPE_CHAT_BIN)

static void
ahoy_away_bar_class_init (AhoyAwayBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-away-bar.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_away);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_is_set);
}

static void
ahoy_away_bar_init (AhoyAwayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
