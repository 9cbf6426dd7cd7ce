/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* bench-log AHOYD commit|latency|replay: what the log costs, beside a server that keeps everything in memory. README.md says how to read what it
 * prints. */

#include <string.h>

#include "bench-crowd.h"
#include "bench-fail.h"
#include "bench-peer.h"
#include "bench-series.h"
#include "bench-server.h"

#define MESSAGE_SIZE 200

#define N_COMMITS_ONE 1000 /* a round */
#define N_COMMITS_MANY 12800
#define N_SENDERS 64

#define N_RECEIVERS 1000
#define N_MESSAGES 60 /* a round */
#define INTERVAL_US 50000

#define N_REPLAYED 100000

enum {
  SQLITE,
  MEMORY,
  N_STORES,
};

static const char *const stores[N_STORES] = { "sqlite", "memory" };

/* Each sender whispers to itself, the next when it has the last: nobody else hears of it, so what is measured is the log's commit. */
static double
commits_a_second (BenchServer *server,
                  guint        n_senders,
                  guint        n_messages)
{
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func ((GDestroyNotify) bench_peer_free);
  g_autoptr (GPtrArray) frames = g_ptr_array_new_with_free_func (g_free);
  g_autofree char      *text = g_strnfill (MESSAGE_SIZE, 'x');
  gint64                begin;

  for (guint i = 0; i < n_senders; i++)
    {
      g_autofree char *name = g_strdup_printf ("u%c%c", 'a' + i / 8, 'a' + i % 8);
      BenchPeer       *peer = bench_peer_connect (server->port);

      g_ptr_array_add (peers, peer);
      g_ptr_array_add (frames, g_strdup_printf ("\0022%s,%s\003", name, text));
      bench_peer_log_in (peer, name);
    }

  begin = g_get_monotonic_time ();
  for (guint i = 0; i < n_senders; i++)
    bench_peer_send (peers->pdata[i], frames->pdata[i], strlen (frames->pdata[i]));
  for (guint i = 0; i < n_messages; i++)
    {
      guint sender = i % n_senders;

      bench_peer_wait (peers->pdata[sender], '4');
      if (i + n_senders < n_messages)
        bench_peer_send (peers->pdata[sender], frames->pdata[sender], strlen (frames->pdata[sender]));
    }
  return n_messages / bench_seconds_since (begin);
}

static void
bench_commit (const char *program)
{
  BenchSeries rates[N_STORES][2] = { { { 0 } } };
  double      medians[N_STORES][2];

  for (guint round = 0; round < BENCH_ROUNDS; round++)
    for (guint store = 0; store < N_STORES; store++)
      {
        g_autoptr (BenchServer) server = bench_server_start (program, N_SENDERS, stores[store]);

        bench_series_add (&rates[store][0], commits_a_second (server, 1, N_COMMITS_ONE));
        bench_server_wait_quiet (server);
        bench_series_add (&rates[store][1], commits_a_second (server, N_SENDERS, N_COMMITS_MANY));
      }
  for (guint store = 0; store < N_STORES; store++)
    for (guint many = 0; many < 2; many++)
      medians[store][many] = bench_series_close (&rates[store][many]);

  g_print ("%-24s %14s %14s %14s\n", "committed messages/s", stores[SQLITE], stores[MEMORY], "memory/sqlite");
  for (guint many = 0; many < 2; many++)
    g_print ("%-24s %14.0f %14.0f %14.2f\n", many ? "64 senders" : "1 sender", medians[SQLITE][many], medians[MEMORY][many],
             medians[MEMORY][many] / medians[SQLITE][many]);
}

static void
bench_latency (const char *program)
{
  BenchSeries  p50[N_STORES] = { { 0 } };
  BenchSeries  p99[N_STORES] = { { 0 } };
  BenchServer *servers[N_STORES];
  BenchCrowd  *crowds[N_STORES];
  double       medians[N_STORES][2];

  for (guint store = 0; store < N_STORES; store++)
    {
      servers[store] = bench_server_start (program, N_RECEIVERS, stores[store]);
      crowds[store] = bench_crowd_new (servers[store]->port, N_RECEIVERS, NULL);
      bench_crowd_arrive (crowds[store]);
      bench_server_wait_quiet (servers[store]);
    }
  for (guint round = 0; round < BENCH_ROUNDS; round++)
    for (guint store = 0; store < N_STORES; store++)
      {
        g_autoptr (GArray) latencies = g_array_new (FALSE, FALSE, sizeof (double));
        gint64             next = g_get_monotonic_time ();

        for (guint i = 0; i < N_MESSAGES; i++, next += INTERVAL_US)
          {
            g_usleep ((gulong) MAX (next - g_get_monotonic_time (), 0));
            bench_crowd_say (crowds[store], 1, MESSAGE_SIZE, 1, latencies);
          }
        bench_series_add (&p50[store], bench_percentile (latencies, 0.50));
        bench_series_add (&p99[store], bench_percentile (latencies, 0.99));
      }
  for (guint store = 0; store < N_STORES; store++)
    {
      bench_crowd_free (crowds[store]);
      bench_server_stop (servers[store]);
      medians[store][0] = bench_series_close (&p50[store]);
      medians[store][1] = bench_series_close (&p99[store]);
    }

  g_print ("%-24s %14s %14s %14s\n", "20/s to 1,000: ms", stores[SQLITE], stores[MEMORY], "added");
  for (guint i = 0; i < 2; i++)
    g_print ("%-24s %14.2f %14.2f %14.2f\n", i ? "p99" : "p50", medians[SQLITE][i], medians[MEMORY][i], medians[SQLITE][i] - medians[MEMORY][i]);
}

/* The `id` in what `W` says. */
static char *
ask_id (BenchServer *server)
{
  static const char     greeting[] = "\001v=2\0021asker\003";
  g_autoptr (BenchPeer) peer = bench_peer_connect (server->port);
  const guint8         *frame;
  const char           *id;
  gsize                 len;
  g_autofree char      *heading = NULL;

  bench_peer_send (peer, greeting, strlen (greeting));
  if (bench_peer_read (peer, &frame, &len) != 'W')
    bench_fail ("The server does not speak the extended dialect");
  heading = g_strndup ((const char *) frame, len);
  id = strstr (heading, "\037id=");
  if (id == NULL)
    bench_fail ("The server has no id");
  id += strlen ("\037id=");
  return g_strndup (id, strcspn (id, "\037\002"));
}

/* Returns: messages a second; @n (out): how many. */
static double
replay (BenchServer *server,
        const char  *id,
        guint        round,
        guint       *n)
{
  g_autoptr (BenchPeer) peer = bench_peer_connect (server->port);
  g_autofree char      *greeting = g_strdup_printf ("\001v=2\037since=0\037since-server=%s\0021back%c\003", id, 'a' + round);
  gint64                begin = g_get_monotonic_time ();
  const guint8         *frame;
  gsize                 len;
  char                  type;

  bench_peer_send (peer, greeting, strlen (greeting));
  for (*n = 0; (type = bench_peer_read (peer, &frame, &len)) != 'C';)
    *n += type == '4';
  return *n / bench_seconds_since (begin);
}

static void
bench_replay (const char *program)
{
  BenchSeries  rates[N_STORES] = { { 0 } };
  BenchServer *servers[N_STORES];
  guint        n[N_STORES];
  double       medians[N_STORES];

  for (guint store = 0; store < N_STORES; store++)
    {
      servers[store] = bench_server_start (program, 10, stores[store]);
      bench_peer_fill (servers[store]->port, N_REPLAYED, MESSAGE_SIZE);
    }
  for (guint round = 0; round < BENCH_ROUNDS; round++)
    for (guint store = 0; store < N_STORES; store++)
      {
        g_autofree char *id = ask_id (servers[store]);

        bench_server_wait_quiet (servers[store]);
        bench_series_add (&rates[store], replay (servers[store], id, round, &n[store]));
      }
  for (guint store = 0; store < N_STORES; store++)
    {
      bench_server_stop (servers[store]);
      medians[store] = bench_series_close (&rates[store]);
    }
  if (n[SQLITE] != N_REPLAYED)
    bench_fail ("%u messages were replayed, not %u", n[SQLITE], N_REPLAYED);

  g_print ("%-24s %14s %14s %14s\n", "replayed messages/s", stores[SQLITE], stores[MEMORY], "memory/sqlite");
  g_print ("%-24s %14.0f %14.0f %14.2f\n", "to one who was away", medians[SQLITE], medians[MEMORY], medians[MEMORY] / medians[SQLITE]);
  g_print ("%-24s %14u %14u\n", "of them", n[SQLITE], n[MEMORY]);
}

int
main (int    argc,
      char **argv)
{
  static const struct {
    const char *name;
    void (*run) (const char *program);
  } benches[] = {
    { "commit", bench_commit },
    { "latency", bench_latency },
    { "replay", bench_replay },
  };
  gboolean isolated = bench_server_isolate ();

  bench_server_raise_limit ();
  for (guint i = 0; argc == 3 && i < G_N_ELEMENTS (benches); i++)
    {
      if (strcmp (argv[2], benches[i].name) != 0)
        continue;
      g_print ("%s, median of %u rounds\n\n", isolated ? "own network namespace" : "this machine's loopback", BENCH_ROUNDS);
      benches[i].run (argv[1]);
      return 0;
    }

  g_printerr ("Usage: %s AHOYD commit|latency|replay\n", argv[0]);
  return 2;
}
