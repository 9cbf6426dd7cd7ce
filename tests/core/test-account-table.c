/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One person on one server: a number, and what the server knows them again by. */

#include "database-fixture.h"

#include <string.h>

/* It is made once, by chance, and shown to one server as one person. */
static void
test_the_secret (void **state)
{
  DatabaseFixture *f = *state;
  char             first[33];

  g_strlcpy (first, f->secret, sizeof first);
  assert_int_equal (strlen (first), 32);
  assert_int_equal (strspn (first, "0123456789abcdef"), 32);
  database_load_as (f, "server-b", "alice");
  assert_string_not_equal (f->secret, first);
  database_load_as (f, "server-a", "carol");
  assert_string_not_equal (f->secret, first);
  database_reopen (f);
  assert_string_equal (f->secret, first);
}

/* A secret that is not on the disk is none. */
static void
test_a_disk_that_takes_none (void **state)
{
  DatabaseFixture *f = *state;

  database_exec (f, "CREATE TRIGGER no BEFORE UPDATE ON accounts BEGIN SELECT raise (ABORT, 'no'); END");
  database_load_as (f, "server-b", "alice");
  assert_int_equal (f->n_errors, 0);
  assert_true (f->archive != 0);
  assert_string_equal (f->secret, "");
  database_exec (f, "DROP TRIGGER no");
  database_load_as (f, "server-b", "alice");
  assert_int_equal (strlen (f->secret), 32);
}

static void
test_partings_are_counted (void **state)
{
  DatabaseFixture *f = *state;

  assert_int_equal (f->partings, 0);
  database_part (f, 4, 1);
  database_part (f, 3, 2);
  database_reopen (f);
  assert_int_equal (f->partings, 2);
  database_load_as (f, "server-b", "alice");
  assert_int_equal (f->partings, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_the_secret),
    DATABASE_TEST (test_a_disk_that_takes_none),
    DATABASE_TEST (test_partings_are_counted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
