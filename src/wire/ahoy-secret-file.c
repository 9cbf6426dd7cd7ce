/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Small files that only their owner may read, written whole or not at all. */

#include "wire/ahoy-secret-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE 0600

static void
fail (GError    **error,
      int         code,
      const char *path,
      const char *how)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "“%s” %s: %s", path, how, g_strerror (code));
}

/* Where the bytes are to go: a link is followed, not replaced. Returns: (transfer full) (nullable). */
static char *
target_of (const char *path,
           GError    **error)
{
  GStatBuf info;
  char    *target;
  char    *copy;

  if (g_lstat (path, &info) < 0 || !S_ISLNK (info.st_mode))
    return g_strdup (path);
  target = realpath (path, NULL);
  if (target == NULL)
    {
      fail (error, errno, path, "is a link that leads nowhere");
      return NULL;
    }
  copy = g_strdup (target);
  free (target);
  return copy;
}

/* The new name of a file is in its folder, which has a cache of its own. Some file systems cannot be asked this; then nothing is to be
 * done. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int              fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

gboolean
ahoy_secret_file_write (const char *path,
                        const char *contents,
                        gssize      len,
                        GError    **error)
{
  g_autofree char *target = NULL;

  g_return_val_if_fail (path != NULL && contents != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  target = target_of (path, error);
  if (target == NULL || !g_file_set_contents_full (target, contents, len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, MODE, error))
    return FALSE;
  /* It never had more permissions than that, but a umask may have taken the owner's own. */
  if (g_chmod (target, MODE) < 0)
    {
      fail (error, errno, target, "cannot be made private");
      return FALSE;
    }
  sync_folder (target);
  return TRUE;
}

char *
ahoy_secret_file_read (const char *path,
                       gsize       max,
                       gsize      *len,
                       GError    **error)
{
  g_autofree char *contents = NULL;
  GStatBuf         info;
  gsize            size;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  /* Asked before it is read: somebody may have picked a film. */
  if (g_stat (path, &info) == 0 && S_ISREG (info.st_mode) && (guint64) info.st_size > max)
    size = (gsize) info.st_size;
  else if (!g_file_get_contents (path, &contents, &size, error))
    return NULL;
  if (size > max)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "“%s” is too large to be what it should be", path);
      return NULL;
    }
  if (len != NULL)
    *len = size;
  return g_steal_pointer (&contents);
}

/* A key that is somebody else's, root's most likely, is lent to us by its group. */
static gboolean
is_open (const struct stat *info)
{
  return S_ISREG (info->st_mode) && (info->st_mode & (info->st_uid == geteuid () ? 0077 : 0037)) != 0;
}

gboolean
ahoy_secret_file_is_open (const char *path,
                          guint      *mode)
{
  GStatBuf info;

  g_return_val_if_fail (path != NULL && mode != NULL, FALSE);

  if (g_stat (path, &info) < 0 || !is_open (&info))
    return FALSE;
  *mode = info.st_mode & 07777;
  return TRUE;
}

gboolean
ahoy_secret_file_tighten (const char *path,
                          GError    **error)
{
  struct stat info;
  int         fd;
  int         code = 0;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  fd = g_open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  if (fd < 0 || fstat (fd, &info) < 0 || (is_open (&info) && fchmod (fd, info.st_mode & MODE) < 0))
    code = errno;
  else if (fstat (fd, &info) == 0 && is_open (&info))
    code = ENOTSUP; /* as on a stick that knows no permissions */
  if (fd >= 0)
    close (fd);
  if (code != 0)
    fail (error, code, path, "cannot be made private");
  return code == 0;
}

void
ahoy_secret_free (char  *secret,
                  gssize len)
{
  if (secret != NULL)
    gnutls_memset (secret, 0, len < 0 ? strlen (secret) : (gsize) len);
  g_free (secret);
}
