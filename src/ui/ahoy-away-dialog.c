/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The dialog in which one goes away. */

#include "ui/ahoy-away-dialog.h"

#include <glib/gi18n.h>

#include "ui/ahoy-question.h"

/* Characters: it has to fit beside a name. */
#define MAX_LENGTH 60

static char *
dup_text (GtkEditable *entry)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (entry)));
}

static void
on_changed (GtkEditable      *entry,
            AdwMessageDialog *dialog)
{
  g_autofree char *text = dup_text (entry);

  adw_message_dialog_set_response_enabled (dialog, "away", text[0] != '\0');
}

static void
on_response (AhoyChat         *chat,
             const char       *response,
             AdwMessageDialog *dialog)
{
  g_autofree char *text = dup_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)));

  if (g_str_equal (response, "away"))
    ahoy_chat_set_away (chat, text);
}

void
ahoy_away_dialog_present (GtkWindow *parent,
                          AhoyChat  *chat)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, _ ("Away"), _ ("The others see this beside your name until you are back.")));
  GtkWidget        *entry = gtk_entry_new ();
  g_autofree char  *away = ahoy_chat_dup_away (chat);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_max_length (GTK_ENTRY (entry), MAX_LENGTH);
  gtk_entry_set_input_hints (GTK_ENTRY (entry), GTK_INPUT_HINT_EMOJI | GTK_INPUT_HINT_SPELLCHECK);
  /* Translators: what the others read beside your name when you are away. */
  gtk_editable_set_text (GTK_EDITABLE (entry), away != NULL ? away : C_ ("presence", "Back soon"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Status"), -1);
  adw_message_dialog_set_extra_child (dialog, entry);

  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "away", _ ("_Set Away"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "away", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "away");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_changed), dialog, 0);
  ahoy_question_answer_to (dialog, chat, G_CALLBACK (on_response));

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}
