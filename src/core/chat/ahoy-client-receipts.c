/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who knows what of whom: what we received and saw, and what became of our own whispers. PROTOCOL.md, "Receipts".
 *
 * The server may forget what a receipt stands for, so none goes out before that is on the disk. (Where there is no disk at all, only what a person
 * has looked at is told of.)
 *
 * A receipt stands for everything up to its id, so one for each conversation and turn is enough. Nothing answers a receipt; a ping sent behind it does,
 * and only then the disk is told that they know. Until that, every new connection begins by saying it again. */

#include "core/chat/ahoy-client-private.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-name.h"

#define DELIVERED "delivered"
#define SEEN "seen"

static void
say (AhoyClient *self,
     guint64     id,
     const char *what)
{
  ahoy_connection_send (self->connection, &(AhoyPacket){ .kind = AHOY_PACKET_RECEIPT, .id = id, .what = what });
}

void
ahoy_client_note_received (AhoyClient       *self,
                           AhoyConversation *conversation,
                           guint64           id)
{
  AhoyConversationBook *book = ahoy_conversation_get_book (conversation);

  book->received = id;
  book->received_number = ahoy_archive_get_pushed (self->archive);
}

/* How far the receipts may go. */
static void
look_at_disk (AhoyClient           *self,
              AhoyConversationBook *book)
{
  if (book->kept >= book->received || !self->archive)
    return;
  if (ahoy_archive_has_written (self->archive, book->received_number))
    book->kept = book->received;
  else
    self->unkept = TRUE;
}

/* Returns: whether something was said. */
static gboolean
write_receipts_of (AhoyClient       *self,
                   AhoyConversation *conversation)
{
  AhoyConversationBook *book = ahoy_conversation_get_book (conversation);
  guint64               seen;
  gboolean              any = FALSE;

  if (ahoy_conversation_is_room (conversation) || !self->caught_up || !self->archive)
    return FALSE;
  look_at_disk (self, book);
  seen = MIN (book->read.id, ahoy_archive_is_on_disk (self->archive) ? book->kept : book->received);
  if (book->kept > MAX (book->told_delivered, book->said_delivered))
    {
      say (self, book->kept, DELIVERED);
      book->said_delivered = book->kept;
      any = TRUE;
    }
  if (seen > MAX (book->told_seen, book->said_seen))
    {
      say (self, seen, SEEN);
      book->said_seen = seen;
      any = TRUE;
    }
  return any;
}

/* Asks for a sign that what was said has arrived. */
static void
ask (AhoyClient *self)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);

  if (self->confirm_n != 0)
    return;
  self->confirm_n = ahoy_heartbeat_ping (self->session->heartbeat);
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      AhoyConversationBook        *book = ahoy_conversation_get_book (conversation);

      book->asked_delivered = book->said_delivered;
      book->asked_seen = book->said_seen;
    }
  ahoy_connection_send (self->connection, &(AhoyPacket){ .kind = AHOY_PACKET_PING, .n = self->confirm_n });
}

void
ahoy_client_write_due (AhoyClient *self,
                       GPtrArray  *due)
{
  gboolean any = FALSE;

  for (guint i = 0; i < due->len; i++)
    {
      AhoyConversation     *conversation = due->pdata[i];
      AhoyConversationBook *book = ahoy_conversation_get_book (conversation);

      if (self->archive && ahoy_conversation_get_attended (conversation) && ahoy_place_compare (&book->newest, &book->read) > 0)
        {
          ahoy_place_set (&book->read, book->newest.id, book->newest.path);
          ahoy_archive_set_place (self->archive, "read", ahoy_conversation_get_target (conversation), &book->read);
        }
      any = write_receipts_of (self, conversation) || any;
    }
  if (any)
    ask (self);
}

void
ahoy_client_write_receipts (AhoyClient *self)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);
  gboolean    any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      any = write_receipts_of (self, conversation) || any;
    }
  if (any)
    ask (self);
}

void
ahoy_client_on_written (gpointer client)
{
  AhoyClient *self = client;

  if (self->pager)
    ahoy_pager_note_written (self->pager);
  if (!self->unkept || !self->caught_up)
    return;
  self->unkept = FALSE;
  ahoy_client_write_receipts (self);
}

void
ahoy_client_forget_receipts (AhoyClient *self)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);

  self->confirm_n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      AhoyConversationBook        *book = ahoy_conversation_get_book (conversation);

      book->said_delivered = book->said_seen = book->asked_delivered = book->asked_seen = 0;
    }
}

void
ahoy_client_confirm_receipts (AhoyClient *self,
                              guint64     n)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->roster);
  gboolean    more = FALSE;

  if (self->confirm_n == 0 || n != self->confirm_n || !self->archive)
    return;
  self->confirm_n = 0;
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      AhoyConversationBook        *book = ahoy_conversation_get_book (conversation);

      if (ahoy_conversation_is_room (conversation))
        continue;
      if (book->asked_delivered > book->told_delivered)
        {
          book->told_delivered = book->asked_delivered;
          ahoy_archive_set_mark (self->archive, "told-delivered", ahoy_conversation_get_target (conversation), book->told_delivered);
        }
      if (book->asked_seen > book->told_seen)
        {
          book->told_seen = book->asked_seen;
          ahoy_archive_set_mark (self->archive, "told-seen", ahoy_conversation_get_target (conversation), book->told_seen);
        }
      more = more || book->said_delivered > book->told_delivered || book->said_seen > book->told_seen;
    }
  if (more)
    ask (self);
}

void
ahoy_client_on_attended (AhoyConversation *conversation,
                         gpointer          client)
{
  AhoyClient *self = client;

  if (self->archive)
    ahoy_turn_set_due (self->turn, conversation);
}

/* ---- Ours ---- */

void
ahoy_client_on_receipt (AhoyClient       *self,
                        const AhoyPacket *packet)
{
  const char            *what = g_strcmp0 (packet->what, SEEN) == 0 ? SEEN : g_strcmp0 (packet->what, DELIVERED) == 0 ? DELIVERED
                                                                                                                      : NULL;
  const AhoyMessageState state = what && g_str_equal (what, SEEN) ? AHOY_MESSAGE_SEEN : AHOY_MESSAGE_DELIVERED;
  g_autofree char       *key = NULL;
  AhoyPerson            *person;
  AhoyConversation      *conversation;

  if (!what || !packet->by || !self->archive)
    return;
  key = ahoy_name_skeleton (packet->by);
  if (packet->id <= ahoy_archive_get_mark (self->archive, what, ahoy_target_person (key), 0))
    return;
  ahoy_archive_set_mark (self->archive, what, ahoy_target_person (key), packet->id); /* for those that are not loaded */

  person = ahoy_roster_find (self->roster, packet->by);
  conversation = person ? ahoy_roster_find_conversation (self->roster, person) : NULL;
  ahoy_conversation_raise_states (ahoy_roster_get_everyone (self->roster), packet->by, packet->id, state);
  if (conversation)
    ahoy_conversation_raise_states (conversation, packet->by, packet->id, state);
}

AhoyMessageState
ahoy_client_whisper_state (AhoyClient *self,
                           const char *to,
                           guint64     id)
{
  g_autofree char *key = ahoy_name_skeleton (to);

  if (!self->archive)
    return AHOY_MESSAGE_SENT;
  if (id <= ahoy_archive_get_mark (self->archive, SEEN, ahoy_target_person (key), 0))
    return AHOY_MESSAGE_SEEN;
  return id <= ahoy_archive_get_mark (self->archive, DELIVERED, ahoy_target_person (key), 0) ? AHOY_MESSAGE_DELIVERED : AHOY_MESSAGE_SENT;
}
