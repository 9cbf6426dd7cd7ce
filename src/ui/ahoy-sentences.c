/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Sentences about people, messages and times. */

#include "ui/ahoy-sentences.h"

#include <glib/gi18n.h>
#include <langinfo.h>
#include <string.h>

#include "core/identity/ahoy-key-words.h"

static GDateTime *
local_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time / 1000);

  /* A server may claim any number. */
  return date != NULL ? g_steal_pointer (&date) : g_date_time_new_from_unix_local (0);
}

static gboolean
counts_to_twelve (void)
{
  const char *format = nl_langinfo (T_FMT);

  return strstr (format, "%r") != NULL || strstr (format, "%I") != NULL || strstr (format, "%l") != NULL;
}

char *
ahoy_sentence_time (gint64 time)
{
  g_autoptr (GDateTime) date = local_time (time);

  /* Translators: a time of day where the clock counts to twelve, as strftime(3) writes it: "2:03 PM". */
  return g_date_time_format (date, counts_to_twelve () ? C_ ("clock with a.m. and p.m.", "%-I:%M %p") : "%H:%M");
}

gboolean
ahoy_sentence_same_day (gint64 a,
                        gint64 b)
{
  g_autoptr (GDateTime) first = local_time (a);
  g_autoptr (GDateTime) second = local_time (b);

  return g_date_time_get_year (first) == g_date_time_get_year (second) &&
         g_date_time_get_day_of_year (first) == g_date_time_get_day_of_year (second);
}

gboolean
ahoy_sentence_same_minute (gint64 a,
                           gint64 b)
{
  /* Every zone in use is off by whole minutes. */
  return a / 60000 == b / 60000;
}

char *
ahoy_sentence_day (gint64 time,
                   gint64 now)
{
  g_autoptr (GDateTime) date = local_time (time);
  g_autoptr (GDateTime) today = local_time (now / 1000);
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (today, -1);

  if (ahoy_sentence_same_day (time, now / 1000))
    return g_strdup (_ ("Today"));
  if (ahoy_sentence_same_day (time, g_date_time_to_unix (yesterday) * 1000))
    return g_strdup (_ ("Yesterday"));
  if (g_date_time_get_year (date) == g_date_time_get_year (today))
    /* Translators: a day of this year, as strftime(3) writes it: "Monday, 3 March". */
    return g_date_time_format (date, _ ("%A, %-d %B"));

  /* Translators: a day of another year, as strftime(3) writes it: "Monday, 3 March 2025". */
  return g_date_time_format (date, _ ("%A, %-d %B %Y"));
}

char *
ahoy_sentence_date_time (gint64 time)
{
  g_autoptr (GDateTime) date = local_time (time);
  g_autofree char      *day = g_date_time_format (date, _ ("%A, %-d %B %Y"));
  g_autofree char      *clock = ahoy_sentence_time (time);

  /* Translators: a day and a time on it: "Monday, 3 March 2025, 14:03". */
  return g_strdup_printf (C_ ("date and time", "%1$s, %2$s"), day, clock);
}

static char *
joined_sentence (const char *const *names)
{
  guint n = g_strv_length ((char **) names);

  if (n == 1)
    return g_strdup_printf (_ ("%s joined"), names[0]);
  if (n == 2)
    return g_strdup_printf (_ ("%1$s and %2$s joined"), names[0], names[1]);
  if (n == 3)
    return g_strdup_printf (_ ("%1$s, %2$s and %3$s joined"), names[0], names[1], names[2]);

  return g_strdup_printf (ngettext ("%1$s, %2$s and %3$u other joined", "%1$s, %2$s and %3$u others joined", n - 2), names[0], names[1], n - 2);
}

static char *
left_sentence (const char *const *names)
{
  guint n = g_strv_length ((char **) names);

  if (n == 1)
    return g_strdup_printf (_ ("%s left"), names[0]);
  if (n == 2)
    return g_strdup_printf (_ ("%1$s and %2$s left"), names[0], names[1]);
  if (n == 3)
    return g_strdup_printf (_ ("%1$s, %2$s and %3$s left"), names[0], names[1], names[2]);

  return g_strdup_printf (ngettext ("%1$s, %2$s and %3$u other left", "%1$s, %2$s and %3$u others left", n - 2), names[0], names[1], n - 2);
}

char *
ahoy_sentence_presence (const char *const *joined,
                        const char *const *left)
{
  g_autofree char *came = joined != NULL && joined[0] != NULL ? joined_sentence (joined) : NULL;
  g_autofree char *went = left != NULL && left[0] != NULL ? left_sentence (left) : NULL;

  if (came != NULL && went != NULL)
    /* Translators: who joined, then who left: "alice and bob joined; carol left". */
    return g_strdup_printf (C_ ("presence", "%1$s; %2$s"), came, went);
  if (came != NULL)
    return g_steal_pointer (&came);

  return went != NULL ? g_steal_pointer (&went) : g_strdup ("");
}

gboolean
ahoy_sentence_is_talk (AhoyMessage *message)
{
  AhoyMessageKind kind = ahoy_message_get_kind (message);

  return kind == AHOY_MESSAGE_CHAT || kind == AHOY_MESSAGE_NOTICE || kind == AHOY_MESSAGE_PLAIN;
}

char *
ahoy_sentence_body (AhoyMessage *message)
{
  switch (ahoy_message_get_kind (message))
    {
    case AHOY_MESSAGE_PRESENCE:
      return ahoy_sentence_presence (ahoy_message_get_joined (message), ahoy_message_get_left (message));
    case AHOY_MESSAGE_SET_BACK:
      /* Translators: a line between two messages: the server's operator has restored an older copy of what was said, or it has lost some of it. */
      return g_strdup (_ ("The server’s history was set back. It no longer has the messages above; this computer keeps them."));
    case AHOY_MESSAGE_KEY_CHANGED:
      /* Translators: a line between two messages; %s is a person's name. The words are the four words people compare. */
      return g_strdup_printf (_ ("%s came back with other words than before. Make sure that it is really them before you write anything private."),
                              ahoy_message_get_from (message));
    case AHOY_MESSAGE_UNKNOWN_NAME:
      /* Translators: why a private message was not taken; %s is a person's name. */
      return g_strdup_printf (_ ("Not delivered: nobody called %s was ever on this server."), ahoy_message_get_from (message));
    case AHOY_MESSAGE_NOT_HERE:
      /* Translators: why a private message was not taken; %s is a person's name. */
      return g_strdup_printf (_ ("Not delivered: %s is not here, and nothing is kept for people who have no key."), ahoy_message_get_from (message));
    case AHOY_MESSAGE_MAILBOX_FULL:
      /* Translators: why a private message was not taken; %s is a person's name. */
      return g_strdup_printf (_ ("Not delivered: %s has so many messages waiting already that the server keeps no more for them."),
                              ahoy_message_get_from (message));
    case AHOY_MESSAGE_CHAT:
    case AHOY_MESSAGE_NOTICE:
    case AHOY_MESSAGE_PLAIN:
    default:
      return g_strdup (ahoy_message_get_text (message));
    }
}

char *
ahoy_sentence_typing (const char *const *names)
{
  guint n = names != NULL ? g_strv_length ((char **) names) : 0;

  if (n == 0)
    return NULL;
  if (n == 1)
    /* Translators: %s is a person's name. */
    return g_strdup_printf (_ ("%s is writing…"), names[0]);
  if (n == 2)
    /* Translators: both are people's names. */
    return g_strdup_printf (_ ("%1$s and %2$s are writing…"), names[0], names[1]);

  return g_strdup_printf (ngettext ("%u person is writing…", "%u people are writing…", n), n);
}

char *
ahoy_sentence_message (AhoyMessage *message)
{
  g_autofree char *clock = ahoy_sentence_time (ahoy_message_get_time (message));
  g_autofree char *body = ahoy_sentence_body (message);
  const char      *from = ahoy_message_get_from (message);
  const char      *to = ahoy_message_get_to (message);

  if (ahoy_message_get_kind (message) == AHOY_MESSAGE_NOTICE)
    /* Translators: a line from the server or who runs it: time, text. */
    return g_strdup_printf (_ ("Notice, %1$s: %2$s"), clock, body);
  if (ahoy_message_get_kind (message) == AHOY_MESSAGE_SET_BACK)
    return g_steal_pointer (&body);
  if (from == NULL || !ahoy_sentence_is_talk (message))
    /* Translators: a line nobody said, such as who joined: time, text. */
    return g_strdup_printf (C_ ("line", "%1$s: %2$s"), clock, body);
  if (ahoy_message_is_private (message) && to != NULL)
    /* Translators: sender, receiver, time, text: "alice to bob, private, 14:03: text". */
    return g_strdup_printf (_ ("%1$s to %2$s, private, %3$s: %4$s"), from, to, clock, body);

  /* Translators: sender, time, text: "alice, 14:03: text". */
  return g_strdup_printf (_ ("%1$s, %2$s: %3$s"), from, clock, body);
}

char *
ahoy_sentence_privacy (AhoyMessage *message)
{
  if (!ahoy_message_is_private (message))
    return NULL;
  if (ahoy_message_is_own (message) && ahoy_message_get_to (message) != NULL)
    /* Translators: stands after your own name, above what only bob can read: "me → bob, private". */
    return g_strdup_printf (_ ("→ %s, private"), ahoy_message_get_to (message));

  /* Translators: stands after the sender's name, above what only you can read: "alice → you, private". */
  return g_strdup (_ ("→ you, private"));
}

const char *
ahoy_sentence_state (AhoyMessageState state)
{
  switch (state)
    {
    case AHOY_MESSAGE_WAITING:
      return C_ ("state of a message", "Waiting");
    case AHOY_MESSAGE_SENT:
      return C_ ("state of a message", "Sent");
    case AHOY_MESSAGE_DELIVERED:
      return C_ ("state of a message", "Delivered");
    case AHOY_MESSAGE_SEEN:
      return C_ ("state of a message", "Seen");
    case AHOY_MESSAGE_FAILED:
      return C_ ("state of a message", "Not sent");
    case AHOY_MESSAGE_RECEIVED:
    default:
      return NULL;
    }
}

const char *
ahoy_sentence_state_icon (AhoyMessageState state)
{
  switch (state)
    {
    case AHOY_MESSAGE_WAITING:
      return "ahoy-waiting-symbolic";
    case AHOY_MESSAGE_SENT:
      return "ahoy-sent-symbolic";
    case AHOY_MESSAGE_DELIVERED:
      return "ahoy-delivered-symbolic";
    case AHOY_MESSAGE_SEEN:
      return "ahoy-seen-symbolic";
    case AHOY_MESSAGE_FAILED:
      return "dialog-warning-symbolic";
    case AHOY_MESSAGE_RECEIVED:
    default:
      return NULL;
    }
}

const char *
ahoy_sentence_title (AhoyConversation *conversation)
{
  AhoyPerson *person = ahoy_conversation_get_person (conversation);

  /* Translators: the conversation with all who are online. */
  return person != NULL ? ahoy_person_get_name (person) : _ ("Everyone");
}

char *
ahoy_sentence_here (gboolean    online,
                    const char *away)
{
  if (!online)
    return g_strdup (C_ ("presence", "offline"));
  if (away == NULL)
    return g_strdup (C_ ("presence", "online"));
  if (away[0] == '\0')
    return g_strdup (C_ ("presence", "away"));

  /* Translators: what the person says about being away follows: "away: at lunch". */
  return g_strdup_printf (C_ ("presence", "away: %s"), away);
}

char *
ahoy_sentence_presence_of (AhoyConversation *conversation)
{
  AhoyPerson *person = ahoy_conversation_get_person (conversation);

  return person != NULL ? ahoy_sentence_here (ahoy_person_get_online (person), ahoy_person_get_away (person)) : NULL;
}

const char *
ahoy_sentence_trust (AhoyConversation *conversation)
{
  AhoyPerson *person = ahoy_conversation_get_person (conversation);

  if (person != NULL && ahoy_person_get_changed (person))
    /* Translators: of a person, in a list: "bob, online, came back with other words". The words are the four words people compare. */
    return C_ ("person", "came back with other words");
  if (person != NULL && ahoy_person_get_verified (person))
    /* Translators: of a person, in a list: "bob, online, verified". */
    return C_ ("person", "verified");

  return NULL;
}

char *
ahoy_sentence_conversation (AhoyConversation *conversation)
{
  g_autofree char *presence = ahoy_sentence_presence_of (conversation);
  guint            unread = ahoy_conversation_get_unread (conversation);
  g_autofree char *count = unread > 0 ? g_strdup_printf (ngettext ("%u unread", "%u unread", unread), unread) : NULL;
  const char      *parts[] = { presence, count, ahoy_sentence_trust (conversation) };
  char            *sentence = g_strdup (ahoy_sentence_title (conversation));

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (parts[i] != NULL)
        {
          g_autofree char *before = sentence;

          /* Translators: puts together what is said of a person or of Everyone: "bob, online, 2 unread, verified", one after the other. */
          sentence = g_strdup_printf (C_ ("person", "%1$s, %2$s"), before, parts[i]);
        }
    }

  return sentence;
}

char *
ahoy_sentence_four_words (const char *key_or_id)
{
  g_autofree char *words = ahoy_key_words (key_or_id);
  g_auto (GStrv)   each = words != NULL ? g_strsplit (words, " ", -1) : NULL;

  return each != NULL ? g_strjoinv (" · ", each) : NULL;
}

char *
ahoy_sentence_invitation (const char        *name,
                          const char *const *addresses,
                          const char        *words)
{
  /* Translators: between the addresses of a computer that is in several networks: any of them will do. */
  g_autofree char *joined = g_strjoinv (_ (" or "), (char **) addresses);

  if (*joined == '\0')
    return NULL;
  if (words == NULL)
    /* Translators: an invitation that is copied: the name of a chat and its address. */
    return g_strdup_printf (_ ("%1$s: an Ahoy chat at %2$s"), name, joined);
  /* Translators: an invitation that is copied: the name of a chat, its address and its four words. */
  return g_strdup_printf (_ ("%1$s: an Ahoy chat at %2$s. Its four words: %3$s"), name, joined, words);
}

char *
ahoy_sentence_known_since (gint64 since,
                           gint64 now)
{
  g_autoptr (GDateTime) date = NULL;
  g_autofree char      *day = NULL;

  if (since <= 0)
    return NULL;
  if (ahoy_sentence_same_day (since * 1000, now / 1000))
    return g_strdup (_ ("Known since today"));

  date = local_time (since * 1000);
  /* Translators: a day, as strftime(3) writes it: "3 March 2025". */
  day = g_date_time_format (date, _ ("%-d %B %Y"));
  /* Translators: how long a person is known: %s is a day, "3 March 2025". */
  return g_strdup_printf (_ ("Known since %s"), day);
}

char *
ahoy_sentence_whispering_to (AhoyPerson *person,
                             gboolean    keeps)
{
  const char    *name = ahoy_person_get_name (person);
  const gboolean kept = keeps && ahoy_person_get_kept (person);

  if (ahoy_person_get_online (person) && keeps && !kept)
    /* Translators: %s is a person's name. */
    return g_strdup_printf (_ ("Only %s will see this, and only while they are here: they have no key"), name);
  if (ahoy_person_get_online (person))
    /* Translators: %s is a person's name. */
    return g_strdup_printf (_ ("Only %s will see this"), name);
  if (kept)
    /* Translators: %s is a person's name. */
    return g_strdup_printf (_ ("%s is offline and will get this later"), name);

  /* Translators: %s is a person's name. */
  return g_strdup_printf (_ ("%s is offline and may not get this"), name);
}
