/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How fast the client may write, and how fast it reads: its timers over AhoySendWindow. PROTOCOL.md, "E". */

#include "core/chat/ahoy-client-private.h"

/* Between two looks whether the disk has followed. */
#define PAUSE_MS 20

gboolean
ahoy_client_may_write (AhoyClient *self)
{
  gsize       bytes;
  const guint n = ahoy_outbox_get_n_written (self->outbox, &bytes);

  return ahoy_send_window_may_write (&self->window, n, bytes);
}

static gboolean on_window (gpointer data);

/* Something has happened to the window. */
static void
follow_window (AhoyClient *self,
               gboolean    was_slowed)
{
  const gint64 deadline = ahoy_send_window_get_deadline (&self->window);

  g_clear_handle_id (&self->window_id, g_source_remove);
  if (deadline != 0)
    self->window_id = g_timeout_add (MAX (deadline - g_get_monotonic_time (), 0) / 1000 + 1, on_window, self);
  if (ahoy_send_window_is_slowed (&self->window) != was_slowed)
    ahoy_client_notify_slowed (self);
}

static gboolean
on_window (gpointer data)
{
  g_autoptr (AhoyClient) self = g_object_ref (data);
  const gboolean         was_slowed = ahoy_send_window_is_slowed (&self->window);

  self->window_id = 0;
  ahoy_send_window_look (&self->window, g_get_monotonic_time (), ahoy_outbox_get_n_waiting (self->outbox));
  follow_window (self, was_slowed);
  ahoy_client_pump (self);
  return G_SOURCE_REMOVE;
}

void
ahoy_client_note_slow (AhoyClient *self,
                       guint       ms)
{
  const gboolean was_slowed = ahoy_send_window_is_slowed (&self->window);
  const guint    n_waiting = self->session->state == AHOY_CLIENT_ONLINE ? ahoy_outbox_get_n_waiting (self->outbox) : 0;

  ahoy_heartbeat_excuse (self->session->heartbeat, ahoy_send_window_on_slow (&self->window, g_get_monotonic_time (), ms, n_waiting));
  follow_window (self, was_slowed);
}

void
ahoy_client_hold (AhoyClient  *self,
                  AhoyMessage *message)
{
  if (!ahoy_outbox_again (self->outbox, message)) /* an answer to what was written before that */
    return;
  ahoy_send_window_on_storage (&self->window, g_get_monotonic_time ());
  follow_window (self, ahoy_send_window_is_slowed (&self->window));
}

void
ahoy_client_forget_pace (AhoyClient *self)
{
  const gboolean was_slowed = ahoy_send_window_is_slowed (&self->window);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  ahoy_send_window_reset (&self->window);
  follow_window (self, was_slowed);
}

/* ---- The disk ---- */

static gboolean
on_paused (gpointer data)
{
  AhoyClient *self = data;

  if (!ahoy_send_window_may_read (&self->window, ahoy_archive_get_n_pending (self->archive)))
    return G_SOURCE_CONTINUE;
  self->pause_id = 0;
  ahoy_heartbeat_set_reading (self->session->heartbeat, TRUE);
  return G_SOURCE_REMOVE;
}

void
ahoy_client_keep_pace (AhoyClient *self)
{
  if (self->pause_id != 0 || !ahoy_connection_is_open (self->connection) || ahoy_send_window_may_read (&self->window, ahoy_archive_get_n_pending (self->archive)))
    return;
  ahoy_heartbeat_set_reading (self->session->heartbeat, FALSE);
  self->pause_id = g_timeout_add (PAUSE_MS, on_paused, self);
}
