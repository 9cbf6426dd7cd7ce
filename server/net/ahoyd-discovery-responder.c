/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Answers "is there a chat server?" on UDP, over IPv4 and IPv6. */

#include "net/ahoyd-discovery-responder.h"

#include "net/ahoyd-discovery-responder-private.h"
#include "wire/ahoy-limits.h"

struct _AhoydDiscoveryResponder {
  /* Owned */
  AhoydAnswers                *answers;
  AhoydDiscoveryResponderIpv4 *ipv4; /* NULL: not served */
  AhoydDiscoveryResponderIpv6 *ipv6; /* NULL: not served, or this machine has none */
};

AhoydDiscoveryResponder *
ahoyd_discovery_responder_new (AhoyPoll            *poll,
                               GPtrArray           *addresses,
                               guint16              port,
                               AhoydStats          *stats,
                               AhoydAnswersDescribe describe,
                               gpointer             data,
                               GError             **error)
{
  g_autoptr (AhoydDiscoveryResponder) self = NULL;
  g_autoptr (GError)                  missing = NULL;

  g_return_val_if_fail (poll != NULL && addresses != NULL && stats != NULL && describe != NULL, NULL);

  self = g_new0 (AhoydDiscoveryResponder, 1);
  self->answers = ahoyd_answers_new (describe, data);
  if (ahoyd_discovery_responder_ipv4_is_served (addresses))
    {
      self->ipv4 = ahoyd_discovery_responder_ipv4_new (poll, addresses, port, self->answers, stats, error);
      if (self->ipv4 == NULL)
        return NULL;
      port = ahoyd_discovery_responder_ipv4_get_port (self->ipv4);
    }
  if (ahoyd_discovery_responder_ipv6_is_served (addresses))
    {
      self->ipv6 = ahoyd_discovery_responder_ipv6_new (poll, addresses, port, self->answers, stats, &missing);
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
ahoyd_discovery_responder_free (AhoydDiscoveryResponder *responder)
{
  g_return_if_fail (responder != NULL);

  g_clear_pointer (&responder->ipv4, ahoyd_discovery_responder_ipv4_free);
  g_clear_pointer (&responder->ipv6, ahoyd_discovery_responder_ipv6_free);
  ahoyd_answers_free (responder->answers);
  g_free (responder);
}

guint16
ahoyd_discovery_responder_get_port (AhoydDiscoveryResponder *responder)
{
  return responder->ipv4 != NULL ? ahoyd_discovery_responder_ipv4_get_port (responder->ipv4) : ahoyd_discovery_responder_ipv6_get_port (responder->ipv6);
}

char *
ahoyd_discovery_responder_to_string (AhoydDiscoveryResponder *responder)
{
  g_autofree char *interfaces = NULL;

  if (responder->ipv6 == NULL)
    return g_strdup_printf ("UDP port %u, over IPv4", ahoyd_discovery_responder_get_port (responder));
  interfaces = ahoyd_discovery_responder_ipv6_dup_interfaces (responder->ipv6);
  return g_strdup_printf ("UDP port %u, over %sIPv6 (%s on %s)", ahoyd_discovery_responder_get_port (responder), responder->ipv4 != NULL ? "IPv4 and over " : "",
                          AHOY_DISCOVERY_GROUP, interfaces);
}
