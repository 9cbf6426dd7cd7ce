/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of how far an archive came in each run of its server's log. */

#include "core/archive/ahoy-run-table.h"

static const char clear_sql[] = "DELETE FROM runs WHERE account = ?1";
static const char add_sql[] = "INSERT INTO runs (account, run, nth, last) VALUES (?1, ?2, ?3, ?4)";
static const char load_sql[] = "SELECT run, nth, last FROM runs WHERE account = ?1";

/* ---- To set them ---- */

typedef struct {
  AhoyWrite     write;
  AhoyRunMarks *runs;
} Set;

static gboolean
set_run (AhoyWrite        *write,
         AhoyDatabaseFile *file,
         GError          **error)
{
  AhoyRunMarks *runs = ((Set *) write)->runs;
  sqlite3_stmt *stmt = ahoy_table_prepare (file->sqlite, clear_sql, write->archive, error);

  if (stmt == NULL || !ahoy_sqlite_run (file->sqlite, stmt, error))
    return FALSE;
  for (guint i = 0; i < ahoy_run_marks_get_n (runs); i++)
    {
      const AhoyRunMark *mark = ahoy_run_marks_get (runs, i);

      stmt = ahoy_table_prepare (file->sqlite, add_sql, write->archive, error);
      if (stmt == NULL)
        return FALSE;
      ahoy_sqlite_bind_text (stmt, 2, mark->run);
      sqlite3_bind_int64 (stmt, 3, (sqlite3_int64) mark->nth);
      sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) mark->id);
      if (!ahoy_sqlite_run (file->sqlite, stmt, error))
        return FALSE;
    }
  return TRUE;
}

static void
set_clear (AhoyWrite *write)
{
  ahoy_run_marks_free (((Set *) write)->runs);
}

static const AhoyWriteType set_type = { .run = set_run, .clear = set_clear };

AhoyWrite *
ahoy_run_table_set (AhoyRunMarks *runs)
{
  Set *set = ahoy_write_new (&set_type, sizeof *set);

  set->runs = runs;
  return &set->write;
}

/* ---- The table ---- */

static gpointer
rows_new (void)
{
  return ahoy_run_marks_new ();
}

static void
rows_free (gpointer rows)
{
  ahoy_run_marks_free (rows);
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
      AhoyRunMark mark = { .nth = (guint64) sqlite3_column_int64 (stmt, 1), .id = (guint64) sqlite3_column_int64 (stmt, 2) };

      g_strlcpy (mark.run, (const char *) sqlite3_column_text (stmt, 0), sizeof mark.run);
      ahoy_run_marks_add (rows, &mark);
    }
  return ahoy_table_end (file, stmt, code, error);
}

static void
part_rows (gpointer rows,
           guint64  first,
           guint    parting)
{
  ahoy_run_marks_clamp (rows, first - 1);
}

const AhoyTable ahoy_run_table = {
  .name = "runs",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
  .part_rows = part_rows, /* on the disk they stay, and are no further than the position when they are loaded */
};
