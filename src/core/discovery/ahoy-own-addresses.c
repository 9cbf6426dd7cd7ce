/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Under which addresses others reach this computer. */

#include "core/discovery/ahoy-own-addresses.h"

#include <glib-unix.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/discovery/ahoy-interfaces-private.h"

struct _AhoyOwnAddresses {
  GObject parent_instance;

  /* Owned */
  int   links; /* -1: not to be had */
  guint source;
};

G_DEFINE_FINAL_TYPE (AhoyOwnAddresses, ahoy_own_addresses, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
ahoy_own_addresses_finalize (GObject *object)
{
  AhoyOwnAddresses *self = AHOY_OWN_ADDRESSES (object);

  g_clear_handle_id (&self->source, g_source_remove);
  if (self->links >= 0)
    close (self->links);

  G_OBJECT_CLASS (ahoy_own_addresses_parent_class)->finalize (object);
}

static void
ahoy_own_addresses_class_init (AhoyOwnAddressesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ahoy_own_addresses_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static gboolean
on_link (int          fd,
         GIOCondition condition,
         gpointer     data)
{
  char byte;

  /* What is left wakes us again. */
  recv (fd, &byte, sizeof byte, MSG_DONTWAIT | MSG_TRUNC);
  g_signal_emit (data, signals[CHANGED], 0);
  return G_SOURCE_CONTINUE;
}

/* The kernel is asked itself: a network monitor hears of routes, and a cable that is taken out changes none. */
static void
ahoy_own_addresses_init (AhoyOwnAddresses *self)
{
  struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR };

  self->links = socket (AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (self->links >= 0 && bind (self->links, (struct sockaddr *) &address, sizeof address) == 0)
    self->source = g_unix_fd_add (self->links, G_IO_IN, on_link, self);
}

AhoyOwnAddresses *
ahoy_own_addresses_new (void)
{
  return g_object_new (AHOY_TYPE_OWN_ADDRESSES, NULL);
}

static void
add_ipv4 (GStrvBuilder        *found,
          const AhoyInterface *interface,
          guint16              port)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes ((const guint8 *) &interface->address, G_SOCKET_FAMILY_IPV4);
  g_autofree char         *host = g_inet_address_to_string (address);
  g_autofree char         *text = g_strdup_printf ("%s:%u", host, port);

  g_strv_builder_add (found, text);
}

/* A link-local address needs a scope, which is another one on each computer: it is none to tell anybody. */
static void
add_ipv6 (GStrvBuilder         *found,
          const AhoyInterface  *interface,
          const struct ifaddrs *all,
          guint16               port)
{
  for (const struct ifaddrs *ifa = all; ifa != NULL; ifa = ifa->ifa_next)
    {
      g_autoptr (GSocketAddress) native = NULL;
      g_autofree char           *host = NULL;
      g_autofree char           *text = NULL;
      GInetAddress              *address;

      if (ifa->ifa_addr == NULL || ifa->ifa_addr->sa_family != AF_INET6 || strcmp (ifa->ifa_name, interface->name) != 0)
        continue;
      native = g_socket_address_new_from_native (ifa->ifa_addr, sizeof (struct sockaddr_in6));
      address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (native));
      if (g_inet_address_get_is_link_local (address))
        continue;
      host = g_inet_address_to_string (address);
      text = g_strdup_printf ("[%s]:%u", host, port);
      g_strv_builder_add (found, text);
    }
}

GStrv
ahoy_own_addresses_dup (AhoyOwnAddresses *self,
                        guint16           port)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_autoptr (GPtrArray)    interfaces = NULL;
  struct ifaddrs          *all = NULL;

  g_return_val_if_fail (AHOY_IS_OWN_ADDRESSES (self), NULL);
  g_return_val_if_fail (port != 0, NULL);

  interfaces = ahoy_interfaces_list (NULL);
  if (getifaddrs (&all) != 0)
    all = NULL;
  for (guint i = 0; i < interfaces->len; i++)
    {
      const AhoyInterface *interface = interfaces->pdata[i];

      if (interface->address.s_addr != htonl (INADDR_ANY))
        add_ipv4 (found, interface, port);
      else
        add_ipv6 (found, interface, all, port);
    }
  if (all != NULL)
    freeifaddrs (all);
  return g_strv_builder_end (found);
}

gboolean
ahoy_own_addresses_has_network (AhoyOwnAddresses *self)
{
  g_autoptr (GPtrArray) interfaces = NULL;

  g_return_val_if_fail (AHOY_IS_OWN_ADDRESSES (self), FALSE);

  interfaces = ahoy_interfaces_list (NULL);
  return interfaces->len > 0;
}
