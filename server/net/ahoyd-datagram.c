/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Datagrams with what the kernel says of their way. */

#include "net/ahoyd-datagram.h"

#include <string.h>

typedef union {
  struct cmsghdr header; /* for its alignment */
  char           bytes[CMSG_SPACE (AHOYD_DATAGRAM_INFO_MAX)];
} Control;

gssize
ahoyd_datagram_receive (int                        fd,
                        const AhoydDatagramFamily *family,
                        gpointer                   from,
                        socklen_t                  from_len,
                        gpointer                   info,
                        guint8                    *bytes,
                        gsize                      size)
{
  Control       control;
  struct iovec  vector = { bytes, size };
  struct msghdr message = {
    .msg_name = from,
    .msg_namelen = from_len,
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = sizeof control,
  };
  gssize len = recvmsg (fd, &message, MSG_DONTWAIT);

  memset (info, 0, family->size);
  if (len < 0)
    return -1;
  for (struct cmsghdr *c = CMSG_FIRSTHDR (&message); c != NULL; c = CMSG_NXTHDR (&message, c))
    if (c->cmsg_level == family->level && c->cmsg_type == family->type && c->cmsg_len >= CMSG_LEN (family->size))
      memcpy (info, CMSG_DATA (c), family->size);
  return len;
}

gboolean
ahoyd_datagram_send (int                        fd,
                     const AhoydDatagramFamily *family,
                     gconstpointer              to,
                     socklen_t                  to_len,
                     gconstpointer              info,
                     GBytes                    *bytes)
{
  Control       control = { 0 };
  gsize         len;
  struct iovec  vector = { (void *) g_bytes_get_data (bytes, &len), 0 };
  struct msghdr message = {
    .msg_name = (void *) to,
    .msg_namelen = to_len,
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = CMSG_SPACE (family->size),
  };

  g_assert (family->size <= AHOYD_DATAGRAM_INFO_MAX);

  vector.iov_len = len;
  control.header.cmsg_level = family->level;
  control.header.cmsg_type = family->type;
  control.header.cmsg_len = CMSG_LEN (family->size);
  memcpy (CMSG_DATA (&control.header), info, family->size);
  return sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}
