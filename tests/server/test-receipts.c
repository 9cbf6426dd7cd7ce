/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How far whispers have come. PROTOCOL.md, "Receipts". */

#include <string.h>
#include <sys/socket.h>

#include "net/ahoyd-dispatch.h"
#include "ahoyd-chat.h"
#include "features/ahoyd-features.h"
#include "features/ahoyd-mark-table.h"
#include "server/cmocka-all.h"
#include "server/mark-of.h"
#include "server/rows-of.h"
#include "server/server-fixture.h"
#include "support/test-loop.h"

/* As the feature has it: so many questions of one session are with the store. */
#define QUESTIONS 16
/* And so many of all. */
#define QUESTIONS_OF_ALL 4096

static int
setup (void **state)
{
  server_fixture_setup (state);
  server_fixture_serve (*state);
  return 0;
}

static void
whisper (TestPeer   *from,
         TestPeer   *to,
         const char *name,
         const char *text)
{
  g_autofree char *frame = g_strdup_printf ("<2%s,%s>", name, text);
  g_autofree char *end = g_strdup_printf ("<4%s>", text);

  test_peer_send (from, frame);
  g_free (test_peer_read_until (from, end));
  g_free (test_peer_read_until (to, end));
}

static void
test_delivered_and_seen (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");
  TestPeer *carol = server_fixture_enter (*state, "carol");

  whisper (alice, bob, "bob", "one");
  whisper (alice, bob, "bob", "two");
  test_peer_send (bob, "\x01id=2\x1fwhat=delivered<R>\x01id=1\x1fwhat=seen<R>");
  test_peer_expect (alice, "\x01id=2\x1fwhat=delivered\x1f"
                           "by=bob<R>");
  test_peer_expect (alice, "\x01id=1\x1fwhat=seen\x1f"
                           "by=bob<R>");
  /* All before the second was delivered with it; and nobody else hears of it. */
  test_peer_send (bob, "\x01id=1\x1fwhat=delivered<R>\x01id=2\x1fwhat=delivered<R>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_expect_nothing (carol);
}

static void
test_what_is_ignored (void **state)
{
  TestPeer *alice = server_fixture_enter (*state, "alice");
  TestPeer *bob = server_fixture_enter (*state, "bob");
  TestPeer *carol = server_fixture_enter (*state, "carol");

  whisper (alice, bob, "bob", "psst");
  test_peer_send (alice, "<3to all>");
  g_free (test_peer_read_until (alice, "<4to all>"));
  g_free (test_peer_read_until (bob, "<4to all>"));
  g_free (test_peer_read_until (carol, "<4to all>"));
  test_peer_send (bob, "\x01id=1\x1fwhat=eaten<R>\x01id=2\x1fwhat=seen<R>\x01id=3\x1fwhat=seen<R>\x01id=0\x1fwhat=seen<R>");
  test_peer_send (carol, "\x01id=1\x1fwhat=seen<R>");
  test_peer_send (alice, "\x01id=1\x1fwhat=seen<R>");
  test_peer_expect_nothing (alice);
  test_peer_expect_nothing (bob);
  test_peer_expect_nothing (carol);
}

/* What was said of one's whispers while one was away comes before the `C`. */
static void
test_told_later (void **state)
{
  TestPeer        *alice = server_fixture_connect (*state);
  TestPeer        *bob;
  TestPeer        *again;
  g_autofree char *missed = NULL;

  test_peer_send (alice, "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1alice>");
  g_free (test_peer_read_until (alice, "<C>"));
  bob = server_fixture_enter (*state, "bob");
  whisper (alice, bob, "bob", "psst");
  test_peer_send (alice, "<Q>");
  test_peer_expect_end (alice);
  g_free (test_peer_read_until (bob, "<3alice>"));
  test_peer_send (bob, "\x01id=1\x1fwhat=seen<R>");
  test_peer_expect_nothing (bob);
  again = server_fixture_connect (*state);
  test_peer_send (again, "\x01v=2\x1fsecret=0123456789abcdef0123456789abcdef<1alice>");
  missed = test_peer_read_until (again, "<C>");
  assert_non_null (strstr (missed, "\x01id=1\x1fwhat=seen\x1f"
                                   "by=bob<R>"));
}

/* Whoever has the name next hears nothing of what was whispered before. */
static void
test_a_name_that_is_forgotten (void **state)
{
  TestPeer        *alice = server_fixture_enter (*state, "alice");
  TestPeer        *bob = server_fixture_enter (*state, "bob");
  TestPeer        *next;
  g_autofree char *missed = NULL;

  whisper (alice, bob, "bob", "psst");
  test_peer_send (bob, "\x01id=1\x1fwhat=seen<R>");
  g_free (test_peer_read_until (alice, "<R>"));
  test_peer_send (alice, "<Q>");
  g_free (test_peer_read_until (bob, "<3alice>"));
  next = server_fixture_connect (*state);
  test_peer_send (next, "\x01v=2<1alice>");
  missed = test_peer_read_until (next, "<C>");
  assert_null (strstr (missed, "<R>"));
}

/* --- What only the log knows --- */

/* Answers questions when the test says so. */
typedef struct {
  AhoydStore store;
  GQueue     asked; /* Asked */
} SlowStore;

typedef struct {
  AhoydPage page;
  guint64   id;
} Asked;

static AhoydPage *
slow_page (AhoydStore           *store,
           const AhoydPageQuery *query,
           AhoydPageReady        ready,
           gpointer              data)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->page.ready = ready;
  asked->page.data = data;
  asked->id = query->after + 1;
  g_queue_push_tail (&((SlowStore *) store)->asked, asked);
  return &asked->page;
}

/* Nothing here waits for a row. */
static AhoydKeeping *
slow_write_row (AhoydStore  *store,
                AhoydTable  *table,
                gpointer     row,
                AhoydRowKept kept,
                gpointer     data)
{
  assert_null (kept);
  ahoyd_table_get_class (table)->row_free (row);
  return NULL;
}

static guint64
slow_get_last (AhoydStore *store)
{
  return 1000;
}

static guint
slow_get_n_pending (AhoydStore *store)
{
  return 0;
}

static void
slow_free (AhoydStore *store)
{
  ahoyd_store_clear (store);
}

static const AhoydStoreClass slow_class = {
  .page = slow_page,
  .write_row = slow_write_row,
  .get_last = slow_get_last,
  .get_n_pending = slow_get_n_pending,
  .free = slow_free,
};

/* The oldest question is answered: alice whispered that to bob. */
static void
answer_one (SlowStore *slow)
{
  Asked                *asked = g_queue_pop_head (&slow->asked);
  g_autoptr (GPtrArray) messages = g_ptr_array_new ();
  AhoydEvent            event = { .id = asked->id, .from_skeleton = (char *) "alice", .target = AHOY_TARGET_INIT_PERSON ("bob"), .target_skeleton = (char *) "bob" };
  const AhoydPageResult result = { .messages = messages };

  g_ptr_array_add (messages, &event);
  if (asked->page.ready != NULL)
    asked->page.ready (&result, asked->page.data);
  g_free (asked);
}

/* Of one session so many are asked at one time, and nothing more is read from it meanwhile. Who hangs up has said it all the same. */
static void
test_questions_of_one_session (void **state)
{
  ServerFixture        *test = *state;
  const struct sockaddr from = { .sa_family = AF_UNIX };
  g_autoptr (AhoyTls)   tls = ahoy_tls_new (NULL, NULL);
  AhoydStats            stats = { 0 };
  SlowStore             slow = { 0 };
  const AhoydEvent      handed_over = {
         .id = 1500,
         .from = (char *) "carol",
         .from_skeleton = (char *) "carol",
         .target = AHOY_TARGET_INIT_PERSON ("bob"),
         .target_skeleton = (char *) "bob",
         .text = (char *) "psst",
  };
  AhoydSession      *session;
  AhoydAddressLimit *address_limit;
  AhoydChatParts     parts;
  AhoydChat         *chat;
  TestPeer          *bob;
  int                fds[2];

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  ahoyd_store_init (&slow.store, &slow_class);
  ahoyd_store_add_table (&slow.store, &ahoyd_mark_table);
  parts = (AhoydChatParts){
    .config = test->config,
    .poll = ahoy_poll_new (test->context, NULL),
    .tls = tls,
    .store = &slow.store,
    .address_limits = ahoyd_address_limits_new (&(const AhoydAddressLimitsConfig){ 0 }, 0),
    .stats = &stats,
    .server_id = "mxv3q5lr2t4ycw7bn6ke3jdpoa",
  };
  chat = ahoyd_chat_new (&parts, ahoyd_features (), NULL, NULL);
  assert_int_equal (ahoyd_address_limits_enter (parts.address_limits, &from, 0, &address_limit), AHOYD_WELCOME);
  session = ahoyd_chat_add (chat, fds[0], address_limit, 1, NULL);
  bob = test_peer_new (test->context, fds[1]);
  test_peer_send (bob, "\x01v=2<1bob>");
  g_free (test_peer_read_until (bob, "<C>"));
  ahoyd_taken_raise_held (TAKEN (&slow.store), "bob", 2000); /* what came up to 1000 is not his */

  /* It is known that nothing so new is for him, and who sent what was handed over again. */
  ahoyd_hub_replay_one (ahoyd_chat_get_hub (chat), ahoyd_hub_find (ahoyd_chat_get_hub (chat), "bob"), &handed_over);
  test_peer_send (bob, "\x01id=2001\x1fwhat=seen<R>\x01id=1500\x1fwhat=delivered<R>");
  assert_true (test_loop_settle (test->context));
  assert_int_equal (slow.asked.length, 0);
  assert_int_equal (mark_of (&slow.store, "carol", "bob", AHOYD_MARK_DELIVERED), 1500);

  for (guint i = 1; i <= QUESTIONS + 2; i++)
    {
      g_autofree char *frame = g_strdup_printf ("\x01id=%u\x1fwhat=seen<R>", 1000 + i);

      test_peer_send (bob, frame);
      assert_true (test_loop_settle (test->context));
      assert_int_equal (slow.asked.length, MIN (i, QUESTIONS));
    }
  answer_one (&slow);
  assert_true (test_loop_settle (test->context));
  assert_int_equal (slow.asked.length, QUESTIONS);
  assert_int_equal (mark_of (&slow.store, "alice", "bob", AHOYD_MARK_SEEN), 1001);
  ahoyd_session_close (session, NULL);
  while (slow.asked.length > 1)
    answer_one (&slow);
  assert_int_equal (mark_of (&slow.store, "alice", "bob", AHOYD_MARK_SEEN), 1000 + QUESTIONS);

  test_peer_free (bob);
  ahoyd_chat_free (chat);
  answer_one (&slow); /* nobody is there any more */
  ahoyd_store_free (parts.store);
  ahoyd_address_limits_free (parts.address_limits);
  test_loop_settle (test->context);
  ahoy_poll_unref (parts.poll);
}

/* Of all together so many are with the store, those of who came, asked and hung up among them: what is said beyond is not looked up. */
static void
test_questions_of_all (void **state)
{
  ServerFixture        *test = *state;
  const struct sockaddr from = { .sa_family = AF_UNIX };
  g_autoptr (AhoyTls)   tls = ahoy_tls_new (NULL, NULL);
  AhoydStats            stats = { 0 };
  SlowStore             slow = { 0 };
  AhoydChatParts        parts;
  AhoydChat            *chat;

  ahoyd_store_init (&slow.store, &slow_class);
  ahoyd_store_add_table (&slow.store, &ahoyd_mark_table);
  parts = (AhoydChatParts){
    .config = test->config,
    .poll = ahoy_poll_new (test->context, NULL),
    .tls = tls,
    .store = &slow.store,
    .address_limits = ahoyd_address_limits_new (&(const AhoydAddressLimitsConfig){ 0 }, 0),
    .stats = &stats,
    .server_id = "mxv3q5lr2t4ycw7bn6ke3jdpoa",
  };
  chat = ahoyd_chat_new (&parts, ahoyd_features (), NULL, NULL);
  for (guint i = 0; i <= QUESTIONS_OF_ALL / QUESTIONS; i++)
    {
      AhoydAddressLimit *address_limit;
      AhoydSession      *session;
      TestPeer          *bob;
      int                fds[2];

      assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
      assert_int_equal (ahoyd_address_limits_enter (parts.address_limits, &from, 0, &address_limit), AHOYD_WELCOME);
      session = ahoyd_chat_add (chat, fds[0], address_limit, i + 1, NULL);
      bob = test_peer_new (test->context, fds[1]);
      test_peer_send (bob, "\x01v=2<1bob>");
      g_free (test_peer_read_until (bob, "<C>"));
      ahoyd_taken_raise_held (TAKEN (&slow.store), "bob", 2000);
      for (guint k = 1; k <= QUESTIONS; k++)
        {
          g_autofree char *frame = g_strdup_printf ("\x01id=%u\x1fwhat=seen<R>", 1000 + k);

          test_peer_send (bob, frame);
        }
      assert_true (test_loop_settle (test->context));
      assert_int_equal (slow.asked.length, MIN ((i + 1) * QUESTIONS, QUESTIONS_OF_ALL));
      ahoyd_session_close (session, NULL);
      assert_true (test_loop_settle (test->context));
      test_peer_free (bob);
    }
  while (slow.asked.length > 0)
    answer_one (&slow);
  ahoyd_chat_free (chat);
  ahoyd_store_free (parts.store);
  ahoyd_address_limits_free (parts.address_limits);
  test_loop_settle (test->context);
  ahoy_poll_unref (parts.poll);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_delivered_and_seen, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_what_is_ignored, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_told_later, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_name_that_is_forgotten, setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_questions_of_one_session, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_questions_of_all, server_fixture_setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
