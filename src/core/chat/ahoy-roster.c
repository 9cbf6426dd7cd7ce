/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* People by name, and the list of conversations that the sidebar shows. */

#include "core/chat/ahoy-roster.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-person-private.h"
#include "wire/ahoy-name.h"

/* What was said just before somebody left may still be on its way through a server. */
#define MAY_STILL_SPEAK_US (10 * G_USEC_PER_SEC)
/* People remembered who are offline and with whom there is no conversation: a server where names come and go must not fill our memory. */
#define STRANGERS_MAX 512

typedef struct {
  AhoyRoster       *roster;       /* borrowed */
  AhoyPerson       *person;       /* owned */
  AhoyConversation *conversation; /* owned; NULL when there is none */
  GList             stranger;     /* in roster->strangers, while neither online nor with a conversation */
  gint64            left;         /* g_get_monotonic_time() */
  gboolean          listed;       /* online, says the listing under way */
  gboolean          was_online;   /* when the roster was lost */
  gboolean          is_stranger;
} Entry;

struct _AhoyRoster {
  /* Owned */
  GHashTable *entries; /* skeleton (the person's) -> Entry */
  GListStore *conversations;
  GPtrArray  *rooms;     /* AhoyConversation: the first of those above; everyone's first */
  GPtrArray  *listed;    /* Entry, borrowed: in the order of the listing */
  GQueue      strangers; /* of Entry.stranger, longest gone first */
  guint       n_online;
  guint       tidy_id;
  gboolean    known;
  gboolean    listing;
  gboolean    lost; /* since it was known, and not for good */

  /* Borrowed */
  const AhoyConversationEvents *events;
  gpointer                      data;
  Entry                        *own; /* NULL before the first log-in */
};

static void on_less_to_keep (Entry *entry);

static void
drop_conversation (Entry *entry)
{
  AhoyRoster *self = entry->roster;
  guint       at;

  if (!entry->conversation)
    return;
  g_signal_handlers_disconnect_by_func (entry->conversation, on_less_to_keep, entry);
  ahoy_conversation_set_events (entry->conversation, NULL, NULL);
  if (g_list_store_find (self->conversations, entry->conversation, &at))
    g_list_store_remove (self->conversations, at);
  g_clear_object (&entry->conversation);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry->conversation)
    {
      g_signal_handlers_disconnect_by_func (entry->conversation, on_less_to_keep, entry);
      ahoy_conversation_set_events (entry->conversation, NULL, NULL);
    }
  g_clear_object (&entry->conversation);
  g_object_unref (entry->person);
  g_free (entry);
}

static gboolean
is_kept (const Entry *entry)
{
  return ahoy_person_get_online (entry->person) || ahoy_conversation_has_messages (entry->conversation) ||
         ahoy_conversation_get_attended (entry->conversation) || *ahoy_conversation_get_draft (entry->conversation) != '\0';
}

/* Puts the entry among the strangers when it is one, takes it out when it is not. */
static void
update_stranger (Entry *entry)
{
  AhoyRoster    *self = entry->roster;
  const gboolean is_stranger = !ahoy_person_get_online (entry->person) && !entry->conversation && !entry->listed && entry != self->own;

  if (entry->is_stranger == is_stranger)
    return;
  entry->is_stranger = is_stranger;
  if (!is_stranger)
    {
      g_queue_unlink (&self->strangers, &entry->stranger);
      return;
    }
  g_queue_push_tail_link (&self->strangers, &entry->stranger);
  if (self->strangers.length > STRANGERS_MAX)
    {
      Entry *oldest = g_queue_pop_head_link (&self->strangers)->data;

      g_hash_table_remove (self->entries, ahoy_person_get_skeleton (oldest->person));
    }
}

/* Drops the conversations that nothing keeps. */
static void
tidy (AhoyRoster *self)
{
  g_autoptr (GPtrArray) dropped = g_ptr_array_new ();
  GHashTableIter        iter;
  gpointer              value;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (entry->conversation && (entry == self->own || !is_kept (entry)))
        g_ptr_array_add (dropped, entry);
    }
  for (guint i = 0; i < dropped->len; i++)
    drop_conversation (dropped->pdata[i]);
  for (guint i = 0; i < dropped->len; i++)
    update_stranger (dropped->pdata[i]);
}

static gboolean
on_tidy (gpointer data)
{
  AhoyRoster *self = data;

  self->tidy_id = 0;
  if (self->known)
    tidy (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: this is the middle of somebody's change of selection. */
static void
on_less_to_keep (Entry *entry)
{
  AhoyRoster *self = entry->roster;

  if (self->known && self->tidy_id == 0 && !is_kept (entry))
    self->tidy_id = g_idle_add (on_tidy, self);
}

static AhoyConversation *
make_conversation (Entry *entry)
{
  if (!entry->conversation)
    {
      entry->conversation = ahoy_conversation_new_person (entry->person);
      ahoy_conversation_set_events (entry->conversation, entry->roster->events, entry->roster->data);
      if (entry->roster->events)
        entry->roster->events->made (entry->conversation, entry->roster->data);
      g_signal_connect_swapped (entry->conversation, "notify::attended", G_CALLBACK (on_less_to_keep), entry);
      g_signal_connect_swapped (entry->conversation, "notify::draft", G_CALLBACK (on_less_to_keep), entry);
    }
  return entry->conversation;
}

static Entry *
find (AhoyRoster *self,
      const char *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);

  return g_hash_table_lookup (self->entries, skeleton);
}

static Entry *
find_or_make (AhoyRoster *self,
              const char *name)
{
  g_autofree char *skeleton = ahoy_name_skeleton (name);
  Entry           *entry = g_hash_table_lookup (self->entries, skeleton);

  if (entry)
    {
      ahoy_person_set_name (entry->person, name);
      return entry;
    }
  entry = g_new0 (Entry, 1);
  entry->roster = self;
  entry->person = ahoy_person_new (name, skeleton);
  entry->stranger.data = entry;
  g_hash_table_insert (self->entries, (gpointer) ahoy_person_get_skeleton (entry->person), entry);
  return entry;
}

static Entry *
entry_of (AhoyRoster *self,
          AhoyPerson *person)
{
  return g_hash_table_lookup (self->entries, ahoy_person_get_skeleton (person));
}

static void
set_online (Entry   *entry,
            gboolean online)
{
  if (ahoy_person_get_online (entry->person) == online)
    return;
  entry->roster->n_online += online ? 1 : -1;
  if (!online)
    entry->left = g_get_monotonic_time ();
  ahoy_person_set_online (entry->person, online);
}

static void
room_free (gpointer data)
{
  ahoy_conversation_set_events (data, NULL, NULL);
  g_object_unref (data);
}

/* It goes below the other rooms, and above the people. */
static AhoyConversation *
make_room (AhoyRoster *self,
           guint64     room)
{
  AhoyConversation *conversation = ahoy_conversation_new_room (room);

  ahoy_conversation_set_events (conversation, self->events, self->data);
  g_list_store_insert (self->conversations, self->rooms->len, conversation);
  g_ptr_array_add (self->rooms, conversation);
  return conversation;
}

AhoyRoster *
ahoy_roster_new (const AhoyConversationEvents *events,
                 gpointer                      data)
{
  AhoyRoster *self = g_new0 (AhoyRoster, 1);

  self->events = events;
  self->data = data;

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  self->conversations = g_list_store_new (AHOY_TYPE_CONVERSATION);
  self->rooms = g_ptr_array_new_with_free_func (room_free);
  self->listed = g_ptr_array_new ();
  g_queue_init (&self->strangers);
  make_room (self, AHOY_ROOM_EVERYONE);
  return self;
}

void
ahoy_roster_free (AhoyRoster *self)
{
  g_clear_handle_id (&self->tidy_id, g_source_remove);
  g_ptr_array_unref (self->rooms);
  g_ptr_array_unref (self->listed);
  g_hash_table_unref (self->entries);
  g_object_unref (self->conversations);
  g_free (self);
}

void
ahoy_roster_reset (AhoyRoster *self)
{
  AhoyConversation *everyone = ahoy_roster_get_everyone (self);
  const guint       n = g_list_model_get_n_items (G_LIST_MODEL (self->conversations));

  self->known = self->listing = self->lost = FALSE;
  self->own = NULL;
  self->n_online = 0;
  g_ptr_array_set_size (self->listed, 0);
  g_queue_init (&self->strangers); /* the links are inside the entries */
  g_hash_table_remove_all (self->entries);
  g_ptr_array_set_size (self->rooms, 1);
  if (n > 1)
    g_list_store_splice (self->conversations, 1, n - 1, NULL, 0);
  ahoy_conversation_clear (everyone);
  ahoy_conversation_set_draft (everyone, "");
}

GListModel *
ahoy_roster_get_conversations (AhoyRoster *self)
{
  return G_LIST_MODEL (self->conversations);
}

AhoyConversation *
ahoy_roster_get_everyone (AhoyRoster *self)
{
  return self->rooms->pdata[0];
}

AhoyConversation *
ahoy_roster_find_room (AhoyRoster *self,
                       guint64     room)
{
  for (guint i = 0; i < self->rooms->len; i++)
    {
      if (ahoy_conversation_get_target (self->rooms->pdata[i]).room == room)
        return self->rooms->pdata[i];
    }
  return NULL;
}

AhoyConversation *
ahoy_roster_add_room (AhoyRoster *self,
                      guint64     room)
{
  AhoyConversation *conversation = ahoy_roster_find_room (self, room);

  if (conversation)
    return conversation;
  conversation = make_room (self, room);
  if (self->events)
    self->events->made (conversation, self->data);
  return conversation;
}

guint
ahoy_roster_get_n_online (AhoyRoster *self)
{
  return self->n_online;
}

void
ahoy_roster_set_self (AhoyRoster *self,
                      const char *name)
{
  Entry *before = self->own;
  Entry *own = find_or_make (self, name);

  if (own == before)
    return;
  self->own = own;
  ahoy_person_set_self (own->person, TRUE);
  update_stranger (own);
  if (before)
    {
      ahoy_person_set_self (before->person, FALSE);
      update_stranger (before);
    }
}

AhoyPerson *
ahoy_roster_get_self (AhoyRoster *self)
{
  return self->own ? self->own->person : NULL;
}

AhoyPerson *
ahoy_roster_meet (AhoyRoster *self,
                  const char *name)
{
  Entry *entry = find (self, name);

  if (!entry)
    {
      entry = find_or_make (self, name);
      update_stranger (entry);
    }
  return entry->person;
}

AhoyPerson *
ahoy_roster_find (AhoyRoster *self,
                  const char *name)
{
  Entry *entry = find (self, name);

  return entry ? entry->person : NULL;
}

gboolean
ahoy_roster_may_speak (AhoyRoster *self,
                       const char *name)
{
  Entry *entry = find (self, name);

  return entry && (entry->listed || entry == self->own || ahoy_person_get_online (entry->person) ||
                   (entry->left > 0 && g_get_monotonic_time () - entry->left < MAY_STILL_SPEAK_US));
}

AhoyConversation *
ahoy_roster_find_conversation (AhoyRoster *self,
                               AhoyPerson *person)
{
  Entry *entry = entry_of (self, person);

  return entry ? entry->conversation : NULL;
}

AhoyConversation *
ahoy_roster_conversation_with (AhoyRoster *self,
                               AhoyPerson *person)
{
  Entry *entry = entry_of (self, person);

  if (!entry->conversation)
    {
      make_conversation (entry);
      g_list_store_append (self->conversations, entry->conversation);
      update_stranger (entry);
    }
  return entry->conversation;
}

void
ahoy_roster_begin (AhoyRoster *self)
{
  for (guint i = 0; i < self->listed->len; i++)
    { /* of a log-in that never ended */
      Entry *entry = self->listed->pdata[i];

      entry->listed = FALSE;
      update_stranger (entry);
    }
  g_ptr_array_set_size (self->listed, 0);
  self->listing = TRUE;
}

void
ahoy_roster_list (AhoyRoster *self,
                  const char *name,
                  gboolean    online)
{
  Entry *entry = find_or_make (self, name);

  g_return_if_fail (self->listing);

  if (online && !entry->listed)
    g_ptr_array_add (self->listed, entry);
  else if (!online && entry->listed)
    g_ptr_array_remove (self->listed, entry);
  entry->listed = online;
  update_stranger (entry);
}

void
ahoy_roster_commit (AhoyRoster          *self,
                    AhoyRosterDifference difference,
                    gpointer             data)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();
  g_autoptr (GPtrArray) joined = g_ptr_array_new ();
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  GHashTableIter        iter;
  gpointer              value;

  self->listing = FALSE;
  self->known = TRUE;
  for (guint i = 0; i < self->listed->len; i++)
    {
      Entry *entry = self->listed->pdata[i];

      set_online (entry, TRUE);
      if (entry == self->own)
        continue;
      if (!entry->was_online)
        g_ptr_array_add (joined, entry->person);
      if (!entry->conversation)
        g_ptr_array_add (fresh, make_conversation (entry));
    }

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (!entry->listed)
        {
          set_online (entry, FALSE);
          if (entry->was_online && entry != self->own)
            g_ptr_array_add (left, entry->person);
        }
      entry->was_online = entry->listed = FALSE;
    }
  g_ptr_array_set_size (self->listed, 0);

  if (fresh->len > 0)
    g_list_store_splice (self->conversations, g_list_model_get_n_items (G_LIST_MODEL (self->conversations)), 0, fresh->pdata, fresh->len);
  if (difference && self->lost)
    {
      for (guint i = 0; i < left->len; i++)
        difference (left->pdata[i], FALSE, data);
      for (guint i = 0; i < joined->len; i++)
        difference (joined->pdata[i], TRUE, data);
    }
  self->lost = FALSE;
  tidy (self);
}

AhoyPerson *
ahoy_roster_join (AhoyRoster *self,
                  const char *name)
{
  Entry *entry = find_or_make (self, name);

  if (entry == self->own || ahoy_person_get_online (entry->person))
    return NULL;
  set_online (entry, TRUE);
  ahoy_roster_conversation_with (self, entry->person);
  return entry->person;
}

AhoyPerson *
ahoy_roster_leave (AhoyRoster *self,
                   const char *name)
{
  Entry *entry = find (self, name);

  if (!entry || entry == self->own || !ahoy_person_get_online (entry->person))
    return NULL;
  set_online (entry, FALSE);
  if (entry->conversation && !is_kept (entry))
    drop_conversation (entry);
  update_stranger (entry);
  return entry->person;
}

void
ahoy_roster_lose (AhoyRoster *self)
{
  GHashTableIter iter;
  gpointer       value;

  if (!self->known)
    return;
  self->known = FALSE;
  self->lost = TRUE;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      entry->was_online = ahoy_person_get_online (entry->person);
      set_online (entry, FALSE);
    }
}

void
ahoy_roster_settle (AhoyRoster *self)
{
  GHashTableIter iter;
  gpointer       value;

  ahoy_roster_lose (self);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Entry *) value)->was_online = FALSE;
  tidy (self);
}
