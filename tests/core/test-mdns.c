/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The search with a fake Avahi, on a bus and in a network of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>

#include "core/finder-fixture.h"
#include "support/fake-avahi.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

#define TXT(...) \
  (const char *const[]) { __VA_ARGS__, NULL }
#define OURS(id) TXT ("txtvers=1", "v=2", "id=" id, "tls=1", "name=Library of " id)

/* One is, and after it nothing is waited for. */
static const AhoyFinderTiming prompt = { .attempts = { 0, 100, 200, 300 }, .give_up = 15000, .give_up_typed = 15000, .window = 10 };
/* Nothing is to be found: the clock alone ends it. */
static const AhoyFinderTiming in_vain = { .attempts = { 0, 10, 20, 30 }, .give_up = 300, .give_up_typed = 300, .window = 100 };

typedef struct {
  FakeResponder *beacon; /* says nothing unless a test makes it */
  FakeAvahi     *avahi;
  AhoyFinder    *finder;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->beacon = fake_responder_new ("0.0.0.0", 0);
  f->avahi = fake_avahi_new ();
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_object (&f->finder);
  fake_avahi_free (f->avahi);
  fake_responder_free (f->beacon);
  g_free (f);
  return 0;
}

static void
look (Fixture                *f,
      const AhoyFinderTiming *timing)
{
  g_clear_object (&f->finder);
  f->finder = search (f->beacon, timing);
}

/* No clock ends it: the bus is as slow as the machine. */
static void
look_until (Fixture          *f,
            TestLoopPredicate predicate)
{
  AhoyFinderTiming endless = patient;

  endless.give_up = endless.window = 10 * TEST_LOOP_DEADLINE_MS;
  f->finder = make_finder (f->beacon, &endless);
  ahoy_finder_start (f->finder);
  assert_true (test_loop_until (NULL, predicate, f, 3 * TEST_LOOP_DEADLINE_MS));
  assert_true (test_loop_settle (NULL));
  ahoy_finder_stop (f->finder);
}

static gboolean
is_left_alone (gpointer avahi)
{
  return fake_avahi_get_n_clients (avahi) == 0;
}

static void
assert_row (Fixture *f,
            int      error,
            guint    sent,
            guint    replies)
{
  AhoyProbe *row = probe_of (f->finder, AHOY_PROBE_MDNS);

  assert_int_equal (ahoy_probe_get_error (row), error);
  assert_int_equal (ahoy_probe_get_sent (row), sent);
  assert_int_equal (ahoy_probe_get_replies (row), replies);
}

static gboolean
has_failed (gpointer data)
{
  Fixture *f = data;

  return ahoy_probe_get_error (probe_of (f->finder, AHOY_PROBE_MDNS)) != 0;
}

static void
test_no_bus_and_no_avahi (void **state)
{
  Fixture *f = *state;

  look_until (f, has_failed);
  assert_row (f, ENOENT, 0, 0);

  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  look (f, &in_vain);
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_NONE);
  assert_row (f, ENOENT, 0, 0);
}

static void
test_one_is_published (void **state)
{
  Fixture    *f = *state;
  AhoyServer *server;

  fake_avahi_come (f->avahi);
  fake_avahi_add_item (f->avahi, 2, "Library", "192.0.2.7", 5000, OURS ("abc"));
  look (f, &prompt);
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_FOUND);
  assert_int_equal (n_servers (f->finder), 1);
  server = server_at (f->finder, 0);
  assert_string_equal (ahoy_server_get_host (server), "192.0.2.7");
  assert_int_equal (ahoy_server_get_port (server), 5000);
  assert_string_equal (ahoy_server_get_id (server), "abc");
  assert_string_equal (ahoy_server_get_name (server), "Library of abc");
  assert_int_equal (ahoy_server_get_users (server), -1);
  assert_true (ahoy_server_get_tls (server));
  assert_row (f, 0, 1, 1);

  /* Nothing is left behind. */
  assert_true (test_loop_until (NULL, is_left_alone, f->avahi, TEST_LOOP_DEADLINE_MS));
}

static void
test_signals_before_the_path (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_set_hasty (f->avahi, TRUE);
  fake_avahi_add_item (f->avahi, 2, "Library", "192.0.2.7", 5000, OURS ("abc"));
  look (f, &prompt);
  assert_int_equal (n_servers (f->finder), 1);
}

static gboolean
all_have_answered (gpointer data)
{
  Fixture *f = data;

  return ahoy_probe_get_replies (probe_of (f->finder, AHOY_PROBE_MDNS)) >= 3 &&
         ahoy_probe_get_replies (probe_of (f->finder, AHOY_PROBE_THIS_COMPUTER)) >= 1;
}

static void
test_merged_by_id (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_add_item (f->avahi, 2, "Library", "192.0.2.7", 5000, OURS ("abc"));
  fake_avahi_add_item (f->avahi, 3, "Library", "fe80::7", 5000, OURS ("abc"));
  fake_avahi_add_item (f->avahi, 2, "Lab", "192.0.2.8", 5000, OURS ("def"));
  fake_responder_answer_extended (f->beacon, EXTENDED ("5000", "abc", "Library of abc"));
  look_until (f, all_have_answered);
  assert_int_equal (n_servers (f->finder), 2);
  for (guint i = 0; i < 2; i++)
    if (g_str_equal (ahoy_server_get_id (server_at (f->finder, i)), "abc"))
      assert_int_equal (ahoy_server_get_users (server_at (f->finder, i)), 3); /* the datagram told */
}

static void
test_link_local (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_add_item (f->avahi, 7, "Library", "fe80::1", 5000, OURS ("abc"));
  look (f, &prompt);
  assert_string_equal (ahoy_server_get_host (server_at (f->finder, 0)), "fe80::1%7");
}

static void
test_what_makes_no_sense (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_add_item (f->avahi, 2, "no address", "here", 5000, OURS ("a"));
  fake_avahi_add_item (f->avahi, 2, "any address", "0.0.0.0", 5000, OURS ("b"));
  fake_avahi_add_item (f->avahi, 2, "a group", "ff02::1", 5000, OURS ("c"));
  fake_avahi_add_item (f->avahi, 2, "no port", "192.0.2.1", 0, OURS ("d"));
  fake_avahi_add_item (f->avahi, 2, "bad id", "192.0.2.2", 5000, TXT ("v=2", "id=two words"));
  fake_avahi_add_item (f->avahi, 2, "bad version", "192.0.2.3", 5000, TXT ("v=1", "id=e"));
  fake_avahi_add_item (f->avahi, -1, "which network", "fe80::2", 5000, OURS ("f"));
  fake_avahi_add_item (f->avahi, 2, "by hand", "192.0.2.4", 5000, TXT ("hello"));
  look (f, &patient);
  assert_int_equal (n_servers (f->finder), 1);
  assert_string_equal (ahoy_server_get_host (server_at (f->finder, 0)), "192.0.2.4");
  assert_null (ahoy_server_get_id (server_at (f->finder, 0)));
  assert_row (f, 0, 1, 1);

  fake_avahi_set_senseless (f->avahi, TRUE);
  look (f, &in_vain);
  assert_int_equal (n_servers (f->finder), 0);
}

static void
test_never_an_answer (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  fake_avahi_set_silent (f->avahi, TRUE);
  fake_avahi_add_item (f->avahi, 2, "Library", "192.0.2.7", 5000, OURS ("abc"));
  look (f, &in_vain);
  assert_int_equal (ahoy_finder_get_state (f->finder), AHOY_FINDER_NONE);
  assert_int_equal (n_servers (f->finder), 0);
  assert_true (test_loop_until (NULL, is_left_alone, f->avahi, TEST_LOOP_DEADLINE_MS));
}

static gboolean
has_asked_enough (gpointer data)
{
  return fake_avahi_get_n_resolved (((Fixture *) data)->avahi) >= 512;
}

static void
test_hundreds (void **state)
{
  Fixture *f = *state;

  fake_avahi_come (f->avahi);
  for (guint i = 0; i < 700; i++)
    {
      g_autofree char *name = g_strdup_printf ("Server %u", i);
      g_autofree char *id = g_strdup_printf ("id=s%u", i);

      fake_avahi_add_item (f->avahi, 2, name, "192.0.2.7", 1000 + i, TXT ("v=2", id));
    }
  look_until (f, has_asked_enough);
  assert_true (test_loop_until (NULL, is_left_alone, f->avahi, TEST_LOOP_DEADLINE_MS));
  assert_int_equal (fake_avahi_get_n_resolved (f->avahi), 512);
  assert_true (n_servers (f->finder) <= 256);
}

static void
test_dispose_while_asking (void **state)
{
  Fixture    *f = *state;
  AhoyFinder *finder = make_finder (f->beacon, &patient);

  fake_avahi_come (f->avahi);
  fake_avahi_add_item (f->avahi, 2, "Library", "192.0.2.7", 5000, OURS ("abc"));
  ahoy_finder_start (finder);
  g_object_unref (finder);
  assert_true (test_loop_settle (NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_no_bus_and_no_avahi, setup, teardown),
    cmocka_unit_test_setup_teardown (test_one_is_published, setup, teardown),
    cmocka_unit_test_setup_teardown (test_signals_before_the_path, setup, teardown),
    cmocka_unit_test_setup_teardown (test_merged_by_id, setup, teardown),
    cmocka_unit_test_setup_teardown (test_link_local, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_makes_no_sense, setup, teardown),
    cmocka_unit_test_setup_teardown (test_never_an_answer, setup, teardown),
    cmocka_unit_test_setup_teardown (test_hundreds, setup, teardown),
    cmocka_unit_test_setup_teardown (test_dispose_while_asking, setup, teardown),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
