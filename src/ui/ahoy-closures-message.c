/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What .ui files make of a message where it stands in the timeline. */

#include "ahoy-config.h"

#include "ui/ahoy-closures.h"

#include <glib/gi18n.h>

#include "ui/ahoy-markup.h"
#include "ui/ahoy-sentences.h"
#include "ui/ahoy-tint.h"

/* Pixels: an avatar and the space beside it. */
#define GUTTER 48

static AhoyMessage *
message_of (AhoyTimelineItem *item)
{
  return item != NULL ? ahoy_timeline_item_get_message (item) : NULL;
}

static AhoyMessageState
state_of (AhoyTimelineItem *item)
{
  AhoyMessage *message = message_of (item);

  return message != NULL ? ahoy_message_get_state (message) : AHOY_MESSAGE_RECEIVED;
}

static gboolean
is_talk (AhoyTimelineItem *item)
{
  AhoyMessage *message = message_of (item);

  return message != NULL && ahoy_sentence_is_talk (message);
}

static gboolean
is_chat (AhoyTimelineItem *item)
{
  AhoyMessage *message = message_of (item);

  return message != NULL && ahoy_message_get_kind (message) == AHOY_MESSAGE_CHAT;
}

static const char *
author_of (AhoyTimelineItem *item)
{
  AhoyMessage *message = message_of (item);

  if (message == NULL)
    return NULL;

  return ahoy_message_get_kind (message) == AHOY_MESSAGE_NOTICE ? _ ("Notice") : ahoy_message_get_from (message);
}

char **
ahoy_closure_message_classes (gpointer          self,
                              AhoyTimelineItem *item)
{
  static const char *const kinds[] = { "chat", "notice", "plain", "presence", "set-back", "key-changed", "undelivered", "undelivered" };
  AhoyMessage             *message = message_of (item);
  const char              *text = message != NULL ? ahoy_message_get_text (message) : NULL;
  const char              *classes[8];
  guint                    n = 0;

  if (message != NULL)
    {
      classes[n++] = kinds[ahoy_message_get_kind (message)];
      if (ahoy_timeline_item_get_starts_group (item))
        classes[n++] = "first";
      if (ahoy_message_is_own (message))
        classes[n++] = "own";
      if (ahoy_message_is_private (message))
        classes[n++] = "private";
      if (ahoy_message_is_mention (message))
        classes[n++] = "mention";
      if (ahoy_message_get_state (message) == AHOY_MESSAGE_FAILED)
        classes[n++] = "failed";
      if (text != NULL && ahoy_markup_only_emoji (text))
        classes[n++] = "emoji";
    }
  classes[n] = NULL;

  return g_strdupv ((char **) classes);
}

gboolean
ahoy_closure_starts_day (gpointer          self,
                         AhoyTimelineItem *item)
{
  return item != NULL && ahoy_timeline_item_get_starts_day (item);
}

char *
ahoy_closure_day (gpointer          self,
                  AhoyTimelineItem *item)
{
  if (!ahoy_closure_starts_day (NULL, item))
    return g_strdup ("");

  return ahoy_sentence_day (ahoy_message_get_time (message_of (item)), g_get_real_time ());
}

gboolean
ahoy_closure_first_unread (gpointer          self,
                           AhoyTimelineItem *item)
{
  return item != NULL && ahoy_timeline_item_get_first_unread (item);
}

int
ahoy_closure_message_indent (gpointer          self,
                             AhoyTimelineItem *item)
{
  return is_talk (item) ? GUTTER : 0;
}

gboolean
ahoy_closure_has_author (gpointer          self,
                         AhoyTimelineItem *item)
{
  return author_of (item) != NULL && is_talk (item) && ahoy_timeline_item_get_starts_group (item);
}

char *
ahoy_closure_author (gpointer          self,
                     AhoyTimelineItem *item)
{
  return g_strdup (ahoy_closure_has_author (NULL, item) ? author_of (item) : "");
}

gboolean
ahoy_closure_author_has_initials (gpointer          self,
                                  AhoyTimelineItem *item)
{
  return is_chat (item);
}

char *
ahoy_closure_author_icon (gpointer          self,
                          AhoyTimelineItem *item)
{
  return is_chat (item) ? NULL : g_strdup ("ahoy-notice-symbolic");
}

char **
ahoy_closure_author_classes (gpointer          self,
                             AhoyTimelineItem *item)
{
  return ahoy_tint_classes (item != NULL ? ahoy_message_get_tint (message_of (item)) : 0);
}

char *
ahoy_closure_privacy (gpointer          self,
                      AhoyTimelineItem *item)
{
  char *privacy = ahoy_closure_has_author (NULL, item) ? ahoy_sentence_privacy (message_of (item)) : NULL;

  return privacy != NULL ? privacy : g_strdup ("");
}

char *
ahoy_closure_message_time (gpointer          self,
                           AhoyTimelineItem *item)
{
  return ahoy_closure_has_author (NULL, item) ? ahoy_sentence_time (ahoy_message_get_time (message_of (item))) : g_strdup ("");
}

char *
ahoy_closure_message_markup (gpointer          self,
                             AhoyTimelineItem *item)
{
  g_autofree char *body = item != NULL ? ahoy_sentence_body (message_of (item)) : g_strdup ("");

  return ahoy_markup_from_text (body);
}

float
ahoy_closure_message_xalign (gpointer          self,
                             AhoyTimelineItem *item)
{
  return is_talk (item) ? 0.0f : 0.5f;
}

GtkJustification
ahoy_closure_message_justify (gpointer          self,
                              AhoyTimelineItem *item)
{
  return is_talk (item) ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_CENTER;
}

gboolean
ahoy_closure_has_state (gpointer          self,
                        AhoyTimelineItem *item)
{
  return state_of (item) != AHOY_MESSAGE_RECEIVED;
}

char *
ahoy_closure_state (gpointer          self,
                    AhoyTimelineItem *item)
{
  const char *state = ahoy_sentence_state (state_of (item));

  return g_strdup (state != NULL ? state : "");
}

char *
ahoy_closure_state_icon (gpointer          self,
                         AhoyTimelineItem *item)
{
  return g_strdup (ahoy_sentence_state_icon (state_of (item)));
}

char **
ahoy_closure_state_classes (gpointer          self,
                            AhoyTimelineItem *item)
{
  AhoyMessageState state = state_of (item);
  gboolean         loud = state == AHOY_MESSAGE_WAITING || state == AHOY_MESSAGE_FAILED;
  const char      *classes[] = { "state", loud ? "loud" : NULL, NULL };

  return g_strdupv ((char **) classes);
}

char *
ahoy_closure_message_spoken (gpointer          self,
                             AhoyTimelineItem *item)
{
  return item != NULL ? ahoy_sentence_message (message_of (item)) : g_strdup ("");
}
