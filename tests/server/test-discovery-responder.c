/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-discovery-responder: real datagrams on the loopback network. */

#include "net/ahoyd-discovery-responder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/cmocka-all.h"
#include "support/test-loop.h"
#include "wire/ahoy-limits.h"

#define EXTENDED AHOY_DISCOVERY_REQUEST "\x1fv=2\x1fnonce=0123456789abcdef"
#define ID "abcdefghijklmnopqrstuvwxyz"

typedef struct {
  GMainContext            *context;
  AhoyPoll                *poll;
  AhoydStats               stats;
  GPtrArray               *addresses;
  AhoydDiscoveryResponder *responder;
  char                    *name;
  int                      asker;
} Fixture;

/* The answer to one request: what, and from where. */
typedef struct {
  char  bytes[2048];
  gsize len;
  char  from[INET_ADDRSTRLEN];
} Answer;

static void
on_describe (AhoyDiscoveryReply *reply,
             gpointer            data)
{
  reply->port = 4242;
  reply->id = (char *) ID;
  reply->name = ((Fixture *) data)->name;
  reply->users = 3;
}

static int
open_asker (const char *address,
            guint16     port)
{
  struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons (port) };
  const int          on = 1;
  int                fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  assert_int_equal (inet_pton (AF_INET, address, &local.sin_addr), 1);
  assert_int_equal (setsockopt (fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on), 0);
  assert_int_equal (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
  assert_int_equal (bind (fd, (struct sockaddr *) &local, sizeof local), 0);
  return fd;
}

static AhoydDiscoveryResponder *
open_beacon (Fixture *f,
             guint16  port)
{
  g_autoptr (GError)       error = NULL;
  AhoydDiscoveryResponder *responder = ahoyd_discovery_responder_new (f->poll, f->addresses, port, &f->stats, on_describe, f, &error);

  if (responder == NULL)
    fail_msg ("%s", error->message);
  return responder;
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  f->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  f->name = g_strdup ("Workshop");
  f->asker = open_asker ("127.0.0.1", 0);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  close (f->asker);
  g_clear_pointer (&f->responder, ahoyd_discovery_responder_free);
  g_ptr_array_unref (f->addresses);
  ahoy_poll_unref (f->poll);
  g_main_context_unref (f->context);
  g_free (f->name);
  g_free (f);
  return 0;
}

static int
setup_serving (void **state)
{
  Fixture *f;

  setup (state);
  f = *state;
  f->responder = open_beacon (f, 0);
  assert_int_not_equal (ahoyd_discovery_responder_get_port (f->responder), 0);
  return 0;
}

static void
ask (Fixture    *f,
     const char *to,
     const void *request,
     gsize       len)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (ahoyd_discovery_responder_get_port (f->responder)) };

  assert_int_equal (inet_pton (AF_INET, to, &address.sin_addr), 1);
  assert_int_equal (sendto (f->asker, request, len, 0, (struct sockaddr *) &address, sizeof address), len);
}

/* What is there. */
static gboolean
take_answer (Fixture *f,
             Answer  *answer)
{
  struct sockaddr_in from;
  socklen_t          from_len = sizeof from;
  gssize             len;

  assert_true (test_loop_settle (f->context));
  len = recvfrom (f->asker, answer->bytes, sizeof answer->bytes - 1, MSG_DONTWAIT, (struct sockaddr *) &from, &from_len);
  if (len < 0)
    return FALSE;
  answer->len = len;
  answer->bytes[len] = '\0';
  inet_ntop (AF_INET, &from.sin_addr, answer->from, sizeof answer->from);
  return TRUE;
}

typedef struct {
  Fixture *f;
  Answer  *answer;
} Wait;

static gboolean
has_answer (gpointer data)
{
  Wait *wait = data;

  return take_answer (wait->f, wait->answer);
}

/* The asker's own socket is not in the context: something must wake it. */
static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
await_answer (Fixture *f,
              Answer  *answer)
{
  Wait                wait = { f, answer };
  g_autoptr (GSource) tick = g_timeout_source_new (1);
  gboolean            came;

  g_source_set_callback (tick, on_tick, NULL, NULL);
  g_source_attach (tick, f->context);
  came = test_loop_until (f->context, has_answer, &wait, TEST_LOOP_DEADLINE_MS);
  g_source_destroy (tick);
  assert_true (came);
}

static void
assert_answer (Fixture    *f,
               const char *expected,
               const char *from)
{
  Answer answer;

  await_answer (f, &answer);
  assert_string_equal (answer.bytes, expected);
  assert_string_equal (answer.from, from);
}

static void
test_both_requests (void **state)
{
  Fixture *f = *state;

  ask (f, "127.0.0.1", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  assert_answer (f, "4242", "127.0.0.1");
  ask (f, "127.0.0.1", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST) + 1);
  assert_answer (f, "4242", "127.0.0.1");
  ask (f, "127.0.0.1", AHOY_DISCOVERY_REQUEST "\r\n", strlen (AHOY_DISCOVERY_REQUEST) + 2);
  assert_answer (f, "4242", "127.0.0.1");
  ask (f, "127.255.255.255", EXTENDED, strlen (EXTENDED));
  assert_answer (f, "4242\x1fv=2\x1fnonce=0123456789abcdef\x1fid=" ID "\x1fname=Workshop\x1fusers=3\x1ftls=0", "127.0.0.1");
  assert_int_equal (f->stats.discoveries, 4);
}

static void
test_nothing_else_is_answered (void **state)
{
  Fixture                 *f = *state;
  g_autofree char         *large = g_strnfill (1400, '\n');
  static const char *const bad[] = { "", "x", "REQUEST FOR IP ADDRESS AND SERVERPOR", AHOY_DISCOVERY_REQUEST "x", "4242",
                                     AHOY_DISCOVERY_REQUEST "\x1fv=2", AHOY_DISCOVERY_REQUEST "\x1fv=2\x1fnonce=xyz" };
  Answer                   answer;

  memcpy (large, AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    ask (f, "127.0.0.1", bad[i], strlen (bad[i]));
  ask (f, "127.0.0.1", large, strlen (large));
  assert_false (take_answer (f, &answer));
  ask (f, "127.0.0.1", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  assert_answer (f, "4242", "127.0.0.1");
}

static void
test_never_three_times_as_many_bytes (void **state)
{
  Fixture *f = *state;
  Answer   answer;

  g_free (f->name);
  f->name = g_strnfill (1000, 'n');
  ask (f, "127.0.0.1", EXTENDED, strlen (EXTENDED));
  await_answer (f, &answer);
  assert_in_range (answer.len, strlen (EXTENDED), AHOY_DISCOVERY_AMPLIFICATION * strlen (EXTENDED));
  assert_non_null (strstr (answer.bytes, "name=nnnnnnnn"));
}

static void
test_so_many_a_second_and_source (void **state)
{
  Fixture *f = *state;
  gint64   begin = g_get_monotonic_time ();
  guint    seconds;
  guint    n = 0;
  Answer   answer;

  for (guint i = 0; i < 100; i++)
    ask (f, "127.0.0.1", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  for (; n < AHOY_DISCOVERY_REPLIES_PER_SECOND; n++)
    await_answer (f, &answer);
  while (take_answer (f, &answer))
    n++;
  seconds = (g_get_monotonic_time () - begin) / G_USEC_PER_SEC; /* none, but where the machine had no time for us */
  assert_in_range (n, AHOY_DISCOVERY_REPLIES_PER_SECOND, AHOY_DISCOVERY_REPLIES_PER_SECOND * (1 + seconds));
}

static void
test_never_to_its_own_socket (void **state)
{
  Fixture *f = *state;
  Answer   answer;

  close (f->asker);
  f->asker = open_asker ("127.0.0.7", ahoyd_discovery_responder_get_port (f->responder));
  ask (f, "127.0.0.1", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  assert_false (take_answer (f, &answer));
  assert_int_equal (f->stats.discoveries, 0);
}

static void
test_two_share_the_port (void **state)
{
  Fixture                            *f = *state;
  g_autoptr (AhoydDiscoveryResponder) second = open_beacon (f, ahoyd_discovery_responder_get_port (f->responder));
  Answer                              answer;

  assert_int_equal (ahoyd_discovery_responder_get_port (second), ahoyd_discovery_responder_get_port (f->responder));
  ask (f, "127.255.255.255", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  assert_answer (f, "4242", "127.0.0.1");
  assert_answer (f, "4242", "127.0.0.1");
  assert_false (take_answer (f, &answer));
}

static void
serve_only (Fixture    *f,
            const char *address)
{
  g_ptr_array_add (f->addresses, g_inet_socket_address_new_from_string (address, 0));
}

static void
test_the_answer_comes_from_the_address_that_is_served (void **state)
{
  Fixture *f = *state;

  serve_only (f, "127.0.0.5");
  f->responder = open_beacon (f, 0);
  ask (f, "127.255.255.255", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  assert_answer (f, "4242", "127.0.0.5");
  ask (f, "127.0.0.5", AHOY_DISCOVERY_REQUEST, strlen (AHOY_DISCOVERY_REQUEST));
  assert_answer (f, "4242", "127.0.0.5");
}

static void
assert_says (Fixture    *f,
             const char *pattern)
{
  g_autofree char *said = ahoyd_discovery_responder_to_string (f->responder);

  assert_true (g_pattern_match_simple (pattern, said));
}

static void
test_it_says_what_it_listens_to (void **state)
{
  Fixture *f = *state;

  serve_only (f, "127.0.0.5");
  f->responder = open_beacon (f, 0);
  assert_says (f, "UDP port *, over IPv4");
  g_clear_pointer (&f->responder, ahoyd_discovery_responder_free);
  serve_only (f, "::1");
  f->responder = open_beacon (f, 0);
  assert_says (f, "UDP port *, over IPv4 and over IPv6 (" AHOY_DISCOVERY_GROUP " on *)");
  g_clear_pointer (&f->responder, ahoyd_discovery_responder_free);
  g_ptr_array_remove_index (f->addresses, 0);
  f->responder = open_beacon (f, 0);
  assert_says (f, "UDP port *, over IPv6 (" AHOY_DISCOVERY_GROUP " on *)");
}

static void
test_a_port_that_is_taken (void **state)
{
  Fixture           *f = *state;
  g_autoptr (GError) error = NULL;
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t          len = sizeof address;
  int                fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); /* without SO_REUSEADDR: it shares with nobody */
  g_autofree char   *port = NULL;

  assert_int_equal (bind (fd, (struct sockaddr *) &address, len), 0);
  assert_int_equal (getsockname (fd, (struct sockaddr *) &address, &len), 0);
  port = g_strdup_printf ("%u", ntohs (address.sin_port));
  assert_null (ahoyd_discovery_responder_new (f->poll, f->addresses, ntohs (address.sin_port), &f->stats, on_describe, f, &error));
  assert_non_null (error);
  assert_non_null (strstr (error->message, port));
  close (fd);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_both_requests, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_nothing_else_is_answered, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_never_three_times_as_many_bytes, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_so_many_a_second_and_source, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_never_to_its_own_socket, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_two_share_the_port, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_the_answer_comes_from_the_address_that_is_served, setup, teardown),
    cmocka_unit_test_setup_teardown (test_it_says_what_it_listens_to, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_port_that_is_taken, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
