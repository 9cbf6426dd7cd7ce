/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-log-pages and ahoyd-search-index: pages of a log with its index, without it and with one that is not right, and what they may cost. */

#include "store/ahoyd-log-pages.h"

#include <glib/gstdio.h>
#include <string.h>

#include "server/cmocka-all.h"
#include "store/ahoyd-database.h"
#include "store/ahoyd-text-match.h"

#define PART 65536

typedef struct {
  char             *dir;
  char             *path;
  char             *index_path;
  AhoySqlite       *log;
  AhoydSearchIndex *index;
  AhoydReadBudget   budget;
  GRand            *rand;
} Fixture;

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static void
open_log (Fixture *f)
{
  f->log = ahoyd_database_open_reading (f->path, FALSE, NULL);
  assert_non_null (f->log);
}

static void
open_index (Fixture *f)
{
  g_clear_pointer (&f->index, ahoyd_search_index_close);
  f->index = ahoyd_search_index_open (f->index_path, f->log, NULL);
  assert_non_null (f->index);
}

static void
close_all (Fixture *f)
{
  g_clear_pointer (&f->index, ahoyd_search_index_close);
  g_clear_pointer (&f->log, ahoy_sqlite_close);
}

/* Returns: how many helpings it took. */
static guint
fill (Fixture *f,
      guint64  last)
{
  int      stop = 0;
  gboolean more = TRUE;
  guint    n = 0;

  for (; more; n++)
    assert_true (ahoyd_search_index_fill (f->index, last, &stop, &more, NULL));
  return n;
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->dir = g_dir_make_tmp ("ahoyd-search-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "log.sqlite", NULL);
  f->index_path = g_build_filename (f->dir, "index", NULL);
  f->rand = g_rand_new_with_seed (4711);
  ahoyd_database_close (ahoyd_database_open (f->path, AHOYD_DURABILITY_PROCESS, NULL));
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture         *f = *state;
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);

  close_all (f);
  for (const char *name; (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->dir);
  g_free (f->dir);
  g_free (f->path);
  g_free (f->index_path);
  g_rand_free (f->rand);
  g_free (f);
  return 0;
}

/* The ids on a page, joined; "?" when it could not be made. */
static char *
page (Fixture       *f,
      gboolean       indexed,
      AhoydPageQuery query,
      gboolean      *more,
      guint64       *reached)
{
  g_auto (AhoydPageDraft) draft = { 0 };
  g_autoptr (GError)      error = NULL;
  GString                *ids = g_string_new (NULL);

  if (query.viewer == NULL)
    query.viewer = "eve";
  if (query.before == 0)
    query.before = G_MAXINT64;
  if (query.limit == 0)
    query.limit = 1000000;
  ahoyd_read_budget_begin (&f->budget);
  if (!ahoyd_log_pages_make (f->log, indexed ? f->index : NULL, &f->budget, &query, &draft, more, reached, &error))
    g_string_assign (ids, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ? "late" : "?");
  for (guint i = 0; error == NULL && i < draft.messages->len; i++)
    g_string_append_printf (ids, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "", ((AhoydEvent *) draft.messages->pdata[i])->id);
  return g_string_free (ids, FALSE);
}

static void
assert_page (Fixture       *f,
             gboolean       indexed,
             AhoydPageQuery query,
             const char    *expected,
             gboolean       expected_more)
{
  gboolean         more;
  guint64          reached;
  g_autofree char *found = page (f, indexed, query, &more, &reached);

  assert_string_equal (found, expected);
  assert_int_equal (more, expected_more);
}

/* Texts of a few letters of several alphabets and cases, so that everything is found often; some messages are whispers, and some ids are not there. */
static void
write_random_log (Fixture *f,
                  guint    n,
                  guint    step)
{
  static const char *const letters[] = { "a", "A", "b", "B", "ä", "Ä", "σ", "ς", "Σ", "你", "\"", "'", " ", "%" };
  g_autoptr (GString)      sql = g_string_new ("BEGIN;");

  for (guint i = 1; i <= n; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (int c = g_rand_int_range (f->rand, 1, 12); c > 0; c--)
        {
          const char *letter = letters[g_rand_int_range (f->rand, 0, G_N_ELEMENTS (letters))];

          g_string_append (text, *letter == '\'' ? "''" : letter);
        }
      g_string_append_printf (sql, "INSERT INTO events (id, time, sender, sender_skeleton, recipient, recipient_skeleton, text)"
                                   " VALUES (%u, %u, 'al', 'al', %s, %s, '%s');",
                              i * step, i,
                              i % 7 == 0 ? "'Eve'" : i % 11 == 0 ? "'Bob'"
                                                                 : "NULL",
                              i % 7 == 0 ? "'eve'" : i % 11 == 0 ? "'bob'"
                                                                 : "NULL",
                              text->str);
    }
  g_string_append (sql, "COMMIT");
  run_sql (f->path, sql->str);
}

static void
assert_all_the_same (Fixture *f)
{
  static const char *const wanted[] = { "a", "ab", "abä", "aba", "σσσ", "你a你", "\"a\"", "'a'", "%a%", "   ", "äbab", "ABÄAB", "b\"b'b", "abababababab" };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    for (guint scope = AHOYD_PAGE_ALL; scope <= AHOYD_PAGE_HELD; scope++)
      {
        AhoydPageQuery   query = { .scope = scope, .with = scope == AHOYD_PAGE_WITH ? "al" : NULL, .text = wanted[i], .newest = TRUE };
        gboolean         more;
        guint64          reached;
        g_autofree char *plain = page (f, FALSE, query, &more, &reached);
        g_autofree char *some = NULL;

        assert_page (f, TRUE, query, plain, FALSE);
        query.limit = 3;
        some = page (f, FALSE, query, &more, &reached);
        assert_page (f, TRUE, query, some, more);
        query.after = 40;
        query.before = 300;
        g_free (g_steal_pointer (&some));
        some = page (f, FALSE, query, &more, &reached);
        assert_page (f, TRUE, query, some, more);
      }
}

static void
test_the_index_finds_the_same (void **state)
{
  Fixture *f = *state;

  write_random_log (f, 3000, 1);
  open_log (f);
  open_index (f);
  assert_all_the_same (f); /* empty as yet */
  assert_true (fill (f, 1000) > 2);
  assert_all_the_same (f); /* for a third */
  fill (f, 3000);
  assert_all_the_same (f);
  open_index (f);
  assert_all_the_same (f);
}

static void
test_over_several_parts (void **state)
{
  Fixture *f = *state;

  write_random_log (f, 3000, 100);
  open_log (f);
  open_index (f);
  fill (f, 300000);
  assert_all_the_same (f);
}

static void
test_forgotten_messages (void **state)
{
  Fixture *f = *state;
  guint64  down_to;

  write_random_log (f, 8000, 25);
  open_log (f);
  open_index (f);
  fill (f, 200000);
  assert_true (ahoyd_search_index_knows (f->index, PART, &down_to));
  run_sql (f->path, "DELETE FROM events WHERE id % 3 = 0");
  assert_all_the_same (f);

  /* A part of which next to nothing is left is not kept, and what is left is found all the same. */
  run_sql (f->path, "DELETE FROM events WHERE id < 60000");
  fill (f, 200000);
  assert_false (ahoyd_search_index_knows (f->index, PART, &down_to));
  assert_int_equal (down_to, 0);
  assert_all_the_same (f);
  open_index (f);
  assert_false (ahoyd_search_index_knows (f->index, PART, &down_to));
}

/* A log that was set back has other messages with the ids that the index knows. */
static void
test_another_log (void **state)
{
  Fixture *f = *state;
  guint64  down_to;

  write_random_log (f, 500, 1);
  open_log (f);
  open_index (f);
  fill (f, 500);
  assert_true (ahoyd_search_index_knows (f->index, 500, &down_to));
  close_all (f);
  run_sql (f->path, "DELETE FROM events");
  f->rand = (g_rand_free (f->rand), g_rand_new_with_seed (1));
  write_random_log (f, 400, 1);
  open_log (f);
  open_index (f);
  assert_false (ahoyd_search_index_knows (f->index, 400, &down_to));
  assert_all_the_same (f);
  fill (f, 400);
  assert_all_the_same (f);

  close_all (f);
  run_sql (f->path, "UPDATE events SET time = time + 1000, text = 'aba' || text");
  open_log (f);
  open_index (f);
  assert_false (ahoyd_search_index_knows (f->index, 400, &down_to));
}

static void
test_an_index_that_is_damaged (void **state)
{
  Fixture *f = *state;
  guint64  down_to;

  write_random_log (f, 500, 1);
  open_log (f);
  open_index (f);
  fill (f, 500);
  g_clear_pointer (&f->index, ahoyd_search_index_close);
  assert_true (g_file_set_contents (f->index_path, "Dear diary, it is not a database that I am, nor do I want to be one", -1, NULL));
  open_index (f);
  assert_false (ahoyd_search_index_knows (f->index, 500, &down_to));
  fill (f, 500);
  assert_all_the_same (f);
}

/* What is asked costs no more than it may: what was found by then is the answer, or that there was no time to find anything. */
static void
test_a_budget (void **state)
{
  Fixture       *f = *state;
  AhoydPageQuery query = { .scope = AHOYD_PAGE_ROOM, .newest = TRUE };
  gboolean       more;
  guint64        reached;
  guint          n = 0;

  write_random_log (f, 3000, 1);
  run_sql (f->path, "UPDATE events SET text = 'needle', recipient = NULL, recipient_skeleton = NULL WHERE id IN (5, 2999)");
  open_log (f);
  open_index (f);
  f->budget.slice_rows = 500;

  query.text = "needle";
  assert_page (f, TRUE, query, "2999", TRUE);
  query.before = 2999;
  assert_page (f, TRUE, query, "late", TRUE);
  query.text = "ne"; /* too short for an index */
  assert_page (f, TRUE, query, "late", TRUE);
  fill (f, 3000);
  query.text = "needle";
  assert_page (f, TRUE, query, "5", FALSE);
  query.before = 0;
  assert_page (f, TRUE, query, "5 2999", FALSE);

  /* Whoever goes on from where a page ended gets everything. */
  query = (AhoydPageQuery){ .scope = AHOYD_PAGE_HELD, .viewer = "bob" };
  for (more = TRUE; more; query.after = reached, n++)
    {
      g_autofree char *ids = page (f, FALSE, query, &more, &reached);

      assert_string_not_equal (ids, "late");
      assert_true (!more || reached > query.after);
    }
  n = 0;
  query = (AhoydPageQuery){ .scope = AHOYD_PAGE_ALL, .viewer = "nobody", .text = "needle" };
  for (more = TRUE; more; query.after = reached, n++)
    {
      g_autofree char *ids = page (f, FALSE, query, &more, &reached);

      assert_string_equal (ids, n == 0 ? "5" : more ? ""
                                                    : "2999");
    }
  assert_in_range (n, 5, 8);
}

static void
test_bytes (void **state)
{
  Fixture         *f = *state;
  AhoydPageQuery   query = { .scope = AHOYD_PAGE_ROOM, .newest = TRUE, .max_bytes = 40000 };
  gboolean         more;
  guint64          reached;
  g_autofree char *ids = NULL;

  run_sql (f->path, "INSERT INTO events (id, time, sender, sender_skeleton, text) SELECT value, 1, 'al', 'al', printf ('%.16000c', 'a')"
                    " FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 500) SELECT value FROM n)");
  open_log (f);
  open_index (f);
  assert_page (f, FALSE, query, "499 500", TRUE);
  query.max_bytes = 1;
  assert_page (f, FALSE, query, "500", TRUE);
  query.newest = FALSE;
  query.max_bytes = 40000;
  ids = page (f, FALSE, query, &more, &reached);
  assert_string_equal (ids, "1 2");
  assert_true (more);
  assert_int_equal (reached, 2);

  /* Long texts that nearly hold what is wanted cost what they are long. */
  query = (AhoydPageQuery){ .scope = AHOYD_PAGE_ROOM, .newest = TRUE };
  query.text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
  f->budget.slice_rows = 1000;
  assert_page (f, TRUE, query, "late", TRUE);
  f->budget.slice_rows = 500 * 17;
  assert_page (f, TRUE, query, "", FALSE);
  f->budget.slice_rows = 10;
  fill (f, 500);
  assert_page (f, TRUE, query, "", FALSE);
}

static void
test_it_can_be_stopped (void **state)
{
  Fixture       *f = *state;
  AhoydPageQuery query = { .scope = AHOYD_PAGE_ROOM, .text = "needle", .newest = TRUE };
  int            stop = 1;

  write_random_log (f, 3000, 1);
  open_log (f);
  f->budget.stop = &stop;
  assert_page (f, FALSE, query, "late", TRUE);
}

/* Also one step of a statement that looks at very much and finds nothing. */
static void
test_one_step_can_be_stopped (void **state)
{
  static const char long_step[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT max (i) FROM n";
  Fixture          *f = *state;
  sqlite3          *log;
  int               stop = 0;

  write_random_log (f, 10, 1);
  open_log (f);
  log = ahoy_sqlite_get (f->log);
  f->budget.stop = &stop;
  f->budget.slice_us = 0;
  ahoyd_read_budget_begin (&f->budget);
  ahoyd_log_pages_attend (f->log, &f->budget);
  assert_int_equal (sqlite3_exec (log, long_step, NULL, NULL, NULL), SQLITE_OK);
  stop = 1;
  assert_int_equal (sqlite3_exec (log, long_step, NULL, NULL, NULL), SQLITE_INTERRUPT);
  ahoyd_log_pages_attend (f->log, NULL);
  assert_int_equal (sqlite3_exec (log, long_step, NULL, NULL, NULL), SQLITE_OK);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_the_index_finds_the_same),
    TEST (test_over_several_parts),
    TEST (test_forgotten_messages),
    TEST (test_another_log),
    TEST (test_an_index_that_is_damaged),
    TEST (test_a_budget),
    TEST (test_bytes),
    TEST (test_it_can_be_stopped),
    TEST (test_one_step_can_be_stopped),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
