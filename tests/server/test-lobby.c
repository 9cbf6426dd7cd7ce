/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-lobby: whose time is up, in which order, and who is not asked any more. */

#include "net/ahoyd-lobby.h"

#include "server/cmocka-all.h"
#include "support/test-loop.h"

#define TIMEOUT_MS 30

typedef struct {
  AhoydLobby    *lobby;
  AhoydLobbySeat seats[4];
  GArray        *up; /* indices of seats, in the order in which their time was up */
  guint          n_up;
  guint          leave_on_up; /* this one leaves when another's time is up */
} Fixture;

static void
on_time_up (AhoydLobbySeat *seat,
            gpointer        data)
{
  Fixture *f = data;
  guint    index = seat - f->seats;

  g_array_append_val (f->up, index);
  f->n_up++;
  if (f->leave_on_up != 0)
    ahoyd_lobby_leave (f->lobby, &f->seats[f->leave_on_up]);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->lobby = ahoyd_lobby_new (NULL, TIMEOUT_MS, on_time_up, f);
  f->up = g_array_new (FALSE, FALSE, sizeof (guint));
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  ahoyd_lobby_free (f->lobby);
  g_array_unref (f->up);
  g_free (f);
  return 0;
}

static void
test_in_order (void **state)
{
  Fixture *f = *state;
  gint64   start = g_get_monotonic_time ();

  for (guint i = 0; i < 4; i++)
    ahoyd_lobby_enter (f->lobby, &f->seats[i]);
  assert_true (test_loop_until_count (NULL, &f->n_up, 4));
  assert_true (g_get_monotonic_time () - start >= TIMEOUT_MS * 1000);
  for (guint i = 0; i < 4; i++)
    assert_int_equal (g_array_index (f->up, guint, i), i);
}

static void
test_who_left_is_not_asked (void **state)
{
  Fixture *f = *state;

  for (guint i = 0; i < 4; i++)
    ahoyd_lobby_enter (f->lobby, &f->seats[i]);
  ahoyd_lobby_leave (f->lobby, &f->seats[0]);
  ahoyd_lobby_leave (f->lobby, &f->seats[2]);
  ahoyd_lobby_leave (f->lobby, &f->seats[2]); /* twice is once */
  assert_true (test_loop_until_count (NULL, &f->n_up, 2));
  assert_true (test_loop_settle (NULL));
  assert_int_equal (f->n_up, 2);
  assert_int_equal (g_array_index (f->up, guint, 0), 1);
  assert_int_equal (g_array_index (f->up, guint, 1), 3);
}

static void
test_leaving_from_the_callback (void **state)
{
  Fixture *f = *state;

  f->leave_on_up = 1;
  for (guint i = 0; i < 3; i++)
    ahoyd_lobby_enter (f->lobby, &f->seats[i]);
  assert_true (test_loop_until_count (NULL, &f->n_up, 2));
  assert_int_equal (g_array_index (f->up, guint, 0), 0);
  assert_int_equal (g_array_index (f->up, guint, 1), 2);
}

static void
test_an_empty_lobby_does_not_wake_anybody (void **state)
{
  Fixture *f = *state;

  ahoyd_lobby_enter (f->lobby, &f->seats[0]);
  ahoyd_lobby_leave (f->lobby, &f->seats[0]);
  assert_true (test_loop_settle (NULL));
  ahoyd_lobby_enter (f->lobby, &f->seats[1]);
  assert_true (test_loop_until_count (NULL, &f->n_up, 1));
  assert_int_equal (g_array_index (f->up, guint, 0), 1);
  assert_true (test_loop_settle (NULL));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_in_order, setup, teardown),
    cmocka_unit_test_setup_teardown (test_who_left_is_not_asked, setup, teardown),
    cmocka_unit_test_setup_teardown (test_leaving_from_the_callback, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_empty_lobby_does_not_wake_anybody, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
