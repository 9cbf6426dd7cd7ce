/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Whether the server is still there, and how fast it may talk. PROTOCOL.md, "Keep-alive".
 *
 * A cable that was pulled says nothing. So whoever has heard nothing for a while asks, and a server that gives no sign at all is gone: what was typed
 * meanwhile waits for the next connection. After a suspend, and when the network changes, it is asked at once. */

#include "core/chat/ahoy-client-private.h"

/* Later than this after the last look, the computer was asleep, not busy. */
#define SLEPT_US G_USEC_PER_SEC
/* Calls that the history has not carried out: with more than the first nothing is read, with fewer than the second it goes on. */
#define PENDING_MAX 2000
#define PENDING_LOW 500
#define PAUSE_MS 20
/* Messages and bytes that may be on their way, unanswered: less than servers take at once, so that whatever else is said to them, a ping or who
 * writes, is heard soon; and more than any network keeps busy with. */
#define UNANSWERED_MAX 32
#define UNANSWERED_BYTES_MAX (64 * 1024)
/* A server that says that it takes a break for longer is not waited for. */
#define SLOW_MAX_MS 60000

static gint64
us (guint ms)
{
  return ms * G_GINT64_CONSTANT (1000);
}

void
ahoy_client_check_alive (AhoyClient *self)
{
  if (self->state != AHOY_CLIENT_ONLINE || !ahoy_client_is_extended (self) || self->pinged != 0)
    return;
  self->pinged = g_get_monotonic_time ();
  ahoy_client_send_packet (self, &(AhoyPacket){ .kind = AHOY_PACKET_PING, .n = ++self->ping_n });
}

static gboolean
on_watch (gpointer data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);
  const gint64           now = g_get_monotonic_time ();
  const gint64           heard = ahoy_link_get_last_heard (self->link);
  const gint64           slept = self->timings.asleep ();
  const gboolean         woke_up = slept - self->alive_asleep >= SLEPT_US;
  const gboolean         waits = self->written > heard && ahoy_outbox_get_n_waiting (self->outbox) > 0;

  self->alive_asleep = slept;
  if (now < self->slow_until)
    self->pinged = 0; /* it does not listen, and said so */
  if (self->pause_id != 0)
    { /* we are not listening */
      self->pinged = 0;
      return G_SOURCE_CONTINUE;
    }
  if (self->pinged != 0 && heard > self->pinged)
    self->pinged = 0;
  if (self->pinged == 0)
    ahoy_client_stop_tracking (self);
  else if (now - self->pinged >= us (self->timings.impatient) / 2) /* it may have moved, and nobody can tell us so there */
    ahoy_client_track (self);
  if (self->pinged != 0 && now - self->pinged >= us (self->timings.pong))
    {
      self->alive_id = 0;
      g_debug ("The server gives no sign");
      ahoy_client_lose (self);
      return G_SOURCE_REMOVE;
    }
  if (woke_up || now - heard >= us (self->timings.idle) || (waits && now - self->written >= us (self->timings.impatient)))
    ahoy_client_check_alive (self);
  return G_SOURCE_CONTINUE;
}

void
ahoy_client_watch_alive (AhoyClient *self,
                         gboolean    watch)
{
  g_clear_handle_id (&self->alive_id, g_source_remove);
  self->pinged = 0;
  self->written = 0;
  if (!watch || self->timings.watch == 0)
    return;
  self->alive_asleep = self->timings.asleep ();
  self->alive_id = g_timeout_add (self->timings.watch, on_watch, self);
}

/* ---- Its pace ---- */

gboolean
ahoy_client_may_write (AhoyClient *self)
{
  gsize       bytes;
  const guint n = ahoy_outbox_get_n_written (self->outbox, &bytes);

  return n == 0 || (n < UNANSWERED_MAX && bytes < UNANSWERED_BYTES_MAX);
}

/* It is told once, and lasts as long as anything waits because of it. */
static gboolean
on_slow (gpointer data)
{
  AhoyClient *self = data;

  self->slow_id = 0;
  if (ahoy_outbox_get_n_waiting (self->outbox) > 0 && self->hold_ms == 0)
    self->slow_id = g_timeout_add (self->timings.slow, on_slow, self);
  else
    ahoy_client_notify_slowed (self);
  return G_SOURCE_REMOVE;
}

void
ahoy_client_note_slow (AhoyClient *self,
                       guint       ms)
{
  const gboolean before = self->slow_id != 0;
  const guint    lasts = MIN (ms, SLOW_MAX_MS) + self->timings.slow;

  self->slow_until = g_get_monotonic_time () + us (lasts);
  if (self->state != AHOY_CLIENT_ONLINE || ahoy_outbox_get_n_waiting (self->outbox) == 0)
    return;
  g_clear_handle_id (&self->slow_id, g_source_remove);
  self->slow_id = g_timeout_add (lasts, on_slow, self);
  if (!before)
    ahoy_client_notify_slowed (self);
}

void
ahoy_client_forget_slow (AhoyClient *self)
{
  self->slow_until = 0;
  if (self->slow_id == 0)
    return;
  g_clear_handle_id (&self->slow_id, g_source_remove);
  ahoy_client_notify_slowed (self);
}

/* ---- The disk ---- */

static gboolean
on_paused (gpointer data)
{
  AhoyClient *self = data;

  if (ahoy_archive_get_n_pending (self->archive) > PENDING_LOW)
    return G_SOURCE_CONTINUE;
  self->pause_id = 0;
  ahoy_link_set_reading (self->link, TRUE);
  return G_SOURCE_REMOVE;
}

void
ahoy_client_keep_pace (AhoyClient *self)
{
  if (self->pause_id != 0 || !self->link || ahoy_archive_get_n_pending (self->archive) <= PENDING_MAX)
    return;
  ahoy_link_set_reading (self->link, FALSE);
  self->pause_id = g_timeout_add (PAUSE_MS, on_paused, self);
}
