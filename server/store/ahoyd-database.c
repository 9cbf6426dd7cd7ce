/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The log's file: what is asked of it, in SQL. */

#include "store/ahoyd-database-private.h"

#include <string.h>
#include <sys/statvfs.h>

#include "ahoyd-schema.h"

/* Bytes that a log needs to be opened: its journal and what is shared of that. */
#define ROOM_TO_OPEN (256 * 1024)

static const char *const steps[] = {
  "/org/ahoychat/ahoyd/schema/001-messages.sql",
  "/org/ahoychat/ahoyd/schema/002-runs-and-totals.sql",
  "/org/ahoychat/ahoyd/schema/003-events.sql",
  "/org/ahoychat/ahoyd/schema/004-marks.sql",
  "/org/ahoychat/ahoyd/schema/005-names.sql",
  NULL,
};

static const char find_said_sql[] = "SELECT id, time FROM said WHERE sender_skeleton = ?1 AND cid = ?2";
static const char find_first_sql[] = "SELECT sender, sender_skeleton, recipient, recipient_skeleton, re, text, room, kind FROM events WHERE id = ?1";
static const char say_sql[] = "INSERT INTO said (sender_skeleton, cid, id, time) VALUES (?1, ?2, ?3, ?4)";
static const char append_sql[] = "INSERT INTO events (time, sender, sender_skeleton, recipient, recipient_skeleton, cid, re, text, room, kind)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char get_number_sql[] = "SELECT value FROM numbers WHERE name = ?1";
static const char set_number_sql[] = "INSERT OR REPLACE INTO numbers (name, value) VALUES (?1, ?2)";
static const char newest_stamp_sql[] = "SELECT time FROM events ORDER BY id DESC LIMIT 1";
static const char each_run_sql[] = "SELECT run, first FROM runs ORDER BY number";
static const char add_run_sql[] = "INSERT INTO runs (run, first) VALUES (?1, ?2)";
/* Numbers are given in their order; more than these say nothing that anybody still asks. */
static const char drop_runs_sql[] = "DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - " G_STRINGIFY (AHOYD_RUNS_MAX);

static AhoySqliteFormat
log_format (AhoydDurability durability)
{
  return (AhoySqliteFormat){
    .application_id = AHOYD_DATABASE_APPLICATION_ID,
    .resource = ahoyd_schema_get_resource (),
    .steps = steps,
    .durable = durability == AHOYD_DURABILITY_POWER,
  };
}

static AhoydDatabase *
database_new (AhoySqlite *file,
              gboolean    writes,
              GError    **error)
{
  AhoydDatabase *db;

  if (file == NULL)
    return NULL;
  db = g_new0 (AhoydDatabase, 1);
  db->file = file;
  db->tally = ahoyd_tally_new (file, writes, error);
  if (db->tally == NULL)
    g_clear_pointer (&db, ahoyd_database_close);
  return db;
}

AhoydDatabase *
ahoyd_database_open (const char     *path,
                     AhoydDurability durability,
                     GError        **error)
{
  AhoySqliteFormat format = log_format (durability);

  return database_new (ahoy_sqlite_open (path, &format, error), TRUE, error);
}

AhoydDatabase *
ahoyd_database_open_alone (const char *path,
                           GError    **error)
{
  return database_new (ahoyd_database_open_reading (path, TRUE, error), FALSE, error);
}

gboolean
ahoyd_database_has_room (const char *path)
{
  struct statvfs state;

  return statvfs (path, &state) != 0 || (guint64) state.f_bavail * state.f_frsize >= ROOM_TO_OPEN;
}

void
ahoyd_database_set_hurry (AhoydDatabase *db,
                          const int     *hurry)
{
  g_return_if_fail (db != NULL);

  ahoy_sqlite_set_hurry (db->file, hurry);
}

void
ahoyd_database_empty_journal (AhoydDatabase *db)
{
  g_return_if_fail (db != NULL);

  ahoy_sqlite_empty_journal (db->file);
}

AhoySqlite *
ahoyd_database_open_reading (const char *path,
                             gboolean    alone,
                             GError    **error)
{
  AhoySqliteFormat format = log_format (AHOYD_DURABILITY_PROCESS);

  return ahoy_sqlite_open_reading (path, &format, alone, error);
}

guint
ahoyd_database_get_newest_schema (void)
{
  return G_N_ELEMENTS (steps) - 1;
}

void
ahoyd_database_close (AhoydDatabase *db)
{
  g_return_if_fail (db != NULL);

  g_clear_pointer (&db->shares, ahoyd_shares_free);
  g_clear_pointer (&db->tally, ahoyd_tally_free);
  ahoy_sqlite_close (db->file);
  g_free (db);
}

gboolean
ahoyd_database_last (AhoydDatabase *db,
                     guint64       *id,
                     GError       **error)
{
  gint64 last = 0;

  g_return_val_if_fail (db != NULL && id != NULL, FALSE);

  if (!ahoy_sqlite_number (db->file, "SELECT seq FROM sqlite_sequence WHERE name = 'events'", &last, error))
    return FALSE;
  *id = (guint64) last;
  return TRUE;
}

gboolean
ahoyd_database_read_runs (AhoydDatabase *db,
                          AhoydRuns     *runs,
                          GError       **error)
{
  sqlite3_stmt *stmt;
  int           code;

  g_return_val_if_fail (db != NULL && runs != NULL, FALSE);

  stmt = ahoy_sqlite_statement (db->file, each_run_sql, error);
  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    ahoyd_runs_add (runs, (const char *) sqlite3_column_text (stmt, 0), (guint64) sqlite3_column_int64 (stmt, 1));
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (db->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}

void
ahoyd_database_set_run (AhoydDatabase *db,
                        const char    *run)
{
  g_return_if_fail (db != NULL && run != NULL);

  g_strlcpy (db->run, run, sizeof db->run);
  db->run_written = FALSE;
  db->run_kept = FALSE;
}

/* The ids from @first on are given in this run. */
static gboolean
write_run (AhoydDatabase *db,
           guint64        first,
           GError       **error)
{
  sqlite3_stmt *stmt;

  if (db->run_written || *db->run == '\0')
    return TRUE;
  stmt = ahoy_sqlite_statement (db->file, add_run_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, db->run);
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) first);
  if (!ahoy_sqlite_run (db->file, stmt, error) || !ahoy_sqlite_exec (db->file, drop_runs_sql, error))
    return FALSE;
  db->run_written = TRUE;
  return TRUE;
}

gboolean
ahoyd_database_keep_run (AhoydDatabase *db,
                         GError       **error)
{
  guint64 last = 0;

  g_return_val_if_fail (db != NULL, FALSE);

  return db->run_written || (ahoyd_database_last (db, &last, error) && write_run (db, last + 1, error));
}

gboolean
ahoyd_database_begin (AhoydDatabase *db,
                      GError       **error)
{
  g_return_val_if_fail (db != NULL, FALSE);

  return ahoy_sqlite_begin (db->file, error);
}

gboolean
ahoyd_database_commit (AhoydDatabase *db,
                       GError       **error)
{
  g_return_val_if_fail (db != NULL, FALSE);

  if (!ahoyd_tally_write (db->tally, NULL, error) || !ahoy_sqlite_commit (db->file, error))
    return FALSE;
  ahoyd_tally_commit (db->tally);
  db->run_kept = db->run_written;
  return TRUE;
}

void
ahoyd_database_rollback (AhoydDatabase *db)
{
  g_return_if_fail (db != NULL);

  ahoy_sqlite_rollback (db->file);
  ahoyd_tally_rollback (db->tally);
  db->run_written = db->run_kept;
}

static gboolean
find_said (AhoydDatabase *db,
           AhoydEvent    *event,
           gboolean      *found,
           GError       **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (db->file, find_said_sql, error);
  int           code;

  *found = FALSE;
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, event->from_skeleton);
  ahoy_sqlite_bind_text (stmt, 2, event->cid);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    {
      *found = TRUE;
      event->id = (guint64) sqlite3_column_int64 (stmt, 0);
      event->time = sqlite3_column_int64 (stmt, 1);
    }
  else if (code != SQLITE_DONE)
    {
      ahoy_sqlite_fail (db->file, code, error);
    }
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

AhoyTarget
ahoyd_database_read_target (sqlite3_stmt *row,
                            int           room,
                            int           person)
{
  const char *name = (const char *) sqlite3_column_text (row, person);

  return name != NULL ? ahoy_target_person (name) : ahoy_target_room ((guint64) sqlite3_column_int64 (row, room));
}

static gsize
length (const char *text)
{
  return text != NULL ? strlen (text) : 0;
}

/* One message more. */
static void
count (AhoydDatabase    *db,
       const AhoydEvent *event)
{
  gsize skeletons = strlen (event->from_skeleton) + length (event->target_skeleton);

  ahoyd_tally_count (db->tally, event->from_skeleton, 1,
                     ahoyd_tally_size (skeletons + strlen (event->from) + length (event->target.person), skeletons, length (event->cid),
                                       strlen (event->text)));
}

/* What was said when @event was said for the first time, if that is still there. */
static gboolean
find_first (AhoydDatabase *db,
            AhoydEvent    *event,
            GError       **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (db->file, find_first_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) event->id);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    {
      const AhoydEvent first = {
        .from = (char *) sqlite3_column_text (stmt, 0),
        .from_skeleton = (char *) sqlite3_column_text (stmt, 1),
        .kind = (AhoydEventKind) sqlite3_column_int (stmt, 7),
        .target = ahoyd_database_read_target (stmt, 6, 2),
        .target_skeleton = (char *) sqlite3_column_text (stmt, 3),
        .cid = event->cid,
        .re = (guint64) sqlite3_column_int64 (stmt, 4),
        .text = (char *) sqlite3_column_text (stmt, 5),
        .sender = event->sender,
        .id = event->id,
        .time = event->time,
      };

      event->first = ahoyd_event_new (&first);
    }
  else if (code != SQLITE_DONE)
    {
      ahoy_sqlite_fail (db->file, code, error);
    }
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
ahoyd_database_append (AhoydDatabase *db,
                       AhoydEvent    *event,
                       gint64         time,
                       gboolean      *repeated,
                       GError       **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && event != NULL && repeated != NULL, FALSE);

  *repeated = FALSE;
  if (event->cid != NULL)
    {
      if (!find_said (db, event, repeated, error))
        return FALSE;
      if (*repeated)
        return find_first (db, event, error);
    }
  if (event->only_repeat)
    return TRUE;

  stmt = ahoy_sqlite_statement (db->file, append_sql, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, time);
  ahoy_sqlite_bind_text (stmt, 2, event->from);
  ahoy_sqlite_bind_text (stmt, 3, event->from_skeleton);
  ahoy_sqlite_bind_text (stmt, 4, event->target.person);
  ahoy_sqlite_bind_text (stmt, 5, event->target_skeleton);
  ahoy_sqlite_bind_text (stmt, 6, event->cid);
  sqlite3_bind_int64 (stmt, 7, (sqlite3_int64) event->re);
  ahoy_sqlite_bind_text (stmt, 8, event->text);
  sqlite3_bind_int64 (stmt, 9, (sqlite3_int64) event->target.room);
  sqlite3_bind_int (stmt, 10, event->kind);
  if (!ahoy_sqlite_run (db->file, stmt, error))
    return FALSE;
  event->id = (guint64) sqlite3_last_insert_rowid (ahoy_sqlite_get (db->file));
  event->time = time;
  count (db, event);
  if (!write_run (db, event->id, error))
    return FALSE;

  if (event->cid == NULL)
    return TRUE;
  ahoyd_tally_count_said (db->tally, 1);
  stmt = ahoy_sqlite_statement (db->file, say_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, event->from_skeleton);
  ahoy_sqlite_bind_text (stmt, 2, event->cid);
  sqlite3_bind_int64 (stmt, 3, (sqlite3_int64) event->id);
  sqlite3_bind_int64 (stmt, 4, event->time);
  return ahoy_sqlite_run (db->file, stmt, error);
}

gboolean
ahoyd_database_load_table (AhoydDatabase *db,
                           AhoydTable    *table,
                           GError       **error)
{
  g_return_val_if_fail (db != NULL, FALSE);

  return ahoyd_table_load (table, db->file, error);
}

gboolean
ahoyd_database_write_row (AhoydDatabase         *db,
                          const AhoydTableClass *table,
                          gconstpointer          row,
                          GError               **error)
{
  g_return_val_if_fail (db != NULL && table != NULL && row != NULL, FALSE);

  return table->row_write (row, db->file, error);
}

/* The first number that @stmt gives. */
static gboolean
find_number (AhoydDatabase *db,
             sqlite3_stmt  *stmt,
             gint64        *number,
             gboolean      *found,
             GError       **error)
{
  int code = sqlite3_step (stmt);

  *found = code == SQLITE_ROW;
  *number = *found ? sqlite3_column_int64 (stmt, 0) : 0;
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    ahoy_sqlite_fail (db->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

gboolean
ahoyd_database_get_number (AhoydDatabase *db,
                           const char    *name,
                           gint64        *number,
                           gboolean      *found,
                           GError       **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && name != NULL && number != NULL && found != NULL, FALSE);

  stmt = ahoy_sqlite_statement (db->file, get_number_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, name);
  return find_number (db, stmt, number, found, error);
}

gboolean
ahoyd_database_set_number (AhoydDatabase *db,
                           const char    *name,
                           gint64         number,
                           GError       **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && name != NULL, FALSE);

  stmt = ahoy_sqlite_statement (db->file, set_number_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, name);
  sqlite3_bind_int64 (stmt, 2, number);
  return ahoy_sqlite_run (db->file, stmt, error);
}

gboolean
ahoyd_database_newest_stamp (AhoydDatabase *db,
                             gint64        *time,
                             gboolean      *found,
                             GError       **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && time != NULL && found != NULL, FALSE);

  stmt = ahoy_sqlite_statement (db->file, newest_stamp_sql, error);
  return stmt != NULL && find_number (db, stmt, time, found, error);
}
