/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What is said where the server cannot do at once what it is asked: quietly, and no longer than it is so. */

#include "ui/ahoy-pace-line.h"

#include "chat-fixture.h"
#include "ui/ahoy-chat-view.h"
#include "ui/ahoy-connection-bar.h"
#include "ui/ahoy-timeline.h"

typedef struct {
  FakeChat  *chat;
  GtkWidget *view;
  GtkWindow *window;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->chat = fake_chat_new ();
  fake_chat_add_person (f->chat, "bob");
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

static void
test_a_slow_server (void **state)
{
  static const char sentence[] = "The server takes only so many messages at a time; the rest follows by itself.";
  Fixture          *f = *state;
  GtkWidget        *label = chat_fixture_child (chat_fixture_find (f->view, AHOY_TYPE_PACE_LINE), "label");
  GtkWidget        *timeline = chat_fixture_find (f->view, AHOY_TYPE_TIMELINE);
  const int         height = gtk_widget_get_height (timeline);

  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "");
  fake_chat_set_slowed (f->chat, TRUE);
  fake_chat_type (f->chat, "bob", TRUE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), sentence);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence);

  /* The messages do not jump. */
  chat_fixture_frames (f->view, 5);
  assert_true (height > 0);
  assert_int_equal (gtk_widget_get_height (timeline), height);
  fake_chat_set_slowed (f->chat, FALSE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "");
}

static void
test_older_messages_that_cannot_be_looked_up (void **state)
{
  Fixture   *f = *state;
  GtkWidget *timeline = chat_fixture_find (f->view, AHOY_TYPE_TIMELINE);
  GtkWidget *failed = chat_fixture_child (timeline, "older_failed");
  guint      n;

  assert_false (gtk_widget_get_visible (failed));
  fake_chat_has_older (f->chat);
  fake_chat_fail_older (f->chat);
  assert_true (gtk_widget_get_visible (failed));
  n = fake_chat_get_n_older (f->chat);
  assert_true (gtk_widget_activate_action (timeline, "timeline.load-older", NULL));
  assert_int_equal (fake_chat_get_n_older (f->chat), n + 1);
  assert_false (gtk_widget_get_visible (failed));
}

static void
test_a_history_that_cannot_be_read (void **state)
{
  Fixture   *f = *state;
  GtkWidget *bar = g_object_ref_sink (g_object_new (AHOY_TYPE_CONNECTION_BAR, "chat", f->chat, NULL));
  GtkWidget *label = chat_fixture_child (bar, "label");

  fake_chat_set_state (f->chat, AHOY_CLIENT_RECONNECTING);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "Reconnecting…");
  fake_chat_set_history_broken (f->chat, TRUE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "The server cannot read its history. Trying again…");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, "The server cannot read its history. Trying again…");
  fake_chat_set_history_broken (f->chat, FALSE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "Reconnecting…");
  g_object_unref (bar);
}

int
main (void)
{
#define PACE_TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    PACE_TEST (test_a_slow_server),
    PACE_TEST (test_older_messages_that_cannot_be_looked_up),
    PACE_TEST (test_a_history_that_cannot_be_read),
  };

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
