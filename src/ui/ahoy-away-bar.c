/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Shown while you are away. */

#include "ui/ahoy-away-bar.h"

#include <glib/gi18n.h>

struct _AhoyAwayBar {
  AhoyClientBin parent_instance;

  /* Template */
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (AhoyAwayBar, ahoy_away_bar, AHOY_TYPE_CLIENT_BIN)

static void
update (AhoyAwayBar *self)
{
  AhoyClient *client = ahoy_client_bin_get_client (AHOY_CLIENT_BIN (self));
  const char *away = client != NULL ? ahoy_client_get_away (client) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), away != NULL);
  if (away != NULL)
    {
      /* Translators: %s is what you wrote about being away. */
      g_autofree char *text = g_strdup_printf (_ ("You are away: %s"), away);

      gtk_label_set_label (self->label, text);
    }
}

static void
ahoy_away_bar_client_changed (AhoyClientBin *bin)
{
  update (AHOY_AWAY_BAR (bin));
}

static void
ahoy_away_bar_class_init (AhoyAwayBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  AHOY_CLIENT_BIN_CLASS (klass)->client_changed = ahoy_away_bar_client_changed;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-away-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyAwayBar, label);
}

static void
ahoy_away_bar_init (AhoyAwayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  ahoy_client_bin_follow (AHOY_CLIENT_BIN (self), "notify::away", G_CALLBACK (update));
}
