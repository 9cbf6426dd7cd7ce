/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whispers on their way to a peer that cannot say that it has them. */

#include "state/ahoyd-ack-tracker.h"

typedef struct {
  guint64 id;
  guint64 bytes;
} Mark;

void
ahoyd_ack_tracker_add (AhoydAckTracker *ack_tracker,
                       guint64          id,
                       guint64          bytes)
{
  const Mark mark = { id, bytes };

  g_return_if_fail (ack_tracker != NULL);

  if (ack_tracker->marks == NULL)
    ack_tracker->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  if (ack_tracker->marks->len >= AHOYD_ACK_TRACKER_MAX)
    g_array_index (ack_tracker->marks, Mark, ack_tracker->marks->len - 1) = mark;
  else
    g_array_append_val (ack_tracker->marks, mark);
}

guint64
ahoyd_ack_tracker_take (AhoydAckTracker *ack_tracker,
                        guint64          bytes)
{
  guint64 id = 0;
  guint   n = 0;

  g_return_val_if_fail (ack_tracker != NULL, 0);

  if (ack_tracker->marks == NULL)
    return 0;
  for (; n < ack_tracker->marks->len && g_array_index (ack_tracker->marks, Mark, n).bytes <= bytes; n++)
    id = g_array_index (ack_tracker->marks, Mark, n).id;
  if (n == ack_tracker->marks->len)
    ahoyd_ack_tracker_clear (ack_tracker);
  else
    g_array_remove_range (ack_tracker->marks, 0, n);
  return id;
}

gboolean
ahoyd_ack_tracker_waits (const AhoydAckTracker *ack_tracker)
{
  return ack_tracker->marks != NULL;
}

void
ahoyd_ack_tracker_clear (AhoydAckTracker *ack_tracker)
{
  g_return_if_fail (ack_tracker != NULL);

  g_clear_pointer (&ack_tracker->marks, g_array_unref);
}
