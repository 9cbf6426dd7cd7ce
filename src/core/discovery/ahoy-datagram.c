/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* UDP datagrams with their interfaces and errnos. */

#define _GNU_SOURCE /* struct in6_pktinfo */

#include "core/discovery/ahoy-datagram-private.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

static GSocket *
bound_socket_ipv4 (GSocketAddress *address,
                   gboolean        share,
                   GError        **error)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);

  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_broadcast (socket, TRUE);
  if (!g_socket_bind (socket, address, share, error))
    return NULL;

  return g_steal_pointer (&socket);
}

GSocket *
ahoy_datagram_open_ipv4 (struct in_addr address,
                         guint16        port,
                         gboolean       share,
                         GError       **error)
{
  struct sockaddr_in         sin = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr = address };
  g_autoptr (GSocketAddress) local = g_socket_address_new_from_native (&sin, sizeof sin);
  g_autoptr (GSocket)        socket = bound_socket_ipv4 (local, share, error);

  if (socket == NULL || !g_socket_set_option (socket, IPPROTO_IP, IP_PKTINFO, 1, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* Of IPv6 alone, or it would take the port of IPv4 as well. */
static GSocket *
bound_socket_ipv6 (GSocketAddress *address,
                   gboolean        share,
                   GError        **error)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);

  if (socket == NULL || !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, error))
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_bind (socket, address, share, error) || !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, error))
    return NULL;

  return g_steal_pointer (&socket);
}

GSocket *
ahoy_datagram_open_ipv6 (GError **error)
{
  g_autoptr (GInetAddress)   any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) local = g_inet_socket_address_new (any, 0);
  g_autoptr (GSocket)        socket = bound_socket_ipv6 (local, FALSE, error);

  if (socket == NULL || !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1, error))
    return NULL;

  return g_steal_pointer (&socket);
}

GSocket *
ahoy_datagram_open_group (GInetSocketAddress *group,
                          GError            **error)
{
  char                interface[IF_NAMESIZE];
  g_autoptr (GSocket) socket = bound_socket_ipv6 (G_SOCKET_ADDRESS (group), TRUE, error);

  if (socket == NULL)
    return NULL;
  if (if_indextoname (g_inet_socket_address_get_scope_id (group), interface) == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The interface is gone");
      return NULL;
    }
  if (!g_socket_join_multicast_group (socket, g_inet_socket_address_get_address (group), FALSE, interface, error))
    return NULL;

  return g_steal_pointer (&socket);
}

int
ahoy_datagram_send (GSocket        *socket,
                    GSocketAddress *to,
                    int             index,
                    struct in_addr  source,
                    GBytes         *data)
{
  struct sockaddr_storage native;
  union {
    struct cmsghdr header; /* for its alignment */
    char           space[CMSG_SPACE (sizeof (struct in_pktinfo))];
  } control = { 0 };
  struct iovec  vector = { .iov_base = (gpointer) g_bytes_get_data (data, NULL), .iov_len = g_bytes_get_size (data) };
  struct msghdr message = {
    .msg_name = &native,
    .msg_namelen = g_socket_address_get_native_size (to),
    .msg_iov = &vector,
    .msg_iovlen = 1,
  };
  gssize sent;

  if (!g_socket_address_to_native (to, &native, sizeof native, NULL))
    return EAFNOSUPPORT;

  if (index != 0)
    {
      const struct in_pktinfo info = { .ipi_ifindex = index, .ipi_spec_dst = source };
      struct cmsghdr         *cmsg;

      message.msg_control = &control;
      message.msg_controllen = sizeof control;
      cmsg = CMSG_FIRSTHDR (&message);
      cmsg->cmsg_level = IPPROTO_IP;
      cmsg->cmsg_type = IP_PKTINFO;
      cmsg->cmsg_len = CMSG_LEN (sizeof info);
      memcpy (CMSG_DATA (cmsg), &info, sizeof info);
    }

  do
    sent = sendmsg (g_socket_get_fd (socket), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);

  return sent < 0 ? errno : 0;
}

static int
index_of (struct msghdr *message)
{
  for (struct cmsghdr *cmsg = CMSG_FIRSTHDR (message); cmsg != NULL; cmsg = CMSG_NXTHDR (message, cmsg))
    {
      if (cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_PKTINFO && cmsg->cmsg_len >= CMSG_LEN (sizeof (struct in_pktinfo)))
        {
          struct in_pktinfo info;

          memcpy (&info, CMSG_DATA (cmsg), sizeof info);
          return info.ipi_ifindex;
        }
      if (cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_PKTINFO && cmsg->cmsg_len >= CMSG_LEN (sizeof (struct in6_pktinfo)))
        {
          struct in6_pktinfo info;

          memcpy (&info, CMSG_DATA (cmsg), sizeof info);
          return info.ipi6_ifindex;
        }
    }

  return 0;
}

gssize
ahoy_datagram_receive (GSocket         *socket,
                       GSocketAddress **sender,
                       int             *index,
                       void            *buffer,
                       gsize            size)
{
  struct sockaddr_storage native;
  union {
    struct cmsghdr header;
    char           space[256];
  } control;
  struct iovec  vector = { .iov_base = buffer, .iov_len = size };
  struct msghdr message = {
    .msg_name = &native,
    .msg_namelen = sizeof native,
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = sizeof control,
  };
  gssize len;

  do
    len = recvmsg (g_socket_get_fd (socket), &message, MSG_DONTWAIT | MSG_TRUNC);
  while (len < 0 && errno == EINTR);

  if (len < 0)
    return -1;

  *sender = g_socket_address_new_from_native (&native, message.msg_namelen);
  *index = index_of (&message);
  return len;
}
