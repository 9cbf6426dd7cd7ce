#define _GNU_SOURCE /* memmem() */
/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-log-in, ahoyd-delivery: logging in with a key and without: who gets a name, and who takes whose place. Sessions on socket pairs, to which the keys are told. */

#include <string.h>
#include <sys/socket.h>

#include "ahoyd-chat.h"
#include "features/ahoyd-features.h"
#include "features/ahoyd-mark-table.h"
#include "server/cmocka-all.h"
#include "server/mark-of.h"
#include "server/rows-of.h"
#include "server/server-fixture.h"
#include "server/test-peer.h"
#include "store/ahoyd-store-memory.h"
#include "support/test-loop.h"

typedef struct {
  GMainContext  *context;
  AhoydConfig   *config;
  AhoydChatParts parts;
  AhoydChat     *chat;
  AhoydStats     stats;
  GPtrArray     *peers;
  guint64        last_serial;
  AhoydSession  *last_session; /* Borrowed: the one that came last */
} Fixture;

/* The server begins, with what is in the store. */
static void
start (Fixture *f)
{
  f->chat = ahoyd_chat_new (&f->parts, ahoyd_features (), NULL, NULL);
}

static AhoydHub *
hub (Fixture *f)
{
  return ahoyd_chat_get_hub (f->chat);
}

static AhoydOwners *
owners (Fixture *f)
{
  return ahoyd_chat_get_owners (f->chat);
}

static int
setup (void **state)
{
  const AhoydAddressLimitsConfig no_limits = { 0 };
  Fixture                       *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->config = ahoyd_config_new ();
  if (!ahoyd_config_parse (f->config, (const char *const[]){ "ahoyd", NULL }, NULL))
    return -1;
  f->config->rate = 0;
  f->config->rate_bytes = 0;
  f->peers = g_ptr_array_new_with_free_func ((GDestroyNotify) test_peer_free);
  f->parts = (AhoydChatParts){
    .config = f->config,
    .poll = ahoy_poll_new (f->context, NULL),
    .tls = ahoy_tls_new (NULL, NULL), /* for nobody here: keys are just said */
    .store = ahoyd_store_memory_new (f->context, 100),
    .address_limits = ahoyd_address_limits_new (&no_limits, 0),
    .stats = &f->stats,
    .server_id = "mxv3q5lr2t4ycw7bn6ke3jdpoa",
  };
  ahoyd_store_add_table (f->parts.store, &ahoyd_mark_table);
  start (f);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoyd_chat_free (f->chat);
  g_ptr_array_unref (f->peers);
  ahoyd_store_free (f->parts.store);
  ahoyd_address_limits_free (f->parts.address_limits);
  test_loop_settle (f->context);
  ahoy_poll_unref (f->parts.poll);
  ahoy_tls_unref (f->parts.tls);
  ahoyd_config_free (f->config);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

/* Somebody who has shown @key (NULL: none), and has said nothing yet. */
static TestPeer *
come (Fixture    *f,
      const char *key)
{
  const struct sockaddr from = { .sa_family = AF_UNIX };
  AhoydAddressLimit    *address_limit;
  AhoydSession         *session;
  TestPeer             *peer;
  int                   fds[2];

  assert_int_equal (ahoyd_address_limits_enter (f->parts.address_limits, &from, 0, &address_limit), AHOYD_WELCOME);
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  session = ahoyd_chat_add (f->chat, fds[0], address_limit, ++f->last_serial, NULL);
  assert_non_null (session);
  ahoyd_session_set_key (session, key);
  f->last_session = session;
  peer = test_peer_new (f->context, fds[1]);
  g_ptr_array_add (f->peers, peer);
  return peer;
}

static TestPeer *
log_in (Fixture    *f,
        const char *key,
        const char *name,
        const char *answer)
{
  TestPeer        *peer = come (f, key);
  g_autofree char *frame = g_strdup_printf ("<1%s>", name);

  test_peer_send (peer, frame);
  test_peer_expect (peer, answer);
  return peer;
}

/* The frames so far of an extended peer, with the reasons of refusals readable. */
static void
assert_refused (Fixture    *f,
                const char *key,
                const char *name,
                const char *reason)
{
  TestPeer        *peer = come (f, key);
  g_autofree char *frame = g_strdup_printf ("\x01v=2<1%s>", name);
  g_autofree char *answer = g_strdup_printf ("\x01reason=%s<0%s>", reason, name);

  test_peer_send (peer, frame);
  test_peer_expect (peer, answer);
}

static void
leave (TestPeer *peer)
{
  shutdown (peer->fd, SHUT_RDWR);
}

static void
test_a_name_with_an_owner (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = log_in (f, NULL, "bob", "<1bob>");
  TestPeer *alice = log_in (f, "A", "Alice", "<1bob><1Alice>");

  test_peer_expect (bob, "<2Alice>");
  assert_refused (f, "B", "alice", "owned");
  assert_refused (f, NULL, "alice", "owned");
  assert_refused (f, NULL, "a1ice", "look-alike");
  log_in (f, NULL, "alice", "<0alice>");
  leave (alice);
  test_peer_expect (bob, "<3Alice>");
  /* Here or not. */
  assert_refused (f, "B", "ALICE", "owned");
  assert_refused (f, NULL, " alice", "owned");
  log_in (f, "A", "alice", "<1bob><1alice>");
  test_peer_expect (bob, "<2alice>");
}

static void
test_a_name_without (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = log_in (f, NULL, "bob", "<1bob>");

  /* Somebody with a key does not push out somebody without. */
  assert_refused (f, "A", "bob", "in-use");
  assert_refused (f, NULL, "bob", "in-use");
  assert_null (ahoyd_owners_find (owners (f), "bob"));
  leave (bob);
  log_in (f, "A", "bob", "<1bob>");
  assert_string_equal (ahoyd_owners_find (owners (f), "bob"), "A");
}

/* Of two keys that ask at once one gets it; the other is told at once, the one when it is committed. */
static void
test_a_race (void **state)
{
  Fixture  *f = *state;
  TestPeer *one = come (f, "A");
  TestPeer *two = come (f, "B");
  TestPeer *plain = come (f, NULL);

  test_peer_send (one, "<1alice><3first words>");
  test_peer_send (two, "<1alice>");
  test_peer_send (plain, "<1alice>");
  test_peer_expect (one, "<1alice><4alice: first words>");
  test_peer_expect (two, "<0alice>");
  test_peer_expect (plain, "<0alice>");
  /* And may try another name. */
  test_peer_send (two, "<1bob>");
  test_peer_expect (two, "<1alice><1bob>");
  assert_string_equal (ahoyd_owners_find (owners (f), "alice"), "A");
}

/* All that comes until the other side closes, which it must. */
static void
hear_out (Fixture  *f,
          TestPeer *peer)
{
  gint64 deadline = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;

  while (!peer->ended && g_get_monotonic_time () < deadline)
    {
      guint8 bytes[4096];
      gssize n = recv (peer->fd, bytes, sizeof bytes, MSG_DONTWAIT);

      if (n > 0)
        g_byte_array_append (peer->heard, bytes, n);
      peer->ended = n == 0;
      g_main_context_iteration (f->context, FALSE);
    }
  assert_true (peer->ended);
}

static gboolean
has_heard (TestPeer   *peer,
           const char *frames)
{
  g_autofree char *bytes = g_strdelimit (g_strdup (frames), "<", 0x02);

  return memmem (peer->heard->data, peer->heard->len, bytes, strlen (bytes)) != NULL;
}

/* Both are the same person, from two machines at once. */
static void
test_a_race_of_one_key (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = log_in (f, NULL, "bob", "<1bob>");
  TestPeer *one = come (f, "A");
  TestPeer *two = come (f, "A");
  TestPeer *winner, *loser;

  test_peer_send (one, "<1alice>");
  test_peer_send (two, "<1alice>");
  test_peer_expect (bob, "<2alice>");
  assert_true (test_loop_settle (f->context));
  assert_int_equal (ahoyd_chat_get_n_sessions (f->chat), 2);
  winner = ahoyd_session_get_serial (ahoyd_session_find (ahoyd_hub_find (hub (f), "alice"))) == 2 ? one : two;
  loser = winner == one ? two : one;
  hear_out (f, loser);
  assert_true (has_heard (loser, "<4* "));
  test_peer_expect (winner, "<1bob><1alice>");
  test_peer_send (winner, "<3here>");
  test_peer_expect (bob, "<4alice: here>");
}

static void
test_who_leaves_before_the_claim_is_kept (void **state)
{
  Fixture      *f = *state;
  TestPeer     *peer = come (f, "A");
  AhoydSession *session = f->last_session;

  test_peer_send (peer, "<1alice>");
  while (ahoyd_owners_find (owners (f), "alice") == NULL)
    g_main_context_iteration (f->context, TRUE);
  if (ahoyd_chat_get_n_sessions (f->chat) > 0)
    ahoyd_session_close (session, NULL);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (ahoyd_chat_get_n_sessions (f->chat), 0);
  /* It is theirs all the same. */
  assert_refused (f, "B", "alice", "owned");
}

static void
test_a_ghost (void **state)
{
  Fixture         *f = *state;
  TestPeer        *bob = log_in (f, NULL, "bob", "<1bob>");
  TestPeer        *ghost = log_in (f, "A", "Alice", "<1bob><1Alice>");
  g_autofree char *notice = NULL;
  TestPeer        *alice;

  test_peer_expect (bob, "<2Alice>");
  test_peer_send (ghost, "<3said before>");
  test_peer_expect (bob, "<4Alice: said before>");
  test_peer_expect (ghost, "<4Alice: said before>");
  /* The others know them as Alice. */
  alice = log_in (f, "A", "alice", "<1bob><1Alice>");
  notice = test_peer_expect_notice (ghost);
  test_peer_expect_end (ghost);
  test_peer_send (alice, "<3said after><2bob,psst>");
  test_peer_expect (alice, "<4Alice: said after><4[whisper] Alice to bob: psst>");
  test_peer_expect (bob, "<4Alice: said after><4[whisper] Alice to bob: psst>");
  test_peer_send (bob, "<2alice,yes?>");
  test_peer_expect (alice, "<4[whisper] bob to Alice: yes?>");
  assert_int_equal (ahoyd_hub_get_n_online (hub (f)), 2);
  leave (alice);
  test_peer_expect (bob, "<4[whisper] bob to Alice: yes?><3Alice>");
}

static void
test_a_ghost_that_is_extended (void **state)
{
  Fixture  *f = *state;
  TestPeer *ghost = come (f, "A");

  test_peer_send (ghost, "\x01v=2<1alice>");
  while (ahoyd_hub_get_n_online (hub (f)) == 0)
    g_main_context_iteration (f->context, TRUE);
  log_in (f, "A", "alice", "<1alice>");
  hear_out (f, ghost);
  assert_true (has_heard (ghost, "\x01"
                                 "code=replaced<E"));
}

static void
on_released (const GError *error,
             gpointer      data)
{
  ++*(guint *) data;
}

static void
test_released (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = log_in (f, NULL, "bob", "<1bob>");
  TestPeer *alice = log_in (f, "A", "alice", "<1bob><1alice>");
  TestPeer *next;
  guint     n_released = 0;

  test_peer_expect (bob, "<2alice>");
  leave (alice);
  test_peer_expect (bob, "<3alice>");
  test_peer_send (bob, "<2alice,for your eyes only>");
  test_peer_expect (bob, "<4* alice is not here, and will get this on coming back.>");
  assert_non_null (ahoyd_owners_release (owners (f), "alice", on_released, &n_released));
  assert_true (test_loop_until_count (f->context, &n_released, 1));
  next = log_in (f, "B", "alice", "<1bob><1alice>");
  test_peer_expect (bob, "<2alice>");
  test_peer_expect_nothing (next);
  assert_refused (f, "A", "alice", "owned");
}

/* A name that is another one, and looks like somebody's. */
static void
test_look_alikes_of_owned_names (void **state)
{
  Fixture  *f = *state;
  TestPeer *ian = log_in (f, "A", "ian", "<1ian>");
  guint     n_released = 0;

  assert_refused (f, "B", "lan", "look-alike");
  assert_refused (f, NULL, "Lan", "look-alike");
  assert_refused (f, "B", "ia\u0332n", "look-alike");
  /* Here or not, and as they write it today. */
  leave (ian);
  ian = log_in (f, "A", "Ian", "<1Ian>");
  assert_refused (f, "B", "lan", "look-alike");
  leave (ian);
  /* One's own look-alikes are one's own affair. */
  log_in (f, "A", "lan", "<1lan>");
  ian = log_in (f, "A", "Ian", "<1lan><1Ian>");
  assert_non_null (ahoyd_owners_release (owners (f), "lan", on_released, &n_released));
  assert_non_null (ahoyd_owners_release (owners (f), "ian", on_released, &n_released));
  assert_true (test_loop_until_count (f->context, &n_released, 2));
  /* Still here. */
  assert_refused (f, "B", "LAN", "in-use");
  assert_refused (f, "B", "ian\u0336", "look-alike");
}

static void
test_look_alikes_of_people_without_keys (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = log_in (f, NULL, "bob", "<1bob>");
  TestPeer *ian = log_in (f, NULL, "Ian", "<1bob><1Ian>");
  TestPeer *lan;

  test_peer_expect (bob, "<2Ian>");
  assert_refused (f, NULL, "lan", "look-alike");
  assert_refused (f, "A", "lan", "look-alike");
  assert_null (ahoyd_owners_find (owners (f), "lan"));
  leave (ian);
  test_peer_expect (bob, "<3Ian>");
  lan = log_in (f, "A", "lan", "<1bob><1lan>");
  test_peer_expect (bob, "<2lan>");
  assert_refused (f, NULL, "Ian", "look-alike");
  leave (lan);
  test_peer_expect (bob, "<3lan>");
  assert_refused (f, NULL, "Ian", "look-alike");
}

/* A log may hold two owners of names that look alike, from before anybody looked. Both come in as they were; nobody is made to look more like
 * the other than they did. */
static void
test_look_alikes_from_before (void **state)
{
  Fixture *f = *state;

  ahoyd_chat_free (f->chat);
  set_owner_of (f->parts.store, "ian", "A");
  ahoyd_people_set_name (PEOPLE (f->parts.store), "ian", "Ian");
  set_owner_of (f->parts.store, "lan", "B");
  ahoyd_people_set_name (PEOPLE (f->parts.store), "lan", "lan");
  start (f);
  log_in (f, "A", "Ian", "<1Ian>");
  log_in (f, "B", "lan", "<1Ian><1lan>");
  assert_refused (f, "B", "l\u0332an", "look-alike");
  assert_refused (f, "C", "1an", "look-alike");
  assert_refused (f, "C", "\u04cfan", "invalid");
}

/* Somebody who goes while others are still to hear them is no reason to keep them out. */
static void
test_nobody_looks_like_who_has_left (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = log_in (f, NULL, "bob", "<1bob>");
  TestPeer *ian = log_in (f, NULL, "Ian", "<1bob><1Ian>");

  test_peer_expect (bob, "<2Ian>");
  test_peer_send (ian, "<3bye>");
  leave (ian);
  test_peer_expect (bob, "<4Ian: bye><3Ian>");
  log_in (f, NULL, "lan", "<1bob><1lan>");
}

static guint64
taken (Fixture    *f,
       const char *who)
{
  return ahoyd_taken_get (TAKEN (f->parts.store), who);
}

/* bob has something to read that has not arrived. Returns: bob. */
static TestPeer *
whisper_to_bob (Fixture *f)
{
  TestPeer *alice = log_in (f, NULL, "alice", "<1alice>");
  TestPeer *bob = log_in (f, "B", "bob", "<1alice><1bob>");

  test_peer_expect (alice, "<2bob>");
  test_peer_send (alice, "<2bob,psst>");
  test_peer_expect (alice, "<4[whisper] alice to bob: psst>");
  assert_int_equal (taken (f, "bob"), 0);
  return bob;
}

/* However a connection is closed in good order, what arrives until it is down has arrived. */
static void
test_what_arrives_while_closing (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = whisper_to_bob (f);

  ahoyd_session_close (f->last_session, "Goodbye.");
  assert_int_equal (taken (f, "bob"), 0);
  hear_out (f, bob);
  assert_true (has_heard (bob, "psst"));
  leave (bob);
  test_loop_settle (f->context);
  assert_int_equal (taken (f, "bob"), 1);
}

static void
test_what_arrives_while_replaced (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = whisper_to_bob (f);
  TestPeer *again = log_in (f, "B", "bob", "<1alice><1bob>");

  /* The new one gets it as well: nobody knew. */
  test_peer_expect (again, "<4[whisper] alice to bob: psst>");
  hear_out (f, bob);
  leave (bob);
  test_loop_settle (f->context);
  assert_int_equal (taken (f, "bob"), 1);
}

/* The store does not wait for those who take nothing. */
static void
test_what_does_not_arrive (void **state)
{
  Fixture  *f = *state;
  TestPeer *bob = whisper_to_bob (f);

  ahoyd_session_close (f->last_session, NULL);
  test_loop_settle (f->context);
  ahoyd_chat_free (f->chat);
  start (f);
  assert_int_equal (taken (f, "bob"), 0);
  hear_out (f, bob);
  leave (bob);
  test_loop_settle (f->context);
  assert_int_equal (taken (f, "bob"), 0);
}

static void
say_receipt (TestPeer   *peer,
             const char *what)
{
  g_autofree char *frame = g_strdup_printf ("\x01"
                                            "id=1\x1fwhat=%s<R>",
                                            what);

  test_peer_send (peer, frame);
}

/* A receipt for what the owner before whispered is for nobody. */
static void
test_a_receipt_after_a_release (void **state)
{
  Fixture  *f = *state;
  TestPeer *alice = log_in (f, "A", "alice", "<1alice>");
  TestPeer *bob = come (f, NULL);
  TestPeer *next;
  guint     n_released = 0;

  test_peer_send (bob, "\x01v=2<1bob>");
  test_peer_expect (alice, "<2bob>");
  test_peer_send (alice, "<2bob,psst>");
  test_peer_expect (alice, "<4[whisper] alice to bob: psst>");
  leave (alice);
  assert_non_null (ahoyd_owners_release (owners (f), "alice", on_released, &n_released));
  assert_true (test_loop_until_count (f->context, &n_released, 1));
  next = come (f, "B");
  test_peer_send (next, "\x01v=2<1alice>");
  while (ahoyd_hub_find (hub (f), "alice") == NULL)
    g_main_context_iteration (f->context, TRUE);
  say_receipt (bob, "delivered");
  say_receipt (bob, "seen");
  test_peer_send (bob, "<Q>");
  hear_out (f, bob);
  leave (next);
  hear_out (f, next);
  assert_false (has_heard (next, "what="));
  assert_int_equal (mark_of (f->parts.store, "alice", "bob", AHOYD_MARK_DELIVERED), 0);
  assert_int_equal (mark_of (f->parts.store, "alice", "bob", AHOYD_MARK_SEEN), 0);
  /* But that bob has it is known. */
  assert_int_equal (ahoyd_taken_get (TAKEN (f->parts.store), "bob"), 1);
}

/* Whoever is here when the name is released stays; it is theirs again when they come back before anybody else. */
static void
test_released_while_here (void **state)
{
  Fixture         *f = *state;
  TestPeer        *alice = log_in (f, "A", "alice", "<1alice>");
  g_autofree char *notice = NULL;
  guint            n_released = 0;

  assert_non_null (ahoyd_owners_release (owners (f), "alice", on_released, &n_released));
  assert_true (test_loop_until_count (f->context, &n_released, 1));
  test_peer_send (alice, "<3still here>");
  test_peer_expect (alice, "<4alice: still here>");
  assert_refused (f, "B", "alice", "in-use");
  log_in (f, "A", "alice", "<1alice>");
  notice = test_peer_expect_notice (alice);
  assert_string_equal (ahoyd_owners_find (owners (f), "alice"), "A");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_name_with_an_owner, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_name_without, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_race, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_race_of_one_key, setup, teardown),
    cmocka_unit_test_setup_teardown (test_who_leaves_before_the_claim_is_kept, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_ghost, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_ghost_that_is_extended, setup, teardown),
    cmocka_unit_test_setup_teardown (test_released, setup, teardown),
    cmocka_unit_test_setup_teardown (test_released_while_here, setup, teardown),
    cmocka_unit_test_setup_teardown (test_look_alikes_of_owned_names, setup, teardown),
    cmocka_unit_test_setup_teardown (test_look_alikes_of_people_without_keys, setup, teardown),
    cmocka_unit_test_setup_teardown (test_look_alikes_from_before, setup, teardown),
    cmocka_unit_test_setup_teardown (test_nobody_looks_like_who_has_left, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_receipt_after_a_release, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_arrives_while_closing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_arrives_while_replaced, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_does_not_arrive, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
