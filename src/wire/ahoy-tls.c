/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the TLS links of one program have in common. */

#include "wire/ahoy-tls.h"

#include <string.h>

#include "wire/ahoy-tls-private.h"

/* Spelled out, so that no system-wide idea of "normal" adds to it: both versions with forward secrecy and authenticated encryption only,
 * the cheap and well-kept curves first. FFDHE and plain RSA key exchange are left out: they cost a server much and clients little. */
static const char priorities[] = "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+CTYPE-X509:+COMP-NULL"
                                 ":+ECDHE-ECDSA:+ECDHE-RSA:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1"
                                 ":+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+AEAD"
                                 ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SHA256:+SIGN-EDDSA-ED25519:+SIGN-ECDSA-SECP384R1-SHA384"
                                 ":+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SECP521R1-SHA512:+SIGN-ECDSA-SHA512:+SIGN-EDDSA-ED448"
                                 ":+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512"
                                 ":+SIGN-RSA-PSS-SHA256:+SIGN-RSA-PSS-SHA384:+SIGN-RSA-PSS-SHA512"
                                 ":+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512";

/* clang-format off */
G_DEFINE_QUARK (ahoy-tls-error-quark, ahoy_tls_error)
/* clang-format on */

AhoyTls *
ahoy_tls_new (AhoyIdentity *identity,
              GError      **error)
{
  g_autoptr (AhoyTls) self = NULL;
  int                 result;

  g_return_val_if_fail (identity == NULL || AHOY_IS_IDENTITY (identity), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_new0 (AhoyTls, 1);
  self->ref_count = 1;
  self->output = g_byte_array_new ();

  result = gnutls_certificate_allocate_credentials (&self->credentials);
  if (result >= 0)
    result = gnutls_priority_init2 (&self->priorities, priorities, NULL, 0);
  if (result >= 0 && identity != NULL)
    {
      const char          *pem = ahoy_identity_get_pem (identity);
      const gnutls_datum_t data = { (guint8 *) pem, (unsigned int) strlen (pem) };

      result = gnutls_certificate_set_x509_key_mem (self->credentials, &data, &data, GNUTLS_X509_FMT_PEM);
    }
  if (result < 0)
    {
      g_set_error (error, AHOY_TLS_ERROR, AHOY_TLS_ERROR_HANDSHAKE, "TLS cannot be used with this identity: %s", gnutls_strerror (result));
      return NULL;
    }

  return g_steal_pointer (&self);
}

AhoyTls *
ahoy_tls_ref (AhoyTls *self)
{
  g_return_val_if_fail (self != NULL && self->ref_count > 0, NULL);

  self->ref_count++;
  return self;
}

void
ahoy_tls_unref (AhoyTls *self)
{
  g_return_if_fail (self != NULL && self->ref_count > 0);

  if (--self->ref_count > 0)
    return;

  if (self->credentials != NULL)
    gnutls_certificate_free_credentials (self->credentials);
  if (self->priorities != NULL)
    gnutls_priority_deinit (self->priorities);
  g_byte_array_unref (self->output);
  gnutls_memset (self->plain, 0, sizeof self->plain);
  g_free (self);
}
