/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A server without a free place: who is turned away, and who can take over their ghost all the same. PROTOCOL.md, "Ghosts". */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/ahoyd-rejector.h"
#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "support/test-loop.h"
#include "support/tls-peer.h"

/* Nobody's patience ends in the middle of a test, however slow the machine is. */
#define WAIT_MS 3600000

/* A client over TLS. */
typedef struct {
  GMainContext *context;
  AhoyPoll     *poll;
  AhoyLink     *link;
  GString      *heard; /* frames as "type reason/code body;" */
  guint         secured;
  guint         ended;
} Guest;

static void
on_frame (AhoyLink        *link,
          const AhoyFrame *frame,
          gpointer         data)
{
  Guest           *guest = data;
  g_autofree char *heading = frame->heading != NULL ? g_strndup (frame->heading, frame->heading_len) : g_strdup ("");
  g_auto (GStrv)   fields = g_strsplit (heading, "\037", -1);

  g_string_append_printf (guest->heard, "%c ", frame->type);
  for (guint i = 0; fields[i] != NULL; i++)
    if (g_str_has_prefix (fields[i], "reason=") || g_str_has_prefix (fields[i], "code="))
      g_string_append_printf (guest->heard, "%s ", strchr (fields[i], '=') + 1);
  g_string_append_len (guest->heard, frame->body, frame->body_len);
  g_string_append_c (guest->heard, ';');
}

static void
on_fault (AhoyLink      *link,
          AhoyFrameFault fault,
          gpointer       data)
{
  g_string_append (((Guest *) data)->heard, "fault;");
}

static void
on_ended (AhoyLink     *link,
          AhoyLinkEnd   how,
          const GError *error,
          gpointer      data)
{
  ((Guest *) data)->ended++;
}

static void
on_secured (AhoyLink *link,
            gpointer  data)
{
  ((Guest *) data)->secured++;
}

static const AhoyLinkEvents guest_events = { on_frame, on_fault, on_ended, .on_secured = on_secured };

/* @from: an address of this computer's. Returns: a connected socket. */
static int
connect_from (ServerFixture *fixture,
              const char    *from)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  int                fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_int_equal (inet_pton (AF_INET, from, &address.sin_addr), 1);
  assert_int_equal (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  address.sin_port = htons (ahoyd_server_get_port (fixture->server));
  assert_int_equal (connect (fd, (struct sockaddr *) &address, sizeof address), 0);
  return fd;
}

static Guest *
guest_new (ServerFixture *fixture,
           AhoyTls       *tls,
           const char    *from)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->context = fixture->context;
  guest->poll = ahoy_poll_new (fixture->context, NULL);
  guest->heard = g_string_new (NULL);
  guest->link = ahoy_link_new_secure (guest->poll, connect_from (fixture, from), tls, &guest_events, guest, NULL);
  assert_non_null (guest->link);
  return guest;
}

static void
guest_free (Guest *guest)
{
  ahoy_link_unref (guest->link);
  ahoy_poll_unref (guest->poll);
  g_string_free (guest->heard, TRUE);
  g_free (guest);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guest, guest_free)

/* `{` stands for SOH, `<` for STX, `>` for ETX. */
static void
guest_say (Guest      *guest,
           const char *frames)
{
  char              *text = g_strdup (frames);
  g_autoptr (GBytes) bytes = NULL;

  for (char *at = text; *at != '\0'; at++)
    *at = *at == '{' ? '\001' : *at == '<' ? '\002'
                              : *at == '>' ? '\003'
                                           : *at;
  bytes = g_bytes_new_take (text, strlen (text));
  ahoy_link_send (guest->link, bytes);
}

typedef struct {
  Guest      *guest;
  const char *expected;
} Hearing;

static gboolean
has_heard (gpointer data)
{
  const Hearing *hearing = data;

  return hearing->guest->heard->len >= strlen (hearing->expected);
}

/* Then exactly this was said to them, and is forgotten. */
static void
guest_expect (Guest      *guest,
              const char *expected)
{
  Hearing hearing = { guest, expected };

  test_loop_until (guest->context, has_heard, &hearing, TEST_LOOP_DEADLINE_MS);
  assert_string_equal (guest->heard->str, expected);
  g_string_truncate (guest->heard, 0);
}

static void
guest_expect_end (Guest *guest)
{
  assert_true (test_loop_until_count (guest->context, &guest->ended, 1));
  assert_string_equal (guest->heard->str, "");
}

static void
serve (ServerFixture *fixture,
       guint          max_clients)
{
  fixture->config->max_clients = max_clients;
  fixture->config->regrets_wait_ms = WAIT_MS;
  fixture->config->login_timeout_ms = WAIT_MS;
  server_fixture_serve (fixture);
}

/* alice, with her key, in the last place; then bob has been told of her. */
static Guest *
fill (ServerFixture *fixture,
      TestPeer      *bob,
      AhoyTls       *ours)
{
  Guest *alice = guest_new (fixture, ours, "127.0.0.1");

  guest_say (alice, "{v=2<1alice>");
  guest_expect (alice, "W ;1 bob;1 alice;C ;");
  test_peer_expect (bob, "<2alice>");
  return alice;
}

static void
test_it_is_taken_over (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (Guest)   ghost = NULL;
  g_autoptr (Guest)   extended = NULL;
  g_autoptr (Guest)   classic = NULL;
  TestPeer           *bob;

  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  ghost = fill (fixture, bob, ours);

  extended = guest_new (fixture, ours, "127.0.0.1");
  guest_say (extended, "{v=2<1Alice><3hello>"); /* and goes on at once */
  guest_expect (extended, "W ;1 bob;1 alice;C ;4 hello;");
  guest_expect (ghost, "E replaced You have logged in from somewhere else, so this connection ends.;");
  guest_expect_end (ghost);
  test_peer_expect (bob, "<4alice: hello>");
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 2);

  classic = guest_new (fixture, ours, "127.0.0.1");
  guest_say (classic, "<1alice>");
  guest_expect (classic, "1 bob;1 alice;");
  guest_expect (extended, "E replaced You have logged in from somewhere else, so this connection ends.;");
  test_peer_expect_nothing (bob);
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 2);
}

/* The server is as full as before for everybody else, and for everything else. */
static void
test_nothing_else_is (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (AhoyTls) theirs = test_tls_new (NULL);
  g_autoptr (AhoyTls) nobodys = ahoy_tls_new (NULL, NULL);
  g_autoptr (Guest)   alice = NULL;
  const struct {
    AhoyTls    *tls;
    const char *log_in;
    const char *answer;
  } refused[] = {
    { ours, "{v=2<1carol>", "0 full carol;" },
    { ours, "{v=2<1bob>", "0 full bob;" },
    { ours, "<1carol>", "4 * This server is full. Please try again later.;" },
    { theirs, "{v=2<1alice>", "0 full alice;" },
    { theirs, "<1alice>", "4 * This server is full. Please try again later.;" },
    { nobodys, "{v=2<1alice>", "0 full alice;" },
    { nobodys, "<3hello>", "4 * This server is full. Please try again later.;" },
  };
  TestPeer        *bob, *plain;
  g_autofree char *notice = NULL;

  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  alice = fill (fixture, bob, ours);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (Guest) guest = guest_new (fixture, refused[i].tls, "127.0.0.1");

      guest_say (guest, refused[i].log_in);
      guest_expect (guest, refused[i].answer);
      guest_expect_end (guest);
    }
  plain = server_fixture_connect (fixture);
  test_peer_send (plain, "<1alice>");
  notice = test_peer_expect_notice (plain);
  assert_string_equal (notice, "This server is full. Please try again later.");
  test_peer_expect_end (plain);
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 2);
  test_peer_send (bob, "<3still here>");
  test_peer_expect (bob, "<4bob: still here>");
  guest_expect (alice, "4 still here;");
}

static gboolean
are_three (gpointer data)
{
  return ahoyd_server_get_n_sessions (data) == 3;
}

static gboolean
are_two (gpointer data)
{
  return ahoyd_server_get_n_sessions (data) == 2;
}

/* Who waits beyond the places gets one that is free when it says who it is, and is counted until then. */
static void
test_a_place_becomes_free (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (Guest)   alice = NULL;
  g_autoptr (Guest)   extra = NULL;
  TestPeer           *bob, *late;

  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  alice = fill (fixture, bob, ours);
  extra = guest_new (fixture, ours, "127.0.0.1");
  assert_true (test_loop_until (fixture->context, are_three, fixture->server, TEST_LOOP_DEADLINE_MS));
  g_ptr_array_remove (fixture->peers, bob);
  guest_expect (alice, "3 bob;");
  assert_true (test_loop_until (fixture->context, are_two, fixture->server, TEST_LOOP_DEADLINE_MS));

  late = server_fixture_connect (fixture);
  test_peer_send (late, "<1late>");
  g_free (test_peer_expect_notice (late));
  test_peer_expect_end (late);
  guest_say (extra, "{v=2<1carol>");
  guest_expect (extra, "W ;1 alice;1 carol;C ;");
  guest_expect (alice, "2 carol;");
  assert_int_equal (ahoyd_server_get_n_sessions (fixture->server), 2);
}

/* Those who come from one address can be too many while they wait, whatever they hope for. */
static void
test_an_address_has_its_share (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (Guest)   alice = NULL;
  g_autoptr (Guest)   same_address = NULL;
  g_autoptr (Guest)   other_address = NULL;
  TestPeer           *bob;

  fixture->config->max_pending = 2;
  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  alice = fill (fixture, bob, ours);
  for (guint i = 0; i < 2; i++)
    server_fixture_connect (fixture);
  same_address = guest_new (fixture, ours, "127.0.0.1");
  guest_say (same_address, "{v=2<1alice>");
  guest_expect (same_address, "E busy Too many connections from your address are waiting to log in. Please try again later.;");
  other_address = guest_new (fixture, ours, "127.0.0.2");
  guest_say (other_address, "{v=2<1alice>");
  guest_expect (other_address, "W ;1 bob;1 alice;C ;");
}

/* A crowd that fills all that there is for people without hope. */
static void
test_a_crowd_is_not_in_the_way (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (Guest)   ghost = NULL;
  g_autoptr (Guest)   alice = NULL;
  TestPeer           *bob;

  fixture->config->max_pending = 1;
  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  ghost = fill (fixture, bob, ours);
  for (guint i = 0; i < AHOYD_REJECTOR_MAX + 20; i++)
    server_fixture_connect (fixture);
  assert_true (test_loop_settle (fixture->context));
  alice = guest_new (fixture, ours, "127.0.0.2");
  guest_say (alice, "{v=2<1alice>");
  guest_expect (alice, "W ;1 bob;1 alice;C ;");
}

/* There are not more of those who may hope than there are to be, and one that goes makes room for the next. */
static void
test_hope_is_bounded (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (Guest)   ghost = NULL;
  g_autoptr (Guest)   alice = NULL;
  g_autoptr (Guest)   again = NULL;
  TestPeer           *bob;

  fixture->config->max_pending = 0;
  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  ghost = fill (fixture, bob, ours);
  for (guint i = 0; i < AHOYD_REJECTOR_HOPEFUL_MAX; i++)
    server_fixture_connect (fixture);
  assert_true (test_loop_settle (fixture->context));
  alice = guest_new (fixture, ours, "127.0.0.1");
  guest_say (alice, "{v=2<1alice>");
  guest_expect (alice, "0 full alice;");
  guest_expect_end (alice);

  g_ptr_array_set_size (fixture->peers, 2); /* bob and one of them */
  assert_true (test_loop_settle (fixture->context));
  again = guest_new (fixture, ours, "127.0.0.1");
  guest_say (again, "{v=2<1alice>");
  guest_expect (again, "W ;1 bob;1 alice;C ;");
}

/* Whatever they are at, it ends with the server. */
static void
test_freed_while_they_hope (void **state)
{
  ServerFixture      *fixture = *state;
  g_autoptr (AhoyTls) ours = test_tls_new (NULL);
  g_autoptr (Guest)   alice = NULL;
  g_autoptr (Guest)   extra = NULL;
  g_autoptr (Guest)   hopeful = NULL;
  TestPeer           *bob;

  serve (fixture, 2);
  bob = server_fixture_log_in (fixture, "bob", NULL);
  alice = fill (fixture, bob, ours);
  extra = guest_new (fixture, ours, "127.0.0.1");
  assert_true (test_loop_until (fixture->context, are_three, fixture->server, TEST_LOOP_DEADLINE_MS));
  server_fixture_connect (fixture);
  hopeful = guest_new (fixture, ours, "127.0.0.1"); /* not a byte of it has been read */
  g_clear_pointer (&fixture->server, ahoyd_server_free);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_it_is_taken_over, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_nothing_else_is, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_place_becomes_free, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_an_address_has_its_share, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_a_crowd_is_not_in_the_way, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_hope_is_bounded, server_fixture_setup, server_fixture_teardown),
    cmocka_unit_test_setup_teardown (test_freed_while_they_hope, server_fixture_setup, server_fixture_teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
