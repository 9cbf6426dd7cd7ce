/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What tables do alike. */

#include "core/archive/ahoy-table.h"

sqlite3_stmt *
ahoy_table_prepare (AhoySqlite *file,
                    const char *sql,
                    gint64      archive,
                    GError    **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, sql, error);

  if (stmt != NULL)
    sqlite3_bind_int64 (stmt, 1, archive);
  return stmt;
}

sqlite3_stmt *
ahoy_table_row (AhoySqlite *file,
                const char *sql,
                gint64      archive,
                GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, sql, archive, error);
  int           code;

  if (stmt == NULL)
    return NULL;
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    return stmt;
  ahoy_sqlite_fail (file, code, error);
  ahoy_sqlite_reset (stmt);
  return NULL;
}

gboolean
ahoy_table_end (AhoySqlite   *file,
                sqlite3_stmt *stmt,
                int           code,
                GError      **error)
{
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}
