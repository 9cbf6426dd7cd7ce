/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one person holds on one server: the same with a disk and without. */

#include "database-fixture.h"

#include "core/archive/ahoy-archive.h"
#include "core/archive/ahoy-tables.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-run-table.h"
#include "support/test-loop.h"

#define EVERYONE ahoy_target_room (AHOY_ROOM_EVERYONE)

static void
on_loaded (AhoyRead     *load,
           const GError *error,
           gpointer      data)
{
  ahoy_archive_take_loaded (data, load);
}

static gboolean
is_loaded (gpointer data)
{
  return ahoy_archive_is_on_disk (data);
}

/* Returns: (transfer full). */
static AhoyArchive *
load (DatabaseFixture *f)
{
  AhoyArchive *archive = ahoy_archive_new (f->database, ahoy_tables, "server-a", "Alice");

  assert_true (ahoy_archive_load (archive, 9, on_loaded, archive));
  assert_true (test_loop_until (f->context, is_loaded, archive, TEST_LOOP_DEADLINE_MS));
  return archive;
}

static AhoyStoredMessage *
said (guint64     id,
      const char *cid)
{
  return ahoy_stored_message_new (&(AhoyStoredMessage){ .id = id, .from = (char *) "bob", .text = (char *) "hi", .cid = (char *) cid });
}

static void
test_who_it_is (void **state)
{
  g_autoptr (AhoyArchive) archive = ahoy_archive_new (NULL, ahoy_tables, "server-a", "Alice");

  assert_true (ahoy_archive_is (archive, "server-a", "alice"));
  assert_false (ahoy_archive_is (archive, "server-b", "alice"));
  assert_false (ahoy_archive_is (archive, "server-a", "bob"));
}

/* All but the messages is in memory. */
static void
test_without_a_disk (void **state)
{
  g_autoptr (AhoyArchive) archive = ahoy_archive_new (NULL, ahoy_tables, "server-a", "alice");
  g_autoptr (GPtrArray)   outbox = ahoy_archive_take_outbox (archive);
  g_autoptr (AhoyNewest)  newest = ahoy_archive_take_newest (archive);

  assert_false (ahoy_archive_load (archive, 9, on_loaded, archive));
  assert_false (ahoy_archive_is_on_disk (archive));
  assert_null (ahoy_archive_get_secret (archive));
  assert_int_equal (outbox->len, 0);
  assert_int_equal (newest->messages->len, 0);
  assert_false (ahoy_archive_has_position (archive));
  assert_false (ahoy_archive_keep (archive, said (5, NULL), NULL, NULL));
  assert_false (ahoy_archive_owe (archive, said (0, "c"), NULL, NULL));
  ahoy_archive_drop (archive, "c");
  ahoy_archive_set_position (archive, 5);
  ahoy_archive_set_position (archive, 4);
  assert_int_equal (ahoy_archive_get_position (archive), 5);
  ahoy_archive_set_mark (archive, AHOY_MARK_FLOOR, ahoy_target_person ("bob"), 3);
  assert_int_equal (ahoy_archive_get_mark (archive, AHOY_MARK_FLOOR, ahoy_target_person ("bob"), 0), 3);
  assert_int_equal (ahoy_archive_get_mark (archive, AHOY_MARK_FLOOR, EVERYONE, 8), 8);
  ahoy_archive_know (archive, ahoy_known_key_meet ("bob", "k", 9));
  assert_string_equal (ahoy_archive_find (archive, "bob")->key, "k");
  ahoy_archive_know (archive, ahoy_known_key_meet ("bob", NULL, 9));
  assert_null (ahoy_archive_find (archive, "bob"));
  assert_int_equal (ahoy_archive_get_pushed (archive), 0);
  assert_false (ahoy_archive_has_written (archive, 0)); /* nothing ever is */
}

/* That a server has said nothing is a position, too, and is remembered. */
static void
test_a_position_of_nothing (void **state)
{
  DatabaseFixture *f = *state;

  {
    g_autoptr (AhoyArchive) archive = load (f);

    assert_false (ahoy_archive_has_position (archive));
    ahoy_archive_mark_position (archive, 0);
    assert_true (ahoy_archive_has_position (archive));
  }
  {
    g_autoptr (AhoyArchive) archive = load (f);

    assert_true (ahoy_archive_has_position (archive));
    assert_int_equal (ahoy_archive_get_position (archive), 0);
  }
}

/* It is that of the newest message, or the mark where that is beyond; and no run is beyond the position. */
static void
test_the_position_when_it_is_loaded (void **state)
{
  DatabaseFixture         *f = *state;
  g_autoptr (AhoyRunMarks) runs = ahoy_run_marks_new ();

  ahoy_run_marks_enter (runs, "00000000000000aa", 30);
  ahoy_run_marks_enter (runs, "00000000000000bb", 20);
  database_keep (f, 5, "bob", NULL, "five", NULL);
  database_put (f, ahoy_run_table_set (g_steal_pointer (&runs)));
  {
    g_autoptr (AhoyArchive) archive = load (f);
    g_autofree char        *told = ahoy_archive_dup_runs (archive);

    assert_int_equal (ahoy_archive_get_position (archive), 5);
    assert_string_equal (told, "00000000000000bb:5,00000000000000aa:5");
    ahoy_archive_mark_position (archive, 9);
    ahoy_archive_mark_position (archive, 7); /* it never goes back */
  }
  {
    g_autoptr (AhoyArchive) archive = load (f);

    assert_int_equal (ahoy_archive_get_position (archive), 9);
  }
}

/* The disk finds out by itself what the memory was told. */
static void
test_a_parting (void **state)
{
  DatabaseFixture        *f = *state;
  g_autoptr (AhoyArchive) before = load (f);
  g_autoptr (AhoyArchive) after = NULL;
  AhoyArchive            *both[2];

  for (guint64 id = 1; id <= 6; id++)
    {
      assert_true (ahoy_archive_keep (before, said (id, NULL), NULL, NULL));
      ahoy_archive_set_position (before, id);
    }
  ahoy_archive_enter_run (before, "00000000000000aa");
  ahoy_archive_set_place (before, AHOY_MARK_READ, EVERYONE, &(AhoyPlace){ 5, NULL });
  ahoy_archive_set_mark (before, "seen", ahoy_target_person ("bob"), 5);
  assert_int_equal (ahoy_archive_part (before, 4), 1);
  ahoy_archive_enter_run (before, "00000000000000bb");
  after = load (f);
  both[0] = before;
  both[1] = after;
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_autofree char   *told = ahoy_archive_dup_runs (both[i]);
      g_auto (AhoyPlace) read = { 0 };

      ahoy_archive_get_place (both[i], AHOY_MARK_READ, EVERYONE, &read);
      assert_int_equal (ahoy_archive_get_position (both[i]), 3);
      assert_int_equal (ahoy_archive_get_partings (both[i]), 1);
      assert_string_equal (told, "00000000000000bb:3,00000000000000aa:3");
      assert_int_equal (read.id, 3);
      assert_string_equal (read.path, "000000010000000000000005");
      assert_int_equal (ahoy_archive_get_mark (both[i], "seen", ahoy_target_person ("bob"), 0), 3);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_who_it_is),
    cmocka_unit_test (test_without_a_disk),
    DATABASE_TEST (test_a_position_of_nothing),
    DATABASE_TEST (test_the_position_when_it_is_loaded),
    DATABASE_TEST (test_a_parting),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
