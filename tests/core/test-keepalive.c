/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* When a silent server is asked, and when it is taken for gone: by a clock that stands still. */

#include "core/connection/ahoy-keepalive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S G_TIME_SPAN_SECOND
#define START (1000 * S)

static const AhoyKeepaliveTiming timing = { .idle = 30000, .pong = 10000, .impatient = 3000, .watch = 2000 };

static AhoyKeepalive
begin (void)
{
  AhoyKeepalive self;

  ahoy_keepalive_init (&self, &timing);
  ahoy_keepalive_start (&self, (AhoyMoment){ START, 0 });
  return self;
}

/* @now and @heard: since START; @slept: since then, in all. */
static AhoyKeepaliveLook
look (AhoyKeepalive *self,
      gint64         now,
      gint64         heard,
      gint64         slept,
      gboolean       waits,
      gboolean       deaf)
{
  return ahoy_keepalive_look (self, (AhoyMoment){ START + now, slept }, START + heard, waits, deaf);
}

static void
why_it_is_asked (void **state)
{
  static const struct {
    gint64            written; /* 0: nothing was; the others as look() */
    gint64            now;
    gint64            heard;
    gint64            slept;
    gboolean          waits;
    AhoyKeepaliveLook found;
  } table[] = {
    { 0, 30 * S - 1, 0, 0, FALSE, AHOY_KEEPALIVE_FINE },
    { 0, 30 * S, 0, 0, FALSE, AHOY_KEEPALIVE_ASK },
    { 0, 30 * S, 1, 0, FALSE, AHOY_KEEPALIVE_FINE },
    /* Something does not come back. */
    { S, 4 * S - 1, 0, 0, TRUE, AHOY_KEEPALIVE_FINE },
    { S, 4 * S, 0, 0, TRUE, AHOY_KEEPALIVE_ASK },
    { S, 4 * S, 0, 0, FALSE, AHOY_KEEPALIVE_FINE },
    { S, 4 * S, S, 0, TRUE, AHOY_KEEPALIVE_FINE }, /* a byte came since */
    { 0, 4 * S, 0, 0, TRUE, AHOY_KEEPALIVE_FINE },
    /* The computer slept. */
    { 0, 1, 0, S - 1, FALSE, AHOY_KEEPALIVE_FINE },
    { 0, 1, 0, S, FALSE, AHOY_KEEPALIVE_ASK },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoyKeepalive self = begin ();

      if (table[i].written != 0)
        ahoy_keepalive_on_written (&self, START + table[i].written);
      assert_int_equal (look (&self, table[i].now, table[i].heard, table[i].slept, table[i].waits, FALSE), table[i].found);
      assert_int_equal (self.asked != 0, table[i].found == AHOY_KEEPALIVE_ASK);
    }
}

static void
what_comes_of_it (void **state)
{
  static const struct {
    gint64            later; /* than it was asked */
    gint64            heard; /* likewise */
    AhoyKeepaliveLook found;
  } table[] = {
    { 1, -S, AHOY_KEEPALIVE_ASKED },
    { 3 * S / 2 - 1, -S, AHOY_KEEPALIVE_ASKED },
    { 3 * S / 2, -S, AHOY_KEEPALIVE_DOUBTFUL },
    { 10 * S - 1, -S, AHOY_KEEPALIVE_DOUBTFUL },
    { 10 * S, -S, AHOY_KEEPALIVE_GONE },
    { 100 * S, 0, AHOY_KEEPALIVE_GONE }, /* what came in the same moment is no answer */
    { 10 * S, 1, AHOY_KEEPALIVE_FINE },
    { 20 * S, 5 * S, AHOY_KEEPALIVE_FINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      AhoyKeepalive self = begin ();

      assert_true (ahoy_keepalive_ask (&self, START + 40 * S));
      assert_false (ahoy_keepalive_ask (&self, START + 41 * S)); /* once is enough, and its time runs */
      assert_int_equal (look (&self, 40 * S + table[i].later, 40 * S + table[i].heard, 0, FALSE, FALSE), table[i].found);
    }
}

static void
it_is_silent_once_it_was_asked (void **state)
{
  AhoyKeepalive self = begin ();

  assert_false (ahoy_keepalive_is_silent (&self, START));
  ahoy_keepalive_ask (&self, START + 5 * S);
  assert_true (ahoy_keepalive_is_silent (&self, START + 5 * S));
  assert_false (ahoy_keepalive_is_silent (&self, START + 5 * S + 1));
}

static void
who_is_not_listened_to_is_not_gone (void **state)
{
  AhoyKeepalive self = begin ();

  ahoy_keepalive_ask (&self, START);
  assert_int_equal (look (&self, 100 * S, 0, 0, TRUE, TRUE), AHOY_KEEPALIVE_DEAF);
  assert_int_equal (self.asked, 0);
  /* It has to be asked first. */
  assert_int_equal (look (&self, 101 * S, 0, 0, TRUE, FALSE), AHOY_KEEPALIVE_ASK);
  assert_int_equal (look (&self, 111 * S - 1, 0, 0, TRUE, FALSE), AHOY_KEEPALIVE_DOUBTFUL);
  assert_int_equal (look (&self, 111 * S, 0, 0, TRUE, FALSE), AHOY_KEEPALIVE_GONE);
}

static void
who_takes_a_break_is_not_gone (void **state)
{
  AhoyKeepalive self = begin ();

  ahoy_keepalive_ask (&self, START);
  ahoy_keepalive_excuse (&self, START + 60 * S);
  for (gint64 now = 10 * S; now < 60 * S; now += S)
    assert_int_not_equal (look (&self, now, 0, 0, TRUE, FALSE), AHOY_KEEPALIVE_GONE);
  assert_int_equal (look (&self, 69 * S - 1, 0, 0, FALSE, FALSE), AHOY_KEEPALIVE_DOUBTFUL);
  assert_int_equal (look (&self, 69 * S, 0, 0, FALSE, FALSE), AHOY_KEEPALIVE_GONE);
}

static void
one_sleep_is_one_question (void **state)
{
  AhoyKeepalive self = begin ();

  assert_int_equal (look (&self, S, 0, 5 * S, FALSE, FALSE), AHOY_KEEPALIVE_ASK);
  assert_int_equal (look (&self, 3 * S, 2 * S, 5 * S, FALSE, FALSE), AHOY_KEEPALIVE_FINE);
  assert_int_equal (look (&self, 4 * S, 2 * S, 6 * S, FALSE, FALSE), AHOY_KEEPALIVE_ASK);
}

static void
a_connection_begins_without_a_past (void **state)
{
  AhoyKeepalive self = begin ();

  ahoy_keepalive_ask (&self, START);
  ahoy_keepalive_on_written (&self, START);
  ahoy_keepalive_excuse (&self, START + 60 * S);
  ahoy_keepalive_start (&self, (AhoyMoment){ START + S, 100 * S });
  assert_int_equal (self.written, 0);
  assert_int_equal (self.excused_until, 0);
  assert_int_equal (look (&self, 2 * S, S, 100 * S, TRUE, FALSE), AHOY_KEEPALIVE_FINE);
  assert_ptr_equal (self.timing, &timing);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (why_it_is_asked),
    cmocka_unit_test (what_comes_of_it),
    cmocka_unit_test (it_is_silent_once_it_was_asked),
    cmocka_unit_test (who_is_not_listened_to_is_not_gone),
    cmocka_unit_test (who_takes_a_break_is_not_gone),
    cmocka_unit_test (one_sleep_is_one_question),
    cmocka_unit_test (a_connection_begins_without_a_past),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
