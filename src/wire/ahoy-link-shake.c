/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How a link comes to speak TLS. */

#include "wire/ahoy-link-private.h"

void
ahoy_link_on_shaking_passed (gpointer owner)
{
  AhoyLink          *self = owner;
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The TLS handshake took too long");

  ahoy_link_guard (self);
  ahoy_link_end (self, AHOY_LINK_END_CUT, error);
  ahoy_link_unguard (self);
}

void
ahoy_link_start_shaking (AhoyLink *self)
{
  self->shaking = TRUE;
  if (self->state == AHOY_LINK_STATE_OPEN)
    ahoy_deadline_set (&self->deadline, &self->shared->shaking, self);
}

static void
on_shaken (AhoyLink *self)
{
  self->shaking = FALSE;
  self->secure = TRUE;
  self->peer_fingerprint = g_steal_pointer (&self->transport.peer_fingerprint);
  self->last_heard = g_get_monotonic_time ();
  ahoy_poll_want_flush (&self->watch);
  if (self->state != AHOY_LINK_STATE_OPEN)
    return;
  ahoy_deadline_unset (&self->deadline);
  if (self->events->on_secured != NULL)
    self->events->on_secured (self, self->data);
}

/* Handshakes have only so much of each turn. */
static gboolean
is_time_left (AhoyLink *self)
{
  AhoyLinkShared *shared = self->shared;
  guint64         turn = ahoy_poll_get_turn (self->watch.poll);

  if (shared->shaken_turn != turn)
    {
      shared->shaken_turn = turn;
      shared->shaken_for = 0;
    }
  return shared->shaken_for < shared->shake_budget;
}

static void
shake_now (AhoyLink *self)
{
  AhoyLinkShared     *shared = self->shared;
  g_autoptr (GError)  error = NULL;
  gint64              begin = g_get_monotonic_time ();
  AhoyTransportResult result = self->transport.ops->shake (&self->transport, &error);

  shared->shaken_for += g_get_monotonic_time () - begin;

  self->blocked = self->transport.pending > 0;
  if (result == AHOY_TRANSPORT_DONE)
    on_shaken (self);
  else if (result != AHOY_TRANSPORT_BLOCKED)
    ahoy_link_end (self, AHOY_LINK_END_CUT, error);
}

void
ahoy_link_shake (AhoyLink *self)
{
  if (self->waits)
    return;
  if (self->shared->n_waiting == 0 && is_time_left (self))
    {
      shake_now (self);
      return;
    }
  self->waits = TRUE;
  self->shared->n_waiting++;
  ahoy_poll_want_flush (&self->watch);
}

void
ahoy_link_shake_after_waiting (AhoyLink *self)
{
  if (!is_time_left (self))
    {
      ahoy_poll_want_flush (&self->watch);
      return;
    }
  ahoy_link_stop_waiting (self);
  shake_now (self);
}

void
ahoy_link_stop_waiting (AhoyLink *self)
{
  if (self->waits)
    self->shared->n_waiting--;
  self->waits = FALSE;
}

void
ahoy_link_decide (AhoyLink *self)
{
  g_autoptr (GError)  error = NULL;
  g_autoptr (AhoyTls) tls = NULL;
  AhoyTransportResult result;
  guint8              first = 0;

  result = ahoy_transport_peek_raw (&self->transport, &first, &error);
  if (result == AHOY_TRANSPORT_BLOCKED)
    return;
  tls = g_steal_pointer (&self->tls);
  if (result == AHOY_TRANSPORT_DONE && first == AHOY_TLS_FIRST_BYTE)
    {
      if (ahoy_transport_secure (&self->transport, tls, TRUE, &error))
        ahoy_link_start_shaking (self);
      else
        ahoy_link_end (self, AHOY_LINK_END_CUT, error);
    }
  else if (self->out.bytes > 0)
    {
      ahoy_poll_want_flush (&self->watch);
    }
}
