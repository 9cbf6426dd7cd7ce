/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who reads the log and who writes to it do not wait for each other. */

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "server/cmocka-all.h"
#include "server/store-fixture.h"
#include "support/test-loop.h"

#define N_CLIENTS 10
#define FILL(n, text) "INSERT INTO events (time, sender, sender_skeleton, text) SELECT 1, 'al', 'al', " text \
                      " FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < " #n ") SELECT value FROM n)"

typedef struct {
  StoreFixture *f;
  guint         n_ready;
  guint         n_found;
  guint         n_late;
  guint         n_failed;
  guint         n_announced; /* when the first of them was ready */
} Answers;

static void
on_page (const AhoydPageResult *result,
         gpointer               data)
{
  Answers *answers = data;

  if (answers->n_ready++ == 0)
    answers->n_announced = answers->f->n_announced;
  answers->n_found += result->messages->len;
  if (g_error_matches (result->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    answers->n_late++;
  else if (result->error != NULL)
    answers->n_failed++;
  assert_true (result->spent >= 0);
}

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

/* Opens it with what @sql adds to it. */
static void
open_with (StoreFixture *f,
           const char   *sql)
{
  g_clear_pointer (&f->store, ahoyd_store_free);
  run_sql (f->path, sql);
  f->reading.index_after_ms = G_MAXINT;
  assert_true (store_fixture_reopen (f, NULL));
}

static void
ask (StoreFixture *f,
     const char   *text,
     Answers      *answers)
{
  AhoydPageQuery query = { .scope = AHOYD_PAGE_ROOM, .viewer = "eve", .text = text, .limit = 200, .newest = TRUE };

  ahoyd_store_page (f->store, &query, on_page, answers);
}

/* Each of these looks through the whole log. What is said after all of them were asked is heard before they are answered; and so is the end of the
 * store, which answers none. */
static void
test_searches_and_the_talk (void **state)
{
  StoreFixture *f = *state;
  Answers       answers = { f };

  open_with (f, FILL (200000, "'harmless ' || value"));
  for (guint i = 0; i < N_CLIENTS; i++)
    ask (f, "not to be found", &answers);
  store_fixture_say (f, "alice", NULL, "hello", NULL);
  store_fixture_wait (f, 1);
  assert_true (answers.n_ready < N_CLIENTS);
  g_clear_pointer (&f->store, ahoyd_store_free);
  assert_true (answers.n_ready < N_CLIENTS);
}

static void
test_a_pattern_that_nearly_matches (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *many = g_strnfill (4000, 'a');
  g_autofree char *wanted = g_strconcat (many, "b", NULL);
  Answers          answers = { f };

  open_with (f, FILL (500, "printf ('%.16384c', 'a')"));
  ask (f, wanted, &answers);
  assert_true (test_loop_until_count (f->context, &answers.n_ready, 1));
  assert_int_equal (answers.n_found + answers.n_late + answers.n_failed, 0);
}

/* A page overtakes searches that were asked for before. */
static void
test_pages_go_first (void **state)
{
  StoreFixture *f = *state;
  Answers       searches = { f };
  Answers       page = { f };

  open_with (f, FILL (100000, "'harmless ' || value"));
  for (guint i = 0; i < N_CLIENTS; i++)
    ask (f, "not to be found", &searches);
  ask (f, NULL, &page);
  assert_true (test_loop_until_count (f->context, &page.n_ready, 1));
  assert_int_equal (page.n_found, 200);
  assert_true (searches.n_ready < N_CLIENTS);
}

/* What nobody waits for any more is not looked for. */
static void
test_cancelled_searches (void **state)
{
  StoreFixture  *f = *state;
  AhoydPageQuery query = { .scope = AHOYD_PAGE_ROOM, .viewer = "eve", .text = "not to be found", .limit = 200, .newest = TRUE };
  Answers        cancelled = { f };
  Answers        answers = { f };

  open_with (f, FILL (20000, "'harmless ' || value"));
  for (guint i = 0; i < 2000; i++)
    ahoyd_store_page_cancel (ahoyd_store_page (f->store, &query, on_page, &cancelled));
  ask (f, "harmless 1999", &answers);
  assert_true (test_loop_until_count (f->context, &answers.n_ready, 1));
  assert_int_equal (answers.n_found, 11);
  assert_int_equal (cancelled.n_ready, 0);
}

/* The index grows by itself, also while people talk, and then finds what looking through the log has no time for. */
static void
test_the_index_comes_by_itself (void **state)
{
  StoreFixture *f = *state;
  Answers       answers = { f };
  guint         n = 0;

  f->reading.slice_rows = 2000;
  open_with (f, FILL (5000, "CASE value WHEN 17 THEN 'a Needle' ELSE 'harmless ' || value END"));
  ask (f, "NEEDLE", &answers);
  assert_true (test_loop_until_count (f->context, &answers.n_ready, 1));
  assert_int_equal (answers.n_late, 1);

  f->reading.index_after_ms = 1;
  assert_true (store_fixture_reopen (f, NULL));
  while (answers.n_found == 0 && n < 10000)
    {
      store_fixture_say (f, "alice", NULL, "hello", NULL);
      store_fixture_wait (f, ++n);
      ask (f, "NEEDLE", &answers);
      assert_true (test_loop_until_count (f->context, &answers.n_ready, 1 + n));
    }
  assert_int_equal (answers.n_found, 1);
}

/* Whoever asks sees all that was announced by then, whatever is being written. */
static void
test_all_that_was_announced (void **state)
{
  StoreFixture  *f = *state;
  AhoydPageQuery query = { .scope = AHOYD_PAGE_ALL, .viewer = "eve", .limit = 1000000 };

  for (guint i = 1; i <= 300; i++)
    {
      Answers answers = { f };
      guint   n;

      for (guint k = 0; k < 5; k++)
        store_fixture_say (f, "alice", NULL, "hello", NULL);
      assert_true (test_loop_until_count (f->context, &f->n_announced, 5 * (i - 1) + 1));
      n = f->n_announced;
      ahoyd_store_page (f->store, &query, on_page, &answers);
      assert_true (test_loop_until_count (f->context, &answers.n_ready, 1));
      assert_int_equal (answers.n_found, n);
      assert_true (test_loop_until_count (f->context, &f->n_announced, 5 * i));
    }
}

/* The write-ahead log is taken into the file although there is always somebody who reads. */
static void
test_the_journal_does_not_grow (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *journal = g_strconcat (f->path, "-wal", NULL);
  g_autofree char *text = g_strnfill (10000, 'x');
  Answers          answers = { f };
  GStatBuf         info;

  f->reading.index_after_ms = G_MAXINT;
  assert_true (store_fixture_reopen (f, NULL));
  for (guint i = 1; i <= 3000; i++)
    {
      store_fixture_say (f, "alice", NULL, text, NULL);
      ask (f, "not to be found", &answers);
      store_fixture_wait (f, i);
    }
  assert_int_equal (g_stat (journal, &info), 0);
  assert_in_range (info.st_size, 1, 20 * 1000 * 1000);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, store_fixture_setup_sqlite, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_searches_and_the_talk),
    TEST (test_a_pattern_that_nearly_matches),
    TEST (test_pages_go_first),
    TEST (test_cancelled_searches),
    TEST (test_the_index_comes_by_itself),
    TEST (test_all_that_was_announced),
    TEST (test_the_journal_does_not_grow),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
