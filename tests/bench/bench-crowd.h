/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include "bench-channel.h"

/* Many classic clients in one process, as cheap as they can be: they count frames and look at nothing else. None of the project's own
 * code, so that what is measured does not measure itself. What goes wrong ends the program. */

typedef struct _BenchCrowd BenchCrowd;

/* @n of them for @port, none connected yet. @tls (nullable): they speak TLS; must live as long. */
BenchCrowd *bench_crowd_new (guint16   port,
                             guint     n,
                             BenchTls *tls);
void        bench_crowd_free (BenchCrowd *self);

/* Members @first … @first + @n - 1 connect; over TLS all of them shake hands at the same time, and have done so when it returns. */
void bench_crowd_connect (BenchCrowd *self,
                          guint       first,
                          guint       n);
/* The same send their log-in, one after the other without looking. */
void bench_crowd_log_in (BenchCrowd *self,
                         guint       first,
                         guint       n);
/* Until each of the first @n has heard of all @n of them, itself included. */
void bench_crowd_wait_roster (BenchCrowd *self,
                              guint       n);
/* All of it for everybody, a few at a time, where a storm is not what is measured. */
void bench_crowd_arrive (BenchCrowd *self);
/* Presence frames that all of them received so far. */
guint64 bench_crowd_n_presence (BenchCrowd *self);

/* The first @in_flight members talk, each one message after the other: the next when everybody has received the last. Returns when
 * everybody has received all @n_messages texts of @size bytes.
 * @latencies (element-type double) (nullable): one entry in milliseconds a delivery is appended, from before the write to after the read. */
void bench_crowd_say (BenchCrowd *self,
                      guint       n_messages,
                      gsize       size,
                      guint       in_flight,
                      GArray     *latencies);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchCrowd, bench_crowd_free)
