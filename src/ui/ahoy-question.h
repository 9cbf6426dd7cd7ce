/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Questions to the person. @dialog (an AdwMessageDialog, or a GtkNativeDialog) has a signal "response": @answered is called with @owner first, then with
 * the response and the dialog; not after @owner or the dialog has gone. */
void ahoy_question_answer_to (gpointer  dialog,
                              gpointer  owner,
                              GCallback answered);

G_END_DECLS
