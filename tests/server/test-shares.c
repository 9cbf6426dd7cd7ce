/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Running totals of the log (ahoyd-tally.h), and whose messages go when there are too many. */

#include <glib/gstdio.h>

#include "server/cmocka-all.h"
#include "server/store-fixture.h"
#include "store/ahoyd-database-private.h"

typedef struct {
  StoreFixture  *f;
  AhoydDatabase *db;
} Log;

static int
setup (void **state)
{
  Log  *log = g_new0 (Log, 1);
  void *fixture;

  if (store_fixture_setup_sqlite (&fixture) != 0)
    return -1;
  log->f = fixture;
  g_clear_pointer (&log->f->store, ahoyd_store_free);
  log->db = ahoyd_database_open (log->f->path, AHOYD_DURABILITY_PROCESS, NULL);
  assert_non_null (log->db);
  *state = log;
  return 0;
}

static int
teardown (void **state)
{
  Log  *log = *state;
  void *fixture = log->f;

  ahoyd_database_close (log->db);
  store_fixture_teardown (&fixture);
  g_free (log);
  return 0;
}

static void
say (Log        *log,
     const char *from,
     const char *to,
     const char *text)
{
  const AhoydEvent template = {
    .from = (char *) from,
    .from_skeleton = (char *) from,
    .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE),
    .target_skeleton = (char *) to,
    .text = (char *) text,
  };
  g_autoptr (AhoydEvent) event = ahoyd_event_new (&template);
  gboolean               repeated = TRUE;

  assert_true (ahoyd_database_begin (log->db, NULL));
  assert_true (ahoyd_database_append (log->db, event, 1, &repeated, NULL));
  assert_true (ahoyd_database_commit (log->db, NULL));
  assert_false (repeated);
}

/* --- Totals --- */

/* A text takes its length at least, and each part of a message counts. */
static void
test_sizes (void **state)
{
  for (gsize text = 0; text < 20000; text += 7)
    assert_true (ahoyd_tally_size (20, 10, 16, text) > text);
  assert_true (ahoyd_tally_size (21, 10, 16, 5) > ahoyd_tally_size (20, 10, 16, 5));
  assert_true (ahoyd_tally_size (20, 11, 16, 5) > ahoyd_tally_size (20, 10, 16, 5));
  assert_true (ahoyd_tally_size (20, 10, 17, 5) > ahoyd_tally_size (20, 10, 16, 5));
}

/* What was rolled back was not counted, and the next start knows the same. */
static void
test_totals (void **state)
{
  Log                   *log = *state;
  AhoydTally            *tally = log->db->tally;
  guint64                size = ahoyd_tally_size (2, 1, 0, 1);
  g_autoptr (GPtrArray)  ended = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AhoydTally) again = NULL;

  say (log, "a", NULL, "x");
  say (log, "a", NULL, "x");
  say (log, "b", NULL, "x");
  assert_int_equal (ahoyd_tally_get_bytes (tally), 3 * size);
  assert_int_equal (ahoyd_tally_get_n_authors (tally), 2);

  assert_true (ahoyd_database_begin (log->db, NULL));
  ahoyd_tally_count (tally, "a", 1, size);
  ahoyd_tally_count (tally, "c", 1, size);
  ahoyd_tally_count_said (tally, 5);
  assert_true (ahoyd_tally_write (tally, NULL, NULL));
  assert_int_equal (ahoyd_tally_get_bytes (tally), 5 * size);
  assert_int_equal (ahoyd_tally_get_n_authors (tally), 3);
  ahoyd_database_rollback (log->db);
  assert_int_equal (ahoyd_tally_get_bytes (tally), 3 * size);
  assert_int_equal (ahoyd_tally_get_n_authors (tally), 2);
  assert_int_equal (ahoyd_tally_get_n_said (tally), 0);

  assert_true (ahoyd_database_begin (log->db, NULL));
  ahoyd_tally_count (tally, "b", -1, size);
  ahoyd_tally_count (tally, "a", -1, size);
  assert_true (ahoyd_tally_write (tally, ended, NULL));
  assert_true (ahoyd_database_commit (log->db, NULL));
  assert_int_equal (ended->len, 1);
  assert_string_equal (ended->pdata[0], "b");

  again = ahoyd_tally_new (log->db->file, FALSE, NULL);
  assert_int_equal (ahoyd_tally_get_bytes (again), size);
  assert_int_equal (ahoyd_tally_get_n_authors (again), 1);
}

/* By another rule, or by none. */
static void
test_counted_anew (void **state)
{
  Log                   *log = *state;
  guint64                bytes;
  g_autoptr (AhoydTally) again = NULL;

  say (log, "a", NULL, "x");
  say (log, "a", "b", "xx");
  bytes = ahoyd_tally_get_bytes (log->db->tally);
  assert_true (ahoy_sqlite_exec (log->db->file, "DELETE FROM authors; DELETE FROM numbers", NULL));
  again = ahoyd_tally_new (log->db->file, TRUE, NULL);
  assert_int_equal (ahoyd_tally_get_bytes (again), bytes);
  assert_int_equal (ahoyd_tally_get_n_authors (again), 1);
}

/* --- Shares --- */

/* The ids that go, as text, when there may be @max_bytes. */
static char *
who_goes (Log     *log,
          guint64  max_bytes,
          gboolean with_held)
{
  g_autoptr (AhoydShares) shares = ahoyd_shares_new (log->db->file, log->db->tally, max_bytes, with_held, NULL);
  GString                *ids = g_string_new (NULL);
  gboolean                found = TRUE;

  assert_non_null (shares);
  while (found)
    {
      g_auto (AhoydLot) lot = { 0 };

      assert_true (ahoyd_shares_next (shares, &lot, &found, NULL));
      if (found)
        g_string_append_printf (ids, " %s%d", lot.author, (int) lot.id);
    }
  return g_string_free (ids, FALSE);
}

/* Who has more than a share loses the oldest, as far as that; who has less, nothing. */
static void
test_shares (void **state)
{
  Log             *log = *state;
  guint64          size = ahoyd_tally_size (2, 1, 0, 1);
  g_autofree char *few = NULL;
  g_autofree char *none = NULL;

  say (log, "a", NULL, "x");
  say (log, "b", NULL, "x");
  say (log, "a", NULL, "x");
  say (log, "c", NULL, "x");
  say (log, "c", NULL, "x");
  say (log, "a", NULL, "x");
  /* Three authors: a share is a sixth. */
  few = who_goes (log, 6 * size, FALSE);
  assert_string_equal (few, " a1 a3 c4");
  none = who_goes (log, 18 * size, FALSE);
  assert_string_equal (none, "");
}

static void
note_taken (Log        *log,
            const char *skeleton,
            guint64     id)
{
  AhoydTakenRow row = { (char *) skeleton, id, id };

  assert_true (ahoyd_database_write_row (log->db, &ahoyd_taken_table, &row, NULL));
}

/* What somebody waits for goes when there is nothing else. */
static void
test_held (void **state)
{
  Log             *log = *state;
  g_autofree char *got = NULL;
  g_autofree char *all = NULL;

  say (log, "a", "b", "x");
  say (log, "a", "c", "x");
  say (log, "a", NULL, "x");
  note_taken (log, "c", 2);
  got = who_goes (log, 1, FALSE);
  assert_string_equal (got, " a2 a3");
  all = who_goes (log, 1, TRUE);
  assert_string_equal (all, " a1 a2 a3");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_sizes),
    cmocka_unit_test_setup_teardown (test_totals, setup, teardown),
    cmocka_unit_test_setup_teardown (test_counted_anew, setup, teardown),
    cmocka_unit_test_setup_teardown (test_shares, setup, teardown),
    cmocka_unit_test_setup_teardown (test_held, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
