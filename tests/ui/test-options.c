/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
nothing_is_fine (void **state)
{
  const char             *argv[] = { "ahoy", NULL };
  g_autoptr (AhoyOptions) options = ahoy_options_parse (argv, NULL, NULL);

  assert_non_null (options);
  assert_null (options->name);
  assert_null (options->server);
  assert_null (options->profile);
  assert_int_equal (options->discovery_port, 0);
  assert_false (options->connect || options->background || options->version);
}

static void
everything_is_taken (void **state)
{
  const char             *argv[] = { "ahoy", "--name", "Zoë", "--server", "[fe80::1%2]:99", "--discovery-port",
                                     "12345", "--connect", "--background", "--profile", "p", "--version", "--debug",
                                     NULL };
  g_autoptr (AhoyOptions) options = ahoy_options_parse (argv, "/some/where", NULL);

  assert_non_null (options);
  assert_string_equal (options->name, "Zoë");
  assert_string_equal (options->server, "[fe80::1%2]:99");
  assert_string_equal (options->profile, "/some/where/p");
  assert_int_equal (options->discovery_port, 12345);
  assert_true (options->connect && options->background && options->version);
}

static void
bad_values_are_named (void **state)
{
  const struct {
    const char *argv[4];
    const char *named;
  } cases[] = {
    { { "ahoy", "--name", "a,b", NULL }, "a,b" },
    { { "ahoy", "--name", "", NULL }, "--name" },
    { { "ahoy", "--server", "a b", NULL }, "a b" },
    { { "ahoy", "--server", "host:70000", NULL }, "host:70000" },
    { { "ahoy", "--discovery-port", "0", NULL }, "--discovery-port" },
    { { "ahoy", "--discovery-port", "65536", NULL }, "65536" },
    { { "ahoy", "--discovery-port", "24690x", NULL }, "24690x" },
    { { "ahoy", "--profile", NULL }, "--profile" },
    { { "ahoy", "--frobnicate", NULL }, "--frobnicate" },
    { { "ahoy", "stray", NULL }, "stray" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError)      error = NULL;
      g_autoptr (AhoyOptions) options = ahoy_options_parse (cases[i].argv, NULL, &error);

      assert_null (options);
      assert_non_null (error);
      assert_non_null (strstr (error->message, cases[i].named));
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_is_fine),
    cmocka_unit_test (everything_is_taken),
    cmocka_unit_test (bad_values_are_named),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
