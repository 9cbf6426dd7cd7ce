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
#define NOW (1000 * G_TIME_SPAN_SECOND)

static int
setup (void **state)
{
  *state = ahoyd_origins_new (MAX_WAITING, MAX_FAILURES, SECRET);
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
  assert_true ((origin != NULL) == (*how == AHOYD_WELCOME));
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
  ahoyd_origins_leave (*state, first);
  come_in (*state, "192.0.2.1", NOW);
  assert_turned_away (*state, "192.0.2.1", NOW, AHOYD_CROWDED);
}

static void
test_nobody_is_remembered_for_nothing (void **state)
{
  AhoydOrigin *first = come_in (*state, "192.0.2.1", NOW);
  AhoydOrigin *second = come_in (*state, "2001:db8::1", NOW);

  assert_int_equal (ahoyd_origins_get_n (*state), 2);
  ahoyd_origins_leave (*state, first);
  ahoyd_origins_leave (*state, second);
  assert_int_equal (ahoyd_origins_get_n (*state), 0);
}

/* A computer chooses its addresses in a /64 itself; on one link all have the same /64. */
static void
test_what_one_computer_may_choose_is_one_origin (void **state)
{
  AhoydOrigin *one = come_in (*state, "2001:db8:1:2::1", NOW);
  AhoydOrigin *near = come_in (*state, "fe80::1:2:3:4", NOW);

  assert_ptr_equal (come_in (*state, "2001:db8:1:2:ffff::99", NOW), one);
  assert_ptr_not_equal (come_in (*state, "2001:db8:1:3::1", NOW), one);
  assert_ptr_not_equal (come_in (*state, "fe80::1:2:3:5", NOW), near);
  assert_ptr_equal (come_in (*state, "fe80::1:2:3:4", NOW), near);
  /* Numbers of different kinds are not confused: the interface's one here is that network's. */
  assert_ptr_not_equal (come_in (*state, "fe80::2001:db8:1:2", NOW), one);
  assert_ptr_not_equal (come_in (*state, "::1", NOW), come_in (*state, "0.0.0.0", NOW));
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
      ahoyd_origins_leave (*state, origin);
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
      ahoyd_origins_leave (*state, origin);
    }
  assert_int_equal (ahoyd_origins_get_n (*state), AHOYD_ORIGINS_REMEMBERED);
  /* And they go when their minute is over. */
  ahoyd_origins_leave (*state, come_in (*state, "192.0.2.1", NOW + AHOYD_ORIGINS_MINUTE_US));
  assert_int_equal (ahoyd_origins_get_n (*state), 0);
}

static void
test_no_limits (void **state)
{
  g_autoptr (AhoydOrigins) origins = ahoyd_origins_new (0, 0, SECRET);
  AhoydOrigin *origin = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      origin = come_in (origins, "192.0.2.1", NOW);
      assert_true (ahoyd_origins_fail (origins, origin, NOW));
    }
  for (guint i = 0; i < 1000; i++)
    ahoyd_origins_leave (origins, origin);
  assert_int_equal (ahoyd_origins_get_n (origins), 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_so_many_wait_and_no_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_nobody_is_remembered_for_nothing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_one_computer_may_choose_is_one_origin, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_bar_for_a_minute, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_are_counted_by_the_minute, setup, teardown),
    cmocka_unit_test_setup_teardown (test_failures_outlive_the_connection, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_million_origins, setup, teardown),
    cmocka_unit_test (test_no_limits),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
