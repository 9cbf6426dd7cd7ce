/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

#include "wire/ahoy-identity.h"

G_BEGIN_DECLS

/* AhoyTls is what the TLS links of one program have in common: who we are to their peers, what is agreed to, and the buffers that are needed only
 * while bytes go through. PROTOCOL.md, "TLS". All links that share one are on polls of one thread. */

typedef struct _AhoyTls AhoyTls;

#define AHOY_TLS_ERROR (ahoy_tls_error_quark ())
GQuark ahoy_tls_error_quark (void);

typedef enum {
  AHOY_TLS_ERROR_NOT_TLS,   /* the peer answered our hello with something that is not TLS */
  AHOY_TLS_ERROR_HUNG_UP,   /* the peer answered our hello by hanging up, without a word: it does not know TLS, or is going down */
  AHOY_TLS_ERROR_HANDSHAKE, /* it speaks TLS, but there is no agreement with it, or it breaks the rules */
  AHOY_TLS_ERROR_RECORD,    /* after the handshake: a record that is broken, forged or not allowed, or the peer's alert */
} AhoyTlsError;

/* @identity (nullable): what we show and prove; a client may show nothing, a server cannot.
 * Returns: (transfer full): NULL with an AHOY_TLS_ERROR_HANDSHAKE when GnuTLS has no use for the identity. */
AhoyTls *ahoy_tls_new (AhoyIdentity *identity,
                       GError      **error);
AhoyTls *ahoy_tls_ref (AhoyTls *tls);
/* Links that were made with it hold references too. */
void ahoy_tls_unref (AhoyTls *tls);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyTls, ahoy_tls_unref)

G_END_DECLS
