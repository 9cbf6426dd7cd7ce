/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Asks before a message goes where it was perhaps not meant to go. */

#include "ui/ahoy-send-question.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "ui/ahoy-sentences.h"

static void
ask_about_left (AdwMessageDialog *dialog,
                const char       *name,
                gboolean          kept)
{
  /* Translators: %s is a person's name. */
  adw_message_dialog_format_heading (dialog, _("%s Has Left"), name);
  if (kept)
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _("%s went offline while you were writing and will get this message later."), name);
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _("%s went offline while you were writing and may not get this message."), name);
}

static void
ask_about_changed (AdwMessageDialog *dialog,
                   AhoyConversation *conversation,
                   AhoyConversation *begun_for)
{
  if (ahoy_conversation_is_everyone (conversation))
    adw_message_dialog_set_heading (dialog, _("Send to Everyone?"));
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_heading (dialog, _("Send to %s?"), ahoy_sentence_title (conversation));

  if (ahoy_conversation_is_everyone (begun_for))
    adw_message_dialog_set_body (dialog, _("You began this message to everyone."));
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _("You began this message as a private one to %s."), ahoy_sentence_title (begun_for));
}

GtkWidget *
ahoy_send_question_new (GtkWindow        *parent,
                        AhoyConversation *conversation,
                        AhoyConversation *begun_for,
                        gboolean          kept)
{
  GtkWidget *widget = adw_message_dialog_new (parent, NULL, NULL);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  if (begun_for == conversation)
    ask_about_left (dialog, ahoy_sentence_title (conversation), kept);
  else
    ask_about_changed (dialog, conversation, begun_for);
  adw_message_dialog_add_responses (dialog, "cancel", _("_Cancel"), "send", _("_Send"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "send", ADW_RESPONSE_SUGGESTED);
  /* Enter has just been pressed once too often, perhaps. */
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");

  return widget;
}
