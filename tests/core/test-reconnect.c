/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* When a lost server is tried again: by a clock that stands still. */

#include "core/connection/ahoy-reconnect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS G_TIME_SPAN_MILLISECOND
#define S G_TIME_SPAN_SECOND
#define START (1000 * S)
/* The lot that changes nothing. */
#define MIDDLE 0.5

static const AhoyReconnectTiming timing = { .first = 500, .max = 30000, .stable = 10000, .ghost = 60000 };

static AhoyReconnect
begin (void)
{
  AhoyReconnect self;

  ahoy_reconnect_init (&self, &timing);
  ahoy_reconnect_on_online (&self, START);
  return self;
}

static AhoyMoment
at (gint64 now)
{
  return (AhoyMoment){ .now = now };
}

static void
waits_double_up_to_a_limit (void **state)
{
  static const guint expected[] = { 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000 };
  AhoyReconnect      self = begin ();
  gint64             now = START + 1;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      if (i == 0)
        ahoy_reconnect_on_lost (&self, at (now), MIDDLE, TRUE);
      else
        ahoy_reconnect_on_failed (&self, at (now), MIDDLE);
      assert_int_equal (self.attempts, i + 1);
      assert_int_equal (self.due - now, expected[i] * MS);
      assert_int_equal (ahoy_reconnect_look (&self, at (self.due - 1)), AHOY_RECONNECT_WAIT);
      assert_int_equal (ahoy_reconnect_look (&self, at (self.due)), AHOY_RECONNECT_GO);
      now = self.due;
      ahoy_reconnect_on_attempt (&self);
      assert_int_equal (self.due, 0);
      assert_int_equal (ahoy_reconnect_look (&self, at (now + 1000 * S)), AHOY_RECONNECT_WAIT);
    }
}

static void
waits_differ_by_lot (void **state)
{
  static const struct {
    guint  attempts;
    double lot;
    guint  delay;
  } table[] = {
    { 0, 0, 375 },
    { 0, 1, 625 },
    { 2, 0, 1500 },
    { 2, 1, 2500 },
    { 6, 0, 22500 },
    { 6, 1, 30000 }, /* never more than the limit */
    { 40, 1, 30000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoyReconnect self = begin ();

      self.attempts = table[i].attempts;
      ahoy_reconnect_on_failed (&self, at (START), table[i].lot);
      assert_int_equal (self.due - START, table[i].delay * MS);
    }
}

static void
a_row_ends_with_a_connection_that_lasted (void **state)
{
  static const struct {
    gint64   lasted;
    gboolean whole;
    guint    attempts;
  } table[] = {
    { 0, TRUE, 4 },
    { 10 * S - 1, TRUE, 4 },
    { 10 * S, TRUE, 1 },
    { 10 * S, FALSE, 4 }, /* it could not tell what was said meanwhile */
    { 1000 * S, FALSE, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoyReconnect self = begin ();

      for (guint k = 0; k < 3; k++)
        {
          ahoy_reconnect_on_failed (&self, at (START), MIDDLE);
          ahoy_reconnect_on_attempt (&self);
        }
      ahoy_reconnect_on_online (&self, START);
      assert_int_equal (self.attempts, 3); /* to be online is not enough */
      ahoy_reconnect_on_lost (&self, at (START + table[i].lasted), MIDDLE, table[i].whole);
      assert_int_equal (self.attempts, table[i].attempts);
    }
}

static void
a_row_ends_with_another_network (void **state)
{
  AhoyReconnect self = begin ();

  self.attempts = 5;
  ahoy_reconnect_on_changed (&self);
  ahoy_reconnect_on_failed (&self, at (START), MIDDLE);
  assert_int_equal (self.due - START, 500 * MS);
}

static void
a_sleep_ends_the_wait_and_the_row (void **state)
{
  static const struct {
    gint64            slept;
    gint64            later;
    AhoyReconnectLook look;
  } table[] = {
    { 0, 1, AHOY_RECONNECT_WAIT },
    { S - 1, 1, AHOY_RECONNECT_WAIT },
    { S, 1, AHOY_RECONNECT_GO_AWAKE },
    { S, 30 * S, AHOY_RECONNECT_GO_AWAKE },
    { S - 1, 30 * S, AHOY_RECONNECT_GO },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoyReconnect self = begin ();

      self.attempts = 9;
      ahoy_reconnect_on_failed (&self, (AhoyMoment){ START, 7 * S }, MIDDLE);
      assert_int_equal (ahoy_reconnect_look (&self, (AhoyMoment){ START + table[i].later, 7 * S + table[i].slept }), table[i].look);
      assert_int_equal (self.attempts, table[i].look == AHOY_RECONNECT_GO_AWAKE ? 0 : 10);
    }
}

static void
one_attempt_is_planned_at_a_time (void **state)
{
  AhoyReconnect self = begin ();
  gint64        due;

  ahoy_reconnect_on_lost (&self, at (START), MIDDLE, TRUE);
  due = self.due;
  ahoy_reconnect_on_failed (&self, at (START + 100 * MS), MIDDLE);
  assert_int_equal (self.due, due);
  assert_int_equal (self.attempts, 1);
}

static void
a_ghost_is_waited_for_and_not_for_ever (void **state)
{
  AhoyReconnect self = begin ();

  ahoy_reconnect_on_lost (&self, at (START), MIDDLE, TRUE);
  ahoy_reconnect_on_attempt (&self);
  assert_true (ahoy_reconnect_on_refused (&self, at (START + S), MIDDLE));
  assert_int_equal (self.due - START - S, 1000 * MS);
  assert_true (ahoy_reconnect_on_refused (&self, at (START + 61 * S - 1), MIDDLE));
  assert_false (ahoy_reconnect_on_refused (&self, at (START + 61 * S), MIDDLE));
  assert_int_equal (self.due, 0);

  /* The grace begins anew with the next refusal, and with a log-in. */
  assert_true (ahoy_reconnect_on_refused (&self, at (START + 62 * S), MIDDLE));
  ahoy_reconnect_on_online (&self, START + 63 * S);
  assert_int_equal (self.due, 0);
  assert_true (ahoy_reconnect_on_refused (&self, at (START + 1000 * S), MIDDLE));
}

static void
seconds_are_shown_one_by_one (void **state)
{
  static const struct {
    gint64 left;
    guint  seconds;
    gint64 until_next;
  } table[] = {
    { 3 * S, 3, S },
    { 3 * S - 1, 3, S - 1 },
    { 2 * S + 1, 3, 1 },
    { 2 * S, 2, S },
    { S, 1, S },
    { 1, 1, 1 },
    { 0, 0, 0 },
    { -S, 0, -S },
  };
  AhoyReconnect self = begin ();

  assert_int_equal (ahoy_reconnect_get_seconds (&self, START), 0);
  assert_int_equal (ahoy_reconnect_get_deadline (&self, START), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      self.due = START + table[i].left;
      assert_int_equal (ahoy_reconnect_get_seconds (&self, START), table[i].seconds);
      assert_int_equal (ahoy_reconnect_get_deadline (&self, START) - START, table[i].until_next);
    }
}

static void
nothing_is_left_of_another_server (void **state)
{
  AhoyReconnect self = begin ();

  ahoy_reconnect_on_refused (&self, at (START), MIDDLE);
  ahoy_reconnect_reset (&self);
  assert_int_equal (self.attempts, 0);
  assert_int_equal (self.due, 0);
  assert_int_equal (self.refused_since, 0);
  assert_ptr_equal (self.timing, &timing);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (waits_double_up_to_a_limit),
    cmocka_unit_test (waits_differ_by_lot),
    cmocka_unit_test (a_row_ends_with_a_connection_that_lasted),
    cmocka_unit_test (a_row_ends_with_another_network),
    cmocka_unit_test (a_sleep_ends_the_wait_and_the_row),
    cmocka_unit_test (one_attempt_is_planned_at_a_time),
    cmocka_unit_test (a_ghost_is_waited_for_and_not_for_ever),
    cmocka_unit_test (seconds_are_shown_one_by_one),
    cmocka_unit_test (nothing_is_left_of_another_server),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
