/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gnutls/gnutls.h>

#include "wire/ahoy-limits.h"
#include "wire/ahoy-tls.h"

G_BEGIN_DECLS

/* The inside of TLS, for its own files only. */

/* Plaintext that fits in one record. */
#define AHOY_TLS_RECORD_MAX (16 * 1024)
/* What one read takes from the socket, so that it fits decrypted behind an unfinished record that came before. */
#define AHOY_TLS_INPUT_MAX (AHOY_LINK_READ_BUDGET - AHOY_TLS_RECORD_MAX)

struct _AhoyTls {
  /* Owned */
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t                priorities;
  GByteArray                      *output; /* ciphertext of one operation, before it is sent */

  guint  ref_count;
  guint8 plain[AHOY_TLS_RECORD_MAX]; /* what becomes one record */
  guint8 input[AHOY_TLS_INPUT_MAX];  /* ciphertext of one read */
};

/* To be called before the handshake: has keys and certificates refused that are made to be dear, before they cost anything.
 * @fingerprint (out) (transfer full): of the key that the peer's signature is checked with, if it signs; proved when the handshake is done.
 * It must live as long as @session, and is NULL now. */
void ahoy_tls_peer_watch (gnutls_session_t session,
                          char           **fingerprint);

G_END_DECLS
