/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One person's life on one server's network.
 *
 * An attempt is dialing (no connection yet) or a connection whose log-in is not answered yet. There is one timer for the next attempt. */

#include "core/connection/ahoy-session.h"

#include "core/connection/ahoy-server-private.h"
#include "wire/ahoy-name.h"

/* An attempt at the known address that is not answered for so long is given up for one elsewhere. */
#define HANGS_US (G_USEC_PER_SEC / 2)
/* The owner may let go of itself when it is told something. */
#define HOLD_OWNER(self) G_GNUC_UNUSED g_autoptr (GObject) held = g_object_ref ((self)->owner)

static void fail (AhoySession *self, AhoyFailure failure);
static void attempt (AhoySession *self);
static void follow_plan (AhoySession *self);

static AhoyMoment
moment (AhoySession *self)
{
  return (AhoyMoment){ .now = g_get_monotonic_time (), .asleep = self->timing->asleep () };
}

/* ---- Properties ---- */

static void
changed (AhoySession *self,
         const char  *property)
{
  self->events->on_changed (property, self->owner);
}

/* Of one that is a number. */
#define SET(self, field, property, value)         \
  G_STMT_START                                    \
  {                                               \
    const typeof ((self)->field) after = (value); \
    if ((self)->field != after)                   \
      {                                           \
        (self)->field = after;                    \
        changed ((self), (property));             \
      }                                           \
  }                                               \
  G_STMT_END

static void
set_name (AhoySession *self,
          const char  *name)
{
  if (g_strcmp0 (self->name, name) == 0)
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  changed (self, "name");
}

static void
set_server (AhoySession *self,
            AhoyServer  *server)
{
  if (g_set_object (&self->server, server))
    changed (self, "server");
}

/* ---- Whether the server is there ---- */

static AhoyMoment
now (gpointer data)
{
  return moment (data);
}

static gboolean
waits (gpointer data)
{
  AhoySession *self = data;

  return self->events->waits (self->owner);
}

static void
on_fine (gpointer data)
{
  AhoySession *self = data;

  ahoy_relocation_stop (self->relocation);
}

static void
on_doubtful (gpointer data)
{
  AhoySession *self = data;

  ahoy_relocation_search (self->relocation, self->server);
}

static void
on_gone (gpointer data)
{
  fail (data, AHOY_FAILURE_CLOSED);
}

static const AhoyHeartbeatEvents heartbeat_events = {
  .now = now,
  .waits = waits,
  .on_fine = on_fine,
  .on_doubtful = on_doubtful,
  .on_gone = on_gone,
};

void
ahoy_session_note_caught_up (AhoySession *self)
{
  self->caught_up = TRUE;
}

/* ---- Ends ---- */

/* Ends the attempt or the connection, whichever there is. */
static void
hang_up (AhoySession *self,
         gboolean     orderly)
{
  const gboolean was_open = ahoy_connection_is_open (self->connection);
  const gboolean written = orderly || ahoy_connection_get_queued (self->connection) == 0;

  if (orderly)
    ahoy_connection_close (self->connection);
  else
    ahoy_connection_abort (self->connection);
  if (!was_open)
    return;
  ahoy_heartbeat_stop (self->heartbeat);
  self->caught_up = FALSE;
  self->events->on_hung_up (written, self->owner);
}

static void
on_network_changed (AhoySession *self)
{
  HOLD_OWNER (self);

  ahoy_reconnect_on_changed (&self->reconnect);
  ahoy_relocation_hasten (self->relocation);
  if (self->state == AHOY_CLIENT_REFUSED) /* the next try makes a connection that is alive */
    hang_up (self, FALSE);
  else if (ahoy_connection_is_dialing (self->connection)) /* by a route that may be gone */
    ahoy_session_redial (self);
  else
    ahoy_session_retry_now (self);
  if (self->state == AHOY_CLIENT_ONLINE && ahoy_connection_is_extended (self->connection))
    ahoy_heartbeat_ask (self->heartbeat);
}

/* The monitor is only asked to say that something changed. Whether "the network is available" means a default route to it, and a LAN
 * needs none. */
static void
watch_network (AhoySession *self,
               gboolean     watch)
{
  if (watch == (self->network_id != 0))
    return;
  if (watch)
    self->network_id = g_signal_connect_swapped (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), self);
  else
    g_clear_signal_handler (&self->network_id, g_network_monitor_get_default ());
}

/* No connection, no attempt at one, and none planned. What is queued is still written when @orderly. */
static void
shut (AhoySession *self,
      gboolean     orderly)
{
  hang_up (self, orderly);
  ahoy_reconnect_reset (&self->reconnect);
  follow_plan (self);
  ahoy_relocation_stop (self->relocation);
  watch_network (self, FALSE);
  self->events->on_cut (self->owner);
  SET (self, secure, "secure", FALSE);
}

void
ahoy_session_shut (AhoySession *self)
{
  shut (self, TRUE);
}

void
ahoy_session_close (AhoySession *self,
                    AhoyFailure  reason)
{
  HOLD_OWNER (self);

  if (self->state == AHOY_CLIENT_OFFLINE)
    return;
  shut (self, reason == AHOY_FAILURE_NONE);
  self->events->on_over (self->owner);
  SET (self, refusal, "refusal", AHOY_REFUSAL_NONE);
  if (reason != AHOY_FAILURE_NONE)
    SET (self, failure, "failure", reason);
  SET (self, state, "state", AHOY_CLIENT_OFFLINE);
  if (reason != AHOY_FAILURE_NONE && self->state == AHOY_CLIENT_OFFLINE) /* and nobody has begun anew because of it */
    self->events->on_failed (self->owner);
}

/* The attempt under way came to nothing, or the connection is lost. */
static void
fail (AhoySession *self,
      AhoyFailure  failure)
{
  HOLD_OWNER (self);
  const gboolean again = self->asked_again;
  const gboolean whole = !ahoy_connection_is_extended (self->connection) || self->caught_up;
  const gboolean was_logging_in = ahoy_connection_is_logging_in (self->connection);
  const gboolean was_plain = ahoy_connection_get_way (self->connection) == AHOY_WAY_PLAIN;

  hang_up (self, FALSE);
  self->events->on_cut (self->owner);

  switch (self->state)
    {
    case AHOY_CLIENT_CONNECTING:
      if (again && failure == AHOY_FAILURE_CLOSED) /* it did not wait for the better name */
        ahoy_session_redial (self);
      else
        ahoy_session_close (self, failure);
      break;

    case AHOY_CLIENT_ONLINE:
      /* One that cannot tell us what was said meanwhile is not asked for it all the time. */
      ahoy_reconnect_on_lost (&self->reconnect, moment (self), g_random_double (), whole);
      self->events->on_lost (self->owner);
      watch_network (self, TRUE);
      ahoy_relocation_search (self->relocation, self->server);
      follow_plan (self);
      SET (self, state, "state", AHOY_CLIENT_RECONNECTING);
      break;

    case AHOY_CLIENT_RECONNECTING:
      if (ahoy_relocation_go_home (self->relocation) || ahoy_relocation_go_astray (self->relocation, self->server))
        {
          ahoy_session_redial (self);
          break;
        }
      /* Perhaps it does not talk plainly any more. One that is only classic is never bothered with TLS. */
      if (was_logging_in && failure == AHOY_FAILURE_CLOSED && was_plain && ahoy_server_get_extended (self->server))
        ahoy_connection_set_hint (self->connection, AHOY_WAY_EITHER);
      /* One that is planned already: it was refused, and is asked again anyway. */
      ahoy_reconnect_on_failed (&self->reconnect, moment (self), g_random_double ());
      ahoy_relocation_search (self->relocation, self->server);
      follow_plan (self);
      break;

    case AHOY_CLIENT_REFUSED: /* ahoy_session_retry_name() makes a new connection */
    case AHOY_CLIENT_OFFLINE:
    default:
      break;
    }
}

/* ---- Trying again ---- */

/* The next attempt to reconnect, now. */
static void
attempt (AhoySession *self)
{
  ahoy_reconnect_on_attempt (&self->reconnect);
  follow_plan (self);
  if (!ahoy_connection_is_open (self->connection))
    {
      ahoy_relocation_go_astray (self->relocation, self->server);
      ahoy_session_redial (self);
      return;
    }
  self->asked_again = TRUE; /* refused, and still connected */
  self->events->on_ask (self->owner);
}

static gboolean
on_retry (gpointer data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);

  self->retry_id = 0;
  switch (ahoy_reconnect_look (&self->reconnect, moment (self)))
    {
    case AHOY_RECONNECT_GO_AWAKE: /* other clocks, perhaps another network */
      ahoy_relocation_hasten (self->relocation);
      attempt (self);
      break;
    case AHOY_RECONNECT_GO:
      attempt (self);
      break;
    case AHOY_RECONNECT_WAIT:
    default:
      follow_plan (self);
    }
  return G_SOURCE_REMOVE;
}

/* Once a second, so that the seconds can be shown; the last time when they are over. */
static void
follow_plan (AhoySession *self)
{
  const gint64 now = g_get_monotonic_time ();
  const gint64 deadline = ahoy_reconnect_get_deadline (&self->reconnect, now);

  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (deadline != 0)
    self->retry_id = g_timeout_add (MAX (deadline - now, 0) / 1000 + 1, on_retry, self);
  SET (self, retry_in, "retry-in", ahoy_reconnect_get_seconds (&self->reconnect, now));
}

void
ahoy_session_retry_now (AhoySession *self)
{
  if (self->state != AHOY_CLIENT_RECONNECTING || self->reconnect.due == 0)
    return;
  ahoy_relocation_hasten (self->relocation);
  attempt (self);
}

/* AhoyRelocationFound. */
static void
on_found (AhoyServer *found,
          gpointer    data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);
  const gint64   since = ahoy_connection_get_dialing_since (self->connection);
  const gboolean hangs = since != 0 && g_get_monotonic_time () - since >= HANGS_US;

  if (self->state == AHOY_CLIENT_ONLINE && ahoy_heartbeat_is_silent (self->heartbeat) && ahoy_relocation_claim (self->relocation, self->server, found))
    fail (self, AHOY_FAILURE_CLOSED); /* nothing is heard any more where it was */
  if (self->state != AHOY_CLIENT_RECONNECTING || ahoy_connection_is_open (self->connection))
    return; /* somebody is there */
  ahoy_relocation_claim (self->relocation, self->server, found);
  if ((since == 0 || (hangs && self->relocation->claim)) && !ahoy_relocation_is_astray (self->relocation))
    attempt (self);
}

void
ahoy_session_set_discovery_port (AhoySession *self,
                                 guint16      port)
{
  ahoy_relocation_set_discovery_port (self->relocation, port);
}

/* ---- Which server it is ---- */

static void
forget_met (AhoySession *self)
{
  ahoy_trust_verdict_clear (&self->stopped);
  ahoy_server_trust_begin (self->trust);
}

/* Acts upon @verdict, which is empty afterwards. Returns: FALSE when it was a stop. */
static gboolean
obey (AhoySession      *self,
      AhoyTrustVerdict *verdict)
{
  g_auto (AhoyTrustVerdict) taken = *verdict;

  *verdict = (AhoyTrustVerdict){ 0 };
  if (!ahoy_trust_verdict_is_stop (&taken))
    return TRUE;
  if (ahoy_relocation_is_astray (self->relocation))
    { /* somebody lied about where the server is, and no more than that */
      fail (self, AHOY_FAILURE_CLOSED);
      return FALSE;
    }
  forget_met (self);
  self->stopped = taken;
  taken = (AhoyTrustVerdict){ 0 };
  ahoy_session_close (self, self->stopped.failure);
  return FALSE;
}

/* The server at @host and @port has proved to be @id, and may be. */
static void
identify (AhoySession *self,
          const char  *host,
          guint16      port,
          const char  *id)
{
  g_autoptr (AhoyServer) server = ahoy_server_trust_identify (self->trust, self->server, host, port, id);

  set_server (self, server);
}

gboolean
ahoy_session_judge_welcome (AhoySession *self,
                            const char  *id,
                            const char  *name)
{
  AhoyTrustVerdict verdict;

  if (ahoy_relocation_is_astray (self->relocation) && g_strcmp0 (id, ahoy_server_get_id (self->server)) != 0)
    {
      fail (self, AHOY_FAILURE_CLOSED);
      return FALSE;
    }
  verdict = ahoy_server_trust_judge_welcome (self->trust, self->server, id, name, ahoy_connection_is_secure (self->connection));
  return obey (self, &verdict);
}

/* Whether the server that accepted the log-in is as much as it was before. Remembers it. */
static gboolean
judge_accepted (AhoySession *self)
{
  const gboolean   extended = ahoy_connection_is_extended (self->connection);
  const gboolean   secure = ahoy_connection_is_secure (self->connection);
  AhoyTrustVerdict verdict;

  if (!extended && ahoy_relocation_is_astray (self->relocation))
    {
      fail (self, AHOY_FAILURE_CLOSED);
      return FALSE;
    }
  verdict = ahoy_server_trust_judge_accepted (self->trust, self->server, extended, secure);
  if (!obey (self, &verdict))
    return FALSE;
  if (extended) /* else there is nothing to remember it by */
    ahoy_server_trust_learn (self->trust, self->server, secure);
  return TRUE;
}

void
ahoy_session_accept_server (AhoySession *self)
{
  const AhoyTrustVerdict *met = &self->stopped;

  if (self->state != AHOY_CLIENT_OFFLINE || !ahoy_trust_verdict_is_stop (met))
    return;
  ahoy_server_trust_accept (self->trust, met);
  ahoy_server_set_place (self->server, met->met_host, met->met_port);
  if (met->met_id)
    ahoy_server_set_extended (self->server, met->met_id, met->met_name, ahoy_server_get_users (self->server), met->met_secure);
  else
    ahoy_server_set_classic (self->server);
  forget_met (self);
  SET (self, failure, "failure", AHOY_FAILURE_NONE);
}

gboolean
ahoy_session_expects_extended (AhoySession *self)
{
  return ahoy_server_trust_expects_extended (self->trust, self->server);
}

/* ---- The log-in ---- */

void
ahoy_session_accept (AhoySession *self,
                     const char  *name)
{
  const gboolean again = self->state == AHOY_CLIENT_RECONNECTING;

  set_name (self, name);
  if (ahoy_connection_learn_charset (self->connection))
    { /* nobody else here can read our name as we gave it: once more */
      ahoy_session_redial (self);
      return;
    }
  if (!judge_accepted (self))
    return;
  ahoy_relocation_settle (self->relocation);
  ahoy_relocation_stop (self->relocation);
  ahoy_connection_settle (self->connection);
  ahoy_reconnect_on_online (&self->reconnect, g_get_monotonic_time ());
  follow_plan (self);
  watch_network (self, ahoy_connection_is_extended (self->connection));
  self->events->on_accepted (again, self->owner);
  if (!ahoy_connection_is_open (self->connection)) /* somebody who heard of it had enough */
    return;
  SET (self, refusal, "refusal", AHOY_REFUSAL_NONE);
  SET (self, secure, "secure", ahoy_connection_is_secure (self->connection));
  SET (self, state, "state", AHOY_CLIENT_ONLINE);
  if (ahoy_connection_is_extended (self->connection))
    ahoy_heartbeat_start (self->heartbeat);
  self->events->on_online (self->owner);
}

/* Whether it may be we who have the name: the server has not noticed yet that our last connection is dead. Where it knows us by our key it
 * would have noticed. */
static gboolean
may_be_our_ghost (AhoySession *self,
                  AhoyRefusal  refusal)
{
  switch (refusal)
    {
    case AHOY_REFUSAL_UNSPECIFIED:
    case AHOY_REFUSAL_IN_USE:
      return !ahoy_server_trust_has_identity (self->trust) || !ahoy_connection_is_secure (self->connection) ||
             !ahoy_connection_is_extended (self->connection);
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
ahoy_session_refuse (AhoySession *self,
                     AhoyRefusal  refusal)
{
  if (ahoy_relocation_is_astray (self->relocation))
    { /* whoever that is */
      fail (self, AHOY_FAILURE_CLOSED);
      return;
    }
  ahoy_connection_settle (self->connection);
  if (self->state == AHOY_CLIENT_RECONNECTING && may_be_our_ghost (self, refusal) &&
      ahoy_reconnect_on_refused (&self->reconnect, moment (self), g_random_double ()))
    {
      ahoy_relocation_search (self->relocation, self->server);
      follow_plan (self);
      return;
    }
  ahoy_reconnect_give_up (&self->reconnect);
  follow_plan (self);
  ahoy_relocation_stop (self->relocation);
  SET (self, refusal, "refusal", refusal);
  SET (self, state, "state", AHOY_CLIENT_REFUSED);
}

gboolean
ahoy_session_require_tls (AhoySession *self)
{
  if (!ahoy_connection_is_logging_in (self->connection) || ahoy_connection_get_way (self->connection) != AHOY_WAY_PLAIN)
    return FALSE;
  ahoy_connection_set_hint (self->connection, AHOY_WAY_SECURE);
  ahoy_session_redial (self);
  return TRUE;
}

/* ---- The connection ---- */

static void
on_up (AhoyConnection *connection,
       const char     *host,
       guint16         port,
       const char     *id,
       gpointer        data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);
  AhoyTrustVerdict verdict;

  if (id)
    {
      verdict = ahoy_server_trust_judge_proof (self->trust, self->server, host, port, id);
      if (!obey (self, &verdict))
        return;
      identify (self, host, port, id);
      if (!ahoy_connection_is_open (self->connection)) /* somebody who heard of it had enough */
        return;
      ahoy_relocation_settle (self->relocation);
    }
  self->events->on_ask (self->owner);
}

static void
on_packet (AhoyConnection   *connection,
           const AhoyPacket *packet,
           gpointer          data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);

  self->events->on_packet (packet, self->owner);
}

static void
on_no_tls (AhoyConnection *connection,
           gpointer        data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);

  ahoy_session_redial (self);
}

static void
on_nowhere (AhoyConnection *connection,
            GPtrArray      *places,
            gpointer        data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);
  const AhoyClientState     state = self->state;
  const gboolean            again = state == AHOY_CLIENT_RECONNECTING;
  g_auto (AhoyTrustVerdict) verdict = { 0 };

  if (ahoy_relocation_is_astray (self->relocation))
    { /* it was said to be there */
      fail (self, AHOY_FAILURE_CLOSED);
      return;
    }
  verdict = ahoy_server_trust_judge_places (self->trust, self->server, places, again, ahoy_relocation_is_open (self->relocation));
  if (verdict.outcome == AHOY_TRUST_NOBODY)
    {
      fail (self, verdict.failure);
    }
  else if (verdict.outcome == AHOY_TRUST_STRAYED)
    {
      ahoy_connection_forget (self->connection);
      ahoy_relocation_forget_claim (self->relocation);
      identify (self, verdict.met_host, verdict.met_port, verdict.met_id);
      if (self->state == state && !ahoy_connection_is_open (self->connection) && !ahoy_connection_is_dialing (self->connection))
        ahoy_session_redial (self);
    }
  else
    {
      obey (self, &verdict);
    }
}

static void
on_down (AhoyConnection *connection,
         AhoyFailure     reason,
         gpointer        data)
{
  fail (data, reason);
}

static void
on_drained (AhoyConnection *connection,
            gpointer        data)
{
  AhoySession *self = data;
  HOLD_OWNER (self);

  self->events->on_drained (self->owner);
}

static const AhoyConnectionEvents connection_events = {
  .on_up = on_up,
  .on_packet = on_packet,
  .on_no_tls = on_no_tls,
  .on_nowhere = on_nowhere,
  .on_down = on_down,
  .on_drained = on_drained,
};

void
ahoy_session_redial (AhoySession *self)
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

/* ---- What a person wants ---- */

void
ahoy_session_connect (AhoySession *self,
                      AhoyServer  *server,
                      const char  *name)
{
  g_autoptr (AhoyServer) before = NULL;
  g_autofree char       *normal = NULL;

  ahoy_session_close (self, AHOY_FAILURE_NONE);
  g_set_object (&before, self->server);
  set_server (self, server);
  if (before && !ahoy_server_is_same (before, server))
    self->events->on_another_server (self->owner);

  ahoy_connection_forget (self->connection);
  forget_met (self);
  normal = ahoy_name_normalize (name, NULL);
  set_name (self, normal ? normal : name);
  SET (self, failure, "failure", AHOY_FAILURE_NONE);
  if (!normal)
    {
      SET (self, refusal, "refusal", AHOY_REFUSAL_INVALID);
      SET (self, state, "state", AHOY_CLIENT_REFUSED);
      return;
    }
  SET (self, refusal, "refusal", AHOY_REFUSAL_NONE);
  SET (self, state, "state", AHOY_CLIENT_CONNECTING);
  if (self->state == AHOY_CLIENT_CONNECTING) /* whoever heard of it may have changed it again */
    ahoy_session_redial (self);
}

void
ahoy_session_retry_name (AhoySession *self,
                         const char  *name)
{
  g_autofree char *normal = NULL;

  if (self->state != AHOY_CLIENT_REFUSED)
    return;
  normal = ahoy_name_normalize (name, NULL);
  set_name (self, normal ? normal : name);
  SET (self, refusal, "refusal", normal ? AHOY_REFUSAL_NONE : AHOY_REFUSAL_INVALID);
  if (!normal)
    return;
  SET (self, state, "state", AHOY_CLIENT_CONNECTING);
  if (self->state != AHOY_CLIENT_CONNECTING)
    return;
  if (!ahoy_connection_is_open (self->connection))
    {
      ahoy_session_redial (self);
      return;
    }
  self->asked_again = TRUE;
  self->events->on_ask (self->owner);
}

/* ---- The object ---- */

AhoySession *
ahoy_session_new (AhoyServerTrust         *trust,
                  const AhoySessionTiming *timing,
                  const AhoySessionEvents *events,
                  gpointer                 owner)
{
  AhoySession *self = g_new0 (AhoySession, 1);

  self->trust = trust;
  self->timing = timing;
  self->events = events;
  self->owner = owner;
  self->connection = ahoy_connection_new (&timing->connection, &connection_events, self);
  self->heartbeat = ahoy_heartbeat_new (self->connection, &timing->keepalive, &heartbeat_events, self);
  self->relocation = ahoy_relocation_new (&timing->track, on_found, self);
  ahoy_reconnect_init (&self->reconnect, &timing->reconnect);
  return self;
}

void
ahoy_session_free (AhoySession *self)
{
  ahoy_heartbeat_free (self->heartbeat);
  ahoy_connection_free (self->connection);
  ahoy_relocation_free (self->relocation);
  ahoy_server_trust_free (self->trust);
  ahoy_trust_verdict_clear (&self->stopped);
  g_clear_object (&self->server);
  g_free (self->name);
  g_free (self);
}
