/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Public keys as text. */

#include "wire/ahoy-fingerprint.h"

#include <gnutls/x509.h>
#include <string.h>

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

char *
ahoy_fingerprint_of_hash (const guint8 hash[AHOY_KEY_HASH_BYTES])
{
  char *text = g_malloc (AHOY_FINGERPRINT_CHARS + 1);

  for (gsize i = 0; i < AHOY_FINGERPRINT_CHARS; i++)
    {
      gsize byte = i * 5 / 8;
      guint pair = (guint) hash[byte] << 8 | (byte + 1 < AHOY_KEY_HASH_BYTES ? hash[byte + 1] : 0);

      text[i] = alphabet[(pair >> (11 - i * 5 % 8)) & 31];
    }
  text[AHOY_FINGERPRINT_CHARS] = '\0';
  return text;
}

char *
ahoy_fingerprint_of_der (const guint8 *certificate,
                         gsize         len)
{
  const gnutls_datum_t der = { (guint8 *) certificate, (unsigned int) len };
  guint8               hash[AHOY_KEY_HASH_BYTES];
  size_t               size = sizeof hash;
  gnutls_x509_crt_t    read;
  char                *text = NULL;

  g_return_val_if_fail (certificate != NULL || len == 0, NULL);

  if (len == 0 || len > G_MAXINT || gnutls_x509_crt_init (&read) < 0)
    return NULL;
  if (gnutls_x509_crt_import (read, &der, GNUTLS_X509_FMT_DER) >= 0 && gnutls_x509_crt_get_key_id (read, GNUTLS_KEYID_USE_SHA256, hash, &size) >= 0 && size == sizeof hash)
    text = ahoy_fingerprint_of_hash (hash);
  gnutls_x509_crt_deinit (read);
  return text;
}

gboolean
ahoy_fingerprint_is_valid (const char *text)
{
  return text != NULL && strspn (text, alphabet) == AHOY_FINGERPRINT_CHARS && text[AHOY_FINGERPRINT_CHARS] == '\0';
}

gboolean
ahoy_fingerprint_is_id (const char *text)
{
  return text != NULL && strspn (text, alphabet) == AHOY_ID_CHARS && text[AHOY_ID_CHARS] == '\0';
}
