/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What one person has seen and still owes: kept, found again, and apart from that of others. */

#include "database-fixture.h"

#include <sqlite3.h>

#include "support/test-loop.h"

static void
test_a_new_person_has_nothing (void **state)
{
  DatabaseFixture *f = *state;

  assert_true (f->archive != 0);
  assert_int_equal (f->last, 0);
  assert_string_equal (f->newest, "");
  assert_string_equal (f->outbox, "");
  assert_int_equal (f->read_mark, -1);
  assert_false (f->more);
}

static void
test_what_was_kept_is_there_again (void **state)
{
  DatabaseFixture *f = *state;

  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("m%u", i);

      database_keep (f, i * 10, "bob", NULL, text, NULL);
    }
  database_mark (f, "read", ahoy_target_person ("bob"), 30);
  database_mark (f, "read", ahoy_target_person ("bob"), 40);
  database_reopen (f);

  assert_int_equal (f->last, 50);
  assert_string_equal (f->newest, "m3 m4 m5");
  assert_true (f->more);
  assert_int_equal (f->read_mark, 40);
}

static void
test_servers_and_people_are_apart (void **state)
{
  DatabaseFixture *f = *state;
  gint64           alice = f->archive;

  database_keep (f, 1, "bob", NULL, "here", NULL);
  database_owe (f, "owed", "00000000000000aa");
  database_load_as (f, "server-b", "alice");
  assert_true (f->archive != alice);
  assert_string_equal (f->newest, "");
  assert_string_equal (f->outbox, "");
  database_keep (f, 1, "bob", NULL, "there", NULL);
  database_load_as (f, "server-a", "carol");
  assert_string_equal (f->newest, "");
  database_load_as (f, "server-a", "alice");
  assert_int_equal (f->archive, alice);
  assert_string_equal (f->newest, "here");
  assert_string_equal (f->outbox, "owed");
}

static void
on_page (AhoyRead     *page,
         const GError *error,
         gpointer      data)
{
  ++*(guint *) data;
}

static void
test_an_asker_that_is_forgotten (void **state)
{
  DatabaseFixture *f = *state;
  guint            n_pages = 0;

  database_keep (f, 1, "bob", NULL, "one", NULL);
  ahoy_database_read (f->database, ahoy_message_table_read (f->archive, &(AhoyPageQuery){ .limit = 1 }), on_page, &n_pages);
  ahoy_database_forget_asker (f->database, &n_pages);
  assert_string_equal (database_page (f, (AhoyPageQuery){ 0 }), "one");
  assert_int_equal (n_pages, 0);
}

static void
test_closing_writes_everything (void **state)
{
  DatabaseFixture *f = *state;

  for (guint i = 1; i <= 500; i++)
    database_keep (f, i, "bob", NULL, "x", NULL);
  database_reopen (f);
  assert_int_equal (f->last, 500);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    DATABASE_TEST (test_a_new_person_has_nothing),
    DATABASE_TEST (test_what_was_kept_is_there_again),
    DATABASE_TEST (test_servers_and_people_are_apart),
    DATABASE_TEST (test_an_asker_that_is_forgotten),
    DATABASE_TEST (test_closing_writes_everything),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
