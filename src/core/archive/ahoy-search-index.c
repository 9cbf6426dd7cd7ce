/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The search index. */

#include "core/archive/ahoy-search-index.h"

/* The index knows runs of so many characters. */
#define TRIGRAM 3

static const char fill_sql[] = "INSERT INTO found (rowid, text) SELECT rowid, text FROM messages"
                               " WHERE rowid > (SELECT rowid FROM found_until) ORDER BY rowid LIMIT ?1";
static const char fill_until_sql[] = "UPDATE found_until SET rowid = (SELECT ifnull(max(rowid), found_until.rowid) FROM"
                                     " (SELECT rowid FROM messages WHERE rowid > found_until.rowid ORDER BY rowid LIMIT ?1))";

static gboolean
is_indexed (const char *text)
{
  return g_utf8_strlen (text, -1) >= TRIGRAM;
}

const char *
ahoy_search_index_condition (const char *text)
{
  if (!is_indexed (text))
    return "text LIKE ?6 ESCAPE '\\'";
  return "(rowid IN (SELECT rowid FROM found WHERE found MATCH ?5)"
         " OR (rowid > (SELECT rowid FROM found_until) AND text LIKE ?6 ESCAPE '\\'))";
}

/* A string as FTS5 reads it: one phrase, whatever is in it. */
static char *
phrase_of (const char *text)
{
  g_auto (GStrv)   parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  return g_strdup_printf ("\"%s\"", doubled);
}

void
ahoy_search_index_bind (sqlite3_stmt *stmt,
                        const char   *text)
{
  if (is_indexed (text))
    sqlite3_bind_text (stmt, 5, phrase_of (text), -1, g_free);
  sqlite3_bind_text (stmt, 6, ahoy_sqlite_like_pattern (text), -1, g_free);
}

/* ---- To fill it ---- */

typedef struct {
  AhoyRead read;
  guint    limit;
  gboolean more;
} Fill;

static gboolean
fill_some (Fill       *fill,
           AhoySqlite *file,
           GError    **error)
{
  static const char *const each[] = { fill_sql, fill_until_sql };

  for (gsize i = 0; i < G_N_ELEMENTS (each); i++)
    {
      sqlite3_stmt *stmt = ahoy_sqlite_statement (file, each[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, fill->limit);
      if (!ahoy_sqlite_run (file, stmt, error))
        return FALSE;
      if (i == 0)
        fill->more = (guint) sqlite3_changes (ahoy_sqlite_get (file)) == fill->limit;
    }
  return TRUE;
}

static gboolean
fill_run (AhoyRead         *read,
          AhoyDatabaseFile *file,
          GError          **error)
{
  if (!ahoy_sqlite_begin (file->sqlite, error))
    return FALSE;
  if (fill_some ((Fill *) read, file->sqlite, error) && ahoy_sqlite_commit (file->sqlite, error))
    return TRUE;
  ahoy_sqlite_rollback (file->sqlite);
  return FALSE;
}

static const AhoyReadType fill_type = { .run = fill_run };

AhoyRead *
ahoy_search_index_fill (guint limit)
{
  Fill *fill = g_new0 (Fill, 1);

  fill->read.type = &fill_type;
  fill->limit = limit;
  return &fill->read;
}

gboolean
ahoy_search_index_has_more (AhoyRead *fill)
{
  return ((Fill *) fill)->more;
}
