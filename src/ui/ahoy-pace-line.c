/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Says that the server takes only so many messages at a time.
 *
 * A screen reader has it as a status, which is told when there is time. It is set only when it begins and when it ends. */

#include "ui/ahoy-pace-line.h"

#include "ui/ahoy-closures.h"
#include "ui/ahoy-look.h"

struct _AhoyPaceLine {
  AhoyChatBin parent_instance;
};

G_DEFINE_FINAL_TYPE (AhoyPaceLine, ahoy_pace_line, AHOY_TYPE_CHAT_BIN)

static void
ahoy_pace_line_class_init (AhoyPaceLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (AHOY_TYPE_LOOK);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-pace-line.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "label", FALSE, 0);
  gtk_widget_class_bind_template_callback (widget_class, ahoy_closure_slowed);
}

static void
ahoy_pace_line_init (AhoyPaceLine *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
