/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far an archive came in each run of its server's log. */

#include "database-fixture.h"

#include "core/archive/ahoy-run-table.h"

static void
test_runs (void **state)
{
  DatabaseFixture         *f = *state;
  g_autoptr (AhoyRunMarks) runs = ahoy_run_marks_new ();

  assert_string_equal (f->runs, "");
  ahoy_run_marks_enter (runs, "00000000000000aa", 3);
  ahoy_run_marks_enter (runs, "00000000000000bb", 5);
  database_put (f, ahoy_run_table_set (ahoy_run_marks_copy (runs)));
  ahoy_run_marks_enter (runs, "00000000000000cc", 7);
  database_put (f, ahoy_run_table_set (ahoy_run_marks_copy (runs)));
  database_reopen (f);
  assert_string_equal (f->runs, "00000000000000cc:9,00000000000000bb:7,00000000000000aa:5");
  database_load_as (f, "server-a", "carol");
  assert_string_equal (f->runs, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_runs),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
