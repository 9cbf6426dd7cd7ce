/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The client's disk is full for a moment: a small file system of the test's own, and SQLite as it is. */

#define _GNU_SOURCE

#include "extended-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* Takes all the room there is. */
static char *
fill (Extended *e)
{
  char             *path = g_build_filename (e->dir, "fill", NULL);
  static const char zeros[4096];
  int               fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  assert_true (fd >= 0);
  while (write (fd, zeros, sizeof zeros) == sizeof zeros)
    ;
  close (fd);
  return path;
}

/* The ids that the next program would find in the file if this one were killed now. */
static char *
ids_on_disk (Extended *e)
{
  sqlite3      *db = NULL;
  sqlite3_stmt *stmt = NULL;
  char         *found;

  assert_int_equal (sqlite3_open (e->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_prepare_v2 (db, "SELECT group_concat(id) FROM messages", -1, &stmt, NULL), SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  found = g_strdup ((const char *) sqlite3_column_text (stmt, 0));
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return found;
}

static void
assert_on_disk (Extended   *e,
                const char *expected)
{
  g_autofree char *found = ids_on_disk (e);

  assert_string_equal (found, expected);
}

static void
await_written (Extended *e)
{
  WAIT_UNTIL (ahoy_database_get_written (e->history) == ahoy_database_get_pushed (e->history));
}

/* Online, tried again soon, and with one whisper that is said to be received. */
static void
online_with_one (Extended *e)
{
  ahoy_database_set_retry (e->history, 5);
  extended_online (e);
  fake_extended_say (e->server, "bob", "alice", "one");
  extended_await_frame (e, "^id=1|what=delivered>R");
  extended_sync (e);
}

static void
a_full_disk_leaves_no_gap (void **state)
{
  Extended        *e = *state;
  g_autofree char *big = g_strnfill (9000, 'x');
  g_autofree char *shown = g_strdup_printf ("bob>alice: one | bob>alice: %s", big);
  g_autofree char *full = NULL;

  online_with_one (e);
  await_written (e);
  full = fill (e);

  /* It goes on being a chat, and tells nobody that it holds what it cannot keep. */
  ahoy_conversation_set_attended (extended_with (e, "bob"), TRUE);
  fake_extended_say (e->server, "bob", "alice", big);
  extended_await_log (e, "bob", shown);
  fake_extended_say (e->server, "bob", NULL, "three");
  extended_send (e, NULL, "four");
  extended_await_frame (e, ">3four");
  extended_sync (e);
  assert_on_disk (e, "1");
  assert_null (fake_extended_find (e->server, "^id=2|what="));
  assert_true (ahoy_database_get_written (e->history) < ahoy_database_get_pushed (e->history));

  /* There is room again, and nobody says anything. */
  assert_int_equal (g_unlink (full), 0);
  extended_await_frame (e, "^id=2|what=delivered>R");
  extended_await_frame (e, "^id=2|what=seen>R");
  await_written (e);
  assert_on_disk (e, "1,2,3,4");

  extended_restart (e);
  g_ptr_array_set_size (e->server->received, 0);
  extended_online (e);
  assert_non_null (fake_extended_find (e->server, "|since=4|"));
  assert_int_equal (ahoy_client_get_n_waiting (e->client), 0);
  assert_int_equal (fake_extended_count (e->server, ">3four"), 0);
}

/* The program ends while the disk is full: what is missing is said again by the server. */
static void
the_server_has_the_rest (void **state)
{
  Extended        *e = *state;
  g_autofree char *big = g_strnfill (9000, 'x');
  g_autofree char *expected = g_strdup_printf ("bob: one | bob: %s | bob: three", big);
  g_autofree char *full = NULL;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "one");
  extended_await_log (e, NULL, "bob: one");
  await_written (e);
  full = fill (e);
  fake_extended_say (e->server, "bob", NULL, big);
  fake_extended_say (e->server, "bob", NULL, "three");
  extended_await_log (e, NULL, expected);
  fake_extended_drop (e->server);
  extended_end (e);
  assert_int_equal (g_unlink (full), 0);
  extended_restart (e);
  extended_online (e);
  assert_non_null (fake_extended_find (e->server, "|since=1|"));
  extended_await_log (e, NULL, expected);
  await_written (e);
  assert_on_disk (e, "1,2,3");
}

/* It is full when the program starts: what was kept is shown, and what is said is kept when there is room. */
static void
it_is_full_at_the_start (void **state)
{
  Extended        *e = *state;
  g_autofree char *full = NULL;

  online_with_one (e);
  extended_end (e);
  full = fill (e);
  extended_restart (e);
  ahoy_database_set_retry (e->history, 5);
  g_ptr_array_set_size (e->server->received, 0);
  extended_online (e);
  extended_await_log (e, "bob", "bob>alice: one");
  assert_non_null (fake_extended_find (e->server, "|since=1|"));
  fake_extended_say (e->server, "bob", "alice", "two");
  extended_send (e, NULL, "three");
  extended_await_frame (e, ">3three");
  extended_sync (e);
  assert_null (fake_extended_find (e->server, "^id=2|what="));

  assert_int_equal (g_unlink (full), 0);
  extended_await_frame (e, "^id=2|what=delivered>R");
  await_written (e);
  extended_restart (e);
  extended_online (e);
  extended_await_log (e, "bob", "bob>alice: one | bob>alice: two");
  await_written (e);
  assert_on_disk (e, "1,2,3");
}

/* It is full for long: what is not on the disk cannot be read back from there, so all of it is held. */
static void
nothing_is_cut_off_that_is_not_kept (void **state)
{
  Extended         *e = *state;
  AhoyConversation *everyone;
  g_autofree char  *full = NULL;

  extended_online (e);
  fake_extended_say (e->server, "bob", NULL, "first");
  extended_await_log (e, NULL, "bob: first");
  await_written (e);
  full = fill (e);
  for (guint i = 0; i < 2600; i++)
    fake_extended_store (e->server, "bob", NULL, "long");
  extended_cut (e);
  everyone = extended_with (e, NULL);
  WAIT_UNTIL (ahoy_archive_get_position (e->client->parts.archive) == 2601);
  WAIT_UNTIL (ahoy_database_get_n_pending (e->history) == 0 && test_loop_settle (NULL));
  fake_extended_say (e->server, "bob", NULL, "last");
  WAIT_UNTIL (ahoy_archive_get_position (e->client->parts.archive) == 2602);
  WAIT_UNTIL (ahoy_database_get_n_pending (e->history) == 0 && test_loop_settle (NULL));
  while (ahoy_conversation_get_has_older (everyone))
    {
      ahoy_conversation_load_older (everyone);
      WAIT_UNTIL (!ahoy_conversation_get_loading_older (everyone));
    }
  assert_int_equal (g_list_model_get_n_items (ahoy_conversation_get_messages (everyone)), 2602);
}

static void
write_text (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write (fd, text, strlen (text)) < 0)
    perror (path);
  if (fd >= 0)
    close (fd);
}

/* Temporary files are on a file system of 1 MiB. FALSE when the kernel gives no mount namespace. */
static gboolean
enter_small_disk (void)
{
  g_autofree char *uids = g_strdup_printf ("0 %u 1", getuid ());
  g_autofree char *gids = g_strdup_printf ("0 %u 1", getgid ());

  if (geteuid () == 0)
    {
      if (unshare (CLONE_NEWNS) != 0)
        return FALSE;
    }
  else
    {
      if (unshare (CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return FALSE;
      write_text ("/proc/self/setgroups", "deny");
      write_text ("/proc/self/uid_map", uids);
      write_text ("/proc/self/gid_map", gids);
    }
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mount ("tmpfs", g_get_tmp_dir (), "tmpfs", 0, "size=1m,mode=1777") == 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    EXTENDED_TEST (a_full_disk_leaves_no_gap),
    EXTENDED_TEST (the_server_has_the_rest),
    EXTENDED_TEST (it_is_full_at_the_start),
    EXTENDED_TEST (nothing_is_cut_off_that_is_not_kept),
  };

  if (!enter_small_disk ())
    {
      fprintf (stderr, "No mount namespace to be had, so a full disk cannot be tried.\n");
      return 1;
    }
  return cmocka_run_group_tests (tests, NULL, NULL);
}
