/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where a server is now, when it is not where it was. */

#include "core/connection/ahoy-relocation.h"

#include "core/connection/ahoy-server-private.h"

AhoyRelocation *
ahoy_relocation_new (const AhoyTrackerTiming *timing,
                     AhoyRelocationFound      found,
                     gpointer                 data)
{
  AhoyRelocation *self = g_new0 (AhoyRelocation, 1);

  self->timing = timing;
  self->found = found;
  self->data = data;
  return self;
}

void
ahoy_relocation_free (AhoyRelocation *self)
{
  ahoy_relocation_stop (self);
  g_free (self);
}

void
ahoy_relocation_set_discovery_port (AhoyRelocation *self,
                                    guint16         port)
{
  self->discovery_port = port;
}

/* ---- The search ---- */

static void
on_found (AhoyServer *server,
          gpointer    data)
{
  AhoyRelocation *self = data;

  self->found (server, self->data);
}

void
ahoy_relocation_search (AhoyRelocation *self,
                        AhoyServer     *server)
{
  const char *id = ahoy_server_get_id (server);

  if (!id || self->discovery_port == 0)
    return;
  if (!self->tracker)
    self->tracker = ahoy_tracker_new (self->discovery_port, self->timing, on_found, self);
  ahoy_tracker_start (self->tracker, ahoy_server_get_host (server), ahoy_server_get_port (server), id);
}

void
ahoy_relocation_hasten (AhoyRelocation *self)
{
  if (self->tracker)
    ahoy_tracker_hasten (self->tracker);
}

void
ahoy_relocation_stop (AhoyRelocation *self)
{
  g_clear_pointer (&self->tracker, ahoy_tracker_free);
  g_clear_object (&self->claim);
  ahoy_relocation_go_home (self);
}

gboolean
ahoy_relocation_is_open (const AhoyRelocation *self)
{
  return self->claim || (self->tracker && ahoy_tracker_get_n_ended (self->tracker) == 0);
}

/* ---- Places ---- */

/* All places of @found, that is. */
static gboolean
is_here (AhoyServer *server,
         AhoyServer *found)
{
  return ahoy_server_get_n_places (found) == 1 && ahoy_server_get_port (found) == ahoy_server_get_port (server) &&
         g_ascii_strcasecmp (ahoy_server_get_host (found), ahoy_server_get_host (server)) == 0;
}

gboolean
ahoy_relocation_claim (AhoyRelocation *self,
                       AhoyServer     *server,
                       AhoyServer     *found)
{
  if (is_here (server, found))
    return FALSE;
  g_set_object (&self->claim, found);
  return TRUE;
}

void
ahoy_relocation_forget_claim (AhoyRelocation *self)
{
  g_clear_object (&self->claim);
}

gboolean
ahoy_relocation_go_astray (AhoyRelocation *self,
                           AhoyServer     *server)
{
  g_autoptr (AhoyServer) found = g_steal_pointer (&self->claim);

  if (!found || self->astray || is_here (server, found))
    return FALSE;
  g_debug ("Trying it at another address");
  self->astray = g_object_ref (server);
  self->home = ahoy_server_new (ahoy_server_get_host (server), ahoy_server_get_port (server));
  ahoy_server_set_place (server, ahoy_server_get_host (found), ahoy_server_get_port (found));
  for (guint i = 1; i < ahoy_server_get_n_places (found); i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (found, i, &port);

      ahoy_server_add_place (server, host, port, FALSE);
    }
  return TRUE;
}

gboolean
ahoy_relocation_go_home (AhoyRelocation *self)
{
  g_autoptr (AhoyServer) server = g_steal_pointer (&self->astray);
  g_autoptr (AhoyServer) home = g_steal_pointer (&self->home);

  if (!server)
    return FALSE;
  ahoy_server_set_place (server, ahoy_server_get_host (home), ahoy_server_get_port (home));
  return TRUE;
}

void
ahoy_relocation_settle (AhoyRelocation *self)
{
  g_clear_object (&self->astray);
  g_clear_object (&self->home);
}

gboolean
ahoy_relocation_is_astray (const AhoyRelocation *self)
{
  return self->astray != NULL;
}
