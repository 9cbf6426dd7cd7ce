/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The page for a server that is another one than it was, or so it seems. */

#include "ahoy-config.h"

#include "ui/ahoy-changed-page.h"

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-explanation.h"
#include "ui/ahoy-question.h"
#include "ui/ahoy-sentences.h"

struct _AhoyChangedPage {
  AhoyPage parent_instance;

  /* Template */
  AdwStatusPage *status_page;
  GtkLabel      *known_label;
  GtkLabel      *met_label;
  GtkWidget     *back_button;
  GtkWidget     *accept_button;

  /* Borrowed */
  GtkWidget *question; /* NULL: none is asked */
};

G_DEFINE_FINAL_TYPE (AhoyChangedPage, ahoy_changed_page, AHOY_TYPE_PAGE)

static void
show_words (GtkLabel   *label,
            const char *id,
            const char *otherwise)
{
  g_autofree char *words = id != NULL ? ahoy_sentence_four_words (id) : NULL;

  gtk_label_set_label (label, words != NULL ? words : otherwise);
}

static void
drop_question (AhoyChangedPage *self)
{
  GtkWidget *question = g_steal_pointer (&self->question);

  if (question != NULL)
    gtk_window_destroy (GTK_WINDOW (question));
}

static void
ahoy_changed_page_stepped (AhoyPage *page,
                           AhoyStep  step)
{
  AhoyChangedPage    *self = AHOY_CHANGED_PAGE (page);
  AhoyConnector      *connector = ahoy_page_get_connector (page);
  AhoyChat           *chat = ahoy_connector_get_chat (connector);
  AhoyServer         *server = ahoy_chat_get_server (chat);
  const AhoyDowngrade downgrade = ahoy_chat_get_downgrade (chat);
  g_autofree char    *name = NULL;
  g_autofree char    *title = NULL;
  g_autofree char    *text = NULL;

  if (step != AHOY_STEP_CHANGED)
    {
      drop_question (self);
      return;
    }

  name = server != NULL ? ahoy_error_text_server_name (server) : g_strdup (ahoy_connector_get_aim (connector));
  title = ahoy_error_text_failure (ahoy_chat_get_failure (chat), name);
  text = ahoy_error_text_changed_server (downgrade, name);
  adw_status_page_set_title (self->status_page, title);
  ahoy_explanation_show (self->status_page, text);
  show_words (self->known_label, ahoy_chat_get_known_id (chat), _ ("not known"));
  /* Translators: stands where four words would. What it says of itself without a proof is not shown: it could be anything. */
  show_words (self->met_label, downgrade == AHOY_DOWNGRADE_PLAIN ? NULL : ahoy_chat_get_met_id (chat), _ ("none: it does not prove who it is"));
}

static void
on_response (AhoyChangedPage *self,
             const char      *response)
{
  self->question = NULL;
  if (g_strcmp0 (response, "accept") == 0)
    ahoy_connector_accept_server (ahoy_page_get_connector (AHOY_PAGE (self)));
}

static void
on_accept (AhoyChangedPage *self)
{
  AhoyChat         *chat = ahoy_connector_get_chat (ahoy_page_get_connector (AHOY_PAGE (self)));
  GtkRoot          *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char  *body = NULL;
  AdwMessageDialog *dialog;

  if (self->question != NULL)
    return;

  self->question = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, _ ("Connect Anyway?"), NULL);
  dialog = ADW_MESSAGE_DIALOG (self->question);
  body = ahoy_error_text_accept_server (ahoy_chat_get_downgrade (chat));
  adw_message_dialog_set_body (dialog, body);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "accept", _ ("_Connect Anyway"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "accept", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  ahoy_question_answer_to (dialog, self, G_CALLBACK (on_response));
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
ahoy_changed_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (AHOY_CHANGED_PAGE (widget)->back_button);
}

static void
ahoy_changed_page_dispose (GObject *object)
{
  drop_question (AHOY_CHANGED_PAGE (object));

  G_OBJECT_CLASS (ahoy_changed_page_parent_class)->dispose (object);
}

static void
ahoy_changed_page_class_init (AhoyChangedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AhoyPageClass  *page_class = AHOY_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ahoy_changed_page_dispose;
  widget_class->grab_focus = ahoy_changed_page_grab_focus;
  page_class->stepped = ahoy_changed_page_stepped;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/ahoychat/Ahoy/ahoy-changed-page.ui");
  gtk_widget_class_bind_template_child (widget_class, AhoyChangedPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, AhoyChangedPage, known_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyChangedPage, met_label);
  gtk_widget_class_bind_template_child (widget_class, AhoyChangedPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, AhoyChangedPage, accept_button);
  gtk_widget_class_bind_template_callback (widget_class, on_accept);
}

static void
ahoy_changed_page_init (AhoyChangedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
