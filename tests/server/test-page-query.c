/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Which messages a page is made of. PROTOCOL.md, "History". */

#include "server/cmocka-all.h"
#include "store/ahoyd-page-query.h"

#define ME "me"
#define YOU "you"
#define THIRD "third"

static const struct {
  AhoydPageScope scope;
  const char    *from;
  const char    *to; /* NULL: the room */
  guint64        room;
  gboolean       wanted;
} cases[] = {
  { AHOYD_PAGE_ALL, THIRD, NULL, 0, TRUE },
  { AHOYD_PAGE_ALL, THIRD, NULL, 7, TRUE },
  { AHOYD_PAGE_ALL, ME, YOU, 0, TRUE },
  { AHOYD_PAGE_ALL, YOU, ME, 0, TRUE },
  { AHOYD_PAGE_ALL, THIRD, YOU, 0, FALSE },
  { AHOYD_PAGE_ROOM, THIRD, NULL, 0, TRUE },
  { AHOYD_PAGE_ROOM, THIRD, NULL, 7, FALSE },
  { AHOYD_PAGE_ROOM, YOU, ME, 0, FALSE },
  { AHOYD_PAGE_WITH, ME, YOU, 0, TRUE },
  { AHOYD_PAGE_WITH, YOU, ME, 0, TRUE },
  { AHOYD_PAGE_WITH, ME, THIRD, 0, FALSE },
  { AHOYD_PAGE_WITH, THIRD, ME, 0, FALSE },
  { AHOYD_PAGE_WITH, YOU, THIRD, 0, FALSE },
  { AHOYD_PAGE_WITH, YOU, NULL, 0, FALSE },
  { AHOYD_PAGE_HELD, YOU, ME, 0, TRUE },
  { AHOYD_PAGE_HELD, ME, YOU, 0, FALSE },
  { AHOYD_PAGE_HELD, YOU, NULL, 0, FALSE },
};

static AhoyTarget
target_of (const char *to,
           guint64     room)
{
  return to != NULL ? ahoy_target_person (to) : ahoy_target_room (room);
}

static void
test_whose (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const AhoydPageQuery query = { .scope = cases[i].scope, .viewer = ME, .with = YOU, .limit = 1 };

      if (ahoyd_page_query_wants (&query, 5, cases[i].from, target_of (cases[i].to, cases[i].room)) != cases[i].wanted)
        fail_msg ("case %u", i);
    }
}

/* Both bounds are outside, and whispers have one of their own. */
static void
test_bounds (void **state)
{
  AhoydPageQuery query = { .viewer = ME, .after = 3, .before = 6, .limit = 1 };

  for (guint64 id = 1; id <= 8; id++)
    assert_int_equal (ahoyd_page_query_wants (&query, id, YOU, ahoy_target_room (AHOY_ROOM_EVERYONE)), id == 4 || id == 5);
  query.whispers_after = 4;
  assert_true (ahoyd_page_query_wants (&query, 4, YOU, ahoy_target_room (AHOY_ROOM_EVERYONE)));
  assert_false (ahoyd_page_query_wants (&query, 4, YOU, ahoy_target_person (ME)));
  assert_true (ahoyd_page_query_wants (&query, 5, YOU, ahoy_target_person (ME)));
  query.before = 0;
  assert_true (ahoyd_page_query_wants (&query, G_MAXUINT64, YOU, ahoy_target_room (AHOY_ROOM_EVERYONE)));
}

static AhoydEvent *
event_new (guint64     id,
           const char *text)
{
  const AhoydEvent event = {
    .id = id,
    .from = (char *) YOU,
    .from_skeleton = (char *) YOU,
    .target = AHOY_TARGET_INIT_EVERYONE,
    .text = (char *) text,
  };

  return ahoyd_event_new (&event);
}

static void
test_full (void **state)
{
  const AhoydPageQuery    query = { .viewer = ME, .limit = 2, .newest = TRUE };
  g_auto (AhoydPageDraft) draft = { 0 };
  GPtrArray              *messages;

  assert_true (ahoyd_page_draft_add (&draft, &query, event_new (9, "x")));
  assert_true (ahoyd_page_draft_add (&draft, &query, event_new (7, "x")));
  assert_false (ahoyd_page_draft_add (&draft, &query, event_new (5, "x")));
  messages = ahoyd_page_draft_end (&draft, &query);
  assert_int_equal (messages->len, 2);
  assert_int_equal (((AhoydEvent *) messages->pdata[0])->id, 7);
  assert_int_equal (((AhoydEvent *) messages->pdata[1])->id, 9);
}

/* One message may be more than there is room for; a second one may not. */
static void
test_bytes (void **state)
{
  const AhoydPageQuery    query = { .viewer = ME, .limit = 10, .max_bytes = 400 };
  g_autofree char        *large = g_strnfill (1000, 'x');
  g_auto (AhoydPageDraft) one = { 0 };
  g_auto (AhoydPageDraft) few = { 0 };
  g_auto (AhoydPageDraft) none = { 0 };
  guint                   n = 0;

  assert_true (ahoyd_page_draft_add (&one, &query, event_new (1, large)));
  assert_false (ahoyd_page_draft_add (&one, &query, event_new (2, "")));
  while (ahoyd_page_draft_add (&few, &query, event_new (n + 1, "x")))
    n++;
  assert_in_range (n, 2, 9);
  assert_int_equal (ahoyd_page_draft_end (&few, &query)->len, n);
  assert_int_equal (((AhoydEvent *) few.messages->pdata[0])->id, 1);
  assert_int_equal (ahoyd_page_draft_end (&none, &query)->len, 0);
}

/* A copy outlives what it was made of. */
static void
test_copy (void **state)
{
  char                       viewer[] = ME, with[] = YOU, text[] = "x";
  const AhoydPageQuery       query = { .scope = AHOYD_PAGE_WITH, .viewer = viewer, .with = with, .text = text, .after = 3, .limit = 1 };
  g_autoptr (AhoydPageQuery) copy = ahoyd_page_query_copy (&query);

  *viewer = *with = *text = '?';
  assert_string_equal (copy->viewer, ME);
  assert_string_equal (copy->with, YOU);
  assert_string_equal (copy->text, "x");
  assert_int_equal (copy->after, 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_whose),
    cmocka_unit_test (test_bounds),
    cmocka_unit_test (test_full),
    cmocka_unit_test (test_bytes),
    cmocka_unit_test (test_copy),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
