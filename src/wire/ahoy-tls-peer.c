/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells who is at the other end of a TLS session: any key will do, as long as it can be checked in a moment. */

#include <gnutls/x509.h>

#include "wire/ahoy-fingerprint.h"
#include "wire/ahoy-tls-private.h"

/* Reading a certificate costs the square of its length when it is made to: a hundred milliseconds for one that fills a handshake message,
 * now and again. One of an RSA key at its largest, under another such signature, is half as long as this. */
#define CERTIFICATE_MAX 4096
#define CHAIN_MAX 8
/* Checking a signature costs what the key's owner chose. With these an RSA key costs us half a millisecond at most; with an exponent as long
 * as the largest modulus that fits in a handshake it would be four seconds. */
#define RSA_MODULUS_MAX_BITS 8192
#define RSA_EXPONENT_MAX_BITS 32

/* The length in the @size bytes at @at, and steps behind it. Returns: G_MAXSIZE when they are not there. */
static gsize
take_length (const gnutls_datum_t *message,
             gsize                *at,
             gsize                 size)
{
  gsize length = 0;

  if (*at > message->size || message->size - *at < size)
    return G_MAXSIZE;
  for (gsize i = 0; i < size; i++)
    length = length << 8 | message->data[(*at)++];
  return length;
}

/* Whether GnuTLS may read the certificates of this message. What is not in the form of one it refuses itself. */
static gboolean
is_short (gnutls_session_t      session,
          const gnutls_datum_t *message)
{
  gboolean newer = gnutls_protocol_get_version (session) >= GNUTLS_TLS1_3;
  gsize    at = 0;
  gsize    length;

  /* RFC 8446, 4.4.2: a context, and extensions behind each certificate. RFC 5246, 7.4.2: neither. */
  if (newer && (length = take_length (message, &at, 1)) != G_MAXSIZE)
    at += length;
  take_length (message, &at, 3);
  for (guint n = 0; (length = take_length (message, &at, 3)) != G_MAXSIZE; n++)
    {
      if (n == CHAIN_MAX || length > CERTIFICATE_MAX)
        return FALSE;
      at += length;
      if (newer && (length = take_length (message, &at, 2)) != G_MAXSIZE)
        at += length;
    }
  return TRUE;
}

static gsize
count_bits (const gnutls_datum_t *number)
{
  for (unsigned int i = 0; i < number->size; i++)
    if (number->data[i] != 0)
      return (gsize) (number->size - i) * 8;
  return 0;
}

static gboolean
is_cheap (gnutls_x509_crt_t certificate)
{
  const int      kind = gnutls_x509_crt_get_pk_algorithm (certificate, NULL);
  gnutls_datum_t modulus = { NULL, 0 };
  gnutls_datum_t exponent = { NULL, 0 };
  gboolean       cheap;

  /* Curves cost what their group does, and only those in our priorities are taken. */
  if (kind != GNUTLS_PK_RSA && kind != GNUTLS_PK_RSA_PSS)
    return TRUE;
  cheap = gnutls_x509_crt_get_pk_rsa_raw (certificate, &modulus, &exponent) >= 0 && count_bits (&modulus) <= RSA_MODULUS_MAX_BITS && count_bits (&exponent) <= RSA_EXPONENT_MAX_BITS;
  gnutls_free (modulus.data);
  gnutls_free (exponent.data);
  return cheap;
}

/* Reads the peer's certificate, once. */
static int
look_at_key (gnutls_session_t session,
             char           **fingerprint)
{
  unsigned int          n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (session, &n);
  guint8                hash[AHOY_KEY_HASH_BYTES];
  size_t                size = sizeof hash;
  gnutls_x509_crt_t     certificate;
  int                   code = GNUTLS_E_CERTIFICATE_ERROR;

  if (chain == NULL || n == 0 || gnutls_x509_crt_init (&certificate) < 0)
    return code;
  if (gnutls_x509_crt_import (certificate, &chain[0], GNUTLS_X509_FMT_DER) >= 0 && is_cheap (certificate) && gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, hash, &size) >= 0 && size == sizeof hash)
    {
      g_free (*fingerprint);
      *fingerprint = ahoy_fingerprint_of_hash (hash);
      code = 0;
    }
  gnutls_x509_crt_deinit (certificate);
  return code;
}

/* Runs when a message has come and before GnuTLS reads the certificates in it, or checks the signature. */
static int
on_message (gnutls_session_t      session,
            unsigned int          type,
            unsigned int          when,
            unsigned int          incoming,
            const gnutls_datum_t *message)
{
  if (!incoming)
    return 0;
  switch (type)
    {
    case GNUTLS_HANDSHAKE_CERTIFICATE_PKT:
      return is_short (session, message) ? 0 : GNUTLS_E_CERTIFICATE_ERROR;
    case GNUTLS_HANDSHAKE_CERTIFICATE_VERIFY:
    case GNUTLS_HANDSHAKE_SERVER_KEY_EXCHANGE:
      return look_at_key (session, gnutls_session_get_ptr (session));
    default:
      return 0;
    }
}

void
ahoy_tls_peer_watch (gnutls_session_t session,
                     char           **fingerprint)
{
  gnutls_session_set_ptr (session, fingerprint);
  gnutls_handshake_set_hook_function (session, GNUTLS_HANDSHAKE_ANY, GNUTLS_HOOK_POST, on_message);
}
