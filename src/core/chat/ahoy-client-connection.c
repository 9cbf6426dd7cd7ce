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

/* Who we are, to an extended server's operator. */
#define AGENT "ahoy/" AHOY_VERSION

static void follow_plan (AhoyClient *self);
static void hang_up (AhoyClient *self, gboolean orderly);

gboolean
ahoy_client_is_logging_in (AhoyClient *self)
{
  return self->log_in_id != 0;
}

/* ---- Ends ---- */

static void
on_network_changed (AhoyClient *self)
{
  ahoy_reconnect_on_changed (&self->reconnect);
  ahoy_client_hasten (self);
  if (self->state == AHOY_CLIENT_REFUSED) /* the next try makes a connection that is alive */
    hang_up (self, FALSE);
  else if (self->race) /* by a route that may be gone */
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
  const gboolean drained = self->link && ahoy_link_get_queued (self->link) == 0;

  g_clear_handle_id (&self->log_in_id, g_source_remove);
  g_clear_pointer (&self->race, ahoy_race_free);
  self->log_in_waits = FALSE;
  if (!self->link)
    return;
  if (orderly)
    {
      if (ahoy_client_is_extended (self))
        ahoy_client_send_packet (self, &(AhoyPacket){ .kind = AHOY_PACKET_QUIT });
      ahoy_link_close (self->link);
    }
  ahoy_client_reset_extended (self);
  g_clear_pointer (&self->link, ahoy_link_unref);
  ahoy_outbox_lost (self->outbox, drained || orderly);
}

void
ahoy_client_drop (AhoyClient *self,
                  gboolean    orderly)
{
  hang_up (self, orderly);
  ahoy_reconnect_reset (&self->reconnect);
  follow_plan (self);
  ahoy_client_stop_tracking (self);
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
  const gboolean         whole = !ahoy_client_is_extended (self) || self->caught_up;
  const gboolean         was_logging_in = ahoy_client_is_logging_in (self);

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
      ahoy_client_track (self);
      follow_plan (self);
      ahoy_client_set_state (self, AHOY_CLIENT_RECONNECTING);
      break;

    case AHOY_CLIENT_RECONNECTING:
      if (ahoy_client_go_home (self) || ahoy_client_go_elsewhere (self))
        {
          ahoy_client_dial (self);
          break;
        }
      /* Perhaps it does not talk plainly any more. One that is only classic is never bothered with TLS. */
      if (was_logging_in && failure == AHOY_FAILURE_CLOSED && self->way == AHOY_WAY_PLAIN && ahoy_server_get_extended (self->server))
        self->hint = AHOY_WAY_EITHER;
      /* One that is planned already: it was refused, and is asked again anyway. */
      ahoy_reconnect_on_failed (&self->reconnect, ahoy_client_get_moment (self), g_random_double ());
      ahoy_client_track (self);
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
  if (!self->link)
    ahoy_client_go_elsewhere (self);
  if (self->link)
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
      ahoy_client_hasten (self);
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
      ahoy_client_hasten (self);
      ahoy_client_attempt (self);
    }
}

/* ---- Logging in ---- */

static gboolean
on_log_in_deadline (gpointer data)
{
  AhoyClient *self = data;

  self->log_in_id = 0;
  fail (self, AHOY_FAILURE_TIMEOUT);
  return G_SOURCE_REMOVE;
}

void
ahoy_client_expect_log_in (AhoyClient *self)
{
  g_clear_handle_id (&self->log_in_id, g_source_remove);
  self->log_in_id = g_timeout_add (self->timings.log_in, on_log_in_deadline, self);
}

void
ahoy_client_log_in (AhoyClient *self)
{
  AhoyPacket       log_in = { .kind = AHOY_PACKET_LOGIN, .name = self->name };
  g_autofree char *runs = NULL;

  self->dialect = AHOY_DIALECT_CLASSIC;
  self->asked_extended = ahoy_server_trust_expects_extended (self->trust, self->server);
  self->log_in_waits = self->asked_extended && !ahoy_client_open_account (self);
  if (self->log_in_waits)
    return;
  if (self->asked_extended)
    {
      log_in.version = AHOY_EXTENDED_VERSION;
      log_in.agent = AGENT;
    }
  if (self->asked_extended && self->archive)
    log_in.secret = ahoy_archive_get_secret (self->archive);
  if (self->asked_extended && self->archive && ahoy_archive_has_position (self->archive))
    {
      log_in.since = ahoy_archive_get_position (self->archive);
      log_in.since_server = ahoy_archive_get_server (self->archive);
      log_in.since_runs = runs = ahoy_archive_dup_runs (self->archive);
    }

  ahoy_roster_set_self (self->roster, self->name);
  ahoy_roster_begin (self->roster);
  ahoy_client_expect_log_in (self);
  ahoy_client_send_packet (self, &log_in);
}

void
ahoy_client_on_accepted (AhoyClient *self)
{
  const gboolean reconnected = self->state == AHOY_CLIENT_RECONNECTING;

  if (self->charset_use == AHOY_CHARSET_USE_LEGACY && !self->legacy)
    {
      self->legacy = TRUE;
      if (!g_str_is_ascii (self->name))
        { /* we gave our name as UTF-8, which nobody else here can read: once more */
          ahoy_client_dial (self);
          return;
        }
    }

  if (!ahoy_client_check_accepted (self))
    return;
  ahoy_client_settle (self);
  ahoy_client_stop_tracking (self);
  g_clear_handle_id (&self->log_in_id, g_source_remove);
  ahoy_reconnect_on_online (&self->reconnect, g_get_monotonic_time ());
  follow_plan (self);
  watch_network (self, ahoy_client_is_extended (self));
  ahoy_roster_commit (self->roster, reconnected ? ahoy_client_show_presence : NULL, self);
  ahoy_client_end_turn (self);
  ahoy_client_notify_n_online (self);
  if (!self->link) /* somebody who heard of these had enough */
    return;
  ahoy_client_set_refusal (self, AHOY_REFUSAL_NONE);
  ahoy_client_set_secure (self, ahoy_link_is_secure (self->link));
  ahoy_client_set_state (self, AHOY_CLIENT_ONLINE);
  if (ahoy_client_is_extended (self))
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
      return !ahoy_server_trust_has_identity (self->trust) || !ahoy_link_is_secure (self->link) || !ahoy_client_is_extended (self);
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
  if (ahoy_client_is_astray (self))
    { /* whoever that is */
      ahoy_client_lose (self);
      return;
    }
  g_clear_handle_id (&self->log_in_id, g_source_remove);
  if (self->state == AHOY_CLIENT_RECONNECTING && may_be_our_ghost (self, refusal) &&
      ahoy_reconnect_on_refused (&self->reconnect, ahoy_client_get_moment (self), g_random_double ()))
    {
      ahoy_client_track (self);
      follow_plan (self);
      return;
    }
  ahoy_reconnect_give_up (&self->reconnect);
  follow_plan (self);
  ahoy_client_stop_tracking (self);
  ahoy_client_set_refusal (self, refusal);
  ahoy_client_set_state (self, AHOY_CLIENT_REFUSED);
}

/* ---- The link ---- */

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);

  ahoy_client_take_frame (self, frame);
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  g_debug ("The server broke the protocol: %s", ahoy_frame_fault_code (fault));
  fail (data, AHOY_FAILURE_NOT_AHOY);
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
  g_debug ("The connection ended: %s", error ? error->message : "closed by the server");
  fail (data, AHOY_FAILURE_CLOSED);
}

static const AhoyLinkEvents link_events = {
  .on_frame = on_frame,
  .on_fault = on_fault,
  .on_ended = on_ended,
};

/* ---- The attempt ---- */

static void
on_won (AhoyRace            *race,
        const AhoyRacePlace *place,
        AhoyLink            *link,
        gpointer             data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);
  g_autoptr (AhoyRace)   over = g_steal_pointer (&self->race);

  self->link = link;
  ahoy_link_set_events (link, &link_events, self);
  self->charset_use = self->legacy ? AHOY_CHARSET_USE_LEGACY : AHOY_CHARSET_USE_UNKNOWN;
  if (ahoy_link_is_secure (link))
    {
      if (!ahoy_client_check_proof (self, place))
        return;
      ahoy_client_settle (self);
    }
  ahoy_client_log_in (self);
}

/* Whether that place knows nothing of TLS, by all signs. */
static gboolean
is_without_tls (const AhoyRacePlace *place)
{
  return place->connected && (g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_NOT_TLS) || g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HUNG_UP) || g_error_matches (place->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
}

static void
on_lost (AhoyRace  *race,
         GPtrArray *places,
         gpointer   data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);
  g_autoptr (AhoyRace)   over = g_steal_pointer (&self->race);
  AhoyFailure            failure;

  if (self->way == AHOY_WAY_EITHER && is_without_tls (places->pdata[0]))
    {
      self->hint = AHOY_WAY_PLAIN;
      ahoy_client_dial (self);
      return;
    }
  failure = ahoy_client_judge_places (self, places);
  if (failure != AHOY_FAILURE_NONE)
    fail (self, failure);
}

static const AhoyRaceEvents race_events = {
  .on_won = on_won,
  .on_lost = on_lost,
};

void
ahoy_client_dial (AhoyClient *self)
{
  const AhoyRaceTiming timing = { self->timings.connect, self->timings.stagger, self->timings.grace };
  g_autofree char     *wanted = NULL;
  g_autoptr (GError)   error = NULL;
  AhoyTls             *tls = NULL;

  hang_up (self, FALSE);
  self->asked_again = FALSE;
  watch_network (self, TRUE);
  self->way = ahoy_server_trust_choose_way (self->trust, self->server, self->hint);
  if (self->way != AHOY_WAY_PLAIN)
    tls = ahoy_server_trust_get_tls (self->trust, &error);
  if (!self->poll && !error)
    self->poll = ahoy_poll_new (NULL, &error);
  if (error)
    {
      g_debug ("No connection: %s", error->message);
      fail (self, error->domain == AHOY_TLS_ERROR ? AHOY_FAILURE_HANDSHAKE : AHOY_FAILURE_UNREACHABLE);
      return;
    }
  wanted = ahoy_server_trust_dup_wanted (self->trust, self->server);
  self->dialed_at = g_get_monotonic_time ();
  self->race = ahoy_race_new (self->poll, tls, wanted, &timing, &race_events, self);
  ahoy_client_add_places (self, self->race);
  ahoy_race_start (self->race);
}
