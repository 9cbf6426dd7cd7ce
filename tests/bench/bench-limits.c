/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* bench-limits AHOYD: what it costs to count what everybody says, while nobody says too much. README.md says how to read what it prints. */

#include "bench-crowd.h"
#include "bench-fail.h"
#include "bench-series.h"
#include "bench-server.h"

#define MESSAGE_SIZE 200
#define IN_FLIGHT 16
/* Of these there are more than of others, since what is looked for is less than what two of them differ by. */
#define N_PAIRS 11

enum {
  OFF,
  ON,
  N_KINDS,
};

/* So high that nobody ever waits: all of it is counted, and nothing comes of it. */
static const char *const high[] = {
  "--rate",
  "1000000",
  "--burst",
  "1000000",
  "--rate-bytes",
  "1000000000",
  "--max-pending-per-address",
  "0",
  "--names-per-key",
  "0",
  NULL,
};

static const struct {
  const char *name;
  guint       n_clients;
  guint       n_messages;
} rooms[] = {
  { "1 receiver a message", 1, 1500 },
  { "20 receivers a message", 20, 3000 },
  { "400 receivers a message", 400, 400 },
};

/* CPU microseconds of the server for each of its messages. */
static double
price (BenchServer *server,
       BenchCrowd  *crowd,
       guint        n_messages,
       guint        n_clients)
{
  gint64 cpu = bench_server_cpu (server);

  bench_crowd_say (crowd, n_messages, MESSAGE_SIZE, MIN (IN_FLIGHT, n_clients), NULL);
  bench_server_wait_quiet (server);
  return (double) (bench_server_cpu (server) - cpu) / n_messages;
}

static void
measure (const char *program,
         guint       room)
{
  const char *const *options[N_KINDS] = { bench_server_no_limits, high };
  guint              n_clients = rooms[room].n_clients;
  BenchServer       *servers[N_KINDS];
  BenchCrowd        *crowds[N_KINDS];
  BenchSeries        us[N_KINDS] = { { 0 } };
  BenchSeries        ratio = { 0 };

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      servers[kind] = bench_server_start_with (program, n_clients, "sqlite", options[kind]);
      crowds[kind] = bench_crowd_new (servers[kind]->port, n_clients, NULL);
      bench_crowd_arrive (crowds[kind]);
      price (servers[kind], crowds[kind], rooms[room].n_messages / 4 + 1, n_clients); /* warm */
    }
  for (guint pair = 0; pair < N_PAIRS; pair++)
    {
      double got[N_KINDS];

      for (guint i = 0; i < N_KINDS; i++)
        {
          guint kind = (pair + i) % N_KINDS;

          got[kind] = price (servers[kind], crowds[kind], rooms[room].n_messages, n_clients);
          bench_series_add (&us[kind], got[kind]);
        }
      bench_series_add (&ratio, got[ON] / got[OFF]);
    }
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      bench_crowd_free (crowds[kind]);
      bench_server_stop (servers[kind]);
    }
  g_print ("%-28s %12.2f %12.2f %12.3f\n", rooms[room].name, bench_series_close (&us[OFF]), bench_series_close (&us[ON]),
           bench_series_close (&ratio));
}

int
main (int    argc,
      char **argv)
{
  gboolean isolated = bench_server_isolate ();

  if (argc != 2)
    {
      g_printerr ("Usage: %s AHOYD\n", argv[0]);
      return 2;
    }
  if (bench_server_raise_limit () < 1000)
    bench_fail ("Too few descriptors are allowed here");
  g_print ("%s, median of %u pairs\n\n", isolated ? "own network namespace" : "this machine's loopback", N_PAIRS);
  g_print ("%-28s %12s %12s %12s\n", "server CPU us/message", "limits off", "limits on", "on/off");
  for (guint room = 0; room < G_N_ELEMENTS (rooms); room++)
    measure (argv[1], room);
  return 0;
}
