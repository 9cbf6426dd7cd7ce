/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one person has seen and still owes: kept, found again, and read in pages. */

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-database.h"
#include "core/archive/ahoy-load.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-message-table.h"
#include "core/archive/ahoy-outbox-table.h"
#include "core/archive/ahoy-people-table.h"
#include "core/archive/ahoy-run-table.h"
#include "core/archive/ahoy-search-index.h"
#include "core/archive/ahoy-tables.h"
#include "disk/ahoy-sqlite.h"
#include "support/test-loop.h"

typedef struct {
  GMainContext *context;
  AhoyDatabase *history;
  char         *dir;
  char         *path;
  gint64        archive;

  guint    n_loaded;
  guint64  last;
  char    *newest;
  char    *outbox;
  gboolean more;
  gint64   read_mark;
  gint64   told_mark;
  gint64   floor_mark;
  char    *people;
  char    *runs;
  guint    partings;
  char     secret[33];

  guint n_pages;
  char *page;

  guint    n_kept;
  guint    n_errors;
  GString *placed;
} Fixture;

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
  Fixture             *f = data;
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
  Fixture *f = data;

  f->n_pages++;
  f->n_errors += error != NULL;
  g_free (f->page);
  f->page = texts (ahoy_message_table_get_page (page, &f->more));
}

static void
on_kept (AhoyWrite    *write,
         const GError *error,
         gpointer      data)
{
  Fixture *f = data;

  f->n_kept++;
  f->n_errors += error != NULL;
}

/* Writes it, and nobody waits. */
static void
put (Fixture   *f,
     AhoyWrite *write)
{
  ahoy_database_write (f->history, f->archive, write, NULL, NULL);
}

static void
mark (Fixture    *f,
      const char *kind,
      AhoyTarget  target,
      guint64     id)
{
  put (f, ahoy_mark_table_set (kind, target, &(AhoyPlace){ id, NULL }));
}

static void
load_as (Fixture    *f,
         const char *server,
         const char *self)
{
  f->n_loaded = 0;
  ahoy_database_read (f->history, ahoy_load_new (server, self, 3), on_loaded, f);
  assert_int_equal (f->n_loaded, 0);
  assert_true (test_loop_until_count (f->context, &f->n_loaded, 1));
}

static void
reopen (Fixture *f)
{
  g_clear_pointer (&f->history, ahoy_database_close);
  f->history = ahoy_database_open (f->path, f->context, NULL, NULL, NULL);
  assert_non_null (f->history);
  load_as (f, "server-a", "alice");
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->placed = g_string_new (NULL);
  f->dir = g_dir_make_tmp ("ahoy-history-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "history.sqlite", NULL);
  *state = f;
  reopen (f);
  return 0;
}

static int
teardown (void **state)
{
  Fixture         *f = *state;
  g_autoptr (GDir) dir = NULL;

  g_clear_pointer (&f->history, ahoy_database_close);
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

static void
keep (Fixture    *f,
      guint64     id,
      const char *from,
      const char *to,
      const char *text,
      const char *cid)
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

  put (f, ahoy_message_table_keep (ahoy_stored_message_new (&stored)));
}

static void
owe (Fixture    *f,
     const char *text,
     const char *cid)
{
  AhoyStoredMessage stored = { .time = 5, .from = (char *) "alice", .text = (char *) text, .cid = (char *) cid };

  ahoy_database_write (f->history, f->archive, ahoy_outbox_table_owe (ahoy_stored_message_new (&stored)), on_kept, f);
}

static const char *
page (Fixture      *f,
      AhoyPageQuery query)
{
  f->n_pages = 0;
  if (query.limit == 0)
    query.limit = 100;
  ahoy_database_read (f->history, ahoy_message_table_read (f->archive, &query), on_page, f);
  assert_true (test_loop_until_count (f->context, &f->n_pages, 1));
  return f->page;
}

static void
test_a_new_person_has_nothing (void **state)
{
  Fixture *f = *state;

  assert_true (f->archive != 0);
  assert_int_equal (f->last, 0);
  assert_string_equal (f->newest, "");
  assert_string_equal (f->outbox, "");
  assert_int_equal (f->read_mark, -1);
  assert_false (f->more);
}

static void
test_what_was_kept_is_there_again (void **state)
{
  Fixture *f = *state;

  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%u", i);

      keep (f, i * 10, "bob", NULL, text, NULL);
    }
  mark (f, "read", ahoy_target_person ("bob"), 30);
  mark (f, "read", ahoy_target_person ("bob"), 40);
  reopen (f);

  assert_int_equal (f->last, 50);
  assert_string_equal (f->newest, "m3 m4 m5");
  assert_true (f->more);
  assert_int_equal (f->read_mark, 40);
}

static void
test_servers_and_people_are_apart (void **state)
{
  Fixture *f = *state;
  gint64   alice = f->archive;

  keep (f, 1, "bob", NULL, "here", NULL);
  owe (f, "owed", "00000000000000aa");
  load_as (f, "server-b", "alice");
  assert_true (f->archive != alice);
  assert_string_equal (f->newest, "");
  assert_string_equal (f->outbox, "");
  keep (f, 1, "bob", NULL, "there", NULL);
  load_as (f, "server-a", "carol");
  assert_string_equal (f->newest, "");
  load_as (f, "server-a", "alice");
  assert_int_equal (f->archive, alice);
  assert_string_equal (f->newest, "here");
  assert_string_equal (f->outbox, "owed");
}

static void
test_a_message_is_kept_once (void **state)
{
  Fixture *f = *state;

  keep (f, 7, "bob", NULL, "first", NULL);
  keep (f, 7, "bob", NULL, "again", NULL);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "first");
}

static void
test_the_outbox_empties_by_echoes (void **state)
{
  Fixture *f = *state;

  owe (f, "o1", "00000000000000a1");
  owe (f, "o2", "00000000000000a2");
  owe (f, "o3", "00000000000000a3");
  owe (f, "o4", "00000000000000a4");
  assert_true (test_loop_until_count (f->context, &f->n_kept, 4));
  assert_int_equal (f->n_errors, 0);
  keep (f, 9, "alice", NULL, "o2", "00000000000000a2");
  put (f, ahoy_outbox_table_drop ("00000000000000a3"));
  reopen (f);
  assert_string_equal (f->outbox, "o1 o4");
  assert_string_equal (f->newest, "o2");
}

static void
test_pages (void **state)
{
  Fixture *f = *state;

  keep (f, 1, "bob", NULL, "p1", NULL);
  keep (f, 2, "alice", "bob", "ab", NULL);
  keep (f, 3, "carol", "alice", "ca", NULL);
  keep (f, 4, "bob", "alice", "ba", NULL);
  keep (f, 5, "bob", NULL, "p2", NULL);

  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "p1 ab ca ba p2");
  assert_false (f->more);
  assert_string_equal (page (f, (AhoyPageQuery){ .limit = 2 }), "ba p2");
  assert_true (f->more);
  assert_string_equal (page (f, (AhoyPageQuery){ .limit = 2, .before.id = 4 }), "ab ca");
  assert_true (f->more);
  assert_string_equal (page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "ab ba");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob"), .before.id = 4 }), "ab");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("nobody") }), "");
}

static void
search (Fixture *f)
{
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "会议" }), "下午的会议");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "下午的" }), "下午的会议");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "HELLO" }), "hello-world");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "o-w" }), "hello-world");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "say \"hi\"" }), "say \"hi\"");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "100%" }), "100%");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "0%" }), "100%");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "zzz" }), "");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "NOT OR" }), "");
}

static gboolean
nothing_pending (gpointer data)
{
  return ahoy_database_get_n_pending (data) == 0;
}

static void
test_searching (void **state)
{
  Fixture *f = *state;

  keep (f, 1, "bob", NULL, "下午的会议", NULL);
  keep (f, 2, "bob", NULL, "hello-world", NULL);
  keep (f, 3, "bob", NULL, "100%", NULL);
  keep (f, 4, "bob", NULL, "1000", NULL);
  keep (f, 5, "bob", NULL, "say \"hi\"", NULL);
  search (f); /* not indexed */
  ahoy_database_index (f->history);
  assert_true (test_loop_until (f->context, nothing_pending, f->history, TEST_LOOP_DEADLINE_MS));
  search (f); /* indexed */
  keep (f, 6, "bob", NULL, "zzz", NULL);
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "zzz" }), "zzz"); /* half and half */
}

static void
test_the_index_goes_on_to_the_end (void **state)
{
  Fixture *f = *state;

  for (guint i = 1; i <= 2100; i++)
    keep (f, i, "bob", NULL, i == 2100 ? "needle" : "straw", NULL);
  ahoy_database_index (f->history);
  assert_true (test_loop_until (f->context, nothing_pending, f->history, TEST_LOOP_DEADLINE_MS));
  g_clear_pointer (&f->history, ahoy_database_close);

  {
    g_autoptr (AhoyDatabaseFile) file = ahoy_database_file_open (f->path, ahoy_tables, NULL);
    g_autoptr (AhoyRead)         fill = ahoy_search_index_fill (1);

    /* Nothing is left for another call to do. */
    assert_true (fill->type->run (fill, file, NULL));
    assert_false (ahoy_search_index_has_more (fill));
  }
}

static void
test_an_asker_that_is_forgotten (void **state)
{
  Fixture *f = *state;
  Fixture  gone = { 0 };

  keep (f, 1, "bob", NULL, "one", NULL);
  ahoy_database_read (f->history, ahoy_message_table_read (f->archive, &(AhoyPageQuery){ .limit = 1 }), on_page, &gone);
  ahoy_database_forget_asker (f->history, &gone);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "one");
  assert_int_equal (gone.n_pages, 0);
}

static void
test_closing_writes_everything (void **state)
{
  Fixture *f = *state;

  for (guint i = 1; i <= 500; i++)
    keep (f, i, "bob", NULL, "x", NULL);
  reopen (f);
  assert_int_equal (f->last, 500);
}

static void
test_a_newer_file_is_left_alone (void **state)
{
  Fixture           *f = *state;
  g_autoptr (GError) error = NULL;
  sqlite3           *db = NULL;

  g_clear_pointer (&f->history, ahoy_database_close);
  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, "PRAGMA user_version = 77", NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
  assert_null (ahoy_database_open (f->path, f->context, NULL, NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED));
}

static void
know (Fixture    *f,
      const char *person,
      const char *key,
      const char *known,
      gboolean    verified)
{
  AhoyKnownKey a = { .person = (char *) person, .key = (char *) key, .known = (char *) known, .since = known != NULL ? 9 : 0, .verified = verified };

  put (f, ahoy_people_table_know (ahoy_known_key_new (&a)));
}

static void
test_whom_we_know (void **state)
{
  Fixture *f = *state;

  assert_string_equal (f->people, "");
  know (f, "bob", "k1", "k1", FALSE);
  know (f, "carol", "k2", "k2", FALSE);
  know (f, "dave", "k3", "k3", FALSE);
  know (f, "bob", "k1", "k1", TRUE);
  know (f, "carol", NULL, "k2", FALSE);
  know (f, "dave", NULL, NULL, FALSE);
  reopen (f);
  assert_string_equal (f->people, "bob k1/k1 9+ carol -/k2 9 ");
  load_as (f, "server-a", "carol");
  assert_string_equal (f->people, "");
  load_as (f, "server-b", "alice");
  assert_string_equal (f->people, "");
}

static void
part (Fixture *f,
      guint64  first,
      guint    parting)
{
  put (f, ahoy_write_new_part (first, parting));
}

/* Copies stand behind what is shared, in the order they were in; searches find them; marks go no further than what is shared. */
static void
test_what_the_server_lost_stays (void **state)
{
  Fixture *f = *state;

  know (f, "bob", "k1", "k1", TRUE);
  keep (f, 3, "bob", NULL, "three", NULL);
  keep (f, 4, "bob", "alice", "four", NULL);
  keep (f, 5, "bob", NULL, "five", NULL);
  mark (f, "read", ahoy_target_person ("bob"), 4);
  mark (f, "told-seen", ahoy_target_person ("bob"), 4);
  mark (f, "floor", ahoy_target_room (AHOY_ROOM_EVERYONE), 2);
  owe (f, "owed", "00000000000000a1");
  part (f, 4, 1);
  keep (f, 4, "bob", NULL, "new-four", NULL);
  keep (f, 6, "bob", NULL, "new-six", NULL);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "three four five new-four new-six");
  assert_string_equal (page (f, (AhoyPageQuery){ .before = { 3, (char *) "000000010000000000000005" } }), "three four");
  assert_string_equal (page (f, (AhoyPageQuery){ .before.id = 6, .limit = 2 }), "five new-four");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "four");
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "our" }), "four new-four");
  reopen (f);
  assert_int_equal (f->read_mark, 3);
  assert_int_equal (f->told_mark, 3);
  assert_int_equal (f->floor_mark, 2);
  part (f, 1, 2);
  keep (f, 1, "bob", NULL, "one", NULL);
  reopen (f);
  assert_int_equal (f->n_errors, 0);
  assert_int_equal (f->last, 1);
  assert_int_equal (f->partings, 2);
  assert_int_equal (f->read_mark, 0);
  assert_int_equal (f->told_mark, 0);
  assert_int_equal (f->floor_mark, 1);
  assert_string_equal (f->outbox, "owed");
  assert_string_equal (f->people, "bob k1/k1 9+ ");
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "three four five new-four new-six one");
}

static void
on_placed (AhoyWrite    *keep,
           const GError *error,
           gpointer      data)
{
  Fixture                 *f = data;
  const AhoyStoredMessage *stored = ahoy_message_table_get_kept (keep);
  const AhoyPlace         *copy = error == NULL ? ahoy_message_table_get_copy (keep) : NULL;

  f->n_errors += error != NULL;
  f->n_kept++;
  g_string_append_printf (f->placed, "%s:%s ", stored->text, copy != NULL ? copy->path : "new");
}

static void
keep_again (Fixture    *f,
            guint64     id,
            const char *text,
            gint64      time)
{
  AhoyStoredMessage stored = { .id = id, .time = time, .from = (char *) "bob", .text = (char *) text };

  ahoy_database_write (f->history, f->archive, ahoy_message_table_keep (ahoy_stored_message_new (&stored)), on_placed, f);
}

/* Only what is the same in all is the same. */
static void
test_what_the_server_has_after_all (void **state)
{
  Fixture *f = *state;

  for (guint i = 3; i <= 6; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%u", i);

      keep (f, i, "bob", NULL, text, NULL);
    }
  mark (f, "read", ahoy_target_person ("bob"), 5);
  part (f, 4, 1);
  keep_again (f, 4, "m4", 4000);
  keep_again (f, 5, "m5", 5001);
  keep_again (f, 6, "m6", 6000);
  keep_again (f, 7, "m7", 7000);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 4));
  assert_string_equal (f->placed->str, "m4:000000010000000000000004 m5:new m6:000000010000000000000006 m7:new ");
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "m3 m4 m5 m5 m6 m7");
  reopen (f);
  assert_int_equal (f->n_errors, 0);
  assert_int_equal (f->read_mark, 4); /* the lost m5 */
}

static void
test_runs (void **state)
{
  Fixture                 *f = *state;
  g_autoptr (AhoyRunMarks) runs = ahoy_run_marks_new ();

  assert_string_equal (f->runs, "");
  ahoy_run_marks_enter (runs, "00000000000000aa", 3);
  ahoy_run_marks_enter (runs, "00000000000000bb", 5);
  put (f, ahoy_run_table_set (ahoy_run_marks_copy (runs)));
  ahoy_run_marks_enter (runs, "00000000000000cc", 7);
  put (f, ahoy_run_table_set (ahoy_run_marks_copy (runs)));
  reopen (f);
  assert_string_equal (f->runs, "00000000000000cc:9,00000000000000bb:7,00000000000000aa:5");
  load_as (f, "server-a", "carol");
  assert_string_equal (f->runs, "");
}

/* A file that allows no more than it holds already, until it is let go. */
static void
lock (Fixture  *f,
      sqlite3 **db)
{
  assert_int_equal (sqlite3_open (f->path, db), SQLITE_OK);
  sqlite3_busy_timeout (*db, TEST_LOOP_DEADLINE_MS); /* it may just be tried again, on its thread */
  assert_int_equal (sqlite3_exec (*db, "CREATE TRIGGER no BEFORE UPDATE ON accounts BEGIN SELECT raise (ABORT, 'no'); END", NULL, NULL, NULL),
                    SQLITE_OK);
}

/* Nothing of what the server has now is mixed with what it had. */
static void
test_a_parting_that_cannot_be_written (void **state)
{
  Fixture *f = *state;
  sqlite3 *db = NULL;

  keep (f, 4, "bob", NULL, "four", NULL);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "four");
  lock (f, &db);
  part (f, 4, 1);
  keep_again (f, 4, "new-four", 9);
  keep_again (f, 5, "new-five", 10);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 2));
  assert_int_equal (f->n_errors, 2);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "four");
  assert_int_equal (sqlite3_exec (db, "DROP TRIGGER no", NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
  keep_again (f, 6, "new-six", 11);
  assert_true (test_loop_until_count (f->context, &f->n_kept, 3));
  assert_int_equal (f->n_errors, 2);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "four new-four new-five new-six");
}

static void
run_sql (const char *path,
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

static void
test_every_golden_one_opens (void **state)
{
  Fixture                 *f = *state;
  static const char *const files[] = { "history-1.sql", "history-2.sql", "history-3.sql", "history-4.sql", "history-5.sql" };
  static const char *const people[] = {
    "",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
    "bob aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1700000000+ "
    "carol -/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaba 1700000001 ",
  };

  char secret[33];

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_clear_pointer (&f->history, ahoy_database_close);
      assert_int_equal (g_unlink (f->path), 0);
      run_sql (f->path, files[i]);
      reopen (f);
      assert_int_equal (f->archive, 1);
      assert_int_equal (f->last, 42);
      assert_string_equal (f->newest, "hello 你好");
      assert_string_equal (f->outbox, "owed");
      assert_int_equal (f->read_mark, 41);
      assert_string_equal (f->people, people[i]);
      assert_string_equal (page (f, (AhoyPageQuery){ .text = "你好" }), "你好");
      know (f, "dave", "k", "k", TRUE);
      assert_int_equal (g_str_equal (f->secret, "00112233445566778899aabbccddeeff"), i >= 3);
      g_strlcpy (secret, f->secret, sizeof secret);
      reopen (f);
      assert_int_equal (strlen (secret), 32);
      assert_string_equal (f->secret, secret);
      assert_non_null (strstr (f->people, "dave k/k 9+"));
      assert_int_equal (f->n_errors, 0);
    }
}

/* A server had lost its log twice, when that meant to begin anew. */
static void
test_what_was_put_aside_is_back (void **state)
{
  static const char sql[] =
    "UPDATE accounts SET server = 'server-a#1' WHERE account = 1; UPDATE outbox SET account = 4; UPDATE people SET account = 4 WHERE account = 1;"
    "INSERT INTO accounts VALUES (3, 'server-a#3', 'alice'), (4, 'server-a', 'alice');"
    "INSERT INTO messages VALUES (4, 3, 41, 1, 'bob', NULL, NULL, NULL, 0, 'second'), (5, 4, 7, 1, 'bob', NULL, NULL, NULL, 0, 'third');"
    "INSERT INTO marks VALUES (3, 'read', 'bob', 40)";
  Fixture *f = *state;
  sqlite3 *db = NULL;

  g_clear_pointer (&f->history, ahoy_database_close);
  assert_int_equal (g_unlink (f->path), 0);
  run_sql (f->path, "history-2.sql");
  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
  reopen (f);
  assert_int_equal (f->archive, 4);
  assert_int_equal (f->last, 7);
  assert_int_equal (f->partings, 2);
  assert_int_equal (f->read_mark, -1);
  assert_string_equal (f->outbox, "owed");
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "hello 你好 second third");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "你好");
  ahoy_database_index (f->history);
  assert_true (test_loop_until (f->context, nothing_pending, f->history, TEST_LOOP_DEADLINE_MS));
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "econ" }), "second");
  part (f, 1, 3); /* what is in the index stays in it */
  assert_string_equal (page (f, (AhoyPageQuery){ .text = "hird" }), "third");
  load_as (f, "server-b", "alice");
  assert_string_equal (f->newest, "elsewhere");
  assert_int_equal (f->partings, 0);
}

static void
exec (Fixture    *f,
      const char *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_close (db), SQLITE_OK);
}

/* The first column of every row, with commas. */
static char *
query (Fixture    *f,
       const char *sql)
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

/* Before schema 5, everyone was a NULL among messages, and no text among marks. */
static void
test_targets_of_older_files (void **state)
{
  static const char sql[] =
    "INSERT INTO outbox VALUES (6, 1, '00000000000000cc', 1700000000004, 'alice', 'Bob', 'bob', 0, 'whispered');"
    "INSERT INTO marks VALUES (1, 'read', '', 40, '00000001000000000000002a'), (1, 'floor', '', 7, ''), (1, 'position', '', 43, ''),"
    " (1, 'told-seen', 'bob', 39, '')";
  Fixture         *f = *state;
  g_autofree char *messages = NULL;
  g_autofree char *outbox = NULL;
  g_autofree char *marks = NULL;

  g_clear_pointer (&f->history, ahoy_database_close);
  assert_int_equal (g_unlink (f->path), 0);
  run_sql (f->path, "history-4.sql");
  exec (f, sql);
  reopen (f);
  assert_int_equal (f->read_mark, 41);
  assert_int_equal (f->told_mark, 39);
  assert_int_equal (f->floor_mark, 7);
  assert_string_equal (f->newest, "hello 你好");
  assert_string_equal (f->outbox, "owed whispered");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = AHOY_TARGET_INIT_PERSON ("bob") }), "你好");

  messages = query (f, "SELECT kind || ' ' || ifnull('room ' || room, 'to ' || recipient) FROM messages ORDER BY rowid");
  assert_string_equal (messages, "0 room 0,0 to bob,0 room 0");
  outbox = query (f, "SELECT kind || ' ' || ifnull('room ' || room, 'to ' || recipient) FROM outbox ORDER BY seq");
  assert_string_equal (outbox, "0 room 0,0 to Bob");
  marks = query (f, "SELECT kind || ' ' || ifnull(room, person) || ' ' || value || path FROM marks ORDER BY 1");
  assert_string_equal (marks, "floor 0 7,position 0 43,read 0 4000000001000000000000002a,read bob 41,told-seen bob 39");
}

/* What is said in one room is in no other conversation. */
static void
test_rooms (void **state)
{
  Fixture *f = *state;

  for (guint64 id = 1; id <= 6; id++)
    {
      g_autofree char        *text = g_strdup_printf ("m%u", (guint) id);
      const AhoyStoredMessage stored = { .id = id, .from = (char *) "bob", .text = text, .target = ahoy_target_room (id % 3) };

      put (f, ahoy_message_table_keep (ahoy_stored_message_new (&stored)));
    }
  keep (f, 7, "bob", "alice", "whispered", NULL);
  mark (f, "floor", ahoy_target_room (1), 4);
  mark (f, "floor", ahoy_target_room (1), 5);
  mark (f, "floor", ahoy_target_room (AHOY_ROOM_EVERYONE), 6);
  mark (f, "floor", ahoy_target_person ("1"), 7);
  assert_string_equal (page (f, (AhoyPageQuery){ 0 }), "m3 m6 whispered");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = { .room = 1 } }), "m1 m4");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = { .room = 2 }, .before.id = 5 }), "m2");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = { .room = 3 } }), "");
  assert_string_equal (page (f, (AhoyPageQuery){ .target = { .room = 2 }, .text = "m" }), "m2 m5");
  assert_string_equal (page (f, (AhoyPageQuery){ .everywhere = TRUE }), "m1 m2 m3 m4 m5 m6 whispered");
  reopen (f);
  assert_int_equal (f->floor_mark, 6);
  assert_string_equal (f->newest, "m5 m6 whispered");
  {
    g_autofree char *marks = query (f, "SELECT ifnull(room, person || '!') || ' ' || value FROM marks ORDER BY value");

    assert_string_equal (marks, "1 5,0 6,1! 7");
  }
}

/* What a new file looks like, and one that came from the first version, is what the newest golden one says. */
static void
test_a_new_file_is_the_golden_one (void **state)
{
  Fixture         *f = *state;
  g_autofree char *other = g_strdup_printf ("%s.golden", f->path);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS golden", other);

  run_sql (other, "history-5.sql");
  for (int old = 0; old < 2; old++)
    {
      sqlite3      *db = NULL;
      sqlite3_stmt *stmt = NULL;

      if (old)
        {
          assert_int_equal (g_unlink (f->path), 0);
          run_sql (f->path, "history-1.sql");
          reopen (f);
        }
      g_clear_pointer (&f->history, ahoy_database_close);
      assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
      assert_int_equal (sqlite3_exec (db, attach, NULL, NULL, NULL), SQLITE_OK);
      /* Table by table, column by column, index by index; not the text, which bears comments. */
      assert_int_equal (
        sqlite3_prepare_v2 (
          db,
          "SELECT count(*) FROM (SELECT * FROM (SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM main.sqlite_schema m,"
          " pragma_table_info(m.name, 'main') c EXCEPT SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM golden.sqlite_schema m,"
          " pragma_table_info(m.name, 'golden') c)"
          " UNION ALL SELECT name, '', '', 0, 0 FROM (SELECT name FROM main.sqlite_schema EXCEPT SELECT name FROM golden.sqlite_schema)"
          " UNION ALL SELECT name, '', '', 0, 0 FROM (SELECT name FROM golden.sqlite_schema EXCEPT SELECT name FROM main.sqlite_schema))",
          -1, &stmt, NULL),
        SQLITE_OK);
      assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
      assert_int_equal (sqlite3_column_int (stmt, 0), 0);
      sqlite3_finalize (stmt);
      sqlite3_close (db);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_a_new_person_has_nothing),
    TEST (test_what_was_kept_is_there_again),
    TEST (test_servers_and_people_are_apart),
    TEST (test_a_message_is_kept_once),
    TEST (test_the_outbox_empties_by_echoes),
    TEST (test_pages),
    TEST (test_searching),
    TEST (test_the_index_goes_on_to_the_end),
    TEST (test_an_asker_that_is_forgotten),
    TEST (test_closing_writes_everything),
    TEST (test_whom_we_know),
    TEST (test_what_the_server_lost_stays),
    TEST (test_what_the_server_has_after_all),
    TEST (test_runs),
    TEST (test_a_parting_that_cannot_be_written),
    TEST (test_what_was_put_aside_is_back),
    TEST (test_targets_of_older_files),
    TEST (test_rooms),
    TEST (test_every_golden_one_opens),
    TEST (test_a_new_file_is_the_golden_one),
    TEST (test_a_newer_file_is_left_alone),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
