/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One SQLite file in WAL mode, with the chores done. */

#include "disk/ahoy-sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

/* How long another process may have a file locked, and how often that is looked at. */
#define BUSY_TIMEOUT_MS 5000
#define BUSY_PAUSE_MS 10

struct _AhoySqlite {
  /* Owned */
  sqlite3    *db;
  GHashTable *statements; /* address of the text -> sqlite3_stmt */
  char       *path;
  /* Borrowed */
  const int *hurry; /* NULL: never */
};

static void
finalize (gpointer statement)
{
  sqlite3_finalize (statement);
}

/* What the kernel said, where SQLite has no word of its own for it. A quota or a limit on the size of files is a full disk to who wants to write. */
static GIOErrorEnum
kind_of_errno (int code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return G_IO_ERROR_NO_SPACE;
    case EROFS:
      return G_IO_ERROR_READ_ONLY;
    default:
      return G_IO_ERROR_FAILED;
    }
}

/* A commit that fails leaves what the kernel said with the write-ahead log only. 0: it said nothing. */
static int
kernel_errno (sqlite3 *db)
{
  int           code = sqlite3_system_errno (db);
  sqlite3_file *log = NULL;

  if (code == 0 && sqlite3_file_control (db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK && log != NULL && log->pMethods != NULL)
    log->pMethods->xFileControl (log, SQLITE_FCNTL_LAST_ERRNO, &code);
  return code;
}

gboolean
ahoy_sqlite_fail (AhoySqlite *self,
                  int         code,
                  GError    **error)
{
  GIOErrorEnum kind = G_IO_ERROR_FAILED;
  int          kernel = 0;

  switch (code & 0xff)
    {
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      kernel = self->db != NULL ? kernel_errno (self->db) : 0;
      kind = kind_of_errno (kernel);
      break;
    case SQLITE_FULL:
      kind = G_IO_ERROR_NO_SPACE;
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      kind = G_IO_ERROR_READ_ONLY;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      kind = G_IO_ERROR_INVALID_DATA;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      kind = G_IO_ERROR_BUSY;
      break;
    default:
      break;
    }
  g_set_error (error, G_IO_ERROR, kind, "%s: %s%s%s%s", self->path, self->db != NULL ? sqlite3_errmsg (self->db) : sqlite3_errstr (code),
               kernel != 0 ? " (" : "", kernel != 0 ? g_strerror (kernel) : "", kernel != 0 ? ")" : "");
  return FALSE;
}

gboolean
ahoy_sqlite_exec (AhoySqlite *self,
                  const char *sql,
                  GError    **error)
{
  int code;

  g_return_val_if_fail (self != NULL && sql != NULL, FALSE);

  code = sqlite3_exec (self->db, sql, NULL, NULL, NULL);
  return code == SQLITE_OK || ahoy_sqlite_fail (self, code, error);
}

gboolean
ahoy_sqlite_number (AhoySqlite *self,
                    const char *sql,
                    gint64     *number,
                    GError    **error)
{
  sqlite3_stmt *stmt = NULL;
  int           code;

  g_return_val_if_fail (self != NULL && sql != NULL && number != NULL, FALSE);

  *number = 0;
  code = sqlite3_prepare_v2 (self->db, sql, -1, &stmt, NULL);
  if (code == SQLITE_OK)
    {
      code = sqlite3_step (stmt);
      if (code == SQLITE_ROW)
        *number = sqlite3_column_int64 (stmt, 0);
    }
  sqlite3_finalize (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE || ahoy_sqlite_fail (self, code, error);
}

static gboolean
check_format (AhoySqlite             *self,
              const AhoySqliteFormat *format,
              gint64                 *version,
              GError                **error)
{
  gint64 application = 0;
  gint64 n_tables = 0;
  gint64 newest = g_strv_length ((char **) format->steps);

  if (!ahoy_sqlite_number (self, "PRAGMA user_version", version, error) ||
      !ahoy_sqlite_number (self, "PRAGMA application_id", &application, error) ||
      !ahoy_sqlite_number (self, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
    return FALSE;

  if (application != format->application_id && (application != 0 || n_tables > 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: this is a database of some other program", self->path);
      return FALSE;
    }
  if (*version > newest)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: made by a newer version (schema %d, this one knows up to %d)", self->path,
                   (int) *version, (int) newest);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_step (AhoySqlite             *self,
           const AhoySqliteFormat *format,
           gint64                  version,
           GError                **error)
{
  g_autoptr (GBytes) step = g_resource_lookup_data (format->resource, format->steps[version], G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char   *sql = NULL;

  if (step == NULL)
    return FALSE;
  sql = g_strdup_printf ("BEGIN IMMEDIATE; PRAGMA application_id = %d; %.*s; PRAGMA user_version = %d; COMMIT", format->application_id,
                         (int) g_bytes_get_size (step), (const char *) g_bytes_get_data (step, NULL), (int) version + 1);
  if (ahoy_sqlite_exec (self, sql, error))
    return TRUE;
  ahoy_sqlite_rollback (self);
  return FALSE;
}

/* SQLite makes its files with the umask's mode; what people whispered is nobody else's. */
static void
make_private (const char *path)
{
  int fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    g_close (fd, NULL);
}

static int
on_busy (void *data,
         int   n_times)
{
  const AhoySqlite *self = data;

  if ((self->hurry != NULL && g_atomic_int_get (self->hurry) != 0) || n_times >= BUSY_TIMEOUT_MS / BUSY_PAUSE_MS)
    return FALSE;
  g_usleep (BUSY_PAUSE_MS * G_TIME_SPAN_MILLISECOND);
  return TRUE;
}

static AhoySqlite *
open_file (const char *path,
           int         flags,
           GError    **error)
{
  AhoySqlite *self = g_new0 (AhoySqlite, 1);
  int         code;

  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, finalize);
  code = sqlite3_open_v2 (path, &self->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
  if (code != SQLITE_OK)
    {
      ahoy_sqlite_fail (self, code, error);
      ahoy_sqlite_close (self);
      return NULL;
    }
  sqlite3_busy_handler (self->db, on_busy, self);
  return self;
}

/* @alone: as in ahoy_sqlite_open_reading(). */
static AhoySqlite *
open_writing (const char             *path,
              const AhoySqliteFormat *format,
              gboolean                alone,
              GError                **error)
{
  g_autoptr (AhoySqlite) self = NULL;
  g_autofree char       *wal = g_strconcat (path, "-wal", NULL);
  gboolean               had_wal = g_access (wal, F_OK) == 0;
  gint64                 version = 0;

  make_private (path);
  self = open_file (path, SQLITE_OPEN_READWRITE, error);
  if (self == NULL)
    return NULL;
  /* Should it turn out that this cannot be read, what its write-ahead log holds is not thrown away. */
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, (int) had_wal, NULL);

  /* auto_vacuum only takes on a file that has no tables yet, and always writes. */
  if ((alone && !ahoy_sqlite_exec (self, "PRAGMA locking_mode = EXCLUSIVE", error)) ||
      !check_format (self, format, &version, error) ||
      (version == 0 && !ahoy_sqlite_exec (self, "PRAGMA auto_vacuum = INCREMENTAL", error)) ||
      !ahoy_sqlite_exec (self, "PRAGMA journal_mode = WAL", error) ||
      !ahoy_sqlite_exec (self, format->durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error))
    return NULL;
  for (; format->steps[version] != NULL; version++)
    if (!take_step (self, format, version, error))
      return NULL;
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return g_steal_pointer (&self);
}

AhoySqlite *
ahoy_sqlite_open (const char             *path,
                  const AhoySqliteFormat *format,
                  GError                **error)
{
  g_autoptr (GError) problem = NULL;
  AhoySqlite        *self;

  g_return_val_if_fail (path != NULL && format != NULL, NULL);

  self = open_writing (path, format, FALSE, &problem);
  if (self == NULL && format->alone_when_full && g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    {
      g_clear_error (&problem);
      self = open_writing (path, format, TRUE, &problem);
    }
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return self;
}

AhoySqlite *
ahoy_sqlite_open_reading (const char             *path,
                          const AhoySqliteFormat *format,
                          gboolean                alone,
                          GError                **error)
{
  g_autoptr (AhoySqlite) self = NULL;
  gint64                 version = 0;

  g_return_val_if_fail (path != NULL && format != NULL, NULL);

  /* Who is alone keeps in memory what is otherwise shared in a file, which a full disk has no room for. It may have to read a log that was not
   * closed, so it must be allowed to write. */
  self = open_file (path, alone ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY, error);
  if (self == NULL ||
      (alone && !ahoy_sqlite_exec (self, "PRAGMA locking_mode = EXCLUSIVE", error)) ||
      !ahoy_sqlite_exec (self, "PRAGMA query_only = ON", error) ||
      !check_format (self, format, &version, error))
    return NULL;
  if (format->steps[version] == NULL)
    return g_steal_pointer (&self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: made by an older version (schema %d), and not brought up to date yet", path,
               (int) version);
  return NULL;
}

void
ahoy_sqlite_close (AhoySqlite *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->statements);
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

void
ahoy_sqlite_set_hurry (AhoySqlite *self,
                       const int  *hurry)
{
  g_return_if_fail (self != NULL && hurry != NULL);

  self->hurry = hurry;
}

void
ahoy_sqlite_empty_journal (AhoySqlite *self)
{
  g_return_if_fail (self != NULL);

  sqlite3_busy_handler (self->db, NULL, NULL); /* another time will do */
  sqlite3_wal_checkpoint_v2 (self->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_handler (self->db, on_busy, self);
}

sqlite3 *
ahoy_sqlite_get (AhoySqlite *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->db;
}

sqlite3_stmt *
ahoy_sqlite_statement (AhoySqlite *self,
                       const char *sql,
                       GError    **error)
{
  sqlite3_stmt *stmt;
  int           code;

  g_return_val_if_fail (self != NULL && sql != NULL, NULL);

  stmt = g_hash_table_lookup (self->statements, sql);
  if (stmt != NULL)
    return stmt;
  code = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
  if (code != SQLITE_OK)
    {
      ahoy_sqlite_fail (self, code, error);
      return NULL;
    }
  g_hash_table_insert (self->statements, (gpointer) sql, stmt);
  return stmt;
}

void
ahoy_sqlite_bind_text (sqlite3_stmt *stmt,
                       int           index,
                       const char   *text)
{
  sqlite3_bind_text (stmt, index, text, -1, SQLITE_STATIC);
}

gboolean
ahoy_sqlite_run (AhoySqlite   *self,
                 sqlite3_stmt *stmt,
                 GError      **error)
{
  int      code = sqlite3_step (stmt);
  gboolean done = code == SQLITE_DONE || ahoy_sqlite_fail (self, code, error);

  ahoy_sqlite_reset (stmt);
  return done;
}

void
ahoy_sqlite_reset (sqlite3_stmt *stmt)
{
  sqlite3_reset (stmt);
  sqlite3_clear_bindings (stmt);
}

gboolean
ahoy_sqlite_begin (AhoySqlite *self,
                   GError    **error)
{
  return ahoy_sqlite_exec (self, "BEGIN IMMEDIATE", error);
}

gboolean
ahoy_sqlite_commit (AhoySqlite *self,
                    GError    **error)
{
  if (ahoy_sqlite_exec (self, "COMMIT", error))
    return TRUE;
  ahoy_sqlite_rollback (self);
  return FALSE;
}

void
ahoy_sqlite_rollback (AhoySqlite *self)
{
  g_return_if_fail (self != NULL);

  /* Some errors have rolled back already; a second time is an error of its own, and no matter. */
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

char *
ahoy_sqlite_like_pattern (const char *text)
{
  GString *pattern = g_string_new ("%");

  for (; *text != '\0'; text++)
    {
      if (strchr ("%_\\", *text) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *text);
    }
  g_string_append_c (pattern, '%');
  return g_string_free (pattern, FALSE);
}
