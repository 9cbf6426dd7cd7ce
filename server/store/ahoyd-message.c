/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thing that was said. */

#include "store/ahoyd-message.h"

AhoydMessage *
ahoyd_message_new (guint64     sender,
                   const char *from,
                   const char *to,
                   const char *to_skeleton,
                   const char *text)
{
  AhoydMessage *message;

  g_return_val_if_fail (from != NULL && text != NULL, NULL);
  g_return_val_if_fail ((to == NULL) == (to_skeleton == NULL), NULL);

  message = g_new0 (AhoydMessage, 1);
  g_atomic_ref_count_init (&message->refs);
  message->sender = sender;
  message->from = g_strdup (from);
  message->to = g_strdup (to);
  message->to_skeleton = g_strdup (to_skeleton);
  message->text = g_strdup (text);
  return message;
}

AhoydMessage *
ahoyd_message_ref (AhoydMessage *message)
{
  g_return_val_if_fail (message != NULL, NULL);

  g_atomic_ref_count_inc (&message->refs);
  return message;
}

void
ahoyd_message_unref (AhoydMessage *message)
{
  g_return_if_fail (message != NULL);

  if (!g_atomic_ref_count_dec (&message->refs))
    return;
  g_free (message->from);
  g_free (message->to);
  g_free (message->to_skeleton);
  g_free (message->text);
  g_free (message);
}
