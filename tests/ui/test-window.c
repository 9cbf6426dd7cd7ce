/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* The window through the steps, as somebody sees it who knows only roles and accessible names. */

#include "fixture.h"

#include <adwaita.h>

#include "support/test-loop.h"
#include "ui/ahoy-window.h"

typedef struct {
  char          *folder;
  AhoySettings  *settings;
  AhoyConnector *connector;
  FakeServer    *server;
  AhoyWindow    *window;
} Fixture;

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->settings = fixture_make_settings (&f->folder);
  f->server = fake_server_new (0);
  f->connector = fixture_make_connector (f->settings, NULL, NULL);
  ahoy_connector_set_discovery_port (f->connector, fake_server_get_discovery_port (f->server));
  ahoy_connector_set_name (f->connector, "alice");
  f->window = ahoy_window_new (NULL, f->connector);
  gtk_window_present (GTK_WINDOW (f->window));
  *state = f;

  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;

  g_object_add_weak_pointer (G_OBJECT (f->window), (gpointer *) &f->window);
  gtk_window_destroy (GTK_WINDOW (f->window));
  test_loop_settle (NULL);
  assert_null (f->window);
  ahoy_connector_cancel (f->connector);
  g_assert_finalize_object (f->connector);
  fake_server_free (f->server);
  fixture_drop_settings (f->settings, f->folder);
  g_free (f);

  return 0;
}

static gboolean
is_named (GtkWidget  *widget,
          const char *name)
{
  g_autofree char *other = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return FALSE;
  other = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  return other == NULL;
}

/* What @widget and what is below it holds of @type under that name and can be seen; a button without a name of its own has its text. */
static GtkWidget *
find (GtkWidget  *widget,
      GType       type,
      const char *name)
{
  if (!gtk_widget_get_visible (widget))
    return NULL;
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    if (is_named (widget, name) || (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0))
      return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_button (Fixture    *f,
             const char *name)
{
  return find (GTK_WIDGET (f->window), GTK_TYPE_BUTTON, name);
}

static GtkWidget *
find_entry (Fixture    *f,
            const char *name)
{
  return find (GTK_WIDGET (f->window), GTK_TYPE_ENTRY, name);
}

static void
press (Fixture    *f,
       const char *name)
{
  GtkWidget *button = find_button (f, name);

  assert_non_null (button);
  assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
has_focus (Fixture   *f,
           GtkWidget *widget)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (f->window));

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static void
starts_with_the_name (void **state)
{
  Fixture   *f = *state;
  GtkWidget *entry = find_entry (f, "Your name");

  assert_non_null (entry);
  assert_string_equal (gtk_editable_get_text (GTK_EDITABLE (entry)), "alice");
  assert_true (has_focus (f, entry));
  assert_non_null (find_button (f, "Connect"));
  assert_non_null (find_button (f, "Connect to an Address…"));
  assert_non_null (find_button (f, "Host a Chat Here"));
  assert_null (find_button (f, "Cancel"));
  assert_null (find_button (f, "Try Again"));
  assert_null (find_button (f, "Back"));
}

static void
tells_at_once_that_a_name_is_not_allowed (void **state)
{
  Fixture   *f = *state;
  GtkWidget *entry = find_entry (f, "Your name");

  gtk_editable_set_text (GTK_EDITABLE (entry), "a,b");
  assert_false (gtk_widget_is_sensitive (find_button (f, "Connect")));
  assert_false (gtk_widget_is_sensitive (find_button (f, "Host a Chat Here")));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "A name cannot have a comma in it.");

  gtk_editable_set_text (GTK_EDITABLE (entry), "ab");
  assert_true (gtk_widget_is_sensitive (find_button (f, "Connect")));
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
}

static void
connects_with_return_in_the_name (void **state)
{
  Fixture *f = *state;

  g_signal_emit_by_name (find_entry (f, "Your name"), "activate");
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_LOOKING);
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_null (find_entry (f, "Your name"));
  assert_string_not_equal (gtk_window_get_title (GTK_WINDOW (f->window)), "Ahoy");

  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.disconnect", NULL);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
  assert_non_null (find_entry (f, "Your name"));
  assert_string_equal (gtk_window_get_title (GTK_WINDOW (f->window)), "Ahoy");
}

static void
looks_until_cancelled (void **state)
{
  Fixture *f = *state;

  press (f, "Connect");
  assert_true (has_focus (f, find_button (f, "Cancel")));
  assert_null (find_button (f, "Connect"));
  press (f, "Cancel");
  assert_non_null (find_button (f, "Connect"));
}

static void
explains_that_nobody_answered (void **state)
{
  Fixture   *f = *state;
  GtkWidget *probes;

  ahoy_connector_set_discovery_port (f->connector, 1);
  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_NONE_FOUND);
  assert_true (has_focus (f, find_button (f, "Try Again")));
  assert_non_null (find_button (f, "Connect to an Address…"));
  assert_non_null (find_button (f, "Host a Chat Here"));
  probes = find (GTK_WIDGET (f->window), GTK_TYPE_LIST_BOX, "Where It Looked");
  assert_non_null (probes);
  assert_non_null (gtk_widget_get_first_child (probes));

  press (f, "Back");
  assert_non_null (find_button (f, "Connect"));
}

static void
lists_several_servers (void **state)
{
  Fixture       *f = *state;
  FakeServer    *other = fake_server_new (fake_server_get_discovery_port (f->server));
  GtkListBox    *list;
  GtkListBoxRow *first;

  ahoy_memory_set_last_server (AHOY_MEMORY (f->settings), "127.0.0.1", fake_server_get_port (other), NULL);
  press (f, "Connect");
  fixture_be_patient (f->connector);
  fixture_wait_for_step (f->connector, AHOY_STEP_CHOOSING);
  list = GTK_LIST_BOX (find (GTK_WIDGET (f->window), GTK_TYPE_LIST_BOX, "Servers"));
  assert_non_null (list);
  first = gtk_list_box_get_row_at_index (list, 0);
  assert_ptr_equal (gtk_list_box_get_selected_row (list), first);
  assert_true (has_focus (f, GTK_WIDGET (first)));
  assert_non_null (gtk_list_box_get_row_at_index (list, 1));

  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_int_equal (ahoy_server_get_port (ahoy_chat_get_server (ahoy_connector_get_chat (f->connector))), fake_server_get_port (other));

  ahoy_connector_cancel (f->connector);
  fake_server_free (other);
}

static void
puts_the_cursor_into_a_refused_name (void **state)
{
  Fixture   *f = *state;
  GtkWidget *entry = find_entry (f, "Your name");
  int        start, end;

  gtk_editable_set_text (GTK_EDITABLE (entry), "taken");
  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_REFUSED);

  assert_ptr_equal (find_entry (f, "Your name"), entry);
  assert_true (has_focus (f, entry));
  assert_true (gtk_editable_get_selection_bounds (GTK_EDITABLE (entry), &start, &end));
  assert_int_equal (start, 0);
  assert_int_equal (end, 5);
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE);

  gtk_editable_set_text (GTK_EDITABLE (entry), "bob");
  gtk_test_accessible_assert_state (entry, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_FALSE);
  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
}

static void
takes_an_address_and_tells_when_nothing_is_there (void **state)
{
  Fixture   *f = *state;
  GtkWidget *entry;

  press (f, "Connect to an Address…");
  entry = find_entry (f, "Server address");
  assert_non_null (entry);
  assert_true (has_focus (f, entry));
  assert_false (gtk_widget_is_sensitive (find_button (f, "Connect")));
  gtk_editable_set_text (GTK_EDITABLE (entry), "127.0.0.1:99999");
  assert_false (gtk_widget_is_sensitive (find_button (f, "Connect")));
  gtk_editable_set_text (GTK_EDITABLE (entry), "127.0.0.1:1");
  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_TROUBLE);
  assert_true (has_focus (f, find_button (f, "Try Again")));

  press (f, "Connect to an Address…");
  assert_string_equal (gtk_editable_get_text (GTK_EDITABLE (find_entry (f, "Server address"))), "127.0.0.1:1");
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.cancel", NULL);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
}

static void
ignores_actions_out_of_their_step (void **state)
{
  Fixture    *f = *state;
  const char *at_name[] = { "win.cancel", "win.retry", "win.disconnect", "win.retry-now", "win.stop-hosting" };

  for (gsize i = 0; i < G_N_ELEMENTS (at_name); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (f->window), at_name[i], NULL);
      assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_NAME);
    }

  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.cancel", NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.connect", NULL);
  gtk_widget_activate_action (GTK_WIDGET (f->window), "win.host", NULL);
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_TALKING);
}

static void
offers_to_try_now_while_reconnecting (void **state)
{
  Fixture *f = *state;

  press (f, "Connect");
  fixture_wait_for_step (f->connector, AHOY_STEP_TALKING);
  assert_null (find_button (f, "Try Now"));
  fake_server_hang_up (f->server);
  assert_true (fixture_wait_for_client (f->connector, AHOY_CLIENT_RECONNECTING));
  assert_int_equal (ahoy_connector_get_step (f->connector), AHOY_STEP_TALKING);
  press (f, "Try Now");
  assert_true (fixture_wait_for_client (f->connector, AHOY_CLIENT_ONLINE));
  assert_null (find_button (f, "Try Now"));
}

int
main (int    argc,
      char **argv)
{
#define TEST(f) cmocka_unit_test_setup_teardown (f, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    TEST (starts_with_the_name),
    TEST (tells_at_once_that_a_name_is_not_allowed),
    TEST (connects_with_return_in_the_name),
    TEST (looks_until_cancelled),
    TEST (explains_that_nobody_answered),
    TEST (lists_several_servers),
    TEST (puts_the_cursor_into_a_refused_name),
    TEST (takes_an_address_and_tells_when_nothing_is_there),
    TEST (ignores_actions_out_of_their_step),
    TEST (offers_to_try_now_while_reconnecting),
  };

  adw_init ();
  return cmocka_run_group_tests (tests, NULL, NULL);
}
