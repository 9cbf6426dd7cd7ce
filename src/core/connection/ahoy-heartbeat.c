/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Asks an extended server over its connection whether it is there. */

#include "core/connection/ahoy-heartbeat.h"

AhoyHeartbeat *
ahoy_heartbeat_new (AhoyConnection            *connection,
                    const AhoyKeepaliveTiming *timing,
                    const AhoyHeartbeatEvents *events,
                    gpointer                   data)
{
  AhoyHeartbeat *self = g_new0 (AhoyHeartbeat, 1);

  ahoy_keepalive_init (&self->keepalive, timing);
  self->connection = connection;
  self->events = events;
  self->data = data;
  return self;
}

void
ahoy_heartbeat_free (AhoyHeartbeat *self)
{
  ahoy_heartbeat_stop (self);
  g_free (self);
}

guint64
ahoy_heartbeat_ping (AhoyHeartbeat *self)
{
  ahoy_connection_send (self->connection, &(AhoyPacket){ .kind = AHOY_PACKET_PING, .n = ++self->n });
  return self->n;
}

static gboolean
on_watch (gpointer data)
{
  AhoyHeartbeat *self = data;
  const gint64   heard = ahoy_connection_get_last_heard (self->connection);

  switch (ahoy_keepalive_look (&self->keepalive, self->events->now (self->data), heard, self->events->waits (self->data), self->deaf))
    {
    case AHOY_KEEPALIVE_FINE:
      self->events->on_fine (self->data);
      break;
    case AHOY_KEEPALIVE_ASK:
      ahoy_heartbeat_ping (self);
      self->events->on_fine (self->data);
      break;
    case AHOY_KEEPALIVE_DOUBTFUL:
      self->events->on_doubtful (self->data);
      break;
    case AHOY_KEEPALIVE_GONE:
      self->watch_id = 0;
      g_debug ("The server gives no sign");
      self->events->on_gone (self->data);
      return G_SOURCE_REMOVE;
    case AHOY_KEEPALIVE_DEAF:
    case AHOY_KEEPALIVE_ASKED:
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

void
ahoy_heartbeat_start (AhoyHeartbeat *self)
{
  const guint every = self->keepalive.timing->watch;

  ahoy_heartbeat_stop (self);
  ahoy_keepalive_start (&self->keepalive, self->events->now (self->data));
  if (every != 0)
    self->watch_id = g_timeout_add (every, on_watch, self);
}

void
ahoy_heartbeat_stop (AhoyHeartbeat *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  ahoy_keepalive_init (&self->keepalive, self->keepalive.timing);
  self->deaf = FALSE;
}

void
ahoy_heartbeat_ask (AhoyHeartbeat *self)
{
  if (ahoy_keepalive_ask (&self->keepalive, g_get_monotonic_time ()))
    ahoy_heartbeat_ping (self);
}

void
ahoy_heartbeat_note_written (AhoyHeartbeat *self)
{
  ahoy_keepalive_on_written (&self->keepalive, g_get_monotonic_time ());
}

void
ahoy_heartbeat_excuse (AhoyHeartbeat *self,
                       gint64         until)
{
  ahoy_keepalive_excuse (&self->keepalive, until);
}

void
ahoy_heartbeat_set_reading (AhoyHeartbeat *self,
                            gboolean       reading)
{
  self->deaf = !reading;
  ahoy_connection_set_reading (self->connection, reading);
}

gboolean
ahoy_heartbeat_is_silent (const AhoyHeartbeat *self)
{
  return ahoy_keepalive_is_silent (&self->keepalive, ahoy_connection_get_last_heard (self->connection));
}
