/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The contract of every store: run against each of them in turn. */

#include "server/cmocka-all.h"
#include "server/store-fixture.h"
#include "support/test-loop.h"

static void
test_an_empty_store (void **state)
{
  StoreFixture *f = *state;

  assert_int_equal (ahoyd_store_get_last (f->store), 0);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 0);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (f->n_announced, 0);
}

static void
test_what_is_appended_is_announced_as_it_was (void **state)
{
  StoreFixture *f = *state;
  gint64        before = g_get_real_time () / 1000;

  store_fixture_say (f, "alice", NULL, "hello\n你好", NULL);
  store_fixture_say (f, "alice", "bob", "psst", NULL);
  assert_true (test_loop_until_count (f->context, &f->n_announced, 2));

  assert_string_equal (store_fixture_nth (f, 0)->from, "alice");
  assert_true (ahoy_target_is_everyone (store_fixture_nth (f, 0)->target));
  assert_null (store_fixture_nth (f, 0)->target_skeleton);
  assert_string_equal (store_fixture_nth (f, 0)->text, "hello\n你好");
  assert_int_equal (store_fixture_nth (f, 0)->sender, 7);
  assert_string_equal (store_fixture_nth (f, 1)->target.person, "bob");
  assert_string_equal (store_fixture_nth (f, 1)->target_skeleton, "bob");
  assert_string_equal (store_fixture_nth (f, 1)->text, "psst");
  for (guint i = 0; i < 2; i++)
    {
      assert_true (store_fixture_nth (f, i)->time >= before);
      assert_true (store_fixture_nth (f, i)->time <= g_get_real_time () / 1000);
    }
}

static void
test_never_from_inside_append (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", NULL, "one", NULL);
  assert_int_equal (f->n_announced, 0);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 1);
  f->answer = 3;
  assert_true (test_loop_until_count (f->context, &f->n_announced, 4));
  assert_false (f->announced_inside);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 0);
  assert_string_equal (store_fixture_nth (f, 3)->text, "one");
}

static void
test_order_and_ids (void **state)
{
  StoreFixture *f = *state;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      store_fixture_say (f, "alice", NULL, text, NULL);
      if (i % 100 == 0)
        test_loop_settle (f->context);
    }
  assert_true (test_loop_until_count (f->context, &f->n_announced, 1000));
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      assert_string_equal (store_fixture_nth (f, i)->text, text);
      assert_true (store_fixture_nth (f, i)->id > (i > 0 ? store_fixture_nth (f, i - 1)->id : 0));
    }
  assert_int_equal (ahoyd_store_get_last (f->store), store_fixture_nth (f, 999)->id);
}

/* What the newest id is never runs ahead of what was announced. */
static void
test_last_follows_the_announcements (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", NULL, "one", NULL);
  assert_int_equal (ahoyd_store_get_last (f->store), 0);
  assert_true (test_loop_until_count (f->context, &f->n_announced, 1));
  assert_int_equal (ahoyd_store_get_last (f->store), store_fixture_nth (f, 0)->id);
}

static void
test_freed_with_something_pending (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", NULL, "one", NULL);
  g_clear_pointer (&f->store, ahoyd_store_free);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (f->n_announced, 0);
}

#define CONTRACT(setup)                                                                                            \
  cmocka_unit_test_setup_teardown (test_an_empty_store, setup, store_fixture_teardown),                            \
    cmocka_unit_test_setup_teardown (test_what_is_appended_is_announced_as_it_was, setup, store_fixture_teardown), \
    cmocka_unit_test_setup_teardown (test_never_from_inside_append, setup, store_fixture_teardown),                \
    cmocka_unit_test_setup_teardown (test_order_and_ids, setup, store_fixture_teardown),                           \
    cmocka_unit_test_setup_teardown (test_last_follows_the_announcements, setup, store_fixture_teardown),          \
    cmocka_unit_test_setup_teardown (test_freed_with_something_pending, setup, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CONTRACT (store_fixture_setup_memory),
    CONTRACT (store_fixture_setup_sqlite),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
