/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The window that is shown instead of the chat when there is no identity. */

#include "ahoy-config.h"

#include "ui/ahoy-broken-window.h"

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-explanation.h"
#include "ui/ahoy-importer.h"

struct _AhoyBrokenWindow {
  AdwApplicationWindow parent_instance;

  /* Template */
  AdwStatusPage *status_page;
  GtkLabel      *path_label;
  GtkLabel      *reason_label;
  GtkLabel      *tried_label;
  GtkLabel      *advice_label;
  GtkWidget     *again_button;
  GtkWidget     *import_button;

  /* Owned */
  AhoyImporter *importer;

  guint n_tried;
};

G_DEFINE_FINAL_TYPE (AhoyBrokenWindow, ahoy_broken_window, ADW_TYPE_APPLICATION_WINDOW)

/* In the place of the one that cannot be used, which stays beside it. */
static gboolean
take (const char *file,
      const char *passphrase,
      gpointer    data,
      GError    **error)
{
  AhoyBrokenWindow       *self = data;
  g_autoptr (AhoyKeyring) keyring = ahoy_keyring_restore (gtk_label_get_label (self->path_label), file, passphrase, error);

  if (keyring == NULL)
    return FALSE;

  gtk_widget_activate_action (GTK_WIDGET (self), "app.try-again", NULL);
  return TRUE;
}

static void
on_import (AhoyBrokenWindow *self)
{
  ahoy_importer_start (self->importer, GTK_WINDOW (self));
}

static void
ahoy_broken_window_dispose (GObject *object)
{
  g_clear_object (&AHOY_BROKEN_WINDOW (object)->importer);

  G_OBJECT_CLASS (ahoy_broken_window_parent_class)->dispose (object);
}

static void
ahoy_broken_window_class_init (AhoyBrokenWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ahoy_broken_window_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-broken-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, status_page);
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, path_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, reason_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, tried_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, advice_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, again_button);
  gtk_widget_class_bind_template_child (widget_class, AhoyBrokenWindow, import_button);
  gtk_widget_class_bind_template_callback (widget_class, on_import);
}

static void
ahoy_broken_window_init (AhoyBrokenWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->importer = ahoy_importer_new (take, self);
}

AhoyBrokenWindow *
ahoy_broken_window_new (AdwApplication *app)
{
  g_return_val_if_fail (app == NULL || ADW_IS_APPLICATION (app), NULL);

  return g_object_new (AHOY_TYPE_BROKEN_WINDOW, "application", app, NULL);
}

/* Says that it was tried, each time in other words: who has pressed the button sees that something happened, and a screen reader reads it. */
static void
tell_tried (AhoyBrokenWindow *self,
            const char       *reason)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char      *time = g_date_time_format (now, "%X");
  g_autofree char      *sentence = NULL;

  /* Translators: %1$u is a number, from 2 on; %2$s is a time; %3$s says why, as "The file is gone." */
  sentence = g_strdup_printf (_ ("Attempt %1$u at %2$s was in vain: %3$s"), self->n_tried, time, reason);
  gtk_label_set_label (self->tried_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->tried_label), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->tried_label), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
}

static const char *
advice_for (gboolean      identity,
            const GError *error)
{
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC)) /* it is not there yet */
    return _ ("Make room on the disk, and try again.");

  return identity ? _ ("Put the file back from a copy and try again, or import the identity if you have exported it. To begin as somebody new, "
                       "move it away with the file beside it that ends in “.id”.")
                  : _ ("Put the file back from a copy, and try again. If there is none: move it away; then every server is met as if for the "
                       "first time.");
}

void
ahoy_broken_window_tell (AhoyBrokenWindow *self,
                         AhoyProfileState  state,
                         const char       *path,
                         const GError     *error)
{
  gboolean         identity = state == AHOY_PROFILE_NO_IDENTITY;
  g_autofree char *reason = NULL;

  g_return_if_fail (AHOY_IS_BROKEN_WINDOW (self));
  g_return_if_fail (state != AHOY_PROFILE_FINE);
  g_return_if_fail (path != NULL && error != NULL);

  reason = ahoy_error_text_file_problem (error);
  adw_status_page_set_title (self->status_page, identity ? _ ("Your Identity Cannot Be Used") : _ ("The Chats You Know Cannot Be Read"));
  ahoy_explanation_show (self->status_page,
                         identity ? _ ("This file says who you are: your names on the servers belong to it. Ahoy does not go on without it, because "
                                       "you would be somebody new to everybody.")
                                  : _ ("In this file Ahoy remembers the servers you trust. It does not go on without it, because a false server "
                                       "could not be told from a true one."));
  gtk_label_set_label (self->path_label, path);
  gtk_label_set_label (self->reason_label, reason);
  gtk_label_set_label (self->advice_label, advice_for (identity, error));
  gtk_widget_set_visible (self->import_button, identity);
  if (++self->n_tried > 1)
    tell_tried (self, reason);
  gtk_widget_grab_focus (self->again_button);
}
