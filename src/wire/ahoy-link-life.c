/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* How a link ends, and what it shares with the others on its poll. */

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include "wire/ahoy-link-private.h"

guint
ahoy_link_count_outstanding (AhoyLink *self)
{
  int unacknowledged = 0;

  if (ioctl (self->transport.fd, SIOCOUTQ, &unacknowledged) < 0)
    unacknowledged = 0;
  return (guint) self->transport.pending + (guint) MAX (unacknowledged, 0);
}

static void
on_linger_passed (gpointer owner)
{
  AhoyLink *self = owner;

  ahoy_link_guard (self);
  if (self->tls != NULL && self->out.bytes > 0)
    {
      g_clear_pointer (&self->tls, ahoy_tls_unref);
      ahoy_link_write_some (self); /* it never said in which way it wants to be told */
    }
  if (self->state != AHOY_LINK_STATE_DOWN)
    ahoy_link_finish_closing (self);
  ahoy_link_unguard (self);
}

static void
shared_free (gpointer data)
{
  AhoyLinkShared *shared = data;

  ahoy_deadlines_clear (&shared->closing);
  ahoy_deadlines_clear (&shared->shaking);
  g_free (shared);
}

AhoyLinkShared *
ahoy_link_shared_of (AhoyPoll *poll)
{
  AhoyLinkShared *shared = ahoy_poll_get_shared (poll);

  if (shared != NULL)
    return shared;

  shared = g_new0 (AhoyLinkShared, 1);
  shared->shake_budget = AHOY_TLS_HANDSHAKE_BUDGET_MS * G_TIME_SPAN_MILLISECOND;
  shared->silence = AHOY_TLS_SILENCE_MS * G_TIME_SPAN_MILLISECOND;
  ahoy_deadlines_init (&shared->closing, poll, AHOY_LINK_LINGER_MS, on_linger_passed);
  ahoy_deadlines_init (&shared->shaking, poll, AHOY_TLS_HANDSHAKE_MS, ahoy_link_on_shaking_passed);
  ahoy_poll_set_shared (poll, shared, shared_free);

  return shared;
}

void
ahoy_link_guard (AhoyLink *self)
{
  self->guards++;
}

void
ahoy_link_unguard (AhoyLink *self)
{
  if (--self->guards > 0 || self->ref_count > 0)
    return;

  g_clear_object (&self->peer);
  g_free (self->peer_fingerprint);
  g_clear_error (&self->write_error);
  g_free (self);
}

void
ahoy_link_drop_rest (AhoyLink *self)
{
  g_clear_pointer (&self->rest, g_free);
  self->rest_len = 0;
  self->rest_size = 0;
  self->rest_whole = FALSE;
}

void
ahoy_link_go_down (AhoyLink *self)
{
  self->outstanding = ahoy_link_count_outstanding (self);
  self->state = AHOY_LINK_STATE_DOWN;
  self->events = NULL;
  self->data = NULL;
  self->closed = NULL;
  self->shaking = FALSE;
  ahoy_link_stop_waiting (self);
  ahoy_deadline_unset (&self->deadline);
  ahoy_poll_remove (&self->watch); /* with it our hold on the poll and what it shares */
  self->shared = NULL;
  ahoy_transport_close (&self->transport);
  g_clear_pointer (&self->tls, ahoy_tls_unref);
  ahoy_out_queue_clear (&self->out);
  ahoy_link_drop_rest (self);
}

void
ahoy_link_finish_closing (AhoyLink *self)
{
  const AhoyLinkClosed closed = self->closed;
  const gpointer       data = self->data;

  g_assert (self->state == AHOY_LINK_STATE_DRAINING || self->state == AHOY_LINK_STATE_LINGERING);

  ahoy_link_go_down (self);
  if (closed != NULL)
    closed (self, data);
  ahoy_link_unref (self); /* its own reference */
}

void
ahoy_link_end (AhoyLink     *self,
               AhoyLinkEnd   how,
               const GError *error)
{
  const AhoyLinkEvents *events = self->events;
  gpointer              data = self->data;

  if (self->state != AHOY_LINK_STATE_OPEN)
    {
      ahoy_link_finish_closing (self);
      return;
    }
  ahoy_link_go_down (self);
  events->on_ended (self, how, error, data);
}

gboolean
ahoy_link_wants_input (AhoyLink *self)
{
  switch (self->state)
    {
    case AHOY_LINK_STATE_OPEN:
      return self->shaking || (self->reading && !self->faulty);
    case AHOY_LINK_STATE_DRAINING:
    case AHOY_LINK_STATE_LINGERING:
      return !self->peer_done;
    case AHOY_LINK_STATE_DOWN:
    default:
      return FALSE;
    }
}

void
ahoy_link_update_interest (AhoyLink *self)
{
  if (self->state != AHOY_LINK_STATE_DOWN)
    ahoy_poll_modify (&self->watch, (ahoy_link_wants_input (self) && !self->waits ? EPOLLIN : EPOLLET) | (self->blocked ? EPOLLOUT : 0));
}
