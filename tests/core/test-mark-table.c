/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Marks of rooms and of people, and that the disk and the memory make the same of them. */

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/archive/ahoy-account-table.h"
#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-rows.h"
#include "core/archive/ahoy-tables.h"

typedef struct {
  AhoyDatabaseFile *file;
  AhoyRows         *rows; /* as memory has them */
  char             *dir;
  char             *path;
  gint64            archive;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->dir = g_dir_make_tmp ("ahoy-marks-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "history.sqlite", NULL);
  f->file = ahoy_database_file_open (f->path, ahoy_tables, NULL);
  assert_non_null (f->file);
  assert_true (ahoy_account_table_find (f->file->sqlite, "server-a", "alice", &f->archive, NULL));
  f->rows = ahoy_rows_new (ahoy_tables);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_rows_free (f->rows);
  ahoy_database_file_close (f->file);
  g_unlink (f->path);
  g_rmdir (f->dir);
  g_free (f->path);
  g_free (f->dir);
  g_free (f);
  return 0;
}

static void
set (Fixture    *f,
     const char *kind,
     AhoyTarget  target,
     guint64     id,
     const char *path)
{
  const AhoyPlace value = { id, (char *) path };
  AhoyWrite      *write = ahoy_mark_table_set (kind, target, &value);

  write->archive = f->archive;
  assert_true (write->type->run (write, f->file, NULL));
  ahoy_write_unref (write);
  ahoy_marks_set (ahoy_rows_get (f->rows, &ahoy_mark_table), kind, target, &value);
}

/* Both the disk and the memory have it so; "-": not at all. */
static void
assert_mark (Fixture    *f,
             const char *kind,
             AhoyTarget  target,
             const char *expected)
{
  g_autoptr (AhoyRows) loaded = ahoy_rows_new (ahoy_tables);
  AhoyRows *const      both[] = { f->rows, loaded };

  assert_true (ahoy_rows_load (loaded, f->file->sqlite, f->archive, 1, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      const AhoyPlace *value = ahoy_marks_find (ahoy_rows_get (both[i], &ahoy_mark_table), kind, target);
      g_autofree char *told = value != NULL ? g_strdup_printf ("%" G_GUINT64_FORMAT "%s%s", value->id, value->path != NULL ? " " : "",
                                                               value->path != NULL ? value->path : "")
                                            : g_strdup ("-");

      assert_string_equal (told, expected);
    }
}

static void
part (Fixture *f,
      guint64  first,
      guint    parting)
{
  assert_true (ahoy_mark_table.part (f->file->sqlite, f->archive, first, parting, NULL));
  ahoy_mark_table.part_rows (ahoy_rows_get (f->rows, &ahoy_mark_table), first, parting);
}

static void
rejoin (Fixture    *f,
        guint64     id,
        const char *path,
        guint64     as)
{
  const AhoyPlace copy = { id, (char *) path };

  assert_true (ahoy_mark_table.rejoin (f->file->sqlite, f->archive, &copy, as, NULL));
  ahoy_mark_table.rejoin_rows (ahoy_rows_get (f->rows, &ahoy_mark_table), &copy, as);
}

/* A room's number is nobody's name, and every kind is by itself. */
static void
test_targets_are_apart (void **state)
{
  Fixture *f = *state;

  set (f, "read", ahoy_target_room (AHOY_ROOM_EVERYONE), 1, NULL);
  set (f, "read", ahoy_target_room (7), 2, NULL);
  set (f, "read", ahoy_target_person ("7"), 3, NULL);
  set (f, "read", ahoy_target_person ("0"), 4, NULL);
  set (f, "seen", ahoy_target_person ("7"), 5, NULL);
  set (f, "read", ahoy_target_room (7), 6, "00000001");
  assert_mark (f, "read", ahoy_target_room (AHOY_ROOM_EVERYONE), "1");
  assert_mark (f, "read", ahoy_target_room (7), "6 00000001");
  assert_mark (f, "read", ahoy_target_person ("7"), "3");
  assert_mark (f, "read", ahoy_target_person ("0"), "4");
  assert_mark (f, "seen", ahoy_target_person ("7"), "5");
  assert_mark (f, "seen", ahoy_target_room (7), "-");
  assert_mark (f, "rea", ahoy_target_room (7), "-");
}

/* What is read goes along with the copies; floors come down to what is shared, and so does what others know. */
static void
test_a_parting (void **state)
{
  Fixture         *f = *state;
  const AhoyTarget bob = ahoy_target_person ("bob");
  const AhoyTarget everyone = ahoy_target_room (AHOY_ROOM_EVERYONE);

  set (f, AHOY_MARK_READ, bob, 5, NULL);
  set (f, AHOY_MARK_READ, everyone, 3, NULL);
  set (f, AHOY_MARK_FLOOR, bob, 5, NULL);
  set (f, AHOY_MARK_FLOOR, everyone, 4, NULL);
  set (f, AHOY_MARK_START, everyone, 9, NULL);
  set (f, "told-seen", bob, 4, NULL);
  set (f, "told-delivered", bob, 3, NULL);
  set (f, "position", everyone, 9, NULL);
  part (f, 4, 1);
  assert_mark (f, AHOY_MARK_READ, bob, "3 000000010000000000000005");
  assert_mark (f, AHOY_MARK_READ, everyone, "3");
  assert_mark (f, AHOY_MARK_FLOOR, bob, "4");
  assert_mark (f, AHOY_MARK_FLOOR, everyone, "4");
  assert_mark (f, AHOY_MARK_START, everyone, "4");
  assert_mark (f, "told-seen", bob, "3");
  assert_mark (f, "told-delivered", bob, "3");
  assert_mark (f, "position", everyone, "3");
}

static void
test_a_copy_that_is_found_again (void **state)
{
  Fixture         *f = *state;
  const AhoyTarget bob = ahoy_target_person ("bob");
  const AhoyTarget carol = ahoy_target_person ("carol");
  const AhoyTarget room = ahoy_target_room (7);

  set (f, AHOY_MARK_READ, bob, 5, NULL);
  set (f, AHOY_MARK_READ, carol, 6, NULL);
  set (f, AHOY_MARK_READ, room, 4, NULL);
  set (f, "seen", bob, 3, NULL);
  part (f, 4, 1);
  rejoin (f, 3, "000000010000000000000005", 8);
  assert_mark (f, AHOY_MARK_READ, bob, "8");
  assert_mark (f, AHOY_MARK_READ, carol, "8 000000010000000000000006"); /* behind it */
  assert_mark (f, AHOY_MARK_READ, room, "3 000000010000000000000004");  /* before it */
  assert_mark (f, "seen", bob, "3");
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_targets_are_apart),
    TEST (test_a_parting),
    TEST (test_a_copy_that_is_found_again),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
