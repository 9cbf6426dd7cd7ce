/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What may be written, and when again: by a clock that stands still. */

#include "core/connection/ahoy-send-window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS G_TIME_SPAN_MILLISECOND
#define START (1000 * G_TIME_SPAN_SECOND)

static const AhoySendWindowTiming timing = { .storage = 5000, .storage_max = 60000, .slow = 2000 };

static AhoySendWindow
begin (void)
{
  AhoySendWindow self;

  ahoy_send_window_init (&self, &timing);
  return self;
}

static void
so_much_is_on_its_way (void **state)
{
  static const struct {
    guint    n;
    gsize    bytes;
    gboolean may;
  } table[] = {
    { 0, 0, TRUE },
    { 31, 64 * 1024 - 1, TRUE },
    { 32, 100, FALSE },
    { 31, 64 * 1024, FALSE },
    { 0, 1024 * 1024, TRUE }, /* one goes, however long it is */
  };
  AhoySendWindow self = begin ();

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    assert_int_equal (ahoy_send_window_may_write (&self, table[i].n, table[i].bytes), table[i].may);
}

/* After each failure the one that is tried again fails, too. */
static void
a_hold_doubles_up_to_a_limit (void **state)
{
  static const guint expected[] = { 5000, 10000, 20000, 40000, 60000, 60000 };
  AhoySendWindow     self = begin ();
  gint64             now = START;

  assert_int_equal (ahoy_send_window_get_deadline (&self), 0);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      ahoy_send_window_on_storage (&self, now);
      assert_int_equal (ahoy_send_window_get_deadline (&self) - now, expected[i] * MS);
      now += expected[i] * MS;
      ahoy_send_window_look (&self, now - 1, 1);
      assert_false (ahoy_send_window_may_write (&self, 0, 0));
      ahoy_send_window_look (&self, now, 1);
      assert_true (ahoy_send_window_may_write (&self, 0, 0));
      ahoy_send_window_on_written (&self);
    }
}

/* What was written before the first answer is answered, too. */
static void
a_hold_does_not_double_for_what_was_on_its_way (void **state)
{
  AhoySendWindow self = begin ();

  ahoy_send_window_on_storage (&self, START);
  for (guint i = 1; i < 32; i++)
    ahoy_send_window_on_storage (&self, START + i * MS);
  assert_int_equal (ahoy_send_window_get_deadline (&self) - START, 5000 * MS);
}

static void
one_goes_alone_after_a_hold (void **state)
{
  AhoySendWindow self = begin ();

  ahoy_send_window_on_written (&self);
  assert_true (ahoy_send_window_may_write (&self, 1, 10)); /* nothing was wrong */
  ahoy_send_window_on_storage (&self, START);
  ahoy_send_window_look (&self, START + 5000 * MS, 3);
  assert_true (ahoy_send_window_may_write (&self, 0, 0));
  ahoy_send_window_on_written (&self);
  assert_false (ahoy_send_window_may_write (&self, 0, 0));
  ahoy_send_window_look (&self, START + 500000 * MS, 3);
  assert_false (ahoy_send_window_may_write (&self, 0, 0)); /* until it is answered */

  ahoy_send_window_on_echoed (&self);
  assert_true (ahoy_send_window_may_write (&self, 0, 0));
  ahoy_send_window_on_written (&self);
  assert_true (ahoy_send_window_may_write (&self, 1, 10));
  /* The next time is the first one again. */
  ahoy_send_window_on_storage (&self, START);
  assert_int_equal (ahoy_send_window_get_deadline (&self) - START, 5000 * MS);
}

/* One that was refused tells nothing of the disk: the next one goes alone, too. */
static void
one_that_is_refused_lets_another_one_go_alone (void **state)
{
  AhoySendWindow self = begin ();

  ahoy_send_window_on_storage (&self, START);
  ahoy_send_window_look (&self, START + 5000 * MS, 3);
  ahoy_send_window_on_written (&self);
  ahoy_send_window_on_refused (&self);
  assert_true (ahoy_send_window_may_write (&self, 0, 0));
  ahoy_send_window_on_written (&self);
  assert_false (ahoy_send_window_may_write (&self, 0, 0));
}

static void
a_break_is_told_while_something_waits (void **state)
{
  static const struct {
    guint  wait_ms;
    guint  n_waiting;
    gint64 until;
    gint64 told_until; /* 0: it is not */
  } table[] = {
    { 0, 1, 2000, 2000 },
    { 500, 1, 2500, 2500 },
    { 500, 0, 2500, 0 },
    { 60000, 3, 62000, 62000 },
    { 60001, 3, 62000, 62000 }, /* for no longer than this */
    { G_MAXUINT, 3, 62000, 62000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoySendWindow self = begin ();

      assert_int_equal (ahoy_send_window_on_slow (&self, START, table[i].wait_ms, table[i].n_waiting) - START, table[i].until * MS);
      assert_int_equal (ahoy_send_window_is_slowed (&self), table[i].told_until != 0);
      assert_int_equal (ahoy_send_window_get_deadline (&self), table[i].told_until == 0 ? 0 : START + table[i].told_until * MS);
      assert_true (ahoy_send_window_may_write (&self, 0, 0)); /* it is the kernel that holds us */
    }
}

static void
a_break_ends_with_what_waits (void **state)
{
  AhoySendWindow self = begin ();

  ahoy_send_window_on_slow (&self, START, 1000, 1);
  ahoy_send_window_look (&self, START + 3000 * MS - 1, 0);
  assert_true (ahoy_send_window_is_slowed (&self));
  ahoy_send_window_look (&self, START + 3000 * MS, 1);
  assert_true (ahoy_send_window_is_slowed (&self));
  assert_int_equal (ahoy_send_window_get_deadline (&self), START + 5000 * MS);
  ahoy_send_window_look (&self, START + 5000 * MS, 0);
  assert_false (ahoy_send_window_is_slowed (&self));
  assert_int_equal (ahoy_send_window_get_deadline (&self), 0);
}

/* What waits for the server's disk does not wait because we were too fast. */
static void
a_break_ends_with_a_hold (void **state)
{
  AhoySendWindow self = begin ();

  ahoy_send_window_on_slow (&self, START, 0, 1);
  ahoy_send_window_on_storage (&self, START);
  assert_int_equal (ahoy_send_window_get_deadline (&self), START + 2000 * MS); /* whichever is sooner */
  ahoy_send_window_look (&self, START + 2000 * MS, 1);
  assert_false (ahoy_send_window_is_slowed (&self));
  assert_int_equal (ahoy_send_window_get_deadline (&self), START + 5000 * MS);
}

static void
nothing_is_read_while_the_disk_follows (void **state)
{
  static const struct {
    guint    n;
    gboolean may;
  } table[] = {
    { 2000, TRUE },
    { 2001, FALSE },
    { 2000, FALSE },
    { 501, FALSE },
    { 500, TRUE },
    { 501, TRUE },
    { 2000, TRUE },
    { 5000, FALSE },
    { 0, TRUE },
  };
  AhoySendWindow self = begin ();

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      assert_int_equal (ahoy_send_window_may_read (&self, table[i].n), table[i].may);
      assert_int_equal (self.deaf, !table[i].may);
    }
}

static void
nothing_is_left_of_another_connection (void **state)
{
  AhoySendWindow self = begin ();

  ahoy_send_window_on_storage (&self, START);
  ahoy_send_window_on_slow (&self, START, 0, 1);
  ahoy_send_window_may_read (&self, G_MAXUINT);
  ahoy_send_window_reset (&self);
  assert_true (ahoy_send_window_may_write (&self, 0, 0));
  assert_false (ahoy_send_window_is_slowed (&self));
  assert_false (self.deaf);
  ahoy_send_window_on_storage (&self, START);
  assert_int_equal (ahoy_send_window_get_deadline (&self) - START, 5000 * MS);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (so_much_is_on_its_way),
    cmocka_unit_test (a_hold_doubles_up_to_a_limit),
    cmocka_unit_test (a_hold_does_not_double_for_what_was_on_its_way),
    cmocka_unit_test (one_goes_alone_after_a_hold),
    cmocka_unit_test (one_that_is_refused_lets_another_one_go_alone),
    cmocka_unit_test (a_break_is_told_while_something_waits),
    cmocka_unit_test (a_break_ends_with_what_waits),
    cmocka_unit_test (a_break_ends_with_a_hold),
    cmocka_unit_test (nothing_is_read_while_the_disk_follows),
    cmocka_unit_test (nothing_is_left_of_another_connection),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
