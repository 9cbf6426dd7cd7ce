/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Says that the server takes only so many messages at a time.
 *
 * A screen reader has it as a status, which is told when there is time. It is set only when it begins and when it ends. */

#include "ui/ahoy-pace-line.h"

#include <glib/gi18n.h>

struct _AhoyPaceLine {
  AhoyChatBin parent_instance;

  /* Template */
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (AhoyPaceLine, ahoy_pace_line, AHOY_TYPE_CHAT_BIN)

static void
update (AhoyPaceLine *self)
{
  AhoyChat   *chat = ahoy_chat_bin_get_chat (AHOY_CHAT_BIN (self));
  gboolean    slowed = FALSE;
  const char *text;

  if (chat != NULL)
    g_object_get (chat, "slowed", &slowed, NULL);
  text = slowed ? _ ("The server takes only so many messages at a time; the rest follows by itself.")
                : "";

  if (g_str_equal (gtk_label_get_label (self->label), text))
    return;

  gtk_label_set_label (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
ahoy_pace_line_chat_changed (AhoyChatBin *bin)
{
  update (AHOY_PACE_LINE (bin));
}

static void
ahoy_pace_line_class_init (AhoyPaceLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  AHOY_CHAT_BIN_CLASS (klass)->chat_changed = ahoy_pace_line_chat_changed;

  gtk_widget_class_set_css_name (widget_class, "pace");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-pace-line.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyPaceLine, label);
}

static void
ahoy_pace_line_init (AhoyPaceLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  ahoy_chat_bin_follow (AHOY_CHAT_BIN (self), "notify::slowed", G_CALLBACK (update));
}
