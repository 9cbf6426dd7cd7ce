/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-discovery-responder over IPv6: real datagrams in a network of the test's own. */

#include "net/ahoyd-discovery-responder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/cmocka-all.h"
#include "support/test-loop.h"
#include "support/test-netns.h"
#include "wire/ahoy-limits.h"

#define EXTENDED AHOY_DISCOVERY_REQUEST "\x1fv=2\x1fnonce=0123456789abcdef"
#define ID "abcdefghijklmnopqrstuvwxyz"

typedef struct {
  GMainContext            *context;
  AhoyPoll                *poll;
  AhoydStats               stats;
  GPtrArray               *addresses;
  AhoydDiscoveryResponder *responder;
  int                      asker;
  const char              *expected; /* what a wait is for */
  const char              *to;       /* asked last … */
  const char              *request;
  guint                    n_ticks; /* since then, about milliseconds */
  guint                    n_again; /* questions that were asked again */
} Fixture;

static void
on_describe (AhoyDiscoveryReply *reply,
             gpointer            data)
{
  reply->port = 4242;
  reply->id = (char *) ID;
  reply->name = (char *) "Workshop";
  reply->users = 3;
}

static int
open_asker (guint16 port)
{
  struct sockaddr_in6 local = { .sin6_family = AF_INET6, .sin6_port = htons (port) };
  const int           on = 1;
  int                 fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  assert_int_equal (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
  assert_int_equal (bind (fd, (struct sockaddr *) &local, sizeof local), 0);
  return fd;
}

static void
serve (Fixture    *f,
       const char *address)
{
  g_autoptr (GError) error = NULL;

  if (address != NULL)
    g_ptr_array_add (f->addresses, g_inet_socket_address_new_from_string (address, 0));
  f->responder = ahoyd_discovery_responder_new (f->poll, f->addresses, 0, &f->stats, on_describe, f, &error);
  if (f->responder == NULL)
    fail_msg ("%s", error->message);
}

/* Not by g_file_set_contents(), which makes a new file. */
static void
set_knob (const char *name,
          const char *value)
{
  g_autofree char *path = g_build_filename ("/proc/sys/net/ipv6/conf", name, NULL);
  int              fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write (fd, value, strlen (value)) < 0)
    g_error ("%s: %s", path, g_strerror (errno));
  close (fd);
}

/* The kernel gives a new link its routes when it has seen the carrier, which may take a second. */
static void
wait_for_route (const char *name)
{
  struct sockaddr_in6 group = { .sin6_family = AF_INET6, .sin6_port = htons (9), .sin6_scope_id = if_nametoindex (name) };
  struct ifreq        state = { 0 };
  const gint64        deadline = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * 1000;
  int                 fd = socket (AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_strlcpy (state.ifr_name, name, sizeof state.ifr_name);
  inet_pton (AF_INET6, AHOY_DISCOVERY_GROUP, &group.sin6_addr);
  while (ioctl (fd, SIOCGIFFLAGS, &state) < 0 || (state.ifr_flags & IFF_RUNNING) == 0 ||
         connect (fd, (struct sockaddr *) &group, sizeof group) < 0)
    {
      assert_true (g_get_monotonic_time () < deadline);
      poll (NULL, 0, 1);
    }
  close (fd);
}

static void
add_link (const char *name,
          const char *address)
{
  g_autofree char *link = g_strdup_printf ("link add %s type veth peer name x%s", name, name);
  g_autofree char *addr = g_strdup_printf ("addr add %s dev %s nodad", address, name);
  g_autofree char *up = g_strdup_printf ("link set %s up", name);
  g_autofree char *other = g_strdup_printf ("link set x%s up", name);

  test_netns_ip (link);
  test_netns_ip (addr);
  test_netns_ip (up);
  test_netns_ip (other);
  wait_for_route (name);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  f->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  f->asker = open_asker (0);
  add_link ("eth7", "fe80::7/64");
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  test_netns_ip ("link del eth7");
  close (f->asker);
  g_clear_pointer (&f->responder, ahoyd_discovery_responder_free);
  g_ptr_array_unref (f->addresses);
  ahoy_poll_unref (f->poll);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

static int
setup_serving (void **state)
{
  setup (state);
  serve (*state, NULL);
  return 0;
}

/* A new address or link is not there for everybody in the moment that `ip` ends: until it is, datagrams get lost. */
#define AGAIN_TICKS 500

static gboolean
try_to_ask (Fixture    *f,
            const char *to,
            const char *request)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (to, ahoyd_discovery_responder_get_port (f->responder));
  struct sockaddr_in6        native;

  assert_non_null (address);
  assert_true (g_socket_address_to_native (address, &native, sizeof native, NULL));
  f->to = to;
  f->request = request;
  f->n_ticks = 0;
  return sendto (f->asker, request, strlen (request), 0, (struct sockaddr *) &native, sizeof native) == (gssize) strlen (request);
}

/* What is there: "BYTES from ADDRESS%INTERFACE". Returns: (transfer full) (nullable). */
static char *
take_answer (Fixture *f)
{
  struct sockaddr_in6 from;
  socklen_t           from_len = sizeof from;
  char                bytes[2048];
  char                host[INET6_ADDRSTRLEN];
  char                name[IF_NAMESIZE] = "-";
  gssize              len;

  assert_true (test_loop_settle (f->context));
  len = recvfrom (f->asker, bytes, sizeof bytes - 1, MSG_DONTWAIT, (struct sockaddr *) &from, &from_len);
  if (len < 0)
    return NULL;
  bytes[len] = '\0';
  inet_ntop (AF_INET6, &from.sin6_addr, host, sizeof host);
  if (from.sin6_scope_id != 0)
    assert_non_null (if_indextoname (from.sin6_scope_id, name));
  return g_strdup_printf ("%s from %s%%%s", bytes, host, name);
}

static gboolean
has_answer (gpointer data)
{
  Fixture         *f = data;
  g_autofree char *answer = take_answer (f);

  if (answer != NULL)
    assert_string_equal (answer, f->expected);
  return answer != NULL;
}

/* What is answered twice, because it was asked twice, is no answer to this. */
static void
ask (Fixture    *f,
     const char *to,
     const char *request)
{
  if (f->n_again > 0)
    for (char *late; (late = take_answer (f)) != NULL; g_free (late))
      ;
  try_to_ask (f, to, request);
}

static gboolean
has_said (gpointer data)
{
  Fixture         *f = data;
  g_autofree char *said = ahoyd_discovery_responder_to_string (f->responder);

  return g_pattern_match_simple (f->expected, said);
}

/* The asker's own socket is not in the context: something must wake it. */
static gboolean
on_tick (gpointer data)
{
  Fixture *f = data;

  if (f->to != NULL && ++f->n_ticks >= AGAIN_TICKS)
    {
      f->n_again++;
      try_to_ask (f, f->to, f->request);
    }
  return G_SOURCE_CONTINUE;
}

static void
await (Fixture *f,
       gboolean (*came) (gpointer),
       const char *expected)
{
  g_autoptr (GSource) tick = g_timeout_source_new (1);
  Fixture             silent = { 0 };
  gboolean            in_time;

  f->expected = expected;
  g_source_set_callback (tick, on_tick, came == has_answer ? f : &silent, NULL);
  g_source_attach (tick, f->context);
  in_time = test_loop_until (f->context, came, f, TEST_LOOP_DEADLINE_MS);
  g_source_destroy (tick);
  assert_true (in_time);
}

static void
assert_no_answer (Fixture *f)
{
  assert_null (take_answer (f));
}

static void
test_the_group_is_heard (void **state)
{
  Fixture *f = *state;

  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fe80::7%eth7");
  ask (f, AHOY_DISCOVERY_GROUP "%eth7", EXTENDED);
  await (f, has_answer, "4242\x1fv=2\x1fnonce=0123456789abcdef\x1fid=" ID "\x1fname=Workshop\x1fusers=3\x1ftls=0 from fe80::7%eth7");
  assert_in_range (f->stats.discoveries, 2, 2 + f->n_again);
}

static void
test_the_answer_comes_from_what_was_asked (void **state)
{
  Fixture *f = *state;

  test_netns_ip ("addr add fd00::7/64 dev eth7 nodad");
  test_netns_ip ("addr add fd00::8/64 dev eth7 nodad");
  ask (f, "::1", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from ::1%-");
  ask (f, "fd00::7", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fd00::7%-");
  ask (f, "fd00::8", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fd00::8%-");
  ask (f, "fe80::7%eth7", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fe80::7%eth7");
}

static void
test_nothing_else_is_answered (void **state)
{
  Fixture *f = *state;

  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST "x");
  ask (f, "::1", "4242");
  assert_no_answer (f);
}

static void
test_so_many_a_second_and_source (void **state)
{
  Fixture *f = *state;
  gint64   begin = g_get_monotonic_time ();
  guint    seconds;
  guint    n = 0;

  for (guint i = 0; i < 100; i++)
    ask (f, "::1", AHOY_DISCOVERY_REQUEST);
  for (; n < AHOY_DISCOVERY_REPLIES_PER_SECOND; n++)
    await (f, has_answer, "4242 from ::1%-");
  for (char *more; (more = take_answer (f)) != NULL; g_free (more))
    n++;
  seconds = (g_get_monotonic_time () - begin) / G_USEC_PER_SEC; /* none, but where the machine had no time for us */
  assert_in_range (n, AHOY_DISCOVERY_REPLIES_PER_SECOND, AHOY_DISCOVERY_REPLIES_PER_SECOND * (1 + seconds));
}

static void
test_never_to_its_own_socket (void **state)
{
  Fixture *f = *state;

  close (f->asker);
  f->asker = open_asker (ahoyd_discovery_responder_get_port (f->responder));
  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (f->stats.discoveries, 0);
}

static void
test_interfaces_come_and_go (void **state)
{
  Fixture *f = *state;

  await (f, has_said, "* (" AHOY_DISCOVERY_GROUP " on *eth7*)");
  add_link ("eth8", "fe80::8/64");
  await (f, has_said, "*eth7*eth8*");
  ask (f, AHOY_DISCOVERY_GROUP "%eth8", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fe80::8%eth8");

  test_netns_ip ("link set xeth7 down");
  test_netns_ip ("link set eth7 down");
  await (f, has_said, "* on *eth8*)");
  test_netns_ip ("link del eth8");
  await (f, has_said, "* on no interface yet)");

  test_netns_ip ("link set eth7 up");
  test_netns_ip ("link set xeth7 up");
  test_netns_ip ("addr replace fe80::7/64 dev eth7 nodad"); /* it went with the interface */
  wait_for_route ("eth7");
  await (f, has_said, "*eth7*");
  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fe80::7%eth7");
}

static void
test_only_where_it_serves (void **state)
{
  Fixture *f = *state;

  add_link ("eth8", "fe80::7/64"); /* the same address on another network is another address */
  serve (f, "fe80::7%eth8");
  await (f, has_said, "UDP port *, over IPv6 (" AHOY_DISCOVERY_GROUP " on eth8)");
  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST);
  ask (f, "fe80::7%eth7", AHOY_DISCOVERY_REQUEST);
  assert_no_answer (f);
  ask (f, AHOY_DISCOVERY_GROUP "%eth8", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fe80::7%eth8");
  test_netns_ip ("link del eth8");
}

static void
test_from_the_address_that_is_served (void **state)
{
  Fixture *f = *state;

  test_netns_ip ("addr add fd00::7/64 dev eth7 nodad");
  serve (f, "fd00::7");
  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fd00::7%-");
}

static void
test_ipv6_is_switched_off (void **state)
{
  Fixture *f = *state;

  set_knob ("all/disable_ipv6", "1");
  serve (f, NULL);
  await (f, has_said, "UDP port *, over IPv4 and over IPv6 (" AHOY_DISCOVERY_GROUP " on no interface yet)");
  set_knob ("all/disable_ipv6", "0");
  test_netns_ip ("addr replace fe80::7/64 dev eth7 nodad"); /* it went with IPv6 */
  wait_for_route ("eth7");
  await (f, has_said, "* on *eth7*)");
  ask (f, AHOY_DISCOVERY_GROUP "%eth7", AHOY_DISCOVERY_REQUEST);
  await (f, has_answer, "4242 from fe80::7%eth7");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_the_group_is_heard, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_the_answer_comes_from_what_was_asked, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_nothing_else_is_answered, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_so_many_a_second_and_source, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_never_to_its_own_socket, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_interfaces_come_and_go, setup_serving, teardown),
    cmocka_unit_test_setup_teardown (test_only_where_it_serves, setup, teardown),
    cmocka_unit_test_setup_teardown (test_from_the_address_that_is_served, setup, teardown),
    cmocka_unit_test_setup_teardown (test_ipv6_is_switched_off, setup, teardown),
  };

  test_netns_enter ();
  /* Interfaces have the addresses that they are given, and from the first moment. */
  set_knob ("default/addr_gen_mode", "1");
  set_knob ("default/accept_dad", "0");
  return cmocka_run_group_tests (tests, NULL, NULL);
}
