/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The log as a file in the data folder. */

#include "control/ahoyd-log-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "ahoyd-data-dir.h"
#include "ahoyd-server-identity.h"
#include "control/ahoyd-log-copy.h"
#include "wire/ahoy-secret-file.h"

#define MARK_NAME "log.mark"
#define MARK_KEPT "kept\n"
#define MARK_NONE "none yet\n"

/* What SQLite keeps beside a file goes where the file goes. */
static const char *const companions[] = { "", "-wal", "-shm" };
/* What can be made again from the log, and belongs to that log only. */
static const char *const derived[] = { ".search", ".search-wal", ".search-shm" };

/* clang-format off */
G_DEFINE_QUARK (ahoyd-log-lost-error-quark, ahoyd_log_lost_error)
/* clang-format on */

static gboolean
exists (const char *path)
{
  GStatBuf info;

  return g_lstat (path, &info) == 0;
}

static gboolean
fail (int         code,
      const char *path,
      const char *what,
      GError    **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "'%s' %s: %s", path, what, g_strerror (code));
  return FALSE;
}

gboolean
ahoyd_log_file_set_mark (const char *folder,
                         gboolean    kept,
                         GError    **error)
{
  g_autofree char *path = g_build_filename (folder, MARK_NAME, NULL);
  g_autofree char *old = NULL;
  const char      *mark = kept ? MARK_KEPT : MARK_NONE;

  /* A full disk is no reason to give up what needs no change. */
  if (g_file_get_contents (path, &old, NULL, NULL) && g_str_equal (old, mark))
    return TRUE;
  return ahoy_secret_file_write (path, mark, -1, error);
}

gboolean
ahoyd_log_file_is_due (const char *folder,
                       gboolean   *due,
                       GError    **error)
{
  g_autofree char *mark = g_build_filename (folder, MARK_NAME, NULL);
  g_autofree char *log = g_build_filename (folder, AHOYD_DATA_LOG, NULL);
  g_autofree char *text = NULL;

  g_return_val_if_fail (folder != NULL && due != NULL, FALSE);

  if (exists (mark))
    {
      /* One that cannot be read, or that nobody knows, is a mark all the same. */
      *due = !g_file_get_contents (mark, &text, NULL, NULL) || !g_str_equal (text, MARK_NONE);
      return TRUE;
    }
  *due = ahoyd_server_identity_was_made (folder);
  return *due || exists (log) || ahoyd_log_file_set_mark (folder, FALSE, error);
}

/* A file that SQLite would fill as if it were new. What cannot be opened here says so when it is opened for good. */
static gboolean
is_blank (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  gboolean         has_wal = exists (wal);
  sqlite3         *db = NULL;
  sqlite3_stmt    *stmt = NULL;
  gboolean         blank = FALSE;

  /* Neither is anything left behind that was not there, nor is a write-ahead log taken away that somebody may yet make use of. */
  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
      sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, (int) has_wal, NULL) == SQLITE_OK &&
      sqlite3_prepare_v2 (db, "SELECT count(*) FROM sqlite_schema", -1, &stmt, NULL) == SQLITE_OK && sqlite3_step (stmt) == SQLITE_ROW)
    blank = sqlite3_column_int64 (stmt, 0) == 0;
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return blank;
}

gboolean
ahoyd_log_file_check (const char *folder,
                      gboolean    due,
                      GError    **error)
{
  g_autofree char *path = g_build_filename (folder, AHOYD_DATA_LOG, NULL);
  GStatBuf         info;

  g_return_val_if_fail (folder != NULL, FALSE);

  if (!due)
    return TRUE;
  /* Of a link, what it leads to: SQLite would make that anew. */
  if (g_stat (path, &info) != 0 && errno == ENOENT)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The log '%s' is gone, but this server had one", path);
      return FALSE;
    }
  if (is_blank (path))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The log '%s' is empty, but this server had one", path);
      return FALSE;
    }
  return TRUE;
}

gboolean
ahoyd_log_file_is_lost (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

/* Returns: (transfer full): a path that nothing has, with none of the companions either. */
static char *
free_name (const char *log)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char      *when = g_date_time_format (now, "%Y%m%d-%H%M%S");

  for (guint i = 1;; i++)
    {
      g_autofree char *name = i > 1 ? g_strdup_printf ("%s.old-%s-%u", log, when, i) : g_strdup_printf ("%s.old-%s", log, when);
      gboolean         taken = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (companions); j++)
        {
          g_autofree char *path = g_strconcat (name, companions[j], NULL);

          taken |= exists (path);
        }
      if (!taken)
        return g_steal_pointer (&name);
    }
}

/* The log itself goes first: should this end halfway, there is none, and nobody takes what is left of it for the whole. */
gboolean
ahoyd_log_file_set_aside (const char *folder,
                          char      **aside,
                          GError    **error)
{
  g_autofree char *log = g_build_filename (folder, AHOYD_DATA_LOG, NULL);
  g_autofree char *name = free_name (log);
  gboolean         any = FALSE;

  g_return_val_if_fail (folder != NULL && aside != NULL, FALSE);

  *aside = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (companions); i++)
    {
      g_autofree char *from = g_strconcat (log, companions[i], NULL);
      g_autofree char *to = g_strconcat (name, companions[i], NULL);

      if (g_rename (from, to) == 0)
        any = TRUE;
      else if (errno != ENOENT)
        return fail (errno, from, "cannot be set aside", error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (derived); i++)
    {
      g_autofree char *path = g_strconcat (log, derived[i], NULL);

      g_unlink (path);
    }
  if (any)
    *aside = g_steal_pointer (&name);
  return TRUE;
}

static AhoydStore *
begin_anew (const char                    *folder,
            const AhoydStoreSqliteOptions *options,
            GMainContext                  *context,
            const GError                  *why,
            GError                       **error)
{
  g_autofree char *aside = NULL;

  if (!ahoyd_log_file_set_aside (folder, &aside, error) || !ahoyd_log_file_set_mark (folder, FALSE, error))
    return NULL;
  if (aside != NULL)
    g_message ("A new log begins. The old one was set aside as '%s': %s", aside, why->message);
  else
    g_message ("A new log begins: %s", why->message);
  return ahoyd_store_sqlite_new (options, context, error);
}

AhoydStore *
ahoyd_log_file_open (const char                    *folder,
                     const AhoydStoreSqliteOptions *options,
                     GMainContext                  *context,
                     gboolean                       due,
                     gboolean                       anew,
                     GError                       **error)
{
  g_autoptr (AhoydStore) store = NULL;
  g_autoptr (GError)     why = NULL;
  g_autoptr (GError)     unmarked = NULL;
  g_autofree char       *quoted = NULL;

  g_return_val_if_fail (folder != NULL && options != NULL, NULL);

  quoted = g_shell_quote (folder);
  if (ahoyd_log_file_check (folder, due, &why))
    store = ahoyd_store_sqlite_new (options, context, &why);
  /* What is damaged in the middle can be opened, and yet nothing be kept in it. */
  if (store != NULL && anew && !ahoyd_log_copy_check (options->path, &why))
    g_clear_pointer (&store, ahoyd_store_free);
  if (store != NULL && anew)
    g_message ("The log is in order, and goes on: --new-log leaves it as it is");
  if (store == NULL && anew && ahoyd_log_file_is_lost (why))
    {
      store = begin_anew (folder, options, context, why, error);
      if (store == NULL)
        return NULL;
    }
  if (store == NULL)
    {
      /* What a newer version made is not lost: the newer version reads it. */
      if (ahoyd_log_file_is_lost (why) && why->code != G_IO_ERROR_NOT_SUPPORTED)
        g_set_error (error, AHOYD_LOG_LOST_ERROR, AHOYD_LOG_LOST_ERROR_LOST,
                     "%s. With --data-dir %s, 'ahoyd restore FILE' puts a backup in its place, and 'ahoyd --new-log' sets aside what is there and begins a new log",
                     why->message, quoted);
      else
        g_propagate_error (error, g_steal_pointer (&why));
      return NULL;
    }
  if (!ahoyd_log_file_set_mark (folder, TRUE, &unmarked))
    g_warning ("The loss of the log could not be noticed: %s", unmarked->message);
  return g_steal_pointer (&store);
}
