/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far one person's whispers have come to another. */

#include "features/ahoyd-mark-table.h"

#include "store/ahoyd-people-table.h"

typedef struct {
  char   *from;
  char   *to;
  guint64 ids[AHOYD_MARK_N]; /* 0: none; all of them: there is no such row */
} Row;

typedef struct {
  Row   row;
  GList late; /* in that queue, when data is set */
} Mark;

struct _AhoydMarks {
  /* Owned */
  GHashTable *senders; /* skeleton -> GHashTable of skeleton -> Mark; none is empty */
  GQueue      late;    /* Mark.late, whose whisper may have left the log before them, oldest first */
  guint64     gone;    /* the newest whisper that has left the log */
  /* Borrowed */
  AhoydTable *table;
};

static const char load_sql[] = "SELECT sender, recipient, delivered, seen FROM marks"
                               " WHERE EXISTS (SELECT 1 FROM events WHERE id = max (delivered, seen))";
static const char write_sql[] = "INSERT OR REPLACE INTO marks (sender, recipient, delivered, seen) VALUES (?1, ?2, ?3, ?4)";
static const char delete_sql[] = "DELETE FROM marks WHERE sender = ?1 AND recipient = ?2";

/* --- One row --- */

static Row *
row_new (const char *from,
         const char *to)
{
  Row *row = g_new0 (Row, 1);

  row->from = g_strdup (from);
  row->to = g_strdup (to);
  return row;
}

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->from);
  g_free (row->to);
  g_free (row);
}

static guint
row_hash (gconstpointer data)
{
  const Row *row = data;

  return g_str_hash (row->from) * 31 + g_str_hash (row->to);
}

static gboolean
row_equal (gconstpointer a,
           gconstpointer b)
{
  return g_str_equal (((const Row *) a)->from, ((const Row *) b)->from) && g_str_equal (((const Row *) a)->to, ((const Row *) b)->to);
}

static guint64
newest (const Row *row)
{
  return MAX (row->ids[AHOYD_MARK_DELIVERED], row->ids[AHOYD_MARK_SEEN]);
}

static gboolean
row_write (gconstpointer data,
           AhoySqlite   *file,
           GError      **error)
{
  const Row    *row = data;
  gboolean      is_there = newest (row) > 0;
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, is_there ? write_sql : delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, row->from);
  ahoy_sqlite_bind_text (stmt, 2, row->to);
  for (int i = 0; is_there && i < AHOYD_MARK_N; i++)
    sqlite3_bind_int64 (stmt, 3 + i, (sqlite3_int64) row->ids[i]);
  return ahoy_sqlite_run (file, stmt, error);
}

/* --- All rows --- */

static void
mark_free (gpointer data)
{
  Mark *mark = data;

  g_free (mark->row.from);
  g_free (mark->row.to);
  g_free (mark);
}

static gpointer
rows_new (AhoydTable *table)
{
  AhoydMarks *self = g_new0 (AhoydMarks, 1);

  self->senders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  self->table = table;
  return self;
}

static void
rows_free (gpointer rows)
{
  AhoydMarks *self = rows;

  g_hash_table_unref (self->senders);
  g_free (self);
}

static Mark *
find (AhoydMarks *self,
      const char *from,
      const char *to)
{
  GHashTable *of_sender = g_hash_table_lookup (self->senders, from);

  return of_sender != NULL ? g_hash_table_lookup (of_sender, to) : NULL;
}

static Mark *
find_or_add (AhoydMarks *self,
             const char *from,
             const char *to)
{
  GHashTable *of_sender = g_hash_table_lookup (self->senders, from);
  Mark       *mark = find (self, from, to);

  if (mark != NULL)
    return mark;
  if (of_sender == NULL)
    {
      of_sender = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, mark_free);
      g_hash_table_insert (self->senders, g_strdup (from), of_sender);
    }
  mark = g_new0 (Mark, 1);
  mark->row = (Row){ g_strdup (from), g_strdup (to) };
  g_hash_table_insert (of_sender, mark->row.to, mark);
  return mark;
}

static gpointer
current (gpointer      rows,
         gconstpointer key)
{
  const Row  *wanted = key;
  const Mark *mark = find (rows, wanted->from, wanted->to);
  Row        *row = row_new (wanted->from, wanted->to);

  for (guint i = 0; mark != NULL && i < AHOYD_MARK_N; i++)
    row->ids[i] = mark->row.ids[i];
  return row;
}

static void
set_late (AhoydMarks *self,
          Mark       *mark,
          gboolean    late)
{
  if ((mark->late.data != NULL) == late)
    return;
  mark->late.data = late ? mark : NULL;
  if (late)
    g_queue_push_tail_link (&self->late, &mark->late);
  else
    g_queue_unlink (&self->late, &mark->late);
}

/* Here and on the disk. */
static void
remove_mark (AhoydMarks *self,
             Mark       *mark)
{
  GHashTable *of_sender = g_hash_table_lookup (self->senders, mark->row.from);
  Row        *row = row_new (mark->row.from, mark->row.to);

  set_late (self, mark, FALSE);
  g_hash_table_remove (of_sender, mark->row.to);
  if (g_hash_table_size (of_sender) == 0)
    g_hash_table_remove (self->senders, row->from);
  ahoyd_table_write (self->table, row);
}

static gboolean
load (gpointer    rows,
      AhoySqlite *file,
      GError    **error)
{
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, load_sql, error);
  int           code;

  if (stmt == NULL)
    return FALSE;
  while ((code = sqlite3_step (stmt)) == SQLITE_ROW)
    {
      Mark *mark = find_or_add (rows, (const char *) sqlite3_column_text (stmt, 0), (const char *) sqlite3_column_text (stmt, 1));

      for (int i = 0; i < AHOYD_MARK_N; i++)
        mark->row.ids[i] = (guint64) sqlite3_column_int64 (stmt, 2 + i);
    }
  if (code != SQLITE_DONE)
    ahoy_sqlite_fail (file, code, error);
  ahoy_sqlite_reset (stmt);
  return code == SQLITE_DONE;
}

/* Between two people the oldest goes first, so nothing is left that the mark says anything about. */
static void
forget (gpointer    rows,
        const char *from,
        const char *to,
        guint64     id)
{
  AhoydMarks *self = rows;
  Mark       *mark = find (self, from, to);

  self->gone = MAX (self->gone, id);
  if (mark != NULL && newest (&mark->row) <= id)
    remove_mark (self, mark);
}

const AhoydTableClass ahoyd_mark_table = {
  .name = "marks",
  .tidy_sql = "DELETE FROM marks WHERE NOT EXISTS (SELECT 1 FROM events WHERE id = max (marks.delivered, marks.seen))"
              " OR NOT " AHOYD_IS_PERSON ("marks.sender") " OR NOT " AHOYD_IS_PERSON ("marks.recipient"),
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
  .current = current,
  .forget = forget,
  .row_hash = row_hash,
  .row_equal = row_equal,
  .row_free = row_free,
  .row_write = row_write,
};

/* --- Marks --- */

gboolean
ahoyd_marks_raise (AhoydMarks   *marks,
                   const char   *from,
                   const char   *to,
                   AhoydMarkWhat what,
                   guint64       id)
{
  Mark *mark;

  g_return_val_if_fail (marks != NULL && what < AHOYD_MARK_N, FALSE);
  g_return_val_if_fail (from != NULL && to != NULL && id > 0, FALSE);

  mark = find (marks, from, to);
  if (mark != NULL && id <= mark->row.ids[what])
    return FALSE;
  mark = find_or_add (marks, from, to);
  mark->row.ids[what] = id;
  set_late (marks, mark, newest (&mark->row) <= marks->gone);
  ahoyd_table_write (marks->table, current (marks, &mark->row));
  if (marks->late.length > AHOYD_MARKS_LATE_MAX)
    remove_mark (marks, g_queue_peek_head (&marks->late));
  return TRUE;
}

void
ahoyd_marks_drop (AhoydMarks *marks,
                  const char *from)
{
  GHashTable *of_sender;

  g_return_if_fail (marks != NULL && from != NULL);

  while ((of_sender = g_hash_table_lookup (marks->senders, from)) != NULL)
    {
      GHashTableIter iter;
      gpointer       mark;

      g_hash_table_iter_init (&iter, of_sender);
      if (g_hash_table_iter_next (&iter, NULL, &mark))
        remove_mark (marks, mark);
    }
}

void
ahoyd_marks_each (AhoydMarks    *marks,
                  const char    *from,
                  AhoydMarkWhat  what,
                  AhoydMarkFound found,
                  gpointer       data)
{
  GHashTable    *of_sender;
  GHashTableIter iter;
  gpointer       value;

  g_return_if_fail (marks != NULL && what < AHOYD_MARK_N);
  g_return_if_fail (from != NULL && found != NULL);

  of_sender = g_hash_table_lookup (marks->senders, from);
  if (of_sender == NULL)
    return;
  g_hash_table_iter_init (&iter, of_sender);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Mark *mark = value;

      if (mark->row.ids[what] > 0)
        found (mark->row.to, mark->row.ids[what], data);
    }
}
