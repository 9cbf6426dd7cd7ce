/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A peer in raw bytes. */

#include "server/test-peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/cmocka-all.h"
#include "support/test-loop.h"

typedef struct {
  TestPeer *peer;
  gsize     wanted; /* bytes, or the end */
} Wait;

/* Takes what is there. */
static void
hear (TestPeer *peer)
{
  guint8 buffer[65536];
  gssize n;

  while (!peer->ended && (n = recv (peer->fd, buffer, sizeof buffer, MSG_DONTWAIT)) >= 0)
    {
      if (n == 0)
        peer->ended = TRUE;
      else
        g_byte_array_append (peer->heard, buffer, n);
    }
  if (errno == ECONNRESET)
    peer->ended = TRUE;
}

static gboolean
has_heard (gpointer data)
{
  Wait *wait = data;

  hear (wait->peer);
  return wait->peer->ended || wait->peer->heard->len >= wait->wanted;
}

/* The test's own socket is not in the server's context: something must wake it. */
static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
wait_for (TestPeer *peer,
          gsize     wanted)
{
  Wait                wait = { peer, wanted };
  g_autoptr (GSource) tick = g_timeout_source_new (1);
  gboolean            met;

  g_source_set_callback (tick, on_tick, NULL, NULL);
  g_source_attach (tick, peer->context);
  met = test_loop_until (peer->context, has_heard, &wait, TEST_LOOP_DEADLINE_MS);
  g_source_destroy (tick);
  return met;
}

static char *
readable (gconstpointer bytes,
          gsize         len)
{
  g_autofree char *copy = g_strndup (bytes, len);

  for (gsize i = 0; i < len; i++)
    if (copy[i] == 0x02)
      copy[i] = '<';
    else if (copy[i] == 0x03)
      copy[i] = '>';
  return g_strescape (copy, NULL);
}

static char *
frames_to_bytes (const char *frames)
{
  return g_strdelimit (g_strdelimit (g_strdup (frames), "<", 0x02), ">", 0x03);
}

TestPeer *
test_peer_new (GMainContext *context,
               int           fd)
{
  TestPeer *peer = g_new0 (TestPeer, 1);

  peer->context = context;
  peer->fd = fd;
  peer->heard = g_byte_array_new ();
  return peer;
}

TestPeer *
test_peer_connect (GMainContext *context,
                   guint16       port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int                fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true (fd >= 0);
  assert_int_equal (connect (fd, (struct sockaddr *) &address, sizeof address), 0);
  return test_peer_new (context, fd);
}

void
test_peer_free (TestPeer *peer)
{
  close (peer->fd);
  g_byte_array_unref (peer->heard);
  g_free (peer);
}

void
test_peer_send_bytes (TestPeer     *peer,
                      gconstpointer bytes,
                      gsize         len)
{
  const char *at = bytes;
  gint64      deadline = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;

  while (len > 0)
    {
      gssize n = send (peer->fd, at, len, MSG_DONTWAIT | MSG_NOSIGNAL);

      assert_true (n > 0 || errno == EAGAIN);
      assert_true (g_get_monotonic_time () < deadline);
      if (n > 0)
        {
          at += n;
          len -= n;
        }
      g_main_context_iteration (peer->context, FALSE);
    }
}

void
test_peer_send (TestPeer   *peer,
                const char *frames)
{
  g_autofree char *bytes = frames_to_bytes (frames);

  test_peer_send_bytes (peer, bytes, strlen (bytes));
}

void
test_peer_expect_bytes (TestPeer     *peer,
                        gconstpointer bytes,
                        gsize         len)
{
  gboolean met = wait_for (peer, len);

  if (!met || peer->heard->len < len || memcmp (peer->heard->data, bytes, len) != 0)
    {
      g_autofree char *wanted = readable (bytes, len);
      g_autofree char *heard = readable (peer->heard->data, peer->heard->len);

      fail_msg ("expected \"%.300s\", heard \"%.300s\"%s", wanted, heard, peer->ended ? ", then the end" : "");
    }
  g_byte_array_remove_range (peer->heard, 0, len);
}

void
test_peer_expect (TestPeer   *peer,
                  const char *frames)
{
  g_autofree char *bytes = frames_to_bytes (frames);

  test_peer_expect_bytes (peer, bytes, strlen (bytes));
}

char *
test_peer_expect_notice (TestPeer *peer)
{
  const char *end;
  char       *text;

  test_peer_expect (peer, "<4* ");
  while ((end = memchr (peer->heard->data, 0x03, peer->heard->len)) == NULL)
    {
      assert_true (wait_for (peer, peer->heard->len + 1));
      assert_false (peer->ended);
    }
  text = g_strndup ((char *) peer->heard->data, end - (char *) peer->heard->data);
  g_byte_array_remove_range (peer->heard, 0, strlen (text) + 1);
  return text;
}

/* One frame, with its ETX. */
static void
read_frame (TestPeer *peer,
            GString  *frames)
{
  const guint8 *end;
  gsize         len;

  while (peer->heard->len == 0 || (end = memchr (peer->heard->data, 0x03, peer->heard->len)) == NULL)
    if (peer->ended || !wait_for (peer, peer->heard->len + 1))
      fail_msg ("no more frames after \"%.300s\"", frames->str);
  len = end + 1 - peer->heard->data;
  g_string_append_len (frames, (char *) peer->heard->data, len);
  g_byte_array_remove_range (peer->heard, 0, len);
}

char *
test_peer_read_until (TestPeer   *peer,
                      const char *end)
{
  g_autofree char *wanted = frames_to_bytes (end);
  GString         *frames = g_string_new (NULL);

  do
    read_frame (peer, frames);
  while (!g_str_has_suffix (frames->str, wanted));
  return g_strdelimit (g_strdelimit (g_string_free (frames, FALSE), "\x02", '<'), "\x03", '>');
}

void
test_peer_expect_end (TestPeer *peer)
{
  gboolean met = wait_for (peer, G_MAXSIZE);

  if (!met || peer->heard->len > 0)
    {
      g_autofree char *heard = readable (peer->heard->data, peer->heard->len);

      fail_msg ("expected the end, heard \"%.300s\"", heard);
    }
}

void
test_peer_expect_nothing (TestPeer *peer)
{
  assert_true (test_loop_settle (peer->context));
  hear (peer);
  assert_int_equal (peer->heard->len, 0);
  assert_false (peer->ended);
}

TestPeer *
test_peer_alone (GMainContext *context,
                 guint16       port,
                 const char   *name)
{
  TestPeer        *peer = test_peer_connect (context, port);
  g_autofree char *frame = g_strdup_printf ("<1%s>", name);

  test_peer_send (peer, frame);
  test_peer_expect (peer, frame);
  return peer;
}
