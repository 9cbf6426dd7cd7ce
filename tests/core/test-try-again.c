/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is tried again with nobody asking for it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/connector/ahoy-try-again.h"
#include "support/test-loop.h"

typedef struct {
  AhoyTryAgain *try_again;
  GString      *said; /* r: retry; q: look quietly; Q: the same, with sweeps */
  AhoyStep      then; /* the step that a retry leads to; NAME: as it was */
} Fixture;

static void
on_retry (Fixture *f)
{
  g_string_append_c (f->said, 'r');
  if (f->then != AHOY_STEP_NAME)
    ahoy_try_again_set_step (f->try_again, f->then, AHOY_TROUBLE_CONNECT);
}

static void
on_look_quietly (Fixture *f,
                 gboolean sweeps)
{
  g_string_append_c (f->said, sweeps ? 'Q' : 'q');
  ahoy_try_again_go_on (f->try_again);
}

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->try_again = ahoy_try_again_new ();
  f->said = g_string_new (NULL);
  g_signal_connect_swapped (f->try_again, "retry", G_CALLBACK (on_retry), f);
  g_signal_connect_swapped (f->try_again, "look-quietly", G_CALLBACK (on_look_quietly), f);
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;

  g_assert_finalize_object (f->try_again);
  g_string_free (f->said, TRUE);
  g_free (f);
  return 0;
}

/* @least and @patience: milliseconds; what is not meant to come waits for longer than any test runs. */
static void
set_pauses (Fixture *f,
            guint    least,
            guint    patience)
{
  const AhoyTryAgainTiming timing = { .settle = 5, .least = least, .most = MAX (least, 10), .patience = patience };

  ahoy_try_again_set_timing (f->try_again, &timing);
}

#define NEVER 10000000

static gboolean
is_settled (gpointer try_again)
{
  return !ahoy_try_again_is_settling (try_again);
}

static void
change_network (Fixture *f)
{
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", FALSE);
  assert_true (ahoy_try_again_is_settling (f->try_again));
  assert_true (test_loop_until (NULL, is_settled, f->try_again, TEST_LOOP_DEADLINE_MS));
}

static void
wait_said (Fixture *f,
           gsize    n)
{
  while (f->said->len < n)
    g_main_context_iteration (NULL, TRUE);
}

/* What is planned in each step, with somebody there and with nobody. */
static void
plans_by_step (void **state)
{
  static const struct {
    AhoyStep    step;
    AhoyTrouble trouble;
    gboolean    planned;
    gboolean    planned_unattended;
  } table[] = {
    { AHOY_STEP_NAME, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_ADDRESS, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_LOOKING, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_CHOOSING, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_NONE_FOUND, AHOY_TROUBLE_NONE, TRUE, TRUE },
    { AHOY_STEP_HOSTING, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_CONNECTING, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_TROUBLE, AHOY_TROUBLE_CONNECT, FALSE, TRUE },
    { AHOY_STEP_TROUBLE, AHOY_TROUBLE_ADDRESS, FALSE, TRUE },
    { AHOY_STEP_TROUBLE, AHOY_TROUBLE_HOST, FALSE, TRUE },
    { AHOY_STEP_CHANGED, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_REPLACED, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_REFUSED, AHOY_TROUBLE_NONE, FALSE, FALSE },
    { AHOY_STEP_TALKING, AHOY_TROUBLE_NONE, FALSE, FALSE },
  };
  Fixture *f = *state;

  set_pauses (f, NEVER, NEVER);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      ahoy_try_again_set_unattended (f->try_again, FALSE);
      ahoy_try_again_set_step (f->try_again, table[i].step, table[i].trouble);
      assert_int_equal (ahoy_try_again_is_planned (f->try_again), table[i].planned);
      ahoy_try_again_set_unattended (f->try_again, TRUE);
      assert_int_equal (ahoy_try_again_is_planned (f->try_again), table[i].planned_unattended);
    }
  assert_string_equal (f->said->str, "");
}

/* What is done in each step when the network changes. */
static void
minds_the_network_by_step (void **state)
{
  static const struct {
    AhoyStep    step;
    AhoyTrouble trouble;
    const char *said;
    const char *said_unattended;
  } table[] = {
    { AHOY_STEP_NAME, AHOY_TROUBLE_NONE, "", "" },
    { AHOY_STEP_ADDRESS, AHOY_TROUBLE_NONE, "", "" },
    { AHOY_STEP_LOOKING, AHOY_TROUBLE_NONE, "r", "r" },
    { AHOY_STEP_CHOOSING, AHOY_TROUBLE_NONE, "", "r" },
    { AHOY_STEP_NONE_FOUND, AHOY_TROUBLE_NONE, "Q", "Q" },
    { AHOY_STEP_HOSTING, AHOY_TROUBLE_NONE, "", "" },
    { AHOY_STEP_CONNECTING, AHOY_TROUBLE_NONE, "", "" },
    { AHOY_STEP_TROUBLE, AHOY_TROUBLE_CONNECT, "r", "r" },
    { AHOY_STEP_TROUBLE, AHOY_TROUBLE_HOST, "", "" },
    { AHOY_STEP_CHANGED, AHOY_TROUBLE_NONE, "", "" },
    { AHOY_STEP_REFUSED, AHOY_TROUBLE_NONE, "", "" },
    { AHOY_STEP_TALKING, AHOY_TROUBLE_NONE, "", "" },
  };
  Fixture *f = *state;

  set_pauses (f, NEVER, NEVER);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    for (gboolean unattended = FALSE; unattended <= TRUE; unattended++)
      {
        ahoy_try_again_set_unattended (f->try_again, unattended);
        ahoy_try_again_set_step (f->try_again, AHOY_STEP_NAME, AHOY_TROUBLE_NONE);
        ahoy_try_again_set_step (f->try_again, table[i].step, table[i].trouble);
        g_string_truncate (f->said, 0);
        change_network (f);
        assert_string_equal (f->said->str, unattended ? table[i].said_unattended : table[i].said);
      }
}

static void
looks_on_and_sweeps_seldom (void **state)
{
  Fixture *f = *state;

  set_pauses (f, 1, NEVER);
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_NONE_FOUND, AHOY_TROUBLE_NONE);
  wait_said (f, 8);
  assert_string_equal (f->said->str, "qqqQqqqQ");
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_TALKING, AHOY_TROUBLE_NONE);
  assert_false (ahoy_try_again_is_planned (f->try_again));
}

/* Addresses, then names, then routes: what was in vain in spite of a change is tried three times more, and no more. */
static void
tries_a_few_times_after_a_change (void **state)
{
  Fixture *f = *state;

  set_pauses (f, 1, NEVER);
  f->then = AHOY_STEP_TROUBLE;
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_TROUBLE, AHOY_TROUBLE_CONNECT);
  change_network (f);
  wait_said (f, 4);
  assert_string_equal (f->said->str, "rrrr");
  assert_false (ahoy_try_again_is_planned (f->try_again));
}

static void
forgets_the_change_when_nobody_wants_to_be_connected (void **state)
{
  Fixture *f = *state;

  set_pauses (f, NEVER, NEVER);
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_CONNECTING, AHOY_TROUBLE_NONE);
  change_network (f);
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_TROUBLE, AHOY_TROUBLE_CONNECT);
  assert_true (ahoy_try_again_is_planned (f->try_again));
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_NAME, AHOY_TROUBLE_NONE);
  ahoy_try_again_set_step (f->try_again, AHOY_STEP_TROUBLE, AHOY_TROUBLE_CONNECT);
  assert_false (ahoy_try_again_is_planned (f->try_again));
}

int
main (void)
{
#define TEST(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    TEST (plans_by_step),
    TEST (minds_the_network_by_step),
    TEST (looks_on_and_sweeps_seldom),
    TEST (tries_a_few_times_after_a_change),
    TEST (forgets_the_change_when_nobody_wants_to_be_connected),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
