/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A whole server whose disk has kept it waiting: what has queued up meanwhile, and how it ends. Somebody else has locked the log, so that a test says for how long. */

#include <sqlite3.h>
#include <string.h>
#include <sys/socket.h>

#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "support/test-loop.h"

#define N_TALKERS 30
#define N_TEXTS 10 /* of each talker */
#define TEXT_BYTES (16 * 1024 - 16)
#define N_READERS 10

typedef struct {
  int   fd;
  gsize taken;
} Reader;

typedef struct {
  ServerFixture *fixture;
  sqlite3       *lock;
  Reader         readers[N_READERS];
  gboolean       stopped;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  server_fixture_setup ((void **) &f->fixture);
  f->fixture->config->rate = 0;
  f->fixture->config->rate_bytes = 0;
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  sqlite3_close (f->lock);
  server_fixture_teardown ((void **) &f->fixture);
  g_free (f);
  return 0;
}

static void
lock_log (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->fixture->folder, "log.sqlite", NULL);

  assert_int_equal (sqlite3_open (path, &f->lock), SQLITE_OK);
  sqlite3_busy_timeout (f->lock, 5000);
  assert_int_equal (sqlite3_exec (f->lock, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

static void
unlock_log (Fixture *f)
{
  assert_int_equal (sqlite3_exec (f->lock, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

static char *
long_frame (void)
{
  g_autofree char *text = g_strnfill (TEXT_BYTES, 'x');

  return g_strdup_printf ("<3%s>", text);
}

/* As fast as this loop brings it. */
static gboolean
take_all (gpointer data)
{
  Fixture *f = data;
  gboolean all = TRUE;
  char     bytes[65536];

  for (guint i = 0; i < N_READERS; i++)
    {
      gssize n = recv (f->readers[i].fd, bytes, sizeof bytes, MSG_DONTWAIT);

      if (n == 0)
        fail_msg ("reader %u was cut off after %" G_GSIZE_FORMAT " bytes", i, f->readers[i].taken);
      if (n > 0)
        f->readers[i].taken += (gsize) n;
      all &= f->readers[i].taken >= (gsize) N_TALKERS * N_TEXTS * TEXT_BYTES;
    }
  return all;
}

/* Nobody who reads what comes is cut off, however much comes at once. */
static void
test_a_backlog (void **state)
{
  Fixture         *f = *state;
  ServerFixture   *fixture = f->fixture;
  g_autofree char *frame = long_frame ();
  TestPeer        *talkers[N_TALKERS];
  char             name[8];

  server_fixture_serve (fixture);
  for (guint i = 0; i < N_TALKERS + N_READERS; i++)
    {
      TestPeer *peer = server_fixture_connect (fixture);

      g_snprintf (name, sizeof name, "<1%c%c>", 'a' + i / 20, 'a' + i % 20);
      test_peer_send (peer, name);
      if (i < N_TALKERS)
        talkers[i] = peer;
      else
        f->readers[i - N_TALKERS].fd = peer->fd;
    }
  assert_true (test_loop_settle (fixture->context));
  lock_log (f);
  for (guint n = 0; n < N_TEXTS; n++)
    for (guint i = 0; i < N_TALKERS; i++)
      test_peer_send (talkers[i], frame);
  assert_true (test_loop_settle (fixture->context));
  unlock_log (f);
  assert_true (test_loop_until (fixture->context, take_all, f, TEST_LOOP_DEADLINE_MS));
}

static void
on_stopped (gpointer data)
{
  ((Fixture *) data)->stopped = TRUE;
}

static gboolean
is_stopped (gpointer data)
{
  return ((Fixture *) data)->stopped;
}

/* A server that is told to stop does not wait for a disk that does nothing; and of what it did not write nobody has heard. */
static void
test_stopping_without_a_disk (void **state)
{
  Fixture         *f = *state;
  ServerFixture   *fixture = f->fixture;
  g_autofree char *path = g_build_filename (fixture->folder, "log.sqlite", NULL);
  TestPeer        *alice;
  TestPeer        *bob;
  g_autofree char *goodbye = NULL;
  sqlite3_stmt    *stmt = NULL;
  gint64           begun;

  server_fixture_serve (fixture);
  alice = server_fixture_log_in (fixture, "alice", NULL);
  bob = server_fixture_log_in (fixture, "bob", "alice", NULL);
  test_peer_send (alice, "<3heard>");
  test_peer_expect (alice, "<4alice: heard>");
  test_peer_expect (bob, "<4alice: heard>");
  lock_log (f);
  for (guint i = 0; i < 100; i++)
    test_peer_send (alice, "<3not heard>");
  begun = g_get_monotonic_time ();
  ahoyd_server_stop (fixture->server, on_stopped, f);
  goodbye = test_peer_expect_notice (bob);
  assert_non_null (strstr (goodbye, "stopping"));
  test_peer_expect_end (bob);
  assert_true (test_loop_until (fixture->context, is_stopped, f, TEST_LOOP_DEADLINE_MS));
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  /* The lock is there for as long as the test likes, so this is no race: who waits for it never gets here. */
  assert_true (g_get_monotonic_time () - begun < 15 * G_USEC_PER_SEC);
  unlock_log (f);

  assert_int_equal (sqlite3_prepare_v2 (f->lock, "SELECT count(*), max(text) FROM events", -1, &stmt, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  assert_int_equal (sqlite3_column_int (stmt, 0), 1);
  assert_string_equal ((const char *) sqlite3_column_text (stmt, 1), "heard");
  sqlite3_finalize (stmt);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_backlog, setup, teardown),
    cmocka_unit_test_setup_teardown (test_stopping_without_a_disk, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
