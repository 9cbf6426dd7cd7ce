/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The history's file: what is asked of it, in SQL. */

#include "core/ahoy-history-file.h"

#include "ahoy-core-resources.h"
#include "disk/ahoy-sqlite.h"

/* "ahoh": says whose file this is. */
#define APPLICATION_ID 0x61686f68
/* The search index knows runs of three characters; what is shorter is looked for in every message. */
#define TRIGRAM 3

static const char *const steps[] = {
  "/org/ahoychat/core/schema/001-history.sql",
  "/org/ahoychat/core/schema/002-people.sql",
  NULL,
};

static const char find_account_sql[] = "SELECT account FROM accounts WHERE server = ?1 AND self = ?2";
static const char add_account_sql[] = "INSERT OR IGNORE INTO accounts (server, self) VALUES (?1, ?2)";
static const char put_aside_sql[] = "UPDATE accounts SET server = server || '#' || account WHERE account = ?1";
static const char renew_sql[] = "INSERT INTO accounts (server, self)"
                                " SELECT substr (server, 1, length (server) - length ('#' || account)), self FROM accounts WHERE account = ?1";
static const char carry_over_sql[] = "UPDATE outbox SET account = (SELECT max(account) FROM accounts) WHERE account = ?1";
static const char introduce_sql[] = "UPDATE people SET account = (SELECT max(account) FROM accounts) WHERE account = ?1";
static const char keep_sql[] = "INSERT OR IGNORE INTO messages (account, id, time, sender, recipient, peer, cid, re, text)"
                               " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
static const char owe_sql[] = "INSERT OR IGNORE INTO outbox (account, cid, time, sender, recipient, peer, re, text)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
static const char drop_sql[] = "DELETE FROM outbox WHERE account = ?1 AND cid = ?2";
static const char mark_sql[] = "INSERT INTO marks (account, kind, key, value) VALUES (?1, ?2, ?3, ?4)"
                               " ON CONFLICT (account, kind, key) DO UPDATE SET value = excluded.value";
static const char last_sql[] = "SELECT max(id) FROM messages WHERE account = ?1";
static const char outbox_sql[] = "SELECT 0, time, sender, recipient, peer, cid, re, text FROM outbox WHERE account = ?1 ORDER BY seq";
static const char marks_sql[] = "SELECT kind, key, value FROM marks WHERE account = ?1";
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

AhoyHistoryFile *
ahoy_history_file_open (const char  *path,
                        GError     **error)
{
  AhoySqliteFormat format = { .application_id = APPLICATION_ID, .resource = ahoy_core_get_resource (), .steps = steps };
  AhoyHistoryFile *self;
  AhoySqlite *file = ahoy_sqlite_open (path, &format, error);

  if (file == NULL)
    return NULL;
  self = g_new0 (AhoyHistoryFile, 1);
  self->file = file;
  return self;
}

void
ahoy_history_file_close (AhoyHistoryFile *self)
{
  g_return_if_fail (self != NULL);

  ahoy_sqlite_close (self->file);
  g_free (self);
}

gboolean
ahoy_history_file_begin (AhoyHistoryFile  *self,
                         GError          **error)
{
  return ahoy_sqlite_begin (self->file, error);
}

gboolean
ahoy_history_file_commit (AhoyHistoryFile  *self,
                          GError          **error)
{
  return ahoy_sqlite_commit (self->file, error);
}

void
ahoy_history_file_rollback (AhoyHistoryFile *self)
{
  ahoy_sqlite_rollback (self->file);
}

gboolean
ahoy_history_file_account (AhoyHistoryFile  *self,
                           const char       *server,
                           const char       *self_skeleton,
                           gint64           *account,
                           GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, add_account_sql, error);
  int code;

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
  *account = sqlite3_column_int64 (stmt, 0);
  if (code != SQLITE_ROW)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW;
}

gboolean
ahoy_history_file_keep (AhoyHistoryFile   *self,
                        gint64             account,
                        const AhoyRecord  *record,
                        GError           **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, keep_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) record->id);
  sqlite3_bind_int64 (stmt, 3, record->time);
  ahoy_sqlite_bind_text (stmt, 4, record->from);
  ahoy_sqlite_bind_text (stmt, 5, record->to);
  ahoy_sqlite_bind_text (stmt, 6, record->peer);
  ahoy_sqlite_bind_text (stmt, 7, record->cid);
  sqlite3_bind_int64 (stmt, 8, (sqlite3_int64) record->re);
  ahoy_sqlite_bind_text (stmt, 9, record->text);
  if (!ahoy_sqlite_run (self->file, stmt, error))
    return FALSE;
  return record->cid == NULL || ahoy_history_file_drop (self, account, record->cid, error);
}

gboolean
ahoy_history_file_owe (AhoyHistoryFile   *self,
                       gint64             account,
                       const AhoyRecord  *record,
                       GError           **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, owe_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  ahoy_sqlite_bind_text (stmt, 2, record->cid);
  sqlite3_bind_int64 (stmt, 3, record->time);
  ahoy_sqlite_bind_text (stmt, 4, record->from);
  ahoy_sqlite_bind_text (stmt, 5, record->to);
  ahoy_sqlite_bind_text (stmt, 6, record->peer);
  sqlite3_bind_int64 (stmt, 7, (sqlite3_int64) record->re);
  ahoy_sqlite_bind_text (stmt, 8, record->text);
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoy_history_file_drop (AhoyHistoryFile  *self,
                        gint64            account,
                        const char       *cid,
                        GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, drop_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  ahoy_sqlite_bind_text (stmt, 2, cid);
  return ahoy_sqlite_run (self->file, stmt, error);
}

static gboolean
run_for_account (AhoyHistoryFile  *self,
                 const char       *sql,
                 gint64            account,
                 GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoy_history_file_renew (AhoyHistoryFile  *self,
                         gint64            account,
                         GError          **error)
{
  /* An account's number is never smaller than one before it: none is ever deleted. */
  return run_for_account (self, put_aside_sql, account, error) && run_for_account (self, renew_sql, account, error) &&
         run_for_account (self, carry_over_sql, account, error) && run_for_account (self, introduce_sql, account, error);
}

gboolean
ahoy_history_file_mark (AhoyHistoryFile  *self,
                        gint64            account,
                        const char       *kind,
                        const char       *key,
                        gint64            value,
                        GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, mark_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  ahoy_sqlite_bind_text (stmt, 2, kind);
  ahoy_sqlite_bind_text (stmt, 3, key);
  sqlite3_bind_int64 (stmt, 4, value);
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoy_history_file_know (AhoyHistoryFile         *self,
                        gint64                   account,
                        const AhoyAcquaintance  *acquaintance,
                        GError                 **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, acquaintance->known != NULL ? know_sql : forget_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  ahoy_sqlite_bind_text (stmt, 2, acquaintance->person);
  if (acquaintance->known != NULL)
    {
      ahoy_sqlite_bind_text (stmt, 3, acquaintance->known);
      sqlite3_bind_int64 (stmt, 4, acquaintance->since);
      ahoy_sqlite_bind_text (stmt, 5, acquaintance->key);
      sqlite3_bind_int (stmt, 6, acquaintance->verified);
    }
  return ahoy_sqlite_run (self->file, stmt, error);
}

static AhoyRecord *
record_from_row (sqlite3_stmt *stmt)
{
  AhoyRecord row = {
    .id = (guint64) sqlite3_column_int64 (stmt, 0),
    .time = sqlite3_column_int64 (stmt, 1),
    .from = (char *) sqlite3_column_text (stmt, 2),
    .to = (char *) sqlite3_column_text (stmt, 3),
    .peer = (char *) sqlite3_column_text (stmt, 4),
    .cid = (char *) sqlite3_column_text (stmt, 5),
    .re = (guint64) sqlite3_column_int64 (stmt, 6),
    .text = (char *) sqlite3_column_text (stmt, 7),
  };

  return ahoy_record_new (&row);
}

/* A string as FTS5 reads it: one phrase, whatever is in it. */
static char *
fts_phrase (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"", -1);
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

GPtrArray *
ahoy_history_file_page (AhoyHistoryFile         *self,
                        gint64                   account,
                        const AhoyHistoryQuery  *query,
                        gboolean                *more,
                        GError                 **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_record_free);
  gboolean by_index = query->text != NULL && g_utf8_strlen (query->text, -1) >= TRIGRAM;
  g_autofree char *pattern = NULL;
  g_autofree char *sql = NULL;
  const char *search = "";
  sqlite3_stmt *stmt = NULL;
  int code;

  if (by_index)
    {
      search = "AND (rowid IN (SELECT rowid FROM found WHERE found MATCH ?5)"
               " OR (rowid > (SELECT rowid FROM found_until) AND text LIKE ?6 ESCAPE '\\'))";
    }
  else if (query->text != NULL)
    {
      search = "AND text LIKE ?6 ESCAPE '\\'";
    }
  sql = g_strdup_printf ("SELECT id, time, sender, recipient, peer, cid, re, text FROM messages"
                         " WHERE account = ?1 %s AND id < ?3 %s ORDER BY id DESC LIMIT ?4",
                         query->peer != NULL ? "AND peer = ?2" : "", search);

  *more = FALSE;
  code = sqlite3_prepare_v2 (ahoy_sqlite_get (self->file), sql, -1, &stmt, NULL);
  if (code == SQLITE_OK)
    {
      g_autofree char *like = query->text != NULL ? ahoy_sqlite_like_pattern (query->text) : NULL;

      pattern = by_index ? fts_phrase (query->text) : NULL;
      sqlite3_bind_int64 (stmt, 1, account);
      ahoy_sqlite_bind_text (stmt, 2, query->peer);
      sqlite3_bind_int64 (stmt, 3, query->before == 0 ? G_MAXINT64 : (sqlite3_int64) MIN (query->before, G_MAXINT64));
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) query->limit + 1); /* one more tells whether there are more */
      ahoy_sqlite_bind_text (stmt, 5, pattern);
      ahoy_sqlite_bind_text (stmt, 6, like);
      while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
        {
          *more = records->len == query->limit;
          if (*more)
            break;
          g_ptr_array_add (records, record_from_row (stmt));
        }
    }
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    ahoy_sqlite_fail (self->file, code, error);
  sqlite3_finalize (stmt);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    return NULL;
  reverse (records);
  return g_steal_pointer (&records);
}

GPtrArray *
ahoy_history_file_outbox (AhoyHistoryFile  *self,
                          gint64            account,
                          GError          **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_record_free);
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, outbox_sql, error);
  int code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, account);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    g_ptr_array_add (records, record_from_row (stmt));
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE ? g_steal_pointer (&records) : NULL;
}

gboolean
ahoy_history_file_last (AhoyHistoryFile  *self,
                        gint64            account,
                        guint64          *last,
                        GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, last_sql, error);
  int code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  code = sqlite3_step (stmt);
  *last = (guint64) sqlite3_column_int64 (stmt, 0);
  if (code != SQLITE_ROW)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW;
}

gboolean
ahoy_history_file_marks (AhoyHistoryFile  *self,
                         gint64            account,
                         AhoyMarkFound     found,
                         gpointer          data,
                         GError          **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, marks_sql, error);
  int code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, account);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    found ((const char *) sqlite3_column_text (stmt, 0), (const char *) sqlite3_column_text (stmt, 1), sqlite3_column_int64 (stmt, 2), data);
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}

GPtrArray *
ahoy_history_file_people (AhoyHistoryFile  *self,
                          gint64            account,
                          GError          **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_acquaintance_free);
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, people_sql, error);
  int code;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, account);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      AhoyAcquaintance row = {
        .person = (char *) sqlite3_column_text (stmt, 0),
        .known = (char *) sqlite3_column_text (stmt, 1),
        .since = sqlite3_column_int64 (stmt, 2),
        .key = (char *) sqlite3_column_text (stmt, 3),
        .verified = sqlite3_column_int (stmt, 4) != 0,
      };

      g_ptr_array_add (people, ahoy_acquaintance_new (&row));
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE ? g_steal_pointer (&people) : NULL;
}

gboolean
ahoy_history_file_index (AhoyHistoryFile  *self,
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
