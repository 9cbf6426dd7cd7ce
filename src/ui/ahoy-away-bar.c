/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Shown while you are away. */

#include "ui/ahoy-away-bar.h"

#include <glib/gi18n.h>

struct _AhoyAwayBar {
  AhoyChatBin parent_instance;

  /* Template */
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (AhoyAwayBar, ahoy_away_bar, AHOY_TYPE_CHAT_BIN)

static void
update (AhoyAwayBar *self)
{
  AhoyChat        *chat = ahoy_chat_bin_get_chat (AHOY_CHAT_BIN (self));
  g_autofree char *away = chat != NULL ? ahoy_chat_dup_away (chat) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), away != NULL);
  if (away != NULL)
    {
      /* Translators: %s is what you wrote about being away. */
      g_autofree char *text = g_strdup_printf (_ ("You are away: %s"), away);

      gtk_label_set_label (self->label, text);
    }
}

static void
ahoy_away_bar_chat_changed (AhoyChatBin *bin)
{
  update (AHOY_AWAY_BAR (bin));
}

static void
ahoy_away_bar_class_init (AhoyAwayBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  AHOY_CHAT_BIN_CLASS (klass)->chat_changed = ahoy_away_bar_chat_changed;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-away-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyAwayBar, label);
}

static void
ahoy_away_bar_init (AhoyAwayBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::away", G_CALLBACK (update));
}
