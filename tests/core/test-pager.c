/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What stands above the first line: from the disk, from the server, and let go again. */

#include "database-fixture.h"

#include "core/archive/ahoy-mark-table.h"
#include "core/archive/ahoy-tables.h"
#include "core/chat/ahoy-conversation-private.h"
#include "core/chat/ahoy-message-private.h"
#include "core/chat/ahoy-person-private.h"
#include "core/features/ahoy-pager.h"
#include "support/test-loop.h"

typedef struct {
  DatabaseFixture  *disk; /* NULL: none */
  AhoyArchive      *archive;
  AhoyPager        *pager;
  AhoyPerson       *bob;
  AhoyConversation *everyone;
  AhoyConversation *whispers;

  GString *asked; /* of the host: "everyone<9 " for what was asked */
  guint    n_crowded;
  gboolean ends; /* the next messages are the last: the pager is freed */
} Fixture;

static void
on_ask (AhoyConversation *conversation,
        guint64           before,
        guint             limit,
        gpointer          data)
{
  Fixture *f = data;

  assert_int_equal (limit, 100);
  g_string_append_printf (f->asked, "%s<%" G_GUINT64_FORMAT " ", conversation == f->everyone ? "everyone" : "bob", before);
}

static GPtrArray *
on_make_messages (GPtrArray *stored_messages,
                  gpointer   data)
{
  Fixture   *f = data;
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < stored_messages->len; i++)
    {
      const AhoyStoredMessage *stored = stored_messages->pdata[i];
      AhoyMessage             *message = ahoy_message_new_chat (stored->from, ahoy_target_room (AHOY_ROOM_EVERYONE), stored->text, stored->time, 0, 0);

      ahoy_message_set_place (message, &stored->place);
      g_ptr_array_add (messages, message);
    }
  if (f->ends)
    g_clear_pointer (&f->pager, ahoy_pager_free);
  return messages;
}

static void
on_crowded (AhoyConversation *conversation,
            gpointer          data)
{
  ((Fixture *) data)->n_crowded++;
}

static const AhoyPagerHost host = { .ask = on_ask, .make_messages = on_make_messages, .crowded = on_crowded };

static Fixture *
begin (DatabaseFixture *disk)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->disk = disk;
  f->archive = ahoy_archive_new (disk != NULL ? disk->database : NULL, ahoy_tables, "server-a", "alice");
  f->bob = ahoy_person_new ("bob", "bob");
  f->everyone = ahoy_conversation_new_room (AHOY_ROOM_EVERYONE);
  f->whispers = ahoy_conversation_new_person (f->bob);
  f->asked = g_string_new (NULL);
  return f;
}

/* The history begins at @start; the disk has more than was read back when it has something. */
static void
show (Fixture *f,
      guint64  start)
{
  g_autoptr (AhoyNewest)   newest = ahoy_archive_take_newest (f->archive);
  const AhoyStoredMessage *first = newest->messages->len > 0 ? newest->messages->pdata[0] : NULL;

  ahoy_archive_set_mark (f->archive, AHOY_MARK_START, ahoy_target_room (AHOY_ROOM_EVERYONE), start);
  f->pager = ahoy_pager_new (f->archive, first != NULL ? &first->place : &(AhoyPlace){ 0 }, newest->more, &host, f);
  ahoy_pager_begin (f->pager, f->everyone);
  ahoy_pager_begin (f->pager, f->whispers);
}

static void
end (Fixture *f)
{
  g_clear_pointer (&f->pager, ahoy_pager_free);
  ahoy_archive_free (f->archive);
  g_object_unref (f->everyone);
  g_object_unref (f->whispers);
  g_object_unref (f->bob);
  g_string_free (f->asked, TRUE);
  g_free (f);
}

static int
setup (void **state)
{
  Fixture *f = begin (NULL);

  show (f, 500);
  ahoy_pager_go_online (f->pager);
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  end (*state);
  return 0;
}

static void
on_loaded (AhoyRead     *load,
           const GError *error,
           gpointer      data)
{
  Fixture *f = data;

  assert_null (error);
  ahoy_archive_take_loaded (f->archive, load);
}

static gboolean
is_loaded (gpointer data)
{
  return ahoy_archive_is_on_disk (((Fixture *) data)->archive);
}

/* With ids from 1 to 150 of everyone on the disk, of which the last 3 were read back. */
static int
setup_disk (void **state)
{
  DatabaseFixture *disk;
  Fixture         *f;

  database_setup (state);
  disk = *state;
  for (guint64 id = 1; id <= 150; id++)
    database_keep (disk, id, "bob", NULL, "old", NULL);
  f = begin (disk);
  assert_true (ahoy_archive_load (f->archive, 3, on_loaded, f));
  assert_true (test_loop_until (disk->context, is_loaded, f, TEST_LOOP_DEADLINE_MS));
  show (f, 0);
  *state = f;
  return 0;
}

static int
teardown_disk (void **state)
{
  Fixture *f = *state;
  void    *disk = f->disk;

  end (f);
  return database_teardown (&disk);
}

static gboolean
answer (Fixture *f,
        guint64  id)
{
  return ahoy_pager_take (f->pager, &(AhoyStoredMessage){ .id = id, .from = (char *) "bob", .text = (char *) "old" });
}

/* "first..last (n)" of a conversation's ids, + when there are older ones, ! when those could not be had, ... while they are loaded. */
static void
assert_shows (AhoyConversation *conversation,
              const char       *expected)
{
  GListModel      *messages = ahoy_conversation_get_messages (conversation);
  const guint      n = g_list_model_get_n_items (messages);
  GString         *told = g_string_new (NULL);
  g_autofree char *all = NULL;

  if (n > 0)
    {
      g_autoptr (AhoyMessage) first = g_list_model_get_item (messages, 0);
      g_autoptr (AhoyMessage) last = g_list_model_get_item (messages, n - 1);

      g_string_append_printf (told, "%u..%u (%u)", (guint) ahoy_message_get_id (first), (guint) ahoy_message_get_id (last), n);
    }
  g_string_append_printf (told, "%s%s%s", ahoy_conversation_get_has_older (conversation) ? "+" : "",
                          ahoy_conversation_get_older_failed (conversation) ? "!" : "", ahoy_conversation_get_loading_older (conversation) ? "..." : "");
  all = g_string_free (told, FALSE);
  assert_string_equal (all, expected);
}

/* ---- The server alone ---- */

static void
test_one_is_asked_at_a_time (void **state)
{
  Fixture *f = *state;

  assert_shows (f->everyone, "+");
  ahoy_pager_load_older (f->pager, f->everyone);
  ahoy_pager_load_older (f->pager, f->whispers);
  assert_string_equal (f->asked->str, "everyone<500 ");
  assert_shows (f->everyone, "+...");
  assert_true (answer (f, 7));
  assert_true (answer (f, 5)); /* in any order */
  assert_true (answer (f, 6));
  ahoy_pager_end_answer (f->pager, TRUE);
  assert_shows (f->everyone, "5..7 (3)+");
  assert_string_equal (f->asked->str, "everyone<500 bob<500 ");
  ahoy_pager_end_answer (f->pager, FALSE);
  assert_shows (f->whispers, "");
  assert_false (answer (f, 4));
  ahoy_pager_end_answer (f->pager, FALSE); /* to nothing */

  ahoy_pager_load_older (f->pager, f->whispers);
  assert_shows (f->whispers, "");
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_string_equal (f->asked->str, "everyone<500 bob<500 everyone<5 ");
  ahoy_pager_end_answer (f->pager, TRUE); /* it has less than it thought */
  assert_shows (f->everyone, "5..7 (3)");
}

static void
test_an_answer_that_fails (void **state)
{
  Fixture *f = *state;

  ahoy_pager_load_older (f->pager, f->everyone);
  ahoy_pager_load_older (f->pager, f->whispers);
  assert_true (answer (f, 7));
  ahoy_pager_fail_answer (f->pager);
  assert_shows (f->everyone, "+!");
  assert_shows (f->whispers, "+");
  assert_false (answer (f, 8));
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_shows (f->everyone, "+...");
  assert_string_equal (f->asked->str, "everyone<500 everyone<500 ");
}

static void
test_without_a_connection (void **state)
{
  Fixture *f = *state;

  ahoy_pager_load_older (f->pager, f->everyone);
  ahoy_pager_go_offline (f->pager);
  assert_shows (f->everyone, "+");
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_shows (f->everyone, "+");
  ahoy_pager_go_online (f->pager);
  assert_string_equal (f->asked->str, "everyone<500 "); /* it is wanted again when somebody looks */
}

/* A conversation that is new to the pager has nothing. */
static void
test_a_conversation_that_was_not_begun (void **state)
{
  Fixture                     *f = *state;
  g_autoptr (AhoyConversation) other = ahoy_conversation_new_person (f->bob);

  ahoy_pager_load_older (f->pager, other);
  ahoy_pager_trim (f->pager, other);
  assert_shows (other, "");
  assert_string_equal (f->asked->str, "");
}

static void
say (Fixture *f,
     guint    from,
     guint    until)
{
  for (guint id = from; id <= until; id++)
    {
      g_autoptr (AhoyMessage) message = ahoy_message_new_chat ("bob", ahoy_target_room (AHOY_ROOM_EVERYONE), "new", id, 0, 0);

      ahoy_message_set_place (message, &(AhoyPlace){ id, NULL });
      ahoy_conversation_insert (f->everyone, message, FALSE);
    }
}

static void
test_memory_has_an_end (void **state)
{
  Fixture *f = *state;

  say (f, 501, 3000);
  ahoy_pager_trim (f->pager, f->everyone);
  assert_shows (f->everyone, "501..3000 (2500)+");
  say (f, 3001, 3001);
  ahoy_conversation_set_held (f->everyone, TRUE);
  ahoy_pager_trim (f->pager, f->everyone);
  assert_shows (f->everyone, "501..3001 (2501)+"); /* somebody reads there */
  ahoy_conversation_set_held (f->everyone, FALSE);
  ahoy_pager_trim (f->pager, f->everyone);
  assert_shows (f->everyone, "1002..3001 (2000)+");
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_string_equal (f->asked->str, "everyone<1002 ");
}

/* Below the first message of all there is none, whoever asks. */
static void
test_below_the_first_nobody_is_asked (void **state)
{
  Fixture *f = *state;

  ahoy_archive_set_mark (f->archive, AHOY_MARK_FLOOR, ahoy_target_room (AHOY_ROOM_EVERYONE), 1);
  ahoy_pager_begin (f->pager, f->everyone);
  assert_shows (f->everyone, "");
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_shows (f->everyone, "");
  assert_string_equal (f->asked->str, "");
}

static void
test_a_parting_takes_the_floor_down (void **state)
{
  Fixture *f = *state;

  ahoy_pager_part (f->pager, 300, 1);
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_string_equal (f->asked->str, "everyone<300 ");
}

/* Whoever is told may end it all. */
static void
test_an_end_in_the_middle (void **state)
{
  Fixture *f = *state;

  ahoy_pager_load_older (f->pager, f->everyone);
  assert_true (answer (f, 7));
  f->ends = TRUE;
  ahoy_pager_end_answer (f->pager, TRUE);
  assert_null (f->pager);
  assert_string_equal (f->asked->str, "everyone<500 ");
}

/* ---- With a disk ---- */

static gboolean
is_idle (gpointer data)
{
  Fixture *f = data;

  return ahoy_archive_get_n_pending (f->archive) == 0;
}

static void
await_disk (Fixture *f)
{
  assert_true (test_loop_until (f->disk->context, is_idle, f, TEST_LOOP_DEADLINE_MS));
}

static void
test_the_disk_comes_first (void **state)
{
  Fixture *f = *state;

  ahoy_pager_go_online (f->pager);
  ahoy_pager_load_older (f->pager, f->everyone);
  assert_shows (f->everyone, "+...");
  await_disk (f);
  assert_shows (f->everyone, "48..147 (100)+");
  ahoy_pager_load_older (f->pager, f->everyone);
  await_disk (f);
  assert_shows (f->everyone, "1..147 (147)");
  assert_string_equal (f->asked->str, "");
}

/* What the disk has below the floor may have gaps: the server is asked for the same. */
static void
test_below_the_floor_the_server_is_asked_too (void **state)
{
  Fixture *f = *state;

  ahoy_archive_set_mark (f->archive, AHOY_MARK_FLOOR, ahoy_target_room (AHOY_ROOM_EVERYONE), 60);
  ahoy_pager_begin (f->pager, f->everyone);
  ahoy_pager_go_online (f->pager);
  ahoy_pager_load_older (f->pager, f->everyone);
  await_disk (f);
  assert_shows (f->everyone, "48..147 (100)+...");
  assert_string_equal (f->asked->str, "everyone<60 ");
  for (guint64 id = 20; id < 60; id++)
    answer (f, id);
  ahoy_pager_end_answer (f->pager, TRUE);
  assert_shows (f->everyone, "20..147 (128)+");
  assert_int_equal (ahoy_archive_get_mark (f->archive, AHOY_MARK_FLOOR, ahoy_target_room (AHOY_ROOM_EVERYONE), 0), 20);
}

static void
test_a_disk_that_cannot_be_read (void **state)
{
  Fixture *f = *state;

  await_disk (f);
  database_exec (f->disk, "ALTER TABLE messages RENAME TO astray");
  ahoy_pager_load_older (f->pager, f->everyone);
  await_disk (f);
  assert_shows (f->everyone, "+!");
  database_exec (f->disk, "ALTER TABLE astray RENAME TO messages");
  ahoy_pager_load_older (f->pager, f->everyone);
  await_disk (f);
  assert_shows (f->everyone, "48..147 (100)+");
}

/* What is not on the disk yet could not be read back from there. */
static void
test_nothing_is_let_go_that_is_not_kept (void **state)
{
  Fixture *f = *state;

  await_disk (f);
  ahoy_database_set_retry (f->disk->database, 5);
  database_exec (f->disk, "CREATE TRIGGER no BEFORE INSERT ON messages BEGIN SELECT raise (ABORT, 'no'); END");
  ahoy_archive_keep (f->archive, ahoy_stored_message_new (&(AhoyStoredMessage){ .id = 151, .from = (char *) "bob", .text = (char *) "new" }), NULL, NULL);
  say (f, 151, 2651);
  ahoy_pager_trim (f->pager, f->everyone);
  assert_shows (f->everyone, "151..2651 (2501)+");
  await_disk (f);
  ahoy_pager_note_written (f->pager);
  ahoy_pager_trim (f->pager, f->everyone);
  assert_int_equal (f->n_crowded, 0);
  assert_shows (f->everyone, "151..2651 (2501)+");

  database_exec (f->disk, "DROP TRIGGER no");
  ahoy_archive_set_mark (f->archive, "other", ahoy_target_person ("bob"), 1);
  await_disk (f);
  ahoy_pager_note_written (f->pager);
  ahoy_pager_note_written (f->pager);
  assert_int_equal (f->n_crowded, 1);
  ahoy_pager_trim (f->pager, f->everyone);
  assert_shows (f->everyone, "652..2651 (2000)+");
}

/* What was asked before the server's log was set back is of another time. */
static void
test_a_page_from_before_a_parting (void **state)
{
  Fixture *f = *state;

  ahoy_pager_load_older (f->pager, f->everyone);
  ahoy_pager_part (f->pager, 100, 1);
  assert_shows (f->everyone, "+");
  await_disk (f);
  assert_shows (f->everyone, "+");
}

/* The ids that the first and the last one shown have, or had before they were lost. */
static void
assert_range (AhoyConversation *conversation,
              guint64           first,
              guint64           last,
              guint             n)
{
  GListModel             *messages = ahoy_conversation_get_messages (conversation);
  g_autoptr (AhoyMessage) one = g_list_model_get_item (messages, 0);
  g_autoptr (AhoyMessage) other = g_list_model_get_item (messages, g_list_model_get_n_items (messages) - 1);

  assert_int_equal (g_list_model_get_n_items (messages), n);
  assert_int_equal (ahoy_message_get_time (one), first * 1000);
  assert_int_equal (ahoy_message_get_time (other), last * 1000);
}

/* What is above goes on where it was read to, though that stands somewhere else by now: also where nothing was read yet. */
static void
test_pages_go_on_after_a_parting (void **state)
{
  Fixture *f = *state;

  ahoy_archive_part (f->archive, 100);
  ahoy_pager_part (f->pager, 100, 1);
  ahoy_pager_load_older (f->pager, f->everyone);
  await_disk (f);
  assert_range (f->everyone, 48, 147, 100);

  ahoy_conversation_clear (f->everyone);
  ahoy_pager_begin (f->pager, f->everyone);
  ahoy_pager_load_older (f->pager, f->everyone);
  await_disk (f);
  assert_range (f->everyone, 48, 147, 100);
}

static void
test_pages_go_on_after_a_copy_was_found (void **state)
{
  Fixture        *f = *state;
  const AhoyPlace copy = { 99, (char *) "000000010000000000000094" }; /* of 148 */

  ahoy_archive_part (f->archive, 100);
  ahoy_pager_part (f->pager, 100, 1);
  database_keep (f->disk, 120, "bob", NULL, "new", NULL);
  database_keep (f->disk, 148, "bob", NULL, "old", NULL);
  ahoy_archive_rejoin (f->archive, &copy, 148);
  ahoy_pager_rejoin (f->pager, &copy, 148);
  for (guint i = 0; i < 2; i++) /* read already, and begun anew */
    {
      ahoy_pager_load_older (f->pager, f->everyone);
      await_disk (f);
      assert_range (f->everyone, 49, 120, 100);
      ahoy_conversation_clear (f->everyone);
      ahoy_pager_begin (f->pager, f->everyone);
    }
}

static void
test_an_end_before_the_page_came (void **state)
{
  Fixture *f = *state;

  ahoy_pager_load_older (f->pager, f->everyone);
  g_clear_pointer (&f->pager, ahoy_pager_free);
  await_disk (f);
  assert_shows (f->everyone, "+...");
}

static void
test_an_end_while_the_page_is_shown (void **state)
{
  Fixture *f = *state;

  ahoy_pager_load_older (f->pager, f->everyone);
  f->ends = TRUE;
  await_disk (f);
  assert_null (f->pager);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, teardown)
#define DISK_TEST(function) cmocka_unit_test_setup_teardown (function, setup_disk, teardown_disk)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TEST (test_one_is_asked_at_a_time),
    TEST (test_an_answer_that_fails),
    TEST (test_without_a_connection),
    TEST (test_a_conversation_that_was_not_begun),
    TEST (test_memory_has_an_end),
    TEST (test_a_parting_takes_the_floor_down),
    TEST (test_below_the_first_nobody_is_asked),
    TEST (test_an_end_in_the_middle),
    DISK_TEST (test_the_disk_comes_first),
    DISK_TEST (test_below_the_floor_the_server_is_asked_too),
    DISK_TEST (test_a_disk_that_cannot_be_read),
    DISK_TEST (test_nothing_is_let_go_that_is_not_kept),
    DISK_TEST (test_a_page_from_before_a_parting),
    DISK_TEST (test_pages_go_on_after_a_parting),
    DISK_TEST (test_pages_go_on_after_a_copy_was_found),
    DISK_TEST (test_an_end_before_the_page_came),
    DISK_TEST (test_an_end_while_the_page_is_shown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
