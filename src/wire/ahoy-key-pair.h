/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/* A key pair is a private key and its certificate, while an identity is made, read or copied: what the identity's files have in common; elsewhere use
 * AhoyIdentity.
 *
 * Errors say what is wrong, not with which file: G_IO_ERROR_INVALID_DATA (damaged, or something else), _PERMISSION_DENIED (the passphrase
 * is wrong or missing), _NOT_SUPPORTED (a kind of key that nobody can use), _FAILED. */

typedef struct {
  /* Owned */
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t    *certificates; /* the key's own first; then who signed it, if anybody did */
  unsigned int          n_certificates;
  char                 *fingerprint;
} AhoyKeyPair;

/* Each of these makers returns (transfer full) a pair, or NULL with an error. */

/* Makes a new key with a certificate of its own. */
AhoyKeyPair *ahoy_key_pair_generate (const char *common_name,
                                     GError    **error);
/* Reads a key from @key_pem and its certificates from @certificate_pem, which may be one text; what else stands in them is passed over. */
AhoyKeyPair *ahoy_key_pair_read (const char *key_pem,
                                 gsize       key_len,
                                 const char *certificate_pem,
                                 gsize       certificate_len,
                                 GError    **error);
/* Reads @data: PKCS #8 in PEM or DER, or PKCS #12. Without a certificate that is the key's own, it gets a new one. @passphrase: nullable. */
AhoyKeyPair *ahoy_key_pair_unlock (const char *data,
                                   gsize       len,
                                   const char *passphrase,
                                   GError    **error);
void         ahoy_key_pair_free (AhoyKeyPair *self);

/* Writes the pair as PKCS #8 and its certificates, in PEM. @passphrase (nullable): NULL: in clear.
 * Returns: (transfer full): free it with ahoy_secret_free(); NULL with an error. */
char *ahoy_key_pair_to_pem (const AhoyKeyPair *self,
                            const char        *passphrase,
                            GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoyKeyPair, ahoy_key_pair_free)

G_END_DECLS
