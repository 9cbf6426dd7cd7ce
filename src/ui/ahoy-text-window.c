/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A small window with text of which a part can be selected. */

#include "ui/ahoy-text-window.h"

struct _AhoyTextWindow {
  AdwWindow parent_instance;

  /* Template */
  GtkTextView *view;
};

G_DEFINE_FINAL_TYPE (AhoyTextWindow, ahoy_text_window, ADW_TYPE_WINDOW)

static void
ahoy_text_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), AHOY_TYPE_TEXT_WINDOW);

  G_OBJECT_CLASS (ahoy_text_window_parent_class)->dispose (object);
}

static void
ahoy_text_window_class_init (AhoyTextWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ahoy_text_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-text-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyTextWindow, view);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ahoy_text_window_init (AhoyTextWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ahoy_text_window_new (const char *text)
{
  AhoyTextWindow *self;
  GtkTextBuffer  *buffer;
  GtkTextIter     start, end;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (AHOY_TYPE_TEXT_WINDOW, NULL);
  buffer = gtk_text_view_get_buffer (self->view);
  gtk_text_buffer_set_text (buffer, text, -1);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_select_range (buffer, &start, &end);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));

  return GTK_WIDGET (self);
}
