/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One person on one server: the object that the window talks to. */

#include "core/chat/ahoy-client-private.h"

#include <string.h>
#include <time.h>

#include "core/ahoy-core-enum-types.h"
#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/identity/ahoy-keyring.h"
#include "wire/ahoy-blank.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-name.h"

static void chat_interface_init (AhoyChatInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AhoyClient, ahoy_client, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (AHOY_TYPE_CHAT, chat_interface_init))

enum {
  PROP_0,
  PROP_HISTORY,
  PROP_TRUST,
  N_OWN_PROPS,
  /* AhoyChat's */
  PROP_STATE = N_OWN_PROPS,
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
  N_PROPS,
};

enum {
  MESSAGE,
  N_SIGNALS,
};

static const char *const chat_props[N_PROPS] = {
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

static GParamSpec *props[N_PROPS];
static guint       signals[N_SIGNALS];

/* The monotonic clock stands still while the computer sleeps, the boot-time clock does not. */
static gint64
asleep (void)
{
  struct timespec boot, awake;

  if (clock_gettime (CLOCK_BOOTTIME, &boot) != 0 || clock_gettime (CLOCK_MONOTONIC, &awake) != 0)
    return 0;
  return (boot.tv_sec - awake.tv_sec) * G_USEC_PER_SEC + (boot.tv_nsec - awake.tv_nsec) / 1000;
}

const AhoyClientTimings ahoy_client_timings = {
  .session = {
    .connection = { .connect = 5000, .stagger = 300, .grace = 1500, .log_in = 10000 },
    .reconnect = { .first = 500, .max = 30000, .stable = 10000, .ghost = 60000 },
    .keepalive = { .idle = 30000, .pong = 10000, .impatient = 3000, .watch = 2000 },
    .track = AHOY_TRACKER_TIMING,
    .asleep = asleep,
  },
  .echo = 2000,
  .traffic = 500,
  .undelivered = 5000,
  .window = { .storage = 5000, .storage_max = 60000, .slow = 2000 },
  .typing = { .every = 3000, .lasts = 6000 },
};

static void
ahoy_client_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  AhoyClient *self = AHOY_CLIENT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->session->state);
      break;
    case PROP_REFUSAL:
      g_value_set_enum (value, self->session->refusal);
      break;
    case PROP_FAILURE:
      g_value_set_enum (value, self->session->failure);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->session->name);
      break;
    case PROP_SERVER:
      g_value_set_object (value, self->session->server);
      break;
    case PROP_N_ONLINE:
      g_value_set_uint (value, ahoy_client_get_n_online (self));
      break;
    case PROP_RETRY_IN:
      g_value_set_uint (value, self->session->retry_in);
      break;
    case PROP_N_WAITING:
      g_value_set_uint (value, ahoy_client_get_n_waiting (self));
      break;
    case PROP_CONVERSATIONS:
      g_value_set_object (value, ahoy_client_get_conversations (self));
      break;
    case PROP_EVERYONE:
      g_value_set_object (value, ahoy_client_get_everyone (self));
      break;
    case PROP_AWAY:
      g_value_set_string (value, self->away);
      break;
    case PROP_SECURE:
      g_value_set_boolean (value, self->session->secure);
      break;
    case PROP_SLOWED:
      g_value_set_boolean (value, ahoy_client_get_slowed (self));
      break;
    case PROP_HISTORY_BROKEN:
      g_value_set_boolean (value, ahoy_client_get_history_broken (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_client_set_property (GObject      *object,
                          guint         id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  AhoyClient *self = AHOY_CLIENT (object);

  switch (id)
    {
    case PROP_HISTORY:
      self->history = g_value_get_pointer (value);
      break;
    case PROP_TRUST:
      self->session = ahoy_session_new (g_value_get_pointer (value), &self->timings.session, &ahoy_client_session_events, self);
      self->connection = self->session->connection;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_client_dispose (GObject *object)
{
  AhoyClient *self = AHOY_CLIENT (object);

  ahoy_turn_shut (self->turn);
  ahoy_session_shut (self->session);
  ahoy_client_stop_packets (self);
  ahoy_client_close_account (self);
  self->history = NULL;

  G_OBJECT_CLASS (ahoy_client_parent_class)->dispose (object);
}

static void
ahoy_client_finalize (GObject *object)
{
  AhoyClient *self = AHOY_CLIENT (object);

  ahoy_outbox_free (self->outbox);
  ahoy_typing_free (self->typing);
  ahoy_roster_free (self->roster);
  ahoy_turn_free (self->turn);
  g_ptr_array_unref (self->unowed);
  g_free (self->away);
  g_free (self->motd);
  g_clear_pointer (&self->aside, ahoy_aside_free);
  ahoy_session_free (self->session);

  G_OBJECT_CLASS (ahoy_client_parent_class)->finalize (object);
}

static void
ahoy_client_class_init (AhoyClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ahoy_client_get_property;
  object_class->set_property = ahoy_client_set_property;
  object_class->dispose = ahoy_client_dispose;
  object_class->finalize = ahoy_client_finalize;

  props[PROP_HISTORY] = g_param_spec_pointer ("history", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_TRUST] = g_param_spec_pointer ("trust", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_OWN_PROPS, props);

  for (guint id = N_OWN_PROPS; id < N_PROPS; id++)
    {
      g_object_class_override_property (object_class, id, chat_props[id]);
      props[id] = g_object_class_find_property (object_class, chat_props[id]);
    }

  signals[MESSAGE] = g_signal_lookup ("message", AHOY_TYPE_CHAT);
}

/* A method that takes an AhoyClient where the interface has an AhoyChat. */
#define IMPLEMENT(iface, method) ((iface)->method = (typeof ((iface)->method)) ahoy_client_##method)

static void
chat_interface_init (AhoyChatInterface *iface)
{
  IMPLEMENT (iface, connect);
  IMPLEMENT (iface, retry_name);
  IMPLEMENT (iface, disconnect);
  IMPLEMENT (iface, set_discovery_port);
  IMPLEMENT (iface, retry_now);
  IMPLEMENT (iface, get_known_id);
  IMPLEMENT (iface, get_met_id);
  IMPLEMENT (iface, get_missed_id);
  IMPLEMENT (iface, get_n_left);
  IMPLEMENT (iface, get_downgrade);
  IMPLEMENT (iface, accept_server);
  IMPLEMENT (iface, set_verified);
  IMPLEMENT (iface, accept_key);
  IMPLEMENT (iface, send);
  IMPLEMENT (iface, text_excess);
  IMPLEMENT (iface, note_typing);
  IMPLEMENT (iface, set_away);
  IMPLEMENT (iface, find_conversation);
}

static void
set_timings (AhoyClient              *self,
             const AhoyClientTimings *timings)
{
  self->timings = *timings;
  ahoy_send_window_init (&self->window, &self->timings.window);
  g_clear_pointer (&self->outbox, ahoy_outbox_free);
  self->outbox = ahoy_outbox_new (timings->echo, timings->traffic, ahoy_client_on_settled, self);
}

static void
on_conversation_made (AhoyConversation *conversation,
                      gpointer          client)
{
  ahoy_client_begin_book (client, conversation);
}

static const AhoyConversationEvents conversation_events = {
  .made = on_conversation_made,
  .attended = ahoy_client_on_attended,
  .load_older = ahoy_client_load_older,
};

static void
send_packet (const AhoyPacket *packet,
             gpointer          client)
{
  ahoy_connection_send (AHOY_CLIENT (client)->connection, packet);
}

static void
on_turn_ending (GPtrArray *due,
                gpointer   client)
{
  ahoy_client_write_due (client, due);
}

static void
on_thawed (AhoyConversation *conversation,
           gpointer          client)
{
  AhoyClient *self = client;

  if (self->pager)
    ahoy_pager_trim (self->pager, conversation);
}

static void
on_news (AhoyConversation *conversation,
         AhoyMessage      *message,
         gpointer          client)
{
  g_signal_emit (client, signals[MESSAGE], 0, conversation, message);
}

static const AhoyTurnEvents turn_events = { .ending = on_turn_ending, .thawed = on_thawed, .news = on_news };

static void
ahoy_client_init (AhoyClient *self)
{
  self->roster = ahoy_roster_new (&conversation_events, self);
  self->turn = ahoy_turn_new (&turn_events, self);
  self->typing = ahoy_typing_new (self->roster, &self->timings.typing, send_packet, self);
  self->unowed = g_ptr_array_new_with_free_func (g_object_unref);
  set_timings (self, &ahoy_client_timings);
}

AhoyClient *
ahoy_client_new (void)
{
  return ahoy_client_new_full (NULL, NULL, NULL);
}

AhoyClient *
ahoy_client_new_full (AhoyDatabase     *history,
                      AhoyKeyring      *keyring,
                      AhoyKnownServers *known_servers)
{
  return g_object_new (AHOY_TYPE_CLIENT, "history", history, "trust", ahoy_server_trust_new (keyring, known_servers), NULL);
}

AhoyClient *
ahoy_client_new_with_timings (const AhoyClientTimings *timings,
                              AhoyDatabase            *history,
                              AhoyKeyring             *keyring,
                              AhoyKnownServers        *known_servers)
{
  AhoyClient *self = ahoy_client_new_full (history, keyring, known_servers);

  set_timings (self, timings);
  return self;
}

void
ahoy_client_forget_server (AhoyClient *self)
{
  ahoy_client_close_account (self);
  ahoy_outbox_clear (self->outbox);
  ahoy_roster_reset (self->roster);
  ahoy_client_notify_n_waiting (self);
}

/* As it goes on the wire: no control characters, no white space at its end. */
static char *
clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_strchomp (ahoy_text_clean (valid));
}

static gssize
excess_of (AhoyClient       *self,
           AhoyConversation *conversation,
           const char       *cleaned)
{
  const AhoyTarget target = ahoy_conversation_get_addressee (conversation);
  const char      *from = self->session->name ? self->session->name : "";
  /* "to,text" goes out; the line that the server makes of it is longer, and must not be refused for that. */
  g_autofree char *prefix = ahoy_classic_line_prefix (ahoy_target_is_person (target) ? AHOY_CLASSIC_LINE_WHISPER : AHOY_CLASSIC_LINE_SAY, from, target.person);
  g_autofree char *line = g_strconcat (prefix, cleaned, NULL);

  return (gssize) ahoy_connection_measure (self->connection, line) - AHOY_BODY_MAX;
}

gssize
ahoy_client_text_excess (AhoyClient       *self,
                         AhoyConversation *conversation,
                         const char       *text)
{
  g_autofree char *cleaned = NULL;

  g_return_val_if_fail (AHOY_IS_CLIENT (self), 0);
  g_return_val_if_fail (AHOY_IS_CONVERSATION (conversation), 0);
  g_return_val_if_fail (text != NULL, 0);

  cleaned = clean (text);
  return excess_of (self, conversation, cleaned);
}

/* One that is no longer listed (its person left, nothing in it; a room of another server) is not the place for a message. */
static gboolean
takes_messages (AhoyClient       *self,
                AhoyConversation *conversation)
{
  if (ahoy_conversation_is_room (conversation))
    return conversation == ahoy_client_room_of (self, ahoy_conversation_get_target (conversation));
  return conversation == ahoy_roster_find_conversation (self->roster, ahoy_conversation_get_person (conversation));
}

AhoyMessage *
ahoy_client_send (AhoyClient       *self,
                  AhoyConversation *conversation,
                  const char       *text)
{
  g_autofree char        *cleaned = NULL;
  g_autoptr (AhoyMessage) message = NULL;
  AhoyPerson             *own;
  AhoyTarget              target;

  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (AHOY_IS_CONVERSATION (conversation), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  cleaned = clean (text);
  target = ahoy_conversation_get_addressee (conversation);
  if ((self->session->state != AHOY_CLIENT_ONLINE && self->session->state != AHOY_CLIENT_RECONNECTING) || ahoy_text_is_blank (cleaned) ||
      excess_of (self, conversation, cleaned) > 0)
    return NULL;

  own = ahoy_roster_get_self (self->roster);
  if (!own || !takes_messages (self, conversation))
    return NULL;

  message = ahoy_message_new_chat (self->session->name, target, cleaned, g_get_real_time () / 1000, ahoy_person_get_tint (own), AHOY_MESSAGE_OWN);
  ahoy_conversation_append_waiting (ahoy_client_room_of (self, target), message);
  if (ahoy_target_is_person (target))
    ahoy_conversation_append_waiting (conversation, message);
  if (self->archive)
    {
      ahoy_outbox_add_unstored (self->outbox, message);
      if (self->loading)
        g_ptr_array_add (self->unowed, g_object_ref (message));
      else
        ahoy_client_owe (self, message);
    }
  else
    {
      ahoy_outbox_add (self->outbox, message);
    }
  ahoy_client_notify_n_waiting (self);
  ahoy_client_pump (self);
  return message; /* the conversation holds it */
}

void
ahoy_client_set_away (AhoyClient *self,
                      const char *away)
{
  g_autofree char *cleaned = away ? clean (away) : NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));

  if (cleaned && ahoy_text_is_blank (g_strchug (cleaned)))
    g_clear_pointer (&cleaned, g_free);
  if (g_strcmp0 (self->away, cleaned) == 0)
    return;
  g_free (self->away);
  self->away = g_steal_pointer (&cleaned);
  if (self->session->state == AHOY_CLIENT_ONLINE && ahoy_connection_is_extended (self->connection))
    ahoy_connection_send (self->connection, &(AhoyPacket){ .kind = AHOY_PACKET_AWAY, .text = self->away ? self->away : "" });
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AWAY]);
}

const char *
ahoy_client_get_away (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->away;
}

gboolean
ahoy_client_get_slowed (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), FALSE);

  return ahoy_send_window_is_slowed (&self->window);
}

gboolean
ahoy_client_get_history_broken (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), FALSE);

  return self->n_broken > 1; /* once may be chance */
}

guint
ahoy_client_get_n_online (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), 0);

  return ahoy_roster_get_n_online (self->roster);
}

guint
ahoy_client_get_n_waiting (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), 0);

  return ahoy_outbox_get_n_waiting (self->outbox);
}

GListModel *
ahoy_client_get_conversations (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return ahoy_roster_get_conversations (self->roster);
}

AhoyConversation *
ahoy_client_get_everyone (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return ahoy_roster_get_everyone (self->roster);
}

AhoyConversation *
ahoy_client_find_conversation (AhoyClient *self,
                               const char *name)
{
  AhoyPerson *person;

  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  person = ahoy_roster_find (self->roster, name);
  return person ? ahoy_roster_find_conversation (self->roster, person) : NULL;
}

void
ahoy_client_notify_n_online (AhoyClient *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ONLINE]);
}

void
ahoy_client_notify_slowed (AhoyClient *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SLOWED]);
}

void
ahoy_client_set_n_broken (AhoyClient *self,
                          guint       n_broken)
{
  const gboolean before = ahoy_client_get_history_broken (self);

  self->n_broken = n_broken;
  if (ahoy_client_get_history_broken (self) != before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HISTORY_BROKEN]);
}

void
ahoy_client_notify_n_waiting (AhoyClient *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
}
