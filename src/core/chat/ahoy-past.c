/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What we bring along to an extended server. */

#include "core/chat/ahoy-past.h"

#include "core/archive/ahoy-aside.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"
#include "core/features/ahoy-feature-set.h"

/* Messages read at the start: a few screens of every conversation that matters today. */
#define NEWEST 300

struct _AhoyPast {
  /* Template */
  const AhoyPastEvents *events;
  gpointer              data;

  /* Owned */
  AhoyArchive *archive; /* NULL: the server is not known to be extended */
  gboolean     loading; /* the archive */
  gboolean     wanted;  /* ready() is to be called */
  AhoyAside   *aside;   /* of servers that we are not on just now */

  /* Borrowed */
  const AhoyChatParts    *chat;
  AhoyDatabase           *history; /* NULL: none */
  const AhoyTable *const *tables;
  AhoySender             *sender;
};

AhoyPast *
ahoy_past_new (const AhoyChatParts    *chat,
               AhoyDatabase           *history,
               const AhoyTable *const *tables,
               AhoySender             *sender,
               const AhoyPastEvents   *events,
               gpointer                data)
{
  AhoyPast *self = g_new0 (AhoyPast, 1);

  self->chat = chat;
  self->history = history;
  self->tables = tables;
  self->sender = sender;
  self->events = events;
  self->data = data;
  self->aside = ahoy_aside_new ();
  return self;
}

void
ahoy_past_free (AhoyPast *self)
{
  ahoy_aside_free (self->aside);
  g_free (self);
}

/* ---- What is shown of it ---- */

/* Puts what was read back at the start into one conversation. @messages: all. */
static void
restore (const AhoyPast   *self,
         AhoyConversation *conversation,
         GPtrArray        *stored_messages)
{
  g_autoptr (GPtrArray) messages = ahoy_timeline_make_messages (self->chat, stored_messages); /* the same objects for whispers */

  ahoy_feature_set_begun (self->chat->features, conversation);
  ahoy_conversation_merge (conversation, messages);
  ahoy_feature_set_restored (self->chat->features, conversation, messages);
}

static void
add_to (GHashTable              *stored_messages,
        AhoyConversation        *conversation,
        const AhoyStoredMessage *stored)
{
  GPtrArray *of = g_hash_table_lookup (stored_messages, conversation);

  if (!of)
    {
      of = g_ptr_array_new ();
      g_hash_table_insert (stored_messages, conversation, of);
    }
  g_ptr_array_add (of, (gpointer) stored);
}

static void
restore_all (const AhoyPast *self,
             GPtrArray      *stored_messages)
{
  g_autoptr (GHashTable) in = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  GListModel            *conversations = ahoy_roster_get_conversations (self->chat->roster);

  for (guint i = 0; i < stored_messages->len; i++)
    {
      const AhoyStoredMessage *stored = stored_messages->pdata[i];
      AhoyConversation        *room = ahoy_timeline_find_room (self->chat, stored->target);
      AhoyConversation        *whispered = ahoy_timeline_conversation_of (self->chat, stored);

      if (room)
        add_to (in, room, stored);
      if (whispered)
        add_to (in, whispered, stored);
    }
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      GPtrArray                   *of = g_hash_table_lookup (in, conversation);

      if (of)
        restore (self, conversation, of);
      else
        ahoy_feature_set_begun (self->chat->features, conversation);
    }
}

/* What was on its way when we were last here. */
static void
restore_outbox (const AhoyPast *self,
                GPtrArray      *stored_messages)
{
  for (guint i = 0; i < stored_messages->len; i++)
    {
      const AhoyStoredMessage *stored = stored_messages->pdata[i];
      g_autoptr (AhoyMessage)  message = NULL;

      if (ahoy_outbox_find (self->chat->outbox, stored->cid))
        continue;
      message = ahoy_timeline_make_waiting (self->chat, stored->from, stored->target, stored->text, stored->time);
      ahoy_message_set_cid (message, stored->cid);
      ahoy_timeline_show_waiting (self->chat, message);
      ahoy_sender_add_stored (self->sender, message);
    }
}

/* ---- What is left aside ---- */

static void
take_waiting (const AhoyPast *self,
              AhoyMessage    *message)
{
  const char *cid = ahoy_message_get_cid (message);

  if (cid && ahoy_outbox_find (self->chat->outbox, cid)) /* the disk has it */
    return;
  ahoy_timeline_show_waiting (self->chat, message);
  if (cid)
    ahoy_sender_add_stored (self->sender, message);
  else
    ahoy_sender_add_unstored (self->sender, message);
}

static void
take_draft (const AhoyPast       *self,
            const AhoyAsideDraft *draft)
{
  AhoyRoster       *roster = self->chat->roster;
  AhoyConversation *conversation;

  if (ahoy_target_is_person (draft->target))
    conversation = ahoy_roster_conversation_with (roster, ahoy_roster_meet (roster, draft->target.person));
  else
    conversation = ahoy_roster_find_room (roster, draft->target.room);
  if (conversation && *ahoy_conversation_get_draft (conversation) == '\0')
    ahoy_conversation_set_draft (conversation, draft->text);
}

/* What was left there when we went to another server. */
static void
take_aside (const AhoyPast *self)
{
  g_autoptr (AhoyAsideLeft) left = ahoy_aside_take (self->aside, ahoy_archive_get_server (self->archive), ahoy_archive_get_skeleton (self->archive));

  if (!left)
    return;
  for (guint i = 0; i < left->waiting->len; i++)
    take_waiting (self, left->waiting->pdata[i]);
  for (guint i = 0; i < left->drafts->len; i++)
    take_draft (self, left->drafts->pdata[i]);
}

/* Of the server that we go away from. */
static void
leave_aside (const AhoyPast *self)
{
  GListModel               *conversations = ahoy_roster_get_conversations (self->chat->roster);
  g_autoptr (AhoyAsideLeft) left = ahoy_aside_left_new ();
  g_autoptr (GPtrArray)     waiting = ahoy_outbox_list (self->chat->outbox);

  g_ptr_array_extend_and_steal (left->waiting, g_steal_pointer (&waiting));
  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (conversations, i);
      const char                  *draft = ahoy_conversation_get_draft (conversation);

      if (*draft != '\0')
        ahoy_aside_left_add_draft (left, ahoy_conversation_get_addressee (conversation), draft);
    }
  ahoy_aside_leave (self->aside, ahoy_archive_get_server (self->archive), ahoy_archive_get_skeleton (self->archive), g_steal_pointer (&left));
}

guint
ahoy_past_get_n_left (AhoyPast   *self,
                      const char *server)
{
  return server && self->archive ? ahoy_aside_get_n (self->aside, server, ahoy_archive_get_skeleton (self->archive)) : 0;
}

/* ---- The archive ---- */

/* Shows what the archive brought along. */
static void
begin (AhoyPast *self)
{
  g_autoptr (AhoyNewest) newest = ahoy_archive_take_newest (self->archive);
  g_autoptr (GPtrArray)  outbox = ahoy_archive_take_outbox (self->archive);

  self->events->changed (self->archive, TRUE, self->data);
  ahoy_feature_set_opened (self->chat->features, newest);
  restore_all (self, newest->messages);
  restore_outbox (self, outbox);
  take_aside (self);
  ahoy_sender_store (self->sender);
  g_object_notify (self->chat->chat, "n-waiting");
  if (self->wanted)
    {
      self->wanted = FALSE;
      self->events->ready (self->data);
    }
}

static void
on_loaded (AhoyRead     *read,
           const GError *error,
           gpointer      data)
{
  AhoyPast           *self = data;
  g_autoptr (GObject) held = g_object_ref (self->chat->chat);

  if (error)
    g_warning ("The history cannot be read: %s", error->message);
  self->loading = FALSE;
  ahoy_archive_take_loaded (self->archive, read);
  begin (self);
}

/* AhoyDatabaseWritten. */
static void
on_written (gpointer data)
{
  ahoy_feature_set_written (((AhoyPast *) data)->chat->features);
}

static void
close_archive (AhoyPast *self)
{
  if (!self->archive)
    return;
  leave_aside (self);
  if (self->history)
    ahoy_database_forget_asker (self->history, self);
  self->events->closing (self->data);
  self->loading = FALSE;
  self->events->changed (NULL, FALSE, self->data);
  g_clear_pointer (&self->archive, ahoy_archive_free);
}

void
ahoy_past_stop (AhoyPast *self)
{
  close_archive (self);
  self->history = NULL;
}

void
ahoy_past_leave (AhoyPast *self)
{
  close_archive (self);
  ahoy_sender_clear (self->sender);
  ahoy_roster_reset (self->chat->roster);
  g_object_notify (self->chat->chat, "n-waiting");
}

/* What waits on a server that was taken for a classic one until now. */
static void
keep_what_waits (const AhoyPast *self)
{
  g_autoptr (GPtrArray) waiting = ahoy_outbox_list (self->chat->outbox);

  ahoy_sender_clear (self->sender);
  for (guint i = 0; i < waiting->len; i++)
    ahoy_sender_add_unstored (self->sender, waiting->pdata[i]);
}

/* Another name on the same server: what waits goes along, to be said under the new name. */
static void
change_name (AhoyPast *self)
{
  AhoyConversation     *everyone = ahoy_roster_get_everyone (self->chat->roster);
  const char           *name = self->chat->session->name;
  g_autoptr (GPtrArray) waiting = ahoy_outbox_list (self->chat->outbox);
  g_autofree char      *draft = g_strdup (ahoy_conversation_get_draft (everyone));

  for (guint i = 0; i < waiting->len; i++)
    ahoy_archive_drop (self->archive, ahoy_message_get_cid (waiting->pdata[i]));
  ahoy_sender_clear (self->sender);
  ahoy_conversation_set_draft (everyone, NULL);
  close_archive (self);
  ahoy_roster_reset (self->chat->roster);
  ahoy_roster_set_self (self->chat->roster, name);
  ahoy_conversation_set_draft (everyone, draft);
  for (guint i = 0; i < waiting->len; i++)
    {
      AhoyMessage            *old = waiting->pdata[i];
      g_autoptr (AhoyMessage) message =
        ahoy_timeline_make_waiting (self->chat, name, ahoy_message_get_target (old), ahoy_message_get_text (old), ahoy_message_get_time (old));

      ahoy_timeline_show_waiting (self->chat, message);
      ahoy_sender_add_unstored (self->sender, message);
    }
}

/* Another archive is another past. Nothing that waits goes to another server, nor does what is being typed: it waits until we are back there. */
static void
change_archive (AhoyPast   *self,
                const char *server)
{
  if (!self->archive)
    {
      keep_what_waits (self);
    }
  else if (g_str_equal (ahoy_archive_get_server (self->archive), server))
    {
      change_name (self);
    }
  else
    {
      close_archive (self);
      ahoy_sender_clear (self->sender);
      ahoy_roster_reset (self->chat->roster);
      ahoy_roster_set_self (self->chat->roster, self->chat->session->name);
    }
}

void
ahoy_past_open (AhoyPast *self)
{
  const char *server = ahoy_server_get_id (self->chat->session->server);
  const char *name = self->chat->session->name;

  if (!server || (self->archive && ahoy_archive_is (self->archive, server, name))) /* its welcome will tell; it is open */
    return;
  change_archive (self, server);
  self->archive = ahoy_archive_new (self->history, self->tables, server, name);
  self->events->changed (self->archive, FALSE, self->data);
  if (self->history)
    ahoy_database_watch (self->history, on_written, self);
  self->loading = ahoy_archive_load (self->archive, NEWEST, on_loaded, self);
  if (!self->loading)
    begin (self);
}

gboolean
ahoy_past_want (AhoyPast *self)
{
  ahoy_past_open (self);
  self->wanted = self->loading;
  return !self->loading;
}

void
ahoy_past_forget_want (AhoyPast *self)
{
  self->wanted = FALSE;
}
