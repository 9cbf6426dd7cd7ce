/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What the tests of the chat share: a window round a widget, frames, and the death of widgets. */

#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <adwaita.h>
#include <cmocka.h>

#include "fake-chat.h"

/* Group setup: GTK with the program's icons and style. */
int chat_fixture_init (void **state);

/* Shows @widget in a window of its own and waits until it has been drawn. */
GtkWindow *chat_fixture_show (GtkWidget *widget,
                              int        width,
                              int        height);
/* Lets @n frames of @widget pass. */
void chat_fixture_frames (GtkWidget *widget,
                          guint      n);
/* Destroys @window and expects @widget in it to be finalised by that. */
void chat_fixture_close (GtkWindow *window,
                         GtkWidget *widget);
/* The first descendant of this type in the order of the tree, or NULL. */
GtkWidget *chat_fixture_find (GtkWidget *root,
                              GType      type);
/* The question that is asked at present, or NULL. */
AdwMessageDialog *chat_fixture_question (void);
/* Answers that question, which there must be, and takes it away. */
void chat_fixture_answer (const char *response);
/* A child of the template of @widget. */
#define chat_fixture_child(widget, name) \
  (GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (widget), G_OBJECT_TYPE (widget), name)))
