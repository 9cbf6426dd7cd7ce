/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A TLS client that shows somebody else's certificate and proves nothing: false-proof PORT CERTIFICATE.der VERSION. The certificate's key is
 * RSA; what is said to be its signature is short enough to be looked at. Says how the handshake ended. */

#include <arpa/inet.h>
#include <gio/gio.h>
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned int key_bits;

static int
sign (gnutls_privkey_t        key,
      gnutls_sign_algorithm_t algorithm,
      void                   *data,
      unsigned int            flags,
      const gnutls_datum_t   *message,
      gnutls_datum_t         *signature)
{
  signature->size = key_bits / 8;
  signature->data = gnutls_malloc (signature->size);
  memset (signature->data, 0x10, signature->size);
  return 0;
}

static int
describe (gnutls_privkey_t key,
          unsigned int     flags,
          void            *data)
{
  if (flags & GNUTLS_PRIVKEY_INFO_PK_ALGO)
    return GNUTLS_PK_RSA;
  if (flags & GNUTLS_PRIVKEY_INFO_PK_ALGO_BITS)
    return (int) key_bits;
  if (flags & GNUTLS_PRIVKEY_INFO_HAVE_SIGN_ALGO)
    return 1;
  return -1;
}

static void
check (int         result,
       const char *what)
{
  if (result >= 0)
    return;
  g_printerr ("%s: %s\n", what, gnutls_strerror (result));
  exit (2);
}

int
main (int    argc,
      char **argv)
{
  struct sockaddr_in               address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_autofree char                 *priority = g_strdup_printf ("NONE:+VERS-TLS%s:+ECDHE-ECDSA:+ECDHE-RSA:+AES-128-GCM:+AEAD:+GROUP-SECP256R1:+SIGN-ALL:+CTYPE-X509:+COMP-NULL", argv[3]);
  g_autofree char                 *der = NULL;
  gnutls_certificate_credentials_t credentials;
  gnutls_x509_crt_t                certificate;
  gnutls_privkey_t                 key;
  gnutls_pcert_st                  shown;
  gnutls_session_t                 session;
  gnutls_datum_t                   data;
  gsize                            size;
  int                              fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int                              result;
  char                             byte;

  if (argc != 4 || !g_file_get_contents (argv[2], &der, &size, NULL))
    return 2;
  data = (gnutls_datum_t){ (unsigned char *) der, (unsigned int) size };
  check (gnutls_x509_crt_init (&certificate), "certificate");
  check (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_DER), "certificate");
  check (gnutls_x509_crt_get_pk_algorithm (certificate, &key_bits), "key");
  check (gnutls_pcert_import_x509 (&shown, certificate, 0), "certificate");
  check (gnutls_privkey_init (&key), "key");
  check (gnutls_privkey_import_ext4 (key, NULL, sign, sign, NULL, NULL, describe, 0), "key");
  check (gnutls_certificate_allocate_credentials (&credentials), "credentials");
  gnutls_certificate_set_flags (credentials, GNUTLS_CERTIFICATE_SKIP_KEY_CERT_MATCH);
  check (gnutls_certificate_set_key (credentials, NULL, 0, &shown, 1, key), "credentials");
  check (gnutls_init (&session, GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT), "session");
  check (gnutls_priority_set_direct (session, priority, NULL), "priority");
  check (gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials), "session");

  address.sin_port = htons ((guint16) atoi (argv[1]));
  if (connect (fd, (struct sockaddr *) &address, sizeof address) < 0)
    return 2;
  gnutls_transport_set_int (session, fd);
  do
    result = gnutls_handshake (session);
  while (result < 0 && !gnutls_error_is_fatal (result));
  /* In TLS 1.3 what the server thinks of a certificate is heard afterwards. */
  if (result >= 0)
    result = (int) gnutls_record_recv (session, &byte, 1);
  g_print ("%s %s\n", gnutls_strerror (result),
           result == GNUTLS_E_FATAL_ALERT_RECEIVED ? gnutls_alert_get_name (gnutls_alert_get (session)) : "");

  gnutls_deinit (session);
  gnutls_certificate_free_credentials (credentials); /* with the key and what is shown */
  gnutls_x509_crt_deinit (certificate);
  close (fd);
  return 0;
}
