/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A log that is slower than the network: who says more than it takes is not read until it has, and nothing is lost. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "net/ahoyd-session.h"
#include "ahoyd-chat.h"
#include "features/ahoyd-features.h"
#include "features/ahoyd-mark-table.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "state/ahoyd-backlog.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

#define MESSAGES 200
#define TEXT_SIZE 8000

/* Commits when the test says so. */
typedef struct {
  AhoydStore store;
  GQueue     appended;
  guint64    last;
} SlowStore;

static void
slow_append (AhoydStore *store,
             AhoydEvent *event)
{
  g_queue_push_tail (&((SlowStore *) store)->appended, event);
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
  return ((SlowStore *) store)->last;
}

static guint
slow_get_n_pending (AhoydStore *store)
{
  return ((SlowStore *) store)->appended.length;
}

static void
slow_free (AhoydStore *store)
{
  g_queue_clear_full (&((SlowStore *) store)->appended, (GDestroyNotify) ahoyd_event_unref);
  ahoyd_store_clear (store);
}

static const AhoydStoreClass slow_class = {
  .append = slow_append,
  .write_row = slow_write_row,
  .get_last = slow_get_last,
  .get_n_pending = slow_get_n_pending,
  .free = slow_free,
};

static void
commit_one (SlowStore *slow)
{
  AhoydEvent *event = g_queue_pop_head (&slow->appended);

  event->id = ++slow->last;
  ahoyd_store_announce (&slow->store, event, FALSE, NULL);
  ahoyd_event_unref (event);
}

/* A feature that sees all that comes. */
static void
committed (const AhoydEvent *event,
           gpointer          self)
{
  g_autofree char *number = g_strdup_printf ("%0*" G_GUINT64_FORMAT, TEXT_SIZE, event->id);

  assert_string_equal (event->text, number); /* in order, and none is missing */
}

static const AhoydFeature witness = { .name = "witness", .committed = committed };

/* As much as goes, of what is left. */
static void
push (TestPeer *peer,
      GString  *left)
{
  gssize n = left->len > 0 ? send (peer->fd, left->str, left->len, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;

  assert_true (n >= 0 || errno == EAGAIN);
  if (n > 0)
    g_string_erase (left, 0, n);
}

static void
test_a_slow_log_is_waited_for (void **state)
{
  ServerFixture        *test = *state;
  const struct sockaddr from = { .sa_family = AF_UNIX };
  g_autoptr (AhoyTls)   tls = ahoy_tls_new (NULL, NULL);
  g_autoptr (GString)   left = g_string_new (NULL);
  AhoydStats            stats = { 0 };
  SlowStore             slow = { 0 };
  AhoydSession         *session;
  AhoydAddressLimit    *address_limit;
  const AhoydFeature   *features[] = { &ahoyd_log_in, &ahoyd_talk, &witness, NULL };
  AhoydChatParts        parts;
  AhoydChat            *chat;
  TestPeer             *peer;
  guint                 n = 0;
  int                   fds[2];

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
  chat = ahoyd_chat_new (&parts, features, NULL, NULL);
  assert_int_equal (ahoyd_address_limits_enter (parts.address_limits, &from, 0, &address_limit), AHOYD_WELCOME);
  session = ahoyd_chat_add (chat, fds[0], address_limit, 1, NULL);
  peer = test_peer_new (test->context, fds[1]);
  test_peer_send (peer, "<1alice>");
  test_peer_expect (peer, "<1alice>");

  for (guint i = 1; i <= MESSAGES; i++)
    g_string_append_printf (left, "\x02"
                                  "3%0*u\x03",
                            TEXT_SIZE, i);
  for (; n < MESSAGES; n++)
    {
      push (peer, left);
      assert_true (test_loop_settle (test->context));
      push (peer, left);
      assert_true (test_loop_settle (test->context));
      assert_in_range (ahoyd_hub_get_backlog (ahoyd_chat_get_hub (chat)), 1, AHOYD_BACKLOG_PERSON + AHOY_FRAME_MAX);
      assert_true (slow.appended.length > 0); /* it goes on as there is room */
      commit_one (&slow);
    }
  assert_int_equal (ahoyd_hub_get_backlog (ahoyd_chat_get_hub (chat)), 0);
  assert_int_equal (left->len, 0);

  ahoyd_session_close (session, NULL);
  test_peer_free (peer);
  ahoyd_chat_free (chat);
  ahoyd_store_free (parts.store);
  ahoyd_address_limits_free (parts.address_limits);
  test_loop_settle (test->context);
  ahoy_poll_unref (parts.poll);
}

static void
test_whose_turn_it_is_to_wait (void **state)
{
  enum {
    OWN = AHOYD_BACKLOG_PERSON,
    ALL = AHOYD_BACKLOG_ALL,
    MANY = 1024,
    SHARE = ALL / MANY
  };
  static const struct {
    guint64  own, all;
    guint    n_online;
    gboolean stopped, stops;
  } table[] = {
    { 0, ALL, 1, FALSE, FALSE }, /* nothing would wake them */
    { 0, ALL, 1, TRUE, FALSE },
    { OWN - 1, OWN, 1, FALSE, FALSE },
    { OWN, OWN, 1, FALSE, TRUE },
    { OWN - 1, OWN, 1, TRUE, TRUE },
    { OWN / 2, OWN, 1, TRUE, TRUE },
    { OWN / 2 - 1, OWN, 1, TRUE, FALSE },
    { SHARE - 1, SHARE, MANY, FALSE, FALSE },
    { SHARE, SHARE, MANY, FALSE, TRUE },
    { SHARE / 2, SHARE, MANY, TRUE, TRUE },
    { SHARE / 2 - 1, SHARE, MANY, TRUE, FALSE },
    { 1, ALL - 1, 1, FALSE, FALSE },
    { 1, ALL, 1, FALSE, TRUE },
    { OWN, OWN, 0, FALSE, TRUE }, /* the last one has just left */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (ahoyd_backlog_stops (table[i].own, table[i].all, table[i].n_online, table[i].stopped) != table[i].stops)
      fail_msg ("row %" G_GSIZE_FORMAT, i);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_whose_turn_it_is_to_wait),
    cmocka_unit_test_setup_teardown (test_a_slow_log_is_waited_for, server_fixture_setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
