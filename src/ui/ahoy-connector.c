/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The way from "not connected" to "online".
 *
 * It is led by four others (the person, the finder, the host, the client), any of whom may speak at any time; what they say counts only
 * in the step that waits for it. The finder is made anew for every search, so that what the last one found stays readable until then. */

#include "ahoy-config.h"

#include "ui/ahoy-connector.h"

#include "core/ahoy-core-enum-types.h"
#include "ui/ahoy-programs.h"
#include "ui/ahoy-ui-enum-types.h"

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
  AhoySettings *settings;
  AhoyKeyring  *keyring;
  AhoyPins     *pins;
  AhoyClient   *client;
  AhoyFinder   *finder;
  AhoyHost     *host;
  AhoyServer   *server; /* the one chosen last */
  char         *name;
  char         *aim;
  char         *given_address; /* from the command line */
  char         *typed_address;
  char         *host_name;
  guint         patience; /* source: tries again, unattended */

  /* Borrowed */
  AhoyHistory *history;

  AhoyStep    step;
  AhoyTrouble trouble;
  Wish        wish;
  guint16     discovery_port;
  gboolean    unattended;
};

enum {
  PROP_0,
  PROP_SETTINGS,
  PROP_HISTORY,
  PROP_KEYRING,
  PROP_PINS,
  PROP_STEP,
  PROP_NAME,
  PROP_AIM,
  PROP_HOSTING,
  PROP_CLIENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyConnector, ahoy_connector, G_TYPE_OBJECT)

static void
ahoy_connector_dispose (GObject *object)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  g_clear_handle_id (&self->patience, g_source_remove);
  g_clear_object (&self->finder);
  g_clear_object (&self->client);
  g_clear_object (&self->host);
  g_clear_object (&self->server);
  g_clear_object (&self->pins);
  g_clear_object (&self->keyring);
  g_clear_object (&self->settings);

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
    case PROP_SETTINGS:
      g_value_set_object (value, self->settings);
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
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void on_client_state  (AhoyConnector *self);
static void on_client_failed (AhoyConnector *self);

static void
ahoy_connector_set_property (GObject      *object,
                             guint         id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  switch (id)
    {
    case PROP_SETTINGS:
      self->settings = g_value_dup_object (value);
      self->name = ahoy_settings_dup_name (self->settings);
      break;
    case PROP_HISTORY:
      self->history = g_value_get_pointer (value);
      break;
    case PROP_KEYRING:
      self->keyring = g_value_dup_object (value);
      break;
    case PROP_PINS:
      self->pins = g_value_dup_object (value);
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

  self->client = ahoy_client_new_full (self->history, self->keyring, self->pins);
  g_signal_connect_object (self->client, "notify::state", G_CALLBACK (on_client_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->client, "failed", G_CALLBACK (on_client_failed), self, G_CONNECT_SWAPPED);
}

static void
ahoy_connector_class_init (AhoyConnectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = ahoy_connector_constructed;
  object_class->dispose = ahoy_connector_dispose;
  object_class->finalize = ahoy_connector_finalize;
  object_class->get_property = ahoy_connector_get_property;
  object_class->set_property = ahoy_connector_set_property;

  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, AHOY_TYPE_SETTINGS,
                                                   G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_HISTORY] = g_param_spec_pointer ("history", NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_KEYRING] = g_param_spec_object ("keyring", NULL, NULL, AHOY_TYPE_KEYRING,
                                                  G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PINS] = g_param_spec_object ("pins", NULL, NULL, AHOY_TYPE_PINS,
                                               G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STEP] = g_param_spec_enum ("step", NULL, NULL, AHOY_TYPE_STEP, AHOY_STEP_NAME,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_AIM] = g_param_spec_string ("aim", NULL, NULL, NULL,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_HOSTING] = g_param_spec_boolean ("hosting", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, AHOY_TYPE_CLIENT, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_connector_init (AhoyConnector *self)
{
}

static gboolean
on_patience_over (gpointer data)
{
  AhoyConnector *self = data;

  self->patience = 0;
  ahoy_connector_retry (self);

  return G_SOURCE_REMOVE;
}

static void
update_patience (AhoyConnector *self)
{
  gboolean stuck = self->step == AHOY_STEP_NONE_FOUND || self->step == AHOY_STEP_TROUBLE;

  g_clear_handle_id (&self->patience, g_source_remove);
  if (self->unattended && stuck)
    self->patience = g_timeout_add_seconds (AHOY_CONNECTOR_PATIENCE_S, on_patience_over, self);
}

static void
set_step (AhoyConnector *self,
          AhoyStep       step)
{
  if (self->step == step)
    return;
  self->step = step;
  update_patience (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
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
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AIM]);
}

static gboolean
name_is_allowed (AhoyConnector *self)
{
  return ahoy_client_check_name (self->name) == AHOY_REFUSAL_NONE;
}

static void
stop_finder (AhoyConnector *self)
{
  if (self->finder != NULL)
    ahoy_finder_stop (self->finder);
}

static void
connect_to (AhoyConnector *self,
            AhoyServer    *server)
{
  g_autofree char *address = ahoy_server_dup_address (server);

  g_set_object (&self->server, server);
  stop_finder (self);
  set_aim (self, address);
  set_step (self, AHOY_STEP_CONNECTING);
  ahoy_client_connect (self->client, server, self->name);
}

static void
remember (AhoyConnector *self)
{
  AhoyServer *server = ahoy_client_get_server (self->client);

  ahoy_settings_set_name (self->settings, self->name);
  if (server != NULL)
    ahoy_settings_set_last_server (self->settings, ahoy_server_get_host (server), ahoy_server_get_port (server), ahoy_server_get_id (server));
}

/* Whoever shouts down the servers that a person trusts must not get them to talk in the clear without a word. An address was typed on purpose, and its pin
 * is checked. */
static gboolean
is_doubtful (AhoyConnector *self,
             AhoyServer    *server)
{
  return self->wish == WISH_LOOK && self->pins != NULL && !ahoy_server_get_tls (server) && ahoy_pins_has_secure (self->pins);
}

static void
on_found (AhoyConnector *self)
{
  GListModel *servers = ahoy_finder_get_servers (self->finder);
  g_autoptr (AhoyServer) first = g_list_model_get_item (servers, 0);
  gboolean several = g_list_model_get_n_items (servers) > 1;

  if ((several && !(self->unattended && ahoy_server_get_last_used (first))) || is_doubtful (self, first))
    set_step (self, AHOY_STEP_CHOOSING);
  else
    connect_to (self, first);
}

static void
on_finder_state (AhoyConnector *self)
{
  if (self->step != AHOY_STEP_LOOKING)
    return;

  switch (ahoy_finder_get_state (self->finder))
    {
    case AHOY_FINDER_FOUND:
      on_found (self);
      break;
    case AHOY_FINDER_NONE:
      if (self->wish == WISH_ADDRESS)
        set_trouble (self, AHOY_TROUBLE_ADDRESS);
      else
        set_step (self, AHOY_STEP_NONE_FOUND);
      break;
    case AHOY_FINDER_IDLE:
    case AHOY_FINDER_LOOKING:
      break;
    }
}

/* There is no connection, and the client does not go on by itself. */
static void
fail (AhoyConnector *self)
{
  switch (ahoy_client_get_failure (self->client))
    {
    case AHOY_FAILURE_KEY_CHANGED:
    case AHOY_FAILURE_DOWNGRADED:
      set_step (self, AHOY_STEP_CHANGED);
      break;
    case AHOY_FAILURE_REPLACED:
      set_step (self, AHOY_STEP_REPLACED);
      break;
    case AHOY_FAILURE_NONE:
    case AHOY_FAILURE_UNREACHABLE:
    case AHOY_FAILURE_NOT_AHOY:
    case AHOY_FAILURE_CLOSED:
    case AHOY_FAILURE_TIMEOUT:
    case AHOY_FAILURE_HANDSHAKE:
      set_trouble (self, AHOY_TROUBLE_CONNECT);
      break;
    }
}

static void
on_client_state (AhoyConnector *self)
{
  switch (ahoy_client_get_state (self->client))
    {
    case AHOY_CLIENT_ONLINE:
      remember (self);
      set_step (self, AHOY_STEP_TALKING);
      break;
    case AHOY_CLIENT_REFUSED:
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

static void
on_client_failed (AhoyConnector *self)
{
  if (self->step == AHOY_STEP_CONNECTING || self->step == AHOY_STEP_TALKING)
    fail (self);
}

static void
on_host_state (AhoyConnector *self)
{
  switch (ahoy_host_get_state (self->host))
    {
    case AHOY_HOST_RUNNING:
      if (self->step == AHOY_STEP_HOSTING)
        connect_to (self, ahoy_host_get_server (self->host));
      break;
    case AHOY_HOST_FAILED:
      /* Reconnecting to a server that is no more would go on for ever. */
      if (self->wish == WISH_HOST && self->step != AHOY_STEP_NAME)
        {
          set_trouble (self, AHOY_TROUBLE_HOST);
          ahoy_client_disconnect (self->client);
        }
      break;
    case AHOY_HOST_STARTING:
    case AHOY_HOST_STOPPED:
      break;
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOSTING]);
}

static AhoyFinder *
make_finder (AhoyConnector *self)
{
  g_autofree char *host = NULL;
  g_autofree char *id = NULL;
  guint16 port;

  stop_finder (self);
  if (self->finder != NULL)
    g_signal_handlers_disconnect_by_data (self->finder, self);
  g_clear_object (&self->finder);

  self->finder = ahoy_finder_new (ahoy_connector_get_discovery_port (self));
  if (ahoy_settings_get_last_server (self->settings, &host, &port, &id))
    ahoy_finder_set_last_used (self->finder, host, port, id);
  g_signal_connect_object (self->finder, "notify::state", G_CALLBACK (on_finder_state), self, G_CONNECT_SWAPPED);

  return self->finder;
}

static void
look_at (AhoyConnector *self,
         const char    *address)
{
  g_autoptr (GError) error = NULL;

  make_finder (self);
  set_aim (self, address);
  set_step (self, AHOY_STEP_LOOKING);
  if (!ahoy_finder_start_at (self->finder, address, &error))
    {
      g_debug ("%s", error->message);
      set_trouble (self, AHOY_TROUBLE_ADDRESS);
    }
}

void
ahoy_connector_look (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (!name_is_allowed (self))
    return;

  if (self->step == AHOY_STEP_REFUSED)
    {
      set_step (self, AHOY_STEP_CONNECTING);
      if (ahoy_client_get_state (self->client) == AHOY_CLIENT_REFUSED)
        ahoy_client_retry_name (self->client, self->name);
      else
        connect_to (self, self->server);
      return;
    }

  if (self->given_address != NULL)
    {
      self->wish = WISH_ADDRESS;
      g_free (self->typed_address);
      self->typed_address = g_strdup (self->given_address);
      look_at (self, self->typed_address);
      return;
    }

  self->wish = WISH_LOOK;
  set_aim (self, NULL);
  make_finder (self);
  set_step (self, AHOY_STEP_LOOKING);
  ahoy_finder_start (self->finder);
}

void
ahoy_connector_ask_address (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  set_step (self, AHOY_STEP_ADDRESS);
  /* From REFUSED there is a connection that nobody would use. */
  ahoy_client_disconnect (self->client);
}

gboolean
ahoy_connector_look_at (AhoyConnector *self,
                        const char    *address)
{
  g_autofree char *host = NULL;
  guint16 port;

  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  if (!ahoy_server_parse_address (address, ahoy_connector_get_discovery_port (self), &host, &port, NULL))
    return FALSE;

  g_settings_set_string (ahoy_settings_get_store (self->settings), "address", address);
  self->wish = WISH_ADDRESS;
  g_free (self->typed_address);
  self->typed_address = g_strdup (address);
  look_at (self, self->typed_address);
  return TRUE;
}

void
ahoy_connector_choose (AhoyConnector *self,
                       AhoyServer    *server)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));
  g_return_if_fail (AHOY_IS_SERVER (server));

  self->wish = WISH_SERVER;
  connect_to (self, server);
}

void
ahoy_connector_host (AhoyConnector *self,
                     const char    *server_name)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));
  g_return_if_fail (server_name != NULL);

  if (!name_is_allowed (self))
    return;

  self->wish = WISH_HOST;
  if (server_name != self->host_name)
    {
      g_free (self->host_name);
      self->host_name = g_strdup (server_name);
    }
  stop_finder (self);
  set_aim (self, NULL);
  set_step (self, AHOY_STEP_HOSTING);

  if (ahoy_connector_get_hosting (self))
    {
      on_host_state (self);
      return;
    }

  if (self->host == NULL)
    {
      g_autofree char *program = ahoy_programs_find_server ();
      g_autofree char *dir = ahoy_settings_dup_server_dir (self->settings);

      self->host = ahoy_host_new (program, dir, self->host_name, ahoy_connector_get_discovery_port (self));
      g_signal_connect_object (self->host, "notify::state", G_CALLBACK (on_host_state), self, G_CONNECT_SWAPPED);
    }
  ahoy_host_start (self->host);
}

void
ahoy_connector_stop_hosting (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->host != NULL)
    ahoy_host_stop (self->host);
}

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
      look_at (self, self->typed_address);
      break;
    case WISH_SERVER:
      connect_to (self, self->server);
      break;
    case WISH_HOST:
      ahoy_connector_host (self, self->host_name);
      break;
    }
}

void
ahoy_connector_accept_server (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step != AHOY_STEP_CHANGED)
    return;
  ahoy_client_accept_server (self->client);
  connect_to (self, ahoy_client_get_server (self->client));
}

void
ahoy_connector_reconnect (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step == AHOY_STEP_REPLACED || self->step == AHOY_STEP_TALKING)
    connect_to (self, ahoy_client_get_server (self->client));
}

void
ahoy_connector_cancel (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  stop_finder (self);
  if (self->step == AHOY_STEP_HOSTING)
    ahoy_connector_stop_hosting (self);
  set_step (self, AHOY_STEP_NAME);
  ahoy_client_disconnect (self->client);
}

void
ahoy_connector_set_discovery_port (AhoyConnector *self,
                                   guint16        port)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  self->discovery_port = port;
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

  self->unattended = unattended;
  update_patience (self);
}

AhoyStep
ahoy_connector_get_step (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), AHOY_STEP_NAME);

  return self->step;
}

const char *
ahoy_connector_get_name (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->name;
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
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

const char *
ahoy_connector_get_aim (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->aim;
}

gboolean
ahoy_connector_get_hosting (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);

  return self->host != NULL && ahoy_host_get_state (self->host) == AHOY_HOST_RUNNING;
}

AhoyTrouble
ahoy_connector_get_trouble (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), AHOY_TROUBLE_NONE);

  return self->trouble;
}

const char *
ahoy_connector_get_host_error (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->host != NULL ? ahoy_host_get_error_text (self->host) : NULL;
}

AhoyClient *
ahoy_connector_get_client (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->client;
}

AhoyFinder *
ahoy_connector_get_finder (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->finder;
}

guint16
ahoy_connector_get_discovery_port (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), 0);

  return self->discovery_port != 0 ? self->discovery_port : ahoy_settings_get_discovery_port (self->settings);
}

AhoySettings *
ahoy_connector_get_settings (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->settings;
}

AhoyKeyring *
ahoy_connector_get_keyring (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->keyring;
}

AhoyConnector *
ahoy_connector_new (AhoySettings *settings)
{
  return ahoy_connector_new_full (settings, NULL, NULL, NULL);
}

AhoyConnector *
ahoy_connector_new_full (AhoySettings *settings,
                         AhoyHistory  *history,
                         AhoyKeyring  *keyring,
                         AhoyPins     *pins)
{
  g_return_val_if_fail (AHOY_IS_SETTINGS (settings), NULL);

  return g_object_new (AHOY_TYPE_CONNECTOR, "settings", settings, "history", history, "keyring", keyring, "pins", pins, NULL);
}
