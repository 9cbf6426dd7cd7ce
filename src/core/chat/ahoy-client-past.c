/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What was said before, read back from the disk at the start; and what an archive is opened and closed for. What stands above that is the pager's. */

#include "core/chat/ahoy-client-private.h"

#include "core/archive/ahoy-mark-table.h"
#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-mention.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-name.h"

/* Messages read at the start: a few screens of every conversation that matters today. */
#define NEWEST 300

/* ---- Messages ---- */

gboolean
ahoy_client_is_own (AhoyClient *self,
                    const char *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);

  return g_str_equal (skeleton, ahoy_archive_get_skeleton (self->archive));
}

/* Returns: (transfer none) (nullable): the whisper, where it is shown already. */
static AhoyMessage *
find_whisper (AhoyClient              *self,
              const AhoyStoredMessage *stored)
{
  AhoyPerson       *person = ahoy_roster_find (self->roster, ahoy_client_is_own (self, stored->from) ? stored->target.person : stored->from);
  AhoyConversation *whispered = person ? ahoy_roster_find_conversation (self->roster, person) : NULL;
  AhoyMessage      *message = whispered ? ahoy_conversation_find (whispered, &stored->place) : NULL;

  return message ? message : ahoy_conversation_find (ahoy_roster_get_everyone (self->roster), &stored->place);
}

AhoyMessage *
ahoy_client_make_message (AhoyClient              *self,
                          const AhoyStoredMessage *stored)
{
  const gboolean own = ahoy_client_is_own (self, stored->from);
  const gboolean mention = !own && ahoy_text_mentions (stored->text, self->session->name);
  const gboolean whisper = ahoy_target_is_person (stored->target);
  AhoyMessage   *message = whisper ? find_whisper (self, stored) : NULL;

  if (message)
    return g_object_ref (message);
  message = ahoy_message_new_chat (stored->from, stored->target, stored->text, stored->time, ahoy_client_tint_of (self, stored->from),
                                   (own ? AHOY_MESSAGE_OWN : 0) | (mention ? AHOY_MESSAGE_MENTION : 0));
  ahoy_message_set_place (message, &stored->place);
  if (own)
    ahoy_message_set_state (message, whisper && !stored->place.path ? ahoy_client_whisper_state (self, stored->target.person, stored->id) : AHOY_MESSAGE_SENT);
  return message;
}

AhoyConversation *
ahoy_client_conversation_of (AhoyClient              *self,
                             const AhoyStoredMessage *stored)
{
  const char *name;

  if (!ahoy_target_is_person (stored->target))
    return NULL;
  name = ahoy_client_is_own (self, stored->from) ? stored->target.person : stored->from;
  if (ahoy_client_is_own (self, name)) /* to oneself */
    return NULL;
  return ahoy_roster_conversation_with (self->roster, ahoy_roster_meet (self->roster, name));
}

/* The lines below the last one that was lost in a parting, where the next (nullable) was not. Too many do no harm. */
static void
add_lines (GPtrArray               *messages,
           const AhoyStoredMessage *stored,
           const AhoyStoredMessage *next)
{
  g_auto (GStrv) ends = ahoy_place_is_copy (&stored->place) ? ahoy_place_ends (&stored->place) : NULL;

  for (guint i = 0; ends && ends[i]; i++)
    {
      const AhoyPlace end = { stored->place.id, ends[i] };

      if (!next || ahoy_place_compare (&end, &next->place) < 0)
        g_ptr_array_add (messages, ahoy_message_new_set_back (stored->time, &end));
    }
}

/* Returns: (transfer full): AhoyMessage of AhoyStoredMessage, and the lines between them. */
static GPtrArray *
make_messages (AhoyClient *self,
               GPtrArray  *stored_messages)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < stored_messages->len; i++)
    {
      g_ptr_array_add (messages, ahoy_client_make_message (self, stored_messages->pdata[i]));
      add_lines (messages, stored_messages->pdata[i], i + 1 < stored_messages->len ? stored_messages->pdata[i + 1] : NULL);
    }
  return messages;
}

/* ---- The archive ---- */

void
ahoy_client_begin_book (AhoyClient       *self,
                        AhoyConversation *conversation)
{
  AhoyConversationBook *book = ahoy_conversation_get_book (conversation);
  const AhoyTarget      target = ahoy_conversation_get_target (conversation);

  if (!self->pager)
    return;
  if (!ahoy_conversation_is_room (conversation))
    ahoy_client_introduce (self, ahoy_conversation_get_person (conversation));
  ahoy_archive_get_place (self->archive, AHOY_MARK_READ, target, &book->read);
  book->told_delivered = ahoy_archive_get_mark (self->archive, "told-delivered", target, 0);
  book->told_seen = ahoy_archive_get_mark (self->archive, "told-seen", target, 0);
  ahoy_pager_begin (self->pager, conversation);
}

/* Puts what was read back at the start into one conversation, and counts what is unread of it. @messages: all. */
static void
restore (AhoyClient       *self,
         AhoyConversation *conversation,
         GPtrArray        *messages)
{
  AhoyConversationBook *book = ahoy_conversation_get_book (conversation);
  const gboolean        room = ahoy_conversation_is_room (conversation);
  AhoyMessage          *first_unread = NULL;
  guint                 unread = 0;

  ahoy_client_begin_book (self, conversation);
  ahoy_conversation_merge (conversation, messages);
  for (guint i = 0; i < messages->len; i++)
    {
      AhoyMessage     *message = messages->pdata[i];
      const AhoyPlace *place = ahoy_message_get_place (message);

      if (ahoy_message_get_kind (message) != AHOY_MESSAGE_CHAT || ahoy_message_is_own (message) ||
          ahoy_message_is_private (message) == room)
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
    ahoy_turn_set_due (self->turn, conversation);
}

static void
restore_all (AhoyClient *self,
             GPtrArray  *stored_messages)
{
  g_autoptr (GHashTable) whispered = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  GListModel            *conversations = ahoy_roster_get_conversations (self->roster);
  g_autoptr (GPtrArray)  messages = NULL;

  for (guint i = 0; i < stored_messages->len; i++)
    {
      AhoyConversation *conversation = ahoy_client_conversation_of (self, stored_messages->pdata[i]);
      GPtrArray        *of = conversation ? g_hash_table_lookup (whispered, conversation) : NULL;

      if (!conversation)
        continue;
      if (!of)
        {
          of = g_ptr_array_new ();
          g_hash_table_insert (whispered, conversation, of);
        }
      g_ptr_array_add (of, stored_messages->pdata[i]);
    }

  messages = make_messages (self, stored_messages);
  restore (self, ahoy_roster_get_everyone (self->roster), messages);
  for (guint i = 1; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      GPtrArray                   *of = g_hash_table_lookup (whispered, conversation);

      if (of)
        {
          g_autoptr (GPtrArray) theirs = make_messages (self, of); /* the same objects */

          restore (self, conversation, theirs);
        }
      else
        ahoy_client_begin_book (self, conversation);
    }
}

static void
show_waiting (AhoyClient  *self,
              AhoyMessage *message)
{
  const AhoyTarget  target = ahoy_message_get_target (message);
  AhoyConversation *room = ahoy_client_room_of (self, target);
  AhoyConversation *whispered = NULL;

  if (room)
    ahoy_conversation_append_waiting (room, message);
  if (ahoy_target_is_person (target))
    whispered = ahoy_roster_conversation_with (self->roster, ahoy_roster_meet (self->roster, target.person));
  if (whispered && ahoy_conversation_get_person (whispered) != ahoy_roster_get_self (self->roster))
    ahoy_conversation_append_waiting (whispered, message);
}

static AhoyMessage *
new_waiting (AhoyClient *self,
             const char *from,
             AhoyTarget  target,
             const char *text,
             gint64      time)
{
  return ahoy_message_new_chat (from, target, text, time, ahoy_client_tint_of (self, from), AHOY_MESSAGE_OWN);
}

/* What was on its way when we were last here. */
static void
restore_outbox (AhoyClient *self,
                GPtrArray  *stored_messages)
{
  for (guint i = 0; i < stored_messages->len; i++)
    {
      const AhoyStoredMessage *stored = stored_messages->pdata[i];
      g_autoptr (AhoyMessage)  message = NULL;

      if (ahoy_outbox_find (self->outbox, stored->cid))
        continue;
      message = new_waiting (self, stored->from, stored->target, stored->text, stored->time);
      ahoy_message_set_cid (message, stored->cid);
      show_waiting (self, message);
      ahoy_outbox_add (self->outbox, message);
    }
}

/* What was left there when we went to another server. What the disk has of it is there already. */
static void
take_aside (AhoyClient *self)
{
  g_autoptr (AhoyAsideLeft) left = NULL;

  if (self->aside)
    left = ahoy_aside_take (self->aside, ahoy_archive_get_server (self->archive), ahoy_archive_get_skeleton (self->archive));
  if (!left)
    return;
  for (guint i = 0; i < left->waiting->len; i++)
    {
      AhoyMessage *message = left->waiting->pdata[i];

      if (ahoy_message_get_cid (message) && ahoy_outbox_find (self->outbox, ahoy_message_get_cid (message)))
        continue;
      show_waiting (self, message);
      if (ahoy_message_get_cid (message))
        {
          ahoy_outbox_add (self->outbox, message);
          continue;
        }
      ahoy_outbox_add_unstored (self->outbox, message);
      g_ptr_array_add (self->unowed, g_object_ref (message));
    }
  for (guint i = 0; i < left->drafts->len; i++)
    {
      const AhoyAsideDraft *draft = left->drafts->pdata[i];
      AhoyConversation     *conversation;

      if (ahoy_target_is_person (draft->target))
        conversation = ahoy_roster_conversation_with (self->roster, ahoy_roster_meet (self->roster, draft->target.person));
      else
        conversation = ahoy_roster_find_room (self->roster, draft->target.room);
      if (conversation && *ahoy_conversation_get_draft (conversation) == '\0')
        ahoy_conversation_set_draft (conversation, draft->text);
    }
}

/* Of the server that we go away from. */
static void
leave_aside (AhoyClient *self)
{
  GListModel               *conversations = ahoy_roster_get_conversations (self->roster);
  g_autoptr (AhoyAsideLeft) left = ahoy_aside_left_new ();
  g_autoptr (GPtrArray)     waiting = ahoy_outbox_list (self->outbox);

  g_ptr_array_extend_and_steal (left->waiting, g_steal_pointer (&waiting));
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      const char                  *draft = ahoy_conversation_get_draft (conversation);

      if (*draft != '\0')
        ahoy_aside_left_add_draft (left, ahoy_conversation_get_addressee (conversation), draft);
    }
  if (!self->aside)
    self->aside = ahoy_aside_new ();
  ahoy_aside_leave (self->aside, ahoy_archive_get_server (self->archive), ahoy_archive_get_skeleton (self->archive), g_steal_pointer (&left));
}

/* The archive is there, with or without a disk. */
static void
go_on (AhoyClient *self)
{
  g_autoptr (GPtrArray) unowed = NULL;

  take_aside (self);
  unowed = g_steal_pointer (&self->unowed);
  self->unowed = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < unowed->len; i++)
    ahoy_client_owe (self, unowed->pdata[i]);
  ahoy_client_notify_n_waiting (self);
  if (self->log_in_waits)
    ahoy_client_log_in (self);
}

static void       on_ask (AhoyConversation *conversation,
                          guint64           before,
                          guint             limit,
                          gpointer          client);
static GPtrArray *on_make_messages (GPtrArray *stored_messages,
                                    gpointer   client);
static void       on_crowded (AhoyConversation *conversation,
                              gpointer          client);

static const AhoyPagerHost pager_host = { .ask = on_ask, .make_messages = on_make_messages, .crowded = on_crowded };

/* Shows what the archive brought along. */
static void
restore_archive (AhoyClient *self)
{
  g_autoptr (AhoyNewest)   newest = ahoy_archive_take_newest (self->archive);
  g_autoptr (GPtrArray)    outbox = ahoy_archive_take_outbox (self->archive);
  const AhoyStoredMessage *first = newest->messages->len > 0 ? newest->messages->pdata[0] : NULL;

  self->pager = ahoy_pager_new (self->archive, first ? &first->place : &(AhoyPlace){ 0 }, newest->more, &pager_host, self);
  restore_all (self, newest->messages);
  restore_outbox (self, outbox);
  go_on (self);
}

static void
on_loaded (AhoyRead     *load,
           const GError *error,
           gpointer      data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  if (error)
    g_warning ("The history cannot be read: %s", error->message);
  self->loading = FALSE;
  ahoy_archive_take_loaded (self->archive, load);
  restore_archive (self);
}

/* Loads the archive, which nobody has seen yet. Returns: FALSE when that takes a while. */
static gboolean
load (AhoyClient *self)
{
  self->loading = ahoy_archive_load (self->archive, NEWEST, on_loaded, self);
  if (self->loading)
    return FALSE;
  restore_archive (self);
  return TRUE;
}

void
ahoy_client_close_account (AhoyClient *self)
{
  if (self->archive)
    leave_aside (self);
  g_clear_object (&self->whisper);
  if (self->history)
    ahoy_database_forget_asker (self->history, self);
  g_clear_pointer (&self->pager, ahoy_pager_free);
  self->loading = FALSE;
  self->n_placing = 0;
  g_ptr_array_set_size (self->unowed, 0);
  g_clear_pointer (&self->archive, ahoy_archive_free);
}

/* Another archive is another past. What waits goes along, to be said under the new name; but never to another server, nor does what is being
 * typed: it waits until we are back there. */
static void
change_account (AhoyClient *self,
                const char *server)
{
  AhoyConversation     *everyone = ahoy_roster_get_everyone (self->roster);
  g_autoptr (GPtrArray) waiting = ahoy_outbox_list (self->outbox);
  g_autofree char      *draft = g_strdup (ahoy_conversation_get_draft (everyone));
  const gboolean        same = self->archive && g_str_equal (ahoy_archive_get_server (self->archive), server);

  if (!self->archive)
    { /* it was taken for a classic server until now */
      ahoy_outbox_clear (self->outbox);
      for (guint i = 0; i < waiting->len; i++)
        {
          ahoy_outbox_add_unstored (self->outbox, waiting->pdata[i]);
          g_ptr_array_add (self->unowed, g_object_ref (waiting->pdata[i]));
        }
      return;
    }
  for (guint i = 0; same && i < waiting->len; i++)
    ahoy_archive_drop (self->archive, ahoy_message_get_cid (waiting->pdata[i]));
  if (same)
    {
      ahoy_outbox_clear (self->outbox);
      ahoy_conversation_set_draft (everyone, NULL);
    }
  ahoy_client_close_account (self);
  ahoy_outbox_clear (self->outbox);
  ahoy_roster_reset (self->roster);
  ahoy_roster_set_self (self->roster, self->session->name);
  if (same)
    ahoy_conversation_set_draft (everyone, draft);
  for (guint i = 0; same && i < waiting->len; i++)
    {
      AhoyMessage *old = waiting->pdata[i];
      AhoyMessage *message = new_waiting (self, self->session->name, ahoy_message_get_target (old), ahoy_message_get_text (old), ahoy_message_get_time (old));

      show_waiting (self, message);
      ahoy_outbox_add_unstored (self->outbox, message);
      g_ptr_array_add (self->unowed, message);
    }
}

gboolean
ahoy_client_open_account (AhoyClient *self)
{
  const char *server = ahoy_server_get_id (self->session->server);

  if (!server) /* its welcome will tell */
    return TRUE;
  if (self->archive && ahoy_archive_is (self->archive, server, self->session->name))
    return !self->loading;
  change_account (self, server);
  self->archive = ahoy_archive_new (self->history, server, self->session->name);
  if (self->history)
    ahoy_database_watch (self->history, ahoy_client_on_written, self);
  return load (self);
}

/* ---- Further up ---- */

static void
on_ask (AhoyConversation *conversation,
        guint64           before,
        guint             limit,
        gpointer          client)
{
  AhoyClient *self = client;

  ahoy_connection_send (self->connection, &(AhoyPacket){
                                            .kind = AHOY_PACKET_HISTORY,
                                            .before = before,
                                            .limit = limit,
                                            .target = ahoy_conversation_get_addressee (conversation),
                                          });
}

static GPtrArray *
on_make_messages (GPtrArray *stored_messages,
                  gpointer   client)
{
  return make_messages (client, stored_messages);
}

static void
on_crowded (AhoyConversation *conversation,
            gpointer          client)
{
  ahoy_turn_touch (AHOY_CLIENT (client)->turn, conversation); /* so that the turn ends */
}

void
ahoy_client_load_older (AhoyConversation *conversation,
                        gpointer          client)
{
  AhoyClient *self = client;

  if (self->pager && self->n_placing == 0) /* else it is wanted again when the window is moved */
    ahoy_pager_load_older (self->pager, conversation);
}
