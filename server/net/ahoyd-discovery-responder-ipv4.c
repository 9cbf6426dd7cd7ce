/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Answers requests that come over IPv4: broadcast is what finds servers there. */

#include "net/ahoyd-discovery-responder-private.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/ahoyd-datagram.h"
#include "wire/ahoy-limits.h"

/* Datagrams read in one loop turn before the connections get theirs. */
#define READ_BUDGET 64

struct _AhoydDiscoveryResponderIpv4 {
  /* Owned */
  AhoyPollWatch watch;
  int           fd;
  guint16       port;
  GArray       *served; /* struct in_addr; empty: all */
  /* Borrowed */
  AhoydAnswers *answers;
  AhoydStats   *stats;
};

static const AhoydDatagramFamily family = { IPPROTO_IP, IP_PKTINFO, sizeof (struct in_pktinfo) };

/* One datagram, and how it came. */
typedef struct {
  guint8             bytes[AHOY_DISCOVERY_MAX + 1];
  gsize              len;
  struct sockaddr_in from;
  struct in_pktinfo  info; /* spec_dst: the address of ours that it reached */
} Datagram;

typedef gboolean (*AddressIs) (const struct ifaddrs *one,
                               gconstpointer         what);

static gboolean
is_address (const struct ifaddrs *one,
            gconstpointer         what)
{
  return ((const struct sockaddr_in *) one->ifa_addr)->sin_addr.s_addr == ((const struct in_addr *) what)->s_addr;
}

typedef struct {
  struct in_addr address;
  guint          interface;
} Place;

static gboolean
is_at (const struct ifaddrs *one,
       gconstpointer         what)
{
  const Place *place = what;

  return is_address (one, &place->address) && if_nametoindex (one->ifa_name) == place->interface;
}

static gboolean
any_own_address (AddressIs     is,
                 gconstpointer what)
{
  struct ifaddrs *all = NULL;
  gboolean        found = FALSE;

  if (getifaddrs (&all) < 0)
    return FALSE;
  for (struct ifaddrs *one = all; one != NULL && !found; one = one->ifa_next)
    found = one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET && is (one, what);
  freeifaddrs (all);
  return found;
}

static gboolean
is_loopback (struct in_addr address)
{
  return (ntohl (address.s_addr) >> IN_CLASSA_NSHIFT) == IN_LOOPBACKNET;
}

/* A forged request that pretends to come from ourselves, or from another server on this machine. */
static gboolean
is_own_socket (AhoydDiscoveryResponderIpv4 *self,
               const struct sockaddr_in    *from)
{
  return ntohs (from->sin_port) == self->port && (is_loopback (from->sin_addr) || any_own_address (is_address, &from->sin_addr));
}

/* Whether the asker can reach an address that we serve. @source (out): that one, to answer from. */
static gboolean
choose_source (AhoydDiscoveryResponderIpv4 *self,
               const Datagram              *datagram,
               struct in_addr              *source)
{
  if (self->served->len == 0)
    {
      *source = datagram->info.ipi_spec_dst;
      return TRUE;
    }
  for (guint i = 0; i < self->served->len; i++)
    {
      Place place = { g_array_index (self->served, struct in_addr, i), datagram->info.ipi_ifindex };

      if (datagram->info.ipi_spec_dst.s_addr != place.address.s_addr && !is_loopback (datagram->from.sin_addr) &&
          !any_own_address (is_at, &place))
        continue;
      *source = place.address;
      return TRUE;
    }
  return FALSE;
}

static gboolean
receive (AhoydDiscoveryResponderIpv4 *self,
         Datagram                    *datagram)
{
  const gssize len = ahoyd_datagram_receive (self->fd, &family, &datagram->from, sizeof datagram->from, &datagram->info, datagram->bytes,
                                             sizeof datagram->bytes);

  datagram->len = MAX (len, 0);
  return len >= 0;
}

static void
answer (AhoydDiscoveryResponderIpv4 *self,
        const Datagram              *datagram)
{
  AhoyDiscoveryRequest request = { 0 };
  g_autoptr (GBytes)   bytes = NULL;
  struct in_pktinfo    info = { 0 };

  /* The throttle goes first: what comes after it may ask the kernel for its interfaces. */
  if (!ahoyd_answers_allow (self->answers, (const struct sockaddr *) &datagram->from, datagram->bytes, datagram->len, &request) ||
      is_own_socket (self, &datagram->from) || !choose_source (self, datagram, &info.ipi_spec_dst))
    return;
  bytes = ahoyd_answers_write (self->answers, &request, datagram->len);
  /* A reply that cannot be sent is a reply that got lost: the asker asks again. */
  if (bytes != NULL && ahoyd_datagram_send (self->fd, &family, &datagram->from, sizeof datagram->from, &info, bytes))
    self->stats->discoveries++;
}

static void
on_ready (AhoyPollWatch *watch,
          guint          events)
{
  AhoydDiscoveryResponderIpv4 *self = (AhoydDiscoveryResponderIpv4 *) watch;
  Datagram                     datagram;

  for (guint i = 0; i < READ_BUDGET; i++)
    {
      if (receive (self, &datagram))
        answer (self, &datagram);
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        return;
      /* Anything else is an ICMP answer to an earlier reply. */
    }
}

static gboolean
get_ipv4 (GInetSocketAddress *address,
          struct in_addr     *ipv4)
{
  GInetAddress *host = g_inet_socket_address_get_address (address);

  if (g_inet_address_get_family (host) != G_SOCKET_FAMILY_IPV4)
    return FALSE;
  memcpy (ipv4, g_inet_address_to_bytes (host), sizeof *ipv4);
  return TRUE;
}

static int
open_socket (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (*port) };
  socklen_t          len = sizeof address;
  const int          on = 1;
  int                fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      setsockopt (fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) < 0 ||
      bind (fd, (struct sockaddr *) &address, len) < 0 ||
      getsockname (fd, (struct sockaddr *) &address, &len) < 0)
    {
      int why = errno;

      close (fd);
      errno = why;
      return -1;
    }
  *port = ntohs (address.sin_port);
  return fd;
}

static void
add_served (AhoydDiscoveryResponderIpv4 *self,
            GPtrArray                   *addresses)
{
  struct in_addr ipv4;

  for (guint i = 0; i < addresses->len; i++)
    if (get_ipv4 (addresses->pdata[i], &ipv4))
      g_array_append_val (self->served, ipv4);
  /* Among them "all": then the others say nothing. */
  for (guint i = 0; i < self->served->len; i++)
    if (g_array_index (self->served, struct in_addr, i).s_addr == INADDR_ANY)
      g_array_set_size (self->served, 0);
}

gboolean
ahoyd_discovery_responder_ipv4_is_served (GPtrArray *addresses)
{
  struct in_addr ipv4;

  for (guint i = 0; i < addresses->len; i++)
    if (get_ipv4 (addresses->pdata[i], &ipv4))
      return TRUE;
  return addresses->len == 0;
}

AhoydDiscoveryResponderIpv4 *
ahoyd_discovery_responder_ipv4_new (AhoyPoll     *poll,
                                    GPtrArray    *addresses,
                                    guint16       port,
                                    AhoydAnswers *answers,
                                    AhoydStats   *stats,
                                    GError      **error)
{
  g_autoptr (AhoydDiscoveryResponderIpv4) self = g_new0 (AhoydDiscoveryResponderIpv4, 1);

  self->watch.on_ready = on_ready;
  self->port = port;
  self->answers = answers;
  self->stats = stats;
  self->served = g_array_new (FALSE, FALSE, sizeof (struct in_addr));
  add_served (self, addresses);

  self->fd = open_socket (&self->port);
  if (self->fd < 0)
    {
      int why = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why), "Cannot use UDP port %u for discovery: %s", port, g_strerror (why));
      return NULL;
    }
  if (!ahoy_poll_add (poll, &self->watch, self->fd, EPOLLIN, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ahoyd_discovery_responder_ipv4_free (AhoydDiscoveryResponderIpv4 *ipv4)
{
  g_return_if_fail (ipv4 != NULL);

  ahoy_poll_remove (&ipv4->watch);
  if (ipv4->fd >= 0)
    close (ipv4->fd);
  g_array_unref (ipv4->served);
  g_free (ipv4);
}

guint16
ahoyd_discovery_responder_ipv4_get_port (AhoydDiscoveryResponderIpv4 *ipv4)
{
  return ipv4->port;
}
