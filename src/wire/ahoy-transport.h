/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <sys/uio.h>

#include "wire/ahoy-link.h"

G_BEGIN_DECLS

/* What carries the bytes of a link: the plain socket here; anything else that can read, write and close one side of a non-blocking
 * descriptor fits as well. Only ahoy-link and its tests include this. */

typedef struct _AhoyTransport AhoyTransport;

typedef enum {
  AHOY_TRANSPORT_DONE,    /* at least one byte went through */
  AHOY_TRANSPORT_BLOCKED, /* nothing for now: when the descriptor is ready again */
  AHOY_TRANSPORT_CLOSED,  /* read: the peer closed its side */
  AHOY_TRANSPORT_FAILED,  /* nothing any more, @error says why */
} AhoyTransportResult;

typedef struct {
  /* Reads at most @size bytes, at least AHOY_LINK_READ_BUDGET. Bytes that the transport keeps back while it has room left are never asked
   * for again: only the descriptor wakes the link. @n (out): bytes, when DONE. */
  AhoyTransportResult (*read) (AhoyTransport *transport,
                               guint8        *buffer,
                               gsize          size,
                               gsize         *n,
                               GError       **error);
  /* @n (out): bytes taken, when DONE; fewer than offered means that it is full. */
  AhoyTransportResult (*write) (AhoyTransport      *transport,
                                const struct iovec *vectors,
                                guint               n_vectors,
                                gsize              *n,
                                GError            **error);
  /* Nothing more will be written: tells the peer. */
  void (*shut_down) (AhoyTransport *transport);
  /* Frees @state; the descriptor is closed afterwards. NULL: there is none. */
  void (*clear) (AhoyTransport *transport);
} AhoyTransportOps;

/* A value, kept inside the link. */
struct _AhoyTransport {
  const AhoyTransportOps *ops;
  gpointer                state; /* what the operations need beside the descriptor */
  int                     fd;
};

/* The plain one on @fd, a connected stream socket: made non-blocking, and with the options of AHOY_TCP_* where it is TCP.
 * Returns: FALSE with a G_IO_ERROR; @fd stays the caller's then. */
gboolean ahoy_transport_init_plain (AhoyTransport *transport,
                                    int            fd,
                                    GError       **error);
/* Clears and closes. */
void     ahoy_transport_close      (AhoyTransport *transport);

/* As ahoy_link_new(). @transport (transfer full): closed on errors too. */
AhoyLink *ahoy_link_new_over (AhoyPoll             *poll,
                              const AhoyTransport  *transport,
                              const AhoyLinkEvents *events,
                              gpointer              data,
                              GError              **error);

G_END_DECLS
