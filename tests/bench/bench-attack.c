/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* bench-attack AHOYD attack|backlog: what two people who talk notice of others who attack a server as it is shipped, and whether anybody who reads
 * is cut off when much comes at once. README.md says how to read what it prints. */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench-fail.h"
#include "bench-peer.h"
#include "bench-series.h"
#include "bench-server.h"

#define MAX_CLIENTS 1000

/* Slower than the limit of a person, so that nothing but the attack slows them. */
#define N_ECHOES 40
#define INTERVAL_US 120000
#define MESSAGE_SIZE 200

#define CHUNK 65536
#define N_LOGGED 100000
#define N_LOGGED_LARGE 300
#define LARGE 16000
#define N_NON_READERS 150

#define N_READERS 10
#define N_BACKLOG 300
#define READ_DEADLINE_MS 60000

/* One attacker: in a process of its own, until it is killed. @number: of those who do the same. */
typedef void (*Attack) (guint16 port,
                        guint   number);

/* As fast as it can be, and reads what comes unless that would hold it up. Whoever is cut off comes again. */
static void
pour (guint16     port,
      guint       number,
      const char *log_in,
      const char *one)
{
  g_autoptr (GString) chunk = g_string_new (NULL);
  g_autofree char    *buffer = g_malloc (CHUNK);

  while (chunk->len < CHUNK)
    g_string_append (chunk, one);
  for (;;)
    {
      g_autoptr (BenchPeer) peer = bench_peer_connect_from (port, (guint8) (10 + number));
      gsize                 at = 0;

      bench_peer_send (peer, log_in, strlen (log_in));
      for (;;)
        {
          struct pollfd ready = { .fd = peer->fd, .events = POLLIN | POLLOUT };
          gssize        n = 1;

          poll (&ready, 1, -1);
          if (ready.revents & POLLIN)
            n = recv (peer->fd, buffer, CHUNK, MSG_DONTWAIT);
          if (n == 0 || (n < 0 && errno != EAGAIN))
            break;
          if (ready.revents & POLLOUT)
            n = send (peer->fd, chunk->str + at, chunk->len - at, MSG_DONTWAIT | MSG_NOSIGNAL);
          if (n < 0 && errno != EAGAIN)
            break;
          if (n > 0 && ready.revents & POLLOUT)
            at = (at + (gsize) n) % chunk->len;
        }
      g_usleep (50000);
    }
}

static void
search (guint16     port,
        guint       number,
        const char *query)
{
  g_autofree char      *greeting = g_strdup_printf ("\001v=2\0021searcher%c\003", 'a' + number);
  g_autofree char      *question = g_strdup_printf ("\001limit=200\037query=%s\002H\003", query);
  g_autoptr (BenchPeer) peer = bench_peer_connect_from (port, (guint8) (10 + number));

  bench_peer_send (peer, greeting, strlen (greeting));
  bench_peer_wait (peer, 'C');
  for (;;)
    {
      const guint8 *frame;
      gsize         len;
      char          type;

      bench_peer_send (peer, question, strlen (question));
      do
        type = bench_peer_read (peer, &frame, &len);
      while (type != 'h' && type != 'E');
    }
}

static void
search_rare (guint16 port,
             guint   number)
{
  search (port, number, "nowhere to be found");
}

static void
search_worst (guint16 port,
              guint   number)
{
  g_autofree char *query = g_strnfill (4001, 'x');

  query[4000] = 'b';
  search (port, number, query);
}

static void
say (guint16 port,
     guint   number)
{
  g_autofree char *log_in = g_strdup_printf ("\0021loud%c\003", 'a' + number);

  pour (port, number, log_in, "\0023all that can be said, again and again, by somebody who does not care\003");
}

static void
whisper (guint16 port,
         guint   number)
{
  g_autofree char *log_in = g_strdup_printf ("\0021hisser%c\003", 'a' + number);
  g_autofree char *text = g_strnfill (1000, 'w');
  g_autofree char *one = g_strdup_printf ("\0022absent,%s\003", text);

  pour (port, number, log_in, one);
}

static void
ask_how_far (guint16 port,
             guint   number)
{
  g_autofree char *log_in = g_strdup_printf ("\001v=2\0021receiver%c\003", 'a' + number);

  pour (port, number, log_in, "\001id=1\037what=seen\002R\003");
}

/* They ask for history once, read nothing of it, and say now and then that they live. */
static void
read_nothing (guint16 port,
              guint   number)
{
  BenchPeer *peers[N_NON_READERS];

  for (guint i = 0; i < N_NON_READERS; i++)
    {
      g_autofree char *bytes = g_strdup_printf ("\001v=2\0021sleeper%c%c\003\001limit=200\002H\003", 'a' + i / 26, 'a' + i % 26);

      peers[i] = bench_peer_connect_from (port, 10);
      bench_peer_send (peers[i], bytes, strlen (bytes));
    }
  for (guint n = 0;; n++)
    {
      g_autofree char *ping = g_strdup_printf ("\001n=%u\002P\003", n);

      for (guint i = 0; i < N_NON_READERS; i++)
        send (peers[i]->fd, ping, strlen (ping), MSG_DONTWAIT | MSG_NOSIGNAL);
      g_usleep (G_USEC_PER_SEC / 2);
    }
}

static const struct {
  const char *name;
  Attack      attack;
  guint       n;      /* attackers */
  guint       logged; /* messages there are before */
  gsize       size;   /* bytes of each */
} attacks[] = {
  { "10 search 100,000 messages", search_rare, 10, N_LOGGED, MESSAGE_SIZE },
  { "1 searches for 4,001 letters", search_worst, 1, N_LOGGED_LARGE, LARGE },
  { "3 speak at full speed", say, 3, 0, 0 },
  { "1 whispers at full speed", whisper, 1, 0, 0 },
  { "150 read nothing", read_nothing, 1, N_LOGGED_LARGE, LARGE },
  { "3 send receipts at full speed", ask_how_far, 3, N_LOGGED, MESSAGE_SIZE },
};

static pid_t
start_attack (Attack  attack,
              guint16 port,
              guint   number)
{
  pid_t pid = fork ();

  if (pid < 0)
    bench_fail ("Forking: %s", g_strerror (errno));
  if (pid > 0)
    return pid;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  attack (port, number);
  _exit (0);
}

/* One of two says something, and both wait until they have it. @slowest (out): milliseconds that it took at most. Returns: the median. */
static double
talk (BenchPeer *alice,
      BenchPeer *bob,
      guint     *n,
      double    *slowest)
{
  BenchSeries      echo_ms = { 0 };
  g_autofree char *padding = g_strnfill (MESSAGE_SIZE, 'x');

  *slowest = 0;
  for (guint i = 0; i < N_ECHOES; i++)
    {
      BenchPeer       *pair[] = { alice, bob };
      g_autofree char *text = g_strdup_printf ("innocent %u %s", (*n)++, padding);
      g_autofree char *frame = g_strdup_printf ("\0023%s\003", text);
      gint64           begin = g_get_monotonic_time ();

      bench_peer_send (pair[i % 2], frame, strlen (frame));
      for (guint j = 0; j < 2; j++)
        {
          const guint8 *got;
          gsize         len;

          while (bench_peer_read (pair[j], &got, &len) != '4' || len < strlen (text) + 1 ||
                 memcmp (got + len - 1 - strlen (text), text, strlen (text)) != 0)
            ;
        }
      bench_series_add (&echo_ms, bench_seconds_since (begin) * 1000);
      *slowest = MAX (*slowest, bench_seconds_since (begin) * 1000);
      g_usleep ((gulong) MAX (begin + INTERVAL_US - g_get_monotonic_time (), 0));
    }
  return bench_series_close (&echo_ms);
}

/* The log is filled without limits, then the server comes back as it is shipped. */
static BenchServer *
start_with_log (const char *program,
                guint       n,
                gsize       size)
{
  static const char *const shipped[] = { NULL };
  BenchServer             *server;

  if (n == 0)
    return bench_server_start_with (program, MAX_CLIENTS, "sqlite", shipped);
  server = bench_server_start (program, MAX_CLIENTS, "sqlite");
  bench_peer_fill (server->port, n, size);
  bench_server_restart (server, program, MAX_CLIENTS, "sqlite", shipped);
  return server;
}

static void
measure_attack (const char *program,
                guint       which)
{
  g_autoptr (BenchServer) server = start_with_log (program, attacks[which].logged, attacks[which].size);
  g_autoptr (BenchPeer)   absent = bench_peer_connect (server->port);
  g_autoptr (BenchPeer)   alice = bench_peer_connect (server->port);
  g_autoptr (BenchPeer)   bob = bench_peer_connect (server->port);
  pid_t                   attackers[16];
  guint                   n = 0;
  double                  before;
  double                  during;
  double                  slowest;

  bench_peer_log_in (absent, "absent");
  g_clear_pointer (&absent, bench_peer_free);
  bench_peer_log_in (alice, "alice");
  bench_peer_log_in (bob, "bob");
  before = talk (alice, bob, &n, &slowest);
  for (guint i = 0; i < attacks[which].n; i++)
    attackers[i] = start_attack (attacks[which].attack, server->port, i);
  during = talk (alice, bob, &n, &slowest);
  for (guint i = 0; i < attacks[which].n; i++)
    {
      kill (attackers[i], SIGKILL);
      waitpid (attackers[i], NULL, 0);
    }
  g_print ("%-32s %12.2f %12.2f %8.2f %12.2f %10.0f\n", attacks[which].name, before, during, during / before, slowest,
           (double) bench_server_peak (server) / (1024 * 1024));
}

static void
bench_attack (const char *program)
{
  g_print ("%-32s %12s %12s %8s %12s %10s\n", "median echo, ms", "undisturbed", "attacked", "ratio", "slowest", "peak MiB");
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++)
    measure_attack (program, i);
}

/* A person who reads as fast as the wire, on a thread of its own. */
typedef struct {
  BenchPeer *peer;
  GThread   *thread;
  gint64     wanted; /* bytes; less when it is over: cut off */
} Reader;

static gpointer
read_on (gpointer data)
{
  Reader          *self = data;
  g_autofree char *buffer = g_malloc (CHUNK);

  while (self->wanted > 0)
    {
      struct pollfd ready = { .fd = self->peer->fd, .events = POLLIN };
      gssize        n = poll (&ready, 1, READ_DEADLINE_MS) > 0 ? recv (self->peer->fd, buffer, CHUNK, 0) : 0;

      if (n <= 0)
        break;
      self->wanted -= n;
    }
  return NULL;
}

/* Nothing is committed as long as another program has the log for itself. Returns: how many of the readers were cut off. */
static guint
count_cut_off (const char *program)
{
  g_autoptr (BenchServer) server = bench_server_start (program, N_READERS, "sqlite");
  g_autofree char        *path = g_build_filename (server->data_dir, "log.sqlite", NULL);
  g_autofree char        *text = g_strnfill (LARGE, 'x');
  g_autofree char        *frame = g_strdup_printf ("\0023%s\003", text);
  Reader                  readers[N_READERS] = { { 0 } };
  sqlite3                *log = NULL;
  guint                   cut_off = 0;

  for (guint i = 0; i < N_READERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("reader%c", 'a' + i);

      readers[i].peer = bench_peer_connect (server->port);
      readers[i].wanted = (gint64) N_BACKLOG * LARGE;
      bench_peer_log_in (readers[i].peer, name);
    }
  if (sqlite3_open (path, &log) != SQLITE_OK || sqlite3_exec (log, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
    bench_fail ("The log: %s", sqlite3_errmsg (log));
  for (guint i = 0; i < N_READERS; i++)
    readers[i].thread = g_thread_new ("reader", read_on, &readers[i]);
  for (guint i = 0; i < N_BACKLOG; i++)
    bench_peer_send (readers[i % N_READERS].peer, frame, strlen (frame));
  bench_server_wait_quiet (server);
  if (sqlite3_exec (log, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
    bench_fail ("The log: %s", sqlite3_errmsg (log));
  sqlite3_close (log);
  for (guint i = 0; i < N_READERS; i++)
    {
      g_thread_join (readers[i].thread);
      cut_off += readers[i].wanted > 0;
      bench_peer_free (readers[i].peer);
    }
  return cut_off;
}

static void
bench_backlog (const char *program)
{
  BenchSeries cut_off = { 0 };

  for (guint round = 0; round < BENCH_ROUNDS; round++)
    bench_series_add (&cut_off, count_cut_off (program));
  g_print ("%u messages of %u bytes are committed at once: of %u who read as fast as they can, %.0f are cut off\n", N_BACKLOG, LARGE, N_READERS,
           bench_series_close (&cut_off));
}

int
main (int    argc,
      char **argv)
{
  static const struct {
    const char *name;
    void (*run) (const char *program);
  } benches[] = {
    { "attack", bench_attack },
    { "backlog", bench_backlog },
  };
  gboolean isolated = bench_server_isolate ();

  bench_server_raise_limit ();
  for (guint i = 0; argc == 3 && i < G_N_ELEMENTS (benches); i++)
    {
      if (strcmp (argv[2], benches[i].name) != 0)
        continue;
      g_print ("%s\n\n", isolated ? "own network namespace" : "this machine's loopback");
      benches[i].run (argv[1]);
      return 0;
    }

  g_printerr ("Usage: %s AHOYD attack|backlog\n", argv[0]);
  return 2;
}
