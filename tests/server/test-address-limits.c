/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-address-limits: how many wait at each address, how many log-ins failed there, and no more memory than that takes. */

#include "net/ahoyd-address-limits.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "server/cmocka-all.h"

#define SECRET G_GUINT64_CONSTANT (0x123456789abcdef0)
#define MAX_WAITING 3
#define MAX_FAILURES 5
#define MAX_HERE 6
#define NOW (1000 * G_TIME_SPAN_SECOND)

static AhoydAddressLimitsConfig
limits (void)
{
  return (AhoydAddressLimitsConfig){ MAX_HERE, MAX_WAITING, MAX_FAILURES, ahoyd_allowance_terms (1, 2, 100) };
}

static int
setup (void **state)
{
  const AhoydAddressLimitsConfig some = limits ();

  *state = ahoyd_address_limits_new (&some, SECRET);
  return 0;
}

static int
teardown (void **state)
{
  ahoyd_address_limits_free (*state);
  return 0;
}

/* Returns: (nullable): the place taken there. */
static AhoydAddressLimit *
enter (AhoydAddressLimits *address_limits,
       const char         *address,
       gint64              now,
       AhoydWelcome       *how)
{
  struct sockaddr_in     ipv4 = { .sin_family = AF_INET };
  struct sockaddr_in6    ipv6 = { .sin6_family = AF_INET6 };
  const struct sockaddr *any = (const struct sockaddr *) &ipv4;
  AhoydAddressLimit     *address_limit;

  if (inet_pton (AF_INET, address, &ipv4.sin_addr) != 1)
    {
      assert_int_equal (inet_pton (AF_INET6, address, &ipv6.sin6_addr), 1);
      any = (const struct sockaddr *) &ipv6;
    }
  *how = ahoyd_address_limits_enter (address_limits, any, now, &address_limit);
  assert_true ((address_limit != NULL) == (*how == AHOYD_WELCOME || *how == AHOYD_FILLED));
  return address_limit;
}

static AhoydAddressLimit *
come_in (AhoydAddressLimits *address_limits,
         const char         *address,
         gint64              now)
{
  AhoydWelcome       how;
  AhoydAddressLimit *address_limit = enter (address_limits, address, now, &how);

  assert_int_equal (how, AHOYD_WELCOME);
  return address_limit;
}

static void
assert_turned_away (AhoydAddressLimits *address_limits,
                    const char         *address,
                    gint64              now,
                    AhoydWelcome        expected)
{
  AhoydWelcome how;

  enter (address_limits, address, now, &how);
  assert_int_equal (how, expected);
}

/* Makes one log-in too many fail. */
static void
fail_too_often (AhoydAddressLimits *address_limits,
                AhoydAddressLimit  *address_limit,
                gint64              now)
{
  for (guint i = 0; i < MAX_FAILURES; i++)
    assert_true (ahoyd_address_limits_fail (address_limits, address_limit, now));
  assert_false (ahoyd_address_limits_fail (address_limits, address_limit, now));
}

static void
test_so_many_wait_and_no_more (void **state)
{
  AhoydAddressLimit *first = come_in (*state, "192.0.2.1", NOW);

  for (guint i = 1; i < MAX_WAITING; i++)
    assert_ptr_equal (come_in (*state, "192.0.2.1", NOW), first);
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_CROWDED);
  come_in (*state, "192.0.2.2", NOW);

  /* Somebody logs in or goes: the next may come. */
  ahoyd_address_limits_leave (*state, first, TRUE);
  come_in (*state, "192.0.2.1", NOW);
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_CROWDED);
}

static void
test_nobody_is_remembered_for_nothing (void **state)
{
  AhoydAddressLimit *first = come_in (*state, "192.0.2.1", NOW);
  AhoydAddressLimit *second = come_in (*state, "2001:db8::1", NOW);

  assert_int_equal (ahoyd_address_limits_get_n (*state), 3); /* its network is one */
  ahoyd_address_limits_leave (*state, first, TRUE);
  ahoyd_address_limits_leave (*state, second, TRUE);
  assert_int_equal (ahoyd_address_limits_get_n (*state), 0);
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
    "0.0.0.0",
    "192.0.2.1",
    "192.0.2.2",
    "::",
    "::1",
    "2001:db8:1:2::1",
    "2001:db8:1:2:ffff::99",
    "2001:db8:1:3::1",
    "fe80::1:2:3:4",
    "fe80::1:2:3:5",
    "fe80::2001:db8:1:2",
  };
  AhoydAddressLimit *address_limits[G_N_ELEMENTS (addresses)];

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      address_limits[i] = come_in (*state, addresses[i], NOW);
      for (guint j = 0; j < i; j++)
        assert_ptr_not_equal (address_limits[i], address_limits[j]);
    }
  assert_ptr_equal (come_in (*state, "fe80::1:2:3:4", NOW), address_limits[8]);
}

/* On a LAN everybody is in one /64. */
static void
test_one_host_does_not_lock_out_its_network (void **state)
{
  AhoydAddressLimit *one = come_in (*state, "2001:db8:1:2::1", NOW);

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
  char               address[INET6_ADDRSTRLEN];
  AhoydAddressLimit *last = NULL;

  for (guint i = 0; i < MAX_WAITING * AHOYD_ADDRESS_LIMITS_NETWORK; i++)
    last = come_in (*state, neighbour (i, address), NOW);
  assert_turned_away (*state, neighbour (10000, address), NOW, AHOYD_CROWDED);
  come_in (*state, "2001:db8:1:3::1", NOW);
  ahoyd_address_limits_settle (*state, last);
  come_in (*state, neighbour (10000, address), NOW);
}

static void
test_a_network_has_sixteen_shares_to_fail (void **state)
{
  char  address[INET6_ADDRSTRLEN];
  guint n = MAX_FAILURES * AHOYD_ADDRESS_LIMITS_NETWORK;

  for (guint i = 0; i <= n; i++)
    {
      AhoydAddressLimit *address_limit = come_in (*state, neighbour (i, address), NOW);

      assert_int_equal (ahoyd_address_limits_fail (*state, address_limit, NOW), i < n);
      ahoyd_address_limits_leave (*state, address_limit, TRUE);
    }
  assert_turned_away (*state, neighbour (10000, address), NOW, AHOYD_BARRED);
  come_in (*state, "2001:db8:1:3::1", NOW);
  come_in (*state, neighbour (10000, address), NOW + AHOYD_ADDRESS_LIMITS_MINUTE_US);
}

/* Logged in or not. */
static void
test_so_many_places_and_no_more (void **state)
{
  static const char *const rows[] = { "192.0.2.1", "2001:db8::1" };

  for (guint row = 0; row < G_N_ELEMENTS (rows); row++)
    {
      AhoydAddressLimit *address_limit = NULL;
      AhoydWelcome       how;

      for (guint i = 0; i < MAX_HERE; i++)
        {
          address_limit = come_in (*state, rows[row], NOW);
          ahoyd_address_limits_settle (*state, address_limit);
          assert_true (ahoyd_address_limits_have_place (*state, address_limit));
        }
      /* They may come, to take somebody's place. */
      assert_ptr_equal (enter (*state, rows[row], NOW, &how), address_limit);
      assert_int_equal (how, AHOYD_FILLED);
      assert_false (ahoyd_address_limits_have_place (*state, address_limit));
      ahoyd_address_limits_leave (*state, address_limit, FALSE);
      assert_true (ahoyd_address_limits_have_place (*state, address_limit));
      assert_int_equal (enter (*state, rows[row], NOW, &how) != NULL && how == AHOYD_FILLED, TRUE);
    }
}

static void
test_a_network_has_sixteen_shares_of_places (void **state)
{
  char               address[INET6_ADDRSTRLEN];
  AhoydWelcome       how;
  AhoydAddressLimit *address_limit;

  for (guint i = 0; i < MAX_HERE * AHOYD_ADDRESS_LIMITS_NETWORK; i++)
    ahoyd_address_limits_settle (*state, come_in (*state, neighbour (i, address), NOW));
  address_limit = enter (*state, neighbour (10000, address), NOW, &how);
  assert_int_equal (how, AHOYD_FILLED);
  assert_false (ahoyd_address_limits_have_place (*state, address_limit));
}

/* 1 message a second and 2 at once for a person, 16 times that for an address, and 16 times that for a network. */
static void
test_what_an_address_may_send (void **state)
{
  AhoydAddressLimit *ipv4 = come_in (*state, "192.0.2.1", NOW);
  AhoydAddressLimit *ipv6 = come_in (*state, "2001:db8:1:2::1", NOW);
  AhoydAddressLimit *near = come_in (*state, "2001:db8:1:2::2", NOW);
  AhoydAddressLimit *far = come_in (*state, "2001:db8:1:3::1", NOW);

  assert_int_equal (ahoyd_address_limits_spend (*state, ipv4, 32, 0, NOW), 0);
  assert_int_equal (ahoyd_address_limits_spend (*state, ipv4, 16, 0, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_address_limits_spend (*state, ipv4, 0, 6400 + 3200, NOW), 2 * G_USEC_PER_SEC);

  assert_int_equal (ahoyd_address_limits_spend (*state, ipv6, 48, 0, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_address_limits_spend (*state, near, 0, 0, NOW), 0);
  assert_int_equal (ahoyd_address_limits_spend (*state, ipv6, 512 - 48 + 256, 0, NOW) / G_USEC_PER_SEC, 46);
  assert_int_equal (ahoyd_address_limits_spend (*state, near, 0, 0, NOW), G_USEC_PER_SEC);
  assert_int_equal (ahoyd_address_limits_spend (*state, far, 0, 0, NOW), 0);
}

/* Going away and coming back does not help. */
static void
test_what_was_sent_outlives_the_connection (void **state)
{
  AhoydAddressLimit *address_limit = come_in (*state, "2001:db8::1", NOW);

  ahoyd_address_limits_spend (*state, address_limit, 48, 0, NOW);
  ahoyd_address_limits_leave (*state, address_limit, TRUE);
  assert_int_equal (ahoyd_address_limits_get_n (*state), 2);
  address_limit = come_in (*state, "2001:db8::1", NOW);
  assert_int_equal (ahoyd_address_limits_spend (*state, address_limit, 0, 0, NOW), G_USEC_PER_SEC);
  ahoyd_address_limits_leave (*state, address_limit, TRUE);

  /* Until it is paid. */
  ahoyd_address_limits_leave (*state, come_in (*state, "192.0.2.1", NOW + 3 * G_USEC_PER_SEC), TRUE);
  assert_int_equal (ahoyd_address_limits_get_n (*state), 0);
}

static void
test_failures_bar_for_a_minute (void **state)
{
  AhoydAddressLimit *one = come_in (*state, "192.0.2.1", NOW);
  AhoydAddressLimit *other = come_in (*state, "192.0.2.2", NOW);

  fail_too_often (*state, one, NOW);
  assert_false (ahoyd_address_limits_fail (*state, one, NOW + AHOYD_ADDRESS_LIMITS_MINUTE_US - 1));
  assert_turned_away (*state, "192.0.2.1", NOW + AHOYD_ADDRESS_LIMITS_MINUTE_US - 1, AHOYD_BARRED);
  assert_true (ahoyd_address_limits_fail (*state, other, NOW));

  /* Afterwards all is forgotten. */
  assert_ptr_equal (come_in (*state, "192.0.2.1", NOW + AHOYD_ADDRESS_LIMITS_MINUTE_US), one);
  fail_too_often (*state, one, NOW + AHOYD_ADDRESS_LIMITS_MINUTE_US);
}

static void
test_failures_are_counted_by_the_minute (void **state)
{
  AhoydAddressLimit *address_limit = come_in (*state, "192.0.2.1", NOW);

  for (guint minute = 0; minute < 10; minute++)
    for (guint i = 0; i < MAX_FAILURES; i++)
      assert_true (ahoyd_address_limits_fail (*state, address_limit, NOW + minute * AHOYD_ADDRESS_LIMITS_MINUTE_US + i));
}

/* Going away and coming back does not help. */
static void
test_failures_outlive_the_connection (void **state)
{
  for (guint i = 0; i < MAX_FAILURES; i++)
    {
      AhoydAddressLimit *address_limit = come_in (*state, "192.0.2.1", NOW);

      assert_true (ahoyd_address_limits_fail (*state, address_limit, NOW));
      ahoyd_address_limits_leave (*state, address_limit, TRUE);
    }
  assert_false (ahoyd_address_limits_fail (*state, come_in (*state, "192.0.2.1", NOW), NOW));
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_BARRED);
}

static void
test_a_million_origins (void **state)
{
  for (guint i = 0; i < 1000000; i++)
    {
      struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
      AhoydAddressLimit  *address_limit;

      address.sin6_addr.s6_addr[0] = 0x20;
      address.sin6_addr.s6_addr[4] = i >> 16;
      address.sin6_addr.s6_addr[5] = i >> 8;
      address.sin6_addr.s6_addr[6] = i;
      assert_int_equal (ahoyd_address_limits_enter (*state, (struct sockaddr *) &address, NOW, &address_limit), AHOYD_WELCOME);
      assert_true (ahoyd_address_limits_fail (*state, address_limit, NOW));
      ahoyd_address_limits_spend (*state, address_limit, 1, 1, NOW);
      ahoyd_address_limits_leave (*state, address_limit, TRUE);
    }
  assert_in_range (ahoyd_address_limits_get_n (*state), AHOYD_ADDRESS_LIMITS_REMEMBERED, 2 * AHOYD_ADDRESS_LIMITS_REMEMBERED);
  /* And they go when their minute is over. */
  ahoyd_address_limits_leave (*state, come_in (*state, "192.0.2.1", NOW + AHOYD_ADDRESS_LIMITS_MINUTE_US), TRUE);
  assert_int_equal (ahoyd_address_limits_get_n (*state), 0);
}

static void
test_no_limits (void **state)
{
  g_autoptr (AhoydAddressLimits) address_limits = ahoyd_address_limits_new (&(const AhoydAddressLimitsConfig){ 0 }, SECRET);
  AhoydAddressLimit             *address_limit = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      address_limit = come_in (address_limits, "192.0.2.1", NOW);
      assert_true (ahoyd_address_limits_fail (address_limits, address_limit, NOW));
    }
  for (guint i = 0; i < 1000; i++)
    ahoyd_address_limits_leave (address_limits, address_limit, TRUE);
  assert_int_equal (ahoyd_address_limits_get_n (address_limits), 0);
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
