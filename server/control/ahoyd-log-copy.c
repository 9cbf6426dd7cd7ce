/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A copy of a log: SQLite's online backup, and proof that it is one. */

#include "control/ahoyd-log-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "ahoyd-data-dir.h"
#include "store/ahoyd-database.h"

/* Before it, what is in the log was a table of messages. */
#define FIRST_SCHEMA_WITH_EVENTS 3

/* Milliseconds that a server may keep us waiting. */
#define BUSY_TIMEOUT_MS 10000

static gboolean
fail (const char *path,
      sqlite3    *db,
      int         code,
      GError    **error)
{
  gboolean damaged = (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;

  g_set_error (error, G_IO_ERROR, damaged ? G_IO_ERROR_INVALID_DATA : G_IO_ERROR_FAILED, "%s: %s", path,
               db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (code));
  return FALSE;
}

static gboolean
open_file (const char *path,
           const char *folder,
           sqlite3   **db,
           GError    **error)
{
  int code;

  if (folder != NULL && !ahoyd_data_dir_act_as_owner (folder, error))
    return FALSE;
  code = sqlite3_open_v2 (path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
  if (code == SQLITE_OK)
    {
      sqlite3_busy_timeout (*db, BUSY_TIMEOUT_MS);
      /* From now on all that is read is of one moment, and all files are open. */
      code = sqlite3_exec (*db, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
  if (folder != NULL)
    ahoyd_data_dir_act_as_self ();
  return code == SQLITE_OK || fail (path, *db, code, error);
}

static gboolean
read_number (const char *path,
             sqlite3    *db,
             const char *sql,
             gint64     *number,
             GError    **error)
{
  sqlite3_stmt *stmt = NULL;
  int           code = sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL);

  *number = 0;
  if (code == SQLITE_OK)
    code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    *number = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE || fail (path, db, code, error);
}

static gboolean
check_kind (const char *path,
            sqlite3    *db,
            GError    **error)
{
  gint64 application = 0;
  gint64 schema = 0;

  if (!read_number (path, db, "PRAGMA application_id", &application, error) || !read_number (path, db, "PRAGMA user_version", &schema, error))
    return FALSE;
  if (application != AHOYD_DATABASE_APPLICATION_ID || schema <= 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: this is not a log of ahoyd", path);
      return FALSE;
    }
  if (schema > ahoyd_database_get_newest_schema ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: made by a newer version (schema %d, this one knows up to %u)", path, (int) schema,
                   ahoyd_database_get_newest_schema ());
      return FALSE;
    }
  return TRUE;
}

/* @path: the file that is at fault when something is. */
static gboolean
check_whole (const char *path,
             sqlite3    *db,
             GError    **error)
{
  static const char heading[] = "*** in database main ***\n"; /* there is no other */
  g_autofree char  *problem = NULL;
  const char       *result = NULL;
  sqlite3_stmt     *stmt = NULL;
  int               code = sqlite3_prepare_v2 (db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);

  if (code == SQLITE_OK)
    code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    result = (const char *) sqlite3_column_text (stmt, 0);
  if (result != NULL && g_str_has_prefix (result, heading))
    result += strlen (heading);
  if (code == SQLITE_ROW && g_strcmp0 (result, "ok") != 0)
    problem = g_strdelimit (g_strdup (result), "\n", ' ');
  sqlite3_finalize (stmt);
  if (code != SQLITE_ROW)
    return fail (path, db, code, error);
  if (problem == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: it is damaged: %s", path, problem);
  return FALSE;
}

static gboolean
copy_pages (const char *from,
            sqlite3    *source,
            const char *to,
            sqlite3    *target,
            GError    **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", source, "main");
  int             code;

  if (backup == NULL)
    return fail (to, target, sqlite3_errcode (target), error);
  sqlite3_backup_step (backup, -1);
  code = sqlite3_backup_finish (backup);
  if (code != SQLITE_OK)
    return fail ((code & 0xff) == SQLITE_CORRUPT ? from : to, target, code, error);
  /* One file, that can be carried about: no write-ahead log belongs to it. */
  code = sqlite3_exec (target, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  return code == SQLITE_OK || fail (to, target, code, error);
}

static gboolean
fill (const char      *from,
      sqlite3         *source,
      const char      *to,
      sqlite3         *target,
      AhoydLogSummary *summary,
      GError         **error)
{
  gint64   schema = 0;
  gint64   last = 0;
  gint64   n = 0;
  gboolean events;

  if (!copy_pages (from, source, to, target, error) || !check_whole (from, target, error) ||
      !read_number (to, target, "PRAGMA user_version", &schema, error))
    return FALSE;
  events = schema >= FIRST_SCHEMA_WITH_EVENTS;
  if (!read_number (to, target, events ? "SELECT seq FROM sqlite_sequence WHERE name = 'events'" : "SELECT seq FROM sqlite_sequence WHERE name = 'messages'", &last, error) ||
      !read_number (to, target, events ? "SELECT count(*) FROM events" : "SELECT count(*) FROM messages", &n, error))
    return FALSE;
  summary->last = (guint64) last;
  summary->n_messages = (guint64) n;
  return TRUE;
}

static gboolean
sync_file (const char *path,
           GError    **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  int code = fd < 0 || fsync (fd) < 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  if (code != 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", path, g_strerror (code));
  return code == 0;
}

gboolean
ahoyd_log_copy (const char      *from,
                const char      *from_folder,
                const char      *to,
                const char      *to_folder,
                AhoydLogSummary *summary,
                GError         **error)
{
  sqlite3 *source = NULL;
  sqlite3 *target = NULL;
  gboolean copied;
  int      code;

  g_return_val_if_fail (from != NULL && to != NULL && summary != NULL, FALSE);

  copied = open_file (from, from_folder, &source, error) && check_kind (from, source, error);
  if (copied && to_folder != NULL)
    copied = ahoyd_data_dir_act_as_owner (to_folder, error);
  if (copied)
    {
      code = sqlite3_open_v2 (to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
      copied = code == SQLITE_OK ? fill (from, source, to, target, summary, error) : fail (to, target, code, error);
    }
  sqlite3_close (target);
  ahoyd_data_dir_act_as_self ();
  sqlite3_close (source);
  return copied && sync_file (to, error);
}

gboolean
ahoyd_log_copy_check (const char *path,
                      GError    **error)
{
  sqlite3 *db = NULL;
  gboolean whole;

  g_return_val_if_fail (path != NULL, FALSE);

  whole = open_file (path, NULL, &db, error) && check_whole (path, db, error);
  sqlite3_close (db);
  return whole;
}
