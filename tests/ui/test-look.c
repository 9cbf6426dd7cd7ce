/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a .ui file binds only by way of another object. */

#include "chat-fixture.h"

#include "ui/ahoy-look.h"

static void
it_names_a_widget_and_lives_with_it (void **state)
{
  GtkWidget *label = g_object_ref_sink (gtk_label_new (NULL));
  AhoyLook  *look = g_object_new (AHOY_TYPE_LOOK, "widget", label, NULL);
  gpointer   alive = look;

  g_object_add_weak_pointer (G_OBJECT (look), &alive);
  g_object_set (look, "label", "Name", "description", "More", NULL);
  g_object_unref (look);
  assert_null (gtk_test_accessible_check_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, "Name"));
  assert_null (gtk_test_accessible_check_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "More"));

  g_object_set (look, "label", "Another", "description", NULL, NULL);
  assert_null (gtk_test_accessible_check_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, "Another"));
  assert_false (gtk_test_accessible_has_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));

  g_object_unref (label);
  assert_null (alive);
}

static void
it_names_the_row_that_a_widget_stands_in (void **state)
{
  GtkWidget           *row = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  GtkWidget           *label = gtk_label_new (NULL);
  g_autoptr (AhoyLook) look = g_object_new (AHOY_TYPE_LOOK, "widget", label, "of-row", TRUE, NULL);

  gtk_box_append (GTK_BOX (row), label);
  g_object_set (look, "label", "bob, online", NULL);
  assert_null (gtk_test_accessible_check_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, "bob, online"));
  assert_false (gtk_test_accessible_has_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL));

  g_object_unref (row);
}

static void
it_sets_what_is_the_widgets_own (void **state)
{
  GtkWidget           *label = g_object_ref_sink (gtk_label_new (NULL));
  g_autoptr (AhoyLook) look = g_object_new (AHOY_TYPE_LOOK, "widget", label, NULL);
  const char          *classes[] = { "offline", NULL };

  g_object_set (look, "css-classes", classes, "visible", FALSE, "tooltip-text", "Tip", NULL);
  assert_true (gtk_widget_has_css_class (label, "offline"));
  assert_false (gtk_widget_get_visible (label));
  assert_string_equal (gtk_widget_get_tooltip_text (label), "Tip");

  g_object_unref (label);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (it_names_a_widget_and_lives_with_it),
    cmocka_unit_test (it_names_the_row_that_a_widget_stands_in),
    cmocka_unit_test (it_sets_what_is_the_widgets_own),
  };

  return cmocka_run_group_tests (tests, chat_fixture_init, NULL);
}
