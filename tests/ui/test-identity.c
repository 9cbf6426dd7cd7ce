/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One's own identity: shown, taken along, got from elsewhere, and missed. */

#include "chat-fixture.h"
#include "fixture.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "support/test-loop.h"
#include "ui/ahoy-broken-window.h"
#include "ui/ahoy-identity-group.h"
#include "ui/ahoy-passphrase-dialog.h"
#include "ui/ahoy-preferences.h"
#include "ui/ahoy-profile.h"
#include "ui/ahoy-sentences.h"

typedef struct {
  char          *folder;
  AhoySettings  *settings;
  AhoyProfile   *profile;
  AhoyConnector *connector;
  GtkWidget     *preferences;
  GtkWidget     *group;
} Fixture;

static gpointer
child_of (gpointer    widget,
          const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (widget), G_OBJECT_TYPE (widget), name);
}

static int
set_up (void **state)
{
  Fixture           *f = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = NULL;

  f->settings = fixture_make_settings (&f->folder);
  f->profile = ahoy_profile_new (f->settings);
  assert_int_equal (ahoy_profile_open (f->profile, &path, &error), AHOY_PROFILE_FINE);
  f->connector = fixture_make_connector (f->settings, ahoy_profile_get_keyring (f->profile), ahoy_profile_get_pins (f->profile));
  f->preferences = g_object_new (AHOY_TYPE_PREFERENCES, "connector", f->connector, NULL);
  f->group = child_of (f->preferences, "identity_group");
  gtk_window_present (GTK_WINDOW (f->preferences));
  *state = f;

  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;

  gtk_window_destroy (GTK_WINDOW (f->preferences));
  test_loop_settle (NULL);
  g_assert_finalize_object (f->connector);
  g_assert_finalize_object (f->profile);
  fixture_drop_settings (f->settings, f->folder);
  g_free (f);

  return 0;
}

static const char *
own_key (Fixture *f)
{
  return ahoy_keyring_get_key (ahoy_profile_get_keyring (f->profile));
}

static char *
make_path (Fixture    *f,
           const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
check_words (Fixture    *f,
             const char *key)
{
  g_autofree char *words = ahoy_sentence_four_words (key);

  assert_non_null (words);
  assert_string_equal (gtk_label_get_label (child_of (f->group, "words_label")), words);
}

static void
preferences_show_the_words (void **state)
{
  Fixture *f = *state;

  assert_true (gtk_widget_get_visible (f->group));
  check_words (f, own_key (f));
}

static void
without_a_keyring_there_is_no_group (void **state)
{
  Fixture       *f = *state;
  AhoyConnector *connector = fixture_make_connector (f->settings, NULL, NULL);
  GtkWidget     *group = g_object_ref_sink (g_object_new (AHOY_TYPE_IDENTITY_GROUP, "connector", connector, NULL));

  assert_false (gtk_widget_get_visible (group));
  g_assert_finalize_object (group);
  g_assert_finalize_object (connector);
}

static void
goes_to_another_computer_and_back (void **state)
{
  Fixture         *f = *state;
  g_autofree char *copy = make_path (f, "copy.pem");
  g_autofree char *other_path = make_path (f, "other.pem");
  g_autofree char *first = g_strdup (own_key (f));
  g_autofree char *second = NULL;
  AhoyKeyring     *other;

  ahoy_identity_group_export (AHOY_IDENTITY_GROUP (f->group), copy, "correct horse battery");
  assert_true (g_file_test (copy, G_FILE_TEST_IS_REGULAR));
  assert_null (chat_fixture_question ());

  /* Somebody else's. */
  other = ahoy_keyring_open (other_path, "ahoy", NULL);
  second = g_strdup (ahoy_keyring_get_key (other));
  assert_string_not_equal (first, second);
  assert_true (ahoy_keyring_export (other, copy, "staple", NULL));
  g_assert_finalize_object (other);

  ahoy_identity_group_import (AHOY_IDENTITY_GROUP (f->group), copy, "staple");
  assert_null (chat_fixture_question ());
  assert_string_equal (own_key (f), second);
  check_words (f, second);
}

static void
asks_again_for_a_wrong_passphrase (void **state)
{
  Fixture          *f = *state;
  g_autofree char  *copy = make_path (f, "copy.pem");
  g_autofree char  *key = g_strdup (own_key (f));
  AdwMessageDialog *dialog;

  ahoy_identity_group_export (AHOY_IDENTITY_GROUP (f->group), copy, "right");
  ahoy_identity_group_import (AHOY_IDENTITY_GROUP (f->group), copy, "wrong");
  dialog = chat_fixture_question ();
  assert_true (AHOY_IS_PASSPHRASE_DIALOG (dialog));
  assert_string_equal (gtk_label_get_label (child_of (dialog, "warning_label")), "That was not the passphrase of this file. Try again.");
  gtk_editable_set_text (child_of (dialog, "passphrase_row"), "right");
  assert_false (gtk_widget_get_visible (child_of (dialog, "warning_label")));
  chat_fixture_answer ("go");
  assert_null (chat_fixture_question ());
  assert_string_equal (own_key (f), key);
}

static void
tells_what_is_wrong_with_a_file (void **state)
{
  Fixture         *f = *state;
  g_autofree char *path = make_path (f, "letter.pem");
  g_autofree char *missing = make_path (f, "missing/copy.pem");
  g_autofree char *key = g_strdup (own_key (f));

  assert_true (g_file_set_contents (path, "Dear Bob,\n", -1, NULL));
  ahoy_identity_group_import (AHOY_IDENTITY_GROUP (f->group), path, "x");
  assert_string_equal (adw_message_dialog_get_heading (chat_fixture_question ()), "No Identity Was Imported");
  assert_string_equal (adw_message_dialog_get_body (chat_fixture_question ()), "There is no identity in this file, or it is damaged.");
  chat_fixture_answer ("close");
  ahoy_identity_group_import (AHOY_IDENTITY_GROUP (f->group), missing, "x");
  assert_string_equal (adw_message_dialog_get_body (chat_fixture_question ()), "The file is not there.");
  chat_fixture_answer ("close");
  ahoy_identity_group_export (AHOY_IDENTITY_GROUP (f->group), missing, "x");
  assert_string_equal (adw_message_dialog_get_heading (chat_fixture_question ()), "Your Identity Was Not Exported");
  chat_fixture_answer ("close");
  assert_string_equal (own_key (f), key);
}

static void
type (gpointer    dialog,
      const char *passphrase,
      const char *again)
{
  gtk_editable_set_text (child_of (dialog, "passphrase_row"), passphrase);
  gtk_editable_set_text (child_of (dialog, "again_row"), again);
}

static void
a_new_passphrase_is_typed_twice (void **state)
{
  GtkWidget *dialog = ahoy_passphrase_dialog_new_choose (NULL);
  GtkLabel  *warning = child_of (dialog, "warning_label");

  assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  type (dialog, "correct horse battery", "");
  assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  type (dialog, "correct horse battery", "correct house battery");
  assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  assert_string_equal (gtk_label_get_label (warning), "The two are not the same.");
  type (dialog, "correct horse battery", "correct horse battery");
  assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  assert_false (gtk_widget_get_visible (GTK_WIDGET (warning)));

  /* A warning, no more: whose identity is it? */
  type (dialog, "abc", "abc");
  assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  assert_true (gtk_widget_get_visible (GTK_WIDGET (warning)));
  assert_string_equal (ahoy_passphrase_dialog_get_passphrase (AHOY_PASSPHRASE_DIALOG (dialog)), "abc");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
an_old_passphrase_is_typed_once (void **state)
{
  GtkWidget *dialog = ahoy_passphrase_dialog_new_ask (NULL, FALSE);

  assert_false (gtk_widget_get_visible (child_of (dialog, "again_row")));
  assert_false (gtk_widget_get_visible (child_of (dialog, "warning_label")));
  assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  gtk_editable_set_text (child_of (dialog, "passphrase_row"), "a");
  assert_true (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go"));
  assert_false (gtk_widget_get_visible (child_of (dialog, "warning_label")));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Opens the profile anew, as a second start of the program does. */
static AhoyProfileState
open_again (Fixture *f,
            char   **path,
            GError **error)
{
  AhoyProfile     *profile = ahoy_profile_new (f->settings);
  AhoyProfileState state = ahoy_profile_open (profile, path, error);

  g_assert_finalize_object (profile);
  return state;
}

static void
check_broken (Fixture         *f,
              AhoyProfileState expected,
              const char      *file,
              const char      *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *expected_path = make_path (f, file);
  g_autofree char   *path = NULL;
  AhoyBrokenWindow  *window;

  assert_int_equal (open_again (f, &path, &error), expected);
  assert_string_equal (path, expected_path);
  window = ahoy_broken_window_new (NULL);
  ahoy_broken_window_tell (window, expected, path, error);
  assert_string_equal (gtk_label_get_label (child_of (window, "path_label")), path);
  assert_string_equal (gtk_label_get_label (child_of (window, "reason_label")), reason);
  assert_int_equal (gtk_widget_get_visible (child_of (window, "import_button")), expected == AHOY_PROFILE_NO_IDENTITY);
  assert_false (gtk_widget_get_visible (child_of (window, "tried_label")));

  /* Who tries again sees that it was tried, each time, and why it was in vain. */
  for (guint i = 2; i < 4; i++)
    {
      g_autofree char *beginning = g_strdup_printf ("Attempt %u at ", i);
      g_autofree char *end = g_strdup_printf (" was in vain: %s", reason);
      const char      *sentence;

      ahoy_broken_window_tell (window, expected, path, error);
      assert_true (gtk_widget_get_visible (child_of (window, "tried_label")));
      sentence = gtk_label_get_label (child_of (window, "tried_label"));
      assert_true (g_str_has_prefix (sentence, beginning) && g_str_has_suffix (sentence, end));
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
nobody_new_takes_the_place_of_who_is_gone (void **state)
{
  Fixture         *f = *state;
  g_autofree char *identity = make_path (f, "identity.pem");

  assert_true (g_file_set_contents (identity, "", 0, NULL));
  check_broken (f, AHOY_PROFILE_NO_IDENTITY, "identity.pem", "The file is empty or damaged.");
  assert_int_equal (g_remove (identity), 0);
  check_broken (f, AHOY_PROFILE_NO_IDENTITY, "identity.pem", "The file is gone.");
  assert_false (g_file_test (identity, G_FILE_TEST_EXISTS));
}

static void
known_servers_are_not_forgotten_silently (void **state)
{
  Fixture         *f = *state;
  g_autofree char *known_servers = make_path (f, "known-servers");

  assert_true (g_file_set_contents (known_servers, "no key file\n", -1, NULL));
  check_broken (f, AHOY_PROFILE_NO_PINS, "known-servers", "The file is empty or damaged.");
}

/* Where it was never written there is nothing to be put back. */
static void
a_full_disk_needs_room (void **state)
{
  g_autoptr (GError) error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "full");
  AhoyBrokenWindow  *window = ahoy_broken_window_new (NULL);

  ahoy_broken_window_tell (window, AHOY_PROFILE_NO_IDENTITY, "identity.pem", error);
  assert_string_equal (gtk_label_get_label (child_of (window, "reason_label")), "The disk is full.");
  assert_string_equal (gtk_label_get_label (child_of (window, "advice_label")), "Make room on the disk, and try again.");
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
a_second_start_is_the_same_person (void **state)
{
  Fixture           *f = *state;
  AhoyProfile       *profile = ahoy_profile_new (f->settings);
  g_autoptr (GError) error = NULL;
  g_autofree char   *path = NULL;

  assert_int_equal (ahoy_profile_open (profile, &path, &error), AHOY_PROFILE_FINE);
  assert_string_equal (ahoy_keyring_get_key (ahoy_profile_get_keyring (profile)), own_key (f));
  assert_non_null (ahoy_profile_get_pins (profile));
  g_assert_finalize_object (profile);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (preferences_show_the_words, set_up, tear_down),
    cmocka_unit_test_setup_teardown (without_a_keyring_there_is_no_group, set_up, tear_down),
    cmocka_unit_test_setup_teardown (goes_to_another_computer_and_back, set_up, tear_down),
    cmocka_unit_test_setup_teardown (asks_again_for_a_wrong_passphrase, set_up, tear_down),
    cmocka_unit_test_setup_teardown (tells_what_is_wrong_with_a_file, set_up, tear_down),
    cmocka_unit_test (a_new_passphrase_is_typed_twice),
    cmocka_unit_test (an_old_passphrase_is_typed_once),
    cmocka_unit_test_setup_teardown (nobody_new_takes_the_place_of_who_is_gone, set_up, tear_down),
    cmocka_unit_test_setup_teardown (known_servers_are_not_forgotten_silently, set_up, tear_down),
    cmocka_unit_test_setup_teardown (a_full_disk_needs_room, set_up, tear_down),
    cmocka_unit_test_setup_teardown (a_second_start_is_the_same_person, set_up, tear_down),
  };

  adw_init ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
