/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the chat shows of keys: of the server, of the people, and what it asks about them. */

#include "ui/ahoy-chat-view.h"

#include "chat-fixture.h"
#include "core/connection/ahoy-server-private.h"
#include "support/test-loop.h"
#include "ui/ahoy-composer.h"
#include "ui/ahoy-conversation-row.h"
#include "ui/ahoy-message-row.h"
#include "ui/ahoy-person-card.h"
#include "ui/ahoy-sentences.h"
#include "ui/ahoy-server-button.h"
#include "ui/ahoy-sidebar.h"
#include "ui/ahoy-whereabouts.h"

#define KEY "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"
#define OTHER_KEY "bcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstu"
#define ID "abcdefghijklmnopqrstuvwxyz"
#define OTHER_ID "bcdefghijklmnopqrstuvwxyza"

typedef struct {
  FakeChat         *chat;
  AhoyConversation *bob;
  GtkWidget        *view;
  GtkWindow        *window;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->chat = fake_chat_new ();
  f->bob = fake_chat_add_person (f->chat, "bob");
  f->view = g_object_new (AHOY_TYPE_CHAT_VIEW, NULL);
  ahoy_chat_view_set_chat (AHOY_CHAT_VIEW (f->view), AHOY_CHAT (f->chat));
  f->window = chat_fixture_show (f->view, 900, 600);
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

static const char *
label_of (gpointer    widget,
          const char *child)
{
  return gtk_label_get_label (GTK_LABEL (chat_fixture_child (widget, child)));
}

static gboolean
shows (gpointer    widget,
       const char *child)
{
  return gtk_widget_get_visible (chat_fixture_child (widget, child));
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

static void
wait_mapped (GtkWidget *widget)
{
  assert_true (test_loop_until (NULL, is_mapped, widget, TEST_LOOP_DEADLINE_MS));
}

/* The card in the header of the messages; opened. */
static GtkWidget *
open_card (Fixture *f)
{
  GtkWidget *button = chat_fixture_child (f->view, "about");
  GtkWidget *card;

  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->bob);
  gtk_widget_activate_action (f->view, "chat.about", NULL);
  card = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));
  wait_mapped (card);

  return card;
}

static void
check_words (const char *shown,
             const char *key)
{
  g_autofree char *words = ahoy_sentence_four_words (key);

  assert_non_null (words);
  assert_string_equal (shown, words);
}

static void
test_server_without_tls (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);
  GtkWidget             *button = chat_fixture_find (f->view, AHOY_TYPE_SERVER_BUTTON);
  GtkWidget             *menu = chat_fixture_child (button, "button");

  ahoy_server_set_extended (server, ID, "Workshop", 2, FALSE);
  fake_chat_set_server (f->chat, server, FALSE);
  assert_string_equal (label_of (button, "title_label"), "Workshop");
  assert_string_equal (label_of (button, "subtitle_label"), "2 online");
  gtk_test_accessible_assert_property (menu, GTK_ACCESSIBLE_PROPERTY_LABEL, "About this chat: Workshop, not encrypted");
  gtk_menu_button_popup (GTK_MENU_BUTTON (menu));
  wait_mapped (chat_fixture_child (button, "popover"));
  assert_string_equal (label_of (button, "state_label"), "Not encrypted");
  /* It may claim any id. */
  assert_false (shows (button, "words_box"));
  assert_false (shows (button, "id_label"));
}

static void
test_server_with_tls (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);
  GtkWidget             *button = chat_fixture_find (f->view, AHOY_TYPE_SERVER_BUTTON);
  GtkWidget             *menu = chat_fixture_child (button, "button");

  ahoy_server_set_extended (server, ID, "Workshop", 2, TRUE);
  fake_chat_set_server (f->chat, server, TRUE);
  gtk_test_accessible_assert_property (menu, GTK_ACCESSIBLE_PROPERTY_LABEL, "About this chat: Workshop, encrypted");
  gtk_menu_button_popup (GTK_MENU_BUTTON (menu));
  wait_mapped (chat_fixture_child (button, "popover"));
  assert_string_equal (label_of (button, "name_label"), "Workshop");
  assert_string_equal (label_of (button, "address_label"), "192.168.1.7:24690");
  assert_string_equal (label_of (button, "state_label"), "Encrypted");
  assert_true (shows (button, "words_box"));
  check_words (label_of (button, "words_label"), ID);
  assert_string_equal (label_of (button, "id_label"), ID);

  /* A lost connection does not make it another chat. */
  fake_chat_set_state (f->chat, AHOY_CLIENT_RECONNECTING);
  fake_chat_set_server (f->chat, server, FALSE);
  gtk_test_accessible_assert_property (menu, GTK_ACCESSIBLE_PROPERTY_LABEL, "About this chat: Workshop, encrypted");
}

static void
test_card_of_somebody_known (void **state)
{
  Fixture   *f = *state;
  GtkWidget *card;

  fake_chat_set_key (f->chat, "bob", KEY, KEY, FALSE);
  card = open_card (f);
  gtk_test_accessible_assert_property (card, GTK_ACCESSIBLE_PROPERTY_LABEL, "About bob");
  assert_string_equal (label_of (card, "name_label"), "bob");
  assert_string_equal (label_of (card, "presence_label"), "online");
  assert_string_equal (label_of (card, "since_label"), "Known since 3 March 2026");
  check_words (label_of (card, "words_label"), KEY);
  assert_false (shows (card, "changed_box"));
  assert_true (shows (card, "verified_box"));

  gtk_switch_set_active (GTK_SWITCH (chat_fixture_child (card, "verified_switch")), TRUE);
  assert_true (ahoy_person_get_verified (ahoy_conversation_get_person (f->bob)));
  gtk_switch_set_active (GTK_SWITCH (chat_fixture_child (card, "verified_switch")), FALSE);
  assert_false (ahoy_person_get_verified (ahoy_conversation_get_person (f->bob)));
}

static void
test_card_of_somebody_changed (void **state)
{
  Fixture   *f = *state;
  GtkWidget *card;

  fake_chat_set_key (f->chat, "bob", OTHER_KEY, KEY, FALSE);
  card = open_card (f);
  assert_true (shows (card, "changed_box"));
  assert_true (shows (card, "known_box"));
  check_words (label_of (card, "known_label"), KEY);
  check_words (label_of (card, "words_label"), OTHER_KEY);
  assert_false (shows (card, "verified_box"));
  assert_true (shows (f->view, "about_mark"));
  gtk_test_accessible_assert_property (chat_fixture_child (f->view, "about"), GTK_ACCESSIBLE_PROPERTY_LABEL, "About bob, came back with other words");

  g_signal_emit_by_name (chat_fixture_child (card, "accept_button"), "clicked");
  assert_int_equal (fake_chat_get_n_accepted (f->chat), 1);
  assert_false (shows (card, "changed_box"));
  assert_true (shows (card, "verified_box"));
  assert_string_equal (label_of (card, "since_label"), "Known since today");
  assert_false (shows (f->view, "about_mark"));
}

static void
test_card_without_a_key (void **state)
{
  Fixture   *f = *state;
  GtkWidget *card = open_card (f);

  assert_false (shows (card, "words_box"));
  assert_false (shows (card, "verified_box"));
  assert_false (shows (card, "since_label"));
  assert_non_null (strstr (label_of (card, "hint_label"), "has no key"));
  assert_non_null (strstr (label_of (card, "hint_label"), "nothing waits for them"));

  /* Gone where there was one. */
  fake_chat_set_key (f->chat, "bob", NULL, KEY, FALSE);
  assert_true (shows (card, "changed_box"));
  assert_non_null (strstr (label_of (card, "changed_label"), "without the key"));
}

static void
test_everyone_has_no_card (void **state)
{
  Fixture *f = *state;

  assert_false (shows (f->view, "about"));
  gtk_widget_activate_action (f->view, "chat.about", NULL);
  assert_false (gtk_widget_get_visible (GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (chat_fixture_child (f->view, "about"))))));
}

static GtkWidget *
find_row (GtkWidget  *widget,
          const char *name)
{
  if (AHOY_IS_CONVERSATION_ROW (widget) && g_str_equal (label_of (widget, "title"), name))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_rows_have_marks (void **state)
{
  Fixture   *f = *state;
  GtkWidget *row = find_row (f->view, "bob");

  assert_false (shows (row, "verified"));
  assert_false (shows (row, "changed"));
  fake_chat_set_key (f->chat, "bob", KEY, KEY, TRUE);
  assert_true (shows (row, "verified"));
  gtk_test_accessible_assert_property (gtk_widget_get_parent (row), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob, online, verified");
  fake_chat_set_key (f->chat, "bob", OTHER_KEY, KEY, FALSE);
  assert_false (shows (row, "verified"));
  assert_true (shows (row, "changed"));
  gtk_test_accessible_assert_property (gtk_widget_get_parent (row), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob, online, came back with other words");
}

static void
test_the_sidebar_opens_the_card (void **state)
{
  Fixture   *f = *state;
  GtkWidget *sidebar = chat_fixture_find (f->view, AHOY_TYPE_SIDEBAR);
  GtkWidget *card = chat_fixture_child (sidebar, "card");

  gtk_widget_grab_focus (gtk_widget_get_parent (find_row (f->view, "Everyone")));
  gtk_widget_activate_action (sidebar, "sidebar.about", NULL);
  assert_false (gtk_widget_get_visible (card));
  gtk_widget_grab_focus (gtk_widget_get_parent (find_row (f->view, "bob")));
  gtk_widget_activate_action (sidebar, "sidebar.about", NULL);
  wait_mapped (card);
  assert_string_equal (label_of (card, "name_label"), "bob");
}

static void
write_and_send (Fixture    *f,
                const char *text)
{
  GtkWidget   *composer = chat_fixture_find (f->view, AHOY_TYPE_COMPOSER);
  GtkTextView *view = GTK_TEXT_VIEW (chat_fixture_child (composer, "view"));

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), text, -1);
  gtk_widget_activate_action (composer, "composer.send", NULL);
}

static void
test_asks_once_about_another_key (void **state)
{
  Fixture *f = *state;

  fake_chat_set_key (f->chat, "bob", KEY, KEY, TRUE);
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->bob);
  write_and_send (f, "one");
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);

  fake_chat_set_key (f->chat, "bob", OTHER_KEY, KEY, FALSE);
  write_and_send (f, "two");
  assert_string_equal (adw_message_dialog_get_heading (chat_fixture_question ()), "Is This Really bob?");
  chat_fixture_answer ("cancel");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
  write_and_send (f, "two");
  chat_fixture_answer ("send");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 2);
  write_and_send (f, "three");
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 3);

  /* Once for each key. */
  fake_chat_set_key (f->chat, "bob", NULL, KEY, FALSE);
  write_and_send (f, "four");
  chat_fixture_answer ("send");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 4);

  /* Everyone is not asked about. */
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), ahoy_chat_get_everyone (AHOY_CHAT (f->chat)));
  write_and_send (f, "five");
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 5);
}

static void
test_asks_about_everything_that_changed (void **state)
{
  Fixture     *f = *state;
  GtkWidget   *composer = chat_fixture_find (f->view, AHOY_TYPE_COMPOSER);
  GtkTextView *view = GTK_TEXT_VIEW (chat_fixture_child (composer, "view"));

  fake_chat_set_key (f->chat, "bob", KEY, KEY, FALSE);
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->bob);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), "begun", -1);
  fake_chat_set_key (f->chat, "bob", OTHER_KEY, KEY, FALSE);
  fake_chat_set_online (f->chat, "bob", FALSE);
  gtk_widget_activate_action (composer, "composer.send", NULL);
  assert_string_equal (adw_message_dialog_get_heading (chat_fixture_question ()), "Is This Really bob?");
  chat_fixture_answer ("send");
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  assert_string_equal (adw_message_dialog_get_heading (chat_fixture_question ()), "bob Has Left");
  chat_fixture_answer ("send");
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
}

static char *
dup_typed (Fixture *f)
{
  GtkWidget *composer = chat_fixture_find (f->view, AHOY_TYPE_COMPOSER);
  char      *text = NULL;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (chat_fixture_child (composer, "view"))), "text", &text, NULL);
  return text;
}

/* The chat is on another server: what was being typed was not for that one. */
static void
test_what_is_typed_stays_where_it_was (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *everyone = ahoy_chat_get_everyone (AHOY_CHAT (f->chat));
  GtkWidget        *composer = chat_fixture_find (f->view, AHOY_TYPE_COMPOSER);
  GtkTextView      *view = GTK_TEXT_VIEW (chat_fixture_child (composer, "view"));
  g_autofree char  *left = NULL;
  g_autofree char  *back = NULL;

  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), everyone);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (view), "all of y", -1);
  assert_string_equal (ahoy_conversation_get_draft (everyone), "all of y");
  ahoy_conversation_set_draft (everyone, "");
  left = dup_typed (f);
  assert_string_equal (left, "");
  gtk_widget_activate_action (composer, "composer.send", NULL);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 0);
  ahoy_conversation_set_draft (everyone, "all of y");
  back = dup_typed (f);
  assert_string_equal (back, "all of y");
}

static void
test_the_line_is_loud (void **state)
{
  Fixture   *f = *state;
  GtkWidget *row;

  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->bob);
  fake_chat_note_key_changed (f->chat, "bob", 1772546600000);
  chat_fixture_frames (f->view, 3);
  row = chat_fixture_find (f->view, AHOY_TYPE_MESSAGE_ROW);
  assert_true (gtk_widget_has_css_class (row, "key-changed"));
  assert_false (shows (row, "avatar"));
  assert_non_null (strstr (label_of (row, "text"), "bob came back with other words"));
}

typedef struct {
  FakeChat         *chat;
  AhoyKnownServers *known_servers;
  GtkWidget        *box;
  GtkWidget        *toasts;
  GtkWidget        *announcer;
  GtkWindow        *window;
  AhoyWhereabouts  *whereabouts;
} Places;

static int
setup_places (void **state)
{
  Places *p = g_new0 (Places, 1);

  p->chat = fake_chat_new ();
  p->known_servers = ahoy_known_servers_open (NULL, NULL);
  assert_true (ahoy_known_servers_learn (p->known_servers, "192.168.1.5", 24690, "Hall", ID, TRUE, NULL));
  p->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  p->toasts = adw_toast_overlay_new ();
  p->announcer = g_object_new (AHOY_TYPE_ANNOUNCER, NULL);
  gtk_widget_set_vexpand (p->toasts, TRUE);
  gtk_box_append (GTK_BOX (p->box), p->toasts);
  gtk_box_append (GTK_BOX (p->box), p->announcer);
  p->window = chat_fixture_show (p->box, 500, 300);
  p->whereabouts = ahoy_whereabouts_new (AHOY_CHAT (p->chat), p->known_servers, ADW_TOAST_OVERLAY (p->toasts), AHOY_ANNOUNCER (p->announcer));
  *state = p;

  return 0;
}

static int
teardown_places (void **state)
{
  Places *p = *state;

  ahoy_whereabouts_free (p->whereabouts);
  chat_fixture_close (p->window, p->box);
  g_object_unref (p->known_servers);
  g_object_unref (p->chat);
  g_free (p);

  return 0;
}

/* @id, called @name, takes us in. */
static void
arrive (Places     *p,
        const char *id,
        const char *name,
        const char *namesake)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);

  ahoy_server_set_extended (server, id, name, 2, TRUE);
  ahoy_server_set_known (server, namesake == NULL, namesake);
  ahoy_announcer_say (AHOY_ANNOUNCER (p->announcer), "");
  fake_chat_set_state (p->chat, AHOY_CLIENT_RECONNECTING);
  fake_chat_set_server (p->chat, server, TRUE);
  fake_chat_set_state (p->chat, AHOY_CLIENT_ONLINE);
}

/* Seen, and heard. */
static void
check_said (Places     *p,
            const char *text)
{
  GtkWidget *label = chat_fixture_find (p->toasts, GTK_TYPE_LABEL);

  assert_string_equal (gtk_label_get_label (GTK_LABEL (adw_bin_get_child (ADW_BIN (p->announcer)))), text);
  if (*text == '\0')
    return;
  assert_non_null (label);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), text);
}

static void
test_says_in_which_place_one_is (void **state)
{
  Places *p = *state;

  arrive (p, ID, "Hall", NULL);
  check_said (p, "");
  fake_chat_miss (p->chat, ID, 2);
  arrive (p, OTHER_ID, "Workshop", NULL);
  check_said (p, "You are in “Workshop” now. This is another chat that you know. What you wrote for “Hall” waits until you are there again.");
  /* A lost connection is no other place. */
  arrive (p, OTHER_ID, "Workshop", NULL);
  check_said (p, "");
}

static void
test_says_where_nothing_waits (void **state)
{
  Places *p = *state;

  fake_chat_miss (p->chat, ID, 0);
  arrive (p, OTHER_ID, "<b>Workshop</b>", NULL);
  check_said (p, "You are in “<b>Workshop</b>” now. This is another chat that you know.");
}

static void
test_says_that_only_the_name_is_known (void **state)
{
  Places *p = *state;

  arrive (p, OTHER_ID, "Hall", ID);
  check_said (p, "This “Hall” is another chat of the same name as one you know. That one was last at 192.168.1.5:24690.");
  arrive (p, OTHER_ID, "Hall", ID);
  check_said (p, "");
}

static void
test_lives (void **state)
{
  const GType types[] = { AHOY_TYPE_SERVER_BUTTON, AHOY_TYPE_PERSON_CARD };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      gpointer widget = g_object_ref_sink (g_object_new (types[i], NULL));

      g_object_add_weak_pointer (widget, &widget);
      g_object_unref (widget);
      assert_null (widget);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_lives),
    cmocka_unit_test_setup_teardown (test_server_without_tls, setup, teardown),
    cmocka_unit_test_setup_teardown (test_server_with_tls, setup, teardown),
    cmocka_unit_test_setup_teardown (test_card_of_somebody_known, setup, teardown),
    cmocka_unit_test_setup_teardown (test_card_of_somebody_changed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_card_without_a_key, setup, teardown),
    cmocka_unit_test_setup_teardown (test_everyone_has_no_card, setup, teardown),
    cmocka_unit_test_setup_teardown (test_rows_have_marks, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_sidebar_opens_the_card, setup, teardown),
    cmocka_unit_test_setup_teardown (test_asks_once_about_another_key, setup, teardown),
    cmocka_unit_test_setup_teardown (test_asks_about_everything_that_changed, setup, teardown),
    cmocka_unit_test_setup_teardown (test_what_is_typed_stays_where_it_was, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_line_is_loud, setup, teardown),
    cmocka_unit_test_setup_teardown (test_says_in_which_place_one_is, setup_places, teardown_places),
    cmocka_unit_test_setup_teardown (test_says_where_nothing_waits, setup_places, teardown_places),
    cmocka_unit_test_setup_teardown (test_says_that_only_the_name_is_known, setup_places, teardown_places),
  };

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
