/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link over a socket pair, ending on purpose: orderly close, abort, unref, also from its own callbacks. */

#include "wire/ahoy-link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

/* Where it is meant to pass. */
#define LINGER_MS 200

static void
test_close_writes_what_is_queued (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  side_send (side, "bye");
  ahoy_link_close (side->link);
  side_send (side, "after");
  ahoy_link_close (side->link);
  assert_false (ahoy_link_is_open (side->link));
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 1);
  link_fixture_settle (fixture);
  assert_peer_reads (side, "\0024bye\003", TRUE);

  /* What the peer still says is thrown away, and nobody is told anything. */
  peer_says (side, "\0023hello?\003");
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 1);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_string_equal (side->log->str, "");
}

static void
test_close_outlives_its_owner (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize              expected = 64 * g_bytes_get_size (frame);
  gsize              got = 0;
  gboolean           eof = FALSE;

  for (guint i = 0; i < 64; i++) /* a megabyte: more than the socket holds */
    ahoy_link_send (side->link, frame);
  ahoy_link_close (side->link);
  g_clear_pointer (&side->link, ahoy_link_unref);
  while (!eof)
    {
      GString *part;

      link_fixture_settle (fixture);
      part = peer_read (side, &eof);
      assert_true (part->len > 0 || eof);
      got += part->len;
      g_string_free (part, TRUE);
    }
  assert_int_equal (got, expected);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

typedef struct {
  guint   n;
  guint64 taken;
} Down;

static void
on_down (AhoyLink *link,
         gpointer  data)
{
  Down    *down = data;
  gboolean more;

  assert_false (ahoy_link_is_open (link));
  down->n++;
  down->taken = ahoy_link_get_bytes_taken (link, &more);
}

static void
test_close_tells_when_it_is_down (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  Down             down = { 0 };

  side_send (side, "bye");
  ahoy_link_close_then (side->link, on_down, &down);
  g_clear_pointer (&side->link, ahoy_link_unref);
  link_fixture_settle (fixture);
  assert_int_equal (down.n, 0);
  /* What the peer takes in the end counts. */
  assert_peer_reads (side, "\0024bye\003", TRUE);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (down.n, 1);
  assert_int_equal (down.taken, strlen ("\0024bye\003"));
}

static void
test_close_tells_nobody_else (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (Side) aborted = side_new (fixture);
  Down             before = { 0 };
  Down             down = { 0 };

  ahoy_link_close_then (side->link, on_down, &before);
  ahoy_link_close_then (side->link, NULL, NULL);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (before.n, 0);
  /* It is down: from inside. */
  ahoy_link_close_then (side->link, on_down, &down);
  assert_int_equal (down.n, 1);
  ahoy_link_close_then (aborted->link, on_down, &down);
  ahoy_link_abort (aborted->link);
  assert_int_equal (down.n, 2);
}

typedef struct {
  AhoyPoll *poll;
  guint     at_most;
} Closing;

static gboolean
at_most_closing (gpointer data)
{
  const Closing *closing = data;

  return ahoy_link_n_closing (closing->poll) <= closing->at_most;
}

static void
test_close_lingers_only_so_long (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) first = side_new (fixture);
  g_autoptr (Side) second = side_new (fixture);
  Closing          none = { fixture->poll, 0 };
  Closing          one = { fixture->poll, 1 };
  gint64           first_closed;
  gint64           second_closed;

  /* Neither peer ever closes its side; each link has its own deadline. */
  link_fixture_set_patience (fixture, LINGER_MS, LINGER_MS, LINGER_MS);
  first_closed = g_get_monotonic_time ();
  ahoy_link_close (first->link);
  g_usleep (LINGER_MS / 2 * G_TIME_SPAN_MILLISECOND); /* of the first one's time, however long it takes */
  second_closed = g_get_monotonic_time ();
  ahoy_link_close (second->link);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 2);

  assert_true (test_loop_until (fixture->context, at_most_closing, &one, TEST_LOOP_DEADLINE_MS));
  assert_true (g_get_monotonic_time () - first_closed >= LINGER_MS * G_TIME_SPAN_MILLISECOND);
  assert_true (test_loop_until (fixture->context, at_most_closing, &none, TEST_LOOP_DEADLINE_MS));
  assert_true (g_get_monotonic_time () - second_closed >= LINGER_MS * G_TIME_SPAN_MILLISECOND);
}

static void
test_close_after_the_peer_closed_its_side (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  ahoy_link_close (side->link);
  assert_int_equal (shutdown (side->fd, SHUT_WR), 0);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_peer_reads (side, "", TRUE);
}

static void
test_close_towards_a_half_closed_slow_peer (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize              got = 0;
  gboolean           eof = FALSE;

  /* It said all it had to say and is still reading. */
  for (guint i = 0; i < 64; i++)
    ahoy_link_send (side->link, frame);
  ahoy_link_close (side->link);
  assert_int_equal (shutdown (side->fd, SHUT_WR), 0);
  while (!eof)
    {
      GString *part;

      link_fixture_settle (fixture);
      part = peer_read (side, &eof);
      got += part->len;
      g_string_free (part, TRUE);
    }
  assert_int_equal (got, 64 * g_bytes_get_size (frame));
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_close_towards_a_peer_that_left (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);

  for (guint i = 0; i < 64; i++)
    ahoy_link_send (side->link, frame);
  ahoy_link_close (side->link);
  link_fixture_settle (fixture);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_abort_loses_what_is_queued (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) open = side_new (fixture);
  g_autoptr (Side) closing = side_new (fixture);

  side_send (open, "lost");
  ahoy_link_abort (open->link);
  assert_peer_reads (open, "", TRUE);
  ahoy_link_abort (open->link);

  side_send (closing, "lost");
  ahoy_link_close (closing->link);
  ahoy_link_abort (closing->link);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_peer_reads (closing, "", TRUE);

  side_send (open, "nothing happens");
  ahoy_link_close (open->link);
  ahoy_link_set_reading (open->link, FALSE);
  link_fixture_settle (fixture);
  assert_int_equal (open->n_ended + closing->n_ended, 0);
}

static void
test_unref_aborts_an_open_link (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  side_send (side, "lost");
  ahoy_link_unref (ahoy_link_ref (side->link));
  assert_true (ahoy_link_is_open (side->link));
  g_clear_pointer (&side->link, ahoy_link_unref);
  assert_peer_reads (side, "", TRUE);
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "");
}

static void
test_deeds_on_frame (void **state)
{
  static const Deed deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  LinkFixture      *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (Side) side = side_new (fixture);

      side->deed = deeds[i];
      side->deed_at_frame = 2;
      peer_says (side, "\0023a\003\0023b\003\0023c\003rubbish");
      link_fixture_settle (fixture);
      assert_string_equal (side->log->str, "3 a;3 b;");
      side_hang_up (side);
      link_fixture_settle (fixture);
      assert_int_equal (side->n_after_deed, 0);
    }
}

static void
test_deeds_on_fault (void **state)
{
  static const Deed deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  LinkFixture      *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (Side) side = side_new (fixture);

      side->deed_on_fault = deeds[i];
      peer_says (side, "\0023a\003rubbish");
      link_fixture_settle (fixture);
      assert_string_equal (side->log->str, "3 a;!start;");
      side_hang_up (side);
      link_fixture_settle (fixture);
      assert_int_equal (side->n_after_deed, 0);
    }
}

static void
test_deeds_on_ended (void **state)
{
  static const Deed deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  LinkFixture      *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (Side) side = side_new (fixture);

      side->deed_on_ended = deeds[i];
      side_hang_up (side);
      link_fixture_settle (fixture);
      assert_string_equal (side->log->str, "#peer;");
      assert_int_equal (side->n_after_deed, 0);
    }
}

static void
test_closing_links_keep_the_poll (void **state)
{
  LinkFixture     *fixture = *state;
  LinkFixture      other = { .context = fixture->context, .poll = ahoy_poll_new (fixture->context, NULL) };
  g_autoptr (Side) side = side_new (&other);

  side_send (side, "bye");
  ahoy_link_close (side->link);
  g_clear_pointer (&side->link, ahoy_link_unref);
  ahoy_poll_unref (other.poll);
  link_fixture_settle (fixture);
  assert_peer_reads (side, "\0024bye\003", TRUE);
  side_hang_up (side);
  link_fixture_settle (fixture); /* the last link takes the poll with it */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_close_writes_what_is_queued),
    link_test (test_close_outlives_its_owner),
    link_test (test_close_tells_when_it_is_down),
    link_test (test_close_tells_nobody_else),
    link_test (test_close_lingers_only_so_long),
    link_test (test_close_after_the_peer_closed_its_side),
    link_test (test_close_towards_a_half_closed_slow_peer),
    link_test (test_close_towards_a_peer_that_left),
    link_test (test_abort_loses_what_is_queued),
    link_test (test_unref_aborts_an_open_link),
    link_test (test_deeds_on_frame),
    link_test (test_deeds_on_fault),
    link_test (test_deeds_on_ended),
    link_test (test_closing_links_keep_the_poll),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
