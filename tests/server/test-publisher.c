/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-publisher: what a fake Avahi, on a bus of the test's own, is asked to publish. The publisher's main context is not the default one. */

#include "net/ahoyd-publisher.h"

#include <net/if.h>
#include <string.h>

#include "server/cmocka-all.h"
#include "server/server-fixture.h"
#include "support/fake-avahi.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

#define ID "mxv3q5lr2t4ycw7bn6ke3jdpoa"
#define LINE(place, instance, name) place " " instance " _ahoy._tcp 4242 txtvers=1,v=2,id=" ID ",tls=1,name=" name "\n"

typedef struct {
  GMainContext   *context;
  GPtrArray      *addresses;
  FakeAvahi      *avahi;
  AhoydPublisher *publisher;
  const char     *name;
} Fixture;

static void
on_describe (AhoyDiscoveryReply *reply,
             gpointer            data)
{
  reply->port = 4242;
  reply->id = (char *) ID;
  reply->name = (char *) ((Fixture *) data)->name;
  reply->tls = TRUE;
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->context = g_main_context_new ();
  f->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  f->avahi = fake_avahi_new ();
  f->name = "Library";
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_pointer (&f->publisher, ahoyd_publisher_free);
  assert_true (test_loop_settle (f->context));
  fake_avahi_free (f->avahi);
  g_ptr_array_unref (f->addresses);
  g_main_context_unref (f->context);
  g_free (f);
  return 0;
}

/* Both live: the publisher in its context, Avahi in the default one. */
static void
live (GMainContext *context)
{
  if (!g_main_context_iteration (NULL, FALSE) && !g_main_context_iteration (context, FALSE))
    g_usleep (500);
}

static void
wait_published (FakeAvahi    *avahi,
                GMainContext *context,
                const char   *expected)
{
  gint64           deadline = g_get_monotonic_time () + TEST_LOOP_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  g_autofree char *published = fake_avahi_dup_published (avahi);

  while (!g_str_equal (published, expected))
    {
      if (g_get_monotonic_time () > deadline)
        fail_msg ("published: '%s', not '%s'", published, expected);
      live (context);
      g_free (published);
      published = fake_avahi_dup_published (avahi);
    }
}

static void
expect_published (Fixture    *f,
                  const char *expected)
{
  wait_published (f->avahi, f->context, expected);
}

static void
start (Fixture *f)
{
  f->publisher = ahoyd_publisher_new (f->context, f->addresses, on_describe, f);
}

static void
test_it_is_published_and_withdrawn (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  start (f);
  expect_published (f, LINE ("-1 -1", "Library", "Library"));
  g_clear_pointer (&f->publisher, ahoyd_publisher_free);
  expect_published (f, "");
}

static void
test_avahi_comes_and_goes (void **state)
{
  Fixture *f = *state;

  start (f);
  assert_true (test_loop_settle (f->context));
  fake_avahi_come (f->avahi);
  expect_published (f, LINE ("-1 -1", "Library", "Library"));
  fake_avahi_go (f->avahi);
  fake_avahi_come (f->avahi);
  expect_published (f, LINE ("-1 -1", "Library", "Library"));

  /* Its host name changes. */
  fake_avahi_set_state (f->avahi, 1);
  expect_published (f, "");
  fake_avahi_set_state (f->avahi, 2);
  expect_published (f, LINE ("-1 -1", "Library", "Library"));
}

static void
test_the_name_is_taken (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_take_name (f->avahi, "Library");       /* by somebody on this machine */
  fake_avahi_collide_with (f->avahi, "Library #2"); /* and on the network */
  start (f);
  expect_published (f, LINE ("-1 -1", "Library #2 #2", "Library"));
}

static void
test_every_name_is_taken (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_take_name (f->avahi, "*");
  start (f);
  while (fake_avahi_get_n_groups (f->avahi) < 33 || fake_avahi_get_n_kept (f->avahi) > 0)
    live (f->context);
  fake_avahi_take_name (f->avahi, NULL);

  /* It has given up, until the settings are read again. */
  ahoyd_publisher_update (f->publisher);
  expect_published (f, LINE ("-1 -1", "Library", "Library"));
}

static void
test_the_name_changes (void **state)
{
  Fixture         *f = *state;
  g_autofree char *line = NULL;
  guint            n;

  fake_avahi_come (f->avahi);
  start (f);
  expect_published (f, LINE ("-1 -1", "Library", "Library"));
  f->name = "Hall";
  ahoyd_publisher_update (f->publisher);
  expect_published (f, LINE ("-1 -1", "Hall", "Hall"));

  /* Nothing has: it stays. */
  n = fake_avahi_get_n_groups (f->avahi);
  ahoyd_publisher_update (f->publisher);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (fake_avahi_get_n_groups (f->avahi), n);

  /* 63 bytes hold 21 of these. */
  f->name = "图书馆图书馆图书馆图书馆图书馆图书馆图书馆图书馆";
  line = g_strdup_printf ("-1 -1 图书馆图书馆图书馆图书馆图书馆图书馆图书馆 _ahoy._tcp 4242 txtvers=1,v=2,id=" ID ",tls=1,name=%s\n", f->name);
  ahoyd_publisher_update (f->publisher);
  expect_published (f, line);
}

static void
add_address (Fixture    *f,
             const char *address)
{
  g_ptr_array_add (f->addresses, g_inet_socket_address_new_from_string (address, 0));
}

static void
test_only_some_addresses (void **state)
{
  Fixture         *f = *state;
  g_autofree char *lines = NULL;

  test_netns_ip ("link add eth7 type veth peer name wlan7");
  test_netns_ip ("addr add 10.9.8.7/24 dev eth7");
  add_address (f, "127.0.0.1");
  add_address (f, "10.9.8.7");
  add_address (f, "::");
  add_address (f, "192.0.2.1"); /* not here */
  fake_avahi_come (f->avahi);
  start (f);
  lines = g_strdup_printf ("%u 0 Library _ahoy._tcp 4242 txtvers=1,v=2,id=" ID ",tls=1,name=Library\n" LINE ("-1 1", "Library", "Library"),
                           if_nametoindex ("eth7"));
  expect_published (f, lines);
}

static void
test_only_this_machine (void **state)
{
  Fixture *f = *state;

  add_address (f, "127.0.0.1");
  add_address (f, "::1");
  fake_avahi_come (f->avahi);
  start (f);
  assert_true (test_loop_settle (f->context));
  assert_int_equal (fake_avahi_get_n_clients (f->avahi), 0);
}

static gboolean
is_published (gpointer avahi)
{
  g_autofree char *published = fake_avahi_dup_published (avahi);

  return *published != '\0';
}

static void
test_a_whole_server (void **state)
{
  ServerFixture        *fixture = *state;
  g_autoptr (FakeAvahi) avahi = fake_avahi_new ();
  g_autofree char      *published = NULL;

  g_ptr_array_set_size (fixture->config->bind, 0);
  fixture->config->no_discovery = FALSE;
  fake_avahi_come (avahi);
  server_fixture_serve (fixture);
  while (!is_published (avahi))
    live (fixture->context);
  published = fake_avahi_dup_published (avahi);
  assert_non_null (strstr (published, fixture->config->name));

  fixture->config->mdns = FALSE;
  ahoyd_server_reload (fixture->server);
  wait_published (avahi, fixture->context, "");
  fixture->config->mdns = TRUE;
  ahoyd_server_reload (fixture->server);
  wait_published (avahi, fixture->context, published);
  g_clear_pointer (&fixture->server, ahoyd_server_free);
  wait_published (avahi, fixture->context, "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_it_is_published_and_withdrawn, setup, teardown),
    cmocka_unit_test_setup_teardown (test_avahi_comes_and_goes, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_name_is_taken, setup, teardown),
    cmocka_unit_test_setup_teardown (test_every_name_is_taken, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_name_changes, setup, teardown),
    cmocka_unit_test_setup_teardown (test_only_some_addresses, setup, teardown),
    cmocka_unit_test_setup_teardown (test_only_this_machine, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_whole_server, server_fixture_setup, server_fixture_teardown),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
