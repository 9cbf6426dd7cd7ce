/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is remembered for good, and by which secret a name is held. */

#include "store/ahoyd-people-table.h"

#include "store/ahoyd-owner-table.h"
#include "store/ahoyd-tenure-table.h"

typedef struct {
  char *skeleton;
  char *name;
  char *secret; /* both NULL: there is no such row */
} Row;

static const char write_sql[] = "INSERT OR REPLACE INTO people (skeleton, name, secret) VALUES (?1, ?2, ?3)";
static const char delete_sql[] = "DELETE FROM people WHERE skeleton = ?1";

/* Who somebody is that a message is from or for, where a crash or a full disk came between the message and the row that says so. What was said before the name was
 * released says nothing of who has it. */
#define UNNOTED_AUTHORS                                                                                                      \
  "SELECT a.skeleton, (SELECT m.sender FROM events m WHERE m.sender_skeleton = a.skeleton ORDER BY m.id DESC LIMIT 1), NULL" \
  " FROM authors a WHERE NOT " AHOYD_IS_PERSON ("a.skeleton") " AND EXISTS (SELECT 1 FROM events m WHERE m.sender_skeleton = a.skeleton AND m.id > " AHOYD_RELEASED ("a.skeleton") ")"
#define UNNOTED_RECIPIENTS                                                                                                               \
  "SELECT r.recipient_skeleton,"                                                                                                         \
  "  (SELECT m.recipient FROM events m WHERE m.recipient_skeleton = r.recipient_skeleton ORDER BY m.id DESC LIMIT 1), NULL"              \
  " FROM (SELECT recipient_skeleton, max (id) AS newest FROM events WHERE recipient_skeleton IS NOT NULL GROUP BY recipient_skeleton) r" \
  " WHERE NOT " AHOYD_IS_PERSON ("r.recipient_skeleton") " AND r.newest > " AHOYD_RELEASED ("r.recipient_skeleton")
#define REMEMBER " ON CONFLICT (skeleton) DO UPDATE SET name = excluded.name;"

static void
row_own (gpointer data)
{
  Row *row = data;

  row->name = g_strdup (row->name);
  row->secret = g_strdup (row->secret);
}

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->skeleton);
  g_free (row->name);
  g_free (row->secret);
  g_free (row);
}

static gboolean
row_says (gconstpointer data)
{
  const Row *row = data;

  return row->name != NULL || row->secret != NULL;
}

static void
add_text (char        **text,
          sqlite3_stmt *stmt,
          int           column)
{
  const char *read = (const char *) sqlite3_column_text (stmt, column);

  if (read == NULL)
    return;
  g_free (*text);
  *text = g_strdup (read);
}

static void
row_read (gpointer      data,
          sqlite3_stmt *stmt)
{
  Row *row = data;

  add_text (&row->name, stmt, 1);
  add_text (&row->secret, stmt, 2);
}

static gboolean
row_write (gconstpointer data,
           AhoySqlite   *file,
           GError      **error)
{
  const Row    *row = data;
  sqlite3_stmt *stmt = ahoy_sqlite_statement (file, row_says (row) ? write_sql : delete_sql, error);

  if (stmt == NULL)
    return FALSE;
  ahoy_sqlite_bind_text (stmt, 1, row->skeleton);
  if (row_says (row))
    {
      ahoy_sqlite_bind_text (stmt, 2, row->name);
      ahoy_sqlite_bind_text (stmt, 3, row->secret);
    }
  return ahoy_sqlite_run (file, stmt, error);
}

static const AhoydNameRowClass row_class = {
  .size = sizeof (Row),
  .load_sql = "SELECT skeleton, name, secret FROM people UNION ALL " UNNOTED_AUTHORS " UNION ALL " UNNOTED_RECIPIENTS,
  .own = row_own,
  .says = row_says,
  .read = row_read,
};

static gpointer
rows_new (AhoydTable *table)
{
  return ahoyd_name_rows_new (table, &row_class);
}

const AhoydTableClass ahoyd_people_table = {
  .name = "people",
  .tidy_sql = "DELETE FROM people WHERE " AHOYD_NAME_IS_FREE ("people.skeleton") ";"
                                                                                 "INSERT INTO people (skeleton, name, secret) " UNNOTED_AUTHORS    REMEMBER
                                                                                 "INSERT INTO people (skeleton, name, secret) " UNNOTED_RECIPIENTS REMEMBER,
  .rows_new = rows_new,
  .rows_free = ahoyd_name_rows_free,
  .load = ahoyd_name_rows_load,
  .current = ahoyd_name_rows_current,
  .row_hash = ahoyd_name_row_hash,
  .row_equal = ahoyd_name_row_equal,
  .row_free = row_free,
  .row_write = row_write,
};

const char *
ahoyd_people_get_name (AhoydNameRows *people,
                       const char    *skeleton)
{
  const Row *row = ahoyd_name_rows_find (people, skeleton);

  return row != NULL ? row->name : NULL;
}

void
ahoyd_people_set_name (AhoydNameRows *people,
                       const char    *skeleton,
                       const char    *name)
{
  Row *row;

  if (g_strcmp0 (ahoyd_people_get_name (people, skeleton), name) == 0)
    return;
  row = ahoyd_name_rows_edit (people, skeleton);
  g_free (row->name);
  row->name = g_strdup (name);
  ahoyd_name_rows_write (people, row, NULL, NULL);
}

const char *
ahoyd_people_get_secret (AhoydNameRows *people,
                         const char    *skeleton)
{
  const Row *row = ahoyd_name_rows_find (people, skeleton);

  return row != NULL ? row->secret : NULL;
}

void
ahoyd_people_set_secret (AhoydNameRows *people,
                         const char    *skeleton,
                         const char    *secret)
{
  Row *row;

  if (g_strcmp0 (ahoyd_people_get_secret (people, skeleton), secret) == 0)
    return;
  row = ahoyd_name_rows_edit (people, skeleton);
  g_free (row->secret);
  row->secret = g_strdup (secret);
  ahoyd_name_rows_write (people, row, NULL, NULL);
}
