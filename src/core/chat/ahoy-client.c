/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One person on one server: the object that the window talks to. */

#include "core/chat/ahoy-client-private.h"

#include <string.h>
#include <time.h>

#include "core/ahoy-core-enum-types.h"
#include "core/archive/ahoy-tables.h"
#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-timeline.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/features/ahoy-features.h"
#include "core/features/ahoy-known-keys.h"
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
  PROP_TIMINGS,
  PROP_FEATURES,
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
      g_value_set_string (value, ahoy_client_get_away (self));
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
      self->trust = g_value_get_pointer (value);
      break;
    case PROP_TIMINGS:
      self->timings = g_value_get_pointer (value) ? *(const AhoyClientTimings *) g_value_get_pointer (value) : ahoy_client_timings;
      break;
    case PROP_FEATURES:
      self->features = g_value_get_pointer (value) ? g_value_get_pointer (value) : ahoy_features ();
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* ---- What the parts tell ---- */

static void
on_conversation_made (AhoyConversation *conversation,
                      gpointer          client)
{
  const AhoyChatParts *parts = &AHOY_CLIENT (client)->parts;

  if (parts->loaded)
    ahoy_feature_set_begun (parts->features, conversation);
}

static void
on_attended (AhoyConversation *conversation,
             gpointer          client)
{
  ahoy_feature_set_attended (AHOY_CLIENT (client)->parts.features, conversation);
}

static void
on_load_older (AhoyConversation *conversation,
               gpointer          client)
{
  AhoyClient *self = client;

  if (!ahoy_placer_is_busy (self->placer)) /* else it is wanted again when the window is moved */
    ahoy_feature_set_load_older (self->parts.features, conversation);
}

static const AhoyConversationEvents conversation_events = {
  .made = on_conversation_made,
  .attended = on_attended,
  .load_older = on_load_older,
};

static void
on_turn_ending (GPtrArray *due,
                gpointer   client)
{
  ahoy_feature_set_due (AHOY_CLIENT (client)->parts.features, due);
}

static void
on_thawed (AhoyConversation *conversation,
           gpointer          client)
{
  ahoy_feature_set_thawed (AHOY_CLIENT (client)->parts.features, conversation);
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
on_archive_changed (AhoyArchive *archive,
                    gboolean     loaded,
                    gpointer     client)
{
  AhoyClient *self = client;

  self->parts.archive = archive;
  self->parts.loaded = loaded;
}

static void
on_archive_closing (gpointer client)
{
  AhoyClient *self = client;

  if (self->parts.loaded)
    ahoy_feature_set_closed (self->parts.features);
  ahoy_classic_dialect_forget (self->classic);
  ahoy_placer_forget (self->placer);
  ahoy_sender_forget (self->sender);
}

static void
on_archive_ready (gpointer client)
{
  ahoy_client_log_in (client);
}

static const AhoyPastEvents past_events = { .changed = on_archive_changed, .closing = on_archive_closing, .ready = on_archive_ready };

/* ---- The object ---- */

static void
ahoy_client_constructed (GObject *object)
{
  AhoyClient           *self = AHOY_CLIENT (object);
  g_autoptr (GPtrArray) more = ahoy_feature_set_list_tables (self->features);

  self->tables = ahoy_tables_with ((const AhoyTable *const *) more->pdata);
  self->session = ahoy_session_new (g_steal_pointer (&self->trust), &self->timings.session, &ahoy_client_session_events, self);
  self->roster = ahoy_roster_new (&conversation_events, self);
  self->turn = ahoy_turn_new (&turn_events, self);
  self->sender = ahoy_sender_new (&self->parts, self->timings.echo, self->timings.traffic);
  self->pace = ahoy_pace_new (&self->parts, &self->timings.window, self->sender);
  self->placer = ahoy_placer_new (&self->parts);
  self->classic = ahoy_classic_dialect_new (&self->parts, self->timings.undelivered, self->sender);
  self->extended = ahoy_extended_dialect_new (&self->parts, self->sender, self->pace, self->placer);
  ahoy_sender_set_interpreters (self->sender, ahoy_classic_dialect_get (self->classic), ahoy_extended_dialect_get (self->extended));
  self->past = ahoy_past_new (&self->parts, self->history, self->tables, self->sender, &past_events, self);
  self->parts = (AhoyChatParts){
    .chat = object,
    .session = self->session,
    .connection = self->session->connection,
    .roster = self->roster,
    .turn = self->turn,
    .outbox = ahoy_sender_get_outbox (self->sender),
  };
  self->parts.features = ahoy_feature_set_new (self->features, &self->parts);

  G_OBJECT_CLASS (ahoy_client_parent_class)->constructed (object);
}

static void
ahoy_client_dispose (GObject *object)
{
  AhoyClient *self = AHOY_CLIENT (object);

  ahoy_turn_shut (self->turn);
  ahoy_session_shut (self->session);
  ahoy_classic_dialect_stop (self->classic);
  ahoy_past_stop (self->past);

  G_OBJECT_CLASS (ahoy_client_parent_class)->dispose (object);
}

static void
ahoy_client_finalize (GObject *object)
{
  AhoyClient *self = AHOY_CLIENT (object);

  ahoy_feature_set_free (self->parts.features);
  ahoy_past_free (self->past);
  ahoy_extended_dialect_free (self->extended);
  ahoy_classic_dialect_free (self->classic);
  ahoy_placer_free (self->placer);
  ahoy_pace_free (self->pace);
  ahoy_sender_free (self->sender);
  ahoy_roster_free (self->roster);
  ahoy_turn_free (self->turn);
  ahoy_session_free (self->session);
  g_free (self->tables);

  G_OBJECT_CLASS (ahoy_client_parent_class)->finalize (object);
}

static void
ahoy_client_class_init (AhoyClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ahoy_client_get_property;
  object_class->set_property = ahoy_client_set_property;
  object_class->constructed = ahoy_client_constructed;
  object_class->dispose = ahoy_client_dispose;
  object_class->finalize = ahoy_client_finalize;

  props[PROP_HISTORY] = g_param_spec_pointer ("history", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_TRUST] = g_param_spec_pointer ("trust", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_TIMINGS] = g_param_spec_pointer ("timings", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_FEATURES] = g_param_spec_pointer ("features", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
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
ahoy_client_init (AhoyClient *self)
{
}

AhoyClient *
ahoy_client_new_full (AhoyDatabase     *history,
                      AhoyKeyring      *keyring,
                      AhoyKnownServers *known_servers)
{
  return ahoy_client_new_with_timings (&ahoy_client_timings, history, keyring, known_servers);
}

AhoyDatabase *
ahoy_client_open_history (const char        *path,
                          AhoyDatabaseFailed failed,
                          gpointer           data,
                          GError           **error)
{
  g_autoptr (GPtrArray) more = ahoy_feature_set_list_tables (ahoy_features ());

  return ahoy_database_open (path, (const AhoyTable *const *) more->pdata, NULL, failed, data, error);
}

AhoyClient *
ahoy_client_new_with_timings (const AhoyClientTimings *timings,
                              AhoyDatabase            *history,
                              AhoyKeyring             *keyring,
                              AhoyKnownServers        *known_servers)
{
  return g_object_new (AHOY_TYPE_CLIENT,
                       "timings", timings,
                       "history", history,
                       "trust", ahoy_server_trust_new (keyring, known_servers),
                       NULL);
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

  return (gssize) ahoy_connection_measure (self->session->connection, line) - AHOY_BODY_MAX;
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

  cleaned = ahoy_message_clean_text (text);
  return excess_of (self, conversation, cleaned);
}

/* One that is no longer listed (its person left, nothing in it; a room of another server) is not the place for a message. */
static gboolean
takes_messages (AhoyClient       *self,
                AhoyConversation *conversation)
{
  if (ahoy_conversation_is_room (conversation))
    return conversation == ahoy_timeline_find_room (&self->parts, ahoy_conversation_get_target (conversation));
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

  cleaned = ahoy_message_clean_text (text);
  target = ahoy_conversation_get_addressee (conversation);
  if ((self->session->state != AHOY_CLIENT_ONLINE && self->session->state != AHOY_CLIENT_RECONNECTING) || ahoy_text_is_blank (cleaned) ||
      excess_of (self, conversation, cleaned) > 0)
    return NULL;

  own = ahoy_roster_get_self (self->roster);
  if (!own || !takes_messages (self, conversation))
    return NULL;

  message = ahoy_message_new_chat (self->session->name, target, cleaned, g_get_real_time () / 1000, ahoy_person_get_tint (own), AHOY_MESSAGE_OWN);
  ahoy_conversation_append_waiting (ahoy_timeline_find_room (&self->parts, target), message);
  if (ahoy_target_is_person (target))
    ahoy_conversation_append_waiting (conversation, message);
  ahoy_sender_add (self->sender, message);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_WAITING]);
  ahoy_sender_pump (self->sender);
  return message; /* the conversation holds it */
}

void
ahoy_client_note_typing (AhoyClient       *self,
                         AhoyConversation *conversation)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_CONVERSATION (conversation));

  ahoy_feature_set_wish (self->parts.features, "typing", conversation, NULL);
}

void
ahoy_client_set_away (AhoyClient *self,
                      const char *away)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  ahoy_feature_set_wish (self->parts.features, "away", NULL, away);
}

const char *
ahoy_client_get_away (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return ahoy_feature_set_get (self->parts.features, "away");
}

void
ahoy_client_set_verified (AhoyClient *self,
                          AhoyPerson *person,
                          gboolean    verified)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  ahoy_known_keys_set_verified (&self->parts, person, verified);
}

void
ahoy_client_accept_key (AhoyClient *self,
                        AhoyPerson *person)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_PERSON (person));

  ahoy_known_keys_accept (&self->parts, person);
}

gboolean
ahoy_client_get_slowed (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), FALSE);

  return ahoy_pace_is_slowed (self->pace);
}

gboolean
ahoy_client_get_history_broken (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), FALSE);

  return ahoy_extended_dialect_is_broken (self->extended);
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

  return ahoy_outbox_get_n_waiting (self->parts.outbox);
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
