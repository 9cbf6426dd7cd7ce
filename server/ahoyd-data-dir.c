/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The folder with the server's key and data. */

#include "ahoyd-data-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_NAME "lock"
#define PORT_NAME "port"
#define RECORD_CONFIG "config="
#define RECORD_NAME "name="
#define ROOT_FOLDER "/var/lib/ahoyd"
/* So many servers of one user on one machine that something else must be wrong. */
#define DEFAULT_TRIES 100
/* Milliseconds that a server waits for a folder that somebody has. */
#define PATIENCE_MS 500

struct _AhoydDataDir {
  /* Owned */
  char *path;
  int   lock;
};

static void
set_error (GError    **error,
           int         code,
           const char *path,
           const char *what)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s '%s': %s", what, path, g_strerror (code));
}

static gboolean
lock_in_time (int   fd,
              guint patience_ms)
{
  gint64 deadline = g_get_monotonic_time () + patience_ms * G_TIME_SPAN_MILLISECOND;

  while (flock (fd, LOCK_EX | LOCK_NB) < 0)
    {
      if (errno != EWOULDBLOCK || g_get_monotonic_time () >= deadline)
        return FALSE;
      g_usleep (patience_ms * G_TIME_SPAN_MILLISECOND / 20);
    }
  return TRUE;
}

/* @make: 0 or O_CREAT. */
static AhoydDataDir *
lock_path (const char *path,
           int         make,
           GError    **error)
{
  g_autoptr (AhoydDataDir) self = g_new0 (AhoydDataDir, 1);
  g_autofree char         *lock = g_build_filename (path, LOCK_NAME, NULL);

  self->path = g_strdup (path);
  self->lock = open (lock, O_RDWR | make | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock < 0)
    {
      set_error (error, errno, path, make != 0 ? "Cannot write to the folder" : "Cannot open the folder");
      return NULL;
    }
  /* An operator's command has the folder for a moment: no reason for a server to be somebody else in another folder. */
  if (lock_in_time (self->lock, make != 0 ? PATIENCE_MS : 0))
    return g_steal_pointer (&self);
  if (errno == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The folder '%s' is in use by another server", path);
  else
    set_error (error, errno, path, "Cannot lock the folder");
  return NULL;
}

static AhoydDataDir *
open_path (const char *path,
           GError    **error)
{
  if (g_mkdir_with_parents (path, 0700) < 0)
    {
      set_error (error, errno, path, "Cannot make the folder");
      return NULL;
    }
  return lock_path (path, O_CREAT, error);
}

static AhoydDataDir *
open_default (const char *path,
              GError    **error)
{
  for (guint i = 1;; i++)
    {
      g_autofree char   *numbered = i > 1 ? g_strdup_printf ("%s-%u", path, i) : g_strdup (path);
      g_autoptr (GError) inner = NULL;
      AhoydDataDir      *self = open_path (numbered, &inner);

      if (self != NULL)
        return self;
      if (i < DEFAULT_TRIES && g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_BUSY))
        continue;
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
}

/* @fixed (out): it is this one or none. */
static char *
choose (const char *path,
        gboolean   *fixed)
{
  const char *state = g_getenv ("STATE_DIRECTORY");

  *fixed = TRUE;
  if (path != NULL)
    return g_strdup (path);
  /* systemd separates several with colons; the first is ours. */
  if (state != NULL && *state != '\0')
    return g_strndup (state, strcspn (state, ":"));
  *fixed = FALSE;
  return geteuid () == 0 ? g_strdup (ROOT_FOLDER) : g_build_filename (g_get_user_data_dir (), "ahoyd", NULL);
}

char *
ahoyd_data_dir_choose (const char *path)
{
  gboolean fixed;

  return choose (path, &fixed);
}

AhoydDataDir *
ahoyd_data_dir_open (const char *path,
                     GError    **error)
{
  gboolean         fixed;
  g_autofree char *folder = choose (path, &fixed);

  return fixed ? open_path (folder, error) : open_default (folder, error);
}

AhoydDataDir *
ahoyd_data_dir_open_used (const char *path,
                          GError    **error)
{
  g_autoptr (GError) inner = NULL;
  AhoydDataDir      *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = lock_path (path, 0, &inner);
  if (self != NULL)
    return self;
  if (g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No server has ever used the folder '%s'", path);
  else
    g_propagate_error (error, g_steal_pointer (&inner));
  return NULL;
}

AhoydDataDir *
ahoyd_data_dir_open_there (const char *path,
                           GError    **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return lock_path (path, O_CREAT, error);
}

/* It stands in the lock: who may lock it may write it, and it goes with the folder. */
void
ahoyd_data_dir_record (AhoydDataDir *dir,
                       const char   *config,
                       const char   *name)
{
  g_autofree char *file = config != NULL ? realpath (config, NULL) : NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (dir != NULL && name != NULL);

  if (config != NULL && file == NULL)
    file = g_canonicalize_filename (config, NULL);
  text = g_strdup_printf (RECORD_CONFIG "%s\n" RECORD_NAME "%s\n", file != NULL ? file : "", name);
  /* On a full disk nothing is written down, and nobody is misled: a record that is cut short is none. */
  if (ftruncate (dir->lock, 0) < 0 || pwrite (dir->lock, text, strlen (text), 0) < 0)
    g_info ("'%s' does not say whose it is: %s", dir->path, g_strerror (errno));
}

gboolean
ahoyd_data_dir_read_record (const char *path,
                            char      **config,
                            char      **name)
{
  g_autofree char *lock = g_build_filename (path, LOCK_NAME, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;

  g_return_val_if_fail (path != NULL && config != NULL && name != NULL, FALSE);

  *config = NULL;
  *name = NULL;
  if (!g_file_get_contents (lock, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  if (g_strv_length (lines) != 3 || !g_str_has_prefix (lines[0], RECORD_CONFIG) || !g_str_has_prefix (lines[1], RECORD_NAME))
    return FALSE;
  if (lines[0][strlen (RECORD_CONFIG)] != '\0')
    *config = g_strdup (lines[0] + strlen (RECORD_CONFIG));
  *name = g_strdup (lines[1] + strlen (RECORD_NAME));
  return TRUE;
}

guint16
ahoyd_data_dir_get_port (AhoydDataDir *dir)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  guint64          port;

  g_return_val_if_fail (dir != NULL, 0);

  path = g_build_filename (dir->path, PORT_NAME, NULL);
  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_ascii_string_to_unsigned (g_strchomp (text), 10, 1, G_MAXUINT16, &port, NULL))
    return 0;
  return (guint16) port;
}

void
ahoyd_data_dir_set_port (AhoydDataDir *dir,
                         guint16       port)
{
  g_autofree char   *path = NULL;
  g_autofree char   *text = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (dir != NULL);

  /* What is so already is not written again: the disk may be full. */
  if (ahoyd_data_dir_get_port (dir) == port)
    return;
  path = g_build_filename (dir->path, PORT_NAME, NULL);
  text = g_strdup_printf ("%u\n", port);
  if (port == 0)
    g_unlink (path);
  else if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_info ("The port will not be the same at the next start: %s", error->message);
}

gboolean
ahoyd_data_dir_act_as_owner (const char *path,
                             GError    **error)
{
  GStatBuf info;

  g_return_val_if_fail (path != NULL, FALSE);

  if (geteuid () != 0 || g_stat (path, &info) < 0 || info.st_uid == 0)
    return TRUE;
  if (setegid (info.st_gid) == 0 && seteuid (info.st_uid) == 0)
    return TRUE;
  set_error (error, errno, path, "Cannot act as the owner of the folder");
  ahoyd_data_dir_act_as_self ();
  return FALSE;
}

void
ahoyd_data_dir_act_as_self (void)
{
  /* Nothing can hinder whoever is still root behind it. */
  if (geteuid () != getuid () && (seteuid (getuid ()) < 0 || setegid (getgid ()) < 0))
    g_error ("Cannot be root again: %s", g_strerror (errno));
}

void
ahoyd_data_dir_free (AhoydDataDir *dir)
{
  g_return_if_fail (dir != NULL);

  if (dir->lock >= 0)
    close (dir->lock);
  g_free (dir->path);
  g_free (dir);
}

const char *
ahoyd_data_dir_get_path (AhoydDataDir *dir)
{
  return dir->path;
}
