/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The dialog in which a passphrase is chosen or asked for. */

#include "ahoy-config.h"

#include "ui/ahoy-passphrase-dialog.h"

#include <glib/gi18n.h>

/* Fewer characters are guessed too soon. */
#define ENOUGH_CHARS 12

struct _AhoyPassphraseDialog {
  AdwMessageDialog parent_instance;

  /* Template */
  GtkEditable *passphrase_row;
  GtkEditable *again_row;
  GtkLabel    *warning_label;

  gboolean choosing;
  gboolean wrong;
};

G_DEFINE_FINAL_TYPE (AhoyPassphraseDialog, ahoy_passphrase_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* What should be said about what has been typed; NULL: nothing. */
static const char *
find_fault (AhoyPassphraseDialog *self,
            const char           *passphrase,
            const char           *again)
{
  if (self->wrong && *passphrase == '\0')
    return _ ("That was not the passphrase of this file. Try again.");
  if (!self->choosing || *passphrase == '\0')
    return NULL;
  if (*again != '\0' && !g_str_equal (passphrase, again))
    return _ ("The two are not the same.");
  if (g_utf8_strlen (passphrase, -1) < ENOUGH_CHARS)
    return _ ("This is short: whoever finds the file could guess it. Four or five words are better.");

  return NULL;
}

static void
update (AhoyPassphraseDialog *self)
{
  const char *passphrase = gtk_editable_get_text (self->passphrase_row);
  const char *again = gtk_editable_get_text (self->again_row);
  const char *fault = find_fault (self, passphrase, again);
  gboolean    usable = *passphrase != '\0' && (!self->choosing || g_str_equal (passphrase, again));

  gtk_label_set_label (self->warning_label, fault != NULL ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning_label), fault != NULL);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "go", usable);
}

static void
ahoy_passphrase_dialog_class_init (AhoyPassphraseDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-passphrase-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyPassphraseDialog, passphrase_row);
  gtk_widget_class_bind_template_child (widget_class, AhoyPassphraseDialog, again_row);
  gtk_widget_class_bind_template_child (widget_class, AhoyPassphraseDialog, warning_label);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
ahoy_passphrase_dialog_init (AhoyPassphraseDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static GtkWidget *
dialog_new (GtkWindow  *parent,
            const char *heading,
            const char *body,
            const char *go)
{
  AhoyPassphraseDialog *self = g_object_new (AHOY_TYPE_PASSPHRASE_DIALOG, "transient-for", parent, "heading", heading, "body", body, NULL);
  AdwMessageDialog     *dialog = ADW_MESSAGE_DIALOG (self);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "go", go, NULL);
  adw_message_dialog_set_response_appearance (dialog, "go", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "go");
  adw_message_dialog_set_close_response (dialog, "cancel");
  gtk_widget_grab_focus (GTK_WIDGET (self->passphrase_row));

  return GTK_WIDGET (self);
}

GtkWidget *
ahoy_passphrase_dialog_new_choose (GtkWindow *parent)
{
  GtkWidget            *widget = dialog_new (parent, _ ("Export Your Identity"),
                                             _ ("With the file and a passphrase you can be the same person on another computer. Whoever has both can speak under "
                                                           "your name: keep them apart and safe."),
                                             _ ("Choose _File…"));
  AhoyPassphraseDialog *self = AHOY_PASSPHRASE_DIALOG (widget);

  self->choosing = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->again_row), TRUE);
  update (self);

  return widget;
}

GtkWidget *
ahoy_passphrase_dialog_new_ask (GtkWindow *parent,
                                gboolean   wrong)
{
  GtkWidget            *widget = dialog_new (parent, _ ("Import an Identity"),
                                             _ ("You become the person in this file. Who you are now is kept beside it in the same folder, in case you want to go "
                                                           "back."),
                                             _ ("_Import"));
  AhoyPassphraseDialog *self = AHOY_PASSPHRASE_DIALOG (widget);

  self->wrong = wrong;
  update (self);

  return widget;
}

const char *
ahoy_passphrase_dialog_get_passphrase (AhoyPassphraseDialog *self)
{
  g_return_val_if_fail (AHOY_IS_PASSPHRASE_DIALOG (self), NULL);

  return gtk_editable_get_text (self->passphrase_row);
}
