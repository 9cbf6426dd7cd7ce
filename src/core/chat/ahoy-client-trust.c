/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server the client takes for which. PROTOCOL.md, "TLS".
 *
 * What is known of a server is what its discovery reply claimed, what the known_servers remember, and what its handshake proved. A claim decides where to look and
 * nothing else: anybody can make one. All places of a server are tried until one proves the id that is wanted; only when none does is it asked what was
 * met instead: another server that is known, with which the client goes on; one that nobody knows, in the place of nobody; or one in the place of a server
 * that is known, which is a full stop, in every state. The same is looked at again at the welcome (what the server calls itself), and when the log-in is
 * accepted (whether it is as much as it was before). Where TLS is expected nothing less is ever tried. Only a server that has passed all of that is
 * remembered. */

#include "core/chat/ahoy-client-private.h"

#include "core/connection/ahoy-known-servers.h"
#include "core/connection/ahoy-server-private.h"
#include "core/identity/ahoy-keyring-private.h"
#include "wire/ahoy-fingerprint.h"

/* So many servers may be met in the place of one another, one attempt after the other, until that is no accident. */
#define STRAYED_MAX 3

static AhoyServerVerdict
check (AhoyClient *self,
       const char *host,
       guint16     port,
       const char *id,
       gboolean    secure,
       char      **known)
{
  if (!self->known_servers)
    return AHOY_SERVER_VERDICT_NEW;
  return ahoy_known_servers_check (self->known_servers, host, port, id, secure, known);
}

static AhoyServerVerdict
check_here (AhoyClient *self,
            const char *id,
            gboolean    secure,
            char      **known)
{
  return check (self, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), id, secure, known);
}

/* Whether it has to be TLS there or with @id, because it was. */
static gboolean
wants_secure (AhoyClient *self,
              const char *id)
{
  return self->known_servers && ahoy_known_servers_wants_secure (self->known_servers, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), id);
}

static gboolean
is_known_secure (AhoyClient *self)
{
  return wants_secure (self, ahoy_server_get_id (self->server));
}

/* At @host and @port (which stay the caller's). All others nullable; @known and @met stay the caller's. @downgrade: NONE: its key is another one. */
static void
stop_at (AhoyClient   *self,
         const char   *host,
         guint16       port,
         AhoyDowngrade downgrade,
         const char   *known,
         const char   *met,
         const char   *met_name,
         gboolean      met_secure)
{
  if (ahoy_client_is_astray (self))
    { /* somebody lied about where the server is, and no more than that */
      ahoy_client_lose (self);
      return;
    }
  ahoy_client_forget_met (self);
  self->downgrade = downgrade;
  self->known_id = g_strdup (known);
  self->met_id = met && met[0] != '\0' ? g_strdup (met) : NULL;
  self->met_name = g_strdup (met_name);
  self->met_host = g_strdup (host);
  self->met_port = port;
  self->met_secure = met_secure;
  ahoy_client_stop (self, downgrade == AHOY_DOWNGRADE_NONE ? AHOY_FAILURE_KEY_CHANGED : AHOY_FAILURE_DOWNGRADED);
}

static void
stop (AhoyClient   *self,
      AhoyDowngrade downgrade,
      const char   *known,
      const char   *met,
      const char   *met_name,
      gboolean      met_secure)
{
  stop_at (self, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server), downgrade, known, met, met_name, met_secure);
}

/* Whether @id, which calls itself @name, may be what is at this address. */
static gboolean
pass (AhoyClient *self,
      const char *name,
      const char *id,
      gboolean    secure)
{
  g_autofree char *known = NULL;

  switch (check_here (self, id, secure, &known))
    {
    case AHOY_SERVER_VERDICT_CHANGED:
      stop (self, AHOY_DOWNGRADE_NONE, known, id, name, secure);
      return FALSE;
    case AHOY_SERVER_VERDICT_DOWNGRADED:
      stop (self, wants_secure (self, known) ? AHOY_DOWNGRADE_PLAIN : AHOY_DOWNGRADE_NO_ID, known, id, name, secure);
      return FALSE;
    case AHOY_SERVER_VERDICT_NEW:
    case AHOY_SERVER_VERDICT_SAME:
    default:
      return TRUE;
    }
}

/* Whether a server with an id is known there, or the one it claims to be is. @known (out) (transfer full). */
static gboolean
is_known (AhoyClient *self,
          char      **known)
{
  const char *claimed = ahoy_server_get_id (self->server);

  if (check_here (self, NULL, FALSE, known) == AHOY_SERVER_VERDICT_DOWNGRADED)
    return TRUE;
  g_clear_pointer (known, g_free);
  if (claimed && check_here (self, claimed, TRUE, known) == AHOY_SERVER_VERDICT_SAME)
    return TRUE;
  g_clear_pointer (known, g_free);
  return FALSE;
}

/* Whether the id of the server is more than what somebody says: it was proved, now or at another time. */
static gboolean
is_sure (AhoyClient *self)
{
  const char *id = ahoy_server_get_id (self->server);

  return id && (ahoy_server_get_sure (self->server) || ahoy_server_get_own (self->server) || (self->known_servers && ahoy_known_servers_is_secure (self->known_servers, id)));
}

AhoyClientWay
ahoy_client_choose_way (AhoyClient *self)
{
  if (self->hint == AHOY_CLIENT_WAY_SECURE || ahoy_server_get_tls (self->server) || is_known_secure (self))
    return AHOY_CLIENT_WAY_SECURE;
  if (self->hint == AHOY_CLIENT_WAY_EITHER)
    return AHOY_CLIENT_WAY_EITHER;
  if (self->hint == AHOY_CLIENT_WAY_PLAIN || ahoy_server_get_heard (self->server))
    return AHOY_CLIENT_WAY_PLAIN;
  return AHOY_CLIENT_WAY_EITHER;
}

char *
ahoy_client_dup_wanted (AhoyClient *self)
{
  const char      *claimed = ahoy_server_get_id (self->server);
  g_autofree char *known = NULL;

  /* Who claims to be somebody new at the address of one that is known is most likely that one: the reply is forged. */
  if (!is_sure (self) && ahoy_server_get_n_places (self->server) == 1 && check_here (self, NULL, FALSE, &known) == AHOY_SERVER_VERDICT_DOWNGRADED && ahoy_known_servers_is_secure (self->known_servers, known))
    return g_steal_pointer (&known);
  return g_strdup (claimed);
}

void
ahoy_client_add_places (AhoyClient *self,
                        AhoyRace   *race)
{
  const gboolean   secure = self->way == AHOY_CLIENT_WAY_SECURE;
  const guint      n = secure ? ahoy_server_get_n_places (self->server) : 1; /* without a proof one is as good as another */
  g_autofree char *wanted = NULL;
  g_auto (GStrv)   met = NULL;

  for (guint i = 0; i < n; i++)
    {
      guint16     port;
      const char *host = ahoy_server_get_place (self->server, i, &port);

      ahoy_race_add (race, host, port, FALSE);
    }
  /* While reconnecting it is known where it was. */
  if (!secure || !self->known_servers || self->state != AHOY_CLIENT_CONNECTING)
    return;
  wanted = ahoy_client_dup_wanted (self);
  met = ahoy_known_servers_dup_addresses (self->known_servers, wanted);
  for (guint i = 0; met[i]; i++)
    {
      g_autofree char *host = NULL;
      guint16          port;

      if (ahoy_server_parse_address (met[i], ahoy_server_get_port (self->server), &host, &port, NULL))
        ahoy_race_add (race, host, port, TRUE);
    }
}

AhoyTls *
ahoy_client_get_tls (AhoyClient *self,
                     GError    **error)
{
  if (!self->tls)
    self->tls = ahoy_tls_new (self->keyring ? ahoy_keyring_get_identity (self->keyring) : NULL, error);
  return self->tls;
}

void
ahoy_client_on_key_changed (AhoyClient *self)
{
  g_clear_pointer (&self->tls, ahoy_tls_unref);
}

/* The server at @place has proved to be @id. */
static void
take_place (AhoyClient *self,
            const char *host,
            guint16     port,
            const char *id)
{
  g_autoptr (AhoyServer) server = NULL;
  g_autofree char       *name = NULL;

  if (g_strcmp0 (ahoy_server_get_id (self->server), id) == 0 || !ahoy_server_get_id (self->server))
    {
      server = g_object_ref (self->server);
      name = g_strdup (ahoy_server_get_name (server));
      ahoy_server_set_place (server, host, port);
    }
  else
    { /* not what whoever looked for it holds in his hands */
      server = ahoy_server_new (host, port);
      name = self->known_servers ? ahoy_known_servers_dup_name (self->known_servers, id) : NULL;
    }
  ahoy_server_set_extended (server, id, name, ahoy_server_get_users (server), TRUE);
  ahoy_server_set_sure (server, TRUE);
  if (g_set_object (&self->server, server))
    g_object_notify (G_OBJECT (self), "server");
}

gboolean
ahoy_client_check_proof (AhoyClient          *self,
                         const AhoyRacePlace *place)
{
  const char      *fingerprint = ahoy_link_get_peer_fingerprint (self->link);
  g_autofree char *id = g_strndup (fingerprint ? fingerprint : "", AHOY_ID_CHARS);
  g_autofree char *known = NULL;
  AhoyLink        *link = self->link;

  if (check (self, place->host, place->port, id, TRUE, &known) == AHOY_SERVER_VERDICT_CHANGED)
    {
      stop_at (self, place->host, place->port, AHOY_DOWNGRADE_NONE, known, id, ahoy_server_get_name (self->server), TRUE);
      return FALSE;
    }
  take_place (self, place->host, place->port, id);
  return self->link == link; /* else somebody who heard of it had enough */
}

/* ---- When none of its places proves to be it ---- */

/* @place is where @wanted was met last, and not only where somebody claims that it is. */
static gboolean
is_its_own (AhoyClient          *self,
            const AhoyRacePlace *place,
            const char          *wanted)
{
  g_autofree char *known = NULL;

  if (!self->known_servers)
    return place->port == ahoy_server_get_port (self->server) && g_str_equal (place->host, ahoy_server_get_host (self->server));
  check (self, place->host, place->port, NULL, FALSE, &known);
  return g_strcmp0 (known, wanted) == 0;
}

/* The client goes on with the server that has proved to be @place->id. */
static void
stray (AhoyClient          *self,
       const AhoyRacePlace *place)
{
  const AhoyClientState state = self->state;
  g_autofree char      *missed = ahoy_client_dup_wanted (self);

  self->n_strayed++;
  if (is_sure (self) || (self->known_servers && ahoy_known_servers_is_secure (self->known_servers, missed)))
    {
      g_free (self->missed_id);
      self->missed_id = g_steal_pointer (&missed);
    }
  self->hint = AHOY_CLIENT_WAY_UNKNOWN;
  self->legacy = FALSE;
  g_clear_object (&self->elsewhere);
  take_place (self, place->host, place->port, place->id);
  if (self->state == state && !self->link && !self->race)
    ahoy_client_dial (self);
}

/* Whether @place is where the client may go on. */
static gboolean
may_stray_to (AhoyClient          *self,
              const AhoyRacePlace *place)
{
  if (!place->id)
    return FALSE;
  switch (check (self, place->host, place->port, place->id, TRUE, NULL))
    {
    case AHOY_SERVER_VERDICT_SAME:
      return TRUE;
    case AHOY_SERVER_VERDICT_NEW: /* and what was claimed nobody knows either */
      return !is_sure (self);
    case AHOY_SERVER_VERDICT_CHANGED:
    case AHOY_SERVER_VERDICT_DOWNGRADED:
    default:
      return FALSE;
    }
}

/* It says in clear that it is no server with TLS. */
static gboolean
is_in_clear (AhoyClient          *self,
             const AhoyRacePlace *place)
{
  /* It told so itself when it was looked for; that it closes at our TLS is no accident, then. */
  const gboolean only_classic = ahoy_server_get_heard (self->server) && !ahoy_server_get_tls (self->server);

  return g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_NOT_TLS) || (only_classic && g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HUNG_UP));
}

/* Returns: whether it is a full stop that the server at @place is not the one. */
static gboolean
stop_for (AhoyClient          *self,
          const AhoyRacePlace *place,
          const char          *wanted)
{
  const gboolean   claims_less = !ahoy_server_get_tls (self->server);
  const char      *name = ahoy_server_get_name (self->server);
  g_autofree char *known = NULL;

  /* While reconnecting, a place that is only claimed is none to stop at: the server may be back in a moment, where it was. And where it was,
   * there may be another one, because it has moved. */
  if (self->state == AHOY_CLIENT_RECONNECTING && wanted && (!is_its_own (self, place, wanted) || ahoy_client_may_be_elsewhere (self)))
    return FALSE;
  if (place->id)
    {
      if (is_sure (self))
        known = g_strdup (wanted);
      else
        check (self, place->host, place->port, place->id, TRUE, &known);
      stop_at (self, place->host, place->port, AHOY_DOWNGRADE_NONE, known, place->id, name, TRUE);
      return TRUE;
    }
  if (!is_in_clear (self, place) || !is_known_secure (self))
    return FALSE;
  is_known (self, &known);
  stop_at (self, place->host, place->port, AHOY_DOWNGRADE_PLAIN, known, claims_less ? ahoy_server_get_id (self->server) : NULL, name, FALSE);
  return TRUE;
}

static AhoyFailure
failure_of (const AhoyRacePlace *place)
{
  if (place->id)
    return AHOY_FAILURE_CLOSED;
  if (!place->connected)
    return AHOY_FAILURE_UNREACHABLE;
  if (g_error_matches (place->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return AHOY_FAILURE_TIMEOUT;
  if (place->error && place->error->domain == AHOY_TLS_ERROR && !g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HUNG_UP))
    return AHOY_FAILURE_HANDSHAKE;
  return AHOY_FAILURE_CLOSED;
}

AhoyFailure
ahoy_client_judge_places (AhoyClient *self,
                          GPtrArray  *places)
{
  g_autofree char *wanted = ahoy_client_dup_wanted (self);
  AhoyFailure      failure = AHOY_FAILURE_UNREACHABLE;

  if (ahoy_client_is_astray (self)) /* it was said to be there */
    return AHOY_FAILURE_CLOSED;
  for (guint i = 0; i < places->len; i++)
    if (may_stray_to (self, places->pdata[i]))
      {
        if (self->n_strayed >= STRAYED_MAX)
          {
            self->n_strayed = 0;
            return AHOY_FAILURE_CLOSED;
          }
        stray (self, places->pdata[i]);
        return AHOY_FAILURE_NONE;
      }
  for (guint i = 0; i < places->len; i++)
    {
      const AhoyRacePlace *place = places->pdata[i];

      if (!place->spare && stop_for (self, place, wanted))
        return AHOY_FAILURE_NONE;
    }
  for (guint i = 0; i < places->len && failure == AHOY_FAILURE_UNREACHABLE; i++)
    failure = failure_of (places->pdata[i]);
  return failure;
}

gboolean
ahoy_client_expects_extended (AhoyClient *self)
{
  g_autofree char *known = NULL;

  return ahoy_server_get_extended (self->server) || is_known (self, &known);
}

gboolean
ahoy_client_check_welcome (AhoyClient       *self,
                           const AhoyPacket *packet)
{
  const gboolean secure = ahoy_link_is_secure (self->link);
  const char    *proved = secure ? ahoy_server_get_id (self->server) : NULL;

  if (proved && g_strcmp0 (packet->server_id, proved) != 0)
    { /* it says that it is another one than its key shows */
      stop (self, AHOY_DOWNGRADE_NONE, packet->server_id, proved, packet->server_name, TRUE);
      return FALSE;
    }
  if (ahoy_client_is_astray (self) && g_strcmp0 (packet->server_id, ahoy_server_get_id (self->server)) != 0)
    {
      ahoy_client_lose (self);
      return FALSE;
    }
  return pass (self, packet->server_name, packet->server_id, secure);
}

gboolean
ahoy_client_check_accepted (AhoyClient *self)
{
  const gboolean     secure = ahoy_link_is_secure (self->link);
  g_autofree char   *known = NULL;
  g_autoptr (GError) error = NULL;

  if (self->dialect != AHOY_DIALECT_EXTENDED)
    { /* nothing to remember it by */
      if (!is_known (self, &known) && !ahoy_client_is_astray (self))
        return TRUE;
      stop (self, AHOY_DOWNGRADE_CLASSIC, known, secure ? ahoy_server_get_id (self->server) : NULL, ahoy_server_get_name (self->server), secure);
      return FALSE;
    }
  if (!pass (self, ahoy_server_get_name (self->server), ahoy_server_get_id (self->server), secure))
    return FALSE;
  self->n_strayed = 0;
  if (g_strcmp0 (self->missed_id, ahoy_server_get_id (self->server)) == 0)
    g_clear_pointer (&self->missed_id, g_free);
  if (self->known_servers && !ahoy_known_servers_learn (self->known_servers, ahoy_server_get_host (self->server), ahoy_server_get_port (self->server),
                                                        ahoy_server_get_name (self->server), ahoy_server_get_id (self->server), secure, &error))
    g_warning ("The server will not be known again: %s", error->message);
  return TRUE;
}

void
ahoy_client_forget_met (AhoyClient *self)
{
  g_clear_pointer (&self->known_id, g_free);
  g_clear_pointer (&self->met_id, g_free);
  g_clear_pointer (&self->met_name, g_free);
  g_clear_pointer (&self->met_host, g_free);
  g_clear_pointer (&self->missed_id, g_free);
  self->n_strayed = 0;
  self->met_secure = FALSE;
  self->downgrade = AHOY_DOWNGRADE_NONE;
}

void
ahoy_client_accept_server (AhoyClient *self)
{
  AhoyConversation  *everyone;
  g_autofree char   *draft = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (AHOY_IS_CLIENT (self));

  if (self->state != AHOY_CLIENT_OFFLINE || (self->failure != AHOY_FAILURE_KEY_CHANGED && self->failure != AHOY_FAILURE_DOWNGRADED))
    return;
  if (self->known_servers && !ahoy_known_servers_accept (self->known_servers, self->met_host, self->met_port, self->met_name, self->met_id, self->met_secure, &error))
    g_warning ("The server will not be known again: %s", error->message);
  if (self->archive && g_strcmp0 (ahoy_archive_get_server (self->archive), self->met_id) != 0)
    { /* what was said, and what waits to be said, was for the other one; what is being typed nobody has sent to anybody */
      everyone = ahoy_roster_get_everyone (self->roster);
      draft = g_strdup (ahoy_conversation_get_draft (everyone));
      ahoy_client_forget_server (self);
      ahoy_conversation_set_draft (everyone, draft);
    }
  ahoy_server_set_place (self->server, self->met_host, self->met_port);
  if (self->met_id)
    ahoy_server_set_extended (self->server, self->met_id, self->met_name, ahoy_server_get_users (self->server), self->met_secure);
  else
    ahoy_server_set_classic (self->server);
  ahoy_client_forget_met (self);
  ahoy_client_set_failure (self, AHOY_FAILURE_NONE);
}

const char *
ahoy_client_get_known_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->known_id;
}

const char *
ahoy_client_get_met_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->met_id;
}

const char *
ahoy_client_get_missed_id (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), NULL);

  return self->missed_id;
}

guint
ahoy_client_get_n_left (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), 0);

  if (!self->missed_id || !self->aside || !self->archive)
    return 0;
  return ahoy_aside_get_n (self->aside, self->missed_id, ahoy_archive_get_skeleton (self->archive));
}

AhoyDowngrade
ahoy_client_get_downgrade (AhoyClient *self)
{
  g_return_val_if_fail (AHOY_IS_CLIENT (self), AHOY_DOWNGRADE_NONE);

  return self->downgrade;
}
