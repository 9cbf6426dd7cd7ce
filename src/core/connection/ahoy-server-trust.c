/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which server is taken for which.
 *
 * What is known of a server is what its discovery reply claimed, what the known servers remember, and what its handshake proved. All places of a server are tried
 * until one proves the id that is wanted; only when none does it is asked what was met instead: another server that is known, with which one goes on; one that
 * nobody knows, in the place of nobody; or one in the place of a server that is known, which is a full stop. Where TLS is expected nothing less is ever
 * tried. */

#include "core/connection/ahoy-server-trust.h"

#include "core/connection/ahoy-server-private.h"
#include "core/identity/ahoy-keyring-private.h"

/* So many servers may be met in the place of one another, one attempt after the other, until that is no accident. */
#define STRAYED_MAX 3

struct _AhoyServerTrust {
  /* Owned */
  AhoyKeyring      *keyring;       /* NULL: nobody */
  AhoyKnownServers *known_servers; /* NULL: no server is remembered */
  AhoyTls          *tls;           /* of the next connection; NULL: to be made */
  char             *missed_id;
  gulong            key_changed_id;

  guint n_strayed; /* since somebody was met who passed */
};

static void
on_key_changed (AhoyServerTrust *self)
{
  g_clear_pointer (&self->tls, ahoy_tls_unref);
}

AhoyServerTrust *
ahoy_server_trust_new (AhoyKeyring      *keyring,
                       AhoyKnownServers *known_servers)
{
  AhoyServerTrust *self = g_new0 (AhoyServerTrust, 1);

  g_set_object (&self->keyring, keyring);
  g_set_object (&self->known_servers, known_servers);
  if (keyring)
    self->key_changed_id = g_signal_connect_swapped (keyring, "notify::key", G_CALLBACK (on_key_changed), self);
  return self;
}

void
ahoy_server_trust_free (AhoyServerTrust *self)
{
  g_clear_signal_handler (&self->key_changed_id, self->keyring);
  g_clear_object (&self->keyring);
  g_clear_object (&self->known_servers);
  g_clear_pointer (&self->tls, ahoy_tls_unref);
  g_free (self->missed_id);
  g_free (self);
}

void
ahoy_trust_verdict_clear (AhoyTrustVerdict *verdict)
{
  g_free (verdict->known_id);
  g_free (verdict->met_id);
  g_free (verdict->met_name);
  g_free (verdict->met_host);
  *verdict = (AhoyTrustVerdict){ 0 };
}

void
ahoy_server_trust_begin (AhoyServerTrust *self)
{
  g_clear_pointer (&self->missed_id, g_free);
  self->n_strayed = 0;
}

/* ---- What is known ---- */

static AhoyServerVerdict
check (AhoyServerTrust *self,
       const char      *host,
       guint16          port,
       const char      *id,
       gboolean         secure,
       char           **known)
{
  if (!self->known_servers)
    return AHOY_SERVER_VERDICT_NEW;
  return ahoy_known_servers_check (self->known_servers, host, port, id, secure, known);
}

static AhoyServerVerdict
check_at (AhoyServerTrust *self,
          AhoyServer      *server,
          const char      *id,
          gboolean         secure,
          char           **known)
{
  return check (self, ahoy_server_get_host (server), ahoy_server_get_port (server), id, secure, known);
}

static gboolean
is_secure (AhoyServerTrust *self,
           const char      *id)
{
  return self->known_servers && ahoy_known_servers_is_secure (self->known_servers, id);
}

/* Whether it has to be TLS there or with @id, because it was. */
static gboolean
wants_secure (AhoyServerTrust *self,
              AhoyServer      *server,
              const char      *id)
{
  return self->known_servers && ahoy_known_servers_wants_secure (self->known_servers, ahoy_server_get_host (server), ahoy_server_get_port (server), id);
}

/* Whether a server with an id is known there, or the one it claims to be is. @known (out) (transfer full). */
static gboolean
is_known (AhoyServerTrust *self,
          AhoyServer      *server,
          char           **known)
{
  const char *claimed = ahoy_server_get_id (server);

  if (check_at (self, server, NULL, FALSE, known) == AHOY_SERVER_VERDICT_DOWNGRADED)
    return TRUE;
  g_clear_pointer (known, g_free);
  if (claimed && check_at (self, server, claimed, TRUE, known) == AHOY_SERVER_VERDICT_SAME)
    return TRUE;
  g_clear_pointer (known, g_free);
  return FALSE;
}

/* Whether the id of the server is more than what somebody says: it was proved, now or at another time. */
static gboolean
is_sure (AhoyServerTrust *self,
         AhoyServer      *server)
{
  const char *id = ahoy_server_get_id (server);

  return id && (ahoy_server_get_sure (server) || ahoy_server_get_own (server) || is_secure (self, id));
}

/* ---- Before ---- */

AhoyTls *
ahoy_server_trust_get_tls (AhoyServerTrust *self,
                           GError         **error)
{
  if (!self->tls)
    self->tls = ahoy_tls_new (self->keyring ? ahoy_keyring_get_identity (self->keyring) : NULL, error);
  return self->tls;
}

gboolean
ahoy_server_trust_has_identity (AhoyServerTrust *self)
{
  return self->keyring != NULL;
}

AhoyWay
ahoy_server_trust_choose_way (AhoyServerTrust *self,
                              AhoyServer      *server,
                              AhoyWay          hint)
{
  if (hint == AHOY_WAY_SECURE || ahoy_server_get_tls (server) || wants_secure (self, server, ahoy_server_get_id (server)))
    return AHOY_WAY_SECURE;
  if (hint != AHOY_WAY_UNKNOWN)
    return hint;
  return ahoy_server_get_heard (server) ? AHOY_WAY_PLAIN : AHOY_WAY_EITHER;
}

char *
ahoy_server_trust_dup_wanted (AhoyServerTrust *self,
                              AhoyServer      *server)
{
  g_autofree char *known = NULL;

  /* Who claims to be somebody new at the address of one that is known is most likely that one: the reply is forged. */
  if (!is_sure (self, server) && ahoy_server_get_n_places (server) == 1 &&
      check_at (self, server, NULL, FALSE, &known) == AHOY_SERVER_VERDICT_DOWNGRADED && is_secure (self, known))
    return g_steal_pointer (&known);
  return g_strdup (ahoy_server_get_id (server));
}

char **
ahoy_server_trust_dup_addresses (AhoyServerTrust *self,
                                 AhoyServer      *server)
{
  g_autofree char *wanted = ahoy_server_trust_dup_wanted (self, server);

  return self->known_servers ? ahoy_known_servers_dup_addresses (self->known_servers, wanted) : g_new0 (char *, 1);
}

gboolean
ahoy_server_trust_expects_extended (AhoyServerTrust *self,
                                    AhoyServer      *server)
{
  g_autofree char *known = NULL;

  return ahoy_server_get_extended (server) || is_known (self, server, &known);
}

/* ---- Verdicts ---- */

/* All strings nullable, and the caller's. @downgrade: NONE: its key is another one. */
static AhoyTrustVerdict
stop_at (const char   *host,
         guint16       port,
         AhoyDowngrade downgrade,
         const char   *known,
         const char   *met,
         const char   *met_name,
         gboolean      met_secure)
{
  return (AhoyTrustVerdict){
    .outcome = downgrade == AHOY_DOWNGRADE_NONE ? AHOY_TRUST_CHANGED : AHOY_TRUST_DOWNGRADED,
    .failure = downgrade == AHOY_DOWNGRADE_NONE ? AHOY_FAILURE_KEY_CHANGED : AHOY_FAILURE_DOWNGRADED,
    .downgrade = downgrade,
    .known_id = g_strdup (known),
    .met_id = met && met[0] != '\0' ? g_strdup (met) : NULL,
    .met_name = g_strdup (met_name),
    .met_host = g_strdup (host),
    .met_port = port,
    .met_secure = met_secure,
  };
}

static AhoyTrustVerdict
stop (AhoyServer   *server,
      AhoyDowngrade downgrade,
      const char   *known,
      const char   *met,
      const char   *met_name,
      gboolean      met_secure)
{
  return stop_at (ahoy_server_get_host (server), ahoy_server_get_port (server), downgrade, known, met, met_name, met_secure);
}

static AhoyTrustVerdict
pass (AhoyServerVerdict verdict)
{
  return (AhoyTrustVerdict){ .outcome = verdict == AHOY_SERVER_VERDICT_SAME ? AHOY_TRUST_SAME : AHOY_TRUST_NEW };
}

/* Whether @id, which calls itself @name, may be what is at this address. */
static AhoyTrustVerdict
judge_here (AhoyServerTrust *self,
            AhoyServer      *server,
            const char      *id,
            const char      *name,
            gboolean         secure)
{
  g_autofree char        *known = NULL;
  const AhoyServerVerdict verdict = check_at (self, server, id, secure, &known);

  switch (verdict)
    {
    case AHOY_SERVER_VERDICT_CHANGED:
      return stop (server, AHOY_DOWNGRADE_NONE, known, id, name, secure);
    case AHOY_SERVER_VERDICT_DOWNGRADED:
      return stop (server, wants_secure (self, server, known) ? AHOY_DOWNGRADE_PLAIN : AHOY_DOWNGRADE_NO_ID, known, id, name, secure);
    case AHOY_SERVER_VERDICT_NEW:
    case AHOY_SERVER_VERDICT_SAME:
    default:
      return pass (verdict);
    }
}

AhoyTrustVerdict
ahoy_server_trust_judge_proof (AhoyServerTrust *self,
                               AhoyServer      *server,
                               const char      *host,
                               guint16          port,
                               const char      *id)
{
  g_autofree char        *known = NULL;
  const AhoyServerVerdict verdict = check (self, host, port, id, TRUE, &known);

  if (verdict == AHOY_SERVER_VERDICT_CHANGED)
    return stop_at (host, port, AHOY_DOWNGRADE_NONE, known, id, ahoy_server_get_name (server), TRUE);
  return pass (verdict);
}

AhoyTrustVerdict
ahoy_server_trust_judge_welcome (AhoyServerTrust *self,
                                 AhoyServer      *server,
                                 const char      *id,
                                 const char      *name,
                                 gboolean         secure)
{
  const char *proved = secure ? ahoy_server_get_id (server) : NULL;

  if (proved && g_strcmp0 (id, proved) != 0) /* it says that it is another one than its key shows */
    return stop (server, AHOY_DOWNGRADE_NONE, id, proved, name, TRUE);
  return judge_here (self, server, id, name, secure);
}

AhoyTrustVerdict
ahoy_server_trust_judge_accepted (AhoyServerTrust *self,
                                  AhoyServer      *server,
                                  gboolean         extended,
                                  gboolean         secure)
{
  g_autofree char *known = NULL;

  if (extended)
    return judge_here (self, server, ahoy_server_get_id (server), ahoy_server_get_name (server), secure);
  if (!is_known (self, server, &known))
    return pass (AHOY_SERVER_VERDICT_NEW);
  return stop (server, AHOY_DOWNGRADE_CLASSIC, known, secure ? ahoy_server_get_id (server) : NULL, ahoy_server_get_name (server), secure);
}

/* ---- When no place proves to be it ---- */

/* @place is where @wanted was met last, and not only where somebody claims that it is. */
static gboolean
is_its_own (AhoyServerTrust     *self,
            AhoyServer          *server,
            const AhoyRacePlace *place,
            const char          *wanted)
{
  g_autofree char *known = NULL;

  if (!self->known_servers)
    return place->port == ahoy_server_get_port (server) && g_str_equal (place->host, ahoy_server_get_host (server));
  check (self, place->host, place->port, NULL, FALSE, &known);
  return g_strcmp0 (known, wanted) == 0;
}

/* Whether @place is where one may go on. */
static gboolean
may_stray_to (AhoyServerTrust     *self,
              AhoyServer          *server,
              const AhoyRacePlace *place)
{
  if (!place->id)
    return FALSE;
  switch (check (self, place->host, place->port, place->id, TRUE, NULL))
    {
    case AHOY_SERVER_VERDICT_SAME:
      return TRUE;
    case AHOY_SERVER_VERDICT_NEW: /* and what was claimed nobody knows either */
      return !is_sure (self, server);
    case AHOY_SERVER_VERDICT_CHANGED:
    case AHOY_SERVER_VERDICT_DOWNGRADED:
    default:
      return FALSE;
    }
}

static AhoyTrustVerdict
stray (AhoyServerTrust     *self,
       AhoyServer          *server,
       const AhoyRacePlace *place,
       const char          *wanted)
{
  if (self->n_strayed >= STRAYED_MAX)
    {
      self->n_strayed = 0;
      return (AhoyTrustVerdict){ .outcome = AHOY_TRUST_NOBODY, .failure = AHOY_FAILURE_CLOSED };
    }
  self->n_strayed++;
  if (is_sure (self, server) || is_secure (self, wanted))
    {
      g_free (self->missed_id);
      self->missed_id = g_strdup (wanted);
    }
  return (AhoyTrustVerdict){
    .outcome = AHOY_TRUST_STRAYED,
    .known_id = g_strdup (wanted),
    .met_id = g_strdup (place->id),
    .met_host = g_strdup (place->host),
    .met_port = place->port,
    .met_secure = TRUE,
  };
}

/* It says in clear that it is no server with TLS. */
static gboolean
is_in_clear (AhoyServer          *server,
             const AhoyRacePlace *place)
{
  /* It told so itself when it was looked for; that it closes at our TLS is no accident, then. */
  const gboolean only_classic = ahoy_server_get_heard (server) && !ahoy_server_get_tls (server);

  return g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_NOT_TLS) ||
         (only_classic && g_error_matches (place->error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HUNG_UP));
}

/* Whether it is a full stop that the server at @place is not the one. @verdict (out). */
static gboolean
stops (AhoyServerTrust     *self,
       AhoyServer          *server,
       const AhoyRacePlace *place,
       const char          *wanted,
       AhoyTrustVerdict    *verdict)
{
  const char      *name = ahoy_server_get_name (server);
  g_autofree char *known = NULL;

  if (place->id)
    {
      if (is_sure (self, server))
        known = g_strdup (wanted);
      else
        check (self, place->host, place->port, place->id, TRUE, &known);
      *verdict = stop_at (place->host, place->port, AHOY_DOWNGRADE_NONE, known, place->id, name, TRUE);
      return TRUE;
    }
  if (!is_in_clear (server, place) || !wants_secure (self, server, ahoy_server_get_id (server)))
    return FALSE;
  is_known (self, server, &known);
  *verdict = stop_at (place->host, place->port, AHOY_DOWNGRADE_PLAIN, known, ahoy_server_get_tls (server) ? NULL : ahoy_server_get_id (server), name, FALSE);
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

AhoyTrustVerdict
ahoy_server_trust_judge_places (AhoyServerTrust *self,
                                AhoyServer      *server,
                                GPtrArray       *places,
                                gboolean         again,
                                gboolean         elsewhere)
{
  g_autofree char *wanted = ahoy_server_trust_dup_wanted (self, server);
  AhoyTrustVerdict verdict = { .outcome = AHOY_TRUST_NOBODY, .failure = AHOY_FAILURE_UNREACHABLE };

  for (guint i = 0; i < places->len; i++)
    {
      if (may_stray_to (self, server, places->pdata[i]))
        return stray (self, server, places->pdata[i], wanted);
    }
  for (guint i = 0; i < places->len; i++)
    {
      const AhoyRacePlace *place = places->pdata[i];

      /* A place that is only claimed is none to stop at when the server may be back in a moment, where it was. And where it was, there may be another
       * one, because it has moved. */
      if (place->spare || (again && wanted && (elsewhere || !is_its_own (self, server, place, wanted))))
        continue;
      if (stops (self, server, place, wanted, &verdict))
        return verdict;
    }
  for (guint i = 0; i < places->len && verdict.failure == AHOY_FAILURE_UNREACHABLE; i++)
    verdict.failure = failure_of (places->pdata[i]);
  return verdict;
}

/* ---- After ---- */

AhoyServer *
ahoy_server_trust_identify (AhoyServerTrust *self,
                            AhoyServer      *server,
                            const char      *host,
                            guint16          port,
                            const char      *id)
{
  const char            *claimed = ahoy_server_get_id (server);
  g_autoptr (AhoyServer) found = NULL;
  g_autofree char       *name = NULL;

  if (!claimed || g_str_equal (claimed, id))
    {
      found = g_object_ref (server);
      name = g_strdup (ahoy_server_get_name (server));
      ahoy_server_set_place (found, host, port);
    }
  else
    {
      found = ahoy_server_new (host, port);
      name = self->known_servers ? ahoy_known_servers_dup_name (self->known_servers, id) : NULL;
    }
  ahoy_server_set_extended (found, id, name, ahoy_server_get_users (found), TRUE);
  ahoy_server_set_sure (found, TRUE);
  return g_steal_pointer (&found);
}

void
ahoy_server_trust_learn (AhoyServerTrust *self,
                         AhoyServer      *server,
                         gboolean         secure)
{
  const char        *id = ahoy_server_get_id (server);
  g_autoptr (GError) error = NULL;

  self->n_strayed = 0;
  if (g_strcmp0 (self->missed_id, id) == 0)
    g_clear_pointer (&self->missed_id, g_free);
  if (self->known_servers &&
      !ahoy_known_servers_learn (self->known_servers, ahoy_server_get_host (server), ahoy_server_get_port (server), ahoy_server_get_name (server), id, secure, &error))
    g_warning ("The server will not be known again: %s", error->message);
}

void
ahoy_server_trust_accept (AhoyServerTrust        *self,
                          const AhoyTrustVerdict *stop)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (ahoy_trust_verdict_is_stop (stop));

  if (self->known_servers &&
      !ahoy_known_servers_accept (self->known_servers, stop->met_host, stop->met_port, stop->met_name, stop->met_id, stop->met_secure, &error))
    g_warning ("The server will not be known again: %s", error->message);
}

const char *
ahoy_server_trust_get_missed (AhoyServerTrust *self)
{
  return self->missed_id;
}
