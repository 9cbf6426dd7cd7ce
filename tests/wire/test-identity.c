/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Identities: made once, found again, never replaced behind anybody's back. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/ahoy-identity.h"

typedef struct {
  char *dir;
  char *path; /* nothing there yet */
  char *mark; /* nor there */
} Fixture;

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->dir = g_dir_make_tmp ("ahoy-identity-XXXXXX", NULL);
  assert_non_null (fixture->dir);
  fixture->path = g_build_filename (fixture->dir, "identity.pem", NULL);
  fixture->mark = g_build_filename (fixture->dir, "identity.id", NULL);
  *state = fixture;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture    *fixture = *state;
  GDir       *dir = g_dir_open (fixture->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->mark);
  g_free (fixture);
  return 0;
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint            n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_made_and_found_again (void **state)
{
  Fixture                 *fixture = *state;
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoyIdentity) made = ahoy_identity_load_or_create (fixture->path, "The Hall", &error);
  g_autoptr (AhoyIdentity) found = NULL;
  g_autofree char         *contents = NULL;
  GStatBuf                 info;

  assert_null (error);
  assert_non_null (made);
  assert_int_equal (g_stat (fixture->path, &info), 0);
  assert_int_equal (info.st_mode & 07777, 0600);
  assert_int_equal (g_stat (fixture->mark, &info), 0);
  assert_int_equal (info.st_mode & 07777, 0600);
  assert_int_equal (count_files (fixture->dir), 2); /* nothing left over from writing them */

  assert_int_equal (strlen (ahoy_identity_get_id (made)), 26);
  assert_int_equal (strspn (ahoy_identity_get_id (made), "abcdefghijklmnopqrstuvwxyz234567"), 26);

  assert_int_equal (strlen (ahoy_identity_get_fingerprint (made)), 52);
  assert_memory_equal (ahoy_identity_get_fingerprint (made), ahoy_identity_get_id (made), 26);

  found = ahoy_identity_load_or_create (fixture->path, "Another Name", &error);
  assert_null (error);
  assert_string_equal (ahoy_identity_get_id (found), ahoy_identity_get_id (made));
  assert_string_equal (ahoy_identity_get_fingerprint (found), ahoy_identity_get_fingerprint (made));
  assert_string_equal (ahoy_identity_get_pem (found), ahoy_identity_get_pem (made));
  assert_true (g_file_get_contents (fixture->path, &contents, NULL, NULL));
  assert_string_equal (contents, ahoy_identity_get_pem (made));
}

static void
test_no_two_are_alike (void **state)
{
  Fixture                 *fixture = *state;
  g_autofree char         *other_path = g_build_filename (fixture->dir, "other.pem", NULL);
  g_autoptr (AhoyIdentity) one = ahoy_identity_load_or_create (fixture->path, "Same", NULL);
  g_autoptr (AhoyIdentity) other = ahoy_identity_load_or_create (other_path, "Same", NULL);

  assert_string_not_equal (ahoy_identity_get_id (one), ahoy_identity_get_id (other));
}

/* A second opinion on the id: SHA-256 over the SubjectPublicKeyInfo's own bytes, base32 written out bit by bit. */
static char *
id_of_public_key (gnutls_x509_crt_t certificate)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gnutls_datum_t        der = { NULL, 0 };
  gnutls_pubkey_t       key;
  guint8                hash[32];
  gsize                 len = sizeof hash;
  GString              *id = g_string_new (NULL);

  assert_int_equal (gnutls_pubkey_init (&key), 0);
  assert_int_equal (gnutls_pubkey_import_x509 (key, certificate, 0), 0);
  assert_int_equal (gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &der), 0);
  g_checksum_update (checksum, der.data, der.size);
  g_checksum_get_digest (checksum, hash, &len);
  for (guint i = 0; i < 26; i++)
    {
      guint five = 0;

      for (guint bit = i * 5; bit < i * 5 + 5; bit++)
        five = five << 1 | (hash[bit / 8] >> (7 - bit % 8) & 1);
      g_string_append_c (id, (char) (five < 26 ? 'a' + five : '2' + five - 26));
    }
  gnutls_free (der.data);
  gnutls_pubkey_deinit (key);
  return g_string_free (id, FALSE);
}

static void
test_what_the_certificate_says (void **state)
{
  Fixture                 *fixture = *state;
  g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (fixture->path, "Salle des fêtes", NULL);
  const char              *pem = ahoy_identity_get_pem (identity);
  const gnutls_datum_t     data = { (guint8 *) pem, (unsigned int) strlen (pem) };
  g_autofree char         *id = NULL;
  gnutls_x509_crt_t        certificate;
  gnutls_x509_privkey_t    key;
  gnutls_ecc_curve_t       curve;
  unsigned int             status = 0;
  char                     name[128];
  size_t                   size = sizeof name;

  assert_int_equal (gnutls_x509_crt_init (&certificate), 0);
  assert_int_equal (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_PEM), 0);
  assert_int_equal (gnutls_x509_privkey_init (&key), 0);
  assert_int_equal (gnutls_x509_privkey_import (key, &data, GNUTLS_X509_FMT_PEM), 0);

  assert_int_equal (gnutls_x509_privkey_export_ecc_raw (key, &curve, NULL, NULL, NULL), 0);
  assert_int_equal (curve, GNUTLS_ECC_CURVE_SECP256R1);
  assert_int_equal (gnutls_x509_crt_get_version (certificate), 3);
  assert_int_equal (gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size), 0);
  assert_string_equal (name, "Salle des fêtes");
  assert_int_equal (gnutls_x509_crt_check_issuer (certificate, certificate), 1);
  assert_int_equal (gnutls_x509_crt_verify (certificate, &certificate, 1, GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT, &status), 0);
  assert_int_equal (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED | GNUTLS_CERT_SIGNATURE_FAILURE), 0);
  assert_true (gnutls_x509_crt_get_activation_time (certificate) < 1000000000);
  assert_true (gnutls_x509_crt_get_expiration_time (certificate) > (time_t) 4000000000);

  id = id_of_public_key (certificate);
  assert_string_equal (ahoy_identity_get_id (identity), id);

  gnutls_x509_privkey_deinit (key);
  gnutls_x509_crt_deinit (certificate);
}

static void
test_any_name_will_do (void **state)
{
  static const char *const names[] = { "", "x", "a\xff"
                                                "b",
                                       "办公室",
                                       "0123456789012345678901234567890123456789012345678901234567890123456789" };
  Fixture                 *fixture = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char         *path = g_strdup_printf ("%s/%zu.pem", fixture->dir, i);
      g_autoptr (GError)       error = NULL;
      g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, names[i], &error);

      assert_null (error);
      assert_non_null (identity);
    }
}

/* The part of @pem from @begin on to the end of the block. */
static char *
block (const char *pem,
       const char *what)
{
  g_autofree char *begin = g_strdup_printf ("-----BEGIN %s-----", what);
  g_autofree char *end = g_strdup_printf ("-----END %s-----\n", what);
  const char      *from = strstr (pem, begin);
  const char      *to = strstr (pem, end);

  assert_non_null (from);
  assert_non_null (to);
  return g_strndup (from, (gsize) (to - from) + strlen (end));
}

/* Whatever is wrong with a file that is there: an error that names it, and the file as it was. */
static void
test_broken_files_are_left_alone (void **state)
{
  Fixture                 *fixture = *state;
  g_autofree char         *other_path = g_build_filename (fixture->dir, "other.pem", NULL);
  g_autofree char         *good_path = g_build_filename (fixture->dir, "good.pem", NULL);
  g_autoptr (AhoyIdentity) good = ahoy_identity_load_or_create (good_path, "x", NULL);
  g_autoptr (AhoyIdentity) other = ahoy_identity_load_or_create (other_path, "x", NULL);
  const char              *pem = ahoy_identity_get_pem (good);
  g_autofree char         *key = block (pem, "PRIVATE KEY");
  g_autofree char         *certificate = block (pem, "CERTIFICATE");
  g_autofree char         *other_certificate = block (ahoy_identity_get_pem (other), "CERTIFICATE");
  g_autofree char         *mixed = g_strconcat (key, other_certificate, NULL);
  g_autofree char         *cut = g_strndup (pem, strlen (pem) - 40);
  g_autofree char         *cut_in_key = g_strndup (pem, 100);
  g_autofree char         *flipped = g_strdup (pem);
  g_autofree char         *huge = g_strnfill (100 * 1024, 'x');
  const char *const        contents[] = { "", "\n", "garbage", key, certificate, mixed, cut, cut_in_key, flipped, huge };

  /* In the private key itself: what is left is a key, but not that of the certificate, whatever the public key beside it says. */
  strstr (flipped, "-----\n")[60] ^= 1;

  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char   *after = NULL;

      assert_true (g_file_set_contents (fixture->path, contents[i], -1, NULL));
      if (ahoy_identity_load_or_create (fixture->path, "x", &error) != NULL)
        fail_msg ("case %zu was accepted", i);
      assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA));
      assert_non_null (strstr (error->message, fixture->path));
      assert_true (g_file_get_contents (fixture->path, &after, NULL, NULL));
      assert_string_equal (after, contents[i]);
    }
}

/* The order in the file does not matter: somebody may have put it together by hand. */
static void
test_certificate_first (void **state)
{
  Fixture                 *fixture = *state;
  g_autofree char         *good_path = g_build_filename (fixture->dir, "good.pem", NULL);
  g_autoptr (AhoyIdentity) good = ahoy_identity_load_or_create (good_path, "x", NULL);
  g_autofree char         *key = block (ahoy_identity_get_pem (good), "PRIVATE KEY");
  g_autofree char         *certificate = block (ahoy_identity_get_pem (good), "CERTIFICATE");
  g_autofree char         *swapped = g_strconcat (certificate, key, NULL);
  g_autoptr (AhoyIdentity) identity = NULL;
  g_autoptr (GError)       error = NULL;

  assert_true (g_file_set_contents (fixture->path, swapped, -1, NULL));
  identity = ahoy_identity_load_or_create (fixture->path, "x", &error);
  assert_null (error);
  assert_string_equal (ahoy_identity_get_id (identity), ahoy_identity_get_id (good));
}

static void
test_what_cannot_be_read_or_written (void **state)
{
  Fixture           *fixture = *state;
  g_autofree char   *nowhere = g_build_filename (fixture->dir, "no", "such", "folder.pem", NULL);
  g_autoptr (GError) no_folder = NULL;
  g_autoptr (GError) a_folder = NULL;

  assert_null (ahoy_identity_load_or_create (nowhere, "x", &no_folder));
  assert_true (no_folder->domain == G_FILE_ERROR);
  assert_non_null (strstr (no_folder->message, "folder.pem"));

  assert_null (ahoy_identity_load_or_create (fixture->dir, "x", &a_folder));
  assert_true (a_folder->domain == G_FILE_ERROR);
  assert_non_null (strstr (a_folder->message, fixture->dir));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_made_and_found_again, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_no_two_are_alike, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_what_the_certificate_says, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_any_name_will_do, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_broken_files_are_left_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_certificate_first, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_what_cannot_be_read_or_written, set_up, tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
