/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The way from "not connected" to "online".
 *
 * It is led by four others (the person, the search, the own server, the chat), any of whom may speak at any time; what they say counts only
 * in the step that waits for it. */

#include "core/connector/ahoy-connector-private.h"

#include "core/ahoy-core-enum-types.h"
#include "core/chat/ahoy-check.h"
#include "core/connector/ahoy-own-server.h"

/* What the person wanted last: "Try Again" wants it again. */
typedef enum {
  WISH_LOOK,
  WISH_ADDRESS,
  WISH_SERVER,
  WISH_HOST,
} Wish;

struct _AhoyConnector {
  GObject parent_instance;

  /* Owned */
  AhoyMemory       *memory;
  AhoyChat         *chat;
  AhoyNeighbour    *neighbour;     /* tells others of the chat's server; nullable */
  AhoyKeyring      *keyring;       /* nullable */
  AhoyKnownServers *known_servers; /* nullable */
  AhoyServerSearch *search;
  AhoyTryAgain     *try_again;
  AhoyOwnServer    *own;
  AhoyServer       *server; /* the one chosen last */
  char             *name;
  char             *aim;
  char             *given_address; /* from the command line */
  char             *typed_address;
  char             *host_name;

  AhoyStep    step;
  AhoyTrouble trouble;
  Wish        wish;
  gboolean    on_a_claim; /* what is dialed nobody has chosen, and nothing is proved of it yet */
};

enum {
  PROP_0,
  PROP_MEMORY,
  PROP_CHAT,
  PROP_NEIGHBOUR,
  PROP_KEYRING,
  PROP_KNOWN_SERVERS,
  PROP_STEP,
  PROP_NAME,
  PROP_AIM,
  PROP_HOSTING,
  PROP_FINDER,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyConnector, ahoy_connector, G_TYPE_OBJECT)

/* --- Steps --- */

static void
set_step (AhoyConnector *self,
          AhoyStep       step)
{
  if (self->step == step)
    return;
  self->step = step;
  ahoy_server_search_stop_quiet (self->search);
  ahoy_try_again_set_step (self->try_again, step, self->trouble);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STEP]);
}

static void
set_trouble (AhoyConnector *self,
             AhoyTrouble    trouble)
{
  self->trouble = trouble;
  set_step (self, AHOY_STEP_TROUBLE);
}

static void
set_aim (AhoyConnector *self,
         const char    *aim)
{
  if (g_strcmp0 (self->aim, aim) == 0)
    return;
  g_free (self->aim);
  self->aim = g_strdup (aim);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AIM]);
}

static gboolean
name_is_allowed (AhoyConnector *self)
{
  return ahoy_check_name (self->name) == AHOY_NAME_PROBLEM_NONE;
}

/* There is no connection, and the chat does not go on by itself. */
static void
fail (AhoyConnector *self)
{
  switch (ahoy_chat_get_failure (self->chat))
    {
    case AHOY_FAILURE_KEY_CHANGED:
    case AHOY_FAILURE_DOWNGRADED:
      set_step (self, AHOY_STEP_CHANGED);
      break;
    case AHOY_FAILURE_REPLACED:
      set_step (self, AHOY_STEP_REPLACED);
      break;
    default:
      set_trouble (self, AHOY_TROUBLE_CONNECT);
      break;
    }
}

/* --- The connection with the server that was chosen --- */

/* From any step. */
static void
dial (AhoyConnector *self,
      AhoyServer    *found)
{
  AhoyServer      *server = ahoy_own_server_prefer (self->own, found);
  g_autofree char *address = ahoy_server_dup_address (server);
  const guint16    discovery_port = ahoy_connector_get_discovery_port (self);

  g_set_object (&self->server, server);
  self->on_a_claim = FALSE;
  ahoy_server_search_stop (self->search);
  set_aim (self, address);
  set_step (self, AHOY_STEP_CONNECTING);
  ahoy_chat_set_discovery_port (self->chat, discovery_port);
  if (self->neighbour != NULL)
    ahoy_neighbour_set_discovery_port (self->neighbour, discovery_port);
  ahoy_chat_connect (self->chat, server, self->name);
}

/* From REFUSED: under the name as it is now. */
static void
dial_again (AhoyConnector *self)
{
  set_step (self, AHOY_STEP_CONNECTING);
  if (ahoy_chat_get_state (self->chat) == AHOY_CLIENT_REFUSED)
    ahoy_chat_retry_name (self->chat, self->name);
  else
    dial (self, self->server);
}

static void
remember (AhoyConnector *self)
{
  AhoyServer *server = ahoy_chat_get_server (self->chat);

  ahoy_memory_set_name (self->memory, self->name);
  if (server != NULL)
    ahoy_memory_set_last_server (self->memory, ahoy_server_get_host (server), ahoy_server_get_port (server), ahoy_server_get_id (server));
}

/* It may have been found again at another one. */
static void
show_address (AhoyConnector *self)
{
  g_autofree char *address = ahoy_server_dup_address (ahoy_chat_get_server (self->chat));

  set_aim (self, address);
}

static void
on_chat_state (AhoyConnector *self)
{
  switch (ahoy_chat_get_state (self->chat))
    {
    case AHOY_CLIENT_ONLINE:
      remember (self);
      show_address (self);
      set_step (self, AHOY_STEP_TALKING);
      break;
    case AHOY_CLIENT_REFUSED:
      self->on_a_claim = FALSE;
      set_step (self, AHOY_STEP_REFUSED);
      break;
    case AHOY_CLIENT_OFFLINE:
      /* While CONNECTING "failed" says it. While REFUSED the server only lost its patience: the reason and the name stay, and the next
       * try connects again. */
      if (self->step == AHOY_STEP_TALKING)
        fail (self);
      break;
    case AHOY_CLIENT_CONNECTING:
    case AHOY_CLIENT_RECONNECTING:
      break;
    }
}

/* Where the server was met before, somebody else is, or it hides: no other place is a better one. */
static gboolean
is_full_stop (AhoyConnector *self)
{
  const AhoyFailure failure = ahoy_chat_get_failure (self->chat);
  const char       *known = ahoy_chat_get_known_id (self->chat);
  g_autofree char  *here = NULL;

  if (failure != AHOY_FAILURE_KEY_CHANGED && failure != AHOY_FAILURE_DOWNGRADED)
    return FALSE;
  if (self->known_servers != NULL)
    ahoy_known_servers_check (self->known_servers, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), NULL, FALSE, &here);
  return known == NULL || g_strcmp0 (here, known) == 0;
}

/* What a claim led to came to nothing. Returns: whether it looks for somebody else. */
static gboolean
look_further (AhoyConnector *self)
{
  if (!self->on_a_claim || is_full_stop (self) || !ahoy_server_search_further (self->search, self->server))
    return FALSE;
  self->on_a_claim = FALSE;
  set_aim (self, NULL);
  set_step (self, AHOY_STEP_LOOKING);
  return TRUE;
}

static void
on_chat_failed (AhoyConnector *self)
{
  if (self->step == AHOY_STEP_TALKING || (self->step == AHOY_STEP_CONNECTING && !look_further (self)))
    fail (self);
}

/* --- The search --- */

static void
on_searched (AhoyConnector      *self,
             AhoyServerSearchEnd end,
             AhoyServer         *server)
{
  gboolean chosen = end == AHOY_SERVER_SEARCH_FOUND;

  if (self->step != AHOY_STEP_LOOKING && self->step != AHOY_STEP_NONE_FOUND)
    return;
  switch (end)
    {
    case AHOY_SERVER_SEARCH_FOUND:
    case AHOY_SERVER_SEARCH_SEVERAL:
    case AHOY_SERVER_SEARCH_DOUBTFUL:
      chosen |= end == AHOY_SERVER_SEARCH_SEVERAL && ahoy_try_again_get_unattended (self->try_again) && ahoy_server_get_last_used (server);
      if (chosen)
        {
          dial (self, server);
          self->on_a_claim = self->wish == WISH_LOOK && end == AHOY_SERVER_SEARCH_FOUND;
        }
      else
        {
          set_step (self, AHOY_STEP_CHOOSING);
        }
      break;
    case AHOY_SERVER_SEARCH_NONE:
      set_step (self, AHOY_STEP_NONE_FOUND);
      break;
    case AHOY_SERVER_SEARCH_NO_ADDRESS:
      set_trouble (self, AHOY_TROUBLE_ADDRESS);
      break;
    case AHOY_SERVER_SEARCH_IN_VAIN:
      {
        g_autofree char *address = ahoy_server_dup_address (self->server);

        set_aim (self, address);
        fail (self);
      }
      break;
    }
}

static void
on_finder (AhoyConnector *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FINDER]);
}

/* At the address that was typed last. */
static void
look_there_again (AhoyConnector *self)
{
  set_aim (self, self->typed_address);
  set_step (self, AHOY_STEP_LOOKING);
  ahoy_server_search_start_at (self->search, self->typed_address);
}

static void
look_there (AhoyConnector *self,
            const char    *address)
{
  self->wish = WISH_ADDRESS;
  g_free (self->typed_address);
  self->typed_address = g_strdup (address);
  look_there_again (self);
}

void
ahoy_connector_look (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (!name_is_allowed (self))
    return;

  if (self->step == AHOY_STEP_REFUSED)
    {
      dial_again (self);
      return;
    }

  if (self->given_address != NULL)
    {
      look_there (self, self->given_address);
      return;
    }

  self->wish = WISH_LOOK;
  set_aim (self, NULL);
  set_step (self, AHOY_STEP_LOOKING);
  ahoy_server_search_start (self->search);
}

void
ahoy_connector_ask_address (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  set_step (self, AHOY_STEP_ADDRESS);
  /* From REFUSED there is a connection that nobody would use. */
  ahoy_chat_disconnect (self->chat);
}

gboolean
ahoy_connector_look_at (AhoyConnector *self,
                        const char    *address)
{
  g_autofree char *host = NULL;
  guint16          port;

  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  if (!ahoy_server_parse_address (address, ahoy_connector_get_discovery_port (self), &host, &port, NULL))
    return FALSE;

  ahoy_memory_set_address (self->memory, address);
  look_there (self, address);
  return TRUE;
}

void
ahoy_connector_choose (AhoyConnector *self,
                       AhoyServer    *server)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));
  g_return_if_fail (AHOY_IS_SERVER (server));

  self->wish = WISH_SERVER;
  dial (self, server);
}

/* --- The own server --- */

/* Whether the chat that we are in, or want to be in, is the own one: also when it went on without us and was found like any other. */
static gboolean
needs_host (AhoyConnector *self)
{
  AhoyServer *server = ahoy_chat_get_server (self->chat);

  if (self->step == AHOY_STEP_TALKING && server != NULL && ahoy_server_get_own (server))
    return TRUE;
  return self->wish == WISH_HOST && self->step != AHOY_STEP_NAME;
}

static void
on_own_server (AhoyConnector *self)
{
  switch (ahoy_own_server_get_state (self->own))
    {
    case AHOY_HOST_RUNNING:
      if (self->step == AHOY_STEP_HOSTING)
        dial (self, ahoy_own_server_get_server (self->own));
      break;
    case AHOY_HOST_FAILED:
      /* Reconnecting to a server that is no more would go on for ever. */
      if (needs_host (self))
        {
          self->wish = WISH_HOST;
          set_trouble (self, ahoy_own_server_get_log_lost (self->own) ? AHOY_TROUBLE_HOST_LOG : AHOY_TROUBLE_HOST);
          ahoy_chat_disconnect (self->chat);
        }
      break;
    case AHOY_HOST_STARTING:
    case AHOY_HOST_STOPPED:
      break;
    }
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOSTING]);
}

static void
host (AhoyConnector *self,
      const char    *server_name,
      gboolean       anew)
{
  if (!name_is_allowed (self))
    return;

  self->wish = WISH_HOST;
  if (server_name != self->host_name)
    {
      g_free (self->host_name);
      self->host_name = g_strdup (server_name);
    }
  ahoy_server_search_stop (self->search);
  set_aim (self, NULL);
  set_step (self, AHOY_STEP_HOSTING);

  if (ahoy_own_server_is_running (self->own))
    on_own_server (self);
  else
    ahoy_own_server_start (self->own, self->host_name, self->name, self->keyring != NULL ? ahoy_keyring_get_key (self->keyring) : NULL,
                           ahoy_connector_get_discovery_port (self), anew);
}

void
ahoy_connector_host (AhoyConnector *self,
                     const char    *server_name)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));
  g_return_if_fail (server_name != NULL);

  host (self, server_name, FALSE);
}

void
ahoy_connector_host_anew (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step == AHOY_STEP_TROUBLE && self->trouble == AHOY_TROUBLE_HOST_LOG)
    host (self, self->host_name, TRUE);
}

void
ahoy_connector_stop_hosting (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  ahoy_own_server_stop (self->own);
}

/* --- Again, and back --- */

void
ahoy_connector_retry (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  switch (self->wish)
    {
    case WISH_LOOK:
      ahoy_connector_look (self);
      break;
    case WISH_ADDRESS:
      look_there_again (self);
      break;
    case WISH_SERVER:
      dial (self, self->server);
      break;
    case WISH_HOST:
      ahoy_connector_host (self, self->host_name);
      break;
    }
}

/* A search that has found somebody goes on. */
static void
on_retry (AhoyConnector *self)
{
  AhoyFinder *finder = ahoy_server_search_get_finder (self->search);

  if (self->step != AHOY_STEP_LOOKING || g_list_model_get_n_items (ahoy_finder_get_servers (finder)) == 0)
    ahoy_connector_retry (self);
}

void
ahoy_connector_accept_server (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step != AHOY_STEP_CHANGED)
    return;
  ahoy_chat_accept_server (self->chat);
  dial (self, ahoy_chat_get_server (self->chat));
}

void
ahoy_connector_reconnect (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step == AHOY_STEP_REPLACED || self->step == AHOY_STEP_TALKING)
    dial (self, ahoy_chat_get_server (self->chat));
}

void
ahoy_connector_cancel (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  ahoy_server_search_stop (self->search);
  if (self->step == AHOY_STEP_HOSTING)
    ahoy_connector_stop_hosting (self);
  set_step (self, AHOY_STEP_NAME);
  ahoy_chat_disconnect (self->chat);
}

/* --- Properties --- */

void
ahoy_connector_set_discovery_port (AhoyConnector *self,
                                   guint16        port)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  ahoy_server_search_set_discovery_port (self->search, port);
}

guint16
ahoy_connector_get_discovery_port (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), 0);

  return ahoy_server_search_get_discovery_port (self->search);
}

void
ahoy_connector_set_address (AhoyConnector *self,
                            const char    *address)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  g_free (self->given_address);
  self->given_address = g_strdup (address);
}

void
ahoy_connector_set_unattended (AhoyConnector *self,
                               gboolean       unattended)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (ahoy_try_again_get_unattended (self->try_again) == unattended)
    return;
  ahoy_server_search_stop_quiet (self->search);
  ahoy_try_again_set_unattended (self->try_again, unattended);
}

void
ahoy_connector_set_name (AhoyConnector *self,
                         const char    *name)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (g_strcmp0 (self->name, name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name != NULL ? name : "");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
}

gboolean
ahoy_connector_get_hosting (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);

  return ahoy_own_server_is_running (self->own);
}

gboolean
ahoy_connector_is_at_own_server (AhoyConnector *self)
{
  AhoyServer *server;

  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);

  server = ahoy_chat_get_server (self->chat);
  return self->step == AHOY_STEP_TALKING && server != NULL && server == ahoy_own_server_get_server (self->own);
}

const char *
ahoy_connector_get_host_error (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return ahoy_own_server_get_error_text (self->own);
}

AhoyFinder *
ahoy_connector_get_finder (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return ahoy_server_search_get_finder (self->search);
}

#define GETTER(Type, what, member, none)                     \
  Type ahoy_connector_get_##what (AhoyConnector *self)       \
  {                                                          \
    g_return_val_if_fail (AHOY_IS_CONNECTOR (self), (none)); \
    return self->member;                                     \
  }

GETTER (AhoyStep, step, step, AHOY_STEP_NAME)
GETTER (AhoyTrouble, trouble, trouble, AHOY_TROUBLE_NONE)
GETTER (const char *, name, name, NULL)
GETTER (const char *, aim, aim, NULL)
GETTER (AhoyChat *, chat, chat, NULL)
GETTER (AhoyMemory *, memory, memory, NULL)
GETTER (AhoyKeyring *, keyring, keyring, NULL)
GETTER (AhoyKnownServers *, known_servers, known_servers, NULL)
GETTER (AhoyServerSearch *, search, search, NULL)
GETTER (AhoyTryAgain *, try_again, try_again, NULL)

/* --- Its life --- */

static void
ahoy_connector_dispose (GObject *object)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  if (self->search != NULL)
    g_signal_handlers_disconnect_by_data (self->search, self);
  g_clear_object (&self->try_again);
  g_clear_object (&self->search);
  g_clear_object (&self->neighbour);
  g_clear_object (&self->chat);
  g_clear_object (&self->own);
  g_clear_object (&self->server);
  g_clear_object (&self->known_servers);
  g_clear_object (&self->keyring);
  g_clear_object (&self->memory);

  G_OBJECT_CLASS (ahoy_connector_parent_class)->dispose (object);
}

static void
ahoy_connector_finalize (GObject *object)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  g_free (self->name);
  g_free (self->aim);
  g_free (self->given_address);
  g_free (self->typed_address);
  g_free (self->host_name);

  G_OBJECT_CLASS (ahoy_connector_parent_class)->finalize (object);
}

static void
ahoy_connector_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  switch (id)
    {
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_STEP:
      g_value_set_enum (value, self->step);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_AIM:
      g_value_set_string (value, self->aim);
      break;
    case PROP_HOSTING:
      g_value_set_boolean (value, ahoy_connector_get_hosting (self));
      break;
    case PROP_FINDER:
      g_value_set_object (value, ahoy_server_search_get_finder (self->search));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_connector_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  switch (id)
    {
    case PROP_MEMORY:
      self->memory = g_value_dup_object (value);
      break;
    case PROP_CHAT:
      self->chat = g_value_dup_object (value);
      break;
    case PROP_NEIGHBOUR:
      self->neighbour = g_value_dup_object (value);
      break;
    case PROP_KEYRING:
      self->keyring = g_value_dup_object (value);
      break;
    case PROP_KNOWN_SERVERS:
      self->known_servers = g_value_dup_object (value);
      break;
    case PROP_NAME:
      ahoy_connector_set_name (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ahoy_connector_constructed (GObject *object)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  G_OBJECT_CLASS (ahoy_connector_parent_class)->constructed (object);

  self->name = ahoy_memory_dup_name (self->memory);
  self->search = ahoy_server_search_new (self->memory, self->known_servers);
  self->own = ahoy_own_server_new (self->memory, self->known_servers);
  self->try_again = ahoy_try_again_new ();
  g_signal_connect_object (self->search, "ended", G_CALLBACK (on_searched), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "quiet-ended", G_CALLBACK (ahoy_try_again_go_on), self->try_again, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "notify::finder", G_CALLBACK (on_finder), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->own, "changed", G_CALLBACK (on_own_server), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->try_again, "retry", G_CALLBACK (on_retry), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->try_again, "look-quietly", G_CALLBACK (ahoy_server_search_look_quietly), self->search, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chat, "notify::state", G_CALLBACK (on_chat_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chat, "failed", G_CALLBACK (on_chat_failed), self, G_CONNECT_SWAPPED);
}

static void
ahoy_connector_class_init (AhoyConnectorClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags once = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = ahoy_connector_constructed;
  object_class->dispose = ahoy_connector_dispose;
  object_class->finalize = ahoy_connector_finalize;
  object_class->get_property = ahoy_connector_get_property;
  object_class->set_property = ahoy_connector_set_property;

  props[PROP_MEMORY] = g_param_spec_object ("memory", NULL, NULL, AHOY_TYPE_MEMORY, once);
  props[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT, once | G_PARAM_READABLE);
  props[PROP_NEIGHBOUR] = g_param_spec_object ("neighbour", NULL, NULL, AHOY_TYPE_NEIGHBOUR, once);
  props[PROP_KEYRING] = g_param_spec_object ("keyring", NULL, NULL, AHOY_TYPE_KEYRING, once);
  props[PROP_KNOWN_SERVERS] = g_param_spec_object ("known-servers", NULL, NULL, AHOY_TYPE_KNOWN_SERVERS, once);
  props[PROP_STEP] = g_param_spec_enum ("step", NULL, NULL, AHOY_TYPE_STEP, AHOY_STEP_NAME, read);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_AIM] = g_param_spec_string ("aim", NULL, NULL, NULL, read);
  props[PROP_HOSTING] = g_param_spec_boolean ("hosting", NULL, NULL, FALSE, read);
  props[PROP_FINDER] = g_param_spec_object ("finder", NULL, NULL, AHOY_TYPE_FINDER, read);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ahoy_connector_init (AhoyConnector *self)
{
}

AhoyConnector *
ahoy_connector_new (AhoyMemory       *memory,
                    AhoyChat         *chat,
                    AhoyNeighbour    *neighbour,
                    AhoyKeyring      *keyring,
                    AhoyKnownServers *known_servers)
{
  g_return_val_if_fail (AHOY_IS_MEMORY (memory), NULL);
  g_return_val_if_fail (AHOY_IS_CHAT (chat), NULL);

  return g_object_new (AHOY_TYPE_CONNECTOR, "memory", memory, "chat", chat, "neighbour", neighbour, "keyring", keyring, "known-servers",
                       known_servers, NULL);
}
