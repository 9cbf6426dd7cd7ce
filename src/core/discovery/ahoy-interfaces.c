/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The interfaces that a LAN may be behind, as the kernel lists them. */

#include "core/discovery/ahoy-interfaces-private.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

/* /proc/net/if_inet6: addresses that nobody may be spoken to from, IFA_F_DADFAILED and IFA_F_TENTATIVE of <linux/if_addr.h>, which getifaddrs()
 * does not tell. */
#define NOT_USABLE (0x08 | 0x40)

void
ahoy_interface_free (AhoyInterface *self)
{
  g_free (self->name);
  g_free (self);
}

struct in_addr
ahoy_interfaces_broadcast (struct in_addr address,
                           struct in_addr netmask)
{
  guint32 hosts = ~ntohl (netmask.s_addr);

  return (struct in_addr){ hosts > 1 ? address.s_addr | htonl (hosts) : htonl (INADDR_BROADCAST) };
}

/* A member of a bridge or bond: its LAN is its master's. */
static gboolean
has_master (const char *name)
{
  g_autofree char *path = g_build_filename ("/sys/class/net", name, "master", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static struct in_addr
in_addr_of (const struct sockaddr *sa)
{
  return ((const struct sockaddr_in *) (const void *) sa)->sin_addr;
}

static gboolean
is_candidate (const struct ifaddrs *ifa)
{
  return (ifa->ifa_flags & (IFF_UP | IFF_RUNNING | IFF_BROADCAST)) == (IFF_UP | IFF_RUNNING | IFF_BROADCAST) &&
         (ifa->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) == 0;
}

static gboolean
is_listed (GPtrArray     *list,
           int            index,
           struct in_addr broadcast)
{
  for (guint i = 0; i < list->len; i++)
    {
      AhoyInterface *other = g_ptr_array_index (list, i);

      if (other->index == index && (broadcast.s_addr == htonl (INADDR_ANY) || other->broadcast.s_addr == broadcast.s_addr))
        return TRUE;
    }

  return FALSE;
}

/* One line of /proc/net/if_inet6: the address in 32 hex digits, index, length of the prefix, scope, flags (all in hex), name. */
static gboolean
parse_ipv6 (const char      *line,
            struct in6_addr *address,
            guint           *index,
            guint           *flags)
{
  char digits[33];

  if (sscanf (line, "%32[0-9a-f] %x %*x %*x %x", digits, index, flags) != 3 || strlen (digits) != 32)
    return FALSE;
  for (gsize i = 0; i < sizeof address->s6_addr; i++)
    address->s6_addr[i] = g_ascii_xdigit_value (digits[2 * i]) << 4 | g_ascii_xdigit_value (digits[2 * i + 1]);
  return TRUE;
}

static void
add_ipv6 (GPtrArray *list)
{
  g_autofree char *text = NULL;
  g_auto (GStrv)   lines = NULL;

  /* Without IPv6 there is no such file. */
  if (!g_file_get_contents ("/proc/net/if_inet6", &text, NULL, NULL))
    return;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      struct in6_addr address;
      guint           index;
      guint           flags;

      if (!parse_ipv6 (lines[i], &address, &index, &flags) || (flags & NOT_USABLE) != 0)
        continue;
      for (guint k = 0; k < list->len; k++)
        {
          AhoyInterface *interface = g_ptr_array_index (list, k);

          if (interface->index == (int) index && !IN6_IS_ADDR_LINKLOCAL (&interface->ipv6))
            interface->ipv6 = address;
        }
    }
}

static void
add_interface (GPtrArray     *list,
               const char    *label,
               struct in_addr address,
               struct in_addr netmask,
               struct in_addr broadcast)
{
  /* The label of a second address may be "eth0:1". */
  g_autofree char *name = g_strndup (label, strcspn (label, ":"));
  int              index = if_nametoindex (name);
  AhoyInterface   *interface;

  if (index == 0 || is_listed (list, index, broadcast))
    return;

  interface = g_new0 (AhoyInterface, 1);
  interface->name = g_steal_pointer (&name);
  interface->index = index;
  interface->address = address;
  interface->netmask = netmask;
  interface->broadcast = broadcast;
  g_ptr_array_add (list, interface);
}

static void
add_own (GHashTable            *own,
         const struct sockaddr *sa)
{
  gsize                      len = sa->sa_family == AF_INET ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6);
  g_autoptr (GSocketAddress) address = NULL;

  if (sa->sa_family != AF_INET && sa->sa_family != AF_INET6)
    return;

  address = g_socket_address_new_from_native ((gpointer) sa, len);
  g_hash_table_add (own, ahoy_interfaces_host_text (G_INET_SOCKET_ADDRESS (address)));
}

char *
ahoy_interfaces_host_text (GInetSocketAddress *address)
{
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (address));
  char             name[IF_NAMESIZE];
  guint32          scope = 0;

  if (g_socket_address_get_family (G_SOCKET_ADDRESS (address)) == G_SOCKET_FAMILY_IPV6)
    scope = g_inet_socket_address_get_scope_id (address);
  if (scope == 0)
    return g_steal_pointer (&host);
  if (if_indextoname (scope, name) == NULL)
    g_snprintf (name, sizeof name, "%u", scope);
  return g_strdup_printf ("%s%%%s", host, name);
}

GPtrArray *
ahoy_interfaces_list (GHashTable **own)
{
  const struct in_addr none = { htonl (INADDR_ANY) };
  GPtrArray           *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_interface_free);
  struct ifaddrs      *all = NULL;

  if (own != NULL)
    *own = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (getifaddrs (&all) != 0)
    return list;

  for (struct ifaddrs *ifa = all; ifa != NULL; ifa = ifa->ifa_next)
    {
      struct in_addr broadcast;

      if (ifa->ifa_addr == NULL)
        continue;
      if (own != NULL)
        add_own (*own, ifa->ifa_addr);
      if (ifa->ifa_addr->sa_family != AF_INET || ifa->ifa_netmask == NULL || !is_candidate (ifa))
        continue;

      /* Not ifa_broadaddr: it shares its place with a peer's address, and the kernel takes the netmask's broadcast address in any case. */
      broadcast = ahoy_interfaces_broadcast (in_addr_of (ifa->ifa_addr), in_addr_of (ifa->ifa_netmask));
      add_interface (list, ifa->ifa_name, in_addr_of (ifa->ifa_addr), in_addr_of (ifa->ifa_netmask), broadcast);
    }

  for (struct ifaddrs *ifa = all; ifa != NULL; ifa = ifa->ifa_next)
    if (ifa->ifa_addr != NULL && ifa->ifa_addr->sa_family == AF_PACKET && is_candidate (ifa) && !has_master (ifa->ifa_name))
      add_interface (list, ifa->ifa_name, none, none, none);

  freeifaddrs (all);
  add_ipv6 (list);
  return list;
}
