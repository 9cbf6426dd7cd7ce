/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Our own identity, in a profile: the key that owns our name wherever we have been. Main thread; what touches the disk blocks for as long
 * as that takes.
 *
 * Properties (notify): "key" (string: our fingerprint, never NULL; changes when another identity is imported).
 *
 * Errors. They say what to do about them in English for a log; a window makes its own sentences from the codes:
 *   G_IO_ERROR_NOT_FOUND          open: there was an identity, and its file is gone. Put it back, import it from a copy, or remove the .id
 *                                 file beside it to begin as somebody new
 *   G_IO_ERROR_WRONG_ETAG         open: the file holds another identity than it did. As above
 *   G_IO_ERROR_INVALID_DATA       open: the file is empty or damaged. import: no file with an identity, or a damaged one
 *   G_IO_ERROR_PERMISSION_DENIED  import: the passphrase is wrong, or one is needed and @passphrase is NULL or empty. open: somebody has
 *                                 protected the file with one
 *   G_IO_ERROR_NOT_SUPPORTED      the key is of a kind that cannot be used (too short, no signatures)
 *   G_IO_ERROR_INVALID_ARGUMENT   export: the passphrase is empty
 *   G_FILE_ERROR_*                a file or folder cannot be read or written: access, disk full, … (never for a wrong passphrase) */

#define AHOY_TYPE_KEYRING (ahoy_keyring_get_type ())
G_DECLARE_FINAL_TYPE (AhoyKeyring, ahoy_keyring, AHOY, KEYRING, GObject)

/* Reads @path, or makes a new identity there when there never was one; its folder must be there.
 * @common_name: what the certificate of a new one says; whoever we connect to can read it.
 * Returns: (transfer full): NULL: nothing was changed; never a new identity in place of one that was. */
AhoyKeyring *ahoy_keyring_open (const char *path,
                                const char *common_name,
                                GError    **error);

const char *ahoy_keyring_get_key (AhoyKeyring *self);

/* Writes a copy for another computer, protected by @passphrase; whoever has both is us. Replaces @path, atomically. */
gboolean ahoy_keyring_export (AhoyKeyring *self,
                              const char  *path,
                              const char  *passphrase,
                              GError     **error);
/* Becomes who is in @file. The identity that was ours stays beside the new one under a name with the time in it. On FALSE nothing has
 * changed. Connections that are open go on under the old key. */
gboolean ahoy_keyring_import (AhoyKeyring *self,
                              const char  *file,
                              const char  *passphrase,
                              GError     **error);
/* Like ahoy_keyring_import(), where opening fails: puts who is in @file at @path. */
AhoyKeyring *ahoy_keyring_restore (const char *path,
                                   const char *file,
                                   const char *passphrase,
                                   GError    **error);

G_END_DECLS
