/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* Many classic clients in one process, as cheap as they can be: they count frames and look at nothing else. None of the project's own
 * code, so that what is measured does not measure itself. What goes wrong ends the program. */

typedef struct _BenchCrowd BenchCrowd;

/* @n connections to @port, none logged in yet. */
BenchCrowd *bench_crowd_new  (guint16     port,
                              guint       n);
void        bench_crowd_free (BenchCrowd *self);

/* Members @first … @first + @n - 1 send their log-in, one after the other without looking. */
void bench_crowd_log_in       (BenchCrowd *self,
                               guint       first,
                               guint       n);
/* Until each of the first @n has heard of all @n of them, itself included. */
void bench_crowd_wait_roster  (BenchCrowd *self,
                               guint       n);
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
