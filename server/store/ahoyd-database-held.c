/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The log's file: what waits for whom. */

#include "store/ahoyd-database-private.h"
#include "store/ahoyd-taken-table.h"

static const char each_held_sql[] = "SELECT id, sender_skeleton, length (CAST (text AS BLOB)) FROM events"
                                    " WHERE recipient_skeleton = ?1 AND id > ?2 ORDER BY id";

typedef struct {
  AhoydDatabase *db;
  AhoydStore    *store;
  GError        *error;
} Loading;

static gboolean
load_after (Loading    *loading,
            const char *to_skeleton,
            guint64     after,
            GError    **error)
{
  AhoydMailboxes *mailboxes = ahoyd_store_get_mailboxes (loading->store);
  sqlite3_stmt   *stmt = ahoy_sqlite_statement (loading->db->file, each_held_sql, error);
  int             code;

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, to_skeleton);
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) after);
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    ahoyd_mailboxes_load (mailboxes, to_skeleton, (const char *) sqlite3_column_text (stmt, 1), (guint64) sqlite3_column_int64 (stmt, 0),
                          (gsize) sqlite3_column_int64 (stmt, 2));
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (loading->db->file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}

static void
load_one (const AhoydTakenRow *row,
          gpointer             data)
{
  Loading *loading = data;

  if (loading->error == NULL && row->held > row->taken)
    load_after (loading, row->skeleton, row->taken, &loading->error);
}

gboolean
ahoyd_database_load_mailboxes (AhoydDatabase *db,
                               AhoydStore    *store,
                               GError       **error)
{
  Loading loading = { db, store, NULL };

  g_return_val_if_fail (db != NULL && store != NULL, FALSE);

  ahoyd_taken_each (ahoyd_store_get_rows (store, &ahoyd_taken_table), load_one, &loading);
  if (loading.error == NULL)
    return TRUE;
  g_propagate_error (error, loading.error);
  return FALSE;
}
