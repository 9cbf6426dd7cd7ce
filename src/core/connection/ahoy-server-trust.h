/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/ahoy-core-enums.h"
#include "core/connection/ahoy-known-servers.h"
#include "core/connection/ahoy-race.h"
#include "core/connection/ahoy-server.h"
#include "core/connection/ahoy-way.h"
#include "core/identity/ahoy-keyring.h"

G_BEGIN_DECLS

/* Which server is taken for which. PROTOCOL.md, "TLS" and "What a client remembers". Main thread.
 *
 * It is asked at three moments: when a place has proved an id, at the welcome (what the server calls itself), and when the log-in is accepted (whether it is as
 * much as it was before); and once more when no place has proved to be the server that is wanted. Each answer is a verdict: it stops nobody, and knows
 * nobody who could be stopped. Only who has passed all of that is to be learned.
 *
 * @server is what was dialed, and what is claimed of it. A claim decides where to look and nothing else: anybody can make one. */

typedef struct _AhoyServerTrust AhoyServerTrust;

typedef enum {
  AHOY_TRUST_NEW,  /* nothing is known that speaks against it */
  AHOY_TRUST_SAME, /* a server that is known */
  /* These two are a full stop: a person decides. */
  AHOY_TRUST_CHANGED,    /* it is not the one that is known there */
  AHOY_TRUST_DOWNGRADED, /* the one that is known was more than this, by "downgrade" */
  /* When no place has proved to be the one that is wanted. */
  AHOY_TRUST_STRAYED, /* another one is met that may be gone on with: "met_id" at "met_host" and "met_port" */
  AHOY_TRUST_NOBODY,  /* by "failure" */
} AhoyTrustOutcome;

/* All strings owned, and nullable. */
typedef struct {
  AhoyTrustOutcome outcome;
  AhoyDowngrade    downgrade;
  AhoyFailure      failure;
  char            *known_id; /* which server was expected */
  char            *met_id;   /* which one is there, as it proved or claims */
  char            *met_name;
  char            *met_host;
  guint16          met_port;
  gboolean         met_secure;
} AhoyTrustVerdict;

void ahoy_trust_verdict_clear (AhoyTrustVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AhoyTrustVerdict, ahoy_trust_verdict_clear)

static inline gboolean
ahoy_trust_verdict_is_stop (const AhoyTrustVerdict *verdict)
{
  return verdict->outcome == AHOY_TRUST_CHANGED || verdict->outcome == AHOY_TRUST_DOWNGRADED;
}

/* @keyring: nullable: nobody can know us again. @known_servers: nullable: no server is remembered. */
AhoyServerTrust *ahoy_server_trust_new (AhoyKeyring      *keyring,
                                        AhoyKnownServers *known_servers);
void             ahoy_server_trust_free (AhoyServerTrust *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyServerTrust, ahoy_server_trust_free)

/* Somebody wants a server anew: nobody was missed or met on the way to it. */
void ahoy_server_trust_begin (AhoyServerTrust *self);

/* ---- Before ---- */

/* Returns: (transfer none): what connections have in common, made anew after the identity has changed; NULL with an AHOY_TLS_ERROR. */
AhoyTls *ahoy_server_trust_get_tls (AhoyServerTrust *self,
                                    GError         **error);
/* Whether we show who we are, where there is TLS. */
gboolean ahoy_server_trust_has_identity (AhoyServerTrust *self);
/* @hint: what attempts have taught about the server. */
AhoyWay ahoy_server_trust_choose_way (AhoyServerTrust *self,
                                      AhoyServer      *server,
                                      AhoyWay          hint);
/* Returns: (transfer full) (nullable): the id that has to be proved; NULL: whichever is there. */
char *ahoy_server_trust_dup_wanted (AhoyServerTrust *self,
                                    AhoyServer      *server);
/* Returns: (transfer full): where the wanted one was met before, the newest first, as ahoy_server_parse_address() reads them. */
char **ahoy_server_trust_dup_addresses (AhoyServerTrust *self,
                                        AhoyServer      *server);
/* Whether to log in as to an extended server. */
gboolean ahoy_server_trust_expects_extended (AhoyServerTrust *self,
                                             AhoyServer      *server);

/* ---- Verdicts (transfer full) ---- */

/* The server at @host and @port has proved to be @id, by its key. */
AhoyTrustVerdict ahoy_server_trust_judge_proof (AhoyServerTrust *self,
                                                AhoyServer      *server,
                                                const char      *host,
                                                guint16          port,
                                                const char      *id);
/* The server, which has passed that where it is @secure, calls itself @id (nullable) and @name (nullable). */
AhoyTrustVerdict ahoy_server_trust_judge_welcome (AhoyServerTrust *self,
                                                  AhoyServer      *server,
                                                  const char      *id,
                                                  const char      *name,
                                                  gboolean         secure);
/* The log-in is accepted, by a server that turned out @extended, or classic. */
AhoyTrustVerdict ahoy_server_trust_judge_accepted (AhoyServerTrust *self,
                                                   AhoyServer      *server,
                                                   gboolean         extended,
                                                   gboolean         secure);
/* Of @places (AhoyRacePlace) none has proved to be the wanted one. @again: we were there a moment ago, so that it may be back in another one.
 * @elsewhere: and whether it has moved is not known yet. */
AhoyTrustVerdict ahoy_server_trust_judge_places (AhoyServerTrust *self,
                                                 AhoyServer      *server,
                                                 GPtrArray       *places,
                                                 gboolean         again,
                                                 gboolean         elsewhere);

/* ---- After ---- */

/* The server at @host and @port has proved to be @id, and passed. Returns: (transfer full): what stands for it now: @server, or where that claimed another id
 * a new one, as whoever looked for it holds @server in his hands. */
AhoyServer *ahoy_server_trust_identify (AhoyServerTrust *self,
                                        AhoyServer      *server,
                                        const char      *host,
                                        guint16          port,
                                        const char      *id);
/* @server, extended, has passed everything. */
void ahoy_server_trust_learn (AhoyServerTrust *self,
                              AhoyServer      *server,
                              gboolean         secure);
/* The person wants the server that was met at a full stop: from now on it is the right one. */
void ahoy_server_trust_accept (AhoyServerTrust        *self,
                               const AhoyTrustVerdict *stop);
/* Returns: (nullable): the id of the server that was wanted where another one that is known was met. */
const char *ahoy_server_trust_get_missed (AhoyServerTrust *self);

G_END_DECLS
