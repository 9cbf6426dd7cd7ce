/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Running totals of the log. */

#include "store/ahoyd-tally.h"

/* Which rule ahoyd_tally_size() is. */
#define RECKONING 1

#define PAGE_SIZE 4096
/* What is left of a page for rows; a longer row has pages of its own for what does not fit. */
#define PAGE_ROOM (PAGE_SIZE - 8)
#define ROW_MAX_LOCAL (PAGE_SIZE - 35)
#define ROW_MIN_LOCAL ((PAGE_SIZE - 12) * 32 / 255 - 23)
#define OVERFLOW_ROOM (PAGE_SIZE - 4)
/* What goes with each row, and each entry of an index. */
#define ROW_HEADER 22
#define CELL 6
#define TIME_ENTRY 16
#define SKELETON_ENTRY 14
/* Three letters are met again the sooner, the longer a text is. */
#define WORDS_ENTRY 12
#define WORDS_DENSE 800
#define WORDS_SPARSE 6

static const char get_author_sql[] = "SELECT messages, bytes FROM authors WHERE skeleton = ?1";
static const char set_author_sql[] = "INSERT OR REPLACE INTO authors (skeleton, messages, bytes) VALUES (?1, ?2, ?3)";
static const char drop_author_sql[] = "DELETE FROM authors WHERE skeleton = ?1";
static const char set_said_sql[] = "INSERT OR REPLACE INTO numbers (name, value) VALUES ('said', ?1)";

typedef struct {
  gint64 bytes;
  gint64 authors;
  gint64 said;
} Totals;

typedef struct {
  gint64 messages;
  gint64 bytes;
} Change;

struct _AhoydTally {
  /* Owned */
  GHashTable *changes; /* author -> Change, of the open transaction and not written */
  Totals      now;
  Totals      committed;
  /* Borrowed */
  AhoySqlite *file;
};

guint64
ahoyd_tally_size (gsize names,
                  gsize skeletons,
                  gsize cid,
                  gsize text)
{
  gsize   row = ROW_HEADER + names + cid + text;
  gsize   local = row;
  guint64 size = TIME_ENTRY + skeletons + SKELETON_ENTRY;

  if (row > ROW_MAX_LOCAL)
    {
      local = ROW_MIN_LOCAL + (row - ROW_MIN_LOCAL) % OVERFLOW_ROOM;
      if (local > ROW_MAX_LOCAL)
        local = ROW_MIN_LOCAL;
      size += (row - local + OVERFLOW_ROOM - 1) / OVERFLOW_ROOM * PAGE_SIZE;
    }
  /* Of large rows few fit onto a page, and what is left of it is lost. */
  size += local + CELL > PAGE_ROOM / 4 ? PAGE_SIZE / (PAGE_ROOM / (local + CELL)) : local + CELL;
  return size + WORDS_ENTRY + MIN (text, WORDS_DENSE) + (text > WORDS_DENSE ? (text - WORDS_DENSE) / WORDS_SPARSE : 0);
}

static void
message_size (sqlite3_context *context,
              int              n,
              sqlite3_value  **values)
{
  gsize lengths[6];

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    lengths[i] = (gsize) sqlite3_value_bytes (values[i]);
  sqlite3_result_int64 (context, (sqlite3_int64) ahoyd_tally_size (lengths[0] + lengths[1] + lengths[2] + lengths[3], lengths[1] + lengths[3],
                                                                   lengths[4], lengths[5]));
}

static gboolean
count_anew (AhoydTally *self,
            GError    **error)
{
  static const char sql[] =
    "DELETE FROM authors;"
    "INSERT INTO authors (skeleton, messages, bytes) SELECT sender_skeleton, count(*),"
    " sum(message_size(sender, sender_skeleton, recipient, recipient_skeleton, cid, text)) FROM events GROUP BY sender_skeleton;"
    "INSERT OR REPLACE INTO numbers (name, value) SELECT 'said', count(*) FROM said;"
    "INSERT OR REPLACE INTO numbers (name, value) VALUES ('reckoning', " G_STRINGIFY (RECKONING) ")";

  if (!ahoy_sqlite_begin (self->file, error))
    return FALSE;
  if (ahoy_sqlite_exec (self->file, sql, error) && ahoy_sqlite_commit (self->file, error))
    return TRUE;
  ahoy_sqlite_rollback (self->file);
  return FALSE;
}

static gboolean
load (AhoydTally *self,
      gboolean    writes,
      GError    **error)
{
  gint64 reckoning = 0;

  if (!ahoy_sqlite_number (self->file, "SELECT value FROM numbers WHERE name = 'reckoning'", &reckoning, error) ||
      (writes && reckoning != RECKONING && !count_anew (self, error)) ||
      !ahoy_sqlite_number (self->file, "SELECT sum(bytes) FROM authors", &self->now.bytes, error) ||
      !ahoy_sqlite_number (self->file, "SELECT count(*) FROM authors", &self->now.authors, error) ||
      !ahoy_sqlite_number (self->file, "SELECT value FROM numbers WHERE name = 'said'", &self->now.said, error))
    return FALSE;
  self->committed = self->now;
  return TRUE;
}

AhoydTally *
ahoyd_tally_new (AhoySqlite *file,
                 gboolean    writes,
                 GError    **error)
{
  g_autoptr (AhoydTally) self = NULL;
  int                    code;

  g_return_val_if_fail (file != NULL, NULL);

  self = g_new0 (AhoydTally, 1);
  self->file = file;
  self->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  code = sqlite3_create_function (ahoy_sqlite_get (file), "message_size", 6, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, message_size, NULL, NULL);
  if (code != SQLITE_OK)
    {
      ahoy_sqlite_fail (file, code, error);
      return NULL;
    }
  return load (self, writes, error) ? g_steal_pointer (&self) : NULL;
}

void
ahoyd_tally_free (AhoydTally *tally)
{
  g_return_if_fail (tally != NULL);

  g_hash_table_unref (tally->changes);
  g_free (tally);
}

void
ahoyd_tally_count (AhoydTally *tally,
                   const char *author,
                   int         sign,
                   guint64     size)
{
  Change *change;

  g_return_if_fail (tally != NULL && author != NULL);

  change = g_hash_table_lookup (tally->changes, author);
  if (change == NULL)
    {
      change = g_new0 (Change, 1);
      g_hash_table_insert (tally->changes, g_strdup (author), change);
    }
  change->messages += sign;
  change->bytes += sign * (gint64) size;
  tally->now.bytes += sign * (gint64) size;
}

void
ahoyd_tally_count_said (AhoydTally *tally,
                        gint64      change)
{
  g_return_if_fail (tally != NULL);

  tally->now.said += change;
}

static gboolean
get_author (AhoydTally *self,
            const char *author,
            Change     *had,
            GError    **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, get_author_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, author);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    *had = (Change){ sqlite3_column_int64 (stmt, 0), sqlite3_column_int64 (stmt, 1) };
  else if (code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
write_author (AhoydTally   *self,
              const char   *author,
              const Change *change,
              GPtrArray    *ended,
              GError      **error)
{
  Change        had = { 0 };
  Change        has;
  sqlite3_stmt *stmt;

  if (!get_author (self, author, &had, error))
    return FALSE;
  has = (Change){ had.messages + change->messages, had.bytes + change->bytes };
  stmt = ahoy_sqlite_statement (self->file, has.messages > 0 ? set_author_sql : drop_author_sql, error);
  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, author);
  if (has.messages > 0)
    {
      sqlite3_bind_int64 (stmt, 2, has.messages);
      sqlite3_bind_int64 (stmt, 3, has.bytes);
    }
  self->now.authors += (has.messages > 0) - (had.messages > 0);
  if (has.messages <= 0 && ended != NULL)
    g_ptr_array_add (ended, g_strdup (author));
  return ahoy_sqlite_run (self->file, stmt, error);
}

gboolean
ahoyd_tally_write (AhoydTally *tally,
                   GPtrArray  *ended,
                   GError    **error)
{
  GHashTableIter iter;
  gpointer       author, change;
  sqlite3_stmt  *stmt;

  g_return_val_if_fail (tally != NULL, FALSE);

  g_hash_table_iter_init (&iter, tally->changes);
  while (g_hash_table_iter_next (&iter, &author, &change))
    if (!write_author (tally, author, change, ended, error))
      return FALSE;
  g_hash_table_remove_all (tally->changes);
  if (tally->now.said == tally->committed.said)
    return TRUE;
  stmt = ahoy_sqlite_statement (tally->file, set_said_sql, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, tally->now.said);
  return ahoy_sqlite_run (tally->file, stmt, error);
}

void
ahoyd_tally_commit (AhoydTally *tally)
{
  g_return_if_fail (tally != NULL);

  tally->committed = tally->now;
}

void
ahoyd_tally_rollback (AhoydTally *tally)
{
  g_return_if_fail (tally != NULL);

  g_hash_table_remove_all (tally->changes);
  tally->now = tally->committed;
}

guint64
ahoyd_tally_get_bytes (AhoydTally *tally)
{
  g_return_val_if_fail (tally != NULL, 0);

  return (guint64) MAX (tally->now.bytes, 0);
}

guint64
ahoyd_tally_get_n_authors (AhoydTally *tally)
{
  g_return_val_if_fail (tally != NULL, 0);

  return (guint64) MAX (tally->now.authors, 0);
}

guint64
ahoyd_tally_get_n_said (AhoydTally *tally)
{
  g_return_val_if_fail (tally != NULL, 0);

  return (guint64) MAX (tally->now.said, 0);
}
