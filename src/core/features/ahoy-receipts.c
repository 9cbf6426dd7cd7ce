/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The feature "receipts": who knows what of whom: what we received and saw, and what became of our own whispers. PROTOCOL.md, "Receipts".
 *
 * The server may forget what a receipt stands for, so none goes out before that is on the disk. (Where there is no disk at all, only what a person
 * has looked at is told of.)
 *
 * A receipt stands for everything up to its id, so one for each conversation and turn is enough. Nothing answers a receipt; a ping sent behind it does,
 * and only then the disk is told that they know. Until that, every new connection begins by saying it again. */

#include "core/features/ahoy-features.h"

#include "core/archive/ahoy-mark-table.h"
#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"
#include "wire/ahoy-name.h"

/* Marks: how far others got with what we whispered to them, and how far they know that we got. */
#define DELIVERED "delivered"
#define SEEN "seen"
#define TOLD_DELIVERED "told-delivered"
#define TOLD_SEEN "told-seen"

/* What there is to remember of a conversation: ids, 0 for none, and places. */
typedef struct {
  AhoyPlace newest;          /* of what can be unread here */
  AhoyPlace read;            /* newest when it was last attended */
  guint64   received;        /* newest whisper from the person */
  guint64   received_number; /* what the archive had to write by then: it is on the disk when that is */
  guint64   kept;            /* the newest of them that is on the disk for sure */
  guint64   told_delivered;  /* they know, for sure, that we received it */
  guint64   told_seen;
  guint64   said_delivered; /* we have said so on this connection */
  guint64   said_seen;
  guint64   asked_delivered; /* what they know once the ping under way is answered */
  guint64   asked_seen;
} Book;

typedef struct {
  gboolean caught_up;
  guint64  confirm_n; /* receipts are known to have arrived when this ping comes back; 0: none is under way */
  gboolean unkept;    /* a receipt waits for the disk */

  /* Borrowed */
  const AhoyChatParts *chat;
} Receipts;

static G_DEFINE_QUARK (ahoy_receipts_book, book);

static void
book_free (gpointer data)
{
  Book *book = data;

  ahoy_place_clear (&book->newest);
  ahoy_place_clear (&book->read);
  g_free (book);
}

/* Returns: (transfer none): made when there is none. */
static Book *
book_of (AhoyConversation *conversation)
{
  Book *book = g_object_get_qdata (G_OBJECT (conversation), book_quark ());

  if (!book)
    {
      book = g_new0 (Book, 1);
      g_object_set_qdata_full (G_OBJECT (conversation), book_quark (), book, book_free);
    }
  return book;
}

typedef void (*EachFunc) (Receipts         *self,
                          AhoyConversation *conversation,
                          Book             *book);

static void
each (Receipts *self,
      EachFunc  func)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->chat->roster);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      func (self, conversation, book_of (conversation));
    }
}

static gpointer
start (const AhoyChatParts *chat,
       gconstpointer        options)
{
  Receipts *self = g_new0 (Receipts, 1);

  self->chat = chat;
  return self;
}

/* ---- What we say ---- */

static void
say (const Receipts *self,
     guint64         id,
     const char     *what)
{
  ahoy_connection_send (self->chat->connection, &(AhoyPacket){ .kind = AHOY_PACKET_RECEIPT, .id = id, .what = what });
}

/* How far the receipts may go. */
static void
look_at_disk (Receipts *self,
              Book     *book)
{
  if (book->kept >= book->received)
    return;
  if (ahoy_archive_has_written (self->chat->archive, book->received_number))
    book->kept = book->received;
  else
    self->unkept = TRUE;
}

/* Returns: whether something was said. */
static gboolean
write_of (Receipts         *self,
          AhoyConversation *conversation)
{
  Book    *book = book_of (conversation);
  guint64  seen;
  gboolean any = FALSE;

  if (ahoy_conversation_is_room (conversation) || !self->caught_up || !self->chat->archive)
    return FALSE;
  look_at_disk (self, book);
  seen = MIN (book->read.id, ahoy_archive_is_on_disk (self->chat->archive) ? book->kept : book->received);
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

static void
begin_asking (Receipts         *self,
              AhoyConversation *conversation,
              Book             *book)
{
  book->asked_delivered = book->said_delivered;
  book->asked_seen = book->said_seen;
}

/* Asks for a sign that what was said has arrived. */
static void
ask (Receipts *self)
{
  if (self->confirm_n != 0)
    return;
  self->confirm_n = ahoy_heartbeat_ping (self->chat->session->heartbeat);
  each (self, begin_asking);
  ahoy_connection_send (self->chat->connection, &(AhoyPacket){ .kind = AHOY_PACKET_PING, .n = self->confirm_n });
}

static void
due (GPtrArray *conversations,
     gpointer   data)
{
  Receipts *self = data;
  gboolean  any = FALSE;

  for (guint i = 0; i < conversations->len; i++)
    {
      AhoyConversation *conversation = conversations->pdata[i];
      Book             *book = book_of (conversation);

      if (self->chat->archive && ahoy_conversation_get_attended (conversation) && ahoy_place_compare (&book->newest, &book->read) > 0)
        {
          ahoy_place_set (&book->read, book->newest.id, book->newest.path);
          ahoy_archive_set_place (self->chat->archive, AHOY_MARK_READ, ahoy_conversation_get_target (conversation), &book->read);
        }
      any = write_of (self, conversation) || any;
    }
  if (any)
    ask (self);
}

/* What the others do not know yet. */
static void
write_all (Receipts *self)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->chat->roster);
  gboolean    any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);

      any = write_of (self, conversation) || any;
    }
  if (any)
    ask (self);
}

static void
caught_up (gpointer data)
{
  Receipts *self = data;

  self->caught_up = TRUE;
  write_all (self);
}

static void
written (gpointer data)
{
  Receipts *self = data;

  if (!self->unkept || !self->caught_up)
    return;
  self->unkept = FALSE;
  write_all (self);
}

static void
confirm (Receipts         *self,
         AhoyConversation *conversation,
         Book             *book)
{
  if (ahoy_conversation_is_room (conversation))
    return;
  if (book->asked_delivered > book->told_delivered)
    {
      book->told_delivered = book->asked_delivered;
      ahoy_archive_set_mark (self->chat->archive, TOLD_DELIVERED, ahoy_conversation_get_target (conversation), book->told_delivered);
    }
  if (book->asked_seen > book->told_seen)
    {
      book->told_seen = book->asked_seen;
      ahoy_archive_set_mark (self->chat->archive, TOLD_SEEN, ahoy_conversation_get_target (conversation), book->told_seen);
    }
}

/* Whether something was said since it was last asked whether it has arrived. */
static gboolean
says_more (const Receipts *self)
{
  GListModel *conversations = ahoy_roster_get_conversations (self->chat->roster);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      const Book                  *book = book_of (conversation);

      if (book->said_delivered > book->told_delivered || book->said_seen > book->told_seen)
        return TRUE;
    }
  return FALSE;
}

static void
ponged (guint64  n,
        gpointer data)
{
  Receipts *self = data;

  if (self->confirm_n == 0 || n != self->confirm_n || !self->chat->archive)
    return;
  self->confirm_n = 0;
  each (self, confirm);
  if (says_more (self))
    ask (self);
}

static void
forget_said (Receipts         *self,
             AhoyConversation *conversation,
             Book             *book)
{
  book->said_delivered = book->said_seen = book->asked_delivered = book->asked_seen = 0;
}

static void
offline (gpointer data)
{
  Receipts *self = data;

  self->caught_up = FALSE;
  self->confirm_n = 0;
  each (self, forget_said);
}

/* ---- What we have received and seen ---- */

static void
note_received (const Receipts   *self,
               AhoyConversation *conversation,
               guint64           id)
{
  Book *book = book_of (conversation);

  book->received = id;
  book->received_number = ahoy_archive_get_pushed (self->chat->archive);
  ahoy_turn_set_due (self->chat->turn, conversation);
}

static void
said (AhoyConversation        *where,
      const AhoyStoredMessage *stored,
      gpointer                 data)
{
  const Receipts *self = data;

  ahoy_place_set (&book_of (where)->newest, stored->id, NULL);
  if (ahoy_conversation_is_room (where))
    ahoy_turn_set_due (self->chat->turn, where);
  else
    note_received (self, where, stored->id);
}

static void
attended (AhoyConversation *conversation,
          gpointer          data)
{
  const Receipts *self = data;

  if (self->chat->archive)
    ahoy_turn_set_due (self->chat->turn, conversation);
}

/* ---- The archive ---- */

static void
begun (AhoyConversation *conversation,
       gpointer          data)
{
  const Receipts  *self = data;
  const AhoyTarget target = ahoy_conversation_get_target (conversation);
  Book            *book = book_of (conversation);

  ahoy_archive_get_place (self->chat->archive, AHOY_MARK_READ, target, &book->read);
  book->told_delivered = ahoy_archive_get_mark (self->chat->archive, TOLD_DELIVERED, target, 0);
  book->told_seen = ahoy_archive_get_mark (self->chat->archive, TOLD_SEEN, target, 0);
}

/* Counts what is unread of @messages. */
static void
restored (AhoyConversation *conversation,
          GPtrArray        *messages,
          gpointer          data)
{
  const Receipts *self = data;
  Book           *book = book_of (conversation);
  const gboolean  room = ahoy_conversation_is_room (conversation);
  AhoyMessage    *first_unread = NULL;
  guint           unread = 0;

  for (guint i = 0; i < messages->len; i++)
    {
      AhoyMessage     *message = messages->pdata[i];
      const AhoyPlace *place = ahoy_message_get_place (message);

      if (ahoy_message_get_kind (message) != AHOY_MESSAGE_CHAT || ahoy_message_is_own (message) || ahoy_message_is_private (message) == room)
        continue;
      ahoy_place_set (&book->newest, place->id, place->path);
      if (!room)
        book->received = book->kept = place->id;
      if (ahoy_place_compare (place, &book->read) <= 0)
        continue;
      if (unread++ == 0)
        first_unread = message;
    }
  if (messages->len > 0)
    ahoy_conversation_restore_unread (conversation, unread, first_unread);
  if (ahoy_conversation_get_attended (conversation))
    ahoy_turn_set_due (self->chat->turn, conversation);
}

static void
drop_book (Receipts         *self,
           AhoyConversation *conversation,
           Book             *book)
{
  g_object_set_qdata (G_OBJECT (conversation), book_quark (), NULL);
}

static void
closed (gpointer data)
{
  each (data, drop_book);
}

static void
parted (guint64  first,
        guint    parting,
        gpointer data)
{
  const Receipts *self = data;
  GListModel     *conversations = ahoy_roster_get_conversations (self->chat->roster);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      Book                        *book = book_of (conversation);
      guint64 *const               shared[] = {
                      &book->received,
                      &book->kept,
                      &book->told_delivered,
                      &book->told_seen,
                      &book->said_delivered,
                      &book->said_seen,
                      &book->asked_delivered,
                      &book->asked_seen,
      };

      ahoy_place_part (&book->newest, first, parting);
      ahoy_place_part (&book->read, first, parting);
      for (gsize n = 0; n < G_N_ELEMENTS (shared); n++)
        *shared[n] = MIN (*shared[n], first - 1);
    }
}

static void
rejoined (const AhoyPlace         *copy,
          const AhoyStoredMessage *stored,
          AhoyConversation        *where,
          gpointer                 data)
{
  const Receipts *self = data;
  GListModel     *conversations = ahoy_roster_get_conversations (self->chat->roster);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      Book                        *book = book_of (conversation);

      ahoy_place_rejoin (&book->newest, copy, stored->id);
      ahoy_place_rejoin (&book->read, copy, stored->id);
    }
  if (where && !ahoy_timeline_is_own (self->chat, stored->from))
    note_received (self, where, stored->id);
}

/* ---- Ours ---- */

static void
on_receipt (const AhoyPacket *packet,
            gpointer          data)
{
  const AhoyChatParts   *chat = ((Receipts *) data)->chat;
  const char            *what = g_strcmp0 (packet->what, SEEN) == 0 ? SEEN : g_strcmp0 (packet->what, DELIVERED) == 0 ? DELIVERED
                                                                                                                      : NULL;
  const AhoyMessageState state = what && g_str_equal (what, SEEN) ? AHOY_MESSAGE_SEEN : AHOY_MESSAGE_DELIVERED;
  g_autofree char       *key = NULL;
  AhoyPerson            *person;
  AhoyConversation      *conversation;

  if (!what || !packet->by || !chat->archive)
    return;
  key = ahoy_name_skeleton (packet->by);
  if (packet->id <= ahoy_archive_get_mark (chat->archive, what, ahoy_target_person (key), 0))
    return;
  ahoy_archive_set_mark (chat->archive, what, ahoy_target_person (key), packet->id); /* for those that are not loaded */

  person = ahoy_roster_find (chat->roster, packet->by);
  conversation = person ? ahoy_roster_find_conversation (chat->roster, person) : NULL;
  ahoy_conversation_raise_states (ahoy_roster_get_everyone (chat->roster), packet->by, packet->id, state);
  if (conversation)
    ahoy_conversation_raise_states (conversation, packet->by, packet->id, state);
}

static void
describe (AhoyMessage *message,
          gpointer     data)
{
  const AhoyChatParts *chat = ((Receipts *) data)->chat;
  const guint64        id = ahoy_message_get_id (message);
  g_autofree char     *key = NULL;

  if (!chat->archive || !ahoy_message_is_own (message) || !ahoy_message_is_private (message))
    return;
  key = ahoy_name_skeleton (ahoy_message_get_to (message));
  if (id <= ahoy_archive_get_mark (chat->archive, SEEN, ahoy_target_person (key), 0))
    ahoy_message_set_state (message, AHOY_MESSAGE_SEEN);
  else if (id <= ahoy_archive_get_mark (chat->archive, DELIVERED, ahoy_target_person (key), 0))
    ahoy_message_set_state (message, AHOY_MESSAGE_DELIVERED);
}

static const AhoyFeatureVerb verbs[] = {
  { AHOY_PACKET_RECEIPT, on_receipt },
};

const AhoyFeature ahoy_receipts = {
  .name = "receipts",
  .verbs = verbs,
  .n_verbs = G_N_ELEMENTS (verbs),
  .start = start,
  .stop = g_free,
  .attended = attended,
  .closed = closed,
  .begun = begun,
  .restored = restored,
  .written = written,
  .parted = parted,
  .rejoined = rejoined,
  .caught_up = caught_up,
  .offline = offline,
  .said = said,
  .ponged = ponged,
  .describe = describe,
  .due = due,
};
