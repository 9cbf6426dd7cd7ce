/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link over a socket pair: the link on one end, raw bytes on the other. */

#include "wire/ahoy-link.h"

#include <errno.h>
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

#include "support/test-loop.h"
#include "wire/ahoy-limits.h"
#include "wire/ahoy-transport.h"

typedef struct {
  GMainContext *context;
  AhoyPoll     *poll;
} Fixture;

typedef enum {
  DO_NOTHING,
  DO_CLOSE,
  DO_ABORT,
  DO_UNREF,
  DO_PAUSE,
  DO_ECHO,
} Deed;

/* One link, what came out of it, and the raw socket of its peer. */
typedef struct {
  Fixture *fixture;
  AhoyLink *link;
  int       fd;

  GString       *log; /* frames as "type body;", faults as "!code;", ends as "#end;" */
  guint          n_frames;
  guint          n_faults;
  guint          n_ended;
  guint          n_after_deed; /* callbacks that came after the deed */
  AhoyFrameFault fault;
  AhoyLinkEnd    end;
  GError        *error;

  Deed  deed;
  guint deed_at_frame; /* done in the callback of this one, counted from 1; 0: never */
  Deed  deed_on_fault;
  Deed  deed_on_ended;
  gboolean done;
} Side;

static void
do_deed (Side *side,
         Deed  deed)
{
  side->done = TRUE;
  switch (deed)
    {
    case DO_CLOSE:
      ahoy_link_close (side->link);
      break;
    case DO_ABORT:
      ahoy_link_abort (side->link);
      break;
    case DO_UNREF:
      g_clear_pointer (&side->link, ahoy_link_unref);
      break;
    case DO_PAUSE:
      ahoy_link_set_reading (side->link, FALSE);
      break;
    case DO_ECHO:
    case DO_NOTHING:
    default:
      side->done = FALSE;
      break;
    }
}

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  Side *side = data;

  side->n_after_deed += side->done;
  side->n_frames++;
  if (side->log->len < 4096)
    g_string_append_printf (side->log, "%c %.*s;", frame->type, (int) frame->body_len, frame->body);
  if (side->deed == DO_ECHO)
    {
      g_autoptr (GBytes) echo = ahoy_frame_encode (NULL, 0, frame->type, frame->body, (gssize) frame->body_len);

      ahoy_link_send (link, echo);
    }
  if (side->n_frames == side->deed_at_frame)
    do_deed (side, side->deed);
}

static void
on_fault (AhoyLink       *link,
          AhoyFrameFault  fault,
          gpointer        data)
{
  Side *side = data;

  side->n_after_deed += side->done;
  side->n_faults++;
  side->fault = fault;
  g_string_append_printf (side->log, "!%s;", ahoy_frame_fault_code (fault));
  do_deed (side, side->deed_on_fault);
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   end,
          const GError *error,
          gpointer      data)
{
  static const char *const names[] = { "peer", "cut", "overflow" };
  Side *side = data;

  side->n_after_deed += side->done;
  side->n_ended++;
  side->end = end;
  g_set_error_literal (&side->error, G_IO_ERROR, error != NULL ? error->code : 0, error != NULL ? error->message : "none");
  g_string_append_printf (side->log, "#%s;", names[end]);
  do_deed (side, side->deed_on_ended);
}

static const AhoyLinkEvents events = { on_frame, on_fault, on_ended };

static Side *
side_new_bare (Fixture *fixture,
               int      fd)
{
  Side *side = g_new0 (Side, 1);

  side->fixture = fixture;
  side->fd = fd;
  side->log = g_string_new (NULL);
  return side;
}

static Side *
side_new (Fixture *fixture)
{
  int fds[2];
  Side *side;

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  side = side_new_bare (fixture, fds[1]);
  assert_int_equal (fcntl (side->fd, F_SETFL, O_NONBLOCK), 0);
  side->link = ahoy_link_new (fixture->poll, fds[0], &events, side, NULL);
  assert_non_null (side->link);

  return side;
}

static void
side_hang_up (Side *side)
{
  if (side->fd >= 0)
    close (side->fd);
  side->fd = -1;
}

static void
side_free (Side *side)
{
  g_clear_pointer (&side->link, ahoy_link_unref);
  side_hang_up (side);
  g_string_free (side->log, TRUE);
  g_clear_error (&side->error);
  g_free (side);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Side, side_free)

static void
peer_write (Side       *side,
            const void *bytes,
            gsize       len)
{
  assert_int_equal (write (side->fd, bytes, len), len);
}

static void
peer_says (Side       *side,
           const char *bytes)
{
  peer_write (side, bytes, strlen (bytes));
}

/* All that is there for the peer now. */
static GString *
peer_read (Side     *side,
           gboolean *eof)
{
  GString *got = g_string_new (NULL);
  char buffer[65536];
  gssize n;

  while ((n = read (side->fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (got, buffer, n);
  if (eof != NULL)
    *eof = n == 0;

  return got;
}

static void
assert_peer_reads (Side       *side,
                   const char *expected,
                   gboolean    then_eof)
{
  gboolean eof;
  GString *got = peer_read (side, &eof);

  assert_string_equal (got->str, expected);
  assert_int_equal (eof, then_eof);
  g_string_free (got, TRUE);
}

static void
send_text (Side       *side,
           const char *body)
{
  g_autoptr (GBytes) frame = ahoy_frame_encode (NULL, 0, '4', body, -1);

  ahoy_link_send (side->link, frame);
}

/* A frame whose body is @len x-es. */
static GBytes *
long_frame (gsize len)
{
  g_autofree char *body = g_strnfill (len, 'x');

  return ahoy_frame_encode (NULL, 0, '4', body, (gssize) len);
}

static void
settle (Fixture *fixture)
{
  assert_true (test_loop_settle (fixture->context));
}

static gboolean
none_closing (gpointer data)
{
  return ahoy_link_n_closing (data) == 0;
}

static int
set_up (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->context = g_main_context_new ();
  fixture->poll = ahoy_poll_new (fixture->context, NULL);
  *state = fixture;

  return fixture->poll != NULL ? 0 : -1;
}

static int
tear_down (void **state)
{
  Fixture *fixture = *state;
  int left = (int) ahoy_link_n_closing (fixture->poll);

  ahoy_poll_unref (fixture->poll);
  g_main_context_unref (fixture->context);
  g_free (fixture);

  return left;
}

/* ---- In ---- */

static void
test_split_at_every_position (void **state)
{
  static const char stream[] = "\0011k=v\0023hello\003\r\n\0023\003\0022bob,hi\nthere\003";
  Fixture *fixture = *state;

  for (gsize split = 1; split < sizeof stream - 1; split++)
    {
      g_autoptr (Side) side = side_new (fixture);

      peer_write (side, stream, split);
      settle (fixture);
      peer_write (side, stream + split, sizeof stream - 1 - split);
      settle (fixture);
      assert_string_equal (side->log->str, "3 hello;3 ;2 bob,hi\nthere;");
    }
}

static void
test_byte_by_byte (void **state)
{
  static const char stream[] = "\0021alice\003\0023hello\003";
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  for (gsize i = 0; i < sizeof stream - 1; i++)
    {
      peer_write (side, stream + i, 1);
      settle (fixture);
    }
  assert_string_equal (side->log->str, "1 alice;3 hello;");
  assert_int_equal (ahoy_link_get_bytes_in (side->link), sizeof stream - 1);
}

static void
test_thousand_frames_in_one_write (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
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
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  const char *bytes = g_bytes_get_data (frame, NULL);
  gsize len = g_bytes_get_size (frame);

  peer_write (side, bytes, len / 2);
  settle (fixture);
  peer_write (side, bytes + len / 2, len - len / 2);
  settle (fixture);
  assert_int_equal (side->n_frames, 1);
  assert_int_equal (side->n_faults, 0);
}

static void
test_budget_is_fair (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) loud = side_new (fixture);
  g_autoptr (Side) quiet = side_new (fixture);
  g_autoptr (GString) stream = g_string_new (NULL);
  g_autofree char *body = g_strnfill (1021, 'x'); /* 1024 bytes with its ends: 64 frames are a budget */
  guint n = 0;

  while (stream->len < 32 * 1024)
    g_string_append_printf (stream, "\0023%s\003", body);
  while (write (loud->fd, stream->str, stream->len) == (gssize) stream->len)
    n += 32;
  assert_true (n > 2 * AHOY_LINK_READ_BUDGET / 1024); /* the socket holds more than two turns' worth */
  peer_says (quiet, "\0023psst\003");

  g_main_context_iteration (fixture->context, FALSE);
  assert_int_equal (quiet->n_frames, 1);
  assert_in_range (loud->n_frames, 1, AHOY_LINK_READ_BUDGET / 1024);
  settle (fixture);
  assert_int_equal (loud->n_faults, 0);
  assert_in_range (loud->n_frames, n, n + 32);
}

static void
test_fault_stops_reading (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  peer_says (side, "\0023fine\003garbage\0023not this\003");
  settle (fixture);
  peer_says (side, "\0023nor this\003");
  settle (fixture);
  assert_string_equal (side->log->str, "3 fine;!start;");
  assert_int_equal (side->fault, AHOY_FRAME_FAULT_START);
  assert_true (ahoy_link_is_open (side->link));

  /* It can still say why. */
  send_text (side, "* nonsense");
  ahoy_link_close (side->link);
  settle (fixture);
  assert_peer_reads (side, "\0024* nonsense\003", TRUE);
  side_hang_up (side);
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_int_equal (side->n_ended, 0);
}

static void
test_endless_frame_is_a_fault (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autofree char *junk = g_strnfill (AHOY_BODY_MAX + 2, 'x');

  peer_says (side, "\0023");
  settle (fixture);
  peer_says (side, junk);
  settle (fixture);
  assert_string_equal (side->log->str, "!body-size;");
}

static void
test_pause_and_resume (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  /* Paused in the callback of the second of four frames that came in one read; the last one is not whole. */
  side->deed = DO_PAUSE;
  side->deed_at_frame = 2;
  peer_says (side, "\0023a\003\0023b\003\0023c\003\0023");
  settle (fixture);
  peer_says (side, "d\003");
  settle (fixture);
  assert_string_equal (side->log->str, "3 a;3 b;");

  ahoy_link_set_reading (side->link, TRUE);
  settle (fixture);
  assert_string_equal (side->log->str, "3 a;3 b;3 c;3 d;");
}

static void
test_paused_does_not_spin_when_the_peer_goes (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  ahoy_link_set_reading (side->link, FALSE);
  peer_says (side, "\0023last words\003");
  side_hang_up (side);
  settle (fixture); /* fails when something spins */
  assert_string_equal (side->log->str, "");

  ahoy_link_set_reading (side->link, TRUE);
  settle (fixture);
  assert_string_equal (side->log->str, "3 last words;#peer;");
}

/* ---- Ends ---- */

static void
test_peer_closes_after_whole_frames (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  side->deed = DO_ECHO;
  peer_says (side, "\0023one\003\0023two\003\r\n");
  assert_int_equal (shutdown (side->fd, SHUT_WR), 0);
  settle (fixture);
  assert_string_equal (side->log->str, "3 one;3 two;#peer;");
  assert_false (ahoy_link_is_open (side->link));
  /* A peer that only closed its own side still gets the answers. */
  assert_peer_reads (side, "\0023one\003\0023two\003", TRUE);
}

static void
test_peer_vanishes_in_a_frame (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  peer_says (side, "\0023one\003\0023tw");
  side_hang_up (side);
  settle (fixture);
  assert_string_equal (side->log->str, "3 one;#cut;");
  assert_int_equal (side->error->code, G_IO_ERROR_PARTIAL_INPUT);
}

/* Two ends of a TCP connection over loopback. */
static void
tcp_pair (int fds[2])
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t len = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

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
  Fixture *fixture = *state;
  struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  g_autoptr (Side) side = NULL;
  int fds[2];

  tcp_pair (fds);
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new (fixture->poll, fds[0], &events, side, NULL);
  setsockopt (fds[1], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  side_hang_up (side);
  assert_true (test_loop_until_count (fixture->context, &side->n_ended, 1));
  assert_string_equal (side->log->str, "#cut;");
  assert_int_equal (side->error->code, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_tcp_options_and_peer (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = NULL;
  g_autoptr (Side) local = side_new (fixture);
  struct sockaddr_in here;
  socklen_t len = sizeof here;
  GSocketAddress *peer;
  int fds[2];
  int value;

  tcp_pair (fds);
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new (fixture->poll, fds[0], &events, side, NULL);

#define assert_option(level, option, expected)                                    \
  do                                                                              \
    {                                                                             \
      socklen_t value_len = sizeof value;                                         \
      assert_int_equal (getsockopt (fds[0], level, option, &value, &value_len), 0); \
      assert_int_equal (value, expected);                                         \
    }                                                                             \
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
  Fixture *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_strdup ("/tmp/ahoy-test-link-XXXXXX");
  int fd = g_mkstemp (path); /* a plain file: epoll refuses it */

  unlink (path);
  assert_null (ahoy_link_new (fixture->poll, fd, &events, NULL, &error));
  assert_true (error->domain == G_IO_ERROR);
  assert_int_equal (fcntl (fd, F_GETFD), -1);
}

/* ---- Out ---- */

static void
test_one_turn_is_one_write (void **state)
{
  int fds[2];
  Fixture *fixture = *state;
  g_autoptr (Side) side = NULL;
  char buffer[4096];
  guint n_messages = 0;

  /* Packets keep the boundaries of writes. */
  assert_int_equal (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new (fixture->poll, fds[0], &events, side, NULL);

  for (guint i = 0; i < 50; i++)
    send_text (side, "abc");
  assert_int_equal (ahoy_link_get_queued (side->link), 50 * 6);
  assert_int_equal (read (side->fd, buffer, sizeof buffer), -1); /* not before the turn's second half */
  settle (fixture);
  while (read (side->fd, buffer, sizeof buffer) > 0)
    n_messages++;
  assert_int_equal (n_messages, 1);
  assert_int_equal (ahoy_link_get_queued (side->link), 0);
  assert_int_equal (ahoy_link_get_bytes_out (side->link), 50 * 6);
}

static void
test_more_frames_than_one_write_takes (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *body = g_strdup_printf ("%u", i);

      send_text (side, body);
      g_string_append_printf (expected, "\0024%u\003", i);
    }
  settle (fixture);
  assert_peer_reads (side, expected->str, FALSE);
}

static void
test_slow_peer_gets_everything_in_order (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);
  gsize partly = 0;

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *body = g_strdup_printf ("%0*u", 500 + (int) (i % 97), i);

      send_text (side, body);
      g_string_append_printf (expected, "\0024%s\003", body);
    }
  settle (fixture);
  assert_true (ahoy_link_get_queued (side->link) > 0); /* the kernel is full, and nothing spins */

  while (got->len < expected->len)
    {
      char buffer[7777];
      gssize n = read (side->fd, buffer, sizeof buffer);

      assert_true (n > 0);
      g_string_append_len (got, buffer, n);
      settle (fixture);
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
  gsize room = 1 + miser->calls % 11;

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

static void
miser_shut_down (AhoyTransport *transport)
{
  shutdown (transport->fd, SHUT_WR);
}

static const AhoyTransportOps miser_ops = { miser_read, miser_write, miser_shut_down, NULL };

static Side *
miser_side_new (Fixture *fixture,
                Miser   *miser)
{
  int fds[2];
  Side *side;
  AhoyTransport transport = { .ops = &miser_ops, .state = miser };

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
  transport.fd = fds[0];
  side = side_new_bare (fixture, fds[1]);
  side->link = ahoy_link_new_over (fixture->poll, &transport, &events, side, NULL);
  assert_non_null (side->link);

  return side;
}

static void
test_partial_writes_anywhere (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (GString) taken = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  Miser miser = { .taken = taken };
  g_autoptr (Side) side = miser_side_new (fixture, &miser);

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *body = g_strdup_printf ("%0*u", (int) (i % 23), i);

      send_text (side, body);
      g_string_append_printf (expected, "\0024%s\003", body);
      if (i % 10 == 0)
        g_main_context_iteration (fixture->context, FALSE);
    }
  ahoy_link_close (side->link);
  settle (fixture);
  assert_string_equal (taken->str, expected->str);
  assert_peer_reads (side, "", TRUE);
  side_hang_up (side);
  settle (fixture);
}

static void
test_failed_write_still_reads (void **state)
{
  Fixture *fixture = *state;
  Miser miser = { .fail = TRUE };
  g_autoptr (Side) side = miser_side_new (fixture, &miser);

  send_text (side, "hello");
  settle (fixture);
  assert_int_equal (miser.calls, 1);
  assert_string_equal (side->log->str, "#cut;");
  assert_int_equal (side->error->code, G_IO_ERROR_TIMED_OUT);
}

static void
test_write_to_a_peer_that_left (void **state)
{
  Fixture *fixture = *state;
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
        send_text (side, "too late");
      g_main_context_iteration (fixture->context, FALSE);
    }
  settle (fixture);
  assert_int_equal (side->n_frames, 8);
  assert_int_equal (side->n_ended, 1);
  assert_int_equal (side->end, AHOY_LINK_END_CUT);
}

static void
test_overflow_ends_only_that_link (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) slow = side_new (fixture);
  g_autoptr (Side) other = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize limit = AHOY_LINK_QUEUE_MAX / g_bytes_get_size (frame);

  for (gsize i = 0; i < limit; i++)
    ahoy_link_send (slow->link, frame);
  assert_in_range (ahoy_link_get_queued (slow->link), AHOY_LINK_QUEUE_MAX - g_bytes_get_size (frame), AHOY_LINK_QUEUE_MAX);
  ahoy_link_send (slow->link, frame);
  send_text (other, "hello");
  assert_int_equal (slow->n_ended, 0); /* not from inside */
  settle (fixture);
  assert_string_equal (slow->log->str, "#overflow;");
  assert_true (ahoy_link_is_open (other->link));
  assert_peer_reads (other, "\0024hello\003", FALSE);
}

static void
test_overflow_while_the_kernel_is_full (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) slow = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);

  for (gsize i = 0; i < 2 * AHOY_LINK_QUEUE_MAX / AHOY_BODY_MAX && slow->n_ended == 0; i++)
    {
      ahoy_link_send (slow->link, frame);
      settle (fixture);
    }
  assert_string_equal (slow->log->str, "#overflow;");
  assert_int_equal (ahoy_link_get_queued (slow->link), 0);
}

/* ---- Orderly close ---- */

static void
test_close_writes_what_is_queued (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  send_text (side, "bye");
  ahoy_link_close (side->link);
  send_text (side, "after");
  ahoy_link_close (side->link);
  assert_false (ahoy_link_is_open (side->link));
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 1);
  settle (fixture);
  assert_peer_reads (side, "\0024bye\003", TRUE);

  /* What the peer still says is thrown away, and nobody is told anything. */
  peer_says (side, "\0023hello?\003");
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 1);
  side_hang_up (side);
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_string_equal (side->log->str, "");
}

static void
test_close_outlives_its_owner (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize expected = 64 * g_bytes_get_size (frame);
  gsize got = 0;
  gboolean eof = FALSE;

  for (guint i = 0; i < 64; i++) /* a megabyte: more than the socket holds */
    ahoy_link_send (side->link, frame);
  ahoy_link_close (side->link);
  g_clear_pointer (&side->link, ahoy_link_unref);
  while (!eof)
    {
      GString *part;

      settle (fixture);
      part = peer_read (side, &eof);
      assert_true (part->len > 0 || eof);
      got += part->len;
      g_string_free (part, TRUE);
    }
  assert_int_equal (got, expected);
  side_hang_up (side);
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_close_lingers_only_so_long (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) first = side_new (fixture);
  g_autoptr (Side) second = side_new (fixture);
  gint64 begin = g_get_monotonic_time ();
  gint64 took;

  ahoy_link_close (first->link);
  ahoy_link_close (second->link);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 2);
  assert_true (test_loop_until (fixture->context, none_closing, fixture->poll, TEST_LOOP_DEADLINE_MS));
  took = (g_get_monotonic_time () - begin) / G_TIME_SPAN_MILLISECOND;
  assert_true (took >= AHOY_LINK_LINGER_MS);
  assert_true (took < TEST_LOOP_DEADLINE_MS / 2);
}

static void
test_close_after_the_peer_closed_its_side (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  ahoy_link_close (side->link);
  assert_int_equal (shutdown (side->fd, SHUT_WR), 0);
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_peer_reads (side, "", TRUE);
}

static void
test_close_towards_a_half_closed_slow_peer (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);
  gsize got = 0;
  gboolean eof = FALSE;

  /* It said all it had to say and is still reading. */
  for (guint i = 0; i < 64; i++)
    ahoy_link_send (side->link, frame);
  ahoy_link_close (side->link);
  assert_int_equal (shutdown (side->fd, SHUT_WR), 0);
  while (!eof)
    {
      GString *part;

      settle (fixture);
      part = peer_read (side, &eof);
      got += part->len;
      g_string_free (part, TRUE);
    }
  assert_int_equal (got, 64 * g_bytes_get_size (frame));
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_close_towards_a_peer_that_left (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  g_autoptr (GBytes) frame = long_frame (AHOY_BODY_MAX);

  for (guint i = 0; i < 64; i++)
    ahoy_link_send (side->link, frame);
  ahoy_link_close (side->link);
  settle (fixture);
  side_hang_up (side);
  settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_abort_loses_what_is_queued (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) open = side_new (fixture);
  g_autoptr (Side) closing = side_new (fixture);

  send_text (open, "lost");
  ahoy_link_abort (open->link);
  assert_peer_reads (open, "", TRUE);
  ahoy_link_abort (open->link);

  send_text (closing, "lost");
  ahoy_link_close (closing->link);
  ahoy_link_abort (closing->link);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  assert_peer_reads (closing, "", TRUE);

  send_text (open, "nothing happens");
  ahoy_link_close (open->link);
  ahoy_link_set_reading (open->link, FALSE);
  settle (fixture);
  assert_int_equal (open->n_ended + closing->n_ended, 0);
}

static void
test_unref_aborts_an_open_link (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);

  send_text (side, "lost");
  ahoy_link_unref (ahoy_link_ref (side->link));
  assert_true (ahoy_link_is_open (side->link));
  g_clear_pointer (&side->link, ahoy_link_unref);
  assert_peer_reads (side, "", TRUE);
  settle (fixture);
  assert_string_equal (side->log->str, "");
}

/* ---- Deeds in callbacks ---- */

static void
test_deeds_on_frame (void **state)
{
  static const Deed deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  Fixture *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (Side) side = side_new (fixture);

      side->deed = deeds[i];
      side->deed_at_frame = 2;
      peer_says (side, "\0023a\003\0023b\003\0023c\003rubbish");
      settle (fixture);
      assert_string_equal (side->log->str, "3 a;3 b;");
      side_hang_up (side);
      settle (fixture);
      assert_int_equal (side->n_after_deed, 0);
    }
}

static void
test_deeds_on_fault (void **state)
{
  static const Deed deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  Fixture *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (Side) side = side_new (fixture);

      side->deed_on_fault = deeds[i];
      peer_says (side, "\0023a\003rubbish");
      settle (fixture);
      assert_string_equal (side->log->str, "3 a;!start;");
      side_hang_up (side);
      settle (fixture);
      assert_int_equal (side->n_after_deed, 0);
    }
}

static void
test_deeds_on_ended (void **state)
{
  static const Deed deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  Fixture *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr (Side) side = side_new (fixture);

      side->deed_on_ended = deeds[i];
      side_hang_up (side);
      settle (fixture);
      assert_string_equal (side->log->str, "#peer;");
      assert_int_equal (side->n_after_deed, 0);
    }
}

static void
test_closing_links_keep_the_poll (void **state)
{
  Fixture *fixture = *state;
  Fixture other = { .context = fixture->context, .poll = ahoy_poll_new (fixture->context, NULL) };
  g_autoptr (Side) side = side_new (&other);

  send_text (side, "bye");
  ahoy_link_close (side->link);
  g_clear_pointer (&side->link, ahoy_link_unref);
  ahoy_poll_unref (other.poll);
  settle (fixture);
  assert_peer_reads (side, "\0024bye\003", TRUE);
  side_hang_up (side);
  settle (fixture); /* the last link takes the poll with it */
}

static void
test_last_heard (void **state)
{
  Fixture *fixture = *state;
  g_autoptr (Side) side = side_new (fixture);
  gint64 before;

  assert_true (ahoy_link_get_last_heard (side->link) <= g_get_monotonic_time ());
  before = g_get_monotonic_time ();
  peer_says (side, "\0023a\003");
  settle (fixture);
  assert_in_range (ahoy_link_get_last_heard (side->link), before, g_get_monotonic_time ());
}

#define link_test(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

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
    link_test (test_paused_does_not_spin_when_the_peer_goes),
    link_test (test_peer_closes_after_whole_frames),
    link_test (test_peer_vanishes_in_a_frame),
    link_test (test_tcp_reset),
    link_test (test_tcp_options_and_peer),
    link_test (test_new_refused_closes_the_descriptor),
    link_test (test_one_turn_is_one_write),
    link_test (test_more_frames_than_one_write_takes),
    link_test (test_slow_peer_gets_everything_in_order),
    link_test (test_partial_writes_anywhere),
    link_test (test_failed_write_still_reads),
    link_test (test_write_to_a_peer_that_left),
    link_test (test_overflow_ends_only_that_link),
    link_test (test_overflow_while_the_kernel_is_full),
    link_test (test_close_writes_what_is_queued),
    link_test (test_close_outlives_its_owner),
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
    link_test (test_last_heard),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
