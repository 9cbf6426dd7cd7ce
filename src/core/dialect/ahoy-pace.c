/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How fast we write to an extended server, and how fast we read. */

#include "core/dialect/ahoy-pace.h"

/* Between two looks whether the disk has followed. */
#define PAUSE_MS 20

struct _AhoyPace {
  AhoySendWindow window;
  guint          window_id; /* for what the window waits for */
  guint          pause_id;  /* nothing is read until the disk has followed */

  /* Borrowed */
  const AhoyChatParts *chat;
  AhoySender          *sender;
};

AhoyPace *
ahoy_pace_new (const AhoyChatParts        *chat,
               const AhoySendWindowTiming *timing,
               AhoySender                 *sender)
{
  AhoyPace *self = g_new0 (AhoyPace, 1);

  self->chat = chat;
  self->sender = sender;
  ahoy_send_window_init (&self->window, timing);
  return self;
}

void
ahoy_pace_free (AhoyPace *self)
{
  g_clear_handle_id (&self->window_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_free (self);
}

static gboolean on_window (gpointer data);

/* Something has happened to the window. */
static void
follow_window (AhoyPace *self,
               gboolean  was_slowed)
{
  const gint64 deadline = ahoy_send_window_get_deadline (&self->window);

  g_clear_handle_id (&self->window_id, g_source_remove);
  if (deadline != 0)
    self->window_id = g_timeout_add (MAX (deadline - g_get_monotonic_time (), 0) / 1000 + 1, on_window, self);
  if (ahoy_send_window_is_slowed (&self->window) != was_slowed)
    g_object_notify (self->chat->chat, "slowed");
}

static gboolean
on_window (gpointer data)
{
  AhoyPace           *self = data;
  g_autoptr (GObject) held = g_object_ref (self->chat->chat);
  const gboolean      was_slowed = ahoy_send_window_is_slowed (&self->window);

  self->window_id = 0;
  ahoy_send_window_look (&self->window, g_get_monotonic_time (), ahoy_outbox_get_n_waiting (self->chat->outbox));
  follow_window (self, was_slowed);
  ahoy_sender_pump (self->sender);
  return G_SOURCE_REMOVE;
}

void
ahoy_pace_forget (AhoyPace *self)
{
  const gboolean was_slowed = ahoy_send_window_is_slowed (&self->window);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  ahoy_send_window_reset (&self->window);
  follow_window (self, was_slowed);
}

/* ---- To write ---- */

gboolean
ahoy_pace_may_write (AhoyPace *self)
{
  gsize       bytes;
  const guint n = ahoy_outbox_get_n_written (self->chat->outbox, &bytes);

  return ahoy_send_window_may_write (&self->window, n, bytes);
}

void
ahoy_pace_on_written (AhoyPace *self)
{
  ahoy_send_window_on_written (&self->window);
}

void
ahoy_pace_on_echoed (AhoyPace *self)
{
  ahoy_send_window_on_echoed (&self->window);
}

void
ahoy_pace_on_refused (AhoyPace *self)
{
  ahoy_send_window_on_refused (&self->window);
}

void
ahoy_pace_hold (AhoyPace    *self,
                AhoyMessage *message)
{
  if (!ahoy_outbox_again (self->chat->outbox, message)) /* an answer to what was written before that */
    return;
  ahoy_send_window_on_storage (&self->window, g_get_monotonic_time ());
  follow_window (self, ahoy_send_window_is_slowed (&self->window));
}

void
ahoy_pace_note_slow (AhoyPace *self,
                     guint     ms)
{
  const gboolean was_slowed = ahoy_send_window_is_slowed (&self->window);
  const guint    n_waiting = self->chat->session->state == AHOY_CLIENT_ONLINE ? ahoy_outbox_get_n_waiting (self->chat->outbox) : 0;

  ahoy_heartbeat_excuse (self->chat->session->heartbeat, ahoy_send_window_on_slow (&self->window, g_get_monotonic_time (), ms, n_waiting));
  follow_window (self, was_slowed);
}

gboolean
ahoy_pace_is_slowed (const AhoyPace *self)
{
  return ahoy_send_window_is_slowed (&self->window);
}

/* ---- To read ---- */

static gboolean
may_read (AhoyPace *self)
{
  return ahoy_send_window_may_read (&self->window, ahoy_archive_get_n_pending (self->chat->archive));
}

static gboolean
on_paused (gpointer data)
{
  AhoyPace *self = data;

  if (!may_read (self))
    return G_SOURCE_CONTINUE;
  self->pause_id = 0;
  ahoy_heartbeat_set_reading (self->chat->session->heartbeat, TRUE);
  return G_SOURCE_REMOVE;
}

void
ahoy_pace_keep (AhoyPace *self)
{
  if (self->pause_id != 0 || !ahoy_connection_is_open (self->chat->connection) || may_read (self))
    return;
  ahoy_heartbeat_set_reading (self->chat->session->heartbeat, FALSE);
  self->pause_id = g_timeout_add (PAUSE_MS, on_paused, self);
}
