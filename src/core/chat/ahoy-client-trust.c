/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the client makes of the verdicts of AhoyServerTrust, in every state: a full stop, another server, or nothing. */

#include "core/chat/ahoy-client-private.h"

#include "core/connection/ahoy-server-private.h"

void
ahoy_client_forget_met (AhoyClient *self)
{
  ahoy_trust_verdict_clear (&self->stopped);
  ahoy_server_trust_begin (self->trust);
}

/* Acts upon @verdict, which is empty afterwards. Returns: FALSE when it was a stop. */
static gboolean
obey (AhoyClient       *self,
      AhoyTrustVerdict *verdict)
{
  g_auto (AhoyTrustVerdict) taken = *verdict;

  *verdict = (AhoyTrustVerdict){ 0 };
  if (!ahoy_trust_verdict_is_stop (&taken))
    return TRUE;
  if (ahoy_relocation_is_astray (self->relocation))
    { /* somebody lied about where the server is, and no more than that */
      ahoy_client_lose (self);
      return FALSE;
    }
  ahoy_client_forget_met (self);
  self->stopped = taken;
  taken = (AhoyTrustVerdict){ 0 };
  ahoy_client_stop (self, self->stopped.failure);
  return FALSE;
}

/* The server at @host and @port has proved to be @id, and may be. */
static void
take_place (AhoyClient *self,
            const char *host,
            guint16     port,
            const char *id)
{
  g_autoptr (AhoyServer) server = ahoy_server_trust_identify (self->trust, self->server, host, port, id);

  if (g_set_object (&self->server, server))
    g_object_notify (G_OBJECT (self), "server");
}

gboolean
ahoy_client_check_proof (AhoyClient *self,
                         const char *host,
                         guint16     port,
                         const char *id)
{
  AhoyTrustVerdict verdict = ahoy_server_trust_judge_proof (self->trust, self->server, host, port, id);

  if (!obey (self, &verdict))
    return FALSE;
  take_place (self, host, port, id);
  return ahoy_connection_is_open (self->connection); /* else somebody who heard of it had enough */
}

AhoyFailure
ahoy_client_judge_places (AhoyClient *self,
                          GPtrArray  *places)
{
  const AhoyClientState     state = self->state;
  const gboolean            again = state == AHOY_CLIENT_RECONNECTING;
  g_auto (AhoyTrustVerdict) verdict = { 0 };

  if (ahoy_relocation_is_astray (self->relocation)) /* it was said to be there */
    return AHOY_FAILURE_CLOSED;
  verdict = ahoy_server_trust_judge_places (self->trust, self->server, places, again, ahoy_relocation_is_open (self->relocation));
  if (verdict.outcome == AHOY_TRUST_NOBODY)
    return verdict.failure;
  if (verdict.outcome == AHOY_TRUST_STRAYED)
    {
      ahoy_connection_forget (self->connection);
      ahoy_relocation_forget_claim (self->relocation);
      take_place (self, verdict.met_host, verdict.met_port, verdict.met_id);
      if (self->state == state && !ahoy_connection_is_open (self->connection) && !ahoy_connection_is_dialing (self->connection))
        ahoy_client_dial (self);
      return AHOY_FAILURE_NONE;
    }
  obey (self, &verdict);
  return AHOY_FAILURE_NONE;
}

gboolean
ahoy_client_check_welcome (AhoyClient       *self,
                           const AhoyPacket *packet)
{
  AhoyTrustVerdict verdict;

  if (ahoy_relocation_is_astray (self->relocation) && g_strcmp0 (packet->server_id, ahoy_server_get_id (self->server)) != 0)
    {
      ahoy_client_lose (self);
      return FALSE;
    }
  verdict = ahoy_server_trust_judge_welcome (self->trust, self->server, packet->server_id, packet->server_name, ahoy_connection_is_secure (self->connection));
  return obey (self, &verdict);
}

gboolean
ahoy_client_check_accepted (AhoyClient *self)
{
  const gboolean   extended = ahoy_connection_is_extended (self->connection);
  const gboolean   secure = ahoy_connection_is_secure (self->connection);
  AhoyTrustVerdict verdict;

  if (!extended && ahoy_relocation_is_astray (self->relocation))
    {
      ahoy_client_lose (self);
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
ahoy_client_accept_server (AhoyClient *self)
{
  const AhoyTrustVerdict *met = &self->stopped;
  AhoyConversation       *everyone;
  g_autofree char        *draft = NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));

  if (self->state != AHOY_CLIENT_OFFLINE || (self->failure != AHOY_FAILURE_KEY_CHANGED && self->failure != AHOY_FAILURE_DOWNGRADED))
    return;
  ahoy_server_trust_accept (self->trust, met);
  if (self->archive && g_strcmp0 (ahoy_archive_get_server (self->archive), met->met_id) != 0)
    { /* what was said, and what waits to be said, was for the other one; what is being typed nobody has sent to anybody */
      everyone = ahoy_roster_get_everyone (self->roster);
      draft = g_strdup (ahoy_conversation_get_draft (everyone));
      ahoy_client_forget_server (self);
      ahoy_conversation_set_draft (everyone, draft);
    }
  ahoy_server_set_place (self->server, met->met_host, met->met_port);
  if (met->met_id)
    ahoy_server_set_extended (self->server, met->met_id, met->met_name, ahoy_server_get_users (self->server), met->met_secure);
  else
    ahoy_server_set_classic (self->server);
  ahoy_client_forget_met (self);
  ahoy_client_set_failure (self, AHOY_FAILURE_NONE);
}

const char *
ahoy_client_get_known_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->stopped.known_id;
}

const char *
ahoy_client_get_met_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->stopped.met_id;
}

const char *
ahoy_client_get_missed_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return ahoy_server_trust_get_missed (self->trust);
}

guint
ahoy_client_get_n_left (AhoyClient *self)
{
  const char *missed;

  g_return_val_if_fail (AHOY_IS_CLIENT (self), 0);

  missed = ahoy_server_trust_get_missed (self->trust);
  if (!missed || !self->aside || !self->archive)
    return 0;
  return ahoy_aside_get_n (self->aside, missed, ahoy_archive_get_skeleton (self->archive));
}

AhoyDowngrade
ahoy_client_get_downgrade (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_DOWNGRADE_NONE);

  return self->stopped.downgrade;
}
