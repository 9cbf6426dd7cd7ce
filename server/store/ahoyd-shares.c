/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whose messages go when there are too many. */

#include "store/ahoyd-shares.h"

static const char each_author_sql[] = "SELECT skeleton, bytes FROM authors WHERE bytes > ?1";
static const char next_sql[] = "SELECT " AHOYD_LOT_COLUMNS " FROM events m WHERE m.sender_skeleton = ?1 AND m.id > ?2"
                               " AND " AHOYD_LOT_WAS_GOT " ORDER BY m.id LIMIT 1";
static const char next_held_sql[] = "SELECT " AHOYD_LOT_COLUMNS " FROM events m WHERE m.sender_skeleton = ?1 AND m.id > ?2 ORDER BY m.id LIMIT 1";

/* Somebody who has more than a share. */
typedef struct {
  guint64  bytes;
  AhoydLot next; /* the oldest that may go; next.author is theirs */
} Author;

struct _AhoydShares {
  /* Owned */
  GTree *authors; /* Author by next.id, which is one author's alone */
  /* Borrowed */
  AhoySqlite *file;
  const char *sql;
  guint64     share;
};

void
ahoyd_lot_clear (AhoydLot *lot)
{
  g_clear_pointer (&lot->author, g_free);
  g_clear_pointer (&lot->recipient, g_free);
}

void
ahoyd_lot_read (AhoydLot     *lot,
                sqlite3_stmt *row)
{
  ahoyd_lot_clear (lot);
  lot->id = sqlite3_column_int64 (row, 0);
  lot->time = sqlite3_column_int64 (row, 1);
  lot->size = (guint64) sqlite3_column_int64 (row, 2);
  lot->author = g_strdup ((const char *) sqlite3_column_text (row, 3));
  lot->recipient = g_strdup ((const char *) sqlite3_column_text (row, 4));
}

static void
author_free (gpointer data)
{
  Author *author = data;

  ahoyd_lot_clear (&author->next);
  g_free (author);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b,
             gpointer      data)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return (one > other) - (one < other);
}

/* Puts @author (transfer full) where their oldest message after @id belongs, if they have one that may go. @author->next.author is who they are. */
static gboolean
place (AhoydShares *self,
       Author      *author,
       gint64       id,
       GError     **error)
{
  sqlite3_stmt    *stmt = ahoy_sqlite_statement (self->file, self->sql, error);
  g_autofree char *skeleton = g_strdup (author->next.author);
  int              code = SQLITE_ERROR;

  if (stmt != NULL)
    {
      ahoy_sqlite_bind_text (stmt, 1, skeleton);
      sqlite3_bind_int64 (stmt, 2, id);
      code = sqlite3_step (stmt);
      if (code == SQLITE_ROW)
        ahoyd_lot_read (&author->next, stmt);
      else if (code != SQLITE_DONE)
        ahoy_sqlite_fail (self->file, code, error);
      ahoy_sqlite_reset (stmt);
    }
  if (code == SQLITE_ROW)
    g_tree_insert (self->authors, &author->next.id, author);
  else
    author_free (author);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
find_authors (AhoydShares *self,
              GError     **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (self->file, each_author_sql, error);
  gboolean      placed = TRUE;
  int           code = SQLITE_DONE;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 1, (sqlite3_int64) self->share);
  while (placed && (code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      Author *author = g_new0 (Author, 1);

      author->next.author = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
      author->bytes = (guint64) sqlite3_column_int64 (stmt, 1);
      placed = place (self, author, 0, error);
    }
  if (placed && code != SQLITE_DONE)
    ahoy_sqlite_fail (self->file, code, error);
  ahoy_sqlite_reset (stmt);
  return placed && code == SQLITE_DONE;
}

AhoydShares *
ahoyd_shares_new (AhoySqlite *file,
                  AhoydTally *tally,
                  guint64     max_bytes,
                  gboolean    with_held,
                  GError    **error)
{
  g_autoptr (AhoydShares) self = NULL;

  g_return_val_if_fail (file != NULL && tally != NULL, NULL);

  self = g_new0 (AhoydShares, 1);
  self->file = file;
  self->sql = with_held ? next_held_sql : next_sql;
  self->share = max_bytes / 2 / MAX (ahoyd_tally_get_n_authors (tally), 1);
  self->authors = g_tree_new_full (compare_ids, NULL, NULL, author_free);
  return find_authors (self, error) ? g_steal_pointer (&self) : NULL;
}

void
ahoyd_shares_free (AhoydShares *shares)
{
  g_return_if_fail (shares != NULL);

  g_tree_unref (shares->authors);
  g_free (shares);
}

gboolean
ahoyd_shares_next (AhoydShares *shares,
                   AhoydLot    *lot,
                   gboolean    *found,
                   GError     **error)
{
  GTreeNode *node;
  Author    *author;

  g_return_val_if_fail (shares != NULL && lot != NULL && found != NULL, FALSE);

  node = g_tree_node_first (shares->authors);
  *found = node != NULL;
  if (node == NULL)
    return TRUE;
  author = g_tree_node_value (node);
  g_tree_steal (shares->authors, &author->next.id);
  *lot = author->next;
  author->next = (AhoydLot){ .author = g_strdup (lot->author) };
  author->bytes -= MIN (lot->size, author->bytes);
  if (author->bytes > shares->share)
    return place (shares, author, lot->id, error);
  author_free (author);
  return TRUE;
}
