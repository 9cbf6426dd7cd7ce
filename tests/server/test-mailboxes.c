/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-mailboxes: what may wait for one person, of this from one other, and that it is counted exactly. */

#include "store/ahoyd-mailboxes.h"

#include "server/cmocka-all.h"

static int
setup (void **state)
{
  *state = ahoyd_mailboxes_new ();
  return 0;
}

static int
teardown (void **state)
{
  ahoyd_mailboxes_free (*state);
  return 0;
}

static AhoydEvent
whisper (const char *from,
         const char *to,
         const char *text,
         guint64     id)
{
  return (AhoydEvent){ .from_skeleton = (char *) from, .target = to != NULL ? ahoy_target_person (to) : ahoy_target_room (AHOY_ROOM_EVERYONE), .target_skeleton = (char *) to, .text = (char *) text, .id = id };
}

static gboolean
fits (AhoydMailboxes *mailboxes,
      const char     *from,
      const char     *to,
      const char     *text)
{
  const AhoydEvent said = whisper (from, to, text, 0);

  return ahoyd_mailboxes_have_room (mailboxes, &said);
}

static void
post (AhoydMailboxes *mailboxes,
      const char     *from,
      const char     *to,
      const char     *text,
      guint64         id)
{
  const AhoydEvent said = whisper (from, to, text, id);

  ahoyd_mailboxes_expect (mailboxes, &said);
  ahoyd_mailboxes_keep (mailboxes, &said);
}

static void
assert_waits (AhoydMailboxes *mailboxes,
              const char     *to,
              guint           n,
              guint64         size)
{
  guint64 counted;

  assert_int_equal (ahoyd_mailboxes_count (mailboxes, to, &counted), n);
  assert_int_equal (counted, size);
}

static void
test_one_sender_does_not_fill_it (void **state)
{
  for (guint i = 0; i < AHOYD_MAILBOX_WHISPERS_OF_ONE; i++)
    {
      assert_true (fits (*state, "mallory", "alice", "x"));
      post (*state, "mallory", "alice", "x", i + 1);
    }
  assert_false (fits (*state, "mallory", "alice", "x"));
  assert_false (fits (*state, "mallory", "alice", ""));
  assert_true (fits (*state, "bob", "alice", "x"));
  assert_true (fits (*state, "mallory", "carol", "x"));
}

static void
test_nor_with_long_ones (void **state)
{
  g_autofree char *long_text = g_strnfill (16 * 1024, 'x');

  for (guint i = 0; i < AHOYD_MAILBOX_BYTES_OF_ONE / (16 * 1024); i++)
    {
      assert_true (fits (*state, "mallory", "alice", long_text));
      post (*state, "mallory", "alice", long_text, i + 1);
    }
  assert_false (fits (*state, "mallory", "alice", "x"));
  assert_true (fits (*state, "bob", "alice", long_text));
}

static void
test_many_senders_fill_it (void **state)
{
  g_autofree char *long_text = g_strnfill (16 * 1024, 'x');
  guint64          id = 0;

  for (guint i = 0; i < AHOYD_MAILBOX_WHISPERS; i++)
    {
      g_autofree char *from = g_strdup_printf ("guest %u", i % 20);

      assert_true (fits (*state, from, "alice", "x"));
      post (*state, from, "alice", "x", ++id);
    }
  assert_false (fits (*state, "bob", "alice", "x"));
  assert_waits (*state, "alice", AHOYD_MAILBOX_WHISPERS, AHOYD_MAILBOX_WHISPERS);

  for (guint i = 0; i < AHOYD_MAILBOX_BYTES / (16 * 1024); i++)
    {
      g_autofree char *from = g_strdup_printf ("guest %u", i % 20);

      assert_true (fits (*state, from, "carol", long_text));
      post (*state, from, "carol", long_text, ++id);
    }
  assert_false (fits (*state, "bob", "carol", "x"));
}

static void
test_what_was_taken_makes_room (void **state)
{
  for (guint i = 0; i < AHOYD_MAILBOX_WHISPERS_OF_ONE; i++)
    post (*state, i % 2 == 0 ? "bob" : "carol", "alice", "12345", 10 * (i + 1));
  assert_waits (*state, "alice", 200, 1000);
  ahoyd_mailboxes_take (*state, "alice", 9);
  assert_waits (*state, "alice", 200, 1000);
  ahoyd_mailboxes_take (*state, "alice", 1005);
  assert_waits (*state, "alice", 100, 500);
  ahoyd_mailboxes_take (*state, "alice", 1000); /* receipts may come late */
  assert_waits (*state, "alice", 100, 500);
  ahoyd_mailboxes_take (*state, "bob", G_MAXUINT64);
  ahoyd_mailboxes_take (*state, "alice", G_MAXUINT64);
  assert_waits (*state, "alice", 0, 0);
  for (guint i = 0; i < AHOYD_MAILBOX_WHISPERS_OF_ONE; i++)
    {
      assert_true (fits (*state, "bob", "alice", "x"));
      post (*state, "bob", "alice", "x", 10000 + i);
    }
}

/* What is on its way counts, and what does not arrive no more. */
static void
test_what_is_on_its_way_counts (void **state)
{
  AhoydEvent said = whisper ("bob", "alice", "x", 0);

  for (guint i = 0; i < AHOYD_MAILBOX_WHISPERS_OF_ONE; i++)
    ahoyd_mailboxes_expect (*state, &said);
  assert_false (fits (*state, "bob", "alice", "x"));
  ahoyd_mailboxes_take (*state, "alice", G_MAXUINT64); /* nothing that is on its way */
  assert_false (fits (*state, "bob", "alice", "x"));
  ahoyd_mailboxes_give_up (*state, &said);
  assert_true (fits (*state, "bob", "alice", "x"));
  for (guint i = 1; i < AHOYD_MAILBOX_WHISPERS_OF_ONE; i++)
    {
      said.id = i;
      ahoyd_mailboxes_keep (*state, &said);
    }
  assert_waits (*state, "alice", AHOYD_MAILBOX_WHISPERS_OF_ONE - 1, AHOYD_MAILBOX_WHISPERS_OF_ONE - 1);
  ahoyd_mailboxes_take (*state, "alice", AHOYD_MAILBOX_WHISPERS_OF_ONE);
  assert_waits (*state, "alice", 0, 0);
}

static void
test_as_the_log_has_it (void **state)
{
  ahoyd_mailboxes_load (*state, "alice", "bob", 3, 100);
  ahoyd_mailboxes_load (*state, "alice", "carol", 5, 10);
  ahoyd_mailboxes_load (*state, "alice", "bob", 7, 1);
  assert_waits (*state, "alice", 3, 111);
  ahoyd_mailboxes_forget (*state, "alice", 5);
  ahoyd_mailboxes_forget (*state, "alice", 6);
  ahoyd_mailboxes_forget (*state, "dave", 5);
  assert_waits (*state, "alice", 2, 101);
  ahoyd_mailboxes_take (*state, "alice", 3);
  assert_waits (*state, "alice", 1, 1);
  ahoyd_mailboxes_forget (*state, "alice", 7);
  assert_waits (*state, "alice", 0, 0);
}

/* Somebody who is here, gets everything and never says so: it is known that there is no room, with no memory for more. */
static void
test_who_never_takes (void **state)
{
  guint n = 5 * AHOYD_MAILBOX_WHISPERS;

  for (guint i = 0; i < n; i++)
    post (*state, "bob", "alice", "x", i + 1);
  assert_int_equal (ahoyd_mailboxes_count (*state, "alice", NULL), AHOYD_MAILBOX_WHISPERS);
  assert_false (fits (*state, "carol", "alice", "x"));
  ahoyd_mailboxes_take (*state, "alice", n - AHOYD_MAILBOX_WHISPERS);
  assert_false (fits (*state, "carol", "alice", "x"));
  ahoyd_mailboxes_take (*state, "alice", n - 100);
  assert_waits (*state, "alice", 100, 100);
  assert_true (fits (*state, "bob", "alice", "x"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_one_sender_does_not_fill_it, setup, teardown),
    cmocka_unit_test_setup_teardown (test_nor_with_long_ones, setup, teardown),
    cmocka_unit_test_setup_teardown (test_many_senders_fill_it, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_was_taken_makes_room, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_is_on_its_way_counts, setup, teardown),
    cmocka_unit_test_setup_teardown (test_as_the_log_has_it, setup, teardown),
    cmocka_unit_test_setup_teardown (test_who_never_takes, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
