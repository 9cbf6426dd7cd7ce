/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Answers requests that come over IPv6: a multicast group is what finds servers there, and has to be joined on each interface.
 *
 * The kernel forgets what an interface had joined when it goes, and knows nothing of one that comes: with every change all are looked at. */

#define _GNU_SOURCE /* struct in6_pktinfo */
#include "net/ahoyd-discovery-responder-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/ahoyd-datagram.h"
#include "net/ahoyd-links.h"
#include "wire/ahoy-limits.h"

/* Datagrams read in one loop turn before the connections get theirs. */
#define READ_BUDGET 64
/* Interfaces that are named for the operator: a machine with many containers has hundreds. */
#define NAMED_MAX 8

typedef struct {
  struct in6_addr address;
  guint           interface; /* 0: any */
} Place;

struct _AhoydDiscoveryResponderIpv6 {
  /* Owned */
  AhoyPollWatch watch;
  int           fd;
  guint16       port;
  GArray       *served; /* Place; empty: all */
  GTree        *joined; /* index -> name */
  AhoydLinks   *links;  /* NULL: the kernel tells of no changes */
  /* Borrowed */
  AhoydAnswers *answers;
  AhoydStats   *stats;
};

static const AhoydDatagramFamily family = { IPPROTO_IPV6, IPV6_PKTINFO, sizeof (struct in6_pktinfo) };

/* One datagram, and how it came. */
typedef struct {
  guint8              bytes[AHOY_DISCOVERY_MAX + 1];
  gsize               len;
  struct sockaddr_in6 from;
  struct in6_pktinfo  info; /* the address that it was sent to, the interface that it came in by */
} Datagram;

/* --- This machine's addresses --- */

static const struct in6_addr *
address_of (const struct ifaddrs *one)
{
  return &((const struct sockaddr_in6 *) one->ifa_addr)->sin6_addr;
}

/* @all: NULL: the kernel does not tell. */
static gboolean
is_own (const struct ifaddrs *all,
        const Place          *place)
{
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    if (one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET6 && IN6_ARE_ADDR_EQUAL (address_of (one), &place->address) &&
        (place->interface == 0 || if_nametoindex (one->ifa_name) == place->interface))
      return TRUE;
  return FALSE;
}

static gboolean
is_own_place (const Place *place)
{
  struct ifaddrs *all = NULL;
  gboolean        found;

  if (getifaddrs (&all) < 0)
    return FALSE;
  found = is_own (all, place);
  freeifaddrs (all);
  return found;
}

/* An interface has none where IPv6 is switched off for it (the kernel lets one join a group there all the same), and none at first. */
static gboolean
has_address (const struct ifaddrs *all,
             const char           *name)
{
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    if (one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET6 && g_str_equal (one->ifa_name, name))
      return TRUE;
  return FALSE;
}

/* Whether what is served is at that interface. */
static gboolean
serves_interface (AhoydDiscoveryResponderIpv6 *self,
                  const struct ifaddrs        *all,
                  guint                        interface)
{
  for (guint i = 0; i < self->served->len; i++)
    {
      Place place = g_array_index (self->served, Place, i);

      if (place.interface != 0 && place.interface != interface)
        continue;
      place.interface = interface;
      if (is_own (all, &place))
        return TRUE;
    }
  return self->served->len == 0;
}

/* --- The group --- */

static gboolean
change_membership (AhoydDiscoveryResponderIpv6 *self,
                   guint                        interface,
                   int                          how)
{
  struct ipv6_mreq request = { .ipv6mr_interface = interface };

  inet_pton (AF_INET6, AHOY_DISCOVERY_GROUP, &request.ipv6mr_multiaddr);
  return setsockopt (self->fd, IPPROTO_IPV6, how, &request, sizeof request) == 0 || errno == EADDRINUSE;
}

/* A tunnel or modem is no local network, and nobody is asked through one either. */
static gboolean
is_candidate (const struct ifaddrs *one)
{
  const guint wanted = IFF_UP | IFF_MULTICAST;

  return one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_PACKET &&
         (one->ifa_flags & (wanted | IFF_LOOPBACK | IFF_POINTOPOINT | IFF_SLAVE)) == wanted;
}

typedef struct {
  GTree  *there;
  GArray *gone;
} Look;

static gboolean
note_gone (gpointer key,
           gpointer name,
           gpointer data)
{
  Look *look = data;
  guint interface = GPOINTER_TO_UINT (key);

  if (g_tree_lookup (look->there, key) == NULL)
    g_array_append_val (look->gone, interface);
  return FALSE;
}

static gint
compare_indexes (gconstpointer a,
                 gconstpointer b,
                 gpointer      data)
{
  guint one = GPOINTER_TO_UINT (a);
  guint other = GPOINTER_TO_UINT (b);

  return (one > other) - (one < other);
}

static GTree *
new_interfaces (void)
{
  return g_tree_new_full (compare_indexes, NULL, NULL, g_free);
}

/* Returns: whether the group was joined or left anywhere. */
static gboolean
join_everywhere (AhoydDiscoveryResponderIpv6 *self)
{
  g_autoptr (GTree)  there = new_interfaces ();
  g_autoptr (GArray) gone = g_array_new (FALSE, FALSE, sizeof (guint));
  Look               look = { there, gone };
  struct ifaddrs    *all = NULL;
  gboolean           changed = FALSE;

  if (getifaddrs (&all) < 0)
    return FALSE;
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    {
      guint interface;

      if (!is_candidate (one))
        continue;
      interface = ((const struct sockaddr_ll *) one->ifa_addr)->sll_ifindex;
      if (has_address (all, one->ifa_name) && serves_interface (self, all, interface))
        g_tree_insert (there, GUINT_TO_POINTER (interface), g_strdup (one->ifa_name));
      if (g_tree_lookup (there, GUINT_TO_POINTER (interface)) == NULL || g_tree_lookup (self->joined, GUINT_TO_POINTER (interface)) != NULL ||
          !change_membership (self, interface, IPV6_JOIN_GROUP))
        continue;
      g_tree_insert (self->joined, GUINT_TO_POINTER (interface), g_strdup (one->ifa_name));
      changed = TRUE;
    }
  freeifaddrs (all);

  g_tree_foreach (self->joined, note_gone, &look);
  for (guint i = 0; i < gone->len; i++)
    {
      change_membership (self, g_array_index (gone, guint, i), IPV6_LEAVE_GROUP);
      g_tree_remove (self->joined, GUINT_TO_POINTER (g_array_index (gone, guint, i)));
    }
  return changed || gone->len > 0;
}

static void
on_links_changed (gpointer data)
{
  AhoydDiscoveryResponderIpv6 *self = data;
  g_autofree char             *interfaces = NULL;

  if (!join_everywhere (self))
    return;
  interfaces = ahoyd_discovery_responder_ipv6_dup_interfaces (self);
  g_info ("It is found over IPv6 on %s now", interfaces);
}

/* --- Requests and replies --- */

/* A forged request that pretends to come from ourselves, or from another server on this machine. */
static gboolean
is_own_socket (AhoydDiscoveryResponderIpv6 *self,
               const Datagram              *datagram)
{
  const Place place = { datagram->from.sin6_addr, 0 };

  return ntohs (datagram->from.sin6_port) == self->port && (IN6_IS_ADDR_LOOPBACK (&place.address) || is_own_place (&place));
}

/* Whether the asker can reach an address that we serve. @source (out): that one, to answer from; "::": the kernel chooses. */
static gboolean
choose_source (AhoydDiscoveryResponderIpv6 *self,
               const Datagram              *datagram,
               struct in6_pktinfo          *source)
{
  const struct in6_pktinfo *info = &datagram->info;

  /* Of its own accord the kernel would choose among all addresses, whichever was asked. A route to the asker it knows best, but that a
   * link-local address is of that interface. */
  *source = (struct in6_pktinfo){ .ipi6_ifindex = IN6_IS_ADDR_LINKLOCAL (&datagram->from.sin6_addr) ? info->ipi6_ifindex : 0 };
  if (self->served->len == 0)
    {
      if (!IN6_IS_ADDR_MULTICAST (&info->ipi6_addr))
        source->ipi6_addr = info->ipi6_addr;
      return TRUE;
    }
  for (guint i = 0; i < self->served->len; i++)
    {
      Place place = g_array_index (self->served, Place, i);

      if (place.interface != 0 && place.interface != info->ipi6_ifindex)
        continue;
      place.interface = info->ipi6_ifindex;
      if (!IN6_ARE_ADDR_EQUAL (&info->ipi6_addr, &place.address) && !IN6_IS_ADDR_LOOPBACK (&datagram->from.sin6_addr) && !is_own_place (&place))
        continue;
      source->ipi6_addr = place.address;
      return TRUE;
    }
  return FALSE;
}

static gboolean
receive (AhoydDiscoveryResponderIpv6 *self,
         Datagram                    *datagram)
{
  const gssize len = ahoyd_datagram_receive (self->fd, &family, &datagram->from, sizeof datagram->from, &datagram->info, datagram->bytes,
                                             sizeof datagram->bytes);

  datagram->len = MAX (len, 0);
  return len >= 0;
}

static void
answer (AhoydDiscoveryResponderIpv6 *self,
        const Datagram              *datagram)
{
  AhoyDiscoveryRequest request = { 0 };
  g_autoptr (GBytes)   bytes = NULL;
  struct in6_pktinfo   source;

  /* An answer to "::" would go to this machine. */
  if (IN6_IS_ADDR_UNSPECIFIED (&datagram->from.sin6_addr))
    return;
  /* The throttle goes first: what comes after it may ask the kernel for its interfaces. */
  if (!ahoyd_answers_allow (self->answers, (const struct sockaddr *) &datagram->from, datagram->bytes, datagram->len, &request) ||
      is_own_socket (self, datagram) || !choose_source (self, datagram, &source))
    return;
  bytes = ahoyd_answers_write (self->answers, &request, datagram->len);
  /* A reply that cannot be sent is a reply that got lost: the asker asks again. */
  if (bytes != NULL && ahoyd_datagram_send (self->fd, &family, &datagram->from, sizeof datagram->from, &source, bytes))
    self->stats->discoveries++;
}

static void
on_ready (AhoyPollWatch *watch,
          guint          events)
{
  AhoydDiscoveryResponderIpv6 *self = (AhoydDiscoveryResponderIpv6 *) watch;
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

/* --- The responder --- */

static int
open_socket (guint16 *port)
{
  struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons (*port) };
  socklen_t           len = sizeof address;
  const int           on = 1;
  int                 fd = socket (AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0 || setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
      setsockopt (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on) < 0 || bind (fd, (struct sockaddr *) &address, len) < 0 ||
      getsockname (fd, (struct sockaddr *) &address, &len) < 0)
    {
      int why = errno;

      close (fd);
      errno = why;
      return -1;
    }
  *port = ntohs (address.sin6_port);
  return fd;
}

static gboolean
get_place (GInetSocketAddress *address,
           Place              *place)
{
  GInetAddress *host = g_inet_socket_address_get_address (address);

  if (g_inet_address_get_family (host) != G_SOCKET_FAMILY_IPV6)
    return FALSE;
  memcpy (&place->address, g_inet_address_to_bytes (host), sizeof place->address);
  place->interface = g_inet_socket_address_get_scope_id (address);
  return TRUE;
}

static void
add_served (AhoydDiscoveryResponderIpv6 *self,
            GPtrArray                   *addresses)
{
  Place place;

  for (guint i = 0; i < addresses->len; i++)
    if (get_place (addresses->pdata[i], &place))
      g_array_append_val (self->served, place);
  /* Among them "all": then the others say nothing. */
  for (guint i = 0; i < self->served->len; i++)
    if (IN6_IS_ADDR_UNSPECIFIED (&g_array_index (self->served, Place, i).address))
      g_array_set_size (self->served, 0);
}

gboolean
ahoyd_discovery_responder_ipv6_is_served (GPtrArray *addresses)
{
  Place place;

  for (guint i = 0; i < addresses->len; i++)
    if (get_place (addresses->pdata[i], &place))
      return TRUE;
  return addresses->len == 0;
}

AhoydDiscoveryResponderIpv6 *
ahoyd_discovery_responder_ipv6_new (AhoyPoll     *poll,
                                    GPtrArray    *addresses,
                                    guint16       port,
                                    AhoydAnswers *answers,
                                    AhoydStats   *stats,
                                    GError      **error)
{
  g_autoptr (AhoydDiscoveryResponderIpv6) self = g_new0 (AhoydDiscoveryResponderIpv6, 1);
  g_autoptr (GError)                      untold = NULL;

  self->watch.on_ready = on_ready;
  self->port = port;
  self->answers = answers;
  self->stats = stats;
  self->served = g_array_new (FALSE, FALSE, sizeof (Place));
  self->joined = new_interfaces ();
  add_served (self, addresses);

  self->fd = open_socket (&self->port);
  if (self->fd < 0)
    {
      int why = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (why), "Cannot use UDP port %u for discovery over IPv6: %s", port, g_strerror (why));
      return NULL;
    }
  if (!ahoy_poll_add (poll, &self->watch, self->fd, EPOLLIN, error))
    return NULL;
  /* Before looking: what changes meanwhile is told. */
  self->links = ahoyd_links_new (poll, on_links_changed, self, &untold);
  if (self->links == NULL)
    g_message ("%s: those that come later are not listened to", untold->message);
  join_everywhere (self);
  return g_steal_pointer (&self);
}

void
ahoyd_discovery_responder_ipv6_free (AhoydDiscoveryResponderIpv6 *ipv6)
{
  g_return_if_fail (ipv6 != NULL);

  g_clear_pointer (&ipv6->links, ahoyd_links_free);
  ahoy_poll_remove (&ipv6->watch);
  if (ipv6->fd >= 0)
    close (ipv6->fd);
  g_array_unref (ipv6->served);
  g_tree_unref (ipv6->joined);
  g_free (ipv6);
}

guint16
ahoyd_discovery_responder_ipv6_get_port (AhoydDiscoveryResponderIpv6 *ipv6)
{
  return ipv6->port;
}

typedef struct {
  GString *text;
  guint    n;
} Names;

static gboolean
add_name (gpointer interface,
          gpointer name,
          gpointer data)
{
  Names *names = data;

  if (names->n++ < NAMED_MAX)
    g_string_append_printf (names->text, "%s%s", names->n > 1 ? ", " : "", (const char *) name);
  return FALSE;
}

char *
ahoyd_discovery_responder_ipv6_dup_interfaces (AhoydDiscoveryResponderIpv6 *ipv6)
{
  Names names = { g_string_new (NULL), 0 };

  g_tree_foreach (ipv6->joined, add_name, &names);
  if (names.n == 0)
    g_string_append (names.text, "no interface yet");
  else if (names.n > NAMED_MAX)
    g_string_append_printf (names.text, " and %u more", names.n - NAMED_MAX);
  return g_string_free (names.text, FALSE);
}
