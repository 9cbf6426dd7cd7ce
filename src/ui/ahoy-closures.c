/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of values. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "ui/ahoy-error-text.h"
#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

#define MAX_BADGE 99
/* Bytes: the limit is mentioned when fewer are left. */
#define NEAR_LIMIT 512
/* Seconds: below them a countdown only flickers. */
#define LEAST_COUNTDOWN 3

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

gboolean
ahoy_closure_is_set (gpointer    self,
                     const char *text)
{
  return text != NULL && text[0] != '\0';
}

gboolean
ahoy_closure_not (gpointer self,
                  gboolean value)
{
  return !value;
}

gboolean
ahoy_closure_is_reconnecting (gpointer        self,
                              AhoyClientState state)
{
  return state == AHOY_CLIENT_RECONNECTING;
}

gboolean
ahoy_closure_is_trying (gpointer        self,
                        AhoyClientState state,
                        guint           retry_in)
{
  return state == AHOY_CLIENT_RECONNECTING && retry_in == 0;
}

char *
ahoy_closure_reconnecting (gpointer self,
                           gboolean history_broken)
{
  return g_strdup (history_broken ? _ ("The server cannot read its history. Trying again…") : _ ("Reconnecting…"));
}

char *
ahoy_closure_next_attempt (gpointer    self,
                           guint       retry_in,
                           AhoyServer *server)
{
  if (retry_in < LEAST_COUNTDOWN)
    return g_strdup ("");
  if (server != NULL && ahoy_server_get_id (server) != NULL)
    return g_strdup_printf (ngettext ("Next attempt in %u second; also looking for it at other addresses",
                                      "Next attempt in %u seconds; also looking for it at other addresses", retry_in),
                            retry_in);
  return g_strdup_printf (ngettext ("Next attempt in %u second", "Next attempt in %u seconds", retry_in), retry_in);
}

char *
ahoy_closure_away (gpointer    self,
                   const char *away)
{
  /* Translators: %s is what you wrote about being away. */
  return away != NULL ? g_strdup_printf (_ ("You are away: %s"), away) : g_strdup ("");
}

char *
ahoy_closure_slowed (gpointer self,
                     gboolean slowed)
{
  return g_strdup (slowed ? _ ("The server takes only so many messages at a time; the rest follows by itself.") : "");
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
ahoy_closure_excess (gpointer self,
                     gint64   excess)
{
  if (!ahoy_closure_shows_excess (NULL, excess))
    return g_strdup ("");
  if (excess > 0)
    return g_strdup_printf (ngettext ("Too long by %d byte", "Too long by %d bytes", excess), (int) excess);
  return g_strdup_printf (ngettext ("%d byte left", "%d bytes left", -excess), (int) -excess);
}

gboolean
ahoy_closure_shows_excess (gpointer self,
                           gint64   excess)
{
  return excess > -NEAR_LIMIT;
}

char **
ahoy_closure_excess_classes (gpointer self,
                             gint64   excess)
{
  const char *classes[] = { "excess", "caption", "numeric", excess > 0 ? "error" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

char *
ahoy_closure_send_tooltip (gpointer self,
                           gint64   excess)
{
  return g_strdup (excess > 0 ? _ ("The message is too long") : _ ("Send"));
}

char *
ahoy_closure_newest (gpointer self,
                     guint    n_new)
{
  /* Translators: on the button to the newest message; how many came in below. */
  return n_new > 0 ? g_strdup_printf (ngettext ("↓ %u new", "↓ %u new", n_new), n_new) : g_strdup ("↓");
}

char *
ahoy_closure_newest_spoken (gpointer self,
                            guint    n_new)
{
  return n_new > 0 ? g_strdup_printf (ngettext ("%u new message", "%u new messages", n_new), n_new) : g_strdup (_ ("Newest Messages"));
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

char *
ahoy_closure_chat_name (gpointer        self,
                        AhoyServer     *server,
                        AhoyClientState state)
{
  return g_strdup (server != NULL && ahoy_server_get_name (server) != NULL ? ahoy_server_get_name (server) : _ ("Ahoy"));
}

char *
ahoy_closure_chat_spoken (gpointer        self,
                          AhoyServer     *server,
                          AhoyClientState state,
                          gboolean        secure)
{
  g_autofree char *name = ahoy_closure_chat_name (NULL, server, state);

  /* Translators: what the button of a chat is called: %1$s is the name of the chat, %2$s is "encrypted" or "not encrypted". */
  return g_strdup_printf (_ ("About this chat: %1$s, %2$s"), name, secure ? _ ("encrypted") : _ ("not encrypted"));
}

char *
ahoy_closure_n_online (gpointer self,
                       guint    n_online)
{
  /* Translators: in the header of the list of people; how many are online, you included. */
  return g_strdup_printf (ngettext ("%u online", "%u online", n_online), n_online);
}

char *
ahoy_closure_encrypted (gpointer self,
                        gboolean secure)
{
  return g_strdup (secure ? _ ("Encrypted") : _ ("Not encrypted"));
}

char *
ahoy_closure_lock_icon (gpointer self,
                        gboolean secure)
{
  return g_strdup (secure ? "channel-secure-symbolic" : "channel-insecure-symbolic");
}

char **
ahoy_closure_lock_classes (gpointer self,
                           gboolean secure)
{
  const char *classes[] = { secure ? NULL : "warning", NULL };

  return g_strdupv ((char **) classes);
}

char **
ahoy_closure_problem_classes (gpointer    self,
                              const char *problem)
{
  const char *classes[] = { problem != NULL ? "error" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

gboolean
ahoy_closure_has_back (gpointer self,
                       AhoyStep step)
{
  switch (step)
    {
    case AHOY_STEP_ADDRESS:
    case AHOY_STEP_CHOOSING:
    case AHOY_STEP_NONE_FOUND:
    case AHOY_STEP_TROUBLE:
    case AHOY_STEP_CHANGED:
    case AHOY_STEP_REPLACED:
      return TRUE;
    case AHOY_STEP_NAME:
    case AHOY_STEP_LOOKING:
    case AHOY_STEP_HOSTING:
    case AHOY_STEP_CONNECTING:
    case AHOY_STEP_REFUSED:
    case AHOY_STEP_TALKING:
    default:
      return FALSE;
    }
}

char *
ahoy_closure_window_title (gpointer    self,
                           AhoyStep    step,
                           AhoyServer *server)
{
  g_autofree char *name = step == AHOY_STEP_TALKING && server != NULL ? ahoy_error_text_server_name (server) : NULL;

  /* Translators: title of the window: %s is the name of the server. */
  return name != NULL ? g_strdup_printf (_ ("%s – Ahoy"), name) : g_strdup ("Ahoy");
}

char *
ahoy_closure_server_name (gpointer    self,
                          AhoyServer *server)
{
  return or_empty (server != NULL ? ahoy_error_text_server_name (server) : NULL);
}

char *
ahoy_closure_server_detail (gpointer    self,
                            AhoyServer *server)
{
  g_autofree char *detail = server != NULL ? ahoy_error_text_server_detail (server) : NULL;

  if (server == NULL)
    return g_strdup ("");
  if (ahoy_server_get_namesake (server) == NULL)
    return g_steal_pointer (&detail);
  /* Translators: in the list of servers, beside one that is called like a server the person has been on, and is not that one. */
  return g_strdup_printf ("%s\n%s", detail, _ ("Another chat of the same name as one you know"));
}

char *
ahoy_closure_server_known (gpointer    self,
                           AhoyServer *server)
{
  /* Translators: in the list of servers, beside one where the person has been before. */
  return g_strdup (server != NULL && ahoy_server_get_last_used (server) ? _ ("Last used") : _ ("Known"));
}

gboolean
ahoy_closure_server_is_known (gpointer    self,
                              AhoyServer *server)
{
  return server != NULL && (ahoy_server_get_last_used (server) || ahoy_server_get_known (server));
}

gboolean
ahoy_closure_server_encrypts (gpointer    self,
                              AhoyServer *server)
{
  return server != NULL && ahoy_server_get_tls (server);
}

/* The icon and the badge are in it as words. */
char *
ahoy_closure_server_spoken (gpointer    self,
                            AhoyServer *server)
{
  g_autofree char *name = ahoy_closure_server_name (NULL, server);
  g_autofree char *detail = ahoy_closure_server_detail (NULL, server);
  GString         *spoken = g_string_new (name);

  g_string_append_printf (spoken, ", %s", detail);
  if (ahoy_closure_server_encrypts (NULL, server))
    g_string_append_printf (spoken, ", %s", _ ("encrypted"));
  if (server != NULL && ahoy_server_get_last_used (server))
    g_string_append_printf (spoken, ", %s", _ ("last used"));
  else if (server != NULL && ahoy_server_get_known (server))
    g_string_append_printf (spoken, ", %s", _ ("known"));

  return g_string_free (spoken, FALSE);
}

char *
ahoy_closure_probe_place (gpointer   self,
                          AhoyProbe *probe)
{
  return or_empty (probe != NULL ? ahoy_error_text_probe_place (probe) : NULL);
}

char *
ahoy_closure_probe_outcome (gpointer   self,
                            AhoyProbe *probe)
{
  return or_empty (probe != NULL ? ahoy_error_text_probe_outcome (probe) : NULL);
}

static const char *
icon_of_kind (AhoyProbeKind kind)
{
  switch (kind)
    {
    case AHOY_PROBE_THIS_COMPUTER:
      return "computer-symbolic";
    case AHOY_PROBE_ADDRESS:
    case AHOY_PROBE_SWEEP:
      return "network-server-symbolic";
    case AHOY_PROBE_NEIGHBOURS:
      return "system-users-symbolic";
    case AHOY_PROBE_INTERFACE:
    case AHOY_PROBE_MULTICAST:
    case AHOY_PROBE_LIMITED:
    case AHOY_PROBE_MDNS:
    case AHOY_PROBE_SRV:
    default:
      return "network-wired-symbolic";
    }
}

char *
ahoy_closure_probe_icon (gpointer   self,
                         AhoyProbe *probe)
{
  AhoyProbeKind kind = probe != NULL ? ahoy_probe_get_kind (probe) : AHOY_PROBE_INTERFACE;

  if (probe == NULL)
    return NULL;
  if (kind == AHOY_PROBE_SRV && ahoy_probe_get_error (probe) == EADDRNOTAVAIL)
    return g_strdup ("network-error-symbolic");
  if (ahoy_probe_get_replies (probe) > 0)
    return g_strdup ("object-select-symbolic");
  if (kind == AHOY_PROBE_MDNS || kind == AHOY_PROBE_SRV)
    return g_strdup ("network-workgroup-symbolic"); /* that there is none is no error */
  if (ahoy_probe_get_sent (probe) == 0)
    return g_strdup ("network-error-symbolic");

  return g_strdup (icon_of_kind (kind));
}

char *
ahoy_closure_probe_spoken (gpointer   self,
                           AhoyProbe *probe)
{
  g_autofree char *place = ahoy_closure_probe_place (NULL, probe);
  g_autofree char *outcome = ahoy_closure_probe_outcome (NULL, probe);

  /* Translators: where a server was looked for, and what came of it: "Network eth0: 2 replies". */
  return g_strdup_printf (C_ ("probe", "%1$s: %2$s"), place, outcome);
}
