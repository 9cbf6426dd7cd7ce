/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is remembered, and who is not: with the store in memory and with the one on the disk. */

#include "server/cmocka-all.h"
#include "server/mark-of.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"
#include "state/ahoyd-known.h"
#include "support/test-loop.h"

static void
say (StoreFixture *f,
     AhoydKnown   *known,
     const char   *from,
     const char   *to)
{
  guint n = f->n_announced;

  store_fixture_say (f, from, to, "x", NULL);
  store_fixture_wait (f, n + 1);
  ahoyd_known_note_said (known, store_fixture_nth (f, n));
}

static void
come_and_go (AhoydKnown *known,
             const char *skeleton,
             const char *name)
{
  ahoyd_known_note_seen (known, skeleton, name);
  ahoyd_known_note_left (known, skeleton, name);
}

static void
test_a_flood_of_names (void **state)
{
  StoreFixture          *f = *state;
  g_autoptr (AhoydKnown) known = ahoyd_known_new (f->store);

  assert_null (ahoyd_known_find (known, "alice"));
  ahoyd_known_note_seen (known, "alice", "Alice");
  assert_string_equal (ahoyd_known_find (known, "alice"), "Alice");
  ahoyd_known_note_seen (known, "alice", "ALICE");
  assert_string_equal (ahoyd_known_find (known, "alice"), "ALICE");
  ahoyd_known_note_left (known, "alice", "ALICE");
  for (guint i = 0; i < AHOYD_KNOWN_MAX * 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      come_and_go (known, name, name);
      if (i % 100 == 0)
        come_and_go (known, "bob", "Bob");
    }
  assert_null (ahoyd_known_find (known, "alice"));
  assert_string_equal (ahoyd_known_find (known, "bob"), "Bob");
  assert_null (ahoyd_known_find (known, "guest1024"));
  assert_string_equal (ahoyd_known_find (known, "guest1025"), "guest1025");
  assert_string_equal (ahoyd_known_find (known, "guest2047"), "guest2047");
  /* And nothing of it was kept. */
  assert_null (ahoyd_people_get_name (PEOPLE (f->store), "bob"));
  assert_null (ahoyd_people_get_name (PEOPLE (f->store), "guest2047"));
}

static void
flood (AhoydKnown *known)
{
  for (guint i = 0; i < AHOYD_KNOWN_MAX + 1; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest%u", i);

      come_and_go (known, name, name);
    }
}

static void
test_who_is_remembered (void **state)
{
  StoreFixture          *f = *state;
  g_autoptr (AhoydKnown) known = ahoyd_known_new (f->store);

  ahoyd_known_note_seen (known, "alice", "alice");
  come_and_go (known, "bob", "bob");
  come_and_go (known, "dave", "dave");
  ahoyd_known_note_seen (known, "erin", "erin");
  set_owner_of (f->store, "carol", "key");
  ahoyd_known_note_seen (known, "carol", "Carol");
  say (f, known, "alice", "bob");
  flood (known);
  assert_string_equal (ahoyd_known_find (known, "alice"), "alice");
  assert_string_equal (ahoyd_known_find (known, "bob"), "bob");
  assert_string_equal (ahoyd_known_find (known, "carol"), "Carol");
  assert_null (ahoyd_known_find (known, "dave"));
  /* Who is here is not pushed out. */
  assert_string_equal (ahoyd_known_find (known, "erin"), "erin");
  /* How it is written may change. */
  ahoyd_known_note_seen (known, "alice", "Alice");
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "alice"), "Alice");
}

static void
test_who_is_gone (void **state)
{
  StoreFixture          *f = *state;
  g_autoptr (AhoydKnown) known = ahoyd_known_new (f->store);

  say (f, known, "alice", "bob");
  ahoyd_taken_set (TAKEN (f->store), "bob", 1);
  ahoyd_known_forget (known, "alice", NULL);
  assert_null (ahoyd_known_find (known, "alice"));
  assert_int_equal (f->forgotten->len, 1);
  assert_string_equal (f->forgotten->pdata[0], "alice");
  ahoyd_known_forget (known, "bob", NULL);
  assert_null (ahoyd_known_find (known, "bob"));
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), "bob"), 0);

  /* Somebody has come to own it since that was found out. */
  say (f, known, "carol", NULL);
  set_owner_of (f->store, "carol", "key");
  ahoyd_known_forget (known, "carol", NULL);
  assert_string_equal (ahoyd_known_find (known, "carol"), "carol");
}

static void
test_a_released_name_is_nobodys (void **state)
{
  StoreFixture          *f = *state;
  g_autoptr (AhoydKnown) known = ahoyd_known_new (f->store);

  ahoyd_tenure_set_released (TENURES (f->store), "alice", 1);
  say (f, known, "alice", NULL); /* from before */
  assert_null (ahoyd_known_find (known, "alice"));
  ahoyd_known_forget (known, "alice", NULL);
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "alice"), 0);
  ahoyd_tenure_set_released (TENURES (f->store), "bob", 5);
  ahoyd_known_forget (known, "bob", NULL); /* what is on its way may be from before */
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "bob"), 5);
  say (f, known, "alice", NULL);
  assert_string_equal (ahoyd_known_find (known, "alice"), "alice");
}

/* Secrets go where the names go. */
static void
test_secrets (void **state)
{
  StoreFixture          *f = *state;
  g_autoptr (AhoydKnown) known = ahoyd_known_new (f->store);
  const AhoydEvent       lost = { .from = "bob", .from_skeleton = "bob", .text = "x" };

  ahoyd_known_note_seen (known, "alice", "Alice");
  ahoyd_known_set_secret (known, "alice", "S1");
  ahoyd_known_note_seen (known, "bob", "Bob");
  ahoyd_known_set_secret (known, "bob", "S2");
  assert_string_equal (ahoyd_known_get_secret (known, "alice"), "S1");
  /* Nothing is written for who has said nothing, or nothing that is kept. */
  assert_null (ahoyd_people_get_secret (PEOPLE (f->store), "alice"));
  ahoyd_known_note_saying (known, &lost);
  assert_string_equal (ahoyd_people_get_secret (PEOPLE (f->store), "bob"), "S2");
  ahoyd_known_note_lost (known, &lost);
  assert_null (ahoyd_people_get_secret (PEOPLE (f->store), "bob"));
  assert_string_equal (ahoyd_known_get_secret (known, "bob"), "S2");
  say (f, known, "alice", NULL);
  assert_string_equal (ahoyd_people_get_secret (PEOPLE (f->store), "alice"), "S1");
  ahoyd_known_note_left (known, "alice", "Alice");
  ahoyd_known_note_left (known, "bob", "Bob");
  flood (known);
  assert_string_equal (ahoyd_known_get_secret (known, "alice"), "S1");
  assert_null (ahoyd_known_get_secret (known, "bob"));
  /* Back among those who are remembered while there is room. */
  ahoyd_known_forget (known, "alice", NULL);
  assert_null (ahoyd_people_get_secret (PEOPLE (f->store), "alice"));
  assert_string_equal (ahoyd_known_get_secret (known, "alice"), "S1");
  assert_string_equal (ahoyd_known_find (known, "alice"), "Alice");
  flood (known);
  assert_null (ahoyd_known_find (known, "alice"));
  assert_null (ahoyd_known_get_secret (known, "alice"));
}

/* What a crash, or a version that remembered everybody, has left behind. */
static void
test_the_next_start (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", "bob", "held", NULL);
  store_fixture_say (f, "carol", NULL, "before", NULL);
  store_fixture_say (f, "dave", "carol", "before", NULL);
  store_fixture_wait (f, 3);
  ahoyd_tenure_set_released (TENURES (f->store), "carol", 3);
  ahoyd_people_set_name (PEOPLE (f->store), "guest", "Guest");
  ahoyd_taken_set (TAKEN (f->store), "guest", 7);
  ahoyd_people_set_secret (PEOPLE (f->store), "guest", "S1");
  ahoyd_people_set_secret (PEOPLE (f->store), "alice", "S2");
  ahoyd_tenure_set_released (TENURES (f->store), "guest", 7);
  set_mark (f->store, "alice", "guest", AHOYD_MARK_SEEN, 1);
  set_mark (f->store, "guest", "alice", AHOYD_MARK_SEEN, 1);
  set_mark (f->store, "alice", "bob", AHOYD_MARK_DELIVERED, 1);
  set_owner_of (f->store, "erin", "key");
  ahoyd_people_set_name (PEOPLE (f->store), "erin", "Erin");
  assert_true (store_fixture_reopen (f, NULL));

  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "alice"), "alice");
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "bob"), "bob");
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "dave"), "dave");
  assert_null (ahoyd_people_get_name (PEOPLE (f->store), "carol"));
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "carol"), 3);
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "erin"), "Erin");
  assert_int_equal (mark_of (f->store, "alice", "bob", AHOYD_MARK_DELIVERED), 1);
  assert_null (ahoyd_people_get_name (PEOPLE (f->store), "guest"));
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), "guest"), 0);
  assert_null (ahoyd_people_get_secret (PEOPLE (f->store), "guest"));
  assert_string_equal (ahoyd_people_get_secret (PEOPLE (f->store), "alice"), "S2");
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "guest"), 0);
  assert_int_equal (mark_of (f->store, "alice", "guest", AHOYD_MARK_SEEN), 0);
  assert_int_equal (mark_of (f->store, "guest", "alice", AHOYD_MARK_SEEN), 0);
}

/* The store in memory keeps 10,000. */
static void
test_gone_from_memory (void **state)
{
  StoreFixture *f = *state;

  store_fixture_say (f, "alice", "bob", "x", NULL);
  store_fixture_say (f, "carol", "alice", "x", NULL);
  set_owner_of (f->store, "carol", "key");
  for (guint i = 0; i < 9999; i++)
    store_fixture_say (f, "dave", NULL, "x", NULL);
  store_fixture_wait (f, 10001);
  assert_int_equal (f->gone->len, 1);
  assert_string_equal (f->gone->pdata[0], "bob");
  store_fixture_say (f, "dave", NULL, "x", NULL);
  store_fixture_wait (f, 10002);
  /* Whose a name is, is not the store's matter: see ahoyd_known_forget(). */
  assert_int_equal (f->gone->len, 3);
  assert_string_equal (f->gone->pdata[1], "carol");
  assert_string_equal (f->gone->pdata[2], "alice");
}

#define SQLITE(function) cmocka_unit_test_setup_teardown (function, store_fixture_setup_sqlite, store_fixture_teardown)
#define MEMORY(function) cmocka_unit_test_setup_teardown (function, store_fixture_setup_memory, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    MEMORY (test_a_flood_of_names),
    SQLITE (test_a_flood_of_names),
    MEMORY (test_who_is_remembered),
    SQLITE (test_who_is_remembered),
    MEMORY (test_who_is_gone),
    SQLITE (test_who_is_gone),
    MEMORY (test_a_released_name_is_nobodys),
    SQLITE (test_a_released_name_is_nobodys),
    MEMORY (test_secrets),
    SQLITE (test_secrets),
    SQLITE (test_the_next_start),
    MEMORY (test_gone_from_memory),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
