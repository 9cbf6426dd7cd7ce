/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One link, what came out of it, and the raw socket of its peer. */

#include "support/link-side.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/test-loop.h"

/* Bytes that each end's kernel takes (it doubles them for its own bookkeeping), whatever is usual on the machine. */
#define KERNEL_BYTES (96 * 1024)
/* Milliseconds: longer than any test. */
#define NEVER_MS (24 * 60 * 60 * 1000)

static void
do_deed (Side *side,
         Deed  deed)
{
  side->deed_done = TRUE;
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
      side->deed_done = FALSE;
      break;
    }
}

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  Side *side = data;

  side->n_after_deed += side->deed_done;
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
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  Side *side = data;

  side->n_after_deed += side->deed_done;
  side->n_faults++;
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
  Side                    *side = data;

  side->n_after_deed += side->deed_done;
  side->n_ended++;
  side->end = end;
  side->error_domain = error != NULL ? error->domain : 0;
  side->error_code = error != NULL ? error->code : -1;
  g_free (side->error_message);
  side->error_message = g_strdup (error != NULL ? error->message : NULL);
  g_string_append_printf (side->log, "#%s;", names[end]);
  do_deed (side, side->deed_on_ended);
}

static void
on_secured (AhoyLink *link,
            gpointer  data)
{
  Side *side = data;

  side->n_after_deed += side->deed_done;
  side->n_secured++;
  g_string_append (side->log, "+secure;");
  do_deed (side, side->deed_on_secured);
}

const AhoyLinkEvents side_events = { .on_frame = on_frame, .on_fault = on_fault, .on_ended = on_ended, .on_secured = on_secured };

Side *
side_new_bare (LinkFixture *fixture,
               int          fd)
{
  Side *side = g_new0 (Side, 1);

  side->fixture = fixture;
  side->fd = fd;
  side->log = g_string_new (NULL);
  return side;
}

Side *
side_new_on_pair (LinkFixture *fixture,
                  int         *fd)
{
  static const int room = KERNEL_BYTES;
  int              fds[2];

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  for (guint i = 0; i < 2; i++)
    assert_int_equal (setsockopt (fds[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
  assert_int_equal (fcntl (fds[1], F_SETFL, O_NONBLOCK), 0);
  *fd = fds[0];
  return side_new_bare (fixture, fds[1]);
}

Side *
side_new (LinkFixture *fixture)
{
  int   fd;
  Side *side = side_new_on_pair (fixture, &fd);

  side->link = ahoy_link_new (fixture->poll, fd, &side_events, side, NULL);
  assert_non_null (side->link);

  return side;
}

void
side_hang_up (Side *side)
{
  if (side->fd >= 0)
    close (side->fd);
  side->fd = -1;
}

void
side_free (Side *side)
{
  g_clear_pointer (&side->link, ahoy_link_unref);
  side_hang_up (side);
  g_string_free (side->log, TRUE);
  g_free (side->error_message);
  g_free (side);
}

void
peer_write (Side       *side,
            const void *bytes,
            gsize       len)
{
  assert_int_equal (write (side->fd, bytes, len), len);
}

void
peer_says (Side       *side,
           const char *bytes)
{
  peer_write (side, bytes, strlen (bytes));
}

/* All that is there for the peer now. */
GString *
peer_read (Side     *side,
           gboolean *eof)
{
  GString *got = g_string_new (NULL);
  char     buffer[65536];
  gssize   n;

  while ((n = read (side->fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (got, buffer, n);
  if (eof != NULL)
    *eof = n == 0;

  return got;
}

void
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

void
side_send (Side       *side,
           const char *body)
{
  g_autoptr (GBytes) frame = ahoy_frame_encode (NULL, 0, '4', body, -1);

  ahoy_link_send (side->link, frame);
}

/* A frame whose body is @len x-es. */
GBytes *
long_frame (gsize len)
{
  g_autofree char *body = g_strnfill (len, 'x');

  return ahoy_frame_encode (NULL, 0, '4', body, (gssize) len);
}

int
link_fixture_set_up (void **state)
{
  LinkFixture *fixture = g_new0 (LinkFixture, 1);

  fixture->context = g_main_context_new ();
  fixture->poll = ahoy_poll_new (fixture->context, NULL);
  *state = fixture;
  if (fixture->poll == NULL)
    return -1;
  fixture->shared = ahoy_link_shared_of (fixture->poll);
  link_fixture_set_patience (fixture, NEVER_MS, NEVER_MS, NEVER_MS);

  return 0;
}

void
link_fixture_set_patience (LinkFixture *fixture,
                           guint        handshake_ms,
                           guint        linger_ms,
                           guint        silence_ms)
{
  fixture->shared->shaking.span_ms = handshake_ms;
  fixture->shared->closing.span_ms = linger_ms;
  fixture->shared->silence = silence_ms * G_TIME_SPAN_MILLISECOND;
}

int
link_fixture_tear_down (void **state)
{
  LinkFixture *fixture = *state;
  int          left = (int) ahoy_link_n_closing (fixture->poll);

  ahoy_poll_unref (fixture->poll);
  g_main_context_unref (fixture->context);
  g_free (fixture);

  return left;
}

void
link_fixture_settle (LinkFixture *fixture)
{
  assert_true (test_loop_settle (fixture->context));
}
