/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The log's file: what is taken out of it. */

#include "store/ahoyd-database-private.h"

/* How long a client may be away and still not say the same thing twice. */
#define SAID_KEPT_MS (G_GINT64_CONSTANT (400) * 24 * 60 * 60 * 1000)
/* Free pages go back to the disk a few at a time, and only when there are many: the next messages take them. */
#define PAGES_AT_ONCE 64
#define FREE_PAGES_MAX 256
#define FREE_PAGES_SHARE 16

static const char old_sql[] = "SELECT " AHOYD_LOT_COLUMNS ", m.time < ?4 OR " AHOYD_LOT_WAS_GOT " FROM events m"
                              " WHERE m.time < ?3 AND (m.time, m.id) > (?1, ?2) ORDER BY m.time, m.id LIMIT ?5";
static const char delete_sql[] = "DELETE FROM events WHERE id = ?1";
static const char is_known_sql[] = "SELECT EXISTS (SELECT 1 FROM authors WHERE skeleton = ?1)"
                                   " OR EXISTS (SELECT 1 FROM events WHERE recipient_skeleton = ?1)";
static const char said_for_long_sql[] = "DELETE FROM said WHERE id <= (SELECT max (id) FROM (SELECT id FROM said ORDER BY id LIMIT ?2)) AND time < ?1"
                                        " AND NOT EXISTS (SELECT 1 FROM events m WHERE m.id = said.id)";
static const char said_too_much_sql[] = "DELETE FROM said WHERE id <= (SELECT max (id) FROM (SELECT id FROM said ORDER BY id LIMIT ?1))";

gboolean
ahoyd_database_tidy (AhoydDatabase   *db,
                     const GPtrArray *tables,
                     GError         **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (db != NULL && tables != NULL, FALSE);

  if (!ahoyd_database_begin (db, error))
    return FALSE;
  for (guint i = 0; done && i < tables->len; i++)
    done = ahoyd_table_tidy (tables->pdata[i], db->file, error);
  if (done && ahoyd_database_commit (db, error))
    return TRUE;
  ahoyd_database_rollback (db);
  return FALSE;
}

static void
whisper_free (gpointer data)
{
  AhoydForgotWhisper *whisper = data;

  g_free (whisper->sender);
  g_free (whisper->recipient);
  g_free (whisper);
}

void
ahoyd_forgot_init (AhoydForgot *forgot)
{
  g_return_if_fail (forgot != NULL);

  *forgot = (AhoydForgot){
    .oldest = G_MAXINT64,
    .newest = G_MININT64,
    .gone = g_ptr_array_new_with_free_func (g_free),
    .whispers = g_ptr_array_new_with_free_func (whisper_free),
  };
}

void
ahoyd_forgot_clear (AhoydForgot *forgot)
{
  g_return_if_fail (forgot != NULL);

  g_clear_pointer (&forgot->gone, g_ptr_array_unref);
  g_clear_pointer (&forgot->whispers, g_ptr_array_unref);
}

static void
note_whisper (AhoydForgot    *forgot,
              const AhoydLot *lot)
{
  AhoydForgotWhisper *whisper = g_new (AhoydForgotWhisper, 1);

  *whisper = (AhoydForgotWhisper){ g_strdup (lot->author), g_strdup (lot->recipient), (guint64) lot->id };
  g_ptr_array_add (forgot->whispers, whisper);
  g_ptr_array_add (forgot->gone, g_strdup (lot->recipient));
}

/* @lot is a message that may be gone already. */
static gboolean
take_away (AhoydDatabase  *db,
           const AhoydLot *lot,
           AhoydForgot    *forgot,
           GError        **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (db->file, delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, lot->id);
  if (!ahoy_sqlite_run (db->file, stmt, error))
    return FALSE;
  if (sqlite3_changes (ahoy_sqlite_get (db->file)) == 0)
    return TRUE;
  ahoyd_tally_count (db->tally, lot->author, -1, lot->size);
  if (lot->recipient != NULL)
    note_whisper (forgot, lot);
  forgot->n++;
  forgot->bytes += lot->size;
  forgot->oldest = MIN (forgot->oldest, lot->time);
  forgot->newest = MAX (forgot->newest, lot->time);
  return TRUE;
}

/* Up to @limit lots of those that are too old, from @cursor on; it is moved behind them. @n_seen (out): how many there were. */
static GArray *
find_old (AhoydDatabase       *db,
          const AhoydOldLimit *old,
          AhoydOldCursor      *cursor,
          guint                limit,
          guint               *n_seen,
          GError             **error)
{
  g_autoptr (GArray) lots = g_array_new (FALSE, TRUE, sizeof (AhoydLot));
  sqlite3_stmt      *stmt = ahoy_sqlite_statement (db->file, old_sql, error);
  int                code;

  g_array_set_clear_func (lots, (GDestroyNotify) ahoyd_lot_clear);
  *n_seen = 0;
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, cursor->time);
  sqlite3_bind_int64 (stmt, 2, cursor->id);
  sqlite3_bind_int64 (stmt, 3, old->since);
  sqlite3_bind_int64 (stmt, 4, MIN (old->held_since, old->since));
  sqlite3_bind_int64 (stmt, 5, limit);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      AhoydLot lot = { 0 };

      ahoyd_lot_read (&lot, stmt);
      *cursor = (AhoydOldCursor){ lot.time, lot.id };
      (*n_seen)++;
      if (sqlite3_column_int (stmt, 5))
        g_array_append_val (lots, lot);
      else
        ahoyd_lot_clear (&lot);
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (db->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE ? g_steal_pointer (&lots) : NULL;
}

static gpointer
copy_text (gconstpointer text,
           gpointer      data)
{
  return g_strdup (text);
}

/* Of those that may have come to an end, leaves in @gone whom nothing in the log is from or for. */
static gboolean
keep_gone (AhoydDatabase *db,
           GPtrArray     *gone,
           GError       **error)
{
  g_autoptr (GHashTable) asked = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray)  candidates = g_ptr_array_copy (gone, copy_text, NULL);

  g_ptr_array_set_free_func (candidates, g_free);
  g_ptr_array_set_size (gone, 0);
  for (guint i = 0; i < candidates->len; i++)
    {
      sqlite3_stmt *stmt;
      int           code;

      if (!g_hash_table_add (asked, candidates->pdata[i]))
        continue;
      stmt = ahoy_sqlite_statement (db->file, is_known_sql, error);
      if (stmt == NULL)
        return FALSE;
      ahoy_sqlite_bind_text (stmt, 1, candidates->pdata[i]);
      code = sqlite3_step (stmt);
      if (code == SQLITE_ROW && !sqlite3_column_int (stmt, 0))
        g_ptr_array_add (gone, g_strdup (candidates->pdata[i]));
      else if (code != SQLITE_ROW)
        ahoy_sqlite_fail (db->file, code, error);
      ahoy_sqlite_reset (stmt);
      if (code != SQLITE_ROW)
        return FALSE;
    }
  return TRUE;
}

/* Ends the transaction that @done happened in: as one, or not at all. */
static gboolean
end (AhoydDatabase *db,
     gboolean       done,
     AhoydForgot   *forgot,
     GError       **error)
{
  if (done && ahoyd_tally_write (db->tally, forgot->gone, error) && keep_gone (db, forgot->gone, error) && ahoyd_database_commit (db, error))
    return TRUE;
  ahoyd_database_rollback (db);
  g_clear_pointer (&db->shares, ahoyd_shares_free);
  return FALSE;
}

gboolean
ahoyd_database_forget_old (AhoydDatabase       *db,
                           const AhoydOldLimit *old,
                           AhoydOldCursor      *cursor,
                           guint                limit,
                           AhoydForgot         *forgot,
                           GError             **error)
{
  g_autoptr (GArray) lots = NULL;
  guint              n_seen = 0;
  gboolean           done;

  g_return_val_if_fail (db != NULL && old != NULL && cursor != NULL, FALSE);
  g_return_val_if_fail (limit > 0 && forgot != NULL, FALSE);

  if (!ahoyd_database_begin (db, error))
    return FALSE;
  /* What is taken away here is in nobody's share any more. */
  g_clear_pointer (&db->shares, ahoyd_shares_free);
  lots = find_old (db, old, cursor, limit, &n_seen, error);
  done = lots != NULL;
  for (guint i = 0; done && i < lots->len; i++)
    done = take_away (db, &g_array_index (lots, AhoydLot, i), forgot, error);
  forgot->more = n_seen == limit;
  return end (db, done, forgot, error);
}

/* The next to go, whoever it is. */
static gboolean
next_lot (AhoydDatabase *db,
          guint64        max_bytes,
          AhoydForgot   *forgot,
          AhoydLot      *lot,
          gboolean      *found,
          GError       **error)
{
  *found = FALSE;
  if (db->shares != NULL && !ahoyd_shares_next (db->shares, lot, found, error))
    return FALSE;
  for (guint with_held = 0; !*found && with_held < 2; with_held++)
    {
      g_clear_pointer (&db->shares, ahoyd_shares_free);
      if (!ahoyd_tally_write (db->tally, forgot->gone, error))
        return FALSE;
      db->shares = ahoyd_shares_new (db->file, db->tally, max_bytes, with_held, error);
      if (db->shares == NULL || !ahoyd_shares_next (db->shares, lot, found, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ahoyd_database_forget_large (AhoydDatabase *db,
                             guint64        max_bytes,
                             guint          limit,
                             AhoydForgot   *forgot,
                             GError       **error)
{
  gboolean found = TRUE;
  gboolean done = TRUE;

  g_return_val_if_fail (db != NULL && limit > 0 && forgot != NULL, FALSE);

  if (!ahoyd_database_begin (db, error))
    return FALSE;
  for (guint n = 0; done && found && n < limit && ahoyd_tally_get_bytes (db->tally) > max_bytes; n++)
    {
      g_auto (AhoydLot) lot = { 0 };

      done = next_lot (db, max_bytes, forgot, &lot, &found, error) && (!found || take_away (db, &lot, forgot, error));
    }
  forgot->more = found && ahoyd_tally_get_bytes (db->tally) > max_bytes;
  if (!forgot->more)
    g_clear_pointer (&db->shares, ahoyd_shares_free);
  return end (db, done, forgot, error);
}

/* Runs a statement that deletes rows of `said`. */
static gboolean
forget_said (AhoydDatabase *db,
             sqlite3_stmt  *stmt,
             guint         *n_forgotten,
             GError       **error)
{
  if (ahoyd_database_begin (db, error))
    {
      gboolean done = ahoy_sqlite_run (db->file, stmt, error);

      *n_forgotten = done ? (guint) sqlite3_changes (ahoy_sqlite_get (db->file)) : 0;
      ahoyd_tally_count_said (db->tally, -(gint64) *n_forgotten);
      if (done && ahoyd_database_commit (db, error))
        return TRUE;
      ahoyd_database_rollback (db);
    }
  *n_forgotten = 0;
  return FALSE;
}

gboolean
ahoyd_database_forget_said (AhoydDatabase *db,
                            gint64         since,
                            guint          limit,
                            guint         *n_forgotten,
                            GError       **error)
{
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && limit > 0 && n_forgotten != NULL, FALSE);

  stmt = ahoy_sqlite_statement (db->file, said_for_long_sql, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, since - SAID_KEPT_MS);
  sqlite3_bind_int64 (stmt, 2, limit);
  return forget_said (db, stmt, n_forgotten, error);
}

gboolean
ahoyd_database_trim_said (AhoydDatabase *db,
                          guint64        max,
                          guint          limit,
                          GError       **error)
{
  guint64       n;
  guint         n_forgotten;
  sqlite3_stmt *stmt;

  g_return_val_if_fail (db != NULL && limit > 0, FALSE);

  n = ahoyd_tally_get_n_said (db->tally);
  if (n <= max)
    return TRUE;
  stmt = ahoy_sqlite_statement (db->file, said_too_much_sql, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) MIN (n - max, limit));
  return forget_said (db, stmt, &n_forgotten, error);
}

guint64
ahoyd_database_get_bytes (AhoydDatabase *db)
{
  g_return_val_if_fail (db != NULL, 0);

  return ahoyd_tally_get_bytes (db->tally);
}

guint64
ahoyd_database_get_n_said (AhoydDatabase *db)
{
  g_return_val_if_fail (db != NULL, 0);

  return ahoyd_tally_get_n_said (db->tally);
}

gboolean
ahoyd_database_give_back (AhoydDatabase *db,
                          gboolean      *more,
                          GError       **error)
{
  gint64 pages = 0;
  gint64 unused = 0;

  g_return_val_if_fail (db != NULL && more != NULL, FALSE);

  *more = FALSE;
  if (!ahoy_sqlite_number (db->file, "PRAGMA page_count", &pages, error) ||
      !ahoy_sqlite_number (db->file, "PRAGMA freelist_count", &unused, error))
    return FALSE;
  if (unused <= MAX (pages / FREE_PAGES_SHARE, FREE_PAGES_MAX))
    return TRUE;
  *more = TRUE;
  return ahoy_sqlite_exec (db->file, "PRAGMA incremental_vacuum(" G_STRINGIFY (PAGES_AT_ONCE) ")", error);
}
