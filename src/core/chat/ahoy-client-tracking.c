/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where the server is now, when it is not where it was. PROTOCOL.md, "Discovery" and "TLS".
 *
 * While the connection is lost, and to a server that has an id, the network is searched beside the attempts to reconnect. Whoever claims that id at another
 * address is dialed there at once, and has to pass all that the server had to pass where it was. Only then the server's address is that one: the claim may be a
 * lie, so the attempt costs nothing but itself, and is followed by one at the address that is known. */

#include "core/chat/ahoy-client-private.h"

#include "core/connection/ahoy-server-private.h"

/* An attempt at the known address that is not answered for so long is given up for one elsewhere. */
#define HANGS_US (G_USEC_PER_SEC / 2)

gboolean
ahoy_client_is_astray (AhoyClient *self)
{
  return self->home != NULL;
}

/* All of its places, that is. */
static gboolean
is_here (AhoyClient *self,
         AhoyServer *found)
{
  return ahoy_server_get_n_places (found) == 1 && ahoy_server_get_port (found) == ahoy_server_get_port (self->server) &&
         g_ascii_strcasecmp (ahoy_server_get_host (found), ahoy_server_get_host (self->server)) == 0;
}

gboolean
ahoy_client_go_elsewhere (AhoyClient *self)
{
  g_autoptr (AhoyServer) found = g_steal_pointer (&self->elsewhere);

  if (!found || self->home || is_here (self, found))
    return FALSE;
  g_debug ("Trying it at another address");
  self->home = ahoy_server_new (ahoy_server_get_host (self->server), ahoy_server_get_port (self->server));
  ahoy_server_set_place (self->server, ahoy_server_get_host (found), ahoy_server_get_port (found));
  for (guint i = 1; i < ahoy_server_get_n_places (found); i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (found, i, &port);

      ahoy_server_add_place (self->server, host, port, FALSE);
    }
  return TRUE;
}

gboolean
ahoy_client_go_home (AhoyClient *self)
{
  g_autoptr (AhoyServer) home = g_steal_pointer (&self->home);

  if (!home)
    return FALSE;
  ahoy_server_set_place (self->server, ahoy_server_get_host (home), ahoy_server_get_port (home));
  return TRUE;
}

void
ahoy_client_settle (AhoyClient *self)
{
  g_clear_object (&self->home);
}

/* It was asked whether it is there, and nothing has come since. */
static gboolean
is_silent (AhoyClient *self)
{
  return ahoy_connection_is_open (self->connection) && ahoy_keepalive_is_silent (&self->keepalive, ahoy_connection_get_last_heard (self->connection));
}

static void
on_found (AhoyServer *found,
          gpointer    data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);
  const gint64           since = ahoy_connection_get_dialing_since (self->connection);
  const gboolean         hangs = since != 0 && g_get_monotonic_time () - since >= HANGS_US;

  if (self->state == AHOY_CLIENT_ONLINE && is_silent (self) && !is_here (self, found))
    { /* nothing is heard any more where it was */
      g_set_object (&self->elsewhere, found);
      ahoy_client_lose (self);
    }
  if (self->state != AHOY_CLIENT_RECONNECTING || ahoy_connection_is_open (self->connection))
    return; /* somebody is there */
  if (!is_here (self, found))
    g_set_object (&self->elsewhere, found);
  if ((!ahoy_connection_is_dialing (self->connection) || (hangs && self->elsewhere)) && !self->home)
    ahoy_client_attempt (self);
}

void
ahoy_client_track (AhoyClient *self)
{
  const char *id = ahoy_server_get_id (self->server);

  if (!id || self->discovery_port == 0)
    return;
  if (!self->tracker)
    self->tracker = ahoy_tracker_new (self->discovery_port, &self->timings.track, on_found, self);
  ahoy_tracker_start (self->tracker, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), id);
}

gboolean
ahoy_client_may_be_elsewhere (AhoyClient *self)
{
  return self->elsewhere || (self->tracker && ahoy_tracker_get_n_ended (self->tracker) == 0);
}

void
ahoy_client_hasten (AhoyClient *self)
{
  if (self->tracker)
    ahoy_tracker_hasten (self->tracker);
}

void
ahoy_client_stop_tracking (AhoyClient *self)
{
  g_clear_pointer (&self->tracker, ahoy_tracker_free);
  g_clear_object (&self->elsewhere);
  ahoy_client_go_home (self);
}

void
ahoy_client_set_discovery_port (AhoyClient *self,
                                guint16     port)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  self->discovery_port = port;
}
