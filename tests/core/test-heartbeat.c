/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Pings over a connection to a fake server on loopback. When one is due is in test-keepalive.c. */

#include "core/connection/ahoy-heartbeat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/fake-extended.h"
#include "support/test-loop.h"

typedef struct {
  AhoyConnectionTiming timing;
  AhoyKeepaliveTiming  keepalive;
  AhoyConnection      *connection;
  AhoyHeartbeat       *heartbeat;
  FakeExtended        *server;
  AhoyMoment           now; /* asleep alone: the other clock is the real one */
  guint                n_up;
  guint                n_packets;
  guint                n_fine;
  guint                n_doubtful;
  guint                n_gone;
  guint64              pong;
} Fixture;

static void
on_up (AhoyConnection *connection,
       const char     *host,
       guint16         port,
       const char     *id,
       gpointer        data)
{
  ((Fixture *) data)->n_up++;
}

static void
on_packet (AhoyConnection   *connection,
           const AhoyPacket *packet,
           gpointer          data)
{
  Fixture *f = data;

  f->n_packets++;
  if (packet->kind == AHOY_PACKET_PONG)
    f->pong = packet->n;
}

static void
on_no_tls (AhoyConnection *connection,
           gpointer        data)
{
}

static void
on_nowhere (AhoyConnection *connection,
            GPtrArray      *places,
            gpointer        data)
{
}

static void
on_down (AhoyConnection *connection,
         AhoyFailure     reason,
         gpointer        data)
{
}

static const AhoyConnectionEvents connection_events = {
  .on_up = on_up,
  .on_packet = on_packet,
  .on_no_tls = on_no_tls,
  .on_nowhere = on_nowhere,
  .on_down = on_down,
};

static AhoyMoment
now (gpointer data)
{
  Fixture *f = data;

  return (AhoyMoment){ .now = g_get_monotonic_time (), .asleep = f->now.asleep };
}

static gboolean
waits (gpointer data)
{
  return FALSE;
}

static void
on_fine (gpointer data)
{
  ((Fixture *) data)->n_fine++;
}

static void
on_doubtful (gpointer data)
{
  ((Fixture *) data)->n_doubtful++;
}

static void
on_gone (gpointer data)
{
  ((Fixture *) data)->n_gone++;
}

static const AhoyHeartbeatEvents events = {
  .now = now,
  .waits = waits,
  .on_fine = on_fine,
  .on_doubtful = on_doubtful,
  .on_gone = on_gone,
};

static int
setup (void **state)
{
  Fixture               *f = g_new0 (Fixture, 1);
  g_autoptr (AhoyServer) address = NULL;

  /* What must not pass in a test is long, what must pass is short. */
  f->timing = (AhoyConnectionTiming){ .connect = TEST_LOOP_DEADLINE_MS, .stagger = 20, .grace = TEST_LOOP_DEADLINE_MS, .log_in = TEST_LOOP_DEADLINE_MS };
  f->keepalive =
    (AhoyKeepaliveTiming){ .idle = TEST_LOOP_DEADLINE_MS, .pong = TEST_LOOP_DEADLINE_MS, .impatient = TEST_LOOP_DEADLINE_MS, .watch = 1 };
  f->server = fake_extended_new ();
  f->connection = ahoy_connection_new (&f->timing, &connection_events, f);
  f->heartbeat = ahoy_heartbeat_new (f->connection, &f->keepalive, &events, f);
  address = ahoy_server_new ("127.0.0.1", f->server->port);
  ahoy_connection_open (f->connection, address, AHOY_WAY_PLAIN, NULL, NULL, NULL);
  assert_true (test_loop_until_count (NULL, &f->n_up, 1));
  ahoy_connection_log_in (f->connection, &(AhoyPacket){ .kind = AHOY_PACKET_LOGIN, .name = "alice", .version = 2, .agent = "test" }, TRUE);
  assert_true (test_loop_until_count (NULL, &f->n_packets, 2)); /* the welcome and us */
  ahoy_connection_settle (f->connection);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoy_heartbeat_free (f->heartbeat);
  ahoy_connection_free (f->connection);
  fake_extended_free (f->server);
  g_free (f);
  return 0;
}

static void
a_server_that_answers_is_there (void **state)
{
  Fixture *f = *state;

  f->keepalive.idle = 1;
  ahoy_heartbeat_start (f->heartbeat);
  assert_true (test_loop_until_count (NULL, &f->server->n_pings, 3));
  assert_true (f->n_fine >= 3);
  assert_int_equal (f->n_gone, 0);
}

static void
a_server_that_is_silent_is_gone_once (void **state)
{
  Fixture *f = *state;

  f->server->pongs = FALSE;
  f->keepalive.idle = f->keepalive.pong = 1;
  ahoy_heartbeat_start (f->heartbeat);
  assert_true (test_loop_until_count (NULL, &f->n_gone, 1));
  assert_int_equal (f->heartbeat->watch_id, 0); /* nobody looks any more */
}

static void
a_server_that_does_not_answer_is_doubted (void **state)
{
  Fixture *f = *state;

  f->server->pongs = FALSE;
  f->keepalive.impatient = 2;
  ahoy_heartbeat_start (f->heartbeat);
  assert_false (ahoy_heartbeat_is_silent (f->heartbeat));
  ahoy_heartbeat_ask (f->heartbeat);
  assert_true (ahoy_heartbeat_is_silent (f->heartbeat));
  assert_true (test_loop_until_count (NULL, &f->n_doubtful, 2));
  ahoy_heartbeat_ask (f->heartbeat); /* it was asked */
  assert_true (test_loop_settle (NULL));
  assert_int_equal (f->server->n_pings, 1);
  assert_int_equal (f->n_gone, 0);
}

static void
a_sleep_is_a_reason_to_ask (void **state)
{
  Fixture *f = *state;

  ahoy_heartbeat_start (f->heartbeat);
  assert_true (test_loop_until_count (NULL, &f->n_fine, 2));
  assert_int_equal (f->server->n_pings, 0);
  f->now.asleep += G_USEC_PER_SEC;
  assert_true (test_loop_until_count (NULL, &f->server->n_pings, 1));
}

static void
who_does_not_read_doubts_nobody (void **state)
{
  Fixture *f = *state;

  f->keepalive.impatient = f->keepalive.pong = f->keepalive.idle = 1;
  ahoy_heartbeat_start (f->heartbeat);
  ahoy_heartbeat_set_reading (f->heartbeat, FALSE);
  ahoy_heartbeat_ask (f->heartbeat);
  assert_true (test_loop_until_count (NULL, &f->server->n_pings, 1));
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, TRUE); /* looks, one after the other */
  assert_int_equal (f->n_gone, 0);
  assert_int_equal (f->heartbeat->keepalive.asked, 0);
  ahoy_heartbeat_stop (f->heartbeat);
  assert_false (f->heartbeat->deaf); /* the next connection is read */
}

static void
pings_have_numbers (void **state)
{
  Fixture      *f = *state;
  const guint64 n = ahoy_heartbeat_ping (f->heartbeat);
  const guint   before = f->n_packets;

  assert_true (test_loop_until_count (NULL, &f->n_packets, before + 1));
  assert_int_equal (f->pong, n);
  ahoy_heartbeat_stop (f->heartbeat);
  assert_int_equal (ahoy_heartbeat_ping (f->heartbeat), n + 1); /* a pong of another connection is none of this one */
}

#define HEARTBEAT_TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    HEARTBEAT_TEST (a_server_that_answers_is_there),
    HEARTBEAT_TEST (a_server_that_is_silent_is_gone_once),
    HEARTBEAT_TEST (a_server_that_does_not_answer_is_doubted),
    HEARTBEAT_TEST (a_sleep_is_a_reason_to_ask),
    HEARTBEAT_TEST (who_does_not_read_doubts_nobody),
    HEARTBEAT_TEST (pings_have_numbers),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
