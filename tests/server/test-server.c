/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-server and ahoyd-listener: ports, limits, and the end. */

#include "ahoyd-server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ahoyd-ready.h"
#include "features/ahoyd-features.h"
#include "net/ahoyd-listener.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "support/test-loop.h"

static int
listen_somewhere (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t          len = sizeof address;
  int                fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_int_equal (bind (fd, (struct sockaddr *) &address, len), 0);
  assert_int_equal (listen (fd, 1), 0);
  assert_int_equal (getsockname (fd, (struct sockaddr *) &address, &len), 0);
  *port = ntohs (address.sin_port);
  return fd;
}

static void
test_a_port_that_is_taken (void **state)
{
  ServerFixture     *fixture = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char   *number = NULL;
  guint16            port;
  int                fd = listen_somewhere (&port);

  number = g_strdup_printf ("%u", port);
  fixture->config->port = port;
  fixture->config->port_given = TRUE;
  assert_null (ahoyd_server_new (fixture->config, ahoyd_features (), fixture->context, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
  assert_non_null (strstr (error->message, number));

  /* Nobody asked for it: another will do. */
  fixture->config->port_given = FALSE;
  server_fixture_serve (fixture);
  assert_int_not_equal (ahoyd_server_get_port (fixture->server), port);
  server_fixture_log_in (fixture, "alice", NULL);
  close (fd);
}

static void
test_an_address_that_is_not_here (void **state)
{
  ServerFixture     *fixture = *state;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (fixture->config->bind, g_inet_socket_address_new_from_string ("192.0.2.1", 0));
  assert_null (ahoyd_server_new (fixture->config, ahoyd_features (), fixture->context, &error));
  assert_non_null (strstr (error->message, "192.0.2.1"));
}

static void
test_a_folder_that_cannot_be (void **state)
{
  ServerFixture     *fixture = *state;
  g_autoptr (GError) error = NULL;

  g_free (fixture->config->data_dir);
  fixture->config->data_dir = g_strdup ("/proc/nowhere");
  assert_null (ahoyd_server_new (fixture->config, ahoyd_features (), fixture->context, &error));
  assert_non_null (strstr (error->message, "/proc/nowhere"));
}

static void
test_its_key_is_kept (void **state)
{
  ServerFixture   *fixture = *state;
  g_autofree char *path = g_build_filename (fixture->folder, "server.pem", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  server_fixture_serve (fixture);
  assert_true (g_file_get_contents (path, &first, NULL, NULL));
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  server_fixture_serve (fixture);
  assert_true (g_file_get_contents (path, &second, NULL, NULL));
  assert_string_equal (first, second);
}

static void
test_no_discovery (void **state)
{
  ServerFixture *fixture = *state;

  fixture->config->no_discovery = TRUE;
  server_fixture_serve (fixture);
  assert_int_equal (ahoyd_server_get_discovery_port (fixture->server), 0);
}

static gboolean
is_alone (gpointer data)
{
  return ahoyd_server_get_n_sessions (((ServerFixture *) data)->server) == 1;
}

static void
test_max_clients (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice, *third;
  g_autofree char *notice = NULL;

  fixture->config->max_clients = 2;
  server_fixture_serve (fixture);
  alice = server_fixture_log_in (fixture, "alice", NULL);
  server_fixture_connect (fixture); /* counts, logged in or not */
  third = server_fixture_connect (fixture);
  notice = test_peer_expect_notice (third);
  test_peer_expect_end (third);
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 2);

  /* Somebody leaves, somebody comes. */
  g_ptr_array_remove_index (fixture->peers, 2);
  g_ptr_array_remove_index (fixture->peers, 1);
  assert_true (test_loop_until (fixture->context, is_alone, fixture, TEST_LOOP_DEADLINE_MS));
  test_peer_expect_nothing (alice);
  server_fixture_log_in (fixture, "bob", "alice", NULL);
}

/* Far more than are told so: the rest are just closed, and the server goes on. */
static void
test_many_are_turned_away (void **state)
{
  ServerFixture        *fixture = *state;
  TestPeer             *alice;
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func ((GDestroyNotify) test_peer_free);

  fixture->config->max_clients = 1;
  server_fixture_serve (fixture);
  alice = server_fixture_log_in (fixture, "alice", NULL);
  for (guint i = 0; i < 300; i++)
    {
      g_ptr_array_add (crowd, test_peer_connect (fixture->context, ahoyd_server_get_port (fixture->server)));
      assert_true (test_loop_settle (fixture->context)); /* no kernel has to keep so many that wait */
    }
  test_peer_send (alice, "<3hello>");
  test_peer_expect (alice, "<4alice: hello>");
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 1);
}

static void
on_stopped (gpointer data)
{
  (*(guint *) data)++;
}

static void
test_stop_says_goodbye (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice, *bob, *silent;
  g_autofree char *goodbye = NULL;
  g_autofree char *to_bob = NULL;
  g_autofree char *to_silent = NULL;
  guint            stopped = 0;

  server_fixture_serve (fixture);
  alice = server_fixture_log_in (fixture, "alice", NULL);
  bob = server_fixture_log_in (fixture, "bob", "alice", NULL);
  silent = server_fixture_connect (fixture);
  test_peer_send (alice, "<3last words>");
  test_peer_expect (alice, "<4alice: last words>");
  test_peer_expect (bob, "<4alice: last words>");
  ahoyd_server_stop (fixture->server, on_stopped, &stopped);
  goodbye = test_peer_expect_notice (alice);
  test_peer_expect_end (alice);
  to_bob = test_peer_expect_notice (bob);
  test_peer_expect_end (bob); /* and not a word of alice's leaving */
  to_silent = test_peer_expect_notice (silent);
  test_peer_expect_end (silent);
  g_ptr_array_set_size (fixture->peers, 0);
  assert_true (test_loop_until_count (fixture->context, &stopped, 1));
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 0);
}

static void
test_stop_does_not_wait_for_ever (void **state)
{
  ServerFixture *fixture = *state;
  guint          stopped = 0;

  server_fixture_serve (fixture);
  server_fixture_log_in (fixture, "alice", NULL); /* who never closes */
  ahoyd_server_stop (fixture->server, on_stopped, &stopped);
  assert_true (test_loop_until_count (fixture->context, &stopped, 1));
}

static void
test_stop_with_nobody_there (void **state)
{
  ServerFixture *fixture = *state;
  guint          stopped = 0;

  server_fixture_serve (fixture);
  ahoyd_server_stop (fixture->server, on_stopped, &stopped);
  assert_int_equal (stopped, 0); /* never from inside */
  assert_true (test_loop_until_count (fixture->context, &stopped, 1));
}

static void
test_freed_while_people_talk (void **state)
{
  ServerFixture *fixture = *state;
  TestPeer      *alice;

  server_fixture_serve (fixture);
  alice = server_fixture_log_in (fixture, "alice", NULL);
  server_fixture_connect (fixture);
  test_peer_send (alice, "<3hello>");
  g_clear_pointer (&fixture->server, ahoyd_server_free);
}

/* A peer that takes nothing is let go; the others hear everything, and that it left. */
static void
test_one_that_does_not_read (void **state)
{
  ServerFixture   *fixture = *state;
  TestPeer        *alice, *deaf;
  g_autofree char *text = g_strnfill (16000, 'x');
  g_autofree char *say = g_strdup_printf ("<3%s>", text);
  g_autofree char *heard = g_strdup_printf ("<4alice: %s>", text);
  const int        little = 4096;

  server_fixture_serve (fixture);
  alice = server_fixture_log_in (fixture, "alice", NULL);
  deaf = server_fixture_log_in (fixture, "deaf", "alice", NULL);
  setsockopt (deaf->fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);

  /* The link's limit and what the kernel may hold. */
  for (guint i = 0; i < 2000 && ahoyd_server_get_n_online (fixture->server) == 2; i++)
    {
      test_peer_send (alice, say);
      test_peer_expect (alice, heard);
    }
  test_peer_expect (alice, "<3deaf>");
  test_peer_send (alice, "<3at last>");
  test_peer_expect (alice, "<4alice: at last>");
}

typedef struct {
  AhoydListener *listener;
  int            fds[256];
  guint          n;
} Accepts;

static void
on_accepted (int                    fd,
             const struct sockaddr *from,
             gpointer               data)
{
  Accepts *accepts = data;

  assert_int_equal (from->sa_family, AF_INET);

  accepts->fds[accepts->n++] = fd;
}

static void
test_one_port_for_all_addresses (void **state)
{
  ServerFixture            *fixture = *state;
  g_autoptr (AhoyPoll)      poll = ahoy_poll_new (fixture->context, NULL);
  g_autoptr (GPtrArray)     addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AhoydListener) listener = NULL;
  Accepts                   accepts = { 0 };
  const char *const         hosts[] = { "127.0.0.1", "127.0.0.2", "127.0.0.3" };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    g_ptr_array_add (addresses, g_inet_socket_address_new_from_string (hosts[i], 0));
  g_ptr_array_add (addresses, g_inet_socket_address_new_from_string (hosts[0], 0)); /* said twice */
  listener = ahoyd_listener_new (poll, fixture->context, addresses, 0, on_accepted, &accepts, NULL);
  assert_non_null (listener);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (ahoyd_listener_get_port (listener)) };
      int                fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

      inet_pton (AF_INET, hosts[i], &address.sin_addr);
      assert_int_equal (connect (fd, (struct sockaddr *) &address, sizeof address), 0);
      assert_true (test_loop_until_count (fixture->context, &accepts.n, i + 1));
      close (fd);
      close (accepts.fds[i]);
    }
}

static void
test_every_address_covers_each (void **state)
{
  ServerFixture            *fixture = *state;
  g_autoptr (AhoyPoll)      poll = ahoy_poll_new (fixture->context, NULL);
  g_autoptr (GPtrArray)     addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AhoydListener) listener = NULL;
  g_autoptr (GError)        error = NULL;
  Accepts                   accepts = { 0 };

  g_ptr_array_add (addresses, g_inet_socket_address_new_from_string ("127.0.0.1", 0));
  g_ptr_array_add (addresses, g_inet_socket_address_new_from_string ("0.0.0.0", 0));
  listener = ahoyd_listener_new (poll, fixture->context, addresses, 0, on_accepted, &accepts, &error);
  if (listener == NULL)
    fail_msg ("%s", error->message);
  g_ptr_array_add (fixture->peers, test_peer_connect (fixture->context, ahoyd_listener_get_port (listener)));
  assert_true (test_loop_until_count (fixture->context, &accepts.n, 1));
  close (accepts.fds[0]);
}

/* With no descriptor left it waits instead of spinning, says so once, and goes on when there is one. */
static void
test_out_of_descriptors (void **state)
{
  ServerFixture            *fixture = *state;
  g_autoptr (AhoyPoll)      poll = ahoy_poll_new (fixture->context, NULL);
  g_autoptr (GPtrArray)     addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AhoydListener) listener = NULL;
  struct rlimit             before, none;
  Accepts                   accepts = { 0 };
  TestPeer                 *peer;
  int                       highest;

  g_ptr_array_add (addresses, g_inet_socket_address_new_from_string ("127.0.0.1", 0));
  listener = ahoyd_listener_new (poll, fixture->context, addresses, 0, on_accepted, &accepts, NULL);
  peer = test_peer_connect (fixture->context, ahoyd_listener_get_port (listener));
  g_ptr_array_add (fixture->peers, peer);

  /* The lowest free number is the limit: there is none left. */
  highest = fcntl (STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  close (highest);
  getrlimit (RLIMIT_NOFILE, &before);
  none = (struct rlimit){ highest, before.rlim_max };
  assert_int_equal (setrlimit (RLIMIT_NOFILE, &none), 0);
  assert_true (test_loop_settle (fixture->context)); /* would be endless */
  assert_int_equal (accepts.n, 0);
  assert_int_equal (setrlimit (RLIMIT_NOFILE, &before), 0);

  assert_true (test_loop_until_count (fixture->context, &accepts.n, 1));
  close (accepts.fds[0]);
}

static void
test_the_ready_line (void **state)
{
  g_autoptr (GError) error = NULL;
  char               line[64] = "";
  int                fds[2];

  assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  assert_true (ahoyd_ready_serving (fds[1], 4000, 0, "qwert", &error));
  assert_true (read (fds[0], line, sizeof line - 1) > 0);
  assert_string_equal (line, "tcp=4000 udp=0 id=qwert tls=1\n");
  assert_int_equal (read (fds[0], line, sizeof line), 0); /* closed */
  close (fds[0]);
  assert_true (ahoyd_ready_serving (-1, 4000, 0, "qwert", &error));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_a_port_that_is_taken, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_an_address_that_is_not_here, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_folder_that_cannot_be, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_its_key_is_kept, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_no_discovery, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_max_clients, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_many_are_turned_away, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_stop_says_goodbye, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_stop_does_not_wait_for_ever, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_stop_with_nobody_there, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_freed_while_people_talk, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_one_that_does_not_read, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_one_port_for_all_addresses, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_every_address_covers_each, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_out_of_descriptors, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test (test_the_ready_line),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
