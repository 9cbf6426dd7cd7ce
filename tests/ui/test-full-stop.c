/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Where the window stops and does not go on by itself: another server than the known one, and the same person somewhere else. */

#include "chat-fixture.h"

#include <glib/gstdio.h>

#include "core/connection/ahoy-server-private.h"
#include "support/test-loop.h"
#include "ui/ahoy-settings.h"
#include "ui/ahoy-sentences.h"
#include "ui/ahoy-window.h"

#define KNOWN "abcdefghijklmnopqrstuvwxyz"
#define MET "bcdefghijklmnopqrstuvwxyza"
#define NO_PROOF "none: it does not prove who it is"

typedef struct {
  char          *folder;
  AhoySettings  *settings;
  AhoyConnector *connector;
  FakeChat      *chat;
  AhoyWindow    *window;
} Fixture;

static int
setup (void **state)
{
  Fixture               *f = g_new0 (Fixture, 1);
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);

  f->folder = g_dir_make_tmp ("ahoy-test-XXXXXX", NULL);
  f->settings = ahoy_settings_new (f->folder, NULL);
  f->chat = fake_chat_new ();
  f->connector = ahoy_connector_new (AHOY_MEMORY (f->settings), AHOY_CHAT (f->chat), NULL, NULL, NULL);
  ahoy_connector_set_name (f->connector, "alice");
  f->window = ahoy_window_new (NULL, f->connector);
  gtk_window_present (GTK_WINDOW (f->window));
  ahoy_connector_choose (f->connector, server);
  *state = f;

  return 0;
}

static int
teardown (void **state)
{
  Fixture         *f = *state;
  g_autofree char *settings = g_build_filename (f->folder, "settings.ini", NULL);

  gtk_window_destroy (GTK_WINDOW (f->window));
  test_loop_settle (NULL);
  g_assert_finalize_object (f->connector);
  g_assert_finalize_object (f->chat);
  g_object_unref (f->settings);
  g_remove (settings);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f);

  return 0;
}

static GtkWidget *
page_of (Fixture    *f,
         const char *name)
{
  return chat_fixture_find (GTK_WIDGET (f->window), g_type_from_name (name));
}

static void
check_label (GtkWidget  *page,
             const char *child,
             const char *expected)
{
  assert_string_equal (gtk_label_get_label (GTK_LABEL (chat_fixture_child (page, child))), expected);
}

static void
check_words (GtkWidget  *page,
             const char *child,
             const char *id)
{
  g_autofree char *words = ahoy_sentence_four_words (id);

  assert_non_null (words);
  check_label (page, child, words);
}

static void
press (GtkWidget  *page,
       const char *child)
{
  g_signal_emit_by_name (chat_fixture_child (page, child), "clicked");
}

static void
test_another_server (void **state)
{
  Fixture   *f = *state;
  GtkWidget *page = page_of (f, "AhoyChangedPage");

  fake_chat_fail (f->chat, AHOY_FAILURE_KEY_CHANGED, KNOWN, MET);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CHANGED);
  assert_true (gtk_widget_get_visible (page));
  check_words (page, "known_label", KNOWN);
  check_words (page, "met_label", MET);
  assert_ptr_equal (gtk_window_get_focus (GTK_WINDOW (f->window)), chat_fixture_child (page, "back_button"));
  assert_int_equal (fake_chat_get_n_connects (f->chat), 1);

  /* Never by accident. */
  press (page, "accept_button");
  assert_string_equal (adw_message_dialog_get_default_response (chat_fixture_question ()), "cancel");
  chat_fixture_answer ("cancel");
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CHANGED);
  assert_int_equal (fake_chat_get_n_servers_accepted (f->chat), 0);

  press (page, "accept_button");
  chat_fixture_answer ("accept");
  assert_int_equal (fake_chat_get_n_servers_accepted (f->chat), 1);
  assert_int_equal (fake_chat_get_n_connects (f->chat), 2);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CONNECTING);
}

/* Which way it is less than it was, and what the question says of that. */
static GtkWidget *
downgrade (Fixture      *f,
           AhoyDowngrade how,
           const char   *met_id,
           const char   *explanation,
           const char   *risk)
{
  GtkWidget     *page = page_of (f, "AhoyChangedPage");
  AdwStatusPage *status_page;

  fake_chat_downgrade (f->chat, how, KNOWN, met_id);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CHANGED);
  status_page = ADW_STATUS_PAGE (chat_fixture_child (page, "status_page"));
  assert_string_equal (adw_status_page_get_title (status_page), "Less Safe Than Before");
  assert_non_null (strstr (adw_status_page_get_description (status_page), explanation));
  check_words (page, "known_label", KNOWN);

  press (page, "accept_button");
  assert_non_null (strstr (adw_message_dialog_get_body (chat_fixture_question ()), risk));
  chat_fixture_answer ("cancel");

  return page;
}

static void
test_not_encrypted_any_more (void **state)
{
  /* Whatever it claims. */
  GtkWidget *page = downgrade (*state, AHOY_DOWNGRADE_PLAIN, KNOWN, "192.168.1.7:24690 does not encrypt any more", "read and changed by others");

  check_label (page, "met_label", NO_PROOF);
}

static void
test_only_classic_now (void **state)
{
  GtkWidget *page = downgrade (*state, AHOY_DOWNGRADE_CLASSIC, NULL, "192.168.1.7:24690 knows only the old way to chat now", "a false server");

  check_label (page, "met_label", NO_PROOF);
}

static void
test_only_classic_now_but_encrypted (void **state)
{
  /* Its key is the one that is known. */
  GtkWidget *page = downgrade (*state, AHOY_DOWNGRADE_CLASSIC, KNOWN, "the old way to chat", "a false server");

  check_words (page, "met_label", KNOWN);
}

static void
test_no_id_any_more (void **state)
{
  GtkWidget *page = downgrade (*state, AHOY_DOWNGRADE_NO_ID, NULL, "192.168.1.7:24690 does not say any more which server it is", "a false server");

  check_label (page, "met_label", NO_PROOF);
}

static const char *
description_of (GtkWidget *page)
{
  return gtk_label_get_text (GTK_LABEL (chat_fixture_child (chat_fixture_child (page, "status_page"), "description_label")));
}

/* Whoever wants to be trusted chooses the name. */
static void
test_a_name_is_no_markup (void **state)
{
  Fixture               *f = *state;
  GtkWidget             *page = page_of (f, "AhoyChangedPage");
  g_autoptr (AhoyServer) server = ahoy_server_new ("192.168.1.7", 24690);

  ahoy_server_set_extended (server, MET, "Tom & <b>Jerry", 2, FALSE);
  fake_chat_set_server (f->chat, server, FALSE);
  fake_chat_fail (f->chat, AHOY_FAILURE_KEY_CHANGED, KNOWN, MET);
  assert_non_null (strstr (description_of (page), "What answers as Tom & <b>Jerry is not the server you know"));
}

static void
test_an_address_is_no_markup (void **state)
{
  Fixture               *f = *state;
  g_autoptr (AhoyServer) server = ahoy_server_new ("fe80::1%a<&b", 24690);

  ahoy_connector_choose (f->connector, server);
  fake_chat_fail (f->chat, AHOY_FAILURE_UNREACHABLE, NULL, NULL);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_TROUBLE);
  assert_non_null (strstr (description_of (page_of (f, "AhoyTroublePage")), "fe80::1%a<&b"));
}

static void
test_in_the_middle_of_a_talk (void **state)
{
  Fixture *f = *state;

  fake_chat_set_state (f->chat, AHOY_CLIENT_ONLINE);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_TALKING);
  fake_chat_set_state (f->chat, AHOY_CLIENT_RECONNECTING);
  fake_chat_fail (f->chat, AHOY_FAILURE_KEY_CHANGED, KNOWN, MET);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CHANGED);
}

static void
test_going_back_asks_nothing_more (void **state)
{
  Fixture   *f = *state;
  GtkWidget *page = page_of (f, "AhoyChangedPage");

  fake_chat_fail (f->chat, AHOY_FAILURE_KEY_CHANGED, KNOWN, MET);
  press (page, "accept_button");
  assert_non_null (chat_fixture_question ());
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.cancel", NULL);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
  assert_null (chat_fixture_question ());
  assert_int_equal (fake_chat_get_n_servers_accepted (f->chat), 0);
}

static void
test_replaced (void **state)
{
  Fixture   *f = *state;
  GtkWidget *page = page_of (f, "AhoyReplacedPage");

  fake_chat_set_state (f->chat, AHOY_CLIENT_ONLINE);
  fake_chat_fail (f->chat, AHOY_FAILURE_REPLACED, NULL, NULL);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_REPLACED);
  assert_true (gtk_widget_get_visible (page));
  assert_int_equal (fake_chat_get_n_connects (f->chat), 1);

  press (page, "here_button");
  assert_int_equal (fake_chat_get_n_connects (f->chat), 2);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_CONNECTING);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_another_server, setup, teardown),
    cmocka_unit_test_setup_teardown (test_not_encrypted_any_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_only_classic_now, setup, teardown),
    cmocka_unit_test_setup_teardown (test_only_classic_now_but_encrypted, setup, teardown),
    cmocka_unit_test_setup_teardown (test_no_id_any_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_name_is_no_markup, setup, teardown),
    cmocka_unit_test_setup_teardown (test_an_address_is_no_markup, setup, teardown),
    cmocka_unit_test_setup_teardown (test_in_the_middle_of_a_talk, setup, teardown),
    cmocka_unit_test_setup_teardown (test_going_back_asks_nothing_more, setup, teardown),
    cmocka_unit_test_setup_teardown (test_replaced, setup, teardown),
  };

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
