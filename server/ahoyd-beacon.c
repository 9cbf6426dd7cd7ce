/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Answers "is there a chat server?" on UDP, over IPv4 and IPv6. */

#define G_LOG_DOMAIN "ahoyd"

#include "ahoyd-beacon.h"

#include "ahoyd-beacon-private.h"
#include "wire/ahoy-limits.h"

struct _AhoydBeacon {
  /* Owned */
  AhoydAnswers    *answers;
  AhoydBeaconIpv4 *ipv4; /* NULL: not served */
  AhoydBeaconIpv6 *ipv6; /* NULL: not served, or this machine has none */
};

AhoydBeacon *
ahoyd_beacon_new (AhoyPoll              *poll,
                  GPtrArray             *addresses,
                  guint16                port,
                  AhoydStats            *stats,
                  AhoydAnswersDescribe   describe,
                  gpointer               data,
                  GError               **error)
{
  g_autoptr (AhoydBeacon) self = NULL;
  g_autoptr (GError) missing = NULL;

  g_return_val_if_fail (poll != NULL && addresses != NULL && stats != NULL && describe != NULL, NULL);

  self = g_new0 (AhoydBeacon, 1);
  self->answers = ahoyd_answers_new (describe, data);
  if (ahoyd_beacon_ipv4_is_served (addresses))
    {
      self->ipv4 = ahoyd_beacon_ipv4_new (poll, addresses, port, self->answers, stats, error);
      if (self->ipv4 == NULL)
        return NULL;
      port = ahoyd_beacon_ipv4_get_port (self->ipv4);
    }
  if (ahoyd_beacon_ipv6_is_served (addresses))
    {
      self->ipv6 = ahoyd_beacon_ipv6_new (poll, addresses, port, self->answers, stats, &missing);
      if (self->ipv6 == NULL && self->ipv4 == NULL)
        {
          g_propagate_error (error, g_steal_pointer (&missing));
          return NULL;
        }
      if (self->ipv6 == NULL)
        g_message ("It is not found over IPv6: %s", missing->message);
    }
  return g_steal_pointer (&self);
}

void
ahoyd_beacon_free (AhoydBeacon *beacon)
{
  g_return_if_fail (beacon != NULL);

  g_clear_pointer (&beacon->ipv4, ahoyd_beacon_ipv4_free);
  g_clear_pointer (&beacon->ipv6, ahoyd_beacon_ipv6_free);
  ahoyd_answers_free (beacon->answers);
  g_free (beacon);
}

guint16
ahoyd_beacon_get_port (AhoydBeacon *beacon)
{
  return beacon->ipv4 != NULL ? ahoyd_beacon_ipv4_get_port (beacon->ipv4) : ahoyd_beacon_ipv6_get_port (beacon->ipv6);
}

char *
ahoyd_beacon_to_string (AhoydBeacon *beacon)
{
  g_autofree char *interfaces = NULL;

  if (beacon->ipv6 == NULL)
    return g_strdup_printf ("UDP port %u, over IPv4", ahoyd_beacon_get_port (beacon));
  interfaces = ahoyd_beacon_ipv6_dup_interfaces (beacon->ipv6);
  return g_strdup_printf ("UDP port %u, over %sIPv6 (%s on %s)", ahoyd_beacon_get_port (beacon), beacon->ipv4 != NULL ? "IPv4 and over " : "",
                          AHOY_DISCOVERY_GROUP, interfaces);
}
