/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-origins: how many wait at each address, how many log-ins failed there, and no more memory than that takes. */

#include "ahoyd-origins.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "server/cmocka-all.h"

#define SECRET G_GUINT64_CONSTANT (0x123456789abcdef0)
#define MAX_WAITING 3
#define MAX_FAILURES 5
#define MAX_HERE 6
#define NOW (1000 * G_TIME_SPAN_SECOND)

static AhoydOriginsLimits
limits (void)
{
  return (AhoydOriginsLimits) { MAX_HERE, MAX_WAITING, MAX_FAILURES, ahoyd_allowance_terms (1, 2, 100) };
}

static int
setup (void **state)
{
  const AhoydOriginsLimits some = limits ();

  *state = ahoyd_origins_new (&some, SECRET);
  return 0;
}

static int
teardown (void **state)
{
  ahoyd_origins_free (*state);
  return 0;
}

/* Returns: (nullable): the place taken there. */
static AhoydOrigin *
enter (AhoydOrigins *origins,
       const char   *address,
       gint64        now,
       AhoydWelcome *how)
{
  struct sockaddr_in ipv4 = { .sin_family = AF_INET };
  struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
  const struct sockaddr *any = (const struct sockaddr *) &ipv4;
  AhoydOrigin *origin;

  if (inet_pton (AF_INET, address, &ipv4.sin_addr) != 1)
    {
      assert_int_equal (inet_pton (AF_INET6, address, &ipv6.sin6_addr), 1);
      any = (const struct sockaddr *) &ipv6;
    }
  *how = ahoyd_origins_enter (origins, any, now, &origin);
  assert_true ((origin != NULL) == (*how == AHOYD_WELCOME || *how == AHOYD_FILLED));
  return origin;
}

static AhoydOrigin *
come_in (AhoydOrigins *origins,
         const char   *address,
         gint64        now)
{
  AhoydWelcome how;
  AhoydOrigin *origin = enter (origins, address, now, &how);

  assert_int_equal (how, AHOYD_WELCOME);
  return origin;
}

static void
assert_turned_away (AhoydOrigins *origins,
                    const char   *address,
                    gint64        now,
                    AhoydWelcome  expected)
{
  AhoydWelcome how;

  enter (origins, address, now, &how);
  assert_int_equal (how, expected);
}

/* Makes one log-in too many fail. */
static void
fail_too_often (AhoydOrigins *origins,
                AhoydOrigin  *origin,
                gint64        now)
{
  for (guint i = 0; i < MAX_FAILURES; i++)
    assert_true (ahoyd_origins_fail (origins, origin, now));
  assert_false (ahoyd_origins_fail (origins, origin, now));
}

static void
test_so_many_wait_and_no_more (void **state)
{
  AhoydOrigin *first = come_in (*state, "192.0.2.1", NOW);

  for (guint i = 1; i < MAX_WAITING; i++)
    assert_ptr_equal (come_in (*state, "192.0.2.1", NOW), first);
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_CROWDED);
  come_in (*state, "192.0.2.2", NOW);

  /* Somebody logs in or goes: the next may come. */
  ahoyd_origins_leave (*state, first, TRUE);
  come_in (*state, "192.0.2.1", NOW);
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_CROWDED);
}

static void
test_nobody_is_remembered_for_nothing (void **state)
{
  AhoydOrigin *first = come_in (*state, "192.0.2.1", NOW);
  AhoydOrigin *second = come_in (*state, "2001:db8::1", NOW);

  assert_int_equal (ahoyd_origins_get_n (*state), 3); /* its network is one */
  ahoyd_origins_leave (*state, first, TRUE);
  ahoyd_origins_leave (*state, second, TRUE);
  assert_int_equal (ahoyd_origins_get_n (*state), 0);
}

/* The n-th address of a /64. */
static const char *
neighbour (guint n,
           char  buffer[static INET6_ADDRSTRLEN])
{
  g_snprintf (buffer, INET6_ADDRSTRLEN, "2001:db8:1:2::%x", n + 1);
  return buffer;
}

/* Numbers of different kinds are not confused. */
static void
test_each_address_is_an_origin (void **state)
{
  static const char *const addresses[] = {
    "0.0.0.0", "192.0.2.1", "192.0.2.2", "::", "::1", "2001:db8:1:2::1", "2001:db8:1:2:ffff::99", "2001:db8:1:3::1", "fe80::1:2:3:4", "fe80::1:2:3:5",
    "fe80::2001:db8:1:2",
  };
  AhoydOrigin *origins[G_N_ELEMENTS (addresses)];

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      origins[i] = come_in (*state, addresses[i], NOW);
      for (guint j = 0; j < i; j++)
        assert_ptr_not_equal (origins[i], origins[j]);
    }
  assert_ptr_equal (come_in (*state, "fe80::1:2:3:4", NOW), origins[8]);
}

/* On a LAN everybody is in one /64. */
static void
test_one_host_does_not_lock_out_its_network (void **state)
{
  AhoydOrigin *one = come_in (*state, "2001:db8:1:2::1", NOW);

  fail_too_often (*state, one, NOW);
  assert_turned_away (*state, "2001:db8:1:2::1", NOW, AHOYD_BARRED);
  for (guint i = 0; i < MAX_WAITING; i++)
    come_in (*state, "2001:db8:1:2::2", NOW);
  assert_turned_away (*state, "2001:db8:1:2::2", NOW, AHOYD_CROWDED);
  come_in (*state, "2001:db8:1:2::3", NOW);
}

/* Nor does choosing one address after the other help for ever. */
static void
test_a_network_has_sixteen_shares_to_wait (void **state)
{
  char address[INET6_ADDRSTRLEN];
  AhoydOrigin *last = NULL;

  for (guint i = 0; i < MAX_WAITING * AHOYD_ORIGINS_NETWORK; i++)
    last = come_in (*state, neighbour (i, address), NOW);
  assert_turned_away (*state, neighbour (10000, address), NOW, AHOYD_CROWDED);
  come_in (*state, "2001:db8:1:3::1", NOW);
  ahoyd_origins_settle (*state, last);
  come_in (*state, neighbour (10000, address), NOW);
}

static void
test_a_network_has_sixteen_shares_to_fail (void **state)
{
  char address[INET6_ADDRSTRLEN];
  guint n = MAX_FAILURES * AHOYD_ORIGINS_NETWORK;

  for (guint i = 0; i <= n; i++)
    {
      AhoydOrigin *origin = come_in (*state, neighbour (i, address), NOW);

      assert_int_equal (ahoyd_origins_fail (*state, origin, NOW), i < n);
      ahoyd_origins_leave (*state, origin, TRUE);
    }
  assert_turned_away (*state, neighbour (10000, address), NOW, AHOYD_BARRED);
  come_in (*state, "2001:db8:1:3::1", NOW);
  come_in (*state, neighbour (10000, address), NOW + AHOYD_ORIGINS_MINUTE_US);
}

/* Logged in or not. */
static void
test_so_many_places_and_no_more (void **state)
{
  static const char *const rows[] = { "192.0.2.1", "2001:db8::1" };

  for (guint row = 0; row < G_N_ELEMENTS (rows); row++)
    {
      AhoydOrigin *origin = NULL;
      AhoydWelcome how;

      for (guint i = 0; i < MAX_HERE; i++)
        {
          origin = come_in (*state, rows[row], NOW);
          ahoyd_origins_settle (*state, origin);
          assert_true (ahoyd_origins_have_place (*state, origin));
        }
      /* They may come, to take somebody's place. */
      assert_ptr_equal (enter (*state, rows[row], NOW, &how), origin);
      assert_int_equal (how, AHOYD_FILLED);
      assert_false (ahoyd_origins_have_place (*state, origin));
      ahoyd_origins_leave (*state, origin, FALSE);
      assert_true (ahoyd_origins_have_place (*state, origin));
      assert_int_equal (enter (*state, rows[row], NOW, &how) != NULL && how == AHOYD_FILLED, TRUE);
    }
}

static void
test_a_network_has_sixteen_shares_of_places (void **state)
{
  char address[INET6_ADDRSTRLEN];
  AhoydWelcome how;
  AhoydOrigin *origin;

  for (guint i = 0; i < MAX_HERE * AHOYD_ORIGINS_NETWORK; i++)
    ahoyd_origins_settle (*state, come_in (*state, neighbour (i, address), NOW));
  origin = enter (*state, neighbour (10000, address), NOW, &how);
  assert_int_equal (how, AHOYD_FILLED);
  assert_false (ahoyd_origins_have_place (*state, origin));
}

/* 1 message a second and 2 at once for a person, 16 times that for an address, and 16 times that for a network. */
static void
test_what_an_address_may_send (void **state)
{
  AhoydOrigin *ipv4 = come_in (*state, "192.0.2.1", NOW);
  AhoydOrigin *ipv6 = come_in (*state, "2001:db8:1:2::1", NOW);
  AhoydOrigin *near = come_in (*state, "2001:db8:1:2::2", NOW);
  AhoydOrigin *far = come_in (*state, "2001:db8:1:3::1", NOW);

  assert_int_equal (ahoyd_origins_spend (*state, ipv4, 32, 0, NOW), 0);
  assert_int_equal (ahoyd_origins_spend (*state, ipv4, 16, 0, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_origins_spend (*state, ipv4, 0, 6400 + 3200, NOW), 2 * G_USEC_PER_SEC);

  assert_int_equal (ahoyd_origins_spend (*state, ipv6, 48, 0, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_origins_spend (*state, near, 0, 0, NOW), 0);
  assert_int_equal (ahoyd_origins_spend (*state, ipv6, 512 - 48 + 256, 0, NOW) / G_USEC_PER_SEC, 46);
  assert_int_equal (ahoyd_origins_spend (*state, near, 0, 0, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_origins_spend (*state, far, 0, 0, NOW), 0);
}

/* Going away and coming back does not help. */
static void
test_what_was_sent_outlives_the_connection (void **state)
{
  AhoydOrigin *origin = come_in (*state, "2001:db8::1", NOW);

  ahoyd_origins_spend (*state, origin, 48, 0, NOW);
  ahoyd_origins_leave (*state, origin, TRUE);
  assert_int_equal (ahoyd_origins_get_n (*state), 2);
  origin = come_in (*state, "2001:db8::1", NOW);
  assert_int_equal (ahoyd_origins_spend (*state, origin, 0, 0, NOW), G_USEC_PER_SEC);
  ahoyd_origins_leave (*state, origin, TRUE);

  /* Until it is paid. */
  ahoyd_origins_leave (*state, come_in (*state, "192.0.2.1", NOW + 3 * G_USEC_PER_SEC), TRUE);
  assert_int_equal (ahoyd_origins_get_n (*state), 0);
}

static void
test_failures_bar_for_a_minute (void **state)
{
  AhoydOrigin *one = come_in (*state, "192.0.2.1", NOW);
  AhoydOrigin *other = come_in (*state, "192.0.2.2", NOW);

  fail_too_often (*state, one, NOW);
  assert_false (ahoyd_origins_fail (*state, one, NOW + AHOYD_ORIGINS_MINUTE_US - 1));
  assert_turned_away (*state, "192.0.2.1", NOW + AHOYD_ORIGINS_MINUTE_US - 1, AHOYD_BARRED);
  assert_true (ahoyd_origins_fail (*state, other, NOW));

  /* Afterwards all is forgotten. */
  assert_ptr_equal (come_in (*state, "192.0.2.1", NOW + AHOYD_ORIGINS_MINUTE_US), one);
  fail_too_often (*state, one, NOW + AHOYD_ORIGINS_MINUTE_US);
}

static void
test_failures_are_counted_by_the_minute (void **state)
{
  AhoydOrigin *origin = come_in (*state, "192.0.2.1", NOW);

  for (guint minute = 0; minute < 10; minute++)
    for (guint i = 0; i < MAX_FAILURES; i++)
      assert_true (ahoyd_origins_fail (*state, origin, NOW + minute * AHOYD_ORIGINS_MINUTE_US + i));
}

/* Going away and coming back does not help. */
static void
test_failures_outlive_the_connection (void **state)
{
  for (guint i = 0; i < MAX_FAILURES; i++)
    {
      AhoydOrigin *origin = come_in (*state, "192.0.2.1", NOW);

      assert_true (ahoyd_origins_fail (*state, origin, NOW));
      ahoyd_origins_leave (*state, origin, TRUE);
    }
  assert_false (ahoyd_origins_fail (*state, come_in (*state, "192.0.2.1", NOW), NOW));
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_BARRED);
}

static void
test_a_million_origins (void **state)
{
  for (guint i = 0; i < 1000000; i++)
    {
      struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
      AhoydOrigin *origin;

      address.sin6_addr.s6_addr[0] = 0x20;
      address.sin6_addr.s6_addr[4] = i >> 16;
      address.sin6_addr.s6_addr[5] = i >> 8;
      address.sin6_addr.s6_addr[6] = i;
      assert_int_equal (ahoyd_origins_enter (*state, (struct sockaddr *) &address, NOW, &origin), AHOYD_WELCOME);
      assert_true (ahoyd_origins_fail (*state, origin, NOW));
      ahoyd_origins_spend (*state, origin, 1, 1, NOW);
      ahoyd_origins_leave (*state, origin, TRUE);
    }
  assert_in_range (ahoyd_origins_get_n (*state), AHOYD_ORIGINS_REMEMBERED, 2 * AHOYD_ORIGINS_REMEMBERED);
  /* And they go when their minute is over. */
  ahoyd_origins_leave (*state, come_in (*state, "192.0.2.1", NOW + AHOYD_ORIGINS_MINUTE_US), TRUE);
  assert_int_equal (ahoyd_origins_get_n (*state), 0);
}

static void
test_no_limits (void **state)
{
  g_autoptr (AhoydOrigins) origins = ahoyd_origins_new (&(const AhoydOriginsLimits) { 0 }, SECRET);
  AhoydOrigin *origin = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      origin = come_in (origins, "192.0.2.1", NOW);
      assert_true (ahoyd_origins_fail (origins, origin, NOW));
    }
  for (guint i = 0; i < 1000; i++)
    ahoyd_origins_leave (origins, origin, TRUE);
  assert_int_equal (ahoyd_origins_get_n (origins), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_so_many_wait_and_no_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_nobody_is_remembered_for_nothing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_each_address_is_an_origin, setup, teardown),
    cmocka_unit_test_setup_teardown (test_one_host_does_not_lock_out_its_network, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_network_has_sixteen_shares_to_wait, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_network_has_sixteen_shares_to_fail, setup, teardown),
    cmocka_unit_test_setup_teardown (test_so_many_places_and_no_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_network_has_sixteen_shares_of_places, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_an_address_may_send, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_was_sent_outlives_the_connection, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_bar_for_a_minute, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_are_counted_by_the_minute, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_outlive_the_connection, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_million_origins, setup, teardown),
    cmocka_unit_test (test_no_limits),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
