/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Fingerprints: the same as others compute, and nothing from garbage. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/ahoy-fingerprint.h"

/* Made with `openssl req -x509 -new`; the fingerprints with `openssl pkey -pubout -outform DER | openssl sha256 -binary | base32`. */
static const char p256_base64[] =
  "MIIBbjCCAROgAwIBAgIUYJYSYULyexBScyHi00Io9Z3/IUcwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBeDAeFw0yNjExMjIwMjA4NThaFw0yNjExMjMw"
  "MjA4NThaMAwxCjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATkE9fQbt/BvKsP2ErEdAY5po/sqlQihOgTa5q4yRTGikBmDiS5mS6f"
  "r9T44FyMlo3kO4QhXE4G2UcGNqLcg7ILo1MwUTAdBgNVHQ4EFgQUrnhsIebv0Fjs2dFbRIND3D6iU1YwHwYDVR0jBBgwFoAUrnhsIebv0Fjs2dFbRIND"
  "3D6iU1YwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAxnzs4NiHJBqWRXJRvgymlrXY5aXmMg0PFrmN/1WvMB4CIQC4Sdtsboo2ML0Z"
  "FCUarlQ6rHe678x1sqRgrKCGwbn8Gg==";
static const char p256_fingerprint[] = "c2alzjlkmo6rmx4vb57z6be6sxxkh62pkufhsrtw7c2bf43cmbta";
static const char ed25519_base64[] =
  "MIIBLDCB36ADAgECAhQzjp2+PrPJzAcbY9qq8dGar0wIzzAFBgMrZXAwDDEKMAgGA1UEAwwBeDAeFw0yNjExMjIwMjA4NThaFw0yNjExMjMwMjA4NTha"
  "MAwxCjAIBgNVBAMMAXgwKjAFBgMrZXADIQD/curuFIOnGqpz8sWy5B5T2RJ45vFXV21SEjR+XBozlqNTMFEwHQYDVR0OBBYEFOk9t+GMI0wUJTVb8P9Y"
  "iS7b4bHhMB8GA1UdIwQYMBaAFOk9t+GMI0wUJTVb8P9YiS7b4bHhMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA/wVg8DRLMi88aFPFe7Sb3zdqN4LE"
  "YQ/9OMgVqiqK318rslCKQnfIscBwSft+fvtF8o9EsejO3RhOK+UBnAWGAQ==";
static const char ed25519_fingerprint[] = "ody3m5sezzjoc42rxvgsdvyxsxtejdozmexlwwx2hcvawmimx26a";

static void
assert_fingerprint (const char *certificate_base64,
                    const char *expected)
{
  gsize              len;
  g_autofree guint8 *der = g_base64_decode (certificate_base64, &len);
  g_autofree char   *fingerprint = ahoy_fingerprint_of_der (der, len);

  assert_non_null (fingerprint);
  assert_string_equal (fingerprint, expected);
  assert_true (ahoy_fingerprint_is_valid (fingerprint));
}

static void
test_as_others_compute_it (void **state)
{
  assert_fingerprint (p256_base64, p256_fingerprint);
  assert_fingerprint (ed25519_base64, ed25519_fingerprint);
}

/* RFC 4648 by `base32`, of bits that are all there, all missing and all different. */
static void
test_base32 (void **state)
{
  static const guint8 zeros[AHOY_KEY_HASH_BYTES] = { 0 };
  guint8              ones[AHOY_KEY_HASH_BYTES];
  guint8              counted[AHOY_KEY_HASH_BYTES];
  g_autofree char    *of_zeros = ahoy_fingerprint_of_hash (zeros);
  g_autofree char    *of_ones = NULL;
  g_autofree char    *of_counted = NULL;

  memset (ones, 0xff, sizeof ones);
  for (guint i = 0; i < sizeof counted; i++)
    counted[i] = (guint8) i;
  of_ones = ahoy_fingerprint_of_hash (ones);
  of_counted = ahoy_fingerprint_of_hash (counted);
  assert_string_equal (of_zeros, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  assert_string_equal (of_ones, "777777777777777777777777777777777777777777777777777q");
  assert_string_equal (of_counted, "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq");
}

/* Cut anywhere, and every byte changed: never read past the end, and nothing made up from what is no certificate. */
static void
test_garbage (void **state)
{
  gsize              len;
  g_autofree guint8 *der = g_base64_decode (p256_base64, &len);

  assert_null (ahoy_fingerprint_of_der (NULL, 0));
  assert_null (ahoy_fingerprint_of_der ((const guint8 *) "garbage", 7));
  for (gsize cut = 0; cut < len; cut++)
    {
      g_autofree guint8 *part = g_memdup2 (der, MAX (cut, 1)); /* of its own, so that a sanitizer sees the end */

      assert_null (ahoy_fingerprint_of_der (part, cut));
    }
  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *changed = g_memdup2 (der, len);
      g_autofree char   *fingerprint = NULL;

      changed[i] ^= 0xff;
      fingerprint = ahoy_fingerprint_of_der (changed, len);
      assert_true (fingerprint == NULL || ahoy_fingerprint_is_valid (fingerprint));
    }
}

static void
test_valid (void **state)
{
  g_autofree char *id = g_strndup (p256_fingerprint, AHOY_ID_CHARS);
  g_autofree char *longer = g_strconcat (p256_fingerprint, "a", NULL);
  g_autofree char *upper = g_ascii_strup (p256_fingerprint, -1);
  g_autofree char *spaced = g_strdup (p256_fingerprint);

  spaced[20] = ' ';
  assert_true (ahoy_fingerprint_is_valid (p256_fingerprint));
  assert_false (ahoy_fingerprint_is_valid (id));
  assert_false (ahoy_fingerprint_is_valid (longer));
  assert_false (ahoy_fingerprint_is_valid (upper));
  assert_false (ahoy_fingerprint_is_valid (spaced));
  assert_false (ahoy_fingerprint_is_valid (""));
  assert_false (ahoy_fingerprint_is_valid (NULL));

  assert_true (ahoy_fingerprint_is_id (id));
  assert_false (ahoy_fingerprint_is_id (p256_fingerprint));
  assert_false (ahoy_fingerprint_is_id ("0123456789012345678901234a"));
  assert_false (ahoy_fingerprint_is_id (""));
  assert_false (ahoy_fingerprint_is_id (NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_as_others_compute_it),
    cmocka_unit_test (test_base32),
    cmocka_unit_test (test_garbage),
    cmocka_unit_test (test_valid),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
