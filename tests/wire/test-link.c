/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link over a socket pair, reading: frames, faults, pauses, and how a link ends by itself. */

#include "wire/ahoy-link.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/link-side.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

static void
test_split_at_every_position (void **state)
{
  static const char stream[] = "\0011k=v\0023hello\003\r\n\0023\003\0022bob,hi\nthere\003";
  LinkFixture      *fixture = *state;

  for (gsize split = 1; split < sizeof stream - 1; split++)
    {
      g_autoptr (Side) side = side_new (fixture);

      peer_write (side, stream, split);
      link_fixture_settle (fixture);
      peer_write (side, stream + split, sizeof stream - 1 - split);
      link_fixture_settle (fixture);
      assert_string_equal (side->log->str, "3 hello;3 ;2 bob,hi\nthere;");
    }
}

static void
test_byte_by_byte (void **state)
{
  static const char stream[] = "\0021alice\003\0023hello\003";
  LinkFixture      *fixture = *state;
  g_autoptr (Side)  side = side_new (fixture);

  for (gsize i = 0; i < sizeof stream - 1; i++)
    {
      peer_write (side, stream + i, 1);
      link_fixture_settle (fixture);
    }
  assert_string_equal (side->log->str, "1 alice;3 hello;");
  assert_int_equal (ahoy_link_get_bytes_in (side->link), sizeof stream - 1);
}

static void
test_thousand_frames_in_one_write (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (Side)    side = side_new (fixture);
  g_autoptr (GString) stream = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (stream, "\0023%u\003", i);
  peer_write (side, stream->str, stream->len);
  g_main_context_iteration (fixture->context, FALSE);
  assert_int_equal (side->n_frames, 1000);
  assert_true (g_str_has_prefix (side->log->str, "3 0;3 1;3 2;"));
}

static void
test_longest_frame (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  const char        *bytes = g_bytes_get_data (frame, NULL);
  gsize              len = g_bytes_get_size (frame);

  peer_write (side, bytes, len / 2);
  link_fixture_settle (fixture);
  peer_write (side, bytes + len / 2, len - len / 2);
  link_fixture_settle (fixture);
  assert_int_equal (side->n_frames, 1);
  assert_int_equal (side->n_faults, 0);
}

static void
test_budget_is_fair (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (Side)    loud = side_new (fixture);
  g_autoptr (Side)    quiet = side_new (fixture);
  g_autoptr (GString) stream = g_string_new (NULL);
  g_autofree char    *body = g_strnfill (1021, 'x'); /* 1024 bytes with its ends: 64 frames are a budget */
  guint               n = 0;

  while (stream->len < 32 * 1024)
    g_string_append_printf (stream, "\0023%s\003", body);
  while (write (loud->fd, stream->str, stream->len) == (gssize) stream->len)
    n += 32;
  assert_true (n > 2 * AHOY_LINK_READ_BUDGET / 1024); /* the socket holds more than two turns' worth */
  peer_says (quiet, "\0023psst\003");

  g_main_context_iteration (fixture->context, FALSE);
  assert_int_equal (quiet->n_frames, 1);
  assert_int_equal (loud->n_frames, AHOY_LINK_READ_BUDGET / 1024);
  link_fixture_settle (fixture);
  assert_int_equal (loud->n_faults, 0);
  assert_in_range (loud->n_frames, n, n + 32);
}

static void
test_fault_stops_reading (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  peer_says (side, "\0023fine\003garbage\0023not this\003");
  link_fixture_settle (fixture);
  peer_says (side, "\0023nor this\003");
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 fine;!start;");
  assert_true (ahoy_link_is_open (side->link));

  /* It can still say why. */
  side_send (side, "* nonsense");
  ahoy_link_close (side->link);
  link_fixture_settle (fixture);
  assert_peer_reads (side, "\0024* nonsense\003", TRUE);
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_int_equal (side->n_ended, 0);
}

static void
test_endless_frame_is_a_fault (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autofree char *junk = g_strnfill (AHOY_BODY_MAX + 2, 'x');

  peer_says (side, "\0023");
  link_fixture_settle (fixture);
  peer_says (side, junk);
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "!body-size;");
}

static void
test_pause_and_resume (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  /* Paused in the callback of the second of four frames that came in one read; the last one is not whole. */
  side->deed = DO_PAUSE;
  side->deed_at_frame = 2;
  peer_says (side, "\0023a\003\0023b\003\0023c\003\0023");
  link_fixture_settle (fixture);
  peer_says (side, "d\003");
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 a;3 b;");

  ahoy_link_set_reading (side->link, TRUE);
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 a;3 b;3 c;3 d;");
}

static void
test_resume_needs_nothing_new (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  /* All has been read from the socket: nothing will wake the link but its owner. */
  side->deed = DO_PAUSE;
  side->deed_at_frame = 1;
  peer_says (side, "\0023a\003\0023b\003\0023c\003");
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 a;");

  ahoy_link_set_reading (side->link, TRUE);
  assert_string_equal (side->log->str, "3 a;"); /* not from inside */
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 a;3 b;3 c;");
}

static void
test_paused_does_not_spin_when_the_peer_goes (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  ahoy_link_set_reading (side->link, FALSE);
  peer_says (side, "\0023last words\003");
  side_hang_up (side);
  link_fixture_settle (fixture); /* fails when something spins */
  assert_string_equal (side->log->str, "");

  ahoy_link_set_reading (side->link, TRUE);
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 last words;#peer;");
}

static void
test_last_heard (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  gint64           before;

  assert_true (ahoy_link_get_last_heard (side->link) <= g_get_monotonic_time ());
  before = g_get_monotonic_time ();
  peer_says (side, "\0023a\003");
  link_fixture_settle (fixture);
  assert_in_range (ahoy_link_get_last_heard (side->link), before, g_get_monotonic_time ());
}

static void
test_peer_closes_after_whole_frames (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  side->deed = DO_ECHO;
  peer_says (side, "\0023one\003\0023two\003\r\n");
  assert_int_equal (shutdown (side->fd, SHUT_WR), 0);
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 one;3 two;#peer;");
  assert_false (ahoy_link_is_open (side->link));
  /* A peer that only closed its own side still gets the answers. */
  assert_peer_reads (side, "\0023one\003\0023two\003", TRUE);
}

static void
test_peer_vanishes_in_a_frame (void **state)
{
  LinkFixture     *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  peer_says (side, "\0023one\003\0023tw");
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_string_equal (side->log->str, "3 one;#cut;");
  assert_int_equal (side->error_code, G_IO_ERROR_PARTIAL_INPUT);
}

/* Two ends of a TCP connection over loopback. */
static void
tcp_pair (int fds[2])
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t          len = sizeof address;
  int                listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_int_equal (bind (listener, (struct sockaddr *) &address, len), 0);
  assert_int_equal (listen (listener, 1), 0);
  assert_int_equal (getsockname (listener, (struct sockaddr *) &address, &len), 0);
  fds[1] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal (connect (fds[1], (struct sockaddr *) &address, len), 0);
  fds[0] = accept (listener, NULL, NULL);
  assert_true (fds[0] >= 0);
  close (listener);
}

static void
test_tcp_reset (void **state)
{
  LinkFixture     *fixture = *state;
  struct linger    at_once = { .l_onoff = 1, .l_linger = 0 };
  g_autoptr (Side) side = NULL;
  int              fds[2];

  tcp_pair (fds);
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new (fixture->poll, fds[0], &side_events, side, NULL);
  setsockopt (fds[1], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  side_hang_up (side);
  assert_true (test_loop_until_count (fixture->context, &side->n_ended, 1));
  assert_string_equal (side->log->str, "#cut;");
  assert_int_equal (side->error_code, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_tcp_options_and_peer (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (Side)   side = NULL;
  g_autoptr (Side)   local = side_new (fixture);
  struct sockaddr_in here;
  socklen_t          len = sizeof here;
  GSocketAddress    *peer;
  int                fds[2];
  int                value;

  tcp_pair (fds);
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new (fixture->poll, fds[0], &side_events, side, NULL);

#define assert_option(level, option, expected)                                      \
  do                                                                                \
    {                                                                               \
      socklen_t value_len = sizeof value;                                           \
      assert_int_equal (getsockopt (fds[0], level, option, &value, &value_len), 0); \
      assert_int_equal (value, expected);                                           \
    }                                                                               \
  while (0)
  assert_option (IPPROTO_TCP, TCP_NODELAY, 1);
  assert_option (SOL_SOCKET, SO_KEEPALIVE, 1);
  assert_option (IPPROTO_TCP, TCP_KEEPIDLE, AHOY_TCP_KEEPALIVE_IDLE_S);
  assert_option (IPPROTO_TCP, TCP_KEEPINTVL, AHOY_TCP_KEEPALIVE_INTERVAL_S);
  assert_option (IPPROTO_TCP, TCP_KEEPCNT, AHOY_TCP_KEEPALIVE_COUNT);
  assert_option (IPPROTO_TCP, TCP_USER_TIMEOUT, AHOY_TCP_USER_TIMEOUT_MS);
#undef assert_option
  assert_true (fcntl (fds[0], F_GETFL) & O_NONBLOCK);

  peer = ahoy_link_get_peer (side->link);
  assert_true (G_IS_INET_SOCKET_ADDRESS (peer));
  assert_int_equal (getsockname (fds[1], (struct sockaddr *) &here, &len), 0);
  assert_int_equal (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (peer)), ntohs (here.sin_port));
  assert_null (ahoy_link_get_peer (local->link));

  /* Known also when it has gone. */
  side_hang_up (side);
  assert_true (test_loop_until_count (fixture->context, &side->n_ended, 1));
  assert_ptr_equal (ahoy_link_get_peer (side->link), peer);
}

static void
test_new_refused_closes_the_descriptor (void **state)
{
  LinkFixture       *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = g_strdup ("/tmp/ahoy-test-link-XXXXXX");
  int                fd = g_mkstemp (path); /* a plain file: epoll refuses it */

  unlink (path);
  assert_null (ahoy_link_new (fixture->poll, fd, &side_events, NULL, &error));
  assert_true (error->domain == G_IO_ERROR);
  assert_int_equal (fcntl (fd, F_GETFD), -1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_split_at_every_position),
    link_test (test_byte_by_byte),
    link_test (test_thousand_frames_in_one_write),
    link_test (test_longest_frame),
    link_test (test_budget_is_fair),
    link_test (test_fault_stops_reading),
    link_test (test_endless_frame_is_a_fault),
    link_test (test_pause_and_resume),
    link_test (test_resume_needs_nothing_new),
    link_test (test_paused_does_not_spin_when_the_peer_goes),
    link_test (test_last_heard),
    link_test (test_peer_closes_after_whole_frames),
    link_test (test_peer_vanishes_in_a_frame),
    link_test (test_tcp_reset),
    link_test (test_tcp_options_and_peer),
    link_test (test_new_refused_closes_the_descriptor),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
