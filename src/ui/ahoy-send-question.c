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
  adw_message_dialog_format_heading (dialog, _ ("%s Has Left"), name);
  if (kept)
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _ ("%s went offline while you were writing and will get this message later."), name);
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _ ("%s went offline while you were writing and may not get this message."), name);
}

static void
ask_about_key (AdwMessageDialog *dialog,
               AhoyPerson       *person)
{
  const char      *name = ahoy_person_get_name (person);
  g_autofree char *words = ahoy_sentence_four_words (ahoy_person_get_key (person));

  /* Translators: %s is a person's name. */
  adw_message_dialog_format_heading (dialog, _ ("Is This Really %s?"), name);
  if (words != NULL)
    /* Translators: %1$s is a person's name; %2$s are four words that people compare, and "words" means those. */
    adw_message_dialog_format_body (dialog, _ ("%1$s came back with other words than before: %2$s. That can be a new computer – or somebody else under this name."),
                                    name, words);
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _ ("%s came back without the key they had before. That can be an older program – or somebody else under this name."),
                                    name);
}

static void
ask_about_recipient (AdwMessageDialog *dialog,
                     AhoyConversation *conversation,
                     AhoyConversation *begun_for)
{
  if (ahoy_conversation_is_everyone (conversation))
    adw_message_dialog_set_heading (dialog, _ ("Send to Everyone?"));
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_heading (dialog, _ ("Send to %s?"), ahoy_sentence_title (conversation));

  if (ahoy_conversation_is_everyone (begun_for))
    adw_message_dialog_set_body (dialog, _ ("You began this message to everyone."));
  else
    /* Translators: %s is a person's name. */
    adw_message_dialog_format_body (dialog, _ ("You began this message as a private one to %s."), ahoy_sentence_title (begun_for));
}

GtkWidget *
ahoy_send_question_new (GtkWindow        *parent,
                        AhoySendDoubt     doubt,
                        AhoyConversation *conversation,
                        AhoyConversation *begun_for,
                        gboolean          kept)
{
  GtkWidget        *widget = adw_message_dialog_new (parent, NULL, NULL);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  if (doubt == AHOY_SEND_DOUBT_LEFT)
    ask_about_left (dialog, ahoy_sentence_title (conversation), kept);
  else if (doubt == AHOY_SEND_DOUBT_KEY)
    ask_about_key (dialog, ahoy_conversation_get_person (conversation));
  else
    ask_about_recipient (dialog, conversation, begun_for);
  adw_message_dialog_add_responses (dialog, "cancel", _ ("_Cancel"), "send", _ ("_Send"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "send", ADW_RESPONSE_SUGGESTED);
  /* Enter has just been pressed once too often, perhaps. */
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");

  return widget;
}
