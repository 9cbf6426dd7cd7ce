/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Identities that travel: exported, imported from ours and from others' files, and what stays behind. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity-fixture.h"
#include "wire/ahoy-identity.h"

static AhoyIdentity *
import (IdentityFixture *fixture,
        const char      *name,
        const char      *passphrase,
        GError         **error)
{
  g_autofree char *file = identity_path (fixture, name);

  return ahoy_identity_import (file, passphrase, fixture->path, error);
}

/* @name opens with @passphrase, and holds the key that openssl finds in @key. */
static void
assert_imported (IdentityFixture *fixture,
                 const char      *name,
                 const char      *passphrase,
                 const char      *key)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoyIdentity) imported = import (fixture, name, passphrase, &error);
  g_autoptr (AhoyIdentity) found = NULL;
  g_autofree char         *expected = identity_second_opinion (fixture, key, "");

  if (imported == NULL)
    fail_msg ("%s: %s", name, error->message);
  assert_string_equal (ahoy_identity_get_fingerprint (imported), expected);
  found = ahoy_identity_load_or_create (fixture->path, "x", &error);
  assert_null (error);
  assert_string_equal (ahoy_identity_get_fingerprint (found), expected);
}

static void
assert_refused (IdentityFixture *fixture,
                const char      *name,
                const char      *passphrase,
                GIOErrorEnum     code)
{
  g_autoptr (GError)       error = NULL;
  g_autoptr (AhoyIdentity) imported = import (fixture, name, passphrase, &error);

  if (imported != NULL)
    fail_msg ("%s was imported", name);
  if (!g_error_matches (error, G_IO_ERROR, (int) code))
    fail_msg ("%s: not %d but: %s", name, code, error->message);
  assert_non_null (strstr (error->message, name));
}

static void
test_there_and_back (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *copy = identity_path (fixture, "copy.pem");
  g_autofree char         *elsewhere = identity_path (fixture, "elsewhere.pem");
  g_autoptr (AhoyIdentity) mine = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
  g_autoptr (AhoyIdentity) there = NULL;
  g_autoptr (GError)       error = NULL;
  g_autofree char         *text = NULL;
  GStatBuf                 info;

  assert_true (ahoy_identity_export (mine, copy, "pass ☕ phrase", &error));
  assert_null (error);
  assert_int_equal (g_stat (copy, &info), 0);
  assert_int_equal (info.st_mode & 07777, 0600);
  text = identity_contents (fixture, "copy.pem");
  assert_non_null (strstr (text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  assert_non_null (strstr (text, "-----BEGIN CERTIFICATE-----"));
  assert_null (strstr (text, "-----BEGIN PRIVATE KEY-----"));

  there = ahoy_identity_import (copy, "pass ☕ phrase", elsewhere, &error);
  assert_null (error);
  /* The certificate came along, too. */
  assert_string_equal (ahoy_identity_get_pem (there), ahoy_identity_get_pem (mine));
}

static void
test_others_can_read_it (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *copy = identity_path (fixture, "copy.pem");
  g_autoptr (AhoyIdentity) mine = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
  g_autofree char         *fingerprint = NULL;
  g_autofree char         *info = NULL;

  assert_true (ahoy_identity_export (mine, copy, "secret", NULL));
  fingerprint = identity_second_opinion (fixture, "copy.pem", "-passin pass:secret");
  assert_string_equal (fingerprint, ahoy_identity_get_fingerprint (mine));
  identity_run (fixture, "openssl asn1parse -in copy.pem > info.txt");
  info = identity_contents (fixture, "info.txt");
  assert_non_null (strstr (info, ":PBES2"));
  assert_non_null (strstr (info, ":hmacWithSHA256"));
  assert_non_null (strstr (info, ":aes-256-cbc"));
  /* Nobody opens it without, or with another one. */
  identity_run (fixture, "! openssl pkey -in copy.pem -passin pass:Secret -noout 2> /dev/null");
}

static void
test_no_copy_without_passphrase (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *copy = identity_path (fixture, "copy.pem");
  g_autoptr (AhoyIdentity) mine = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
  g_autoptr (GError)       error = NULL;

  assert_false (ahoy_identity_export (mine, copy, "", &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

/* What others write, in all its forms. */
static void
test_from_others (void **state)
{
  IdentityFixture *fixture = *state;

  identity_run (fixture,
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem\n"
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out ec384.pem\n"
                "openssl genpkey -algorithm ED25519 -out ed.pem\n"
                "openssl genpkey -algorithm ED448 -out ed448.pem\n"
                "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem\n"
                "openssl pkcs8 -topk8 -in ec.pem -v2 aes-256-cbc -passout pass:p -out ec-locked.pem\n"
                "openssl pkcs8 -topk8 -in ec.pem -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout pass:p -outform DER -out ec-locked.der\n"
                "openssl pkcs8 -topk8 -in rsa.pem -v2 des3 -passout pass:p -out rsa-locked.pem\n"
                "openssl pkcs8 -topk8 -in ed.pem -v2 aes-256-cbc -passout pass:p -out ed-locked.pem\n"
                "openssl pkcs8 -topk8 -nocrypt -in ec.pem -outform DER -out ec.der\n"
                "openssl pkey -in ec.pem -traditional -out ec-old.pem\n"
                "openssl pkey -in rsa.pem -traditional -aes128 -passout pass:p -out rsa-old-locked.pem\n"
                "for kind in ec ed rsa; do\n"
                "  openssl req -x509 -new -key $kind.pem -subj /CN=$kind -days 30 -out $kind.crt\n"
                "  openssl pkcs12 -export -inkey $kind.pem -in $kind.crt -passout pass:p -out $kind.p12\n"
                "done\n"
                "openssl pkcs12 -export -inkey ec.pem -in ec.crt -certfile rsa.crt -passout pass:p -out many.p12\n"
                "openssl req -x509 -new -key ec.pem -subj /CN=x -days 30 -addext keyUsage=critical,keyCertSign -out authority.crt\n"
                "openssl pkcs12 -export -inkey ec.pem -in authority.crt -passout pass:p -out authority.p12\n"
                "openssl pkcs12 -export -nocerts -inkey ec.pem -passout pass:p -out bare.p12\n"
                "openssl pkcs12 -export -inkey ec.pem -in ec.crt -passout pass: -out open.p12\n"
                "certtool --to-p12 --load-privkey ec.pem --load-certificate ec.crt --p12-name x --password p --outder"
                " --outfile gnutls.p12 2>&1\n"
                "certtool --to-p8 --load-privkey ed.pem --password p --pkcs-cipher aes-256 --outfile gnutls-ed.pem 2>&1\n"
                "cat rsa.crt ec.crt ec-locked.pem > together.pem\n");

  assert_imported (fixture, "ec-locked.pem", "p", "ec.pem");
  assert_imported (fixture, "ec-locked.der", "p", "ec.pem");
  assert_imported (fixture, "rsa-locked.pem", "p", "rsa.pem");
  assert_imported (fixture, "ed-locked.pem", "p", "ed.pem");
  assert_imported (fixture, "rsa-old-locked.pem", "p", "rsa.pem");
  assert_imported (fixture, "together.pem", "p", "ec.pem");
  assert_imported (fixture, "gnutls-ed.pem", "p", "ed.pem");
  /* Without a passphrase, and then one does no harm. */
  assert_imported (fixture, "ec.pem", NULL, "ec.pem");
  assert_imported (fixture, "ec.pem", "p", "ec.pem");
  assert_imported (fixture, "ec384.pem", NULL, "ec384.pem");
  assert_imported (fixture, "ed448.pem", NULL, "ed448.pem");
  assert_imported (fixture, "ec.der", NULL, "ec.pem");
  assert_imported (fixture, "ec-old.pem", NULL, "ec.pem");
  assert_imported (fixture, "ec.p12", "p", "ec.pem");
  assert_imported (fixture, "ed.p12", "p", "ed.pem");
  assert_imported (fixture, "rsa.p12", "p", "rsa.pem");
  assert_imported (fixture, "many.p12", "p", "ec.pem");
  assert_imported (fixture, "bare.p12", "p", "ec.pem");
  assert_imported (fixture, "authority.p12", "p", "ec.pem");
  assert_imported (fixture, "open.p12", "", "ec.pem");
  assert_imported (fixture, "open.p12", NULL, "ec.pem");
  assert_imported (fixture, "gnutls.p12", "p", "ec.pem");
}

static void
test_passphrases (void **state)
{
  static const char *const files[] = { "ec.pem", "ec.der", "rsa.pem", "old.pem", "ec.p12" };
  IdentityFixture         *fixture = *state;

  identity_run (fixture,
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\n"
                "openssl req -x509 -new -key key.pem -subj /CN=x -out crt.pem\n"
                "openssl pkcs8 -topk8 -in key.pem -iter 1 -passout pass:p -out ec.pem\n"
                "openssl pkcs8 -topk8 -in key.pem -iter 1 -passout pass:p -outform DER -out ec.der\n"
                "openssl genrsa 2048 | openssl pkcs8 -topk8 -iter 1 -passout pass:p -out rsa.pem\n"
                "openssl pkey -in key.pem -traditional -aes128 -passout pass:p -out old.pem\n"
                "openssl pkcs12 -export -iter 1 -inkey key.pem -in crt.pem -passout pass:p -out ec.p12\n");

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      assert_refused (fixture, files[i], NULL, G_IO_ERROR_PERMISSION_DENIED);
      assert_refused (fixture, files[i], "", G_IO_ERROR_PERMISSION_DENIED);
      /* One in 256 wrong ones leaves something that looks whole: it is the passphrase all the same. */
      for (guint j = 0; j < 700; j++)
        {
          g_autofree char *wrong = g_strdup_printf ("wrong %u", j);

          assert_refused (fixture, files[i], wrong, G_IO_ERROR_PERMISSION_DENIED);
        }
    }
  assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  assert_false (g_file_test (fixture->mark, G_FILE_TEST_EXISTS));
}

static void
test_what_is_no_identity (void **state)
{
  IdentityFixture   *fixture = *state;
  g_autofree char   *huge = g_strnfill (100 * 1024, 'x');
  g_autofree char   *nowhere = identity_path (fixture, "nothing");
  g_autoptr (GError) error = NULL;

  identity_write (fixture, "empty", "");
  identity_write (fixture, "garbage", "garbage");
  identity_write (fixture, "huge", huge);
  identity_run (fixture,
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem\n"
                "openssl req -x509 -new -key ec.pem -subj /CN=x -out certificate\n"
                "openssl x509 -in certificate -outform DER -out certificate.der\n"
                "openssl pkcs12 -export -nokeys -in certificate -passout pass:p -out keyless.p12\n"
                "openssl pkcs12 -export -inkey ec.pem -in certificate -passout pass:p -out whole.p12\n"
                "openssl pkcs8 -topk8 -in ec.pem -passout pass:p -out whole.pem\n"
                "head -c 200 whole.pem > cut.pem; head -c 200 whole.p12 > cut.p12\n"
                "openssl genrsa -out short 1024\n"
                "openssl genpkey -algorithm X25519 -out exchange\n"
                "openssl ecparam -name secp224r1 -genkey -noout -out curve\n"
                "openssl pkcs8 -topk8 -in ec.pem -scrypt -passout pass:p -out scrypt\n");

  assert_refused (fixture, "empty", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "garbage", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "huge", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "certificate", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "certificate.der", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "keyless.p12", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "cut.pem", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "cut.p12", "p", G_IO_ERROR_INVALID_DATA);
  assert_refused (fixture, "short", NULL, G_IO_ERROR_NOT_SUPPORTED);
  assert_refused (fixture, "exchange", NULL, G_IO_ERROR_NOT_SUPPORTED);
  assert_refused (fixture, "curve", NULL, G_IO_ERROR_NOT_SUPPORTED);
  assert_refused (fixture, "scrypt", "p", G_IO_ERROR_NOT_SUPPORTED);

  assert_null (ahoy_identity_import (nowhere, "p", fixture->path, &error));
  assert_true (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT));
  assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

/* The names of what was put aside. */
static GPtrArray *
old_ones (IdentityFixture *fixture)
{
  GPtrArray       *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "identity.pem.old-"))
      g_ptr_array_add (names, g_strdup (name));
  return names;
}

static void
test_the_old_one_is_kept (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
  g_autoptr (GPtrArray)    names = NULL;
  gboolean                 found = FALSE;
  GStatBuf                 info;

  identity_run (fixture,
                "openssl genpkey -algorithm ED25519 -out a.pem\n"
                "openssl genpkey -algorithm ED25519 -out b.pem\n");
  /* Within a second, as a rule. */
  assert_imported (fixture, "a.pem", NULL, "a.pem");
  assert_imported (fixture, "b.pem", NULL, "b.pem");

  names = old_ones (fixture);
  assert_int_equal (names->len, 2);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *contents = identity_contents (fixture, names->pdata[i]);
      g_autofree char *path = identity_path (fixture, names->pdata[i]);

      found = found || g_str_equal (contents, ahoy_identity_get_pem (first));
      assert_int_equal (g_stat (path, &info), 0);
      assert_int_equal (info.st_mode & 07777, 0600);
      assert_true (g_regex_match_simple ("^identity\\.pem\\.old-[0-9]{8}-[0-9]{6}(-[0-9]+)?$", names->pdata[i], 0, 0));
    }
  assert_true (found);
}

/* What is there cannot be used, or is gone: importing is the way out. */
static void
test_in_place_of_a_broken_one (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
  g_autoptr (GPtrArray)    names = NULL;
  g_autofree char         *kept = NULL;

  identity_run (fixture, "openssl genpkey -algorithm ED25519 -out a.pem");
  identity_write (fixture, "identity.pem", "broken");
  assert_imported (fixture, "a.pem", NULL, "a.pem");
  names = old_ones (fixture);
  assert_int_equal (names->len, 1);
  kept = identity_contents (fixture, names->pdata[0]);
  assert_string_equal (kept, "broken");

  assert_int_equal (g_remove (fixture->path), 0);
  assert_imported (fixture, "a.pem", NULL, "a.pem");
}

/* Wherever it stops, the old identity goes on. */
static void
test_a_full_disk (void **state)
{
  static const gint64      limits[] = { 0, 60, 2048 };
  IdentityFixture         *fixture = *state;
  g_autoptr (AhoyIdentity) first = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
  g_autofree char         *copy = identity_path (fixture, "copy.pem");
  g_autofree char         *mark = identity_contents (fixture, "identity.id");

  identity_run (fixture, "openssl genrsa -out a.pem 4096"); /* more than 2048 bytes */
  for (gsize i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (AhoyIdentity) imported = NULL;
      g_autoptr (AhoyIdentity) found = NULL;
      g_autoptr (GError)       error = NULL;
      g_autofree char         *mark_after = NULL;

      identity_limit_files (limits[i]);
      imported = import (fixture, "a.pem", NULL, &error);
      identity_limit_files (-1);
      assert_null (imported);
      assert_true (error->domain == G_FILE_ERROR);

      found = ahoy_identity_load_or_create (fixture->path, "alice", NULL);
      assert_non_null (found);
      assert_string_equal (ahoy_identity_get_pem (found), ahoy_identity_get_pem (first));
      mark_after = identity_contents (fixture, "identity.id");
      assert_string_equal (mark_after, mark);
    }

  {
    g_autoptr (GError) error = NULL;
    gboolean           exported;

    identity_limit_files (0);
    exported = ahoy_identity_export (first, copy, "p", &error);
    identity_limit_files (-1);
    assert_false (exported);
    assert_true (error->domain == G_FILE_ERROR);
    assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  }
}

/* A key on a stick, say. */
static void
test_through_a_link (void **state)
{
  IdentityFixture         *fixture = *state;
  g_autofree char         *target = identity_path (fixture, "stick.pem");
  g_autoptr (AhoyIdentity) first = ahoy_identity_load_or_create (target, "alice", NULL);
  g_autofree char         *expected = NULL;
  g_autoptr (AhoyIdentity) there = NULL;
  GStatBuf                 info;

  assert_int_equal (symlink ("stick.pem", fixture->path), 0);
  identity_run (fixture, "openssl genpkey -algorithm ED25519 -out a.pem");
  assert_imported (fixture, "a.pem", NULL, "a.pem");
  assert_int_equal (g_lstat (fixture->path, &info), 0);
  assert_true (S_ISLNK (info.st_mode));
  expected = identity_second_opinion (fixture, "a.pem", "");
  there = ahoy_identity_load_pair (target, target, NULL);
  assert_string_equal (ahoy_identity_get_fingerprint (there), expected);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_there_and_back, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_others_can_read_it, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_no_copy_without_passphrase, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_from_others, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_passphrases, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_what_is_no_identity, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_the_old_one_is_kept, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_in_place_of_a_broken_one, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_a_full_disk, identity_set_up, identity_tear_down),
    cmocka_unit_test_setup_teardown (test_through_a_link, identity_set_up, identity_tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
