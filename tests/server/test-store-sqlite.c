#define _GNU_SOURCE
/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What only the store on a disk promises: it survives, it forgets on purpose, and it says plainly what is wrong with its disk.
 *
 * Runs in a mount namespace of its own, so that it can have small and read-only disks. */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/cmocka-all.h"
#include "server/mark-of.h"
#include "server/rows-of.h"
#include "server/store-fixture.h"
#include "store/ahoyd-store-sqlite.h"
#include "support/test-loop.h"

static void
run_sql (const char *path,
         const char *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static void
close_store (StoreFixture *f)
{
  g_clear_pointer (&f->store, ahoyd_store_free);
}

static void
assert_does_not_open (StoreFixture *f,
                      int           code)
{
  g_autoptr (GError) error = NULL;

  assert_false (store_fixture_reopen (f, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, code));
  /* The operator must know which file. */
  assert_non_null (strstr (error->message, f->path));
}

typedef struct {
  guint n;
  char *texts;
} Read;

static void
on_read (const AhoydPageResult *result,
         gpointer               data)
{
  const GPtrArray *messages = result->messages;
  Read            *read = data;
  GString         *texts = g_string_new (NULL);

  for (guint i = 0; i < messages->len; i++)
    g_string_append_printf (texts, i > 0 ? " %s" : "%s", ((AhoydEvent *) messages->pdata[i])->text);
  g_free (read->texts);
  read->texts = g_string_free (texts, FALSE);
  read->n++;
}

static char *
read_all (StoreFixture *f,
          const char   *viewer)
{
  Read           read = { 0 };
  AhoydPageQuery query = { .viewer = viewer, .limit = 100000 };

  ahoyd_store_page (f->store, &query, on_read, &read);
  assert_true (test_loop_until_count (f->context, &read.n, 1));
  return read.texts;
}

static void
test_all_is_there_again (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *texts = NULL;
  guint64          id;

  store_fixture_say (f, "alice", NULL, "one", "00000000000000aa");
  store_fixture_say (f, "alice", "bob", "two", NULL);
  store_fixture_wait (f, 2);
  id = store_fixture_nth (f, 1)->id;
  ahoyd_people_set_name (PEOPLE (f->store), "alice", "Alice");
  ahoyd_tenure_set_released (TENURES (f->store), "bob", 1);
  ahoyd_tenure_set_released (TENURES (f->store), "bob", 0);
  ahoyd_taken_set (TAKEN (f->store), "bob", 1);
  assert_true (store_fixture_reopen (f, NULL));

  assert_int_equal (ahoyd_store_get_last (f->store), id);
  texts = read_all (f, "bob");
  assert_string_equal (texts, "one two");
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "alice"), "Alice");
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "bob"), 0);
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), "bob"), 1);
  assert_int_equal (ahoyd_taken_get_held (TAKEN (f->store), "bob"), id);

  store_fixture_say (f, "alice", NULL, "one", "00000000000000aa");
  store_fixture_say (f, "alice", NULL, "three", "00000000000000ab");
  store_fixture_wait (f, 2);
  assert_int_equal (store_fixture_outcome (f, 0), STORE_REPEATED);
  assert_int_equal (store_fixture_nth (f, 0)->id, id - 1);
  assert_int_equal (store_fixture_outcome (f, 1), STORE_COMMITTED);
  assert_true (store_fixture_nth (f, 1)->id > id);
}

/* In the child: appends until it is killed, and writes each announced id to the pipe. */
static void
append_for_ever (StoreFixture *f,
                 int           fd)
{
  guint n = 0;
  guint told = 0;

  for (;;)
    {
      for (guint i = 0; i < 17 && ahoyd_store_get_n_pending (f->store) < 1000; i++, n++) /* however slow the disk is */
        {
          g_autofree char *text = g_strdup_printf ("%u", n);

          store_fixture_say (f, "alice", NULL, text, NULL);
        }
      g_main_context_iteration (f->context, FALSE);
      for (; told < f->n_announced; told++)
        {
          guint64 id = store_fixture_nth (f, told)->id;

          if (write (fd, &id, sizeof id) != sizeof id)
            _exit (1);
        }
    }
}

static void
test_what_was_announced_survives_sigkill (void **state)
{
  StoreFixture *f = *state;
  guint64       last = 0;

  for (guint round = 0; round < 5; round++)
    {
      g_autofree char *texts = NULL;
      int              fds[2];
      guint64          id = 0;
      pid_t            pid;

      close_store (f);
      assert_int_equal (pipe (fds), 0);
      pid = fork ();
      if (pid == 0)
        {
          close (fds[0]);
          if (!store_fixture_reopen (f, NULL))
            _exit (2);
          append_for_ever (f, fds[1]);
        }
      close (fds[1]);
      for (guint i = 0; i < 200 * (round + 1); i++)
        {
          assert_int_equal (read (fds[0], &id, sizeof id), sizeof id);
          assert_true (id > last);
          last = id;
        }
      kill (pid, SIGKILL);
      while (read (fds[0], &id, sizeof id) == sizeof id)
        last = id;
      close (fds[0]);
      assert_int_equal (waitpid (pid, NULL, 0), pid);

      assert_true (store_fixture_reopen (f, NULL));
      assert_true (ahoyd_store_get_last (f->store) >= last);
      last = ahoyd_store_get_last (f->store);
    }
}

static void
test_an_id_is_never_used_again (void **state)
{
  StoreFixture *f = *state;
  guint64       last;

  for (guint i = 0; i < 10; i++)
    store_fixture_say (f, "alice", NULL, "x", NULL);
  store_fixture_wait (f, 10);
  last = store_fixture_nth (f, 9)->id;
  close_store (f);
  run_sql (f->path, "DELETE FROM events");
  assert_true (store_fixture_reopen (f, NULL));
  store_fixture_say (f, "alice", NULL, "y", NULL);
  store_fixture_wait (f, 1);
  assert_true (store_fixture_nth (f, 0)->id > last);
}

static void
test_the_file_is_private (void **state)
{
  StoreFixture *f = *state;
  GStatBuf      info;

  assert_int_equal (g_stat (f->path, &info), 0);
  assert_int_equal (info.st_mode & 0777, 0600);
}

/* The log of an older version, or of this one, as it was written down by hand. */
static void
open_golden (StoreFixture *f,
             const char   *name)
{
  g_autofree char *golden = g_build_filename (g_getenv ("AHOY_TEST_GOLDEN"), name, NULL);
  g_autofree char *sql = NULL;
  g_autofree char *texts = NULL;

  close_store (f);
  assert_int_equal (g_unlink (f->path), 0);
  assert_true (g_file_get_contents (golden, &sql, NULL, NULL));
  run_sql (f->path, sql);
  assert_true (store_fixture_reopen (f, NULL));

  texts = read_all (f, "alice");
  assert_string_equal (texts, "hello 你好");
  assert_int_equal (ahoyd_store_get_last (f->store), 50);
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "alice"), "Alice");
  store_fixture_say (f, "bob", "alice", "你好", "00000000000000aa");
  store_fixture_wait (f, 1);
  assert_int_equal (store_fixture_outcome (f, 0), STORE_REPEATED);
  assert_int_equal (store_fixture_nth (f, 0)->id, 42);
}

static void
test_schema_one_golden (void **state)
{
  StoreFixture *f = *state;

  open_golden (f, "log-1.sql");
  /* No run is known from then. */
  assert_int_equal (ahoyd_store_get_parted (f->store, 50, NULL), 0);
  assert_int_equal (ahoyd_store_get_parted (f->store, 50, "0123456789abcdef:50"), 1);
}

static void
test_schema_two_golden (void **state)
{
  StoreFixture *f = *state;

  open_golden (f, "log-2.sql");
  assert_int_equal (ahoyd_store_get_parted (f->store, 50, "fedcba9876543210:50,0123456789abcdef:41"), 0);
  assert_int_equal (ahoyd_store_get_parted (f->store, 50, "0123456789abcdef:50"), 42);
}

/* How far whispers have come, where they are still there. */
static void
check_marks (StoreFixture *f)
{
  assert_int_equal (mark_of (f->store, "bob", "alice", AHOYD_MARK_DELIVERED), 42);
  assert_int_equal (mark_of (f->store, "bob", "alice", AHOYD_MARK_SEEN), 40);
  assert_int_equal (mark_of (f->store, "bob", "carol", AHOYD_MARK_SEEN), 0);
}

/* What is of a kind that this version does not know is kept, and shown to nobody. */
static void
test_schema_three_golden (void **state)
{
  StoreFixture *f = *state;

  open_golden (f, "log-3.sql");
  check_marks (f);
  assert_int_equal (ahoyd_store_get_parted (f->store, 50, "fedcba9876543210:50,0123456789abcdef:41"), 0);
  close_store (f);
  run_sql (f->path, "UPDATE events SET kind = 0 WHERE kind = 77");
  assert_true (store_fixture_reopen (f, NULL));
  {
    g_autofree char *texts = read_all (f, "alice");

    assert_string_equal (texts, "hello 你好 of a kind from the future");
  }
}

/* Whose names are, and what waits for whom. */
static void
check_names (StoreFixture *f)
{
  const AhoydOwnerRow *owner = ahoyd_owner_find (OWNERS (f->store), "olga");

  assert_string_equal (owner->key, "the fingerprint of a key");
  assert_int_equal (owner->since, 1600000000);
  assert_int_equal (owner->seen, 1700000000);
  assert_null (owner_of (f->store, "alice"));
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "olga"), "Olga");
  assert_null (ahoyd_people_get_secret (PEOPLE (f->store), "olga"));
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "bob"), "Bob"); /* nobody had noted that */
  assert_string_equal (ahoyd_people_get_secret (PEOPLE (f->store), "bob"), "the hash of a secret");
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "bob"), 41);
  assert_int_equal (ahoyd_tenure_get_released (TENURES (f->store), "olga"), 0);
  assert_int_equal (ahoyd_taken_get (TAKEN (f->store), "alice"), 41);
  assert_int_equal (ahoyd_taken_get_held (TAKEN (f->store), "alice"), 42);
  assert_int_equal (ahoyd_mailboxes_count (ahoyd_store_get_mailboxes (f->store), "alice", NULL), 1);
}

static void
test_schema_four_golden (void **state)
{
  StoreFixture *f = *state;

  open_golden (f, "log-4.sql");
  check_marks (f);
  check_names (f);
}

static void
test_schema_five_golden (void **state)
{
  StoreFixture *f = *state;

  open_golden (f, "log-5.sql");
  check_marks (f);
  check_names (f);
}

/* A crash while the file is brought up to date leaves it as it was: the next start does it. */
static void
test_names_move_as_one (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *golden = g_build_filename (g_getenv ("AHOY_TEST_GOLDEN"), "log-4.sql", NULL);
  g_autofree char *sql = NULL;

  close_store (f);
  assert_int_equal (g_unlink (f->path), 0);
  assert_true (g_file_get_contents (golden, &sql, NULL, NULL));
  run_sql (f->path, sql);
  /* The last statement but one of the step fails. */
  run_sql (f->path, "CREATE TABLE people (other TEXT)");
  assert_false (store_fixture_reopen (f, NULL));
  run_sql (f->path, "DROP TABLE people; UPDATE facts SET value = 'Carla' WHERE kind = 'person' AND key = 'olga'");
  assert_true (store_fixture_reopen (f, NULL));
  assert_string_equal (ahoyd_people_get_name (PEOPLE (f->store), "olga"), "Carla");
  assert_string_equal (owner_of (f->store, "olga"), "the fingerprint of a key");
}

/* What a new file looks like is what the golden one says. */
static void
test_a_new_file_is_the_golden_one (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *golden = g_build_filename (g_getenv ("AHOY_TEST_GOLDEN"), "log-5.sql", NULL);
  g_autofree char *sql = NULL;
  g_autofree char *other = g_strdup_printf ("%s.golden", f->path);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS golden", other);
  sqlite3         *db = NULL;
  sqlite3_stmt    *stmt = NULL;

  assert_true (g_file_get_contents (golden, &sql, NULL, NULL));
  run_sql (other, sql);
  close_store (f);
  assert_int_equal (sqlite3_open (f->path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, attach, NULL, NULL, NULL), SQLITE_OK);
  /* Table by table, column by column, index by index; not the text, which bears comments. */
  assert_int_equal (sqlite3_prepare_v2 (db,
                                        "SELECT count(*) FROM (SELECT * FROM (SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM main.sqlite_schema m, pragma_table_info(m.name, 'main') c"
                                        " EXCEPT SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM golden.sqlite_schema m, pragma_table_info(m.name, 'golden') c)"
                                        " UNION ALL SELECT name, '', '', 0, 0 FROM (SELECT name FROM main.sqlite_schema EXCEPT SELECT name FROM golden.sqlite_schema)"
                                        " UNION ALL SELECT name, '', '', 0, 0 FROM (SELECT name FROM golden.sqlite_schema EXCEPT SELECT name FROM main.sqlite_schema))",
                                        -1, &stmt, NULL),
                    SQLITE_OK);
  assert_int_equal (sqlite3_step (stmt), SQLITE_ROW);
  assert_int_equal (sqlite3_column_int (stmt, 0), 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
}

static void
test_a_newer_schema_is_left_alone (void **state)
{
  StoreFixture *f = *state;

  close_store (f);
  run_sql (f->path, "PRAGMA user_version = 99");
  assert_does_not_open (f, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_another_programs_database_is_left_alone (void **state)
{
  StoreFixture *f = *state;

  close_store (f);
  assert_int_equal (g_unlink (f->path), 0);
  run_sql (f->path, "CREATE TABLE bookmarks (url TEXT)");
  assert_does_not_open (f, G_IO_ERROR_INVALID_DATA);
}

static void
test_no_database_at_all (void **state)
{
  StoreFixture *f = *state;

  close_store (f);
  assert_true (g_file_set_contents (f->path, "This is a shopping list, and a long one, so that it has more than a header's length: milk, bread, cheese.", -1, NULL));
  assert_does_not_open (f, G_IO_ERROR_INVALID_DATA);
}

static void
test_no_such_folder (void **state)
{
  StoreFixture *f = *state;

  close_store (f);
  g_free (f->path);
  f->path = g_build_filename (f->dir, "nowhere", "log.sqlite", NULL);
  assert_does_not_open (f, G_IO_ERROR_FAILED);
}

static void
small_disk (StoreFixture *f,
            const char   *options)
{
  g_free (f->path);
  assert_int_equal (mount ("tmpfs", f->dir, "tmpfs", 0, options), 0);
  f->path = g_build_filename (f->dir, "log.sqlite", NULL);
}

static void
test_a_full_disk (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *text = g_strnfill (10000, 'x');
  g_autofree char *texts = NULL;
  guint            kept = 0;
  gsize            found = 0;
  guint            i;

  close_store (f);
  small_disk (f, "size=1m,mode=700");
  assert_true (store_fixture_reopen (f, NULL));
  for (i = 1; i <= 200; i++)
    {
      store_fixture_say (f, "alice", NULL, text, NULL);
      store_fixture_wait (f, i);
      kept += store_fixture_outcome (f, i - 1) == STORE_COMMITTED;
    }
  assert_in_range (kept, 10, 190);
  assert_int_equal (store_fixture_outcome (f, 199), STORE_REJECTED);
  assert_int_equal (g_array_index (f->errors, int, 199), G_IO_ERROR_NO_SPACE);

  /* What it promised to keep is there, it can be read meanwhile, and when there is room again it goes on. */
  texts = read_all (f, "bob");
  for (const char *p = texts; *p != '\0'; p++)
    found += *p == 'x';
  assert_int_equal (found, kept * 10000);
  assert_int_equal (mount ("tmpfs", f->dir, "tmpfs", MS_REMOUNT, "size=8m"), 0);
  store_fixture_say (f, "alice", NULL, "room", NULL);
  store_fixture_wait (f, 201);
  assert_int_equal (store_fixture_outcome (f, 200), STORE_COMMITTED);

  close_store (f);
  assert_int_equal (umount (f->dir), 0);
}

typedef struct {
  guint n;
  int   code; /* of the last; 0: kept */
} Kept;

static void
on_kept (const GError *error,
         gpointer      data)
{
  Kept *kept = data;

  kept->n++;
  kept->code = error != NULL ? error->code : 0;
}

/* A row that found no room is told of, counts all the same, and gets to the disk when that takes something again. */
static void
test_a_row_and_a_full_disk (void **state)
{
  StoreFixture    *f = *state;
  g_autofree char *value = g_strnfill (20000, 'x');
  g_autofree char *last = NULL;
  Kept             kept = { 0 };

  close_store (f);
  small_disk (f, "size=1m,mode=700");
  assert_true (store_fixture_reopen (f, NULL));
  while (kept.code == 0)
    {
      g_free (last);
      last = g_strdup_printf ("%u", kept.n);
      ahoyd_owner_set (OWNERS (f->store), last, value, 1, on_kept, &kept);
      assert_true (test_loop_until_count (f->context, &kept.n, kept.n + 1));
      assert_in_range (kept.n, 1, 100);
    }
  assert_int_equal (kept.code, G_IO_ERROR_NO_SPACE);
  assert_string_equal (owner_of (f->store, last), value);

  assert_int_equal (mount ("tmpfs", f->dir, "tmpfs", MS_REMOUNT, "size=8m"), 0);
  store_fixture_say (f, "alice", NULL, "room", NULL);
  store_fixture_wait (f, 1);
  assert_true (store_fixture_reopen (f, NULL));
  assert_string_equal (owner_of (f->store, last), value);

  close_store (f);
  assert_int_equal (umount (f->dir), 0);
}

/* In the child: claims names until it is killed, and writes the number of each that was kept to the pipe. */
static void
keep_for_ever (StoreFixture *f,
               int           fd)
{
  for (guint i = 0;; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);
      Kept             kept = { 0 };

      ahoyd_owner_set (OWNERS (f->store), key, "me", 1, on_kept, &kept);
      while (kept.n == 0)
        g_main_context_iteration (f->context, TRUE);
      if (write (fd, &i, sizeof i) != sizeof i)
        _exit (1);
    }
}

static void
test_what_was_kept_survives_sigkill (void **state)
{
  StoreFixture *f = *state;
  int           fds[2];
  guint         last = 0;
  pid_t         pid;

  close_store (f);
  assert_int_equal (pipe (fds), 0);
  pid = fork ();
  if (pid == 0)
    {
      close (fds[0]);
      if (!store_fixture_reopen (f, NULL))
        _exit (2);
      keep_for_ever (f, fds[1]);
    }
  close (fds[1]);
  while (last < 200)
    assert_int_equal (read (fds[0], &last, sizeof last), sizeof last);
  kill (pid, SIGKILL);
  while (read (fds[0], &last, sizeof last) == sizeof last)
    ;
  close (fds[0]);
  assert_int_equal (waitpid (pid, NULL, 0), pid);

  assert_true (store_fixture_reopen (f, NULL));
  for (guint i = 0; i <= last; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);

      assert_string_equal (owner_of (f->store, key), "me");
    }
}

static void
test_a_disk_that_becomes_read_only (void **state)
{
  StoreFixture      *f = *state;
  g_autoptr (GError) error = NULL;

  close_store (f);
  small_disk (f, "size=8m,mode=700");
  assert_true (store_fixture_reopen (f, NULL));
  store_fixture_say (f, "alice", NULL, "before", NULL);
  store_fixture_wait (f, 1);
  close_store (f);
  assert_int_equal (mount ("tmpfs", f->dir, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=8m"), 0);
  assert_false (store_fixture_reopen (f, &error));
  assert_non_null (strstr (error->message, f->path));

  assert_int_equal (umount (f->dir), 0);
}

static void
write_text (const char *path,
            const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  if (fd >= 0 && write (fd, text, strlen (text)) < 0)
    perror (path);
  if (fd >= 0)
    close (fd);
}

/* FALSE when the kernel gives no mount namespace. */
static gboolean
enter_namespace (void)
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
  return mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, store_fixture_setup_sqlite, store_fixture_teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_all_is_there_again),
    TEST (test_what_was_announced_survives_sigkill),
    TEST (test_what_was_kept_survives_sigkill),
    TEST (test_an_id_is_never_used_again),
    TEST (test_the_file_is_private),
    TEST (test_schema_one_golden),
    TEST (test_schema_two_golden),
    TEST (test_schema_three_golden),
    TEST (test_schema_four_golden),
    TEST (test_schema_five_golden),
    TEST (test_names_move_as_one),
    TEST (test_a_new_file_is_the_golden_one),
    TEST (test_a_newer_schema_is_left_alone),
    TEST (test_another_programs_database_is_left_alone),
    TEST (test_no_database_at_all),
    TEST (test_no_such_folder),
    TEST (test_a_full_disk),
    TEST (test_a_row_and_a_full_disk),
    TEST (test_a_disk_that_becomes_read_only),
  };

  if (!enter_namespace ())
    {
      fprintf (stderr, "No mount namespace to be had, so full and read-only disks cannot be tried.\n");
      return 1;
    }
  return cmocka_run_group_tests (tests, NULL, NULL);
}
