/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of marks: numbers and places to be remembered of a conversation. */

#include "core/archive/ahoy-mark-table.h"

#include <string.h>

static const char set_sql[] = "INSERT OR REPLACE INTO marks (account, kind, room, person, value, path) VALUES (?1, ?2, ?3, ?4, ?5, ifnull(?6, ''))";
static const char load_sql[] = "SELECT kind, room, person, value, path FROM marks WHERE account = ?1";
static const char part_read_sql[] = "UPDATE marks SET value = ?2 - 1, path = printf('%08x%016x%s', ?3, value, path)"
                                    " WHERE account = ?1 AND kind = 'read' AND value >= ?2";
static const char part_floor_sql[] = "UPDATE marks SET value = ?2 WHERE account = ?1 AND kind IN ('floor', 'start') AND value > ?2";
static const char part_rest_sql[] = "UPDATE marks SET value = ?2 - 1 WHERE account = ?1 AND kind NOT IN ('read', 'floor', 'start') AND value >= ?2";
static const char part_position_sql[] = "INSERT OR REPLACE INTO marks (account, kind, room, value) VALUES (?1, 'position', 0, ?2 - 1)";
static const char rejoin_sql[] = "UPDATE marks SET value = ?4, path = iif(path = ?3, '', path)"
                                 " WHERE account = ?1 AND kind = 'read' AND value = ?2 AND path >= ?3";

/* ---- In memory ---- */

struct _AhoyMarks {
  /* Owned */
  GHashTable *values; /* see name_of() -> AhoyPlace * */
};

static char *
name_of (const char *kind,
         AhoyTarget  target)
{
  if (ahoy_target_is_person (target))
    return g_strconcat (kind, "\037person\037", target.person, NULL);
  return g_strdup_printf ("%s\037room\037%" G_GUINT64_FORMAT, kind, target.room);
}

static gboolean
is_of (const char *name,
       const char *kind)
{
  const gsize len = strlen (kind);

  return strncmp (name, kind, len) == 0 && name[len] == '\037';
}

const AhoyPlace *
ahoy_marks_find (AhoyMarks  *self,
                 const char *kind,
                 AhoyTarget  target)
{
  g_autofree char *name = name_of (kind, target);

  return g_hash_table_lookup (self->values, name);
}

void
ahoy_marks_set (AhoyMarks       *self,
                const char      *kind,
                AhoyTarget       target,
                const AhoyPlace *value)
{
  g_hash_table_replace (self->values, name_of (kind, target), ahoy_place_copy (value));
}

static gpointer
rows_new (void)
{
  AhoyMarks *self = g_new0 (AhoyMarks, 1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ahoy_place_free);
  return self;
}

static void
rows_free (gpointer rows)
{
  AhoyMarks *self = rows;

  g_hash_table_unref (self->values);
  g_free (self);
}

static void
part_rows (gpointer rows,
           guint64  first,
           guint    parting)
{
  GHashTableIter iter;
  gpointer       name, value;

  g_hash_table_iter_init (&iter, ((AhoyMarks *) rows)->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      AhoyPlace *place = value;

      if (is_of (name, AHOY_MARK_READ))
        ahoy_place_part (place, first, parting);
      else if (is_of (name, AHOY_MARK_FLOOR) || is_of (name, AHOY_MARK_START))
        place->id = MIN (place->id, first);
      else
        place->id = MIN (place->id, first - 1);
    }
}

static void
rejoin_rows (gpointer         rows,
             const AhoyPlace *copy,
             guint64          id)
{
  GHashTableIter iter;
  gpointer       name, value;

  g_hash_table_iter_init (&iter, ((AhoyMarks *) rows)->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (is_of (name, AHOY_MARK_READ))
        ahoy_place_rejoin (value, copy, id);
    }
}

/* ---- On the disk ---- */

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
      const char     *path = (const char *) sqlite3_column_text (stmt, 4);
      const AhoyPlace value = { (guint64) sqlite3_column_int64 (stmt, 3), *path != '\0' ? (char *) path : NULL };

      ahoy_marks_set (rows, (const char *) sqlite3_column_text (stmt, 0), ahoy_table_get_target (stmt, 1, 2), &value);
    }
  return ahoy_table_end (file, stmt, code, error);
}

static gboolean
part (AhoySqlite *file,
      gint64      archive,
      guint64     first,
      guint       parting,
      GError    **error)
{
  static const char *const each[] = { part_read_sql, part_floor_sql, part_rest_sql, part_position_sql };

  for (gsize i = 0; i < G_N_ELEMENTS (each); i++)
    {
      sqlite3_stmt *stmt = ahoy_table_prepare (file, each[i], archive, error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) first);
      sqlite3_bind_int64 (stmt, 3, parting);
      if (!ahoy_sqlite_run (file, stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
rejoin (AhoySqlite      *file,
        gint64           archive,
        const AhoyPlace *copy,
        guint64          id,
        GError         **error)
{
  sqlite3_stmt *stmt = ahoy_table_prepare (file, rejoin_sql, archive, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, (sqlite3_int64) copy->id);
  ahoy_sqlite_bind_text (stmt, 3, copy->path);
  sqlite3_bind_int64 (stmt, 4, (sqlite3_int64) id);
  return ahoy_sqlite_run (file, stmt, error);
}

typedef struct {
  AhoyWrite  write;
  char      *kind;
  AhoyTarget target; /* owned */
  AhoyPlace  value;
} Set;

static gboolean
set_run (AhoyWrite        *write,
         AhoyDatabaseFile *file,
         GError          **error)
{
  Set          *set = (Set *) write;
  sqlite3_stmt *stmt = ahoy_table_prepare (file->sqlite, set_sql, write->archive, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 2, set->kind);
  ahoy_table_bind_target (stmt, 3, 4, set->target);
  sqlite3_bind_int64 (stmt, 5, (sqlite3_int64) set->value.id);
  ahoy_sqlite_bind_text (stmt, 6, set->value.path);
  return ahoy_sqlite_run (file->sqlite, stmt, error);
}

static void
set_clear (AhoyWrite *write)
{
  Set *set = (Set *) write;

  g_free (set->kind);
  g_free ((char *) set->target.person);
  ahoy_place_clear (&set->value);
}

static const AhoyWriteType set_type = { .run = set_run, .clear = set_clear };

AhoyWrite *
ahoy_mark_table_set (const char      *kind,
                     AhoyTarget       target,
                     const AhoyPlace *value)
{
  Set *set = ahoy_write_new (&set_type, sizeof *set);

  set->kind = g_strdup (kind);
  set->target = target;
  set->target.person = g_strdup (target.person);
  ahoy_place_set (&set->value, value->id, value->path);
  return &set->write;
}

const AhoyTable ahoy_mark_table = {
  .name = "marks",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
  .part = part,
  .part_rows = part_rows,
  .rejoin = rejoin,
  .rejoin_rows = rejoin_rows,
};
