/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One thing that was said. */

#include "store/ahoyd-message.h"

#include <string.h>

AhoydMessage *
ahoyd_message_new (const AhoydMessage *said)
{
  AhoydMessage *message;

  g_return_val_if_fail (said != NULL, NULL);
  g_return_val_if_fail (said->from != NULL && said->from_skeleton != NULL && said->text != NULL, NULL);
  g_return_val_if_fail ((said->to == NULL) == (said->to_skeleton == NULL), NULL);

  message = g_new0 (AhoydMessage, 1);
  g_atomic_ref_count_init (&message->refs);
  message->from = g_strdup (said->from);
  message->from_skeleton = g_strdup (said->from_skeleton);
  message->to = g_strdup (said->to);
  message->to_skeleton = g_strdup (said->to_skeleton);
  message->text = g_strdup (said->text);
  message->cid = g_strdup (said->cid);
  message->re = said->re;
  message->only_repeat = said->only_repeat;
  message->fleeting = said->fleeting;
  message->sender = said->sender;
  message->id = said->id;
  message->time = said->time;
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
  g_clear_pointer (&message->first, ahoyd_message_unref);
  g_free (message->from);
  g_free (message->from_skeleton);
  g_free (message->to);
  g_free (message->to_skeleton);
  g_free (message->text);
  g_free (message->cid);
  g_free (message);
}

gsize
ahoyd_message_get_size (const AhoydMessage *message)
{
  const char *const strings[] = {
    message->from,
    message->from_skeleton,
    message->to,
    message->to_skeleton,
    message->text,
    message->cid,
  };
  gsize size = sizeof *message;

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    size += strings[i] != NULL ? strlen (strings[i]) + 1 : 0;
  return size;
}
