/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link over a socket pair, writing: one write a turn, partial writes anywhere, failures and overflow. */

#include "wire/ahoy-link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-transport.h"

static void
test_one_turn_is_one_write (void **state)
{
  int              fds[2];
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = NULL;
  char             buffer[4096];
  guint            n_messages = 0;

  /* Packets keep the boundaries of writes. */
  assert_int_equal (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new (fixture->poll, fds[0], &side_events, side, NULL);

  for (guint i = 0; i < 50; i++)
    side_send (side, "abc");
  assert_int_equal (ahoy_link_get_queued (side->link), 50 * 6);
  assert_int_equal (read (side->fd, buffer, sizeof buffer), -1); /* not before the turn's second half */
  link_fixture_settle (fixture);
  while (read (side->fd, buffer, sizeof buffer) > 0)
    n_messages++;
  assert_int_equal (n_messages, 1);
  assert_int_equal (ahoy_link_get_queued (side->link), 0);
  assert_int_equal (side->link->bytes_out, 50 * 6);
}

static void
test_what_the_peer_has_taken (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  char             buffer[64];
  gboolean         more = TRUE;

  assert_int_equal (ahoy_link_get_bytes_taken (side->link, &more), 0);
  assert_false (more);

  side_send (side, "abc");
  assert_int_equal (ahoy_link_get_bytes_taken (side->link, &more), 0);
  assert_true (more);

  link_fixture_settle (fixture);
  assert_int_equal (side->link->bytes_out, 6);
  assert_int_equal (ahoy_link_get_bytes_taken (side->link, &more), 0);
  assert_true (more);

  assert_int_equal (read (side->fd, buffer, sizeof buffer), 6);
  assert_int_equal (ahoy_link_get_bytes_taken (side->link, &more), 6);
  assert_false (more);
}

static void
test_more_frames_than_one_write_takes (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (Side)    side = side_new (fixture);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *body = g_strdup_printf ("%u", i);

      side_send (side, body);
      g_string_append_printf (expected, "\0024%u\003", i);
    }
  link_fixture_settle (fixture);
  assert_peer_reads (side, expected->str, FALSE);
}

static void
test_slow_peer_gets_everything_in_order (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (Side)    side = side_new (fixture);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);
  gsize               partly = 0;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *body = g_strdup_printf ("%0*u", 500 + (int) (i % 97), i);

      side_send (side, body);
      g_string_append_printf (expected, "\0024%s\003", body);
    }
  link_fixture_settle (fixture);
  assert_true (ahoy_link_get_queued (side->link) > 0); /* the kernel is full, and nothing spins */

  while (got->len < expected->len)
    {
      char   buffer[7777];
      gssize n = read (side->fd, buffer, sizeof buffer);

      assert_true (n > 0);
      g_string_append_len (got, buffer, n);
      link_fixture_settle (fixture);
      partly += ahoy_link_get_queued (side->link) > 0;
    }
  assert_true (partly > 3);
  assert_true (g_string_equal (got, expected));
}

/* A transport that takes a few bytes at a time and refuses every other call: ends of writes fall everywhere. */
typedef struct {
  GString *taken;
  guint    calls;
  gboolean fail;
} Miser;

static AhoyTransportResult
miser_read (AhoyTransport *transport,
            guint8        *buffer,
            gsize          size,
            gsize         *n,
            GError       **error)
{
  gssize got = recv (transport->fd, buffer, size, 0);

  if (got == 0)
    return AHOY_TRANSPORT_CLOSED;
  *n = (gsize) got;
  return got > 0 ? AHOY_TRANSPORT_DONE : AHOY_TRANSPORT_BLOCKED;
}

static AhoyTransportResult
miser_write (AhoyTransport      *transport,
             const struct iovec *vectors,
             guint               n_vectors,
             gsize              *n,
             GError            **error)
{
  Miser *miser = transport->state;
  gsize  room = 1 + miser->calls % 11;

  miser->calls++;
  if (miser->fail)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Out of breath");
      return AHOY_TRANSPORT_FAILED;
    }
  if (miser->calls % 2 == 0)
    return AHOY_TRANSPORT_BLOCKED;
  for (guint i = 0; i < n_vectors && room > 0; i++)
    {
      gsize part = MIN (room, vectors[i].iov_len);

      g_string_append_len (miser->taken, vectors[i].iov_base, part);
      room -= part;
      *n += part;
    }
  return AHOY_TRANSPORT_DONE;
}

static AhoyTransportResult
miser_shut_down (AhoyTransport *transport)
{
  shutdown (transport->fd, SHUT_WR);
  return AHOY_TRANSPORT_DONE;
}

static const AhoyTransportOps miser_ops = { .read = miser_read, .write = miser_write, .shut_down = miser_shut_down };

static Side *
miser_side_new (LinkFixture *fixture,
                Miser       *miser)
{
  int           fds[2];
  Side         *side;
  AhoyTransport transport = { .ops = &miser_ops, .state = miser };

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
  transport.fd = fds[0];
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new_over (fixture->poll, &transport, &side_events, side, NULL);
  assert_non_null (side->link);

  return side;
}

static void
test_partial_writes_anywhere (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (GString) taken = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  Miser               miser = { .taken = taken };
  g_autoptr (Side)    side = miser_side_new (fixture, &miser);

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *body = g_strdup_printf ("%0*u", (int) (i % 23), i);

      side_send (side, body);
      g_string_append_printf (expected, "\0024%s\003", body);
      if (i % 10 == 0)
        g_main_context_iteration (fixture->context, FALSE);
    }
  ahoy_link_close (side->link);
  link_fixture_settle (fixture);
  assert_string_equal (taken->str, expected->str);
  assert_peer_reads (side, "", TRUE);
  side_hang_up (side);
  link_fixture_settle (fixture);
}

static void
test_failed_write_still_reads (void **state)
{
  LinkFixture     *fixture = *state;
  Miser            miser = { .fail = TRUE };
  g_autoptr (Side) side = miser_side_new (fixture, &miser);

  side_send (side, "hello");
  link_fixture_settle (fixture);
  assert_int_equal (miser.calls, 1);
  assert_string_equal (side->log->str, "#cut;");
  assert_int_equal (side->error_code, G_IO_ERROR_TIMED_OUT);
}

static void
test_write_to_a_peer_that_left (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autofree char *big = g_strnfill (AHOY_BODY_MAX - 8, 'y');
  g_autofree char *stream = g_strdup_printf ("\0023%s\003", big);

  /* More than one turn's budget waits to be read when the write fails. */
  for (guint i = 0; i < 8; i++)
    peer_says (side, stream);
  side_hang_up (side);
  for (guint i = 0; i < 4; i++)
    {
      if (ahoy_link_is_open (side->link))
        side_send (side, "too late");
      g_main_context_iteration (fixture->context, FALSE);
    }
  link_fixture_settle (fixture);
  assert_int_equal (side->n_frames, 8);
  assert_int_equal (side->n_ended, 1);
  assert_int_equal (side->end, AHOY_LINK_END_CUT);
}

static void
test_failed_write_ends_a_paused_link (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  ahoy_link_set_reading (side->link, FALSE);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (side->n_ended, 0);
  side_send (side, "anybody there?");
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "#cut;");
  assert_int_equal (side->error_code, G_IO_ERROR_BROKEN_PIPE);
}

static void
test_overflow_ends_only_that_link (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   slow = side_new (fixture);
  g_autoptr (Side)   other = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize              limit = AHOY_LINK_QUEUE_MAX / g_bytes_get_size (frame);

  for (gsize i = 0; i < limit; i++)
    ahoy_link_send (slow->link, frame);
  assert_in_range (ahoy_link_get_queued (slow->link), AHOY_LINK_QUEUE_MAX - g_bytes_get_size (frame), AHOY_LINK_QUEUE_MAX);
  ahoy_link_send (slow->link, frame);
  side_send (other, "hello");
  assert_int_equal (slow->n_ended, 0); /* not from inside */
  link_fixture_settle (fixture);
  assert_string_equal (slow->log->str, "#overflow;");
  assert_true (ahoy_link_is_open (other->link));
  assert_peer_reads (other, "\0024hello\003", FALSE);
}

static void
test_overflow_while_the_kernel_is_full (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   slow = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);

  for (gsize i = 0; i < 2 * AHOY_LINK_QUEUE_MAX / AHOY_BODY_MAX && slow->n_ended == 0; i++)
    {
      ahoy_link_send (slow->link, frame);
      link_fixture_settle (fixture);
    }
  assert_string_equal (slow->log->str, "#overflow;");
  assert_int_equal (ahoy_link_get_queued (slow->link), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_one_turn_is_one_write),
    link_test (test_what_the_peer_has_taken),
    link_test (test_more_frames_than_one_write_takes),
    link_test (test_slow_peer_gets_everything_in_order),
    link_test (test_partial_writes_anywhere),
    link_test (test_failed_write_still_reads),
    link_test (test_write_to_a_peer_that_left),
    link_test (test_failed_write_ends_a_paused_link),
    link_test (test_overflow_ends_only_that_link),
    link_test (test_overflow_while_the_kernel_is_full),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
