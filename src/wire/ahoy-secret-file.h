/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads and writes small files that are nobody else's business. All calls block on the disk. */

/* Writes @contents in one step: at any moment, also after the power went, there is the old file or the new one, whole. Only its owner may
 * read it (mode 0600, whatever the umask). Where @path is a link, what it points to is written. @len: -1: up to the NUL.
 * Returns: FALSE with a G_FILE_ERROR; then nothing has changed. A link to something that is not there is one (NOENT). */
gboolean ahoy_secret_file_write (const char *path,
                                 const char *contents,
                                 gssize      len,
                                 GError    **error);

/* Returns: (transfer full) (nullable): the contents, NUL-terminated; NULL with a G_FILE_ERROR, or G_IO_ERROR_INVALID_DATA when there are
 * more than @max bytes. @len (out) (optional). */
char *ahoy_secret_file_read (const char *path,
                             gsize       max,
                             gsize      *len,
                             GError    **error);

/* Whether others may read or change the file at @path: anybody but its owner, and but its group when that is how we can read it. Its
 * permissions are in @mode (out) then. */
gboolean ahoy_secret_file_is_open (const char *path,
                                   guint      *mode);
/* Takes the permission to read and change the file at @path from all but its owner. Returns: FALSE with a G_FILE_ERROR: it is as it was. */
gboolean ahoy_secret_file_tighten (const char *path,
                                   GError    **error);

/* Overwrites @secret before it is freed. @len: -1: up to the NUL. @secret: nullable. */
void ahoy_secret_free (char  *secret,
                       gssize len);

G_END_DECLS
