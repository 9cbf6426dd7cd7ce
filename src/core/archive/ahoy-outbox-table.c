/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of what was said by us and not yet shown by the server. */

#include "core/archive/ahoy-outbox-table.h"

#include <string.h>

static const char owe_sql[] = "INSERT OR IGNORE INTO outbox (account, cid, time, sender, room, recipient, peer, re, text, kind)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char drop_sql[] = "DELETE FROM outbox WHERE account = ?1 AND cid = ?2";
static const char load_sql[] = "SELECT time, sender, room, recipient, peer, cid, re, text, kind FROM outbox WHERE account = ?1 ORDER BY seq";

/* ---- To owe ---- */

typedef struct {
  AhoyWrite          write;
  AhoyStoredMessage *stored;
} Owe;

static gboolean
owe_run (AhoyWrite        *write,
         AhoyDatabaseFile *file,
         GError          **error)
{
  const AhoyStoredMessage *stored = ((Owe *) write)->stored;
  sqlite3_stmt            *stmt = ahoy_table_prepare (file->sqlite, owe_sql, write->archive, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 2, stored->cid);
  sqlite3_bind_int64 (stmt, 3, stored->time);
  ahoy_sqlite_bind_text (stmt, 4, stored->from);
  ahoy_table_bind_target (stmt, 5, 6, stored->target);
  ahoy_sqlite_bind_text (stmt, 7, stored->peer);
  sqlite3_bind_int64 (stmt, 8, (sqlite3_int64) stored->re);
  ahoy_sqlite_bind_text (stmt, 9, stored->text);
  sqlite3_bind_int (stmt, 10, stored->kind);
  return ahoy_sqlite_run (file->sqlite, stmt, error);
}

static void
owe_clear (AhoyWrite *write)
{
  ahoy_stored_message_free (((Owe *) write)->stored);
}

static const AhoyWriteType owe_type = { .run = owe_run, .clear = owe_clear };

AhoyWrite *
ahoy_outbox_table_owe (AhoyStoredMessage *stored)
{
  Owe *owe = ahoy_write_new (&owe_type, sizeof *owe);

  owe->stored = stored;
  owe->write.size += strlen (stored->text);
  return &owe->write;
}

/* ---- To drop ---- */

typedef struct {
  AhoyWrite write;
  char     *cid;
} Drop;

gboolean
ahoy_outbox_table_drop_now (AhoySqlite *file,
                            gint64      archive,
                            const char *cid,
                            GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, drop_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 2, cid);
  return ahoy_sqlite_run (file, stmt, error);
}

static gboolean
drop_run (AhoyWrite        *write,
          AhoyDatabaseFile *file,
          GError          **error)
{
  return ahoy_outbox_table_drop_now (file->sqlite, write->archive, ((Drop *) write)->cid, error);
}

static void
drop_clear (AhoyWrite *write)
{
  g_free (((Drop *) write)->cid);
}

static const AhoyWriteType drop_type = { .run = drop_run, .clear = drop_clear };

AhoyWrite *
ahoy_outbox_table_drop (const char *cid)
{
  Drop *drop = ahoy_write_new (&drop_type, sizeof *drop);

  drop->cid = g_strdup (cid);
  return &drop->write;
}

/* ---- The table ---- */

static gpointer
rows_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_stored_message_free);
}

static void
rows_free (gpointer rows)
{
  g_ptr_array_unref (rows);
}

static gboolean
load (AhoySqlite *file,
      gint64      archive,
      guint       newest,
      gpointer    rows,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, load_sql, archive, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      const AhoyStoredMessage row = {
        .time = sqlite3_column_int64 (stmt, 0),
        .from = (char *) sqlite3_column_text (stmt, 1),
        .target = ahoy_table_get_target (stmt, 2, 3),
        .peer = (char *) sqlite3_column_text (stmt, 4),
        .cid = (char *) sqlite3_column_text (stmt, 5),
        .re = (guint64) sqlite3_column_int64 (stmt, 6),
        .text = (char *) sqlite3_column_text (stmt, 7),
        .kind = sqlite3_column_int (stmt, 8),
      };

      g_ptr_array_add (rows, ahoy_stored_message_new (&row));
    }
  return ahoy_table_end (file, stmt, code, error);
}

const AhoyTable ahoy_outbox_table = {
  .name = "outbox",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
};
