/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What becomes of the past when the server's log is set back. PROTOCOL.md, "Runs".
 *
 * What the server no longer has stays, as copies (ahoy-place.h). What is replayed afterwards may be one of them all the same, which only the disk
 * knows for sure: the window holds the newest alone. So it is shown when the disk has said which. */

#include "core/ahoy-client-private.h"

#include "core/ahoy-conversation-private.h"
#include "core/ahoy-message-private.h"

static void
part (AhoyClient *self,
      guint64     first)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);
  const guint parting = ahoy_account_part (self->account, first);

  g_debug ("The server's log was set back: from %" G_GUINT64_FORMAT " on it is another one", first);
  for (GList *page = self->pages.head; page; page = page->next)
    { /* its answer comes, and is of the time before */
      if (page->data)
        ahoy_client_update_older (page->data, FALSE);
      g_clear_object ((AhoyConversation **) &page->data);
    }
  ahoy_place_part (&self->loaded_from, first, parting);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_conversation_part (ahoy_client_touch (self, conversation), first, parting);
      ahoy_client_update_older (conversation, FALSE);
    }
}

void
ahoy_client_note_run (AhoyClient       *self,
                      const AhoyPacket *packet)
{
  /* A server that knows nothing of runs can only be seen to have less than we hold. */
  const guint64 first = packet->parted != 0 ? packet->parted : packet->last + 1;

  if (first <= ahoy_account_get_position (self->account))
    part (self, first);
  ahoy_account_enter_run (self->account, packet->run);
}

/* The server has it after all: it is not new to anybody here. */
static void
rejoin (AhoyClient       *self,
        const AhoyPlace  *copy,
        const AhoyRecord *record)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);
  AhoyConversation *whispered = ahoy_client_conversation_of (self, record);

  ahoy_account_rejoin (self->account, copy, record->id);
  ahoy_place_rejoin (&self->loaded_from, copy, record->id);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_conversation_rejoin (ahoy_client_touch (self, conversation), copy, record->id);
    }
  if (!whispered || ahoy_client_is_own (self, record->from))
    return;
  ahoy_client_note_received (self, whispered, record->id);
  ahoy_client_set_due (self, whispered);
}

static void
on_placed (const AhoyRecord *record,
           const AhoyPlace  *copy,
           const GError     *error,
           gpointer          data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  self->n_placing--;
  if (copy)
    rejoin (self, copy, record);
  else
    ahoy_client_show (self, record, TRUE);
}

/* Without a disk all there is is in memory. */
static AhoyMessage *
find_copy (AhoyClient       *self,
           const AhoyRecord *record)
{
  GListModel *messages = ahoy_conversation_get_messages (ahoy_roster_get_everyone (self->roster));

  for (guint i = g_list_model_get_n_items (messages); i > 0; i--)
    {
      g_autoptr (AhoyMessage) message = g_list_model_get_item (messages, i - 1);
      const AhoyPlace *place = ahoy_message_get_place (message);

      if (ahoy_place_is_copy (place) && ahoy_place_get_original (place) == record->id && ahoy_message_get_time (message) == record->time &&
          g_strcmp0 (ahoy_message_get_from (message), record->from) == 0 && g_strcmp0 (ahoy_message_get_to (message), record->to) == 0 &&
          g_strcmp0 (ahoy_message_get_text (message), record->text) == 0)
        return message; /* the conversation holds it */
    }
  return NULL;
}

gboolean
ahoy_client_place (AhoyClient       *self,
                   const AhoyRecord *record)
{
  AhoyMessage *copy;
  g_auto (AhoyPlace) place = { 0 };

  if (ahoy_account_get_partings (self->account) == 0)
    return FALSE;
  if (ahoy_account_is_on_disk (self->account))
    {
      self->n_placing++;
      return ahoy_account_keep (self->account, ahoy_record_new (record), on_placed, self);
    }
  copy = find_copy (self, record);
  if (!copy)
    return FALSE;
  ahoy_place_set (&place, ahoy_message_get_place (copy)->id, ahoy_message_get_place (copy)->path);
  rejoin (self, &place, record);
  return TRUE;
}
