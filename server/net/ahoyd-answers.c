/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is answered to "is there a chat server?", and how often. */

#include "net/ahoyd-answers.h"

#include <netinet/in.h>
#include <string.h>

#include "net/ahoyd-address-limits.h"
#include "net/ahoyd-throttle.h"
#include "wire/ahoy-limits.h"

struct _AhoydAnswers {
  /* Owned */
  AhoydThrottle *addresses;
  AhoydThrottle *networks; /* IPv6: /64 */
  /* Borrowed */
  AhoydAnswersDescribe describe;
  gpointer             data;
};

static guint64
random_secret (void)
{
  return (guint64) g_random_int () << 32 | g_random_int ();
}

AhoydAnswers *
ahoyd_answers_new (AhoydAnswersDescribe describe,
                   gpointer             data)
{
  AhoydAnswers *self = g_new0 (AhoydAnswers, 1);

  self->addresses = ahoyd_throttle_new (AHOY_DISCOVERY_REPLIES_PER_SECOND, random_secret ());
  self->networks = ahoyd_throttle_new (AHOY_DISCOVERY_REPLIES_PER_SECOND * AHOYD_ADDRESS_LIMITS_NETWORK, random_secret ());
  self->describe = describe;
  self->data = data;
  return self;
}

void
ahoyd_answers_free (AhoydAnswers *answers)
{
  g_return_if_fail (answers != NULL);

  ahoyd_throttle_free (answers->addresses);
  ahoyd_throttle_free (answers->networks);
  g_free (answers);
}

static gboolean
allow_ipv6 (AhoydAnswers          *self,
            const struct in6_addr *address,
            gint64                 now)
{
  guint64 halves[2];

  memcpy (halves, address, sizeof halves);
  if (!ahoyd_throttle_allow (self->addresses, halves[0], halves[1], now))
    return FALSE;
  return IN6_IS_ADDR_LINKLOCAL (address) || ahoyd_throttle_allow (self->networks, halves[0], 0, now);
}

static gboolean
allow_source (AhoydAnswers          *self,
              const struct sockaddr *from)
{
  const struct sockaddr_in  *ipv4 = (const struct sockaddr_in *) from;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) from;
  gint64                     now = g_get_monotonic_time ();

  /* Port and family are at the same place in both. */
  if (ipv4->sin_port == 0)
    return FALSE;
  if (from->sa_family == AF_INET6)
    return allow_ipv6 (self, &ipv6->sin6_addr, now);
  return ahoyd_throttle_allow (self->addresses, ipv4->sin_addr.s_addr, 0, now);
}

gboolean
ahoyd_answers_allow (AhoydAnswers          *answers,
                     const struct sockaddr *from,
                     const guint8          *bytes,
                     gsize                  len,
                     AhoyDiscoveryRequest  *request)
{
  return len <= AHOY_DISCOVERY_MAX && ahoy_discovery_request_parse (request, bytes, len) && allow_source (answers, from);
}

GBytes *
ahoyd_answers_write (AhoydAnswers               *answers,
                     const AhoyDiscoveryRequest *request,
                     gsize                       len)
{
  AhoyDiscoveryReply reply = { 0 };

  reply.extended = request->extended;
  memcpy (reply.nonce, request->nonce, sizeof reply.nonce);
  answers->describe (&reply, answers->data);
  return ahoy_discovery_reply_write (&reply, MIN (len * AHOY_DISCOVERY_AMPLIFICATION, AHOY_DISCOVERY_MAX));
}
