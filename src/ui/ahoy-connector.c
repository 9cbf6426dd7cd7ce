/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The way from "not connected" to "online".
 *
 * It is led by four others (the person, the finder, the host, the chat), any of whom may speak at any time; what they say counts only
 * in the step that waits for it. */

#include "ahoy-config.h"

#include "ui/ahoy-connector-private.h"

#include "core/chat/ahoy-check.h"

#include "ui/ahoy-ui-enum-types.h"

enum {
  PROP_0,
  PROP_SETTINGS,
  PROP_NEIGHBOUR,
  PROP_KEYRING,
  PROP_KNOWN_SERVERS,
  PROP_STEP,
  PROP_NAME,
  PROP_AIM,
  PROP_HOSTING,
  PROP_CHAT,
  PROP_FINDER,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AhoyConnector, ahoy_connector, G_TYPE_OBJECT)

static void
ahoy_connector_dispose (GObject *object)
{
  AhoyConnector *self = AHOY_CONNECTOR (object);

  ahoy_connector_stop_again (self);
  g_clear_object (&self->finder);
  g_clear_object (&self->neighbour);
  g_clear_object (&self->chat);
  g_clear_object (&self->host);
  g_clear_object (&self->server);
  g_clear_object (&self->known_servers);
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
  g_ptr_array_unref (self->vain);

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
    case PROP_CHAT:
      g_value_set_object (value, self->chat);
      break;
    case PROP_FINDER:
      g_value_set_object (value, self->finder);
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
    case PROP_SETTINGS:
      self->settings = g_value_dup_object (value);
      self->name = ahoy_settings_dup_name (self->settings);
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

  ahoy_connector_follow_chat (self);
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
  properties[PROP_NEIGHBOUR] = g_param_spec_object ("neighbour", NULL, NULL, AHOY_TYPE_NEIGHBOUR,
                                                    G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_KEYRING] = g_param_spec_object ("keyring", NULL, NULL, AHOY_TYPE_KEYRING,
                                                  G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_KNOWN_SERVERS] = g_param_spec_object ("known-servers", NULL, NULL, AHOY_TYPE_KNOWN_SERVERS,
                                                        G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STEP] = g_param_spec_enum ("step", NULL, NULL, AHOY_TYPE_STEP, AHOY_STEP_NAME,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_AIM] = g_param_spec_string ("aim", NULL, NULL, NULL,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_HOSTING] = g_param_spec_boolean ("hosting", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_CHAT] = g_param_spec_object ("chat", NULL, NULL, AHOY_TYPE_CHAT,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FINDER] = g_param_spec_object ("finder", NULL, NULL, AHOY_TYPE_FINDER,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ahoy_connector_init (AhoyConnector *self)
{
  self->vain = g_ptr_array_new_with_free_func (g_object_unref);
  ahoy_connector_watch_network (self);
}

void
ahoy_connector_set_step (AhoyConnector *self,
                         AhoyStep       step)
{
  if (self->step == step)
    return;
  self->step = step;
  ahoy_connector_update_again (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

void
ahoy_connector_set_trouble (AhoyConnector *self,
                            AhoyTrouble    trouble)
{
  self->trouble = trouble;
  ahoy_connector_set_step (self, AHOY_STEP_TROUBLE);
}

void
ahoy_connector_set_finder (AhoyConnector *self,
                           AhoyFinder    *finder)
{
  if (self->finder != NULL)
    g_signal_handlers_disconnect_by_data (self->finder, self);
  if (g_set_object (&self->finder, finder))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FINDER]);
}

void
ahoy_connector_set_aim (AhoyConnector *self,
                        const char    *aim)
{
  if (g_strcmp0 (self->aim, aim) == 0)
    return;
  g_free (self->aim);
  self->aim = g_strdup (aim);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AIM]);
}

void
ahoy_connector_notify_hosting (AhoyConnector *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOSTING]);
}

gboolean
ahoy_connector_name_is_allowed (AhoyConnector *self)
{
  return ahoy_check_name (self->name) == AHOY_NAME_PROBLEM_NONE;
}

void
ahoy_connector_retry (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  switch (self->wish)
    {
    case AHOY_CONNECTOR_WISH_LOOK:
      ahoy_connector_look (self);
      break;
    case AHOY_CONNECTOR_WISH_ADDRESS:
      ahoy_connector_look_there_again (self);
      break;
    case AHOY_CONNECTOR_WISH_SERVER:
      ahoy_connector_dial (self, self->server);
      break;
    case AHOY_CONNECTOR_WISH_HOST:
      ahoy_connector_host (self, self->host_name);
      break;
    }
}

void
ahoy_connector_cancel (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  ahoy_connector_stop_looking (self);
  if (self->step == AHOY_STEP_HOSTING)
    ahoy_connector_stop_hosting (self);
  ahoy_connector_set_step (self, AHOY_STEP_NAME);
  ahoy_chat_disconnect (self->chat);
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

  if (self->unattended == unattended)
    return;
  self->unattended = unattended;
  ahoy_connector_update_again (self);
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

AhoyTrouble
ahoy_connector_get_trouble (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), AHOY_TROUBLE_NONE);

  return self->trouble;
}

AhoyChat *
ahoy_connector_get_chat (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->chat;
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

AhoyKnownServers *
ahoy_connector_get_pins (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->known_servers;
}

AhoyConnector *
ahoy_connector_new (AhoySettings     *settings,
                    AhoyChat         *chat,
                    AhoyNeighbour    *neighbour,
                    AhoyKeyring      *keyring,
                    AhoyKnownServers *known_servers)
{
  g_return_val_if_fail (AHOY_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (AHOY_IS_CHAT (chat), NULL);

  return g_object_new (AHOY_TYPE_CONNECTOR, "settings", settings, "chat", chat, "neighbour", neighbour, "keyring", keyring, "known-servers",
                       known_servers, NULL);
}
