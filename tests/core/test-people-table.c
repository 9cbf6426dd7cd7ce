/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom an archive knows, and by which key. */

#include "database-fixture.h"

static void
test_whom_we_know (void **state)
{
  DatabaseFixture *f = *state;

  assert_string_equal (f->people, "");
  database_know (f, "bob", "k1", "k1", FALSE);
  database_know (f, "carol", "k2", "k2", FALSE);
  database_know (f, "dave", "k3", "k3", FALSE);
  database_know (f, "bob", "k1", "k1", TRUE);
  database_know (f, "carol", NULL, "k2", FALSE);
  database_know (f, "dave", NULL, NULL, FALSE);
  database_reopen (f);
  assert_string_equal (f->people, "bob k1/k1 9+ carol -/k2 9 ");
  database_load_as (f, "server-a", "carol");
  assert_string_equal (f->people, "");
  database_load_as (f, "server-b", "alice");
  assert_string_equal (f->people, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_whom_we_know),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
