/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* An operator's own key and certificate. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gnutls/x509.h>
#include <string.h>

#include "identity-fixture.h"
#include "wire/ahoy-identity.h"

static AhoyIdentity *
load (IdentityFixture *fixture,
      const char      *key,
      const char      *certificate,
      GError         **error)
{
  g_autofree char *key_path = identity_path (fixture, key);
  g_autofree char *certificate_path = identity_path (fixture, certificate);

  return ahoy_identity_load_pair (key_path, certificate_path, error);
}

/* Reads them, sees the key that openssl sees, and gives a TLS library what it can use: @n certificates and their key. */
static void
assert_loaded (IdentityFixture *fixture,
               const char      *key,
               const char      *certificate,
               guint            n)
{
  g_autoptr (GError)               error = NULL;
  g_autoptr (AhoyIdentity)         identity = load (fixture, key, certificate, &error);
  g_autofree char                 *expected = identity_second_opinion (fixture, key, "");
  gnutls_certificate_credentials_t credentials;
  gnutls_x509_crt_t               *chain = NULL;
  unsigned int                     n_chain = 0;
  gnutls_datum_t                   pem;

  if (identity == NULL)
    fail_msg ("%s: %s", key, error->message);
  assert_string_equal (ahoy_identity_get_fingerprint (identity), expected);
  assert_memory_equal (ahoy_identity_get_id (identity), expected, 26);

  pem.data = (guint8 *) ahoy_identity_get_pem (identity);
  pem.size = (unsigned int) strlen (ahoy_identity_get_pem (identity));
  assert_int_equal (gnutls_certificate_allocate_credentials (&credentials), 0);
  assert_true (gnutls_certificate_set_x509_key_mem (credentials, &pem, &pem, GNUTLS_X509_FMT_PEM) >= 0);
  assert_int_equal (gnutls_certificate_get_x509_crt (credentials, 0, &chain, &n_chain), 0);
  assert_int_equal (n_chain, n);
  for (unsigned int i = 0; i < n_chain; i++)
    gnutls_x509_crt_deinit (chain[i]);
  gnutls_free (chain);
  gnutls_certificate_free_credentials (credentials);
}

static void
assert_refused (IdentityFixture *fixture,
                const char      *key,
                const char      *certificate,
                GIOErrorEnum     code)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoyIdentity) identity = load (fixture, key, certificate, &error);

  if (identity != NULL)
    fail_msg ("%s with %s was taken", key, certificate);
  if (!g_error_matches (error, G_IO_ERROR, (int) code))
    fail_msg ("%s with %s: not %d but: %s", key, certificate, code, error->message);
  assert_non_null (strstr (error->message, key));
  assert_non_null (strstr (error->message, certificate));
}

static void
test_kinds_of_keys (void **state)
{
  static const char *const kinds[] = { "p256", "p384", "p521", "ed25519", "ed448", "rsa", "pss" };
  IdentityFixture         *fixture = *state;

  identity_run (fixture,
                "for bits in 256 384 521; do openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-$bits -out p$bits.key; done\n"
                "openssl genpkey -algorithm ED25519 -out ed25519.key\n"
                "openssl genpkey -algorithm ED448 -out ed448.key\n"
                "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key\n"
                "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key\n"
                "for key in *.key; do openssl req -x509 -new -key $key -subj /CN=x -days 30 -out ${key%.key}.crt; done\n");
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *key = g_strconcat (kinds[i], ".key", NULL);
      g_autofree char *certificate = g_strconcat (kinds[i], ".crt", NULL);

      assert_loaded (fixture, key, certificate, 1);
    }
}

static void
test_ways_of_writing (void **state)
{
  IdentityFixture *fixture = *state;

  identity_run (fixture,
                "openssl ecparam -name prime256v1 -genkey -out params.key\n"                        /* with its parameters before it */
                "openssl req -x509 -new -key params.key -subj /CN=x -days 30 -text -out text.crt\n" /* with words before it */
                "cat params.key text.crt > both.pem\n"
                "openssl genrsa -traditional -out rsa.key 2048\n"
                "openssl req -x509 -new -key rsa.key -subj /CN=x -days 30 -out rsa.crt\n"
                "certtool --generate-privkey --key-type ed25519 --outfile gnutls.key 2>&1\n"
                "printf 'cn=x\\nexpiration_days=30\\n' > template\n"
                "certtool --generate-self-signed --load-privkey gnutls.key --template template --outfile gnutls.crt 2>&1\n");
  assert_loaded (fixture, "params.key", "text.crt", 1);
  assert_loaded (fixture, "both.pem", "both.pem", 1);
  assert_loaded (fixture, "rsa.key", "rsa.crt", 1);
  assert_loaded (fixture, "gnutls.key", "gnutls.crt", 1);
}

/* Signed by the house's own authority, which comes after it. */
static void
test_chain (void **state)
{
  IdentityFixture *fixture = *state;

  identity_run (fixture,
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca.key\n"
                "openssl req -x509 -new -key ca.key -subj /CN=House -days 30 -out ca.crt\n"
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out hall.key\n"
                "openssl req -new -key hall.key -subj /CN=Hall -out hall.csr\n"
                "openssl x509 -req -in hall.csr -CA ca.crt -CAkey ca.key -days 30 -out hall.crt 2> /dev/null\n"
                "cat hall.crt ca.crt > chain.crt; cat ca.crt hall.crt > reversed.crt\n");
  assert_loaded (fixture, "hall.key", "hall.crt", 1);
  assert_loaded (fixture, "hall.key", "chain.crt", 2);
  assert_refused (fixture, "hall.key", "reversed.crt", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "hall.key", "ca.crt", G_IO_ERROR_INVALID_DATA);
}

static void
test_what_cannot_be_used (void **state)
{
  IdentityFixture   *fixture = *state;
  g_autoptr (GError) error = NULL;

  identity_write (fixture, "empty", "");
  identity_write (fixture, "garbage", "garbage");
  identity_run (fixture,
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key\n"
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out b.key\n"
                "openssl req -x509 -new -key a.key -subj /CN=x -days 30 -out a.crt\n"
                "openssl pkcs8 -topk8 -in a.key -passout pass:p -out locked.key\n"
                "openssl pkey -in a.key -traditional -aes128 -passout pass:p -out locked-old.key\n"
                "openssl genrsa -out short.key 1024\n"
                "openssl req -x509 -new -key short.key -subj /CN=x -days 30 -out short.crt\n"
                "openssl ecparam -name secp224r1 -genkey -noout -out curve.key\n"
                "openssl req -x509 -new -key curve.key -subj /CN=x -days 30 -out curve.crt\n"
                "openssl req -x509 -new -key a.key -subj /CN=x -days 30 -addext keyUsage=critical,keyCertSign -out authority.crt\n"
                "openssl dsaparam -genkey -noout -out dsa.key 1024 2> /dev/null\n"
                "openssl req -x509 -new -key dsa.key -subj /CN=x -days 30 -out dsa.crt\n");

  assert_refused (fixture, "b.key", "a.crt", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "empty", "a.crt", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "a.key", "empty", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "garbage", "a.crt", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "a.key", "garbage", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "a.crt", "a.key", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "locked.key", "a.crt", G_IO_ERROR_PERMISSION_DENIED);
  assert_refused (fixture, "locked-old.key", "a.crt", G_IO_ERROR_PERMISSION_DENIED);
  assert_refused (fixture, "short.key", "short.crt", G_IO_ERROR_NOT_SUPPORTED);
  assert_refused (fixture, "curve.key", "curve.crt", G_IO_ERROR_NOT_SUPPORTED);
  assert_refused (fixture, "a.key", "authority.crt", G_IO_ERROR_NOT_SUPPORTED);
  assert_refused (fixture, "dsa.key", "dsa.crt", G_IO_ERROR_NOT_SUPPORTED);

  assert_null (load (fixture, "nothing", "a.crt", &error));
  assert_true (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  g_clear_error (&error);
  assert_null (load (fixture, "a.key", "nothing", &error));
  assert_true (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_kinds_of_keys, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_ways_of_writing, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_chain, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_what_cannot_be_used, identity_set_up, identity_tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
