/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which messages hold which three characters in a row.
 *
 * The index is SQLite's FTS5 with trigrams, without positions and without the texts: what it finds may hold the text, and whoever asked looks.
 * It is kept in parts of PART_IDS ids. An entry cannot be taken out again without its text, so nothing is: a part most of whose messages were
 * forgotten goes as a whole, and the few that are left are looked through. So a message that goes costs nothing when it does. */

#include "store/ahoyd-search-index.h"

#include <glib/gstdio.h>

#include "ahoyd-schema.h"
#include "store/ahoyd-text-match.h"

/* "AhoS" */
#define APPLICATION_ID 0x41686f53
#define PART_IDS G_GUINT64_CONSTANT (65536)
/* A part with fewer messages than these is not worth its room. */
#define PART_MIN 2048
/* Trigrams that are looked up for one text: more make it no rarer. */
#define TERMS_MAX 8
/* Messages, and bytes of their texts, taken in at once: some ten milliseconds. */
#define FILL_MESSAGES 256
#define FILL_BYTES (64 * 1024)

struct _AhoydSearchIndex {
  /* Owned */
  AhoySqlite *file;
  GHashTable *parts; /* the numbers of those that there are */
  guint64     until;
  /* Borrowed */
  AhoySqlite *log;
};

static const char *const steps[] = {
  "/org/ahoychat/ahoyd/schema/search-001.sql",
  NULL,
};

static const char mark_sql[] = "SELECT time || ' ' || sender_skeleton || ' ' || coalesce (cid, '') FROM events WHERE id = ?1";
static const char unknown_sql[] = "SELECT id, text FROM events WHERE id > ?1 AND id <= ?2 ORDER BY id";
static const char progress_sql[] = "UPDATE progress SET until = ?1, mark = ?2";

/* Returns: (transfer full): empty when there is no such message. */
static char *
mark_of (AhoydSearchIndex *self,
         guint64           id,
         GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->log, mark_sql, error);
  char         *mark = NULL;
  int           code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) id);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    mark = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  else if (code == SQLITE_DONE)
    mark = g_strdup ("");
  else
    ahoy_sqlite_fail (self->log, code, error);
  ahoy_sqlite_reset (stmt);
  return mark;
}

/* Calls @column for the first column of each row. */
static gboolean
read_parts (AhoydSearchIndex *self,
            GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, "SELECT substr (name, 6) FROM sqlite_schema WHERE name GLOB 'part_[0-9]*' AND sql LIKE 'CREATE VIRTUAL%'", error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    g_hash_table_add (self->parts, GUINT_TO_POINTER (sqlite3_column_int (stmt, 0)));
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE || ahoy_sqlite_fail (self->file, code, error);
}

/* Whether it was made from this log: the newest message that it knows is the same there. @ours (out). */
static gboolean
compare (AhoydSearchIndex *self,
         gboolean         *ours,
         GError          **error)
{
  sqlite3_stmt    *stmt = ahoy_sqlite_statement (self->file, "SELECT until, mark FROM progress", error);
  g_autofree char *mark = NULL;
  g_autofree char *there = NULL;
  int              code;

  if (stmt == NULL)
    return FALSE;
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    {
      self->until = (guint64) sqlite3_column_int64 (stmt, 0);
      mark = g_strdup ((const char *) sqlite3_column_text (stmt, 1));
    }
  ahoy_sqlite_reset (stmt);
  if (code != SQLITE_ROW)
    return ahoy_sqlite_fail (self->file, code == SQLITE_DONE ? SQLITE_CORRUPT : code, error);
  there = mark_of (self, self->until, error);
  *ours = g_strcmp0 (mark, there) == 0 && (self->until == 0 || *mark != '\0');
  return there != NULL;
}

static void
delete_file (const char *path)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *file = g_strconcat (path, ends[i], NULL);

      g_unlink (file);
    }
}

static AhoydSearchIndex *
open_index (const char *path,
            AhoySqlite *log,
            gboolean   *ours,
            GError    **error)
{
  AhoySqliteFormat format = {
    .application_id = APPLICATION_ID,
    .resource = ahoyd_schema_get_resource (),
    .steps = steps,
  };
  g_autoptr (AhoydSearchIndex) self = NULL;
  AhoySqlite                  *file = ahoy_sqlite_open (path, &format, error);

  if (file == NULL)
    return NULL;
  self = g_new0 (AhoydSearchIndex, 1);
  self->file = file;
  self->log = log;
  self->parts = g_hash_table_new (NULL, NULL);
  if (!compare (self, ours, error) || !read_parts (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

AhoydSearchIndex *
ahoyd_search_index_open (const char *path,
                         AhoySqlite *log,
                         GError    **error)
{
  g_autoptr (GError) inner = NULL;
  AhoydSearchIndex  *self;
  gboolean           ours = FALSE;

  g_return_val_if_fail (path != NULL && log != NULL, NULL);

  self = open_index (path, log, &ours, &inner);
  if (self != NULL && ours)
    return self;
  if (self == NULL && !g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return NULL;
    }
  g_clear_pointer (&self, ahoyd_search_index_close);
  delete_file (path);
  return open_index (path, log, &ours, error);
}

void
ahoyd_search_index_close (AhoydSearchIndex *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->parts);
  ahoy_sqlite_close (self->file);
  g_free (self);
}

/* --- Filling --- */

static guint
part_of (guint64 id)
{
  return (guint) ((id - 1) / PART_IDS);
}

static gboolean
make_part (AhoydSearchIndex *self,
           guint             part,
           GError          **error)
{
  g_autofree char *sql = NULL;

  if (g_hash_table_contains (self->parts, GUINT_TO_POINTER (part)))
    return TRUE;
  sql = g_strdup_printf ("CREATE VIRTUAL TABLE IF NOT EXISTS part_%u USING fts5 (text, content = '', detail = none, columnsize = 0,"
                         " tokenize = 'trigram case_sensitive 1')",
                         part);
  return ahoy_sqlite_exec (self->file, sql, error);
}

static gboolean
take_in (AhoydSearchIndex *self,
         guint64           id,
         const char       *text,
         GError          **error)
{
  g_autofree char *folded = ahoyd_text_fold (text);
  g_autofree char *sql = g_strdup_printf ("INSERT INTO part_%u (rowid, text) VALUES (?1, ?2)", part_of (id));
  sqlite3_stmt    *stmt = NULL;
  int              code = sqlite3_prepare_v2 (ahoy_sqlite_get (self->file), sql, -1, &stmt, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) id);
      ahoy_sqlite_bind_text (stmt, 2, folded);
      code = sqlite3_step (stmt);
    }
  sqlite3_finalize (stmt);
  return code == SQLITE_DONE || ahoy_sqlite_fail (self->file, code, error);
}

/* Into one part. @until (out): how far. */
static gboolean
take_in_some (AhoydSearchIndex *self,
              guint64           last,
              const int        *stop,
              guint64          *until,
              GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->log, unknown_sql, error);
  gsize         bytes = 0;
  gboolean      done = stmt != NULL;
  int           code = SQLITE_DONE;

  if (stmt == NULL)
    return FALSE;
  *until = MIN (last, (part_of (self->until + 1) + 1) * PART_IDS);
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) self->until);
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) *until);
  for (guint n = 0; done && (code = sqlite3_step (stmt)) == SQLITE_ROW; n++)
    {
      guint64 id = (guint64) sqlite3_column_int64 (stmt, 0);

      if (n == FILL_MESSAGES || bytes >= FILL_BYTES || g_atomic_int_get (stop) != 0)
        {
          *until = id - 1;
          code = SQLITE_DONE;
          break;
        }
      done = (n > 0 || make_part (self, part_of (id), error)) && take_in (self, id, (const char *) sqlite3_column_text (stmt, 1), error);
      bytes += (gsize) sqlite3_column_bytes (stmt, 1);
    }
  ahoy_sqlite_reset (stmt);
  return done && (code == SQLITE_DONE || ahoy_sqlite_fail (self->log, code, error));
}

static gboolean
note_progress (AhoydSearchIndex *self,
               guint64           until,
               GError          **error)
{
  g_autofree char *mark = mark_of (self, until, error);
  sqlite3_stmt    *stmt = mark != NULL ? ahoy_sqlite_statement (self->file, progress_sql, error) : NULL;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) until);
  ahoy_sqlite_bind_text (stmt, 2, mark);
  return ahoy_sqlite_run (self->file, stmt, error);
}

/* Drops one part that is not worth its room; the last one is still growing. */
static gboolean
tidy_up (AhoydSearchIndex *self,
         gboolean         *more,
         GError          **error)
{
  GHashTableIter iter;
  gpointer       key;

  g_hash_table_iter_init (&iter, self->parts);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint            part = GPOINTER_TO_UINT (key);
      g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM (SELECT 1 FROM events WHERE id > %" G_GUINT64_FORMAT
                                                " AND id <= %" G_GUINT64_FORMAT " LIMIT %d)",
                                                part * PART_IDS, (part + 1) * PART_IDS, PART_MIN);
      g_autofree char *drop = g_strdup_printf ("DROP TABLE part_%u", part);
      gint64           n = 0;

      if (part >= part_of (self->until))
        continue;
      if (!ahoy_sqlite_number (self->log, count, &n, error))
        return FALSE;
      if (n == PART_MIN)
        continue;
      g_hash_table_iter_remove (&iter);
      *more = TRUE;
      return ahoy_sqlite_exec (self->file, drop, error) && ahoy_sqlite_exec (self->file, "PRAGMA incremental_vacuum", error);
    }
  return TRUE;
}

gboolean
ahoyd_search_index_fill (AhoydSearchIndex *self,
                         guint64           last,
                         const int        *stop,
                         gboolean         *more,
                         GError          **error)
{
  guint64 until = 0;

  g_return_val_if_fail (self != NULL && stop != NULL && more != NULL, FALSE);

  *more = FALSE;
  if (last <= self->until)
    return tidy_up (self, more, error);
  if (!ahoy_sqlite_begin (self->file, error))
    return FALSE;
  if (!take_in_some (self, last, stop, &until, error) || !note_progress (self, until, error))
    {
      ahoy_sqlite_rollback (self->file);
      return FALSE;
    }
  if (!ahoy_sqlite_commit (self->file, error))
    return FALSE;
  g_hash_table_remove_all (self->parts);
  self->until = until;
  *more = TRUE;
  return read_parts (self, error);
}

/* --- Finding --- */

gboolean
ahoyd_search_index_knows (AhoydSearchIndex *self,
                          guint64           id,
                          guint64          *down_to)
{
  guint part;

  g_return_val_if_fail (self != NULL && id > 0 && down_to != NULL, FALSE);

  part = part_of (id);
  *down_to = part * PART_IDS;
  if (id > self->until)
    {
      *down_to = self->until;
      return FALSE;
    }
  return g_hash_table_contains (self->parts, GUINT_TO_POINTER (part));
}

/* Returns: (transfer full): what to ask FTS5 for: some of the trigrams of @folded, spread over it. */
static char *
terms_of (const char *folded)
{
  GString *terms = g_string_new (NULL);
  guint    n = (guint) g_utf8_strlen (folded, -1) - 2;
  guint    n_terms = MIN (n, TERMS_MAX);

  for (guint i = 0; i < n_terms; i++)
    {
      const char *at = g_utf8_offset_to_pointer (folded, n_terms > 1 ? (glong) i * (n - 1) / (n_terms - 1) : 0);

      g_string_append (terms, i > 0 ? " AND \"" : "\"");
      for (guint c = 0; c < 3; c++, at = g_utf8_next_char (at))
        {
          if (*at == '"')
            g_string_append_c (terms, '"');
          g_string_append_len (terms, at, g_utf8_next_char (at) - at);
        }
      g_string_append_c (terms, '"');
    }
  return g_string_free (terms, FALSE);
}

gboolean
ahoyd_search_index_each (AhoydSearchIndex *self,
                         const char       *folded,
                         guint64           after,
                         guint64           before,
                         AhoydSearchFound  found,
                         gpointer          data,
                         GError          **error)
{
  g_autofree char *terms = terms_of (folded);
  g_autofree char *sql = NULL;
  sqlite3_stmt    *stmt = NULL;
  guint            part = part_of (before - 1);
  int              code;

  g_return_val_if_fail (self != NULL && found != NULL, FALSE);

  sql = g_strdup_printf ("SELECT rowid FROM part_%u WHERE part_%u MATCH ?1 AND rowid > ?2 AND rowid < ?3 ORDER BY rowid DESC", part, part);
  code = sqlite3_prepare_v2 (ahoy_sqlite_get (self->file), sql, -1, &stmt, NULL);
  if (code == SQLITE_OK)
    {
      ahoy_sqlite_bind_text (stmt, 1, terms);
      sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) after);
      sqlite3_bind_int64 (stmt, 3, (sqlite3_int64) before);
      while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
        if (!found ((guint64) sqlite3_column_int64 (stmt, 0), data))
          {
            code = SQLITE_DONE;
            break;
          }
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  sqlite3_finalize (stmt);
  return code == SQLITE_DONE;
}
