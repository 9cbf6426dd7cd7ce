/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How much an extended server and our own disk take just now. */

#include "core/connection/ahoy-send-window.h"

/* Messages and bytes that may be on their way, unanswered: less than servers take at once, so that whatever else is said to them, a ping or who
 * writes, is heard soon; and more than any network keeps busy with. */
#define UNANSWERED_MAX 32
#define UNANSWERED_BYTES_MAX (64 * 1024)
/* A server that says that it takes a break for longer is not waited for. */
#define SLOW_MAX_MS 60000
/* Writes that the disk has not carried out: with more than the first nothing is read, with no more than the second it goes on. */
#define PENDING_MAX 2000
#define PENDING_LOW 500

void
ahoy_send_window_init (AhoySendWindow             *self,
                       const AhoySendWindowTiming *timing)
{
  *self = (AhoySendWindow){ .timing = timing };
}

void
ahoy_send_window_reset (AhoySendWindow *self)
{
  ahoy_send_window_init (self, self->timing);
}

gboolean
ahoy_send_window_may_write (const AhoySendWindow *self,
                            guint                 n,
                            gsize                 bytes)
{
  if (self->held_until != 0 || self->probing)
    return FALSE;
  return n == 0 || (n < UNANSWERED_MAX && bytes < UNANSWERED_BYTES_MAX);
}

void
ahoy_send_window_on_written (AhoySendWindow *self)
{
  self->probing = self->hold_ms != 0;
}

void
ahoy_send_window_on_echoed (AhoySendWindow *self)
{
  self->hold_ms = 0;
  self->probing = FALSE;
}

void
ahoy_send_window_on_refused (AhoySendWindow *self)
{
  self->probing = FALSE;
}

void
ahoy_send_window_on_storage (AhoySendWindow *self,
                             gint64          now)
{
  self->probing = FALSE;
  if (self->held_until != 0)
    return;
  self->hold_ms = self->hold_ms == 0 ? self->timing->storage : MIN (self->hold_ms * 2, self->timing->storage_max);
  self->held_until = now + ahoy_moment_us (self->hold_ms);
}

gint64
ahoy_send_window_on_slow (AhoySendWindow *self,
                          gint64          now,
                          guint           wait_ms,
                          guint           n_waiting)
{
  const gint64 until = now + ahoy_moment_us (MIN (wait_ms, SLOW_MAX_MS) + self->timing->slow);

  if (n_waiting > 0)
    self->slowed_until = until;
  return until;
}

void
ahoy_send_window_look (AhoySendWindow *self,
                       gint64          now,
                       guint           n_waiting)
{
  if (self->held_until != 0 && now >= self->held_until)
    self->held_until = 0;
  if (self->slowed_until == 0 || now < self->slowed_until)
    return;
  /* It is told once, and lasts as long as anything waits because of it. */
  if (n_waiting > 0 && self->hold_ms == 0)
    self->slowed_until = now + ahoy_moment_us (self->timing->slow);
  else
    self->slowed_until = 0;
}

gint64
ahoy_send_window_get_deadline (const AhoySendWindow *self)
{
  if (self->held_until == 0 || self->slowed_until == 0)
    return MAX (self->held_until, self->slowed_until);
  return MIN (self->held_until, self->slowed_until);
}

gboolean
ahoy_send_window_is_slowed (const AhoySendWindow *self)
{
  return self->slowed_until != 0;
}

gboolean
ahoy_send_window_may_read (AhoySendWindow *self,
                           guint           n_pending)
{
  self->deaf = n_pending > (self->deaf ? PENDING_LOW : PENDING_MAX);
  return !self->deaf;
}
