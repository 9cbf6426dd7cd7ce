/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* One live connection.
 *
 * In. All links on one poll read into one buffer, and frames are taken from it where they lie: while on_frame runs, they are views into it.
 * What remains at the end, an unfinished frame, moves to a buffer of the link's own ("rest") and is put in front of the next bytes. So a
 * link that is idle between frames owns no buffer. There is one read of at most AHOY_LINK_READ_BUDGET a turn; the poll is level-triggered
 * and brings what is left in the next one, after everybody else had theirs.
 *
 * Out. ahoy_link_send() queues a range of shared bytes and asks the poll for a flush: one gathered write a turn. Only when the kernel did not take
 * all of it is EPOLLOUT armed, and then nothing is tried until it fires.
 *
 *              close()                 queue written             peer closed, or too late
 *     OPEN ──────────────▶ DRAINING ──────────────────▶ LINGERING ───────────────────────▶ DOWN
 *       └───────────────────────────── abort(), ended ──────────────────────────────────────▲
 *
 * DRAINING and LINGERING read on and throw away: closing a descriptor with unread input resets the connection, and the peer would lose
 * what we said last. Such a link belongs to nobody but itself (a reference of its own) and to the poll's list of closing links. That list
 * is in order of deadlines, as all linger equally long, so one timer serves it.
 *
 * A write that fails does not end an open link at once: what the peer sent before it went is still to be read. Both sides of the socket are
 * shut, so reading comes to an end, and that ends the link.
 *
 * A link that does not read (paused, after a fault, after the peer's end while closing) is watched edge-triggered: a hang-up, which epoll
 * reports unasked, is then said once and not in every turn.
 *
 * TLS. A link that was accepted is undecided until the peer's first byte: it then stays plain or starts a handshake. In a handshake
 * ("shaking") the poll's events only drive that; what is sent waits. Handshakes are dear, so they share a small part of a turn
 * (AHOY_TLS_HANDSHAKE_BUDGET_MS): whoever comes later in it waits in a queue, unwatched, for its turn in one of the next. A thousand of
 * them that were left readable instead would cost the kernel and us a quarter of the time. A link that is closed meanwhile goes on with
 * what it was at, in order to say what is queued.
 *
 * Callbacks may do anything to their link, so each entry from the poll is a guarded section: memory goes when the last of them is left, and
 * after each callback the state is looked at again. */

#include "wire/ahoy-link.h"

#include <sys/socket.h>
#include <unistd.h>

#include "wire/ahoy-link-private.h"

AhoyLink *
ahoy_link_new_over (AhoyPoll             *poll,
                    const AhoyTransport  *transport,
                    const AhoyLinkEvents *events,
                    gpointer              data,
                    GError              **error)
{
  AhoyLink *self;
  socklen_t name_len;

  g_return_val_if_fail (poll != NULL && transport != NULL, NULL);
  g_return_val_if_fail (events != NULL && events->on_frame != NULL && events->on_fault != NULL && events->on_ended != NULL, NULL);

  self = g_new0 (AhoyLink, 1);
  self->ref_count = 1;
  self->watch.on_ready = ahoy_link_on_ready;
  self->watch.on_flush = ahoy_link_on_flush;
  self->transport = *transport;
  self->events = events;
  self->data = data;
  self->blocked = transport->ops->shake != NULL; /* who may speak first does it as soon as the descriptor is writable */
  self->reading = TRUE;
  self->last_heard = g_get_monotonic_time ();

  if (!ahoy_poll_add (poll, &self->watch, transport->fd, EPOLLIN | (self->blocked ? EPOLLOUT : 0), error))
    {
      ahoy_transport_close (&self->transport);
      g_free (self);
      return NULL;
    }
  self->shared = ahoy_link_shared_of (poll);
  if (transport->ops->shake != NULL)
    ahoy_link_start_shaking (self);

  name_len = sizeof self->peer_name;
  if (getpeername (transport->fd, &self->peer_name.any, &name_len) < 0 ||
      (self->peer_name.any.sa_family != AF_INET && self->peer_name.any.sa_family != AF_INET6))
    self->peer_name.any.sa_family = AF_UNSPEC;

  return self;
}

AhoyLink *
ahoy_link_new (AhoyPoll             *poll,
               int                   fd,
               const AhoyLinkEvents *events,
               gpointer              data,
               GError              **error)
{
  AhoyTransport transport;

  if (!ahoy_transport_init_plain (&transport, fd, error))
    {
      close (fd);
      return NULL;
    }
  return ahoy_link_new_over (poll, &transport, events, data, error);
}

AhoyLink *
ahoy_link_new_accepted (AhoyPoll             *poll,
                        int                   fd,
                        AhoyTls              *tls,
                        const AhoyLinkEvents *events,
                        gpointer              data,
                        GError              **error)
{
  AhoyLink *self;

  g_return_val_if_fail (tls != NULL, NULL);

  self = ahoy_link_new (poll, fd, events, data, error);
  if (self != NULL)
    self->tls = ahoy_tls_ref (tls);
  return self;
}

AhoyLink *
ahoy_link_new_secure (AhoyPoll             *poll,
                      int                   fd,
                      AhoyTls              *tls,
                      const AhoyLinkEvents *events,
                      gpointer              data,
                      GError              **error)
{
  AhoyTransport transport;

  g_return_val_if_fail (tls != NULL, NULL);

  if (!ahoy_transport_init_plain (&transport, fd, error) || !ahoy_transport_secure (&transport, tls, FALSE, error))
    {
      close (fd);
      return NULL;
    }
  return ahoy_link_new_over (poll, &transport, events, data, error);
}

AhoyLink *
ahoy_link_ref (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL && self->ref_count > 0, NULL);

  self->ref_count++;
  return self;
}

void
ahoy_link_unref (AhoyLink *self)
{
  g_return_if_fail (self != NULL && self->ref_count > 0);

  if (--self->ref_count > 0)
    return;

  ahoy_link_guard (self);
  if (self->state == AHOY_LINK_STATE_OPEN)
    ahoy_link_go_down (self);
  ahoy_link_unguard (self);
}

void
ahoy_link_send (AhoyLink *self,
                GBytes   *frame)
{
  AhoyRange all;

  g_return_if_fail (frame != NULL);

  all = ahoy_range_all (frame);
  ahoy_link_send_range (self, &all);
}

void
ahoy_link_send_range (AhoyLink        *self,
                      const AhoyRange *frame)
{
  g_return_if_fail (self != NULL && frame != NULL && frame->bytes != NULL);

  if (self->state != AHOY_LINK_STATE_OPEN || self->overflow || self->write_error != NULL || frame->size == 0)
    return;

  if (self->out.bytes + frame->size > AHOY_LINK_QUEUE_MAX)
    self->overflow = TRUE;
  else
    ahoy_out_queue_push (&self->out, frame);
  if (!self->blocked || self->overflow)
    ahoy_poll_want_flush (&self->watch);
}

/* Who was not read may have said something: a hello of TLS is never answered in clear. */
static gboolean
has_said_nothing (AhoyLink *self)
{
  guint8 first;

  return self->tls != NULL && ahoy_transport_peek_raw (&self->transport, &first, NULL) == AHOY_TRANSPORT_BLOCKED;
}

void
ahoy_link_close (AhoyLink *self)
{
  g_return_if_fail (self != NULL);

  if (self->state != AHOY_LINK_STATE_OPEN)
    return;
  if (self->overflow || self->write_error != NULL)
    {
      ahoy_link_go_down (self);
      return;
    }

  self->state = AHOY_LINK_STATE_DRAINING;
  self->events = NULL;
  self->data = NULL;
  ahoy_link_drop_rest (self);

  ahoy_link_ref (self);
  ahoy_deadline_unset (&self->deadline);
  ahoy_deadline_set (&self->deadline, &self->shared->closing, self);
  if (g_get_monotonic_time () - self->last_heard >= self->shared->silence && has_said_nothing (self))
    g_clear_pointer (&self->tls, ahoy_tls_unref);

  ahoy_poll_want_flush (&self->watch);
  ahoy_link_update_interest (self);
}

void
ahoy_link_close_then (AhoyLink      *self,
                      AhoyLinkClosed closed,
                      gpointer       data)
{
  g_return_if_fail (self != NULL);

  ahoy_link_close (self);
  if (self->state == AHOY_LINK_STATE_DOWN)
    {
      if (closed != NULL)
        closed (self, data);
      return;
    }
  self->closed = closed;
  self->data = data;
}

void
ahoy_link_abort (AhoyLink *self)
{
  g_return_if_fail (self != NULL);

  if (self->state == AHOY_LINK_STATE_OPEN)
    ahoy_link_go_down (self);
  else if (self->state != AHOY_LINK_STATE_DOWN)
    ahoy_link_finish_closing (self);
}

void
ahoy_link_set_events (AhoyLink             *self,
                      const AhoyLinkEvents *events,
                      gpointer              data)
{
  g_return_if_fail (self != NULL && self->state == AHOY_LINK_STATE_OPEN);
  g_return_if_fail (events != NULL && events->on_frame != NULL && events->on_fault != NULL && events->on_ended != NULL);

  self->events = events;
  self->data = data;
}

void
ahoy_link_set_reading (AhoyLink *self,
                       gboolean  reading)
{
  g_return_if_fail (self != NULL);

  if (self->state != AHOY_LINK_STATE_OPEN)
    return;
  self->reading = reading;
  if (self->rest_whole || self->transport.held)
    ahoy_poll_want_flush (&self->watch); /* nothing else may wake it */
  ahoy_link_update_interest (self);
}

void
ahoy_link_notify_drained (AhoyLink *self)
{
  g_return_if_fail (self != NULL);

  if (self->state != AHOY_LINK_STATE_OPEN)
    return;
  g_return_if_fail (self->events->on_drained != NULL);

  self->tell_drained = TRUE;
  if (ahoy_link_get_queued (self) <= AHOY_LINK_LOW_WATER)
    ahoy_poll_want_flush (&self->watch);
}

gboolean
ahoy_link_is_open (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->state == AHOY_LINK_STATE_OPEN;
}

gboolean
ahoy_link_is_shaking (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->shaking;
}

gboolean
ahoy_link_is_secure (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->secure;
}

const char *
ahoy_link_get_peer_fingerprint (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->peer_fingerprint;
}

gsize
ahoy_link_get_queued (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->out.bytes + self->transport.pending;
}

gint64
ahoy_link_get_last_heard (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_heard;
}

GSocketAddress *
ahoy_link_get_peer (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->peer == NULL && self->peer_name.any.sa_family != AF_UNSPEC)
    self->peer = g_socket_address_new_from_native (&self->peer_name, sizeof self->peer_name);
  return self->peer;
}

guint64
ahoy_link_get_bytes_in (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->bytes_in;
}

guint64
ahoy_link_get_bytes_sent (AhoyLink *self)
{
  g_return_val_if_fail (self != NULL, G_MAXUINT64);

  if (self->state != AHOY_LINK_STATE_OPEN || self->overflow || self->write_error != NULL)
    return G_MAXUINT64;
  return self->bytes_out + self->out.bytes;
}

guint64
ahoy_link_get_bytes_taken (AhoyLink *self,
                           gboolean *more)
{
  guint outstanding;

  g_return_val_if_fail (self != NULL && more != NULL, 0);

  outstanding = self->state != AHOY_LINK_STATE_DOWN ? ahoy_link_count_outstanding (self) : self->outstanding;
  *more = self->out.bytes > 0 || outstanding > 0;
  return self->bytes_out - MIN (self->bytes_out, outstanding);
}

guint
ahoy_link_n_closing (AhoyPoll *poll)
{
  AhoyLinkShared *shared;

  g_return_val_if_fail (poll != NULL, 0);

  shared = ahoy_poll_get_shared (poll);
  return shared != NULL ? ahoy_deadlines_count (&shared->closing) : 0;
}
