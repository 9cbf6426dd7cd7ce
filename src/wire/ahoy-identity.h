/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Identity": a private key and its self-signed certificate, kept in one PEM file of mode 0600. Immutable once made. What
 * touches a file blocks on the disk. All errors name the file:
 *   G_IO_ERROR_NOT_FOUND          there was a key, and its file is gone
 *   G_IO_ERROR_WRONG_ETAG         the file holds another key than it did
 *   G_IO_ERROR_INVALID_DATA       empty, damaged, or something else; key and certificate do not belong together
 *   G_IO_ERROR_PERMISSION_DENIED  protected by a passphrase, which is missing or wrong
 *   G_IO_ERROR_NOT_SUPPORTED      a kind of key that TLS does not sign with, or one that is too short
 *   G_FILE_ERROR_*                it cannot be read or written */

#define AHOY_TYPE_IDENTITY (ahoy_identity_get_type ())
G_DECLARE_FINAL_TYPE (AhoyIdentity, ahoy_identity, AHOY, IDENTITY, GObject)

/* Reads @path, or makes a new P-256 key there when there never was one. Beside it stands the fingerprint in a file with ".id" for ".pem":
 * as long as that is there, a @path that is missing, empty, unreadable or holds another key is an error, never silently a new identity.
 * A file that is open to others is made private (mode 0600), and a warning says so.
 * @common_name: subject of a new certificate.
 * Returns: (transfer full). */
AhoyIdentity *ahoy_identity_load_or_create (const char *path,
                                            const char *common_name,
                                            GError    **error);
/* Reads an operator's own pair, PEM, in clear. The certificates that signed it may follow the key's own. A key that is open to others is
 * taken, with a warning.
 * Returns: (transfer full). */
AhoyIdentity *ahoy_identity_load_pair (const char *key_path,
                                       const char *certificate_path,
                                       GError    **error);

/* Writes a copy for another computer: PKCS #8 under @passphrase (PBES2: AES-256, and a second or so of PBKDF2) and the certificate, PEM.
 * An empty passphrase is G_IO_ERROR_INVALID_ARGUMENT. */
gboolean ahoy_identity_export (AhoyIdentity *self,
                               const char   *path,
                               const char   *passphrase,
                               GError      **error);
/* Reads such a copy, or any PKCS #8 (PEM or DER, under a passphrase or not) or PKCS #12, and makes it the identity at @save_as. What was
 * there is kept as @save_as with ".old-YYYYMMDD-HHMMSS". A key that comes without a certificate gets one.
 * @passphrase: nullable.
 * Returns: (transfer full): NULL: nothing has changed. */
AhoyIdentity *ahoy_identity_import (const char *file,
                                    const char *passphrase,
                                    const char *save_as,
                                    GError    **error);

/* ahoy-fingerprint.h: of the public key. */
const char *ahoy_identity_get_fingerprint (AhoyIdentity *self);
/* Its first 26 characters: what a server is known by. */
const char *ahoy_identity_get_id (AhoyIdentity *self);

/* The private key and the certificates, PEM, in clear: what a TLS library takes. Secret. */
const char *ahoy_identity_get_pem (AhoyIdentity *self);

G_END_DECLS
