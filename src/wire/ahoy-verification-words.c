/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Keys as four words. */

#include "wire/ahoy-verification-words.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "wire/ahoy-fingerprint.h"

#define SALT "ahoy four words"
/* 2^16: finding a key with the same 44 bits costs 2^60 rounds. */
#define ROUNDS 65536
#define WORD_BITS 11
#define HASH_BYTES ((AHOY_VERIFICATION_WORDS_N * WORD_BITS + 7) / 8)

/* One row of four-words.txt each. Fixed for ever: what people compared yesterday must read the same tomorrow. */
static const char words[][AHOY_VERIFICATION_WORD_MAX_CHARS + 1] = {
#include "ahoy-verification-words-list.h"
};

G_STATIC_ASSERT (G_N_ELEMENTS (words) == AHOY_VERIFICATION_WORDS_LIST);
G_STATIC_ASSERT (AHOY_VERIFICATION_WORDS_LIST == 1 << WORD_BITS);

gboolean
ahoy_verification_words_of (const char *id_or_fingerprint,
                            guint       indices[AHOY_VERIFICATION_WORDS_N])
{
  const gnutls_datum_t id = { (guint8 *) id_or_fingerprint, AHOY_ID_CHARS };
  const gnutls_datum_t salt = { (guint8 *) SALT, strlen (SALT) };
  guint8               hash[HASH_BYTES];
  guint64              bits = 0;

  g_return_val_if_fail (indices != NULL, FALSE);

  if (!ahoy_fingerprint_is_valid (id_or_fingerprint) && !ahoy_fingerprint_is_id (id_or_fingerprint))
    return FALSE;
  if (gnutls_pbkdf2 (GNUTLS_MAC_SHA256, &id, &salt, ROUNDS, hash, sizeof hash) < 0)
    return FALSE;

  for (gsize i = 0; i < sizeof hash; i++)
    bits = bits << 8 | hash[i];
  bits >>= HASH_BYTES * 8 - AHOY_VERIFICATION_WORDS_N * WORD_BITS;
  for (guint i = 0; i < AHOY_VERIFICATION_WORDS_N; i++)
    indices[i] = (guint) (bits >> ((AHOY_VERIFICATION_WORDS_N - 1 - i) * WORD_BITS)) & (AHOY_VERIFICATION_WORDS_LIST - 1);
  return TRUE;
}

const char *
ahoy_verification_words_get (guint index)
{
  g_return_val_if_fail (index < AHOY_VERIFICATION_WORDS_LIST, NULL);

  return words[index];
}

char *
ahoy_verification_words_join (const char *id_or_fingerprint)
{
  guint i[AHOY_VERIFICATION_WORDS_N];

  if (!ahoy_verification_words_of (id_or_fingerprint, i))
    return NULL;
  return g_strjoin (" ", words[i[0]], words[i[1]], words[i[2]], words[i[3]], NULL);
}
