/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-timeline-model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "ui/ahoy-timeline-item.h"

#define MOMENT G_GINT64_CONSTANT (1772546600000)
#define MINUTE (60 * G_GINT64_CONSTANT (1000))
#define DAY (24 * 60 * MINUTE)

typedef struct {
  AhoyConversation  *conversation;
  AhoyTimelineModel *model;
  guint              n_changes;
  guint              n_rows; /* kept by applying what the model announces */
} Fixture;

static void
on_items_changed (Fixture *f,
                  guint    position,
                  guint    removed,
                  guint    added)
{
  f->n_changes++;
  f->n_rows += added - removed;
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->conversation = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  f->model = g_object_new (AHOY_TYPE_TIMELINE_MODEL, NULL);
  g_signal_connect_swapped (f->model, "items-changed", G_CALLBACK (on_items_changed), f);
  ahoy_timeline_model_set_conversation (f->model, f->conversation);
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_object_unref (f->model);
  g_object_unref (f->conversation);
  g_free (f);

  return 0;
}

static AhoyMessage *
say (Fixture    *f,
     const char *from,
     gint64      time)
{
  g_autoptr (AhoyMessage) message = ahoy_message_new_chat (from, ahoy_target_room (AHOY_ROOM_EVERYONE), "text", time, 0, 0);

  ahoy_conversation_append (f->conversation, message, TRUE);

  return message;
}

static gboolean
starts_group (Fixture *f,
              guint    position)
{
  g_autoptr (AhoyTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (f->model), position);

  return ahoy_timeline_item_get_starts_group (item);
}

static gboolean
starts_day (Fixture *f,
            guint    position)
{
  g_autoptr (AhoyTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (f->model), position);

  return ahoy_timeline_item_get_starts_day (item);
}

static void
test_groups (void **state)
{
  Fixture *f = *state;

  say (f, "alice", MOMENT);
  say (f, "alice", MOMENT + 1000);
  say (f, "bob", MOMENT + 2000);
  say (f, "bob", MOMENT + MINUTE);
  say (f, "bob", MOMENT + DAY);
  ahoy_conversation_forget_unread (f->conversation);
  ahoy_timeline_model_flush (f->model);

  assert_true (starts_group (f, 0));
  assert_true (starts_day (f, 0));
  assert_false (starts_group (f, 1));
  assert_false (starts_day (f, 1));
  assert_true (starts_group (f, 2));
  assert_true (starts_group (f, 3));
  assert_false (starts_day (f, 3));
  assert_true (starts_day (f, 4));
}

/* The server's clock was wrong, and was set right: ids order, and each day is told as it is. */
static void
test_times_that_go_back (void **state)
{
  Fixture *f = *state;

  say (f, "bob", MOMENT + 400 * DAY);
  say (f, "bob", MOMENT + 400 * DAY);
  say (f, "bob", MOMENT);
  say (f, "bob", MOMENT - 1000);
  say (f, "bob", MOMENT - DAY);
  ahoy_conversation_forget_unread (f->conversation);
  ahoy_timeline_model_flush (f->model);

  assert_int_equal (f->n_rows, 5);
  assert_true (starts_day (f, 0));
  assert_false (starts_day (f, 1));
  assert_true (starts_day (f, 2));
  assert_false (starts_day (f, 3));
  assert_true (starts_day (f, 4));
}

/* Older messages come in above. */
static void
test_prepended (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (GPtrArray)        older = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (AhoyTimelineItem) first = NULL;

  say (f, "alice", MOMENT);
  ahoy_conversation_forget_unread (f->conversation);
  ahoy_timeline_model_flush (f->model);
  first = g_list_model_get_item (G_LIST_MODEL (f->model), 0);
  assert_true (ahoy_timeline_item_get_starts_day (first));

  for (guint i = 0; i < 2; i++)
    {
      AhoyMessage *message = ahoy_message_new_chat ("alice", ahoy_target_room (AHOY_ROOM_EVERYONE), "older", i == 0 ? MOMENT - DAY : MOMENT, 0, 0);

      ahoy_message_set_id (message, i + 1);
      g_ptr_array_add (older, message);
    }
  assert_int_equal (ahoy_conversation_merge (f->conversation, older), 2);

  assert_int_equal (f->n_rows, 3);
  assert_ptr_equal (ahoy_timeline_model_peek_message (f->model, 0), older->pdata[0]);
  assert_int_equal (ahoy_timeline_model_find (f->model, older->pdata[1]), 1);
  assert_false (ahoy_timeline_item_get_starts_day (first));
  assert_false (ahoy_timeline_item_get_starts_group (first));
  assert_true (starts_day (f, 0));
  assert_true (starts_day (f, 1));
}

static void
test_whisper_is_apart (void **state)
{
  Fixture                *f = *state;
  g_autoptr (AhoyMessage) whisper = ahoy_message_new_chat ("alice", ahoy_target_person ("me"), "psst", MOMENT, 0, 0);

  say (f, "alice", MOMENT);
  ahoy_conversation_append (f->conversation, whisper, FALSE);
  ahoy_timeline_model_flush (f->model);

  assert_true (starts_group (f, 1));
}

static void
on_changed (guint *n_changed)
{
  (*n_changed)++;
}

/* An item that is alive finds out when another comes to stand before it. */
static void
test_neighbours (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyMessage)      own = ahoy_message_new_chat ("me", ahoy_target_room (AHOY_ROOM_EVERYONE), "waits", MOMENT, 0, AHOY_MESSAGE_OWN);
  g_autoptr (AhoyTimelineItem) item = NULL;
  guint                        n_changed = 0;

  say (f, "alice", MOMENT);
  ahoy_conversation_forget_unread (f->conversation);
  ahoy_conversation_append_waiting (f->conversation, own);
  ahoy_timeline_model_flush (f->model);
  item = g_list_model_get_item (G_LIST_MODEL (f->model), 1);
  assert_ptr_equal (ahoy_timeline_item_get_message (item), own);
  assert_false (ahoy_timeline_item_get_starts_day (item));
  g_signal_connect_swapped (item, "changed", G_CALLBACK (on_changed), &n_changed);

  /* What the server tells comes before what it does not know yet. */
  say (f, "bob", MOMENT - DAY);
  ahoy_timeline_model_flush (f->model);
  assert_int_equal (f->n_rows, 3);
  assert_true (n_changed > 0);
  assert_true (ahoy_timeline_item_get_starts_day (item));
}

static void
test_time_moves (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyTimelineItem) item = NULL;
  AhoyMessage                 *first, *second;

  first = say (f, "alice", MOMENT);
  second = say (f, "alice", MOMENT + MINUTE);
  ahoy_conversation_forget_unread (f->conversation);
  ahoy_timeline_model_flush (f->model);
  item = g_list_model_get_item (G_LIST_MODEL (f->model), 1);
  assert_true (ahoy_timeline_item_get_starts_group (item));

  ahoy_message_set_time (second, MOMENT);
  assert_false (ahoy_timeline_item_get_starts_group (item));
  ahoy_message_set_time (first, MOMENT - MINUTE);
  assert_true (ahoy_timeline_item_get_starts_group (item));
}

static void
test_bursts_are_held_back (void **state)
{
  Fixture *f = *state;

  f->n_changes = 0;
  for (guint i = 0; i < 100; i++)
    say (f, "alice", MOMENT + i);
  assert_int_equal (f->n_changes, 0);
  assert_int_equal (g_list_model_get_n_items (G_LIST_MODEL (f->model)), 0);
  assert_int_equal (ahoy_timeline_model_get_pending (f->model), 100);

  ahoy_timeline_model_flush (f->model);
  assert_int_equal (f->n_changes, 1);
  assert_int_equal (f->n_rows, 100);
  assert_int_equal (ahoy_timeline_model_get_pending (f->model), 0);
}

/* Changes among what is shown, while more is held back. */
static void
test_changes_below_pending (void **state)
{
  Fixture                *f = *state;
  g_autoptr (AhoyMessage) own = ahoy_message_new_chat ("me", ahoy_target_room (AHOY_ROOM_EVERYONE), "waits", MOMENT, 0, AHOY_MESSAGE_OWN);

  say (f, "alice", MOMENT);
  ahoy_conversation_append_waiting (f->conversation, own);
  ahoy_timeline_model_flush (f->model);
  ahoy_conversation_settle (f->conversation, own);
  say (f, "bob", MOMENT);
  ahoy_conversation_clear (f->conversation);
  ahoy_timeline_model_flush (f->model);
  assert_int_equal (f->n_rows, g_list_model_get_n_items (G_LIST_MODEL (f->model)));
  assert_int_equal (f->n_rows, 0);

  say (f, "carol", MOMENT);
  ahoy_timeline_model_flush (f->model);
  assert_int_equal (f->n_rows, 1);
  assert_true (starts_day (f, 0));
}

static void
test_first_unread (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyTimelineItem) item = NULL;

  say (f, "alice", MOMENT);
  ahoy_conversation_forget_unread (f->conversation);
  say (f, "alice", MOMENT + 1000);
  ahoy_timeline_model_flush (f->model);
  item = g_list_model_get_item (G_LIST_MODEL (f->model), 1);
  assert_true (ahoy_timeline_item_get_first_unread (item));
  assert_true (ahoy_timeline_item_get_starts_group (item));

  ahoy_conversation_forget_unread (f->conversation);
  assert_false (ahoy_timeline_item_get_first_unread (item));
  assert_false (ahoy_timeline_item_get_starts_group (item));
}

/* Items live only while somebody holds them, and are the same for as long. */
static void
test_lazy (void **state)
{
  Fixture *f = *state;
  gpointer item, again;

  for (guint i = 0; i < 100000; i++)
    say (f, "alice", MOMENT + i);
  ahoy_timeline_model_flush (f->model);

  item = g_list_model_get_item (G_LIST_MODEL (f->model), 99999);
  again = g_list_model_get_item (G_LIST_MODEL (f->model), 99999);
  assert_ptr_equal (item, again);
  g_object_unref (again);
  g_object_add_weak_pointer (item, &item);
  g_object_unref (item);
  assert_null (item);
}

/* The same message in another conversation has other neighbours there. */
static void
test_other_conversation (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyConversation) other = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  g_autoptr (AhoyMessage)      whisper = ahoy_message_new_chat ("alice", ahoy_target_person ("me"), "psst", MOMENT, 0, 0);
  g_autoptr (AhoyTimelineItem) kept = NULL;

  say (f, "alice", MOMENT);
  ahoy_conversation_append (f->conversation, whisper, FALSE);
  ahoy_conversation_append (other, whisper, FALSE);
  ahoy_timeline_model_flush (f->model);
  kept = g_list_model_get_item (G_LIST_MODEL (f->model), 1);
  assert_false (ahoy_timeline_item_get_starts_day (kept));

  ahoy_timeline_model_set_conversation (f->model, other);
  assert_int_equal (f->n_rows, 1);
  assert_true (starts_day (f, 0));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_groups, setup, teardown),
    cmocka_unit_test_setup_teardown (test_times_that_go_back, setup, teardown),
    cmocka_unit_test_setup_teardown (test_prepended, setup, teardown),
    cmocka_unit_test_setup_teardown (test_whisper_is_apart, setup, teardown),
    cmocka_unit_test_setup_teardown (test_neighbours, setup, teardown),
    cmocka_unit_test_setup_teardown (test_time_moves, setup, teardown),
    cmocka_unit_test_setup_teardown (test_bursts_are_held_back, setup, teardown),
    cmocka_unit_test_setup_teardown (test_changes_below_pending, setup, teardown),
    cmocka_unit_test_setup_teardown (test_first_unread, setup, teardown),
    cmocka_unit_test_setup_teardown (test_lazy, setup, teardown),
    cmocka_unit_test_setup_teardown (test_other_conversation, setup, teardown),
  };

  g_setenv ("TZ", "UTC", TRUE);

  return cmocka_run_group_tests (tests, NULL, NULL);
}
