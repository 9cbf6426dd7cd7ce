/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Pages of the log, read from its file.
 *
 * Rows are looked at one by one, without their texts, and the budget is asked for each; what is wanted is then fetched by its id. So it is known at
 * any time how far a page has come, and no single step takes long. Steps that do all the same (a damaged file's, say) are ended by the progress
 * handler. */

#include "store/ahoyd-log-pages.h"

#include <string.h>

#include "store/ahoyd-database.h"
#include "store/ahoyd-text-match.h"

/* Instructions of SQLite's machine between two looks at the clock. */
#define PROGRESS_EVERY 20000
/* Bytes of text that cost as much as a row. */
#define TEXT_PER_ROW 1024

typedef enum {
  LOOK_ON,   /* there may be more */
  LOOK_FULL, /* the page is full */
  LOOK_OVER, /* the budget is used up */
  LOOK_FAILED,
} Look;

typedef struct {
  AhoySqlite           *log;
  AhoydReadBudget      *budget;
  const AhoydPageQuery *query;
  AhoydTextMatch       *match; /* NULL: any text */
  AhoydPageDraft       *draft;
  guint64               reached;
  Look                  look;
  GError              **error;
} Search;

static const char fetch_sql[] = "SELECT id, time, sender, sender_skeleton, recipient, recipient_skeleton, cid, re, text, room, kind FROM events WHERE id = ?1";

#define ROWS "SELECT id, sender_skeleton, recipient_skeleton, room FROM events WHERE "
#define BETWEEN "id > ?1 AND id < ?2"

static const char up_sql[] = ROWS BETWEEN " ORDER BY id";
static const char down_sql[] = ROWS BETWEEN " ORDER BY id DESC";
static const char                   held_up_sql[] = ROWS "recipient_skeleton = ?3 AND " BETWEEN " ORDER BY id";
static const char                   held_down_sql[] = ROWS "recipient_skeleton = ?3 AND " BETWEEN " ORDER BY id DESC";
/* SQLite merges the two as they come. */
static const char with_up_sql[] = ROWS "recipient_skeleton = ?3 AND " BETWEEN " UNION ALL " ROWS "recipient_skeleton = ?4 AND " BETWEEN
                                       " ORDER BY id";
static const char with_down_sql[] = ROWS "recipient_skeleton = ?3 AND " BETWEEN " UNION ALL " ROWS "recipient_skeleton = ?4 AND " BETWEEN
                                         " ORDER BY id DESC";

static int
on_progress (void *data)
{
  return ahoyd_read_budget_is_overdrawn (data);
}

void
ahoyd_log_pages_attend (AhoySqlite      *log,
                        AhoydReadBudget *budget)
{
  sqlite3_progress_handler (ahoy_sqlite_get (log), PROGRESS_EVERY, budget != NULL ? on_progress : NULL, budget);
}

static Look
fail (Search *self,
      int     code)
{
  if ((code & 0xff) == SQLITE_INTERRUPT)
    return LOOK_OVER;
  ahoy_sqlite_fail (self->log, code, self->error);
  return LOOK_FAILED;
}

static AhoydEvent *
message_from_row (sqlite3_stmt *stmt)
{
  AhoydEvent row = {
    .id = (guint64) sqlite3_column_int64 (stmt, 0),
    .time = sqlite3_column_int64 (stmt, 1),
    .from = (char *) sqlite3_column_text (stmt, 2),
    .from_skeleton = (char *) sqlite3_column_text (stmt, 3),
    .target = ahoyd_database_read_target (stmt, 9, 4),
    .target_skeleton = (char *) sqlite3_column_text (stmt, 5),
    .cid = (char *) sqlite3_column_text (stmt, 6),
    .re = (guint64) sqlite3_column_int64 (stmt, 7),
    .text = (char *) sqlite3_column_text (stmt, 8),
  };

  return ahoyd_event_new (&row);
}

/* Puts the row on the page if it is meant. */
static Look
consider_row (Search       *self,
              sqlite3_stmt *stmt)
{
  const char *from = (const char *) sqlite3_column_text (stmt, 3);
  const char *text = (const char *) sqlite3_column_text (stmt, 8);
  AhoyTarget  target = ahoyd_database_read_target (stmt, 9, 5);

  if (sqlite3_column_int (stmt, 10) != AHOYD_EVENT_SAID) /* a newer server's */
    return LOOK_ON;
  if (!ahoyd_page_query_wants (self->query, (guint64) sqlite3_column_int64 (stmt, 0), from, target))
    return LOOK_ON;
  if (!ahoyd_read_budget_take (self->budget, (guint) sqlite3_column_bytes (stmt, 8) / TEXT_PER_ROW))
    return LOOK_OVER;
  if (self->match != NULL && !ahoyd_text_match_find (self->match, text))
    return LOOK_ON;
  return ahoyd_page_draft_add (self->draft, self->query, message_from_row (stmt)) ? LOOK_ON : LOOK_FULL;
}

/* The message with @id, unless it is gone by now. */
static Look
consider (Search *self,
          guint64 id)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->log, fetch_sql, self->error);
  Look          look = LOOK_ON;
  int           code;

  if (stmt == NULL)
    return LOOK_FAILED;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) id);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    look = consider_row (self, stmt);
  else if (code != SQLITE_DONE)
    look = fail (self, code);
  ahoy_sqlite_reset (stmt);
  return look;
}

static sqlite3_stmt *
prepare_rows (Search *self,
              guint64 after,
              guint64 before)
{
  const AhoydPageQuery *query = self->query;
  gboolean              down = query->newest;
  const char           *other = query->scope == AHOYD_PAGE_WITH && strcmp (query->with, query->viewer) != 0 ? query->with : NULL;
  const char           *sql = down ? down_sql : up_sql;
  sqlite3_stmt         *stmt;

  if (other != NULL)
    sql = down ? with_down_sql : with_up_sql;
  else if (query->scope == AHOYD_PAGE_HELD || query->scope == AHOYD_PAGE_WITH)
    sql = down ? held_down_sql : held_up_sql;
  stmt = ahoy_sqlite_statement (self->log, sql, self->error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) MIN (after, G_MAXINT64));
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) MIN (before, G_MAXINT64));
  if (sql != up_sql && sql != down_sql)
    ahoy_sqlite_bind_text (stmt, 3, query->viewer);
  if (other != NULL)
    ahoy_sqlite_bind_text (stmt, 4, other);
  return stmt;
}

/* Every row above @after and below @before, in the query's order. */
static void
scan (Search *self,
      guint64 after,
      guint64 before)
{
  sqlite3_stmt *stmt = prepare_rows (self, after, before);
  int           code;

  if (stmt == NULL)
    {
      self->look = LOOK_FAILED;
      return;
    }
  while (self->look == LOOK_ON && (code = sqlite3_step (stmt)) != SQLITE_DONE)
    {
      guint64 id;

      /* Before a column is asked for, or that is what went wrong last. */
      if (code != SQLITE_ROW)
        {
          self->look = fail (self, code);
          break;
        }
      id = (guint64) sqlite3_column_int64 (stmt, 0);
      if (!ahoyd_read_budget_take (self->budget, 1))
        self->look = LOOK_OVER;
      else if (ahoyd_page_query_wants (self->query, id, (const char *) sqlite3_column_text (stmt, 1), ahoyd_database_read_target (stmt, 3, 2)))
        self->look = consider (self, id);
      if (self->look == LOOK_ON)
        self->reached = id;
    }
  ahoy_sqlite_reset (stmt);
}

static gboolean
on_candidate (guint64  id,
              gpointer data)
{
  Search *self = data;

  self->look = ahoyd_read_budget_take (self->budget, 1) ? consider (self, id) : LOOK_OVER;
  return self->look == LOOK_ON;
}

/* Down to where the page has come; else @before. */
static guint64
oldest_found (const AhoydPageDraft *draft,
              guint64               before)
{
  guint64 oldest = before;

  if (draft->messages != NULL && draft->messages->len > 0)
    oldest = ((const AhoydEvent *) draft->messages->pdata[draft->messages->len - 1])->id;
  return MIN (oldest, before);
}

/* From the newest on: what the index knows is asked of it, and the rest is looked through. */
static void
search (Search           *self,
        AhoydSearchIndex *index,
        const char       *folded)
{
  guint64 before = self->query->before;

  while (self->look == LOOK_ON && before > self->query->after + 1)
    {
      guint64  after = 0;
      gboolean known = ahoyd_search_index_knows (index, before - 1, &after);

      after = MAX (after, self->query->after);
      if (!known)
        scan (self, after, before);
      else if (!ahoyd_read_budget_take (self->budget, 1))
        self->look = LOOK_OVER;
      else if (!ahoyd_search_index_each (index, folded, after, before, on_candidate, self, NULL) && self->look == LOOK_ON)
        scan (self, after, oldest_found (self->draft, before)); /* without the index, then */
      before = after + 1;
    }
}

gboolean
ahoyd_log_pages_make (AhoySqlite           *log,
                      AhoydSearchIndex     *index,
                      AhoydReadBudget      *budget,
                      const AhoydPageQuery *query,
                      AhoydPageDraft       *draft,
                      gboolean             *more,
                      guint64              *reached,
                      GError              **error)
{
  g_autoptr (AhoydTextMatch) match = query->text != NULL ? ahoyd_text_match_new (query->text) : NULL;
  g_autofree char           *folded = query->text != NULL ? ahoyd_text_fold (query->text) : NULL;
  Search                     self = { log, budget, query, match, draft, query->after, LOOK_ON, error };

  g_return_val_if_fail (query->before > 0, FALSE);

  if (index != NULL && query->newest && folded != NULL && g_utf8_strlen (folded, -1) >= 3)
    search (&self, index, folded);
  else
    scan (&self, query->after, query->before);

  ahoyd_page_draft_end (draft, query);
  *more = self.look != LOOK_ON;
  *reached = *more ? self.reached : query->before - 1;
  if (self.look == LOOK_OVER && query->newest && draft->messages->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Looking for it takes too long");
      self.look = LOOK_FAILED;
    }
  return self.look != LOOK_FAILED;
}
