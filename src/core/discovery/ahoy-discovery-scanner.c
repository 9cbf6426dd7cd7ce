/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whom a search asks, and what happened to each request and reply.
 *
 * Each attempt looks at the interfaces again (a Wi-Fi may have joined meanwhile) and sends both requests to every
 * target:
 *
 *   interface    its directed broadcast address, and 255.255.255.255 out of that interface (IP_PKTINFO): a neighbour
 *                whose netmask is wrong hears only that, and without a default route the plain one goes nowhere. Six
 *                replies an attempt at most to one address, which is well below what a server grants.
 *   multicast    the IPv6 group out of that interface, where it has an IPv6 address
 *   limited      255.255.255.255 as the routes say
 *   computer     127.255.255.255, and [::1]: a server may serve nothing but IPv6
 *   address      unicast
 *
 * Replies are attributed to the interface they came in by. Extended ones count when they carry a nonce of this search;
 * classic ones, which carry nothing, when they come to the search's socket. */

#include "core/discovery/ahoy-discovery-scanner-private.h"

#include <errno.h>
#include <string.h>

#include "core/discovery/ahoy-broadcast-loopback-private.h"
#include "core/discovery/ahoy-datagram-private.h"
#include "core/discovery/ahoy-interfaces-private.h"
#include "core/discovery/ahoy-probe-private.h"
#include "core/discovery/ahoy-trial-private.h"
#include "wire/ahoy-limits.h"

/* Datagrams in one turn of the loop: a flood must not stop the window. */
#define TURN_MAX 64

/* The kernel gives lo this index in every network namespace. */
#define LOOPBACK_INDEX 1

typedef struct {
  /* Owned */
  AhoyProbe      *probe;
  GSocketAddress *to[2]; /* every attempt goes to these; some NULL */
  GSource        *loopback;

  int            index;     /* of its interface; 0: any */
  struct in_addr source;    /* INTERFACE: our address there */
  struct in_addr broadcast; /* the echo to listen for; INADDR_ANY: none */
  gboolean       present;   /* is asked */
} Target;

struct _AhoyDiscoveryScanner {
  /* Owned */
  GPtrArray  *targets;
  GListStore *probes;
  GSocket    *sockets[2]; /* IPv4, IPv6 */
  GSource    *sources[2];
  GArray     *nonces; /* AhoyNonce, one for each attempt */

  /* Borrowed */
  AhoyDiscoveryScannerFunc on_reply;
  gpointer                 data;

  guint16  discovery_port;
  guint    n_listed; /* targets whose probes are in the list */
  gboolean broadcasts;
  gboolean help;
  gboolean closed;
};

static const struct in_addr any = { 0 };

static void
target_free (Target *target)
{
  if (target->loopback != NULL)
    g_source_destroy (target->loopback);
  g_clear_pointer (&target->loopback, g_source_unref);
  for (guint i = 0; i < G_N_ELEMENTS (target->to); i++)
    g_clear_object (&target->to[i]);
  g_clear_object (&target->probe);
  g_free (target);
}

static gboolean
is_interface (const Target *target)
{
  return ahoy_probe_get_kind (target->probe) == AHOY_PROBE_INTERFACE;
}

static gboolean
is_multicast (const Target *target)
{
  return ahoy_probe_get_kind (target->probe) == AHOY_PROBE_MULTICAST;
}

static gboolean
is_computer (const Target *target)
{
  return ahoy_probe_get_kind (target->probe) == AHOY_PROBE_THIS_COMPUTER;
}

static GSocketAddress *
ipv4_address (struct in_addr address,
              guint16        port)
{
  struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr = address };

  return g_socket_address_new_from_native (&sin, sizeof sin);
}

static char *
ipv4_text (struct in_addr address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_bytes ((const guint8 *) &address, G_SOCKET_FAMILY_IPV4);

  return g_inet_address_to_string (inet);
}

static char *
ipv6_text (const struct in6_addr *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_bytes ((const guint8 *) address, G_SOCKET_FAMILY_IPV6);

  return g_inet_address_to_string (inet);
}

static guint32
scope_of (GInetSocketAddress *address)
{
  if (g_socket_address_get_family (G_SOCKET_ADDRESS (address)) != G_SOCKET_FAMILY_IPV6)
    return 0;

  return g_inet_socket_address_get_scope_id (address);
}

static void
finalize (AhoyDiscoveryScanner *self)
{
  g_ptr_array_unref (self->targets);
  g_object_unref (self->probes);
  g_array_unref (self->nonces);
}

static gboolean
is_our_nonce (AhoyDiscoveryScanner *self,
              const char           *nonce)
{
  for (guint i = 0; i < self->nonces->len; i++)
    if (g_ascii_strcasecmp (g_array_index (self->nonces, AhoyNonce, i), nonce) == 0)
      return TRUE;

  return FALSE;
}

static void
on_loopback (struct in_addr broadcast,
             int            index,
             const char    *nonce,
             gpointer       data)
{
  AhoyDiscoveryScanner *self = data;

  if (!is_our_nonce (self, nonce))
    return;

  for (guint i = 0; i < self->targets->len; i++)
    {
      Target *target = g_ptr_array_index (self->targets, i);

      /* The limited one may have come from what was sent by an interface, while the one by the routes failed. */
      if (is_multicast (target) == (broadcast.s_addr == any.s_addr) && target->broadcast.s_addr == broadcast.s_addr && (target->index == 0 || target->index == index) &&
          ahoy_probe_get_sent (target->probe) > 0)
        {
          ahoy_probe_set_echo_heard (target->probe);
          return;
        }
    }
}

static gboolean
is_from (Target         *target,
         GSocketAddress *sender)
{
  for (guint i = 0; i < G_N_ELEMENTS (target->to); i++)
    {
      GInetSocketAddress *to = (GInetSocketAddress *) target->to[i];
      GInetSocketAddress *from = G_INET_SOCKET_ADDRESS (sender);

      /* On another interface it is another address; which one is meant may not have been said. */
      if (to != NULL && g_inet_address_equal (g_inet_socket_address_get_address (to), g_inet_socket_address_get_address (from)) &&
          (scope_of (to) == 0 || scope_of (to) == scope_of (from)))
        return TRUE;
    }

  return FALSE;
}

static void
release (AhoyDiscoveryScanner *self)
{
  g_rc_box_release_full (self, (GDestroyNotify) finalize);
}

/* What comes back */

/* An address that was asked has its own count; a reply that no interface of ours explains came by some route. */
static void
count_reply (AhoyDiscoveryScanner *self,
             GSocketAddress       *sender,
             int                   index)
{
  g_autoptr (GPtrArray) counted = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean              ipv6 = g_socket_address_get_family (sender) == G_SOCKET_FAMILY_IPV6;
  AhoyProbe            *limited = NULL;
  gboolean              explained = FALSE;

  for (guint i = 0; i < self->targets->len; i++)
    {
      Target  *target = g_ptr_array_index (self->targets, i);
      gboolean counts = FALSE;

      switch (ahoy_probe_get_kind (target->probe))
        {
        case AHOY_PROBE_ADDRESS:
          counts = is_from (target, sender);
          break;
        case AHOY_PROBE_INTERFACE:
        case AHOY_PROBE_THIS_COMPUTER:
        case AHOY_PROBE_MULTICAST:
          counts = !explained && (is_computer (target) || ipv6 == is_multicast (target)) && index != 0 && target->index == index;
          explained |= counts;
          break;
        case AHOY_PROBE_LIMITED:
        default:
          limited = target->probe;
          break;
        }
      if (counts)
        g_ptr_array_add (counted, g_object_ref (target->probe));
    }

  if (counted->len == 0 && limited != NULL && !ipv6)
    g_ptr_array_add (counted, g_object_ref (limited));
  for (guint i = 0; i < counted->len; i++)
    ahoy_probe_add_reply (g_ptr_array_index (counted, i));
}

/* What no server sends: see ahoy-trial. */
static gboolean
take_trial (AhoyDiscoveryScanner *self,
            GSocketAddress       *sender,
            int                   index,
            const guint8         *data,
            gsize                 len)
{
  AhoyDiscoveryRequest request;

  if (!ahoy_discovery_request_parse (&request, data, len))
    return FALSE;

  for (guint i = 0; i < self->targets->len && request.extended && is_our_nonce (self, request.nonce); i++)
    {
      Target *target = g_ptr_array_index (self->targets, i);

      if (is_interface (target) && target->index == index &&
          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (sender)) == self->discovery_port)
        ahoy_probe_set_trial (target->probe, AHOY_TRIAL_HEARD);
    }

  return TRUE;
}

static gboolean
on_readable (GSocket     *socket,
             GIOCondition condition,
             gpointer     data)
{
  AhoyDiscoveryScanner *self = g_rc_box_acquire (data);

  for (int i = 0; i < TURN_MAX && !self->closed; i++)
    {
      guint8                      buffer[AHOY_DISCOVERY_MAX];
      g_auto (AhoyDiscoveryReply) reply = { 0 };
      g_autoptr (GSocketAddress)  sender = NULL;
      int                         index;
      gssize                      len = ahoy_datagram_receive (socket, &sender, &index, buffer, sizeof buffer);

      if (len < 0)
        break;
      if (len > AHOY_DISCOVERY_MAX || !G_IS_INET_SOCKET_ADDRESS (sender) || take_trial (self, sender, index, buffer, len) ||
          !ahoy_discovery_reply_parse (&reply, buffer, len))
        continue;
      if (reply.extended && !is_our_nonce (self, reply.nonce))
        continue;

      count_reply (self, sender, index);
      if (!self->closed)
        self->on_reply (sender, &reply, self->data);
    }

  release (self);
  return G_SOURCE_CONTINUE;
}

/* What goes out */

/* The search's socket for the family of @to; NULL with an errno when there is none to be had. */
static GSocket *
get_socket (AhoyDiscoveryScanner *self,
            GSocketAddress       *to,
            int                  *failed)
{
  guint              i = g_socket_address_get_family (to) == G_SOCKET_FAMILY_IPV6;
  g_autoptr (GError) error = NULL;

  if (self->sockets[i] == NULL)
    {
      self->sockets[i] = i == 0 ? ahoy_datagram_open_ipv4 (any, 0, FALSE, &error) : ahoy_datagram_open_ipv6 (&error);
      if (self->sockets[i] == NULL)
        {
          *failed = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED) ? EAFNOSUPPORT : EMFILE;
          return NULL;
        }
      self->sources[i] = g_socket_create_source (self->sockets[i], G_IO_IN, NULL);
      g_source_set_callback (self->sources[i], G_SOURCE_FUNC (on_readable), self, NULL);
      g_source_attach (self->sources[i], NULL);
    }

  return self->sockets[i];
}

/* Both requests of the last attempt. The extended one goes first, so that its reply is first too. */
static void
ask (AhoyDiscoveryScanner *self,
     Target               *target)
{
  AhoyDiscoveryRequest  requests[2] = { { .extended = TRUE }, { .extended = FALSE } };
  g_autoptr (AhoyProbe) probe = g_object_ref (target->probe);
  gboolean              bound = is_interface (target);
  guint                 sent = 0;
  int                   error = 0;

  requests[0].help = self->help && (bound || ahoy_probe_get_kind (probe) == AHOY_PROBE_LIMITED);
  memcpy (requests[0].nonce, g_array_index (self->nonces, AhoyNonce, self->nonces->len - 1), sizeof (AhoyNonce));

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GBytes) data = ahoy_discovery_request_write (&requests[i]);

      for (guint j = 0; j < G_N_ELEMENTS (target->to); j++)
        {
          GSocket *socket;
          int      failed = 0;

          if (target->to[j] == NULL)
            continue;
          socket = get_socket (self, target->to[j], &failed);
          if (socket != NULL)
            failed = ahoy_datagram_send (socket, target->to[j], bound ? target->index : 0, target->source, data);
          if (is_computer (target) && j > 0) /* many computers do without IPv6, and there is nothing to explain in that */
            continue;
          if (failed == 0)
            sent++;
          else if (failed != EADDRNOTAVAIL || !is_multicast (target))
            error = failed;
          /* Else the interface has lost its address since we looked at it, or makes sure of another one: the next attempt looks again. */
        }
    }

  if (bound && sent > 0 && self->sockets[0] != NULL &&
      ahoy_trial_send (self->sockets[0], target->index, target->source, target->broadcast, self->discovery_port, requests[0].nonce))
    ahoy_probe_set_trial (probe, AHOY_TRIAL_SENT);
  ahoy_probe_add_sent (probe, sent);
  if (error != 0)
    ahoy_probe_set_error (probe, error);
}

static Target *
add_target (AhoyDiscoveryScanner *self,
            AhoyProbe            *probe)
{
  Target *target = g_new0 (Target, 1);

  target->probe = probe;
  target->present = TRUE;
  g_ptr_array_add (self->targets, target);

  return target;
}

/* Lists the probes of new targets: last of all, since who looks at the list may end the search. */
static void
list_probes (AhoyDiscoveryScanner *self)
{
  g_rc_box_acquire (self);
  while (!self->closed && self->n_listed < self->targets->len)
    {
      Target *target = g_ptr_array_index (self->targets, self->n_listed++);

      g_list_store_append (self->probes, target->probe);
    }
  release (self);
}

static void
aim_broadcast (AhoyDiscoveryScanner *self,
               Target               *target,
               struct in_addr        broadcast)
{
  struct in_addr limited = { htonl (INADDR_BROADCAST) };

  g_assert (target->to[0] == NULL && target->loopback == NULL);

  target->broadcast = broadcast;
  target->to[0] = ipv4_address (broadcast, self->discovery_port);
  if (is_interface (target) && broadcast.s_addr != limited.s_addr)
    target->to[1] = ipv4_address (limited, self->discovery_port);
  target->loopback = ahoy_broadcast_loopback_listen (broadcast, self->discovery_port, on_loopback, self);
}

static void
add_interface (AhoyDiscoveryScanner *self,
               const AhoyInterface  *interface)
{
  g_autofree char *address = interface->address.s_addr != any.s_addr ? ipv4_text (interface->address) : NULL;
  g_autofree char *broadcast = interface->broadcast.s_addr != any.s_addr ? ipv4_text (interface->broadcast) : NULL;
  Target          *found = NULL;

  for (guint i = 0; i < self->targets->len && found == NULL; i++)
    {
      Target *target = g_ptr_array_index (self->targets, i);

      if (is_interface (target) && target->index == interface->index &&
          g_str_equal (ahoy_probe_get_interface (target->probe), interface->name) &&
          (broadcast == NULL || target->broadcast.s_addr == any.s_addr || target->broadcast.s_addr == interface->broadcast.s_addr))
        found = target;
    }

  if (found == NULL)
    {
      found = add_target (self, ahoy_probe_new (AHOY_PROBE_INTERFACE, interface->name, address, broadcast));
      found->index = interface->index;
    }

  /* One whose address is gone keeps its record and is not asked. */
  found->present = broadcast != NULL;
  if (broadcast == NULL)
    return;
  found->source = interface->address;
  if (found->to[0] == NULL)
    aim_broadcast (self, found, interface->broadcast);
  ahoy_probe_set_addresses (found->probe, address, broadcast);
}

static void
add_multicast (AhoyDiscoveryScanner *self,
               const AhoyInterface  *interface)
{
  g_autofree char *address = ipv6_text (&interface->ipv6);
  Target          *found = NULL;

  for (guint i = 0; i < self->targets->len && found == NULL; i++)
    {
      Target *target = g_ptr_array_index (self->targets, i);

      if (is_multicast (target) && target->index == interface->index &&
          g_str_equal (ahoy_probe_get_interface (target->probe), interface->name))
        found = target;
    }

  if (found == NULL)
    {
      g_autoptr (GInetAddress) group = g_inet_address_new_from_string (AHOY_DISCOVERY_GROUP);

      found = add_target (self, ahoy_probe_new (AHOY_PROBE_MULTICAST, interface->name, address, AHOY_DISCOVERY_GROUP));
      found->index = interface->index;
      found->to[0] = g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", group, "port", self->discovery_port, "scope-id", interface->index, NULL);
      found->loopback = ahoy_broadcast_loopback_listen_group (G_INET_SOCKET_ADDRESS (found->to[0]), on_loopback, self);
    }
  found->present = TRUE;
  ahoy_probe_set_addresses (found->probe, address, AHOY_DISCOVERY_GROUP);
}

static void
look_at_interfaces (AhoyDiscoveryScanner *self,
                    GHashTable          **own)
{
  g_autoptr (GPtrArray) interfaces = ahoy_interfaces_list (own);

  for (guint i = 0; i < self->targets->len; i++)
    {
      Target *target = g_ptr_array_index (self->targets, i);

      if (is_interface (target) || is_multicast (target))
        target->present = FALSE;
    }
  for (guint i = 0; i < interfaces->len; i++)
    add_interface (self, g_ptr_array_index (interfaces, i));
  for (guint i = 0; i < interfaces->len; i++)
    {
      const AhoyInterface *interface = g_ptr_array_index (interfaces, i);

      if (!IN6_IS_ADDR_UNSPECIFIED (&interface->ipv6))
        add_multicast (self, interface);
    }
}

AhoyDiscoveryScanner *
ahoy_discovery_scanner_new (guint16                  discovery_port,
                            GListStore              *probes,
                            AhoyDiscoveryScannerFunc on_reply,
                            gpointer                 data)
{
  AhoyDiscoveryScanner *self = g_rc_box_new0 (AhoyDiscoveryScanner);

  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);
  self->probes = g_object_ref (probes);
  self->nonces = g_array_new (FALSE, FALSE, sizeof (AhoyNonce));
  self->on_reply = on_reply;
  self->data = data;
  self->discovery_port = discovery_port;

  return self;
}

void
ahoy_discovery_scanner_free (AhoyDiscoveryScanner *self)
{
  self->closed = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (self->sockets); i++)
    {
      if (self->sources[i] != NULL)
        g_source_destroy (self->sources[i]);
      g_clear_pointer (&self->sources[i], g_source_unref);
      g_clear_object (&self->sockets[i]);
    }
  g_ptr_array_set_size (self->targets, 0);
  release (self);
}

void
ahoy_discovery_scanner_add_broadcasts (AhoyDiscoveryScanner *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  Target                  *target;

  self->broadcasts = TRUE;

  target = add_target (self, ahoy_probe_new (AHOY_PROBE_THIS_COMPUTER, "lo", "127.0.0.1", "127.255.255.255"));
  target->index = LOOPBACK_INDEX;
  aim_broadcast (self, target, (struct in_addr){ htonl (INADDR_LOOPBACK | ~IN_CLASSA_NET) });
  target->to[1] = g_inet_socket_address_new (loopback, self->discovery_port);

  look_at_interfaces (self, NULL);

  target = add_target (self, ahoy_probe_new (AHOY_PROBE_LIMITED, NULL, NULL, "255.255.255.255"));
  aim_broadcast (self, target, (struct in_addr){ htonl (INADDR_BROADCAST) });

  list_probes (self);
}

void
ahoy_discovery_scanner_add_address (AhoyDiscoveryScanner *self,
                                    GSocketAddress       *address,
                                    guint16               port)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char    *host = ahoy_discovery_scanner_host_text (address);
  Target             *target = add_target (self, ahoy_probe_new (AHOY_PROBE_ADDRESS, NULL, NULL, host));

  target->to[0] = g_object_ref (address);
  if (port != 0 && port != g_inet_socket_address_get_port (inet))
    target->to[1] = g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", g_inet_socket_address_get_address (inet), "port", port,
                                  "scope-id", scope_of (inet), NULL);

  if (self->nonces->len > 0)
    ask (self, target);
  list_probes (self);
}

void
ahoy_discovery_scanner_ask (AhoyDiscoveryScanner *self,
                            GHashTable          **own)
{
  AhoyNonce nonce;

  ahoy_nonce_fill (nonce);
  g_array_append_val (self->nonces, nonce);

  g_rc_box_acquire (self);
  *own = NULL;
  if (self->broadcasts)
    look_at_interfaces (self, own);
  for (guint i = 0; !self->closed && i < self->targets->len; i++)
    {
      Target *target = g_ptr_array_index (self->targets, i);

      if (target->present)
        ask (self, target);
    }
  list_probes (self);
  release (self);
}

void
ahoy_discovery_scanner_set_help (AhoyDiscoveryScanner *self,
                                 gboolean              help)
{
  self->help = help;
}

gboolean
ahoy_discovery_scanner_was_asked (AhoyDiscoveryScanner *self,
                                  GSocketAddress       *address)
{
  for (guint i = 0; i < self->targets->len; i++)
    if (is_from (g_ptr_array_index (self->targets, i), address))
      return TRUE;

  return FALSE;
}

char *
ahoy_discovery_scanner_host_text (GSocketAddress *address)
{
  return ahoy_interfaces_host_text (G_INET_SOCKET_ADDRESS (address));
}
