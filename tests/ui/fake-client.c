/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An AhoyClient without a network. */

#include "fake-client.h"

#include <string.h>

#include "ahoy-core-enum-types.h"

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/discovery/ahoy-neighbour-private.h"
#include "wire/ahoy-blank.h"

#define MAX_TEXT 1000

struct _AhoyClient {
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

G_DEFINE_FINAL_TYPE (AhoyClient, ahoy_client, G_TYPE_OBJECT)

enum {
  PROP_STATE = 1,
  PROP_REFUSAL,
  PROP_FAILURE,
  PROP_NAME,
  PROP_SERVER,
  PROP_N_ONLINE,
  PROP_RETRY_IN,
  PROP_N_WAITING,
  PROP_AWAY,
  PROP_SECURE,
  PROP_SLOWED,
  PROP_HISTORY_BROKEN,
  N_PROPS
};

static void
get_property (GObject    *object,
              guint       id,
              GValue     *value,
              GParamSpec *pspec)
{
  AhoyClient *self = AHOY_CLIENT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAME:
      g_value_set_string (value, "me");
      break;
    case PROP_N_ONLINE:
      g_value_set_uint (value, ahoy_client_get_n_online (self));
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
    default:
      break;
    }
}

static void
finalize (GObject *object)
{
  AhoyClient *self = AHOY_CLIENT (object);

  g_clear_object (&self->conversations);
  g_clear_object (&self->everyone);
  g_clear_object (&self->sent_to);
  g_clear_object (&self->server);
  g_free (self->sent);
  g_free (self->away);
  g_free (self->known_id);
  g_free (self->met_id);
  g_free (self->missed_id);
  G_OBJECT_CLASS (ahoy_client_parent_class)->finalize (object);
}

static void
ahoy_client_class_init (AhoyClientClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = get_property;
  object_class->finalize = finalize;
  g_object_class_install_property (object_class, PROP_STATE,
                                   g_param_spec_enum ("state", NULL, NULL, AHOY_TYPE_CLIENT_STATE, AHOY_CLIENT_OFFLINE, flags));
  g_object_class_install_property (object_class, PROP_REFUSAL,
                                   g_param_spec_enum ("refusal", NULL, NULL, AHOY_TYPE_REFUSAL, AHOY_REFUSAL_NONE, flags));
  g_object_class_install_property (object_class, PROP_FAILURE,
                                   g_param_spec_enum ("failure", NULL, NULL, AHOY_TYPE_FAILURE, AHOY_FAILURE_NONE, flags));
  g_object_class_install_property (object_class, PROP_NAME, g_param_spec_string ("name", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_SERVER, g_param_spec_object ("server", NULL, NULL, AHOY_TYPE_SERVER, flags));
  g_object_class_install_property (object_class, PROP_N_ONLINE, g_param_spec_uint ("n-online", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_class_install_property (object_class, PROP_RETRY_IN, g_param_spec_uint ("retry-in", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_class_install_property (object_class, PROP_N_WAITING, g_param_spec_uint ("n-waiting", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_class_install_property (object_class, PROP_AWAY, g_param_spec_string ("away", NULL, NULL, NULL, flags));
  g_object_class_install_property (object_class, PROP_SECURE, g_param_spec_boolean ("secure", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object_class, PROP_SLOWED, g_param_spec_boolean ("slowed", NULL, NULL, FALSE, flags));
  g_object_class_install_property (object_class, PROP_HISTORY_BROKEN, g_param_spec_boolean ("history-broken", NULL, NULL, FALSE, flags));
  g_signal_new ("message", AHOY_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, AHOY_TYPE_CONVERSATION, AHOY_TYPE_MESSAGE);
  g_signal_new ("failed", AHOY_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
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
  AhoyClient *self = data;

  self->n_older++;
  ahoy_conversation_set_older_failed (conversation, FALSE);
  ahoy_conversation_set_older (conversation, TRUE, TRUE);
}

static const AhoyConversationEvents events = { .attended = on_attended, .load_older = on_load_older };

static void
ahoy_client_init (AhoyClient *self)
{
  self->state = AHOY_CLIENT_ONLINE;
  self->everyone = ahoy_conversation_new (NULL);
  ahoy_conversation_set_events (self->everyone, &events, self);
  self->oldest = 1000000;
  self->conversations = g_list_store_new (AHOY_TYPE_CONVERSATION);
  g_list_store_append (self->conversations, self->everyone);
}

AhoyClient *
ahoy_client_new (void)
{
  return g_object_new (AHOY_TYPE_CLIENT, NULL);
}

AhoyClient *
ahoy_client_new_with_history (AhoyDatabase *history)
{
  return ahoy_client_new ();
}

AhoyClient *
ahoy_client_new_full (AhoyDatabase     *history,
                      AhoyKeyring      *keyring,
                      AhoyKnownServers *known_servers)
{
  return ahoy_client_new ();
}

const char *
ahoy_client_get_known_id (AhoyClient *self)
{
  return self->known_id;
}

const char *
ahoy_client_get_met_id (AhoyClient *self)
{
  return self->met_id;
}

const char *
ahoy_client_get_missed_id (AhoyClient *self)
{
  return self->missed_id;
}

guint
ahoy_client_get_n_left (AhoyClient *self)
{
  return self->n_left;
}

AhoyDowngrade
ahoy_client_get_downgrade (AhoyClient *self)
{
  return self->downgrade;
}

void
ahoy_client_accept_server (AhoyClient *self)
{
  self->n_servers_accepted++;
}

void
ahoy_client_set_verified (AhoyClient *self,
                          AhoyPerson *person,
                          gboolean    verified)
{
  ahoy_person_set_key (person, ahoy_person_get_key (person), ahoy_person_get_known_key (person), ahoy_person_get_known_since (person), verified);
}

void
ahoy_client_accept_key (AhoyClient *self,
                        AhoyPerson *person)
{
  const char *key = ahoy_person_get_key (person);

  self->n_accepted++;
  ahoy_person_set_key (person, key, key, key != NULL ? g_get_real_time () / G_USEC_PER_SEC : 0, FALSE);
}

gboolean
ahoy_client_get_secure (AhoyClient *self)
{
  return self->secure;
}

gboolean
ahoy_client_get_slowed (AhoyClient *self)
{
  return self->slowed;
}

gboolean
ahoy_client_get_history_broken (AhoyClient *self)
{
  return self->history_broken;
}

void
ahoy_client_connect (AhoyClient *self,
                     AhoyServer *server,
                     const char *name)
{
  g_set_object (&self->server, server);
  self->n_connects++;
}

void
ahoy_client_retry_name (AhoyClient *self,
                        const char *name)
{
}

void
ahoy_client_disconnect (AhoyClient *self)
{
}

void
ahoy_client_set_discovery_port (AhoyClient *self,
                                guint16     port)
{
}

void
ahoy_client_retry_now (AhoyClient *self)
{
}

gboolean
ahoy_client_is_blank (const char *text)
{
  return ahoy_text_is_blank (text);
}

AhoyRefusal
ahoy_client_check_name (const char *name)
{
  return AHOY_REFUSAL_NONE;
}

AhoyNameProblem
ahoy_client_name_problem (const char *name)
{
  return AHOY_NAME_PROBLEM_NONE;
}

AhoyMessage *
ahoy_client_send (AhoyClient       *self,
                  AhoyConversation *conversation,
                  const char       *text)
{
  AhoyPerson             *person = ahoy_conversation_get_person (conversation);
  g_autoptr (AhoyMessage) message = NULL;

  if (text[0] == '\0' || ahoy_client_text_excess (self, conversation, text) > 0 ||
      (self->state != AHOY_CLIENT_ONLINE && self->state != AHOY_CLIENT_RECONNECTING))
    return NULL;

  message = ahoy_message_new_chat ("me", person != NULL ? ahoy_person_get_name (person) : NULL, text, g_get_real_time () / 1000, 3,
                                   AHOY_MESSAGE_OWN | (person != NULL ? AHOY_MESSAGE_PRIVATE : 0));
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

gssize
ahoy_client_text_excess (AhoyClient       *self,
                         AhoyConversation *conversation,
                         const char       *text)
{
  return (gssize) strlen (text) - MAX_TEXT;
}

void
ahoy_client_note_typing (AhoyClient       *self,
                         AhoyConversation *conversation)
{
  self->n_typing++;
}

void
ahoy_client_set_away (AhoyClient *self,
                      const char *away)
{
  g_free (self->away);
  self->away = g_strdup (away);
  g_object_notify (G_OBJECT (self), "away");
}

const char *
ahoy_client_get_away (AhoyClient *self)
{
  return self->away;
}

AhoyClientState
ahoy_client_get_state (AhoyClient *self)
{
  return self->state;
}

AhoyRefusal
ahoy_client_get_refusal (AhoyClient *self)
{
  return AHOY_REFUSAL_NONE;
}

AhoyFailure
ahoy_client_get_failure (AhoyClient *self)
{
  return self->failure;
}

const char *
ahoy_client_get_name (AhoyClient *self)
{
  return "me";
}

AhoyServer *
ahoy_client_get_server (AhoyClient *self)
{
  return self->server;
}

guint
ahoy_client_get_n_online (AhoyClient *self)
{
  guint n = 1;

  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (self->conversations)); i++)
    {
      g_autoptr (AhoyConversation) conversation = g_list_model_get_item (G_LIST_MODEL (self->conversations), i);

      n += ahoy_person_get_online (ahoy_conversation_get_person (conversation));
    }

  return n;
}

guint
ahoy_client_get_n_waiting (AhoyClient *self)
{
  return 0;
}

GListModel *
ahoy_client_get_conversations (AhoyClient *self)
{
  return G_LIST_MODEL (self->conversations);
}

AhoyConversation *
ahoy_client_get_everyone (AhoyClient *self)
{
  return self->everyone;
}

static guint
find (AhoyClient *self,
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

AhoyConversation *
ahoy_client_find_conversation (AhoyClient *self,
                               const char *name)
{
  guint                        position = find (self, name);
  g_autoptr (AhoyConversation) conversation = NULL;

  if (position == G_MAXUINT)
    return NULL;
  conversation = g_list_model_get_item (G_LIST_MODEL (self->conversations), position);

  return conversation;
}

AhoyConversation *
fake_client_add_person (AhoyClient *self,
                        const char *name)
{
  g_autoptr (AhoyPerson)       person = ahoy_person_new (name, name);
  g_autoptr (AhoyConversation) conversation = ahoy_conversation_new (person);

  ahoy_person_set_online (person, TRUE);
  g_list_store_append (self->conversations, conversation);
  g_object_notify (G_OBJECT (self), "n-online");

  return conversation;
}

void
fake_client_remove (AhoyClient *self,
                    const char *name)
{
  g_list_store_remove (self->conversations, find (self, name));
  g_object_notify (G_OBJECT (self), "n-online");
}

void
fake_client_set_online (AhoyClient *self,
                        const char *name,
                        gboolean    online)
{
  ahoy_person_set_online (ahoy_conversation_get_person (ahoy_client_find_conversation (self, name)), online);
  ahoy_conversation_note_presence (self->everyone, name, online, g_get_real_time () / 1000);
  g_object_notify (G_OBJECT (self), "n-online");
}

void
fake_client_set_away (AhoyClient *self,
                      const char *name,
                      const char *away)
{
  ahoy_person_set_away (ahoy_conversation_get_person (ahoy_client_find_conversation (self, name)), away);
}

void
fake_client_set_key (AhoyClient *self,
                     const char *name,
                     const char *key,
                     const char *known,
                     gboolean    verified)
{
  ahoy_person_set_key (ahoy_conversation_get_person (ahoy_client_find_conversation (self, name)), key, known, known != NULL ? 1772546600 : 0, verified);
}

guint
fake_client_get_n_accepted (AhoyClient *self)
{
  return self->n_accepted;
}

void
fake_client_fail (AhoyClient *self,
                  AhoyFailure failure,
                  const char *known_id,
                  const char *met_id)
{
  self->failure = failure;
  g_free (self->known_id);
  self->known_id = g_strdup (known_id);
  g_free (self->met_id);
  self->met_id = g_strdup (met_id);
  fake_client_set_state (self, AHOY_CLIENT_OFFLINE);
  g_signal_emit_by_name (self, "failed");
}

void
fake_client_downgrade (AhoyClient   *self,
                       AhoyDowngrade downgrade,
                       const char   *known_id,
                       const char   *met_id)
{
  self->downgrade = downgrade;
  fake_client_fail (self, AHOY_FAILURE_DOWNGRADED, known_id, met_id);
}

guint
fake_client_get_n_connects (AhoyClient *self)
{
  return self->n_connects;
}

guint
fake_client_get_n_servers_accepted (AhoyClient *self)
{
  return self->n_servers_accepted;
}

void
fake_client_set_server (AhoyClient *self,
                        AhoyServer *server,
                        gboolean    secure)
{
  g_set_object (&self->server, server);
  self->secure = secure;
  g_object_notify (G_OBJECT (self), "server");
  g_object_notify (G_OBJECT (self), "secure");
}

void
fake_client_miss (AhoyClient *self,
                  const char *missed_id,
                  guint       n_left)
{
  g_free (self->missed_id);
  self->missed_id = g_strdup (missed_id);
  self->n_left = n_left;
}

void
fake_client_set_state (AhoyClient     *self,
                       AhoyClientState state)
{
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

AhoyMessage *
fake_client_say (AhoyClient *self,
                 const char *from,
                 const char *text,
                 gboolean    whisper,
                 gint64      time)
{
  AhoyConversation       *conversation = ahoy_client_find_conversation (self, from);
  guint                   tint = conversation != NULL ? ahoy_person_get_tint (ahoy_conversation_get_person (conversation)) : 0;
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat (from, whisper ? "me" : NULL, text, time, tint, whisper ? AHOY_MESSAGE_PRIVATE : 0);

  ahoy_conversation_append (self->everyone, message, !whisper);
  if (whisper)
    ahoy_conversation_append (conversation, message, TRUE);
  g_signal_emit_by_name (self, "message", whisper ? conversation : self->everyone, message);

  return message;
}

AhoyMessage *
fake_client_notice (AhoyClient *self,
                    const char *text,
                    gint64      time)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_notice (text, time);

  ahoy_conversation_append (self->everyone, message, TRUE);
  g_signal_emit_by_name (self, "message", self->everyone, message);

  return message;
}

guint
fake_client_get_n_sent (AhoyClient *self)
{
  return self->n_sent;
}

const char *
fake_client_get_sent (AhoyClient        *self,
                      AhoyConversation **conversation)
{
  if (conversation != NULL)
    *conversation = self->sent_to;

  return self->sent;
}

guint
fake_client_get_n_typing (AhoyClient *self)
{
  return self->n_typing;
}

void
fake_client_has_older (AhoyClient *self)
{
  ahoy_conversation_set_older (self->everyone, TRUE, FALSE);
}

guint
fake_client_get_n_older (AhoyClient *self)
{
  return self->n_older;
}

/* @n messages in the server's order, just before those that are known. */
static GPtrArray *
make_past (AhoyClient *self,
           guint       n,
           gint64      time)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  self->oldest -= n;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("older %" G_GUINT64_FORMAT, self->oldest + i);
      AhoyMessage     *message = ahoy_message_new_chat ("alice", NULL, text, time, 0, 0);

      ahoy_message_set_id (message, self->oldest + i);
      g_ptr_array_add (messages, message);
    }

  return messages;
}

void
fake_client_answer_older (AhoyClient *self,
                          guint       n,
                          gint64      time,
                          gboolean    more)
{
  g_autoptr (GPtrArray) messages = make_past (self, n, time);

  ahoy_conversation_merge (self->everyone, messages);
  ahoy_conversation_set_older (self->everyone, more, FALSE);
}

void
fake_client_clear (AhoyClient *self)
{
  ahoy_conversation_clear (self->everyone);
}

void
fake_client_restore (AhoyClient *self,
                     guint       n,
                     guint       n_read)
{
  g_autoptr (GPtrArray) messages = make_past (self, n, g_get_real_time () / 1000);

  ahoy_conversation_merge (self->everyone, messages);
  ahoy_conversation_restore_unread (self->everyone, n - n_read, g_ptr_array_index (messages, n_read));
}

void
fake_client_type (AhoyClient *self,
                  const char *name,
                  gboolean    writes)
{
  if (writes)
    ahoy_conversation_note_typing (self->everyone, name, 60000);
  else
    ahoy_conversation_stop_typing (self->everyone, name);
}

void
fake_client_set_slowed (AhoyClient *self,
                        gboolean    slowed)
{
  self->slowed = slowed;
  g_object_notify (G_OBJECT (self), "slowed");
}

void
fake_client_set_history_broken (AhoyClient *self,
                                gboolean    broken)
{
  self->history_broken = broken;
  g_object_notify (G_OBJECT (self), "history-broken");
}

void
fake_client_fail_older (AhoyClient *self)
{
  ahoy_conversation_set_older_failed (self->everyone, TRUE);
  ahoy_conversation_set_older (self->everyone, TRUE, FALSE);
}

void
fake_client_set_back (AhoyClient *self,
                      guint64     first)
{
  ahoy_conversation_part (self->everyone, first, 1);
}

void
fake_client_note_undelivered (AhoyClient     *self,
                              AhoyMessageKind kind,
                              const char     *name)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_about (kind, name, g_get_real_time () / 1000);

  ahoy_conversation_append (ahoy_client_find_conversation (self, name), message, FALSE);
}

void
fake_client_note_key_changed (AhoyClient *self,
                              const char *name,
                              gint64      time)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_about (AHOY_MESSAGE_KEY_CHANGED, name, time);

  ahoy_conversation_append (ahoy_client_find_conversation (self, name), message, FALSE);
}

gboolean
ahoy_client_describe_server (AhoyClient         *self,
                             AhoyDiscoveryReply *reply)
{
  return FALSE;
}
