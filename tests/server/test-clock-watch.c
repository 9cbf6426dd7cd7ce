/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether the clock can be believed: hours that pass, and what the clock says then. */

#include "server/cmocka-all.h"
#include "store/ahoyd-clock-watch.h"

#define HOUR (G_GINT64_CONSTANT (60) * 60 * 1000)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define NOW (56 * YEAR)

static const struct {
  const char *what;
  gboolean    known;
  gint64      gap; /* from what the clock said last to what it says at the start */
  gint64      held;
  gboolean    jumped;
  gboolean    trusted;
} starts[] = {
  { "an empty log", FALSE, -10 * YEAR, 0, FALSE, TRUE },
  { "at once", TRUE, 0, AHOYD_CLOCK_HOLD_MS, FALSE, TRUE },
  { "after a night", TRUE, 9 * HOUR, AHOYD_CLOCK_HOLD_MS, FALSE, TRUE },
  { "after a week", TRUE, 7 * DAY, AHOYD_CLOCK_HOLD_MS, FALSE, TRUE },
  { "after more than a week", TRUE, 7 * DAY + 1, AHOYD_CLOCK_HOLD_MS, TRUE, FALSE },
  { "set right a little", TRUE, -HOUR, AHOYD_CLOCK_HOLD_MS, FALSE, TRUE },
  { "set back", TRUE, -HOUR - 1, AHOYD_CLOCK_HOLD_MS, TRUE, FALSE },
  { "ten years ahead", TRUE, 10 * YEAR, AHOYD_CLOCK_HOLD_MS, TRUE, FALSE },
  { "ten years behind", TRUE, -10 * YEAR, AHOYD_CLOCK_HOLD_MS, TRUE, FALSE },
  { "it had not held for long", TRUE, HOUR, 3 * DAY, FALSE, FALSE },
  { "nonsense in the file", TRUE, HOUR, -5, FALSE, FALSE },
  { "more nonsense", TRUE, HOUR, G_MAXINT64, FALSE, TRUE },
};

static void
test_starts (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      const AhoydClockPast   past = { starts[i].known, NOW, starts[i].held };
      const AhoydClockSample sample = { NOW + starts[i].gap, 12345 };
      AhoydClockWatch        watch;

      if (ahoyd_clock_watch_start (&watch, &past, &sample) != starts[i].jumped || ahoyd_clock_watch_is_trusted (&watch) != starts[i].trusted)
        fail_msg ("%s", starts[i].what);
    }
}

static const struct {
  const char *what;
  gint64      passed;
  gint64      real; /* what the clock says to that */
  gboolean    jumped;
} feeds[] = {
  { "an hour", HOUR, HOUR, FALSE },
  { "nothing", 0, 0, FALSE },
  { "a day of sleep", DAY, DAY, FALSE },
  { "a year of sleep", YEAR, YEAR, FALSE },
  { "set right a little, on", HOUR, 2 * HOUR, FALSE },
  { "set right a little, back", HOUR, 0, FALSE },
  { "a little more, on", HOUR, 2 * HOUR + 1, TRUE },
  { "a little more, back", HOUR, -1, TRUE },
  { "ten years on", HOUR, 10 * YEAR, TRUE },
  { "ten years back", HOUR, -10 * YEAR, TRUE },
  { "it stands still", DAY, 0, TRUE },
};

static void
test_feeds (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (feeds); i++)
    {
      const AhoydClockPast past = { TRUE, NOW, AHOYD_CLOCK_HOLD_MS };
      AhoydClockSample     sample = { NOW, 777 };
      AhoydClockWatch      watch;

      ahoyd_clock_watch_start (&watch, &past, &sample);
      sample.real += feeds[i].real;
      sample.elapsed += feeds[i].passed;
      if (ahoyd_clock_watch_feed (&watch, &sample) != feeds[i].jumped || ahoyd_clock_watch_is_trusted (&watch) == feeds[i].jumped)
        fail_msg ("%s", feeds[i].what);
    }
}

/* Seven days of running, however many nights there are between them. */
static void
test_it_is_believed_again (void **state)
{
  AhoydClockPast   past = { TRUE, NOW, AHOYD_CLOCK_HOLD_MS };
  AhoydClockSample sample = { NOW + 10 * YEAR, 0 };
  AhoydClockWatch  watch;
  guint            days = 0;

  assert_true (ahoyd_clock_watch_start (&watch, &past, &sample));
  while (!ahoyd_clock_watch_is_trusted (&watch) && days < 100)
    {
      for (guint hour = 0; hour < 8; hour++)
        {
          sample.real += HOUR;
          sample.elapsed += HOUR;
          assert_false (ahoyd_clock_watch_feed (&watch, &sample));
        }
      days++;
      past = (AhoydClockPast){ TRUE, watch.last.real, watch.held };
      sample = (AhoydClockSample){ sample.real + 16 * HOUR, 5 };
      assert_false (ahoyd_clock_watch_start (&watch, &past, &sample));
    }
  assert_int_equal (days, 21);
}

static void
test_a_second_jump_begins_again (void **state)
{
  const AhoydClockPast past = { TRUE, NOW, AHOYD_CLOCK_HOLD_MS };
  AhoydClockSample     sample = { NOW, 0 };
  AhoydClockWatch      watch;

  ahoyd_clock_watch_start (&watch, &past, &sample);
  for (guint round = 0; round < 2; round++)
    {
      sample.real += YEAR;
      assert_true (ahoyd_clock_watch_feed (&watch, &sample));
      sample.real += 6 * DAY;
      sample.elapsed += 6 * DAY;
      assert_false (ahoyd_clock_watch_feed (&watch, &sample));
      assert_false (ahoyd_clock_watch_is_trusted (&watch));
    }
  sample.real += DAY;
  sample.elapsed += DAY;
  assert_false (ahoyd_clock_watch_feed (&watch, &sample));
  assert_true (ahoyd_clock_watch_is_trusted (&watch));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_starts),
    cmocka_unit_test (test_feeds),
    cmocka_unit_test (test_it_is_believed_again),
    cmocka_unit_test (test_a_second_jump_begins_again),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
