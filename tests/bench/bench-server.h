/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib.h>

/* The server that is measured: a real ahoyd in a process of its own, with a data folder of its own. What goes wrong ends the program. */

typedef struct {
  GPid    pid;
  char   *data_dir;
  guint16 port; /* on 127.0.0.1 */
} BenchServer;

/* User-space memory of the server. */
typedef struct {
  gint64 rss;       /* bytes resident, shared pages counted in full */
  gint64 anonymous; /* of those: heap and stacks, what no other process can share */
} BenchMemory;

/* Moves this process, and so the servers it starts, into a network of its own with only a loopback device. FALSE when that is not allowed
 * here: then 127.0.0.1 of the machine has to do. Before any thread. */
gboolean bench_server_isolate (void);

/* As many descriptors as this process may have; the servers it starts inherit that. Returns: how many. */
guint bench_server_raise_limit (void);

/* Options that switch off what keeps people from talking as fast as a benchmark does. They end with NULL. */
extern const char *const bench_server_no_limits[];

/* Starts @program for at most @max_clients, with that @store ("sqlite" or "memory") and without limits, and waits until it serves. What it says
 * goes to a file in its folder.
 * Returns: (transfer full). */
BenchServer *bench_server_start (const char *program,
                                 guint       max_clients,
                                 const char *store);
/* The same with other @options in their place; NULL at their end. With none the limits are those that a server has as shipped. */
BenchServer *bench_server_start_with (const char        *program,
                                      guint              max_clients,
                                      const char        *store,
                                      const char *const *options);
/* Ends it and starts it again on its folder, on another port. */
void bench_server_restart (BenchServer       *self,
                           const char        *program,
                           guint              max_clients,
                           const char        *store,
                           const char *const *options);
/* Ends it, which must succeed, and removes its folder. */
void bench_server_stop (BenchServer *self);

/* CPU time of all its threads, in microseconds. */
gint64      bench_server_cpu (BenchServer *self);
BenchMemory bench_server_memory (BenchServer *self);
/* The most that was ever resident, in bytes. */
gint64 bench_server_peak (BenchServer *self);

/* Waits, at most some seconds, until it has used no CPU for a while: it has nothing left to do. */
void bench_server_wait_quiet (BenchServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchServer, bench_server_stop)
