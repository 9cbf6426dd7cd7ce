/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An AhoyChat without a network. */

#include "fake-chat.h"

#include <string.h>

#include "ahoy-core-enum-types.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/discovery/ahoy-neighbour-private.h"
#include "core/features/ahoy-typists.h"

#define MAX_TEXT 1000

struct _FakeChat {
  GObject parent_instance;

  AhoyClientState   state;
  GListStore       *conversations;
  AhoyConversation *everyone;
  guint             n_sent;
  char             *sent;
  AhoyConversation *sent_to;
  char             *away;
  AhoyServer       *server; /* NULL: none */
  gboolean          secure;
  gboolean          slowed;
  gboolean          history_broken;
  guint             n_accepted;
  AhoyFailure       failure;
  AhoyDowngrade     downgrade;
  char             *known_id;
  char             *met_id;
  char             *missed_id;
  guint             n_left;
  guint             n_connects;
  guint             n_servers_accepted;
  guint             n_typing;
  guint             n_older; /* how often older messages were asked for */
  guint64           oldest;  /* id */
};

static void chat_interface_init (AhoyChatInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeChat, fake_chat, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (AHOY_TYPE_CHAT, chat_interface_init))

enum {
  PROP_STATE = 1,
  PROP_REFUSAL,
  PROP_FAILURE,
  PROP_NAME,
  PROP_SERVER,
  PROP_N_ONLINE,
  PROP_RETRY_IN,
  PROP_N_WAITING,
  PROP_CONVERSATIONS,
  PROP_EVERYONE,
  PROP_AWAY,
  PROP_SECURE,
  PROP_SLOWED,
  PROP_HISTORY_BROKEN,
  N_PROPS
};

static const char *const props[N_PROPS] = {
  [PROP_STATE] = "state",
  [PROP_REFUSAL] = "refusal",
  [PROP_FAILURE] = "failure",
  [PROP_NAME] = "name",
  [PROP_SERVER] = "server",
  [PROP_N_ONLINE] = "n-online",
  [PROP_RETRY_IN] = "retry-in",
  [PROP_N_WAITING] = "n-waiting",
  [PROP_CONVERSATIONS] = "conversations",
  [PROP_EVERYONE] = "everyone",
  [PROP_AWAY] = "away",
  [PROP_SECURE] = "secure",
  [PROP_SLOWED] = "slowed",
  [PROP_HISTORY_BROKEN] = "history-broken",
};

static guint
get_n_online (FakeChat *self)
{
  guint n = 1;

  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      n += ahoy_person_get_online (ahoy_conversation_get_person (conversation));
    }

  return n;
}

static void
get_property (GObject    *object,
              guint       id,
              GValue     *value,
              GParamSpec *pspec)
{
  FakeChat *self = FAKE_CHAT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, "me");
      break;
    case PROP_N_ONLINE:
      g_value_set_uint (value, get_n_online (self));
      break;
    case PROP_AWAY:
      g_value_set_string (value, self->away);
      break;
    case PROP_SERVER:
      g_value_set_object (value, self->server);
      break;
    case PROP_SECURE:
      g_value_set_boolean (value, self->secure);
      break;
    case PROP_SLOWED:
      g_value_set_boolean (value, self->slowed);
      break;
    case PROP_HISTORY_BROKEN:
      g_value_set_boolean (value, self->history_broken);
      break;
    case PROP_FAILURE:
      g_value_set_enum (value, self->failure);
      break;
    case PROP_CONVERSATIONS:
      g_value_set_object (value, self->conversations);
      break;
    case PROP_EVERYONE:
      g_value_set_object (value, self->everyone);
      break;
    default: /* as it is without a network */
      break;
    }
}

static void
finalize (GObject *object)
{
  FakeChat *self = FAKE_CHAT (object);

  g_clear_object (&self->conversations);
  g_clear_object (&self->everyone);
  g_clear_object (&self->sent_to);
  g_clear_object (&self->server);
  g_free (self->sent);
  g_free (self->away);
  g_free (self->known_id);
  g_free (self->met_id);
  g_free (self->missed_id);
  G_OBJECT_CLASS (fake_chat_parent_class)->finalize (object);
}

static void
fake_chat_class_init (FakeChatClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = get_property;
  object_class->finalize = finalize;
  for (guint id = 1; id < N_PROPS; id++)
    g_object_class_override_property (object_class, id, props[id]);
}

static void
on_attended (AhoyConversation *conversation,
             gpointer          data)
{
}

static void
on_load_older (AhoyConversation *conversation,
               gpointer          data)
{
  FakeChat *self = data;

  self->n_older++;
  ahoy_conversation_set_older_failed (conversation, FALSE);
  ahoy_conversation_set_older (conversation, TRUE, TRUE);
}

static const AhoyConversationEvents events = { .attended = on_attended, .load_older = on_load_older };

static void
fake_chat_init (FakeChat *self)
{
  self->state = AHOY_CLIENT_ONLINE;
  self->everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  ahoy_conversation_set_events (self->everyone, &events, self);
  self->oldest = 1000000;
  self->conversations = g_list_store_new (AHOY_TYPE_CONVERSATION);
  g_list_store_append (self->conversations, self->everyone);
}

static const char *
get_known_id (AhoyChat *chat)
{
  return FAKE_CHAT (chat)->known_id;
}

static const char *
get_met_id (AhoyChat *chat)
{
  return FAKE_CHAT (chat)->met_id;
}

static const char *
get_missed_id (AhoyChat *chat)
{
  return FAKE_CHAT (chat)->missed_id;
}

static guint
get_n_left (AhoyChat *chat)
{
  return FAKE_CHAT (chat)->n_left;
}

static AhoyDowngrade
get_downgrade (AhoyChat *chat)
{
  return FAKE_CHAT (chat)->downgrade;
}

static void
accept_server (AhoyChat *chat)
{
  FAKE_CHAT (chat)->n_servers_accepted++;
}

static void
set_verified (AhoyChat   *chat,
              AhoyPerson *person,
              gboolean    verified)
{
  ahoy_person_set_key (person, ahoy_person_get_key (person), ahoy_person_get_known_key (person), ahoy_person_get_known_since (person), verified);
}

static void
accept_key (AhoyChat   *chat,
            AhoyPerson *person)
{
  FakeChat   *self = FAKE_CHAT (chat);
  const char *key = ahoy_person_get_key (person);

  self->n_accepted++;
  ahoy_person_set_key (person, key, key, key != NULL ? g_get_real_time () / G_USEC_PER_SEC : 0, FALSE);
}

static void
connect_to (AhoyChat   *chat,
            AhoyServer *server,
            const char *name)
{
  FakeChat *self = FAKE_CHAT (chat);

  g_set_object (&self->server, server);
  self->n_connects++;
}

static void
retry_name (AhoyChat   *chat,
            const char *name)
{
}

static void
disconnect (AhoyChat *chat)
{
}

static void
set_discovery_port (AhoyChat *chat,
                    guint16   port)
{
}

static void
retry_now (AhoyChat *chat)
{
}

static gssize
text_excess (AhoyChat         *chat,
             AhoyConversation *conversation,
             const char       *text)
{
  return (gssize) strlen (text) - MAX_TEXT;
}

static AhoyMessage *
send_text (AhoyChat         *chat,
           AhoyConversation *conversation,
           const char       *text)
{
  FakeChat               *self = FAKE_CHAT (chat);
  AhoyPerson             *person = ahoy_conversation_get_person (conversation);
  g_autoptr (AhoyMessage) message = NULL;

  if (text[0] == '\0' || text_excess (chat, conversation, text) > 0 ||
      (self->state != AHOY_CLIENT_ONLINE && self->state != AHOY_CLIENT_RECONNECTING))
    return NULL;

  message = ahoy_message_new_chat ("me", ahoy_conversation_get_addressee (conversation), text, g_get_real_time () / 1000, 3, AHOY_MESSAGE_OWN);
  ahoy_conversation_append_waiting (conversation, message);
  if (person != NULL)
    ahoy_conversation_append_waiting (self->everyone, message);
  self->n_sent++;
  g_set_object (&self->sent_to, conversation);
  g_free (self->sent);
  self->sent = g_strdup (text);
  if (self->state == AHOY_CLIENT_ONLINE)
    ahoy_message_set_state (message, AHOY_MESSAGE_SENT);

  return message;
}

static void
note_typing (AhoyChat         *chat,
             AhoyConversation *conversation)
{
  FAKE_CHAT (chat)->n_typing++;
}

static void
set_away (AhoyChat   *chat,
          const char *away)
{
  FakeChat *self = FAKE_CHAT (chat);

  g_free (self->away);
  self->away = g_strdup (away);
  g_object_notify (G_OBJECT (self), "away");
}

static guint
find (FakeChat   *self,
      const char *name)
{
  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      if (g_str_equal (ahoy_person_get_name (ahoy_conversation_get_person (conversation)), name))
        return i;
    }

  return G_MAXUINT;
}

static AhoyConversation *
find_conversation (AhoyChat   *chat,
                   const char *name)
{
  FakeChat                    *self = FAKE_CHAT (chat);
  guint                        position = find (self, name);
  g_autoptr (AhoyConversation) conversation = NULL;

  if (position == G_MAXUINT)
    return NULL;
  conversation = g_list_model_get_item (G_LIST_MODEL (self->conversations), position);

  return conversation;
}

static void
chat_interface_init (AhoyChatInterface *iface)
{
  iface->connect = connect_to;
  iface->retry_name = retry_name;
  iface->disconnect = disconnect;
  iface->set_discovery_port = set_discovery_port;
  iface->retry_now = retry_now;
  iface->get_known_id = get_known_id;
  iface->get_met_id = get_met_id;
  iface->get_missed_id = get_missed_id;
  iface->get_n_left = get_n_left;
  iface->get_downgrade = get_downgrade;
  iface->accept_server = accept_server;
  iface->set_verified = set_verified;
  iface->accept_key = accept_key;
  iface->send = send_text;
  iface->text_excess = text_excess;
  iface->note_typing = note_typing;
  iface->set_away = set_away;
  iface->find_conversation = find_conversation;
}

FakeChat *
fake_chat_new (void)
{
  return g_object_new (FAKE_TYPE_CHAT, NULL);
}

AhoyConversation *
fake_chat_add_person (FakeChat   *self,
                      const char *name)
{
  g_autoptr (AhoyPerson)       person = ahoy_person_new (name, name);
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new_person (person);

  ahoy_person_set_online (person, TRUE);
  g_list_store_append (self->conversations, conversation);
  g_object_notify (G_OBJECT (self), "n-online");

  return conversation;
}

void
fake_chat_remove (FakeChat   *self,
                  const char *name)
{
  g_list_store_remove (self->conversations, find (self, name));
  g_object_notify (G_OBJECT (self), "n-online");
}

void
fake_chat_set_online (FakeChat   *self,
                      const char *name,
                      gboolean    online)
{
  ahoy_person_set_online (ahoy_conversation_get_person (find_conversation (AHOY_CHAT (self), name)), online);
  ahoy_conversation_note_presence (self->everyone, name, online, g_get_real_time () / 1000);
  g_object_notify (G_OBJECT (self), "n-online");
}

void
fake_chat_set_away (FakeChat   *self,
                    const char *name,
                    const char *away)
{
  ahoy_person_set_away (ahoy_conversation_get_person (find_conversation (AHOY_CHAT (self), name)), away);
}

void
fake_chat_set_key (FakeChat   *self,
                   const char *name,
                   const char *key,
                   const char *known,
                   gboolean    verified)
{
  ahoy_person_set_key (ahoy_conversation_get_person (find_conversation (AHOY_CHAT (self), name)), key, known, known != NULL ? 1772546600 : 0, verified);
}

guint
fake_chat_get_n_accepted (FakeChat *self)
{
  return self->n_accepted;
}

void
fake_chat_fail (FakeChat   *self,
                AhoyFailure failure,
                const char *known_id,
                const char *met_id)
{
  self->failure = failure;
  g_free (self->known_id);
  self->known_id = g_strdup (known_id);
  g_free (self->met_id);
  self->met_id = g_strdup (met_id);
  fake_chat_set_state (self, AHOY_CLIENT_OFFLINE);
  g_signal_emit_by_name (self, "failed");
}

void
fake_chat_downgrade (FakeChat     *self,
                     AhoyDowngrade downgrade,
                     const char   *known_id,
                     const char   *met_id)
{
  self->downgrade = downgrade;
  fake_chat_fail (self, AHOY_FAILURE_DOWNGRADED, known_id, met_id);
}

guint
fake_chat_get_n_connects (FakeChat *self)
{
  return self->n_connects;
}

guint
fake_chat_get_n_servers_accepted (FakeChat *self)
{
  return self->n_servers_accepted;
}

void
fake_chat_set_server (FakeChat   *self,
                      AhoyServer *server,
                      gboolean    secure)
{
  g_set_object (&self->server, server);
  self->secure = secure;
  g_object_notify (G_OBJECT (self), "server");
  g_object_notify (G_OBJECT (self), "secure");
}

void
fake_chat_miss (FakeChat   *self,
                const char *missed_id,
                guint       n_left)
{
  g_free (self->missed_id);
  self->missed_id = g_strdup (missed_id);
  self->n_left = n_left;
}

void
fake_chat_set_state (FakeChat       *self,
                     AhoyClientState state)
{
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

AhoyMessage *
fake_chat_say (FakeChat   *self,
               const char *from,
               const char *text,
               gboolean    whisper,
               gint64      time)
{
  AhoyConversation       *conversation = find_conversation (AHOY_CHAT (self), from);
  guint                   tint = conversation != NULL ? ahoy_person_get_tint (ahoy_conversation_get_person (conversation)) : 0;
  const AhoyTarget        target = whisper ? ahoy_target_person ("me") : ahoy_target_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat (from, target, text, time, tint, 0);

  ahoy_conversation_append (self->everyone, message, !whisper);
  if (whisper)
    ahoy_conversation_append (conversation, message, TRUE);
  g_signal_emit_by_name (self, "message", whisper ? conversation : self->everyone, message);

  return message;
}

AhoyMessage *
fake_chat_notice (FakeChat   *self,
                  const char *text,
                  gint64      time)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_notice (text, time);

  ahoy_conversation_append (self->everyone, message, TRUE);
  g_signal_emit_by_name (self, "message", self->everyone, message);

  return message;
}

guint
fake_chat_get_n_sent (FakeChat *self)
{
  return self->n_sent;
}

const char *
fake_chat_get_sent (FakeChat          *self,
                    AhoyConversation **conversation)
{
  if (conversation != NULL)
    *conversation = self->sent_to;

  return self->sent;
}

guint
fake_chat_get_n_typing (FakeChat *self)
{
  return self->n_typing;
}

void
fake_chat_has_older (FakeChat *self)
{
  ahoy_conversation_set_older (self->everyone, TRUE, FALSE);
}

guint
fake_chat_get_n_older (FakeChat *self)
{
  return self->n_older;
}

/* @n messages in the server's order, just before those that are known. */
static GPtrArray *
make_past (FakeChat *self,
           guint     n,
           gint64    time)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  self->oldest -= n;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("older %" G_GUINT64_FORMAT, self->oldest + i);
      AhoyMessage     *message = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), text, time, 0, 0);

      ahoy_message_set_id (message, self->oldest + i);
      g_ptr_array_add (messages, message);
    }

  return messages;
}

void
fake_chat_answer_older (FakeChat *self,
                        guint     n,
                        gint64    time,
                        gboolean  more)
{
  g_autoptr (GPtrArray) messages = make_past (self, n, time);

  ahoy_conversation_merge (self->everyone, messages);
  ahoy_conversation_set_older (self->everyone, more, FALSE);
}

void
fake_chat_clear (FakeChat *self)
{
  ahoy_conversation_clear (self->everyone);
}

void
fake_chat_restore (FakeChat *self,
                   guint     n,
                   guint     n_read)
{
  g_autoptr (GPtrArray) messages = make_past (self, n, g_get_real_time () / 1000);

  ahoy_conversation_merge (self->everyone, messages);
  ahoy_conversation_restore_unread (self->everyone, n - n_read, g_ptr_array_index (messages, n_read));
}

void
fake_chat_type (FakeChat   *self,
                const char *name,
                gboolean    writes)
{
  if (writes)
    ahoy_typists_note (ahoy_typists_of (self->everyone), name, 60000);
  else
    ahoy_typists_drop (ahoy_typists_of (self->everyone), name);
}

void
fake_chat_set_slowed (FakeChat *self,
                      gboolean  slowed)
{
  self->slowed = slowed;
  g_object_notify (G_OBJECT (self), "slowed");
}

void
fake_chat_set_history_broken (FakeChat *self,
                              gboolean  broken)
{
  self->history_broken = broken;
  g_object_notify (G_OBJECT (self), "history-broken");
}

void
fake_chat_fail_older (FakeChat *self)
{
  ahoy_conversation_set_older_failed (self->everyone, TRUE);
  ahoy_conversation_set_older (self->everyone, TRUE, FALSE);
}

void
fake_chat_set_back (FakeChat *self,
                    guint64   first)
{
  ahoy_conversation_part (self->everyone, first, 1);
}

void
fake_chat_note_undelivered (FakeChat       *self,
                            AhoyMessageKind kind,
                            const char     *name)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_about (kind, name, g_get_real_time () / 1000);

  ahoy_conversation_append (find_conversation (AHOY_CHAT (self), name), message, FALSE);
}

void
fake_chat_note_key_changed (FakeChat   *self,
                            const char *name,
                            gint64      time)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_about (AHOY_MESSAGE_KEY_CHANGED, name, time);

  ahoy_conversation_append (find_conversation (AHOY_CHAT (self), name), message, FALSE);
}
