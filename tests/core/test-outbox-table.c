/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What was said by us and not yet shown by the server. */

#include "database-fixture.h"

#include "core/archive/ahoy-outbox-table.h"
#include "support/test-loop.h"

static void
test_the_outbox_empties_by_echoes (void **state)
{
  DatabaseFixture *f = *state;

  database_owe (f, "o1", "00000000000000a1");
  database_owe (f, "o2", "00000000000000a2");
  database_owe (f, "o3", "00000000000000a3");
  database_owe (f, "o4", "00000000000000a4");
  assert_true (test_loop_until_count (f->context, &f->n_kept, 4));
  assert_int_equal (f->n_errors, 0);
  database_keep (f, 9, "alice", NULL, "o2", "00000000000000a2");
  database_put (f, ahoy_outbox_table_drop ("00000000000000a3"));
  database_reopen (f);
  assert_string_equal (f->outbox, "o1 o4");
  assert_string_equal (f->newest, "o2");
}

/* What is said again under the same id is there once, where it was. */
static void
test_a_cid_is_there_once (void **state)
{
  DatabaseFixture *f = *state;

  database_owe (f, "o1", "00000000000000a1");
  database_owe (f, "o2", "00000000000000a2");
  database_owe (f, "again", "00000000000000a1");
  database_reopen (f);
  assert_string_equal (f->outbox, "o1 o2");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_the_outbox_empties_by_echoes),
    DATABASE_TEST (test_a_cid_is_there_once),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
