/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The interfaces that a LAN may be behind, in a network of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>

#include "core/discovery/ahoy-interfaces-private.h"
#include "support/test-netns.h"

#define WAIT_S 30

static struct in_addr
ipv4 (const char *text)
{
  struct in_addr address;

  assert_int_equal (inet_pton (AF_INET, text, &address), 1);
  return address;
}

static void
assert_broadcast (const char *address,
                  const char *netmask,
                  const char *expected)
{
  assert_int_equal (ahoy_interfaces_broadcast (ipv4 (address), ipv4 (netmask)).s_addr, ipv4 (expected).s_addr);
}

static void
test_any_netmask (void **state)
{
  assert_broadcast ("192.168.1.7", "255.255.255.0", "192.168.1.255");
  assert_broadcast ("10.20.30.40", "255.0.0.0", "10.255.255.255");
  assert_broadcast ("10.20.30.40", "255.255.254.0", "10.20.31.255");
  assert_broadcast ("10.20.30.40", "255.255.255.252", "10.20.30.43");
  assert_broadcast ("10.20.30.40", "255.255.255.254", "255.255.255.255");
  assert_broadcast ("10.20.30.40", "255.255.255.255", "255.255.255.255");
}

static void
assert_interface (GPtrArray  *list,
                  guint       i,
                  const char *name,
                  const char *address,
                  const char *broadcast)
{
  AhoyInterface *interface;

  assert_true (i < list->len);
  interface = g_ptr_array_index (list, i);
  assert_string_equal (interface->name, name);
  assert_true (interface->index > 0);
  assert_int_equal (interface->address.s_addr, ipv4 (address).s_addr);
  assert_int_equal (interface->broadcast.s_addr, ipv4 (broadcast).s_addr);
}

/* The list as soon as it has `n` entries, or as it is in the end: the kernel finds out about a carrier in its own time. */
static GPtrArray *
wait_for_interfaces (guint n)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_S * G_USEC_PER_SEC;

  while (TRUE)
    {
      GPtrArray *list = ahoy_interfaces_list (NULL);

      if (list->len == n || g_get_monotonic_time () > deadline)
        return list;
      g_ptr_array_unref (list);
      g_usleep (10 * 1000);
    }
}

static void
test_loopback_is_none (void **state)
{
  GHashTable           *own = NULL;
  g_autoptr (GPtrArray) list = ahoy_interfaces_list (&own);

  assert_int_equal (list->len, 0);
  assert_true (g_hash_table_contains (own, "127.0.0.1"));
  assert_true (g_hash_table_contains (own, "::1"));
  g_hash_table_unref (own);
}

static int
add_link (void **state)
{
  test_netns_ip ("link add eth7 type veth peer name wlan7");
  return 0;
}

static int
remove_link (void **state)
{
  test_netns_ip ("link del eth7");
  return 0;
}

static void
test_down_and_without_carrier_are_none (void **state)
{
  g_autoptr (GPtrArray) down = NULL;
  g_autoptr (GPtrArray) dead = NULL;

  test_netns_ip ("addr add 10.9.8.7/24 dev eth7");
  down = ahoy_interfaces_list (NULL);
  assert_int_equal (down->len, 0);

  test_netns_ip ("link set eth7 up"); /* the other end of the cable is still down */
  dead = wait_for_interfaces (0);
  assert_int_equal (dead->len, 0);
}

static void
test_addresses_of_one_link (void **state)
{
  GHashTable           *own = NULL;
  g_autoptr (GPtrArray) bare = NULL;
  g_autoptr (GPtrArray) list = NULL;

  test_netns_ip ("link set eth7 up");
  test_netns_ip ("link set wlan7 up");
  bare = wait_for_interfaces (2);
  assert_int_equal (bare->len, 2);
  for (guint i = 0; i < 2; i++)
    assert_int_equal (((AhoyInterface *) g_ptr_array_index (bare, i))->broadcast.s_addr, INADDR_ANY);

  test_netns_ip ("addr add 10.9.8.7/23 dev eth7");       /* no broadcast address was set: it follows from the netmask */
  test_netns_ip ("addr add 10.9.8.8/23 brd + dev eth7"); /* the same LAN */
  test_netns_ip ("addr add 172.16.0.1/12 brd + dev eth7");
  test_netns_ip ("addr add 192.0.2.1/31 dev eth7 label eth7:1");
  list = ahoy_interfaces_list (&own);

  assert_int_equal (list->len, 4);
  assert_interface (list, 0, "eth7", "10.9.8.7", "10.9.9.255");
  assert_interface (list, 1, "eth7", "172.16.0.1", "172.31.255.255");
  assert_interface (list, 2, "eth7", "192.0.2.1", "255.255.255.255");
  assert_interface (list, 3, "wlan7", "0.0.0.0", "0.0.0.0");
  assert_true (g_hash_table_contains (own, "10.9.8.7"));
  assert_true (g_hash_table_contains (own, "10.9.8.8"));
  assert_false (g_hash_table_contains (own, "10.9.9.255"));
  g_hash_table_unref (own);
}

static void
test_many_links (void **state)
{
  g_autoptr (GPtrArray) list = NULL;

  for (int i = 0; i < 40; i++)
    {
      g_autofree char *add = g_strdup_printf ("link add many%d type veth peer name peer%d", i, i);
      g_autofree char *addr = g_strdup_printf ("addr add 10.30.%d.1/24 dev many%d", i, i);
      g_autofree char *up = g_strdup_printf ("link set many%d up", i);
      g_autofree char *peer = g_strdup_printf ("link set peer%d up", i);

      test_netns_ip (add);
      test_netns_ip (addr);
      test_netns_ip (up);
      test_netns_ip (peer);
    }

  list = wait_for_interfaces (80);
  assert_int_equal (list->len, 80);
  assert_interface (list, 39, "many39", "10.30.39.1", "10.30.39.255");
}

static void
test_address_with_a_peer (void **state)
{
  g_autoptr (GPtrArray) list = NULL;

  test_netns_ip ("addr add 10.9.8.7 peer 10.9.8.8 dev eth7");
  test_netns_ip ("link set wlan7 up");
  test_netns_ip ("link set eth7 up broadcast ff:ff:ff:ff:ff:ff");
  list = wait_for_interfaces (2);

  /* Its subnet is one address wide: only the limited broadcast is left. */
  assert_int_equal (list->len, 2);
  assert_interface (list, 0, "eth7", "10.9.8.7", "255.255.255.255");
}

static void
assert_ipv6 (GPtrArray  *list,
             guint       i,
             const char *expected)
{
  struct in6_addr address;

  assert_true (i < list->len);
  assert_int_equal (inet_pton (AF_INET6, expected, &address), 1);
  assert_memory_equal (&((AhoyInterface *) g_ptr_array_index (list, i))->ipv6, &address, sizeof address);
}

static void
set_knob (const char *path,
          const char *value)
{
  FILE *file = fopen (path, "w");

  assert_non_null (file);
  assert_true (fputs (value, file) >= 0);
  assert_int_equal (fclose (file), 0);
}

static void
test_ipv6 (void **state)
{
  GHashTable           *own = NULL;
  g_autoptr (GPtrArray) bare = NULL;
  g_autoptr (GPtrArray) tentative = NULL;
  g_autoptr (GPtrArray) list = NULL;

  set_knob ("/proc/sys/net/ipv6/conf/eth7/addr_gen_mode", "1"); /* no address but ours */
  set_knob ("/proc/sys/net/ipv6/conf/wlan7/addr_gen_mode", "1");
  test_netns_ip ("link set eth7 up");
  test_netns_ip ("link set wlan7 up");
  bare = wait_for_interfaces (2);
  assert_ipv6 (bare, 0, "::");
  assert_ipv6 (bare, 1, "::");

  /* Nobody may be spoken to from it before it is sure that it is nobody else's. That is never found out here. */
  set_knob ("/proc/sys/net/ipv6/conf/eth7/dad_transmits", "1000");
  test_netns_ip ("addr add fe80::6/64 dev eth7");
  tentative = ahoy_interfaces_list (NULL);
  assert_ipv6 (tentative, 0, "::");
  assert_ipv6 (tentative, 1, "::");

  test_netns_ip ("addr add fd00::7/64 dev eth7 nodad");
  test_netns_ip ("addr add fe80::7/64 dev eth7 nodad");
  test_netns_ip ("addr add 10.9.8.7/24 dev eth7");
  test_netns_ip ("addr add 172.16.0.1/12 dev eth7");
  test_netns_ip ("addr add fd00::8/64 dev wlan7 nodad");
  list = ahoy_interfaces_list (&own);
  assert_int_equal (list->len, 3);
  assert_ipv6 (list, 0, "fe80::7");
  assert_ipv6 (list, 1, "fe80::7");
  assert_interface (list, 2, "wlan7", "0.0.0.0", "0.0.0.0");
  assert_ipv6 (list, 2, "fd00::8");
  assert_true (g_hash_table_contains (own, "fe80::7%eth7"));
  assert_true (g_hash_table_contains (own, "fd00::8"));
  g_hash_table_unref (own);
}

static void
test_text_of_hosts (void **state)
{
  static const char *const hosts[] = { "192.0.2.1", "2001:db8::1", "fe80::1%eth7", "fe80::1%4242" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (hosts[i], 1);
      g_autofree char           *text = NULL;

      assert_non_null (address);
      text = ahoy_interfaces_host_text (G_INET_SOCKET_ADDRESS (address));
      assert_string_equal (text, hosts[i]);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_any_netmask),
    cmocka_unit_test (test_loopback_is_none),
    cmocka_unit_test_setup_teardown (test_down_and_without_carrier_are_none, add_link, remove_link),
    cmocka_unit_test_setup_teardown (test_addresses_of_one_link, add_link, remove_link),
    cmocka_unit_test_setup_teardown (test_address_with_a_peer, add_link, remove_link),
    cmocka_unit_test_setup_teardown (test_ipv6, add_link, remove_link),
    cmocka_unit_test_setup_teardown (test_text_of_hosts, add_link, remove_link),
    cmocka_unit_test (test_many_links),
  };

  test_netns_enter ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
