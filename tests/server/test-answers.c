/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-answers: who may have how many. */

#include "net/ahoyd-answers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "net/ahoyd-address-limits.h"
#include "server/cmocka-all.h"
#include "wire/ahoy-limits.h"

#define NETWORK_MAX (AHOY_DISCOVERY_REPLIES_PER_SECOND * AHOYD_ADDRESS_LIMITS_NETWORK)
#define N_ADDRESSES 100

static void
on_describe (AhoyDiscoveryReply *reply,
             gpointer            data)
{
}

/* Of ten requests from each of 100 addresses of one network, which is more than it may have. @seconds (out): that it took, none but where the
 * machine had no time for us. */
static guint
count_allowed (const char *network,
               guint      *seconds)
{
  g_autoptr (AhoydAnswers) answers = ahoyd_answers_new (on_describe, NULL);
  gint64                   begin = g_get_monotonic_time ();
  guint                    allowed = 0;

  for (guint i = 0; i < N_ADDRESSES; i++)
    {
      struct sockaddr_in6  from = { .sin6_family = AF_INET6, .sin6_port = htons (4242) };
      AhoyDiscoveryRequest request;

      assert_int_equal (inet_pton (AF_INET6, network, &from.sin6_addr), 1);
      from.sin6_addr.s6_addr[15] = i;
      for (guint k = 0; k < 10; k++)
        allowed += ahoyd_answers_allow (answers, (struct sockaddr *) &from, (const guint8 *) AHOY_DISCOVERY_REQUEST,
                                        strlen (AHOY_DISCOVERY_REQUEST), &request);
    }
  *seconds = (g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  return allowed;
}

static void
test_a_network_has_so_many (void **state)
{
  guint seconds;
  guint allowed = count_allowed ("2001:db8::", &seconds);

  assert_in_range (allowed, NETWORK_MAX, NETWORK_MAX * (1 + seconds));
}

/* A hundred computers are switched on at once. (Two of them may share a slot.) */
static void
test_the_local_one_is_not_counted (void **state)
{
  guint seconds;

  assert_in_range (count_allowed ("fe80::", &seconds), 9 * N_ADDRESSES, 10 * N_ADDRESSES);
}

static void
test_never_to_port_0 (void **state)
{
  g_autoptr (AhoydAnswers) answers = ahoyd_answers_new (on_describe, NULL);
  struct sockaddr_in6      ipv6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  struct sockaddr_in       ipv4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  AhoyDiscoveryRequest     request;

  assert_false (ahoyd_answers_allow (answers, (struct sockaddr *) &ipv6, (const guint8 *) AHOY_DISCOVERY_REQUEST,
                                     strlen (AHOY_DISCOVERY_REQUEST), &request));
  assert_false (ahoyd_answers_allow (answers, (struct sockaddr *) &ipv4, (const guint8 *) AHOY_DISCOVERY_REQUEST,
                                     strlen (AHOY_DISCOVERY_REQUEST), &request));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_network_has_so_many),
    cmocka_unit_test (test_the_local_one_is_not_counted),
    cmocka_unit_test (test_never_to_port_0),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
