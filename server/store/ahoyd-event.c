/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Something that happened and is kept. */

#include "store/ahoyd-event.h"

#include <string.h>

AhoydEvent *
ahoyd_event_new (const AhoydEvent *said)
{
  AhoydEvent *event;

  g_return_val_if_fail (said != NULL, NULL);
  g_return_val_if_fail (said->from != NULL && said->from_skeleton != NULL && said->text != NULL, NULL);
  g_return_val_if_fail (ahoy_target_is_person (said->target) == (said->target_skeleton != NULL), NULL);

  event = g_new0 (AhoydEvent, 1);
  g_atomic_ref_count_init (&event->refs);
  event->from = g_strdup (said->from);
  event->from_skeleton = g_strdup (said->from_skeleton);
  event->kind = said->kind;
  event->target = said->target;
  event->target.person = g_strdup (said->target.person);
  event->target_skeleton = g_strdup (said->target_skeleton);
  event->text = g_strdup (said->text);
  event->cid = g_strdup (said->cid);
  event->re = said->re;
  event->only_repeat = said->only_repeat;
  event->fleeting = said->fleeting;
  event->sender = said->sender;
  event->id = said->id;
  event->time = said->time;
  return event;
}

AhoydEvent *
ahoyd_event_ref (AhoydEvent *event)
{
  g_return_val_if_fail (event != NULL, NULL);

  g_atomic_ref_count_inc (&event->refs);
  return event;
}

void
ahoyd_event_unref (AhoydEvent *event)
{
  g_return_if_fail (event != NULL);

  if (!g_atomic_ref_count_dec (&event->refs))
    return;
  g_clear_pointer (&event->first, ahoyd_event_unref);
  g_free (event->from);
  g_free (event->from_skeleton);
  g_free ((char *) event->target.person);
  g_free (event->target_skeleton);
  g_free (event->text);
  g_free (event->cid);
  g_free (event);
}

AhoyTarget
ahoyd_event_get_compared_target (const AhoydEvent *event)
{
  AhoyTarget target = { 0 };

  g_return_val_if_fail (event != NULL, target);

  target = event->target;
  if (ahoy_target_is_person (target))
    target.person = event->target_skeleton;
  return target;
}

gsize
ahoyd_event_get_size (const AhoydEvent *event)
{
  const char *const strings[] = {
    event->from,
    event->from_skeleton,
    event->target.person,
    event->target_skeleton,
    event->text,
    event->cid,
  };
  gsize size = sizeof *event;

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++)
    size += strings[i] != NULL ? strlen (strings[i]) + 1 : 0;
  return size;
}
