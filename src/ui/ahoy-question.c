/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Asks the person a question. */

#include "ui/ahoy-question.h"

void
ahoy_question_answer_to (gpointer  dialog,
                         gpointer  owner,
                         GCallback answered)
{
  g_return_if_fail (G_IS_OBJECT (dialog));
  g_return_if_fail (G_IS_OBJECT (owner));
  g_return_if_fail (answered != NULL);

  g_signal_connect_object (dialog, "response", answered, owner, G_CONNECT_SWAPPED);
}
