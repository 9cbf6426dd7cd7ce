/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-data-dir: where it is, that it is private, and that one server has it at a time. */

#include "ahoyd-data-dir.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/cmocka-all.h"

typedef struct {
  char *top;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->top = g_dir_make_tmp ("ahoyd-data-XXXXXX", NULL);
  assert_non_null (f->top);
  g_unsetenv ("STATE_DIRECTORY");
  *state = f;
  return 0;
}

static void
remove_tree (const char *path)
{
  GDir       *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_clear_pointer (&dir, g_dir_close);
  g_remove (path);
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  remove_tree (f->top);
  g_free (f->top);
  g_free (f);
  return 0;
}

static AhoydDataDir *
open_or_fail (const char *path)
{
  g_autoptr (GError) error = NULL;
  AhoydDataDir      *dir = ahoyd_data_dir_open (path, &error);

  if (dir == NULL)
    fail_msg ("%s", error->message);
  return dir;
}

static void
test_made_and_private (void **state)
{
  Fixture                 *f = *state;
  g_autofree char         *path = g_build_filename (f->top, "a", "b", NULL);
  g_autoptr (AhoydDataDir) dir = open_or_fail (path);
  struct stat              info;

  assert_string_equal (ahoyd_data_dir_get_path (dir), path);
  assert_int_equal (stat (path, &info), 0);
  assert_int_equal (info.st_mode & 0777, 0700);
}

static void
test_one_server_at_a_time (void **state)
{
  Fixture                 *f = *state;
  g_autoptr (AhoydDataDir) first = open_or_fail (f->top);
  g_autoptr (AhoydDataDir) again = NULL;
  g_autoptr (GError)       error = NULL;

  assert_null (ahoyd_data_dir_open (f->top, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
  assert_non_null (strstr (error->message, f->top));
  g_clear_pointer (&first, ahoyd_data_dir_free);
  again = open_or_fail (f->top);
}

static void
test_not_a_folder (void **state)
{
  Fixture          *f = *state;
  g_autofree char  *file = g_build_filename (f->top, "file", NULL);
  g_autofree char  *below = g_build_filename (file, "data", NULL);
  const char *const paths[] = { file, below, "/proc/nowhere" };

  assert_true (g_file_set_contents (file, "", 0, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      assert_null (ahoyd_data_dir_open (paths[i], &error));
      assert_non_null (error);
      assert_non_null (strstr (error->message, paths[i]));
    }
}

static void
test_the_one_that_systemd_gives (void **state)
{
  Fixture                 *f = *state;
  g_autofree char         *first = g_build_filename (f->top, "first", NULL);
  g_autofree char         *both = g_strdup_printf ("%s:%s/second", first, f->top);
  g_autoptr (AhoydDataDir) dir = NULL;
  g_autoptr (AhoydDataDir) asked = NULL;
  g_autoptr (GError)       error = NULL;

  g_setenv ("STATE_DIRECTORY", both, TRUE);
  dir = open_or_fail (NULL);
  assert_string_equal (ahoyd_data_dir_get_path (dir), first);
  /* It is this one or none. */
  assert_null (ahoyd_data_dir_open (NULL, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
  /* What was asked for goes before. */
  asked = open_or_fail (f->top);
  assert_string_equal (ahoyd_data_dir_get_path (asked), f->top);
}

static void
test_the_port_that_was_chosen (void **state)
{
  static const char *const nonsense[] = { "", "0\n", "65536\n", "80 \n81\n", "-1", "x" };
  Fixture                 *f = *state;
  g_autoptr (AhoydDataDir) dir = open_or_fail (f->top);
  g_autofree char         *path = g_build_filename (f->top, "port", NULL);

  assert_int_equal (ahoyd_data_dir_get_port (dir), 0);
  ahoyd_data_dir_set_port (dir, 0);
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  ahoyd_data_dir_set_port (dir, 41234);
  assert_int_equal (ahoyd_data_dir_get_port (dir), 41234);
  ahoyd_data_dir_set_port (dir, 65535);
  assert_int_equal (ahoyd_data_dir_get_port (dir), 65535);
  ahoyd_data_dir_set_port (dir, 0);
  assert_int_equal (ahoyd_data_dir_get_port (dir), 0);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      assert_true (g_file_set_contents (path, nonsense[i], -1, NULL));
      assert_int_equal (ahoyd_data_dir_get_port (dir), 0);
    }
}

/* Whoever only changes something there makes nothing. */
static void
test_only_where_a_server_was (void **state)
{
  Fixture           *f = *state;
  g_autofree char   *path = g_build_filename (f->top, "data", NULL);
  g_autofree char   *missing = g_build_filename (f->top, "data", "missing", NULL);
  g_autoptr (GError) error = NULL;
  AhoydDataDir      *dir;

  assert_null (ahoyd_data_dir_open_used (path, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  assert_non_null (strstr (error->message, path));
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_int_equal (g_mkdir (path, 0700), 0);
  assert_null (ahoyd_data_dir_open_used (path, NULL));
  assert_int_equal (g_rmdir (path), 0);

  dir = open_or_fail (path);
  g_clear_error (&error);
  assert_null (ahoyd_data_dir_open_used (path, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY));
  ahoyd_data_dir_free (dir);
  dir = ahoyd_data_dir_open_used (path, NULL);
  assert_non_null (dir);
  assert_null (ahoyd_data_dir_open (path, NULL));
  ahoyd_data_dir_free (dir);
  assert_null (ahoyd_data_dir_open_used (missing, NULL));
}

static AhoydDataDir *leaver; /* has the folder until somebody waits */

/* In GLib's place: the moment is as long as whoever waits for it, however busy the machine is. */
void
g_usleep (gulong us)
{
  g_clear_pointer (&leaver, ahoyd_data_dir_free);
}

/* Whoever only changes something there has it for a moment; a server that starts then is not somebody else in another folder. */
static void
test_a_moment_is_waited_for (void **state)
{
  Fixture                 *f = *state;
  g_autoptr (AhoydDataDir) dir = NULL;

  leaver = open_or_fail (f->top);
  dir = open_or_fail (f->top);
  assert_null (leaver);
  assert_string_equal (ahoyd_data_dir_get_path (dir), f->top);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_made_and_private, setup, teardown),
    cmocka_unit_test_setup_teardown (test_one_server_at_a_time, setup, teardown),
    cmocka_unit_test_setup_teardown (test_not_a_folder, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_one_that_systemd_gives, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_moment_is_waited_for, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_port_that_was_chosen, setup, teardown),
    cmocka_unit_test_setup_teardown (test_only_where_a_server_was, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
