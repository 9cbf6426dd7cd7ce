/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* One client that waits for what it is sent, and looks at no more of it than it must. What goes wrong ends the program. */
typedef struct {
  int     fd;
  guint8 *buffer;
  gsize   len;
  gsize   at; /* what was looked at */
} BenchPeer;

BenchPeer *bench_peer_connect (guint16 port);
/* From 127.0.0.@host, for those who are not to share an address with others. */
BenchPeer *bench_peer_connect_from (guint16 port,
                                    guint8  host);
void       bench_peer_free (BenchPeer *self);
void       bench_peer_send (BenchPeer  *self,
                            const char *bytes,
                            gsize       len);
/* The next whole frame. @frame (out) (transfer none): until the next call. Returns: its type. */
char bench_peer_read (BenchPeer     *self,
                      const guint8 **frame,
                      gsize         *len);
/* Reads until a frame of that type. */
void bench_peer_wait (BenchPeer *self,
                      char       type);
/* In the classic dialect; returns when it is accepted. */
void bench_peer_log_in (BenchPeer  *self,
                        const char *name);
/* Somebody comes, says @n texts of @size bytes to everyone, and goes: a log to measure with. Where there are limits it takes as long as they say. */
void bench_peer_fill (guint16 port,
                      guint   n,
                      gsize   size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchPeer, bench_peer_free)
