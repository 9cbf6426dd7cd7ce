/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* When a neighbour helps: three hundred of them on one network, by a clock of the test's own. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/discovery/ahoy-help-queue-private.h"

#define CROWD 300
#define ROUNDS 50
#define NONCE "0123456789abcdef"
#define OTHER_NONCE "fedcba9876543210"

static GSocketAddress *
scanner (guint16 port)
{
  return g_inet_socket_address_new_from_string ("10.0.0.7", port);
}

static void
ask (AhoyHelpQueue *queue,
     guint16        port,
     const char    *nonce,
     guint          n_online,
     gint64         now)
{
  g_autoptr (GSocketAddress) address = scanner (port);

  ahoy_help_queue_add (queue, address, nonce, 2, 213, n_online, now);
}

/* One question to @crowd people, who hear of each other's answers @latency ms later. Returns: how many answer; @first: when. */
static guint
count_answers (guint   crowd,
               guint   n_online,
               gint64  latency,
               guint32 seed,
               gint64 *first)
{
  g_autoptr (GPtrArray) queues = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_help_queue_free);
  gint64                known = G_MAXINT64; /* when all know that somebody has helped */
  guint                 answers = 0;

  for (guint i = 0; i < crowd; i++)
    {
      g_ptr_array_add (queues, ahoy_help_queue_new (g_rand_new_with_seed (seed * 1000 + i)));
      ask (g_ptr_array_index (queues, i), 40000, NONCE, n_online, 0);
    }

  *first = -1;
  for (gint64 now = 0; now <= AHOY_HELP_WINDOW_MAX + 1; now++)
    for (guint i = 0; i < crowd; i++)
      {
        AhoyHelpQueue    *queue = g_ptr_array_index (queues, i);
        g_auto (AhoyHelp) help = { 0 };

        if (now >= known)
          ahoy_help_queue_drop (queue, NONCE);
        if (!ahoy_help_queue_take (queue, now, &help))
          continue;
        answers++;
        if (*first < 0)
          *first = now;
        known = MIN (known, now + latency);
      }

  return answers;
}

static void
test_few_of_three_hundred_answer (void **state)
{
  guint  total = 0;
  guint  most = 0;
  gint64 latest = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 first;
      guint  answers = count_answers (CROWD, CROWD, 5, i, &first);

      assert_true (answers >= 1);
      total += answers;
      most = MAX (most, answers);
      latest = MAX (latest, first);
    }

  print_message ("%u answers to %u questions, %u at most; the first after %" G_GINT64_FORMAT " ms at most\n", total, ROUNDS, most, latest);
  assert_true (total < 2 * ROUNDS);
  assert_true (most <= 4);
  assert_true (latest < 1000);
}

/* Wireless access points hold broadcasts back for a tenth of a second. */
static void
test_few_answer_where_word_comes_late (void **state)
{
  guint total = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 first;

      total += count_answers (CROWD, CROWD, 100, i, &first);
    }
  print_message ("%u answers to %u questions\n", total, ROUNDS);
  assert_true (total < 6 * ROUNDS);
}

static void
test_one_alone_does_not_keep_people_waiting (void **state)
{
  for (guint i = 0; i < ROUNDS; i++)
    {
      gint64 first;

      assert_int_equal (count_answers (1, 2, 5, i, &first), 1);
      assert_true (first <= 2 * AHOY_HELP_WINDOW_EACH);
      /* The others are elsewhere. */
      assert_int_equal (count_answers (1, 10000, 5, i, &first), 1);
      assert_true (first <= AHOY_HELP_WINDOW_MAX);
    }
}

static void
test_who_asks_twice_asks_once (void **state)
{
  AhoyHelpQueue    *queue = ahoy_help_queue_new (g_rand_new_with_seed (1));
  g_auto (AhoyHelp) help = { 0 };
  g_auto (AhoyHelp) more = { 0 };

  assert_int_equal (ahoy_help_queue_get_due (queue), -1);
  ask (queue, 40000, OTHER_NONCE, 300, 0);
  ask (queue, 40000, NONCE, 300, 10);
  assert_false (ahoy_help_queue_take (queue, ahoy_help_queue_get_due (queue) - 1, &help));
  assert_true (ahoy_help_queue_take (queue, ahoy_help_queue_get_due (queue), &help));
  assert_string_equal (help.nonce, OTHER_NONCE);
  assert_int_equal (help.index, 2);
  assert_int_equal (help.max, 213);
  assert_false (ahoy_help_queue_take (queue, 10000, &more));
  assert_int_equal (ahoy_help_queue_get_due (queue), -1);

  ahoy_help_queue_free (queue);
}

/* In one name, with a new nonce each time: what is answered to one of them is what all others hear of, late, after more of them. */
static void
test_a_forger_makes_nobody_answer_beside_others (void **state)
{
  const gint64          latency = 100, pause = 50, end = 5000;
  g_autoptr (GPtrArray) queues = g_ptr_array_new_with_free_func ((GDestroyNotify) ahoy_help_queue_free);
  g_autoptr (GArray)    answers = g_array_new (FALSE, FALSE, sizeof (AhoyHelp)); /* in their order */
  guint                 known = 0;

  for (guint i = 0; i < CROWD; i++)
    g_ptr_array_add (queues, ahoy_help_queue_new (g_rand_new_with_seed (i)));

  for (gint64 now = 0; now < end; now++)
    {
      const guint before = known;

      while (known < answers->len && g_array_index (answers, AhoyHelp, known).due + latency <= now)
        known++;
      for (guint i = 0; i < CROWD; i++)
        {
          AhoyHelpQueue   *queue = g_ptr_array_index (queues, i);
          g_autofree char *nonce = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", now);
          AhoyHelp         help;

          for (guint k = before; k < known; k++)
            ahoy_help_queue_drop (queue, g_array_index (answers, AhoyHelp, k).nonce);
          if (now % pause == 0)
            ask (queue, 40000, nonce, CROWD, now);
          if (!ahoy_help_queue_take (queue, now, &help))
            continue;
          ahoy_help_clear (&help);
          help.due = now;
          g_array_append_val (answers, help);
        }
    }

  print_message ("%u answers to %d questions\n", answers->len, (int) (end / pause));
  assert_true (answers->len < 2 * end / pause);
}

static void
test_a_flood_is_answered_slowly (void **state)
{
  AhoyHelpQueue *queue = ahoy_help_queue_new (g_rand_new_with_seed (1));
  guint          helped = 0;

  /* A hundred a second for ten seconds, from a hundred ports. */
  for (gint64 now = 0; now < 10000; now += 10)
    {
      g_auto (AhoyHelp) help = { 0 };

      ask (queue, 40000 + now / 10 % 100, NONCE, 2, now);
      while (ahoy_help_queue_take (queue, now, &help))
        {
          helped++;
          ahoy_help_clear (&help);
        }
    }

  assert_in_range (helped, 9 * AHOY_HELP_PER_SECOND, 10 * AHOY_HELP_PER_SECOND);
  ahoy_help_queue_free (queue);
}

/* Whoever was helped first in a second makes room for one more when that second is over. */
static void
test_a_second_is_a_thousand (void **state)
{
  AhoyHelpQueue    *queue = ahoy_help_queue_new (g_rand_new_with_seed (1));
  g_auto (AhoyHelp) help = { 0 };
  const gint64      helped = 10000, later = 10999, over = 11000;

  for (guint i = 0; i < AHOY_HELP_PER_SECOND; i++)
    {
      ask (queue, 40000 + i, NONCE, 1, 0);
      assert_true (ahoy_help_queue_take (queue, helped, &help));
      ahoy_help_clear (&help);
    }
  ask (queue, 50000, NONCE, 1, 0);
  assert_false (ahoy_help_queue_take (queue, later, &help));
  ask (queue, 50000, NONCE, 1, 0);
  assert_true (ahoy_help_queue_take (queue, over, &help));
  ahoy_help_queue_free (queue);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_few_of_three_hundred_answer),
    cmocka_unit_test (test_few_answer_where_word_comes_late),
    cmocka_unit_test (test_one_alone_does_not_keep_people_waiting),
    cmocka_unit_test (test_who_asks_twice_asks_once),
    cmocka_unit_test (test_a_forger_makes_nobody_answer_beside_others),
    cmocka_unit_test (test_a_flood_is_answered_slowly),
    cmocka_unit_test (test_a_second_is_a_thousand),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
