/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The history's file: what is asked of it, in SQL. */

#include "core/archive/ahoy-database-file.h"

#include "ahoy-core-resources.h"
#include "disk/ahoy-sqlite.h"
#include "wire/ahoy-discovery.h"

/* "ahoh": says whose file this is. */
#define APPLICATION_ID 0x61686f68
/* The search index knows runs of three characters; what is shorter is looked for in every message. */
#define TRIGRAM 3

static const char *const steps[] = {
  "/org/ahoychat/core/schema/001-history.sql",
  "/org/ahoychat/core/schema/002-people.sql",
  "/org/ahoychat/core/schema/003-runs.sql",
  "/org/ahoychat/core/schema/004-secrets.sql",
  NULL,
};

static const char find_account_sql[] = "SELECT account FROM accounts WHERE server = ?1 AND self = ?2";
static const char add_account_sql[] = "INSERT OR IGNORE INTO accounts (server, self) VALUES (?1, ?2)";
static const char make_secret_sql[] = "UPDATE accounts SET secret = ?2 WHERE account = ?1 AND secret IS NULL";
static const char secret_sql[] = "SELECT secret FROM accounts WHERE account = ?1";
static const char partings_sql[] = "SELECT partings FROM accounts WHERE account = ?1";
/* What ahoy_place_part() does. */
static const char part_sql[] = "UPDATE messages SET place = ?2 - 1, path = printf('%08x%016x%s', ?3, place, path) WHERE account = ?1 AND place >= ?2";
static const char part_read_sql[] = "UPDATE marks SET value = ?2 - 1, path = printf('%08x%016x%s', ?3, value, path)"
                                    " WHERE account = ?1 AND kind = 'read' AND value >= ?2";
static const char part_floor_sql[] = "UPDATE marks SET value = ?2 WHERE account = ?1 AND kind IN ('floor', 'start') AND value > ?2";
static const char part_marks_sql[] = "UPDATE marks SET value = ?2 - 1 WHERE account = ?1 AND kind NOT IN ('read', 'floor', 'start') AND value >= ?2";
static const char part_position_sql[] = "INSERT OR REPLACE INTO marks (account, kind, key, value) VALUES (?1, 'position', '', ?2 - 1)";
static const char part_count_sql[] = "UPDATE accounts SET partings = ?3 WHERE account = ?1";
static const char clear_runs_sql[] = "DELETE FROM runs WHERE account = ?1";
static const char add_run_sql[] = "INSERT INTO runs (account, run, nth, last) VALUES (?1, ?2, ?3, ?4)";
static const char runs_sql[] = "SELECT run, nth, last FROM runs WHERE account = ?1";
static const char keep_sql[] = "INSERT OR IGNORE INTO messages (account, place, id, time, sender, recipient, peer, cid, re, text)"
                               " VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char find_copy_sql[] = "SELECT place, path FROM messages WHERE account = ?1 AND id = ?2 AND path <> '' AND time = ?3 AND sender = ?4"
                                    " AND recipient IS ?5 AND text = ?6 LIMIT 1";
/* What ahoy_place_rejoin() does. */
static const char rejoin_sql[] = "UPDATE OR IGNORE messages SET place = ?4, path = '' WHERE account = ?1 AND place = ?2 AND path = ?3";
static const char rejoin_rest_sql[] = "UPDATE messages SET place = ?4 WHERE account = ?1 AND place = ?2 AND path > ?3";
static const char rejoin_read_sql[] = "UPDATE marks SET value = ?4, path = iif(path = ?3, '', path)"
                                      " WHERE account = ?1 AND kind = 'read' AND value = ?2 AND path >= ?3";
static const char owe_sql[] = "INSERT OR IGNORE INTO outbox (account, cid, time, sender, recipient, peer, re, text)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char drop_sql[] = "DELETE FROM outbox WHERE account = ?1 AND cid = ?2";
static const char mark_sql[] = "INSERT INTO marks (account, kind, key, value, path) VALUES (?1, ?2, ?3, ?4, ifnull(?5, ''))"
                               " ON CONFLICT (account, kind, key) DO UPDATE SET value = excluded.value, path = excluded.path";
static const char last_sql[] = "SELECT max(place) FROM messages WHERE account = ?1"; /* of a copy it is an id that is held, too, or was */
static const char outbox_sql[] = "SELECT 0, time, sender, recipient, peer, cid, re, text, 0, NULL FROM outbox WHERE account = ?1 ORDER BY seq";
static const char marks_sql[] = "SELECT kind, key, value, path FROM marks WHERE account = ?1";
static const char know_sql[] = "INSERT INTO people (account, person, known, since, key, verified) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                               " ON CONFLICT (account, person) DO UPDATE SET known = excluded.known, since = excluded.since,"
                               " key = excluded.key, verified = excluded.verified";
static const char forget_sql[] = "DELETE FROM people WHERE account = ?1 AND person = ?2";
static const char people_sql[] = "SELECT person, known, since, key, verified FROM people WHERE account = ?1";
static const char index_sql[] = "INSERT INTO found (rowid, text) SELECT rowid, text FROM messages"
                                " WHERE rowid > (SELECT rowid FROM found_until) ORDER BY rowid LIMIT ?1";
static const char index_until_sql[] = "UPDATE found_until SET rowid = (SELECT ifnull(max(rowid), found_until.rowid) FROM"
                                      " (SELECT rowid FROM messages WHERE rowid > found_until.rowid ORDER BY rowid LIMIT ?1))";

struct _AhoyHistoryFile {
  /* Owned */
  AhoySqlite *file;
};

AhoyDatabaseFile *
ahoy_database_file_open (const char *path,
                         GError    **error)
{
  AhoySqliteFormat format = {
    .application_id = APPLICATION_ID,
    .resource = ahoy_core_get_resource (),
    .steps = steps,
    .alone_when_full = TRUE, /* what was said is there to be read, and what is said waits for room */
  };
  AhoyDatabaseFile *self;
  AhoySqlite       *file = ahoy_sqlite_open (path, &format, error);

  if (file == NULL)
    return NULL;
  self = g_new0 (AhoyDatabaseFile, 1);
  self->file = file;
  return self;
}

void
ahoy_database_file_close (AhoyDatabaseFile *self)
{
  g_return_if_fail (self != NULL);

  ahoy_sqlite_close (self->file);
  g_free (self);
}

gboolean
ahoy_database_file_begin (AhoyDatabaseFile *self,
                          GError          **error)
{
  return ahoy_sqlite_begin (self->file, error);
}

gboolean
ahoy_database_file_commit (AhoyDatabaseFile *self,
                           GError          **error)
{
  return ahoy_sqlite_commit (self->file, error);
}

void
ahoy_database_file_rollback (AhoyDatabaseFile *self)
{
  ahoy_sqlite_rollback (self->file);
}

gboolean
ahoy_database_file_account (AhoyDatabaseFile *self,
                            const char       *server,
                            const char       *self_skeleton,
                            gint64           *archive,
                            GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, add_account_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, server);
  ahoy_sqlite_bind_text (stmt, 2, self_skeleton);
  if (!ahoy_sqlite_run (self->file, stmt, error))
    return FALSE;

  stmt = ahoy_sqlite_statement (self->file, find_account_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, server);
  ahoy_sqlite_bind_text (stmt, 2, self_skeleton);
  code = sqlite3_step (stmt);
  *archive = sqlite3_column_int64 (stmt, 0);
  if (code != SQLITE_ROW)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW;
}

/* Nobody must be able to guess it. */
static char *
new_secret (void)
{
  AhoyNonce halves[2];

  for (gsize i = 0; i < G_N_ELEMENTS (halves); i++)
    ahoy_nonce_fill (halves[i]);
  return g_strconcat (halves[0], halves[1], NULL);
}

gboolean
ahoy_database_file_make_secret (AhoyDatabaseFile *self,
                                gint64            archive,
                                GError          **error)
{
  g_autofree char *secret = new_secret ();
  sqlite3_stmt    *stmt = ahoy_sqlite_statement (self->file, make_secret_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  ahoy_sqlite_bind_text (stmt, 2, secret);
  return ahoy_sqlite_run (self->file, stmt, error);
}

/* Returns: (nullable): the statement at its first row, to be reset. */
static sqlite3_stmt *
row_for_account (AhoyDatabaseFile *self,
                 const char       *sql,
                 gint64            archive,
                 GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, sql, error);
  int           code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, archive);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    return stmt;
  ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return NULL;
}

gboolean
ahoy_database_file_secret (AhoyDatabaseFile *self,
                           gint64            archive,
                           char            **secret,
                           GError          **error)
{
  sqlite3_stmt *stmt = row_for_account (self, secret_sql, archive, error);

  *secret = NULL;
  if (stmt == NULL)
    return FALSE;
  *secret = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  ahoy_sqlite_reset (stmt);
  return TRUE;
}

/* @copy (out): empty when there is none. */
static gboolean
find_copy (AhoyDatabaseFile        *self,
           gint64                   archive,
           const AhoyStoredMessage *stored,
           AhoyPlace               *copy,
           GError                 **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, find_copy_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) stored->id);
  sqlite3_bind_int64 (stmt, 3, stored->time);
  ahoy_sqlite_bind_text (stmt, 4, stored->from);
  ahoy_sqlite_bind_text (stmt, 5, stored->to);
  ahoy_sqlite_bind_text (stmt, 6, stored->text);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    ahoy_place_set (copy, (guint64) sqlite3_column_int64 (stmt, 0), (const char *) sqlite3_column_text (stmt, 1));
  else if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
rejoin (AhoyDatabaseFile *self,
        gint64            archive,
        const AhoyPlace  *copy,
        guint64           id,
        GError          **error)
{
  static const char *const each[] = { rejoin_sql, rejoin_rest_sql, rejoin_read_sql };

  for (gsize i = 0; i < G_N_ELEMENTS (each); i++)
    {
      sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, each[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, archive);
      sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) copy->id);
      ahoy_sqlite_bind_text (stmt, 3, copy->path);
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) id);
      if (!ahoy_sqlite_run (self->file, stmt, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ahoy_database_file_keep (AhoyDatabaseFile        *self,
                         gint64                   archive,
                         const AhoyStoredMessage *stored,
                         AhoyPlace               *copy,
                         GError                 **error)
{
  sqlite3_stmt *stmt;

  ahoy_place_clear (copy);
  if (!find_copy (self, archive, stored, copy, error) ||
      (ahoy_place_is_copy (copy) && !rejoin (self, archive, copy, stored->id, error)))
    return FALSE;
  stmt = ahoy_sqlite_statement (self->file, keep_sql, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) stored->id);
  sqlite3_bind_int64 (stmt, 3, stored->time);
  ahoy_sqlite_bind_text (stmt, 4, stored->from);
  ahoy_sqlite_bind_text (stmt, 5, stored->to);
  ahoy_sqlite_bind_text (stmt, 6, stored->peer);
  ahoy_sqlite_bind_text (stmt, 7, stored->cid);
  sqlite3_bind_int64 (stmt, 8, (sqlite3_int64) stored->re);
  ahoy_sqlite_bind_text (stmt, 9, stored->text);
  if (!ahoy_sqlite_run (self->file, stmt, error))
    return FALSE;
  return stored->cid == NULL || ahoy_database_file_drop (self, archive, stored->cid, error);
}

gboolean
ahoy_database_file_owe (AhoyDatabaseFile        *self,
                        gint64                   archive,
                        const AhoyStoredMessage *stored,
                        GError                 **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, owe_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  ahoy_sqlite_bind_text (stmt, 2, stored->cid);
  sqlite3_bind_int64 (stmt, 3, stored->time);
  ahoy_sqlite_bind_text (stmt, 4, stored->from);
  ahoy_sqlite_bind_text (stmt, 5, stored->to);
  ahoy_sqlite_bind_text (stmt, 6, stored->peer);
  sqlite3_bind_int64 (stmt, 7, (sqlite3_int64) stored->re);
  ahoy_sqlite_bind_text (stmt, 8, stored->text);
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoy_database_file_drop (AhoyDatabaseFile *self,
                         gint64            archive,
                         const char       *cid,
                         GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, drop_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  ahoy_sqlite_bind_text (stmt, 2, cid);
  return ahoy_sqlite_run (self->file, stmt, error);
}

static gboolean
run_for_account (AhoyDatabaseFile *self,
                 const char       *sql,
                 gint64            archive,
                 GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoy_database_file_part (AhoyDatabaseFile *self,
                         gint64            archive,
                         guint64           first,
                         guint             parting,
                         GError          **error)
{
  static const char *const each[] = { part_sql, part_read_sql, part_floor_sql, part_marks_sql, part_position_sql, part_count_sql };

  for (gsize i = 0; i < G_N_ELEMENTS (each); i++)
    {
      sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, each[i], error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, archive);
      sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) first);
      sqlite3_bind_int64 (stmt, 3, parting);
      if (!ahoy_sqlite_run (self->file, stmt, error))
        return FALSE;
    }
  return TRUE;
}

/* The first column of the first row. */
static gboolean
number_for_account (AhoyDatabaseFile *self,
                    const char       *sql,
                    gint64            archive,
                    gint64           *number,
                    GError          **error)
{
  sqlite3_stmt *stmt = row_for_account (self, sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  *number = sqlite3_column_int64 (stmt, 0);
  ahoy_sqlite_reset (stmt);
  return TRUE;
}

gboolean
ahoy_database_file_partings (AhoyDatabaseFile *self,
                             gint64            archive,
                             guint            *partings,
                             GError          **error)
{
  gint64         number = 0;
  const gboolean found = number_for_account (self, partings_sql, archive, &number, error);

  *partings = (guint) number;
  return found;
}

gboolean
ahoy_database_file_set_runs (AhoyDatabaseFile *self,
                             gint64            archive,
                             AhoyRunMarks     *runs,
                             GError          **error)
{
  if (!run_for_account (self, clear_runs_sql, archive, error))
    return FALSE;
  for (guint i = 0; i < ahoy_run_marks_get_n (runs); i++)
    {
      const AhoyRunMark *mark = ahoy_run_marks_get (runs, i);
      sqlite3_stmt      *stmt = ahoy_sqlite_statement (self->file, add_run_sql, error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 1, archive);
      ahoy_sqlite_bind_text (stmt, 2, mark->run);
      sqlite3_bind_int64 (stmt, 3, (sqlite3_int64) mark->nth);
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) mark->id);
      if (!ahoy_sqlite_run (self->file, stmt, error))
        return FALSE;
    }
  return TRUE;
}

AhoyRunMarks *
ahoy_database_file_runs (AhoyDatabaseFile *self,
                         gint64            archive,
                         GError          **error)
{
  g_autoptr (AhoyRunMarks) runs = ahoy_run_marks_new ();
  sqlite3_stmt            *stmt = ahoy_sqlite_statement (self->file, runs_sql, error);
  int                      code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, archive);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      AhoyRunMark mark = { .nth = (guint64) sqlite3_column_int64 (stmt, 1), .id = (guint64) sqlite3_column_int64 (stmt, 2) };

      g_strlcpy (mark.run, (const char *) sqlite3_column_text (stmt, 0), sizeof mark.run);
      ahoy_run_marks_add (runs, &mark);
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE ? g_steal_pointer (&runs) : NULL;
}

gboolean
ahoy_database_file_mark (AhoyDatabaseFile *self,
                         gint64            archive,
                         const char       *kind,
                         const char       *key,
                         const AhoyPlace  *value,
                         GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, mark_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  ahoy_sqlite_bind_text (stmt, 2, kind);
  ahoy_sqlite_bind_text (stmt, 3, key);
  sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) value->id);
  ahoy_sqlite_bind_text (stmt, 5, value->path);
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoy_database_file_know (AhoyDatabaseFile   *self,
                         gint64              archive,
                         const AhoyKnownKey *known_key,
                         GError            **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, known_key->known != NULL ? know_sql : forget_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  ahoy_sqlite_bind_text (stmt, 2, known_key->person);
  if (known_key->known != NULL)
    {
      ahoy_sqlite_bind_text (stmt, 3, known_key->known);
      sqlite3_bind_int64 (stmt, 4, known_key->since);
      ahoy_sqlite_bind_text (stmt, 5, known_key->key);
      sqlite3_bind_int (stmt, 6, known_key->verified);
    }
  return ahoy_sqlite_run (self->file, stmt, error);
}

static AhoyStoredMessage *
stored_message_from_row (sqlite3_stmt *stmt)
{
  AhoyStoredMessage row = {
    .id = (guint64) sqlite3_column_int64 (stmt, 0),
    .time = sqlite3_column_int64 (stmt, 1),
    .from = (char *) sqlite3_column_text (stmt, 2),
    .to = (char *) sqlite3_column_text (stmt, 3),
    .peer = (char *) sqlite3_column_text (stmt, 4),
    .cid = (char *) sqlite3_column_text (stmt, 5),
    .re = (guint64) sqlite3_column_int64 (stmt, 6),
    .text = (char *) sqlite3_column_text (stmt, 7),
    .place = { (guint64) sqlite3_column_int64 (stmt, 8), (char *) sqlite3_column_text (stmt, 9) },
  };

  if (row.place.path != NULL && *row.place.path == '\0')
    row.place.path = NULL;
  return ahoy_stored_message_new (&row);
}

/* A string as FTS5 reads it: one phrase, whatever is in it. */
static char *
fts_phrase (const char *text)
{
  g_auto (GStrv)   parts = g_strsplit (text, "\"", -1);
  g_autofree char *doubled = g_strjoinv ("\"\"", parts);

  return g_strdup_printf ("\"%s\"", doubled);
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer swap = array->pdata[i];

      array->pdata[i] = array->pdata[array->len - 1 - i];
      array->pdata[array->len - 1 - i] = swap;
    }
}

static gboolean
is_unbound (const AhoyPageQuery *query)
{
  return query->before.id == 0 && query->before.path == NULL;
}

GPtrArray *
ahoy_database_file_page (AhoyDatabaseFile    *self,
                         gint64               archive,
                         const AhoyPageQuery *query,
                         gboolean            *more,
                         GError             **error)
{
  g_autoptr (GPtrArray) stored_messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_stored_message_free);
  gboolean              by_index = query->text != NULL && g_utf8_strlen (query->text, -1) >= TRIGRAM;
  g_autofree char      *pattern = NULL;
  g_autofree char      *sql = NULL;
  const char           *search = "";
  sqlite3_stmt         *stmt = NULL;
  int                   code;

  if (by_index)
    {
      search = "AND (rowid IN (SELECT rowid FROM found WHERE found MATCH ?5)"
               " OR (rowid > (SELECT rowid FROM found_until) AND text LIKE ?6 ESCAPE '\\'))";
    }
  else if (query->text != NULL)
    {
      search = "AND text LIKE ?6 ESCAPE '\\'";
    }
  sql = g_strdup_printf ("SELECT id, time, sender, recipient, peer, cid, re, text, place, path FROM messages"
                         " WHERE account = ?1 %s AND (place, path) < (?3, ?7) %s ORDER BY place DESC, path DESC LIMIT ?4",
                         query->peer != NULL ? "AND peer = ?2" : "", search);

  *more = FALSE;
  code = sqlite3_prepare_v2 (ahoy_sqlite_get (self->file), sql, -1, &stmt, NULL);
  if (code == SQLITE_OK)
    {
      g_autofree char *like = query->text != NULL ? ahoy_sqlite_like_pattern (query->text) : NULL;

      pattern = by_index ? fts_phrase (query->text) : NULL;
      sqlite3_bind_int64 (stmt, 1, archive);
      ahoy_sqlite_bind_text (stmt, 2, query->peer);
      sqlite3_bind_int64 (stmt, 3, is_unbound (query) ? G_MAXINT64 : (sqlite3_int64) MIN (query->before.id, G_MAXINT64));
      ahoy_sqlite_bind_text (stmt, 7, query->before.path != NULL ? query->before.path : "");
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) query->limit + 1); /* one more tells whether there are more */
      ahoy_sqlite_bind_text (stmt, 5, pattern);
      ahoy_sqlite_bind_text (stmt, 6, like);
      while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
        {
          *more = stored_messages->len == query->limit;
          if (*more)
            break;
          g_ptr_array_add (stored_messages, stored_message_from_row (stmt));
        }
    }
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    ahoy_sqlite_fail (self->file, code, error);
  sqlite3_finalize (stmt);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    return NULL;
  reverse (stored_messages);
  return g_steal_pointer (&stored_messages);
}

GPtrArray *
ahoy_database_file_outbox (AhoyDatabaseFile *self,
                           gint64            archive,
                           GError          **error)
{
  g_autoptr (GPtrArray) stored_messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_stored_message_free);
  sqlite3_stmt         *stmt = ahoy_sqlite_statement (self->file, outbox_sql, error);
  int                   code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, archive);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    g_ptr_array_add (stored_messages, stored_message_from_row (stmt));
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE ? g_steal_pointer (&stored_messages) : NULL;
}

gboolean
ahoy_database_file_last (AhoyDatabaseFile *self,
                         gint64            archive,
                         guint64          *last,
                         GError          **error)
{
  gint64         number = 0;
  const gboolean found = number_for_account (self, last_sql, archive, &number, error);

  *last = (guint64) number;
  return found;
}

gboolean
ahoy_database_file_marks (AhoyDatabaseFile *self,
                          gint64            archive,
                          AhoyMarkFound     found,
                          gpointer          data,
                          GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, marks_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, archive);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      const char     *path = (const char *) sqlite3_column_text (stmt, 3);
      const AhoyPlace value = { (guint64) sqlite3_column_int64 (stmt, 2), *path != '\0' ? (char *) path : NULL };

      found ((const char *) sqlite3_column_text (stmt, 0), (const char *) sqlite3_column_text (stmt, 1), &value, data);
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}

GPtrArray *
ahoy_database_file_people (AhoyDatabaseFile *self,
                           gint64            archive,
                           GError          **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_known_key_free);
  sqlite3_stmt         *stmt = ahoy_sqlite_statement (self->file, people_sql, error);
  int                   code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, archive);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      AhoyKnownKey row = {
        .person = (char *) sqlite3_column_text (stmt, 0),
        .known = (char *) sqlite3_column_text (stmt, 1),
        .since = sqlite3_column_int64 (stmt, 2),
        .key = (char *) sqlite3_column_text (stmt, 3),
        .verified = sqlite3_column_int (stmt, 4) != 0,
      };

      g_ptr_array_add (people, ahoy_known_key_new (&row));
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE ? g_steal_pointer (&people) : NULL;
}

gboolean
ahoy_database_file_index (AhoyDatabaseFile *self,
                          guint             limit,
                          gboolean         *more,
                          GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, index_sql, error);

  *more = FALSE;
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, limit);
  if (!ahoy_sqlite_run (self->file, stmt, error))
    return FALSE;
  *more = (guint) sqlite3_changes (ahoy_sqlite_get (self->file)) == limit;

  stmt = ahoy_sqlite_statement (self->file, index_until_sql, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, limit);
  return ahoy_sqlite_run (self->file, stmt, error);
}
