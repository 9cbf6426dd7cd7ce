/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The program itself, from outside: what it says on the terminal and how it ends. Its path is the first argument. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gio/gio.h>

static const char *program;

typedef struct {
  int   status;
  char *out;
  char *err;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->out);
  g_free (outcome->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* Runs it to its end. @variable: set to @value in its environment, unset where @value is NULL. */
static void
run (Outcome    *outcome,
     const char *variable,
     const char *value,
     const char *first,
     const char *second)
{
  const char                     *argv[] = { program, first, second, NULL };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess)         process = NULL;
  g_autoptr (GError)              error = NULL;

  if (variable != NULL && value != NULL)
    g_subprocess_launcher_setenv (launcher, variable, value, TRUE);
  else if (variable != NULL)
    g_subprocess_launcher_unsetenv (launcher, variable);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  assert_null (error);
  assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &outcome->out, &outcome->err, &error));
  assert_true (g_subprocess_get_if_exited (process));
  outcome->status = g_subprocess_get_exit_status (process);
}

static void
tells_its_version (void **state)
{
  g_auto (Outcome) outcome = { 0 };

  run (&outcome, NULL, NULL, "--version", NULL);
  assert_int_equal (outcome.status, 0);
  assert_true (g_str_has_prefix (outcome.out, "ahoy "));
  assert_string_equal (outcome.err, "");
}

static void
refuses_a_bad_value_with_2 (void **state)
{
  g_auto (Outcome) outcome = { 0 };

  run (&outcome, NULL, NULL, "--discovery-port", "70000");
  assert_int_equal (outcome.status, 2);
  assert_string_equal (outcome.out, "");
  assert_string_equal (outcome.err, "ahoy: “70000” is no port number (option --discovery-port)\n");
}

static void
says_that_there_is_no_display (void **state)
{
  g_auto (Outcome) outcome = { 0 };

  run (&outcome, "DISPLAY", NULL, "--connect", NULL);
  assert_int_equal (outcome.status, 1);
  assert_true (g_str_has_prefix (outcome.err, "ahoy: There is no display"));
  assert_ptr_equal (strchr (outcome.err, '\n'), outcome.err + strlen (outcome.err) - 1);
}

static void
says_that_the_profile_cannot_be_made (void **state)
{
  g_auto (Outcome) outcome = { 0 };

  run (&outcome, NULL, NULL, "--profile", "/proc/no/such/folder");
  assert_int_equal (outcome.status, 1);
  assert_non_null (strstr (outcome.err, "/proc/no/such/folder"));
}

int
main (int    argc,
      char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (tells_its_version),
    cmocka_unit_test (refuses_a_bad_value_with_2),
    cmocka_unit_test (says_that_there_is_no_display),
    cmocka_unit_test (says_that_the_profile_cannot_be_made),
  };

  program = argv[1];
  return program != NULL ? cmocka_run_group_tests (tests, NULL, NULL) : 1;
}
