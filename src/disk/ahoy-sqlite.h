/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* AhoySqlite is one SQLite file in WAL mode, with the chores done: private mode, schema steps, prepared statements, errors that name the file. Every call may
 * block on the disk. Used by one thread at a time.
 *
 * Errors: G_IO_ERROR_NO_SPACE (disk or quota full), G_IO_ERROR_READ_ONLY, G_IO_ERROR_INVALID_DATA (corrupt, or not ours),
 * G_IO_ERROR_NOT_SUPPORTED (made by a newer version), G_IO_ERROR_BUSY (another process has it), G_IO_ERROR_FAILED. */

typedef struct _AhoySqlite AhoySqlite;

/* What a file is supposed to be. */
typedef struct {
  gint32             application_id;  /* PRAGMA application_id */
  GResource         *resource;        /* (borrowed) where the steps are */
  const char *const *steps;           /* paths in it, NULL-terminated: step n brings schema n to n + 1 */
  gboolean           durable;         /* each commit waits for the disk, so that it survives a power cut too */
  gboolean           alone_when_full; /* is opened on a full disk too: everybody else is then kept out, as below */
} AhoySqliteFormat;

/* Opens @path, or makes it (mode 0600), and brings its schema up to date. */
AhoySqlite *ahoy_sqlite_open (const char             *path,
                              const AhoySqliteFormat *format,
                              GError                **error);
/* Opens what is there for reading only: beside a connection that writes, or @alone, which needs no room on the disk, and keeps everybody else out
 * until it is closed. G_IO_ERROR_NOT_SUPPORTED also: its schema was not brought up to date yet. */
AhoySqlite *ahoy_sqlite_open_reading (const char             *path,
                                      const AhoySqliteFormat *format,
                                      gboolean                alone,
                                      GError                **error);
void        ahoy_sqlite_close (AhoySqlite *self);

/* Says how long the connection waits for others who have the file locked: not at all once *@hurry (borrowed, atomic) is not 0. */
void ahoy_sqlite_set_hurry (AhoySqlite *self,
                            const int  *hurry);

/* Takes what the journal holds into the file, and empties it unless somebody reads from it just now. */
void ahoy_sqlite_empty_journal (AhoySqlite *self);

/* Returns: (transfer none): the connection itself, for what has no function here. */
sqlite3 *ahoy_sqlite_get (AhoySqlite *self);
/* Sets @error from an SQLite result code. Returns: FALSE. */
gboolean ahoy_sqlite_fail (AhoySqlite *self,
                           int         code,
                           GError    **error);

gboolean ahoy_sqlite_exec (AhoySqlite *self,
                           const char *sql,
                           GError    **error);
/* Reads the first column of the first row of @sql into @number (out), 0 when there is none. Returns: FALSE with an error. */
gboolean ahoy_sqlite_number (AhoySqlite *self,
                             const char *sql,
                             gint64     *number,
                             GError    **error);

/* Returns: (transfer none) (nullable): @sql prepared, once; @sql must be static, its address is the key. Ready to bind. */
sqlite3_stmt *ahoy_sqlite_statement (AhoySqlite *self,
                                     const char *sql,
                                     GError    **error);
/* Binds without a copy: @text (nullable) must live until the statement was run. */
void ahoy_sqlite_bind_text (sqlite3_stmt *stmt,
                            int           index,
                            const char   *text);
/* Runs a statement that gives no rows, and readies it for the next time. */
gboolean ahoy_sqlite_run (AhoySqlite   *self,
                          sqlite3_stmt *stmt,
                          GError      **error);
/* Readies a statement whose rows were stepped through. */
void ahoy_sqlite_reset (sqlite3_stmt *stmt);

/* A transaction is one at a time. It is committed only when commit() returns TRUE; after that, and after errors, no transaction is open any more. */
gboolean ahoy_sqlite_begin (AhoySqlite *self,
                            GError    **error);
gboolean ahoy_sqlite_commit (AhoySqlite *self,
                             GError    **error);
void     ahoy_sqlite_rollback (AhoySqlite *self);

/* Returns: (transfer full): a pattern for LIKE ... ESCAPE '\' that finds @text anywhere. */
char *ahoy_sqlite_like_pattern (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AhoySqlite, ahoy_sqlite_close)

G_END_DECLS
