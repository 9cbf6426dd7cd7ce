/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-timeline.h"

#include "chat-fixture.h"
#include "core/chat/ahoy-message-private.h"
#include "support/test-loop.h"
#include "ui/ahoy-follower.h"
#include "ui/ahoy-message-row.h"
#include "ui/ahoy-timeline-item.h"

/* Messages there are at the start: several screens of them. */
#define START 60u
#define DAY G_GINT64_CONSTANT (86400000)

typedef struct {
  FakeChat         *chat;
  AhoyConversation *everyone;
  GtkWidget        *timeline;
  GtkWindow        *window;
  GtkWidget        *view;
  guint             n_said;
} Fixture;

/* The middle of this day, in milliseconds: what is said from then on is of one day, whenever the test runs. */
static gint64
noon (void)
{
  const gint64 now = g_get_real_time () / 1000;

  return now - now % DAY + DAY / 2;
}

static void
say (Fixture *f,
     guint    n)
{
  static const char *const texts[] = {
    "short",
    "A text that takes some more room, so that rows are not all of the same height and estimates are wrong now and then, as they are.",
    "你好，今天的会议在三楼。",
    "one\ntwo\nthree",
  };

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u %s", f->n_said, texts[f->n_said * 7 % 4]);

      fake_chat_say (f->chat, "alice", text, FALSE, noon () + f->n_said * 20000);
      f->n_said++;
    }
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->chat = fake_chat_new ();
  f->everyone = ahoy_chat_get_everyone (AHOY_CHAT (f->chat));
  fake_chat_add_person (f->chat, "alice");
  ahoy_conversation_set_attended (f->everyone, TRUE);
  say (f, START);
  f->timeline = g_object_new (AHOY_TYPE_TIMELINE, "conversation", f->everyone, NULL);
  f->window = chat_fixture_show (f->timeline, 500, 400);
  f->view = chat_fixture_child (f->timeline, "view");
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  chat_fixture_close (f->window, f->timeline);
  g_object_unref (f->chat);
  g_free (f);

  return 0;
}

static guint
n_rows (Fixture *f)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (f->view))));
}

static gboolean
shows_all (gpointer data)
{
  Fixture *f = data;

  return n_rows (f) == g_list_model_get_n_items (ahoy_conversation_get_messages (f->everyone));
}

/* Whatever was said is in the list, and the list has come to rest. */
static void
settle (Fixture *f)
{
  assert_true (test_loop_until (NULL, shows_all, f, TEST_LOOP_DEADLINE_MS));
  chat_fixture_frames (f->timeline, 5);
}

/* The row that shows the message at @position; NULL when there is none at present. */
static GtkWidget *
find_row (Fixture *f,
          guint    position)
{
  g_autoptr (AhoyTimelineItem) item = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (f->view))), position);

  for (GtkWidget *child = gtk_widget_get_first_child (f->view); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = gtk_widget_get_first_child (child);

      if (AHOY_IS_MESSAGE_ROW (row) && ahoy_message_row_get_item (AHOY_MESSAGE_ROW (row)) == item)
        return row;
    }

  return NULL;
}

static gboolean
is_in_sight (Fixture *f,
             guint    position)
{
  GtkWidget      *row = find_row (f, position);
  graphene_rect_t bounds;

  return row != NULL && gtk_widget_get_child_visible (gtk_widget_get_parent (row)) &&
         gtk_widget_compute_bounds (gtk_widget_get_parent (row), f->view, &bounds) && bounds.origin.y >= -1 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (f->view) + 1;
}

static gboolean
is_following (Fixture *f)
{
  gboolean following;

  g_object_get (f->timeline, "following", &following, NULL);

  return following;
}

static gboolean
follows_no_more (gpointer data)
{
  return !is_following (data);
}

/* As a reader does with the keyboard. */
static void
scroll_up (Fixture *f)
{
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW (chat_fixture_child (f->timeline, "scrolled"));
  AhoyFollower      *follower = AHOY_FOLLOWER (gtk_widget_get_template_child (f->timeline, AHOY_TYPE_TIMELINE, "follower"));
  gboolean           handled;

  ahoy_follower_show (follower, n_rows (f) - 1);
  g_signal_emit_by_name (scrolled, "scroll-child", GTK_SCROLL_PAGE_BACKWARD, FALSE, &handled);
  g_signal_emit_by_name (scrolled, "scroll-child", GTK_SCROLL_PAGE_BACKWARD, FALSE, &handled);
  assert_true (test_loop_until (NULL, follows_no_more, f, TEST_LOOP_DEADLINE_MS));
}

static void
test_opens_at_the_end (void **state)
{
  Fixture *f = *state;

  assert_int_equal (n_rows (f), START);
  assert_true (is_in_sight (f, START - 1));
  assert_true (is_following (f));
}

static void
test_follows (void **state)
{
  Fixture *f = *state;

  for (guint burst = 1; burst <= 6; burst++)
    {
      say (f, burst);
      settle (f);
      assert_int_equal (n_rows (f), f->n_said);
      assert_true (is_following (f));
      assert_true (is_in_sight (f, f->n_said - 1));
    }
}

static void
test_follows_resizing (void **state)
{
  Fixture *f = *state;

  for (int width = 700; width >= 300; width -= 200)
    {
      gtk_window_set_default_size (f->window, width, 300 + width % 200);
      chat_fixture_frames (f->timeline, 12);
      assert_true (is_in_sight (f, f->n_said - 1));
    }
}

static void
test_leaves_the_reader_alone (void **state)
{
  Fixture   *f = *state;
  GtkWidget *button = chat_fixture_child (f->timeline, "newest_button");
  GtkWidget *label = chat_fixture_child (f->timeline, "newest_label");
  guint      n_new;

  scroll_up (f);
  assert_false (is_in_sight (f, START - 1));

  say (f, 3);
  settle (f);
  assert_false (is_following (f));
  assert_false (is_in_sight (f, START + 2));
  g_object_get (f->timeline, "n-new", &n_new, NULL);
  assert_int_equal (n_new, 3);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "↓ 3 new");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, "3 new messages");

  assert_true (gtk_widget_activate_action (f->timeline, "timeline.newest", NULL));
  chat_fixture_frames (f->timeline, 8);
  assert_true (is_following (f));
  assert_true (is_in_sight (f, START + 2));
  g_object_get (f->timeline, "n-new", &n_new, NULL);
  assert_int_equal (n_new, 0);
}

static void
test_opens_at_first_unread (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *alice = ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice");

  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), alice);
  ahoy_conversation_set_attended (f->everyone, FALSE);
  say (f, 50);
  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), f->everyone);
  assert_true (test_loop_until (NULL, follows_no_more, f, TEST_LOOP_DEADLINE_MS));
  assert_true (is_in_sight (f, START));
  assert_true (gtk_widget_get_visible (chat_fixture_child (find_row (f, START), "unread")));
  assert_false (gtk_widget_get_visible (chat_fixture_child (find_row (f, START + 1), "unread")));

  /* Read: the line is gone the next time. */
  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), alice);
  assert_null (ahoy_conversation_get_first_unread (f->everyone));
}

static void
test_empty (void **state)
{
  Fixture   *f = *state;
  GtkWidget *empty = chat_fixture_child (f->timeline, "empty");

  assert_false (gtk_widget_get_visible (empty));
  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice"));
  assert_true (gtk_widget_get_visible (empty));
  fake_chat_say (f->chat, "alice", "psst", TRUE, 0);
  chat_fixture_frames (f->timeline, 3);
  assert_false (gtk_widget_get_visible (empty));

  /* A name is no markup. */
  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), fake_chat_add_person (f->chat, "Tom & <b>Jerry"));
  assert_string_equal (gtk_label_get_text (GTK_LABEL (chat_fixture_child (empty, "description_label"))),
                       "What you write here is seen by Tom & <b>Jerry only");
}

static void
on_text (GObject      *clipboard,
         GAsyncResult *result,
         gpointer      data)
{
  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(char **) data != NULL;
}

static char *
copied (Fixture *f)
{
  char *text = NULL;

  assert_true (gtk_widget_activate_action (f->timeline, "timeline.copy", NULL));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (f->timeline), NULL, on_text, &text);
  assert_true (test_loop_until (NULL, is_set, &text, TEST_LOOP_DEADLINE_MS));

  return text;
}

static void
test_copies (void **state)
{
  Fixture           *f = *state;
  GtkSelectionModel *selection = gtk_list_view_get_model (GTK_LIST_VIEW (f->view));
  g_autofree char   *one = NULL;
  g_autofree char   *two = NULL;
  g_auto (GStrv)     lines = NULL;

  fake_chat_say (f->chat, "alice", "first", FALSE, 1);
  fake_chat_say (f->chat, "alice", "<b>second</b>", TRUE, 60001);
  settle (f);

  gtk_selection_model_select_item (selection, START + 1, TRUE);
  one = copied (f);
  assert_string_equal (one, "<b>second</b>");
  gtk_selection_model_select_item (selection, START, FALSE);
  two = copied (f);
  assert_string_equal (two, "alice, 00:00: first\nalice to me, private, 00:01: <b>second</b>");
}

static void
test_names_rows (void **state)
{
  Fixture   *f = *state;
  GtkWidget *row;

  fake_chat_say (f->chat, "alice", "hello", FALSE, 1);
  ahoy_chat_send (AHOY_CHAT (f->chat), f->everyone, "mine");
  settle (f);

  row = gtk_widget_get_parent (find_row (f, START));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, "alice, 00:00: hello");
  row = gtk_widget_get_parent (find_row (f, START + 1));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Sent");
}

static void
test_shows_a_message (void **state)
{
  Fixture           *f = *state;
  GtkSelectionModel *selection = gtk_list_view_get_model (GTK_LIST_VIEW (f->view));

  ahoy_timeline_show_message (AHOY_TIMELINE (f->timeline), 20);
  assert_true (test_loop_until (NULL, follows_no_more, f, TEST_LOOP_DEADLINE_MS));
  assert_true (is_in_sight (f, 20));
  assert_true (gtk_selection_model_is_selected (selection, 20));
  assert_true (ahoy_timeline_go_to_newest (AHOY_TIMELINE (f->timeline)));
  chat_fixture_frames (f->timeline, 6);
  assert_true (is_in_sight (f, START - 1));
  assert_false (ahoy_timeline_go_to_newest (AHOY_TIMELINE (f->timeline)));
}

static gboolean
has_asked (gpointer data)
{
  Fixture *f = data;

  return fake_chat_get_n_older (f->chat) > 0;
}

static float
top_of (Fixture *f,
        guint    position)
{
  graphene_rect_t bounds;

  assert_true (gtk_widget_compute_bounds (find_row (f, position), f->view, &bounds));

  return bounds.origin.y;
}

static void
test_loads_older (void **state)
{
  Fixture   *f = *state;
  GtkWidget *loading = chat_fixture_child (f->timeline, "loading");
  guint      n_new;
  float      top;

  fake_chat_has_older (f->chat);
  chat_fixture_frames (f->timeline, 10);
  assert_int_equal (fake_chat_get_n_older (f->chat), 0);
  assert_false (ahoy_conversation_get_held (f->everyone));

  ahoy_timeline_show_message (AHOY_TIMELINE (f->timeline), 3);
  assert_true (test_loop_until (NULL, has_asked, f, TEST_LOOP_DEADLINE_MS));
  chat_fixture_frames (f->timeline, 10);
  assert_int_equal (fake_chat_get_n_older (f->chat), 1);
  assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (loading)));
  assert_true (ahoy_conversation_get_held (f->everyone));
  assert_true (is_in_sight (f, 3));
  top = top_of (f, 3);

  /* The row stays where it is. */
  fake_chat_answer_older (f->chat, 100, noon () - DAY, TRUE);
  chat_fixture_frames (f->timeline, 10);
  assert_int_equal (n_rows (f), START + 100);
  assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (loading)));
  assert_true (is_in_sight (f, 103));
  assert_float_equal (top_of (f, 103), top, 60);
  assert_int_equal (fake_chat_get_n_older (f->chat), 1);
  g_object_get (f->timeline, "n-new", &n_new, NULL);
  assert_int_equal (n_new, 0);

  /* On the way on, the next ones, until there are none. */
  ahoy_timeline_show_message (AHOY_TIMELINE (f->timeline), 2);
  chat_fixture_frames (f->timeline, 10);
  assert_int_equal (fake_chat_get_n_older (f->chat), 2);
  fake_chat_answer_older (f->chat, 50, noon () - 2 * DAY, FALSE);
  chat_fixture_frames (f->timeline, 10);
  ahoy_timeline_show_message (AHOY_TIMELINE (f->timeline), 0);
  chat_fixture_frames (f->timeline, 10);
  assert_int_equal (n_rows (f), START + 150);
  assert_int_equal (fake_chat_get_n_older (f->chat), 2);

  assert_true (ahoy_timeline_go_to_newest (AHOY_TIMELINE (f->timeline)));
  chat_fixture_frames (f->timeline, 10);
  assert_true (is_in_sight (f, START + 149));
  assert_false (ahoy_conversation_get_held (f->everyone));
}

/* What there is does not fill the window: nobody can scroll, and still there is more. */
static void
test_loads_older_unasked (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *alice = ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice");

  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), alice);
  fake_chat_clear (f->chat);
  fake_chat_say (f->chat, "alice", "newest", FALSE, noon ());
  fake_chat_has_older (f->chat);
  ahoy_timeline_set_conversation (AHOY_TIMELINE (f->timeline), f->everyone);
  assert_true (test_loop_until (NULL, has_asked, f, TEST_LOOP_DEADLINE_MS));
  fake_chat_answer_older (f->chat, 30, 1, TRUE);
  chat_fixture_frames (f->timeline, 20);
  assert_true (is_following (f));
  assert_true (is_in_sight (f, 30));
  assert_int_equal (fake_chat_get_n_older (f->chat), 1);
}

/* After a start what was said comes from the disk, all at once, below a pane that is open already. */
static void
test_filled_opens_at_first_unread (void **state)
{
  Fixture *f = *state;

  fake_chat_clear (f->chat);
  chat_fixture_frames (f->timeline, 3);
  assert_int_equal (n_rows (f), 0);
  ahoy_conversation_set_attended (f->everyone, FALSE);
  f->n_said = 0;
  fake_chat_restore (f->chat, 200, 120);
  assert_true (test_loop_until (NULL, follows_no_more, f, TEST_LOOP_DEADLINE_MS));
  assert_int_equal (n_rows (f), 200);
  assert_true (is_in_sight (f, 120));
  assert_true (gtk_widget_get_visible (chat_fixture_child (find_row (f, 120), "unread")));
}

static void
test_set_back (void **state)
{
  Fixture                *f = *state;
  GListModel             *messages = ahoy_conversation_get_messages (f->everyone);
  g_autoptr (AhoyMessage) last = NULL;
  GtkWidget              *row;

  fake_chat_clear (f->chat);
  fake_chat_restore (f->chat, 10, 9);
  last = g_list_model_get_item (messages, 9);
  fake_chat_set_back (f->chat, ahoy_message_get_id (last));
  fake_chat_say (f->chat, "alice", "after", FALSE, noon ());
  chat_fixture_frames (f->timeline, 20);
  row = find_row (f, 10);
  assert_true (gtk_widget_has_css_class (row, "set-back"));
  assert_false (gtk_widget_get_visible (chat_fixture_child (row, "day")));
  assert_false (gtk_widget_get_visible (chat_fixture_child (row, "avatar")));
  assert_false (gtk_widget_get_visible (chat_fixture_child (row, "header")));
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "The server’s history was set back. It no longer has the messages above; this computer keeps them.");
}

static void
test_states (void **state)
{
  static const struct {
    AhoyMessageState state;
    const char      *word;
    const char      *icon;
    gboolean         loud;
  } looks[] = {
    { AHOY_MESSAGE_WAITING, "Waiting", "ahoy-waiting-symbolic", TRUE },
    { AHOY_MESSAGE_SENT, "Sent", "ahoy-sent-symbolic", FALSE },
    { AHOY_MESSAGE_DELIVERED, "Delivered", "ahoy-delivered-symbolic", FALSE },
    { AHOY_MESSAGE_SEEN, "Seen", "ahoy-seen-symbolic", FALSE },
    { AHOY_MESSAGE_FAILED, "Not sent", "dialog-warning-symbolic", TRUE },
  };
  Fixture      *f = *state;
  AhoyMessage  *own = ahoy_chat_send (AHOY_CHAT (f->chat), f->everyone, "mine");
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (f->timeline));
  GtkWidget    *row;

  chat_fixture_frames (f->timeline, 10);
  row = find_row (f, START);
  assert_non_null (row);
  assert_int_equal (gtk_widget_get_margin_end (chat_fixture_child (find_row (f, START - 1), "text")), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      GtkImage *icon = GTK_IMAGE (chat_fixture_child (row, "state_icon"));
      int       width;

      ahoy_message_set_state (own, looks[i].state);
      assert_true (gtk_widget_get_visible (chat_fixture_child (row, "state")));
      assert_string_equal (gtk_label_get_label (GTK_LABEL (chat_fixture_child (row, "state_word"))), looks[i].word);
      assert_string_equal (gtk_image_get_icon_name (icon), looks[i].icon);
      assert_true (gtk_icon_theme_has_icon (theme, looks[i].icon));
      assert_int_equal (gtk_widget_has_css_class (chat_fixture_child (row, "state"), "loud"), looks[i].loud);
      /* The text stops short of it. */
      gtk_widget_measure (chat_fixture_child (row, "state"), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
      assert_true (width > 0);
      assert_true (gtk_widget_get_margin_end (chat_fixture_child (row, "text")) > width);
      gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, looks[i].word);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_opens_at_the_end, setup, teardown),
    cmocka_unit_test_setup_teardown (test_follows, setup, teardown),
    cmocka_unit_test_setup_teardown (test_follows_resizing, setup, teardown),
    cmocka_unit_test_setup_teardown (test_leaves_the_reader_alone, setup, teardown),
    cmocka_unit_test_setup_teardown (test_opens_at_first_unread, setup, teardown),
    cmocka_unit_test_setup_teardown (test_empty, setup, teardown),
    cmocka_unit_test_setup_teardown (test_copies, setup, teardown),
    cmocka_unit_test_setup_teardown (test_names_rows, setup, teardown),
    cmocka_unit_test_setup_teardown (test_shows_a_message, setup, teardown),
    cmocka_unit_test_setup_teardown (test_loads_older, setup, teardown),
    cmocka_unit_test_setup_teardown (test_loads_older_unasked, setup, teardown),
    cmocka_unit_test_setup_teardown (test_filled_opens_at_first_unread, setup, teardown),
    cmocka_unit_test_setup_teardown (test_set_back, setup, teardown),
    cmocka_unit_test_setup_teardown (test_states, setup, teardown),
  };

  g_setenv ("TZ", "UTC", TRUE);

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
