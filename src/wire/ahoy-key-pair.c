/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Keys and certificates as they are made and as they stand in files. */

#include "wire/ahoy-key-pair.h"

#include <gnutls/crypto.h>
#include <gnutls/pkcs12.h>
#include <string.h>

#include "wire/ahoy-fingerprint.h"

/* 2000-01-01: clocks on a LAN without a time server are wrong both ways, and a certificate that is not valid yet helps nobody. */
#define VALID_SINCE ((time_t) 946684800)
#define SERIAL_BYTES 16
/* What X.509 allows a subject's name. */
#define COMMON_NAME_MAX_CHARS 64
/* An issuer must have a name, so it has this one. */
#define COMMON_NAME_OF_THE_NAMELESS "ahoy"
/* With less, whoever has a computer to spare is soon the same person. */
#define RSA_MIN_BITS 2048
/* With more, every handshake takes longer than all that we do for a person in an hour. */
#define RSA_MAX_BITS 8192
#define LOCKED_PEM "-----BEGIN ENCRYPTED PRIVATE KEY-----"
/* Some seconds. A file that asks for more wants to keep us busy. */
#define ROUNDS_MAX 10000000

static AhoyKeyPair *
pair_new (void)
{
  AhoyKeyPair *self = g_new0 (AhoyKeyPair, 1);

  /* Only memory can run out here. */
  if (gnutls_x509_privkey_init (&self->key) < 0)
    g_error ("GnuTLS cannot be used");
  return self;
}

static void
drop_certificates (AhoyKeyPair *self)
{
  for (unsigned int i = 0; i < self->n_certificates; i++)
    gnutls_x509_crt_deinit (self->certificates[i]);
  g_clear_pointer (&self->certificates, gnutls_free);
  self->n_certificates = 0;
}

void
ahoy_key_pair_free (AhoyKeyPair *self)
{
  g_return_if_fail (self != NULL);

  drop_certificates (self);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self->fingerprint);
  g_free (self);
}

static gboolean
fail (GError     **error,
      GIOErrorEnum code,
      const char  *how)
{
  g_set_error_literal (error, G_IO_ERROR, (int) code, how);
  return FALSE;
}

/* --- Which key it is --- */

static gboolean
can_sign (gnutls_x509_privkey_t key,
          GError              **error)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
  unsigned int       bits = 0;

  switch (gnutls_x509_privkey_get_pk_algorithm2 (key, &bits))
    {
    case GNUTLS_PK_RSA:
    case GNUTLS_PK_RSA_PSS:
      return (bits >= RSA_MIN_BITS && bits <= RSA_MAX_BITS) || fail (error, G_IO_ERROR_NOT_SUPPORTED, "its RSA key is not between 2048 and 8192 bits long");
    case GNUTLS_PK_EDDSA_ED25519:
    case GNUTLS_PK_EDDSA_ED448:
      return TRUE;
    case GNUTLS_PK_ECDSA:
      gnutls_x509_privkey_export_ecc_raw (key, &curve, NULL, NULL, NULL);
      return curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_SECP384R1 || curve == GNUTLS_ECC_CURVE_SECP521R1 || fail (error, G_IO_ERROR_NOT_SUPPORTED, "its key is on a curve that TLS does not sign with");
    default:
      return fail (error, G_IO_ERROR_NOT_SUPPORTED, "its key is of a kind that TLS does not sign with");
    }
}

static gboolean
hash_of_key (gnutls_x509_privkey_t key,
             guint8                hash[AHOY_KEY_HASH_BYTES])
{
  size_t size = AHOY_KEY_HASH_BYTES;

  return gnutls_x509_privkey_get_key_id (key, GNUTLS_KEYID_USE_SHA256, hash, &size) >= 0 && size == AHOY_KEY_HASH_BYTES;
}

static gboolean
belongs (gnutls_x509_crt_t certificate,
         const guint8      key_hash[AHOY_KEY_HASH_BYTES])
{
  guint8 hash[AHOY_KEY_HASH_BYTES];
  size_t size = sizeof hash;

  return gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, hash, &size) >= 0 && size == sizeof hash && memcmp (hash, key_hash, size) == 0;
}

/* A certificate for signing others alone, say, ends every handshake. */
static gboolean
may_sign (gnutls_x509_crt_t certificate)
{
  unsigned int usage = 0;

  return gnutls_x509_crt_get_key_usage (certificate, &usage, NULL) < 0 || (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) != 0;
}

/* --- Making --- */

static int
set_subject (gnutls_x509_crt_t certificate,
             const char       *common_name)
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
  int    result = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  serial[0] = (guint8) ((serial[0] & 0x7f) | 0x40);
  return result < 0 ? result : gnutls_x509_crt_set_serial (certificate, serial, sizeof serial);
}

static gnutls_digest_algorithm_t
digest_of (gnutls_x509_privkey_t key)
{
  switch (gnutls_x509_privkey_get_pk_algorithm (key))
    {
    case GNUTLS_PK_EDDSA_ED25519:
      return GNUTLS_DIG_SHA512;
    case GNUTLS_PK_EDDSA_ED448:
      return GNUTLS_DIG_SHAKE_256;
    default:
      return GNUTLS_DIG_SHA256;
    }
}

/* Gives the key a certificate that it signs itself. */
static gboolean
certify (AhoyKeyPair *self,
         const char  *common_name,
         GError     **error)
{
  gnutls_x509_crt_t certificate;
  int               result;

  drop_certificates (self);
  self->certificates = gnutls_malloc (sizeof *self->certificates);
  if (self->certificates == NULL || gnutls_x509_crt_init (&self->certificates[0]) < 0)
    g_error ("GnuTLS cannot be used");
  self->n_certificates = 1;
  certificate = self->certificates[0];

  if ((result = gnutls_x509_crt_set_version (certificate, 3)) < 0 || (result = set_serial (certificate)) < 0 || (result = set_subject (certificate, common_name)) < 0 || (result = gnutls_x509_crt_set_activation_time (certificate, VALID_SINCE)) < 0 || (result = gnutls_x509_crt_set_expiration_time (certificate, GNUTLS_X509_NO_WELL_DEFINED_EXPIRATION)) < 0 || (result = gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE)) < 0 || (result = gnutls_x509_crt_set_key (certificate, self->key)) < 0 || (result = gnutls_x509_crt_sign2 (certificate, certificate, self->key, digest_of (self->key), 0)) < 0)
    return fail (error, G_IO_ERROR_FAILED, gnutls_strerror (result));
  return TRUE;
}

AhoyKeyPair *
ahoy_key_pair_generate (const char *common_name,
                        GError    **error)
{
  g_autoptr (AhoyKeyPair) self = pair_new ();
  guint8                  hash[AHOY_KEY_HASH_BYTES];
  int                     result = gnutls_x509_privkey_generate (self->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);

  if (result < 0)
    {
      fail (error, G_IO_ERROR_FAILED, gnutls_strerror (result));
      return NULL;
    }
  if (!certify (self, common_name, error))
    return NULL;
  if (!hash_of_key (self->key, hash))
    g_assert_not_reached ();
  self->fingerprint = ahoy_fingerprint_of_hash (hash);
  return g_steal_pointer (&self);
}

/* --- Reading --- */

static gboolean
is_pem (const char *data,
        gsize       len)
{
  return g_strstr_len (data, (gssize) len, "-----BEGIN ") != NULL;
}

/* Both ways in which a key in PEM says that it takes a passphrase. */
static gboolean
is_locked_pem (const char *data,
               gsize       len)
{
  return g_strstr_len (data, (gssize) len, LOCKED_PEM) != NULL || g_strstr_len (data, (gssize) len, "Proc-Type: 4,ENCRYPTED") != NULL;
}

/* What a library's code means when a passphrase was given and the file itself could be read. */
static gboolean
fail_locked (GError **error,
             int      result)
{
  switch (result)
    {
    case GNUTLS_E_UNKNOWN_CIPHER_TYPE:
    case GNUTLS_E_UNKNOWN_HASH_ALGORITHM:
    case GNUTLS_E_UNKNOWN_PK_ALGORITHM:
    case GNUTLS_E_UNIMPLEMENTED_FEATURE:
    case GNUTLS_E_ECC_UNSUPPORTED_CURVE:
      return fail (error, G_IO_ERROR_NOT_SUPPORTED, gnutls_strerror (result));
    default:
      return fail (error, G_IO_ERROR_PERMISSION_DENIED, "the passphrase is wrong");
    }
}

static gboolean
read_plain_key (AhoyKeyPair *self,
                const char  *data,
                gsize        len,
                GError     **error)
{
  const gnutls_datum_t datum = { (guint8 *) data, (unsigned int) len };
  int                  result;

  if (len == 0)
    return fail (error, G_IO_ERROR_INVALID_DATA, "the file is empty");
  if (is_locked_pem (data, len))
    return fail (error, G_IO_ERROR_PERMISSION_DENIED, "the key is protected by a passphrase");
  result = gnutls_x509_privkey_import (self->key, &datum, GNUTLS_X509_FMT_PEM);
  if (result == GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR)
    return fail (error, G_IO_ERROR_INVALID_DATA, "there is no key in it");
  if (result == GNUTLS_E_UNKNOWN_PK_ALGORITHM || result == GNUTLS_E_ECC_UNSUPPORTED_CURVE)
    return fail (error, G_IO_ERROR_NOT_SUPPORTED, gnutls_strerror (result));
  if (result < 0)
    return fail (error, G_IO_ERROR_INVALID_DATA, gnutls_strerror (result));
  return TRUE;
}

static gboolean
read_certificates (AhoyKeyPair *self,
                   const char  *data,
                   gsize        len,
                   GError     **error)
{
  const gnutls_datum_t datum = { (guint8 *) data, (unsigned int) len };
  int                  result = gnutls_x509_crt_list_import2 (&self->certificates, &self->n_certificates, &datum, GNUTLS_X509_FMT_PEM, 0);

  if (result >= 0 && self->n_certificates > 0)
    return TRUE;
  self->certificates = NULL;
  self->n_certificates = 0;
  if (result >= 0 || result == GNUTLS_E_NO_CERTIFICATE_FOUND || result == GNUTLS_E_BASE64_UNEXPECTED_HEADER_ERROR)
    return fail (error, G_IO_ERROR_INVALID_DATA, "there is no certificate in it");
  return fail (error, G_IO_ERROR_INVALID_DATA, gnutls_strerror (result));
}

static gboolean
take_fingerprint (AhoyKeyPair *self,
                  guint8       hash[AHOY_KEY_HASH_BYTES],
                  GError     **error)
{
  if (!can_sign (self->key, error))
    return FALSE;
  /* A file that lost a bit may hold a private key that is not the public one's. */
  if (gnutls_x509_privkey_verify_params (self->key) < 0 || !hash_of_key (self->key, hash))
    return fail (error, G_IO_ERROR_INVALID_DATA, "its key is not whole");
  self->fingerprint = ahoy_fingerprint_of_hash (hash);
  return TRUE;
}

AhoyKeyPair *
ahoy_key_pair_read (const char *key_pem,
                    gsize       key_len,
                    const char *certificate_pem,
                    gsize       certificate_len,
                    GError    **error)
{
  g_autoptr (AhoyKeyPair) self = pair_new ();
  guint8                  hash[AHOY_KEY_HASH_BYTES];

  if (!read_plain_key (self, key_pem, key_len, error) || !read_certificates (self, certificate_pem, certificate_len, error) || !take_fingerprint (self, hash, error))
    return NULL;
  if (!belongs (self->certificates[0], hash))
    {
      fail (error, G_IO_ERROR_INVALID_DATA, "the certificate belongs to another key");
      return NULL;
    }
  if (!may_sign (self->certificates[0]))
    {
      fail (error, G_IO_ERROR_NOT_SUPPORTED, "the certificate does not let its key sign (its key usage lacks “digital signature”)");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* --- Copies for other computers --- */

static gboolean
rounds_are_bearable (int          result,
                     unsigned int rounds,
                     GError     **error)
{
  return result < 0 || rounds <= ROUNDS_MAX || fail (error, G_IO_ERROR_NOT_SUPPORTED, "opening it would take too long");
}

static gboolean
unlock_key (AhoyKeyPair          *self,
            const gnutls_datum_t *data,
            gnutls_x509_crt_fmt_t format,
            const char           *passphrase,
            GError              **error)
{
  const char  *text = (const char *) data->data;
  unsigned int rounds = 0;
  char        *oid = NULL;
  int          info = gnutls_pkcs8_info (data, format, NULL, NULL, NULL, NULL, &rounds, &oid);
  gboolean     locked = info >= 0 || (format == GNUTLS_X509_FMT_PEM && is_locked_pem (text, data->size));
  int          result;

  gnutls_free (oid);
  if (format == GNUTLS_X509_FMT_PEM && !locked)
    return read_plain_key (self, text, data->size, error);
  if (info < 0 && locked && g_strstr_len (text, (gssize) data->size, LOCKED_PEM) != NULL)
    {
      if (info == GNUTLS_E_BASE64_DECODING_ERROR)
        return fail (error, G_IO_ERROR_INVALID_DATA, "it is damaged");
      return fail (error, G_IO_ERROR_NOT_SUPPORTED, "it is protected in a way that is not known here");
    }
  if (!rounds_are_bearable (info, rounds, error))
    return FALSE;
  if (locked && (passphrase == NULL || passphrase[0] == '\0'))
    return fail (error, G_IO_ERROR_PERMISSION_DENIED, "it is protected by a passphrase");

  result = gnutls_x509_privkey_import2 (self->key, data, format, locked ? passphrase : NULL, 0);
  if (result >= 0)
    return TRUE;
  return locked ? fail_locked (error, result) : fail (error, G_IO_ERROR_INVALID_DATA, "there is no key in it");
}

static gboolean
unlock_pkcs12 (AhoyKeyPair    *self,
               gnutls_pkcs12_t box,
               const char     *passphrase,
               GError        **error)
{
  unsigned int rounds = 0;
  char        *oid = NULL;
  int          result = gnutls_pkcs12_mac_info (box, NULL, NULL, NULL, &rounds, &oid);
  gboolean     sealed = result >= 0;

  gnutls_free (oid);
  if (!rounds_are_bearable (result, rounds, error))
    return FALSE;
  if (sealed)
    {
      result = gnutls_pkcs12_verify_mac (box, passphrase != NULL ? passphrase : "");
      if (result < 0)
        return fail_locked (error, result);
    }

  g_clear_pointer (&self->key, gnutls_x509_privkey_deinit);
  result = gnutls_pkcs12_simple_parse (box, passphrase != NULL ? passphrase : "", &self->key, &self->certificates, &self->n_certificates,
                                       NULL, NULL, NULL, GNUTLS_PKCS12_SP_INCLUDE_SELF_SIGNED);
  /* With no certificate in it, it must not be asked for one. */
  if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    {
      self->key = NULL;
      result = gnutls_pkcs12_simple_parse (box, passphrase != NULL ? passphrase : "", &self->key, NULL, NULL, NULL, NULL, NULL, 0);
    }
  if (result < 0)
    {
      self->key = NULL;
      self->certificates = NULL;
      self->n_certificates = 0;
      if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return fail (error, G_IO_ERROR_INVALID_DATA, "there is no key in it");
      return fail_locked (error, result);
    }
  return self->key != NULL || fail (error, G_IO_ERROR_INVALID_DATA, "there is no key in it");
}

/* Leaves the key's own certificate, when it is of use; who signed it, or what else came along, matters to nobody here. */
static gboolean
keep_own_certificate (AhoyKeyPair *self,
                      const guint8 hash[AHOY_KEY_HASH_BYTES],
                      GError     **error)
{
  for (unsigned int i = 0; i < self->n_certificates; i++)
    if (belongs (self->certificates[i], hash) && may_sign (self->certificates[i]))
      {
        gnutls_x509_crt_t first = self->certificates[0];

        self->certificates[0] = self->certificates[i];
        self->certificates[i] = first;
        for (unsigned int j = 1; j < self->n_certificates; j++)
          gnutls_x509_crt_deinit (self->certificates[j]);
        self->n_certificates = 1;
        return TRUE;
      }
  return certify (self, "", error);
}

AhoyKeyPair *
ahoy_key_pair_unlock (const char *data,
                      gsize       len,
                      const char *passphrase,
                      GError    **error)
{
  g_autoptr (AhoyKeyPair) self = pair_new ();
  const gnutls_datum_t    datum = { (guint8 *) data, (unsigned int) len };
  guint8                  hash[AHOY_KEY_HASH_BYTES];
  gnutls_pkcs12_t         box = NULL;
  gboolean                done;

  if (len == 0)
    {
      fail (error, G_IO_ERROR_INVALID_DATA, "the file is empty");
      return NULL;
    }
  if (is_pem (data, len))
    {
      done = unlock_key (self, &datum, GNUTLS_X509_FMT_PEM, passphrase, error);
      if (done)
        read_certificates (self, data, len, NULL);
    }
  else if (gnutls_pkcs12_init (&box) >= 0 && gnutls_pkcs12_import (box, &datum, GNUTLS_X509_FMT_DER, 0) >= 0)
    {
      done = unlock_pkcs12 (self, box, passphrase, error);
    }
  else
    {
      done = unlock_key (self, &datum, GNUTLS_X509_FMT_DER, passphrase, error);
    }
  if (box != NULL)
    gnutls_pkcs12_deinit (box);

  if (!done || !take_fingerprint (self, hash, error) || !keep_own_certificate (self, hash, error))
    return NULL;
  return g_steal_pointer (&self);
}

char *
ahoy_key_pair_to_pem (const AhoyKeyPair *self,
                      const char        *passphrase,
                      GError           **error)
{
  g_autoptr (GString) certificates = g_string_new (NULL);
  const unsigned int  flags = passphrase == NULL ? GNUTLS_PKCS_PLAIN : GNUTLS_PKCS_PBES2_AES_256;
  gnutls_datum_t      key = { NULL, 0 };
  char               *pem = NULL;
  int                 result = gnutls_x509_privkey_export2_pkcs8 (self->key, GNUTLS_X509_FMT_PEM, passphrase, flags, &key);

  for (unsigned int i = 0; result >= 0 && i < self->n_certificates; i++)
    {
      gnutls_datum_t certificate = { NULL, 0 };

      result = gnutls_x509_crt_export2 (self->certificates[i], GNUTLS_X509_FMT_PEM, &certificate);
      if (result >= 0)
        g_string_append_len (certificates, (const char *) certificate.data, certificate.size);
      gnutls_free (certificate.data);
    }
  if (result >= 0)
    pem = g_strdup_printf ("%.*s%s", (int) key.size, key.data, certificates->str);
  else
    fail (error, G_IO_ERROR_FAILED, gnutls_strerror (result));

  if (key.data != NULL)
    gnutls_memset (key.data, 0, key.size);
  gnutls_free (key.data);
  return pem;
}
