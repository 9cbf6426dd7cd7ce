/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is typing: what is said of it, and what is shown. */

#include "core/features/ahoy-typing.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/features/ahoy-typists.h"

struct _AhoyTyping {
  /* Template */
  const AhoyTypingTiming *timing;
  AhoyTypingSend          send;
  gpointer                data;

  /* Owned */
  GHashTable *written; /* AhoyConversation -> gint64 *: when we last said that we write there */

  /* Borrowed */
  AhoyRoster *roster;
};

AhoyTyping *
ahoy_typing_new (AhoyRoster             *roster,
                 const AhoyTypingTiming *timing,
                 AhoyTypingSend          send,
                 gpointer                data)
{
  AhoyTyping *self = g_new0 (AhoyTyping, 1);

  self->roster = roster;
  self->timing = timing;
  self->send = send;
  self->data = data;
  self->written = g_hash_table_new_full (NULL, NULL, g_object_unref, g_free);
  return self;
}

void
ahoy_typing_free (AhoyTyping *self)
{
  g_hash_table_unref (self->written);
  g_free (self);
}

void
ahoy_typing_write (AhoyTyping       *self,
                   AhoyConversation *conversation,
                   gint64            now)
{
  const gint64 *last = g_hash_table_lookup (self->written, conversation);

  if (!ahoy_conversation_is_room (conversation) && !ahoy_person_get_online (ahoy_conversation_get_person (conversation)))
    return;
  if (last && now - *last < self->timing->every * G_GINT64_CONSTANT (1000))
    return;
  g_hash_table_replace (self->written, g_object_ref (conversation), g_memdup2 (&now, sizeof now));
  self->send (&(AhoyPacket){ .kind = AHOY_PACKET_TYPING, .target = ahoy_conversation_get_addressee (conversation) }, self->data);
}

void
ahoy_typing_take (AhoyTyping       *self,
                  const AhoyPacket *packet)
{
  AhoyPerson       *person = ahoy_roster_find (self->roster, packet->from);
  AhoyConversation *where;

  if (!person || person == ahoy_roster_get_self (self->roster))
    return;
  if (ahoy_target_is_person (packet->target))
    where = ahoy_roster_find_conversation (self->roster, person);
  else
    where = ahoy_roster_find_room (self->roster, packet->target.room);
  if (where)
    ahoy_typists_note (ahoy_typists_of (where), ahoy_person_get_name (person), self->timing->lasts);
}

void
ahoy_typing_note_said (AhoyTyping       *self,
                       AhoyConversation *conversation,
                       const char       *name)
{
  AhoyPerson *person = ahoy_roster_find (self->roster, name);

  if (person)
    ahoy_typists_drop (ahoy_typists_of (conversation), ahoy_person_get_name (person));
}

void
ahoy_typing_go_offline (AhoyTyping *self)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);

  g_hash_table_remove_all (self->written);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      ahoy_typists_clear (ahoy_typists_of (conversation));
    }
}
