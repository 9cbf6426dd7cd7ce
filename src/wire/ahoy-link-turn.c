/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* What a link does when its poll calls: input, then output. */

#include <string.h>
#include <sys/socket.h>

#include "wire/ahoy-link-private.h"

/* Vectors in one write: what the kernel takes at most (UIO_MAXIOV). */
#define VECTORS_MAX 1024

#define REST_SIZE_MIN 64u

/* ---- In ---- */

static void
keep_rest (AhoyLink     *self,
           const guint8 *bytes,
           gsize         len)
{
  if (len == 0)
    {
      ahoy_link_drop_rest (self);
      return;
    }
  if (len > self->rest_size)
    {
      self->rest_size = REST_SIZE_MIN;
      while (self->rest_size < len)
        self->rest_size *= 2;
      g_free (self->rest);
      self->rest = g_malloc (self->rest_size);
    }
  memcpy (self->rest, bytes, len);
  self->rest_len = (guint) len;
}

/* Hands on the frames in rest and in the @n_new bytes that were read behind it into the scratch buffer. */
static void
take_frames (AhoyLink *self,
             gsize     n_new)
{
  guint8         *bytes = self->shared->scratch;
  gsize           len = self->rest_len + n_new;
  gsize           at = 0;
  AhoyFrameResult result = AHOY_FRAME_TAKEN;

  if (self->rest_len > 0)
    memcpy (bytes, self->rest, self->rest_len);

  while (at < len && result == AHOY_FRAME_TAKEN && self->state == AHOY_LINK_STATE_OPEN && self->reading)
    {
      AhoyFrame      frame;
      AhoyFrameFault fault;
      gsize          used;

      result = ahoy_frame_take (&self->scanner, bytes + at, len - at, &used, &frame, &fault);
      at += used;
      if (result == AHOY_FRAME_TAKEN)
        {
          self->events->on_frame (self, &frame, self->data);
        }
      else if (result == AHOY_FRAME_FAULTY)
        {
          self->faulty = TRUE;
          self->events->on_fault (self, fault, self->data);
        }
    }

  if (self->state != AHOY_LINK_STATE_OPEN || self->faulty)
    {
      ahoy_link_drop_rest (self);
      return;
    }
  keep_rest (self, bytes + at, len - at);
  self->rest_whole = result == AHOY_FRAME_TAKEN && at < len;
}

static void
on_peer_done (AhoyLink *self)
{
  g_autoptr (GError) error = NULL;

  self->peer_done = TRUE;
  if (self->state == AHOY_LINK_STATE_DRAINING)
    return; /* it may still be listening */

  if (self->write_error != NULL)
    error = g_steal_pointer (&self->write_error);
  else if (self->rest_len > 0)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The peer closed in the middle of a frame");
  ahoy_link_end (self, error != NULL ? AHOY_LINK_END_CUT : AHOY_LINK_END_PEER, error);
}

/* Throws away. */
static AhoyTransportResult
read_in_vain (AhoyLink *self,
              GError  **error)
{
  gsize n;

  return ahoy_transport_read_raw (&self->transport, self->shared->scratch, AHOY_LINK_READ_BUDGET, &n, error);
}

static AhoyTransportResult
read_frames (AhoyLink *self,
             GError  **error)
{
  gsize               n = 0;
  AhoyTransportResult result;

  result = self->transport.ops->read (&self->transport, self->shared->scratch + self->rest_len, AHOY_LINK_READ_BUDGET, &n, error);
  if (self->transport.pending > 0)
    self->blocked = TRUE; /* TLS had to answer */
  if (self->transport.held)
    ahoy_poll_want_flush (&self->watch); /* nothing else may wake it */
  if (result == AHOY_TRANSPORT_DONE)
    {
      self->bytes_in += n;
      self->last_heard = g_get_monotonic_time ();
      if (n > 0)
        take_frames (self, n);
    }
  return result;
}

static void
read_some (AhoyLink *self)
{
  g_autoptr (GError) error = NULL;

  if (self->rest_whole)
    {
      take_frames (self, 0); /* what was left when the owner stopped comes first; the socket is still readable in the next turn */
      return;
    }

  switch (self->state == AHOY_LINK_STATE_OPEN ? read_frames (self, &error) : read_in_vain (self, &error))
    {
    case AHOY_TRANSPORT_DONE:
    case AHOY_TRANSPORT_BLOCKED:
      break;
    case AHOY_TRANSPORT_CLOSED:
      on_peer_done (self);
      break;
    case AHOY_TRANSPORT_FAILED:
      ahoy_link_end (self, AHOY_LINK_END_CUT, self->write_error != NULL ? self->write_error : error);
      break;
    }
}

void
ahoy_link_on_ready (AhoyPollWatch *watch,
                    guint          events)
{
  AhoyLink *self = (AhoyLink *) watch;

  ahoy_link_guard (self);

  if (self->tls != NULL && ahoy_link_wants_input (self))
    ahoy_link_decide (self);

  if (self->shaking)
    {
      ahoy_link_shake (self);
      ahoy_link_update_interest (self);
    }
  else if (self->state != AHOY_LINK_STATE_DOWN)
    {
      if (events & EPOLLOUT)
        {
          self->blocked = FALSE;
          ahoy_poll_want_flush (&self->watch);
        }
      if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && ahoy_link_wants_input (self))
        read_some (self);
      if (!(events & EPOLLOUT))
        ahoy_link_update_interest (self); /* otherwise when the flush has shown whether the kernel is still full */
    }

  ahoy_link_unguard (self);
}

/* ---- Out ---- */

static void
on_write_failed (AhoyLink *self,
                 GError   *error)
{
  if (!ahoy_link_wants_input (self) || self->state != AHOY_LINK_STATE_OPEN)
    {
      ahoy_link_end (self, AHOY_LINK_END_CUT, error);
      g_error_free (error);
      return;
    }
  self->write_error = error;
  ahoy_out_queue_clear (&self->out);
  shutdown (self->transport.fd, SHUT_RDWR);
}

void
ahoy_link_write_some (AhoyLink *self)
{
  struct iovec        vectors[VECTORS_MAX];
  GError             *error = NULL;
  gsize               n = 0;
  guint               n_vectors = ahoy_out_queue_gather (&self->out, vectors, VECTORS_MAX);
  AhoyTransportResult result = self->transport.ops->write (&self->transport, vectors, n_vectors, &n, &error);

  switch (result)
    {
    case AHOY_TRANSPORT_DONE:
    case AHOY_TRANSPORT_BLOCKED:
      self->bytes_out += n;
      ahoy_out_queue_drop (&self->out, n);
      self->blocked = result == AHOY_TRANSPORT_BLOCKED;
      if (!self->blocked && self->out.bytes > 0)
        ahoy_poll_want_flush (&self->watch); /* more than one write takes: the rest when it is everybody's turn again */
      break;
    case AHOY_TRANSPORT_FAILED:
      on_write_failed (self, error);
      break;
    case AHOY_TRANSPORT_CLOSED: /* only reading says so */
    default:
      g_assert_not_reached ();
    }
}

static gboolean
may_write (AhoyLink *self)
{
  return ahoy_link_get_queued (self) > 0 && !self->blocked && !self->shaking && self->tls == NULL && self->write_error == NULL;
}

/* All that was to be said has been: says that too. */
static void
finish_writing (AhoyLink *self)
{
  if (self->transport.ops->shut_down (&self->transport) == AHOY_TRANSPORT_BLOCKED)
    {
      self->blocked = TRUE;
      return;
    }
  self->state = AHOY_LINK_STATE_LINGERING;
  self->shaking = FALSE;
  ahoy_link_stop_waiting (self);
  g_clear_pointer (&self->tls, ahoy_tls_unref);
  if (self->peer_done)
    ahoy_link_finish_closing (self);
}

void
ahoy_link_on_flush (AhoyPollWatch *watch)
{
  AhoyLink *self = (AhoyLink *) watch;

  ahoy_link_guard (self);

  if (self->waits)
    ahoy_link_shake_after_waiting (self);
  if (self->rest_whole && ahoy_link_wants_input (self))
    take_frames (self, 0);
  if (self->overflow && self->state == AHOY_LINK_STATE_OPEN)
    ahoy_link_end (self, AHOY_LINK_END_OVERFLOW, NULL);
  else if (may_write (self))
    ahoy_link_write_some (self);
  if (self->transport.held && !self->rest_whole && self->state == AHOY_LINK_STATE_OPEN && ahoy_link_wants_input (self))
    read_some (self);

  if (self->tell_drained && self->state == AHOY_LINK_STATE_OPEN && ahoy_link_get_queued (self) <= AHOY_LINK_LOW_WATER)
    {
      self->tell_drained = FALSE;
      self->events->on_drained (self, self->data);
    }
  if (self->state == AHOY_LINK_STATE_DRAINING && self->out.bytes == 0 && !self->blocked)
    finish_writing (self);
  ahoy_link_update_interest (self);

  ahoy_link_unguard (self);
}
