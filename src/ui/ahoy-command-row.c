/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A row with a line for a terminal. */

#include "ahoy-config.h"

#include "ui/ahoy-command-row.h"

#include <glib/gi18n.h>

struct _AhoyCommandRow {
  AdwPreferencesRow parent_instance;

  /* Template */
  GtkLabel  *command_label;
  GtkButton *copy_button;
};

G_DEFINE_FINAL_TYPE (AhoyCommandRow, ahoy_command_row, ADW_TYPE_PREFERENCES_ROW)

static void
on_copy (AhoyCommandRow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_label (self->command_label));
  gtk_button_set_icon_name (self->copy_button, "object-select-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), _ ("Copied"));
}

void
ahoy_command_row_set_command (AhoyCommandRow *self,
                              const char     *command)
{
  g_autofree char *label = NULL;

  g_return_if_fail (AHOY_IS_COMMAND_ROW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), command != NULL);
  if (command == NULL)
    return;

  gtk_label_set_label (self->command_label, command);
  gtk_button_set_icon_name (self->copy_button, "edit-copy-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), _ ("Copy"));
  /* Translators: button that copies this line for a terminal. */
  label = g_strdup_printf (_ ("Copy “%s”"), command);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, command, -1);
}

static void
ahoy_command_row_class_init (AhoyCommandRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-command-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyCommandRow, command_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyCommandRow, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
ahoy_command_row_init (AhoyCommandRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
