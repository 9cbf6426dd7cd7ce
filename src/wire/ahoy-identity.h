/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Identity": a P-256 key and its self-signed certificate, kept in one PEM file of mode 0600. Immutable once made. */

#define AHOY_TYPE_IDENTITY (ahoy_identity_get_type ())
G_DECLARE_FINAL_TYPE (AhoyIdentity, ahoy_identity, AHOY, IDENTITY, GObject)

/* Reads @path, or makes a new identity there when there is no such file. A file that is there but empty, unreadable or broken is an error:
 * never silently a new identity. Written atomically. Blocks on the disk; for start-up.
 * @common_name: subject of a new certificate.
 * Returns: (transfer full): NULL with a G_IO_ERROR or G_FILE_ERROR that names the file. */
AhoyIdentity *ahoy_identity_load_or_create (const char  *path,
                                            const char  *common_name,
                                            GError     **error);

/* ahoy-fingerprint.h: of the public key. */
const char *ahoy_identity_get_fingerprint (AhoyIdentity *self);
/* Its first 26 characters: what a server is known by. */
const char *ahoy_identity_get_id (AhoyIdentity *self);

/* The private key and the certificate, PEM, as in the file: what a TLS library takes. Secret. */
const char *ahoy_identity_get_pem (AhoyIdentity *self);

G_END_DECLS
