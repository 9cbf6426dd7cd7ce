/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far whispers have come, and that what is gone needs no mark. */

#include <sqlite3.h>

#include "features/ahoyd-mark-table.h"
#include "server/cmocka-all.h"
#include "server/mark-of.h"
#include "server/store-fixture.h"
#include "store/ahoyd-store-memory.h"
#include "store/ahoyd-store-sqlite.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
/* Of pairs whose whispers are gone. */
#define MANY 100000
#define KEPT 100

static guint64
whisper (StoreFixture *f,
         const char   *from,
         const char   *to)
{
  store_fixture_say (f, from, to, "psst", NULL);
  store_fixture_wait (f, f->n_announced + 1);
  return store_fixture_nth (f, f->n_announced - 1)->id;
}

static gint64
count_on_disk (StoreFixture *f)
{
  sqlite3      *db = NULL;
  sqlite3_stmt *stmt = NULL;
  gint64        n;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, "SELECT count(*) FROM marks", -1, &stmt, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  n = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return n;
}

static void
run_sql (StoreFixture *f,
         const char   *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

/* What is done in slices goes on with the next one when the one before was announced. */
static void
look (StoreFixture *f)
{
  ahoyd_store_sqlite_look (f->store);
  for (guint i = 0; i < 20; i++)
    ahoyd_store_flush (f->store);
}

/* Each only rises, and the next start knows of it. */
static void
test_raise (void **state)
{
  StoreFixture *f = *state;
  guint64       first = whisper (f, "alice", "bob");
  guint64       second = whisper (f, "alice", "bob");
  AhoydMarks   *marks = ahoyd_store_get_rows (f->store, &ahoyd_mark_table);

  assert_true (ahoyd_marks_raise (marks, "alice", "bob", AHOYD_MARK_DELIVERED, second));
  assert_false (ahoyd_marks_raise (marks, "alice", "bob", AHOYD_MARK_DELIVERED, second));
  assert_false (ahoyd_marks_raise (marks, "alice", "bob", AHOYD_MARK_DELIVERED, first));
  assert_true (ahoyd_marks_raise (marks, "alice", "bob", AHOYD_MARK_SEEN, first));
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (mark_of (f->store, "alice", "bob", AHOYD_MARK_DELIVERED), second);
  assert_int_equal (mark_of (f->store, "alice", "bob", AHOYD_MARK_SEEN), first);
  assert_int_equal (mark_of (f->store, "bob", "alice", AHOYD_MARK_SEEN), 0);
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_SEEN), 1);
}

static void
test_drop (void **state)
{
  StoreFixture *f = *state;
  guint64       one = whisper (f, "alice", "bob");
  guint64       other = whisper (f, "alice", "carol");
  guint64       back = whisper (f, "bob", "alice");

  set_mark (f->store, "alice", "bob", AHOYD_MARK_SEEN, one);
  set_mark (f->store, "alice", "carol", AHOYD_MARK_SEEN, other);
  set_mark (f->store, "bob", "alice", AHOYD_MARK_SEEN, back);
  ahoyd_marks_drop (ahoyd_store_get_rows (f->store, &ahoyd_mark_table), "alice");
  ahoyd_marks_drop (ahoyd_store_get_rows (f->store, &ahoyd_mark_table), "nobody");
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_SEEN), 0);
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_SEEN), 0);
  assert_int_equal (mark_of (f->store, "bob", "alice", AHOYD_MARK_SEEN), back);
}

/* A mark goes with the whisper it is about, not with an older one, in RAM and on the disk. */
static void
test_retention (void **state)
{
  StoreFixture *f = *state;
  guint64       old, newer;

  f->keep = (AhoydKeep){ 30, 30, 0 };
  store_fixture_set_clock (f, 400 * DAY_MS, 0);
  assert_true (store_fixture_reopen (f, NULL));
  old = whisper (f, "alice", "bob");
  set_mark (f->store, "alice", "bob", AHOYD_MARK_SEEN, old);
  set_mark (f->store, "carol", "bob", AHOYD_MARK_SEEN, whisper (f, "carol", "bob"));
  store_fixture_set_clock (f, 420 * DAY_MS, 20 * DAY_MS);
  newer = whisper (f, "alice", "bob");
  set_mark (f->store, "alice", "bob", AHOYD_MARK_SEEN, newer);
  store_fixture_set_clock (f, 440 * DAY_MS, 40 * DAY_MS);
  look (f);
  assert_int_equal (count_marks (f->store, "carol", AHOYD_MARK_SEEN), 0);
  assert_int_equal (mark_of (f->store, "alice", "bob", AHOYD_MARK_SEEN), newer);
  store_fixture_set_clock (f, 460 * DAY_MS, 60 * DAY_MS);
  look (f);
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_SEEN), 0);
  assert_int_equal (count_on_disk (f), 0);
}

/* What could not be written is, as soon as something can. */
static void
test_written_later (void **state)
{
  StoreFixture *f = *state;
  guint64       first = whisper (f, "alice", "bob");
  guint64       second = whisper (f, "alice", "bob");

  run_sql (f, "CREATE TRIGGER no BEFORE INSERT ON marks BEGIN SELECT RAISE (ABORT, 'no'); END");
  set_mark (f->store, "alice", "bob", AHOYD_MARK_SEEN, first);
  set_mark (f->store, "alice", "bob", AHOYD_MARK_SEEN, second);
  ahoyd_store_flush (f->store);
  assert_int_equal (count_on_disk (f), 0);
  run_sql (f, "DROP TRIGGER no");
  whisper (f, "bob", "carol");
  assert_true (store_fixture_reopen (f, NULL));
  assert_int_equal (mark_of (f->store, "alice", "bob", AHOYD_MARK_SEEN), second);
}

/* People who never meet again take no memory. */
static void
test_many_pairs (void **state)
{
  StoreFixture *f = *state;

  ahoyd_store_free (f->store);
  f->store = ahoyd_store_memory_new (f->context, KEPT);
  ahoyd_store_add_table (f->store, &ahoyd_mark_table);
  store_fixture_listen (f);
  for (guint i = 1; i <= MANY; i++)
    {
      g_autofree char *to = g_strdup_printf ("guest %u", i);

      store_fixture_say (f, "alice", to, "psst", NULL);
      ahoyd_store_flush (f->store);
      set_mark (f->store, "alice", to, AHOYD_MARK_DELIVERED, i);
    }
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_DELIVERED), KEPT);
}

/* Nor do those who say that they have it only when it is gone. */
static void
test_many_too_late (void **state)
{
  StoreFixture *f = *state;

  ahoyd_store_forget_whisper (f->store, "alice", "bob", MANY);
  for (guint i = 1; i <= MANY; i++)
    {
      g_autofree char *to = g_strdup_printf ("guest %u", i);

      set_mark (f->store, "alice", to, AHOYD_MARK_DELIVERED, i);
    }
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_DELIVERED), AHOYD_MARKS_LATE_MAX);
  /* What is not in doubt any more stays. */
  set_mark (f->store, "alice", "guest 100000", AHOYD_MARK_DELIVERED, MANY + 1);
  for (guint i = 1; i <= AHOYD_MARKS_LATE_MAX; i++)
    {
      g_autofree char *to = g_strdup_printf ("friend %u", i);

      set_mark (f->store, "alice", to, AHOYD_MARK_DELIVERED, i);
    }
  assert_int_equal (count_marks (f->store, "alice", AHOYD_MARK_DELIVERED), AHOYD_MARKS_LATE_MAX + 1);
  assert_int_equal (mark_of (f->store, "alice", "guest 100000", AHOYD_MARK_DELIVERED), MANY + 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_raise, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_drop, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_retention, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_written_later, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_many_pairs, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_many_too_late, store_fixture_setup_memory, store_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
