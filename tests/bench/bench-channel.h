/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>
#include <gnutls/gnutls.h>

/* A client's end of one connection to 127.0.0.1, plain or TLS, as cheap as it can be. GnuTLS is driven directly: none of the project's own code.
 * What goes wrong ends the program. */

/* What all TLS ends share: an identity that they all show, made anew, and a place to read into. */
typedef struct _BenchTls BenchTls;

BenchTls *bench_tls_new (void);
void      bench_tls_free (BenchTls *self);

/* All zero: none. */
typedef struct {
  int              fd;
  BenchTls        *tls; /* borrowed; NULL: plain */
  gnutls_session_t session;
  gboolean         secured; /* the handshake is done */
} BenchChannel;

/* @channel must stay where it is. @tls (nullable): must live as long; the handshake does not begin yet. */
void bench_channel_open (BenchChannel *channel,
                         guint16       port,
                         BenchTls     *tls);
void bench_channel_close (BenchChannel *channel);

/* One step of the TLS handshake, the first or as something has come in. Returns: whether it is done. */
gboolean bench_channel_shake (BenchChannel *channel);

void bench_channel_send (BenchChannel *channel,
                         const char   *bytes,
                         gsize         len);

/* Reads what is there. @more (out): call again at once, before any other channel is read.
 * Returns: how many bytes, which may be none. */
gsize bench_channel_receive (BenchChannel *channel,
                             guint8       *buffer,
                             gsize         size,
                             gboolean     *more);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchTls, bench_tls_free)
