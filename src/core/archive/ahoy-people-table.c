/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The table of the people whom an archive knows, and by which key. */

#include "core/archive/ahoy-people-table.h"

static const char know_sql[] = "INSERT INTO people (account, person, known, since, key, verified) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                               " ON CONFLICT (account, person) DO UPDATE SET known = excluded.known, since = excluded.since,"
                               " key = excluded.key, verified = excluded.verified";
static const char forget_sql[] = "DELETE FROM people WHERE account = ?1 AND person = ?2";
static const char load_sql[] = "SELECT person, known, since, key, verified FROM people WHERE account = ?1";

/* ---- To know somebody ---- */

typedef struct {
  AhoyWrite     write;
  AhoyKnownKey *known_key;
} Know;

static gboolean
know_run (AhoyWrite        *write,
          AhoyDatabaseFile *file,
          GError          **error)
{
  const AhoyKnownKey *known_key = ((Know *) write)->known_key;
  sqlite3_stmt       *stmt = ahoy_table_prepare (file->sqlite, known_key->known != NULL ? know_sql : forget_sql, write->archive, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 2, known_key->person);
  if (known_key->known != NULL)
    {
      ahoy_sqlite_bind_text (stmt, 3, known_key->known);
      sqlite3_bind_int64 (stmt, 4, known_key->since);
      ahoy_sqlite_bind_text (stmt, 5, known_key->key);
      sqlite3_bind_int (stmt, 6, known_key->verified);
    }
  return ahoy_sqlite_run (file->sqlite, stmt, error);
}

static void
know_clear (AhoyWrite *write)
{
  ahoy_known_key_free (((Know *) write)->known_key);
}

static const AhoyWriteType know_type = { .run = know_run, .clear = know_clear };

AhoyWrite *
ahoy_people_table_know (AhoyKnownKey *known_key)
{
  Know *know = ahoy_write_new (&know_type, sizeof *know);

  know->known_key = known_key;
  return &know->write;
}

/* ---- The table ---- */

static gpointer
rows_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) ahoy_known_key_free);
}

static void
rows_free (gpointer rows)
{
  g_hash_table_unref (rows);
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
      const AhoyKnownKey row = {
        .person = (char *) sqlite3_column_text (stmt, 0),
        .known = (char *) sqlite3_column_text (stmt, 1),
        .since = sqlite3_column_int64 (stmt, 2),
        .key = (char *) sqlite3_column_text (stmt, 3),
        .verified = sqlite3_column_int (stmt, 4) != 0,
      };
      AhoyKnownKey *known_key = ahoy_known_key_new (&row);

      g_hash_table_replace (rows, known_key->person, known_key);
    }
  return ahoy_table_end (file, stmt, code, error);
}

const AhoyTable ahoy_people_table = {
  .name = "people",
  .rows_new = rows_new,
  .rows_free = rows_free,
  .load = load,
};
