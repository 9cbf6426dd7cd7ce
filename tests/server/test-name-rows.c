/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The tables of names: what each says of a name is there again at the next start, and a name of which there is nothing takes no room. */

#include <sqlite3.h>

#include "server/cmocka-all.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"

#define MANY 1000

static gint64
count_on_disk (StoreFixture *f,
               const char   *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", table);
  sqlite3         *db = NULL;
  sqlite3_stmt    *stmt = NULL;
  gint64           n;

  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  n = sqlite3_column_int64 (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return n;
}

static void
count_row (gconstpointer row,
           gpointer      data)
{
  ++*(guint *) data;
}

static guint
count_in_memory (AhoydNameRows *rows)
{
  guint n = 0;

  ahoyd_name_rows_each (rows, count_row, &n);
  return n;
}

static void
say_all (StoreFixture *f,
         const char   *who)
{
  set_owner_of (f->store, who, "key");
  ahoyd_owner_set_seen (OWNERS (f->store), who, 1700000000);
  ahoyd_people_set_name (PEOPLE (f->store), who, "Shown");
  ahoyd_people_set_secret (PEOPLE (f->store), who, "secret");
  ahoyd_tenure_set_released (TENURES (f->store), who, 41);
  ahoyd_taken_set (TAKEN (f->store), who, 42);
  ahoyd_taken_raise_held (TAKEN (f->store), who, 43);
}

static void
unsay_all (StoreFixture *f,
           const char   *who)
{
  set_owner_of (f->store, who, NULL);
  ahoyd_people_set_name (PEOPLE (f->store), who, NULL);
  ahoyd_people_set_secret (PEOPLE (f->store), who, NULL);
  ahoyd_tenure_set_released (TENURES (f->store), who, 0);
  ahoyd_taken_drop (TAKEN (f->store), who);
}

static void
assert_all (StoreFixture *f,
            const char   *who)
{
  const AhoydOwnerRow *owner = ahoyd_owner_find (OWNERS (f->store), who);

  assert_string_equal (owner->key, "key");
  assert_int_equal (owner->seen, 1700000000);
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), who), "Shown");
  assert_string_equal (ahoyd_people_get_secret (PEOPLE (f->store), who), "secret");
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), who), 41);
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), who), 42);
}

static void
assert_empty (StoreFixture *f)
{
  AhoydNameRows *const all[] = { OWNERS (f->store), PEOPLE (f->store), TENURES (f->store), TAKEN (f->store) };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    assert_int_equal (count_in_memory (all[i]), 0);
}

static void
test_what_is_said_is_there (void **state)
{
  StoreFixture *f = *state;

  assert_empty (f);
  say_all (f, "alice");
  assert_all (f, "alice");
  assert_int_equal (ahoyd_taken_get_held (TAKEN (f->store), "alice"), 43);
  ahoyd_taken_raise_held (TAKEN (f->store), "alice", 7);
  assert_int_equal (ahoyd_taken_get_held (TAKEN (f->store), "alice"), 43);
  assert_null (ahoyd_owner_find (OWNERS (f->store), "bob"));
  /* Half of a row stays without the other. */
  ahoyd_people_set_name (PEOPLE (f->store), "alice", NULL);
  assert_string_equal (ahoyd_people_get_secret (PEOPLE (f->store), "alice"), "secret");
  unsay_all (f, "alice");
  assert_empty (f);
}

static void
test_it_is_there_again (void **state)
{
  StoreFixture *f = *state;

  say_all (f, "alice");
  say_all (f, "bob");
  unsay_all (f, "bob");
  assert_true (store_fixture_reopen (f, NULL));
  assert_all (f, "alice");
  assert_int_equal (count_in_memory (OWNERS (f->store)), 1);
  /* The log knows this, and there is no such whisper. */
  assert_int_equal (ahoyd_taken_get_held (TAKEN (f->store), "alice"), 0);
}

/* As a crash leaves it: nothing of whom nobody owns, and nothing in the log is from or for. */
static void
test_what_a_crash_leaves_is_tidied_away (void **state)
{
  StoreFixture *f = *state;

  ahoyd_people_set_name (PEOPLE (f->store), "guest", "Guest");
  ahoyd_tenure_set_released (TENURES (f->store), "guest", 1);
  ahoyd_taken_set (TAKEN (f->store), "guest", 1);
  assert_true (store_fixture_reopen (f, NULL));
  assert_empty (f);
}

/* Names are cheap to make up: of those that nothing is known of any more nothing stays. */
static void
test_many_names (void **state)
{
  StoreFixture *f = *state;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *who = g_strdup_printf ("guest%u", i);

      say_all (f, who);
      unsay_all (f, who);
    }
  assert_empty (f);
  ahoyd_store_flush (f->store);
  if (f->path == NULL)
    return;
  assert_int_equal (count_on_disk (f, "owners"), 0);
  assert_int_equal (count_on_disk (f, "people"), 0);
  assert_int_equal (count_on_disk (f, "tenures"), 0);
  assert_int_equal (count_on_disk (f, "taken"), 0);
}

/* By what is written first a name may become somebody else's; what is not theirs is written by then. */
static void
test_tenures_come_before_owners (void **state)
{
  StoreFixture *f = *state;
  guint         tenures = G_MAXUINT;
  guint         owners = 0;

  for (guint i = 0; i < f->store->tables->len; i++)
    {
      const AhoydTableClass *klass = ahoyd_table_get_class (f->store->tables->pdata[i]);

      if (klass == &ahoyd_tenure_table)
        tenures = i;
      else if (klass == &ahoyd_owner_table)
        owners = i;
    }
  assert_true (tenures < owners);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_what_is_said_is_there, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_said_is_there, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_it_is_there_again, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_what_a_crash_leaves_is_tidied_away, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_many_names, store_fixture_setup_memory, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_many_names, store_fixture_setup_sqlite, store_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_tenures_come_before_owners, store_fixture_setup_sqlite, store_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
