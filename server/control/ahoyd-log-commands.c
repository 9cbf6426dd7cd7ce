/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* `ahoyd backup` and `ahoyd restore`. */

#define _GNU_SOURCE /* renameat2() */

#include "control/ahoyd-log-commands.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#include "ahoyd-data-dir.h"
#include "control/ahoyd-asked.h"
#include "control/ahoyd-log-copy.h"
#include "control/ahoyd-log-file.h"

/* In the data folder, while it is checked. */
#define RESTORED_NAME AHOYD_DATA_LOG ".restored"

static gboolean
fail (int         code,
      const char *path,
      const char *what,
      GError    **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s '%s': %s", what, path, g_strerror (code));
  return FALSE;
}

/* Returns: (transfer none) (nullable): the FILE of "@command FILE". */
static const char *
file_of (const AhoydConfig *config,
         const char        *command,
         GError           **error)
{
  if (g_strv_length (config->words) == 2 && *config->words[1] != '\0')
    return config->words[1];
  g_set_error (error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE, "It is 'ahoyd %s FILE'", command);
  return NULL;
}

static gboolean
check_store (const AhoydConfig *config,
             GError           **error)
{
  if (!config->store_on_disk)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "With store=memory there is no log on the disk");
  return config->store_on_disk;
}

/* What a folder knows is on the disk, too. */
static gboolean
sync_folder_of (const char *path,
                GError    **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int              fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  int              code = fd < 0 || (fsync (fd) < 0 && errno != EINVAL) ? errno : 0;

  if (fd >= 0)
    close (fd);
  return code == 0 || fail (code, folder, "Cannot write to the folder", error);
}

static gboolean
refuse_existing (const char *file,
                 GError    **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "'%s' is there already: a backup overwrites nothing", file);
  return FALSE;
}

/* Returns: (transfer full) (nullable): an empty file beside @file, mode 0600. */
static char *
make_beside (const char *file,
             GError    **error)
{
  char *path = g_strconcat (file, ".part-XXXXXX", NULL);
  int   fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    {
      close (fd);
      return path;
    }
  fail (errno, file, "Cannot write", error);
  g_free (path);
  return NULL;
}

static gboolean
move_to_new (const char *from,
             const char *to,
             GError    **error)
{
  /* Some file systems know no such rename, but links. */
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0 &&
      (errno == EEXIST || link (from, to) < 0 || g_unlink (from) < 0))
    return errno == EEXIST ? refuse_existing (to, error) : fail (errno, to, "Cannot write", error);
  return sync_folder_of (to, error);
}

gboolean
ahoyd_backup_command (const AhoydConfig *config,
                      GError           **error)
{
  const char      *file = file_of (config, "backup", error);
  g_autofree char *folder = NULL;
  g_autofree char *log = NULL;
  g_autofree char *part = NULL;
  AhoydLogSummary  summary = { 0 };

  if (file == NULL || !check_store (config, error))
    return FALSE;
  folder = ahoyd_asked_folder (config, error);
  if (folder == NULL)
    return FALSE;
  log = g_build_filename (folder, AHOYD_DATA_LOG, NULL);
  if (g_access (log, F_OK) < 0)
    return fail (errno, log, "Cannot read the log", error);
  if (g_access (file, F_OK) == 0)
    return refuse_existing (file, error);
  part = make_beside (file, error);
  if (part == NULL)
    return FALSE;
  if (!ahoyd_log_copy (log, folder, part, NULL, &summary, error) || !move_to_new (part, file, error))
    {
      g_unlink (part);
      return FALSE;
    }
  printf ("'%s' holds the log of '%s': %" G_GUINT64_FORMAT " messages, the newest id %" G_GUINT64_FORMAT ". The key is not in it.\n", file, folder,
          summary.n_messages, summary.last);
  return TRUE;
}

/* Acts as the folder's owner. @copy: in the folder, checked. */
static gboolean
put_in_place (const char *folder,
              const char *copy,
              char      **aside,
              GError    **error)
{
  g_autofree char *log = g_build_filename (folder, AHOYD_DATA_LOG, NULL);

  if (!ahoyd_log_file_set_aside (folder, aside, error))
    return FALSE;
  if (g_rename (copy, log) < 0)
    return fail (errno, log, "Cannot write", error);
  return ahoyd_log_file_set_mark (folder, TRUE, error) && sync_folder_of (log, error);
}

/* Acts as the folder's owner. Returns: an empty file in @folder, where one of an earlier attempt may lie. */
static char *
make_copy_file (const char *folder,
                GError    **error)
{
  g_autofree char *path = g_build_filename (folder, RESTORED_NAME, NULL);
  int              fd;

  g_unlink (path);
  fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      fail (errno, path, "Cannot write", error);
      return NULL;
    }
  close (fd);
  return g_steal_pointer (&path);
}

/* No server can have the folder as long as this lives. */
static AhoydDataDir *
hold_folder (const char *folder,
             GError    **error)
{
  g_autoptr (GError) inner = NULL;
  AhoydDataDir      *dir = NULL;

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no folder '%s': it is made when its server first starts", folder);
  else if ((dir = ahoyd_data_dir_open_there (folder, &inner)) == NULL && g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_BUSY))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The server in '%s' is running: stop it first", folder);
  else if (dir == NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return dir;
}

static gboolean
restore (const char *folder,
         const char *file,
         GError    **error)
{
  g_autoptr (AhoydDataDir) dir = NULL;
  g_autofree char         *copy = NULL;
  g_autofree char         *aside = NULL;
  AhoydLogSummary          summary = { 0 };
  gboolean                 restored;

  if (!ahoyd_data_dir_act_as_owner (folder, error))
    return FALSE;
  dir = hold_folder (folder, error);
  if (dir != NULL)
    copy = make_copy_file (folder, error);
  ahoyd_data_dir_act_as_self ();
  if (copy == NULL)
    return FALSE;

  restored = ahoyd_log_copy (file, NULL, copy, folder, &summary, error) && ahoyd_data_dir_act_as_owner (folder, error);
  if (restored)
    restored = put_in_place (folder, copy, &aside, error);
  if (!restored)
    g_unlink (copy);
  ahoyd_data_dir_act_as_self ();
  if (!restored)
    return FALSE;

  printf ("The log in '%s' is that of '%s' now: %" G_GUINT64_FORMAT " messages, the newest id %" G_GUINT64_FORMAT ".\n", folder, file,
          summary.n_messages, summary.last);
  if (aside != NULL)
    printf ("What was there is kept as '%s'.\n", aside);
  printf ("Who had seen more is told so when they log in, and keeps their own copy of it.\n");
  return TRUE;
}

gboolean
ahoyd_restore_command (const AhoydConfig *config,
                       GError           **error)
{
  const char      *file = file_of (config, "restore", error);
  g_autofree char *folder = NULL;

  if (file == NULL || !check_store (config, error))
    return FALSE;
  if (g_access (file, R_OK) < 0)
    return fail (errno, file, "Cannot read", error);
  folder = ahoyd_asked_folder (config, error);
  return folder != NULL && restore (folder, file, error);
}

gboolean
ahoyd_new_log_is_for_another (const AhoydConfig *config)
{
  g_autofree char *folder = ahoyd_data_dir_choose (config->data_dir);
  GStatBuf         info;

  return config->new_log && geteuid () == 0 && g_stat (folder, &info) == 0 && info.st_uid != 0;
}

/* Acts as the folder's owner. */
static gboolean
begin_anew (const AhoydConfig *config,
            const char        *folder,
            GError           **error)
{
  g_autoptr (GMainContext)      context = g_main_context_new ();
  g_autoptr (AhoydDataDir)      dir = hold_folder (folder, error);
  g_autofree char              *log = g_build_filename (folder, AHOYD_DATA_LOG, NULL);
  const AhoydStoreSqliteOptions options = { .path = log, .durability = config->durability };
  g_autoptr (AhoydStore)        store = NULL;
  gboolean                      due;

  if (dir == NULL || !ahoyd_log_file_is_due (folder, &due, error))
    return FALSE;
  store = ahoyd_log_file_open (folder, &options, context, due, TRUE, error);
  return store != NULL;
}

gboolean
ahoyd_new_log_command (const AhoydConfig *config,
                       GError           **error)
{
  g_autofree char *folder = NULL;
  gboolean         begun;

  if (!check_store (config, error))
    return FALSE;
  folder = ahoyd_asked_folder (config, error);
  if (folder == NULL || !ahoyd_data_dir_act_as_owner (folder, error))
    return FALSE;
  begun = begin_anew (config, folder, error);
  ahoyd_data_dir_act_as_self ();
  if (begun)
    printf ("The folder '%s' is not root's, so nobody is served from here. Its own server can be started now.\n", folder);
  return begun;
}
