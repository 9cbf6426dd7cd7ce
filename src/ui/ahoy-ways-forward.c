/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The three things to do where nothing worked. */

#include "ahoy-config.h"

#include "ui/ahoy-ways-forward.h"

struct _AhoyWaysForward {
  AdwBin parent_instance;

  /* Template */
  GtkWidget *retry_button;
};

G_DEFINE_FINAL_TYPE (AhoyWaysForward, ahoy_ways_forward, ADW_TYPE_BIN)

static gboolean
ahoy_ways_forward_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (AHOY_WAYS_FORWARD (widget)->retry_button);
}

static void
ahoy_ways_forward_class_init (AhoyWaysForwardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = ahoy_ways_forward_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-ways-forward.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyWaysForward, retry_button);
}

static void
ahoy_ways_forward_init (AhoyWaysForward *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
