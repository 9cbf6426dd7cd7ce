/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The connection with the server that was chosen: what comes of it, and what the person makes of that. */

#include "ahoy-config.h"

#include "ui/ahoy-connector-private.h"

static void
remember (AhoyConnector *self)
{
  AhoyServer *server = ahoy_chat_get_server (self->chat);

  ahoy_settings_set_name (self->settings, self->name);
  if (server != NULL)
    ahoy_settings_set_last_server (self->settings, ahoy_server_get_host (server), ahoy_server_get_port (server),
                                   ahoy_server_get_id (server));
}

/* It may have been found again at another one. */
static void
show_address (AhoyConnector *self)
{
  g_autofree char *address = ahoy_server_dup_address (ahoy_chat_get_server (self->chat));

  ahoy_connector_set_aim (self, address);
}

void
ahoy_connector_fail (AhoyConnector *self)
{
  switch (ahoy_chat_get_failure (self->chat))
    {
    case AHOY_FAILURE_KEY_CHANGED:
    case AHOY_FAILURE_DOWNGRADED:
      ahoy_connector_set_step (self, AHOY_STEP_CHANGED);
      break;
    case AHOY_FAILURE_REPLACED:
      ahoy_connector_set_step (self, AHOY_STEP_REPLACED);
      break;
    case AHOY_FAILURE_NONE:
    case AHOY_FAILURE_UNREACHABLE:
    case AHOY_FAILURE_NOT_AHOY:
    case AHOY_FAILURE_CLOSED:
    case AHOY_FAILURE_TIMEOUT:
    case AHOY_FAILURE_HANDSHAKE:
      ahoy_connector_set_trouble (self, AHOY_TROUBLE_CONNECT);
      break;
    }
}

static void
on_chat_state (AhoyConnector *self)
{
  switch (ahoy_chat_get_state (self->chat))
    {
    case AHOY_CLIENT_ONLINE:
      remember (self);
      show_address (self);
      ahoy_connector_set_step (self, AHOY_STEP_TALKING);
      break;
    case AHOY_CLIENT_REFUSED:
      self->on_a_claim = FALSE;
      ahoy_connector_set_step (self, AHOY_STEP_REFUSED);
      break;
    case AHOY_CLIENT_OFFLINE:
      /* While CONNECTING "failed" says it. While REFUSED the server only lost its patience: the reason and the name stay, and the next
       * try connects again. */
      if (self->step == AHOY_STEP_TALKING)
        ahoy_connector_fail (self);
      break;
    case AHOY_CLIENT_CONNECTING:
    case AHOY_CLIENT_RECONNECTING:
      break;
    }
}

static void
on_chat_failed (AhoyConnector *self)
{
  if (self->step == AHOY_STEP_TALKING || (self->step == AHOY_STEP_CONNECTING && !ahoy_connector_look_further (self)))
    ahoy_connector_fail (self);
}

void
ahoy_connector_follow_chat (AhoyConnector *self)
{
  if (self->neighbour != NULL)
    g_settings_bind (ahoy_settings_get_store (self->settings), "help-neighbours", self->neighbour, "enabled", G_SETTINGS_BIND_GET);
  g_signal_connect_object (self->chat, "notify::state", G_CALLBACK (on_chat_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->chat, "failed", G_CALLBACK (on_chat_failed), self, G_CONNECT_SWAPPED);
}

void
ahoy_connector_dial (AhoyConnector *self,
                     AhoyServer    *found)
{
  AhoyServer      *server = ahoy_connector_prefer_own_server (self, found);
  g_autofree char *address = ahoy_server_dup_address (server);

  g_set_object (&self->server, server);
  self->on_a_claim = FALSE;
  ahoy_connector_stop_looking (self);
  ahoy_connector_set_aim (self, address);
  ahoy_connector_set_step (self, AHOY_STEP_CONNECTING);
  ahoy_chat_set_discovery_port (self->chat, ahoy_connector_get_discovery_port (self));
  if (self->neighbour != NULL)
    ahoy_neighbour_set_discovery_port (self->neighbour, ahoy_connector_get_discovery_port (self));
  ahoy_chat_connect (self->chat, server, self->name);
}

void
ahoy_connector_dial_again (AhoyConnector *self)
{
  ahoy_connector_set_step (self, AHOY_STEP_CONNECTING);
  if (ahoy_chat_get_state (self->chat) == AHOY_CLIENT_REFUSED)
    ahoy_chat_retry_name (self->chat, self->name);
  else
    ahoy_connector_dial (self, self->server);
}

void
ahoy_connector_accept_server (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step != AHOY_STEP_CHANGED)
    return;
  ahoy_chat_accept_server (self->chat);
  ahoy_connector_dial (self, ahoy_chat_get_server (self->chat));
}

void
ahoy_connector_reconnect (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->step == AHOY_STEP_REPLACED || self->step == AHOY_STEP_TALKING)
    ahoy_connector_dial (self, ahoy_chat_get_server (self->chat));
}
