/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-life: who is there and who is not. Each row is a peer's story, a look after the other; ahoyd-backlog: who is read. */

#include "net/ahoyd-life.h"

#include "server/cmocka-all.h"
#include "state/ahoyd-backlog.h"

#define THERE AHOYD_LIFE_THERE
#define ASK AHOYD_LIFE_ASK
#define LOST AHOYD_LIFE_LOST
#define KIB 1024
#define NOW 1000
#define LOOKS_MAX 12

/* In seconds. */
typedef struct {
  int              at;
  int              heard;
  guint64          taken;
  guint64          outstanding;
  AhoydLifeVerdict verdict;
} Look;

typedef struct {
  const char *story;
  gboolean    can_answer;
  gboolean    is_read;
  Look        looks[LOOKS_MAX];
} Story;

static const Story stories[] = {
  { "classic, silent for an hour: TCP looks after it", FALSE, TRUE, { { 0, 0, 100, 0, THERE }, { 3600, 0, 100, 0, THERE } } },
  { "extended, silent, does not answer", TRUE, TRUE, { { 0, 0, 100, 0, THERE }, { 29, 0, 100, 0, THERE }, { 30, 0, 100, 0, ASK }, { 35, 0, 110, 0, THERE }, { 39, 0, 110, 0, THERE }, { 40, 0, 110, 0, LOST } } },
  { "extended, silent, answers", TRUE, TRUE, { { 0, 0, 100, 0, THERE }, { 30, 0, 100, 0, ASK }, { 35, 31, 110, 0, THERE }, { 60, 31, 110, 0, THERE }, { 61, 31, 110, 0, ASK }, { 71, 31, 120, 0, LOST } } },
  { "takes nothing of little", FALSE, TRUE, { { 0, 0, 100, 1, THERE }, { 20, 0, 100, 1, THERE }, { 39, 0, 100, 1, THERE }, { 40, 0, 100, 1, LOST } } },
  { "takes nothing, whatever it says", TRUE, TRUE, { { 0, 0, 100, 3000 * KIB, THERE }, { 10, 10, 100, 3100 * KIB, THERE }, { 39, 39, 100, 3500 * KIB, THERE }, { 40, 40, 100, 3500 * KIB, LOST } } },
  { "takes nothing and is not read", TRUE, FALSE, { { 0, 0, 100, 9, THERE }, { 39, 39, 100, 9, THERE }, { 40, 40, 100, 9, LOST } } },
  { "takes all", FALSE, TRUE, { { 0, 0, 100, 50, THERE }, { 39, 0, 150, 0, THERE }, { 80, 0, 150, 10, THERE }, { 119, 0, 150, 10, THERE }, { 120, 0, 150, 10, LOST } } },
  { "takes enough", FALSE, TRUE, { { 0, 0, 0, 3000 * KIB, THERE }, { 39, 0, 64 * KIB, 3000 * KIB, THERE }, { 78, 0, 128 * KIB, 3000 * KIB, THERE }, { 117, 0, 191 * KIB, 3000 * KIB, THERE }, { 118, 0, 191 * KIB, 3000 * KIB, LOST } } },
  { "takes a little at a time, for ever", FALSE, TRUE, { { 0, 0, 0, 3000 * KIB, THERE }, { 10, 0, 10 * KIB, 3000 * KIB, THERE }, { 20, 0, 20 * KIB, 3000 * KIB, THERE }, { 30, 0, 30 * KIB, 3000 * KIB, THERE }, { 40, 0, 40 * KIB, 3000 * KIB, LOST } } },
  { "takes the little that there was, when there is more by then", FALSE, TRUE, { { 0, 0, 0, 100, THERE }, { 39, 0, 100, 3000 * KIB, THERE }, { 78, 0, 101, 3000 * KIB, THERE }, { 79, 0, 101, 3000 * KIB, LOST } } },
  { "gets to the question late, behind all that came before", TRUE, TRUE, { { 0, 0, 0, 3000 * KIB, THERE }, { 30, 0, 64 * KIB, 2936 * KIB, ASK }, { 39, 0, 128 * KIB, 2872 * KIB, THERE }, { 48, 0, 192 * KIB, 2808 * KIB, THERE }, { 58, 0, 192 * KIB, 2808 * KIB, LOST } } },
  { "is not read, and hears from us meanwhile", TRUE, FALSE, { { 0, 0, 100, 0, THERE }, { 4, 0, 100, 0, THERE }, { 5, 0, 100, 0, ASK }, { 9, 0, 110, 0, THERE }, { 10, 0, 110, 0, ASK }, { 3600, 0, 120, 0, ASK } } },
  { "a classic one that is not read hears nothing", FALSE, FALSE, { { 0, 0, 100, 0, THERE }, { 3600, 0, 100, 0, THERE } } },
};

static void
test_stories (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      AhoydLife life = { 0 };

      for (guint j = 0; j < LOOKS_MAX && (j == 0 || stories[i].looks[j].at > 0); j++)
        {
          const Look          *look = &stories[i].looks[j];
          const AhoydLifeSigns signs = {
            (NOW + look->heard) * G_TIME_SPAN_SECOND,
            look->taken,
            look->outstanding,
            stories[i].can_answer,
            stories[i].is_read,
          };
          AhoydLifeVerdict verdict = ahoyd_life_look (&life, &signs, (NOW + look->at) * G_TIME_SPAN_SECOND);

          if (verdict != look->verdict)
            fail_msg ("%s: at %d s the verdict is %d", stories[i].story, look->at, verdict);
        }
    }
}

/* Who could not be heard for long is asked first, and given the time to answer. */
static void
test_read_again (void **state)
{
  AhoydLife      life = { 0 };
  AhoydLifeSigns signs = { .heard = NOW * G_TIME_SPAN_SECOND, .can_answer = TRUE };

  assert_int_equal (ahoyd_life_look (&life, &signs, (NOW + 60) * G_TIME_SPAN_SECOND), ASK);
  signs.is_read = TRUE;
  assert_int_equal (ahoyd_life_look (&life, &signs, (NOW + 61) * G_TIME_SPAN_SECOND), THERE);
  assert_int_equal (ahoyd_life_look (&life, &signs, (NOW + 69) * G_TIME_SPAN_SECOND), THERE);
  assert_int_equal (ahoyd_life_look (&life, &signs, (NOW + 70) * G_TIME_SPAN_SECOND), LOST);
}

static void
test_backlog (void **state)
{
  static const struct {
    guint64  own;
    guint64  all;
    guint    n_online;
    gboolean stopped;
    gboolean stops;
  } rows[] = {
    { 0, 0, 1, FALSE, FALSE },
    { 256 * KIB - 1, 256 * KIB, 1, FALSE, FALSE },
    { 256 * KIB, 256 * KIB, 1, FALSE, TRUE },
    { 128 * KIB, 128 * KIB, 1, TRUE, TRUE }, /* half of it is to be gone */
    { 128 * KIB - 1, 128 * KIB, 1, TRUE, FALSE },
    { 16 * KIB, 64 * KIB, 4096, FALSE, TRUE }, /* many are here */
    { 16 * KIB - 1, 64 * KIB, 4096, FALSE, FALSE },
    { 1, 64 * KIB * KIB, 1, FALSE, TRUE },  /* all have too much */
    { 0, 64 * KIB * KIB, 1, FALSE, FALSE }, /* but there is nothing to wait for */
    { 0, 64 * KIB * KIB, 1, TRUE, FALSE },
    { 1, 1, G_MAXUINT, FALSE, TRUE },
    { 300 * KIB, 300 * KIB, 0, FALSE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_int_equal (ahoyd_backlog_stops (rows[i].own, rows[i].all, rows[i].n_online, rows[i].stopped), rows[i].stops);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_stories),
    cmocka_unit_test (test_read_again),
    cmocka_unit_test (test_backlog),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
