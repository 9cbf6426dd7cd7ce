/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-control: the operator's door, from both sides. Whoever asks blocks, so it does so on a thread. */

#include "control/ahoyd-control.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/cmocka-all.h"
#include "server/rows-of.h"
#include "store/ahoyd-store-memory.h"
#include "support/test-loop.h"

typedef struct {
  char         *top;
  char         *folder; /* in it, or in folders in it */
  char         *path;   /* of the socket */
  GMainContext *context;
  AhoyPoll     *poll;
  AhoyCharset  *charset;
  AhoydStats    stats;
  AhoydHub     *hub;
  AhoydStore   *store;
  AhoydOwners  *owners;
  AhoydControl *control;
} Fixture;

static void
on_changed (gpointer data)
{
}

static const AhoydHubEvents hub_events = { .changed = on_changed };

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->top = g_dir_make_tmp ("ahoyd-control-XXXXXX", NULL);
  f->folder = g_strdup (f->top);
  f->path = g_build_filename (f->folder, "control", NULL);
  f->context = g_main_context_new ();
  f->poll = ahoy_poll_new (f->context, NULL);
  f->charset = ahoy_charset_new ("GB18030", NULL);
  f->hub = ahoyd_hub_new (f->charset, &f->stats, &hub_events, f);
  f->store = ahoyd_store_memory_new (f->context, 10);
  f->owners = ahoyd_owners_new (f->store);
  *state = f;
  return 0;
}

/* The same in a folder whose path does not fit into a socket's address. */
static int
setup_far (void **state)
{
  g_autofree char *name = g_strnfill (120, 'x');
  Fixture         *f;

  setup (state);
  f = *state;
  g_free (f->folder);
  g_free (f->path);
  f->folder = g_build_filename (f->top, name, NULL);
  f->path = g_build_filename (f->folder, "control", NULL);
  return g_mkdir (f->folder, 0700);
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_clear_pointer (&f->control, ahoyd_control_free);
  ahoyd_owners_free (f->owners);
  ahoyd_store_free (f->store);
  ahoyd_hub_free (f->hub);
  ahoy_charset_free (f->charset);
  ahoy_poll_unref (f->poll);
  g_main_context_unref (f->context);
  g_unlink (f->path);
  g_rmdir (f->folder);
  g_rmdir (f->top);
  g_free (f->top);
  g_free (f->folder);
  g_free (f->path);
  g_free (f);
  return 0;
}

static void
open_control (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->control = ahoyd_control_new (f->folder, f->poll, f->owners, f->hub, &error);
  if (f->control == NULL)
    fail_msg ("%s", error->message);
}

typedef struct {
  const char *folder;
  const char *question;
  char       *answer;
  GError     *error;
  guint       done; /* atomic */
} Asker;

static gpointer
ask_on_thread (gpointer data)
{
  Asker *asker = data;

  asker->answer = ahoyd_control_ask (asker->folder, asker->question, &asker->error);
  g_atomic_int_set (&asker->done, 1);
  return NULL;
}

static gboolean
is_done (gpointer data)
{
  return g_atomic_int_get (&((Asker *) data)->done) != 0;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Returns: (transfer full): the answer; NULL when it was no, with the sentence in @error. */
static char *
ask (Fixture    *f,
     const char *question,
     GError    **error)
{
  Asker               asker = { .folder = f->folder, .question = question };
  GThread            *thread = g_thread_new ("asker", ask_on_thread, &asker);
  g_autoptr (GSource) tick = g_timeout_source_new (1);
  gboolean            done;

  g_source_set_callback (tick, on_tick, NULL, NULL);
  g_source_attach (tick, f->context);
  done = test_loop_until (f->context, is_done, &asker, TEST_LOOP_DEADLINE_MS);
  g_source_destroy (tick);
  assert_true (done);
  g_thread_join (thread);
  if (asker.error != NULL)
    g_propagate_error (error, asker.error);
  return asker.answer;
}

static void
assert_no (Fixture    *f,
           const char *question,
           const char *says)
{
  g_autoptr (GError) error = NULL;

  assert_null (ask (f, question, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED));
  if (strstr (error->message, says) == NULL || strchr (error->message, '\n') != NULL)
    fail_msg ("%s: %s", question, error->message);
}

static void
on_claimed (const GError *error,
            gpointer      data)
{
}

static void
claim (Fixture    *f,
       const char *name,
       const char *key)
{
  ahoyd_owners_claim (f->owners, name, key, on_claimed, NULL);
  ahoyd_people_set_name (PEOPLE (f->store), name, name);
  ahoyd_store_flush (f->store);
}

static void
test_list_and_release (void **state)
{
  Fixture         *f = *state;
  g_autofree char *none = NULL;
  g_autofree char *two = NULL;
  g_autofree char *one = NULL;
  g_autofree char *nothing = NULL;
  g_auto (GStrv)   columns = NULL;

  open_control (f);
  none = ask (f, "list", NULL);
  assert_string_equal (none, "");
  claim (f, "bob", "b");
  claim (f, "alice", "a");
  ahoyd_owners_note_seen (f->owners, "bob");
  two = ask (f, "list", NULL);
  assert_true (g_str_has_prefix (two, "alice\ta\t"));
  assert_non_null (strstr (two, "\t0\nbob\tb\t"));

  nothing = ask (f, "release ALICE", NULL);
  assert_string_equal (nothing, "");
  assert_null (ahoyd_owners_find (f->owners, "alice"));
  one = ask (f, "list", NULL);
  assert_true (g_str_has_prefix (one, "bob\tb\t"));
  columns = g_strsplit (one, "\t", -1);
  assert_int_equal (g_strv_length (columns), 4);
  assert_true (g_ascii_strtoll (columns[3], NULL, 10) >= g_ascii_strtoll (columns[2], NULL, 10));
}

static void
test_what_cannot_be (void **state)
{
  Fixture         *f = *state;
  g_autofree char *long_name = g_strnfill (AHOYD_CONTROL_QUESTION_MAX, 'x');
  g_autofree char *long_question = g_strconcat ("release ", long_name, NULL);

  open_control (f);
  assert_no (f, "release alice", "'alice'");
  assert_no (f, "release ", "not a name");
  assert_no (f, "release \xff", "not a name");
  assert_no (f, "release *", "not a name");
  assert_no (f, "", "question");
  assert_no (f, "release", "question");
  assert_no (f, "listing", "question");
  assert_no (f, long_question, "too long");
}

static void
test_ours_alone (void **state)
{
  Fixture    *f = *state;
  struct stat info;
  mode_t      mask = umask (0);

  open_control (f);
  assert_int_equal (umask (mask), 0);
  assert_int_equal (lstat (f->path, &info), 0);
  assert_true (S_ISSOCK (info.st_mode));
  assert_int_equal (info.st_mode & 0777, 0600);
  g_clear_pointer (&f->control, ahoyd_control_free);
  assert_int_equal (lstat (f->path, &info), -1);
}

/* A server that was killed leaves its socket; nobody listens there. */
static void
test_a_socket_that_was_left (void **state)
{
  Fixture           *f = *state;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autoptr (GError) error = NULL;
  g_autofree char   *rows = NULL;
  int                fd = socket (AF_UNIX, SOCK_STREAM, 0);

  assert_null (ahoyd_control_ask (f->folder, "list", &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
  g_clear_error (&error);
  strcpy (address.sun_path, f->path);
  assert_int_equal (bind (fd, (struct sockaddr *) &address, sizeof address), 0);
  close (fd);
  assert_null (ahoyd_control_ask (f->folder, "list", &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED));
  open_control (f);
  rows = ask (f, "list", NULL);
  assert_non_null (rows);
}

static void
test_something_else_in_its_place (void **state)
{
  Fixture           *f = *state;
  g_autoptr (GError) error = NULL;

  assert_true (g_file_set_contents (f->path, "mine", -1, NULL));
  assert_null (ahoyd_control_new (f->folder, f->poll, f->owners, f->hub, &error));
  assert_non_null (strstr (error->message, f->path));
  assert_true (g_file_test (f->path, G_FILE_TEST_EXISTS));
}

static int
knock (Fixture *f)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int                fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  strcpy (address.sun_path, f->path);
  assert_int_equal (connect (fd, (struct sockaddr *) &address, sizeof address), 0);
  assert_true (test_loop_settle (f->context));
  return fd;
}

static gboolean
is_closed (int fd)
{
  char byte;

  return recv (fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* Whoever says nothing costs little, and only so many can. */
static void
test_those_who_say_nothing (void **state)
{
  Fixture         *f = *state;
  int              fds[AHOYD_CONTROL_CONNECTIONS];
  int              one_more;
  g_autofree char *rows = NULL;

  open_control (f);
  for (guint i = 0; i < AHOYD_CONTROL_CONNECTIONS; i++)
    fds[i] = knock (f);
  one_more = knock (f);
  assert_true (is_closed (one_more));
  for (guint i = 0; i < AHOYD_CONTROL_CONNECTIONS; i++)
    assert_false (is_closed (fds[i]));
  close (fds[0]);
  assert_true (test_loop_settle (f->context));
  rows = ask (f, "list", NULL);
  assert_non_null (rows);
  g_clear_pointer (&f->control, ahoyd_control_free);
  for (guint i = 1; i < AHOYD_CONTROL_CONNECTIONS; i++)
    {
      assert_true (is_closed (fds[i]));
      close (fds[i]);
    }
  close (one_more);
}

/* Whoever asks and hangs up has asked. */
static void
test_hanging_up (void **state)
{
  Fixture   *f = *state;
  const char question[] = "release alice\n";
  int        fd;

  open_control (f);
  claim (f, "alice", "a");
  fd = knock (f);
  assert_int_equal (send (fd, question, strlen (question), 0), strlen (question));
  close (fd);
  assert_true (test_loop_settle (f->context));
  assert_null (ahoyd_owners_find (f->owners, "alice"));

  /* And one whose release is under way when the server ends. */
  claim (f, "bob", "b");
  fd = knock (f);
  assert_int_equal (send (fd, "release bob\n", 12, 0), 12);
  while (ahoyd_owners_find (f->owners, "bob") != NULL)
    g_main_context_iteration (f->context, TRUE);
  g_clear_pointer (&f->control, ahoyd_control_free);
  ahoyd_store_flush (f->store);
  close (fd);
}

/* More than a socket takes at once. */
static void
test_a_long_list (void **state)
{
  Fixture         *f = *state;
  g_autofree char *rows = NULL;
  guint            n = 0;

  open_control (f);
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("somebody number %05u", i);

      claim (f, name, "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuv");
    }
  rows = ask (f, "list", NULL);
  for (const char *at = rows; *at != '\0'; at++)
    n += *at == '\n';
  assert_int_equal (n, 10000);
  assert_true (g_str_has_prefix (rows, "somebody number 00000\t"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_list_and_release, setup, teardown),
    cmocka_unit_test_setup_teardown (test_list_and_release, setup_far, teardown),
    cmocka_unit_test_setup_teardown (test_what_cannot_be, setup, teardown),
    cmocka_unit_test_setup_teardown (test_ours_alone, setup, teardown),
    cmocka_unit_test_setup_teardown (test_ours_alone, setup_far, teardown),
    cmocka_unit_test_setup_teardown (test_a_socket_that_was_left, setup, teardown),
    cmocka_unit_test_setup_teardown (test_something_else_in_its_place, setup, teardown),
    cmocka_unit_test_setup_teardown (test_those_who_say_nothing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_hanging_up, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_long_list, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
