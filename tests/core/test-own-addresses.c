/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Under which addresses others reach this computer, in a network of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/discovery/ahoy-own-addresses.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

typedef struct {
  AhoyOwnAddresses *addresses;
  const char       *expected;
} Awaited;

static char *
joined (AhoyOwnAddresses *addresses)
{
  g_auto (GStrv) all = ahoy_own_addresses_dup (addresses, 24690);

  return g_strjoinv (" ", all);
}

static gboolean
are_as_expected (gpointer data)
{
  const Awaited   *awaited = data;
  g_autofree char *text = joined (awaited->addresses);

  return g_str_equal (text, awaited->expected);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* The kernel finds out about a carrier in its own time. */
static void
wait_for (AhoyOwnAddresses *addresses,
          const char       *expected)
{
  Awaited          awaited = { addresses, expected };
  guint            tick = g_timeout_add (10, on_tick, NULL);
  gboolean         so = test_loop_until (NULL, are_as_expected, &awaited, TEST_LOOP_DEADLINE_MS);
  g_autofree char *text = joined (addresses);

  g_source_remove (tick);
  if (!so)
    fail_msg ("'%s', not '%s'", text, expected);
}

static void
on_changed (guint *n)
{
  *n += 1;
}

/* @shown: what a window writes. */
static void
on_shown (AhoyOwnAddresses *addresses,
          char            **shown)
{
  g_free (*shown);
  *shown = joined (addresses);
}

static gboolean
is_empty (gpointer data)
{
  char **shown = data;

  return *shown != NULL && **shown == '\0';
}

static void
test_what_there_is (void **state)
{
  g_autoptr (AhoyOwnAddresses) addresses = ahoy_own_addresses_new ();
  g_autofree char             *shown = NULL;
  guint                        n_changed = 0;

  g_signal_connect_swapped (addresses, "changed", G_CALLBACK (on_changed), &n_changed);
  /* Nobody else reaches this one. */
  wait_for (addresses, "");
  assert_false (ahoy_own_addresses_has_network (addresses));

  test_netns_ip ("link add eth7 type veth peer name wlan7");
  test_netns_ip ("addr add 10.9.8.7/24 dev eth7");
  test_netns_ip ("addr add fd77::7/64 dev eth7 nodad");
  test_netns_ip ("link set eth7 up");
  test_netns_ip ("link set wlan7 up");
  wait_for (addresses, "10.9.8.7:24690");
  assert_true (test_loop_until_count (NULL, &n_changed, 1));
  test_netns_ip ("addr add 172.16.0.1/12 dev wlan7");
  wait_for (addresses, "172.16.0.1:24690 10.9.8.7:24690"); /* as the kernel lists them */

  /* Where there is no IPv4, but no link-local address, which means something else on each computer. */
  test_netns_ip ("addr del 10.9.8.7/24 dev eth7");
  test_netns_ip ("addr del 172.16.0.1/12 dev wlan7");
  wait_for (addresses, "[fd77::7]:24690");
  test_netns_ip ("addr del fd77::7/64 dev eth7");
  wait_for (addresses, "");
  assert_true (ahoy_own_addresses_has_network (addresses));

  n_changed = 0;
  test_netns_ip ("addr add 10.9.8.7/24 dev eth7");
  assert_true (test_loop_until_count (NULL, &n_changed, 1));

  /* The cable is taken out: who shows them is told when they are gone, though no address is. */
  test_netns_ip ("-6 addr flush dev eth7");
  test_netns_ip ("-6 addr flush dev wlan7");
  assert_true (test_loop_settle (NULL));
  g_signal_connect (addresses, "changed", G_CALLBACK (on_shown), &shown);
  test_netns_ip ("link set wlan7 down");
  assert_true (test_loop_until (NULL, is_empty, &shown, TEST_LOOP_DEADLINE_MS));
  wait_for (addresses, "");
  assert_false (ahoy_own_addresses_has_network (addresses));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_there_is),
  };

  test_netns_enter ();
  g_setenv ("GIO_USE_NETWORK_MONITOR", "base", TRUE); /* it speaks of other things, a second later, by which nobody is to be helped here */
  return cmocka_run_group_tests (tests, NULL, NULL);
}
