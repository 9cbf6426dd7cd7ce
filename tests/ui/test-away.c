/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Being away: asked for, shown to oneself, and shown of others. */

#include "ui/ahoy-away-dialog.h"

#include "chat-fixture.h"
#include "ui/ahoy-away-bar.h"
#include "ui/ahoy-conversation-row.h"

typedef struct {
  FakeChat *chat;
} Fixture;

static void
assert_away (FakeChat   *chat,
             const char *expected)
{
  g_autofree char *away = ahoy_chat_dup_away (AHOY_CHAT (chat));

  assert_string_equal (away, expected);
}

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->chat = fake_chat_new ();
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_object_unref (f->chat);
  g_free (f);

  return 0;
}

static void
test_person (void **state)
{
  Fixture          *f = *state;
  AhoyConversation *bob = fake_chat_add_person (f->chat, "bob");
  GtkWidget        *row = g_object_new (AHOY_TYPE_CONVERSATION_ROW, NULL);
  GtkWidget        *list = gtk_list_box_new ();
  GtkWidget        *presence = chat_fixture_child (row, "presence");

  g_object_ref_sink (list);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  g_object_set (row, "conversation", bob, NULL);
  assert_false (gtk_widget_get_visible (presence));

  fake_chat_set_away (f->chat, "bob", "lunch");
  assert_true (gtk_widget_get_visible (presence));
  assert_string_equal (gtk_label_get_label (GTK_LABEL (presence)), "away: lunch");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (gtk_widget_get_parent (row)), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob, away: lunch");

  fake_chat_set_away (f->chat, "bob", NULL);
  assert_false (gtk_widget_get_visible (presence));
  g_object_unref (list);
}

static void
test_bar (void **state)
{
  Fixture   *f = *state;
  GtkWidget *bar = g_object_ref_sink (g_object_new (AHOY_TYPE_AWAY_BAR, "chat", f->chat, NULL));

  assert_false (gtk_widget_get_visible (bar));
  ahoy_chat_set_away (AHOY_CHAT (f->chat), "at sea");
  assert_true (gtk_widget_get_visible (bar));
  assert_string_equal (gtk_label_get_label (GTK_LABEL (chat_fixture_child (bar, "label"))), "You are away: at sea");
  ahoy_chat_set_away (AHOY_CHAT (f->chat), NULL);
  assert_false (gtk_widget_get_visible (bar));
  g_object_unref (bar);
}

static void
test_dialog (void **state)
{
  Fixture          *f = *state;
  AdwMessageDialog *dialog;
  GtkWidget        *entry;

  ahoy_away_dialog_present (NULL, AHOY_CHAT (f->chat));
  dialog = chat_fixture_question ();
  entry = adw_message_dialog_get_extra_child (dialog);
  assert_string_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "Back soon");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Status");
  gtk_editable_set_text (GTK_EDITABLE (entry), "  ");
  assert_false (adw_message_dialog_get_response_enabled (dialog, "away"));
  gtk_editable_set_text (GTK_EDITABLE (entry), " lunch ");
  assert_true (adw_message_dialog_get_response_enabled (dialog, "away"));
  adw_message_dialog_response (dialog, "away");
  assert_away (f->chat, "lunch");
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* The next time it begins with what is there; closing it changes nothing. */
  ahoy_away_dialog_present (NULL, AHOY_CHAT (f->chat));
  dialog = chat_fixture_question ();
  entry = adw_message_dialog_get_extra_child (dialog);
  assert_string_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "lunch");
  gtk_editable_set_text (GTK_EDITABLE (entry), "other");
  adw_message_dialog_response (dialog, "cancel");
  assert_away (f->chat, "lunch");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_person, setup, teardown),
    cmocka_unit_test_setup_teardown (test_bar, setup, teardown),
    cmocka_unit_test_setup_teardown (test_dialog, setup, teardown),
  };

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
