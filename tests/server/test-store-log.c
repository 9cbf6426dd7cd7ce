/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What every store does for those who come back: repeats, pages and rows. The contract of test-store.c goes on here. */

#include "server/cmocka-all.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"
#include "support/test-loop.h"

typedef struct {
  GPtrArray *messages;
  gboolean   more;
  guint64    reached;
  int        error; /* -1: none */
  guint      n_ready;
} Page;

static gpointer
copy_message (gconstpointer event,
              gpointer      data)
{
  return ahoyd_event_ref ((AhoydEvent *) event);
}

static void
on_page (const AhoydPageResult *result,
         gpointer               data)
{
  Page *page = data;

  g_clear_pointer (&page->messages, g_ptr_array_unref);
  page->messages = g_ptr_array_copy (result->messages, copy_message, NULL);
  g_ptr_array_set_free_func (page->messages, (GDestroyNotify) ahoyd_event_unref);
  page->more = result->more;
  page->reached = result->reached;
  page->error = result->error != NULL ? result->error->code : -1;
  page->n_ready++;
}

static void
page_clear (Page *page)
{
  g_clear_pointer (&page->messages, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

static void
get_page (StoreFixture         *f,
          const AhoydPageQuery *query,
          Page                 *page)
{
  page->n_ready = 0;
  ahoyd_store_page (f->store, query, on_page, page);
  assert_int_equal (page->n_ready, 0);
  assert_true (test_loop_until_count (f->context, &page->n_ready, 1));
}

/* The texts of a page, joined: "a b c". */
static char *
texts (const Page *page)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < page->messages->len; i++)
    g_string_append_printf (all, i > 0 ? " %s" : "%s", ((AhoydEvent *) page->messages->pdata[i])->text);
  return g_string_free (all, FALSE);
}

static void
assert_page (StoreFixture  *f,
             AhoydPageQuery query,
             const char    *expected,
             gboolean       more)
{
  g_auto (Page)    page = { 0 };
  g_autofree char *found = NULL;

  if (query.limit == 0)
    query.limit = 100;
  get_page (f, &query, &page);
  found = texts (&page);
  assert_string_equal (found, expected);
  assert_int_equal (page.more, more);
  for (guint i = 1; i < page.messages->len; i++)
    assert_true (((AhoydEvent *) page.messages->pdata[i])->id > ((AhoydEvent *) page.messages->pdata[i - 1])->id);
}

/* alice and bob and carol, in public and not. */
static void
talk (StoreFixture *f)
{
  store_fixture_say (f, "alice", NULL, "p1", NULL);
  store_fixture_say (f, "alice", "bob", "ab1", NULL);
  store_fixture_say (f, "bob", NULL, "p2", NULL);
  store_fixture_say (f, "bob", "alice", "ba1", NULL);
  store_fixture_say (f, "carol", "bob", "cb1", NULL);
  store_fixture_say (f, "carol", NULL, "p3", NULL);
  store_fixture_wait (f, 6);
}

static void
test_a_repeat_is_not_said_again (void **state)
{
  StoreFixture *f = *state;
  guint64       id;
  gint64        time;

  store_fixture_say (f, "alice", NULL, "hello", "00000000000000aa");
  store_fixture_wait (f, 1);
  id = store_fixture_nth (f, 0)->id;
  time = store_fixture_nth (f, 0)->time;

  store_fixture_say (f, "alice", NULL, "hello", "00000000000000aa");
  store_fixture_say (f, "bob", NULL, "mine", "00000000000000aa");
  store_fixture_wait (f, 3);

  assert_int_equal (store_fixture_outcome (f, 1), STORE_REPEATED);
  assert_int_equal (store_fixture_nth (f, 1)->id, id);
  assert_int_equal (store_fixture_nth (f, 1)->time, time);
  /* The same cid of somebody else is something else. */
  assert_int_equal (store_fixture_outcome (f, 2), STORE_COMMITTED);
  assert_true (store_fixture_nth (f, 2)->id > id);
  assert_page (f, (AhoydPageQuery){ .viewer = "alice" }, "hello mine", FALSE);
}

/* What it says then is of no account. */
static void
test_a_repeat_with_another_text (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", NULL, "first", "00000000000000aa");
  store_fixture_say (f, "alice", "bob", "for bob", "00000000000000ab");
  store_fixture_wait (f, 2);
  store_fixture_say (f, "alice", "bob", "second", "00000000000000aa");
  store_fixture_say (f, "alice", "carol", "for carol", "00000000000000ab");
  store_fixture_wait (f, 4);

  assert_int_equal (store_fixture_outcome (f, 2), STORE_REPEATED);
  assert_string_equal (store_fixture_nth (f, 2)->first->text, "first");
  assert_null (store_fixture_nth (f, 2)->first->target.person);
  assert_int_equal (store_fixture_nth (f, 2)->first->id, store_fixture_nth (f, 0)->id);
  assert_int_equal (store_fixture_outcome (f, 3), STORE_REPEATED);
  assert_string_equal (store_fixture_nth (f, 3)->first->text, "for bob");
  assert_string_equal (store_fixture_nth (f, 3)->first->target.person, "bob");
  assert_int_equal (store_fixture_nth (f, 3)->first->time, store_fixture_nth (f, 1)->time);
  assert_page (f, (AhoydPageQuery){ .viewer = "carol" }, "first", FALSE);
}

/* Both halves of a pair may be under way at once. */
static void
test_a_repeat_in_the_same_group (void **state)
{
  StoreFixture *f = *state;

  for (guint i = 0; i < 5; i++)
    store_fixture_say (f, "alice", NULL, "once", "00000000000000bb");
  store_fixture_wait (f, 5);

  assert_int_equal (store_fixture_outcome (f, 0), STORE_COMMITTED);
  for (guint i = 1; i < 5; i++)
    {
      assert_int_equal (store_fixture_outcome (f, i), STORE_REPEATED);
      assert_int_equal (store_fixture_nth (f, i)->id, store_fixture_nth (f, 0)->id);
    }
}

static void
test_classic_repeats_are_said_again (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", NULL, "hello", NULL);
  store_fixture_say (f, "alice", NULL, "hello", NULL);
  store_fixture_wait (f, 2);
  assert_page (f, (AhoydPageQuery){ .viewer = "alice" }, "hello hello", FALSE);
}

static void
test_who_may_see_what (void **state)
{
  StoreFixture *f = *state;

  talk (f);
  assert_page (f, (AhoydPageQuery){ .viewer = "alice" }, "p1 ab1 p2 ba1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob" }, "p1 ab1 p2 ba1 cb1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "carol" }, "p1 p2 cb1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "dave" }, "p1 p2 p3", FALSE);
}

static void
test_scopes (void **state)
{
  StoreFixture *f = *state;

  talk (f);
  assert_page (f, (AhoydPageQuery){ .scope = AHOYD_PAGE_ROOM, .viewer = "bob" }, "p1 p2 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .scope = AHOYD_PAGE_WITH, .viewer = "bob", .with = "alice" }, "ab1 ba1", FALSE);
  assert_page (f, (AhoydPageQuery){ .scope = AHOYD_PAGE_WITH, .viewer = "alice", .with = "carol" }, "", FALSE);
  assert_page (f, (AhoydPageQuery){ .scope = AHOYD_PAGE_HELD, .viewer = "bob" }, "ab1 cb1", FALSE);
}

/* Whoever has a name after somebody else is not shown the other's whispers. */
static void
test_whispers_of_somebody_before (void **state)
{
  StoreFixture *f = *state;
  guint64       second, third;

  talk (f);
  second = store_fixture_nth (f, 1)->id;
  third = store_fixture_nth (f, 2)->id;
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .whispers_after = third }, "p1 p2 ba1 cb1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .whispers_after = second - 1 }, "p1 ab1 p2 ba1 cb1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .whispers_after = G_MAXUINT64 }, "p1 p2 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .scope = AHOYD_PAGE_WITH, .viewer = "bob", .with = "alice", .whispers_after = second }, "ba1", FALSE);
  assert_page (f, (AhoydPageQuery){ .scope = AHOYD_PAGE_HELD, .viewer = "bob", .whispers_after = second }, "cb1", FALSE);
  /* And a page is as full as it can be of what is left. */
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .whispers_after = third, .limit = 2 }, "p1 p2", TRUE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .whispers_after = G_MAXUINT64, .limit = 3, .newest = TRUE }, "p1 p2 p3", FALSE);
}

static void
test_limits_and_bounds (void **state)
{
  StoreFixture *f = *state;
  guint64       third, fifth;

  talk (f);
  third = store_fixture_nth (f, 2)->id;
  fifth = store_fixture_nth (f, 4)->id;

  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .limit = 2 }, "p1 ab1", TRUE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .limit = 2, .newest = TRUE }, "cb1 p3", TRUE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .limit = 6 }, "p1 ab1 p2 ba1 cb1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .after = third }, "ba1 cb1 p3", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .before = third }, "p1 ab1", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .after = third, .before = fifth }, "ba1", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .before = fifth, .limit = 2, .newest = TRUE }, "p2 ba1", TRUE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .after = store_fixture_nth (f, 5)->id }, "", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .after = G_MAXUINT64 }, "", FALSE);
}

static void
test_searching (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", NULL, "100%", NULL);
  store_fixture_say (f, "alice", NULL, "100x", NULL);
  store_fixture_say (f, "alice", NULL, "a_b", NULL);
  store_fixture_say (f, "alice", NULL, "acb", NULL);
  store_fixture_say (f, "alice", NULL, "下午的会议", NULL);
  store_fixture_wait (f, 5);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .text = "100%" }, "100%", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .text = "a_b" }, "a_b", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .text = "会议" }, "下午的会议", FALSE);
  assert_page (f, (AhoydPageQuery){ .viewer = "bob", .text = "nothing" }, "", FALSE);
}

/* A page never shows what was not announced: whoever asks would get it twice. */
static void
test_a_page_ends_where_the_announcements_do (void **state)
{
  StoreFixture  *f = *state;
  g_auto (Page)  page = { 0 };
  AhoydPageQuery query = { .viewer = "alice", .limit = 10 };

  store_fixture_say (f, "alice", NULL, "known", NULL);
  store_fixture_wait (f, 1);
  store_fixture_say (f, "alice", NULL, "under way", NULL);
  get_page (f, &query, &page);
  store_fixture_wait (f, 2);

  assert_int_equal (page.messages->len, 1);
  assert_string_equal (((AhoydEvent *) page.messages->pdata[0])->text, "known");
}

static void
test_what_a_page_holds (void **state)
{
  StoreFixture  *f = *state;
  g_auto (Page)  page = { 0 };
  AhoydPageQuery query = { .viewer = "bob", .limit = 10 };
  AhoydEvent     said = {
        .from = (char *) "Alice",
        .from_skeleton = (char *) "alice",
        .target = AHOY_TARGET_INIT_PERSON ("Bob"),
        .target_skeleton = (char *) "bob",
        .text = (char *) "line\nand tab\t.",
        .cid = (char *) "00000000000000cc",
        .re = 4711,
  };
  const AhoydEvent *found;

  ahoyd_store_append (f->store, ahoyd_event_new (&said));
  store_fixture_wait (f, 1);
  get_page (f, &query, &page);
  assert_int_equal (page.messages->len, 1);
  found = page.messages->pdata[0];
  assert_string_equal (found->from, "Alice");
  assert_string_equal (found->from_skeleton, "alice");
  assert_string_equal (found->target.person, "Bob");
  assert_string_equal (found->target_skeleton, "bob");
  assert_string_equal (found->text, "line\nand tab\t.");
  assert_string_equal (found->cid, "00000000000000cc");
  assert_int_equal (found->re, 4711);
  assert_int_equal (found->id, store_fixture_nth (f, 0)->id);
  assert_int_equal (found->time, store_fixture_nth (f, 0)->time);
}

static void
test_a_cancelled_page_does_not_come (void **state)
{
  StoreFixture  *f = *state;
  g_auto (Page)  cancelled = { 0 };
  g_auto (Page)  page = { 0 };
  AhoydPageQuery query = { .viewer = "bob", .limit = 10 };

  talk (f);
  ahoyd_store_page_cancel (ahoyd_store_page (f->store, &query, on_page, &cancelled));
  get_page (f, &query, &page);
  assert_int_equal (cancelled.n_ready, 0);
  assert_int_equal (page.messages->len, 6);
}

typedef struct {
  StoreFixture *f;
  guint         n_kept;
  guint         n_announced; /* when the last was kept */
  gboolean      failed;
} Kept;

static void
on_kept (const GError *error,
         gpointer      data)
{
  Kept *kept = data;

  kept->n_kept++;
  kept->failed |= error != NULL;
  kept->n_announced = kept->f->n_announced;
}

static void
test_waiting_for_a_row (void **state)
{
  StoreFixture *f = *state;
  Kept          kept = { .f = f };

  store_fixture_say (f, "alice", NULL, "before", NULL);
  ahoyd_owner_set (OWNERS (f->store), "alice", "key", 1, on_kept, &kept);
  /* It counts at once, and nobody is called from inside. */
  assert_string_equal (owner_of (f->store, "alice"), "key");
  assert_int_equal (kept.n_kept, 0);
  assert_true (test_loop_until_count (f->context, &kept.n_kept, 1));
  assert_int_equal (kept.n_announced, 1);

  /* What is so already is waited for as well, and so is what is no more. */
  ahoyd_owner_set (OWNERS (f->store), "alice", "key", 1, on_kept, &kept);
  ahoyd_owner_set (OWNERS (f->store), "alice", NULL, 0, on_kept, &kept);
  assert_null (owner_of (f->store, "alice"));
  assert_true (test_loop_until_count (f->context, &kept.n_kept, 3));
  assert_true (test_loop_settle (f->context));
  assert_int_equal (kept.n_kept, 3);
  assert_false (kept.failed);
}

static void
test_no_longer_waiting_for_a_row (void **state)
{
  StoreFixture *f = *state;
  Kept          cancelled = { .f = f };
  Kept          kept = { .f = f };

  ahoyd_keeping_cancel (ahoyd_owner_set (OWNERS (f->store), "alice", "key", 1, on_kept, &cancelled));
  ahoyd_owner_set (OWNERS (f->store), "bob", "key", 1, on_kept, &kept);
  ahoyd_store_flush (f->store);
  assert_int_equal (kept.n_kept, 1);
  assert_int_equal (cancelled.n_kept, 0);
  assert_string_equal (owner_of (f->store, "alice"), "key");
}

static void
test_flush_announces_everything (void **state)
{
  StoreFixture *f = *state;

  for (guint i = 0; i < 50; i++)
    store_fixture_say (f, "alice", NULL, "x", NULL);
  ahoyd_store_flush (f->store);
  assert_int_equal (f->outcomes->len, 50);
  assert_int_equal (ahoyd_store_get_n_pending (f->store), 0);
}

static void
test_freed_with_somebody_waiting (void **state)
{
  StoreFixture  *f = *state;
  Kept           kept = { .f = f };
  g_auto (Page)  page = { 0 };
  AhoydPageQuery query = { .viewer = "bob", .limit = 10 };

  talk (f);
  ahoyd_store_page (f->store, &query, on_page, &page);
  ahoyd_owner_set (OWNERS (f->store), "alice", "key", 1, on_kept, &kept);
  g_clear_pointer (&f->store, ahoyd_store_free);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (page.n_ready, 0);
  assert_int_equal (kept.n_kept, 0);
}

#define CONTRACT(setup)                                                                                           \
  cmocka_unit_test_setup_teardown (test_a_repeat_is_not_said_again, setup, store_fixture_teardown),               \
    cmocka_unit_test_setup_teardown (test_a_repeat_with_another_text, setup, store_fixture_teardown),             \
    cmocka_unit_test_setup_teardown (test_a_repeat_in_the_same_group, setup, store_fixture_teardown),             \
    cmocka_unit_test_setup_teardown (test_classic_repeats_are_said_again, setup, store_fixture_teardown),         \
    cmocka_unit_test_setup_teardown (test_who_may_see_what, setup, store_fixture_teardown),                       \
    cmocka_unit_test_setup_teardown (test_scopes, setup, store_fixture_teardown),                                 \
    cmocka_unit_test_setup_teardown (test_whispers_of_somebody_before, setup, store_fixture_teardown),            \
    cmocka_unit_test_setup_teardown (test_limits_and_bounds, setup, store_fixture_teardown),                      \
    cmocka_unit_test_setup_teardown (test_searching, setup, store_fixture_teardown),                              \
    cmocka_unit_test_setup_teardown (test_a_page_ends_where_the_announcements_do, setup, store_fixture_teardown), \
    cmocka_unit_test_setup_teardown (test_what_a_page_holds, setup, store_fixture_teardown),                      \
    cmocka_unit_test_setup_teardown (test_a_cancelled_page_does_not_come, setup, store_fixture_teardown),         \
    cmocka_unit_test_setup_teardown (test_waiting_for_a_row, setup, store_fixture_teardown),                      \
    cmocka_unit_test_setup_teardown (test_no_longer_waiting_for_a_row, setup, store_fixture_teardown),            \
    cmocka_unit_test_setup_teardown (test_flush_announces_everything, setup, store_fixture_teardown),             \
    cmocka_unit_test_setup_teardown (test_freed_with_somebody_waiting, setup, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CONTRACT (store_fixture_setup_memory),
    CONTRACT (store_fixture_setup_sqlite),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
