/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* "Stop Hosting?", asked before others lose their chat. */

#include "ahoy-config.h"

#include "ui/ahoy-stop-hosting.h"
#include "ui/ahoy-question.h"

#include <adwaita.h>
#include <glib/gi18n.h>

typedef struct {
  AhoyStopHostingAnswered answered;
  gpointer                data;
} Question;

guint
ahoy_stop_hosting_count_others (AhoyConnector *connector)
{
  guint online;

  if (!ahoy_connector_get_hosting (connector))
    return 0;
  if (!ahoy_connector_is_at_own_server (connector))
    return AHOY_STOP_HOSTING_UNKNOWN;

  online = ahoy_chat_get_n_online (ahoy_connector_get_chat (connector));
  return online > 0 ? online - 1 : 0;
}

static void
on_response (GtkWidget  *dialog,
             const char *response)
{
  Question             *question = g_object_get_data (G_OBJECT (dialog), "ahoy-question");
  AhoyStopHostingAnswer answer = AHOY_STOP_HOSTING_CANCEL;

  if (g_str_equal (response, "stop"))
    answer = AHOY_STOP_HOSTING_STOP;
  else if (g_str_equal (response, "keep"))
    answer = AHOY_STOP_HOSTING_KEEP;
  question->answered (answer, question->data);
}

void
ahoy_stop_hosting_ask (GtkWindow              *parent,
                       guint                   n_others,
                       gboolean                can_keep,
                       AhoyStopHostingAnswered answered,
                       gpointer                data)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, _ ("Stop Hosting?"), NULL);
  Question  *question = g_new (Question, 1);

  question->answered = answered;
  question->data = data;

  if (n_others == AHOY_STOP_HOSTING_UNKNOWN)
    adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), _ ("The chat runs on this computer. When it stops, everybody who is in it is disconnected."));
  else
    adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                    ngettext ("The chat runs on this computer. When it stops, %u other person is disconnected.",
                                              "The chat runs on this computer. When it stops, %u other people are disconnected.", n_others),
                                    n_others);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("Cancel"));
  if (can_keep)
    adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "keep", _ ("Keep Hosting"));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "stop", _ ("Stop Hosting"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "stop", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), can_keep ? "keep" : "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "ahoy-question", question, g_free);
  ahoy_question_answer_to (dialog, dialog, G_CALLBACK (on_response));

  gtk_window_present (GTK_WINDOW (dialog));
}
