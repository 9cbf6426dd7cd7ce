/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* Datagrams with what the kernel says of their way: which of our addresses they reached, by which interface, and from which they are to leave.
 * Does not block. */

/* What that is called in one family: IPPROTO_IP, IP_PKTINFO and a struct in_pktinfo; IPPROTO_IPV6, IPV6_PKTINFO and a struct in6_pktinfo. */
typedef struct {
  int   level;
  int   type;
  gsize size; /* bytes, AHOYD_DATAGRAM_INFO_MAX at most */
} AhoydDatagramFamily;

#define AHOYD_DATAGRAM_INFO_MAX 32

/* @from: @from_len bytes, a socket address of that family. @info: @family->size bytes; zeros when the kernel does not tell. What is longer than @size
 * is cut.
 * Returns: how many bytes are there, or -1 with errno. */
gssize ahoyd_datagram_receive (int                        fd,
                               const AhoydDatagramFamily *family,
                               gpointer                   from,
                               socklen_t                  from_len,
                               gpointer                   info,
                               guint8                    *bytes,
                               gsize                      size);
/* Returns: FALSE with errno. */
gboolean ahoyd_datagram_send (int                        fd,
                              const AhoydDatagramFamily *family,
                              gconstpointer              to,
                              socklen_t                  to_len,
                              gconstpointer              info,
                              GBytes                    *bytes);

G_END_DECLS
