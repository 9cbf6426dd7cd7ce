/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The client's life on the network: reaching the server, logging in, being refused, losing it and trying again.
 *
 *   OFFLINE ── connect ──▶ CONNECTING ── accepted ──▶ ONLINE ── lost ──▶ RECONNECTING
 *      ▲          failed ──┘ │  ▲                       ▲                  │  │
 *      └─────────────────────┤  └─ retry_name ─┐        └──── accepted ────┘  │
 *                            └── refused ──▶ REFUSED ◀── refused for long ────┘
 *
 * An attempt is dialing (no link yet) or a link whose log-in is not answered yet. There is one deadline for the log-in and one timer
 * for the next attempt; each runs only in the state it belongs to. */

#include "ahoy-config.h"

#include "core/chat/ahoy-client-private.h"

#include "core/connection/ahoy-server-private.h"

/* An attempt at the known address that is not answered for so long is given up for one elsewhere. */
#define HANGS_US (G_USEC_PER_SEC / 2)
/* Who we are, to an extended server's operator. */
#define AGENT "ahoy/" AHOY_VERSION

static void follow_plan (AhoyClient *self);
static void hang_up (AhoyClient *self, gboolean orderly);

/* ---- Ends ---- */

static void
on_network_changed (AhoyClient *self)
{
  ahoy_reconnect_on_changed (&self->reconnect);
  ahoy_relocation_hasten (self->relocation);
  if (self->state == AHOY_CLIENT_REFUSED) /* the next try makes a connection that is alive */
    hang_up (self, FALSE);
  else if (ahoy_connection_is_dialing (self->connection)) /* by a route that may be gone */
    ahoy_client_dial (self);
  else
    ahoy_client_retry_now (self);
  ahoy_client_check_alive (self);
}

/* The monitor is only asked to say that something changed. Whether "the network is available" means a default route to it, and a LAN
 * needs none. */
static void
watch_network (AhoyClient *self,
               gboolean    watch)
{
  if (watch == (self->network_id != 0))
    return;
  if (watch)
    self->network_id = g_signal_connect_swapped (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), self);
  else
    g_clear_signal_handler (&self->network_id, g_network_monitor_get_default ());
}

/* Ends the attempt or the connection, whichever there is. */
static void
hang_up (AhoyClient *self,
         gboolean    orderly)
{
  const gboolean was_open = ahoy_connection_is_open (self->connection);
  const gboolean written = orderly || ahoy_connection_get_queued (self->connection) == 0;

  self->log_in_waits = FALSE;
  if (orderly)
    ahoy_connection_close (self->connection);
  else
    ahoy_connection_abort (self->connection);
  if (!was_open)
    return;
  ahoy_client_reset_extended (self);
  ahoy_outbox_lost (self->outbox, written);
}

void
ahoy_client_drop (AhoyClient *self,
                  gboolean    orderly)
{
  hang_up (self, orderly);
  ahoy_reconnect_reset (&self->reconnect);
  follow_plan (self);
  ahoy_relocation_stop (self->relocation);
  watch_network (self, FALSE);
  ahoy_client_set_n_broken (self, 0);
  g_clear_object (&self->whisper);
  ahoy_client_end_turn (self);
  ahoy_client_set_secure (self, FALSE);
}

void
ahoy_client_stop (AhoyClient *self,
                  AhoyFailure failure)
{
  g_autoptr (AhoyClient) held = g_object_ref (self);

  if (self->state == AHOY_CLIENT_OFFLINE)
    return;
  ahoy_client_drop (self, FALSE);
  ahoy_roster_settle (self->roster);
  ahoy_client_notify_n_online (self);
  ahoy_client_set_refusal (self, AHOY_REFUSAL_NONE);
  ahoy_client_set_failure (self, failure);
  ahoy_client_set_state (self, AHOY_CLIENT_OFFLINE);
  if (self->state == AHOY_CLIENT_OFFLINE) /* and nobody has begun anew because of it */
    ahoy_client_emit_failed (self);
}

/* The attempt under way came to nothing, or the connection is lost. */
static void
fail (AhoyClient *self,
      AhoyFailure failure)
{
  g_autoptr (AhoyClient) held = g_object_ref (self);
  const gboolean         again = self->asked_again;
  const gboolean         whole = !ahoy_connection_is_extended (self->connection) || self->caught_up;
  const gboolean         was_logging_in = ahoy_connection_is_logging_in (self->connection);

  hang_up (self, FALSE);
  ahoy_client_end_turn (self);

  switch (self->state)
    {
    case AHOY_CLIENT_CONNECTING:
      if (again && failure == AHOY_FAILURE_CLOSED)
        { /* it did not wait for the better name */
          ahoy_client_dial (self);
          break;
        }
      ahoy_client_stop (self, failure);
      break;

    case AHOY_CLIENT_ONLINE:
      /* One that cannot tell us what was said meanwhile is not asked for it all the time. */
      ahoy_reconnect_on_lost (&self->reconnect, ahoy_client_get_moment (self), g_random_double (), whole);
      ahoy_roster_lose (self->roster);
      ahoy_client_notify_n_online (self);
      watch_network (self, TRUE);
      ahoy_relocation_search (self->relocation, self->server);
      follow_plan (self);
      ahoy_client_set_state (self, AHOY_CLIENT_RECONNECTING);
      break;

    case AHOY_CLIENT_RECONNECTING:
      if (ahoy_relocation_go_home (self->relocation) || ahoy_relocation_go_astray (self->relocation, self->server))
        {
          ahoy_client_dial (self);
          break;
        }
      /* Perhaps it does not talk plainly any more. One that is only classic is never bothered with TLS. */
      if (was_logging_in && failure == AHOY_FAILURE_CLOSED && ahoy_connection_get_way (self->connection) == AHOY_WAY_PLAIN && ahoy_server_get_extended (self->server))
        ahoy_connection_set_hint (self->connection, AHOY_WAY_EITHER);
      /* One that is planned already: it was refused, and is asked again anyway. */
      ahoy_reconnect_on_failed (&self->reconnect, ahoy_client_get_moment (self), g_random_double ());
      ahoy_relocation_search (self->relocation, self->server);
      follow_plan (self);
      break;

    case AHOY_CLIENT_REFUSED: /* retry_name() makes a new connection */
    case AHOY_CLIENT_OFFLINE:
    default:
      break;
    }
}

void
ahoy_client_lose (AhoyClient *self)
{
  fail (self, AHOY_FAILURE_CLOSED);
}

/* ---- Trying again ---- */

void
ahoy_client_attempt (AhoyClient *self)
{
  ahoy_reconnect_on_attempt (&self->reconnect);
  follow_plan (self);
  if (!ahoy_connection_is_open (self->connection))
    ahoy_relocation_go_astray (self->relocation, self->server);
  if (ahoy_connection_is_open (self->connection))
    { /* refused, and still connected */
      self->asked_again = TRUE;
      ahoy_client_log_in (self);
    }
  else
    {
      ahoy_client_dial (self);
    }
}

static gboolean
on_retry (gpointer data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  self->retry_id = 0;
  switch (ahoy_reconnect_look (&self->reconnect, ahoy_client_get_moment (self)))
    {
    case AHOY_RECONNECT_GO_AWAKE: /* other clocks, perhaps another network */
      ahoy_relocation_hasten (self->relocation);
      ahoy_client_attempt (self);
      break;
    case AHOY_RECONNECT_GO:
      ahoy_client_attempt (self);
      break;
    case AHOY_RECONNECT_WAIT:
    default:
      follow_plan (self);
    }
  return G_SOURCE_REMOVE;
}

/* Once a second, so that the seconds can be shown; the last time when they are over. */
static void
follow_plan (AhoyClient *self)
{
  const gint64 now = g_get_monotonic_time ();
  const gint64 deadline = ahoy_reconnect_get_deadline (&self->reconnect, now);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (deadline != 0)
    self->retry_id = g_timeout_add (MAX (deadline - now, 0) / 1000 + 1, on_retry, self);
  ahoy_client_set_retry_in (self, ahoy_reconnect_get_seconds (&self->reconnect, now));
}

void
ahoy_client_retry_now (AhoyClient *self)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  if (self->state == AHOY_CLIENT_RECONNECTING && self->reconnect.due != 0)
    {
      ahoy_relocation_hasten (self->relocation);
      ahoy_client_attempt (self);
    }
}

/* ---- Found again ---- */

void
ahoy_client_on_found (AhoyServer *found,
                      gpointer    client)
{
  g_autoptr (AhoyClient) self = g_object_ref (client);
  const gint64           since = ahoy_connection_get_dialing_since (self->connection);
  const gboolean         hangs = since != 0 && g_get_monotonic_time () - since >= HANGS_US;

  if (self->state == AHOY_CLIENT_ONLINE && ahoy_keepalive_is_silent (&self->keepalive, ahoy_connection_get_last_heard (self->connection)) &&
      ahoy_relocation_claim (self->relocation, self->server, found))
    ahoy_client_lose (self); /* nothing is heard any more where it was */
  if (self->state != AHOY_CLIENT_RECONNECTING || ahoy_connection_is_open (self->connection))
    return; /* somebody is there */
  ahoy_relocation_claim (self->relocation, self->server, found);
  if ((since == 0 || (hangs && self->relocation->claim)) && !ahoy_relocation_is_astray (self->relocation))
    ahoy_client_attempt (self);
}

void
ahoy_client_set_discovery_port (AhoyClient *self,
                                guint16     port)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  ahoy_relocation_set_discovery_port (self->relocation, port);
}

/* ---- Logging in ---- */

void
ahoy_client_log_in (AhoyClient *self)
{
  const gboolean   extended = ahoy_server_trust_expects_extended (self->trust, self->server);
  AhoyPacket       log_in = { .kind = AHOY_PACKET_LOGIN, .name = self->name };
  g_autofree char *runs = NULL;

  self->log_in_waits = extended && !ahoy_client_open_account (self);
  if (self->log_in_waits)
    return;
  if (extended)
    {
      log_in.version = AHOY_EXTENDED_VERSION;
      log_in.agent = AGENT;
    }
  if (extended && self->archive)
    log_in.secret = ahoy_archive_get_secret (self->archive);
  if (extended && self->archive && ahoy_archive_has_position (self->archive))
    {
      log_in.since = ahoy_archive_get_position (self->archive);
      log_in.since_server = ahoy_archive_get_server (self->archive);
      log_in.since_runs = runs = ahoy_archive_dup_runs (self->archive);
    }

  ahoy_roster_set_self (self->roster, self->name);
  ahoy_roster_begin (self->roster);
  ahoy_connection_log_in (self->connection, &log_in, extended);
}

void
ahoy_client_on_accepted (AhoyClient *self)
{
  const gboolean reconnected = self->state == AHOY_CLIENT_RECONNECTING;

  if (ahoy_connection_learn_charset (self->connection))
    { /* nobody else here can read our name as we gave it: once more */
      ahoy_client_dial (self);
      return;
    }
  if (!ahoy_client_check_accepted (self))
    return;
  ahoy_relocation_settle (self->relocation);
  ahoy_relocation_stop (self->relocation);
  ahoy_connection_settle (self->connection);
  ahoy_reconnect_on_online (&self->reconnect, g_get_monotonic_time ());
  follow_plan (self);
  watch_network (self, ahoy_connection_is_extended (self->connection));
  ahoy_roster_commit (self->roster, reconnected ? ahoy_client_show_presence : NULL, self);
  ahoy_client_end_turn (self);
  ahoy_client_notify_n_online (self);
  if (!ahoy_connection_is_open (self->connection)) /* somebody who heard of these had enough */
    return;
  ahoy_client_set_refusal (self, AHOY_REFUSAL_NONE);
  ahoy_client_set_secure (self, ahoy_connection_is_secure (self->connection));
  ahoy_client_set_state (self, AHOY_CLIENT_ONLINE);
  if (ahoy_connection_is_extended (self->connection))
    ahoy_client_greet (self);
  ahoy_client_pump (self);
}

/* Whether it may be we who have the name: the server has not noticed yet that our last connection is dead. Where it knows us by our key it
 * would have noticed. */
static gboolean
may_be_our_ghost (AhoyClient *self,
                  AhoyRefusal refusal)
{
  switch (refusal)
    {
    case AHOY_REFUSAL_UNSPECIFIED:
    case AHOY_REFUSAL_IN_USE:
      return !ahoy_server_trust_has_identity (self->trust) || !ahoy_connection_is_secure (self->connection) || !ahoy_connection_is_extended (self->connection);
    case AHOY_REFUSAL_LOOK_ALIKE:
    case AHOY_REFUSAL_FULL: /* not for long */
      return TRUE;
    case AHOY_REFUSAL_OWNED:
    case AHOY_REFUSAL_BANNED:
    case AHOY_REFUSAL_INVALID:
    case AHOY_REFUSAL_TOO_MANY:
    case AHOY_REFUSAL_NONE:
    default:
      return FALSE;
    }
}

void
ahoy_client_on_refused (AhoyClient *self,
                        AhoyRefusal refusal)
{
  if (ahoy_relocation_is_astray (self->relocation))
    { /* whoever that is */
      ahoy_client_lose (self);
      return;
    }
  ahoy_connection_settle (self->connection);
  if (self->state == AHOY_CLIENT_RECONNECTING && may_be_our_ghost (self, refusal) &&
      ahoy_reconnect_on_refused (&self->reconnect, ahoy_client_get_moment (self), g_random_double ()))
    {
      ahoy_relocation_search (self->relocation, self->server);
      follow_plan (self);
      return;
    }
  ahoy_reconnect_give_up (&self->reconnect);
  follow_plan (self);
  ahoy_relocation_stop (self->relocation);
  ahoy_client_set_refusal (self, refusal);
  ahoy_client_set_state (self, AHOY_CLIENT_REFUSED);
}

/* ---- The connection ---- */

static void
on_up (AhoyConnection *connection,
       const char     *host,
       guint16         port,
       const char     *id,
       gpointer        data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  if (id)
    {
      if (!ahoy_client_check_proof (self, host, port, id))
        return;
      ahoy_relocation_settle (self->relocation);
    }
  ahoy_client_log_in (self);
}

static void
on_packet (AhoyConnection   *connection,
           const AhoyPacket *packet,
           gpointer          data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  ahoy_client_take_packet (self, packet);
}

static void
on_no_tls (AhoyConnection *connection,
           gpointer        data)
{
  ahoy_client_dial (data);
}

static void
on_nowhere (AhoyConnection *connection,
            GPtrArray      *places,
            gpointer        data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);
  const AhoyFailure      failure = ahoy_client_judge_places (self, places);

  if (failure != AHOY_FAILURE_NONE)
    fail (self, failure);
}

static void
on_down (AhoyConnection *connection,
         AhoyFailure     reason,
         gpointer        data)
{
  fail (data, reason);
}

const AhoyConnectionEvents ahoy_client_connection_events = {
  .on_up = on_up,
  .on_packet = on_packet,
  .on_no_tls = on_no_tls,
  .on_nowhere = on_nowhere,
  .on_down = on_down,
};

void
ahoy_client_dial (AhoyClient *self)
{
  const AhoyWay      way = ahoy_server_trust_choose_way (self->trust, self->server, ahoy_connection_get_hint (self->connection));
  g_autofree char   *wanted = NULL;
  g_auto (GStrv)     met = NULL;
  g_autoptr (GError) error = NULL;
  AhoyTls           *tls = NULL;

  hang_up (self, FALSE);
  self->asked_again = FALSE;
  watch_network (self, TRUE);
  if (way != AHOY_WAY_PLAIN)
    tls = ahoy_server_trust_get_tls (self->trust, &error);
  if (error)
    {
      g_debug ("No connection: %s", error->message);
      fail (self, AHOY_FAILURE_HANDSHAKE);
      return;
    }
  wanted = ahoy_server_trust_dup_wanted (self->trust, self->server);
  if (self->state == AHOY_CLIENT_CONNECTING) /* while reconnecting it is known where it was */
    met = ahoy_server_trust_dup_addresses (self->trust, self->server);
  ahoy_connection_open (self->connection, self->server, way, wanted, tls, (const char *const *) met);
}
