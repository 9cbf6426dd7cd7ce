/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A peer that is plain GnuTLS. */

#include "support/tls-peer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "wire/ahoy-fingerprint.h"

#define BARE_BYTES 1024 /* an RSA modulus of 8192 bits */
#define CHAIN_LENGTH 9
#define ROUNDS_MAX 100000

#define ok(call) assert_true ((call) >= 0)

AhoyTls *
test_tls_new (char **id)
{
  g_autoptr (GError)       error = NULL;
  g_autofree char         *dir = g_dir_make_tmp ("ahoy-test-tls-XXXXXX", NULL);
  g_autofree char         *path = g_build_filename (dir, "identity.pem", NULL);
  g_autofree char         *beside = g_build_filename (dir, "identity.id", NULL);
  g_autoptr (AhoyIdentity) identity = ahoy_identity_load_or_create (path, "test", &error);
  AhoyTls                 *tls;

  assert_null (error);
  g_unlink (path);
  g_unlink (beside);
  g_rmdir (dir);
  tls = ahoy_tls_new (identity, &error);
  assert_non_null (tls);
  if (id != NULL)
    *id = g_strdup (ahoy_identity_get_id (identity));
  return tls;
}

/* ---- What it shows ---- */

static int
sign_nonsense (gnutls_privkey_t        key,
               gnutls_sign_algorithm_t algorithm,
               void                   *data,
               unsigned int            flags,
               const gnutls_datum_t   *hash,
               gnutls_datum_t         *signature)
{
  signature->size = BARE_BYTES;
  signature->data = gnutls_malloc (BARE_BYTES);
  memset (signature->data, 0x5a, BARE_BYTES);
  return 0;
}

static int
about_nonsense (gnutls_privkey_t key,
                unsigned int     flags,
                void            *data)
{
  if (flags & GNUTLS_PRIVKEY_INFO_HAVE_SIGN_ALGO)
    return GNUTLS_FLAGS_TO_SIGN_ALGO (flags) == GNUTLS_SIGN_RSA_PSS_RSAE_SHA256;
  if (flags & GNUTLS_PRIVKEY_INFO_PK_ALGO_BITS)
    return BARE_BYTES * 8;
  return GNUTLS_PK_RSA;
}

static void
sign_certificate (gnutls_x509_crt_t     certificate,
                  gnutls_x509_privkey_t signer,
                  gboolean              expired)
{
  const gboolean    is_ed25519 = gnutls_x509_privkey_get_pk_algorithm (signer) == GNUTLS_PK_EDDSA_ED25519;
  guint8            serial[] = { 0x42 };
  gnutls_x509_crt_t issuer;

  ok (gnutls_x509_crt_set_version (certificate, 3));
  ok (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial));
  ok (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, "peer", 4));
  ok (gnutls_x509_crt_set_activation_time (certificate, 1000000000));
  ok (gnutls_x509_crt_set_expiration_time (certificate, expired ? 1000000001 : 4000000000));
  ok (gnutls_x509_crt_init (&issuer));
  ok (gnutls_x509_crt_set_dn_by_oid (issuer, GNUTLS_OID_X520_COMMON_NAME, 0, "peer", 4));
  ok (gnutls_x509_crt_set_key (issuer, signer));
  ok (gnutls_x509_crt_sign2 (certificate, issuer, signer, is_ed25519 ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256, 0));
  gnutls_x509_crt_deinit (issuer);
}

/* A public key that is nobody's, under a certificate that somebody else signed. */
static void
show_bare_rsa (TlsPeer              *self,
               gnutls_x509_crt_t     certificate,
               gnutls_x509_privkey_t signer,
               gboolean              dear)
{
  guint8               bytes[BARE_BYTES];
  guint8               usual[] = { 1, 0, 1 };
  const gnutls_datum_t modulus = { bytes, sizeof bytes };
  const gnutls_datum_t exponent = { dear ? bytes : usual, dear ? sizeof bytes : sizeof usual };
  gnutls_pubkey_t      public_key;
  gnutls_privkey_t     key;
  gnutls_pcert_st      pcert;

  memset (bytes, 0x6b, sizeof bytes);
  ok (gnutls_pubkey_init (&public_key));
  ok (gnutls_pubkey_import_rsa_raw (public_key, &modulus, &exponent));
  ok (gnutls_x509_crt_set_pubkey (certificate, public_key));
  sign_certificate (certificate, signer, FALSE);
  ok (gnutls_privkey_init (&key));
  ok (gnutls_privkey_import_ext4 (key, NULL, NULL, sign_nonsense, NULL, NULL, about_nonsense, 0));
  ok (gnutls_pcert_import_x509 (&pcert, certificate, 0));
  gnutls_certificate_set_flags (self->credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
  ok (gnutls_certificate_set_key (self->credentials, NULL, 0, &pcert, 1, key));
  gnutls_pubkey_deinit (public_key);
}

/* The same one again and again. */
static void
show_chain (TlsPeer              *self,
            gnutls_x509_crt_t     certificate,
            gnutls_x509_privkey_t signer,
            int                   n)
{
  gnutls_pcert_st  chain[CHAIN_LENGTH];
  gnutls_privkey_t key;

  for (int i = 0; i < n; i++)
    ok (gnutls_pcert_import_x509 (&chain[i], certificate, 0));
  ok (gnutls_privkey_init (&key));
  ok (gnutls_privkey_import_x509 (key, signer, GNUTLS_PRIVKEY_IMPORT_COPY));
  ok (gnutls_certificate_set_key (self->credentials, NULL, 0, chain, n, key));
}

static void
show (TlsPeer *self,
      PeerKey  kind)
{
  static const struct {
    gnutls_pk_algorithm_t algorithm;
    unsigned int          bits;
  } keys[] = {
    [PEER_P256] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
    [PEER_P384] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1) },
    [PEER_ED25519] = { GNUTLS_PK_EDDSA_ED25519, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519) },
    [PEER_RSA_2048] = { GNUTLS_PK_RSA, 2048 },
    [PEER_EXPIRED] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
    [PEER_BARE_RSA] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
    [PEER_DEAR_RSA] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
    [PEER_LARGE] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
    [PEER_CHAIN] = { GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
  };
  static const guint8   filler[4096] = { 0 };
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t     certificate;
  gnutls_datum_t        der = { NULL, 0 };

  if (kind == PEER_NOTHING)
    return;
  ok (gnutls_x509_privkey_init (&key));
  ok (gnutls_x509_crt_init (&certificate));
  ok (gnutls_x509_privkey_generate (key, keys[kind].algorithm, keys[kind].bits, 0));
  if (kind == PEER_BARE_RSA || kind == PEER_DEAR_RSA)
    {
      show_bare_rsa (self, certificate, key, kind == PEER_DEAR_RSA);
    }
  else
    {
      ok (gnutls_x509_crt_set_key (certificate, key));
      if (kind == PEER_LARGE)
        ok (gnutls_x509_crt_set_extension_by_oid (certificate, "1.2.3.4", filler, sizeof filler, 0));
      sign_certificate (certificate, key, kind == PEER_EXPIRED);
      show_chain (self, certificate, key, kind == PEER_CHAIN ? CHAIN_LENGTH : 1);
    }
  ok (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &der));
  self->fingerprint = ahoy_fingerprint_of_der (der.data, der.size);
  gnutls_free (der.data);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
}

/* ---- Its socket ---- */

static gboolean
may_go_through (TlsPeer *self,
                gsize   *size)
{
  if (self->bite == 0)
    return TRUE;
  *size = MIN (MIN (*size, self->bite), self->allowance);
  self->allowance -= *size;
  if (*size == 0)
    gnutls_transport_set_errno (self->session, EAGAIN);
  return *size > 0;
}

static ssize_t
pull (gnutls_transport_ptr_t pointer,
      void                  *data,
      size_t                 size)
{
  TlsPeer *self = pointer;
  gssize   got;

  if (!may_go_through (self, &size))
    return -1;
  got = recv (self->side->fd, data, size, 0);
  if (got > 0)
    g_byte_array_append (self->heard, data, (guint) got);
  if (got < 0)
    gnutls_transport_set_errno (self->session, errno);
  return got;
}

static ssize_t
push (gnutls_transport_ptr_t pointer,
      const void            *data,
      size_t                 size)
{
  TlsPeer *self = pointer;
  gssize   sent;

  if (!may_go_through (self, &size))
    return -1;
  sent = send (self->side->fd, data, size, MSG_NOSIGNAL);
  if (sent < 0)
    gnutls_transport_set_errno (self->session, errno);
  return sent;
}

/* ---- Life ---- */

TlsPeer *
tls_peer_new (Side        *side,
              unsigned int flags,
              const char  *priorities,
              PeerKey      key)
{
  TlsPeer *self = g_new0 (TlsPeer, 1);

  self->side = side;
  self->heard = g_byte_array_new ();
  ok (gnutls_certificate_allocate_credentials (&self->credentials));
  show (self, key);
  ok (gnutls_init (&self->session, flags | GNUTLS_NONBLOCK));
  ok (gnutls_priority_set_direct (self->session, priorities, NULL));
  ok (gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->credentials));
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_push_function (self->session, push);
  return self;
}

void
tls_peer_free (TlsPeer *self)
{
  gnutls_deinit (self->session);
  gnutls_certificate_free_credentials (self->credentials);
  g_byte_array_unref (self->heard);
  g_free (self->fingerprint);
  g_free (self);
}

int
tls_peer_step (TlsPeer *self)
{
  int code;

  self->allowance = self->bite;
  code = gnutls_handshake (self->session);
  link_fixture_settle (self->side->fixture);
  return code;
}

int
tls_peer_shake (TlsPeer *self)
{
  int code;

  for (guint i = 0; i < ROUNDS_MAX; i++)
    {
      code = tls_peer_step (self);
      if (code >= 0 || gnutls_error_is_fatal (code))
        return code;
    }
  return GNUTLS_E_TIMEDOUT;
}

void
tls_peer_says (TlsPeer    *self,
               const char *text)
{
  gsize  len = strlen (text);
  gssize sent = GNUTLS_E_AGAIN;

  for (guint i = 0; i < ROUNDS_MAX && sent == GNUTLS_E_AGAIN; i++)
    {
      self->allowance = self->bite;
      /* What was not sent is GnuTLS's business, so asking again is without data. */
      sent = gnutls_record_send (self->session, i == 0 ? text : NULL, i == 0 ? len : 0);
      link_fixture_settle (self->side->fixture);
    }
  assert_int_equal (sent, len);
}

GString *
tls_peer_read (TlsPeer *self,
               int     *last)
{
  GString *got = g_string_new (NULL);
  char     buffer[16384];
  gssize   n;

  self->allowance = self->bite;
  do
    {
      n = gnutls_record_recv (self->session, buffer, sizeof buffer);
      if (n > 0)
        g_string_append_len (got, buffer, n);
    }
  while (n > 0 || (n == GNUTLS_E_AGAIN && self->bite == 0 && recv (self->side->fd, buffer, 1, MSG_PEEK) == 1));
  if (last != NULL)
    *last = (int) n;
  return got;
}

guint
tls_peer_count_records (TlsPeer *self)
{
  guint n = 0;

  for (gsize at = 0; at + 5 <= self->heard->len;)
    {
      n += self->heard->data[at] == 23;
      at += 5 + (gsize) self->heard->data[at + 3] * 256 + self->heard->data[at + 4];
    }
  return n;
}

/* ---- Sides ---- */

Side *
secure_side_new_accepted (LinkFixture *fixture,
                          AhoyTls     *tls)
{
  int   fd;
  Side *side = side_new_on_pair (fixture, &fd);

  side->link = ahoy_link_new_accepted (fixture->poll, fd, tls, &side_events, side, NULL);
  assert_non_null (side->link);
  return side;
}

Side *
secure_side_new (LinkFixture *fixture,
                 AhoyTls     *tls)
{
  int   fd;
  Side *side = side_new_on_pair (fixture, &fd);

  side->link = ahoy_link_new_secure (fixture->poll, fd, tls, &side_events, side, NULL);
  assert_non_null (side->link);
  return side;
}
