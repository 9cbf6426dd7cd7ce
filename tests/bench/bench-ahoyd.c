/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* bench-ahoyd AHOYD storm|fan-out|idle: what a real server costs. README.md says how to read what it prints. */

#include <string.h>

#include "bench-crowd.h"
#include "bench-series.h"
#include "bench-server.h"

#define N_CLIENTS 1000

#define MESSAGE_SIZE 200
#define N_MESSAGES_ONE 100 /* a round, one at a time */
#define N_MESSAGES_MANY 1280
#define IN_FLIGHT 64

/* How many log in together where a storm is not what is measured. */
#define LOG_IN_STEP 20

static void
bench_storm (const char *program,
             guint       n_clients)
{
  BenchSeries time_ms = { 0 };
  BenchSeries cpu_ms = { 0 };
  BenchSeries frames = { 0 };
  BenchSeries cpu_us = { 0 };

  for (guint round = 0; round < BENCH_ROUNDS; round++)
    {
      g_autoptr (BenchServer) server = bench_server_start (program, n_clients, "sqlite");
      g_autoptr (BenchCrowd) crowd = bench_crowd_new (server->port, n_clients);
      gint64 begin;
      gint64 cpu;
      double took;
      double used;
      double n_frames;

      bench_server_wait_quiet (server);
      cpu = bench_server_cpu (server);
      begin = g_get_monotonic_time ();
      bench_crowd_log_in (crowd, 0, n_clients);
      bench_crowd_wait_roster (crowd, n_clients);
      took = bench_seconds_since (begin);
      used = (double) (bench_server_cpu (server) - cpu);
      n_frames = (double) bench_crowd_n_presence (crowd);

      bench_series_add (&time_ms, took * 1000);
      bench_series_add (&cpu_ms, used / 1000);
      bench_series_add (&frames, n_frames / took);
      bench_series_add (&cpu_us, used / n_frames);
    }

  g_print ("%-24s %10s %14s %14s %16s\n", "log-in storm", "time ms", "server CPU ms", "frames/s", "CPU us/frame");
  g_print ("%-24u %10.0f %14.0f %14.0f %16.3f\n", n_clients, bench_series_close (&time_ms), bench_series_close (&cpu_ms), bench_series_close (&frames),
           bench_series_close (&cpu_us));
}

static void
log_in_gently (BenchCrowd *crowd,
               guint       n_clients)
{
  for (guint n = 0; n < n_clients;)
    {
      guint step = MIN (LOG_IN_STEP, n_clients - n);

      bench_crowd_log_in (crowd, n, step);
      n += step;
      bench_crowd_wait_roster (crowd, n);
    }
}

static void
fan_out (BenchServer *server,
         BenchCrowd  *crowd,
         const char  *title,
         guint        n_clients,
         guint        n_messages,
         guint        in_flight)
{
  BenchSeries rate = { 0 };
  BenchSeries cpu_us = { 0 };
  BenchSeries p50 = { 0 };
  BenchSeries p99 = { 0 };

  bench_crowd_say (crowd, in_flight * 4, MESSAGE_SIZE, in_flight, NULL); /* warm */
  for (guint round = 0; round < BENCH_ROUNDS; round++)
    {
      g_autoptr (GArray) latencies = g_array_sized_new (FALSE, FALSE, sizeof (double), n_clients * n_messages);
      double n = (double) n_clients * n_messages;
      gint64 cpu = bench_server_cpu (server);
      gint64 begin = g_get_monotonic_time ();

      bench_crowd_say (crowd, n_messages, MESSAGE_SIZE, in_flight, latencies);
      bench_series_add (&rate, n / bench_seconds_since (begin));
      bench_server_wait_quiet (server);
      bench_series_add (&cpu_us, (double) (bench_server_cpu (server) - cpu) / n);
      bench_series_add (&p50, bench_percentile (latencies, 0.50));
      bench_series_add (&p99, bench_percentile (latencies, 0.99));
    }
  g_print ("%-24s %14.0f %18.3f %10.2f %10.2f\n", title, bench_series_close (&rate), bench_series_close (&cpu_us), bench_series_close (&p50),
           bench_series_close (&p99));
}

static void
bench_fan_out (const char *program,
               guint       n_clients)
{
  g_autoptr (BenchServer) server = bench_server_start (program, n_clients, "sqlite");
  g_autoptr (BenchCrowd) crowd = bench_crowd_new (server->port, n_clients);

  log_in_gently (crowd, n_clients);
  bench_server_wait_quiet (server);
  g_print ("%-24s %14s %18s %10s %10s\n", "fan-out", "deliveries/s", "CPU us/delivery", "p50 ms", "p99 ms");
  fan_out (server, crowd, "one at a time", n_clients, N_MESSAGES_ONE, 1);
  fan_out (server, crowd, "64 in flight", n_clients, N_MESSAGES_MANY, IN_FLIGHT);
}

static void
bench_idle (const char *program,
            guint       n_clients)
{
  BenchSeries rss[2] = { { 0 } };
  BenchSeries anonymous[2] = { { 0 } };

  for (guint round = 0; round < BENCH_ROUNDS; round++)
    {
      for (guint storm = 0; storm < 2; storm++)
        {
          g_autoptr (BenchServer) server = bench_server_start (program, n_clients, "sqlite");
          g_autoptr (BenchCrowd) crowd = NULL;
          BenchMemory before;
          BenchMemory after;

          /* The first log-in of all loads tables and makes the heap; that is not what a connection costs. */
          crowd = bench_crowd_new (server->port, 1);
          log_in_gently (crowd, 1);
          g_clear_pointer (&crowd, bench_crowd_free);
          bench_server_wait_quiet (server);

          before = bench_server_memory (server);
          crowd = bench_crowd_new (server->port, n_clients);
          if (storm)
            {
              bench_crowd_log_in (crowd, 0, n_clients);
              bench_crowd_wait_roster (crowd, n_clients);
            }
          else
            {
              log_in_gently (crowd, n_clients);
            }
          bench_server_wait_quiet (server);
          after = bench_server_memory (server);
          bench_series_add (&rss[storm], (double) (after.rss - before.rss) / n_clients);
          bench_series_add (&anonymous[storm], (double) (after.anonymous - before.anonymous) / n_clients);
        }
    }

  g_print ("%-24s %20s %26s\n", "idle, logged in", "RSS B/connection", "anonymous B/connection");
  g_print ("%-24s %20.0f %26.0f\n", "a few at a time", bench_series_close (&rss[0]), bench_series_close (&anonymous[0]));
  g_print ("%-24s %20.0f %26.0f\n", "after a storm", bench_series_close (&rss[1]), bench_series_close (&anonymous[1]));
}

/* As many as the descriptors allow: each client is one here and one in the server, which inherits the limit. */
static guint
affordable_clients (void)
{
  guint limit = bench_server_raise_limit ();

  return limit >= N_CLIENTS + 100 ? N_CLIENTS : limit - 100;
}

int
main (int    argc,
      char **argv)
{
  static const struct {
    const char *name;
    void (*run) (const char *program,
                 guint       n_clients);
  } benches[] = {
    { "storm", bench_storm },
    { "fan-out", bench_fan_out },
    { "idle", bench_idle },
  };
  gboolean isolated = bench_server_isolate ();
  guint n_clients = affordable_clients ();

  for (guint i = 0; argc == 3 && i < G_N_ELEMENTS (benches); i++)
    {
      if (strcmp (argv[2], benches[i].name) != 0)
        continue;
      g_print ("%u clients, %s, median of %u rounds\n\n", n_clients, isolated ? "own network namespace" : "this machine's loopback",
               BENCH_ROUNDS);
      benches[i].run (argv[1], n_clients);
      return 0;
    }

  g_printerr ("Usage: %s AHOYD storm|fan-out|idle\n", argv[0]);
  return 2;
}
