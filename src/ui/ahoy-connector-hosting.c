/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The own server. */

#include "ahoy-config.h"

#include "ui/ahoy-connector-private.h"

#include "ui/ahoy-programs.h"

static void
on_host_state (AhoyConnector *self)
{
  switch (ahoy_host_get_state (self->host))
    {
    case AHOY_HOST_RUNNING:
      if (self->step == AHOY_STEP_HOSTING)
        ahoy_connector_dial (self, ahoy_host_get_server (self->host));
      break;
    case AHOY_HOST_FAILED:
      /* Reconnecting to a server that is no more would go on for ever. */
      if (self->wish == AHOY_CONNECTOR_WISH_HOST && self->step != AHOY_STEP_NAME)
        {
          ahoy_connector_set_trouble (self, AHOY_TROUBLE_HOST);
          ahoy_client_disconnect (self->client);
        }
      break;
    case AHOY_HOST_STARTING:
    case AHOY_HOST_STOPPED:
      break;
    }
  ahoy_connector_notify_hosting (self);
}

void
ahoy_connector_host (AhoyConnector *self,
                     const char    *server_name)
{
  g_return_if_fail (AHOY_IS_CONNECTOR (self));
  g_return_if_fail (server_name != NULL);

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

gboolean
ahoy_connector_get_hosting (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), FALSE);

  return self->host != NULL && ahoy_host_get_state (self->host) == AHOY_HOST_RUNNING;
}

const char *
ahoy_connector_get_host_error (AhoyConnector *self)
{
  g_return_val_if_fail (AHOY_IS_CONNECTOR (self), NULL);

  return self->host != NULL ? ahoy_host_get_error_text (self->host) : NULL;
}
