/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Any three characters in a row are found. */

#include "database-fixture.h"

#include "core/archive/ahoy-search-index.h"
#include "core/archive/ahoy-tables.h"
#include "support/test-loop.h"

static void
search (DatabaseFixture *f)
{
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "会议" }), "下午的会议");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "下午的" }), "下午的会议");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "HELLO" }), "hello-world");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "o-w" }), "hello-world");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "say \"hi\"" }), "say \"hi\"");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "100%" }), "100%");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "0%" }), "100%");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "zzz" }), "");
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "NOT OR" }), "");
}

static void
test_searching (void **state)
{
  DatabaseFixture *f = *state;

  database_keep (f, 1, "bob", NULL, "下午的会议", NULL);
  database_keep (f, 2, "bob", NULL, "hello-world", NULL);
  database_keep (f, 3, "bob", NULL, "100%", NULL);
  database_keep (f, 4, "bob", NULL, "1000", NULL);
  database_keep (f, 5, "bob", NULL, "say \"hi\"", NULL);
  search (f); /* not indexed */
  ahoy_database_index (f->database);
  assert_true (test_loop_until (f->context, database_nothing_pending, f->database, TEST_LOOP_DEADLINE_MS));
  search (f); /* indexed */
  database_keep (f, 6, "bob", NULL, "zzz", NULL);
  assert_string_equal (database_page (f, (AhoyPageQuery){ .text = "zzz" }), "zzz"); /* half and half */
}

static void
test_the_index_goes_on_to_the_end (void **state)
{
  DatabaseFixture *f = *state;

  for (guint i = 1; i <= 2100; i++)
    database_keep (f, i, "bob", NULL, i == 2100 ? "needle" : "straw", NULL);
  ahoy_database_index (f->database);
  assert_true (test_loop_until (f->context, database_nothing_pending, f->database, TEST_LOOP_DEADLINE_MS));
  g_clear_pointer (&f->database, ahoy_database_close);
  {
    g_autofree char *until = database_query (f, "SELECT rowid FROM found_until");

    assert_string_equal (until, "2100");
  }

  {
    g_autoptr (AhoyDatabaseFile) file = ahoy_database_file_open (f->path, ahoy_tables, NULL);
    g_autoptr (AhoyRead)         fill = ahoy_search_index_fill (1);

    /* Nothing is left for another call to do. */
    assert_true (fill->type->run (fill, file, NULL));
    assert_false (ahoy_search_index_has_more (fill));
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_searching),
    DATABASE_TEST (test_the_index_goes_on_to_the_end),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
