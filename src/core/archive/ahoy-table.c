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

void
ahoy_table_bind_target (sqlite3_stmt *stmt,
                        int           room,
                        int           person,
                        AhoyTarget    target)
{
  if (ahoy_target_is_person (target))
    sqlite3_bind_null (stmt, room);
  else
    sqlite3_bind_int64 (stmt, room, (sqlite3_int64) target.room);
  ahoy_sqlite_bind_text (stmt, person, target.person);
}

AhoyTarget
ahoy_table_get_target (sqlite3_stmt *stmt,
                       int           room,
                       int           person)
{
  if (sqlite3_column_type (stmt, room) == SQLITE_NULL)
    return ahoy_target_person ((const char *) sqlite3_column_text (stmt, person));
  return ahoy_target_room ((guint64) sqlite3_column_int64 (stmt, room));
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
