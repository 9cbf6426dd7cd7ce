/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of messages: all that an archive has of its server's log. */

#include "core/archive/ahoy-message-table.h"

#include "core/archive/ahoy-outbox-table.h"
#include "core/archive/ahoy-search-index.h"

#include <string.h>

static const char keep_sql[] = "INSERT OR IGNORE INTO messages (account, place, id, time, sender, room, recipient, peer, cid, re, text, kind)"
                               " VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
static const char find_copy_sql[] = "SELECT place, path FROM messages WHERE account = ?1 AND id = ?2 AND path <> '' AND time = ?3 AND sender = ?4"
                                    " AND room IS ?5 AND recipient IS ?6 AND text = ?7 AND kind = ?8 LIMIT 1";
static const char last_sql[] = "SELECT max(place) FROM messages WHERE account = ?1"; /* of a copy it is an id that is held, too, or was */
/* What ahoy_place_part() does. */
static const char part_sql[] = "UPDATE messages SET place = ?2 - 1, path = printf('%08x%016x%s', ?3, place, path) WHERE account = ?1 AND place >= ?2";
/* What ahoy_place_rejoin() does. */
static const char rejoin_sql[] = "UPDATE OR IGNORE messages SET place = ?4, path = '' WHERE account = ?1 AND place = ?2 AND path = ?3";
static const char rejoin_rest_sql[] = "UPDATE messages SET place = ?4 WHERE account = ?1 AND place = ?2 AND path > ?3";

/* ---- To keep a message ---- */

typedef struct {
  AhoyWrite          write;
  AhoyStoredMessage *stored;
  AhoyPlace          copy; /* empty: there was none */
} Keep;

static gboolean
find_copy (Keep       *keep,
           AhoySqlite *file,
           GError    **error)
{
  const AhoyStoredMessage *stored = keep->stored;
  sqlite3_stmt            *stmt = ahoy_table_prepare (file, find_copy_sql, keep->write.archive, error);
  int                      code;

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) stored->id);
  sqlite3_bind_int64 (stmt, 3, stored->time);
  ahoy_sqlite_bind_text (stmt, 4, stored->from);
  ahoy_table_bind_target (stmt, 5, 6, stored->target);
  ahoy_sqlite_bind_text (stmt, 7, stored->text);
  sqlite3_bind_int (stmt, 8, stored->kind);
  code = sqlite3_step (stmt);
  if (code == SQLITE_ROW)
    ahoy_place_set (&keep->copy, (guint64) sqlite3_column_int64 (stmt, 0), (const char *) sqlite3_column_text (stmt, 1));
  else if (code != SQLITE_DONE)
    ahoy_sqlite_fail (file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_ROW || code == SQLITE_DONE;
}

static gboolean
insert (const Keep *keep,
        AhoySqlite *file,
        GError    **error)
{
  const AhoyStoredMessage *stored = keep->stored;
  sqlite3_stmt            *stmt = ahoy_table_prepare (file, keep_sql, keep->write.archive, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) stored->id);
  sqlite3_bind_int64 (stmt, 3, stored->time);
  ahoy_sqlite_bind_text (stmt, 4, stored->from);
  ahoy_table_bind_target (stmt, 5, 6, stored->target);
  ahoy_sqlite_bind_text (stmt, 7, stored->peer);
  ahoy_sqlite_bind_text (stmt, 8, stored->cid);
  sqlite3_bind_int64 (stmt, 9, (sqlite3_int64) stored->re);
  ahoy_sqlite_bind_text (stmt, 10, stored->text);
  sqlite3_bind_int (stmt, 11, stored->kind);
  return ahoy_sqlite_run (file, stmt, error);
}

static gboolean
keep_run (AhoyWrite        *write,
          AhoyDatabaseFile *file,
          GError          **error)
{
  Keep       *keep = (Keep *) write;
  const char *cid = keep->stored->cid;

  ahoy_place_clear (&keep->copy);
  if (!find_copy (keep, file->sqlite, error))
    return FALSE;
  if (ahoy_place_is_copy (&keep->copy) && !ahoy_database_file_rejoin (file, write->archive, &keep->copy, keep->stored->id, error))
    return FALSE;
  return insert (keep, file->sqlite, error) && (cid == NULL || ahoy_outbox_table_drop_now (file->sqlite, write->archive, cid, error));
}

static void
keep_clear (AhoyWrite *write)
{
  Keep *keep = (Keep *) write;

  ahoy_stored_message_free (keep->stored);
  ahoy_place_clear (&keep->copy);
}

static const AhoyWriteType keep_type = { .run = keep_run, .clear = keep_clear };

AhoyWrite *
ahoy_message_table_keep (AhoyStoredMessage *stored)
{
  Keep *keep;

  g_return_val_if_fail (stored != NULL && stored->id != 0, NULL);

  keep = ahoy_write_new (&keep_type, sizeof *keep);
  keep->stored = stored;
  keep->write.size += strlen (stored->text);
  return &keep->write;
}

const AhoyStoredMessage *
ahoy_message_table_get_kept (AhoyWrite *keep)
{
  g_return_val_if_fail (keep->type == &keep_type, NULL);

  return ((Keep *) keep)->stored;
}

const AhoyPlace *
ahoy_message_table_get_copy (AhoyWrite *keep)
{
  g_return_val_if_fail (keep->type == &keep_type, NULL);

  return ahoy_place_is_copy (&((Keep *) keep)->copy) ? &((Keep *) keep)->copy : NULL;
}

/* ---- To read a page ---- */

typedef struct {
  AhoyRead      read;
  gint64        archive;
  AhoyPageQuery query;
  GPtrArray    *messages;
  gboolean      more;
} Page;

static AhoyStoredMessage *
stored_message_from_row (sqlite3_stmt *stmt)
{
  AhoyStoredMessage row = {
    .id = (guint64) sqlite3_column_int64 (stmt, 0),
    .time = sqlite3_column_int64 (stmt, 1),
    .from = (char *) sqlite3_column_text (stmt, 2),
    .target = ahoy_table_get_target (stmt, 3, 4),
    .peer = (char *) sqlite3_column_text (stmt, 5),
    .cid = (char *) sqlite3_column_text (stmt, 6),
    .re = (guint64) sqlite3_column_int64 (stmt, 7),
    .text = (char *) sqlite3_column_text (stmt, 8),
    .kind = sqlite3_column_int (stmt, 9),
    .place = { (guint64) sqlite3_column_int64 (stmt, 10), (char *) sqlite3_column_text (stmt, 11) },
  };

  if (row.place.path != NULL && *row.place.path == '\0')
    row.place.path = NULL;
  return ahoy_stored_message_new (&row);
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

/* The condition on a row that it belongs to the conversation, with parameter 2. Among everyone whispers are shown as well. */
static const char *
condition_of (const AhoyPageQuery *query)
{
  if (query->everywhere)
    return "true";
  if (ahoy_target_is_everyone (query->target))
    return "(room = 0 OR room IS NULL)";
  return ahoy_target_is_person (query->target) ? "peer = ?2" : "room > 0 AND room = ?2"; /* each has an index, if it is put like this */
}

static char *
sql_of (const AhoyPageQuery *query)
{
  return g_strdup_printf ("SELECT id, time, sender, room, recipient, peer, cid, re, text, kind, place, path FROM messages"
                          " WHERE account = ?1 AND %s AND (place, path) < (?3, ?7) AND %s ORDER BY place DESC, path DESC LIMIT ?4",
                          condition_of (query), query->text != NULL ? ahoy_search_index_condition (query->text) : "true");
}

static void
bind_target (sqlite3_stmt *stmt,
             AhoyTarget    target)
{
  if (ahoy_target_is_person (target))
    ahoy_sqlite_bind_text (stmt, 2, target.person);
  else
    sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) target.room);
}

/* The newest that match, in order. */
static gboolean
select_page (AhoySqlite          *file,
             gint64               archive,
             const AhoyPageQuery *query,
             GPtrArray           *messages,
             gboolean            *more,
             GError             **error)
{
  g_autofree char *sql = sql_of (query);
  sqlite3_stmt    *stmt = NULL;
  int              code = sqlite3_prepare_v2 (ahoy_sqlite_get (file), sql, -1, &stmt, NULL);

  *more = FALSE;
  if (code == SQLITE_OK)
    {
      sqlite3_bind_int64 (stmt, 1, archive);
      bind_target (stmt, query->target);
      sqlite3_bind_int64 (stmt, 3, is_unbound (query) ? G_MAXINT64 : (sqlite3_int64) MIN (query->before.id, G_MAXINT64));
      ahoy_sqlite_bind_text (stmt, 7, query->before.path != NULL ? query->before.path : "");
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) query->limit + 1); /* one more tells whether there are more */
      if (query->text != NULL)
        ahoy_search_index_bind (stmt, query->text);
      while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
        {
          *more = messages->len == query->limit;
          if (*more)
            break;
          g_ptr_array_add (messages, stored_message_from_row (stmt));
        }
    }
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    ahoy_sqlite_fail (file, code, error);
  sqlite3_finalize (stmt);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    {
      g_ptr_array_set_size (messages, 0);
      return FALSE;
    }
  reverse (messages);
  return TRUE;
}

static gboolean
page_run (AhoyRead         *read,
          AhoyDatabaseFile *file,
          GError          **error)
{
  Page *page = (Page *) read;

  return select_page (file->sqlite, page->archive, &page->query, page->messages, &page->more, error);
}

static void
page_clear (AhoyRead *read)
{
  Page *page = (Page *) read;

  ahoy_place_clear (&page->query.before);
  g_free ((char *) page->query.target.person);
  g_free ((char *) page->query.text);
  g_ptr_array_unref (page->messages);
}

static const AhoyReadType page_type = { .run = page_run, .clear = page_clear };

AhoyRead *
ahoy_message_table_read (gint64               archive,
                         const AhoyPageQuery *query)
{
  Page *page;

  g_return_val_if_fail (archive != 0 && query != NULL && query->limit > 0, NULL);

  page = g_new0 (Page, 1);
  page->read.type = &page_type;
  page->archive = archive;
  page->query = *query;
  page->query.before = (AhoyPlace){ 0 };
  ahoy_place_set (&page->query.before, query->before.id, query->before.path);
  page->query.target.person = g_strdup (query->target.person);
  page->query.text = g_strdup (query->text);
  page->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_stored_message_free);
  return &page->read;
}

GPtrArray *
ahoy_message_table_get_page (AhoyRead *page,
                             gboolean *more)
{
  g_return_val_if_fail (page->type == &page_type, NULL);

  *more = ((Page *) page)->more;
  return ((Page *) page)->messages;
}

/* ---- The table ---- */

static gpointer
rows_new (void)
{
  AhoyNewest *newest = g_new0 (AhoyNewest, 1);

  newest->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_stored_message_free);
  return newest;
}

void
ahoy_newest_free (AhoyNewest *newest)
{
  g_ptr_array_unref (newest->messages);
  g_free (newest);
}

static void
rows_free (gpointer rows)
{
  ahoy_newest_free (rows);
}

static gboolean
load (AhoySqlite *file,
      gint64      archive,
      guint       newest,
      gpointer    rows,
      GError    **error)
{
  AhoyNewest         *self = rows;
  const AhoyPageQuery query = { .everywhere = TRUE, .limit = newest };
  sqlite3_stmt       *stmt = ahoy_table_row (file, last_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  self->last = (guint64) sqlite3_column_int64 (stmt, 0);
  ahoy_sqlite_reset (stmt);
  return select_page (file, archive, &query, self->messages, &self->more, error);
}

static gboolean
part (AhoySqlite *file,
      gint64      archive,
      guint64     first,
      guint       parting,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, part_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) first);
  sqlite3_bind_int64 (stmt, 3, parting);
  return ahoy_sqlite_run (file, stmt, error);
}

static gboolean
rejoin (AhoySqlite      *file,
        gint64           archive,
        const AhoyPlace *copy,
        guint64          id,
        GError         **error)
{
  static const char *const each[] = { rejoin_sql, rejoin_rest_sql };

  for (gsize i = 0; i < G_N_ELEMENTS (each); i++)
    {
      sqlite3_stmt *stmt = ahoy_table_prepare (file, each[i], archive, error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) copy->id);
      ahoy_sqlite_bind_text (stmt, 3, copy->path);
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) id);
      if (!ahoy_sqlite_run (file, stmt, error))
        return FALSE;
    }
  return TRUE;
}

const AhoyTable ahoy_message_table = {
  .name = "messages",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
  .part = part,
  .rejoin = rejoin,
};
