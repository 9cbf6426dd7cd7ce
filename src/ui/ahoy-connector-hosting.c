/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The own server. */

#include "ahoy-config.h"

#include "ui/ahoy-connector-private.h"

#include "ui/ahoy-programs.h"

/* It told us its id itself, by a pipe that nobody else has: whoever was known at that port of this computer before, this one is no stranger. */
static void
know_own_server (AhoyConnector *self,
                 AhoyServer    *server)
{
  const char        *host = ahoy_server_get_host (server);
  const char        *name = ahoy_server_get_name (server);
  const char        *id = ahoy_server_get_id (server);
  guint16            port = ahoy_server_get_port (server);
  g_autoptr (GError) error = NULL;

  if (self->known_servers == NULL || id == NULL || ahoy_known_servers_check (self->known_servers, host, port, id, TRUE, NULL) == AHOY_SERVER_VERDICT_SAME)
    return;
  if (!ahoy_known_servers_accept (self->known_servers, host, port, name, id, TRUE, &error))
    g_warning ("The server will not be known again: %s", error->message);
}

/* Whether the chat that we are in, or want to be in, is the own one: also when it went on without us and was found like any other. */
static gboolean
needs_host (AhoyConnector *self)
{
  AhoyServer *server = ahoy_chat_get_server (self->chat);

  if (self->step == AHOY_STEP_TALKING && server != NULL && ahoy_server_get_own (server))
    return TRUE;
  return self->wish == AHOY_CONNECTOR_WISH_HOST && self->step != AHOY_STEP_NAME;
}

static void
on_host_state (AhoyConnector *self)
{
  switch (ahoy_host_get_state (self->host))
    {
    case AHOY_HOST_RUNNING:
      know_own_server (self, ahoy_host_get_server (self->host));
      if (self->step == AHOY_STEP_HOSTING)
        ahoy_connector_dial (self, ahoy_host_get_server (self->host));
      break;
    case AHOY_HOST_FAILED:
      /* Reconnecting to a server that is no more would go on for ever. */
      if (needs_host (self))
        {
          self->wish = AHOY_CONNECTOR_WISH_HOST;
          ahoy_connector_set_trouble (self, ahoy_host_get_log_lost (self->host) ? AHOY_TROUBLE_HOST_LOG : AHOY_TROUBLE_HOST);
          ahoy_chat_disconnect (self->chat);
        }
      break;
    case AHOY_HOST_STARTING:
    case AHOY_HOST_STOPPED:
      break;
    }
  ahoy_connector_notify_hosting (self);
}

/* What it is called, and whose chat it is, may be different from the last time. */
static void
prepare_host (AhoyConnector *self)
{
  const char *key = self->keyring != NULL ? ahoy_keyring_get_key (self->keyring) : NULL;

  if (self->host == NULL)
    {
      g_autofree char *program = ahoy_programs_find_server ();
      g_autofree char *dir = ahoy_settings_dup_server_dir (self->settings);

      self->host = ahoy_host_new (program, dir, self->host_name, ahoy_connector_get_discovery_port (self));
      g_signal_connect_object (self->host, "notify::state", G_CALLBACK (on_host_state), self, G_CONNECT_SWAPPED);
    }
  ahoy_host_set_server_name (self->host, self->host_name);
  ahoy_host_set_claim (self->host, self->name, key);
}

static void
host (AhoyConnector *self,
      const char    *server_name,
      gboolean       anew)
{
  if (!ahoy_connector_name_is_allowed (self))
    return;

  self->wish = AHOY_CONNECTOR_WISH_HOST;
  if (server_name != self->host_name)
    {
      g_free (self->host_name);
      self->host_name = g_strdup (server_name);
    }
  ahoy_connector_stop_looking (self);
  ahoy_connector_set_aim (self, NULL);
  ahoy_connector_set_step (self, AHOY_STEP_HOSTING);

  if (ahoy_connector_get_hosting (self))
    {
      on_host_state (self);
      return;
    }

  prepare_host (self);
  if (anew)
    ahoy_host_start_anew (self->host);
  else
    ahoy_host_start (self->host);
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

AhoyServer *
ahoy_connector_prefer_own_server (AhoyConnector *self,
                                  AhoyServer    *server)
{
  const char *id = ahoy_server_get_id (server);

  if (id != NULL && ahoy_connector_get_hosting (self) && g_strcmp0 (id, ahoy_server_get_id (ahoy_host_get_server (self->host))) == 0)
    return ahoy_host_get_server (self->host);
  return server;
}

void
ahoy_connector_stop_hosting (AhoyConnector *self)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));

  if (self->host != NULL)
    ahoy_host_stop (self->host);
}

gboolean
ahoy_connector_get_hosting (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);

  return self->host != NULL && ahoy_host_get_state (self->host) == AHOY_HOST_RUNNING;
}

gboolean
ahoy_connector_is_at_own_server (AhoyConnector *self)
{
  AhoyServer *server;

  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);

  server = ahoy_chat_get_server (self->chat);
  return self->step == AHOY_STEP_TALKING && server != NULL && ahoy_connector_get_hosting (self) && server == ahoy_host_get_server (self->host);
}

const char *
ahoy_connector_get_host_error (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->host != NULL ? ahoy_host_get_error_text (self->host) : NULL;
}
