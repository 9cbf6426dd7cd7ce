/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Many TLS handshakes at the same time: they share a part of each turn, in order, and whoever has nothing to do with them goes on. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "support/tls-peer.h"

#define N 24
#define TURNS_MAX 100000

typedef struct {
  AhoyTls *tls;
  Side    *server[N];
  Side    *client[N];
} Flood;

/* Time for one step of one handshake in a turn, however fast the machine is. */
static void
grant_little_time (LinkFixture *fixture)
{
  fixture->shared->shake_budget = 1;
}

/* Each client has something to say. */
static void
flood_begin (Flood       *flood,
             LinkFixture *fixture)
{
  flood->tls = test_tls_new (NULL);
  for (guint i = 0; i < N; i++)
    {
      int fds[2];

      assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
      flood->server[i] = side_new_bare (fixture, -1);
      flood->client[i] = side_new_bare (fixture, -1);
      flood->server[i]->link = ahoy_link_new_accepted (fixture->poll, fds[0], flood->tls, &side_events, flood->server[i], NULL);
      flood->client[i]->link = ahoy_link_new_secure (fixture->poll, fds[1], flood->tls, &side_events, flood->client[i], NULL);
      side_send (flood->client[i], "hello");
    }
}

static void
flood_end (Flood *flood)
{
  for (guint i = 0; i < N; i++)
    {
      side_free (flood->server[i]);
      side_free (flood->client[i]);
    }
  ahoy_tls_unref (flood->tls);
}

static guint
n_secure (Flood *flood)
{
  guint n = 0;

  for (guint i = 0; i < N; i++)
    n += ahoy_link_is_secure (flood->server[i]->link);
  return n;
}

static void
assert_all_arrived (Flood *flood)
{
  for (guint i = 0; i < N; i++)
    {
      assert_string_equal (flood->client[i]->log->str, "+secure;");
      assert_string_equal (flood->server[i]->log->str, "+secure;4 hello;");
    }
}

static void
test_others_go_on (void **state)
{
  LinkFixture     *fixture = *state;
  Flood            flood;
  g_autoptr (Side) plain = side_new (fixture);
  guint            n_said = 0;
  guint            most = 0;

  grant_little_time (fixture);
  flood_begin (&flood, fixture);
  for (guint before = 0, now = 0, turn = 0; now < N; turn++)
    {
      assert_true (turn < TURNS_MAX);
      peer_says (plain, "\0024x\003");
      n_said++;
      g_main_context_iteration (fixture->context, TRUE);
      assert_int_equal (plain->n_frames, n_said); /* in that very turn */
      now = n_secure (&flood);
      most = MAX (most, now - before);
      before = now;
    }
  assert_int_equal (most, 1);
  link_fixture_settle (fixture);
  assert_all_arrived (&flood);
  flood_end (&flood);
}

/* Who has waited longest is served first: each of them gets there while newcomers keep coming. */
static void
test_newcomers_wait_behind (void **state)
{
  LinkFixture *fixture = *state;
  Flood        first;
  Flood        second;

  grant_little_time (fixture);
  flood_begin (&first, fixture);
  for (guint turn = 0; turn < 3; turn++)
    g_main_context_iteration (fixture->context, TRUE);
  flood_begin (&second, fixture);
  for (gint64 deadline = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * G_TIME_SPAN_MILLISECOND; n_secure (&first) < N;)
    {
      assert_true (g_get_monotonic_time () < deadline);
      g_main_context_iteration (fixture->context, FALSE);
    }
  assert_true (n_secure (&second) < N);
  link_fixture_settle (fixture);
  assert_all_arrived (&first);
  assert_all_arrived (&second);
  flood_end (&first);
  flood_end (&second);
}

/* In whatever state of waiting they are: one that was closed still says what it had to say. */
static void
test_they_go_while_they_wait (void **state)
{
  LinkFixture *fixture = *state;
  Flood        flood;

  grant_little_time (fixture);
  flood_begin (&flood, fixture);
  for (guint i = 0; i < N; i++)
    {
      g_main_context_iteration (fixture->context, TRUE);
      if (i % 4 == 0)
        ahoy_link_abort (flood.client[N - 1 - i]->link);
      else if (i % 4 == 1)
        ahoy_link_abort (flood.server[N - 1 - i]->link);
      else if (i % 4 == 2)
        ahoy_link_close (flood.client[N - 1 - i]->link);
    }
  link_fixture_settle (fixture);
  for (guint i = 0; i < N; i++)
    {
      Side *server = flood.server[N - 1 - i];

      if (i % 4 == 2)
        assert_string_equal (server->log->str, "+secure;4 hello;#peer;");
      else if (i % 4 == 3)
        assert_string_equal (server->log->str, "+secure;4 hello;");
    }
  flood_end (&flood);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_others_go_on),
    link_test (test_newcomers_wait_behind),
    link_test (test_they_go_while_they_wait),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
