/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who we are to others: a key of our own, its certificate, and the id that follows from it. */

#include "wire/ahoy-identity.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#include "wire/ahoy-fingerprint.h"

/* A file that is larger was not written by us. */
#define FILE_MAX (64 * 1024)
/* 2000-01-01: clocks on a LAN without a time server are wrong both ways, and a certificate that is not valid yet helps nobody. */
#define VALID_SINCE ((time_t) 946684800)
#define SERIAL_BYTES 16
/* What X.509 allows a subject's name. */
#define COMMON_NAME_MAX_CHARS 64
/* And an issuer must have one. */
#define COMMON_NAME_OF_THE_NAMELESS "ahoy"

struct _AhoyIdentity {
  GObject parent_instance;

  /* Owned */
  char *pem; /* the file's contents: key and certificate */
  char *fingerprint;
  char *id; /* how the fingerprint begins */
};

G_DEFINE_FINAL_TYPE (AhoyIdentity, ahoy_identity, G_TYPE_OBJECT)

/* A key and its certificate while they are read or made. */
typedef struct {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t     certificate;
} Pair;

static void
pair_init (Pair *pair)
{
  /* Only memory can run out here. */
  if (gnutls_x509_privkey_init (&pair->key) < 0 || gnutls_x509_crt_init (&pair->certificate) < 0)
    g_error ("GnuTLS cannot be used");
}

static void
pair_clear (Pair *pair)
{
  gnutls_x509_crt_deinit (pair->certificate);
  gnutls_x509_privkey_deinit (pair->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

/* Secrets do not linger in freed memory. */
static void
secret_free (char *secret)
{
  if (secret != NULL)
    gnutls_memset (secret, 0, strlen (secret));
  g_free (secret);
}

static void
ahoy_identity_finalize (GObject *object)
{
  AhoyIdentity *self = AHOY_IDENTITY (object);

  g_clear_pointer (&self->pem, secret_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (ahoy_identity_parent_class)->finalize (object);
}

static void
ahoy_identity_class_init (AhoyIdentityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ahoy_identity_finalize;
}

static void
ahoy_identity_init (AhoyIdentity *self)
{
}

/* GnuTLS's key id is the hash of the SubjectPublicKeyInfo. Returns: FALSE: there is none, or the certificate is not the key's own. */
static gboolean
take_fingerprint (AhoyIdentity *self,
                  const Pair   *pair)
{
  guint8 hash[AHOY_KEY_HASH_BYTES];
  guint8 key_hash[AHOY_KEY_HASH_BYTES];
  size_t size = sizeof hash;
  size_t key_size = sizeof key_hash;

  if (gnutls_x509_crt_get_key_id (pair->certificate, GNUTLS_KEYID_USE_SHA256, hash, &size) < 0
      || gnutls_x509_privkey_get_key_id (pair->key, GNUTLS_KEYID_USE_SHA256, key_hash, &key_size) < 0
      || size != sizeof hash || key_size != size || memcmp (hash, key_hash, size) != 0)
    return FALSE;
  self->fingerprint = ahoy_fingerprint_of_hash (hash);
  self->id = g_strndup (self->fingerprint, AHOY_ID_CHARS);
  return TRUE;
}

static AhoyIdentity *
broken (GError     **error,
        const char  *path,
        const char  *how)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The identity in “%s” cannot be used: %s", path, how);
  return NULL;
}

/* @pem: (transfer full) */
static AhoyIdentity *
read_pem (const char  *path,
          char        *pem,
          gsize        len,
          GError     **error)
{
  g_autoptr (AhoyIdentity) self = g_object_new (AHOY_TYPE_IDENTITY, NULL);
  const gnutls_datum_t data = { (guint8 *) pem, (unsigned int) len };
  g_auto (Pair) pair = { 0 };
  int result;

  pair_init (&pair);
  self->pem = pem;

  if (len == 0)
    return broken (error, path, "the file is empty");
  if (len > FILE_MAX)
    return broken (error, path, "the file is too large to be one");

  result = gnutls_x509_privkey_import (pair.key, &data, GNUTLS_X509_FMT_PEM);
  if (result == GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR)
    return broken (error, path, "there is no key in it");
  if (result < 0)
    return broken (error, path, gnutls_strerror (result));

  result = gnutls_x509_crt_import (pair.certificate, &data, GNUTLS_X509_FMT_PEM);
  if (result == GNUTLS_E_NO_CERTIFICATE_FOUND || result == GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR)
    return broken (error, path, "there is no certificate in it");
  if (result < 0)
    return broken (error, path, gnutls_strerror (result));

  if (!take_fingerprint (self, &pair))
    return broken (error, path, "the certificate belongs to another key");
  return g_steal_pointer (&self);
}

static int
set_subject (gnutls_x509_crt_t  certificate,
             const char        *common_name)
{
  g_autofree char *valid = g_utf8_make_valid (common_name[0] != '\0' ? common_name : COMMON_NAME_OF_THE_NAMELESS, -1);
  g_autofree char *name = g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), COMMON_NAME_MAX_CHARS));

  return gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned int) strlen (name));
}

/* Positive, not too short, and nobody else's. */
static int
set_serial (gnutls_x509_crt_t certificate)
{
  guint8 serial[SERIAL_BYTES];
  int result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] = (guint8) ((serial[0] & 0x7f) | 0x40);
  return result < 0 ? result : gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
}

static int
make_pair (Pair       *pair,
           const char *common_name)
{
  gnutls_x509_crt_t certificate = pair->certificate;
  int result;

  if ((result = gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0)) < 0
      || (result = gnutls_x509_crt_set_version (certificate, 3)) < 0
      || (result = set_serial (certificate)) < 0
      || (result = set_subject (certificate, common_name)) < 0
      || (result = gnutls_x509_crt_set_activation_time (certificate, VALID_SINCE)) < 0
      || (result = gnutls_x509_crt_set_expiration_time (certificate, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION)) < 0
      || (result = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE)) < 0
      || (result = gnutls_x509_crt_set_key (certificate, pair->key)) < 0)
    return result;
  return gnutls_x509_crt_sign2 (certificate, certificate, pair->key, GNUTLS_DIG_SHA256, 0);
}

/* Returns: (transfer full): key and certificate, as they stand in the file. */
static char *
write_pem (const Pair *pair,
           int        *result)
{
  gnutls_datum_t key = { NULL, 0 };
  gnutls_datum_t certificate = { NULL, 0 };
  char *pem = NULL;

  if ((*result = gnutls_x509_privkey_export2_pkcs8 (pair->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &key)) >= 0
      && (*result = gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &certificate)) >= 0)
    pem = g_strdup_printf ("%.*s%.*s", (int) key.size, key.data, (int) certificate.size, certificate.data);

  if (key.data != NULL)
    gnutls_memset (key.data, 0, key.size);
  gnutls_free (key.data);
  gnutls_free (certificate.data);
  return pem;
}

static AhoyIdentity *
create (const char  *path,
        const char  *common_name,
        GError     **error)
{
  g_autoptr (AhoyIdentity) self = g_object_new (AHOY_TYPE_IDENTITY, NULL);
  g_auto (Pair) pair = { 0 };
  int result;

  pair_init (&pair);
  result = make_pair (&pair, common_name);
  if (result >= 0)
    self->pem = write_pem (&pair, &result);
  if (result < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "An identity for “%s” cannot be made: %s", path, gnutls_strerror (result));
      return NULL;
    }
  if (!take_fingerprint (self, &pair))
    g_assert_not_reached ();

  if (!g_file_set_contents_full (path, self->pem, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error))
    return NULL;
  return g_steal_pointer (&self);
}

AhoyIdentity *
ahoy_identity_load_or_create (const char  *path,
                              const char  *common_name,
                              GError     **error)
{
  g_autoptr (GError) local = NULL;
  char *pem;
  gsize len;

  g_return_val_if_fail (path != NULL && common_name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (g_file_get_contents (path, &pem, &len, &local))
    return read_pem (path, pem, len, error);
  if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return create (path, common_name, error);

  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

const char *
ahoy_identity_get_fingerprint (AhoyIdentity *self)
{
  g_return_val_if_fail (AHOY_IS_IDENTITY (self), NULL);

  return self->fingerprint;
}

const char *
ahoy_identity_get_id (AhoyIdentity *self)
{
  g_return_val_if_fail (AHOY_IS_IDENTITY (self), NULL);

  return self->id;
}

const char *
ahoy_identity_get_pem (AhoyIdentity *self)
{
  g_return_val_if_fail (AHOY_IS_IDENTITY (self), NULL);

  return self->pem;
}
