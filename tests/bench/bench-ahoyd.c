/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* bench-ahoyd AHOYD storm|fan-out|idle: what a real server costs, over plain connections and over TLS. README.md says how to read what it prints. */

#include <string.h>

#include "bench-crowd.h"
#include "bench-series.h"
#include "bench-server.h"

#define N_CLIENTS 1000

#define MESSAGE_SIZE 200
#define N_MESSAGES_ONE 50 /* a round, one at a time */
#define N_MESSAGES_MANY 640

enum {
  PLAIN,
  TLS,
  N_KINDS,
};

static const char *const kinds[N_KINDS] = { "plain", "TLS" };

/* The medians of both kinds and their ratio. @series: emptied. */
static void
print_kinds (const char  *title,
             int          decimals,
             BenchSeries *series)
{
  double values[N_KINDS];

  for (guint kind = 0; kind < N_KINDS; kind++)
    values[kind] = bench_series_close (&series[kind]);
  g_print ("%-36s %14.*f %14.*f %10.2f\n", title, decimals, values[PLAIN], decimals, values[TLS], values[TLS] / values[PLAIN]);
}

static void
print_head (const char *title)
{
  g_print ("\n%-36s %14s %14s %10s\n", title, kinds[PLAIN], kinds[TLS], "TLS/plain");
}

static void
bench_storm (const char *program,
             guint       n_clients)
{
  g_autoptr (BenchTls) tls = bench_tls_new ();
  BenchSeries          connect_ms[N_KINDS] = { { 0 } };
  BenchSeries          connect_us[N_KINDS] = { { 0 } };
  BenchSeries          time_ms[N_KINDS] = { { 0 } };
  BenchSeries          cpu_ms[N_KINDS] = { { 0 } };
  BenchSeries          frames[N_KINDS] = { { 0 } };
  BenchSeries          cpu_us[N_KINDS] = { { 0 } };

  for (guint round = 0; round < BENCH_ROUNDS; round++)
    for (guint kind = 0; kind < N_KINDS; kind++)
      {
        g_autoptr (BenchServer) server = bench_server_start (program, n_clients, "sqlite");
        g_autoptr (BenchCrowd)  crowd = NULL;
        gint64                  begin;
        gint64                  cpu;
        double                  took;
        double                  used;
        double                  n_frames;

        bench_server_wait_quiet (server);
        cpu = bench_server_cpu (server);
        begin = g_get_monotonic_time ();
        crowd = bench_crowd_new (server->port, n_clients, kind == TLS ? tls : NULL);
        bench_crowd_connect (crowd, 0, n_clients);
        bench_series_add (&connect_ms[kind], bench_seconds_since (begin) * 1000);
        bench_server_wait_quiet (server);
        bench_series_add (&connect_us[kind], (double) (bench_server_cpu (server) - cpu) / n_clients);

        cpu = bench_server_cpu (server);
        begin = g_get_monotonic_time ();
        bench_crowd_log_in (crowd, 0, n_clients);
        bench_crowd_wait_roster (crowd, n_clients);
        took = bench_seconds_since (begin);
        used = (double) (bench_server_cpu (server) - cpu);
        n_frames = (double) bench_crowd_n_presence (crowd);

        bench_series_add (&time_ms[kind], took * 1000);
        bench_series_add (&cpu_ms[kind], used / 1000);
        bench_series_add (&frames[kind], n_frames / took);
        bench_series_add (&cpu_us[kind], used / n_frames);
      }

  print_head ("all connect at once");
  print_kinds ("time ms", 0, connect_ms);
  print_kinds ("server CPU us/connection", 1, connect_us);
  print_head ("all log in at once");
  print_kinds ("time ms", 0, time_ms);
  print_kinds ("server CPU ms", 0, cpu_ms);
  print_kinds ("frames/s", 0, frames);
  print_kinds ("CPU us/frame", 3, cpu_us);
}

static void
fan_out (BenchServer **servers,
         BenchCrowd  **crowds,
         guint         n_clients,
         guint         n_messages,
         guint         in_flight)
{
  g_autofree char *title = in_flight == 1 ? g_strdup ("one at a time") : g_strdup_printf ("%u in flight", in_flight);
  BenchSeries      rate[N_KINDS] = { { 0 } };
  BenchSeries      cpu_us[N_KINDS] = { { 0 } };
  BenchSeries      p50[N_KINDS] = { { 0 } };
  BenchSeries      p99[N_KINDS] = { { 0 } };

  for (guint kind = 0; kind < N_KINDS; kind++)
    bench_crowd_say (crowds[kind], in_flight * 4, MESSAGE_SIZE, in_flight, NULL); /* warm */
  for (guint round = 0; round < BENCH_ROUNDS; round++)
    for (guint kind = 0; kind < N_KINDS; kind++)
      {
        g_autoptr (GArray) latencies = g_array_sized_new (FALSE, FALSE, sizeof (double), n_clients * n_messages);
        double             n = (double) n_clients * n_messages;
        gint64             cpu = bench_server_cpu (servers[kind]);
        gint64             begin = g_get_monotonic_time ();

        bench_crowd_say (crowds[kind], n_messages, MESSAGE_SIZE, in_flight, latencies);
        bench_series_add (&rate[kind], n / bench_seconds_since (begin));
        bench_server_wait_quiet (servers[kind]);
        bench_series_add (&cpu_us[kind], (double) (bench_server_cpu (servers[kind]) - cpu) / n);
        bench_series_add (&p50[kind], bench_percentile (latencies, 0.50));
        bench_series_add (&p99[kind], bench_percentile (latencies, 0.99));
      }

  print_head (title);
  print_kinds ("deliveries/s", 0, rate);
  print_kinds ("CPU us/delivery", 3, cpu_us);
  print_kinds ("latency p50 ms", 2, p50);
  print_kinds ("latency p99 ms", 2, p99);
}

static void
bench_fan_out (const char *program,
               guint       n_clients)
{
  g_autoptr (BenchTls) tls = bench_tls_new ();
  BenchServer         *servers[N_KINDS];
  BenchCrowd          *crowds[N_KINDS];

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      servers[kind] = bench_server_start (program, n_clients, "sqlite");
      crowds[kind] = bench_crowd_new (servers[kind]->port, n_clients, kind == TLS ? tls : NULL);
      bench_crowd_arrive (crowds[kind]);
      bench_server_wait_quiet (servers[kind]);
    }
  fan_out (servers, crowds, n_clients, N_MESSAGES_ONE, 1);
  fan_out (servers, crowds, n_clients, N_MESSAGES_MANY, 16);
  fan_out (servers, crowds, n_clients, N_MESSAGES_MANY, 64);
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      bench_crowd_free (crowds[kind]);
      bench_server_stop (servers[kind]);
    }
}

/* What @n_clients who say nothing cost. */
static void
measure_idle (const char  *program,
              guint        n_clients,
              BenchTls    *tls,
              gboolean     storm,
              BenchSeries *rss,
              BenchSeries *anonymous)
{
  g_autoptr (BenchServer) server = bench_server_start (program, n_clients, "sqlite");
  g_autoptr (BenchCrowd)  crowd = NULL;
  BenchMemory             before;
  BenchMemory             after;

  /* The first log-in of all loads tables and makes the heap; that is not what a connection costs. */
  crowd = bench_crowd_new (server->port, 1, tls);
  bench_crowd_arrive (crowd);
  g_clear_pointer (&crowd, bench_crowd_free);
  bench_server_wait_quiet (server);

  before = bench_server_memory (server);
  crowd = bench_crowd_new (server->port, n_clients, tls);
  if (storm)
    {
      bench_crowd_connect (crowd, 0, n_clients);
      bench_crowd_log_in (crowd, 0, n_clients);
      bench_crowd_wait_roster (crowd, n_clients);
    }
  else
    {
      bench_crowd_arrive (crowd);
    }
  bench_server_wait_quiet (server);
  after = bench_server_memory (server);
  bench_series_add (rss, (double) (after.rss - before.rss) / n_clients);
  bench_series_add (anonymous, (double) (after.anonymous - before.anonymous) / n_clients);
}

static void
bench_idle (const char *program,
            guint       n_clients)
{
  static const char *const ways[] = { "idle, came a few at a time", "idle, came in a storm" };
  g_autoptr (BenchTls)     tls = bench_tls_new ();

  for (guint storm = 0; storm < G_N_ELEMENTS (ways); storm++)
    {
      BenchSeries rss[N_KINDS] = { { 0 } };
      BenchSeries anonymous[N_KINDS] = { { 0 } };

      for (guint round = 0; round < BENCH_ROUNDS; round++)
        for (guint kind = 0; kind < N_KINDS; kind++)
          measure_idle (program, n_clients, kind == TLS ? tls : NULL, storm, &rss[kind], &anonymous[kind]);
      print_head (ways[storm]);
      print_kinds ("RSS B/connection", 0, rss);
      print_kinds ("anonymous B/connection", 0, anonymous);
    }
}

/* As many as the descriptors allow: each client is one here, where there may be two crowds, and one in the server, which inherits the limit. */
static guint
affordable_clients (void)
{
  guint limit = bench_server_raise_limit ();

  return MIN (N_CLIENTS, (limit - 100) / N_KINDS);
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
  guint    n_clients = affordable_clients ();

  for (guint i = 0; argc == 3 && i < G_N_ELEMENTS (benches); i++)
    {
      if (strcmp (argv[2], benches[i].name) != 0)
        continue;
      g_print ("%u clients, %s, median of %u rounds\n", n_clients, isolated ? "own network namespace" : "this machine's loopback",
               BENCH_ROUNDS);
      benches[i].run (argv[1], n_clients);
      return 0;
    }

  g_printerr ("Usage: %s AHOYD storm|fan-out|idle\n", argv[0]);
  return 2;
}
