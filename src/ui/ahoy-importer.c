/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Imports an identity: asks for the file, then for its passphrase. */

#include "ahoy-config.h"

#include "ui/ahoy-importer.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-passphrase-dialog.h"
#include "ui/ahoy-question.h"

struct _AhoyImporter {
  GObject parent_instance;

  /* Owned */
  GtkFileChooserNative *chooser; /* NULL: none is open */
  char                 *file;    /* whose passphrase is asked for */

  /* Borrowed */
  AhoyImporterTake take;
  gpointer         data;
};

G_DEFINE_FINAL_TYPE (AhoyImporter, ahoy_importer, G_TYPE_OBJECT)

static void
tell_problem (GtkWindow    *parent,
              const GError *error)
{
  g_autofree char *problem = ahoy_error_text_import_problem (error);
  GtkWidget       *dialog = adw_message_dialog_new (parent, _ ("No Identity Was Imported"), problem);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_passphrase (AhoyImporter         *self,
               const char           *response,
               AhoyPassphraseDialog *dialog)
{
  g_autofree char *file = g_steal_pointer (&self->file);

  if (g_strcmp0 (response, "go") == 0 && file != NULL)
    ahoy_importer_take (self, gtk_window_get_transient_for (GTK_WINDOW (dialog)), file, ahoy_passphrase_dialog_get_passphrase (dialog));
}

static void
ask_passphrase (AhoyImporter *self,
                GtkWindow    *parent,
                const char   *file,
                gboolean      wrong)
{
  GtkWidget *dialog = ahoy_passphrase_dialog_new_ask (parent, wrong);

  g_free (self->file);
  self->file = g_strdup (file);
  ahoy_question_answer_to (dialog, self, G_CALLBACK (on_passphrase));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_file (AhoyImporter *self,
         int           response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile)                chosen = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;
  g_autofree char                 *file = chosen != NULL ? g_file_get_path (chosen) : NULL;

  if (file != NULL)
    ask_passphrase (self, gtk_native_dialog_get_transient_for (GTK_NATIVE_DIALOG (chooser)), file, FALSE);
}

static void
ahoy_importer_dispose (GObject *object)
{
  AhoyImporter *self = AHOY_IMPORTER (object);

  g_clear_object (&self->chooser);
  g_clear_pointer (&self->file, g_free);

  G_OBJECT_CLASS (ahoy_importer_parent_class)->dispose (object);
}

static void
ahoy_importer_class_init (AhoyImporterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ahoy_importer_dispose;
}

static void
ahoy_importer_init (AhoyImporter *self)
{
}

AhoyImporter *
ahoy_importer_new (AhoyImporterTake take,
                   gpointer         data)
{
  AhoyImporter *self;

  g_return_val_if_fail (take != NULL, NULL);

  self = g_object_new (AHOY_TYPE_IMPORTER, NULL);
  self->take = take;
  self->data = data;

  return self;
}

static void
add_filter (GtkFileChooser *chooser,
            const char     *name,
            const char     *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_auto (GStrv)            all = g_strsplit (patterns, " ", -1);

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; all[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, all[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
ahoy_importer_start (AhoyImporter *self,
                     GtkWindow    *parent)
{
  g_return_if_fail (AHOY_IS_IMPORTER (self));
  g_return_if_fail (GTK_IS_WINDOW (parent));

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_ ("Import an Identity"), parent, GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Open"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  /* Translators: in a file chooser: files that hold an identity. */
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("Identities"), "*.pem *.p12 *.pfx *.p8 *.der *.key");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _ ("All files"), "*");
  ahoy_question_answer_to (self->chooser, self, G_CALLBACK (on_file));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
ahoy_importer_take (AhoyImporter *self,
                    GtkWindow    *parent,
                    const char   *file,
                    const char   *passphrase)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (AHOY_IS_IMPORTER (self));
  g_return_if_fail (file != NULL && passphrase != NULL);

  if (self->take (file, passphrase, self->data, &error))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    ask_passphrase (self, parent, file, TRUE);
  else
    tell_problem (parent, error);
}
