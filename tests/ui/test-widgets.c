/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Every widget on the way into a chat: made, shown, destroyed, gone. What is kept alive by a cycle is found here. */

#include "fake-chat.h"
#include "fixture.h"

#include <adwaita.h>

#include "core/connection/ahoy-server-private.h"
#include "core/discovery/ahoy-probe-private.h"
#include "support/test-loop.h"
#include "ui/ahoy-address-page.h"
#include "ui/ahoy-away-bar.h"
#include "ui/ahoy-changed-page.h"
#include "ui/ahoy-command-row.h"
#include "ui/ahoy-connect-page.h"
#include "ui/ahoy-connection-bar.h"
#include "ui/ahoy-history-bar.h"
#include "ui/ahoy-identity-group.h"
#include "ui/ahoy-looking-page.h"
#include "ui/ahoy-none-found-page.h"
#include "ui/ahoy-preferences.h"
#include "ui/ahoy-probe-row.h"
#include "ui/ahoy-replaced-page.h"
#include "ui/ahoy-server-row.h"
#include "ui/ahoy-servers-page.h"
#include "ui/ahoy-trouble-page.h"
#include "ui/ahoy-ways-forward.h"

static void
count (gpointer data,
       GObject *object)
{
  (*(guint *) data)++;
}

/* Shows @widget in a window and takes both away. */
static void
assert_goes (GtkWidget *widget)
{
  GtkWidget *window = gtk_window_new ();
  guint      gone = 0;

  g_object_weak_ref (G_OBJECT (widget), count, &gone);
  g_object_weak_ref (G_OBJECT (window), count, &gone);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  test_loop_settle (NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  test_loop_settle (NULL);
  assert_int_equal (gone, 2);
}

static void
assert_row_goes (gpointer row)
{
  GtkWidget *list = gtk_list_box_new ();
  guint      gone = 0;

  g_object_weak_ref (row, count, &gone);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  assert_goes (list);
  assert_int_equal (gone, 1);
}

static void
pages_go (void **state)
{
  GType          types[] = { AHOY_TYPE_ADDRESS_PAGE, AHOY_TYPE_CHANGED_PAGE, AHOY_TYPE_CONNECT_PAGE, AHOY_TYPE_LOOKING_PAGE,
                             AHOY_TYPE_NONE_FOUND_PAGE, AHOY_TYPE_REPLACED_PAGE, AHOY_TYPE_SERVERS_PAGE, AHOY_TYPE_TROUBLE_PAGE };
  char          *folder;
  AhoySettings  *settings = fixture_make_settings (&folder);
  AhoyConnector *connector = fixture_make_connector (settings, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      assert_goes (g_object_new (types[i], NULL));
      assert_goes (g_object_new (types[i], "connector", connector, NULL));
    }

  g_assert_finalize_object (connector);
  fixture_drop_settings (settings, folder);
}

static void
rows_go (void **state)
{
  AhoyProbe  *probe = ahoy_probe_new (AHOY_PROBE_LIMITED, NULL, NULL, "255.255.255.255");
  AhoyServer *server = ahoy_server_new ("10.0.0.1", 5);
  GtkWidget  *command = g_object_new (AHOY_TYPE_COMMAND_ROW, "title", "ufw", NULL);

  ahoy_command_row_set_command (AHOY_COMMAND_ROW (command), "sudo ufw allow 1");
  gtk_test_accessible_assert_property (command, GTK_ACCESSIBLE_PROPERTY_LABEL, "sudo ufw allow 1");
  assert_row_goes (command);
  assert_row_goes (g_object_new (AHOY_TYPE_PROBE_ROW, "probe", probe, NULL));
  assert_row_goes (g_object_new (AHOY_TYPE_SERVER_ROW, "server", server, NULL));
  g_assert_finalize_object (probe);
  g_assert_finalize_object (server);
}

static void
check_row (AhoyServer *server,
           const char *mark,
           const char *label)
{
  GtkWidget *row = g_object_ref_sink (g_object_new (AHOY_TYPE_SERVER_ROW, "server", server, NULL));
  GtkWidget *shown = GTK_WIDGET (gtk_widget_get_template_child (row, AHOY_TYPE_SERVER_ROW, "known_label"));

  assert_int_equal (gtk_widget_get_visible (shown), mark != NULL);
  if (mark != NULL)
    assert_string_equal (gtk_label_get_label (GTK_LABEL (shown)), mark);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, label);
  g_object_unref (row);
}

/* What one knows of a server is seen and heard; a name alone is nobody's. */
static void
a_row_tells_who_is_known (void **state)
{
  g_autoptr (AhoyServer) server = ahoy_server_new ("10.0.0.1", 5);
  const char            *id = "abcdefghijklmnopqrstuvwxyz";

  ahoy_server_set_extended (server, id, "Hall", 2, TRUE);
  check_row (server, NULL, "Hall, 10.0.0.1:5 · 2 people online, encrypted");
  ahoy_server_set_known (server, TRUE, NULL);
  check_row (server, "Known", "Hall, 10.0.0.1:5 · 2 people online, encrypted, known");
  ahoy_server_set_last_used (server, TRUE);
  check_row (server, "Last used", "Hall, 10.0.0.1:5 · 2 people online, encrypted, last used");
  ahoy_server_set_last_used (server, FALSE);
  ahoy_server_set_known (server, FALSE, "bcdefghijklmnopqrstuvwxyza");
  check_row (server, NULL, "Hall, 10.0.0.1:5 · 2 people online\nAnother chat of the same name as one you know, encrypted");
}

static void
bars_and_boxes_go (void **state)
{
  FakeChat  *chat = fake_chat_new ();
  GtkWidget *bar = g_object_new (AHOY_TYPE_CONNECTION_BAR, NULL);

  assert_goes (g_object_new (AHOY_TYPE_WAYS_FORWARD, NULL));
  assert_false (gtk_widget_get_visible (bar));
  assert_goes (bar);
  assert_goes (g_object_new (AHOY_TYPE_CONNECTION_BAR, "chat", chat, NULL));
  assert_goes (g_object_new (AHOY_TYPE_AWAY_BAR, "chat", chat, NULL));
  assert_goes (g_object_new (AHOY_TYPE_HISTORY_BAR, "problem", "No disk.", NULL));
  assert_goes (g_object_new (AHOY_TYPE_IDENTITY_GROUP, NULL));
  g_assert_finalize_object (chat);
}

static void
the_history_bar_can_be_closed (void **state)
{
  GtkWidget       *bar = g_object_ref_sink (g_object_new (AHOY_TYPE_HISTORY_BAR, NULL));
  GtkWidget       *button = gtk_widget_get_last_child (gtk_widget_get_first_child (bar));
  g_autofree char *problem = NULL;

  assert_false (gtk_widget_get_visible (bar));
  g_object_set (bar, "problem", "No disk.", NULL);
  assert_true (gtk_widget_get_visible (bar));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Close");
  g_signal_emit_by_name (button, "clicked");
  assert_false (gtk_widget_get_visible (bar));
  g_object_get (bar, "problem", &problem, NULL);
  assert_null (problem);
  g_object_unref (bar);
}

static void
preferences_go (void **state)
{
  char          *folder;
  AhoySettings  *settings = fixture_make_settings (&folder);
  AhoyConnector *connector = fixture_make_connector (settings, NULL, NULL);
  GtkWidget     *preferences = g_object_new (AHOY_TYPE_PREFERENCES, "connector", connector, NULL);
  guint          gone = 0;

  g_object_weak_ref (G_OBJECT (preferences), count, &gone);
  gtk_window_present (GTK_WINDOW (preferences));
  test_loop_settle (NULL);
  gtk_window_destroy (GTK_WINDOW (preferences));
  test_loop_settle (NULL);
  assert_int_equal (gone, 1);

  g_assert_finalize_object (connector);
  fixture_drop_settings (settings, folder);
}

static void
preferences_open_once (void **state)
{
  char          *folder;
  AhoySettings  *settings = fixture_make_settings (&folder);
  AhoyConnector *connector = fixture_make_connector (settings, NULL, NULL);
  GtkWidget     *parent = gtk_window_new ();
  guint          before = g_list_model_get_n_items (gtk_window_get_toplevels ());

  gtk_window_present (GTK_WINDOW (parent));
  ahoy_preferences_present (GTK_WINDOW (parent), connector);
  ahoy_preferences_present (GTK_WINDOW (parent), connector);
  assert_int_equal (g_list_model_get_n_items (gtk_window_get_toplevels ()), before + 1);

  test_loop_settle (NULL);
  gtk_window_destroy (GTK_WINDOW (parent));
  test_loop_settle (NULL);
  assert_int_equal (g_list_model_get_n_items (gtk_window_get_toplevels ()), before - 1);
  g_assert_finalize_object (connector);
  fixture_drop_settings (settings, folder);
}

static void
the_shortcut_window_is_there (void **state)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/ahoychat/Ahoy/gtk/help-overlay.ui");
  GtkWidget             *window = GTK_WIDGET (gtk_builder_get_object (builder, "help_overlay"));

  assert_true (GTK_IS_SHORTCUTS_WINDOW (window));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (pages_go),
    cmocka_unit_test (rows_go),
    cmocka_unit_test (a_row_tells_who_is_known),
    cmocka_unit_test (bars_and_boxes_go),
    cmocka_unit_test (the_history_bar_can_be_closed),
    cmocka_unit_test (preferences_go),
    cmocka_unit_test (preferences_open_once),
    cmocka_unit_test (the_shortcut_window_is_there),
  };

  adw_init ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
