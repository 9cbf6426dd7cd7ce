/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#include "ui/ahoy-chat-view.h"

#include "chat-fixture.h"
#include "support/test-loop.h"
#include "ui/ahoy-announcer.h"
#include "ui/ahoy-composer.h"
#include "ui/ahoy-message-row.h"
#include "ui/ahoy-conversation-row.h"
#include "ui/ahoy-recipient-selector.h"
#include "ui/ahoy-search-bar.h"
#include "ui/ahoy-sidebar.h"
#include "ui/ahoy-text-window.h"
#include "ui/ahoy-timeline.h"
#include "ui/ahoy-typing-line.h"

typedef struct {
  FakeChat         *chat;
  AhoyConversation *everyone;
  AhoyConversation *bob;
  GtkWidget        *view;
  GtkWindow        *window;
  GtkWidget        *composer;
  GtkWidget        *text;
  GtkTextBuffer    *buffer;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->chat = fake_chat_new ();
  f->everyone = ahoy_chat_get_everyone (AHOY_CHAT (f->chat));
  f->bob = fake_chat_add_person (f->chat, "bob");
  fake_chat_add_person (f->chat, "alice");
  f->view = g_object_new (AHOY_TYPE_CHAT_VIEW, NULL);
  ahoy_chat_view_set_chat (AHOY_CHAT_VIEW (f->view), AHOY_CHAT (f->chat));
  f->window = chat_fixture_show (f->view, 900, 600);
  f->composer = chat_fixture_find (f->view, AHOY_TYPE_COMPOSER);
  f->text = chat_fixture_child (f->composer, "view");
  f->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (f->text));
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  chat_fixture_close (f->window, f->view);
  g_object_unref (f->chat);
  g_free (f);

  return 0;
}

static void
type (Fixture    *f,
      const char *text)
{
  gtk_text_buffer_insert_at_cursor (f->buffer, text, -1);
}

static char *
typed (Fixture *f)
{
  char *text;

  g_object_get (f->buffer, "text", &text, NULL);

  return text;
}

static void
check_typed (Fixture    *f,
             const char *expected)
{
  g_autofree char *text = typed (f);

  assert_string_equal (text, expected);
}

static void
send (Fixture *f)
{
  gtk_widget_activate_action (f->composer, "composer.send", NULL);
}

static void
choose (Fixture          *f,
        AhoyConversation *conversation)
{
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), conversation);
}

static void
choose_recipient (Fixture          *f,
                  AhoyConversation *conversation)
{
  GtkWidget *selector = chat_fixture_child (f->composer, "recipient");

  ahoy_recipient_selector_set_conversation (AHOY_RECIPIENT_SELECTOR (selector), conversation);
}

/* Every widget alone: made, destroyed, finalised; with and without something to show. */
static void
test_lives (void **state)
{
  const GType types[] = { AHOY_TYPE_ANNOUNCER, AHOY_TYPE_CHAT_VIEW, AHOY_TYPE_COMPOSER, AHOY_TYPE_MESSAGE_ROW, AHOY_TYPE_CONVERSATION_ROW,
                          AHOY_TYPE_RECIPIENT_SELECTOR, AHOY_TYPE_SEARCH_BAR, AHOY_TYPE_SIDEBAR, AHOY_TYPE_TIMELINE, AHOY_TYPE_TYPING_LINE };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gpointer widget = g_object_ref_sink (g_object_new (types[i], NULL));

      g_object_add_weak_pointer (widget, &widget);
      g_object_unref (widget);
      assert_null (widget);
    }
}

static void
test_text_window_lives (void **state)
{
  gpointer window = ahoy_text_window_new ("some text");

  g_object_add_weak_pointer (window, &window);
  gtk_window_present (window);
  gtk_window_destroy (window);
  assert_null (window);
}

static void
test_one_property (void **state)
{
  Fixture            *f = *state;
  GtkWidget          *sidebar = chat_fixture_find (f->view, AHOY_TYPE_SIDEBAR);
  GtkWidget          *selector = chat_fixture_child (f->composer, "recipient");
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_widget_get_template_child (sidebar, AHOY_TYPE_SIDEBAR, "selection"));
  GtkDropDown        *drop_down = GTK_DROP_DOWN (chat_fixture_child (selector, "drop_down"));

  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->everyone);
  assert_ptr_equal (gtk_single_selection_get_selected_item (selection), f->everyone);
  assert_ptr_equal (gtk_drop_down_get_selected_item (drop_down), f->everyone);

  /* Everyone, alice, bob. */
  gtk_single_selection_set_selected (selection, 2);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->bob);
  assert_ptr_equal (gtk_drop_down_get_selected_item (drop_down), f->bob);

  gtk_drop_down_set_selected (drop_down, 1);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice"));
  assert_int_equal (gtk_single_selection_get_selected (selection), 1);

  /* Whoever comes, goes or sorts elsewhere changes nothing. */
  fake_chat_add_person (f->chat, "aaron");
  fake_chat_set_online (f->chat, "bob", FALSE);
  fake_chat_set_online (f->chat, "alice", FALSE);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice"));
  assert_ptr_equal (gtk_single_selection_get_selected_item (selection), ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice"));
  assert_ptr_equal (gtk_drop_down_get_selected_item (drop_down), ahoy_chat_find_conversation (AHOY_CHAT (f->chat), "alice"));

  fake_chat_remove (f->chat, "alice");
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->everyone);
  assert_ptr_equal (gtk_single_selection_get_selected_item (selection), f->everyone);
  assert_ptr_equal (gtk_drop_down_get_selected_item (drop_down), f->everyone);
}

static void
test_filter (void **state)
{
  Fixture                     *f = *state;
  GtkWidget                   *sidebar = chat_fixture_find (f->view, AHOY_TYPE_SIDEBAR);
  GtkWidget                   *entry = chat_fixture_child (sidebar, "search_entry");
  GListModel                  *filtered = G_LIST_MODEL (gtk_widget_get_template_child (sidebar, AHOY_TYPE_SIDEBAR, "filtered"));
  g_autoptr (AhoyConversation) first = NULL;

  assert_true (gtk_widget_activate_action (f->view, "chat.find-people", NULL));
  gtk_editable_set_text (GTK_EDITABLE (entry), "B");
  assert_int_equal (g_list_model_get_n_items (filtered), 1);
  first = g_list_model_get_item (filtered, 0);
  assert_ptr_equal (first, f->bob);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->everyone);

  g_signal_emit_by_name (entry, "activate");
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->bob);
  assert_int_equal (g_list_model_get_n_items (filtered), 3);
}

static void
test_names_people (void **state)
{
  Fixture   *f = *state;
  GtkWidget *sidebar = chat_fixture_find (f->view, AHOY_TYPE_SIDEBAR);
  GtkWidget *view = chat_fixture_child (sidebar, "view");
  GtkWidget *last = gtk_widget_get_last_child (view);

  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, "People");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (last), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob, online");
  fake_chat_say (f->chat, "bob", "psst", TRUE, 0);
  fake_chat_say (f->chat, "bob", "psst!", TRUE, 0);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (last), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob, online, 2 unread");
}

static void
test_steps (void **state)
{
  Fixture *f = *state;

  gtk_widget_activate_action (f->view, "chat.previous-conversation", NULL);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->bob);
  gtk_widget_activate_action (f->view, "chat.next-conversation", NULL);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->everyone);
  gtk_widget_activate_action (f->view, "chat.next-conversation", NULL);
  gtk_widget_activate_action (f->view, "chat.everyone", NULL);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->everyone);
}

static void
test_sends (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *to;

  assert_false (gtk_widget_get_sensitive (chat_fixture_child (f->composer, "send")));
  type (f, "  ");
  assert_false (gtk_widget_get_sensitive (chat_fixture_child (f->composer, "send")));
  type (f, "\u2800\u200b\u0301");
  assert_false (gtk_widget_get_sensitive (chat_fixture_child (f->composer, "send")));
  gtk_text_buffer_set_text (f->buffer, "  ", -1);
  type (f, "hello");
  assert_true (gtk_widget_get_sensitive (chat_fixture_child (f->composer, "send")));
  send (f);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
  assert_string_equal (fake_chat_get_sent (f->chat, &to), "  hello");
  assert_ptr_equal (to, f->everyone);
  check_typed (f, "");
  assert_string_equal (ahoy_conversation_get_draft (f->everyone), "");
  assert_true (gtk_widget_is_focus (f->text));

  /* Nothing to take back but what is being written. */
  assert_false (gtk_text_buffer_get_can_undo (f->buffer));
}

static void
test_states (void **state)
{
  Fixture *f = *state;

  type (f, "hello");
  fake_chat_set_state (f->chat, AHOY_CLIENT_OFFLINE);
  send (f);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  check_typed (f, "hello");
  fake_chat_set_state (f->chat, AHOY_CLIENT_RECONNECTING);
  send (f);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
  check_typed (f, "");
}

static void
test_limit (void **state)
{
  Fixture         *f = *state;
  GtkWidget       *excess = chat_fixture_child (f->composer, "excess");
  g_autofree char *long_text = g_strnfill (990, 'x');

  type (f, "short");
  assert_false (gtk_widget_get_visible (excess));
  type (f, long_text);
  assert_true (gtk_widget_get_visible (excess));
  assert_string_equal (gtk_label_get_label (GTK_LABEL (excess)), "5 bytes left");
  type (f, "123456");
  assert_string_equal (gtk_label_get_label (GTK_LABEL (excess)), "Too long by 1 byte");
  send (f);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
}

static void
test_drafts (void **state)
{
  Fixture *f = *state;

  type (f, "for all");
  choose (f, f->bob);
  check_typed (f, "");
  type (f, "for bob");
  choose (f, f->everyone);
  check_typed (f, "for all");
  assert_string_equal (ahoy_conversation_get_draft (f->bob), "for bob");
  choose (f, f->bob);
  check_typed (f, "for bob");
  send (f);
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
}

static void
test_whisper_looks_different (void **state)
{
  Fixture   *f = *state;
  GtkWidget *privacy = chat_fixture_child (f->composer, "privacy");
  GtkWidget *label = chat_fixture_child (f->composer, "privacy_label");

  assert_false (gtk_widget_get_visible (privacy));
  assert_false (gtk_widget_has_css_class (f->composer, "whisper"));
  choose (f, f->bob);
  assert_true (gtk_widget_get_visible (privacy));
  assert_true (gtk_widget_has_css_class (f->composer, "whisper"));
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "Only bob will see this");
  fake_chat_set_online (f->chat, "bob", FALSE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "bob is offline and may not get this");
}

/* The text comes along to a recipient chosen at the composer, but not without a question. */
static void
test_recipient_changed (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *to;

  type (f, "hm");
  choose_recipient (f, f->bob);
  assert_ptr_equal (ahoy_chat_view_get_conversation (AHOY_CHAT_VIEW (f->view)), f->bob);
  check_typed (f, "hm");
  assert_string_equal (ahoy_conversation_get_draft (f->everyone), "");
  send (f);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  chat_fixture_answer ("cancel");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  check_typed (f, "hm");

  send (f);
  chat_fixture_answer ("send");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
  fake_chat_get_sent (f->chat, &to);
  assert_ptr_equal (to, f->bob);

  /* Asked once: what is written from here on was begun for bob. */
  type (f, "more");
  send (f);
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 2);
}

static void
test_recipient_changed_back (void **state)
{
  Fixture *f = *state;

  type (f, "hm");
  choose_recipient (f, f->bob);
  choose_recipient (f, f->everyone);
  send (f);
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
}

static void
test_recipient_left (void **state)
{
  Fixture *f = *state;

  choose (f, f->bob);
  type (f, "are you there?");
  fake_chat_set_online (f->chat, "bob", FALSE);
  send (f);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  chat_fixture_answer ("send");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
}

/* What was meant for one is not sent to all because the one was taken away while the question stood. */
static void
test_recipient_gone_meanwhile (void **state)
{
  Fixture *f = *state;

  choose (f, f->bob);
  type (f, "a secret");
  fake_chat_set_online (f->chat, "bob", FALSE);
  send (f);
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->everyone);
  type (f, "something else");
  chat_fixture_answer ("send");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  check_typed (f, "something else");
}

/* A very long name does not make the window wider than a telephone. */
static void
test_long_name (void **state)
{
  Fixture         *f = *state;
  g_autofree char *name = g_strnfill (64, 'W');
  int              width;

  choose (f, fake_chat_add_person (f->chat, name));
  gtk_widget_measure (f->composer, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  assert_true (width <= 360);
}

static void
test_announces (void **state)
{
  Fixture  *f = *state;
  GtkLabel *said = GTK_LABEL (adw_bin_get_child (ADW_BIN (chat_fixture_find (f->view, AHOY_TYPE_ANNOUNCER))));

  fake_chat_say (f->chat, "bob", "hello", FALSE, 1);
  assert_string_equal (gtk_label_get_label (said), "bob, 00:00: hello");
  fake_chat_say (f->chat, "bob", "hello?", FALSE, 1);
  assert_string_equal (gtk_label_get_label (said), "bob, 00:00: hello");
}

static gboolean
has_count (gpointer label)
{
  return gtk_label_get_label (label)[0] != '\0';
}

static void
test_searches (void **state)
{
  Fixture           *f = *state;
  GtkWidget         *bar = chat_fixture_find (f->view, AHOY_TYPE_SEARCH_BAR);
  GtkWidget         *entry = chat_fixture_child (bar, "entry");
  GtkWidget         *count = chat_fixture_child (bar, "count");
  GtkWidget         *timeline = chat_fixture_find (f->view, AHOY_TYPE_TIMELINE);
  GtkSelectionModel *selection = gtk_list_view_get_model (GTK_LIST_VIEW (chat_fixture_child (timeline, "view")));

  fake_chat_say (f->chat, "bob", "an apple", FALSE, 1);
  fake_chat_say (f->chat, "bob", "a pear", FALSE, 1);
  fake_chat_say (f->chat, "bob", "two Apples", FALSE, 1);
  gtk_widget_activate_action (f->view, "chat.search", NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "apple");
  assert_true (test_loop_until (NULL, has_count, count, TEST_LOOP_DEADLINE_MS));
  assert_string_equal (gtk_label_get_label (GTK_LABEL (count)), "1 of 2");
  assert_true (gtk_selection_model_is_selected (selection, 2));
  gtk_widget_activate_action (bar, "search.older", NULL);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (count)), "2 of 2");
  assert_true (gtk_selection_model_is_selected (selection, 0));
  assert_false (gtk_selection_model_is_selected (selection, 2));
  gtk_widget_activate_action (bar, "search.older", NULL);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (count)), "1 of 2");
}

static void
test_folds (void **state)
{
  Fixture    *f = *state;
  AdwLeaflet *leaflet = ADW_LEAFLET (chat_fixture_child (f->view, "leaflet"));

  assert_false (adw_leaflet_get_folded (leaflet));
  assert_true (ahoy_chat_view_get_reading (AHOY_CHAT_VIEW (f->view)));
  gtk_window_set_default_size (f->window, 360, 600);
  chat_fixture_frames (f->view, 30);
  assert_true (adw_leaflet_get_folded (leaflet));
  assert_true (ahoy_chat_view_get_reading (AHOY_CHAT_VIEW (f->view)));
  gtk_widget_activate_action (f->view, "chat.focus-people", NULL);
  assert_false (ahoy_chat_view_get_reading (AHOY_CHAT_VIEW (f->view)));
  gtk_widget_activate_action (f->view, "chat.write", NULL);
  assert_true (ahoy_chat_view_get_reading (AHOY_CHAT_VIEW (f->view)));
}

static void
test_regions (void **state)
{
  Fixture   *f = *state;
  GtkWidget *sidebar = chat_fixture_find (f->view, AHOY_TYPE_SIDEBAR);
  GtkWidget *timeline = chat_fixture_find (f->view, AHOY_TYPE_TIMELINE);

  fake_chat_say (f->chat, "bob", "hello", FALSE, 1);
  chat_fixture_frames (f->view, 5);
  gtk_widget_grab_focus (f->view);
  assert_true (gtk_widget_is_focus (f->text));
  gtk_widget_activate_action (f->view, "chat.next-region", NULL);
  assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (f->window), sidebar));
  gtk_widget_activate_action (f->view, "chat.next-region", NULL);
  assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (f->window), timeline));
  gtk_widget_activate_action (f->view, "chat.next-region", NULL);
  assert_true (gtk_widget_is_focus (f->text));
  gtk_widget_activate_action (f->view, "chat.previous-region", NULL);
  assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (f->window), timeline));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_lives),
    cmocka_unit_test (test_text_window_lives),
    cmocka_unit_test_setup_teardown (test_one_property, setup, teardown),
    cmocka_unit_test_setup_teardown (test_filter, setup, teardown),
    cmocka_unit_test_setup_teardown (test_names_people, setup, teardown),
    cmocka_unit_test_setup_teardown (test_steps, setup, teardown),
    cmocka_unit_test_setup_teardown (test_sends, setup, teardown),
    cmocka_unit_test_setup_teardown (test_states, setup, teardown),
    cmocka_unit_test_setup_teardown (test_limit, setup, teardown),
    cmocka_unit_test_setup_teardown (test_drafts, setup, teardown),
    cmocka_unit_test_setup_teardown (test_whisper_looks_different, setup, teardown),
    cmocka_unit_test_setup_teardown (test_recipient_changed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_recipient_changed_back, setup, teardown),
    cmocka_unit_test_setup_teardown (test_recipient_left, setup, teardown),
    cmocka_unit_test_setup_teardown (test_recipient_gone_meanwhile, setup, teardown),
    cmocka_unit_test_setup_teardown (test_long_name, setup, teardown),
    cmocka_unit_test_setup_teardown (test_announces, setup, teardown),
    cmocka_unit_test_setup_teardown (test_searches, setup, teardown),
    cmocka_unit_test_setup_teardown (test_folds, setup, teardown),
    cmocka_unit_test_setup_teardown (test_regions, setup, teardown),
  };

  g_setenv ("TZ", "UTC", TRUE);

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
