/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* A server as a child: scripts stand in for ahoyd, so that it can fail in every way; and the real one ($AHOYD). */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/discovery/ahoy-finder-private.h"
#include "core/hosting/ahoy-host.h"
#include "support/test-loop.h"
#include "support/test-netns.h"

/* Says that it serves, and when it was asked to end. */
#define SERVES                                       \
  "trap 'echo term >>ended; kill $s; exit 0' TERM\n" \
  "sleep 600 & s=$!\n"                               \
  "echo $$ >pid\n"                                   \
  "echo tcp=5123 udp=24690 >&3\n"                    \
  "exec 3>&-\n"                                      \
  "wait\n"

#define ID "abcdefghijklmnopqrstuvwxyz"

typedef struct {
  char     *dir;
  char     *program;
  char     *data;
  AhoyHost *host;
} Fixture;

static char *
path_in (Fixture    *fixture,
         const char *name)
{
  return g_build_filename (fixture->dir, name, NULL);
}

/* Contents without the line end; NULL when there is no such file. */
static char *
read_file (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = path_in (fixture, name);
  char            *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_strchomp (text) : NULL;
}

static AhoyHost *
host_of (Fixture    *fixture,
         const char *script)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\ncd '%s'\necho \"$*\" >>args\n%s", fixture->dir, script);

  assert_true (g_file_set_contents_full (fixture->program, text, -1, G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  fixture->host = ahoy_host_new (fixture->program, fixture->data, "The Library", 24777);
  return fixture->host;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static int
setup (void **state)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->dir = g_dir_make_tmp ("ahoy-host-XXXXXX", NULL);
  fixture->program = path_in (fixture, "ahoyd");
  fixture->data = g_build_filename (fixture->dir, "data", "server", NULL);
  *state = fixture;
  return fixture->dir != NULL ? 0 : -1;
}

static int
teardown (void **state)
{
  Fixture *fixture = *state;

  g_clear_object (&fixture->host);
  remove_tree (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->program);
  g_free (fixture->data);
  g_free (fixture);
  return 0;
}

typedef struct {
  AhoyHost     *host;
  AhoyHostState state;
} Awaited;

static gboolean
has_state (gpointer data)
{
  Awaited *awaited = data;

  return ahoy_host_get_state (awaited->host) == awaited->state;
}

static void
wait_for (AhoyHost     *host,
          AhoyHostState state)
{
  Awaited awaited = { host, state };

  if (!test_loop_until (NULL, has_state, &awaited, TEST_LOOP_DEADLINE_MS))
    fail_msg ("state is %d, not %d: %s", ahoy_host_get_state (host), state, ahoy_host_get_error_text (host));
}

/* Not there, or only not yet collected by whoever has to. */
static gboolean
is_gone (gpointer data)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/stat", (char *) data);
  g_autofree char *stat = NULL;

  return !g_file_get_contents (path, &stat, NULL, NULL) || strstr (stat, ") Z") != NULL;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Nothing tells us when a process that is not our child has gone: look again and again. */
static void
wait_gone (char *pid)
{
  guint    tick = g_timeout_add (10, on_tick, NULL);
  gboolean gone = test_loop_until (NULL, is_gone, pid, TEST_LOOP_DEADLINE_MS);

  g_source_remove (tick);
  assert_true (gone);
}

static gboolean
has_ended (Fixture *fixture)
{
  g_autofree char *ended = read_file (fixture, "ended");

  return g_strcmp0 (ended, "term") == 0;
}

static void
test_runs_and_stops (void **state)
{
  Fixture         *fixture = *state;
  AhoyHost        *host = host_of (fixture, SERVES);
  g_autofree char *args = NULL;
  g_autofree char *expected = g_strdup_printf ("--data-dir %s --name The Library --discovery-port 24777 --ready-fd 3", fixture->data);
  g_autofree char *pid = NULL;
  GStatBuf         info;

  assert_int_equal (ahoy_host_get_state (host), AHOY_HOST_STOPPED);
  assert_null (ahoy_host_get_server (host));

  ahoy_host_start (host);
  assert_int_equal (ahoy_host_get_state (host), AHOY_HOST_STARTING);
  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_RUNNING);
  ahoy_host_start (host);

  assert_string_equal (ahoy_server_get_host (ahoy_host_get_server (host)), "127.0.0.1");
  assert_int_equal (ahoy_server_get_port (ahoy_host_get_server (host)), 5123);
  assert_string_equal (ahoy_server_get_name (ahoy_host_get_server (host)), "The Library");
  assert_null (ahoy_host_get_error_text (host));
  args = read_file (fixture, "args");
  assert_string_equal (args, expected); /* once */
  assert_int_equal (g_stat (fixture->data, &info), 0);
  assert_int_equal (info.st_mode & 0777, 0700);

  pid = read_file (fixture, "pid");
  ahoy_host_stop (host);
  wait_for (host, AHOY_HOST_STOPPED);
  assert_true (is_gone (pid));
  assert_true (has_ended (fixture));
  assert_null (ahoy_host_get_server (host));
  assert_null (ahoy_host_get_error_text (host));

  ahoy_host_stop (host);
  assert_int_equal (ahoy_host_get_state (host), AHOY_HOST_STOPPED);
}

/* What the child is told and what it tells is for whoever dials it. */
static void
test_its_id_and_a_claim (void **state)
{
  static const struct {
    const char *line, *id;
    gboolean    tls;
  } rows[] = {
    { "tcp=5123 udp=1 id=" ID " tls=1", ID, TRUE },
    { "new=x id=" ID " tls=0 tcp=5123", ID, FALSE },
    { "tcp=5123 udp=1 id=../../nonsense tls=1", NULL, TRUE },
    { "tcp=5123 udp=1", NULL, FALSE }, /* an older one */
  };
  Fixture *fixture = *state;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *script = g_strdup_printf ("trap 'exit 0' TERM\nsleep 600 & s=$!\necho '%s' >&3\nexec 3>&-\nwait\nkill $s\n", rows[i].line);
      AhoyHost        *host = host_of (fixture, script);
      AhoyServer      *server;

      ahoy_host_set_claim (host, "-Ann=", "qwert");
      ahoy_host_start (host);
      wait_for (host, AHOY_HOST_RUNNING);
      server = ahoy_host_get_server (host);
      assert_true (ahoy_server_get_own (server));
      assert_true (ahoy_server_get_extended (server));
      assert_int_equal (ahoy_server_get_port (server), 5123);
      assert_int_equal (ahoy_server_get_tls (server), rows[i].tls);
      if (rows[i].id != NULL)
        assert_string_equal (ahoy_server_get_id (server), rows[i].id);
      else
        assert_null (ahoy_server_get_id (server));
      ahoy_host_stop (host);
      wait_for (host, AHOY_HOST_STOPPED);
      g_clear_object (&fixture->host);
    }
}

static void
test_what_it_is_told (void **state)
{
  Fixture         *fixture = *state;
  AhoyHost        *host = host_of (fixture, SERVES);
  g_autofree char *args = NULL;
  g_auto (GStrv)   lines = NULL;

  ahoy_host_set_claim (host, "Ann", NULL); /* without a key there is nothing to own it */
  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_RUNNING);
  ahoy_host_set_claim (host, "-Ann=", "qwert");
  ahoy_host_set_server_name (host, "The Workshop");
  ahoy_host_stop (host);
  ahoy_host_start_anew (host); /* one that stops starts again as it is told then */
  wait_for (host, AHOY_HOST_STARTING);
  wait_for (host, AHOY_HOST_RUNNING);
  assert_string_equal (ahoy_server_get_name (ahoy_host_get_server (host)), "The Workshop");
  ahoy_host_stop (host);
  wait_for (host, AHOY_HOST_STOPPED);

  args = read_file (fixture, "args");
  lines = g_strsplit (args, "\n", -1);
  assert_int_equal (g_strv_length (lines), 2);
  assert_null (strstr (lines[0], "--claim"));
  assert_null (strstr (lines[0], "--new-log"));
  assert_non_null (strstr (lines[1], "--name The Workshop"));
  assert_non_null (strstr (lines[1], "--claim=-Ann==qwert"));
  assert_non_null (strstr (lines[1], "--new-log"));
}

static void
test_a_lost_log_is_known_by_the_exit_status (void **state)
{
  Fixture  *fixture = *state;
  AhoyHost *host = host_of (fixture, "case \"$*\" in *--new-log*) ;; *) echo 'log.sqlite: oh' >&2; exit 3;; esac\n" SERVES);

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_FAILED);
  assert_true (ahoy_host_get_log_lost (host));
  assert_string_equal (ahoy_host_get_error_text (host), "log.sqlite: oh");
  ahoy_host_start_anew (host);
  assert_false (ahoy_host_get_log_lost (host));
  wait_for (host, AHOY_HOST_RUNNING);
  ahoy_host_stop (host);
  wait_for (host, AHOY_HOST_STOPPED);
  assert_false (ahoy_host_get_log_lost (host));
  /* That was for once. */
  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_FAILED);
  assert_true (ahoy_host_get_log_lost (host));
}

static void
test_starts_again (void **state)
{
  Fixture         *fixture = *state;
  AhoyHost        *host = host_of (fixture, SERVES);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_RUNNING);
  first = read_file (fixture, "pid");

  ahoy_host_stop (host);
  ahoy_host_start (host); /* while it is still stopping */
  wait_for (host, AHOY_HOST_STARTING);
  wait_for (host, AHOY_HOST_RUNNING);
  second = read_file (fixture, "pid");
  assert_string_not_equal (first, second);
  assert_true (is_gone (first));
}

static void
test_no_such_program (void **state)
{
  Fixture             *fixture = *state;
  g_autofree char     *missing = path_in (fixture, "missing");
  g_autoptr (AhoyHost) host = ahoy_host_new (missing, fixture->data, "Library", 24777);

  ahoy_host_start (host);
  assert_int_equal (ahoy_host_get_state (host), AHOY_HOST_FAILED);
  assert_non_null (strstr (ahoy_host_get_error_text (host), missing));
}

static void
test_no_such_folder (void **state)
{
  Fixture             *fixture = *state;
  g_autofree char     *inside_a_file = g_build_filename (fixture->program, "data", NULL);
  g_autoptr (AhoyHost) host = NULL;

  host_of (fixture, SERVES);
  host = ahoy_host_new (fixture->program, inside_a_file, "Library", 24777);
  ahoy_host_start (host);
  assert_int_equal (ahoy_host_get_state (host), AHOY_HOST_FAILED);
  assert_non_null (strstr (ahoy_host_get_error_text (host), inside_a_file));
}

static void
test_says_why_it_failed (void **state)
{
  Fixture  *fixture = *state;
  AhoyHost *host = host_of (fixture, "echo 'port 24690 is taken' >&2; exit 1\n");

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_FAILED);
  assert_string_equal (ahoy_host_get_error_text (host), "port 24690 is taken");
  assert_false (ahoy_host_get_log_lost (host));
  assert_null (ahoy_host_get_server (host));

  /* Another try forgets that. */
  ahoy_host_start (host);
  assert_int_equal (ahoy_host_get_state (host), AHOY_HOST_STARTING);
  assert_null (ahoy_host_get_error_text (host));
  wait_for (host, AHOY_HOST_FAILED);
}

static void
test_last_words_are_kept_and_no_more (void **state)
{
  Fixture  *fixture = *state;
  AhoyHost *host = host_of (fixture, "head -c 1000000 /dev/zero | tr '\\0' x >&2; printf '\\377 the end' >&2; exit 1\n");

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_FAILED);
  assert_true (g_str_has_suffix (ahoy_host_get_error_text (host), "\xef\xbf\xbd the end"));
  assert_true (strlen (ahoy_host_get_error_text (host)) <= 4096 + 2);
}

static void
test_exits_without_a_word (void **state)
{
  Fixture  *fixture = *state;
  AhoyHost *host = host_of (fixture, "exec 3>&-; exit 0\n");

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_FAILED);
  assert_string_equal (ahoy_host_get_error_text (host), "");
}

static void
test_dies_while_running (void **state)
{
  Fixture         *fixture = *state;
  AhoyHost        *host = host_of (fixture, SERVES);
  g_autofree char *pid = NULL;

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_RUNNING);
  pid = read_file (fixture, "pid");
  kill (atoi (pid), SIGTERM);
  wait_for (host, AHOY_HOST_FAILED);
  assert_null (ahoy_host_get_server (host));
}

static void
test_stop_while_starting (void **state)
{
  Fixture  *fixture = *state;
  AhoyHost *host = host_of (fixture, "exec sleep 600\n");

  ahoy_host_start (host);
  ahoy_host_stop (host);
  wait_for (host, AHOY_HOST_STOPPED);
  assert_null (ahoy_host_get_error_text (host));
}

static void
test_what_will_not_end_is_ended (void **state)
{
  Fixture  *fixture = *state;
  AhoyHost *host = host_of (fixture, "trap '' TERM\necho $$ >pid\necho tcp=5123 udp=1 >&3\nwhile :; do sleep 0.2; done\n");
  gint64    start;

  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_RUNNING);
  start = g_get_monotonic_time ();
  ahoy_host_stop (host);
  wait_for (host, AHOY_HOST_STOPPED);
  assert_true (g_get_monotonic_time () - start >= 5 * G_USEC_PER_SEC);
}

static void
test_ends_with_the_object (void **state)
{
  Fixture         *fixture = *state;
  g_autofree char *pid = NULL;

  ahoy_host_start (host_of (fixture, SERVES));
  wait_for (fixture->host, AHOY_HOST_RUNNING);
  pid = read_file (fixture, "pid");
  assert_false (is_gone (pid));
  g_clear_object (&fixture->host);
  wait_gone (pid);
  assert_true (has_ended (fixture));
}

static gboolean
found_both (gpointer finder)
{
  return g_list_model_get_n_items (ahoy_finder_get_servers (finder)) >= 2;
}

static void
test_the_real_one_can_be_found (void **state)
{
  const AhoyFinderTiming patient = { .attempts = { 0, 300, 900, 2100 }, .give_up = TEST_LOOP_DEADLINE_MS, .window = TEST_LOOP_DEADLINE_MS };
  Fixture               *fixture = *state;
  const char            *program = g_getenv ("AHOYD");
  g_autofree char       *other_data = path_in (fixture, "other");
  g_autoptr (AhoyHost)   host = NULL;
  g_autoptr (AhoyHost)   other = NULL;
  g_autoptr (AhoyFinder) finder = ahoy_finder_new (24777);

  assert_non_null (program);
  host = ahoy_host_new (program, fixture->data, "The Library", 24777);
  other = ahoy_host_new (program, other_data, "The Workshop", 24777);
  ahoy_host_start (host);
  wait_for (host, AHOY_HOST_RUNNING);
  ahoy_host_start (other);
  wait_for (other, AHOY_HOST_RUNNING);
  assert_int_not_equal (ahoy_server_get_port (ahoy_host_get_server (host)), ahoy_server_get_port (ahoy_host_get_server (other)));

  ahoy_finder_set_timing (finder, &patient);
  ahoy_finder_start (finder);
  assert_true (test_loop_until (NULL, found_both, finder, TEST_LOOP_DEADLINE_MS));
  assert_int_equal (g_list_model_get_n_items (ahoy_finder_get_servers (finder)), 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AhoyServer) found = g_list_model_get_item (ahoy_finder_get_servers (finder), i);
      gboolean               first = ahoy_server_get_port (found) == ahoy_server_get_port (ahoy_host_get_server (host));
      AhoyServer            *hosted = ahoy_host_get_server (first ? host : other);

      assert_true (ahoy_server_get_tls (hosted));
      assert_string_equal (ahoy_server_get_id (hosted), ahoy_server_get_id (found));

      assert_string_equal (ahoy_server_get_host (found), "127.0.0.1");
      assert_string_equal (ahoy_server_get_name (found), first ? "The Library" : "The Workshop");
    }

  ahoy_host_stop (host);
  ahoy_host_stop (other);
  wait_for (host, AHOY_HOST_STOPPED);
  wait_for (other, AHOY_HOST_STOPPED);
}

static char *self_path;

/* This program as the one that hosts: see main(). */
static void
test_ends_with_the_process (void **state)
{
  Fixture                     *fixture = *state;
  g_autofree char             *pid = NULL;
  g_autofree char             *line = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GSubprocess)      process = NULL;

  host_of (fixture, SERVES);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, self_path, "host", fixture->program, fixture->data, NULL);
  assert_non_null (process);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  assert_string_equal (line, "running");
  pid = read_file (fixture, "pid");
  assert_false (is_gone (pid));

  g_subprocess_force_exit (process); /* SIGKILL: it can do nothing more */
  wait_gone (pid);
  assert_true (has_ended (fixture));
  assert_true (g_subprocess_wait (process, NULL, NULL));
}

static void
on_host_state (AhoyHost *host)
{
  if (ahoy_host_get_state (host) == AHOY_HOST_RUNNING)
    g_print ("running\n");
}

static int
host_for_ever (const char *program,
               const char *data)
{
  g_autoptr (AhoyHost)  host = ahoy_host_new (program, data, "Library", 24777);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_signal_connect (host, "notify::state", G_CALLBACK (on_host_state), NULL);
  ahoy_host_start (host);
  g_main_loop_run (loop);
  return 0;
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_runs_and_stops, setup, teardown),
    cmocka_unit_test_setup_teardown (test_its_id_and_a_claim, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_it_is_told, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_lost_log_is_known_by_the_exit_status, setup, teardown),
    cmocka_unit_test_setup_teardown (test_starts_again, setup, teardown),
    cmocka_unit_test_setup_teardown (test_no_such_program, setup, teardown),
    cmocka_unit_test_setup_teardown (test_no_such_folder, setup, teardown),
    cmocka_unit_test_setup_teardown (test_says_why_it_failed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_last_words_are_kept_and_no_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_exits_without_a_word, setup, teardown),
    cmocka_unit_test_setup_teardown (test_dies_while_running, setup, teardown),
    cmocka_unit_test_setup_teardown (test_stop_while_starting, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_will_not_end_is_ended, setup, teardown),
    cmocka_unit_test_setup_teardown (test_ends_with_the_object, setup, teardown),
    cmocka_unit_test_setup_teardown (test_ends_with_the_process, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_real_one_can_be_found, setup, teardown),
  };

  if (argc == 4 && g_str_equal (argv[1], "host"))
    return host_for_ever (argv[2], argv[3]);

  test_netns_enter ();
  self_path = argv[0];
  return cmocka_run_group_tests (tests, NULL, NULL);
}
