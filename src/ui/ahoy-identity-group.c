/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The preferences of who one is, and of taking that along. */

#include "ahoy-config.h"

#include "ui/ahoy-identity-group.h"

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-importer.h"
#include "ui/ahoy-passphrase-dialog.h"
#include "ui/ahoy-question.h"
#include "ui/ahoy-sentences.h"

/* Of a file that is exported, until the person types another name. */
#define FILE_NAME "ahoy-identity.pem"

struct _AhoyIdentityGroup {
  AdwPreferencesGroup parent_instance;

  /* Template */
  GtkLabel *words_label;

  /* Owned */
  AhoyConnector        *connector;
  GSignalGroup         *signals;
  AhoyImporter         *importer;
  GtkFileChooserNative *chooser;    /* where to export to; NULL: none is open */
  char                 *passphrase; /* while it is */
};

enum {
  PROP_0,
  PROP_CONNECTOR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyIdentityGroup, ahoy_identity_group, ADW_TYPE_PREFERENCES_GROUP)

static AhoyKeyring *
get_keyring (AhoyIdentityGroup *self)
{
  return self->connector != NULL ? ahoy_connector_get_keyring (self->connector) : NULL;
}

static GtkWindow *
get_window (AhoyIdentityGroup *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
update (AhoyIdentityGroup *self)
{
  AhoyKeyring     *keyring = get_keyring (self);
  g_autofree char *words = keyring != NULL ? ahoy_sentence_four_words (ahoy_keyring_get_key (keyring)) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), keyring != NULL);
  gtk_label_set_label (self->words_label, words != NULL ? words : "");
}

/* A passphrase stays in memory no longer than it is needed. */
static void
forget (AhoyIdentityGroup *self)
{
  if (self->passphrase != NULL)
    memset (self->passphrase, 0, strlen (self->passphrase));
  g_clear_pointer (&self->passphrase, g_free);
  g_clear_object (&self->chooser);
}

static void
tell (AhoyIdentityGroup *self,
      const char        *sentence)
{
  GtkWindow *window = get_window (self);

  if (ADW_IS_PREFERENCES_WINDOW (window))
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (window), adw_toast_new (sentence));
}

static void
on_export_file (AhoyIdentityGroup *self,
                int                response)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autofree char  *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    ahoy_identity_group_export (self, path, self->passphrase);
  forget (self);
}

static void
on_export_passphrase (AhoyIdentityGroup    *self,
                      const char           *response,
                      AhoyPassphraseDialog *dialog)
{
  if (g_strcmp0 (response, "go") != 0)
    return;

  forget (self);
  self->passphrase = g_strdup (ahoy_passphrase_dialog_get_passphrase (dialog));
  self->chooser = gtk_file_chooser_native_new (_ ("Export Your Identity"), get_window (self), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  ahoy_question_answer_to (self->chooser, self, G_CALLBACK (on_export_file));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), FILE_NAME);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_export (AhoyIdentityGroup *self)
{
  GtkWidget *dialog = ahoy_passphrase_dialog_new_choose (get_window (self));

  ahoy_question_answer_to (dialog, self, G_CALLBACK (on_export_passphrase));
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
take (const char *file,
      const char *passphrase,
      gpointer    data,
      GError    **error)
{
  AhoyIdentityGroup *self = data;

  if (!ahoy_keyring_import (get_keyring (self), file, passphrase, error))
    return FALSE;

  tell (self, _ ("You have the imported identity now"));
  ahoy_connector_reconnect (self->connector);
  return TRUE;
}

static void
on_import (AhoyIdentityGroup *self)
{
  ahoy_importer_start (self->importer, get_window (self));
}

static void
ahoy_identity_group_get_property (GObject    *object,
                                  guint       id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_CONNECTOR:
      g_value_set_object (value, AHOY_IDENTITY_GROUP (object)->connector);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_identity_group_set_property (GObject      *object,
                                  guint         id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  AhoyIdentityGroup *self = AHOY_IDENTITY_GROUP (object);

  switch (id)
    {
    case PROP_CONNECTOR:
      if (!g_set_object (&self->connector, g_value_get_object (value)))
        break;
      g_signal_group_set_target (self->signals, get_keyring (self));
      update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_identity_group_dispose (GObject *object)
{
  AhoyIdentityGroup *self = AHOY_IDENTITY_GROUP (object);

  forget (self);
  g_clear_object (&self->importer);
  g_clear_object (&self->signals);
  g_clear_object (&self->connector);

  G_OBJECT_CLASS (ahoy_identity_group_parent_class)->dispose (object);
}

static void
ahoy_identity_group_class_init (AhoyIdentityGroupClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ahoy_identity_group_dispose;
  object_class->get_property = ahoy_identity_group_get_property;
  object_class->set_property = ahoy_identity_group_set_property;

  properties[PROP_CONNECTOR] = g_param_spec_object ("connector", NULL, NULL, AHOY_TYPE_CONNECTOR,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-identity-group.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyIdentityGroup, words_label);
  gtk_widget_class_bind_template_callback (widget_class, on_export);
  gtk_widget_class_bind_template_callback (widget_class, on_import);
}

static void
ahoy_identity_group_init (AhoyIdentityGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->importer = ahoy_importer_new (take, self);
  self->signals = g_signal_group_new (AHOY_TYPE_KEYRING);
  g_signal_group_connect_swapped (self->signals, "notify::key", G_CALLBACK (update), self);
}

void
ahoy_identity_group_export (AhoyIdentityGroup *self,
                            const char        *path,
                            const char        *passphrase)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *problem = NULL;
  GtkWidget         *dialog;

  g_return_if_fail (AHOY_IS_IDENTITY_GROUP (self));
  g_return_if_fail (path != NULL && passphrase != NULL);

  if (ahoy_keyring_export (get_keyring (self), path, passphrase, &error))
    {
      tell (self, _ ("Your identity was exported"));
      return;
    }

  problem = ahoy_error_text_file_problem (error);
  dialog = adw_message_dialog_new (get_window (self), _ ("Your Identity Was Not Exported"), problem);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
ahoy_identity_group_import (AhoyIdentityGroup *self,
                            const char        *path,
                            const char        *passphrase)
{
  g_return_if_fail (AHOY_IS_IDENTITY_GROUP (self));
  g_return_if_fail (path != NULL && passphrase != NULL);

  ahoy_importer_take (self->importer, get_window (self), path, passphrase);
}
