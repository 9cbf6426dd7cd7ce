/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "core/connection/ahoy-known-servers.h"
#include "core/identity/ahoy-keyring.h"
#include "extended-fixture.h"

/* What a server proves itself with. */
typedef struct {
  char            *id;
  GTlsCertificate *certificate;
} TrustKey;

TrustKey *trust_make_key (Extended   *e,
                          const char *name);
void      trust_key_free (TrustKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TrustKey, trust_key_free)

/* A client with an identity and known_servers, and a server with @key (NULL: without TLS) that it does not know, and has found. */
void trust_begin (Extended *e,
                  TrustKey *key);
/* The same, and it is there. */
void trust_begin_known (Extended *e,
                        TrustKey *key);

/* The server has this key from now on; NULL: it does not speak TLS. */
void trust_set_key (Extended *e,
                    TrustKey *key);
/* The address, as a search finds it. @id: NULL: classic. */
void trust_find (Extended   *e,
                 const char *id,
                 gboolean    tls);
/* As somebody types it, and nobody answers there. */
void trust_type (Extended *e);

/* What the known_servers say of @id there. */
AhoyServerVerdict trust_check (Extended   *e,
                               const char *id,
                               gboolean    secure);
/* How often somebody asked for the name. */
guint trust_n_log_ins (Extended *e);

/* Iterates until the client has stopped; fails when that is not for this reason. */
void trust_await_stop (Extended   *e,
                       AhoyFailure failure,
                       const char *known,
                       const char *met);
/* Nothing happens any more by itself. */
void trust_assert_quiet (Extended *e);
