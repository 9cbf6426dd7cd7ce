/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-owners: who owns a name, over each of the stores. */

#include "state/ahoyd-owners.h"

#include "server/cmocka-all.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"
#include "state/ahoyd-held.h"
#include "support/test-loop.h"

typedef struct {
  guint    n;
  gboolean failed;
} Done;

static void
on_done (const GError *error,
         gpointer      data)
{
  Done *done = data;

  done->n++;
  done->failed |= error != NULL;
}

static void
claim (StoreFixture *f,
       AhoydOwners  *owners,
       const char   *skeleton,
       const char   *key)
{
  Done done = { 0 };

  assert_non_null (ahoyd_owners_claim (owners, skeleton, key, on_done, &done));
  assert_int_equal (done.n, 0);
  assert_true (test_loop_until_count (f->context, &done.n, 1));
  assert_false (done.failed);
}

static void
test_the_first_key_owns_it (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  Done                    done = { 0 };

  assert_null (ahoyd_owners_find (owners, "alice"));
  claim (f, owners, "alice", "ours");
  assert_string_equal (ahoyd_owners_find (owners, "alice"), "ours");
  assert_null (ahoyd_owners_find (owners, "bob"));
  /* There is nothing to wait for the next time. */
  assert_null (ahoyd_owners_claim (owners, "alice", "ours", on_done, &done));
  assert_true (test_loop_settle (f->context));
  assert_int_equal (done.n, 0);
}

/* It counts before it is committed, and whoever comes with the same key meanwhile waits as well. */
static void
test_a_claim_under_way (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  Done                    first = { 0 };
  Done                    second = { 0 };
  Done                    gone = { 0 };
  AhoydClaim             *left;

  assert_non_null (ahoyd_owners_claim (owners, "alice", "ours", on_done, &first));
  assert_string_equal (ahoyd_owners_find (owners, "alice"), "ours");
  /* Since when it is theirs does not change by that. */
  ahoyd_owner_set (OWNERS (f->store), "alice", "ours", 5, on_owner_kept, NULL);
  left = ahoyd_owners_claim (owners, "alice", "ours", on_done, &gone);
  assert_non_null (left);
  assert_int_equal (ahoyd_owner_find (OWNERS (f->store), "alice")->since, 5);
  assert_non_null (ahoyd_owners_claim (owners, "alice", "ours", on_done, &second));
  ahoyd_claim_cancel (left);
  assert_true (test_loop_until_count (f->context, &second.n, 1));
  assert_int_equal (first.n, 1);
  assert_int_equal (gone.n, 0);
  assert_null (ahoyd_owners_claim (owners, "alice", "ours", on_done, &first));
}

static void
test_freed_with_a_claim_under_way (void **state)
{
  StoreFixture *f = *state;
  AhoydOwners  *owners = ahoyd_owners_new (f->store);
  Done          done = { 0 };

  ahoyd_owners_claim (owners, "alice", "ours", on_done, &done);
  ahoyd_owners_free (owners);
  ahoyd_store_flush (f->store);
  assert_int_equal (done.n, 0);
  assert_string_equal (owner_of (f->store, "alice"), "ours");
}

typedef struct {
  guint  n;
  char  *text; /* "name key" of each */
  gint64 since;
  gint64 seen;
} List;

static void
on_owned (const AhoydOwned *owned,
          gpointer          data)
{
  List            *list = data;
  g_autofree char *before = g_steal_pointer (&list->text);

  list->n++;
  list->text = g_strdup_printf ("%s%s %s %s;", before != NULL ? before : "", owned->name, owned->skeleton, owned->key);
  list->since = owned->since;
  list->seen = owned->seen;
}

static void
list_clear (List *list)
{
  g_free (list->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (List, list_clear)

static void
test_the_list (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  g_auto (List)           none = { 0 };
  g_auto (List)           one = { 0 };
  gint64                  before = g_get_real_time () / G_USEC_PER_SEC;

  ahoyd_owners_each (owners, on_owned, &none);
  assert_int_equal (none.n, 0);
  claim (f, owners, "alice", "ours");
  ahoyd_people_set_name (PEOPLE (f->store), "alice", "Alice");
  ahoyd_owners_note_seen (owners, "alice");
  ahoyd_owners_each (owners, on_owned, &one);
  assert_string_equal (one.text, "Alice alice ours;");
  assert_in_range (one.since, before, before + 100);
  assert_in_range (one.seen, before, before + 100);
}

static gint64
seen_of (StoreFixture *f,
         const char   *skeleton)
{
  return ahoyd_owner_find (OWNERS (f->store), skeleton)->seen;
}

static void
test_seen_is_written_now_and_then (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  gint64                  now = g_get_real_time () / G_USEC_PER_SEC;

  /* Nobody owns it. */
  ahoyd_owners_note_seen (owners, "alice");
  assert_null (ahoyd_owner_find (OWNERS (f->store), "alice"));
  claim (f, owners, "alice", "ours");
  ahoyd_owner_set_seen (OWNERS (f->store), "alice", now - 10);
  ahoyd_owners_note_seen (owners, "alice");
  assert_int_equal (seen_of (f, "alice"), now - 10);
  ahoyd_owner_set_seen (OWNERS (f->store), "alice", now - 61);
  ahoyd_owners_note_seen (owners, "alice");
  assert_true (seen_of (f, "alice") >= now);
  /* The clock was wrong then. */
  ahoyd_owner_set_seen (OWNERS (f->store), "alice", now + 100000);
  ahoyd_owners_note_seen (owners, "alice");
  assert_true (seen_of (f, "alice") < now + 1000);
}

static void
test_how_many (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  AhoydOwners            *later;
  Done                    done = { 0 };

  assert_int_equal (ahoyd_owners_count (owners, "ours"), 0);
  claim (f, owners, "alice", "ours");
  claim (f, owners, "bob", "theirs");
  assert_non_null (ahoyd_owners_claim (owners, "carol", "ours", on_done, &done));
  /* Before it is committed, and once however often it is asked for. */
  assert_non_null (ahoyd_owners_claim (owners, "carol", "ours", on_done, &done));
  assert_int_equal (ahoyd_owners_count (owners, "ours"), 2);
  assert_int_equal (ahoyd_owners_count (owners, "theirs"), 1);
  assert_non_null (ahoyd_owners_release (owners, "alice", on_done, &done));
  assert_non_null (ahoyd_owners_release (owners, "bob", on_done, &done));
  assert_int_equal (ahoyd_owners_count (owners, "ours"), 1);
  assert_int_equal (ahoyd_owners_count (owners, "theirs"), 0);
  assert_true (test_loop_until_count (f->context, &done.n, 4));
  /* As the store has it. */
  later = ahoyd_owners_new (f->store);
  assert_int_equal (ahoyd_owners_count (later, "ours"), 1);
  assert_int_equal (ahoyd_owners_count (later, "theirs"), 0);
  ahoyd_owners_free (later);
}

static void
test_release (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  Done                    done = { 0 };
  guint64                 after = 0, until = 0;

  assert_null (ahoyd_owners_release (owners, "alice", on_done, &done));
  claim (f, owners, "alice", "ours");
  ahoyd_owners_note_seen (owners, "alice");
  store_fixture_say (f, "bob", "alice", "before", NULL);
  store_fixture_wait (f, 1);
  ahoyd_people_set_name (PEOPLE (f->store), "alice", "Alice");
  ahoyd_taken_raise_held (TAKEN (f->store), "alice", 1);
  store_fixture_say (f, "bob", "alice", "under way", NULL);
  assert_int_equal (ahoyd_owners_get_released (owners, "alice"), 0);

  assert_non_null (ahoyd_owners_release (owners, "alice", on_done, &done));
  assert_int_equal (done.n, 0);
  assert_null (ahoyd_owners_find (owners, "alice"));
  assert_true (test_loop_until_count (f->context, &done.n, 1));
  assert_false (done.failed);
  store_fixture_wait (f, 2);

  /* Also what was said and not committed is from before. */
  assert_int_equal (ahoyd_owners_get_released (owners, "alice"), store_fixture_nth (f, 1)->id);
  ahoyd_taken_raise_held (TAKEN (f->store), "alice", store_fixture_nth (f, 1)->id);
  assert_false (ahoyd_held_get (f->store, "alice", &after, &until));
  assert_null (ahoyd_people_get_name (PEOPLE (f->store), "alice"));
  assert_int_equal (f->forgotten->len, 1);
  assert_string_equal (f->forgotten->pdata[0], "alice");
  assert_null (ahoyd_owner_find (OWNERS (f->store), "alice"));
  assert_null (ahoyd_owners_release (owners, "alice", on_done, &done));
  claim (f, owners, "alice", "theirs");
  assert_string_equal (ahoyd_owners_find (owners, "alice"), "theirs");
}

/* Whoever waits for a claim is answered though it is released meanwhile, and can see that. */
static void
test_released_while_claimed (void **state)
{
  StoreFixture           *f = *state;
  g_autoptr (AhoydOwners) owners = ahoyd_owners_new (f->store);
  Done                    claimed = { 0 };
  Done                    released = { 0 };

  ahoyd_owners_claim (owners, "alice", "ours", on_done, &claimed);
  assert_non_null (ahoyd_owners_release (owners, "alice", on_done, &released));
  ahoyd_owners_claim (owners, "alice", "theirs", on_done, &claimed);
  assert_true (test_loop_until_count (f->context, &claimed.n, 2));
  assert_int_equal (released.n, 1);
  assert_string_equal (ahoyd_owners_find (owners, "alice"), "theirs");
}

static void
test_all_of_it_lasts (void **state)
{
  StoreFixture *f = *state;
  AhoydOwners  *owners = ahoyd_owners_new (f->store);
  g_auto (List) list = { 0 };
  guint64       after = 0, until = 0;
  Done          done = { 0 };

  claim (f, owners, "alice", "ours");
  claim (f, owners, "bob", "bob's");
  store_fixture_say (f, "alice", "bob", "before", NULL);
  store_fixture_wait (f, 1);
  assert_non_null (ahoyd_owners_release (owners, "bob", on_done, &done));
  ahoyd_owners_free (owners);
  assert_true (store_fixture_reopen (f, NULL));
  owners = ahoyd_owners_new (f->store);
  ahoyd_owners_each (owners, on_owned, &list);
  assert_string_equal (list.text, "alice alice ours;");
  assert_true (list.since > 0);
  assert_int_equal (ahoyd_owners_get_released (owners, "bob"), 1);
  assert_false (ahoyd_held_get (f->store, "bob", &after, &until));
  ahoyd_owners_free (owners);
}

static void
test_look_alikes (void **state)
{
  StoreFixture *f = *state;
  AhoydOwners  *owners = ahoyd_owners_new (f->store);
  Done          done = { 0 };

  assert_false (ahoyd_owners_has_look_alike (owners, "Ian", NULL));
  claim (f, owners, "lan", "ours");
  assert_true (ahoyd_owners_has_look_alike (owners, "Ian", NULL));
  assert_true (ahoyd_owners_has_look_alike (owners, "Ian", "theirs"));
  assert_false (ahoyd_owners_has_look_alike (owners, "Ian", "ours"));
  assert_false (ahoyd_owners_has_look_alike (owners, "Bob", "theirs"));
  /* Before the claim is committed, and as the owner writes it. */
  assert_non_null (ahoyd_owners_claim (owners, "mei", "ours", on_done, &done));
  assert_false (ahoyd_owners_has_look_alike (owners, "mel", "theirs"));
  assert_true (ahoyd_owners_has_look_alike (owners, "MEl", "theirs"));
  ahoyd_people_set_name (PEOPLE (f->store), "mei", "meI");
  ahoyd_owners_note_name (owners, "mei", "meI");
  assert_true (ahoyd_owners_has_look_alike (owners, "mel", "theirs"));
  ahoyd_owners_note_name (owners, "bob", "Bob");
  assert_false (ahoyd_owners_has_look_alike (owners, "Bob", "theirs"));

  ahoyd_owners_free (owners);
  owners = ahoyd_owners_new (f->store);
  assert_true (ahoyd_owners_has_look_alike (owners, "Ian", "theirs"));
  assert_true (ahoyd_owners_has_look_alike (owners, "mel", "theirs"));
  assert_non_null (ahoyd_owners_release (owners, "lan", on_done, &done));
  assert_false (ahoyd_owners_has_look_alike (owners, "Ian", "theirs"));
  assert_true (ahoyd_owners_has_look_alike (owners, "mel", "theirs"));
  claim (f, owners, "ian", "theirs");
  assert_true (ahoyd_owners_has_look_alike (owners, "lan", "ours"));
  ahoyd_owners_free (owners);
}

#define CONTRACT(setup)                                                                                 \
  cmocka_unit_test_setup_teardown (test_the_first_key_owns_it, setup, store_fixture_teardown),          \
    cmocka_unit_test_setup_teardown (test_a_claim_under_way, setup, store_fixture_teardown),            \
    cmocka_unit_test_setup_teardown (test_freed_with_a_claim_under_way, setup, store_fixture_teardown), \
    cmocka_unit_test_setup_teardown (test_the_list, setup, store_fixture_teardown),                     \
    cmocka_unit_test_setup_teardown (test_seen_is_written_now_and_then, setup, store_fixture_teardown), \
    cmocka_unit_test_setup_teardown (test_how_many, setup, store_fixture_teardown),                     \
    cmocka_unit_test_setup_teardown (test_release, setup, store_fixture_teardown),                      \
    cmocka_unit_test_setup_teardown (test_look_alikes, setup, store_fixture_teardown),                  \
    cmocka_unit_test_setup_teardown (test_released_while_claimed, setup, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CONTRACT (store_fixture_setup_memory),
    CONTRACT (store_fixture_setup_sqlite),
    cmocka_unit_test_setup_teardown (test_all_of_it_lasts, store_fixture_setup_sqlite, store_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
