/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Starting, watching and ending the server that is measured. */

#define _GNU_SOURCE /* unshare() */

#include "bench-server.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench-fail.h"

#define READY_DEADLINE_MS 20000
#define STOP_DEADLINE_MS 10000
#define QUIET_DEADLINE_MS 5000
#define QUIET_MS 30

/* The descriptor the server is told to write its ready line to. */
#define READY_FD 3

const char *const bench_server_no_limits[] = { "--max-pending-per-address", "0", "--max-clients-per-address", "0", "--names-per-key", "0",
                                               "--rate", "0", "--rate-bytes", "0", NULL };

gboolean
bench_server_isolate (void)
{
  struct ifreq loopback = { .ifr_name = "lo" };
  gboolean     up;
  int          fd;

  if (unshare (geteuid () == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) < 0)
    return FALSE;

  fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  up = ioctl (fd, SIOCGIFFLAGS, &loopback) == 0;
  loopback.ifr_flags |= IFF_UP;
  up = up && ioctl (fd, SIOCSIFFLAGS, &loopback) == 0;
  close (fd);
  if (!up)
    bench_fail ("The network namespace has no loopback device: %s", g_strerror (errno));

  return TRUE;
}

guint
bench_server_raise_limit (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  return (guint) MIN (limit.rlim_max, G_MAXUINT);
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* Reads "tcp=PORT udp=PORT\n". */
static guint16
read_ready_line (int fd)
{
  char         line[256];
  gsize        len = 0;
  gint64       deadline = g_get_monotonic_time () + READY_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  unsigned int port = 0;

  while (len < sizeof line - 1)
    {
      struct pollfd waiting = { .fd = fd, .events = POLLIN };
      gint64        left = (deadline - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
      gssize        n;

      if (left <= 0 || poll (&waiting, 1, (int) left) <= 0)
        break;
      n = read (fd, line + len, sizeof line - 1 - len);
      if (n <= 0)
        break;
      len += (gsize) n;
      if (line[len - 1] == '\n')
        break;
    }
  line[len] = '\0';

  return sscanf (line, "tcp=%u", &port) == 1 && port <= G_MAXUINT16 ? (guint16) port : 0;
}

/* Both lists of strings in one, which ends with NULL. */
static GPtrArray *
join (const char *const *first,
      const char *const *then)
{
  GPtrArray *all = g_ptr_array_new ();

  for (; *first != NULL; first++)
    g_ptr_array_add (all, (gpointer) *first);
  for (; *then != NULL; then++)
    g_ptr_array_add (all, (gpointer) *then);
  g_ptr_array_add (all, NULL);
  return all;
}

/* On a data folder that is there. */
static void
launch (BenchServer       *self,
        const char        *program,
        guint              max_clients,
        const char        *store,
        const char *const *options)
{
  g_autofree char      *log_path = g_build_filename (self->data_dir, "bench.log", NULL);
  g_autofree char      *max = g_strdup_printf ("%u", max_clients);
  g_autofree char      *ready = g_strdup_printf ("%d", READY_FD);
  const char           *always[] = { program, "--port", "0", "--no-discovery", "--bind", "127.0.0.1",
                                     "--ready-fd", ready, "--max-clients", max, "--data-dir", self->data_dir,
                                     "--store", store, NULL };
  g_autoptr (GPtrArray) argv = join (always, options);
  const int             target_fd = READY_FD;
  g_autoptr (GError)    error = NULL;
  int                   ready_pipe[2];
  int                   log_fd;

  if (!g_unix_open_pipe (ready_pipe, FD_CLOEXEC, NULL))
    bench_fail ("No pipe for the server: %s", g_strerror (errno));
  log_fd = g_open (log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (!g_spawn_async_with_pipes_and_fds (NULL, (const char *const *) argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, die_with_parent, NULL, -1,
                                         log_fd, log_fd, &ready_pipe[1], &target_fd, 1, &self->pid, NULL, NULL, NULL, &error))
    bench_fail ("%s", error->message);
  close (log_fd);
  close (ready_pipe[1]);

  self->port = read_ready_line (ready_pipe[0]);
  close (ready_pipe[0]);
  if (self->port == 0)
    bench_fail ("%s did not say that it is ready; what it said is in %s", program, log_path);
}

BenchServer *
bench_server_start_with (const char        *program,
                         guint              max_clients,
                         const char        *store,
                         const char *const *options)
{
  BenchServer *self = g_new0 (BenchServer, 1);

  self->data_dir = g_dir_make_tmp ("ahoy-bench-XXXXXX", NULL);
  if (self->data_dir == NULL)
    bench_fail ("No folder for the server: %s", g_strerror (errno));
  launch (self, program, max_clients, store, options);
  return self;
}

BenchServer *
bench_server_start (const char *program,
                    guint       max_clients,
                    const char *store)
{
  return bench_server_start_with (program, max_clients, store, bench_server_no_limits);
}

static int
remove_entry (const char        *path,
              const struct stat *info,
              int                kind,
              struct FTW        *position)
{
  return remove (path);
}

static void
end (BenchServer *self)
{
  gint64 deadline = g_get_monotonic_time () + STOP_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  int    status = 0;

  kill (self->pid, SIGTERM);
  while (waitpid (self->pid, &status, WNOHANG) == 0)
    {
      if (g_get_monotonic_time () > deadline)
        bench_fail ("The server did not end within %d ms; what it said is in %s", STOP_DEADLINE_MS, self->data_dir);
      g_usleep (2000);
    }
  if (status != 0)
    bench_fail ("The server ended badly; what it said is in %s", self->data_dir);
}

void
bench_server_restart (BenchServer       *self,
                      const char        *program,
                      guint              max_clients,
                      const char        *store,
                      const char *const *options)
{
  end (self);
  launch (self, program, max_clients, store, options);
}

void
bench_server_stop (BenchServer *self)
{
  end (self);
  nftw (self->data_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
  g_free (self->data_dir);
  g_free (self);
}

gint64
bench_server_cpu (BenchServer *self)
{
  struct timespec used = { 0 };
  clockid_t       clock;

  if (clock_getcpuclockid (self->pid, &clock) != 0 || clock_gettime (clock, &used) < 0)
    bench_fail ("The server has ended");
  return used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

BenchMemory
bench_server_memory (BenchServer *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", self->pid);
  g_autofree char *text = NULL;
  BenchMemory      memory = { 0 };
  const char      *rss;
  const char      *anonymous;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    bench_fail ("The server has ended");
  rss = strstr (text, "\nRss:");
  anonymous = strstr (text, "\nAnonymous:");
  g_assert (rss != NULL && anonymous != NULL);
  memory.rss = 1024 * g_ascii_strtoll (rss + strlen ("\nRss:"), NULL, 10);
  memory.anonymous = 1024 * g_ascii_strtoll (anonymous + strlen ("\nAnonymous:"), NULL, 10);

  return memory;
}

gint64
bench_server_peak (BenchServer *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", self->pid);
  g_autofree char *text = NULL;
  const char      *peak;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    bench_fail ("The server has ended");
  peak = strstr (text, "\nVmHWM:");
  g_assert (peak != NULL);
  return 1024 * g_ascii_strtoll (peak + strlen ("\nVmHWM:"), NULL, 10);
}

void
bench_server_wait_quiet (BenchServer *self)
{
  gint64 deadline = g_get_monotonic_time () + QUIET_DEADLINE_MS * G_TIME_SPAN_MILLISECOND;
  gint64 before;

  do
    {
      before = bench_server_cpu (self);
      g_usleep (QUIET_MS * 1000);
    }
  while (bench_server_cpu (self) != before && g_get_monotonic_time () < deadline);
}
