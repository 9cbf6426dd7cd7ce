/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* PROTOCOL.md, "Identity": a public key in a form that can be written into a heading: SHA-256 of the SubjectPublicKeyInfo, base32 (RFC
 * 4648) in lower case without padding. Pure functions, any thread. */

#define AHOY_FINGERPRINT_CHARS 52
/* A server's id is how its fingerprint begins: 130 bits of it. */
#define AHOY_ID_CHARS 26
#define AHOY_KEY_HASH_BYTES 32

/* @certificate: X.509 in DER, of anybody: garbage is allowed. Whether it is valid, in time or trusted is not asked.
 * Returns: (transfer full) (nullable): NULL: no certificate with a public key that can be read. */
char *ahoy_fingerprint_of_der (const guint8 *certificate,
                               gsize         len);
/* @hash: SHA-256 of the SubjectPublicKeyInfo, which GnuTLS calls a key id. Returns: (transfer full). */
char *ahoy_fingerprint_of_hash (const guint8 hash[AHOY_KEY_HASH_BYTES]);

/* Returns: whether @text (nullable) is a whole fingerprint: 52 characters of the alphabet. */
gboolean ahoy_fingerprint_is_valid (const char *text);
/* Returns: whether @text (nullable) is a server's id: 26 characters of the alphabet. */
gboolean ahoy_fingerprint_is_id (const char *text);

G_END_DECLS
