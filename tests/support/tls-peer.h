/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gnutls/gnutls.h>

#include "support/link-side.h"
#include "wire/ahoy-tls.h"

/* For tests of links over TLS: what they need to be secure themselves, and a peer that is plain GnuTLS and can misbehave. */

/* Returns: (transfer full): with a fresh identity. @id (out) (transfer full) (optional). */
AhoyTls *test_tls_new (char **id);

/* What a peer shows. */
typedef enum {
  PEER_NOTHING,
  PEER_P256,
  PEER_P384,
  PEER_ED25519,
  PEER_RSA_2048,
  PEER_EXPIRED,  /* P-256 */
  PEER_BARE_RSA, /* RSA with nothing but a key that costs little, and a signature of nonsense */
  PEER_DEAR_RSA, /* the same with an exponent as long as its modulus */
  PEER_LARGE,    /* P-256, in a certificate of more than four kilobytes */
  PEER_CHAIN,    /* P-256, with more certificates behind it than anybody has */
} PeerKey;

typedef struct {
  gnutls_session_t                 session;
  gnutls_certificate_credentials_t credentials;
  Side                            *side;        /* Borrowed: its fd is the peer's */
  char                            *fingerprint; /* of what it shows; NULL: nothing */
  gsize                            bite;        /* bytes that go through in one read or write at most; 0: any */
  gsize                            allowance;   /* with a bite: bytes until it takes a rest */
  GByteArray                      *heard;       /* all that came from the link, as it came */
} TlsPeer;

#define PEER_TLS_1_3 "NORMAL:-VERS-ALL:+VERS-TLS1.3"
#define PEER_TLS_1_2 "NORMAL:-VERS-ALL:+VERS-TLS1.2"

/* @flags: GNUTLS_SERVER or GNUTLS_CLIENT. */
TlsPeer *tls_peer_new (Side        *side,
                       unsigned int flags,
                       const char  *priorities,
                       PeerKey      key);
void     tls_peer_free (TlsPeer *peer);

/* One try; then the link's turn. Returns: what GnuTLS says. */
int tls_peer_step (TlsPeer *peer);
/* Until it is done or fails. Returns: what GnuTLS says. */
int  tls_peer_shake (TlsPeer *peer);
void tls_peer_says (TlsPeer    *peer,
                    const char *text);
/* @last (out) (optional): what GnuTLS said at the end: GNUTLS_E_AGAIN, or 0 for close_notify.
 * Returns: (transfer full): all that is there now. */
GString *tls_peer_read (TlsPeer *peer,
                        int     *last);
/* Records of application data, as the link sent them. In TLS 1.3 what else is encrypted looks like that too. */
guint tls_peer_count_records (TlsPeer *peer);

/* A side whose link is the server's end; the peer's raw socket is the side's fd. */
Side *secure_side_new_accepted (LinkFixture *fixture,
                                AhoyTls     *tls);
/* And the client's. */
Side *secure_side_new (LinkFixture *fixture,
                       AhoyTls     *tls);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsPeer, tls_peer_free)
