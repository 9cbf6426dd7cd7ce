/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <gio/gio.h>
#include <sys/uio.h>

#include "wire/ahoy-link.h"

G_BEGIN_DECLS

/* A transport carries the bytes of a link: it is the plain socket, or TLS over it; anything else that can read, write and close one side of a
 * non-blocking descriptor fits as well. Only ahoy-link and its tests include this. */

typedef struct _AhoyTransport AhoyTransport;

typedef enum {
  AHOY_TRANSPORT_DONE,    /* something went through */
  AHOY_TRANSPORT_BLOCKED, /* nothing more for now: when the descriptor is ready again */
  AHOY_TRANSPORT_CLOSED,  /* read: the peer closed its side */
  AHOY_TRANSPORT_FAILED,  /* nothing any more, @error says why */
} AhoyTransportResult;

typedef struct {
  /* Reads at most @size bytes, at least AHOY_LINK_READ_BUDGET. @n (out): bytes, when DONE; 0 when what came in is not a whole record. What
   * only another read can tell, without anything new from the descriptor, is announced by @held. */
  AhoyTransportResult (*read) (AhoyTransport *transport,
                               guint8        *buffer,
                               gsize          size,
                               gsize         *n,
                               GError       **error);
  /* @n (out): bytes taken, also when BLOCKED; fewer than offered when DONE means that the rest is for another turn. With no vectors it only
   * sends what is @pending. */
  AhoyTransportResult (*write) (AhoyTransport      *transport,
                                const struct iovec *vectors,
                                guint               n_vectors,
                                gsize              *n,
                                GError            **error);
  /* Tells the peer that nothing more will be written. Returns: DONE, or BLOCKED: it is called again when the descriptor is writable. */
  AhoyTransportResult (*shut_down) (AhoyTransport *transport);
  /* Frees @state; the descriptor is closed afterwards. NULL: there is none. */
  void (*clear) (AhoyTransport *transport);
  /* NULL when there is nothing to agree on. Else the next steps of a handshake, when the descriptor is readable, or writable at the start
   * and when something is @pending. DONE: now, and not before, the others may be called. */
  AhoyTransportResult (*shake) (AhoyTransport *transport,
                                GError       **error);
} AhoyTransportOps;

/* A transport is a value, kept inside the link. */
struct _AhoyTransport {
  const AhoyTransportOps *ops;
  gpointer                state;            /* what the operations need beside the descriptor */
  char                   *peer_fingerprint; /* Owned: what the peer proved in the handshake */
  gsize                   pending;          /* bytes it took and the descriptor did not yet */
  int                     fd;
  gboolean                held; /* another read would tell something */
};

/* Makes @transport the plain one on @fd, a connected stream socket, which is made non-blocking, and with the options of AHOY_TCP_* where it is TCP.
 * Returns: FALSE with a G_IO_ERROR; @fd stays the caller's then. */
gboolean ahoy_transport_init_plain (AhoyTransport *transport,
                                    int            fd,
                                    GError       **error);
/* Makes TLS of a plain @transport that nothing went through yet, as the server's end or the client's.
 * Returns: FALSE with an AHOY_TLS_ERROR; it is still plain then. */
gboolean ahoy_transport_secure (AhoyTransport *transport,
                                AhoyTls       *tls,
                                gboolean       as_server,
                                GError       **error);
/* Closes the descriptor and clears @transport. */
void ahoy_transport_close (AhoyTransport *transport);

/* The raw functions read and write the descriptor itself, beneath whatever carries the bytes. */
AhoyTransportResult ahoy_transport_peek_raw (AhoyTransport *transport,
                                             guint8        *first,
                                             GError       **error);
AhoyTransportResult ahoy_transport_read_raw (AhoyTransport *transport,
                                             guint8        *buffer,
                                             gsize          size,
                                             gsize         *n,
                                             GError       **error);
AhoyTransportResult ahoy_transport_write_raw (AhoyTransport      *transport,
                                              const struct iovec *vectors,
                                              guint               n_vectors,
                                              gsize              *n,
                                              GError            **error);

/* Like ahoy_link_new(), over a transport that is there. @transport (transfer full): closed on errors too. */
AhoyLink *ahoy_link_new_over (AhoyPoll             *poll,
                              const AhoyTransport  *transport,
                              const AhoyLinkEvents *events,
                              gpointer              data,
                              GError              **error);

G_END_DECLS
