/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What becomes of the past when the server's log is set back. */

#include "core/dialect/ahoy-placer.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"
#include "core/features/ahoy-feature-set.h"

struct _AhoyPlacer {
  guint n_asked; /* messages whose place only the disk knows, and has not told yet */

  /* Borrowed */
  const AhoyChatParts *chat;
};

AhoyPlacer *
ahoy_placer_new (const AhoyChatParts *chat)
{
  AhoyPlacer *self = g_new0 (AhoyPlacer, 1);

  self->chat = chat;
  return self;
}

void
ahoy_placer_free (AhoyPlacer *self)
{
  g_free (self);
}

void
ahoy_placer_forget (AhoyPlacer *self)
{
  self->n_asked = 0;
  if (self->chat->archive)
    ahoy_archive_forget_asker (self->chat->archive, self);
}

static void
part (AhoyPlacer *self,
      guint64     first)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->chat->roster);
  const guint parting = ahoy_archive_part (self->chat->archive, first);

  g_debug ("The server's log was set back: from %" G_GUINT64_FORMAT " on it is another one", first);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_conversation_part (ahoy_turn_touch (self->chat->turn, conversation), first, parting);
    }
  ahoy_feature_set_parted (self->chat->features, first, parting);
}

void
ahoy_placer_note_run (AhoyPlacer *self,
                      const char *run,
                      guint64     parted,
                      guint64     last)
{
  /* A server that knows nothing of runs can only be seen to have less than we hold. */
  const guint64 first = parted != 0 ? parted : last + 1;

  if (first <= ahoy_archive_get_position (self->chat->archive))
    part (self, first);
  ahoy_archive_enter_run (self->chat->archive, run);
}

/* The server has it after all: it is not new to anybody here. */
static void
rejoin (AhoyPlacer              *self,
        const AhoyPlace         *copy,
        const AhoyStoredMessage *stored)
{
  GListModel       *conversations = ahoy_roster_get_conversations (self->chat->roster);
  AhoyConversation *whispered = ahoy_timeline_conversation_of (self->chat, stored);

  ahoy_archive_rejoin (self->chat->archive, copy, stored->id);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_conversation_rejoin (ahoy_turn_touch (self->chat->turn, conversation), copy, stored->id);
    }
  ahoy_feature_set_rejoined (self->chat->features, copy, stored, whispered);
}

static void
on_placed (AhoyWrite    *keep,
           const GError *error,
           gpointer      data)
{
  AhoyPlacer              *self = data;
  g_autoptr (GObject)      held = g_object_ref (self->chat->chat);
  const AhoyStoredMessage *stored = ahoy_message_table_get_kept (keep);
  const AhoyPlace         *copy = error ? NULL : ahoy_message_table_get_copy (keep);

  self->n_asked--;
  if (copy)
    rejoin (self, copy, stored);
  else
    ahoy_timeline_show (self->chat, stored, TRUE);
}

/* Without a disk all there is is in memory. */
static AhoyMessage *
find_copy (AhoyPlacer              *self,
           const AhoyStoredMessage *stored)
{
  AhoyConversation *room = ahoy_timeline_find_room (self->chat, stored->target);
  GListModel       *messages = ahoy_conversation_get_messages (room);

  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, i - 1);
      const AhoyPlace        *place = ahoy_message_get_place (message);

      if (ahoy_place_is_copy (place) && ahoy_place_get_original (place) == stored->id && ahoy_message_get_time (message) == stored->time &&
          g_strcmp0 (ahoy_message_get_from (message), stored->from) == 0 && ahoy_target_equal (ahoy_message_get_target (message), stored->target) &&
          g_strcmp0 (ahoy_message_get_text (message), stored->text) == 0)
        return message; /* the conversation holds it */
    }
  return NULL;
}

gboolean
ahoy_placer_place (AhoyPlacer              *self,
                   const AhoyStoredMessage *stored)
{
  AhoyMessage       *copy;
  g_auto (AhoyPlace) place = { 0 };

  if (ahoy_archive_get_partings (self->chat->archive) == 0)
    return FALSE;
  if (ahoy_archive_is_on_disk (self->chat->archive))
    {
      self->n_asked++;
      return ahoy_archive_keep (self->chat->archive, ahoy_stored_message_new (stored), on_placed, self);
    }
  copy = find_copy (self, stored);
  if (!copy)
    return FALSE;
  ahoy_place_set (&place, ahoy_message_get_place (copy)->id, ahoy_message_get_place (copy)->path);
  rejoin (self, &place, stored);
  return TRUE;
}

gboolean
ahoy_placer_is_busy (const AhoyPlacer *self)
{
  return self->n_asked > 0;
}
