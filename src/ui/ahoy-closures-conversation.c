/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of a conversation, or of its person. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <glib/gi18n.h>

#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

#define MAX_BADGE 99

/* @text: (transfer full) (nullable). */
static char *
or_empty (char *text)
{
  return text != NULL ? text : g_strdup ("");
}

static AhoyPerson *
person_of (AhoyConversation *conversation)
{
  return conversation != NULL ? ahoy_conversation_get_person (conversation) : NULL;
}

char *
ahoy_closure_title (gpointer          self,
                    AhoyConversation *conversation)
{
  return g_strdup (conversation != NULL ? ahoy_sentence_title (conversation) : "");
}

char *
ahoy_closure_presence (gpointer          self,
                       AhoyConversation *conversation)
{
  return or_empty (conversation != NULL ? ahoy_sentence_presence_of (conversation) : NULL);
}

gboolean
ahoy_closure_shows_presence (gpointer          self,
                             AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  return person != NULL && (!ahoy_person_get_online (person) || ahoy_person_get_away (person) != NULL);
}

char *
ahoy_closure_spoken (gpointer          self,
                     AhoyConversation *conversation)
{
  return or_empty (conversation != NULL ? ahoy_sentence_conversation (conversation) : NULL);
}

char *
ahoy_closure_badge (gpointer          self,
                    AhoyConversation *conversation)
{
  guint unread = conversation != NULL ? ahoy_conversation_get_unread (conversation) : 0;

  return unread > MAX_BADGE ? g_strdup_printf ("%u+", MAX_BADGE) : g_strdup_printf ("%u", unread);
}

gboolean
ahoy_closure_has_unread (gpointer          self,
                         AhoyConversation *conversation)
{
  return conversation != NULL && ahoy_conversation_get_unread (conversation) > 0;
}

gboolean
ahoy_closure_is_person (gpointer          self,
                        AhoyConversation *conversation)
{
  return person_of (conversation) != NULL;
}

char *
ahoy_closure_person_name (gpointer          self,
                          AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  return g_strdup (person != NULL ? ahoy_person_get_name (person) : "");
}

gboolean
ahoy_closure_has_changed (gpointer          self,
                          AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  return person != NULL && ahoy_person_get_changed (person);
}

gboolean
ahoy_closure_is_verified (gpointer          self,
                          AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  return person != NULL && ahoy_person_get_verified (person) && !ahoy_person_get_changed (person);
}

char *
ahoy_closure_trust (gpointer          self,
                    AhoyConversation *conversation)
{
  return or_empty (conversation != NULL ? g_strdup (ahoy_sentence_trust (conversation)) : NULL);
}

char *
ahoy_closure_about (gpointer          self,
                    AhoyConversation *conversation)
{
  AhoyPerson      *person = person_of (conversation);
  const char      *trust;
  g_autofree char *about = NULL;

  if (person == NULL)
    return g_strdup ("");

  trust = ahoy_sentence_trust (conversation);
  /* Translators: %s is a person's name. */
  about = g_strdup_printf (_ ("About %s"), ahoy_person_get_name (person));

  return trust != NULL ? g_strdup_printf ("%s, %s", about, trust) : g_steal_pointer (&about);
}

char *
ahoy_closure_avatar_icon (gpointer          self,
                          AhoyConversation *conversation)
{
  return conversation != NULL && person_of (conversation) == NULL ? g_strdup ("system-users-symbolic") : NULL;
}

char **
ahoy_closure_avatar_classes (gpointer          self,
                             AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  return ahoy_tint_classes (person != NULL ? ahoy_person_get_tint (person) : 0);
}

static char **
class_if_offline (AhoyConversation *conversation,
                  const char *class)
{
  AhoyPerson   *person = person_of (conversation);
  GStrvBuilder *builder = g_strv_builder_new ();
  char        **classes;

  if (person != NULL && !ahoy_person_get_online (person))
    g_strv_builder_add (builder, class);
  classes = g_strv_builder_end (builder);
  g_strv_builder_unref (builder);

  return classes;
}

char **
ahoy_closure_row_classes (gpointer          self,
                          AhoyConversation *conversation)
{
  return class_if_offline (conversation, "offline");
}

char **
ahoy_closure_recipient_classes (gpointer          self,
                                AhoyConversation *conversation)
{
  return class_if_offline (conversation, "dim-label");
}

AhoyTypists *
ahoy_closure_typists (gpointer          self,
                      AhoyConversation *conversation)
{
  return conversation ? g_object_ref (ahoy_typists_of (conversation)) : NULL;
}

char *
ahoy_closure_typing (gpointer           self,
                     const char *const *names)
{
  return or_empty (ahoy_sentence_typing (names));
}

char *
ahoy_closure_placeholder (gpointer          self,
                          AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  /* Translators: %s is a person's name. */
  return person != NULL ? g_strdup_printf (_ ("Private message to %s"), ahoy_person_get_name (person)) : g_strdup (_ ("Message to everyone"));
}

char *
ahoy_closure_whispering_to (gpointer          self,
                            AhoyConversation *conversation,
                            AhoyServer       *server)
{
  AhoyPerson *person = person_of (conversation);

  return or_empty (person != NULL ? ahoy_sentence_whispering_to (person, server != NULL && ahoy_server_get_extended (server)) : NULL);
}

char **
ahoy_closure_composer_classes (gpointer          self,
                               AhoyConversation *conversation)
{
  const char *classes[] = { person_of (conversation) != NULL ? "whisper" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

char *
ahoy_closure_empty (gpointer          self,
                    AhoyConversation *conversation)
{
  AhoyPerson *person = person_of (conversation);

  if (person == NULL)
    return g_markup_escape_text (_ ("What you write here is seen by everyone"), -1);
  /* Translators: %s is a person's name. */
  return g_markup_printf_escaped (_ ("What you write here is seen by %s only"), ahoy_person_get_name (person));
}
