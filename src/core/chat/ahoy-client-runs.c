/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What becomes of the past when the server's log is set back. PROTOCOL.md, "Runs".
 *
 * What the server no longer has stays, as copies (ahoy-place.h). What is replayed afterwards may be one of them all the same, which only the disk
 * knows for sure: the window holds the newest alone. So it is shown when the disk has said which. */

#include "core/chat/ahoy-client-private.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"

static void
part (AhoyClient *self,
      guint64     first)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);
  const guint parting = ahoy_archive_part (self->archive, first);

  g_debug ("The server's log was set back: from %" G_GUINT64_FORMAT " on it is another one", first);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_conversation_part (ahoy_turn_touch (self->turn, conversation), first, parting);
    }
  ahoy_pager_part (self->pager, first, parting);
}

void
ahoy_client_note_run (AhoyClient       *self,
                      const AhoyPacket *packet)
{
  /* A server that knows nothing of runs can only be seen to have less than we hold. */
  const guint64 first = packet->parted != 0 ? packet->parted : packet->last + 1;

  if (first <= ahoy_archive_get_position (self->archive))
    part (self, first);
  ahoy_archive_enter_run (self->archive, packet->run);
}

/* The server has it after all: it is not new to anybody here. */
static void
rejoin (AhoyClient              *self,
        const AhoyPlace         *copy,
        const AhoyStoredMessage *stored)
{
  GListModel       *conversations = ahoy_roster_get_conversations (self->roster);
  AhoyConversation *whispered = ahoy_client_conversation_of (self, stored);

  ahoy_archive_rejoin (self->archive, copy, stored->id);
  ahoy_pager_rejoin (self->pager, copy, stored->id);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_conversation_rejoin (ahoy_turn_touch (self->turn, conversation), copy, stored->id);
    }
  if (!whispered || ahoy_client_is_own (self, stored->from))
    return;
  ahoy_client_note_received (self, whispered, stored->id);
  ahoy_turn_set_due (self->turn, whispered);
}

static void
on_placed (AhoyWrite    *keep,
           const GError *error,
           gpointer      data)
{
  g_autoptr (AhoyClient)   self = g_object_ref (data);
  const AhoyStoredMessage *stored = ahoy_message_table_get_kept (keep);
  const AhoyPlace         *copy = error ? NULL : ahoy_message_table_get_copy (keep);

  self->n_placing--;
  if (copy)
    rejoin (self, copy, stored);
  else
    ahoy_client_show (self, stored, TRUE);
}

/* Without a disk all there is is in memory. */
static AhoyMessage *
find_copy (AhoyClient              *self,
           const AhoyStoredMessage *stored)
{
  GListModel *messages = ahoy_conversation_get_messages (ahoy_roster_get_everyone (self->roster));

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
ahoy_client_place (AhoyClient              *self,
                   const AhoyStoredMessage *stored)
{
  AhoyMessage       *copy;
  g_auto (AhoyPlace) place = { 0 };

  if (ahoy_archive_get_partings (self->archive) == 0)
    return FALSE;
  if (ahoy_archive_is_on_disk (self->archive))
    {
      self->n_placing++;
      return ahoy_archive_keep (self->archive, ahoy_stored_message_new (stored), on_placed, self);
    }
  copy = find_copy (self, stored);
  if (!copy)
    return FALSE;
  ahoy_place_set (&place, ahoy_message_get_place (copy)->id, ahoy_message_get_place (copy)->path);
  rejoin (self, &place, stored);
  return TRUE;
}
