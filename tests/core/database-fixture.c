/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A profile's database in a directory of its own. */

#include "database-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-load.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-outbox-table.h"
#include "core/archive/ahoy-people-table.h"
#include "core/archive/ahoy-run-table.h"
#include "support/test-loop.h"

static char *
texts (GPtrArray *stored_messages)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < stored_messages->len; i++)
    g_string_append_printf (all, i > 0 ? " %s" : "%s", ((AhoyStoredMessage *) stored_messages->pdata[i])->text);
  return g_string_free (all, FALSE);
}

static int
compare_people (gconstpointer a,
                gconstpointer b)
{
  return strcmp ((*(AhoyKnownKey *const *) a)->person, (*(AhoyKnownKey *const *) b)->person);
}

/* "bob key/known since+ ", + for verified, by name. */
static char *
tell_people (GHashTable *people)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GString              *all = g_string_new (NULL);
  GHashTableIter        iter;
  gpointer              known_key;

  g_hash_table_iter_init (&iter, people);
  while (g_hash_table_iter_next (&iter, NULL, &known_key))
    g_ptr_array_add (sorted, known_key);
  g_ptr_array_sort (sorted, compare_people);
  for (guint i = 0; i < sorted->len; i++)
    {
      const AhoyKnownKey *a = sorted->pdata[i];

      g_string_append_printf (all, "%s %s/%s %" G_GINT64_FORMAT "%s ", a->person, a->key != NULL ? a->key : "-", a->known, a->since,
                              a->verified ? "+" : "");
    }
  return g_string_free (all, FALSE);
}

static gint64
mark_of (AhoyRows   *rows,
         const char *kind,
         AhoyTarget  target)
{
  const AhoyPlace *value = ahoy_marks_find (ahoy_rows_get (rows, &ahoy_mark_table), kind, target);

  return value != NULL ? (gint64) value->id : -1;
}

static void
on_loaded (AhoyRead     *load,
           const GError *error,
           gpointer      data)
{
  DatabaseFixture     *f = data;
  g_autoptr (AhoyRows) rows = ahoy_load_take_rows (load);
  const AhoyNewest    *newest = ahoy_rows_get (rows, &ahoy_message_table);
  const AhoyAccount   *account = ahoy_rows_get (rows, &ahoy_account_table);

  f->n_loaded++;
  f->n_errors += error != NULL;
  f->archive = ahoy_load_get_archive (load);
  f->last = newest->last;
  f->more = newest->more;
  f->read_mark = mark_of (rows, "read", ahoy_target_person ("bob"));
  f->told_mark = mark_of (rows, "told-seen", ahoy_target_person ("bob"));
  f->floor_mark = mark_of (rows, "floor", ahoy_target_room (AHOY_ROOM_EVERYONE));
  g_free (f->newest);
  f->newest = texts (newest->messages);
  g_free (f->outbox);
  f->outbox = texts (ahoy_rows_get (rows, &ahoy_outbox_table));
  g_free (f->people);
  f->people = tell_people (ahoy_rows_get (rows, &ahoy_people_table));
  g_free (f->runs);
  f->runs = ahoy_run_marks_write (ahoy_rows_get (rows, &ahoy_run_table), 9, 1024);
  if (f->runs == NULL)
    f->runs = g_strdup ("");
  f->partings = account->partings;
  g_strlcpy (f->secret, account->secret != NULL ? account->secret : "", sizeof f->secret);
}

static void
on_page (AhoyRead     *page,
         const GError *error,
         gpointer      data)
{
  DatabaseFixture *f = data;

  f->n_pages++;
  f->n_errors += error != NULL;
  g_free (f->page);
  f->page = texts (ahoy_message_table_get_page (page, &f->more));
}

void
database_on_kept (AhoyWrite    *write,
                  const GError *error,
                  gpointer      data)
{
  DatabaseFixture *f = data;

  f->n_kept++;
  f->n_errors += error != NULL;
}

void
database_put (DatabaseFixture *f,
              AhoyWrite       *write)
{
  ahoy_database_write (f->database, f->archive, write, NULL, NULL);
}

void
database_mark (DatabaseFixture *f,
               const char      *kind,
               AhoyTarget       target,
               guint64          id)
{
  database_put (f, ahoy_mark_table_set (kind, target, &(AhoyPlace){ id, NULL }));
}

void
database_load_as (DatabaseFixture *f,
                  const char      *server,
                  const char      *self)
{
  f->n_loaded = 0;
  ahoy_database_read (f->database, ahoy_load_new (server, self, 3), on_loaded, f);
  assert_int_equal (f->n_loaded, 0);
  assert_true (test_loop_until_count (f->context, &f->n_loaded, 1));
}

void
database_reopen (DatabaseFixture *f)
{
  g_clear_pointer (&f->database, ahoy_database_close);
  f->database = ahoy_database_open (f->path, NULL, f->context, NULL, NULL, NULL);
  assert_non_null (f->database);
  database_load_as (f, "server-a", "alice");
}

int
database_setup (void **state)
{
  DatabaseFixture *f = g_new0 (DatabaseFixture, 1);

  f->context = g_main_context_new ();
  f->placed = g_string_new (NULL);
  f->dir = g_dir_make_tmp ("ahoy-history-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "history.sqlite", NULL);
  *state = f;
  database_reopen (f);
  return 0;
}

int
database_teardown (void **state)
{
  DatabaseFixture *f = *state;
  g_autoptr (GDir) dir = NULL;

  g_clear_pointer (&f->database, ahoy_database_close);
  dir = g_dir_open (f->dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->dir);
  g_main_context_unref (f->context);
  g_free (f->dir);
  g_free (f->path);
  g_free (f->newest);
  g_free (f->outbox);
  g_free (f->page);
  g_free (f->people);
  g_free (f->runs);
  g_string_free (f->placed, TRUE);
  g_free (f);
  return 0;
}

void
database_keep (DatabaseFixture *f,
               guint64          id,
               const char      *from,
               const char      *to,
               const char      *text,
               const char      *cid)
{
  AhoyStoredMessage stored = {
    .id = id,
    .time = (gint64) id * 1000,
    .from = (char *) from,
    .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
    .text = (char *) text,
    .cid = (char *) cid,
    .peer = to == NULL ? NULL : (char *) (g_str_equal (from, "alice") ? to : from),
  };

  database_put (f, ahoy_message_table_keep (ahoy_stored_message_new (&stored)));
}

void
database_owe (DatabaseFixture *f,
              const char      *text,
              const char      *cid)
{
  AhoyStoredMessage stored = { .time = 5, .from = (char *) "alice", .text = (char *) text, .cid = (char *) cid };

  ahoy_database_write (f->database, f->archive, ahoy_outbox_table_owe (ahoy_stored_message_new (&stored)), database_on_kept, f);
}

const char *
database_page (DatabaseFixture *f,
               AhoyPageQuery    query)
{
  f->n_pages = 0;
  if (query.limit == 0)
    query.limit = 100;
  ahoy_database_read (f->database, ahoy_message_table_read (f->archive, &query), on_page, f);
  assert_true (test_loop_until_count (f->context, &f->n_pages, 1));
  return f->page;
}

gboolean
database_nothing_pending (gpointer data)
{
  return ahoy_database_get_n_pending (data) == 0;
}

void
database_know (DatabaseFixture *f,
               const char      *person,
               const char      *key,
               const char      *known,
               gboolean         verified)
{
  AhoyKnownKey a = { .person = (char *) person, .key = (char *) key, .known = (char *) known, .since = known != NULL ? 9 : 0, .verified = verified };

  database_put (f, ahoy_people_table_know (ahoy_known_key_new (&a)));
}

void
database_part (DatabaseFixture *f,
               guint64          first,
               guint            parting)
{
  database_put (f, ahoy_write_new_part (first, parting));
}

void
database_run_golden (const char *path,
                     const char *file)
{
  g_autofree char *golden = g_build_filename (g_getenv ("AHOY_TEST_GOLDEN"), file, NULL);
  g_autofree char *sql = NULL;
  sqlite3         *db = NULL;

  assert_true (g_file_get_contents (golden, &sql, NULL, NULL));
  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
}

void
database_exec (DatabaseFixture *f,
               const char      *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
}

char *
database_query (DatabaseFixture *f,
                const char      *sql)
{
  sqlite3      *db = NULL;
  sqlite3_stmt *stmt = NULL;
  GString      *all = g_string_new (NULL);

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), SQLITE_OK);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    g_string_append_printf (all, all->len > 0 ? ",%s" : "%s", (const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
  return g_string_free (all, FALSE);
}
