/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "core/chat/ahoy-message-log.h"
#include "core/chat/ahoy-message-private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a view would believe the list is, from items-changed alone. */
typedef struct {
  AhoyMessageLog *log;
  GPtrArray      *mirror;
  GString        *changes;
} Fixture;

static void
on_items_changed (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  gpointer    data)
{
  Fixture *f = data;

  g_string_append_printf (f->changes, "%u-%u+%u ", position, removed, added);
  if (removed > 0)
    g_ptr_array_remove_range (f->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (f->mirror, position + i, g_list_model_get_item (model, position + i));
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->log = ahoy_message_log_new ();
  f->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  f->changes = g_string_new (NULL);
  g_signal_connect (f->log, "items-changed", G_CALLBACK (on_items_changed), f);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_object_unref (f->log);
  g_ptr_array_unref (f->mirror);
  g_string_free (f->changes, TRUE);
  g_free (f);
  return 0;
}

static AhoyMessage *
message (const char *text)
{
  return ahoy_message_new_notice (text, 0);
}

static void
append (Fixture    *f,
        const char *text)
{
  g_autoptr (AhoyMessage) m = message (text);

  ahoy_message_log_append (f->log, m);
}

static AhoyMessage *
append_waiting (Fixture    *f,
                const char *text)
{
  g_autoptr (AhoyMessage) m = message (text);

  ahoy_message_log_append_waiting (f->log, m);
  return m; /* the log's */
}

/* The model, the mirror and the expectation are one. */
static void
assert_log (Fixture    *f,
            const char *expected)
{
  GListModel         *model = G_LIST_MODEL (f->log);
  g_autoptr (GString) text = g_string_new (NULL);

  assert_int_equal (g_list_model_get_n_items (model), f->mirror->len);
  for (guint i = 0; i < f->mirror->len; i++)
    {
      g_autoptr (AhoyMessage) m = g_list_model_get_item (model, i);

      assert_ptr_equal (m, f->mirror->pdata[i]);
      g_string_append (text, ahoy_message_get_text (m));
    }
  assert_null (g_list_model_get_item (model, f->mirror->len));
  assert_string_equal (text->str, expected);
}

static void
appends_in_order (void **state)
{
  Fixture *f = *state;

  assert_true (ahoy_message_log_is_empty (f->log));
  assert_null (ahoy_message_log_get_last (f->log));
  append (f, "a");
  append (f, "b");
  assert_log (f, "ab");
  assert_string_equal (f->changes->str, "0-0+1 1-0+1 ");
  assert_string_equal (ahoy_message_get_text (ahoy_message_log_get_last (f->log)), "b");
}

static void
waiting_stays_below (void **state)
{
  Fixture *f = *state;

  append (f, "a");
  append_waiting (f, "X");
  append_waiting (f, "Y");
  append (f, "b");
  assert_log (f, "abXY");
  assert_string_equal (ahoy_message_get_text (ahoy_message_log_get_last (f->log)), "b");
}

static void
oldest_waiting_settles_without_a_move (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *x, *y;

  append (f, "a");
  x = append_waiting (f, "X");
  y = append_waiting (f, "Y");
  g_string_truncate (f->changes, 0);
  ahoy_message_log_settle (f->log, x);
  ahoy_message_log_settle (f->log, y);
  assert_string_equal (f->changes->str, "");
  append (f, "b");
  assert_log (f, "aXYb");
}

static void
others_settle_where_the_server_had_them (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *y;

  append_waiting (f, "X");
  y = append_waiting (f, "Y");
  append (f, "a");
  ahoy_message_log_settle (f->log, y);
  assert_log (f, "aYX");
}

static void
settled_too_early_moves_down (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *x = append_waiting (f, "X");

  ahoy_message_log_settle (f->log, x);
  ahoy_message_log_settle (f->log, x);
  append (f, "a");
  append (f, "b");
  ahoy_message_log_settle (f->log, x);
  assert_log (f, "abX");
}

static void
strangers_do_not_settle (void **state)
{
  Fixture                *f = *state;
  g_autoptr (AhoyMessage) stranger = message ("?");

  append (f, "a");
  ahoy_message_log_settle (f->log, stranger);
  assert_log (f, "a");
}

static void
a_burst_is_one_change (void **state)
{
  Fixture *f = *state;

  append (f, "a");
  g_string_truncate (f->changes, 0);
  ahoy_message_log_freeze (f->log);
  append (f, "b");
  append (f, "c");
  append (f, "d");
  assert_log (f, "a");
  assert_string_equal (ahoy_message_get_text (ahoy_message_log_get_last (f->log)), "d");
  ahoy_message_log_thaw (f->log);
  assert_log (f, "abcd");
  assert_string_equal (f->changes->str, "1-0+3 ");
}

static void
frozen_and_waiting_agree (void **state)
{
  Fixture     *f = *state;
  AhoyMessage *x, *y;

  ahoy_message_log_freeze (f->log);
  append (f, "a");
  x = append_waiting (f, "X"); /* shown at once, and what came before it too */
  assert_log (f, "aX");
  append (f, "b");
  y = append_waiting (f, "Y");
  append (f, "c");
  ahoy_message_log_settle (f->log, y);
  append (f, "d");
  ahoy_message_log_settle (f->log, x);
  append (f, "e");
  ahoy_message_log_thaw (f->log);
  assert_log (f, "abcYdXe");
}

static void
the_last_is_removed_announced_or_not (void **state)
{
  Fixture *f = *state;

  append (f, "a");
  append_waiting (f, "X");
  ahoy_message_log_freeze (f->log);
  append (f, "b");
  g_string_truncate (f->changes, 0);
  ahoy_message_log_remove_last (f->log);
  assert_string_equal (f->changes->str, "");
  ahoy_message_log_remove_last (f->log);
  assert_string_equal (f->changes->str, "0-1+0 ");
  ahoy_message_log_thaw (f->log);
  assert_log (f, "X");
  assert_false (ahoy_message_log_is_empty (f->log));
}

static void
clears (void **state)
{
  Fixture *f = *state;

  ahoy_message_log_clear (f->log);
  assert_string_equal (f->changes->str, "");
  append (f, "a");
  append_waiting (f, "X");
  ahoy_message_log_clear (f->log);
  assert_log (f, "");
  assert_true (ahoy_message_log_is_empty (f->log));
}

static void
holds_a_hundred_thousand (void **state)
{
  Fixture    *f = *state;
  GListModel *model = G_LIST_MODEL (f->log);

  for (guint burst = 0; burst < 100; burst++)
    {
      ahoy_message_log_freeze (f->log);
      for (guint i = 0; i < 1000; i++)
        {
          g_autofree char *text = g_strdup_printf ("%u", burst * 1000 + i);

          append (f, text);
        }
      ahoy_message_log_thaw (f->log);
    }
  assert_int_equal (g_list_model_get_n_items (model), 100000);
  for (guint i = 0; i < 100000; i++)
    {
      g_autoptr (AhoyMessage) m = g_list_model_get_item (model, i);

      assert_int_equal (atoi (ahoy_message_get_text (m)), i);
      assert_ptr_equal (m, f->mirror->pdata[i]);
    }
}

static void
append_id (Fixture    *f,
           guint64     id,
           const char *text)
{
  g_autoptr (AhoyMessage) m = message (text);

  ahoy_message_set_id (m, id);
  ahoy_message_log_append (f->log, m);
}

/* Of each: the text; the line's is "|". */
static void
assert_parted (Fixture    *f,
               const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  assert_int_equal (g_list_model_get_n_items (G_LIST_MODEL (f->log)), f->mirror->len);
  for (guint i = 0; i < f->mirror->len; i++)
    {
      g_autoptr (AhoyMessage) m = g_list_model_get_item (G_LIST_MODEL (f->log), i);

      assert_ptr_equal (m, f->mirror->pdata[i]);
      g_string_append (text, ahoy_message_get_kind (m) == AHOY_MESSAGE_SET_BACK ? "|" : ahoy_message_get_text (m));
    }
  assert_string_equal (text->str, expected);
}

/* Of two lines with one place the one that is there stays. */
static void
what_is_there_is_not_merged_again (void **state)
{
  static const struct {
    guint64     ids[3];
    guint       n;
    const char *shown;
  } table[] = {
    { { 2, 3, 4 }, 0, "bcd" },
    { { 1, 2, 3 }, 1, "+bcd" },
    { { 3, 4, 5 }, 1, "bcd+" },
    { { 1, 4, 5 }, 2, "+bcd+" },
  };
  Fixture *f = *state;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

      ahoy_message_log_clear (f->log);
      append_id (f, 2, "b");
      append_id (f, 3, "c");
      append_id (f, 4, "d");
      for (guint k = 0; k < 3; k++)
        {
          AhoyMessage *m = message ("+");

          ahoy_message_set_id (m, table[i].ids[k]);
          g_ptr_array_add (messages, m);
        }
      assert_int_equal (ahoy_message_log_merge (f->log, messages), table[i].n);
      assert_parted (f, table[i].shown);
    }
}

static void
what_was_lost_stands_apart (void **state)
{
  Fixture        *f = *state;
  const AhoyPlace copy = { 2, (char *) "000000010000000000000003" };

  for (guint frozen = 0; frozen < 2; frozen++)
    {
      ahoy_message_log_clear (f->log);
      append_id (f, 2, "b");
      append_id (f, 3, "c");
      append (f, "*");
      append_id (f, 4, "d");
      if (frozen)
        ahoy_message_log_freeze (f->log);
      append_id (f, 5, "e");
      append (f, "+");
      ahoy_message_log_part (f->log, 3, 1);
      ahoy_message_log_part (f->log, 3, 2); /* nothing is lost that was not */
      assert_parted (f, "bc*de|+");
      assert_int_equal (ahoy_message_get_id (ahoy_message_log_find (f->log, &copy)), 0);
      append_id (f, 3, "C");
      append_id (f, 4, "D");
      if (frozen)
        ahoy_message_log_thaw (f->log);
      assert_parted (f, "bc*de|+CD");
    }
  ahoy_message_log_part (f->log, 6, 3);
  assert_parted (f, "bc*de|+CD");
}

/* Also where others stand between. */
static void
what_is_there_after_all_goes_home (void **state)
{
  Fixture        *f = *state;
  const AhoyPlace d = { 2, (char *) "000000010000000000000004" };
  const AhoyPlace e = { 4, (char *) "000000010000000000000005" };

  append_id (f, 2, "b");
  append_id (f, 3, "c");
  append_id (f, 4, "d");
  append_id (f, 5, "e");
  ahoy_message_log_part (f->log, 3, 1);
  append_id (f, 3, "C");
  ahoy_message_log_rejoin (f->log, &d, 4);
  assert_parted (f, "bcCde|");
  ahoy_message_log_rejoin (f->log, &e, 5);
  assert_parted (f, "bcCde");
  assert_int_equal (ahoy_message_get_id (f->mirror->pdata[4]), 5);
}

int
main (void)
{
#define LOG_TEST(f) cmocka_unit_test_setup_teardown (f, setup, teardown)
  const struct CMUnitTest tests[] = {
    LOG_TEST (appends_in_order),
    LOG_TEST (waiting_stays_below),
    LOG_TEST (oldest_waiting_settles_without_a_move),
    LOG_TEST (others_settle_where_the_server_had_them),
    LOG_TEST (settled_too_early_moves_down),
    LOG_TEST (strangers_do_not_settle),
    LOG_TEST (a_burst_is_one_change),
    LOG_TEST (frozen_and_waiting_agree),
    LOG_TEST (the_last_is_removed_announced_or_not),
    LOG_TEST (clears),
    LOG_TEST (holds_a_hundred_thousand),
    LOG_TEST (what_is_there_is_not_merged_again),
    LOG_TEST (what_was_lost_stands_apart),
    LOG_TEST (what_is_there_after_all_goes_home),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
