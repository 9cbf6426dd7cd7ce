/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoy-link over TLS, both ends ours: the first byte decides, who is who, what is queued waits. */

#include "wire/ahoy-tls.h"

#include <netinet/in.h>
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
#include "support/tls-peer.h"
#include "wire/ahoy-limits.h"

/* Where it is meant to pass. */
#define LINGER_MS 200

/* Two links of ours, connected. */
typedef struct {
  Side *server;
  Side *client;
} Couple;

static void
couple_over (Couple      *couple,
             LinkFixture *fixture,
             int          fds[2],
             AhoyTls     *server_tls,
             AhoyTls     *client_tls)
{
  couple->server = side_new_bare (fixture, -1);
  couple->client = side_new_bare (fixture, -1);
  couple->server->link = ahoy_link_new_accepted (fixture->poll, fds[0], server_tls, &side_events, couple->server, NULL);
  couple->client->link = ahoy_link_new_secure (fixture->poll, fds[1], client_tls, &side_events, couple->client, NULL);
  assert_non_null (couple->server->link);
  assert_non_null (couple->client->link);
}

static void
couple_init (Couple      *couple,
             LinkFixture *fixture,
             AhoyTls     *server_tls,
             AhoyTls     *client_tls)
{
  int fds[2];

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  couple_over (couple, fixture, fds, server_tls, client_tls);
}

static void
couple_clear (Couple *couple)
{
  side_free (couple->server);
  side_free (couple->client);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Couple, couple_clear)

static void
test_mutual (void **state)
{
  LinkFixture        *fixture = *state;
  g_autofree char    *server_id = NULL;
  g_autofree char    *client_id = NULL;
  g_autoptr (AhoyTls) server_tls = test_tls_new (&server_id);
  g_autoptr (AhoyTls) client_tls = test_tls_new (&client_id);
  g_auto (Couple)     couple = { 0 };

  couple_init (&couple, fixture, server_tls, client_tls);
  side_send (couple.client, "hello");
  side_send (couple.server, "welcome");
  assert_false (ahoy_link_is_secure (couple.client->link));
  assert_null (ahoy_link_get_peer_fingerprint (couple.client->link));
  link_fixture_settle (fixture);
  assert_string_equal (couple.client->log->str, "+secure;4 welcome;");
  assert_string_equal (couple.server->log->str, "+secure;4 hello;");
  assert_true (ahoy_link_is_secure (couple.server->link));
  assert_true (ahoy_link_is_secure (couple.client->link));
  assert_int_equal (strlen (ahoy_link_get_peer_fingerprint (couple.server->link)), 52);
  assert_true (g_str_has_prefix (ahoy_link_get_peer_fingerprint (couple.server->link), client_id));
  assert_true (g_str_has_prefix (ahoy_link_get_peer_fingerprint (couple.client->link), server_id));
  assert_int_equal (ahoy_link_get_bytes_in (couple.server->link), 8);
  assert_int_equal (couple.client->link->bytes_out, 8);

  side_send (couple.server, "bye");
  ahoy_link_close (couple.server->link);
  link_fixture_settle (fixture);
  assert_string_equal (couple.client->log->str, "+secure;4 welcome;4 bye;#peer;");
  assert_int_equal (couple.client->error_code, -1);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
  /* Still known afterwards. */
  assert_true (ahoy_link_is_secure (couple.client->link));
  assert_true (g_str_has_prefix (ahoy_link_get_peer_fingerprint (couple.client->link), server_id));
}

static void
test_client_without_certificate (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = ahoy_tls_new (NULL, NULL);
  g_auto (Couple)     couple = { 0 };

  couple_init (&couple, fixture, server_tls, client_tls);
  side_send (couple.client, "hello");
  link_fixture_settle (fixture);
  assert_string_equal (couple.server->log->str, "+secure;4 hello;");
  assert_true (ahoy_link_is_secure (couple.server->link));
  assert_null (ahoy_link_get_peer_fingerprint (couple.server->link));
  assert_non_null (ahoy_link_get_peer_fingerprint (couple.client->link));
}

static void
test_first_byte_decides (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    plain = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    skipping = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    strange = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    gone = secure_side_new_accepted (fixture, tls);

  /* What is queued before it is decided is not written yet. */
  side_send (plain, "* hello");
  link_fixture_settle (fixture);
  assert_peer_reads (plain, "", FALSE);
  peer_says (plain, "\0021alice\003");
  link_fixture_settle (fixture);
  assert_string_equal (plain->log->str, "1 alice;");
  assert_peer_reads (plain, "\0024* hello\003", FALSE);
  side_send (plain, "more");
  link_fixture_settle (fixture);
  assert_peer_reads (plain, "\0024more\003", FALSE);
  assert_false (ahoy_link_is_secure (plain->link));
  assert_null (ahoy_link_get_peer_fingerprint (plain->link));
  assert_int_equal (plain->n_secured, 0);

  peer_says (skipping, "\r\n\0021alice\003");
  peer_says (strange, "GET / HTTP/1.1\r\n\r\n");
  side_hang_up (gone);
  link_fixture_settle (fixture);
  assert_string_equal (skipping->log->str, "1 alice;");
  assert_string_equal (strange->log->str, "!start;");
  assert_string_equal (gone->log->str, "#peer;");

  /* Only the first byte. */
  peer_says (plain, "\026\003\001");
  link_fixture_settle (fixture);
  assert_string_equal (plain->log->str, "1 alice;!start;");
}

static void
test_paused_before_it_is_decided (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = test_tls_new (NULL);
  g_auto (Couple)     couple = { 0 };

  couple_init (&couple, fixture, server_tls, client_tls);
  ahoy_link_set_reading (couple.server->link, FALSE);
  side_send (couple.client, "hello");
  link_fixture_settle (fixture);
  assert_string_equal (couple.server->log->str, "");
  ahoy_link_set_reading (couple.server->link, TRUE);
  link_fixture_settle (fixture);
  assert_string_equal (couple.server->log->str, "+secure;4 hello;");
}

static void
test_paused_in_the_handshake (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = test_tls_new (NULL);
  g_auto (Couple)     couple = { 0 };

  /* Pausing is about frames: the handshake goes on. */
  couple_init (&couple, fixture, server_tls, client_tls);
  ahoy_link_set_reading (couple.client->link, FALSE);
  couple.server->deed = DO_ECHO;
  side_send (couple.client, "hello");
  link_fixture_settle (fixture);
  assert_string_equal (couple.client->log->str, "+secure;");
  assert_string_equal (couple.server->log->str, "+secure;4 hello;");
  ahoy_link_set_reading (couple.client->link, TRUE);
  link_fixture_settle (fixture);
  assert_string_equal (couple.client->log->str, "+secure;4 hello;");
}

static void
test_deeds_when_secured (void **state)
{
  static const Deed   deeds[] = { DO_CLOSE, DO_ABORT, DO_UNREF };
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = test_tls_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_auto (Couple) at_server = { 0 };
      g_auto (Couple) at_client = { 0 };

      couple_init (&at_server, fixture, server_tls, client_tls);
      couple_init (&at_client, fixture, server_tls, client_tls);
      at_server.server->deed_on_secured = deeds[i];
      at_client.client->deed_on_secured = deeds[i];
      side_send (at_server.client, "hello");
      side_send (at_client.server, "hello");
      link_fixture_settle (fixture);
      assert_string_equal (at_server.server->log->str, "+secure;");
      assert_string_equal (at_client.client->log->str, "+secure;");
      assert_int_equal (at_server.server->n_after_deed + at_client.client->n_after_deed, 0);
      assert_int_equal (at_server.client->n_ended, 1);
      assert_int_equal (at_server.client->end, deeds[i] == DO_CLOSE ? AHOY_LINK_END_PEER : AHOY_LINK_END_CUT);
      assert_int_equal (at_client.server->n_ended, 1);
    }
}

static void
test_close_says_what_is_queued (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = test_tls_new (NULL);
  g_auto (Couple)     couple = { 0 };

  /* Closed before a byte came: there is still time to be told in TLS. */
  couple_init (&couple, fixture, server_tls, client_tls);
  side_send (couple.server, "* full");
  ahoy_link_close (couple.server->link);
  g_clear_pointer (&couple.server->link, ahoy_link_unref);
  link_fixture_settle (fixture);
  assert_string_equal (couple.client->log->str, "+secure;4 * full;#peer;");
  assert_int_equal (couple.server->n_secured, 0);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_close_in_the_handshake_says_nothing_in_clear (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    side = secure_side_new (fixture, tls);
  g_autoptr (GString) got = NULL;
  gboolean            eof;

  side_send (side, "secret");
  link_fixture_settle (fixture);
  ahoy_link_close (side->link);
  link_fixture_settle (fixture);
  got = peer_read (side, &eof);
  assert_int_equal (got->str[0], AHOY_TLS_FIRST_BYTE);
  assert_null (g_strstr_len (got->str, (gssize) got->len, "secret"));
  side_hang_up (side);
  link_fixture_settle (fixture);
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static gboolean
nobody_closing (gpointer data)
{
  return ahoy_link_n_closing (data) == 0;
}

static void
test_close_towards_the_silent (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    young = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    plain = secure_side_new_accepted (fixture, tls);
  g_autoptr (Side)    quiet = secure_side_new_accepted (fixture, tls);
  gint64              begin;

  /* Nothing to say: nothing to wait for. */
  ahoy_link_close (quiet->link);
  link_fixture_settle (fixture);
  assert_peer_reads (quiet, "", TRUE);
  side_hang_up (quiet);

  /* Who speaks plainly in time is told at once. */
  side_send (plain, "* bye");
  ahoy_link_close (plain->link);
  link_fixture_settle (fixture);
  assert_peer_reads (plain, "", FALSE);
  peer_says (plain, "\002");
  link_fixture_settle (fixture);
  assert_peer_reads (plain, "\0024* bye\003", TRUE);
  side_hang_up (plain);
  link_fixture_settle (fixture);

  /* Who says nothing is told in the end, plainly. */
  link_fixture_set_patience (fixture, LINGER_MS, LINGER_MS, G_MAXUINT);
  begin = g_get_monotonic_time ();
  side_send (young, "* bye");
  ahoy_link_close (young->link);
  link_fixture_settle (fixture);
  assert_true (test_loop_until (fixture->context, nobody_closing, fixture->poll, TEST_LOOP_DEADLINE_MS));
  assert_true (g_get_monotonic_time () - begin >= LINGER_MS * G_TIME_SPAN_MILLISECOND);
  assert_peer_reads (young, "\0024* bye\003", TRUE);
}

static void
test_close_towards_the_long_silent (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) tls = test_tls_new (NULL);
  g_autoptr (Side)    side = secure_side_new_accepted (fixture, tls);

  fixture->shared->silence = 0; /* which is over at once */
  side_send (side, "* no log-in");
  ahoy_link_close (side->link);
  link_fixture_settle (fixture);
  assert_peer_reads (side, "\0024* no log-in\003", TRUE);
  side_hang_up (side);
  link_fixture_settle (fixture);
}

/* Who was not listened to has not been silent: an answer in clear would be taken for somebody else's. */
static void
test_close_towards_the_unheard (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = test_tls_new (NULL);
  g_auto (Couple)     couple = { 0 };

  couple_init (&couple, fixture, server_tls, client_tls);
  ahoy_link_set_reading (couple.server->link, FALSE);
  link_fixture_settle (fixture);
  fixture->shared->silence = 0;
  side_send (couple.server, "* busy");
  ahoy_link_close (couple.server->link);
  link_fixture_settle (fixture);
  assert_string_equal (couple.client->log->str, "+secure;4 * busy;#peer;");
  assert_int_equal (ahoy_link_n_closing (fixture->poll), 0);
}

static void
test_over_tcp (void **state)
{
  LinkFixture        *fixture = *state;
  g_autoptr (AhoyTls) server_tls = test_tls_new (NULL);
  g_autoptr (AhoyTls) client_tls = test_tls_new (NULL);
  g_autoptr (GBytes)  frame = long_frame (AHOY_BODY_MAX);
  g_auto (Couple)     couple = { 0 };
  struct sockaddr_in  address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t           len = sizeof address;
  int                 listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int                 small = 4096;
  int                 fds[2];

  assert_int_equal (setsockopt (listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  assert_int_equal (bind (listener, (struct sockaddr *) &address, len), 0);
  assert_int_equal (listen (listener, 1), 0);
  assert_int_equal (getsockname (listener, (struct sockaddr *) &address, &len), 0);
  fds[1] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal (setsockopt (fds[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
  assert_int_equal (connect (fds[1], (struct sockaddr *) &address, len), 0);
  fds[0] = accept (listener, NULL, NULL);
  close (listener);

  /* Three megabytes through buffers of a few kilobytes, there and back. */
  couple_over (&couple, fixture, fds, server_tls, client_tls);
  couple.server->deed = DO_ECHO;
  for (guint i = 0; i < 192; i++)
    ahoy_link_send (couple.client->link, frame);
  assert_true (test_loop_until_count (fixture->context, &couple.client->n_frames, 192));
  assert_int_equal (couple.server->n_frames, 192);
  assert_int_equal (couple.client->n_faults + couple.server->n_faults, 0);
  assert_non_null (ahoy_link_get_peer (couple.server->link));

  ahoy_link_abort (couple.client->link);
  assert_true (test_loop_until_count (fixture->context, &couple.server->n_ended, 1));
  assert_int_equal (couple.server->end, AHOY_LINK_END_CUT);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    link_test (test_mutual),
    link_test (test_client_without_certificate),
    link_test (test_first_byte_decides),
    link_test (test_paused_before_it_is_decided),
    link_test (test_paused_in_the_handshake),
    link_test (test_deeds_when_secured),
    link_test (test_close_says_what_is_queued),
    link_test (test_close_in_the_handshake_says_nothing_in_clear),
    link_test (test_close_towards_the_silent),
    link_test (test_close_towards_the_long_silent),
    link_test (test_close_towards_the_unheard),
    link_test (test_over_tcp),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
