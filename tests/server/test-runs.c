/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where a client's history and the log's part. PROTOCOL.md, "Runs". */

#include <glib/gstdio.h>

#include "server/cmocka-all.h"
#include "server/store-fixture.h"
#include "support/test-loop.h"

#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"
#define C "cccccccccccccccc"
#define X "0123456789abcdef"

/* In A 1 to 10 were said, in B 11 to 20, in C nothing, and now it is D, in which 21 to 25 were said. */
static const AhoydRun log_runs[] = { { A, 1 }, { B, 11 }, { C, 21 }, { "dddddddddddddddd", 21 } };
#define LAST 25

static const struct {
  guint64     since;
  const char *marks;
  guint64     parted;
} cases[] = {
  /* Older clients. */
  { 0, NULL, 0 },
  { 25, NULL, 0 },
  { 26, NULL, 26 },
  { G_MAXUINT64, NULL, 26 },
  { 25, "", 0 },
  /* Who was here all the time, and who was not. */
  { 25, "dddddddddddddddd:25,cccccccccccccccc:20,bbbbbbbbbbbbbbbb:20,aaaaaaaaaaaaaaaa:10", 0 },
  { 20, C ":20," B ":20", 0 },
  { 20, C ":20," B ":15", 0 },
  { 15, B ":15," A ":10", 0 },
  { 10, A ":10", 0 },
  { 5, A ":5", 0 },
  /* The log was set back and went on: to the end of a run, into the middle of one, and further than they were. */
  { 15, A ":15", 11 },
  { 30, B ":30," A ":10", 21 },
  { 22, C ":22", 21 },
  { 27, "dddddddddddddddd:27", 26 },
  { 14, X ":14," A ":10", 11 },
  { 14, X ":14," A ":7", 8 },
  { 14, X ":14," B ":12," A ":10", 13 },
  { 10, X ":14," B ":10," A ":10", 0 },
  /* The log is another one. */
  { 14, X ":14", 1 },
  { 1, X ":1", 1 },
  { 0, X ":0", 0 },
  /* From the network. */
  { 15, "AAAAAAAAAAAAAAAA:15", 11 },
  { 15, "junk," A ":15", 11 },
  { 15, A "," A ":15", 11 },
  { 15, A ":," A ":15", 11 },
  { 15, A ":-1," A ":15", 11 },
  { 15, A ":+1," A ":15", 11 },
  { 15, A ": 1," A ":15", 11 },
  { 15, A ":1x," A ":15", 11 },
  { 15, A ":99999999999999999999," A ":15", 11 },
  { 15, "a" A ":1," A ":15", 11 },
  { 15, "gggggggggggggggg:15," A ":15", 11 },
  { 15, ",,,:," A ":15,,", 11 },
  { 15, A ":18446744073709551615", 11 },
  { 26, "junk", 26 },
  { 25, "junk,:,::,16", 0 },
  { 15, A ":0", 1 },
};

static void
test_the_table (void **state)
{
  g_autoptr (AhoydRuns) runs = ahoyd_runs_new ();

  for (guint i = 0; i < G_N_ELEMENTS (log_runs); i++)
    ahoyd_runs_add (runs, log_runs[i].run, log_runs[i].first);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint64 parted = ahoyd_runs_get_parted (runs, cases[i].since, cases[i].marks, LAST);

      if (parted != cases[i].parted)
        fail_msg ("since %" G_GUINT64_FORMAT ", runs %s: parted at %" G_GUINT64_FORMAT ", not at %" G_GUINT64_FORMAT, cases[i].since,
                  cases[i].marks, parted, cases[i].parted);
    }
}

static void
test_an_empty_log (void **state)
{
  g_autoptr (AhoydRuns) runs = ahoyd_runs_new ();

  ahoyd_runs_add (runs, A, 1);
  assert_int_equal (ahoyd_runs_get_parted (runs, 0, NULL, 0), 0);
  assert_int_equal (ahoyd_runs_get_parted (runs, 3, NULL, 0), 1);
  assert_int_equal (ahoyd_runs_get_parted (runs, 3, A ":3", 0), 1);
  assert_int_equal (ahoyd_runs_get_parted (runs, 3, B ":3", 0), 1);
}

/* What a damaged file may say. */
static void
test_strange_runs (void **state)
{
  g_autoptr (AhoydRuns) runs = ahoyd_runs_new ();

  ahoyd_runs_add (runs, "", 1);
  ahoyd_runs_add (runs, "short", 1);
  ahoyd_runs_add (runs, A, 5);
  ahoyd_runs_add (runs, B, 0);
  assert_int_equal (ahoyd_runs_get_parted (runs, 3, A ":3", 9), 1);
  assert_int_equal (ahoyd_runs_get_parted (runs, 3, B ":3", 9), 0);
}

static void
say (StoreFixture *f,
     guint         n)
{
  guint before = f->n_announced;

  for (guint i = 0; i < n; i++)
    store_fixture_say (f, "alice", NULL, "x", NULL);
  store_fixture_wait (f, before + n);
}

/* What a client that was here from the first message on says of this run, and of those before it (nullable). */
static char *
mark (StoreFixture *f,
      const char   *before)
{
  return g_strdup_printf ("%s:%" G_GUINT64_FORMAT "%s%s", ahoyd_store_get_run (f->store), ahoyd_store_get_last (f->store), before != NULL ? "," : "",
                          before != NULL ? before : "");
}

/* As cp does it while nobody has the file. */
static void
copy (StoreFixture *f,
      const char   *from,
      const char   *to)
{
  g_autofree char *bytes = NULL;
  gsize            len;

  g_clear_pointer (&f->store, ahoyd_store_free);
  assert_true (g_file_get_contents (from, &bytes, &len, NULL));
  assert_true (g_file_set_contents (to, bytes, (gssize) len, NULL));
}

static void
test_a_log_that_is_set_back (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *backup = g_build_filename (f->dir, "backup", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  say (f, 3);
  first = mark (f, NULL);
  copy (f, f->path, backup);
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (ahoyd_store_get_parted (f->store, 3, first), 0);
  say (f, 2);
  second = mark (f, first);
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (ahoyd_store_get_parted (f->store, 5, second), 0);

  copy (f, backup, f->path);
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (ahoyd_store_get_last (f->store), 3);
  assert_int_equal (ahoyd_store_get_parted (f->store, 5, second), 4);
  assert_int_equal (ahoyd_store_get_parted (f->store, 3, first), 0);
  say (f, 3);
  assert_int_equal (ahoyd_store_get_parted (f->store, 5, second), 4);
  assert_int_equal (ahoyd_store_get_parted (f->store, 3, first), 0);
  /* They took 4 to 6, and note for no run more than they share. */
  third = mark (f, first);
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (ahoyd_store_get_parted (f->store, 6, third), 0);
  assert_int_equal (ahoyd_store_get_parted (f->store, 5, second), 4);
}

/* Runs in which nothing was said: a client may have caught up in one of them alone. */
static void
test_quiet_runs (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *quiet = NULL;

  say (f, 3);
  assert_true (store_fixture_reopen (f, NULL));
  quiet = mark (f, NULL);
  ahoyd_store_flush (f->store);
  for (guint i = 0; i < 3; i++)
    {
      assert_true (store_fixture_reopen (f, NULL));
      assert_int_equal (ahoyd_store_get_parted (f->store, 3, quiet), 0);
    }
  say (f, 1);
  assert_int_equal (ahoyd_store_get_parted (f->store, 3, quiet), 0);
}

static void
test_each_run_has_its_name (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *one = g_strdup (ahoyd_store_get_run (f->store));

  assert_string_equal (ahoyd_store_get_run (f->store), one);
  assert_int_equal (strlen (one), 16);
  assert_int_equal (strspn (one, "0123456789abcdef"), 16);
  assert_true (store_fixture_reopen (f, NULL));
  assert_string_not_equal (ahoyd_store_get_run (f->store), one);
}

/* The log that lives as long as the server. */
static void
test_in_memory (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *here = NULL;

  say (f, 3);
  here = mark (f, NULL);
  assert_int_equal (ahoyd_store_get_parted (f->store, 3, here), 0);
  assert_int_equal (ahoyd_store_get_parted (f->store, 4, NULL), 4);
  assert_int_equal (ahoyd_store_get_parted (f->store, 3, X ":3"), 1);
}

#define SQLITE(function) cmocka_unit_test_setup_teardown (function, store_fixture_setup_sqlite, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_table),
    cmocka_unit_test (test_an_empty_log),
    cmocka_unit_test (test_strange_runs),
    SQLITE (test_a_log_that_is_set_back),
    SQLITE (test_quiet_runs),
    SQLITE (test_each_run_has_its_name),
    cmocka_unit_test_setup_teardown (test_in_memory, store_fixture_setup_memory, store_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
