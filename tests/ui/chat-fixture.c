/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the tests of the chat share. */

#include "chat-fixture.h"

#include "support/test-loop.h"

int
chat_fixture_init (void **state)
{
  g_autoptr (GtkCssProvider) style = gtk_css_provider_new ();
  GdkDisplay                *display;

  adw_init ();
  display = gdk_display_get_default ();
  gtk_css_provider_load_from_resource (style, "/org/ahoychat/Ahoy/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (style), GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display), "/org/ahoychat/Ahoy/icons");

  return 0;
}

static gboolean
count_frame (GtkWidget     *widget,
             GdkFrameClock *clock,
             gpointer       data)
{
  guint *frames = data;

  (*frames)++;
  return G_SOURCE_CONTINUE;
}

void
chat_fixture_frames (GtkWidget *widget,
                     guint      n)
{
  guint    frames = 0;
  guint    tick = gtk_widget_add_tick_callback (widget, count_frame, &frames, NULL);
  gboolean passed = test_loop_until_count (NULL, &frames, n + 1);

  gtk_widget_remove_tick_callback (widget, tick);
  assert_true (passed);
}

static gboolean
is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

GtkWindow *
chat_fixture_show (GtkWidget *widget,
                   int        width,
                   int        height)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());

  gtk_window_set_default_size (window, width, height);
  gtk_window_set_child (window, widget);
  gtk_window_present (window);
  assert_true (test_loop_until (NULL, is_mapped, widget, TEST_LOOP_DEADLINE_MS));
  chat_fixture_frames (widget, 3);

  return window;
}

static gboolean
is_null (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

void
chat_fixture_close (GtkWindow *window,
                    GtkWidget *widget)
{
  gpointer alive = widget;

  g_object_add_weak_pointer (G_OBJECT (widget), &alive);
  gtk_window_destroy (window);
  test_loop_until (NULL, is_null, &alive, TEST_LOOP_DEADLINE_MS);
  assert_null (alive);
}

GtkWidget *
chat_fixture_find (GtkWidget *root,
                   GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = chat_fixture_find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

AdwMessageDialog *
chat_fixture_question (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (ADW_IS_MESSAGE_DIALOG (l->data))
        return l->data;
    }

  return NULL;
}

void
chat_fixture_answer (const char *response)
{
  AdwMessageDialog *question = chat_fixture_question ();

  assert_non_null (question);
  adw_message_dialog_response (question, response);
  gtk_window_destroy (GTK_WINDOW (question));
}
