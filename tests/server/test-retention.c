/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a log forgets, and what it says of it. The clocks stand still until a test sets them. */

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "server/cmocka-all.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"
#include "store/ahoyd-store-sqlite.h"
#include "support/test-loop.h"

#define HOUR (G_GINT64_CONSTANT (60) * 60 * 1000)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define NOW (56 * YEAR)
#define MB 1000000

typedef struct {
  StoreFixture *f;
  GPtrArray    *lines; /* what the operator was told */
} Log;

static GLogWriterOutput
on_line (GLogLevelFlags   level,
         const GLogField *fields,
         gsize            n_fields,
         gpointer         data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_ptr_array_add (data, g_strdup (fields[i].value));
  return G_LOG_WRITER_HANDLED;
}

/* There is one writer for the whole program. */
static int
setup_all (void **state)
{
  *state = g_ptr_array_new_with_free_func (g_free);
  g_log_set_writer_func (on_line, *state, NULL);
  return 0;
}

static int
setup (void **state)
{
  Log  *log = g_new0 (Log, 1);
  void *fixture = NULL;

  log->lines = *state;
  g_ptr_array_set_size (log->lines, 0);
  if (store_fixture_setup_sqlite (&fixture) != 0)
    return -1;
  log->f = fixture;
  g_clear_pointer (&log->f->store, ahoyd_store_free);
  g_unlink (log->f->path);
  store_fixture_set_clock (log->f, NOW, HOUR);
  log->f->keep = (AhoydKeep){ 365, 730, 0 };
  *state = log;
  return 0;
}

static int
teardown (void **state)
{
  Log  *log = *state;
  void *fixture = log->f;

  store_fixture_teardown (&fixture);
  g_free (log);
  return 0;
}

static void
open_log (Log *log)
{
  assert_true (store_fixture_reopen (log->f, NULL));
}

static void
close_log (Log *log)
{
  g_clear_pointer (&log->f->store, ahoyd_store_free);
}

static void
say (Log        *log,
     const char *from,
     const char *to,
     const char *text)
{
  store_fixture_say (log->f, from, to, text, NULL);
  store_fixture_wait (log->f, log->f->n_announced + 1);
}

typedef struct {
  guint n;
} Kept;

static void
on_kept (const GError *error,
         gpointer      data)
{
  ((Kept *) data)->n++;
}

/* Until everything that was begun is done, however many slices it takes: each one is pushed when the one before is done, and so is this, after it. */
static void
settle (Log *log)
{
  guint before;

  do
    {
      Kept kept = { 0 };

      before = log->lines->len;
      for (guint i = 0; i < 20; i++)
        {
          ahoyd_owner_set (OWNERS (log->f->store), "test", NULL, 0, on_kept, &kept);
          assert_true (test_loop_until_count (log->f->context, &kept.n, i + 1));
        }
    }
  while (log->lines->len != before);
}

static void
look (Log *log)
{
  ahoyd_store_sqlite_look (log->f->store);
  settle (log);
}

/* Both clocks. */
static void
pass (Log   *log,
      gint64 ms)
{
  store_fixture_set_clock (log->f, log->f->real + ms, log->f->elapsed + ms);
}

static void
jump (Log   *log,
      gint64 ms)
{
  store_fixture_set_clock (log->f, log->f->real + ms, log->f->elapsed);
}

static void
run_for (Log  *log,
         guint days)
{
  for (guint hour = 0; hour < 24 * days; hour++)
    {
      pass (log, HOUR);
      ahoyd_store_sqlite_look (log->f->store);
      ahoyd_store_flush (log->f->store);
    }
  settle (log);
}

static gint64
ask (Log        *log,
     const char *sql)
{
  sqlite3      *db = NULL;
  sqlite3_stmt *stmt = NULL;
  gint64        number;

  ahoyd_store_flush (log->f->store);
  assert_int_equal (sqlite3_open (log->f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  number = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return number;
}

static gint64
count (Log *log)
{
  return ask (log, "SELECT count(*) FROM events");
}

/* So many lines have that in them; they are forgotten. */
static void
assert_lines (Log        *log,
              const char *part,
              guint       expected)
{
  guint n = 0;

  for (guint i = 0; i < log->lines->len; i++)
    if (strstr (log->lines->pdata[i], part) != NULL)
      n++;
  if (n != expected)
    fail_msg ("%u lines with '%s', not %u; the last of %u: %s", n, part, expected, log->lines->len,
              log->lines->len > 0 ? (char *) log->lines->pdata[log->lines->len - 1] : "none");
  g_ptr_array_set_size (log->lines, 0);
}

static void
test_what_is_old_goes (void **state)
{
  Log *log = *state;

  open_log (log);
  for (guint i = 0; i < 600; i++)
    store_fixture_say (log->f, "alice", NULL, "old", NULL);
  store_fixture_wait (log->f, 600);
  run_for (log, 1);
  say (log, "alice", NULL, "not so old");
  assert_lines (log, "", 0);
  for (guint i = 0; i < 364; i++)
    {
      pass (log, DAY);
      look (log);
    }
  assert_int_equal (count (log), 601);
  pass (log, 2 * HOUR);
  look (log);
  assert_int_equal (count (log), 1);
  assert_string_equal (log->lines->pdata[0], "Took away 600 messages, said from 2025-12-18 00:00 UTC to 2025-12-18 00:00 UTC: older than keep-days");
  assert_lines (log, "", 1);
}

/* A computer that is behind, a whisper that nobody had got, and the clock set right. */
static void
test_stamped_by_a_clock_that_was_behind (void **state)
{
  Log *log = *state;

  store_fixture_set_clock (log->f, NOW - 1100 * DAY, HOUR);
  open_log (log);
  for (guint i = 0; i < 5; i++)
    say (log, "alice", NULL, "x");
  say (log, "alice", "bob", "held");
  close_log (log);
  store_fixture_set_clock (log->f, NOW, 0);
  open_log (log);
  settle (log);
  assert_int_equal (count (log), 6);
  assert_lines (log, "The clock has jumped", 1);

  /* Nor as long as it has not held, with nights between. */
  for (guint i = 0; i < 6; i++)
    {
      run_for (log, 1);
      close_log (log);
      pass (log, DAY);
      open_log (log);
      settle (log);
    }
  assert_int_equal (count (log), 6);
  assert_lines (log, "Took away", 0);
  run_for (log, 2);
  assert_int_equal (count (log), 0);
  assert_lines (log, "The clock has held", 1);
}

static void
test_one_start_with_a_clock_that_is_ahead (void **state)
{
  Log *log = *state;

  open_log (log);
  for (guint i = 0; i < 5; i++)
    say (log, "alice", NULL, "x");
  close_log (log);
  store_fixture_set_clock (log->f, NOW + 400 * DAY, HOUR);
  open_log (log);
  settle (log);
  say (log, "alice", NULL, "future");
  assert_int_equal (store_fixture_nth (log->f, 0)->time, NOW + 400 * DAY);
  close_log (log);
  store_fixture_set_clock (log->f, NOW + HOUR, HOUR);
  open_log (log);
  settle (log);
  assert_int_equal (count (log), 6);
  assert_lines (log, "The clock has jumped", 2);
  /* Stamps are right again, though ids go on. */
  say (log, "alice", NULL, "now");
  assert_int_equal (store_fixture_nth (log->f, 0)->time, NOW + HOUR);
  assert_int_equal (store_fixture_nth (log->f, 0)->id, 7);
}

static void
test_jumps_of_ten_years (void **state)
{
  static const gint64 jumps[] = { 10 * YEAR, -10 * YEAR };
  Log                *log = *state;

  open_log (log);
  say (log, "alice", NULL, "x");
  say (log, "alice", "bob", "held");
  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++)
    for (guint restart = 0; restart < 2; restart++)
      {
        for (guint back = 0; back < 2; back++)
          {
            if (restart)
              close_log (log);
            jump (log, back ? -jumps[i] : jumps[i]);
            if (restart)
              open_log (log);
            look (log);
            pass (log, HOUR);
            look (log);
            say (log, "alice", NULL, "meanwhile");
            assert_int_equal (store_fixture_nth (log->f, log->f->n_announced - 1)->time, log->f->real);
          }
        assert_lines (log, "The clock has jumped", 2);
      }
  assert_int_equal (count (log), 2 + 8);
}

/* A log from before there was anything written down about clocks. */
static void
test_no_clock_is_known (void **state)
{
  Log     *log = *state;
  sqlite3 *db = NULL;

  open_log (log);
  say (log, "alice", NULL, "x");
  for (guint i = 0; i < 2; i++)
    {
      close_log (log);
      assert_int_equal (sqlite3_open (log->f->path, &db), SQLITE_OK);
      assert_int_equal (sqlite3_exec (db, "DELETE FROM numbers", NULL, NULL, NULL), SQLITE_OK);
      sqlite3_close (db);
      pass (log, i == 0 ? DAY : 400 * DAY);
      open_log (log);
      settle (log);
      assert_int_equal (count (log), 1);
      assert_lines (log, "The clock has jumped", i);
    }
}

static void
test_an_empty_log_believes_any_clock (void **state)
{
  Log *log = *state;

  open_log (log);
  close_log (log);
  store_fixture_set_clock (log->f, NOW + 10 * YEAR, 0);
  open_log (log);
  say (log, "alice", NULL, "x");
  pass (log, 366 * DAY);
  look (log);
  assert_int_equal (count (log), 0);
  assert_lines (log, "Took away 1 message,", 1);
}

static void
test_for_ever (void **state)
{
  Log *log = *state;

  log->f->keep = (AhoydKeep){ 0, 730, 0 };
  open_log (log);
  say (log, "alice", NULL, "x");
  say (log, "alice", "bob", "held");
  run_for (log, 1);
  pass (log, 10 * YEAR);
  look (log);
  assert_int_equal (count (log), 2);
  assert_lines (log, "", 0);
}

static void
test_held_whispers_have_their_own_limit (void **state)
{
  Log *log = *state;

  open_log (log);
  say (log, "alice", "bob", "got");
  say (log, "alice", "carol", "held");
  say (log, "alice", "dave", "for dave");
  ahoyd_taken_set (TAKEN (log->f->store), "bob", 1);
  ahoyd_taken_set (TAKEN (log->f->store), "carol", 1);
  pass (log, 366 * DAY);
  look (log);
  assert_int_equal (count (log), 2);
  ahoyd_taken_set (TAKEN (log->f->store), "dave", 3);
  look (log);
  assert_int_equal (count (log), 1);
  pass (log, 363 * DAY);
  look (log);
  assert_int_equal (count (log), 1);
  assert_int_equal (ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (log->f->store), "carol", NULL), 1);
  pass (log, 2 * DAY);
  look (log);
  assert_int_equal (count (log), 0);
  /* What nobody waits for any more leaves room for what is to come. */
  assert_int_equal (ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (log->f->store), "carol", NULL), 0);
  /* Each of them is a line. */
  assert_lines (log, "Took away 1 message,", 3);
}

static void
test_held_days_are_not_less_than_keep_days (void **state)
{
  Log *log = *state;

  log->f->keep = (AhoydKeep){ 365, 10, 0 };
  open_log (log);
  say (log, "alice", "bob", "held");
  pass (log, 300 * DAY);
  look (log);
  assert_int_equal (count (log), 1);
  ahoyd_store_set_keep (log->f->store, &(const AhoydKeep){ 365, 0, 0 });
  pass (log, 3000 * DAY);
  look (log);
  assert_int_equal (count (log), 1);
  ahoyd_store_set_keep (log->f->store, &(const AhoydKeep){ 365, 10, 0 });
  look (log);
  assert_int_equal (count (log), 0);
}

static void
flood (Log        *log,
       const char *from,
       const char *text,
       guint       n)
{
  for (guint i = 0; i < n; i += 500)
    {
      for (guint k = 0; k < 500; k++)
        store_fixture_say (log->f, from, NULL, text, NULL);
      store_fixture_wait (log->f, log->f->n_announced + 500);
    }
}

static gint64
reckoned (Log *log)
{
  return ask (log, "SELECT sum(bytes) FROM authors");
}

/* What is kept are the newest, and it is as much as was asked for at any moment; it is told in a few lines. */
static void
test_a_flood_of_short_messages (void **state)
{
  Log     *log = *state;
  GStatBuf info;

  log->f->keep = (AhoydKeep){ 365, 730, 1 };
  open_log (log);
  for (guint i = 0; i < 12; i++)
    {
      flood (log, "alice", "short", 1500);
      assert_in_range (reckoned (log), i < 6 ? 0 : MB * 9 / 10, MB * 11 / 10);
    }
  assert_true (count (log) > 5000);
  assert_int_equal (ask (log, "SELECT max(id) - min(id) + 1 FROM events"), count (log));
  assert_int_equal (ask (log, "SELECT max(id) FROM events"), 18000);
  assert_int_equal (ask (log, "SELECT messages FROM authors WHERE skeleton = 'alice'"), count (log));
  settle (log);
  assert_lines (log, "more than keep-mb", 1);
  pass (log, HOUR);
  look (log);
  assert_lines (log, "more than keep-mb", 1);
  close_log (log);
  assert_int_equal (g_stat (log->f->path, &info), 0);
  assert_in_range (info.st_size, MB * 6 / 10, MB * 3 / 2);
}

static void
test_a_flood_of_long_messages (void **state)
{
  Log             *log = *state;
  g_autofree char *text = g_strnfill (16000, 'x');
  GStatBuf         info;

  log->f->keep = (AhoydKeep){ 365, 730, 4 };
  open_log (log);
  flood (log, "alice", "short", 500);
  flood (log, "alice", text, 1000);
  settle (log);
  assert_in_range (reckoned (log), 4 * MB * 9 / 10, 4 * MB * 11 / 10);
  close_log (log);
  assert_int_equal (g_stat (log->f->path, &info), 0);
  assert_in_range (info.st_size, 4 * MB * 6 / 10, 4 * MB * 3 / 2);
}

/* Many large ones come at once where there are only small ones. */
static void
test_large_ones_push_out_small_ones (void **state)
{
  Log             *log = *state;
  g_autofree char *text = g_strnfill (16000, 'x');

  log->f->keep = (AhoydKeep){ 365, 730, 2 };
  open_log (log);
  flood (log, "alice", "short", 20000);
  for (guint i = 0; i < 50; i++)
    store_fixture_say (log->f, "alice", NULL, text, NULL);
  store_fixture_wait (log->f, log->f->n_announced + 50);
  assert_in_range (reckoned (log), 2 * MB * 9 / 10, 2 * MB * 11 / 10);
}

static void
test_nobodys_last_words_go_for_a_flood (void **state)
{
  Log *log = *state;

  log->f->keep = (AhoydKeep){ 365, 730, 1 };
  open_log (log);
  for (guint i = 0; i < 20; i++)
    {
      say (log, "alice", NULL, "from alice");
      say (log, "bob", NULL, "from bob");
    }
  say (log, "mallory", "carol", "held");
  flood (log, "mallory", "flood", 12000);
  settle (log);
  assert_int_equal (ask (log, "SELECT count(*) FROM events WHERE sender = 'alice'"), 20);
  assert_int_equal (ask (log, "SELECT count(*) FROM events WHERE sender = 'bob'"), 20);
  assert_in_range (reckoned (log), MB * 9 / 10, MB * 11 / 10);
  /* What nobody has got goes last. */
  assert_int_equal (ask (log, "SELECT count(*) FROM events WHERE recipient = 'carol'"), 1);

  /* Two that flood push out each other's, the oldest first, down to their share; and alice what she said herself. */
  flood (log, "alice", "more", 12000);
  settle (log);
  assert_int_equal (ask (log, "SELECT count(*) FROM events WHERE text = 'from alice'"), 0);
  assert_in_range (ask (log, "SELECT bytes FROM authors WHERE skeleton = 'mallory'"), MB * 19 / 20 / 2 / 3 - 1000, MB * 19 / 20 / 2 / 3 + 1000);
  assert_int_equal (ask (log, "SELECT count(*) FROM events WHERE sender = 'bob'"), 20);
}

static void
test_when_all_is_held (void **state)
{
  Log *log = *state;

  log->f->keep = (AhoydKeep){ 365, 730, 1 };
  open_log (log);
  for (guint i = 0; i < 16000; i++)
    {
      store_fixture_say (log->f, "alice", i % 2 ? "bob" : "carol", "held", NULL);
      if (i % 500 == 499)
        store_fixture_wait (log->f, i + 1);
    }
  settle (log);
  assert_in_range (reckoned (log), MB * 9 / 10, MB * 11 / 10);
}

/* What is remembered of repeats, when there are more than there may be of it. */
static void
test_repeats_are_bounded (void **state)
{
  Log *log = *state;

  log->f->keep = (AhoydKeep){ 365, 730, 1 };
  open_log (log);
  for (guint i = 0; i < 6000; i++)
    {
      g_autofree char *cid = g_strdup_printf ("%016x", i);

      store_fixture_say (log->f, "alice", NULL, "x", cid);
      if (i % 500 == 499)
        store_fixture_wait (log->f, i + 1);
    }
  settle (log);
  assert_int_equal (ask (log, "SELECT count(*) FROM said"), 4000);
  assert_int_equal (ask (log, "SELECT min(id) FROM said"), 2001);
  assert_int_equal (ask (log, "SELECT value FROM numbers WHERE name = 'said'"), 4000);
}

static void
test_a_repeat_of_what_was_forgotten (void **state)
{
  Log *log = *state;

  open_log (log);
  store_fixture_say (log->f, "alice", NULL, "first", "00000000000000aa");
  store_fixture_wait (log->f, 1);
  pass (log, 366 * DAY);
  look (log);
  assert_int_equal (count (log), 0);
  store_fixture_say (log->f, "alice", NULL, "second", "00000000000000aa");
  store_fixture_wait (log->f, 2);
  assert_int_equal (store_fixture_outcome (log->f, 1), STORE_REPEATED);
  assert_null (store_fixture_nth (log->f, 1)->first);
  assert_int_equal (store_fixture_nth (log->f, 1)->id, 1);
  assert_string_equal (store_fixture_nth (log->f, 1)->text, "second");
}

/* They outlive their message by 400 days, and not the whole log. */
static void
test_repeats_get_old (void **state)
{
  Log *log = *state;

  open_log (log);
  store_fixture_say (log->f, "alice", NULL, "x", "00000000000000aa");
  store_fixture_say (log->f, "alice", "bob", "held", "00000000000000ab");
  store_fixture_wait (log->f, 2);
  log->f->keep.held_days = 0;
  open_log (log);
  pass (log, 764 * DAY);
  look (log);
  assert_int_equal (ask (log, "SELECT count(*) FROM said"), 2);
  pass (log, 2 * DAY);
  look (log);
  assert_int_equal (ask (log, "SELECT count(*) FROM said"), 1);
  assert_int_equal (ask (log, "SELECT value FROM numbers WHERE name = 'said'"), 1);
}

static void
test_who_is_gone_is_told (void **state)
{
  Log *log = *state;

  open_log (log);
  say (log, "alice", NULL, "x");
  say (log, "carol", "dave", "got");
  say (log, "owner", NULL, "x");
  say (log, "erin", "frank", "held");
  ahoyd_taken_set (TAKEN (log->f->store), "dave", 2);
  set_owner_of (log->f->store, "owner", "key");
  run_for (log, 1);
  say (log, "alice", NULL, "again");
  pass (log, 365 * DAY - HOUR);
  look (log);
  assert_int_equal (count (log), 2);
  assert_int_equal (log->f->gone->len, 3);
  assert_true (g_ptr_array_find_with_equal_func (log->f->gone, "owner", g_str_equal, NULL));
  assert_true (g_ptr_array_find_with_equal_func (log->f->gone, "carol", g_str_equal, NULL));
  assert_true (g_ptr_array_find_with_equal_func (log->f->gone, "dave", g_str_equal, NULL));
}

/* The totals are what is there, whatever failed, came twice or went in between. */
static void
test_the_totals_are_right (void **state)
{
  Log   *log = *state;
  gint64 bytes;

  log->f->keep = (AhoydKeep){ 365, 730, 1 };
  open_log (log);
  flood (log, "alice", "short", 7000);
  for (guint i = 0; i < 10; i++)
    store_fixture_say (log->f, "bob", "alice", "once", "00000000000000aa");
  store_fixture_wait (log->f, log->f->n_announced + 10);
  flood (log, "alice", "short", 2000);
  settle (log);
  bytes = reckoned (log);
  assert_int_equal (ask (log, "SELECT sum(messages) FROM authors"), count (log));
  close_log (log);
  {
    sqlite3 *db = NULL;

    assert_int_equal (sqlite3_open (log->f->path, &db), SQLITE_OK);
    assert_int_equal (sqlite3_exec (db, "DELETE FROM numbers; UPDATE authors SET bytes = 1", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close (db);
  }
  open_log (log);
  assert_int_equal (reckoned (log), bytes);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_what_is_old_goes),
    TEST (test_stamped_by_a_clock_that_was_behind),
    TEST (test_one_start_with_a_clock_that_is_ahead),
    TEST (test_jumps_of_ten_years),
    TEST (test_no_clock_is_known),
    TEST (test_an_empty_log_believes_any_clock),
    TEST (test_for_ever),
    TEST (test_held_whispers_have_their_own_limit),
    TEST (test_held_days_are_not_less_than_keep_days),
    TEST (test_a_flood_of_short_messages),
    TEST (test_a_flood_of_long_messages),
    TEST (test_large_ones_push_out_small_ones),
    TEST (test_nobodys_last_words_go_for_a_flood),
    TEST (test_when_all_is_held),
    TEST (test_repeats_are_bounded),
    TEST (test_a_repeat_of_what_was_forgotten),
    TEST (test_repeats_get_old),
    TEST (test_who_is_gone_is_told),
    TEST (test_the_totals_are_right),
  };

  return cmocka_run_group_tests (tests, setup_all, NULL);
}
