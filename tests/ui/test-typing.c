/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Who is writing: said to us, and told to the others. */

#include "ui/ahoy-typing-line.h"

#include "chat-fixture.h"
#include "ui/ahoy-chat-view.h"
#include "ui/ahoy-composer.h"

typedef struct {
  FakeChat         *chat;
  AhoyConversation *everyone;
  AhoyConversation *bob;
  GtkWidget        *view;
  GtkWindow        *window;
  GtkWidget        *composer;
  GtkTextBuffer    *buffer;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->chat = fake_chat_new ();
  f->everyone = ahoy_chat_get_everyone (AHOY_CHAT (f->chat));
  f->bob = fake_chat_add_person (f->chat, "bob");
  f->view = g_object_new (AHOY_TYPE_CHAT_VIEW, NULL);
  ahoy_chat_view_set_chat (AHOY_CHAT_VIEW (f->view), AHOY_CHAT (f->chat));
  f->window = chat_fixture_show (f->view, 900, 600);
  f->composer = chat_fixture_find (f->view, AHOY_TYPE_COMPOSER);
  f->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (chat_fixture_child (f->composer, "view")));
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

static void
test_says_who_writes (void **state)
{
  Fixture   *f = *state;
  GtkWidget *label = chat_fixture_child (chat_fixture_find (f->view, AHOY_TYPE_TYPING_LINE), "label");
  int        height = gtk_widget_get_height (gtk_widget_get_parent (label));

  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "");
  fake_chat_type (f->chat, "bob", TRUE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "bob is writing…");
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob is writing…");

  /* The messages do not jump. */
  chat_fixture_frames (f->view, 5);
  assert_true (height > 0);
  assert_int_equal (gtk_widget_get_height (gtk_widget_get_parent (label)), height);

  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->bob);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "");
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->everyone);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "bob is writing…");
  fake_chat_type (f->chat, "bob", FALSE);
  assert_string_equal (gtk_label_get_label (GTK_LABEL (label)), "");
}

static void
test_tells_that_one_writes (void **state)
{
  Fixture *f = *state;

  type (f, "hello");
  assert_int_equal (fake_chat_get_n_typing (f->chat), 1);
  type (f, " you");
  assert_int_equal (fake_chat_get_n_typing (f->chat), 2);

  /* Neither a draft that comes back nor what is sent or taken out is writing. */
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->bob);
  ahoy_chat_view_set_conversation (AHOY_CHAT_VIEW (f->view), f->everyone);
  assert_int_equal (gtk_text_buffer_get_char_count (f->buffer), 9);
  gtk_widget_activate_action (f->composer, "composer.send", NULL);
  assert_int_equal (fake_chat_get_n_sent (f->chat), 1);
  type (f, "x");
  assert_int_equal (fake_chat_get_n_typing (f->chat), 3);
  gtk_text_buffer_set_text (f->buffer, "", 0);
  assert_int_equal (fake_chat_get_n_typing (f->chat), 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_says_who_writes, setup, teardown),
    cmocka_unit_test_setup_teardown (test_tells_that_one_writes, setup, teardown),
  };

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
