/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The client as the owner of its session: what it makes of what happens on the network, and whom it tells. */

#include "ahoy-config.h"

#include "core/chat/ahoy-client-private.h"

#include "core/chat/ahoy-timeline.h"
#include "core/dialect/ahoy-common-dialect.h"
#include "core/discovery/ahoy-neighbour-private.h"

/* Who we are, to an extended server's operator. */
#define AGENT "ahoy/" AHOY_VERSION

void
ahoy_client_log_in (AhoyClient *self)
{
  const char      *name = self->session->name;
  const gboolean   extended = ahoy_session_expects_extended (self->session);
  AhoyArchive     *archive;
  AhoyPacket       log_in = { .kind = AHOY_PACKET_LOGIN, .name = name };
  g_autofree char *runs = NULL;

  if (extended && !ahoy_past_want (self->past))
    return;
  archive = self->parts.archive;
  if (extended)
    {
      log_in.version = AHOY_EXTENDED_VERSION;
      log_in.agent = AGENT;
    }
  if (extended && archive)
    log_in.secret = ahoy_archive_get_secret (archive);
  if (extended && archive && ahoy_archive_has_position (archive))
    {
      log_in.since = ahoy_archive_get_position (archive);
      log_in.since_server = ahoy_archive_get_server (archive);
      log_in.since_runs = runs = ahoy_archive_dup_runs (archive);
    }

  ahoy_roster_set_self (self->roster, name);
  ahoy_roster_begin (self->roster);
  ahoy_connection_log_in (self->session->connection, &log_in, extended);
}

/* ---- AhoySessionEvents ---- */

static void
on_changed (const char *property,
            gpointer    client)
{
  g_object_notify (client, property);
}

static void
on_another_server (gpointer client)
{
  AhoyClient *self = client;

  ahoy_classic_dialect_forget (self->classic);
  ahoy_past_leave (self->past);
}

static void
on_ask (gpointer client)
{
  ahoy_client_log_in (client);
}

static void
on_packet (const AhoyPacket *packet,
           gpointer          client)
{
  AhoyClient            *self = client;
  const AhoyInterpreter *interpreter = ahoy_sender_get_interpreter (self->sender);

  if (!interpreter->ops->take (packet, interpreter->self))
    ahoy_common_dialect_take (&self->parts, packet);
}

static void
on_met_again (AhoyPerson *person,
              gboolean    joined,
              gpointer    client)
{
  ahoy_timeline_show_presence (&AHOY_CLIENT (client)->parts, person, joined);
}

static void
on_accepted (gboolean again,
             gpointer client)
{
  AhoyClient *self = client;

  ahoy_roster_commit (self->roster, again ? on_met_again : NULL, self);
  ahoy_turn_end (self->turn);
  g_object_notify (client, "n-online");
}

static void
on_online (gpointer client)
{
  AhoyClient *self = client;

  if (ahoy_connection_is_extended (self->session->connection))
    ahoy_feature_set_online (self->parts.features);
  ahoy_sender_pump (self->sender);
}

static void
on_drained (gpointer client)
{
  ahoy_sender_pump (AHOY_CLIENT (client)->sender);
}

static void
on_hung_up (gboolean written,
            gpointer client)
{
  AhoyClient *self = client;

  ahoy_past_forget_want (self->past);
  ahoy_pace_forget (self->pace);
  ahoy_feature_set_offline (self->parts.features);
  ahoy_outbox_lost (self->parts.outbox, written);
}

static void
on_cut (gpointer client)
{
  ahoy_turn_end (AHOY_CLIENT (client)->turn);
}

static void
on_lost (gpointer client)
{
  AhoyClient *self = client;

  ahoy_roster_lose (self->roster);
  g_object_notify (client, "n-online");
}

static void
on_over (gpointer client)
{
  AhoyClient *self = client;

  ahoy_extended_dialect_forget (self->extended);
  ahoy_classic_dialect_forget (self->classic);
  ahoy_roster_settle (self->roster);
  g_object_notify (client, "n-online");
}

static void
on_failed (gpointer client)
{
  g_signal_emit_by_name (client, "failed");
}

static gboolean
waits (gpointer client)
{
  return ahoy_outbox_get_n_waiting (AHOY_CLIENT (client)->parts.outbox) > 0;
}

const AhoySessionEvents ahoy_client_session_events = {
  .on_changed = on_changed,
  .on_another_server = on_another_server,
  .on_ask = on_ask,
  .on_packet = on_packet,
  .on_accepted = on_accepted,
  .on_online = on_online,
  .on_drained = on_drained,
  .on_hung_up = on_hung_up,
  .on_cut = on_cut,
  .on_lost = on_lost,
  .on_over = on_over,
  .on_failed = on_failed,
  .waits = waits,
};

/* ---- What the window asks ---- */

void
ahoy_client_connect (AhoyClient *self,
                     AhoyServer *server,
                     const char *name)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (AHOY_IS_SERVER (server));
  g_return_if_fail (name != NULL);

  ahoy_session_connect (self->session, server, name);
  if (self->session->state == AHOY_CLIENT_CONNECTING && ahoy_server_get_extended (self->session->server))
    ahoy_past_open (self->past); /* what is known of it is shown while it is dialed */
}

void
ahoy_client_retry_name (AhoyClient *self,
                        const char *name)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));
  g_return_if_fail (name != NULL);

  ahoy_session_retry_name (self->session, name);
}

void
ahoy_client_disconnect (AhoyClient *self)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  ahoy_session_close (self->session, AHOY_FAILURE_NONE);
}

void
ahoy_client_retry_now (AhoyClient *self)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  ahoy_session_retry_now (self->session);
}

void
ahoy_client_set_discovery_port (AhoyClient *self,
                                guint16     port)
{
  g_return_if_fail (AHOY_IS_CLIENT (self));

  ahoy_session_set_discovery_port (self->session, port);
}

void
ahoy_client_accept_server (AhoyClient *self)
{
  const AhoyTrustVerdict *met = &self->session->stopped;
  AhoyConversation       *everyone;
  g_autofree char        *draft = NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));

  if (self->session->state != AHOY_CLIENT_OFFLINE || !ahoy_trust_verdict_is_stop (met))
    return;
  if (self->parts.archive && g_strcmp0 (ahoy_archive_get_server (self->parts.archive), met->met_id) != 0)
    { /* what was said, and what waits to be said, was for the other one; what is being typed nobody has sent to anybody */
      everyone = ahoy_roster_get_everyone (self->roster);
      draft = g_strdup (ahoy_conversation_get_draft (everyone));
      ahoy_past_leave (self->past);
      ahoy_conversation_set_draft (everyone, draft);
    }
  ahoy_session_accept_server (self->session);
}

const char *
ahoy_client_get_known_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->session->stopped.known_id;
}

const char *
ahoy_client_get_met_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->session->stopped.met_id;
}

AhoyDowngrade
ahoy_client_get_downgrade (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_DOWNGRADE_NONE);

  return self->session->stopped.downgrade;
}

const char *
ahoy_client_get_missed_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return ahoy_server_trust_get_missed (self->session->trust);
}

guint
ahoy_client_get_n_left (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), 0);

  return ahoy_past_get_n_left (self->past, ahoy_server_trust_get_missed (self->session->trust));
}

AhoyClientState
ahoy_client_get_state (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_CLIENT_OFFLINE);

  return self->session->state;
}

AhoyRefusal
ahoy_client_get_refusal (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_REFUSAL_NONE);

  return self->session->refusal;
}

AhoyFailure
ahoy_client_get_failure (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_FAILURE_NONE);

  return self->session->failure;
}

const char *
ahoy_client_get_name (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->session->name;
}

AhoyServer *
ahoy_client_get_server (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->session->server;
}

gboolean
ahoy_client_get_secure (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), FALSE);

  return self->session->secure;
}

gboolean
ahoy_client_describe_server (AhoyClient         *self,
                             AhoyDiscoveryReply *reply)
{
  AhoyConnection  *connection = self->session->connection;
  GSocketAddress  *peer = ahoy_connection_get_peer (connection);
  g_autofree char *at = NULL;

  if (!ahoy_chat_parts_is_extended (&self->parts) || !ahoy_connection_is_secure (connection) || ahoy_extended_dialect_is_hidden (self->extended) || !peer)
    return FALSE;
  at = g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer)));
  if (!ahoy_discovery_is_tellable (at))
    return FALSE;

  *reply = (AhoyDiscoveryReply){
    .port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (peer)),
    .extended = TRUE,
    .id = g_strdup (ahoy_server_get_id (self->session->server)),
    .name = g_strdup (ahoy_server_get_name (self->session->server)),
    .users = ahoy_client_get_n_online (self),
    .tls = TRUE,
    .at = g_steal_pointer (&at),
  };
  return TRUE;
}
